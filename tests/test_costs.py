"""What a change costs: an edition two records, a rule one entry, a format two.

A layer of a kind of its own is in `test_fifth_kind`; a colour in `tests/maps/look/test_palette.py`;
a sentence is one function of `maps/words`, and the table of its test.
"""

from __future__ import annotations

import pandas as pd
import pytest

from geo.space import rules
from layers import catalogue, layer
from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.files import Files
from layers.findings.pockets import Choice
from maps.files import downloads
from maps.page.borough import borough_page
from maps.print.maps import pockets_sheet
from maps.site import download_page
from maps.site.index import index_page
from maps.words.methods_in_brief import methods_in_brief

NEXT_SOURCE = """
[sample_imd_next]
like = "sample_imd"
title = "Fictional sample: Indices of Deprivation, next edition"
edition = "Next"
"""
NEXT_EDITION = """
[next]
like = "sample"
title = "The next edition of the fictional sample"

[next.sources]
"""


@pytest.fixture
def forgotten():
    """Have the records read anew in a test, and after it."""
    for kept in (layer.editions, catalogue.catalogue):
        kept.cache_clear()
    yield
    for kept in (layer.editions, catalogue.catalogue):
        kept.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_an_edition_is_a_record_and_that_of_what_is_new_in_it(files, tmp_path, monkeypatch):
    roles = layer.edition("sample").sources | {"imd": "sample_imd_next"}
    listed = "".join(f'{role} = "{source}"\n' for role, source in roles.items())
    records = layer.EDITIONS_FILE.read_text(encoding="utf-8") + NEXT_EDITION + listed
    (tmp_path / "editions.toml").write_text(records, encoding="utf-8")
    (tmp_path / "sources.toml").write_text(NEXT_SOURCE, encoding="utf-8")
    monkeypatch.setattr(layer, "EDITIONS_FILE", tmp_path / "editions.toml")
    known = (*catalogue.RECORD_FILES, tmp_path / "sources.toml")
    monkeypatch.setattr(catalogue, "RECORD_FILES", known)
    layer.editions.cache_clear()
    catalogue.catalogue.cache_clear()
    following = layer.edition("next")
    own = Files(edition=following, cache=files.cache, mirror=files.mirror, offline=True)
    country = Country(files=own)
    sample = Country(files=files)
    pd.testing.assert_frame_equal(country.tables.lsoa, sample.tables.lsoa)
    assert [source.edition for source in country.sources["imd_2019"]] == ["Next"]
    assert [source.edition for source in sample.sources["imd_2019"]] == ["Sample"]
    borough = assemble(country, country.ground.districts.index[0], place="the sample")
    assert "The next edition of the fictional sample" in borough_page(borough)


def test_a_rule_is_one_entry_with_its_words(files, monkeypatch):
    deepest = rules.Rule(
        column="decile",
        holds=lambda deciles, _: deciles.astype("float64") == 1,
        words="in the very deepest tenth of {whole}",
    )
    monkeypatch.setitem(rules.RULES, "deepest", deepest)
    country = Country(files=files, choice=Choice(rule="deepest"))
    first = assemble(country, "E08900001", place="all")
    inside = first.lsoa["pocket_id"] != ""
    assert inside.sum() >= 4
    assert set(first.lsoa.loc[inside, "imd_2019_decile"]) == {1}
    said = "in the very deepest tenth of the sample"
    sheet = pockets_sheet(first)
    for text in (
        borough_page(first),
        index_page([first], {first.code: first.code}),
        " ".join(words for _, words in methods_in_brief(first)),
        " ".join(text.get_text() for text in sheet.findobj(match=_is_text)).replace("\n", " "),
    ):
        assert said in text
        assert "in the most deprived two tenths" not in text


def _is_text(artist):
    return hasattr(artist, "get_text")


def test_a_format_is_one_writer_and_one_line_of_what_is_led_to(
    invented_borough, tmp_path, monkeypatch
):
    def write_json_lines(table, path):
        table.drop(columns="geometry").to_json(path, orient="records", lines=True)
        return path

    boroughs = [invented_borough]
    monkeypatch.setitem(downloads.FORMATS, ".jsonl", write_json_lines)
    lines = {"neighbourhoods.jsonl": "Neighbourhoods: a line each"}
    monkeypatch.setitem(download_page.FILES_EXPLAINED, "For a stream", ("By lines.", lines))
    written = downloads.write_tables(
        downloads.collected(boroughs), tmp_path / "data", downloads.publication_of(boroughs)
    )
    names = {path.name for path in written}
    assert {f"{name}.jsonl" for name in downloads.SAVED_TABLES} <= names
    read = pd.read_json(tmp_path / "data" / "neighbourhoods.jsonl", lines=True)
    assert read["area_name"].to_list() == invented_borough.lsoa["area_name"].to_list()
    page = download_page.download_page(boroughs, download_page.sizes_of(tmp_path))
    assert 'href="../data/neighbourhoods.jsonl"' in page
    assert "Neighbourhoods: a line each" in page
