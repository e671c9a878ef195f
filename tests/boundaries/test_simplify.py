"""Simplified boundaries: fewer points, the same neighbours, nothing torn."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from boundaries.simplify import simplified
from geo.crs import BNG
from geo.errors import SpaceError


def wavy_grid(side: int, seed: int, *, size_m: float = 400.0) -> gpd.GeoDataFrame:
    """Tile a square with areas whose shared edges are wavy lines."""
    random = np.random.default_rng(seed)
    corners = {}
    edges: dict[tuple, list] = {}
    for row in range(side + 1):
        for column in range(side + 1):
            corners[row, column] = np.array([column, row]) * size_m + random.uniform(-60, 60, 2)

    def edge(start, end):
        if (start, end) not in edges:
            shares = np.linspace(0, 1, 9)[:, None]
            line = corners[start] + (corners[end] - corners[start]) * shares
            line[1:-1] += random.uniform(-12, 12, (7, 2))
            edges[start, end] = [tuple(np.round(point, 3)) for point in line]
            edges[end, start] = edges[start, end][::-1]
        return edges[start, end][:-1]

    cells = {}
    for row in range(side):
        for column in range(side):
            ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            points = [
                point
                for one, two in zip(ring, [*ring[1:], ring[0]], strict=True)
                for point in edge(one, two)
            ]
            cells[f"E019{row:02d}{column:03d}"] = Polygon(points)
    areas = gpd.GeoDataFrame({"name": list(cells)}, geometry=list(cells.values()), crs="EPSG:27700")
    return areas.set_index(gpd.pd.Index(cells, name="area_code"))


def neighbours(areas: gpd.GeoDataFrame) -> set[tuple[int, int]]:
    one, two = areas.sindex.query(areas.geometry, predicate="touches")
    return set(zip(one.tolist(), two.tolist(), strict=True))


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 5), st.integers(0, 1000), st.sampled_from([0, 5, 20, 60]))
def test_neighbours_stay_and_nothing_gapes_or_overlaps(side, seed, tolerance_m):
    areas = wavy_grid(side, seed)
    simpler = simplified(areas, tolerance_m=tolerance_m)
    shapes = simpler.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert shapes_area(shapes) == pytest.approx(whole.area)
    assert neighbours(simpler) == neighbours(simplified(areas, tolerance_m=0))


def shapes_area(shapes: np.ndarray) -> float:
    return float(shapely.area(shapes).sum())


def test_fewer_points_with_more_tolerance():
    areas = wavy_grid(4, 7)
    counts = [
        int(simplified(areas, tolerance_m=metres).geometry.count_coordinates().sum())
        for metres in (0, 10, 30)
    ]
    assert counts[0] <= int(areas.geometry.count_coordinates().sum())
    assert counts[0] > counts[1] > counts[2]


def test_last_digits_that_differ_do_not_tear_a_shared_edge():
    areas = wavy_grid(3, 1)
    rough = areas.set_geometry(
        gpd.GeoSeries(
            [
                shapely.transform(shape, lambda p, n=n: np.round(p) + n * 0.03)
                for n, shape in enumerate(areas.geometry)
            ],
            index=areas.index,
            crs=areas.crs,
        )
    )
    assert not rough.geometry.iloc[0].touches(rough.geometry.iloc[1])
    assert shapely.coverage_is_valid(simplified(rough, tolerance_m=5).geometry.to_numpy())


def test_holes_that_rounding_closes_are_dropped():
    hole = [(50, 50), (50.3, 50), (50.1, 50.3)]
    lake = [(20, 20), (20, 30), (30, 30), (30, 20)]
    areas = gpd.GeoDataFrame(
        geometry=[Polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [hole, lake])], crs="EPSG:27700"
    )
    simpler = simplified(areas, tolerance_m=1).geometry.iloc[0]
    assert len(simpler.interiors) == 1
    assert simpler.area == 100 * 100 - 10 * 10


def test_rows_columns_and_the_argument_itself_are_kept():
    areas = wavy_grid(2, 3)
    before = areas.copy()
    simpler = simplified(areas, tolerance_m=20)
    assert simpler.index.equals(areas.index)
    assert simpler["name"].equals(areas["name"])
    assert areas.geom_equals_exact(before, 0).all()


def test_refuses_degrees_and_negative_tolerances():
    areas = wavy_grid(2, 3)
    with pytest.raises(SpaceError, match="coordinate system"):
        simplified(areas.set_crs("EPSG:4326", allow_override=True), tolerance_m=10)
    with pytest.raises(SpaceError, match="What to do: give a distance in metres"):
        simplified(areas, tolerance_m=-1)


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (100, 0), (100, 50), (100.3, 49.4), (99.8, 50.4), (100, 100), (0, 100)],
        [(0, 0), (100, 0), (100, 40), (140.4, 40.4), (140.3, 39.8), (100, 40.4), (100, 100)],
        [(0, 0), (100, 0), (50.4, 0.3), (50.3, 50), (50.2, 0.4), (0, 0.4)],
    ],
    ids=["folded edge", "spike", "nothing but thin"],
)
def test_what_rounding_folds_over_is_mended_or_goes(corners):
    areas = gpd.GeoDataFrame(geometry=[Polygon(corners), shapely.box(200, 0, 300, 100)], crs=BNG)
    simpler = simplified(areas, tolerance_m=1).geometry
    assert simpler.is_valid.all()
    assert set(simpler.geom_type) <= {"Polygon", "MultiPolygon"}
    assert simpler.area.iloc[0] == pytest.approx(areas.area.iloc[0], abs=110)
    assert simpler.area.iloc[1] == 100 * 100


def test_a_corner_that_rounding_leaves_beside_a_line_is_fitted_to_it():
    areas = gpd.GeoDataFrame(
        geometry=[
            shapely.box(0, 100, 200, 200),
            Polygon([(0, 0), (100, 0), (100, 99.4), (0, 100)]),
            Polygon([(100, 0), (200, 0), (200, 100), (100, 99.4)]),
            Polygon([(200, 0), (300, 0), (300, 200), (200, 200)]),
        ],
        crs=BNG,
    )
    simpler = simplified(areas, tolerance_m=5).geometry.to_numpy()
    assert shapely.coverage_is_valid(simpler)
    assert shapely.union_all(simpler).equals(shapely.box(0, 0, 300, 200))


def test_an_area_that_lies_in_another_keeps_its_ground():
    areas = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 100, 100), shapely.box(40, 40, 60, 60)], crs=BNG
    )
    assert simplified(areas, tolerance_m=1).area.tolist() == [10_000, 400]
