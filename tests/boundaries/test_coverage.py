"""Areas dissolved: nothing changes where they fit, and nothing of a bad fit stays where not."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Polygon, box

from boundaries.coverage import NARROW_M, dissolved, fitted, outlines
from geo.crs import BNG

WHOLE = box(0, 0, 200, 200)


def corner_beside_a_line(off):
    """Two areas below share a corner that lies beside the line of the one above."""
    return [
        box(0, 100, 200, 200),
        Polygon([(0, 0), (100, 0), (100, 100 + off), (0, 100)]),
        Polygon([(100, 0), (200, 0), (200, 100), (100, 100 + off)]),
    ]


def one_moved(off):
    """One area is drawn so far from its neighbour, or so far over it."""
    return [box(0, 0, 100 - off, 200), box(100, 0, 200, 200)]


def bent(off):
    """One copy of a shared line is bent, the other straight."""
    return [
        Polygon([(0, 0), (100, 0), (100 + off, 100), (100, 200), (0, 200)]),
        box(100, 0, 200, 200),
    ]


def wedged(off):
    """A slit closes at one end only."""
    return [Polygon([(0, 0), (100, 0), (100 - off, 200), (0, 200)]), box(100, 0, 200, 200)]


FAULTS = (corner_beside_a_line, one_moved, bent, wedged)


@pytest.mark.parametrize("off", [-0.05, -0.01, -0.001, 0.001, 0.01, 0.05])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_narrower_than_a_decimetre_is_no_gap_and_no_double_ground(fault, off):
    shapes = fault(off)
    whole = dissolved(shapes)
    assert whole.geom_type == "Polygon"
    assert whole.is_valid
    assert len(whole.interiors) == 0
    assert shapely.hausdorff_distance(whole, WHOLE) <= NARROW_M
    assert whole.area == pytest.approx(WHOLE.area, abs=200 * NARROW_M)


@pytest.mark.parametrize("fault", FAULTS)
def test_areas_fitted_share_their_corners_and_keep_their_order(fault):
    shapes = np.array(fault(0.01))
    assert not shapely.coverage_is_valid(shapes, gap_width=NARROW_M) or fault is wedged
    fit = fitted(shapes, NARROW_M)
    assert shapely.coverage_is_valid(fit, gap_width=NARROW_M)
    assert (shapely.hausdorff_distance(fit, shapes) <= NARROW_M).all()


def test_an_area_that_lies_in_another_adds_nothing():
    shapes = [box(0, 0, 100, 100), box(40, 40, 60, 60)]
    assert dissolved(shapes).equals(box(0, 0, 100, 100))


def test_real_holes_gaps_and_islands_stay():
    lake = box(0, 0, 200, 200).difference(box(50, 50, 60, 60))
    ditch = [box(0, 0, 100, 200), box(100.5, 0, 200, 200)]
    assert dissolved([lake, box(200, 0, 300, 200)]).area == 300 * 200 - 100
    assert shapely.get_num_geometries(dissolved(ditch)) == 2


def test_where_areas_fit_every_outer_corner_is_kept_to_the_last_digit():
    corners = np.array([[0.13, 0.07], [100.49, 0.31], [101.5, 99.99], [0.77, 100.01]])
    left = Polygon(corners)
    right = Polygon([corners[1], [200.03, 0.11], [200.02, 100.02], corners[2]])
    whole = dissolved([left, right])
    kept = {tuple(point) for point in shapely.get_coordinates(whole).tolist()}
    assert kept == {tuple(p) for p in [*corners.tolist(), [200.03, 0.11], [200.02, 100.02]]}


def test_outlines_are_the_areas_without_the_lines_between_them():
    areas = gpd.GeoDataFrame(
        geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), box(2000, 0, 3000, 1000)],
        index=pd.Index(["E01900001", "E01900002", "E01900003"], name="area_code"),
        crs=BNG,
    )
    groups = pd.Series(
        {"E01900001": "E06900001", "E01900002": "E06900001", "E01900003": None}, name="lad_code"
    )
    found = outlines(areas, groups)
    assert found.index.tolist() == ["E06900001"]
    assert found.index.name == "lad_code"
    assert found.crs == BNG
    assert found.geometry["E06900001"].equals(box(0, 0, 2000, 1000))
