"""The publisher's summaries of the Indices for districts.

They follow the technical report (MHCLG, The English Indices of Deprivation 2019, section 3.8): no
single one is "the" measure, they answer different questions. Weights are the Indices' own
denominators: people of working age for the employment domain, all people for every other
(`Layer.weight`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.stats.means import share_in_part, weighted_mean
from geo.stats.rank import tenths
from layers.kinds.published import Evidence, Published
from layers.layer import Layer

LOCAL_SHARE = 0.10
"""Local concentration looks at the most deprived LSOAs that hold this share of the population."""


def district_indices(layer: Layer, lsoa: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return the publisher's summaries of one of the Indices for districts.

    Columns ``{id}_average_score``, ``{id}_average_rank`` (ranks reversed, so that high is worse),
    ``{id}_worst_tenth_pct`` and ``{id}_worst_fifth_pct`` (share of LSOAs among England's most
    deprived, of those with a rank), ``{id}_extent_pct`` and ``{id}_local_concentration``.
    """
    rank, people = lsoa[str(layer.rank)], lsoa[layer.weight]
    reversed_rank = rank.count() + 1 - rank
    columns = {
        "average_score": weighted_mean(lsoa[layer.value], people, by),
        "average_rank": weighted_mean(reversed_rank, people, by),
        "worst_tenth_pct": share_in_part(tenths(rank), by),
        "worst_fifth_pct": share_in_part(tenths(rank, parts=5), by),
        "extent_pct": 100 * weighted_mean(extent_weights(rank), people, by),
        "local_concentration": local_concentration(reversed_rank, people, by),
    }
    return pd.DataFrame({layer.column(ending): values for ending, values in columns.items()})


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


PrintedSummary = tuple[str, str, str, Mapping[str, str]]
"""A published summary: what it is called, its column, how it is printed, and what was printed."""


def published_summaries(
    edition: str, source: str, summaries: Sequence[PrintedSummary]
) -> Published:
    """Return districts' summaries that were published of an edition, to be held to ours."""

    def ours(evidence: Evidence) -> list[str]:
        return [
            written.format(evidence.of_district(name, column))
            for _, column, written, printed in summaries
            for name in printed
        ]

    figures = {
        called.format(name=name): said
        for called, _, _, printed in summaries
        for name, said in printed.items()
    }
    return Published(edition=edition, source=source, figures=figures, ours=ours)


SUMMARIES_2019 = published_summaries(
    "2019",
    "MHCLG, English Indices of Deprivation 2019, File 10: local authority district summaries",
    (
        (
            "People living in income deprivation, {name}, 2019",
            "imd_2019_income_average_score",
            "{:.1%}",
            {"Knowsley": "25.1%", "Liverpool": "23.5%", "Warrington": "10.9%"},
        ),
        (
            "Average IMD score, {name}, 2019",
            "imd_2019_average_score",
            "{:.3f}",
            {"Blackpool": "45.039", "Knowsley": "43.006", "Liverpool": "42.412"},
        ),
        (
            "Average employment score, {name}, 2019",
            "imd_2019_employment_average_score",
            "{:.3f}",
            {"Liverpool": "0.176", "Wirral": "0.157", "Sefton": "0.148"},
        ),
    ),
)
SUMMARIES_2025 = published_summaries(
    "2025",
    "MHCLG, English Indices of Deprivation 2025, File 10: local authority district summaries,"
    " version 2",
    (
        (
            "Average IMD score, {name}, 2025",
            "imd_2025_average_score",
            "{:.3f}",
            {"Blackpool": "43.467", "Liverpool": "37.110"},
        ),
        (
            "Average IMD rank, {name}, 2025",
            "imd_2025_average_rank",
            "{:,.2f}",
            {"Blackpool": "26,536.86", "Liverpool": "24,476.30"},
        ),
        (
            "LSOAs in the most deprived tenth of England, {name}, 2025",
            "imd_2025_worst_tenth_pct",
            "{:.2f}%",
            {"Blackpool": "40.43%", "Liverpool": "36.75%"},
        ),
        (
            "Extent of deprivation, {name}, 2025",
            "imd_2025_extent_pct",
            "{:.2f}%",
            {"Blackpool": "52.17%", "Liverpool": "54.02%"},
        ),
        (
            "Local concentration of deprivation, {name}, 2025",
            "imd_2025_local_concentration",
            "{:,.2f}",
            {"Blackpool": "33,748.14", "Liverpool": "33,440.72"},
        ),
    ),
)
