from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from shapely import affinity, box
from shapely.geometry import MultiPolygon, Point, Polygon

from geo.crs import BNG, WGS84
from geo.errors import CodeError, InputError, SpaceError
from geo.space.raster import Raster
from geo.space.zonal import area_means, point_means

concentrations = arrays.arrays(
    np.float64, (4, 5), elements=st.floats(0, 120, allow_nan=False, width=32)
)
corners = st.tuples(
    st.floats(0, 4500), st.floats(0, 3500), st.floats(20, 2500), st.floats(20, 2500)
).map(
    lambda side: box(side[0], side[1], min(side[0] + side[2], 5000), min(side[1] + side[3], 4000))
)
turned = st.tuples(corners, st.floats(0, 90)).map(
    lambda shape: affinity.rotate(shape[0], shape[1]).intersection(box(0, 0, 5000, 4000))
)


def framed(*shapes: Polygon | MultiPolygon, crs: str | None = BNG) -> gpd.GeoDataFrame:
    codes = [f"E0190000{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame(geometry=list(shapes), index=codes, crs=crs)


def grid(values: object) -> Raster:
    laid = np.asarray(values, dtype=float)
    return Raster(values=laid, west=0, north=1000 * len(laid))


def test_cells_weigh_by_the_share_inside_the_area() -> None:
    quarter_west = box(750, 0, 1750, 1000)
    l_shaped = box(0, 0, 2000, 2000).difference(box(1000, 1000, 2000, 2000))
    found = area_means(framed(quarter_west, l_shaped), grid([[8, 100], [2, 6]]))
    np.testing.assert_allclose(found["mean"], [0.25 * 2 + 0.75 * 6, (8 + 2 + 6) / 3])
    np.testing.assert_allclose(found["coverage"], [1, 1])
    assert found.index.name == "area_code"


def test_an_area_smaller_than_a_cell_takes_its_value() -> None:
    found = area_means(framed(box(10, 10, 30, 40)), grid([[7.25, 9]]))
    assert found.to_numpy().tolist() == [[7.25, pytest.approx(1)]]


def test_a_cell_without_a_value_is_left_out_of_the_mean_and_of_the_coverage() -> None:
    found = area_means(framed(box(250, 0, 1250, 1000)), grid([[4, np.nan]]))
    np.testing.assert_allclose(found.to_numpy(), [[4, 0.75]], rtol=1e-6)


@pytest.mark.parametrize(("minimum", "mean"), [(0.5, 4.0), (0.25, 4.0), (0.51, np.nan), (0.0, 4.0)])
def test_below_the_least_coverage_there_is_no_mean(minimum: float, mean: float) -> None:
    half = area_means(
        framed(box(500, 0, 1500, 1000)), grid([[4, np.nan]]), minimum_coverage=minimum
    )
    np.testing.assert_array_equal(half["mean"], [mean])
    assert half["coverage"].item() == pytest.approx(0.5)


def test_areas_off_the_grid_have_no_mean_and_no_coverage() -> None:
    shapes = (box(0, 0, 500, 500), box(90_000, 0, 91_000, 800), box(-600, 0, 400, 1000))
    found = area_means(framed(*shapes), grid([[4.0]]))
    np.testing.assert_allclose(found["mean"], [4, np.nan, np.nan])
    np.testing.assert_allclose(found["coverage"], [1, 0, 0.4], rtol=1e-6)
    none_inside = area_means(framed(shapes[1]), grid([[4.0]]), minimum_coverage=0)
    assert none_inside["mean"].isna().all()


def test_no_areas_give_an_empty_frame() -> None:
    assert area_means(framed(), grid([[4.0]])).empty


def test_inputs_stay_as_they_were() -> None:
    areas, cells = framed(box(0, 0, 900, 900)), grid([[4.0, np.nan]])
    before, values = areas.copy(), cells.values.copy()
    area_means(areas, cells)
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))
    np.testing.assert_array_equal(cells.values, values)


@pytest.mark.parametrize("crs", [None, WGS84])
def test_areas_in_another_coordinate_system_are_refused(crs: str | None) -> None:
    with pytest.raises(SpaceError):
        area_means(framed(box(0, 0, 1, 1), crs=crs), grid([[4.0]]))


@pytest.mark.parametrize("shape", [None, Polygon(), Point(5, 5)])
def test_areas_without_extent_are_refused_by_code(shape: object) -> None:
    with pytest.raises(SpaceError, match="E01900001"):
        area_means(framed(box(0, 0, 9, 9), shape), grid([[4.0]]))


