"""Pockets: candidates by rule, splitting by prominence, and what must never change a result."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from gudhi.clustering.tomato import Tomato
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from geo.crs import BNG
from geo.errors import CodeError, InputError
from geo.space.neighbours import neighbours
from geo.space.pockets import split, threshold

SIDE = 500.0
# Few different heights, so that most areas tie with another.
HEIGHTS = st.builds(
    lambda count, top, seed: np.random.default_rng(seed).integers(0, top + 1, count).tolist(),
    st.integers(1, 49),
    st.sampled_from([2, 4, 12]),
    st.integers(0, 10_000),
)
TAUS = st.sampled_from([1.0, 3.0, 5.0])


def code(number: int) -> str:
    return f"E019{number:05d}"


@cache
def lattice(count: int, wide: int) -> tuple[gpd.GeoSeries, Graph]:
    """Lay squares row by row from the south-west; queen neighbours."""
    squares = [
        shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE)
        for y, x in (divmod(place, wide) for place in range(count))
    ]
    index = pd.Index([code(number) for number in range(count)], name="area_code")
    shapes = gpd.GeoSeries(squares, index=index, crs=BNG)
    return shapes, neighbours(shapes, most_islands=1)


def field(heights: list[float], wide: int = 7) -> tuple[gpd.GeoDataFrame, Graph]:
    """Give each square of a lattice a height."""
    shapes, graph = lattice(len(heights), wide)
    height = np.asarray(heights, dtype="float64")
    return gpd.GeoDataFrame({"height": height}, geometry=shapes, index=shapes.index), graph


def cut(
    areas: gpd.GeoDataFrame, graph: Graph, tau: float, candidate: pd.Series | None = None
) -> pd.DataFrame:
    centroids = areas.geometry.centroid
    return split(
        pd.Series(True, index=areas.index) if candidate is None else candidate,
        areas["height"],
        graph,
        tau=tau,
        easting=centroids.x,
        northing=centroids.y,
    )


def downhill(areas: gpd.GeoDataFrame) -> pd.Index:
    centroid = areas.geometry.centroid
    places = pd.DataFrame({"h": -areas["height"], "e": centroid.x, "n": centroid.y})
    return places.sort_values(["h", "e", "n"]).index


def by_library(areas: gpd.GeoDataFrame, graph: Graph, tau: float) -> dict[str, str]:
    """Split by ToMATo as gudhi computes it; equal heights are told apart as `split` orders them."""
    order = downhill(areas)
    links = [list(order.get_indexer(graph[name].index.difference([name]))) for name in order]
    # A slope so slight that it tells equal heights apart, and lets a rise of exactly τ count.
    strict = areas["height"].loc[order].to_numpy() - np.arange(len(order)) * 1e-9
    found = Tomato(graph_type="manual", density_type="manual", merge_threshold=tau)
    found.fit(links, weights=strict)
    peak = pd.Series(order, index=order).groupby(found.labels_).transform("first")
    return {str(name): str(top) for name, top in peak.sort_index().items()}


def meets_three(areas: gpd.GeoDataFrame, graph: Graph) -> bool:
    """Say whether three slopes meet in some area; which of two a third then joins is a choice."""
    pieces: dict[str, set[str]] = {}
    for name in downhill(areas):
        above = {id(pieces[other]): pieces[other] for other in graph[name].index if other in pieces}
        if len(above) > 2:
            return True
        joined = {name}.union(*above.values())
        pieces.update(dict.fromkeys(joined, joined))
    return False


def connected(members: pd.DataFrame, areas: gpd.GeoDataFrame) -> bool:
    """Say whether each group is one piece on the ground, judged by its polygons alone."""
    pieces = areas.loc[members.index].dissolve(members["peak"]).geometry.buffer(0.5)
    return bool((pieces.geom_type == "Polygon").all())


# --- splitting


def test_two_hills_and_a_pass() -> None:
    # A row of squares: 9 8 4 7 6. The lower hill stands 3 above the pass.
    areas, graph = field([9, 8, 4, 7, 6], wide=5)
    two = cut(areas, graph, 3)
    assert two["peak"].tolist() == [code(0)] * 3 + [code(3)] * 2
    assert two["component"].tolist() == [code(0)] * 5
    assert two["members"].tolist() == [3, 3, 3, 2, 2]
    # The lower peak stands above its pass (7 − 4); the highest has no higher one to stand above.
    assert two["prominence"].tolist() == pytest.approx([np.nan] * 3 + [3, 3], nan_ok=True)
    one = cut(areas, graph, 3.5)
    assert one["peak"].tolist() == [code(0)] * 5
    assert one["prominence"].isna().all()


def test_a_peak_exactly_tau_above_the_pass_is_a_pocket_in_spite_of_rounding() -> None:
    areas, graph = field([54.3, 49.3 - 5, 49.3], wide=3)
    assert cut(areas, graph, 5)["peak"].nunique() == 2
    assert cut(areas, graph, 5.001)["peak"].nunique() == 1


def test_where_three_slopes_meet_the_highest_neighbours_come_first() -> None:
    # The lowest square touches three hills at once; 6 stands two above it and joins the 9 beside
    # the lowest's own slope, 8 stands four above it and stays.
    areas, graph = field([9, 1, 8, 1, 4, 1, 1, 6, 1], wide=3)
    candidate = areas["height"] > 1
    found = cut(areas, graph, 3, candidate)["peak"].to_dict()
    assert found == {code(0): code(0), code(2): code(2), code(4): code(0), code(7): code(0)}


def test_candidates_that_do_not_touch_are_areas_of_their_own() -> None:
    areas, graph = field([9, 8, 1, 7, 6], wide=5)
    candidate = areas["height"] > 5
    found = cut(areas, graph, 5, candidate)
    assert found.index.tolist() == [code(0), code(1), code(3), code(4)]
    assert found["component"].tolist() == [code(0), code(0), code(3), code(3)]
    assert found["prominence"].isna().all()


def test_a_single_neighbourhood_is_a_group_of_one() -> None:
    areas, graph = field([9, 1, 8, 8], wide=4)
    found = cut(areas, graph, 5, areas["height"] > 5)
    assert found.loc[code(0), ["component", "peak", "members"]].tolist() == [code(0), code(0), 1]
    assert np.isnan(found.loc[code(0), "prominence"])


def test_equal_heights_are_ordered_by_easting_then_northing() -> None:
    # A square of four equal areas, numbered against the grain: the south-western one is the peak.
    areas, _ = field([5, 5, 5, 5], wide=2)
    renamed = areas.set_index(pd.Index([code(n) for n in (3, 2, 1, 0)], name="area_code"))
    found = cut(renamed, neighbours(renamed), 1)
    assert found["peak"].unique().tolist() == [code(3)]


def test_no_candidates_give_an_empty_frame_with_all_columns() -> None:
    areas, graph = field([1, 2, 3])
    found = cut(areas, graph, 5, areas["height"] > 9)
    assert found.empty
    assert found.columns.tolist() == ["component", "peak", "prominence", "members"]
    assert found.index.name == "area_code"


def test_a_borough_of_one_area() -> None:
    areas, graph = field([4])
    found = cut(areas, graph, 5)
    assert found[["component", "peak", "members"]].to_numpy().tolist() == [[code(0), code(0), 1]]
    assert found["prominence"].isna().all()


def test_bad_arguments_are_refused() -> None:
    areas, graph = field([1, 2, 3])
    with pytest.raises(InputError, match="τ must be positive"):
        cut(areas, graph, 0)
    with pytest.raises(InputError, match=code(1)):
        cut(areas.assign(height=[1.0, np.nan, 3.0]), graph, 5)
    _, smaller = field([1, 2])
    with pytest.raises(CodeError, match=code(2)):
        cut(areas, smaller, 5)


def test_areas_without_a_value_that_are_no_candidates_do_no_harm() -> None:
    heights = [9.0, np.nan, 8.0, 7.0, np.nan, 3.0]
    areas, graph = field(heights)
    found = cut(areas, graph, 5, areas["height"] >= 3)
    assert found.index.tolist() == [code(number) for number in (0, 2, 3, 5)]


def graph_of(codes: pd.Index, graph: Graph) -> Graph:
    """Return the same graph with its areas and links in another order."""
    links = graph.adjacency.sort_index(ascending=False)
    turned = links.loc[codes.to_list()] if len(codes) else links
    return Graph(turned)


@given(HEIGHTS, TAUS, st.integers(0, 1000))
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_input_changes_nothing_even_with_ties(
    heights: list[float], tau: float, seed: int
) -> None:
    areas, graph = field(heights)
    found = cut(areas, graph, tau)
    turned = areas.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(cut(turned, graph_of(turned.index, graph), tau), found)


@given(HEIGHTS, TAUS)
@settings(deadline=None, max_examples=150)
def test_agrees_with_the_library_of_those_who_found_it(heights: list[float], tau: float) -> None:
    areas, graph = field(heights)
    found = cut(areas, graph, tau)
    wanted = by_library(areas, graph, tau)
    assert set(found["peak"]) == set(wanted.values())
    if not meets_three(areas, graph):
        assert found["peak"].to_dict() == wanted


@given(HEIGHTS, TAUS, st.integers(3, 9))
@settings(deadline=None, max_examples=60)
def test_groups_are_connected_and_their_peaks_stand_out(
    heights: list[float], tau: float, lowest: int
) -> None:
    areas, graph = field(heights)
    found = cut(areas, graph, tau, areas["height"] >= lowest)
    assert found.index.equals(areas.index[areas["height"] >= lowest])
    if found.empty:
        return
    assert connected(found, areas)
    height = areas["height"]
    assert (height[found["peak"]].to_numpy() >= height[found.index].to_numpy()).all()
    own = found[found["peak"] == found["component"]]
    others = found[found["peak"] != found["component"]]
    assert set(own["component"]) == set(found["component"])
    assert (others["prominence"] >= tau).all()
    assert own["prominence"].isna().all()


@given(HEIGHTS)
@settings(deadline=None, max_examples=30)
def test_a_larger_tau_only_joins_pockets(heights: list[float]) -> None:
    areas, graph = field(heights)
    peaks = [set(cut(areas, graph, tau)["peak"]) for tau in (1, 3, 5, 8)]
    assert all(coarse <= fine for fine, coarse in pairwise(peaks))


@given(HEIGHTS, st.floats(0.01, 1000), st.floats(-50, 50))
@settings(deadline=None, max_examples=30)
def test_an_affine_rescaling_of_density_and_tau_changes_no_pocket(
    heights: list[float], factor: float, shift: float
) -> None:
    areas, graph = field(heights)
    scaled = areas.assign(height=areas["height"] * factor + shift)
    expected = cut(areas, graph, 3.5)
    found = cut(scaled, graph, 3.5 * factor)
    pd.testing.assert_frame_equal(
        found.drop(columns="prominence"), expected.drop(columns="prominence")
    )
    assert found["prominence"].tolist() == pytest.approx(
        (expected["prominence"] * factor).tolist(), abs=1e-9, nan_ok=True
    )


def test_a_borough_is_split_alike_within_a_larger_graph() -> None:
    areas, whole = field([3, 9, 2, 8, 1, 7, 4, 6, 2, 9, 5, 5, 3, 8], wide=7)
    borough = areas.iloc[:7]
    alone = cut(borough, neighbours(borough), 3)
    pd.testing.assert_frame_equal(cut(borough, whole, 3), alone)


def test_tau_for_another_density_is_a_quarter_of_its_spread() -> None:
    assert threshold() == 5
    assert threshold(3) == 3
    assert threshold(5, spread=20) == 5
    assert threshold(8, spread=10) == pytest.approx(4)
