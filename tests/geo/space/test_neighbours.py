"""Neighbours on squares whose graph can be read off the page."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal.graph import Graph
from shapely.affinity import translate

from geo.crs import BNG, WGS84
from geo.errors import CodeError, InputError, SpaceError
from geo.space.neighbours import components, islands, neighbours, ring, subgraph

SIDE_M = 100.0


def chequered(rows: int, columns: int, *, gap_m: float = 0.0) -> gpd.GeoSeries:
    """Squares in rows from the south-west, coded a1 a2 … b1 b2 …, each ``gap_m`` apart."""
    step = SIDE_M + gap_m
    squares = {
        f"{'abcdefgh'[row]}{column + 1}": shapely.box(
            column * step, row * step, column * step + SIDE_M, row * step + SIDE_M
        )
        for row in range(rows)
        for column in range(columns)
    }
    return gpd.GeoSeries(squares, crs=BNG)


def with_an_island(areas: gpd.GeoSeries) -> gpd.GeoSeries:
    """Add a square far away, coded z9."""
    return pd.concat([areas, gpd.GeoSeries({"z9": shapely.box(5000, 5000, 5100, 5100)}, crs=BNG)])


def links(graph: Graph) -> dict[str, list[str]]:
    return {code: sorted(graph[code].index) for code in graph.unique_ids}


def test_queen_counts_corners_and_rook_does_not():
    areas = chequered(3, 3)
    queen, rook = neighbours(areas), neighbours(areas, contiguity="rook")
    assert queen.cardinalities.to_list() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert rook.cardinalities.to_list() == [2, 3, 2, 3, 4, 3, 2, 3, 2]
    assert links(rook)["b2"] == ["a2", "b1", "b3", "c2"]


def test_black_squares_of_a_chessboard_touch_by_corners_only():
    board = chequered(4, 4)
    black = board[[(ord(code[0]) + int(code[1])) % 2 == 0 for code in board.index]]
    assert neighbours(black).cardinalities.sum() == 18
    assert islands(neighbours(black, contiguity="rook", most_islands=1)) == sorted(black.index)


def test_corners_meeting_within_the_tolerance_are_no_edge():
    areas = chequered(2, 2, gap_m=0.5)
    assert links(neighbours(areas))["a1"] == ["a2", "b1", "b2"]
    assert links(neighbours(areas, contiguity="rook"))["a1"] == ["a2", "b1"]


def test_an_edge_counts_from_ten_metres():
    left = shapely.box(0, 0, 100, 100)
    for overlap_m, expected in ((7.0, []), (15.0, ["right"])):
        right = shapely.box(100, 100 - overlap_m, 200, 200)
        areas = gpd.GeoSeries({"left": left, "right": right}, crs=BNG)
        rook = neighbours(areas, contiguity="rook", most_islands=1)
        assert links(rook)["left"] == expected


@pytest.mark.parametrize("contiguity", ["queen", "rook"])
def test_differences_in_the_last_digits_change_nothing(contiguity):
    areas = chequered(5, 5)
    draw = np.random.default_rng(4)
    noisy = gpd.GeoSeries(
        [translate(square, *draw.normal(0, 1e-6, 2)) for square in areas], areas.index, crs=BNG
    )
    corners = noisy.apply(lambda square: frozenset(square.exterior.coords)).to_numpy()
    assert len(frozenset.union(*corners)) == 4 * len(areas), "no two areas share a corner"
    assert links(neighbours(noisy, contiguity=contiguity)) == links(
        neighbours(areas, contiguity=contiguity)
    )


@pytest.mark.parametrize("contiguity", ["queen", "rook"])
def test_the_order_of_the_areas_changes_nothing(contiguity):
    areas = chequered(4, 5)
    graph = neighbours(areas, contiguity=contiguity)
    shuffled = neighbours(areas.sample(frac=1, random_state=3), contiguity=contiguity)
    pd.testing.assert_series_equal(graph.adjacency, shuffled.adjacency)
    assert list(graph.unique_ids) == sorted(areas.index)


def test_links_go_both_ways_with_weight_one():
    matrix = neighbours(chequered(3, 4), contiguity="rook").sparse.toarray()
    assert (matrix == matrix.T).all()
    assert set(np.unique(matrix)) == {0.0, 1.0}
    assert matrix.diagonal().sum() == 0


def test_the_tolerance_is_a_metre_unless_told_otherwise():
    assert links(neighbours(chequered(1, 2, gap_m=0.99)))["a1"] == ["a2"]
    apart = chequered(1, 2, gap_m=1.01)
    assert islands(neighbours(apart, most_islands=1)) == ["a1", "a2"]
    assert islands(neighbours(apart, tolerance_m=1.5)) == []


def test_a_frame_and_its_geometry_give_the_same_graph():
    areas = chequered(2, 3)
    frame = areas.to_frame("geometry").assign(population=range(6))
    assert links(neighbours(frame)) == links(neighbours(areas))


def test_islands_stay_in_the_graph_and_are_named():
    areas = with_an_island(chequered(2, 2))
    graph = neighbours(areas)
    assert islands(graph) == ["z9"]
    assert graph.n == 5
    assert len(graph["z9"]) == 0 or graph["z9"].eq(0).all()


def test_refuses_when_most_areas_have_no_neighbour():
    scattered = chequered(2, 3, gap_m=30)
    with pytest.raises(SpaceError, match=r"Most areas have no neighbour.*6 of 6: a1, a2"):
        neighbours(scattered)
    assert islands(neighbours(scattered, most_islands=1)) == sorted(scattered.index)


def test_half_the_areas_may_be_islands():
    areas = pd.concat([chequered(1, 2), chequered(1, 4, gap_m=900).iloc[2:].rename(str.upper)])
    assert islands(neighbours(areas)) == ["A3", "A4"]


def test_a_single_area_is_an_island_and_no_error():
    graph = neighbours(chequered(1, 1))
    assert islands(graph) == ["a1"]
    assert components(graph, ["a1"]).to_dict() == {"a1": 1}


@pytest.mark.parametrize(
    ("areas", "error", "message"),
    [
        (chequered(1, 3).set_crs(None, allow_override=True), SpaceError, "no coordinate system"),
        (chequered(1, 3).set_crs(WGS84, allow_override=True), SpaceError, "EPSG:27700"),
        (chequered(1, 3).rename({"a3": "a1"}), CodeError, "more than once.*Found: a1"),
        (
            gpd.GeoSeries(
                {"a": shapely.box(0, 0, 1, 1), "b": None, "c": shapely.Point(1, 1)}, crs=BNG
            ),
            SpaceError,
            "no polygon.*2 without: b, c",
        ),
        (
            gpd.GeoSeries({"a": shapely.box(0, 0, 1, 1), "b": shapely.Polygon()}, crs=BNG),
            SpaceError,
            "1 without: b",
        ),
    ],
)
def test_refuses_areas_it_cannot_place(areas, error, message):
    with pytest.raises(error, match=message):
        neighbours(areas)


def test_refuses_an_unknown_kind_of_contiguity():
    with pytest.raises(InputError, match=r"queen or rook.*'bishop'"):
        neighbours(chequered(1, 2), contiguity="bishop")


def test_the_ring_is_what_touches_and_is_not_inside():
    graph = neighbours(chequered(4, 4))
    assert list(ring(graph, ["a1"])) == ["a2", "b1", "b2"]
    assert list(ring(graph, ["b2", "a1", "b1", "a2"])) == ["a3", "b3", "c1", "c2", "c3"]
    assert list(ring(graph, graph.unique_ids)) == []


def test_an_island_has_no_ring():
    areas = with_an_island(chequered(2, 2))
    assert list(ring(neighbours(areas), ["z9"])) == []


def test_a_subgraph_keeps_the_links_among_its_areas_only():
    graph = neighbours(chequered(3, 3))
    part = subgraph(graph, ["c3", "b2", "a3"])
    assert links(part) == {"a3": ["b2"], "b2": ["a3", "c3"], "c3": ["b2"]}
    assert islands(subgraph(graph, ["a1", "c3"])) == ["a1", "c3"]
    whole = subgraph(graph, reversed(list(graph.unique_ids)))
    pd.testing.assert_series_equal(whole.adjacency, graph.adjacency)


def test_components_are_numbered_by_their_lowest_code():
    graph = neighbours(chequered(1, 7))
    found = components(graph, ["a6", "a7", "a4", "a1", "a2"])
    assert found.to_dict() == {"a1": 1, "a2": 1, "a4": 2, "a6": 3, "a7": 3}
    assert found.index.name == "area_code"
    assert components(graph, []).empty


@pytest.mark.parametrize("verb", [ring, subgraph, components])
def test_codes_outside_the_graph_are_refused(verb):
    with pytest.raises(CodeError, match=r"not in the graph.*some of its 4 areas.*Found: q1, q2"):
        verb(neighbours(chequered(2, 2)), ["a1", "q2", "q1"])
