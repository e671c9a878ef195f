"""Boundaries with fewer points for drawing, simplified together so that neighbours stay neighbours.

Simplifying polygons one by one moves the two copies of a shared edge apart and breaks adjacency;
here the coverage is simplified as a whole (Visvalingam–Whyatt on each shared edge, once).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import BNG, require_crs
from geo.errors import SpaceError

GRID_M = 1.0
"""Corners are rounded to this grid, in metres, so that copies of one corner are equal."""


def simplified(areas: gpd.GeoDataFrame, *, tolerance_m: float) -> gpd.GeoDataFrame:
    """Return the areas with fewer corners: the same rows and columns, and a simpler geometry.

    ``areas`` tile the ground in British National Grid. A corner goes when the triangle it makes
    with its neighbours is smaller than ``tolerance_m`` squared. Shared edges stay shared: no gap
    or overlap appears. Where areas overlap or part already, those edges are simplified each for
    itself.

    Raises ``SpaceError`` for another coordinate system and for a negative tolerance.

    >>> from shapely.geometry import Polygon
    >>> areas = gpd.GeoDataFrame(
    ...     geometry=[
    ...         Polygon([(0, 0), (100, 0), (103, 50), (100, 100), (0, 100)]),
    ...         Polygon([(100, 0), (200, 0), (200, 100), (100, 100), (103, 50)]),
    ...     ],
    ...     crs="EPSG:27700",
    ... )
    >>> simplified(areas, tolerance_m=20).geometry.count_coordinates().to_list()
    [5, 5]
    """
    require_crs(areas, BNG, where="simplification")
    if not tolerance_m >= 0:
        raise SpaceError(
            "The tolerance of simplification is not a distance",
            expected="zero or more metres",
            found=str(tolerance_m),
            do="give a distance in metres, such as 10",
        )
    rounded = [_whole(shapely.transform(shape, _on_grid)) for shape in areas.geometry]
    simpler = shapely.coverage_simplify(rounded, tolerance_m)
    return areas.set_geometry(gpd.GeoSeries(simpler, index=areas.index, crs=areas.crs))


def _whole(shape: shapely.Geometry) -> shapely.Geometry:
    """Drop the parts and holes that rounding has closed, which are no shapes any more."""
    if shapely.is_valid(shape):
        return shape
    polygons = [part for part in shapely.get_parts(shape) if part.area > 0]
    kept = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if _area(hole) > 0])
        for part in polygons
    ]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _area(ring: shapely.LinearRing) -> float:
    return float(shapely.Polygon(ring).area)


def _on_grid(points: np.ndarray) -> np.ndarray:
    return np.round(points / GRID_M) * GRID_M
