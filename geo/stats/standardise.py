"""Indirect standardisation: expected counts, ratios with limits, smoothing, rank ranges.

Each ratio compares one area with the reference, given its age and sex structure; two areas'
ratios are not comparable with each other as directly standardised rates would be, because each is
weighted by its own population. Nothing but age and sex (the bands given) is adjusted for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from geo.errors import CodeError, InputError, some

CONFIDENCE = 0.95
EXACT_BELOW = 10
MINIMUM_EXPECTED = 1.0
DRAWS = 4_000


@dataclass(frozen=True, kw_only=True)
class Prior:
    """Where smoothed ratios are drawn to: the ``mean`` ratio and the ``variance`` between areas.

    ``variance`` is what is left of the spread of the ratios after chance; 0 when chance explains
    it all.
    """

    mean: float
    variance: float


def reference_rates(counts: pd.Series, populations: pd.Series) -> pd.Series:
    """Divide the reference's counts by its populations, band by band (per person, for the period).

    Both are indexed by the same bands, for instance ``(sex, age band)``; their order does not
    matter. Raises ``CodeError`` when the bands differ and ``InputError`` when a population is not
    positive or a count is negative or missing.

    >>> reference_rates(pd.Series({"f": 3, "m": 8}), pd.Series({"m": 200, "f": 100})).to_dict()
    {'f': 0.03, 'm': 0.04}
    """
    _require_same(counts.index, populations.index, what="bands")
    people = populations.astype("float64").reindex(counts.index)
    _require(people > 0, people, what="populations of the reference", expected="above 0")
    _require_counts(counts, what="counts of the reference")
    return counts.astype("float64") / people


def expected_counts(populations: pd.DataFrame, rates: pd.Series) -> pd.Series:
    """Sum, for each area, its population in each band times the reference's rate there.

    ``populations`` has one row an area and one column a band; ``rates`` is indexed by the same
    bands. Raises ``CodeError`` when the bands differ and ``InputError`` for a negative or missing
    population.

    >>> people = pd.DataFrame({"f": [100, 0], "m": [50, 200]}, index=["a", "b"])
    >>> expected_counts(people, pd.Series({"f": 0.03, "m": 0.04})).to_dict()
    {'a': 5.0, 'b': 8.0}
    """
    _require_same(populations.columns, rates.index, what="bands")
    numbers = populations.astype("float64")
    lowest = numbers.min(axis=1, skipna=False)
    _require(lowest >= 0, lowest, what="areas' populations", expected="0 or more in every band")
    return (numbers * rates.reindex(populations.columns)).sum(axis=1)


def ratio_with_limits(
    observed: pd.Series, expected: pd.Series, *, minimum_expected: float = MINIMUM_EXPECTED
) -> pd.DataFrame:
    """Divide observed by expected: columns ``ratio``, ``ratio_lower``, ``ratio_upper`` (95%).

    Limits of the observed count O, divided by the expected count, as in R's PHEindicatormethods:

    - O < 10, exact Poisson from the chi-square distribution: lower χ²(0.025; 2O) / 2, which is 0
      for O = 0; upper χ²(0.975; 2O + 2) / 2;
    - otherwise Byar's approximation: O (1 − 1/9O − z/3√O)³ and (O+1) (1 − 1/9(O+1) + z/3√(O+1))³,
      z = 1.959964.

    No ratio (NaN in all three) where fewer than ``minimum_expected`` are expected. Raises
    ``InputError`` for a negative, infinite or missing count, and ``CodeError`` when the two are
    not of the same areas.

    >>> ratio_with_limits(pd.Series([4.0]), pd.Series([2.0])).round(3).to_numpy().tolist()
    [[2.0, 0.545, 5.121]]
    """
    wanted = _expected_of(observed, expected)
    counts = observed.to_numpy(dtype="float64")
    lower, upper = _count_limits(counts)
    limits = pd.DataFrame(
        {"ratio": counts, "ratio_lower": lower, "ratio_upper": upper}, index=observed.index
    )
    enough = wanted.where((wanted >= minimum_expected) & (wanted > 0))
    return limits.div(enough, axis=0)


def estimate_prior(observed: pd.Series, expected: pd.Series) -> Prior:
    """Estimate the mean and the true variance of the areas' ratios by the method of moments.

    Marshall's (1991) global estimator over n areas: m = ΣO / ΣE; s² = ΣE (O/E − m)² / ΣE;
    variance = s² − m / (ΣE / n), and 0 where that is negative. Areas in which nothing is expected
    are left out.

    >>> estimate_prior(pd.Series([5, 20, 5]), pd.Series([10.0, 10.0, 10.0]))
    Prior(mean=1.0, variance=0.4)
    """
    wanted = _expected_of(observed, expected)
    wanted = wanted[wanted > 0]
    if wanted.empty:
        raise InputError(
            "No area has an expected count", expected="at least one area with more than 0"
        )
    counts = observed.astype("float64").reindex(wanted.index)
    mean = float(counts.sum() / wanted.sum())
    spread = float((wanted * (counts / wanted - mean) ** 2).sum() / wanted.sum())
    return Prior(mean=mean, variance=max(0.0, spread - mean / float(wanted.mean())))


def smoothed_ratio(
    observed: pd.Series, expected: pd.Series, *, prior: Prior | None = None
) -> pd.Series:
    """Draw each ratio towards the mean of all, the more so the fewer are expected.

    Empirical Bayes, Marshall (1991), Applied Statistics 40(2), 283–294: m + w (O/E − m), with w =
    A / (A + m / E) and A the variance of ``prior``, which is estimated on the areas given when it
    is not passed: pass the one of all areas of the country, so that a result never depends on
    what is built. It stands beside the raw ratio, never instead of it. NaN where nothing is
    expected.

    >>> prior = Prior(mean=1.0, variance=0.1)
    >>> smoothed_ratio(pd.Series([20, 0]), pd.Series([10.0, 0.0]), prior=prior).tolist()
    [1.5, nan]
    """
    wanted = _expected_of(observed, expected)
    at = prior or estimate_prior(observed, expected)
    positive = wanted.where(wanted > 0)
    ratio = observed.astype("float64") / positive
    if at.variance == 0:
        return ratio * 0 + at.mean
    signal = at.variance * positive
    return at.mean + signal / (signal + at.mean) * (ratio - at.mean)


def overdispersion(observed: pd.Series, expected: pd.Series) -> float:
    """Measure how much more the counts vary than chance allows: 1 is chance alone.

    Pearson's χ² / (n − 1) about the pooled ratio m = ΣO / ΣE: Σ (O − mE)² / mE / (n − 1). Areas
    in which nothing is expected are left out; NaN for fewer than two areas or when nothing was
    observed. Well above 1, limits that allow for chance alone are too narrow.

    >>> overdispersion(pd.Series([5, 20, 5]), pd.Series([10.0, 10.0, 10.0]))
    7.5
    """
    wanted = _expected_of(observed, expected)
    wanted = wanted[wanted > 0]
    counts = observed.astype("float64").reindex(wanted.index)
    if len(wanted) < 2 or counts.sum() == 0:
        return float("nan")
    fitted = wanted * (counts.sum() / wanted.sum())
    return float(((counts - fitted) ** 2 / fitted).sum() / (len(wanted) - 1))


def rank_ranges(
    observed: pd.Series,
    expected: pd.Series,
    *,
    prior: Prior,
    by: pd.Series,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate how far ranks within groups could go by chance: columns ``lower``, ``upper``.

    Each area's ratio has a gamma posterior: the prior is the gamma distribution with the mean m
    and variance A of ``prior`` (that of `smoothed_ratio`, so the posterior's mean is the smoothed
    ratio), the posterior Gamma(shape m²/A + O, rate m/A + E). The ranks within the groups ``by``
    (1 = highest) of ``draws`` simulations give the 95% interval: the 2.5th and 97.5th percentile,
    taken at an observed rank. With A = 0 chance explains every difference, and the interval is
    the whole group.

    An area has its own random stream, set by ``seed`` and its code: its draws are the same
    whichever other areas are ranked. Areas with fewer than `MINIMUM_EXPECTED` expected, or
    without a group, are not ranked (NaN).
    """
    wanted = _expected_of(observed, expected)
    ranked = wanted[(wanted >= MINIMUM_EXPECTED) & by.reindex(wanted.index).notna()].index
    result = pd.DataFrame(np.nan, index=observed.index, columns=["lower", "upper"])
    for _, codes in pd.Series(ranked, ranked).groupby(by.reindex(ranked)):
        counts, means = observed.loc[codes.index], wanted.loc[codes.index]
        result.loc[codes.index] = _interval(counts, means, prior=prior, draws=draws, seed=seed)
    return result


