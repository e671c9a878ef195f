"""What every picture within a page is drawn with: scales, texts, marks, lines, outlines, the image.

Pictures are strings made without a drawing library, small and the same every time. Each is an image
with a title and a description for those who do not see it. Lengths are px of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from markupsafe import Markup, escape
from numpy.typing import NDArray

from maps.look.numbers import written

POLYGON = 3
"""shapely's number for the type."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The class of a picture in the style sheet, and its size in px."""

    kind: str
    width: int
    height: int


def image(content: str, picture: Picture, *, key: str, title: str, description: str) -> Markup:
    """Wrap drawn elements into an SVG image that has a title and a description.

    ``key`` makes their ids, and must be the image's own on its page.
    """
    return Markup(
        f'<svg class="{picture.kind}" role="img" viewBox="0 0 {picture.width} {picture.height}"'
        f' aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>{content}</svg>'
    )


@dataclass(frozen=True)
class Axis:
    """A scale from ``low`` to ``high``, drawn from ``start`` to ``end`` px.

    >>> Axis(0.0, 10.0, 200.0, 100.0).at(2.5)
    175.0

    Where both ends are the same every value lies in the middle.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value in px, to a tenth."""
        length = self.high - self.low
        share = (value - self.low) / length if length else 0.5
        return round(self.start + share * (self.end - self.start), 1)

    def steps(self, most: int) -> list[float]:
        """Return round numbers on the scale, at most ``most`` and one.

        >>> Axis(0.0, 3.7, 0.0, 1.0).steps(8)
        [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
        """
        size = step_of(self.high - self.low, most)
        first, last = math.ceil(self.low / size - 1e-9), math.floor(self.high / size + 1e-9)
        return [round(number * size, 9) for number in range(first, last + 1)]


def step_of(length: float, most: int) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that goes ``most`` times at most.

    >>> step_of(68, 8), step_of(3.7, 8), step_of(19, 4)
    (10.0, 0.5, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(length / most))
    return next(
        times * power for times in (1, 2, 5, 10) if times * power * most >= length * 0.999999
    )


def level_lines(
    axis: Axis, left: float, right: float, *, label: str = "{:g}", most: int = 8
) -> str:
    """Draw level lines at round numbers of an upright axis, numbered at the left."""
    return "".join(
        f'<path class="grid" d="M{left:g} {axis.at(value):g}H{right:g}"/>'
        + text(left - 7, axis.at(value) + 4, written(label, value), "last")
        for value in axis.steps(most)
    )


def reference_line(axis: Axis, left: float, right: float) -> str:
    """Draw the dashed line at a ratio of 1."""
    return f'<path class="line" d="M{left:g} {axis.at(1):g}H{right:g}"/>'


def text(x: float, y: float, said: str, kind: str = "") -> str:
    """Write a text at a place; ``kind`` are its classes.

    >>> text(8, 20.5, "Bread & Butter", "last")
    '<text class="last" x="8" y="20.5">Bread &amp; Butter</text>'
    """
    own = f' class="{kind}"' if kind else ""
    return f'<text{own} x="{x:g}" y="{y:g}">{escape(said)}</text>'


def point(x: float, y: float, order: int, half: float) -> str:
    """Mark a value of the first series with a disc, one of a later series with a square.

    >>> point(10, 20, 1, 4)
    '<path class="point" d="M6 16h8v8h-8z"/>'
    """
    if order == 0:
        return f'<circle class="point" cx="{x:g}" cy="{y:g}" r="{half:g}"/>'
    side = f"{2 * half:g}"
    return f'<path class="point" d="M{x - half:g} {y - half:g}h{side}v{side}h-{side}z"/>'


def path(points: Sequence[tuple[float, float]], axis: Axis) -> str:
    """Join points (px across, value up) by a line that is broken where a value is missing.

    >>> path([(1, 0.0), (2, 5.0), (3, float("nan")), (4, 5.0)], Axis(0.0, 10.0, 100.0, 0.0))
    'M1 100L2 50M4 50'
    """
    drawn, pen = "", "M"
    for x, value in points:
        if not math.isnan(value):
            drawn += f"{pen}{x:g} {axis.at(value):g}"
        pen = "M" if math.isnan(value) else "L"
    return drawn


@dataclass(frozen=True)
class View:
    """How ground becomes picture: a corner, a scale in px to the metre, and the picture's size."""

    west: float
    north: float
    scale: float
    width: int
    height: int

    def path(self, shape: shapely.Geometry) -> str:
        """Write a shape of the ground as an SVG path."""
        return outline(shapely.transform(shape, self.at))

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Place points of the ground, a row each, in the picture."""
        moved: NDArray[np.float64] = points - (self.west, self.north)
        return moved * (self.scale, -self.scale)


def outline(shape: shapely.Geometry) -> str:
    """Write polygons in px as the path of an SVG in tenths, one ring after another.

    What is smaller than a tenth is left out.

    >>> outline(shapely.box(0, 0, 1, 2))
    'M1 0l0 2 -1 0 0 -2z'
    """
    parts = shapely.get_parts(shape)
    polygons = parts[shapely.get_type_id(parts) == POLYGON]
    rings = shapely.get_rings(polygons)
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def _ring(points: NDArray[np.float64]) -> str:
    tenths = np.rint(points * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    if len(steps) < 3:
        return ""
    start = f"M{tenths[0, 0] / 10:g} {tenths[0, 1] / 10:g}l"
    return start + " ".join(f"{x / 10:g} {y / 10:g}" for x, y in steps[:-1].tolist()) + "z"
