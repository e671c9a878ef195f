"""A fifth kind of layer: what a contributor writes, and that it is then everywhere.

Three things are written and nothing else is touched: the kind's module with its record (here,
`read` and `GARDENS`), the record of its source, and the entry of its layer in one edition.
"""

from __future__ import annotations

import os
import shutil

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from geo.tables.read import read_table
from layers import catalogue, layer
from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.files import Files
from layers.kinds import registry
from layers.kinds.kind import Counts, Kind
from layers.kinds.reading import LayerValues
from layers.table.dictionary import dictionary
from maps.files.downloads import collected, column_names, publication_of, published
from maps.files.spreadsheet import headings
from maps.page.borough_data import Links, page_data
from maps.print.maps import layer_sheet
from maps.profiles.context import context_of
from maps.profiles.context import peers_of as neighbours_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile
from maps.region.page import region_page
from maps.site.about import About, about_pages
from maps.site.index import index_page
from maps.words.methods_in_brief import methods_in_brief

ID, VALUE = "gardens_2020", "gardens_2020_pct"


# The kind: its module and its record.


def read(files, ground):
    """Read homes, and those without a garden, for every LSOA."""
    (own,) = files.edition.of_kind("gardens")
    table = read_table(files.path("gardens"), files.source("gardens"), "main")
    counts = table[["homes", "without_garden"]].rename(columns=own.column)
    share = 100 * table["without_garden"] / table["homes"]
    values = counts.assign(**{own.value: share}).reindex(ground.lookup.index)
    return LayerValues(values=values, used=("gardens",), notes=("Flats share their gardens.",))


GARDENS = Kind(
    name="gardens",
    title="Gardens",
    anchor="gardens",
    read=read,
    counts=Counts(over="without_garden", under="homes", scale=100),
    whole=("without_garden", "homes"),
    made="Homes without a garden / homes × 100; larger areas from the sums of both",
    brief="Homes without a garden of their own, as a share of all homes.",
    methods=("Homes without a garden / homes. <strong>It cannot say</strong> who has a park.",),
    columns={
        "homes": {"title": "{short}: all homes", "unit": "homes", "made": "As published"},
        "without_garden": {
            "title": "{short}: homes without one",
            "unit": "homes",
            "direction": "high is worse",
            "made": "As published",
        },
    },
)

# The record of its source.
SOURCE = """
[sample_gardens]
like = "sample"
title = "Fictional sample: homes without a garden"
period = "2020"
geography = "LSOA"
vintage = 2011
unit = "% of homes"
direction = "high is worse"
path = "gardens/sample_gardens.csv"
format = "csv"

[sample_gardens.tables.main]
key = "LSOA"
rows = 230
numbers = { homes = "Homes", without_garden = "Without a garden" }
counts = ["homes", "without_garden"]
"""

# The entry of its layer, in the sample alone.
ROLE = 'gardens = "sample_gardens"\n'
LAYER = """
[[sample.more_layers]]
id = "gardens_2020"
kind = "gardens"
title = "Homes without a garden"
short = "Without a garden"
question = "Where have fewest homes a garden?"
explanation = "Share of homes that have no garden of their own."
value = "{id}_pct"
unit = "%"
decimals = 1
geography = "LSOA"
period = "2020"
source = "sample_gardens"
caveat = "A garden may be shared."
"""


@pytest.fixture(scope="module")
def known(files, tmp_path_factory):
    """Open the sample with the fifth kind, registered as a contributor would."""
    folder = tmp_path_factory.mktemp("fifth")
    (folder / "sources.toml").write_text(SOURCE, encoding="utf-8")
    text = layer.EDITIONS_FILE.read_text(encoding="utf-8")
    text = text.replace("[sample.sources]\n", f"[sample.sources]\n{ROLE}") + LAYER
    (folder / "editions.toml").write_text(text, encoding="utf-8")
    mirror = shutil.copytree(files.mirror, folder / "mirror", copy_function=os.link)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layer, "EDITIONS_FILE", folder / "editions.toml")
        patch.setattr(catalogue, "RECORD_FILES", (*catalogue.RECORD_FILES, folder / "sources.toml"))
        patch.setitem(registry.KINDS, "gardens", GARDENS)
        forget()
        write_homes(mirror / "gardens", Country(files=files).ground.lookup.index)
        edition = layer.edition("sample")
        yield Country(files=Files(edition=edition, cache=files.cache, mirror=mirror, offline=True))
    forget()


def forget():
    """Read the records anew."""
    layer.editions.cache_clear()
    catalogue.catalogue.cache_clear()


def write_homes(folder, codes):
    random = np.random.default_rng(5)
    homes = random.integers(400, 900, len(codes))
    without = (homes * np.linspace(0.6, 0.05, len(codes))).astype(int)
    folder.mkdir()
    pd.DataFrame({"LSOA": codes, "Homes": homes, "Without a garden": without}).to_csv(
        folder / "sample_gardens.csv", index=False
    )


