"""What the values of areas amount to for larger ones: means over people, or sums of counts."""

from __future__ import annotations

import pandas as pd

from geo.stats.means import weighted_mean
from layers.kinds.kind import Counts
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer, Native


def pooled(edition: Edition, areas: pd.DataFrame, by: pd.Series, native: Native) -> pd.DataFrame:
    """Return the values of groups of areas on the layers that are native to these areas.

    Indexed by the groups; the columns are those of the layers' values, and of the counts that some
    are made of. An area without a value, or without one of its two counts, is left out.
    """
    means: dict[str, pd.Series] = {}
    sums: list[pd.DataFrame] = []
    for layer in edition.layers:
        if layer.geography == native:
            counts = kind_of(layer).counts
            if counts is None:
                means[layer.value] = weighted_mean(areas[layer.value], areas[layer.weight], by)
            else:
                sums.append(summed(layer, counts, areas, by))
    groups = by.groupby(by).size().index
    return pd.concat([pd.DataFrame(means, index=groups), *sums], axis="columns")


def summed(layer: Layer, counts: Counts, areas: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Add up the two counts of a layer over groups of areas, with the value that follows.

    Where the kind works out limits, they stand beside it. A group in which nothing is known has
    neither.
    """
    over, under = counts.columns(layer)
    known = areas[[name for name in areas if name in (over, under)]].dropna()
    sums = known.groupby(by.reindex(known.index)).sum()
    if counts.limits is None:
        sums = sums.assign(**{layer.value: counts.value(sums[over], sums[under])})
    else:
        sums = sums.join(counts.limits(sums[over], sums[under]).rename(columns=layer.column))
    return sums.reindex(by.groupby(by).size().index)