def _interval(
    observed: pd.Series, expected: pd.Series, *, prior: Prior, draws: int, seed: int
) -> NDArray[np.float64]:
    """Return the lowest and highest likely rank of each area of one group."""
    if prior.variance == 0:
        return np.tile([1.0, float(len(observed))], (len(observed), 1))
    shape = prior.mean**2 / prior.variance + observed.to_numpy(dtype="float64")
    rate = prior.mean / prior.variance + expected.to_numpy()
    ratios = np.column_stack(
        [
            _stream(code, seed).gamma(a, 1 / b, draws)
            for code, a, b in zip(observed.index, shape, rate, strict=True)
        ]
    )
    # Draws have no ties, so the inverse of the order is the rank: four times as quick as rankdata.
    ranks = np.argsort(np.argsort(-ratios, axis=1), axis=1) + 1
    tail = (1 - CONFIDENCE) / 2
    lower = np.quantile(ranks, tail, axis=0, method="lower")
    upper = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    return np.column_stack([lower, upper])


def _stream(code: object, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, *str(code).encode()])


def _count_limits(counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the 95% limits of counts: exact below ten, Byar's from ten on."""
    tail = (1 - CONFIDENCE) / 2
    z = stats.norm.ppf(1 - tail)
    few = counts < EXACT_BELOW
    # Byar's lower limit divides by the count, so small counts are replaced before it is worked out.
    many = np.maximum(counts, EXACT_BELOW)
    byar_lower = many * (1 - 1 / (9 * many) - z / (3 * np.sqrt(many))) ** 3
    byar_upper = (many + 1) * (1 - 1 / (9 * (many + 1)) + z / (3 * np.sqrt(many + 1))) ** 3
    # χ² with 0 degrees of freedom is the point 0, which scipy gives as NaN.
    exact_lower = np.where(counts > 0, stats.chi2.ppf(tail, 2 * np.maximum(counts, 0.5)) / 2, 0.0)
    exact_upper = stats.chi2.ppf(1 - tail, 2 * counts + 2) / 2
    return np.where(few, exact_lower, byar_lower), np.where(few, exact_upper, byar_upper)


def _expected_of(observed: pd.Series, expected: pd.Series) -> pd.Series:
    """Check both counts and return the expected ones in the order of the observed."""
    _require_same(observed.index, expected.index, what="areas")
    _require_counts(observed, what="observed counts")
    _require_counts(expected, what="expected counts")
    return expected.astype("float64").reindex(observed.index)


def _require_same(left: pd.Index, right: pd.Index, *, what: str) -> None:
    different = left.symmetric_difference(right)
    if len(different) or len(left) != len(right) or not left.is_unique:
        raise CodeError(
            f"Two sides of a standardisation do not have the same {what}",
            expected=f"the same {what} on both sides, each once",
            found=f"{len(left):,} and {len(right):,}; unmatched: {some(different) or 'none'}",
        )


def _require_counts(counts: pd.Series, *, what: str) -> None:
    numbers = counts.astype("float64")
    _require((numbers >= 0) & np.isfinite(numbers), numbers, what=what, expected="0 or more")


def _require(right: pd.Series, numbers: pd.Series, *, what: str, expected: str) -> None:
    """Refuse numbers that are not right, naming the first few; NaN is never right."""
    wrong = numbers[~right]
    if len(wrong):
        raise InputError(
            f"{len(wrong):,} of the {what} are negative or missing",
            expected=f"numbers, {expected}",
            found=some(f"{code}: {number:g}" for code, number in wrong.items()),
            do="leave out areas without a count, or correct the source",
        )