@pytest.fixture(scope="module")
def boroughs(known):
    return [assemble(known, code, place="the sample") for code in known.ground.districts.index]


@pytest.fixture(scope="module")
def first(boroughs):
    return boroughs[0]


def test_only_the_edition_that_names_it_has_the_layer(known):
    assert known.edition.layers[-1].id == ID
    assert ID not in [each.id for each in layer.edition("2019").layers]


def test_it_is_summed_up_by_homes_at_every_level(known):
    lsoa, homes, without = known.tables.lsoa, f"{ID}_homes", f"{ID}_without_garden"
    for by, table in (("msoa_code", known.tables.msoa), ("lad_code", known.tables.districts)):
        sums = lsoa.groupby(by)[[homes, without]].sum()
        pd.testing.assert_series_equal(
            table[VALUE].sort_index(), 100 * sums[without] / sums[homes], check_names=False
        )
        assert table[f"{ID}_rank_england"].notna().all()
    assert known.england[ID] == pytest.approx(100 * lsoa[without].sum() / lsoa[homes].sum())


def test_it_is_tested_and_compared_as_every_layer(first):
    own = first.lsoa[first.lsoa["pocket_id"] == first.pockets.index[0]]
    pooled = 100 * own[f"{ID}_without_garden"].sum() / own[f"{ID}_homes"].sum()
    assert first.pockets[VALUE].iloc[0] == pytest.approx(pooled)
    assert f"{ID}_cluster_england" in first.lsoa
    assert first.gradients.loc[ID, "slope_lower"] < first.gradients.loc[ID, "slope_upper"]


def test_it_is_on_the_boroughs_page(first):
    (shown,) = [each for each in page_data(first, links=Links())["layers"] if each["id"] == ID]
    assert shown["title"] == "Homes without a garden"
    assert shown["area"]["value"] == first.lsoa[VALUE].round(1).tolist()
    assert shown["pocket"]["value"] == first.pockets.sort_values("number")[VALUE].round(1).tolist()
    assert shown["england"] == round(first.england[ID], 1)
    assert [source["title"] for source in shown["sources"]] == [
        "Fictional sample: homes without a garden"
    ]
    assert shown["notes"] == ["Flats share their gardens."]


def test_it_is_on_the_printed_map(first):
    figure = layer_sheet(first, first.edition.layer(ID))
    assert "Homes without a garden" in " ".join(text.get_text() for text in figure.findobj(Text))


def test_it_is_on_every_profile(boroughs, first):
    context = context_of(first, neighbours_of(boroughs))
    code, pocket = first.msoa.index[0], first.pockets.index[0]
    pages = {
        first.msoa.loc[code, VALUE]: msoa_profile(context, code),
        first.pockets.loc[pocket, VALUE]: pocket_profile(context, pocket),
        first.district[VALUE]: borough_profile(context),
    }
    for value, page in pages.items():
        assert "Homes without a garden" in page
        assert f"{value:.1f}%" in page
        assert "A garden may be shared." in page


def test_it_is_on_the_index_and_the_page_that_compares(boroughs):
    folders = {borough.code: borough.name.lower() for borough in boroughs}
    index, region = index_page(boroughs, folders), region_page(boroughs, folders)
    assert "Without a garden" in index
    assert all(f"{borough.district[VALUE]:.1f}%" in index for borough in boroughs)
    assert "Homes without a garden" in region
    assert "A garden may be shared." in region


def test_its_methods_are_explained(known, first):
    assert ("Gardens", GARDENS.brief) in methods_in_brief(first)
    sources = [source for used in known.sources.values() for source in used]
    page = about_pages(About(edition=known.edition, place="the sample", sources=sources))
    assert '<h2 id="gardens">Gardens</h2><p>Homes without a garden / homes.' in page["methods"]
    assert "Fictional sample: homes without a garden" in page["sources"]


def test_it_is_in_the_files_with_its_meaning(boroughs, known):
    tables = collected(boroughs)
    broken = tables["neighbourhoods"].astype({f"{ID}_homes": "float64"})
    assert str(published(broken)[f"{ID}_homes"].dtype) == "Int64"
    words = dictionary(known.edition, column_names(tables), boroughs[0].sources)
    assert words.loc[f"{ID}_homes", "title"] == "Without a garden: all homes"
    assert headings([f"{ID}_homes"], words) == {f"{ID}_homes": "Without a garden: all homes, homes"}
    assert words.loc[VALUE, "made"] == GARDENS.made
    assert words.loc[f"{ID}_rank_borough", "title"] == (
        "Homes without a garden: rank within the borough"
    )
    assert words.loc[VALUE, "source"].endswith(": Fictional sample: homes without a garden")
    assert ID in set(publication_of(boroughs).beside["gradients"]["layer"])
