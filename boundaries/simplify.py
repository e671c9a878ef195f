"""Boundaries with fewer points for drawing, simplified together so that neighbours stay neighbours.

Simplifying polygons one by one moves the two copies of a shared edge apart and breaks adjacency;
here the coverage is simplified as a whole (Visvalingam–Whyatt on each shared edge, once).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from boundaries.coverage import fitted
from geo.crs import BNG, require_crs
from geo.errors import SpaceError

GRID_M = 1.0
"""Corners are rounded to this grid, in metres, so that copies of one corner are equal."""


def simplified(areas: gpd.GeoDataFrame, *, tolerance_m: float) -> gpd.GeoDataFrame:
    """Return the areas with fewer corners: the same rows and columns, and a simpler geometry.

    ``areas`` tile the ground in British National Grid. A corner goes when the triangle it makes
    with its neighbours is smaller than ``tolerance_m`` squared. Shared edges stay shared: no gap
    or overlap appears. Where areas overlap or part by less than a metre, they are fitted together
    first (see `boundaries.coverage.fitted`); one that would lose all its ground to another stays
    as it is.

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
    rounded = _whole(shapely.transform(areas.geometry.to_numpy(), _on_grid))
    if not shapely.coverage_is_valid(rounded):
        fit = fitted(rounded, GRID_M)
        rounded = np.where(shapely.is_empty(fit), rounded, fit)
    simpler = shapely.coverage_simplify(rounded, tolerance_m)
    return areas.set_geometry(gpd.GeoSeries(simpler, index=areas.index, crs=areas.crs))


def _on_grid(points: np.ndarray) -> np.ndarray:
    return np.round(points / GRID_M) * GRID_M


def _whole(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Mend polygons of which rounding has closed a part or a hole, or folded an edge over."""
    broken = ~shapely.is_valid(shapes)
    whole = shapes.copy()
    whole[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return whole
