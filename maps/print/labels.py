"""Where names and numbers go on a map, so that none covers another.

All positions are in millimetres on the page. A name goes where its whole box lies inside its own
area and clear of what is there already; a name that fits nowhere is left out (the tables have it).
A number badge always finds a place: inside its area where it leaves some of it to see, otherwise
beside it with a line to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.print.lettering import Face, width_mm
from maps.print.sheet import Box

STEP_MM = 1.0
LABEL_GAP_MM = 0.5
MOST_POINTS = 1500
ROOM_FOR_BADGE = 0.85
"""An area is wide enough for its badge when a circle of this share of the badge's fits inside."""

_RINGS = np.mgrid[1.0:60.0:1.0, 0 : 2 * np.pi : np.pi / 12].reshape(2, -1)
_AROUND = np.column_stack([_RINGS[0] * np.cos(_RINGS[1]), _RINGS[0] * np.sin(_RINGS[1])])


@dataclass(frozen=True)
class Label:
    """A name in lines around a centre, and the box it fills."""

    lines: tuple[str, ...]
    centre: tuple[float, float]
    box: Box
    face: Face


@dataclass(frozen=True)
class Badge:
    """A number in a circle; from ``anchor``, a point of its area, a line leads to one outside."""

    number: int
    centre: tuple[float, float]
    anchor: tuple[float, float] | None = None


def place_badges(
    areas: Sequence[BaseGeometry], numbers: Sequence[int], radius_mm: float, room: BaseGeometry
) -> list[Badge]:
    """Find a place for the number of each area, the smallest first; return them in the order given.

    ``room`` is where badges may stand. Ties are broken by number, never by the order of areas.
    """
    placed: dict[int, Badge] = {}
    within = shapely.buffer(room, -radius_mm)
    avoid = shapely.buffer(shapely.union_all(list(areas)), radius_mm)
    shapely.prepare([within, avoid])
    order = sorted(zip(numbers, areas, strict=True), key=lambda pair: (pair[1].area, pair[0]))
    for number, area in order:
        taken = np.array([badge.centre for badge in placed.values()]).reshape(-1, 2)
        inside, depth = _points_inside(area)
        free = _clear(inside, taken, radius_mm)
        if len(free) and depth >= ROOM_FOR_BADGE * radius_mm:
            placed[number] = Badge(number, _point(free[0]))
            continue
        around = _AROUND + inside[0]
        around = around[shapely.contains_xy(within, around)]
        beyond = around[~shapely.contains_xy(avoid, around)]
        choices = [*_clear(beyond, taken, radius_mm), *_clear(around, taken, radius_mm), inside[0]]
        placed[number] = Badge(number, _point(choices[0]), _point(inside[0]))
    return [placed[number] for number in numbers]


def place_names(
    areas: Sequence[BaseGeometry],
    names: Sequence[str],
    face: Face,
    *,
    taken: Sequence[Box] = (),
    most_lines: int = 3,
) -> list[Label]:
    """Place the names that fit inside their areas, the largest areas first, clear of ``taken``."""
    labels: list[Label] = []
    order = sorted(zip(names, areas, strict=True), key=lambda pair: (-pair[1].area, pair[0]))
    for name, area in order:
        occupied = [*taken, *(label.box for label in labels)]
        label = _label(name_lines(name, most_lines), area, face, occupied)
        if label is not None:
            labels.append(label)
    return labels


def name_lines(name: str, most: int) -> list[tuple[str, ...]]:
    """List the ways to break a name into up to so many lines of about equal length, fewest first.

    >>> name_lines("Cheshire West and Chester", 2)
    [('Cheshire West and Chester',), ('Cheshire West', 'and Chester')]
    """
    words = name.split()
    return [_even_lines(words, count) for count in range(1, min(most, len(words)) + 1)]


def boxes_overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share more than an edge."""
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def _even_lines(words: Sequence[str], count: int) -> tuple[str, ...]:
    """Break words into so many lines that the longest is as short as can be."""
    if count == 1:
        return (" ".join(words),)
    ways = (
        (" ".join(words[:first]), *_even_lines(words[first:], count - 1))
        for first in range(1, len(words) - count + 2)
    )
    return min(ways, key=lambda lines: max(map(len, lines)))


def _point(pair: NDArray[np.float64]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


def _clear(
    points: NDArray[np.float64], taken: NDArray[np.float64], radius: float
) -> NDArray[np.float64]:
    """Return the points that are far enough from every centre taken."""
    apart = np.hypot(*(points[:, None, :] - taken[None, :, :]).transpose(2, 0, 1))
    far: NDArray[np.bool_] = (apart >= 2 * radius + LABEL_GAP_MM).all(axis=1)
    return points[far]


def _points_inside(area: BaseGeometry) -> tuple[NDArray[np.float64], float]:
    """Return points inside an area, the deepest first, then those nearest to it, and its depth.

    The depth is the radius of the largest circle inside.
    """
    biggest = max(shapely.get_parts(area), key=lambda part: part.area)
    radius = shapely.maximum_inscribed_circle(biggest, tolerance=0.1)
    deepest = shapely.get_coordinates(radius)[0]
    left, top, right, bottom = biggest.bounds
    step = max(STEP_MM, float(np.sqrt((right - left) * (bottom - top) / MOST_POINTS)))
    across, down = np.meshgrid(
        np.arange(left + step / 2, right, step), np.arange(top + step / 2, bottom, step)
    )
    grid = np.column_stack([across.ravel(), down.ravel()])
    shapely.prepare(biggest)
    grid = grid[shapely.contains_xy(biggest, grid)]
    nearest = np.argsort(np.hypot(*(grid - deepest).T), kind="stable")
    return np.vstack([deepest, grid[nearest]]), float(radius.length)


def _label(
    ways: Sequence[tuple[str, ...]], area: BaseGeometry, face: Face, occupied: Sequence[Box]
) -> Label | None:
    centres, depth = _points_inside(area)
    shapely.prepare(area)
    for lines in ways:
        width = max(width_mm(line, face) for line in lines) + 2 * LABEL_GAP_MM
        height = face.line_mm * len(lines) + LABEL_GAP_MM
        size = np.array([width, height])
        corners = centres - size / 2
        if min(width, height) > 2 * depth:
            continue
        boxes = shapely.box(*corners.T, *(corners + size).T)
        for fits in np.flatnonzero(shapely.covers(area, boxes)):
            box = Box(*_point(corners[fits]), width, height)
            if not any(boxes_overlap(box, other) for other in occupied):
                return Label(lines, _point(centres[fits]), box, face)
    return None
