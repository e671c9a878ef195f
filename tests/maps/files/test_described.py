"""What programs are told of the tables, held against the tables by other people's validators."""

from __future__ import annotations

import dataclasses
import json

import csvw
import pandas as pd
import pytest

from layers.catalogue import catalogue
from layers.findings.gradients import gradients_of
from layers.kinds.reading import OVER_YEARS
from maps.files import downloads
from tests import invented
from tests.described import problems_of, wrong_on_the_web
from tests.invented_change import invented_change


def with_gradients(borough):
    found = gradients_of(borough.edition, borough.lsoa, borough.msoa)
    return dataclasses.replace(borough, gradients=found.indices, gradient_parts=found.parts)


@pytest.fixture(scope="module")
def boroughs(invented_boroughs):
    return [with_gradients(borough) for borough in invented_boroughs.values()]


def written(boroughs, folder):
    publication = downloads.publication_of(boroughs)
    earlier = (catalogue()["imd_2019"], catalogue()["fuel_poverty_2018"])
    roles = dict.fromkeys(("lsoa", "districts", "names", "earlier", OVER_YEARS), earlier)
    publication = dataclasses.replace(publication, sources={**roles, **publication.sources})
    downloads.write_tables(downloads.collected(boroughs), folder, publication)
    return folder


@pytest.fixture(scope="module")
def folder(boroughs, tmp_path_factory):
    return written(boroughs, tmp_path_factory.mktemp("described"))


@pytest.fixture(scope="module")
def package(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_both_descriptions_are_true_of_every_table(folder, package):
    assert problems_of(folder) == []
    assert wrong_on_the_web(folder) == []
    assert sorted(resource["path"] for resource in package["resources"]) == sorted(
        path.name for path in folder.glob("*.csv")
    )


def test_those_of_earlier_editions_and_other_years_are_true_as_well(tmp_path):
    borough = invented_change()
    series = invented.series_of(borough.code, {2018: ("LIHC", 130, 100), 2019: ("LILEE", 165, 120)})
    written([dataclasses.replace(borough, fuel_series=series)], tmp_path)
    names = {path.stem for path in tmp_path.glob("*.csv")}
    beside = {"pockets_before", "decile_flow", "districts_by_edition", "fuel_poverty_by_year"}
    assert beside <= names
    assert problems_of(tmp_path) == []
    assert wrong_on_the_web(tmp_path) == []


def changed(folder, copy, name, column, cell):
    """Copy a folder's tables with one cell of a CSV put in another's place."""
    for path in folder.iterdir():
        if path.suffix in {".csv", ".json"}:
            (copy / path.name).write_bytes(path.read_bytes())
    path = copy / f"{name}.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    table.loc[1, column] = cell
    table.to_csv(path, index=False, lineterminator="\r\n", encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("name", "column", "cell", "problem"),
    [
        ("neighbourhoods", "imd_2019_rank", "first", "type-error"),
        ("neighbourhoods", "lad_code", "E06999999", "foreign-key"),
        ("neighbourhoods", "area_code", "E01900000", "primary-key"),
        ("gradients", "layer", "imd_2019", "primary-key"),
        ("districts", "imd_2019_score", "much", "type-error"),
    ],
)
def test_a_table_that_is_not_as_told_is_found(folder, tmp_path, name, column, cell, problem):
    changed(folder, tmp_path, name, column, cell)
    assert problem in problems_of(tmp_path)


def test_a_program_reads_the_cells_by_their_kinds(folder):
    (table,) = csvw.CSVW(str(folder / "msoa.csv-metadata.json")).tables
    first = next(iter(table))
    assert (first["lsoa_count"], type(first["lsoa_count"])) == (6, int)
    assert type(first["covid_2020_21_rank_england"]) is int
    assert isinstance(float(first["imd_2019_score"]), float)
    (table,) = csvw.CSVW(str(folder / "gradients.csv-metadata.json")).tables
    circular = {row["layer"]: row["circular"] for row in table}
    assert circular["imd_2019"] is True
    assert circular["fuel_poverty_2020"] is False


def test_columns_are_told_in_the_words_of_the_dictionary(folder, package):
    words = pd.read_csv(folder / "dictionary.csv", index_col=0, keep_default_na=False)
    told = {
        (resource["name"], field["name"]): field
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert {name for table, name in told if table != "dictionary"} == {*words.index} - {"geometry"}
    for (_, name), field in told.items():
        if name in words.index:
            row = words.loc[name]
            assert (field["title"], field.get("unit", "")) == (row["title"], row["unit"])
            assert row["made"].rstrip(".") in field["description"]
            assert row["caveat"].rstrip(".") in field["description"]


def test_what_a_column_leads_to_is_told(package):
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    led = {
        name: {key["fields"][0]: key["reference"]["resource"] for key in schema["foreignKeys"]}
        for name, schema in schemas.items()
    }
    assert led["neighbourhoods"] == {
        "msoa_code": "msoa",
        "lad_code": "districts",
        "pocket_id": "pockets",
    }
    assert led["msoa"] == led["reach"] == led["gradients"] == {"lad_code": "districts"}
    assert led["districts"] == led["england"] == led["dictionary"] == {}
    assert schemas["reach"]["primaryKey"] == ["lad_code", "cut_off_rank"]


def test_a_code_that_is_in_no_other_table_leads_nowhere(boroughs, tmp_path):
    first = boroughs[0]
    lsoa = first.lsoa.assign(msoa_code="E02999999")
    written([dataclasses.replace(first, lsoa=lsoa)], tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    keys = package["resources"][0]["schema"]["foreignKeys"]
    assert [key["fields"] for key in keys] == [["lad_code"], ["pocket_id"]]


def test_edition_licences_and_sources_stand_in_it(package, boroughs):
    assert package["edition"] == boroughs[0].edition.title
    assert "Every place in it is fictional." in package["description"]
    assert package["version"]
    licences = {one["title"]: one for one in package["licenses"]}
    assert licences["Open Government Licence v3.0"]["name"] == "OGL-UK-3.0"
    assert licences["Open Government Licence v3.0"]["path"].startswith("https://www.national")
    titles = [source["title"] for source in package["sources"]]
    assert len(titles) == len(set(titles)) > 3
