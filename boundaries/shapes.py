"""The shapes of areas: whether they can be what they are called, and how a broken one is mended.

Everything is looked at before it is moved, measured or compared: a corner at infinity ends the
libraries below, and areas that all lie on one another are each other's neighbours without end.

The rule of mending: a shape that crosses or touches itself wrongly is rebuilt from its rings
(`shapely.make_valid`, method “structure”), polygons are kept, and it must have the area it had, to
within `MOST_MENDED_SHARE`; otherwise its code is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import BNG, GREAT_BRITAIN, known_crs, looks_like, to_bng, within
from geo.errors import some

MOST_MENDED_SHARE = 0.01
"""Mending may change the area of a shape by this share of it."""

LEAST_M2 = 1.0
"""A shape with less ground than this is a line or a point."""

CENTROID_WITHIN_M = 1000.0
"""How far outside the box round its shape a published centroid may lie."""

EXTENT_WITHIN_M = 10_000.0
"""How far the ground of all areas may end from where its record says."""

MOST_ON_ONE = 200
"""More areas than this whose boxes meet that of one area, in the mean, lie on top of each other."""

MOST_TOLD = 5
"""How many shapes that cannot be mended are told of each with its reason."""
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def kind_problems(shapes: gpd.GeoSeries) -> list[str]:
    """Say which shapes, indexed by code, are empty or no polygons."""
    geometry = shapes.to_numpy()
    blank = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    found = [f"{_areas(shapes.index[blank])} with an empty or broken shape"] if blank.any() else []
    kinds = shapely.get_type_id(geometry)
    other = ~blank & ~np.isin(kinds, _POLYGONS)
    for kind in np.unique(kinds[other]):
        named = shapely.GeometryType(kind).name.capitalize()
        codes = shapes.index[other & (kinds == kind)]
        found.append(f"{_areas(codes)} with a {named} in place of a polygon")
    return found


def place_problems(shapes: gpd.GeoSeries) -> list[str]:
    """Say which polygons lie where no place in Great Britain can.

    ``shapes`` are indexed by code, in the coordinate system that their file declares; if it is none
    that is read here, it is only said what the numbers look like.
    """
    problems = []
    points, owner = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    endless = np.zeros(len(shapes), dtype=bool)
    endless[owner[~np.isfinite(points).all(axis=1)]] = True
    if endless.any():
        problems.append(f"{_areas(shapes.index[endless])} with a corner that is no finite number")
    crs, finite = known_crs(shapes.crs), shapes[~endless]
    bounds = shapely.bounds(finite.to_numpy())
    if crs is None:
        like = looks_like(bounds)
        return [*problems, f"the numbers look like {like}"] if like else problems
    outside = ~within(bounds, GREAT_BRITAIN[crs])
    if outside.any():
        codes = finite.index[outside]
        problems.append(f"{_areas(codes)} outside Great Britain{_numbers(bounds, crs)}")
    return problems


def ground_problems(shapes: gpd.GeoSeries, extent_m: tuple[float, ...]) -> list[str]:
    """Say which areas of one file, in metres, lie on top of others, and where the whole ends."""
    if shapes.empty:
        return []
    problems = list(_overlap_problems(shapes))
    ends = shapes.total_bounds
    if extent_m and np.abs(ends - np.array(extent_m)).max() > EXTENT_WITHIN_M:
        turned = np.abs(ends[[1, 0, 3, 2]] - np.array(extent_m)).max() <= EXTENT_WITHIN_M
        problems.append(
            f"the areas reach from {_corner(*ends[:2])} to {_corner(*ends[2:])}, where they should "
            f"from {_corner(*extent_m[:2])} to {_corner(*extent_m[2:])}"
            f"{_turned() if turned else ''}"
        )
    return problems


def centroid_problems(shapes: gpd.GeoSeries, centroids: gpd.GeoSeries, *, what: str) -> list[str]:
    """Say which shapes, in metres, do not lie at the centroids that their own file gives."""
    bounds = shapely.bounds(shapes.to_numpy())
    points = shapely.get_coordinates(centroids.to_numpy())
    off = _apart(bounds, points) > CENTROID_WITHIN_M
    if not off.any():
        return []
    turned = _apart(bounds[off][:, [1, 0, 3, 2]], points[off]) <= CENTROID_WITHIN_M
    return [
        f"{_areas(shapes.index[off])} over {CENTROID_WITHIN_M / 1000:g} km from their own "
        f"centroids ({what}){_turned() if turned.mean() > 0.5 else ''}"
    ]


def mended(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, pd.Series, list[str]]:
    """Return shapes in metres, rounded to the centimetre and valid.

    With them come the change of area in square metres of each that was mended (NaN for the others),
    and what cannot be mended, in words.
    """
    rounded = shapely.transform(shapes.to_numpy(), _to_centimetre)
    change = np.full(len(shapes), np.nan)
    beyond = []
    for place in np.flatnonzero(~shapely.is_valid(rounded)):
        code, before = shapes.index[place], rounded[place]
        after = _rebuilt(before)
        difference = shapely.area(after) - shapely.area(before)
        if abs(difference) > MOST_MENDED_SHARE * shapely.area(after):
            beyond.append(
                f"{code} is no valid shape ({shapely.is_valid_reason(before)}), and mending it "
                f"would change its area from {shapely.area(before):,.0f} to "
                f"{shapely.area(after):,.0f} m²"
            )
        rounded[place], change[place] = after, difference
    problems, more = beyond[:MOST_TOLD], len(beyond) - MOST_TOLD
    if more > 0:
        problems.append(
            f"{more:,} more area{'' if more == 1 else 's'} that cannot be mended either"
        )
    flat = shapely.area(rounded) < LEAST_M2
    if flat.any():
        problems.append(f"{_areas(shapes.index[flat])} without ground")
    found = gpd.GeoSeries(shapely.normalize(rounded), index=shapes.index, crs=shapes.crs)
    return found, pd.Series(change, index=shapes.index), problems


def are_polygons(shapes: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Say which shapes are polygons with corners."""
    geometry = shapes.to_numpy()
    kinds = np.isin(shapely.get_type_id(geometry), _POLYGONS)
    found: NDArray[np.bool_] = kinds & ~shapely.is_empty(geometry)
    return found


