"""What is behind the Indices in a place: indicators of its small areas, pooled.

Counts are added up and divided by those of whom they are; every other value is a mean of the small
areas, weighted by people, since what rates and scores were divided by is not published. Everything
is worked out from published values alone: a blank is never filled or taken from a total, so that
nothing follows of it here that does not follow from the publisher's file, and each value says how
much of the place's people it covers. Published ranks and deciles stand beside small areas alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.stats.means import weighted_mean
from layers.indicators import Indicator, indicators_in


def pooled_indicators(
    known: Mapping[str, Indicator], small: pd.DataFrame, places: pd.Series
) -> pd.DataFrame:
    """Return the indicators of places, from the small areas (LSOAs) that they are made of.

    ``small`` is `layers.table.underlying.Underlying.small`; ``places`` is the place of each small
    area by its code: those without one (NaN) belong nowhere. One row a place, with all columns of
    each indicator that is there; NaN where nothing of a place is published. A share of people of
    whom more are counted than live there by the Indices' denominators is none.

    >>> from layers.indicators import Indicator
    >>> poor = Indicator(id="poor", table="t", domain="d", column="poor", title="Poor", unit="%",
    ...     decimals=1, of="people")
    >>> small = pd.DataFrame({"poor_people": [20, 40, None], "people": [100.0, 200.0, 100.0]})
    >>> here = pd.Series("here", index=small.index)
    >>> pooled_indicators({"poor": poor}, small, here).loc["here"].tolist()
    [20.0, 60.0, 75.0]
    """
    own = small.loc[small.index.intersection(places.dropna().index)]
    by = places.reindex(own.index)
    columns = {
        name: values
        for indicator in indicators_in(known, small.columns).values()
        for name, values in zip(indicator.columns, _pooled(indicator, own, by), strict=True)
    }
    return pd.DataFrame(columns)


def _pooled(indicator: Indicator, small: pd.DataFrame, by: pd.Series) -> list[pd.Series]:
    """Return the columns of an indicator, in their order."""
    values = small[indicator.people if indicator.of else indicator.column]
    people = small[indicator.counted]
    known = people.where(values.notna())
    covers = 100 * known.groupby(by).sum() / people.groupby(by).sum()
    if not indicator.of:
        return [weighted_mean(values, people, by), covers]
    counts = values.groupby(by).sum(min_count=1)
    of = known.groupby(by).sum()
    shares = 100 * counts / of.where(of > 0)
    ranks = [_of_itself(small[name], by).reindex(covers.index) for name in indicator.ranks]
    return [shares.where(shares <= 100), counts, covers, *ranks]


def _of_itself(ranks: pd.Series, by: pd.Series) -> pd.Series:
    """Return the ranks of the places that are small areas: no larger place has one."""
    return ranks[by == by.index]
