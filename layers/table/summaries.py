"""What LSOA values amount to for MSOAs and districts.

For the Indices the summaries of districts follow the publisher's technical report (MHCLG, The
English Indices of Deprivation 2019, section 3.8): no single one is "the" measure, they answer
different questions. Weights are the Indices' own denominators: people of working age for the
employment domain, all people for every other (`Layer.weight`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.stats.rank import tenths
from geo.stats.standardise import ratio_with_limits, smoothed_ratio
from layers.kinds.covid_mortality import layer_of as covid_layer
from layers.kinds.fuel_poverty import COUNTS
from layers.kinds.fuel_poverty import layer_of as fuel_layer
from layers.kinds.imd import layers_of
from layers.layer import Edition

LOCAL_SHARE = 0.10
"""Local concentration looks at the most deprived LSOAs that hold this share of the population."""


def weighted_mean(values: pd.Series, weights: pd.Series, by: pd.Series) -> pd.Series:
    """Return the weighted mean of each group's values; areas without one count for nothing.

    >>> by = pd.Series(list("aab"))
    >>> weighted_mean(pd.Series([1.0, 4.0, 9.0]), pd.Series([2, 1, 5]), by).tolist()
    [2.0, 9.0]
    """
    known = weights.where(values.notna()).astype("float64")
    totals = known.groupby(by).sum()
    return (values * known).groupby(by).sum() / totals.where(totals > 0)


def means_of(edition: Edition, lsoa: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return weighted means of the Indices and the air, and fuel poverty from its counts.

    Indexed by the groups; the columns are those of the layers' values, which here are means. An
    LSOA without a value, or without one of the two counts, is left out.
    """
    fuel = fuel_layer(edition)
    counted = lsoa[[f"{fuel.id}_{count}" for count in COUNTS]].dropna()
    counts = counted.groupby(by.reindex(counted.index)).sum()
    households = counts[f"{fuel.id}_households"]
    columns = {
        layer.value: weighted_mean(lsoa[layer.value], lsoa[layer.weight], by)
        for layer in edition.layers
        if layer.kind in {"imd", "air_quality"}
    }
    share = 100 * counts[f"{fuel.id}_fuel_poor"] / households.where(households > 0)
    return pd.DataFrame(columns).join(counts.assign(**{fuel.value: share}))


def msoa_covid_sums(edition: Edition, msoa: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Add up observed and expected deaths of MSOAs over larger areas; ratio with limits there."""
    layer = covid_layer(edition)
    sums = msoa[[f"{layer.id}_observed", f"{layer.id}_expected"]].groupby(by).sum()
    limits = ratio_with_limits(sums.iloc[:, 0], sums.iloc[:, 1])
    return sums.join(limits.add_prefix(f"{layer.id}_"))


def district_mortality(edition: Edition, msoa: pd.DataFrame) -> pd.DataFrame:
    """Return `msoa_covid_sums` of districts, and the ratio smoothed by the prior of all of them."""
    layer = covid_layer(edition)
    sums = msoa_covid_sums(edition, msoa, msoa["lad_code"])
    smoothed = smoothed_ratio(sums[f"{layer.id}_observed"], sums[f"{layer.id}_expected"])
    return sums.assign(**{f"{layer.id}_ratio_smoothed": smoothed})


def district_indices(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return the publisher's summaries for districts, overall and by domain.

    Columns ``{id}_average_score``, ``{id}_average_rank`` (ranks reversed, so that high is worse),
    ``{id}_worst_tenth_pct`` and ``{id}_worst_fifth_pct`` (share of LSOAs among England's most
    deprived, of those with a rank), ``{id}_extent_pct`` and ``{id}_local_concentration``.
    """
    by = lsoa["lad_code"]
    columns: dict[str, pd.Series] = {}
    for layer in layers_of(edition):
        rank, people = lsoa[f"{layer.id}_rank"], lsoa[layer.weight]
        reversed_rank = rank.count() + 1 - rank
        columns |= {
            f"{layer.id}_average_score": weighted_mean(lsoa[layer.value], people, by),
            f"{layer.id}_average_rank": weighted_mean(reversed_rank, people, by),
            f"{layer.id}_worst_tenth_pct": share_in_part(tenths(rank), by),
            f"{layer.id}_worst_fifth_pct": share_in_part(tenths(rank, parts=5), by),
            f"{layer.id}_extent_pct": 100 * weighted_mean(extent_weights(rank), people, by),
            f"{layer.id}_local_concentration": local_concentration(reversed_rank, people, by),
        }
    return pd.DataFrame(columns)


def share_in_part(parts: pd.Series, by: pd.Series) -> pd.Series:
    """Return the percentage of each group's areas that are in part 1, of those that are in any.

    >>> share_in_part(pd.Series([1, 2, None, None]), pd.Series(list("aaab"))).tolist()
    [50.0, nan]
    """
    return 100 * parts.eq(1).astype("float64").where(parts.notna()).groupby(by).mean()


def extent_weights(ranks: pd.Series) -> pd.Series:
    """Return how much an LSOA counts towards the extent of deprivation.

    1 to the 10th percentile of deprivation, 0.95 at the 11th falling evenly to 0.05 at the 30th,
    then 0.

    >>> extent_weights(pd.Series(range(1, 101))).iloc[[9, 10, 29, 30]].tolist()
    [1.0, 0.95, 0.05, 0.0]
    """
    percentile = tenths(ranks, parts=100)
    sliding = 0.95 - (percentile - 11) * 0.9 / 19
    weights = np.select([percentile <= 10, percentile <= 30], [1.0, sliding.round(10)], 0.0)
    return pd.Series(weights, ranks.index).where(percentile.notna())


def local_concentration(reversed_rank: pd.Series, people: pd.Series, by: pd.Series) -> pd.Series:
    """Return the mean reversed rank of the most deprived LSOAs that hold 10% of a group's people.

    The last LSOA counts for the part of it that completes the 10%. One without a rank is left out.

    >>> ranks, people = pd.Series([50, 90, 10]), pd.Series([450, 50, 500])
    >>> local_concentration(ranks, people, pd.Series(list("aaa"))).tolist()
    [70.0]
    """
    order = pd.DataFrame({"rank": reversed_rank, "people": people, "by": by})
    order = (
        order[order["rank"].notna()]
        .rename_axis("area_code")
        .sort_values(["rank", "area_code"], ascending=[False, True])
    )
    wanted = order["by"].map(order.groupby("by")["people"].sum()) * LOCAL_SHARE
    before = order.groupby("by")["people"].cumsum() - order["people"]
    counted = (wanted - before).clip(lower=0).clip(upper=order["people"])
    weighted = (order["rank"] * counted).groupby(order["by"]).sum()
    return weighted / counted.groupby(order["by"]).sum()
