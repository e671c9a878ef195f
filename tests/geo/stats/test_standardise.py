"""Standardised ratios against published limits, an established smoother and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import CodeError, InputError
from geo.stats.standardise import (
    Prior,
    estimate_prior,
    expected_counts,
    overdispersion,
    rank_ranges,
    ratio_with_limits,
    reference_rates,
    smoothed_ratio,
)

COUNTS = st.lists(
    st.tuples(st.integers(0, 200), st.floats(1, 100)), min_size=3, max_size=40
).filter(lambda pairs: sum(observed for observed, _ in pairs) > 0)


def pair(pairs: list[tuple[int, float]]) -> tuple[pd.Series, pd.Series]:
    codes = [f"E029{i:05d}" for i in range(len(pairs))]
    observed = pd.Series([o for o, _ in pairs], index=codes, dtype="float64")
    return observed, pd.Series([e for _, e in pairs], index=codes, dtype="float64")


def limits(observed: float, expected: float = 1.0) -> tuple[float, float]:
    row = ratio_with_limits(
        pd.Series([observed], dtype="float64"), pd.Series([expected], dtype="float64")
    ).iloc[0]
    return float(row["ratio_lower"]), float(row["ratio_upper"])


# Observed count: lower and upper 95% limit, from ph_rate(…, multiplier=1) of PHStatsMethods 0.1.16,
# the Department of Health and Social Care's Python edition of R's PHEindicatormethods, whose
# calculate_ISRatio has the same rule (exact below 10, Byar's from 10). For 0, its exact_upper.
PUBLISHED_LIMITS = {
    0: (0.0, 3.6888794541139354),
    1: (0.025317807984, 5.571643390939),
    4: (1.089865373626, 10.241588675404),
    9: (4.115373097378, 17.084803451419),
    10: (4.787449913968, 18.391458605756),
    11: (5.483690198450, 19.683237116146),
    28: (18.601686626103, 40.469309555077),
    65: (50.163187710459, 82.849138545940),
    100: (81.362105490528, 121.627937579207),
    1045: (982.593201807333, 1110.331212985650),
}


@pytest.mark.parametrize(("count", "published"), PUBLISHED_LIMITS.items())
def test_limits_agree_with_the_published_implementation(
    count: int, published: tuple[float, float]
) -> None:
    assert limits(count) == pytest.approx(published, rel=1e-11, abs=1e-12)
    assert limits(count, 4.0) == pytest.approx((published[0] / 4, published[1] / 4), rel=1e-11)


def test_exact_limits_leave_a_fortieth_in_each_tail() -> None:
    lower, upper = limits(6)
    assert stats.poisson.sf(5, lower) == pytest.approx(0.025)
    assert stats.poisson.cdf(6, upper) == pytest.approx(0.025)


def test_no_ratio_where_fewer_than_one_is_expected() -> None:
    observed, expected = pair([(3, 0.99), (3, 1.0), (0, 0.0)])
    table = ratio_with_limits(observed, expected)
    assert table.isna().all(axis=1).tolist() == [True, False, True]
    assert ratio_with_limits(observed, expected, minimum_expected=0)["ratio"].isna().tolist() == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_counts_that_are_no_counts_are_refused_by_name(bad: float) -> None:
    observed = pd.Series([2.0, bad], index=["E02900001", "E02900002"])
    expected = pd.Series([2.0, 2.0], index=observed.index)
    for first, second in ((observed, expected), (expected, observed)):
        with pytest.raises(InputError, match="E02900002"):
            ratio_with_limits(first, second)
        with pytest.raises(InputError, match="E02900002"):
            smoothed_ratio(first, second)


def test_counts_of_other_areas_are_refused() -> None:
    with pytest.raises(CodeError, match="same areas"):
        ratio_with_limits(pd.Series([1.0], index=["a"]), pd.Series([1.0], index=["b"]))


@given(COUNTS)
@settings(deadline=None)
def test_the_ratio_lies_within_its_limits(pairs: list[tuple[int, float]]) -> None:
    table = ratio_with_limits(*pair(pairs))
    assert (table["ratio_lower"] <= table["ratio"]).all()
    assert (table["ratio"] <= table["ratio_upper"]).all()


def test_expected_deaths_apply_the_rates_of_the_reference() -> None:
    bands = pd.MultiIndex.from_tuples([("f", "0-64"), ("f", "65+"), ("m", "0-64"), ("m", "65+")])
    deaths = pd.Series([10, 200, 20, 300], index=bands)
    people = pd.Series([40_000, 10_000, 40_000, 10_000], index=bands)
    areas = pd.DataFrame(
        [[1000, 100, 1000, 100], [0, 50, 0, 0]], index=["E02900001", "E02900002"], columns=bands
    )
    rates = reference_rates(deaths, people[::-1])
    # 0.25 + 2 + 0.5 + 3 and 1, by hand.
    assert expected_counts(areas, rates).to_dict() == pytest.approx(
        {"E02900001": 5.75, "E02900002": 1.0}
    )
    whole = pd.DataFrame([people], index=["whole"])
    assert expected_counts(whole, rates)["whole"] == pytest.approx(deaths.sum())


def test_bands_that_differ_and_empty_populations_are_refused() -> None:
    with pytest.raises(CodeError, match="same bands"):
        expected_counts(pd.DataFrame({"f": [1]}), pd.Series({"m": 0.1}))
    with pytest.raises(InputError, match="above 0"):
        reference_rates(pd.Series({"f": 1}), pd.Series({"f": 0}))
    with pytest.raises(InputError, match="E02900009"):
        expected_counts(pd.DataFrame({"f": [-1]}, index=["E02900009"]), pd.Series({"f": 0.1}))
    with pytest.raises(InputError, match="E02900009"):
        expected_counts(pd.DataFrame({"f": [np.nan]}, index=["E02900009"]), pd.Series({"f": 0.1}))


@given(COUNTS)
@settings(deadline=None)
def test_smoothing_agrees_with_an_established_implementation(
    pairs: list[tuple[int, float]],
) -> None:
    observed, expected = pair(pairs)
    if estimate_prior(observed, expected).variance == 0:
        return  # esda keeps a negative variance, which Marshall sets to 0
    theirs = Empirical_Bayes(observed.to_numpy(), expected.to_numpy()).r.ravel()
    assert smoothed_ratio(observed, expected).to_numpy() == pytest.approx(theirs)


def test_a_negative_variance_is_nought_and_every_ratio_the_mean() -> None:
    observed, expected = pair([(10, 10.0), (11, 10.0), (9, 10.0)])
    assert estimate_prior(observed, expected) == Prior(mean=1.0, variance=0.0)
    assert smoothed_ratio(observed, expected).tolist() == [1.0, 1.0, 1.0]


def test_nothing_observed_anywhere_smooths_to_nought() -> None:
    observed, expected = pair([(0, 10.0), (0, 5.0)])
    assert smoothed_ratio(observed, expected).tolist() == [0.0, 0.0]
    assert np.isnan(overdispersion(observed, expected))


@given(COUNTS)
@settings(deadline=None)
def test_smoothing_stays_between_the_ratio_and_the_mean(pairs: list[tuple[int, float]]) -> None:
    observed, expected = pair(pairs)
    prior = estimate_prior(observed, expected)
    ratio, smooth = observed / expected, smoothed_ratio(observed, expected)
    assert (smooth >= np.minimum(ratio, prior.mean) - 1e-9).all()
    assert (smooth <= np.maximum(ratio, prior.mean) + 1e-9).all()


def test_the_prior_passed_decides_not_the_areas_at_hand() -> None:
    observed, expected = pair([(30, 10.0), (5, 10.0), (12, 10.0)])
    prior = Prior(mean=1.0, variance=0.2)
    alone = smoothed_ratio(observed.iloc[:1], expected.iloc[:1], prior=prior)
    together = smoothed_ratio(observed, expected, prior=prior)
    assert alone.iloc[0] == together.iloc[0] == pytest.approx(1 + 2 / 3 * 2)


def test_counts_that_vary_by_chance_are_not_overdispersed() -> None:
    random = np.random.default_rng(7)
    expected = pd.Series(random.uniform(5, 40, 2000))
    chance = pd.Series(random.poisson(expected), dtype="float64")
    varied = pd.Series(random.poisson(expected * random.gamma(4, 1 / 4, 2000)), dtype="float64")
    assert overdispersion(chance, expected) == pytest.approx(1.0, abs=0.1)
    assert overdispersion(varied, expected) > 4
    assert np.isnan(overdispersion(chance.iloc[:1], expected.iloc[:1]))


def boroughs(observed: pd.Series, size: int) -> pd.Series:
    return pd.Series([f"E099{i // size:05d}" for i in range(len(observed))], index=observed.index)


def test_rank_ranges_hold_what_is_certain_and_admit_what_is_not() -> None:
    observed, expected = pair([(500, 100.0), (100, 100.0), (100, 100.0), (2, 100.0)])
    by = boroughs(observed, 4)
    ranges = rank_ranges(observed, expected, prior=Prior(mean=1.0, variance=1.0), by=by, seed=3)
    assert ranges.to_numpy().tolist() == [[1, 1], [2, 3], [2, 3], [4, 4]]


def test_rank_ranges_agree_with_the_chance_that_one_gamma_exceeds_another() -> None:
    # Two areas: P(second above first) = P(Beta(a2, a1) > b2/(b1+b2)), above or below a fortieth.
    prior = Prior(mean=1.0, variance=0.5)
    certain, expected = pair([(40, 10.0), (12, 10.0)])
    doubtful, _ = pair([(30, 10.0), (20, 10.0)])
    for observed, widest in ((certain, 1.0), (doubtful, 2.0)):
        shapes = prior.mean**2 / prior.variance + observed.to_numpy()
        chance = stats.beta.sf(0.5, shapes[1], shapes[0])
        assert (chance > 0.025) == (widest == 2.0)
        ranges = rank_ranges(observed, expected, prior=prior, by=boroughs(observed, 2), seed=1)
        assert ranges["upper"].iloc[0] == widest


def test_rank_ranges_cover_the_true_rank_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(11)
    truth = random.gamma(10, 1 / 10, 600)
    expected = pd.Series(random.uniform(5, 40, 600), index=[f"E029{i:05d}" for i in range(600)])
    observed = pd.Series(random.poisson(truth * expected), index=expected.index, dtype="float64")
    by = boroughs(observed, 20)
    prior = estimate_prior(observed, expected)
    ranges = rank_ranges(observed, expected, prior=prior, by=by, draws=2000, seed=5)
    true_rank = (-pd.Series(truth, index=expected.index)).groupby(by).rank()
    covered = (ranges["lower"] <= true_rank) & (true_rank <= ranges["upper"])
    assert 0.93 <= covered.mean() <= 1.0
    assert (ranges["upper"] - ranges["lower"]).mean() < 17


def test_rank_ranges_do_not_depend_on_what_else_is_built_or_on_order() -> None:
    observed, expected = pair([(o, 10.0) for o in (5, 9, 14, 20, 8, 12)])
    by = boroughs(observed, 3)
    prior = Prior(mean=1.0, variance=0.1)
    both = rank_ranges(observed, expected, prior=prior, by=by, draws=500, seed=2)
    alone = rank_ranges(observed[:3], expected[:3], prior=prior, by=by, draws=500, seed=2)
    turned = rank_ranges(observed[::-1], expected, prior=prior, by=by, draws=500, seed=2)
    pd.testing.assert_frame_equal(both.iloc[:3], alone)
    pd.testing.assert_frame_equal(both, turned.sort_index())


def test_another_seed_draws_other_rank_ranges() -> None:
    observed, expected = pair([(o, 10.0) for o in range(5, 25)])
    one, other = (
        rank_ranges(
            observed,
            expected,
            prior=Prior(mean=1.0, variance=0.1),
            by=boroughs(observed, 20),
            draws=100,
            seed=seed,
        )
        for seed in (1, 2)
    )
    assert not one.equals(other)


def test_rank_ranges_where_chance_explains_all_or_nothing_can_be_ranked() -> None:
    observed, expected = pair([(9, 10.0), (11, 10.0), (1, 0.5)])
    by = boroughs(observed, 3)
    ranges = rank_ranges(observed, expected, prior=Prior(mean=1.0, variance=0.0), by=by)
    assert ranges.iloc[:2].to_numpy().tolist() == [[1, 2], [1, 2]]
    assert ranges.iloc[2].isna().all()
