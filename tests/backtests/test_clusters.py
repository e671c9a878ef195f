"""Local clusters on the official files: against draws, esda and what others found with them."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from esda.moran import Moran_Local

from boundaries.names import places
from geo.space.neighbours import ring, subgraph
from geo.stats.clusters import QUADRANTS, local_clusters
from geo.stats.cooccurrence import spectral_randomisations
from layers.findings.clusters import settled

pytestmark = pytest.mark.real

# What separate code found in England with 99,999 draws of its own for each area, with a few seeds:
# significant LSOAs, and LSOAs of the nine boroughs that are high–high. A p of draws counts what was
# observed among them, which makes it a little larger than it is and some ten LSOAs insignificant.
BY_DRAWS = {"imd_2019": ((4951, 4953), 334), "fuel_poverty_2020": ((4829, 4839), 116)}
SAME = 0.005


@pytest.fixture(scope="module")
def nine(ground):
    return places(ground.districts)["cheshire-merseyside"].codes


@pytest.mark.parametrize("layer", BY_DRAWS)
def test_england_has_the_clusters_that_many_draws_find(found, nine, layer):
    (fewest, most), high = BY_DRAWS[layer]
    labels = found.lsoa[f"{layer}_cluster_england"]
    assert fewest - 5 <= labels.isin(QUADRANTS.values()).sum() <= most + 15
    own = labels[found.lsoa["lad_code"].isin(nine)]
    assert abs((own == "high-high").sum() - high) <= 4


def by_draws(values: pd.Series, graph, draws: int, seed: int) -> pd.Series:
    """The two-sided p of local Moran's I from the same draws for all with as many neighbours."""
    random, links = np.random.default_rng(seed), (graph.sparse > 0).astype(float)
    worth, sums = values.to_numpy(), links @ values.to_numpy()
    count = links.sum(axis=1)
    p = np.full(len(worth), np.nan)
    for size in np.unique(count[count > 0]).astype(int):
        chosen = np.sort(random.integers(0, len(worth), (draws, size), dtype=np.int32), axis=1)
        chosen = chosen[(np.diff(chosen, axis=1) > 0).all(axis=1)]
        drawn = np.sort(worth[chosen].sum(axis=1))
        here = count == size
        below = np.searchsorted(drawn, sums[here] + 1e-9, side="right")
        above = len(drawn) - np.searchsorted(drawn, sums[here] - 1e-9)
        p[here] = np.minimum(1, 2 * (1 + np.minimum(below, above)) / (1 + len(drawn)))
    return pd.Series(p, values.index)


def test_labels_are_those_of_a_hundred_thousand_draws_and_more(tables, ground):
    values, graph = tables.lsoa["imd_2019_score"].sort_index(), ground.graph("lsoa")
    found = local_clusters(values, graph, steps=2**15)
    labelled = found["note"] == ""
    for seed in (1, 2):
        p = by_draws(values, graph, 150_000, seed)[labelled]
        order = p.rank(method="max")
        cut_off = p[p <= 0.05 * order / len(p)].max()
        assert ((p <= cut_off) != found["significant"][labelled]).mean() < SAME


@pytest.mark.parametrize("borough", ["Halton", "Liverpool"])
@pytest.mark.parametrize("column", ["imd_2019_score", "fuel_poverty_2020_pct", "pm25_2021_23_ugm3"])
def test_p_is_that_of_conditional_permutation(tables, ground, borough, column):
    own = tables.lsoa.index[tables.lsoa["lad_name"] == borough]
    pool = own.union(ring(ground.graph("lsoa"), own))
    values, graph = tables.lsoa[column].reindex(pool), subgraph(ground.graph("lsoa"), pool)
    found = local_clusters(values, graph)
    draws = 9_999
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = Moran_Local(values.to_numpy(), graph, permutations=draws, seed=1)
    np.testing.assert_allclose(found["local_i"], drawn.Is, atol=1e-9)
    # By the draws themselves: esda's own p_sim leaves ties out of one tail.
    slack = 1e-9 * (1 + np.abs(drawn.Is))
    below, above = (drawn.sim <= drawn.Is + slack), (drawn.sim >= drawn.Is - slack)
    tail = np.minimum(below.sum(axis=0), above.sum(axis=0))
    p = np.minimum(1, 2 * (1 + tail) / (1 + draws))
    error = np.sqrt(2 * found["p"] / draws) + 2 / draws
    assert ((found["p"] - p).abs() < 5 * error).all()


def test_rounding_decides_hardly_any_label(tables, ground, nine):
    counted = settled(tables, ground, nine)
    assert (counted["unsettled"] <= SAME * counted["tested"]).all()
    assert (counted["unsettled"] <= 10).all()
    lsoas = counted.set_index(["layer", "frame"])["tested"]
    assert lsoas["imd_2019"].to_dict() == {"england": 32_844 - 1, "borough": 1_562}


@pytest.fixture(scope="module")
def framed(tables, ground):
    """Return what a borough is tested among: its codes, the pool's values by code, their graph."""

    def of(borough, column):
        own = tables.lsoa.index[tables.lsoa["lad_name"] == borough]
        pool = own.union(ring(ground.graph("lsoa"), own))
        values = tables.lsoa[column].reindex(pool).sort_index()
        return own, values, subgraph(ground.graph("lsoa"), pool)

    return of


# Of 300 surfaces as smooth as a layer: the share with any significant LSOA of the borough, and with
# one that is high–high, as docs/methods.md states them.
AS_SMOOTH = {
    ("Knowsley", "imd_2019_score"): (0.85, 0.69),
    ("Halton", "imd_2019_score"): (0.75, 0.62),
    ("Halton", "fuel_poverty_2020_pct"): (0.15, 0.06),
}
FEWER = 40


@pytest.mark.parametrize(("borough", "column"), AS_SMOOTH)
def test_a_layer_as_smooth_as_a_real_one_has_clusters_of_its_own(framed, borough, column):
    """The null is random placement: smoothness alone is significant, as often as is stated."""
    own, values, graph = framed(borough, column)
    (layers,) = spectral_randomisations(
        values.to_frame(), graph, randomisations=FEWER, generator=np.random.default_rng(3)
    )
    found = [
        local_clusters(pd.Series(layer, values.index), graph, tested=own, steps=1024)["cluster"]
        for layer in layers
    ]
    any_at_all = np.mean([each.isin(QUADRANTS.values()).any() for each in found])
    high = np.mean([each.eq("high-high").any() for each in found])
    for share, stated in zip((any_at_all, high), AS_SMOOTH[borough, column], strict=True):
        # of both samples, the 300 that the statement rests on and these
        error = np.sqrt(stated * (1 - stated) * (1 / 300 + 1 / FEWER))
        assert abs(share - stated) <= 3 * error + 0.5 / FEWER


def test_shuffles_of_a_real_layer_over_its_places_seldom_yield_a_cluster(framed):
    own, values, graph = framed("Halton", "imd_2019_score")
    draw, shuffles = np.random.default_rng(20), 200
    false = sum(
        local_clusters(
            pd.Series(draw.permutation(values.to_numpy()), values.index),
            graph,
            tested=own,
            steps=1024,
        )["significant"].any()
        for _ in range(shuffles)
    )
    assert false / shuffles <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / shuffles)
