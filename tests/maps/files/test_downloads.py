from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import re
import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
import shapely

from geo.errors import InputError, OutputError, SpaceError
from geo.files.whole_files import replaced
from layers.borough.region import reach_by_borough
from layers.borough.wholes import england_table
from layers.catalogue import catalogue
from layers.findings.gradients import gradients_of
from layers.kinds.reading import OVER_YEARS
from layers.layer import FRAMES, edition
from layers.table.neighbourhoods import framed
from maps.files import downloads
from maps.files.qgis_style import Ranks, measure_style, styles
from maps.look.classify import classify_layer
from tests import invented
from tests.invented_change import invented_change

FILES = {
    *(f"{name}.{kind}" for name in downloads.SAVED_TABLES for kind in ("csv", "parquet")),
    "neighbourhoods.gpkg",
    "pockets.geojson",
    "england.csv",
    "reach.csv",
    "tables.xlsx",
    "dictionary.csv",
    "provenance.json",
    "README.txt",
    "datapackage.json",
    *(
        f"{name}.csv-metadata.json"
        for name in (*downloads.SAVED_TABLES, "england", "reach", "dictionary")
    ),
}
COUNTS = {"lsoa": 48, "msoa": 8}
LAYERS = edition("2019").layers


@pytest.fixture(scope="module")
def publication(invented_boroughs):
    borough = invented_boroughs["northmere"]
    counts = {
        level: {layer.id: n for layer in borough.edition.layers} for level, n in COUNTS.items()
    }
    counts["lsoa"]["covid_2020_21"] = 8
    return downloads.Publication(
        edition=borough.edition,
        place=borough.place,
        sources=borough.sources,
        origins={"imd_2019": {"sha256": "cd" * 32}},
        counts=counts,
        settings=borough.settings,
        england=england_table(list(invented_boroughs.values())),
        reach=reach_by_borough(list(invented_boroughs.values())),
    )


@pytest.fixture(scope="module")
def tables(invented_tables):
    """The invented tables, with a name and a pocket that a spreadsheet would take for formulas."""
    lsoa = invented_tables["neighbourhoods"].copy()
    lsoa.loc[lsoa.index[0], "area_name"] = "=1+1"
    pockets = invented_tables["pockets"].copy()
    pockets["name"] = ["@sum", "-Cross", "+End"]
    return invented_tables | {"neighbourhoods": lsoa, "pockets": pockets}


@pytest.fixture(scope="module")
def folder(tables, publication, tmp_path_factory):
    place = tmp_path_factory.mktemp("data")
    written = downloads.write_tables(tables, place, publication)
    assert {path.name for path in written} == FILES == {path.name for path in place.iterdir()}
    return place


def in_csv(folder, name):
    return pd.read_csv(folder / f"{name}.csv", index_col=0, keep_default_na=True)


def in_geopackage(folder, name):
    layer = downloads.GEOPACKAGE_LAYERS[name]
    frame = pyogrio.read_dataframe(folder / "neighbourhoods.gpkg", layer=layer)
    return frame.set_index(frame.columns[0])


def in_parquet(folder, name):
    return gpd.read_parquet(folder / f"{name}.parquet")


@pytest.mark.parametrize("read", [in_csv, in_geopackage, in_parquet])
@pytest.mark.parametrize("name", downloads.SAVED_TABLES)
def test_every_number_is_the_same_in_every_file(folder, tables, read, name):
    expected, found = tables[name], read(folder, name)
    assert list(found.index) == sorted(expected.index)
    numbers = expected.select_dtypes("number")
    assert len(numbers.columns) > 5
    for column in numbers:
        ours = expected[column].sort_index().astype(float)
        theirs = pd.to_numeric(found[column]).astype(float)
        np.testing.assert_array_equal(theirs.to_numpy(), ours.to_numpy(), err_msg=column)


