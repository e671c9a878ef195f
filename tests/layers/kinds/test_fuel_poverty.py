"""Shares of households in fuel poverty, and the check against the workbook's own districts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.kinds import fuel_poverty
from layers.layer import edition

EDITION = edition("2019")
BY_LSOA = pd.DataFrame(
    {
        "lad_code": ["E06900001", "E06900001", "E08900001", "E08900001"],
        "lad_name": ["Westholt", "Westholt", "Northmere", "Northmere"],
        "region": ["East", "East", "West", "West"],
        "households": [300, 600, 500, 0],
        "fuel_poor": [100, 50, 200, 0],
    },
    index=pd.Index([f"E0190000{n}" for n in range(1, 5)], name="area_code"),
)
BY_DISTRICT = pd.DataFrame(
    {"households": [900, 500, 1400], "fuel_poor": [150, 200, 350]},
    index=["E06900001", "E08900001", "E12900001"],
)


def build(by_lsoa=BY_LSOA, by_district=BY_DISTRICT):
    return fuel_poverty.build(EDITION, by_lsoa, by_district, "Fuel poverty 2020")


def test_the_share_is_of_households_and_unrounded():
    values = build().values
    assert list(values.columns) == [
        "fuel_poverty_2020_households",
        "fuel_poverty_2020_fuel_poor",
        "fuel_poverty_2020_pct",
    ]
    assert values["fuel_poverty_2020_pct"].iloc[:3].tolist() == [100 / 3, 100 / 12, 40.0]


def test_no_households_no_share():
    values = build().values
    assert np.isnan(values.loc["E01900004", "fuel_poverty_2020_pct"])
    assert values.loc["E01900004", "fuel_poverty_2020_households"] == 0


def test_the_region_of_each_district_comes_along():
    assert build().regions.to_dict() == {"E06900001": "East", "E08900001": "West"}


def test_districts_that_agree_are_one_line():
    (check,) = build().checks
    assert (check.expected, check.found, check.ok) == ("2 districts agree", "2 agree", True)


def test_a_difference_of_one_household_is_rounding():
    off = BY_DISTRICT.add([1, -1])
    assert build(by_district=off).checks[0].ok
    assert not build(by_district=BY_DISTRICT.add([2, 0])).checks[0].ok


def test_two_districts_that_were_swapped_are_found_and_named():
    swapped = BY_DISTRICT.copy()
    swapped.iloc[[0, 1]] = BY_DISTRICT.iloc[[1, 0]].to_numpy()
    checks = build(by_district=swapped).checks
    assert [check.ok for check in checks] == [False] * 3
    assert checks[0].found == "0 agree"
    assert [check.name for check in checks[1:]] == [
        "Fuel poverty 2020: Westholt",
        "Fuel poverty 2020: Northmere",
    ]
    assert checks[1].expected == "200 of 500 households (table of districts)"
    assert checks[1].found == "150 of 900 (sum of LSOAs)"


def test_a_district_that_the_table_does_not_hold_is_told():
    (check,) = build(by_district=BY_DISTRICT.drop("E08900001")).checks
    assert check.expected == "1 districts agree"
    assert "names, 1 is not in the table of districts, which is of later boundaries" in check.note


def test_nothing_to_compare_is_not_agreement():
    assert build(by_district=BY_DISTRICT.iloc[2:]).checks[0].ok is False


@pytest.mark.parametrize("order", [[3, 2, 1, 0], [1, 3, 0, 2]])
def test_the_order_of_the_rows_does_not_matter(order):
    one, other = build(), build(BY_LSOA.iloc[order], BY_DISTRICT.iloc[::-1])
    pd.testing.assert_frame_equal(other.values.sort_index(), one.values)
    assert other.checks == one.checks
