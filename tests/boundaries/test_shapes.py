"""Coordinates that cannot be what they are called, and shapes that are none: families of each."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from boundaries.read import build_areas, read_areas
from boundaries.shapes import mended, place_problems
from geo.crs import BNG, WGS84, to_bng, to_wgs84
from geo.errors import SpaceError
from tests.boundaries.test_read import CODES, raw, source, written

pytestmark = pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")


def called(frame, crs):
    return frame.set_crs(crs, allow_override=True)


def turned(frame):
    swap = shapely.transform(frame.geometry.to_numpy(), lambda points: points[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(swap, crs=frame.crs))


def moved(frame, easting, northing):
    there = to_bng(frame)
    return there.set_geometry(there.translate(easting, northing))


def with_corner(frame, corner):
    ring = [(-4, 54), (-3.9, 54), (-3.9, 54.1), (-4, 54)]
    triangle = shapely.Polygon(ring)
    frame.loc[1, "geometry"] = shapely.transform(
        triangle, lambda points: np.vstack([points[:1], [corner], points[2:]])
    )
    return frame


def refused(frame, **changes):
    with pytest.raises(SpaceError) as caught:
        build_areas(frame, source(**changes))
    return str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: called(to_bng(f), WGS84), "look like British National Grid (EPSG:27700)"),
        (lambda f: called(f, BNG), "look like longitude and latitude (EPSG:4326)"),
        (turned, "look like latitude and longitude, with the axes swapped"),
        (lambda f: called(turned(f), BNG), "look like latitude and longitude, with the axes"),
        (lambda f: called(f.to_crs(3857), WGS84), "look like Web Mercator (EPSG:3857)"),
        (lambda f: called(f.to_crs(3857), BNG), "look like Web Mercator (EPSG:3857)"),
        (lambda f: turned(moved(f, 0, 400_000)), "look like northings and eastings"),
    ],
)
def test_numbers_under_a_false_label_are_refused_with_what_they_look_like(spoil, said):
    text = refused(spoil(raw()))
    assert "3 areas (E01900001, E01900002, E01900003) outside Great Britain as EPSG:" in text
    assert said in text


@pytest.mark.parametrize("coordinates", [to_bng, lambda frame: frame], ids=["metres", "degrees"])
def test_a_single_area_outside_great_britain_is_refused_by_its_code(coordinates):
    frame = raw()
    far = to_wgs84(moved(frame, 900_000, 0)).geometry
    frame.loc[2, "geometry"] = far[2]
    text = refused(coordinates(frame))
    assert "1 area (E01900002) outside Great Britain. Where" in text


@pytest.mark.parametrize(
    ("corner", "said"),
    [
        ((np.inf, 54.0), "with a corner that is no finite number"),
        ((-4.0, -np.inf), "with a corner that is no finite number"),
        ((np.nan, 54.0), "with a corner that is no finite number"),
        ((1e300, 54.0), "outside Great Britain"),
        ((-4.0, -1e300), "outside Great Britain"),
    ],
)
@pytest.mark.parametrize("read", [True, False], ids=["file", "frame"])
def test_a_corner_at_the_end_of_the_world_is_refused_by_its_code(tmp_path, corner, said, read):
    frame = with_corner(raw(), corner)
    if read:
        with pytest.raises(SpaceError) as caught:
            read_areas(written(tmp_path, frame), source())
        text = str(caught.value)
    else:
        text = refused(frame)
    assert f"1 area (E01900001) {said}" in text


@pytest.mark.parametrize(
    ("shift", "said"),
    [({"BNG_E": 40_000}, "BNG_E and BNG_N"), ({"LAT": 0.5}, "LONG and LAT")],
)
def test_shapes_are_held_to_the_centroids_that_their_file_gives(shift, said):
    frame = raw()
    centres = frame.geometry.representative_point()
    frame = frame.assign(LONG=centres.x, LAT=centres.y)
    assert len(build_areas(frame, source())) == 3
    for field, by in shift.items():
        frame.loc[1, field] += by
    text = refused(frame)
    assert f"1 area (E01900001) over 1 km from their own centroids ({said})" in text


def test_eastings_and_northings_swapped_inside_great_britain_are_seen_by_the_centroids():
    text = refused(turned(to_bng(raw())))
    assert "3 areas (E01900001, E01900002, E01900003) over 1 km from their own" in text
    assert "their axes look swapped" in text


def test_eastings_and_northings_swapped_are_seen_by_the_ground_they_cover():
    frame = turned(to_bng(raw())).drop(columns=["BNG_E", "BNG_N"])
    text = refused(frame, extent_m=(300_000, 400_000, 303_000, 401_000))
    assert "from (400,000, 300,000) to (401,000, 303,000)" in text
    assert "their axes look swapped" in text


def test_a_blank_centroid_is_refused():
    assert "1 area (E01900001) over 1 km from" in refused(
        raw().assign(BNG_E=[300_500, np.nan, 302_500])
    )


# --- areas on top of one another


def test_areas_that_are_all_the_same_shape_are_refused_before_they_are_neighbours():
    many = 400
    square = to_wgs84(gpd.GeoDataFrame(geometry=[shapely.box(3e5, 4e5, 3.01e5, 4.01e5)], crs=BNG))
    frame = gpd.GeoDataFrame(
        {"LSOA11CD": [f"E0190{n:04}" for n in range(many)], "LSOA11NM": ["a"] * many},
        geometry=[square.geometry[0]] * many,
        crs=WGS84,
    )
    assert "400 areas that lie on top of one another" in refused(frame, rows=many)


def test_an_area_that_lies_on_another_is_named_with_it():
    frame = raw().drop(columns=["BNG_E", "BNG_N"])
    frame.loc[2, "geometry"] = frame.loc[1, "geometry"].buffer(-0.001)
    text = refused(frame)
    assert "areas that lie on top of one another (E01900001 and E01900002)" in text


# --- shapes that cross themselves

WEST, SOUTH = 300_000, 400_000


def ring(*corners):
    return [(WEST + easting, SOUTH + northing) for easting, northing in corners]


SQUARE = ring((0, 0), (0, 1000), (1000, 1000), (1000, 0))
LOOP = ring(*[(0, 0), (0, 1000), (1000, 1000), (1000, 0), (500, 0), (498, -3), (502, -3), (500, 1)])
SPIKE = ring((0, 0), (0, 1000), (1000, 1000), (2000, 1000), (1000, 1000), (1000, 0))
BOW_TIE = ring((0, 0), (1000, 1000), (1000, 0), (0, 1000))
SPECK = ring((1400, 0), (1400, 5), (1405, 5), (1405, 0))
HOLE = ring((200, 200), (200, 800), (800, 800), (800, 200))
AWAY = ring((1200, 200), (1200, 800), (1800, 800), (1800, 200))
LINE = ring((0, 0), (500, 0), (1000, 0))


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (shapely.Polygon(LOOP), 1e6 - 250 + 6),
        (shapely.Polygon(SPIKE), 1e6),
        (shapely.Polygon(SQUARE, [SPECK]), 1e6 + 25),
    ],
    ids=["a loop", "a spike", "a speck of a hole outside"],
)
def test_a_shape_that_crosses_itself_a_little_is_mended_and_counted(shape, area):
    assert not shape.is_valid
    given = gpd.GeoSeries(
        [shape, shapely.box(WEST, SOUTH + 2000, WEST + 10, SOUTH + 2010)], CODES[:2], crs=BNG
    )
    found, change, problems = mended(given)
    assert problems == []
    assert found.is_valid.all()
    assert found.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    assert found.area.iloc[0] == pytest.approx(area, abs=5)
    assert change.iloc[0] == pytest.approx(found.area.iloc[0] - shape.area, abs=1e-6)
    assert np.isnan(change.iloc[1])


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(BOW_TIE),
        shapely.Polygon(SQUARE, [AWAY]),
        shapely.MultiPolygon([shapely.Polygon(SQUARE)] * 2),
    ],
    ids=["a bow-tie", "a hole outside", "a part given twice"],
)
def test_a_shape_that_mending_would_change_is_refused_by_its_code(shape):
    assert not shape.is_valid
    _, _, problems = mended(gpd.GeoSeries([shape], CODES[:1], crs=BNG))
    assert problems[0].startswith("E01900003 is no valid shape (")
    assert "and mending it would change its area from " in problems[0]


def test_of_many_shapes_that_cannot_be_mended_five_are_told_of():
    many = [f"E0190{number:04d}" for number in range(300)]
    shapes = gpd.GeoSeries([shapely.Polygon(BOW_TIE)] * 300, many, crs=BNG)
    _, _, problems = mended(shapes)
    told = [problem for problem in problems if "is no valid shape" in problem]
    assert [problem[:9] for problem in told] == many[:5]
    assert "295 more areas that cannot be mended either" in problems
    _, _, problems = mended(shapes[:5])
    assert not any("more area" in problem for problem in problems)


@pytest.mark.parametrize("rings", [(LINE,), (SQUARE, [SQUARE])], ids=["a line", "all hole"])
def test_a_shape_without_ground_is_refused_by_its_code(rings):
    _, _, problems = mended(gpd.GeoSeries([shapely.Polygon(*rings)], CODES[:1], crs=BNG))
    assert problems == ["1 area (E01900003) without ground"]


def test_mended_areas_are_read_and_carry_the_change():
    frame = to_bng(raw())
    frame.loc[0, "geometry"] = shapely.Polygon(LOOP)
    areas = build_areas(frame, source())
    assert areas["mended_m2"].notna().tolist() == [False, False, True]
    assert areas.geometry.is_valid.all()


def test_what_is_no_shape_has_no_place_to_be_wrong():
    assert place_problems(gpd.GeoSeries([], crs=WGS84)) == []
