"""The one geometry of a borough's page: TopoJSON in which every shared edge is written once.

All layers, outlines and neighbours of the page are made from it: small areas are rings of
arcs, an outline is the arcs with something else on the other side, and two areas are neighbours
where they share one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from topojson.core.topology import Topology

from boundaries.simplify import simplified
from geo.crs import to_wgs84

STEPS = 10_000
"""Coordinates are whole steps, this many across the map."""

GRID_STEPS = 24
"""Names of districts may stand on a grid with this many points along the longer side of the map."""

LEAST_M, FINENESS = 10.0, 4000
"""Simplification: at least so many metres, or one part in so many of the longer side."""

REACH = (1.3, 0.95)
"""How far the surroundings are kept from the middle, east–west and north–south, as shares of the
borough's longer side: as much as a wide screen shows when the borough fills its height."""


def topology(
    areas: gpd.GeoDataFrame, surroundings: gpd.GeoDataFrame, *, tolerance_m: float | None = None
) -> dict[str, object]:
    """Return TopoJSON with two objects, ``areas`` and ``surroundings``, in the order of the frames.

    Both are in British National Grid and tile the ground together. ``tolerance_m`` is that of
    `boundaries.simplify.simplified`: by default 10 m, and more for an area so large that this could
    not be seen. Coordinates come out as longitude and latitude in steps of
    1/10,000 of the map's width and height.
    """
    frames = [areas[["geometry"]], surroundings[["geometry"]]]
    if tolerance_m is None:
        west, south, east, north = areas.total_bounds
        tolerance_m = max(LEAST_M, max(east - west, north - south) / FINENESS)
    together = simplified(pd.concat(frames), tolerance_m=tolerance_m)
    degrees = to_wgs84(together).geometry.reset_index(drop=True)
    made = Topology(
        gpd.GeoDataFrame(geometry=degrees, crs=degrees.crs), prequantize=STEPS, topology=True
    ).to_dict()
    shapes = [_bare(shape) for shape in made["objects"]["data"]["geometries"]]
    parts = {"areas": shapes[: len(areas)], "surroundings": shapes[len(areas) :]}
    return {
        "type": "Topology",
        "transform": made["transform"],
        "arcs": made["arcs"],
        "objects": {name: _collection(part) for name, part in parts.items()},
    }


def nearby(surroundings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut the surroundings to what can be seen around a borough; those out of sight are dropped.

    So is a corner smaller than a step of the map's coordinates in square.
    """
    west, south, east, north = areas.total_bounds
    across, up = (share * max(east - west, north - south) for share in REACH)
    middle = ((west + east) / 2, (south + north) / 2)
    view = shapely.box(middle[0] - across, middle[1] - up, middle[0] + across, middle[1] + up)
    cut = shapely.intersection(surroundings.geometry.to_numpy(), view)
    polygons = gpd.GeoSeries(
        [_polygons(shape, (2 * across / STEPS) ** 2) for shape in cut],
        index=surroundings.index,
        crs=surroundings.crs,
    )
    seen = surroundings.set_geometry(polygons)
    return seen[~seen.geometry.is_empty]


def label_points(areas: gpd.GeoDataFrame) -> list[list[float]]:
    """Return a point inside the largest part of each area, as latitude and longitude."""
    largest = [max(shapely.get_parts(shape), key=shapely.area) for shape in areas.geometry]
    inside = shapely.point_on_surface(largest)
    points = to_wgs84(gpd.GeoDataFrame(geometry=inside, crs=areas.crs)).geometry
    return [[round(point.y, 5), round(point.x, 5)] for point in points]


def label_choices(areas: gpd.GeoDataFrame) -> list[list[list[float]]]:
    """Return, for each area, points inside it where its name may stand: latitude, longitude.

    They lie on a square grid over all areas, well inside; an area too small for the grid has one.
    A district that lies alone has no areas around it, and no points.
    """
    if areas.empty:
        return []
    west, south, east, north = areas.total_bounds
    step = max(east - west, north - south) / GRID_STEPS
    across, up = np.meshgrid(
        np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)
    )
    grid = gpd.GeoSeries(gpd.points_from_xy(across.ravel(), up.ravel()), crs=areas.crs)
    points = to_wgs84(gpd.GeoDataFrame(geometry=grid)).geometry
    # In position: this option has two names among the versions of geopandas.
    inner = areas.geometry.simplify(step / 4).buffer(-step / 2, 1)
    found = [grid.sindex.query(shape, predicate="contains", sort=True) for shape in inner]
    return [
        [[round(points[at].y, 4), round(points[at].x, 4)] for at in inside] or [only]
        for inside, only in zip(found, label_points(areas), strict=True)
    ]


def _polygons(shape: shapely.Geometry, least_m2: float) -> shapely.MultiPolygon:
    """Keep the parts of at least an area; lines and points, which a cut may leave, have none."""
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts(shape) if part.area >= least_m2]
    )


def _bare(shape: Mapping[str, Any]) -> dict[str, object]:
    """Keep only the arcs of a shape; one of a single part is a plain polygon.

    A shape too thin for the steps of the coordinates has no arcs left, and no type.
    """
    if shape["type"] is None:
        return {"type": "MultiPolygon", "arcs": []}
    if shape["type"] == "MultiPolygon" and len(shape["arcs"]) == 1:
        return {"type": "Polygon", "arcs": shape["arcs"][0]}
    return {"type": shape["type"], "arcs": shape["arcs"]}


def _collection(shapes: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"type": "GeometryCollection", "geometries": shapes}
