"""Means and shares of groups of areas, over those of which something is known."""

from __future__ import annotations

import pandas as pd


def weighted_mean(values: pd.Series, weights: pd.Series, by: pd.Series) -> pd.Series:
    """Return the weighted mean of each group's values; areas without one count for nothing.

    >>> by = pd.Series(list("aab"))
    >>> weighted_mean(pd.Series([1.0, 4.0, 9.0]), pd.Series([2, 1, 5]), by).tolist()
    [2.0, 9.0]
    """
    known = weights.where(values.notna()).astype("float64")
    totals = known.groupby(by).sum()
    return (values * known).groupby(by).sum() / totals.where(totals > 0)


def share_in_part(parts: pd.Series, by: pd.Series) -> pd.Series:
    """Return the percentage of each group's areas that are in part 1, of those that are in any.

    >>> share_in_part(pd.Series([1, 2, None, None]), pd.Series(list("aaab"))).tolist()
    [50.0, nan]
    """
    return 100 * parts.eq(1).astype("float64").where(parts.notna()).groupby(by).mean()
