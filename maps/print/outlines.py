"""Geometry as the paths that matplotlib draws, each shared boundary once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from boundaries.coverage import dissolved
from layers.layer import Native

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class Outlines:
    """A borough's own lines and areas in metres of the National Grid, whatever is drawn on them.

    ``areas`` holds a closed path for each area by geography, in the order of the borough's frames,
    and ``meshes`` the lines between them. ``pockets`` and ``singles``, the small areas that meet
    the rule and belong to no pocket, are lines around them.
    """

    areas: Mapping[Native, Sequence[Path]]
    meshes: Mapping[Native, Path]
    borough: Path
    pockets: Sequence[Path]
    singles: Sequence[Path]


def outlines_of(borough: Borough) -> Outlines:
    """Work out the lines and areas of a borough."""
    flags = borough.lsoa.get("single", pd.Series(False, borough.lsoa.index))
    single = borough.lsoa.geometry[flags.eq(True)]
    lsoa, msoa = (table.geometry.to_numpy() for table in (borough.lsoa, borough.msoa))
    return Outlines(
        areas={"LSOA": closed_paths(lsoa), "MSOA": closed_paths(msoa)},
        meshes={"LSOA": line_path(mesh(lsoa)), "MSOA": line_path(mesh(msoa))},
        borough=line_path(shapely.boundary(dissolved(borough.lsoa.geometry))),
        pockets=[line_path(shapely.boundary(shape)) for shape in borough.pockets.geometry],
        singles=[line_path(shapely.boundary(shape)) for shape in single],
    )


def closed_paths(shapes: NDArray[np.object_]) -> list[Path]:
    """Turn polygons into paths, one each, holes included.

    Outer rings run against inner ones, so that any number of paths may be drawn as one.

    >>> len(closed_paths(np.array([shapely.box(0, 0, 1, 1)]))[0].vertices)
    5
    """
    turned = shapely.orient_polygons(shapes)
    return [_path(shapely.get_parts(shapely.boundary(shape)), closed=True) for shape in turned]


def line_path(lines: BaseGeometry) -> Path:
    """Turn lines into one path that lifts the pen between them."""
    return _path(shapely.get_parts(lines), closed=False)


def mesh(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Return the boundaries of areas, each shared stretch once.

    >>> squares = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> float(mesh(squares).length)
    7.0
    """
    return shapely.line_merge(shapely.union_all(shapely.boundary(shapes)))


def joined(paths: list[Path]) -> Path:
    """Join paths into one; no paths make an empty one."""
    return Path.make_compound_path(*paths) if paths else Path(np.empty((0, 2)))


def _path(lines: NDArray[np.object_], *, closed: bool) -> Path:
    rings = [shapely.get_coordinates(line) for line in lines]
    if not rings:
        return Path(np.empty((0, 2)))
    return Path(np.vstack(rings), np.concatenate([_codes(len(ring), closed) for ring in rings]))


def _codes(count: int, closed: bool) -> NDArray[np.uint8]:
    codes = np.full(count, Path.LINETO, dtype=np.uint8)
    codes[0] = Path.MOVETO
    if closed:
        codes[-1] = Path.CLOSEPOLY
    return codes
