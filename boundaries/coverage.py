"""Areas that tile the ground: fitted together, and dissolved into outlines.

Copies of one boundary are seldom perfect: a corner of one area lies a few millimetres beside its
neighbour's line, so that the two overlap or leave a slit. Nothing of that is ground. It is mended
before areas are dissolved or simplified, and only there: the areas themselves stay as the publisher
drew them.
"""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

NARROW_M = 0.1
"""What is narrower than this between two areas, in metres, is a fault of drawing and no gap."""


def dissolved(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the ground that polygons tile together, as one geometry.

    Where they fit together corner by corner and no gap is narrower than 0.1 m (``NARROW_M``), their
    shared edges are left out and every other edge is kept to the last digit. Where they do not,
    they are `fitted` first. Real gaps and holes stay.

    >>> left = shapely.Polygon([(0, 0), (100, 0), (99.99, 50), (100, 100), (0, 100)])
    >>> dissolved([left, shapely.box(100, 0, 200, 100)]).equals(shapely.box(0, 0, 200, 100))
    True
    """
    tiles = np.array(list(shapes), dtype=object)
    if not shapely.coverage_is_valid(tiles, gap_width=NARROW_M):
        tiles = fitted(tiles, NARROW_M)
    return shapely.coverage_union_all(tiles)


def outlines(areas: gpd.GeoDataFrame, groups: pd.Series) -> gpd.GeoDataFrame:
    """Dissolve areas that tile the ground into the outlines of their groups (see `dissolved`).

    ``groups`` gives the group of each area code, or none; the result is indexed by group, in the
    areas' CRS.
    """
    members = areas.geometry.groupby(groups.reindex(areas.index))
    united = {group: dissolved(shapes) for group, shapes in members}
    index = pd.Index(list(united), name=groups.name)
    return gpd.GeoDataFrame(geometry=list(united.values()), index=index, crs=areas.crs)


def fitted(shapes: NDArray[np.object_], narrow_m: float) -> NDArray[np.object_]:
    """Return polygons that meet corner by corner, in the order given.

    Corners within ``narrow_m`` of one another become one, a gap narrower than that is closed, and
    ground that several cover goes to the one with the longest border there: a polygon that lies in
    another comes out empty.
    """
    fit: NDArray[np.object_] = shapely.coverage_clean(
        shapes, gap_width=narrow_m, snapping_distance=narrow_m
    )
    return fit
