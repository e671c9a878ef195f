"""What every pocket of England is like on each layer, and how it stands among the pockets.

A pocket is ranked among pockets, those of England and those of its borough. It is never ranked as
if it were a small area: a mean of many lies nearer to the middle than the worst of them, and the
most deprived pocket of a borough would stand far down.
"""

from __future__ import annotations

import pandas as pd

from geo.space.groups import share_pct, summarise, totals
from geo.stats.rank import FEWEST_RANKED, fifths, rank_worst_first
from layers.findings.reach import counted_in_areas
from layers.kinds.registry import kind_of
from layers.layer import FRAMES, Edition, Layer


def ranked_values(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return the values of all pockets with their ranks and fifths, by pocket.

    ``lsoa`` holds all small areas of the edition with ``pocket_id``. Beside ``lad_code`` there are
    the columns of every layer: its value, and ``_rank_`` and ``_quintile_`` for England and for the
    borough, 1 the worst, among the pockets that have a value there. A pocket that is alone in its
    borough has no rank in it, one of fewer than five no fifth.
    """
    values = _values(edition, lsoa)
    inside = lsoa[lsoa["pocket_id"] != ""]
    places = inside.groupby("pocket_id")["lad_code"].first().reindex(values.index)
    return pd.concat([places, values, _standings(edition, values, places)], axis="columns")


def _values(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return each layer's value by pocket: its weighted mean, or from the counts of its LSOAs.

    Where values were carried from areas of another census, the share that is estimated too.
    """
    members = lsoa["pocket_id"]
    means = pd.concat([_means(layer, lsoa) for layer in edition.layers], axis="columns")
    own = [layer.people for layer in counted_in_areas(edition)]
    means[own] = totals(members, lsoa[own])
    for layer in edition.layers:
        counts = kind_of(layer).counts
        if counts is not None and layer.geography == "LSOA":
            sums = totals(members, lsoa[list(counts.columns(layer))])
            means[layer.value] = counts.value(sums.iloc[:, 0], sums.iloc[:, 1])
        if layer.estimated in lsoa:
            estimated = lsoa[layer.estimated].astype("float64").where(lsoa[layer.value].notna())
            means[layer.estimated_pct] = share_pct(members, estimated, lsoa[layer.weight])
    return means


def _means(layer: Layer, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Average a layer's value by pocket, and what it is ranked by where that is another column."""
    known = lsoa[lsoa[layer.value].notna()]
    columns = dict.fromkeys([layer.value, layer.ranking])
    return summarise(lsoa["pocket_id"], known[[*columns]], lsoa[layer.weight])


def _standings(edition: Edition, values: pd.DataFrame, places: pd.Series) -> pd.DataFrame:
    """Rank pockets among those of England and of their borough, worst first."""
    columns = {}
    pools = {"england": pd.Series("", places.index), "borough": places}
    for layer in edition.layers:
        known = values[layer.ranking].where(values[layer.value].notna())
        for frame in FRAMES:
            ranks = rank_worst_first(known, pools[frame])
            among = known.groupby(pools[frame]).transform("count")
            columns[layer.own_rank(frame)] = ranks.where(among > 1)
            parts = fifths(ranks, by=pools[frame])
            columns[layer.quintile_column(frame)] = parts.where(among >= FEWEST_RANKED)
    return pd.DataFrame(columns, index=values.index)
