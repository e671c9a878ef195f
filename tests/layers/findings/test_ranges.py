"""How far ranks within a borough could go, by chance and by weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.stats.standardise import estimate_prior, rank_ranges
from layers.findings.ranges import rank_ranges_of
from layers.kinds import covid_mortality
from layers.kinds.domain_weights import deprivation_rank_range


def test_an_interval_of_ranks_holds_numbers_of_the_borough(tables):
    found = rank_ranges_of(tables.edition, tables.msoa, "MSOA")
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
    assert rank_ranges_of(tables.edition, few, "LSOA").isna().all(axis=None)
    some = tables.msoa.copy()
    some.loc[some["lad_code"] == "E06900001", "covid_2020_21_rank_borough"] = np.nan
    found = rank_ranges_of(tables.edition, some, "MSOA")
    assert found.isna().all(axis=1).equals(some["lad_code"] == "E06900001")


def test_a_boroughs_intervals_do_not_depend_on_the_others_ranked(tables, monkeypatch):
    prior = covid_mortality.estimate_prior(
        tables.msoa["covid_2020_21_observed"], tables.msoa["covid_2020_21_expected"]
    )
    every = rank_ranges_of(tables.edition, tables.msoa, "MSOA")
    own = tables.msoa[tables.msoa["lad_code"] == "E06900001"]
    # The prior is England's, whichever areas are ranked.
    monkeypatch.setattr(covid_mortality, "estimate_prior", lambda *_: prior)
    alone = rank_ranges_of(tables.edition, own.iloc[::-1], "MSOA")
    pd.testing.assert_frame_equal(alone.sort_index(), every.loc[own.index])


def test_a_range_over_weights_holds_the_published_rank(tables):
    found = rank_ranges_of(tables.edition, tables.lsoa, "LSOA")
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


def test_an_interval_is_drawn_with_the_seed_that_is_declared(tables):
    counts = (tables.msoa["covid_2020_21_observed"], tables.msoa["covid_2020_21_expected"])
    drawn = {
        seed: rank_ranges(
            *counts, prior=estimate_prior(*counts), by=tables.msoa["lad_code"], seed=seed
        ).to_numpy()
        for seed in (0, 20210430)
    }
    found = rank_ranges_of(tables.edition, tables.msoa, "MSOA").to_numpy()
    np.testing.assert_array_equal(found, drawn[20210430])
    assert (drawn[0] != drawn[20210430]).any()


def test_a_range_is_over_sets_made_of_the_indexs_own_weights(tables):
    weights = pd.Series(tables.edition.parameters["weights"], dtype="float64")
    assert weights.nunique() > 1
    lsoa = tables.lsoa
    columns = [f"imd_2019_{domain}_rank" for domain in weights.index]
    ranks = lsoa[columns].set_axis(weights.index, axis="columns")
    found = rank_ranges_of(tables.edition, lsoa, "LSOA").to_numpy()
    for chosen, same in ((weights, True), (weights * 0 + 1, False)):
        by_hand = deprivation_rank_range(
            ranks, chosen, count=230, by=lsoa["lad_code"], published=lsoa["imd_2019_rank"]
        ).to_numpy()
        assert np.array_equal(found, by_hand, equal_nan=True) is same
