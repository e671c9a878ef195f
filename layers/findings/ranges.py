"""How far ranks within a borough could go, where the kind of a layer can say.

For mortality it is a 95% interval, of chance; for deprivation a range over draws of other
weights, which says nothing about chance.
"""

from __future__ import annotations

import pandas as pd

from layers.kinds.registry import kind_of
from layers.layer import Edition, Native


def rank_ranges_of(edition: Edition, areas: pd.DataFrame, native: Native) -> pd.DataFrame:
    """Return how far the ranks go on the layers that are native to some areas, a column an end.

    A column is named after that of the ranks, with the end (``lower`` and ``upper``, or ``lowest``
    and ``highest``) behind it. ``areas`` are all those of the edition. NaN where there is no rank.
    """
    found = [areas[[]]]
    for layer in edition.layers:
        ranges = kind_of(layer).ranges
        if layer.geography == native and ranges is not None:
            ends = ranges(edition, layer, areas).rename(columns=layer.rank_end)
            ranked = areas[layer.rank_column("borough")].notna()
            found.append(ends[ranked].reindex(areas.index))
    return pd.concat(found, axis="columns")
