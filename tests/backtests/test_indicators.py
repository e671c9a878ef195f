"""The indicators behind the Indices of 2025 on the official files: figures checked by hand."""

from __future__ import annotations

import pytest

from geo.tables.read import read_table
from layers.findings.behind import pooled_indicators
from layers.indicators import indicators
from layers.table.underlying import underlying

pytestmark = pytest.mark.real

LIVERPOOL, ANFIELD = "E08000012", "E01006518"


@pytest.fixture(scope="module")
def districts(official_2025):
    source = official_2025.source("imd")
    return read_table(official_2025.path("imd"), source, "main")["lad_code"]


@pytest.fixture(scope="module")
def read(official_2025, districts):
    return underlying(official_2025, districts)


def test_every_small_area_of_2021_is_there_and_every_check_passes(read):
    assert len(read.small) == 33_755
    absent, verdicts = read.checks.iloc[0], read.checks["ok"].iloc[1:]
    assert verdicts.eq(True).all(), verdicts.to_dict()
    assert len(verdicts) == 8
    assert absent["ok"] is None
    assert absent["expected"] == "40 in the publisher's files"
    assert absent["found"].startswith("28; the files of this build lack Homes in poor condition, ")
    assert not read.small.filter(like="worst_tenth").columns.size


def test_the_income_deprived_people_of_england_are_as_published(read):
    people = read.small.filter(like="_people").iloc[:, :4]
    assert people.sum().tolist() == [13_223_800, 3_869_075, 2_345_575, 4_787_240]
    assert people.isna().sum().tolist() == [5, 815, 832, 21]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("iod_2025_income_people_people", 1025),
        ("iod_2025_employment_people_people", 420),
        ("iod_2025_patients_per_gp", 6106.66),
        ("iod_2025_homelessness", 1.773),
        ("iod_2025_overcrowding_bedrooms", 8.7),
    ],
)
def test_a_small_area_of_liverpool_is_as_the_file_has_it(read, column, value):
    assert read.small.loc[ANFIELD, column] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("iod_2025_income_people_people", 169_940),
        ("iod_2025_income_people", 100 * 169_940 / 495_849),
        ("iod_2025_employment_people", 100 * 71_755 / 335_441),
        ("iod_2025_income_children", 100 * 45_190 / 83_182),
        ("iod_2025_income_children_covers_pct", 100 * 83_182 / 84_519),
        ("iod_2025_patients_per_gp", 2542.7613553440665),
        ("iod_2025_burglary", 13.33999322374351),
    ],
)
def test_liverpool_is_what_its_302_small_areas_add_up_to(
    official_2025, read, districts, column, value
):
    """The sums of counts and of people were made from the two files with another program."""
    place = districts.where(districts == LIVERPOOL)
    found = pooled_indicators(indicators(official_2025.edition), read.small, place)
    assert found.loc[LIVERPOOL, column] == pytest.approx(value, rel=1e-12)
