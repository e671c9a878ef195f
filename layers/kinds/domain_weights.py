"""How far ranks depend on the weights given to the domains of an index.

The result is a range over drawn weights, not an interval: it says nothing about chance. As in the
analysis of how sure ranks of composite indicators are: Saisana, Saltelli and Tarantola 2005.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import CodeError, some
from geo.stats.rank import rank_of_ranks
from layers.layer import Edition

SCALE = 23.0
WEIGHT_DRAWS = 200
WEIGHT_SEED = 20250326
LEAST, MOST = 0.5, 1.5
"""What a weight is multiplied by in a draw: evenly drawn between these."""
TAIL = 0.025

# Combined scores are compared to one part in a thousand million, so that equal areas tie whatever
# the order in which their domains were added up.
_DECIMALS = 9


def transformed(ranks: pd.DataFrame, count: int) -> pd.DataFrame:
    """Turn domain ranks into the scores that the English Indices combine, from 0 to 100.

    X = −23 ln(1 − R (1 − e^(−100/23))), R = (count − rank + 1) / count, so that rank 1, the most
    deprived, scores 100. The curve keeps lack of deprivation in one domain from cancelling
    deprivation in another. Source: The English Indices of Deprivation 2019, Technical Report
    (MHCLG 2019).

    >>> transformed(pd.DataFrame({"income": [1, 50, 100]}), 100)["income"].round(2).tolist()
    [100.0, 16.1, 0.23]
    """
    share = (count - ranks.astype("float64") + 1.0) / count
    logarithms: pd.DataFrame = np.log1p(share * np.expm1(-100.0 / SCALE))
    return -SCALE * logarithms


def combined_score(ranks: pd.DataFrame, weights: pd.Series, *, count: int) -> pd.Series:
    """Add up the transformed domain ranks by weight: the overall score of the Indices.

    ``ranks`` has one column a domain; ``weights`` is indexed by the same domains, used as they are
    and not made to add up to 1. An area without one of the ranks has no score (NaN). ``CodeError``
    when the domains differ.

    >>> ranks = pd.DataFrame({"income": [1, 100], "crime": [1, 1]})
    >>> combined_score(ranks, pd.Series({"income": 0.6, "crime": 0.4}), count=100).round(3).tolist()
    [100.0, 40.137]
    """
    different = ranks.columns.symmetric_difference(weights.index)
    if len(different):
        raise CodeError(
            "Ranks and weights are not of the same domains",
            found=some(different),
            do="name the same",
        )
    domains = sorted(weights.index)
    scores = transformed(ranks[domains], count) * weights[domains]
    return scores.sum(axis=1, skipna=False)


def domain_ranks(edition: Edition, lsoa: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the ranks of the domains of the overall index, a column each, and their weights."""
    weights = pd.Series(edition.parameters["weights"], dtype="float64")
    overall = edition.layer(edition.overall)
    columns = [overall.column(f"{domain}_rank") for domain in weights.index]
    return lsoa[columns].set_axis(weights.index, axis="columns"), weights


def weight_draws(
    weights: pd.Series, *, draws: int = WEIGHT_DRAWS, seed: int = WEIGHT_SEED
) -> pd.DataFrame:
    """Draw other weights for the domains: one row a draw, one column a domain, in their order.

    Each weight is multiplied by a number drawn evenly from 0.5 to 1.5, and all of a draw are then
    brought to the sum of the index's own. The draws hang on the seed and the domains alone, not on
    the order in which these are given.

    >>> found = weight_draws(pd.Series({"a": 3.0, "b": 1.0}), draws=3)
    >>> found.shape, found.sum(axis=1).round(9).unique().tolist()
    ((3, 2), [4.0])
    """
    domains = sorted(weights.index)
    own = weights[domains].to_numpy(dtype="float64")
    drawn = own * np.random.default_rng(seed).uniform(LEAST, MOST, size=(draws, len(domains)))
    scaled = drawn * (own.sum() / drawn.sum(axis=1, keepdims=True))
    return pd.DataFrame(scaled, columns=domains)[list(weights.index)]


def drawn_scores(
    ranks: pd.DataFrame,
    weights: pd.Series,
    *,
    count: int,
    draws: int = WEIGHT_DRAWS,
    seed: int = WEIGHT_SEED,
) -> NDArray[np.float64]:
    """Return the overall score of each area under each of the `weight_draws`: areas × draws.

    ``ranks`` and ``weights`` as in `combined_score`. NaN for an area without one of the ranks.
    Scores are rounded, so that equal areas tie whatever the order in which domains are added up.
    """
    domains = sorted(weights.index)
    drawn = weight_draws(weights, draws=draws, seed=seed)[domains].to_numpy()
    scores: NDArray[np.float64] = transformed(ranks[domains], count).to_numpy() @ drawn.T
    return scores.round(_DECIMALS)


def deprivation_rank_range(
    ranks: pd.DataFrame,
    weights: pd.Series,
    *,
    count: int,
    by: pd.Series,
    published: pd.Series | None = None,
) -> pd.DataFrame:
    """Find between which ranks in its borough each area lies in 95% of the `weight_draws`.

    ``ranks`` are the official domain ranks among ``count`` areas (1 = most deprived), one column
    a domain; ``by`` is the borough. Columns ``lowest`` (nearest to 1, the most deprived) and
    ``highest``: the 2.5th and the 97.5th percentile of the ranks, each the rank of a draw. With
    ``published``, the official overall ranks, the range is stretched to hold the rank that follows
    from these. Areas without one of the domain ranks, or without a borough, have no range (NaN).
    """
    drawn = pd.DataFrame(drawn_scores(ranks, weights, count=count), index=ranks.index)
    placed = drawn.groupby(by).rank(ascending=False, method="min")
    known = placed.notna().all(axis="columns")
    table = np.sort(placed[known].to_numpy(), axis=1)
    # the ends are ranks of draws: that at the percentile, or the next one outwards
    last = table.shape[1] - 1
    low, high = math.floor(TAIL * last), math.ceil((1 - TAIL) * last)
    found = pd.DataFrame({"lowest": table[:, low], "highest": table[:, high]}, placed.index[known])
    found = found.reindex(ranks.index)
    if published is None:
        return found
    own = rank_of_ranks(published, by)
    return pd.DataFrame(
        {
            "lowest": np.minimum(found["lowest"], own),
            "highest": np.maximum(found["highest"], own),
        }
    )
