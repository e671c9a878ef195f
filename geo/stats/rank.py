"""Ranks and equal parts: rank 1 and part 1 are always the worst, ties share the lowest rank.

A rank says how many areas are worse, plus one. It says nothing about how far apart areas are:
never turn ranks into ratios.
"""

from __future__ import annotations

import pandas as pd

from geo.errors import InputError

FEWEST_RANKED = 5
"""With fewer areas than this there are no ranks and no fifths within a borough."""


def rank_worst_first(values: pd.Series, by: pd.Series | None = None) -> pd.Series:
    """Rank areas so that 1 is the highest value, within groups where ``by`` names them.

    ``by`` is aligned on the index of ``values``. Ties share the lowest rank; an area without a
    value, or without a group, has no rank (NaN).

    >>> rank_worst_first(pd.Series([5.0, 9.0, 9.0, None], index=list("abcd"))).tolist()
    [3.0, 1.0, 1.0, nan]
    """
    return _rank(values, by, ascending=False)


def rank_of_ranks(ranks: pd.Series, by: pd.Series | None = None, *, fewest: int = 1) -> pd.Series:
    """Rank areas within groups by a rank they already have, 1 = the worst.

    Used where official ranks say more than the published score, which is rounded. Ties and missing
    ranks are treated as in `rank_worst_first`. Where fewer than ``fewest`` areas of a group have a
    rank, none has one there.

    >>> rank_of_ranks(pd.Series([120, 7, 7, 3000]), pd.Series(list("aaab"))).tolist()
    [3.0, 1.0, 1.0, 1.0]
    """
    found = _rank(ranks, by, ascending=True)
    return found.where(_ranked(found, by) >= fewest)


def tenths(
    ranks: pd.Series, *, parts: int = 10, by: pd.Series | None = None, count: int | None = None
) -> pd.Series:
    """Cut ranks into equal parts: ceil(rank × parts / n), so that part 1 is the worst.

    n is ``count`` where given (all of England's areas, when only some are at hand), otherwise the
    number of areas that have a rank, in each group where ``by`` names them. This is how the
    publisher's deciles of the Indices are made. Raises ``InputError`` for ranks outside 1 … n.

    >>> tenths(pd.Series([1, 2, 3, 4, 5]), parts=5).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0]
    >>> tenths(pd.Series([3284, 3285]), count=32844).tolist()
    [1.0, 2.0]
    """
    numbers = ranks.astype("float64")
    ranked = _ranked(numbers, by) if count is None else pd.Series(float(count), numbers.index)
    outside = (numbers < 1) | (numbers > ranked)
    if outside.any():
        raise InputError(
            f"{int(outside.sum()):,} ranks are outside the number of areas ranked",
            expected="ranks from 1 to the number of areas",
            found=f"{numbers[outside].iloc[0]:g}",
            do="give the ranks of the same areas that are counted",
        )
    # Negated floor division is the ceiling, and exact: no rounding pushes an area over an edge.
    return -(-numbers * parts // ranked)


def fifths(ranks: pd.Series, *, by: pd.Series | None = None, count: int | None = None) -> pd.Series:
    """Cut ranks into fifths; see `tenths`.

    >>> fifths(pd.Series([1, 2, 3, 4, 5, 6])).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 5.0]
    """
    return tenths(ranks, parts=5, by=by, count=count)


def percentiles(ranks: pd.Series, count: int) -> pd.Series:
    """Turn ranks into the percentage of areas that are no worse, 100 = the worst.

    100 × (count − rank + 1) / count.

    >>> percentiles(pd.Series([1, 50, 100]), 100).tolist()
    [100.0, 51.0, 1.0]
    """
    return 100.0 * (count - ranks.astype("float64") + 1.0) / count


def _rank(values: pd.Series, by: pd.Series | None, *, ascending: bool) -> pd.Series:
    numbers = values.astype("float64")
    groups = numbers if by is None else numbers.groupby(by.reindex(values.index))
    return groups.rank(method="min", ascending=ascending)


def _ranked(ranks: pd.Series, by: pd.Series | None) -> pd.Series:
    """Count, for each area, the areas of its group that have a rank."""
    if by is None:
        return pd.Series(float(ranks.count()), ranks.index)
    return ranks.groupby(by.reindex(ranks.index)).transform("count").astype("float64")