def test_whom_a_cut_off_would_reach_is_a_file_with_every_rank_of_every_borough(
    folder, publication, tables
):
    found = in_csv(folder, "reach")
    assert list(found.index) == ["E06900001"] * 24 + ["E06900002"] * 24
    pd.testing.assert_frame_equal(found, publication.reach, check_dtype=False)
    last = found.groupby("lad_code").last()
    assert last.filter(like="_pct").drop(columns="cut_off_pct").to_numpy() == pytest.approx(100)
    people = tables["neighbourhoods"].groupby("lad_code")["imd_2019_income_people"].sum()
    assert last["imd_2019_income_people"].to_dict() == pytest.approx(people.to_dict())
    words = pd.read_csv(folder / "dictionary.csv", index_col=0)
    assert words.loc["cut_off_rank", "tables"] == "reach"
    assert set(found) <= set(words.index)


def test_ranks_are_whole_numbers_in_csv_even_with_gaps(folder, tables):
    rows = list(csv.DictReader(io.StringIO((folder / "msoa.csv").read_text(encoding="utf-8-sig"))))
    ranks = [row["covid_2020_21_rank_england"] for row in rows]
    assert ranks == ["7", "6", "5", "4", "3", "2", "1", ""]
    assert rows[0]["covid_2020_21_ratio"] == repr(3 / 10.5)


def test_lists_are_lists_where_they_can_be_and_joined_by_a_space_elsewhere(folder):
    codes = ["E01900000", "E01900001", "E01900006", "E01900007"]
    key = "E06900001-E01900000"
    assert list(in_parquet(folder, "pockets").loc[key, "lsoa_codes"]) == codes
    assert in_csv(folder, "pockets").loc[key, "lsoa_codes"] == " ".join(codes)
    assert in_geopackage(folder, "pockets").loc[key, "lsoa_codes"] == " ".join(codes)
    features = json.loads((folder / "pockets.geojson").read_text(encoding="utf-8"))["features"]
    assert features[0]["properties"]["lsoa_codes"] == codes


def test_text_that_looks_like_a_formula_is_quoted_in_csv_and_only_there(folder):
    assert in_csv(folder, "pockets")["name"].tolist() == ["'@sum", "'-Cross", "'+End"]
    assert in_csv(folder, "neighbourhoods")["area_name"].iloc[0] == "'=1+1"
    assert in_geopackage(folder, "pockets")["name"].tolist() == ["@sum", "-Cross", "+End"]
    assert "single quote" in (folder / "README.txt").read_text(encoding="utf-8")


def test_what_is_behind_the_indices_is_a_file_of_its_own_where_there_is_any(
    tables, publication, tmp_path
):
    known = edition("2025")
    behind = pd.DataFrame(
        {
            "place_kind": ["lsoa", "whole"],
            "iod_2025_income_people": [12.5, 23.1],
            "iod_2025_income_people_people": pd.array([250, pd.NA], dtype="Int64"),
            "iod_2025_income_people_covers_pct": [100.0, 0.0],
        },
        index=pd.Index(["E01900000", "England"], name="area_code"),
    )
    sources = {**publication.sources, "behind": publication.sources["imd_2019"]}
    told = dataclasses.replace(
        publication,
        edition=dataclasses.replace(publication.edition, sources=known.sources),
        sources=sources,
        behind=behind,
    )
    written = {path.name for path in downloads.write_tables(tables, tmp_path, told)}
    assert written == {*FILES, "behind.csv", "behind.csv-metadata.json"}
    with (tmp_path / "behind.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["iod_2025_income_people"], first["iod_2025_income_people_people"]) == (
        "12.5",
        "250",
    )
    assert second["iod_2025_income_people_people"] == ""
    words = in_csv(tmp_path, "dictionary")
    assert words.loc["iod_2025_income_people", "tables"] == "behind"
    assert "behind.csv" in (tmp_path / "README.txt").read_text(encoding="utf-8")
    used = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))["columns"]
    assert used["iod_2025_income_people"]["title"] == "People counted as income-deprived"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_each_dangerous_beginning_is_quoted(start, tmp_path):
    table = pd.DataFrame(
        {"name": [f"{start}cmd"], "value": [-1.5]}, index=pd.Index(["a"], name="code")
    )
    path = downloads.write_csv(table, tmp_path / "one.csv")
    row = next(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert row == {"code": "a", "name": f"'{start}cmd".replace("\r", "\n"), "value": "-1.5"}


def test_every_csv_opens_right_in_a_spreadsheet_program(folder):
    paths = sorted(folder.glob("*.csv"))
    assert {path.stem for path in paths} == {
        *downloads.SAVED_TABLES,
        "england",
        "reach",
        "dictionary",
    }
    for path in paths:
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), path.name
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
        inside = sum(cell.count("\n") for row in rows for cell in row)
        assert content.count(b"\r\n") == len(rows)
        assert content.count(b"\n") == len(rows) + inside


