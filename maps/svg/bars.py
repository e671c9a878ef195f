"""Charts as inline SVG: where an area lies in its borough, values by tenth.

The page puts the numbers in a table beneath. Nothing is said by colour alone: marks differ in
shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from maps.look.numbers import written
from maps.svg.canvas import Axis, Picture, image, text

WIDTH, HEIGHT, EDGE = 260, 42, 8
"""Of a range bar, in px, and how far its ends stand from the picture's."""
MIDDLE, HALF = 14, 6
"""Of a range bar, in px: the height of its line, and half the height of an area's mark."""

BAR = Picture(kind="bar", width=WIDTH, height=HEIGHT)
SHARE_BAR = Picture(kind="bar", width=WIDTH, height=28)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A horizontal scale with what does not change from page to page already drawn.

    ``least`` and ``most`` are the ends of the areas' values, which lie on the ``axis``.
    """

    axis: Axis
    least: float
    most: float
    backdrop: str

    def at(self, value: float) -> float:
        """Return the place of a value in px, kept within the scale."""
        return self.axis.at(min(max(value, self.axis.low), self.axis.high))


def scale_of(values: pd.Series, *, borough: float, england: float, label: str) -> Scale | None:
    """Make the scale of a borough's areas on one layer, or None where no area has a value.

    The scale runs over all areas, the borough and England; ``label`` formats a number for its ends.
    """
    known = sorted(set(values.dropna().astype(float)))
    if not known:
        return None
    ends = [known[0], known[-1], *(end for end in (borough, england) if not math.isnan(end))]
    axis = Axis(min(ends), max(ends), EDGE, WIDTH - EDGE)
    left, right = axis.at(known[0]), axis.at(known[-1])
    ticks = "".join(f"M{axis.at(value):g} {MIDDLE - HALF}v{2 * HALF}" for value in known)
    backdrop = (
        f'<path class="track" d="M{left:g} {MIDDLE - HALF}H{right:g}v{2 * HALF}H{left:g}z"/>'
        f'<path class="ticks" d="{ticks}"/>{_borough(axis, borough)}{_england(axis, england)}'
        + text(EDGE - 4, HEIGHT - 5, written(label, axis.low), "end")
        + text(WIDTH - EDGE + 4, HEIGHT - 5, written(label, axis.high), "end last")
    )
    return Scale(axis=axis, least=known[0], most=known[-1], backdrop=backdrop)


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


def share_bar(
    share: float, *, borough: float, england: float, key: str, title: str, description: str
) -> Markup:
    """Draw a share of people in per cent as a bar from 0 to 100, with two others marked on it."""
    axis = Axis(0.0, 100.0, EDGE, WIDTH - EDGE)
    top, tall = MIDDLE - HALF, 2 * HALF
    drawn = (
        f'<path class="track" d="M{EDGE} {top}H{WIDTH - EDGE}v{tall}H{EDGE}z"/>'
        f'<path class="share" d="M{EDGE} {top}H{axis.at(share):g}v{tall}H{EDGE}z"/>'
        f"{_borough(axis, borough)}{_england(axis, england)}"
    )
    return image(drawn, SHARE_BAR, key=key, title=title, description=description)


def percentile_bar(
    value: float, lowest: float, highest: float, *, key: str, title: str, description: str
) -> Markup:
    """Draw a mean percentile as a bar from 0 to 100, with the ends of what it is the mean of."""
    axis = Axis(0.0, 100.0, EDGE, WIDTH - EDGE)
    top, tall = MIDDLE - HALF, 2 * HALF
    drawn = f'<path class="track" d="M{EDGE} {top}H{WIDTH - EDGE}v{tall}H{EDGE}z"/>'
    if not math.isnan(value):
        left, right = axis.at(lowest), axis.at(highest)
        drawn += (
            f'<path class="share" d="M{EDGE} {top}H{axis.at(value):g}v{tall}H{EDGE}z"/>'
            f'<path class="limits" d="M{left:g} {MIDDLE}H{right:g}{_end(left, -1, inside=True)}'
            f'{_end(right, 1, inside=True)}"/>'
        )
    return image(drawn, SHARE_BAR, key=key, title=title, description=description)


def column_chart(
    values: pd.Series, *, key: str, title: str, description: str, label: str
) -> Markup:
    """Draw one column for each part of the population, from the least deprived to the most.

    The columns stand on zero, each with its part (the index) beneath and its value, written by
    ``label``, above; a part without a value has no column.
    """
    picture = Picture(kind="columns", width=34 * len(values) + 10, height=166)
    foot, top = picture.height - 36, 16
    axis = Axis(0.0, max(float(values.max()), 0.0) or 1.0, foot, top)
    drawn = [
        f'<path class="base" d="M4 {foot}H{picture.width - 4}"/>',
        text(4, foot + 31, "least deprived"),
        text(picture.width - 4, foot + 31, "most deprived", "last"),
    ]
    for position, (part, value) in enumerate(values.items()):
        x = 22 + 34 * position
        drawn.append(text(x, foot + 15, str(part), "axis"))
        if not math.isnan(value):
            y = axis.at(max(float(value), 0.0))
            drawn.append(f'<path class="column" d="M{x - 13} {y:g}h26V{foot}h-26z"/>')
            drawn.append(text(x, y - 4, written(label, float(value)), "axis"))
    return image("".join(drawn), picture, key=key, title=title, description=description)


def _limits(scale: Scale, lower: float, upper: float) -> str:
    left, right = scale.at(lower), scale.at(upper)
    first = _end(left, -1, inside=lower >= scale.axis.low)
    last = _end(right, 1, inside=upper <= scale.axis.high)
    return f'<path class="limits" d="M{left:g} {MIDDLE}H{right:g}{first}{last}"/>'


def _end(x: float, way: int, *, inside: bool) -> str:
    """Close an interval with a bar, or with an arrow where it goes on beyond the scale."""
    if inside:
        return f"M{x:g} {MIDDLE - 5}v10"
    back, tip = x - 4 * way, x + 2 * way
    return f"M{back:g} {MIDDLE - 4}L{tip:g} {MIDDLE}L{back:g} {MIDDLE + 4}"


def _borough(axis: Axis, value: float) -> str:
    """Mark the borough with a full triangle above the bar."""
    if math.isnan(value):
        return ""
    return f'<path class="borough" d="M{axis.at(value):g} {MIDDLE - HALF - 1}l-5-6h10z"/>'


def _england(axis: Axis, value: float) -> str:
    """Mark England with an open triangle below the bar."""
    if math.isnan(value):
        return ""
    return f'<path class="england" d="M{axis.at(value):g} {MIDDLE + HALF + 1}l-5 6h10z"/>'
