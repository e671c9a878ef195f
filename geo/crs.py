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

GREAT_BRITAIN = {BNG: (0.0, 0.0, 700_000.0, 1_300_000.0), WGS84: (-9.01, 49.75, 2.01, 61.01)}
"""The ground for which the National Grid is made: west, south, east, north in each system."""

_FORMS = {
    f"British National Grid ({BNG})": GREAT_BRITAIN[BNG],
    f"longitude and latitude ({WGS84})": GREAT_BRITAIN[WGS84],
    "latitude and longitude, with the axes swapped": (49.75, -9.01, 61.01, 2.01),
    "northings and eastings, with the axes swapped": (0.0, 0.0, 1_300_000.0, 700_000.0),
    "Web Mercator (EPSG:3857)": (-1_003_000.0, 6_403_000.0, 224_000.0, 8_640_000.0),
}
"""What numbers may be, by the box that places in Great Britain then lie in."""

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


def known_crs(crs: pyproj.CRS | None) -> str | None:
    """Return which of the two systems that are read here a coordinate system is, if it is one.

    >>> known_crs(pyproj.CRS("OGC:CRS84")), known_crs(pyproj.CRS("EPSG:3857"))
    ('EPSG:4326', None)
    """
    for known in (BNG, WGS84):
        if crs is not None and crs.equals(pyproj.CRS(known), ignore_axis_order=True):
            return known
    return None


def looks_like(bounds: NDArray[np.float64]) -> str | None:
    """Say what numbers look like from the ``bounds`` (west, south, east, north) of some places.

    None stands for numbers that are nowhere in Great Britain by any of the ways to write a place.

    >>> looks_like(np.array([[330_000, 390_000, 331_000, 391_000]]))
    'British National Grid (EPSG:27700)'
    >>> looks_like(np.array([[53.4, -2.9, 53.5, -2.8]]))
    'latitude and longitude, with the axes swapped'
    """
    fitting = (what for what, box in _FORMS.items() if within(bounds, box).mean() > 0.5)
    return next(fitting, None)


def within(bounds: NDArray[np.float64], box: tuple[float, ...]) -> NDArray[np.bool_]:
    """Say which rows of ``bounds`` (west, south, east, north) lie whole within a box."""
    west, south, east, north = bounds.T
    inside: NDArray[np.bool_] = (
        (west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3])
    )
    return inside


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
