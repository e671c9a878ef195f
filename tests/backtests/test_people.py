"""People counted and by age on the publisher's own files, against what is published of them."""

from __future__ import annotations

import pytest

from geo.tables.read import read_table
from layers.catalogue import catalogue
from layers.findings.reach import reach_of_all, within_tenths
from layers.kinds.reading import PEOPLE_BY_AGE
from layers.table.summaries import people_of_all

pytestmark = pytest.mark.real

PUBLISHED = {"population": 57_112_129, "income": 13_223_800, "employment": 4_787_240}
"""People of 2025, and those whom its File 8 counts, in fives."""
COUNTED = {
    "Halton": (126_719, 23_425.709, 11_504.045, (25_195, 72_156, 29_368)),
    "Liverpool": (479_723, 112_634.205, 54_281.922, (81_104, 304_780, 93_839)),
}
"""Of 2019, summed from the lines of File 7 by separate code: all, income, employment, ages."""


@pytest.fixture(scope="module")
def indices_2025(official_mirror):
    source = catalogue()["imd_2025"]
    return read_table(official_mirror / source.path, source, "main")


def test_england_of_2019(tables):
    people = people_of_all(tables.edition, tables.lsoa, tables.msoa)
    assert people["population"] == 54_728_204 == sum(people[column] for column in PEOPLE_BY_AGE)
    assert people["imd_2019_income_people"] == pytest.approx(7_036_441.727)
    assert people["imd_2019_employment_people"] == pytest.approx(3_160_548.467)


def test_whom_a_cut_off_would_reach_in_england(tables):
    # summed from the lines of File 7 of 2019: rates × people, in deciles 1 and in 1 and 2
    reach = reach_of_all(tables.edition, tables.lsoa, 32_844)
    assert len(reach) == 100
    for tenths, counted, people in ((1, 25.1596817, 9.8574695), (2, 43.1663281, 19.9291521)):
        row = within_tenths(reach, tenths, 32_844)
        assert row["imd_2019_income_people_pct"] == pytest.approx(counted)
        assert row["population_pct"] == pytest.approx(people)


@pytest.mark.parametrize("name", COUNTED)
def test_a_borough_of_2019(tables, ground, name):
    (code,) = ground.select(name).codes
    row = tables.districts.loc[code]
    population, income, employment, ages = COUNTED[name]
    assert row["population"] == population == sum(ages)
    assert tuple(row[list(PEOPLE_BY_AGE)]) == ages
    assert row["imd_2019_income_people"] == pytest.approx(income)
    assert row["imd_2019_employment_people"] == pytest.approx(employment, abs=1e-3)


def test_ages_add_up_to_the_population_in_every_small_area_of_both_editions(tables, indices_2025):
    for table in (tables.lsoa, indices_2025):
        assert (table[list(PEOPLE_BY_AGE)].sum(axis="columns") == table["population"]).all()


def test_rates_of_2025_come_to_what_is_counted_within_their_three_decimals(indices_2025):
    people = indices_2025["population"]
    assert people.sum() == PUBLISHED["population"]
    counted = (indices_2025["income_score"] * people).sum()
    assert round(100 * PUBLISHED["income"] / people.sum(), 2) == 23.15
    assert counted == pytest.approx(PUBLISHED["income"], rel=0.0015)
    workers = (indices_2025["employment_score"] * indices_2025["working_age_population"]).sum()
    assert workers == pytest.approx(PUBLISHED["employment"], rel=0.004)