def test_a_number_in_csv_reads_back_to_the_last_bit(tmp_path):
    values = [0.1 + 0.2, 1 / 3, math.pi * 1e-17, 123456789.123456789]
    table = pd.DataFrame({"value": values}, index=pd.Index(list("abcd"), name="code"))
    path = downloads.write_csv(table, tmp_path / "one.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [float(row["value"]) for row in rows] == values


def test_geoparquet_has_the_metadata_of_the_specification(folder):
    metadata = pyarrow.parquet.read_schema(folder / "neighbourhoods.parquet").metadata
    geo = json.loads(metadata[b"geo"])
    assert geo["primary_column"] == "geometry"
    assert geo["version"].startswith("1.")
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 27700}


def test_geojson_follows_rfc_7946(folder, tables):
    collection = json.loads((folder / "pockets.geojson").read_text(encoding="utf-8"))
    assert set(collection) == {"type", "features"}
    assert [feature["id"] for feature in collection["features"]] == sorted(tables["pockets"].index)
    for feature in collection["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(shape)[0]))
        west, south, east, north = shape.bounds
        assert -4 < west < east < -3
        assert 53 < south < north < 54
    assert collection["features"][0]["properties"]["prominence"] is None


def test_the_geopackage_declares_its_crs_titles_and_styles(folder, tables, publication):
    path = folder / "neighbourhoods.gpkg"
    layers = dict(pyogrio.list_layers(path))
    own = {"lsoa", "msoa", "district", "pockets", "joined_pockets"}
    assert set(layers) == {*own, "layer_styles"}
    for layer in own:
        information = pyogrio.read_info(path, layer=layer)
        assert information["crs"] == "EPSG:27700"
        assert information["geometry_type"] == "MultiPolygon"
        assert pyogrio.read_dataframe(path, layer=layer).is_valid.all()
    with closing(sqlite3.connect(path)) as database:
        title = database.execute(
            "SELECT title FROM gpkg_data_columns"
            " WHERE table_name='lsoa' AND column_name='imd_2019_score'"
        ).fetchone()
        styles = database.execute(
            "SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles ORDER BY id"
        ).fetchall()
        stamps = {
            stamp
            for table, column in (("gpkg_contents", "last_change"), ("layer_styles", "update_time"))
            for (stamp,) in database.execute(f"SELECT {column} FROM {table}")
        }
        held = dict(database.execute("SELECT table_name, description FROM gpkg_contents"))
        (standard, kind, text), *others = database.execute(
            "SELECT md_standard_uri, mime_type, metadata FROM gpkg_metadata"
            " JOIN gpkg_metadata_reference ON md_file_id = id"
            " WHERE reference_scope = 'geopackage' AND timestamp = '2000-01-01T00:00:00.000Z'"
        )
    assert others == []
    assert held["lsoa"] == "Small areas (LSOAs): every layer and both ranks"
    assert all(held[layer] for layer in layers if layer != "layer_styles")
    assert (standard, kind) == (
        "https://specs.frictionlessdata.io/data-package/",
        "application/json",
    )
    told = json.loads(text)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert told == {name: package[name] for name in told}
    assert {"title", "edition", "version", "licenses", "sources"} <= set(told)
    assert title == ("Overall deprivation (Index of Multiple Deprivation)",)
    assert stamps == {"2000-01-01T00:00:00.000Z"}
    first = {layer: name for layer, name, default, _ in styles if default}
    assert first == {
        "lsoa": "Overall deprivation (IMD), compared with the sample",
        "msoa": "Overall deprivation (IMD), compared with the sample",
        "district": "Districts",
        "pockets": "Pockets of deprivation",
        "joined_pockets": "Joined pockets",
    }
    assert sum(layer == "lsoa" for layer, *_ in styles) == 2 * len(publication.edition.layers)
    for *_, qml in styles:
        ElementTree.fromstring(qml.split("\n", 1)[1])


def test_two_writings_give_the_same_bytes(folder, tables, publication, tmp_path):
    backwards = {name: table.iloc[::-1] for name, table in tables.items()}
    downloads.write_tables(backwards, tmp_path, publication)
    different = [
        name
        for name in sorted(FILES)
        if (tmp_path / name).read_bytes() != (folder / name).read_bytes()
    ]
    assert different == []


def test_gdal_is_left_as_it_was(folder):
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def in_qgis(expression, row, sizes):
    """Work out a style's condition as QGIS would: columns in double quotes, counts by borough."""
    for name in sorted(row.index, key=len, reverse=True):
        for counted in (
            f'count("{name}", group_by:="lad_code")',
            f'count_distinct("msoa_code", group_by:="lad_code", filter:="{name}" IS NOT NULL)',
        ):
            expression = expression.replace(counted, str(sizes.get(name)))
        expression = expression.replace(f'"{name}"', f"row[{name!r}]")
    expression = re.sub(r"(row\['\w+'\]) IS NOT NULL", r"(\1 == \1)", expression)
    expression = re.sub(r"(row\['\w+'\]) IS NULL", r"(\1 != \1)", expression)
    expression = re.sub(r"(?<=\d) = (?=\d)", " == ", expression)
    return bool(eval(expression.replace(" AND ", " and "), {"row": row}))


def met_in(qml, row, sizes):
    """Name the classes of a style that hold a row."""
    rules = ElementTree.fromstring(qml.split("\n", 1)[1]).findall(".//rule")
    named = [(rule.get("label"), rule.get("filter")) for rule in rules]
    return [label for label, one in named if one != "ELSE" and in_qgis(one, row, sizes)]


SIZES = {"x": 12, "y": 7, "z": 3}


@pytest.mark.parametrize("present", ["x", "y", "z", "xy", "xz", "yz", "xyz"])
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_styles_class_boroughs_of_every_size_as_the_page_does(layer, present):
    lads = [lad for lad in present for _ in range(SIZES[lad])]
    values = pd.Series(np.random.default_rng(4).permutation(len(lads)) + 1.0)
    areas = pd.DataFrame(dict.fromkeys([layer.value, layer.ranking], values)).assign(lad_code=lads)
    areas = areas.join(framed(layer, areas, official=False))
    rank = layer.rank_column("borough")
    count = f'count("{rank}", group_by:="lad_code")'
    sizes = {SIZES[lad] for lad in present}
    style = measure_style(
        layer, "borough", ranks=Ranks(column=rank, count=count), whole="x", sizes=sizes
    )
    for lad, own in areas.groupby("lad_code"):
        ranked = {rank: int(own[rank].count())}
        wanted = classify_layer(own, layer, "borough", count=SIZES[lad], place=lad).labels
        for code, row in own.iterrows():
            assert met_in(style.qml, row, ranked) == [wanted[code]], (lad, code)


@pytest.mark.parametrize("frame", FRAMES)
def test_styles_give_every_area_the_class_it_has_on_the_page(tables, publication, frame):
    areas = tables["msoa"][tables["msoa"]["lad_code"] == "E06900001"]
    for layer in publication.edition.layers:
        rank = f"{layer.id}_rank_{frame}"
        count = "8" if frame == "england" else f'count("{rank}", group_by:="lad_code")'
        sizes = {8 if frame == "england" else 4}
        qml = measure_style(
            layer, frame, ranks=Ranks(column=rank, count=count), whole="x", sizes=sizes
        ).qml
        if frame == "england":
            areas = areas.assign(**({layer.rank: areas[rank]} if layer.rank else {}))
        number = 8 if frame == "england" else 4
        wanted = classify_layer(areas, layer, frame, count=number, place="x").labels
        for code, row in areas.iterrows():
            met = met_in(qml, row, {rank: 4})
            assert met == ([] if wanted[code] == "No value" else [wanted[code]]), (layer.id, code)


@pytest.mark.parametrize(
    ("frame", "size", "sizes"),
    [
        ("england", 8, {8}),
        ("borough", 12, {12}),
        ("borough", 4, {4}),
        *(("borough", size, {12, 7, 4}) for size in (12, 7, 4)),
    ],
)
def test_styles_tell_who_shows_a_former_areas_value_from_who_has_none(
    invented_borough, frame, size, sizes
):
    borough = invented.carried(invented_borough)
    deaths = borough.edition.layer("covid_2020_21")
    rank, former, none = deaths.rank_column(frame), *borough.msoa.index[1:3]
    areas = borough.msoa.copy()
    areas[rank] = [1.0, np.nan, np.nan, 3.0, 4.0]
    areas.loc[none, [deaths.value, *map(deaths.quintile_column, FRAMES)]] = np.nan
    ranks = Ranks(column=rank, count=f'count("{rank}", group_by:="lad_code")')
    qml = measure_style(deaths, frame, ranks=ranks, whole="x", sizes=sizes, former=True).qml
    wanted = classify_layer(areas, deaths, frame, count=size, place="x").labels
    assert (wanted[former] == "Not ranked") == (frame == "borough" and size > 4)
    counted = {rank: 0 if size == 4 else size}
    for code, row in areas.iterrows():
        met = met_in(qml, row, counted)
        assert met == ([] if code == none else [wanted[code]]), code


def test_a_style_of_ranks_has_a_class_for_former_areas_only_where_some_show_them(invented_borough):
    borough = invented.carried(invented_borough)
    deaths = borough.edition.layer("covid_2020_21")
    own = borough.msoa.assign(**{deaths.rank_column("borough"): 1.0})
    areas = pd.concat([own, own.set_axis(own.index.str.replace("E02", "E03"))])
    for table, wanted in ((areas, True), (areas.drop(areas.index[[1, 6]]), False)):
        made = styles(borough.edition, {"msoa": table}, {"msoa": {deaths.id: 8}}, {})["msoa"]
        assert ['label="Not ranked"' in style.qml for style in made] == [
            False,
            wanted,
        ]


def test_provenance_names_files_hashes_and_how_columns_were_made(folder):
    told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    source = told["sources"]["imd_2019"]
    assert source["publisher"] == "Office of Invention"
    assert source["file"] == "imd_2019.csv"
    assert source["sha256"] == "cd" * 32
    assert source["used_for"] == ["imd_2019"]
    assert told["sources"]["districts"]["sha256"] == "ab" * 32
    assert told["settings"]["tau"] == 5
    assert told["columns"]["covid_2020_21_ratio_lower"]["made"].startswith("Exact Poisson")


def test_the_dictionary_has_every_column_of_every_file(folder):
    words = pd.read_csv(folder / "dictionary.csv", index_col=0)
    for name in downloads.SAVED_TABLES:
        columns = {in_csv(folder, name).index.name, *in_csv(folder, name).columns}
        assert columns <= set(words.index)


def test_tables_without_pockets_can_be_written(tables, publication, tmp_path):
    none = tables | {"pockets": tables["pockets"].iloc[:0]}
    downloads.write_tables(none, tmp_path, publication)
    assert len(in_geopackage(tmp_path, "pockets")) == 0
    assert json.loads((tmp_path / "pockets.geojson").read_text())["features"] == []


def test_tables_without_boundaries_or_elsewhere_are_refused(tables, publication, tmp_path):
    bare = tables | {"msoa": pd.DataFrame(tables["msoa"].drop(columns="geometry"))}
    with pytest.raises(InputError, match="msoa"):
        downloads.write_tables(bare, tmp_path, publication)
    moved = tables | {"districts": tables["districts"].to_crs(4326)}
    with pytest.raises(SpaceError, match="table districts"):
        downloads.write_tables(moved, tmp_path, publication)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_writing_leaves_what_was_there(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("before")

    def fail(temporary):
        temporary.write_text("half")
        raise OSError("No space left on device")

    def write():
        with replaced(path) as temporary:
            fail(temporary)

    with pytest.raises(OutputError, match="No space left on device"):
        write()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_boroughs_are_collected_into_the_tables_they_came_from(invented_boroughs, invented_tables):
    found = downloads.collected(list(invented_boroughs.values()))
    for name, table in invented_tables.items():
        columns = [column for column in table if column != "geometry"]
        pd.testing.assert_frame_equal(
            pd.DataFrame(found[name][columns]), pd.DataFrame(table[columns]), check_names=False
        )
        assert found[name].geometry.area.sum() == pytest.approx(table.geometry.area.sum())


def test_a_borough_without_pockets_does_not_upset_the_others(invented_boroughs):
    first, second = invented_boroughs.values()
    none = dataclasses.replace(first, pockets=first.pockets.iloc[:0])
    found = downloads.collected([none, second])["pockets"]
    assert list(found.index) == list(second.pockets.index)
    assert found["population"].dtype == second.pockets["population"].dtype


def with_gradients(borough):
    found = gradients_of(borough.edition, borough.lsoa, borough.msoa)
    return dataclasses.replace(borough, gradients=found.indices, gradient_parts=found.parts)


def test_a_publication_counts_the_areas_ranked_at_each_level(invented_boroughs):
    boroughs = list(invented_boroughs.values())
    found = downloads.publication_of(boroughs, origins={"imd_2019": {"sha256": "ab"}})
    assert found.counts["lsoa"]["imd_2019"] == 48
    assert found.counts["lsoa"]["covid_2020_21"] == 8
    assert set(found.counts["msoa"].values()) == {8}
    assert found.origins == {"imd_2019": {"sha256": "ab"}}
    assert found.beside == {}


def test_gradients_are_a_file_explained_by_the_dictionary(invented_boroughs, tables, tmp_path):
    boroughs = [with_gradients(one) for one in invented_boroughs.values()]
    downloads.write_tables(tables, tmp_path, downloads.publication_of(boroughs))
    found = in_csv(tmp_path, "gradients")
    assert list(found.index) == ["E06900001"] * len(LAYERS) + ["E06900002"] * len(LAYERS)
    assert found["layer_title"].tolist() == 2 * [layer.title for layer in LAYERS]
    assert found["slope_index"].to_numpy() == pytest.approx(
        pd.concat([one.gradients["slope"] for one in boroughs]).to_numpy(), rel=1e-14
    )
    never = [name for name in found if "limit" in name or "_lower" in name or "_upper" in name]
    never += ["relative_index", "part_ratio"]
    assert len(never) == 10
    circular = found["circular"]
    assert circular.sum() == 2 * sum(layer.id.startswith("imd_2019") for layer in LAYERS)
    assert found.loc[circular, never].isna().all(axis=None)
    fuel = found[found["layer"] == "fuel_poverty_2020"]
    assert fuel["relative_index"].notna().all()
    words = in_csv(tmp_path, "dictionary")
    assert {"lad_code", *found} <= set(words.index)
    own = words.loc[[*found.columns.drop("lad_name")]]
    assert set(own["tables"]) == {"gradients"}
    assert not own["title"].str.contains("_").any()
    assert "\ngradients.csv " in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_fuel_poverty_by_year_is_a_table_of_two_measures(tmp_path, invented_borough):
    years = {2018: ("LIHC", 130, 100), 2019: ("LILEE", 165, 120)}
    series = invented.series_of(invented_borough.code, years)
    source = catalogue()["fuel_poverty_2018"]
    borough = dataclasses.replace(
        invented_borough,
        fuel_series=series,
        sources={**invented_borough.sources, OVER_YEARS: (source,)},
    )
    publication = downloads.publication_of([borough])
    downloads.write_tables(downloads.collected([borough]), tmp_path, publication)
    table = pd.read_csv(tmp_path / "fuel_poverty_by_year.csv", encoding="utf-8-sig", dtype=str)
    assert table.fillna("").to_numpy().tolist() == [
        ["E06900001", "Northmere", "2018", "LIHC", "1000", "130", "13.0"],
        ["E06900001", "Northmere", "2019", "LILEE", "1000", "165", "16.5"],
        ["", borough.edition.whole, "2018", "LIHC", "1000", "100", "10.0"],
        ["", borough.edition.whole, "2019", "LILEE", "1000", "120", "12.0"],
    ]
    words = pd.read_csv(tmp_path / "dictionary.csv", encoding="utf-8-sig", index_col=0)
    assert source.title in words.loc["fuel_poor_pct", "source"]
    assert set(table) <= {*words.index}
    assert "fuel_poverty_by_year.csv" in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_tables_of_earlier_editions_stand_beside_the_four(tmp_path):
    borough = invented_change()
    publication = downloads.publication_of([borough])
    earlier = tuple(
        dataclasses.replace(borough.sources["imd_2025"][0], id=key)
        for key in ("imd_2015", "imd_2019")
    )
    ground = {"lsoa": earlier, "districts": earlier, "names": earlier, "earlier": earlier}
    publication = dataclasses.replace(publication, sources={**publication.sources, **ground})
    collected = downloads.collected([borough])
    downloads.write_tables(collected, tmp_path, publication)
    before = pd.read_csv(tmp_path / "pockets_before.csv", encoding="utf-8-sig", index_col=0)
    assert before["fate"].tolist() == borough.change.before["fate"].tolist()
    joined = before.set_index("name").loc["Fold North", "became"]
    assert joined == "E06900001-E01900404"
    flow = pd.read_csv(tmp_path / "decile_flow.csv", encoding="utf-8-sig")
    assert flow["population"].sum() == borough.lsoa["population"].sum()
    words = pd.read_csv(tmp_path / "dictionary.csv", encoding="utf-8-sig", index_col=0)
    assert set(before) | set(flow) <= set(words.index)
    lsoa = pd.read_csv(tmp_path / "neighbourhoods.csv", encoding="utf-8-sig", index_col=0)
    assert lsoa["imd_2025_decile_2019"].tolist() == borough.lsoa["imd_2025_decile_2019"].tolist()
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert (
        "\npockets_before.csv            what became of each pocket of the edition before\n"
        in readme
    )


def test_small_areas_say_which_pocket_they_are_in_by_number_and_name(invented_boroughs):
    tables = downloads.collected(list(invented_boroughs.values()))
    lsoa, pockets = tables["neighbourhoods"], tables["pockets"]
    places = [lsoa.columns.get_loc(name) for name in ("pocket_id", "pocket_number", "pocket_name")]
    assert places == [places[0], places[0] + 1, places[0] + 2]
    inside = lsoa[lsoa["pocket_id"] != ""]
    for pocket_id, areas in inside.groupby("pocket_id"):
        assert set(areas["pocket_number"]) == {pockets.loc[pocket_id, "number"]}
        assert set(areas["pocket_name"]) == {pockets.loc[pocket_id, "name"]}
    assert len(inside) > 3
    outside = lsoa[lsoa["pocket_id"] == ""]
    assert outside["pocket_number"].isna().all()
    assert (outside["pocket_name"] == "").all()


def test_small_areas_of_a_district_without_pockets_are_in_none(invented_boroughs):
    whole = downloads.collected(list(invented_boroughs.values()))
    lsoa = whole["neighbourhoods"].drop(columns=["pocket_name", "pocket_number"])
    none = whole["pockets"].iloc[:0].astype({"name": "float64"})
    found = downloads.with_pockets(lsoa.assign(pocket_id=""), none)
    assert (found["pocket_name"] == "").all()
    assert found["pocket_number"].isna().all()
