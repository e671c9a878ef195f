"""Coordinates are moved by one pinned operation, and never guessed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import BNG, WGS84, require_crs, to_bng, to_wgs84
from geo.errors import SpaceError


def places(*points, crs=BNG):
    return gpd.GeoDataFrame(
        {"area_name": [str(number) for number in range(len(points))]},
        geometry=[shapely.Point(point) for point in points],
        crs=crs,
    )


@given(
    st.lists(
        st.tuples(st.floats(80_000, 660_000), st.floats(5_000, 660_000)), min_size=1, max_size=5
    )
)
def test_there_and_back_is_the_same_to_a_centimetre(points):
    areas = places(*points)
    again = to_bng(to_wgs84(areas))
    moved = np.hypot(again.geometry.x - areas.geometry.x, again.geometry.y - areas.geometry.y)
    assert moved.max() < 0.01
    assert again.crs == BNG


def test_it_is_the_seven_parameter_shift_of_the_ordnance_survey():
    # Helmert's result for a point of the Survey's guide to coordinate systems in Great Britain
    # (Caister water tower, OSTN15 651409.804, 313177.450), which it gives to about 5 m.
    caister = to_bng(places((1.716073973, 52.658007833), crs=WGS84)).geometry
    assert caister.x.item() == pytest.approx(651409.8, abs=5)
    assert caister.y.item() == pytest.approx(313177.4, abs=5)


@pytest.mark.filterwarnings("ignore:Best transformation is not available")
def test_it_is_the_operation_of_that_number_to_the_millimetre():
    known = pyproj.transformer.TransformerGroup(WGS84, BNG, always_xy=True).transformers
    (shift,) = (each for each in known if "OSGB36 to WGS 84 (6)" in each.description)
    corners = [(-5.7, 50.1), (-2.99, 53.41), (1.716, 52.658), (-3.2, 55.95)]
    moved = to_bng(places(*corners, crs=WGS84)).get_coordinates().to_numpy()
    assert moved == pytest.approx(
        np.array([shift.transform(*corner) for corner in corners]), abs=1e-3
    )


def test_areas_already_on_the_grid_are_returned_as_they_are():
    areas = places((330_000, 390_000))
    assert to_bng(areas) is areas


def test_columns_and_order_are_kept_and_the_argument_is_not_changed():
    areas = places((330_000, 390_000), (340_000, 380_000)).set_axis(["b", "a"])
    before = areas.copy()
    moved = to_wgs84(areas)
    assert moved.index.tolist() == ["b", "a"]
    assert moved["area_name"].tolist() == ["0", "1"]
    assert moved.crs == WGS84
    assert areas.geom_equals(before).all()
    assert areas.crs == BNG


def test_missing_and_no_geometry_go_through():
    areas = gpd.GeoDataFrame(geometry=[None, shapely.Point(330_000, 390_000)], crs=BNG)
    assert to_wgs84(areas).geometry.isna().tolist() == [True, False]
    assert len(to_wgs84(areas.iloc[:0])) == 0


def test_no_coordinate_system_is_refused_with_the_fix():
    areas = gpd.GeoDataFrame(geometry=[shapely.Point(1, 1)])
    with pytest.raises(SpaceError) as caught:
        to_bng(areas)
    assert "no coordinate system" in str(caught.value)
    assert "set_crs('EPSG:4326')" in str(caught.value)


def test_another_coordinate_system_is_refused_and_named():
    areas = places((0, 0), crs="EPSG:3857")
    with pytest.raises(SpaceError) as caught:
        require_crs(areas, BNG, where="b.gpkg")
    assert (caught.value.where, caught.value.expected) == ("b.gpkg", BNG)
    assert caught.value.found == "EPSG:3857"
    with pytest.raises(SpaceError, match="EPSG:3857"):
        to_bng(areas)
    with pytest.raises(SpaceError, match="EPSG:4326"):
        to_wgs84(places((0, 0), crs=WGS84))


def test_the_same_system_with_its_axes_the_other_way_round_is_the_same():
    require_crs(places((0, 0), crs="OGC:CRS84"), WGS84, where="c.geojson")
