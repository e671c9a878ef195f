"""Every record of a source is a test: complete, consistent, and true of the file it describes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pyogrio
import pytest

from geo.files.file_kinds import require_format
from geo.files.hashes import file_hash
from geo.sources import Source, TableSpec
from geo.tables.headings import columns_of
from geo.tables.layouts import layout_of
from geo.tables.read import read_rows, read_table
from layers.catalogue import catalogue
from layers.layer import editions

CATALOGUE = catalogue()
OFFICIAL = {key: source for key, source in CATALOGUE.items() if source.address.kind != "made"}
FORMS = {
    f"{key} {form.layout}".rstrip(): form
    for key, source in CATALOGUE.items()
    for form in source.accepted
}
"""Every record in each of its accepted layouts, its own by its id alone."""
NOT_IN_THE_MIRROR = {
    "fuel_poverty_2024",
    "postcodes_2026",
    *(key for key in OFFICIAL if key.startswith("pcm_")),
}
MANY = {"postcodes_2026": None, "code_point_open": 1_489_907}
"""The tables whose rows no record promises, with how many the mirror's file has, if it is there."""
WITH_BLANKS = {*MANY, "imd_2025_indicators"}
"""The records of whose values the mirror's files leave some blank, where `missing` allows it."""
BARE = {("imd_2019", "main"), ("imd_2025", "main"), ("imd_2025_indicators", "living_environment")}
"""The tables of which the mirror's files lack what may be lacking."""
TABLES = [(key, name) for key, source in OFFICIAL.items() for name in source.tables]
IN_THE_MIRROR = [(key, name) for key, name in TABLES if key not in NOT_IN_THE_MIRROR]
SHEETS = [(key, name) for key, source in OFFICIAL.items() for name in source.sheets]
VECTORS = [key for key, source in OFFICIAL.items() if source.vector is not None]
GRIDS = [key for key, source in CATALOGUE.items() if source.grid is not None]
HASHED = [key for key, source in OFFICIAL.items() if source.sha256 is not None]
LICENCES = ("Open Government Licence v3.0", "Open Parliament Licence v3.0", "CC0 1.0")
FORMATS = {
    "csv": {".csv", ".zip"},
    "grid": {".csv"},
    "xlsx": {".xlsx"},
    "parquet": {".parquet"},
    "vector": {".gpkg", ".geojson"},
}

EXPECTED = {
    "lsoa_2011_boundaries",
    "lsoa_2021_boundaries",
    "msoa_2011_boundaries",
    "msoa_2021_boundaries",
    "lsoa_2011_to_2021",
    "ward_2019_lookup",
    "ward_2024_lookup",
    "msoa_2011_names",
    "msoa_2021_names",
    "postcodes_2022",
    "imd_2015",
    "postcodes_2026",
    "code_point_open",
    "imd_2019",
    "imd_2025",
    "imd_2025_indicators",
    *(f"fuel_poverty_{year}" for year in range(2011, 2025)),
    "air_quality_2021_23",
    "nox_2013_london",
    *(f"pcm_{pollutant}_{year}" for pollutant in ("pm25", "no2") for year in (2021, 2022, 2023)),
    "covid_deaths_2020_21",
    "covid_deaths_december_2020",
    "weekly_deaths_2020",
    "weekly_deaths_2021",
    "msoa_population_2019",
}


def test_the_catalogue_holds_every_source():
    assert set(OFFICIAL) == EXPECTED


def test_every_role_of_every_edition_has_a_record():
    named = {source for edition in editions().values() for source in edition.sources.values()}
    named |= {
        source
        for edition in editions().values()
        for ids in edition.alternatives.values()
        for source in ids
    }
    assert named <= set(CATALOGUE)


def test_no_two_official_records_share_a_file():
    paths = [path for source in OFFICIAL.values() for path in source.paths]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("key", FORMS)
def test_a_record_says_everything(key):
    source = FORMS[key]
    for part in ("title", "publisher", "edition", "period", "geography", "unit"):
        assert getattr(source, part).strip(), part
    assert source.attribution.strip()
    assert source.coverage
    assert all(re.fullmatch(r"[EWK]\d\d\d?", prefix) for prefix in source.coverage)
    packed = {".zip"} if any(table.member for table in source.tables.values()) else set()
    assert Path(source.path).suffix in FORMATS[source.format] | packed
    assert not Path(source.path).is_absolute()
    assert ".." not in Path(source.path).parts
    assert source.vintage in (None, 2001, 2011, 2021)
    assert (source.sha256 is None) or re.fullmatch(r"[0-9a-f]{64}", source.sha256)


def promised(table: TableSpec) -> list[object]:
    told = ("rows", "counts", "ranges", "totals", "totals_over", "sums", "scale")
    return [[*table.text, *table.numbers], *(getattr(table, part) for part in told)]


LAYOUTS = [key for key, source in CATALOGUE.items() if source.layouts]


