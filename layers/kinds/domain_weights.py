"""How far ranks depend on the weights given to the domains of an index.

The result is a range over declared sets of weights, not an interval: it says nothing about chance.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.errors import CodeError, some
from geo.stats.rank import rank_of_ranks, rank_worst_first

SCALE = 23.0
RAISED = 1.5
OWN = "own"
EQUAL = "equal"

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


def weight_sets(weights: pd.Series) -> Mapping[str, pd.Series]:
    """Declare the sets of weights that are compared, by name.

    ``own``, the weights of the index; ``equal``; and, under the name of each domain, the own
    weights with that domain's raised by half. Only the proportions matter to a rank.

    >>> {name: list(row) for name, row in weight_sets(pd.Series({"a": 3.0, "b": 1.0})).items()}
    {'own': [3.0, 1.0], 'equal': [2.0, 2.0], 'a': [4.5, 1.0], 'b': [3.0, 1.5]}
    """
    raised = {
        str(domain): weights.where(weights.index != domain, weights * RAISED)
        for domain in weights.index
    }
    equal = pd.Series(weights.sum() / len(weights), index=weights.index)
    return {OWN: weights, EQUAL: equal, **raised}


def deprivation_rank_range(
    ranks: pd.DataFrame,
    weights: pd.Series,
    *,
    count: int,
    by: pd.Series,
    published: pd.Series | None = None,
) -> pd.DataFrame:
    """Find the lowest and highest rank of each area in its borough over the `weight_sets`.

    ``ranks`` are the official domain ranks among ``count`` areas (1 = most deprived), one column
    a domain; ``by`` is the borough. Columns ``lowest`` (nearest to 1, the most deprived) and
    ``highest``. With ``published``, the official overall ranks, the order of these stands for the
    index's own weights, so that the range always holds the published rank. Areas without one of
    the domain ranks, or without a borough, have no range (NaN).
    """
    scores = {
        name: combined_score(ranks, row, count=count).round(_DECIMALS)
        for name, row in weight_sets(weights).items()
    }
    placed = {name: rank_worst_first(score, by) for name, score in scores.items()}
    if published is not None:
        placed[OWN] = rank_of_ranks(published, by)
    table = pd.DataFrame(placed, index=ranks.index)
    whole = table.where(table.notna().all(axis=1))
    return pd.DataFrame({"lowest": whole.min(axis=1), "highest": whole.max(axis=1)})