def published_points(first: pd.Series, second: pd.Series, crs: str) -> gpd.GeoSeries:
    """Return published centroids as points on the grid; one that is none lies at its origin."""
    pairs = [pd.to_numeric(numbers, errors="coerce").to_numpy(float) for numbers in (first, second)]
    inside = within(np.column_stack([*pairs, *pairs]), GREAT_BRITAIN[crs])
    placed = [np.where(inside, numbers, 0.0) for numbers in pairs]
    shapes = gpd.points_from_xy(*placed, crs=crs)
    return to_bng(gpd.GeoDataFrame(geometry=shapes, index=first.index)).geometry


def _overlap_problems(shapes: gpd.GeoSeries) -> Iterator[str]:
    """Test first with a few boxes, since all on all would be the square of all areas."""
    geometry = shapes.to_numpy()
    tree = shapely.STRtree(geometry)
    some_boxes = shapely.envelope(geometry[:: max(1, len(geometry) // 50)])
    if tree.query(some_boxes).shape[1] > MOST_ON_ONE * len(some_boxes):
        yield f"{len(shapes):,} areas that lie on top of one another"
        return
    inner, outer = tree.query(shapely.point_on_surface(geometry), predicate="within")
    apart = inner != outer
    pairs = sorted(
        {
            tuple(sorted((str(shapes.index[one]), str(shapes.index[other]))))
            for one, other in zip(inner[apart], outer[apart], strict=True)
        }
    )
    if pairs:
        yield f"areas that lie on top of one another ({some(f'{a} and {b}' for a, b in pairs)})"


def _rebuilt(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape made valid from its rings: its polygons, at centimetres where these serve."""
    made = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = shapely.get_parts(made)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    joined = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    rounded = shapely.transform(joined, _to_centimetre)
    return rounded if rounded.is_valid else joined


def _to_centimetre(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round corners, so that the copies of one corner in two areas are equal to the last digit."""
    return points.round(2)


def _apart(bounds: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far points lie outside boxes, along the axis on which that is further."""
    beyond = np.maximum(bounds[:, :2] - points, points - bounds[:, 2:])
    found: NDArray[np.float64] = np.maximum(beyond.max(axis=1), 0)
    return found


def _numbers(bounds: NDArray[np.float64], crs: str) -> str:
    like = looks_like(bounds)
    own = "British National Grid" if crs == BNG else "longitude and latitude"
    if like is None or like.startswith(own):
        return ""
    return f" as {crs} has it: the numbers look like {like}"


def _turned() -> str:
    return ": their axes look swapped"


def _corner(easting: float, northing: float) -> str:
    return f"({easting:,.0f}, {northing:,.0f})"


def _areas(codes: pd.Index) -> str:
    return f"{len(codes):,} area{'' if len(codes) == 1 else 's'} ({some(codes)})"