def test_repeated_codes_are_refused() -> None:
    areas = framed(box(0, 0, 9, 9), box(9, 9, 20, 20)).set_axis(["E01900000"] * 2)
    with pytest.raises(CodeError, match="E01900000"):
        area_means(areas, grid([[4.0]]))


@settings(max_examples=60, deadline=None)
@given(shape=turned, value=st.floats(0, 500, width=32))
def test_a_constant_grid_has_that_mean_everywhere(shape: Polygon, value: float) -> None:
    found = area_means(framed(shape), grid(np.full((4, 5), value)))
    assert found["mean"].item() == pytest.approx(value, rel=1e-9)
    assert found["coverage"].item() == pytest.approx(1, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(shape=turned, values=concentrations)
def test_a_mean_lies_between_the_least_and_the_greatest_cell(
    shape: Polygon, values: np.ndarray
) -> None:
    mean = area_means(framed(shape), grid(values))["mean"].item()
    assert values.min() - 1e-9 <= mean <= values.max() + 1e-9


@settings(max_examples=60, deadline=None)
@given(shape=corners, values=concentrations, share=st.floats(0.1, 0.9), missing=st.booleans())
def test_the_parts_of_an_area_add_up_to_the_whole(
    shape: Polygon, values: np.ndarray, share: float, missing: bool
) -> None:
    west, south, east, north = shape.bounds
    cut = west + share * (east - west)
    areas = framed(shape, box(west, south, cut, north), box(cut, south, east, north))
    cells = np.where(np.arange(20).reshape(4, 5) % 3 == 0, np.nan, values) if missing else values
    found = area_means(areas, grid(cells), minimum_coverage=0)
    total = found["mean"].fillna(0) * found["coverage"] * areas.geometry.area
    assert total.iloc[1:].sum() == pytest.approx(total.iloc[0], rel=1e-4, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(
    shapes=st.lists(turned, min_size=2, max_size=6),
    values=concentrations,
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_areas_changes_nothing(
    shapes: list[Polygon], values: np.ndarray, order: object
) -> None:
    areas = framed(*shapes)
    codes = list(areas.index)
    order.shuffle(codes)  # type: ignore[attr-defined]
    shuffled = area_means(areas.loc[codes], grid(values))
    pd.testing.assert_frame_equal(shuffled.loc[list(areas.index)], area_means(areas, grid(values)))


def people(*rows: tuple[str, float, float, float]) -> tuple[gpd.GeoDataFrame, pd.Series]:
    codes, easting, northing, weights = zip(*rows, strict=True)
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(easting, northing), index=list(codes), crs=BNG
    )
    return points, pd.Series(weights, index=points.index, dtype=float)


def test_points_weigh_by_their_people() -> None:
    points, weights = people(
        ("E01900001", 1500, 500, 300), ("E01900000", 500, 500, 10), ("E01900001", 500, 500, 100)
    )
    found = point_means(points, weights, grid([[4, 8]]))
    assert found.index.tolist() == ["E01900000", "E01900001"]
    np.testing.assert_allclose(found["mean"], [4, (300 * 8 + 100 * 4) / 400])
    np.testing.assert_allclose(found["coverage"], [1, 1])


def test_people_without_a_value_count_against_coverage() -> None:
    points, weights = people(
        ("E01900000", 500, 500, 40), ("E01900000", 1500, 500, 60),
        ("E01900001", 500, 500, 60), ("E01900001", 9500, 500, 40),
        ("E01900002", 500, 500, 0),
    )  # fmt: skip
    found = point_means(points, weights, grid([[4, np.nan]]))
    np.testing.assert_allclose(found["mean"], [np.nan, 4, np.nan])
    np.testing.assert_allclose(found["coverage"], [0.4, 0.6, 0])


@pytest.mark.parametrize("weight", [-1.0, np.nan])
def test_a_wrong_weight_is_refused(weight: float) -> None:
    points, weights = people(("E01900000", 500, 500, weight))
    with pytest.raises(InputError, match="E01900000"):
        point_means(points, weights, grid([[4.0]]))


def test_weights_of_other_points_are_refused() -> None:
    points, weights = people(("E01900000", 500, 500, 1), ("E01900001", 500, 500, 1))
    with pytest.raises(InputError, match="do not belong together"):
        point_means(points, weights.iloc[::-1], grid([[4.0]]))
    with pytest.raises(SpaceError):
        point_means(points.set_crs(WGS84, allow_override=True), weights, grid([[4.0]]))
