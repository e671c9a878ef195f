"""Whom pockets and cut-offs reach: small tables checked by eye."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from layers.findings.reach import (
    counted_in_areas,
    outside_pockets,
    reach_of,
    reach_of_all,
    within_tenths,
)
from layers.layer import edition

EDITION = edition("2019")
INCOME, EMPLOYMENT = "imd_2019_income_people", "imd_2019_employment_people"


def areas(**changed):
    """Return four small areas, at ranks 5, 20, 20 and 90 of 100, two of them in a pocket."""
    columns = {
        "imd_2019_rank": [90, 20, 5, 20],
        "population": [1000, 500, 250, 250],
        INCOME: [100.0, 150.0, 100.0, 50.0],
        EMPLOYMENT: [10.0, 20.0, 30.0, 40.0],
        "pocket_id": ["", "A-b", "A-b", ""],
    }
    return pd.DataFrame(columns | changed, index=list("abcd"))


def test_shares_of_people_are_counted_in_small_areas():
    assert [layer.people for layer in counted_in_areas(EDITION)] == [INCOME, EMPLOYMENT]


def test_people_outside_every_pocket_are_counted_with_their_share():
    assert outside_pockets(EDITION, areas()) == {
        "imd_2019_income_people_outside_pockets": 150.0,
        "imd_2019_income_people_outside_pockets_pct": 37.5,
        "imd_2019_employment_people_outside_pockets": 50.0,
        "imd_2019_employment_people_outside_pockets_pct": 50.0,
    }


@pytest.mark.parametrize(
    ("changed", "outside", "percent"),
    [
        ({"pocket_id": "A-b"}, 0.0, 0.0),
        ({"pocket_id": ""}, 400.0, 100.0),
        ({INCOME: 0.0}, 0.0, math.nan),
        ({INCOME: [100.0, np.nan, 100.0, 50.0]}, math.nan, math.nan),
        ({INCOME: [np.nan, 150.0, 100.0, 50.0]}, math.nan, math.nan),
    ],
    ids=["all inside", "no pocket", "nobody", "unknown inside", "unknown outside"],
)
def test_ends_of_those_outside(changed, outside, percent):
    found = outside_pockets(EDITION, areas(**changed))
    values = [found[f"{INCOME}_outside_pockets"], found[f"{INCOME}_outside_pockets_pct"]]
    assert values == pytest.approx([outside, percent], nan_ok=True)


def test_every_rank_is_a_cut_off_and_ties_come_in_together():
    found = reach_of(EDITION, areas(), 100)
    assert found.index.to_list() == [5, 20, 90]
    assert found["cut_off_pct"].to_list() == [5.0, 20.0, 90.0]
    assert found["lsoa_count"].to_list() == [1, 3, 4]
    assert found["lsoa_count_pct"].to_list() == [25.0, 75.0, 100.0]
    assert found["population_pct"].to_list() == [12.5, 50.0, 100.0]
    assert found[INCOME].to_list() == [100.0, 300.0, 400.0]
    assert found[f"{INCOME}_pct"].to_list() == [25.0, 75.0, 100.0]
    assert found[f"{EMPLOYMENT}_pct"].to_list() == [30.0, 90.0, 100.0]


@pytest.mark.parametrize(
    ("tenths", "count", "percent"),
    [(1, 100, 25.0), (2, 100, 75.0), (1, 40, 0.0), (5, 41, 75.0), (10, 100, 100.0)],
)
def test_a_cut_off_in_tenths_is_that_of_deciles(tenths, count, percent):
    lsoa = areas()
    row = within_tenths(reach_of(EDITION, lsoa, count), tenths, count)
    assert row[f"{INCOME}_pct"] == percent
    within = lsoa[np.ceil(lsoa["imd_2019_rank"] * 10 / count) <= tenths]
    assert row["lsoa_count"] == len(within)


def test_england_is_kept_at_hundredths_and_tenths_are_among_them():
    ranks = range(1, 1006)
    people = dict.fromkeys(("population", INCOME, EMPLOYMENT), 1.0)
    lsoa = pd.DataFrame({"imd_2019_rank": ranks}).assign(**people)
    found = reach_of_all(EDITION, lsoa, 1005)
    assert len(found) == 100
    assert found.index[[0, 9, 99]].tolist() == [10, 100, 1005]
    every = reach_of(EDITION, lsoa, 1005)
    for tenths in (1, 2, 10):
        assert within_tenths(found, tenths, 1005).equals(within_tenths(every, tenths, 1005))
    assert reach_of_all(EDITION, areas(), 100).index.tolist() == [5, 20, 90]


def test_an_area_without_a_rank_is_in_the_whole_and_within_no_cut_off():
    found = reach_of(EDITION, areas(imd_2019_rank=[90, np.nan, 5, 20]), 100)
    assert found[f"{INCOME}_pct"].to_list() == [25.0, 37.5, 62.5]
    assert found["population_pct"].iloc[-1] == 75.0


def test_from_an_area_whose_people_are_not_known_on_they_are_not_known():
    found = reach_of(EDITION, areas(**{INCOME: [100.0, np.nan, 100.0, 50.0]}), 100)
    assert found[INCOME].to_list() == pytest.approx([100, np.nan, np.nan], nan_ok=True)
    assert found[f"{INCOME}_pct"].isna().all()
    assert found[EMPLOYMENT].to_list() == [30, 90, 100]
