"""The map of all boroughs: an inline picture in which each borough is a link to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.coverage import dissolved
from boundaries.simplify import simplified
from geo.crs import BNG
from maps.look import palette
from maps.look.classify import Classified
from maps.svg.canvas import View, outline

if TYPE_CHECKING:
    from layers.borough.borough import Borough

WIDTH = 720
MARGIN = 0.06
CHARACTER = 7.4
LINE_PX = 18.0


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One borough on the map: path, fill, name, what a reader hears, where its name stands."""

    path: str
    fill: str
    name: str
    told: str
    address: str
    at: tuple[float, float]
    width: float
    named: bool = False


@dataclass(frozen=True, kw_only=True)
class IndexMap:
    """The map of an index page, in pixels of its view box."""

    width: int
    height: int
    context: str
    shapes: tuple[Shape, ...]


def index_map(
    boroughs: Sequence[Borough], folders: Mapping[str, str], found: Classified | None
) -> IndexMap:
    """Draw the boroughs, filled by class, over the districts around them.

    ``found`` classes the boroughs by code; without it they are all of one grey.
    """
    outlines = _outlines(boroughs)
    west, south, east, north = outlines.total_bounds
    margin = MARGIN * max(east - west, north - south)
    scale = WIDTH / (east - west + 2 * margin)
    height = round((north - south + 2 * margin) * scale)
    view = shapely.box(west - margin, south - margin, east + margin, north + margin)
    context = _context(boroughs, outlines, view)
    together = simplified(pd.concat([outlines, context]), tolerance_m=0.7 / scale)

    ground = View(west=west - margin, north=north + margin, scale=scale, width=WIDTH, height=height)
    drawn = gpd.GeoSeries(
        shapely.transform(together.geometry.to_numpy(), ground.at), index=together.index
    )
    return IndexMap(
        width=WIDTH,
        height=height,
        context=" ".join(outline(shape) for shape in drawn[context.index]),
        shapes=_named(tuple(_shape(borough, drawn, folders, found) for borough in boroughs)),
    )


def _outlines(boroughs: Sequence[Borough]) -> gpd.GeoDataFrame:
    shapes = {
        borough.code: dissolved(simplified(borough.lsoa, tolerance_m=0).geometry)
        for borough in boroughs
    }
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=BNG))


def _context(
    boroughs: Sequence[Borough], outlines: gpd.GeoDataFrame, view: shapely.Geometry
) -> gpd.GeoDataFrame:
    """Return the districts around that are not boroughs of the build, cut to the view."""
    around = pd.concat([borough.surroundings[["geometry"]] for borough in boroughs])
    others = around[~around.index.duplicated() & ~around.index.isin(outlines.index)]
    cut = others.set_geometry(shapely.intersection(others.geometry.to_numpy(), view), crs=BNG)
    return cut[cut.geometry.geom_type.isin(["Polygon", "MultiPolygon"]) & ~cut.geometry.is_empty]


def _shape(
    borough: Borough,
    drawn: gpd.GeoSeries,
    folders: Mapping[str, str],
    found: Classified | None,
) -> Shape:
    shape = drawn[borough.code]
    largest = max(shapely.get_parts(shape), key=shapely.area)
    point = shapely.point_on_surface(largest)
    left, _, right, _ = largest.bounds
    address = f"{folders[borough.code]}/index.html"
    label = found.labels[borough.code] if found else ""
    return Shape(
        path=outline(shape),
        fill=found.colours[borough.code] if found else palette.GROUND,
        name=borough.name,
        told=f"{borough.name}: {label}" if label else borough.name,
        address=address,
        at=(round(point.x, 1), round(point.y, 1)),
        width=right - left,
    )


def _named(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """Name the shapes that have room for it, widest first, so that no name covers another."""
    taken: list[shapely.Geometry] = []
    named = set()
    for shape in sorted(shapes, key=lambda each: -each.width):
        half = CHARACTER * len(shape.name) / 2
        x, y = shape.at
        box = shapely.box(x - half, y - LINE_PX / 2, x + half, y + LINE_PX / 2)
        if shape.width > 0.8 * half and not any(box.intersects(other) for other in taken):
            taken.append(box)
            named.add(shape.address)
    return tuple(replace(shape, named=shape.address in named) for shape in shapes)
