"""Charts as inline SVG: where an area lies in its borough, values by tenth, a series over years.

Charts are strings made without a drawing library, small and the same every time. Each is an image
with a title and a description for those who do not see it; the page puts the numbers in a table
beneath. Nothing is said by colour alone: marks differ in shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from markupsafe import Markup, escape

from maps.look.numbers import written

WIDTH, HEIGHT, EDGE = 260, 42, 8
"""Of a range bar, in px, and how far its ends stand from the picture's."""
MIDDLE, HALF = 14, 6
"""Of a range bar, in px: the height of its line, and half the height of an area's mark."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The class of a picture in the style sheet, and its size in px."""

    kind: str
    width: int
    height: int


BAR = Picture(kind="bar", width=WIDTH, height=HEIGHT)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A horizontal scale with what does not change from page to page already drawn.

    ``low`` and ``high`` are the ends of the scale; ``least`` and ``most`` those of the areas'
    values.
    """

    low: float
    high: float
    least: float
    most: float
    backdrop: str

    def at(self, value: float) -> float:
        """Return the place of a value in px, kept within the scale."""
        return place(min(max(value, self.low), self.high), self.low, self.high)


def image(content: str, picture: Picture, *, key: str, title: str, description: str) -> Markup:
    """Wrap drawn elements into an SVG image that has a title and a description.

    ``key`` makes their ids, and must be the image's own on its page.
    """
    return Markup(
        f'<svg class="{picture.kind}" role="img" viewBox="0 0 {picture.width} {picture.height}"'
        f' aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>{content}</svg>'
    )


def place(value: float, low: float, high: float) -> float:
    """Place a value between the edges of a bar, to a tenth of a px.

    >>> place(5, 0, 10) == WIDTH / 2
    True
    """
    share = (value - low) / (high - low) if high > low else 0.5
    return round(EDGE + share * (WIDTH - 2 * EDGE), 1)


def scale_of(values: pd.Series, *, borough: float, england: float, label: str) -> Scale | None:
    """Make the scale of a borough's areas on one layer, or None where no area has a value.

    The scale runs over all areas, the borough and England; ``label`` formats a number for its ends.
    """
    known = sorted(set(values.dropna().astype(float)))
    if not known:
        return None
    ends = [known[0], known[-1], *(end for end in (borough, england) if not math.isnan(end))]
    low, high = min(ends), max(ends)
    left, right = place(known[0], low, high), place(known[-1], low, high)
    ticks = "".join(f"M{place(value, low, high):g} {MIDDLE - HALF}v{2 * HALF}" for value in known)
    backdrop = (
        f'<path class="track" d="M{left:g} {MIDDLE - HALF}H{right:g}v{2 * HALF}H{left:g}z"/>'
        f'<path class="ticks" d="{ticks}"/>{_borough(borough, low, high)}'
        f"{_england(england, low, high)}"
        f'<text class="end" x="{EDGE - 4}" y="{HEIGHT - 5}">{written(label, low)}</text>'
        f'<text class="end last" x="{WIDTH - EDGE + 4}" y="{HEIGHT - 5}">'
        f"{written(label, high)}</text>"
    )
    return Scale(low=low, high=high, least=known[0], most=known[-1], backdrop=backdrop)


def range_bar(
    scale: Scale,
    value: float,
    *,
    key: str,
    title: str,
    description: str,
    limits: tuple[float, float] | None = None,
) -> Markup:
    """Draw a value within the range of its borough's areas, with 95% limits where they are given.

    Limits beyond the scale end in an arrow. A missing value has no mark.
    """
    marks = "" if limits is None else _limits(scale, *limits)
    if not math.isnan(value):
        marks += f'<circle class="here" cx="{scale.at(value):g}" cy="{MIDDLE}" r="5.5"/>'
    return image(scale.backdrop + marks, BAR, key=key, title=title, description=description)


def column_chart(
    values: pd.Series, *, key: str, title: str, description: str, label: str
) -> Markup:
    """Draw one column for each part of the population, from the least deprived to the most.

    The columns stand on zero, each with its part (the index) beneath and its value, written by
    ``label``, above; a part without a value has no column.
    """
    picture = Picture(kind="columns", width=34 * len(values) + 10, height=166)
    foot, top = picture.height - 36, 16
    most = max(float(values.max()), 0.0) or 1.0
    drawn = [
        f'<path class="base" d="M4 {foot}H{picture.width - 4}"/>',
        f'<text x="4" y="{foot + 31}">least deprived</text>',
        f'<text class="last" x="{picture.width - 4}" y="{foot + 31}">most deprived</text>',
    ]
    for position, (part, value) in enumerate(values.items()):
        x = 22 + 34 * position
        drawn.append(f'<text class="axis" x="{x}" y="{foot + 15}">{escape(str(part))}</text>')
        if not math.isnan(value):
            y = round(foot - max(float(value), 0.0) / most * (foot - top), 1)
            drawn.append(f'<path class="column" d="M{x - 13} {y:g}h26V{foot}h-26z"/>')
            said = written(label, float(value))
            drawn.append(f'<text class="axis" x="{x}" y="{y - 4:g}">{said}</text>')
    return image("".join(drawn), picture, key=key, title=title, description=description)


def series_chart(
    runs: Sequence[tuple[str, pd.Series]], *, key: str, title: str, description: str
) -> Markup:
    """Draw percentages over years, one line a run, broken where what is measured changes.

    Each run is its name and values indexed by year. A gap and a dashed line stand where one run
    ends and the next begins, so that the two never read as one.
    """
    years = sorted({int(year) for _, values in runs for year in values.index})
    most = max(float(values.max()) for _, values in runs)
    plane = _Plane(years[0], years[-1], max(5, math.ceil(most / 5) * 5))
    drawn = [plane.grid(), *(plane.run(*run, order=order) for order, run in enumerate(runs))]
    for (_, before), (_, after) in pairwise(runs):
        middle = (int(before.index[-1]) + int(after.index[0])) / 2
        drawn.append(f'<path class="break" d="M{plane.x(middle):g} {plane.TOP - 8}V{plane.FOOT}"/>')
    return image("".join(drawn), plane.PICTURE, key=key, title=title, description=description)


@dataclass(frozen=True)
class _Plane:
    """The axes of a series: years across, per cent from 0 to ``ceiling`` upwards."""

    first: int
    last: int
    ceiling: int

    PICTURE = Picture(kind="series", width=640, height=220)
    LEFT, RIGHT, TOP, FOOT = 34, 632, 26, 194

    def x(self, year: float) -> float:
        share = (year - self.first + 0.5) / (self.last - self.first + 1)
        return round(self.LEFT + share * (self.RIGHT - self.LEFT), 1)

    def y(self, value: float) -> float:
        return round(self.FOOT - value / self.ceiling * (self.FOOT - self.TOP), 1)

    def grid(self) -> str:
        lines = "".join(
            f'<path class="grid" d="M{self.LEFT} {self.y(value):g}H{self.RIGHT}"/>'
            f'<text class="scale" x="{self.LEFT - 6}" y="{self.y(value) + 4:g}">{value}%</text>'
            for value in range(0, self.ceiling + 1, 5)
        )
        return lines + "".join(
            f'<text class="axis" x="{self.x(year):g}" y="{self.FOOT + 18}">{year}</text>'
            for year in range(self.first, self.last + 1)
        )

    def run(self, name: str, values: pd.Series, *, order: int) -> str:
        years = [int(str(year)) for year in values.index]
        points = [(self.x(year), self.y(value)) for year, value in zip(years, values, strict=True)]
        line = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        marks = "".join(_point(x, y, order) for x, y in points)
        top = min(y for _, y in points) - 12
        return (
            f'<path class="run" d="{line}"/>{marks}'
            f'<text class="name" x="{points[0][0] - 4:g}" y="{top:g}">{escape(name)}</text>'
        )


def _point(x: float, y: float, order: int) -> str:
    """Mark the values of the first run with discs, those of later ones with squares."""
    if order == 0:
        return f'<circle class="point" cx="{x:g}" cy="{y:g}" r="4"/>'
    return f'<path class="point" d="M{x - 4:g} {y - 4:g}h8v8h-8z"/>'


def _limits(scale: Scale, lower: float, upper: float) -> str:
    left, right = scale.at(lower), scale.at(upper)
    ends = _end(left, -1, inside=lower >= scale.low) + _end(right, 1, inside=upper <= scale.high)
    return f'<path class="limits" d="M{left:g} {MIDDLE}H{right:g}{ends}"/>'


def _end(x: float, way: int, *, inside: bool) -> str:
    """Close an interval with a bar, or with an arrow where it goes on beyond the scale."""
    if inside:
        return f"M{x:g} {MIDDLE - 5}v10"
    back, tip = x - 4 * way, x + 2 * way
    return f"M{back:g} {MIDDLE - 4}L{tip:g} {MIDDLE}L{back:g} {MIDDLE + 4}"


def _borough(value: float, low: float, high: float) -> str:
    """Mark the borough with a full triangle above the bar."""
    if math.isnan(value):
        return ""
    return f'<path class="borough" d="M{place(value, low, high):g} {MIDDLE - HALF - 1}l-5-6h10z"/>'


def _england(value: float, low: float, high: float) -> str:
    """Mark England with an open triangle below the bar."""
    if math.isnan(value):
        return ""
    return f'<path class="england" d="M{place(value, low, high):g} {MIDDLE + HALF + 1}l-5 6h10z"/>'
