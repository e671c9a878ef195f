"""The publishers' own layouts of the official files: they are read into what the mirror's are."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import requests

from geo.errors import InputError
from geo.sources import Source
from geo.tables.layouts import layout_of
from geo.tables.read import read_table
from layers.catalogue import catalogue

pytestmark = pytest.mark.real


def published(source: Source, folder: Path) -> Path:
    """Download the file of a record, under a name that says nothing of it."""
    path = folder / "download"
    path.write_bytes(requests.get(source.address.url, timeout=300).content)
    return path


SAME = ["msoa_population_2019", "msoa_2011_names", "msoa_2021_names"]
MORE = {
    "imd_2019": ["main"],
    "imd_2025": ["main"],
    "imd_2025_indicators": ["living_environment"],
}
"""The tables of which the publisher's file has columns that the mirror's lacks."""


@pytest.mark.parametrize("key", SAME)
def test_a_table_is_the_same_in_the_publishers_layout(
    official_publishers, official_file, tmp_path, key
):
    old, source = official_file(key)
    path = published(source, tmp_path)
    assert path.read_bytes() != old.read_bytes()
    assert layout_of(path, source).layout == ""
    for table in source.tables:
        found, expected = (read_table(file, source, table) for file in (path, old))
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("key", MORE)
def test_a_table_of_the_publisher_has_what_the_mirrors_has_and_more(
    official_publishers, official_file, tmp_path, key
):
    """Of 2025 without the people of 16 to 59, whom the mirror's copy has from another file."""
    old, source = official_file(key)
    path = published(source, tmp_path)
    for table, spec in source.tables.items():
        found, expected = (read_table(file, source, table) for file in (path, old))
        more = [ours for group in spec.optional.values() for ours in group]
        assert {*found} - {*expected} == {*more}
        assert bool(more) == (table in MORE[key])
        pd.testing.assert_frame_equal(found[[*expected]], expected, check_column_type=False)
        assert list(found) == [*spec.text, *spec.numbers]


def test_the_publishers_headings_of_2025_are_those_of_its_file(official_publishers, tmp_path):
    with published(catalogue()["imd_2025"], tmp_path).open(encoding="utf-8") as lines:
        headings = next(csv.reader(lines))
    assert "Population aged 16-59: mid 2022" not in headings
    cut = "Children and Young People Sub-domain Decile (where 1 is most deprived 10% of LSO"
    assert (cut in headings, len(cut)) == (True, 80)


def test_fuel_poverty_of_2024_is_read_by_its_codes_and_counts(
    official_publishers, official_file, tmp_path
):
    source = catalogue()["fuel_poverty_2024"]
    path = published(source, tmp_path)
    table, districts = (read_table(path, source, table) for table in ("lsoa", "district"))
    areas = read_table(*official_file("fuel_poverty_2023"), "lsoa").index
    assert (len(table), len(districts)) == (33_755, 335)
    pd.testing.assert_index_equal(table.index, areas)


@pytest.mark.parametrize(
    ("key", "other", "said"),
    [
        ("msoa_population_2019", "fuel_poverty_2020", "a sheet “Mid-2019 Persons”, in its own"),
        ("msoa_2021_names", "msoa_2011_names", "no column “msoa21cd”; the nearest is “msoa11cd"),
        ("msoa_2021_names", "imd_2019", "no column “msoa21cd”"),
    ],
)
def test_a_file_of_no_layout_is_answered_in_one_paragraph(official_file, key, other, said):
    source, (path, _) = catalogue()[key], official_file(other)
    with pytest.raises(InputError) as caught:
        read_table(path, source, next(iter(source.tables)))
    assert said in str(caught.value)
    for form in source.accepted:
        assert f"({Path(form.path).name})" in caught.value.expected
    assert "\n" not in str(caught.value)
