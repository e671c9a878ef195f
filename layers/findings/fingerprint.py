"""What a pocket is made of: England's percentile on every domain, and what sets it apart.

A pocket is found by overall deprivation; its domains say what kind it is. Each is the mean of its
small areas' percentiles of rank, and is set against the borough's other deprived small areas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from geo.space.groups import in_groups, summarise
from geo.stats.apart import LESS, MORE, set_apart
from geo.stats.rank import percentiles
from layers.layer import Edition, Layer

LEAST_DIFFERENCE = 10.0
"""Percentile points by which a pocket must differ from the others for it to matter."""


def domains(edition: Edition) -> list[Layer]:
    """Return the layers that a fingerprint is made of: the domains of the Indices."""
    return [layer for layer in edition.layers if layer.domain]


def side_by_side(edition: Edition) -> list[Layer]:
    """Return the layers that pockets are set side by side on: the domains, then the others."""
    others = (layer for layer in edition.layers if not (layer.domain or layer.rank))
    return [*domains(edition), *others]


def percentiles_of(edition: Edition, lsoa: pd.DataFrame, counts: Mapping[str, int]) -> pd.DataFrame:
    """Return England's percentile of small areas on every domain, 100 the most deprived.

    The columns are the ids of the domains; ``counts`` says how many areas are ranked on each.
    """
    return pd.DataFrame(
        {
            layer.id: percentiles(lsoa[layer.rank_column("england")], counts[layer.id])
            for layer in domains(edition)
        },
        lsoa.index,
    )


def mean_percentiles(
    edition: Edition, lsoa: pd.DataFrame, by: pd.Series, counts: Mapping[str, int]
) -> pd.DataFrame:
    """Return the means of England's percentiles over the people of groups of small areas.

    A row a group, a column ``{id}_mean_percentile`` a domain, each weighted as its values are.
    """
    shares = percentiles_of(edition, lsoa, counts)
    means = {
        layer.column("mean_percentile"): summarise(by, shares[[layer.id]], lsoa[layer.weight])[
            layer.id
        ]
        for layer in domains(edition)
    }
    return pd.DataFrame(means)


def fingerprints(edition: Edition, lsoa: pd.DataFrame, counts: Mapping[str, int]) -> pd.DataFrame:
    """Return the fingerprint of every pocket of one borough, indexed by pocket.

    ``lsoa`` holds the borough's small areas with ``pocket_id`` and ``single``, ``counts`` how many
    areas are ranked in England, by layer id. For each domain ``{id}_mean_percentile``; the
    ``_percentile_lowest`` and ``_percentile_highest`` of its small areas; and
    ``_percentile_difference``, its mean less that of the borough's other small areas that meet the
    rule of pockets. ``stands_out`` and ``stands_out_less`` list the domains on which it is more,
    or less, deprived than these (see `geo.stats.apart.set_apart`); ``compared_lsoas`` counts them.
    """
    members, shares = in_groups(lsoa["pocket_id"]), percentiles_of(edition, lsoa, counts)
    pool = lsoa.index[lsoa["pocket_id"].ne("") | lsoa["single"]]
    weights = {layer.id: lsoa[layer.weight].loc[pool] for layer in domains(edition)}
    found = set_apart(
        shares.loc[pool],
        pd.DataFrame(weights, pool),
        lsoa["pocket_id"].loc[pool],
        least=LEAST_DIFFERENCE,
    )
    inside = shares.loc[members.index].groupby(members)
    ends = {"lowest": inside.min(), "highest": inside.max()}
    ends["difference"] = found["difference"].unstack("measure").reindex(columns=shares.columns)
    told = mean_percentiles(edition, lsoa, lsoa["pocket_id"], counts).assign(
        **{
            layer.column(f"percentile_{end}"): table[layer.id]
            for layer in domains(edition)
            for end, table in ends.items()
        },
        stands_out=_listed(found["verdict"], MORE),
        stands_out_less=_listed(found["verdict"], LESS),
        compared_lsoas=len(pool) - members.groupby(members).size(),
    )
    return told.rename_axis("pocket_id")


def spreads(layers: Iterable[Layer], lsoa: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return the lowest and highest value of the small areas of groups, on some layers.

    A row a group ("" is none), the columns ``{id}_lowest`` and ``{id}_highest``; a value that is
    native to larger areas is that of those which the small areas lie in. Of a layer whose small
    areas are told in fifths alone, ``{id}_fifth_worst`` and ``{id}_fifth_best`` too, of England.
    """
    members = in_groups(by)
    ends = {}
    for layer in layers:
        columns = {layer.value: ("lowest", "highest")}
        if not layer.ranks_in_words:
            columns[layer.quintile_column("england")] = ("fifth_worst", "fifth_best")
        for column, (low, high) in columns.items():
            values = lsoa[column].reindex(members.index).astype("float64").groupby(members)
            ends[layer.column(low)], ends[layer.column(high)] = values.min(), values.max()
    return pd.DataFrame(ends)


def _listed(verdicts: pd.Series, verdict: str) -> pd.Series:
    """List for every group the measures of a verdict, in their order."""
    lists = {
        group: [measure for measure, said in verdicts.loc[group].items() if said == verdict]
        for group in verdicts.index.unique("group")
    }
    return pd.Series(lists, dtype="object")
