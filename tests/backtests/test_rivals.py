"""Pockets beside what another method makes of the same small areas: SKATER, by spopt."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import OptimizeWarning
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import euclidean_distances
from spopt.region.skater import SpanningForest

from geo.space.neighbours import subgraph

pytestmark = pytest.mark.real

# Borough: candidates; groups; their areas of deprivation; the share of the variance of the score
# that lies between the pockets, between SKATER's groups and between the areas of deprivation; the
# adjusted Rand index of pockets and SKATER's groups. As docs/methods.md has them, edition 2025.
STATED = {
    "Liverpool": (162, 20, 5, 0.198, 0.703, 0.035, 0.184),
    "Knowsley": (54, 15, 7, 0.236, 0.736, 0.036, 0.427),
    "Wirral": (68, 11, 6, 0.156, 0.684, 0.070, 0.218),
}


def squared(one, other):
    return euclidean_distances(one, other, squared=True)


def skater(scores, graph, number):
    """Cut the candidates into so many groups of small areas that touch.

    Assunção and others 2006, with the sum of squares that they minimise. Candidates that do not
    touch are apart before anything is cut, and count among the groups (``islands="ignore"``).
    """
    values = scores.to_numpy()[:, np.newaxis]
    forest = SpanningForest(dissimilarity=squared)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "By default, the graph is disconnected", OptimizeWarning)
        forest.fit(number, graph.to_W(), data=values, islands="ignore")
    return pd.Series(forest.current_labels_, scores.index)


def between(scores, groups):
    """Return the share of the variance of the scores that lies between groups, each area alike."""
    means = scores.groupby(groups).transform("mean")
    return ((means - scores.mean()) ** 2).sum() / ((scores - scores.mean()) ** 2).sum()


@pytest.mark.parametrize("borough", STATED)
def test_pockets_beside_skaters_groups(england_2025, borough):
    lsoa = england_2025.findings.lsoa.sort_index()
    own = lsoa[(lsoa["lad_name"] == borough) & (lsoa["imd_2025_decile"] <= 2)]
    assert (own["pocket_id"] == "").tolist() == own["single"].tolist()
    scores, graph = own["imd_2025_score"], subgraph(england_2025.ground.graph("lsoa"), own.index)
    # a single small area is a group of its own
    pockets = own["pocket_id"].where(own["pocket_id"] != "", own.index)
    number, (parts, part) = pockets.nunique(), connected_components(graph.sparse)
    rival = skater(scores, graph, number)
    assert rival.nunique() == number
    *counts, pocket_share, rival_share, part_share, alike = STATED[borough]
    assert [len(own), number, parts] == counts
    apart = [between(scores, groups) for groups in (pockets, rival, pd.Series(part, own.index))]
    assert apart == pytest.approx([pocket_share, rival_share, part_share], abs=0.001)
    assert adjusted_rand_score(pockets, rival) == pytest.approx(alike, abs=0.001)
