"""How far ranks within a borough could go, by chance and by weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.findings import ranges
from layers.findings.ranges import deprivation_ranges, mortality_ranges


def test_an_interval_of_ranks_holds_numbers_of_the_borough(tables):
    found = mortality_ranges(tables.edition, tables.msoa)
    assert list(found.columns) == [
        "covid_2020_21_rank_borough_lower",
        "covid_2020_21_rank_borough_upper",
    ]
    lower, upper = (found[column] for column in found)
    sizes = tables.msoa.groupby("lad_code")["lad_name"].transform("size")
    assert (lower >= 1).all()
    assert (lower <= upper).all()
    assert (upper <= sizes).all()
    assert ((upper - lower) >= 1).any()


def test_what_has_no_rank_has_no_range(tables):
    few = tables.lsoa.assign(imd_2019_rank_borough=np.nan)
    assert deprivation_ranges(tables.edition, few).isna().all(axis=None)
    some = tables.msoa.copy()
    some.loc[some["lad_code"] == "E06900001", "covid_2020_21_rank_borough"] = np.nan
    found = mortality_ranges(tables.edition, some)
    assert found.isna().all(axis=1).equals(some["lad_code"] == "E06900001")


def test_a_boroughs_intervals_do_not_depend_on_the_others_ranked(tables, monkeypatch):
    prior = ranges.estimate_prior(
        tables.msoa["covid_2020_21_observed"], tables.msoa["covid_2020_21_expected"]
    )
    every = mortality_ranges(tables.edition, tables.msoa)
    own = tables.msoa[tables.msoa["lad_code"] == "E06900001"]
    # The prior is England's, whichever areas are ranked.
    monkeypatch.setattr(ranges, "estimate_prior", lambda *_: prior)
    alone = mortality_ranges(tables.edition, own.iloc[::-1])
    pd.testing.assert_frame_equal(alone.sort_index(), every.loc[own.index])


def test_a_range_over_weights_holds_the_published_rank(tables):
    found = deprivation_ranges(tables.edition, tables.lsoa)
    assert list(found.columns) == [
        "imd_2019_rank_borough_lowest",
        "imd_2019_rank_borough_highest",
    ]
    rank = tables.lsoa["imd_2019_rank_borough"]
    inside = rank.between(found.min(axis=1), found.max(axis=1))
    assert inside.all()
    spread = (found.iloc[:, 1] - found.iloc[:, 0]).abs()
    assert spread.max() > 0
    assert spread.max() < 140
