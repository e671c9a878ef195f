"""How far ranks within a borough could go: by chance for mortality, by weights for deprivation.

The first is a 95% interval; the second a range over declared sets of weights, which says nothing
about chance.
"""

from __future__ import annotations

import pandas as pd

from geo.stats.standardise import estimate_prior, rank_ranges
from layers.kinds.covid_mortality import layer_of as covid_layer
from layers.kinds.domain_weights import deprivation_rank_range
from layers.layer import Edition, Layer

SEED = 20210430


def mortality_ranges(edition: Edition, msoa: pd.DataFrame) -> pd.DataFrame:
    """Return ``{id}_rank_borough_lower`` and ``_upper``: 95% interval of each MSOA's rank.

    The prior is that of all England's MSOAs, as for the smoothed ratio. NaN where there is no rank.
    """
    layer = covid_layer(edition)
    observed, expected = msoa[f"{layer.id}_observed"], msoa[f"{layer.id}_expected"]
    prior = estimate_prior(observed, expected)
    found = rank_ranges(observed, expected, prior=prior, by=msoa["lad_code"], seed=SEED)
    return _of_ranks(found, msoa, layer)


def deprivation_ranges(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return ``{overall}_rank_borough_lowest`` and ``_highest`` over declared sets of weights.

    NaN where there is no rank.
    """
    overall = edition.layer(edition.overall)
    weights = pd.Series(edition.parameters["weights"], dtype="float64")
    ranks = lsoa[[f"{domain}_rank" for domain in weights.index]].set_axis(
        weights.index, axis="columns"
    )
    found = deprivation_rank_range(
        ranks, weights, count=len(lsoa), by=lsoa["lad_code"], published=lsoa[str(overall.rank)]
    )
    return _of_ranks(found, lsoa, overall)


def _of_ranks(found: pd.DataFrame, table: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    column = layer.rank_column("borough")
    return found[table[column].notna()].reindex(found.index).add_prefix(f"{column}_")
