"""Official files of one year in the place of another's are refused, and any borough can be made."""

from __future__ import annotations

import pytest

from boundaries.read import read_areas
from geo.errors import CodeError, InputError
from geo.stats.clusters import CLUSTERS
from geo.tables.read import read_table
from layers.borough.assemble import assemble
from layers.catalogue import catalogue

pytestmark = pytest.mark.real


@pytest.mark.parametrize("level", ["lsoa", "msoa"])
def test_boundaries_of_2021_in_the_place_of_2011(official, level):
    later = official.mirror / catalogue()[f"{level}_2021_boundaries"].path
    with pytest.raises(InputError) as caught:
        read_areas(later, catalogue()[f"{level}_2011_boundaries"])
    field = f"{level.upper()}11CD"
    assert f"no field “{field}” (the nearest is {field.replace('11', '21')})" in caught.value.found


@pytest.mark.parametrize(
    ("role", "later", "table", "said"),
    [
        ("imd", "imd_2025", "main", "no column “LSOA code (2011)”; the nearest is"),
        ("names", "msoa_2021_names", "main", "no column “msoa11cd”"),
    ],
)
def test_a_table_of_another_year_is_refused_by_its_columns(
    official, official_file, role, later, table, said
):
    with pytest.raises(InputError) as caught:
        read_table(official_file(later)[0], official.source(role), table)
    assert said in caught.value.found


@pytest.mark.parametrize("year", [2021, 2022])
def test_a_workbook_of_another_vintage_is_refused_by_its_codes(official, year):
    path = official.mirror / catalogue()[f"fuel_poverty_{year}"].path
    with pytest.raises(CodeError) as caught:
        read_table(path, official.source("fuel_poverty"), "lsoa")
    assert "33,755 rows instead of 32,844" in caught.value.found
    assert "LSOA 2011" in caught.value.expected


@pytest.mark.parametrize(
    ("code", "name", "lsoas", "pockets"),
    [
        ("E06000053", "Isles of Scilly", 1, 0),
        ("E09000001", "City of London", 6, 0),
        ("E06000006", "Halton", 79, None),
    ],
)
def test_the_smallest_boroughs_are_made_too(country, found, code, name, lsoas, pockets):
    borough = assemble(country, code, place=name)
    assert (borough.name, len(borough.lsoa)) == (name, lsoas)
    expected = found.lsoa.loc[borough.lsoa.index, "pocket_id"].replace("", None).nunique()
    assert len(borough.pockets) == expected
    assert pockets in (None, expected)
    assert {"name", "recurrence", "imd_2019_score", "neighbour_pockets"} <= set(borough.pockets)
    assert borough.lsoa["imd_2019_cluster_borough"].isin(CLUSTERS).all()
    assert borough.chance.loc["england", "areas"].between(0, lsoas).all()
    assert borough.gradients.loc["imd_2019", "areas"] == lsoas
