"""Coordinate systems: British National Grid inside, longitude and latitude only at the door.

The two directions between WGS 84 and British National Grid are pinned to one operation, the
7-parameter shift (EPSG:1314), whatever grids a machine has installed. The Open Geography Portal
made its longitudes and latitudes that way, so the shift recovers the original coordinates to the
centimetre; the more accurate OSTN15 grid would move every boundary by up to a few metres.
"""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.errors import SpaceError

BNG = "EPSG:27700"
WGS84 = "EPSG:4326"

_WGS84_TO_BNG = (
    "+proj=pipeline "
    "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 "
    "+s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy "
    "+step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)


def require_crs(areas: gpd.GeoDataFrame, crs: str, *, where: str) -> None:
    """Refuse areas that have no coordinate system, or another one than ``crs``.

    Raises ``SpaceError``; never guesses.
    """
    if areas.crs is None:
        raise SpaceError(
            "The boundaries have no coordinate system",
            where=where,
            expected=crs,
            found="none",
            do=f"find out which one they were made in and set it: set_crs({crs!r})",
        )
    if not areas.crs.equals(pyproj.CRS(crs), ignore_axis_order=True):
        raise SpaceError(
            "The boundaries are in another coordinate system than their record says",
            where=where,
            expected=crs,
            found=areas.crs.to_string(),
            do="reproject the file, or correct the record",
        )


def to_bng(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas in British National Grid (metres), from it or from WGS 84.

    >>> from shapely.geometry import Point
    >>> place = gpd.GeoDataFrame(geometry=[Point(-2.9916, 53.4075)], crs=WGS84)
    >>> to_bng(place).geometry.x.round().item()
    334178.0
    """
    if areas.crs is not None and areas.crs.equals(pyproj.CRS(BNG)):
        return areas
    require_crs(areas, WGS84, where="conversion to British National Grid")
    return _moved(areas, BNG, "FORWARD")


def to_wgs84(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return British National Grid areas in longitude and latitude, by the inverse of `to_bng`."""
    require_crs(areas, BNG, where="conversion to longitude and latitude")
    return _moved(areas, WGS84, "INVERSE")


def _moved(areas: gpd.GeoDataFrame, crs: str, direction: str) -> gpd.GeoDataFrame:
    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        first, second = _transformer().transform(points[:, 0], points[:, 1], direction=direction)
        return np.column_stack([first, second])

    moved = shapely.transform(areas.geometry.to_numpy(), move)
    return areas.set_geometry(gpd.GeoSeries(moved, index=areas.index, crs=crs))


@cache
def _transformer() -> pyproj.Transformer:
    return pyproj.Transformer.from_pipeline(_WGS84_TO_BNG)
