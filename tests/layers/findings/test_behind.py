"""Indicators of larger places: counts added up, means weighted, blanks left blank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers.findings.behind import pooled_indicators
from layers.indicators import Indicator

POOR = Indicator(
    id="poor",
    table="income",
    domain="Income",
    column="poor",
    title="Poor",
    unit="% of people",
    decimals=1,
    of="population",
)
RATE = Indicator(
    id="rate", table="crime", domain="Crime", column="rate", title="Rate", unit="rate", decimals=1
)
WORK = Indicator(
    id="work",
    table="education",
    domain="Education",
    column="work",
    title="Work",
    unit="%",
    decimals=1,
    weight="working_age_population",
)
KNOWN = {one.column: one for one in (POOR, RATE, WORK)}
AREAS = pd.Index([f"E0190000{number}" for number in range(6)], name="area_code")
NAN = np.nan
SMALL = pd.DataFrame(
    {
        "poor_people": [10, 40, NAN, 15, NAN, 90],
        "rate": [1.0, 4.0, 2.5, NAN, NAN, 7.0],
        "work": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
        "population": [100.0, 300.0, 100.0, 50.0, 200.0, 60.0],
        "working_age_population": [50.0, 150.0, 0.0, 30.0, 120.0, 40.0],
    },
    index=AREAS,
)
PLACES = pd.Series(["a", "a", "a", "b", "c", None], index=AREAS)


@pytest.fixture(scope="module")
def places():
    return pooled_indicators(KNOWN, SMALL, PLACES)


def test_counts_are_added_up_over_those_who_are_counted(places):
    assert places.loc["a", "poor_people"] == 50
    assert places.loc["a", "poor"] == 100 * 50 / 400, "of the people of the two that are counted"
    assert places.loc["a", "poor_covers_pct"] == 80


def test_rates_are_means_weighted_by_people(places):
    assert places.loc["a", "rate"] == (100 * 1.0 + 300 * 4.0 + 100 * 2.5) / 500
    assert places.loc["a", "rate_covers_pct"] == 100
    assert places.loc["a", "work"] == (50 * 10 + 150 * 20) / 200


def test_what_is_blank_in_all_of_a_place_is_no_value_and_never_nought(places):
    told = places.loc["c", ["poor", "poor_people", "rate"]]
    assert told.isna().all()
    assert places.loc["c", ["poor_covers_pct", "rate_covers_pct"]].tolist() == [0, 0]
    assert places.loc["b", ["poor", "rate_covers_pct"]].tolist() == [30, 0]


def test_an_area_of_no_place_is_left_out(places):
    assert list(places.index) == ["a", "b", "c"]


def test_where_more_are_counted_than_there_are_people_no_share_is_given():
    alone = pooled_indicators(KNOWN, SMALL, AREAS.to_series()).loc["E01900005"]
    assert alone["poor_people"] == 90
    assert np.isnan(alone["poor"])
    together = pooled_indicators(KNOWN, SMALL, pd.Series("all", index=AREAS)).loc["all"]
    assert together["poor"] == 100 * 155 / 510


def test_a_small_area_is_as_published():
    alone = pooled_indicators(KNOWN, SMALL, AREAS.to_series())
    pd.testing.assert_series_equal(alone["rate"], SMALL["rate"], check_index_type=False)
    pd.testing.assert_series_equal(
        alone["poor_people"], SMALL["poor_people"], check_index_type=False
    )


def test_ranks_stand_beside_small_areas_alone():
    skills = replace(POOR, id="skills", column="skills", ranks=("skills_rank", "skills_decile"))
    people = [100.0, 0, 0, 0, 200, 0]
    small = pd.DataFrame({"skills_people": people, "population": SMALL["population"]}, index=AREAS)
    small = small.assign(skills_rank=[1.0, 3, 4, 5, 2, 6], skills_decile=[1.0, 5, 7, 8, 1, 10])
    known = {**KNOWN, "skills": skills}
    found = pooled_indicators(known, small, PLACES)
    assert list(found) == list(skills.columns), "what the files lack is not there"
    assert found["skills"].tolist() == [20.0, 0.0, 100.0]
    assert found["skills_covers_pct"].tolist() == [100, 100, 100]
    assert found[["skills_rank", "skills_decile"]].isna().all(axis=None)
    alone = pooled_indicators(known, small, AREAS.to_series())
    assert alone["skills"].tolist() == [100.0, 0.0, 0.0, 0.0, 100.0, 0.0]
    assert alone["skills_rank"].tolist() == small["skills_rank"].tolist()
    assert alone["skills_decile"].tolist() == small["skills_decile"].tolist()


def test_no_sum_says_anything_of_a_blank():
    """Sums of parts are that of the whole: what is blank is in none, so none tells of it."""
    whole = pooled_indicators(KNOWN, SMALL, pd.Series("all", index=AREAS)).loc["all", "poor_people"]
    for blank in AREAS[SMALL["poor_people"].isna()]:
        parts = pd.Series(np.where(blank == AREAS, "blank", "others"), index=AREAS)
        others = pooled_indicators(KNOWN, SMALL, parts)["poor_people"]
        assert whole - others["others"] == 0
        assert np.isnan(others["blank"])