@pytest.mark.parametrize("key", LAYOUTS)
def test_every_layout_holds_the_same_under_other_names(key):
    source = CATALOGUE[key]
    names = [form.layout for form in source.accepted]
    assert names[0] == ""
    assert len(set(names)) == len(names)
    for form in source.layouts:
        assert form.note != source.note, "a layout says what it is"
        assert (form.id, form.coverage, form.vintage) == (key, source.coverage, source.vintage)
        assert form.tables.keys() == source.tables.keys()
        for name, table in source.tables.items():
            other = form.tables[name]
            assert [*other.text, *other.numbers] == [*table.text, *table.numbers]
            told = ("rows", "counts", "ranges", "totals", "totals_over", "sums", "scale")
            assert [getattr(other, part) for part in told] == [
                getattr(table, part) for part in told
            ]


@pytest.mark.parametrize("key", LAYOUTS)
def test_no_file_fits_two_layouts(key):
    told = [
        (form.format, {name: (t.sheet, columns_of(t)) for name, t in form.tables.items()})
        for form in CATALOGUE[key].accepted
    ]
    for place, (kind, tables) in enumerate(told):
        for other_kind, others in told[:place]:
            assert kind != other_kind or any(tables[name] != others[name] for name in tables)


def test_a_newer_edition_is_of_the_same_thing():
    newer = {key: s.superseded_by for key, s in CATALOGUE.items() if s.superseded_by}
    assert newer.keys() >= {"imd_2019", *(f"fuel_poverty_{year}" for year in range(2011, 2024))}
    for key, other in newer.items():
        old, new = CATALOGUE[key], CATALOGUE[other]
        assert old.publisher.split()[0] in {"Department", new.publisher.split()[0]}
        assert old.edition != new.edition
        assert (old.geography, old.coverage, old.unit) == (new.geography, new.coverage, new.unit)


@pytest.mark.parametrize("key", OFFICIAL)
def test_an_official_record_leads_to_its_publisher(key):
    source = OFFICIAL[key]
    assert source.page.startswith("https://")
    assert any(licence in source.licence for licence in LICENCES)


HOSTS = {
    "assets.publishing.service.gov.uk": {"file"},
    "www.gov.uk": {"file"},
    "services1.arcgis.com": {"feature-layer", "feature-table"},
    "www.arcgis.com": {"file"},
    "www.ons.gov.uk": {"file", "zip-member"},
    "raw.githubusercontent.com": {"file"},
    "houseofcommonslibrary.github.io": {"file"},
    "uk-air.defra.gov.uk": {"file"},
    "api.os.uk": {"file"},
}
"""The hosts of addresses, and what kinds of address they have."""
PACKED = {"www.arcgis.com", "api.os.uk"}
"""The hosts whose files are archives, whatever their addresses end with."""
ONLY_ON_A_PAGE = {"fuel_poverty_2015", "fuel_poverty_2022", "fuel_poverty_2023"}


@pytest.mark.parametrize("key", OFFICIAL)
def test_an_address_is_of_a_known_form(key):
    address = OFFICIAL[key].address
    for url in (address.url, *address.also) if address.url else ():
        parts = urlsplit(url)
        assert parts.scheme == "https"
        assert address.kind in HOSTS[parts.netloc]
        assert not parts.username
        assert not parts.fragment
    assert (address.kind == "govuk") == (key in ONLY_ON_A_PAGE)
    assert address.kind != "page"
    assert address.grade
    if address.kind.startswith("feature"):
        assert re.search(
            r"/ESMARspQHYMw9BZ9/arcgis/rest/services/\w+/FeatureServer/0$", address.url
        )
        assert address.title
        assert not re.search(r"\(V ?\d+\)", address.title)
    if address.slug:
        assert re.fullmatch(r"government/statistics/[a-z0-9-]+", address.slug)
        assert Path(address.attachment).suffix in {".csv", ".xlsx"}
    if address.kind == "file" and urlsplit(address.url).netloc not in PACKED:
        assert Path(urlsplit(address.url).query or address.url).suffix in {".csv", ".xlsx"}


def test_no_two_records_lead_to_one_address():
    known = [
        url
        for source in OFFICIAL.values()
        for url in (source.address.url, *source.address.also)
        if url
    ]
    assert len(known) == len(set(known))


def test_a_hash_refuses_only_where_others_have_the_same_bytes():
    confirmed = {key for key, source in OFFICIAL.items() if source.confirmed}
    assert confirmed == {"air_quality_2021_23", "covid_deaths_2020_21"}


@pytest.mark.parametrize("key", OFFICIAL)
def test_attribution_names_who_must_be_named(key):
    source = OFFICIAL[key]
    said = source.attribution
    if source.publisher.startswith("Office for National Statistics"):
        assert "Source: Office for National Statistics licensed under the Open Government" in said
    if "Crown copyright and database right" in said:
        assert re.search(r"Contains OS data © Crown copyright and database right 20\d\d\.", said)
    if source.format == "vector" or source.geography == "Postcode":
        assert "Contains OS data" in said
    if source.geography == "Postcode":
        assert re.search(
            r"Contains Royal Mail data © Royal Mail copyright and database right 20\d\d\.", said
        )
    if source.grid is not None or key.startswith("air_quality"):
        assert "Defra" in said
    if "names" in key:
        assert "House of Commons Library" in said


