"""Parcels: whatever is spoilt, or of another shape, in a source's folder of a pack is refused."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import shapely

from boundaries.layout import find_layout, read_fields
from boundaries.read import read_names
from geo.errors import PocketsError, SourceError
from geo.fetch.origins import origin_of
from geo.files.dates import as_dated, stated_day
from geo.files.file_kinds import require_format
from geo.files.parcels import PARCEL, parcel_of, record_hash, require_parcel
from geo.sources import DateSpec
from geo.tables import parts
from geo.tables.parts import AREAS, CELLS, kept_rows, read_part
from layers.catalogue import catalogue
from layers.contents import require_contents
from layers.packing import write_parcel

TABLE, BOUNDS = "sample_air_quality", "sample_msoa_boundaries"
SHEETS, GRID = "sample_weekly_deaths_2021", "sample_pcm_pm25_2021"


@pytest.fixture(scope="module")
def parcels(sample_mirror, tmp_path_factory):
    """Return the folder of four sources, one of every kind, as they stand in a pack."""
    base = tmp_path_factory.mktemp("parcels")
    for name in (TABLE, BOUNDS, SHEETS, GRID):
        source = catalogue()[name]
        (base / name).mkdir()
        write_parcel(sample_mirror / source.path, source, base / name)
    return base


@pytest.fixture
def parcel(parcels, tmp_path):
    """Return what copies one parcel to a place where it may be spoilt, and its record."""

    def copied(name):
        return shutil.copytree(parcels / name, tmp_path / name), catalogue()[name]

    return copied


def read_all(path, source):
    require_format(path, source)
    origin_of(path, source)
    as_dated(path, source)
    require_contents(path, source)


def refusal(path, source):
    with pytest.raises(PocketsError) as caught:
        read_all(path, source)
    return str(caught.value)


@pytest.mark.parametrize("name", [TABLE, BOUNDS, SHEETS, GRID])
def test_whatever_is_spoilt_in_a_parcel_is_told_in_a_paragraph(parcel, name):
    path, source = parcel(name)
    read_all(path, source)
    chance, refused = random.Random(name), 0
    for part in sorted(path.iterdir()):
        whole = part.read_bytes()
        for turn in range(25):
            spoilt = bytearray(whole)
            if turn % 5:
                spoilt[-chance.randint(1, min(len(whole), 3000))] ^= 1 << chance.randrange(8)
            else:
                del spoilt[chance.randrange(len(whole)) :]
            part.write_bytes(spoilt)
            try:
                read_all(path, source)
            except PocketsError:
                refused += 1
        part.write_bytes(whole)
    assert refused > 15


SOME = '{"source": "a", "record": "b", "day": null, "of": {"file": "a", "sha256": "b", %s}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "5",
        '"text"',
        "{}",
        "[" * 100_000,
        '{"source": "a", "record": "b", "day": null}',
        '{"source": "a", "record": "b", "day": null, "of": []}',
        '{"source": "a", "record": "b", "day": null, "of": {"file": "a"}}',
        '{"source": "a", "record": "b", "day": 5, "of": {"file": "a", "sha256": "b"}}',
        '{"source": 5, "record": "b", "day": null, "of": {"file": "a", "sha256": "b"}}',
        '{"source": "a", "record": "b", "day": null, "of": {"file": "a", "sha256": null}}',
        SOME % '"layout": 5',
        SOME % '"fetched": null',
        SOME % '"fetched": {"from": "a"}',
        SOME % '"fetched": {"from": "a", "how": "b", "when": 5}',
    ],
)
def test_a_parcel_that_says_nothing_sensible_of_itself_is_refused(parcel, text):
    path, source = parcel(TABLE)
    (path / PARCEL).write_text(text)
    for read in (lambda: origin_of(path, source), lambda: require_format(path, source)):
        with pytest.raises(SourceError, match=r"^A pack is damaged\. Where: .*parcel\.json"):
            read()
    assert as_dated(path, replace(source, dated=DATED)).period == source.period


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "5",
        "null",
        '[1, "a"]',
        "[[[1]]]",
        '[[{"date": 5}]]',
        '[[{"date": "x"}]]',
        '[[{"a": 1}]]',
        "[" * 100_000,
        "[[1]",
    ],
)
def test_rows_of_another_shape_are_refused(parcel, text):
    path, source = parcel(SHEETS)
    (path / "registrations.json").write_text(text)
    assert "A pack is damaged" in refusal(path, source)
    with pytest.raises(SourceError):
        kept_rows(path / "registrations.json")


def cells(**columns):
    told = {"cell": ["1"], "easting": ["500"], "northing": ["500"], "value": ["7.5"]}
    return pa.table({**told, **columns})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (cells(value=[7.5]), "a cell of “value” that is no text"),
        (cells(value=[None]), "a cell of “value” that is no text"),
        (cells(value=[["7"]]), "a cell of “value” that is no text"),
        (cells(more=["1"]), "the columns cell, easting, northing, value, more in place of cell"),
        (cells().drop_columns(["value"]), "the columns cell, easting, northing in place of cell"),
        (pa.table({}), "in place of cell"),
        (
            pa.table([["1"], ["2"], ["3"], ["4"]], names=["cell", "cell", "northing", "value"]),
            "A pack is damaged",
        ),
    ],
)
def test_cells_of_another_shape_are_refused(parcel, table, said):
    path, source = parcel(GRID)
    parquet.write_table(table, path / CELLS)
    assert said in refusal(path, source)


def test_text_that_is_none_is_refused(parcel):
    """Bytes of another encoding are refused where they stand, not where they are looked at."""
    for name, part in ((GRID, CELLS), (TABLE, "main.parquet"), (BOUNDS, AREAS)):
        path, source = parcel(name)
        table = parquet.read_table(path / part)
        place = table.schema.names.index(
            next(
                each.name
                for each in table.schema
                if pa.types.is_large_string(each.type) or pa.types.is_string(each.type)
            )
        )
        wrong = pa.array([b"\xff\xfe"] * len(table), pa.binary()).view(pa.string())
        changed = table.set_column(place, pa.field(table.schema.names[place], pa.string()), wrong)
        parquet.write_table(changed, path / part)
        assert "UTF8" in refusal(path, source)


@pytest.mark.parametrize("spoil", ["no shapes", "no code", "numbers for codes", "no geo"])
def test_areas_of_another_shape_are_refused(parcel, spoil):
    path, source = parcel(BOUNDS)
    areas = gpd.read_parquet(path / AREAS)
    code = source.vector.code
    if spoil == "no shapes":
        areas.geometry = [None] * len(areas)
        areas.to_parquet(path / AREAS)
    elif spoil == "no geo":
        pd.DataFrame(areas.drop(columns="geometry")).to_parquet(path / AREAS)
    else:
        changed = areas.drop(columns=code) if spoil == "no code" else areas.assign(**{code: 5})
        changed.to_parquet(path / AREAS)
    assert str(path) in refusal(path, source)


def test_the_fields_of_areas_are_read_without_their_shapes(parcel, monkeypatch):
    path, source = parcel(BOUNDS)
    whole = gpd.read_parquet(path / AREAS)
    monkeypatch.setattr(gpd, "read_parquet", lambda *_, **__: pytest.fail("read"))
    monkeypatch.setattr(shapely, "from_wkb", lambda *_, **__: pytest.fail("read"))
    layout = find_layout(path, source)
    assert (layout.crs, [*layout.names, "geometry"]) == (whole.crs, [*whole.columns])
    pd.testing.assert_frame_equal(
        read_fields(path, layout), pd.DataFrame(whole.drop(columns="geometry"))
    )
    assert list(read_fields(path, layout, [source.vector.code])) == [source.vector.code]
    assert len(read_names(path, source)) == source.vector.rows


@pytest.mark.parametrize(
    "told",
    [b"{}", b"[]", b"{", b'{"primary_column": "geometry", "columns": {"geometry": 5}}', None],
)
def test_areas_that_do_not_say_what_they_are_are_refused(parcel, told):
    path, source = parcel(BOUNDS)
    table = parquet.read_table(path / AREAS)
    metadata = {} if told is None else {b"geo": told}
    parquet.write_table(table.replace_schema_metadata(metadata), path / AREAS)
    with pytest.raises(SourceError, match="A pack is damaged"):
        find_layout(path, source)


def test_a_part_that_fills_the_memory_is_refused_by_its_footer(parcel, monkeypatch):
    path, _ = parcel(GRID)
    monkeypatch.setattr(parquet, "read_table", lambda *_, **__: pytest.fail("read"))
    for limit in ("MOST_CELLS", "MOST_UNPACKED"):
        with monkeypatch.context() as patch:
            patch.setattr(parts, limit, 100)
            with pytest.raises(SourceError, match=r"rows, [\d,]+ bytes when unpacked"):
                read_part(path / CELLS)


def test_a_parcel_of_another_source_is_refused(parcel, parcels):
    path, source = parcel(TABLE)
    require_parcel(path, source)
    shutil.copy(parcels / SHEETS / PARCEL, path)
    with pytest.raises(SourceError, match=rf"another source.*Expected: {TABLE}\. Found: {SHEETS}"):
        require_format(path, source)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (TABLE, lambda source: replace(source, coverage=("W",))),
        (TABLE, lambda source: replace(source, sheets={"more": "Notes"})),
        (
            TABLE,
            lambda source: replace(
                source, tables={"main": replace(source.tables["main"], scale={"pm25": 100})}
            ),
        ),
        (BOUNDS, lambda source: replace(source, crs="EPSG:27700")),
        (BOUNDS, lambda source: replace(source, vector=replace(source.vector, rows=1))),
        (GRID, lambda source: replace(source, grid=replace(source.grid, value="other"))),
    ],
)
def test_a_parcel_that_another_record_made_is_to_be_made_again(parcel, name, change):
    path, source = parcel(name)
    require_format(path, replace(source, title="Another", note="Another", sha256="0" * 64))
    with pytest.raises(SourceError, match="have the pack made again with “pockets pack”"):
        require_format(path, change(source))
    told = parcel_of(path)
    assert told["record"] == record_hash(source)
    other = {**told, "of": {**told["of"], "layout": "another"}}
    (path / PARCEL).write_text(json.dumps(other))
    with pytest.raises(SourceError, match="have the pack made again with “pockets pack”"):
        require_format(path, source)


DATED = DateSpec(member="metadata.txt", words="DATE:", texts={"period": "{month}"})


def test_the_day_that_a_file_states_is_known_of_its_parcel(sample_mirror, tmp_path):
    source = replace(catalogue()["sample_postcodes"], dated=DATED)
    original = shutil.copy(sample_mirror / source.path, tmp_path / "postcodes.zip")
    with zipfile.ZipFile(original, "a") as archive:
        archive.writestr("metadata.txt", "DATE: 20310417")
    dated = as_dated(original, source)
    assert dated.period == "April 2031"
    folder = tmp_path / source.id
    folder.mkdir()
    write_parcel(original, dated, folder)
    assert stated_day(folder, source) == date(2031, 4, 17)
    assert as_dated(folder, source) == dated
    require_format(folder, source)
    assert json.loads((folder / PARCEL).read_text())["day"] == "2031-04-17"