@pytest.mark.parametrize(("key", "name"), TABLES)
def test_a_table_promises_its_rows(key, name):
    spec = OFFICIAL[key].tables[name]
    assert (spec.rows is None) == (key in MANY)
    assert spec.rows is None or spec.rows > 300
    assert {*spec.text, *spec.numbers}


@pytest.mark.parametrize("key", GRIDS)
def test_a_grid_is_in_metres_of_the_national_grid(key):
    source = CATALOGUE[key]
    assert source.crs == "EPSG:27700"
    assert source.unit == "µg/m³"
    assert source.grid.cell_m == 1000


@pytest.mark.parametrize("key", GRIDS)
def test_a_grid_promises_more_cells_than_any_part_of_it_has(key):
    """Of the publisher's about 254,905 nearly all; the sample has 33 × 30, London 1,577."""
    fewest = {"sample_pcm": 33 * 30, "pcm": 250_000, "nox_2013": 1_577}
    (expected,) = (count for name, count in fewest.items() if key.startswith(f"{name}_"))
    assert CATALOGUE[key].grid.fewest_cells == expected


@pytest.mark.parametrize(
    ("key", "value"), [("pcm_pm25_2022", "pm252022g"), ("pcm_no2_2022", "no22022")]
)
def test_the_publishers_grids_stand_below_five_lines(key, value):
    grid = CATALOGUE[key].grid
    assert (grid.header_lines, grid.value, grid.missing) == (5, value, "MISSING")
    assert CATALOGUE[key].address.url.endswith(f"/map{value}.csv")


def in_mirror(mirror: Path, source: Source) -> Path:
    return next(mirror / path for path in source.paths if (mirror / path).is_file())


@pytest.mark.real
@pytest.mark.parametrize("key", sorted(set(OFFICIAL) - NOT_IN_THE_MIRROR))
def test_the_mirror_has_the_file_in_its_format(official_mirror, key):
    require_format(in_mirror(official_mirror, OFFICIAL[key]), OFFICIAL[key])


@pytest.mark.real
@pytest.mark.parametrize("key", sorted({*LAYOUTS} & {*OFFICIAL}))
def test_the_mirrors_layout_is_the_one_of_its_path(official_mirror, key):
    path = in_mirror(official_mirror, OFFICIAL[key])
    form = layout_of(path, OFFICIAL[key])
    assert form.layout
    assert path == official_mirror / form.path


@pytest.mark.real
@pytest.mark.parametrize("key", HASHED)
def test_the_mirrors_bytes_are_the_publishers(official_mirror, key):
    assert file_hash(official_mirror / OFFICIAL[key].path) == OFFICIAL[key].sha256


@pytest.mark.real
@pytest.mark.parametrize(("key", "name"), IN_THE_MIRROR)
def test_the_table_keeps_its_promises(official_mirror, key, name):
    source = OFFICIAL[key]
    spec = source.tables[name]
    table = read_table(in_mirror(official_mirror, source), source, name)
    assert len(table) == (spec.rows or MANY[key])
    optional = {ours for group in spec.optional.values() for ours in group}
    absent = optional if (key, name) in BARE else set()
    assert [*table.columns] == [ours for ours in (*spec.text, *spec.numbers) if ours not in absent]
    numbers = [ours for ours in spec.numbers if ours not in absent]
    counts = [ours for ours in spec.counts if ours not in absent]
    whole = [ours for ours in counts if table[ours].notna().all()]
    assert table[whole].dtypes.astype(str).eq("int64").all()
    assert (len(whole) < len(counts)) <= (key in WITH_BLANKS)
    assert table[numbers].isna().to_numpy().any() == bool(
        numbers and spec.missing and key in WITH_BLANKS
    )


@pytest.mark.real
@pytest.mark.parametrize(("key", "name"), SHEETS)
def test_a_sheet_that_is_read_row_by_row_is_there(official_mirror, key, name):
    source = OFFICIAL[key]
    assert len(read_rows(official_mirror / source.path, source, source.sheets[name])) > 50


@pytest.mark.real
@pytest.mark.parametrize("key", VECTORS)
def test_the_boundaries_have_the_layer_and_columns_of_their_record(official_mirror, key):
    source = OFFICIAL[key]
    spec = source.vector
    found = pyogrio.read_info(official_mirror / source.path, layer=spec.layer)
    wanted = {spec.code, spec.name, spec.easting, spec.northing} - {None}
    assert wanted <= set(found["fields"])
    assert found["features"] == spec.rows
    assert found["geometry_type"] == spec.geometry
    assert found["crs"] == source.crs


@pytest.mark.real
def test_the_grid_of_london_has_the_columns_of_its_record(official_mirror):
    source = CATALOGUE["nox_2013_london"]
    with (official_mirror / source.path).open(encoding="utf-8") as lines:
        headings = next(lines).strip().split(",")
    assert headings[1:] == [source.grid.x, source.grid.y, source.grid.value]
