"""Charts that set boroughs side by side, as inline SVG: rows, ratios with limits, small series.

The page puts the numbers in a table beneath. Nothing is said by colour alone: what is not a borough
differs in shape, and every line is named or drawn in its own way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from maps.look.numbers import NO_VALUE, numeral, written
from maps.svg.canvas import Axis, Picture, image, level_lines, path, point, reference_line, text

WIDE = 400
"""Width of these charts in px; they are shown a little smaller on a phone, larger on a desk."""
ROW, NAMES, FIRST, LAST = 26, 166, 178, 346
"""Of a row chart, in px: a row's height, where names end, where the scale begins and ends."""
SHORT = 17
"""Letters that have room before the scale on one line, in as wide a font as may be met."""
TOP, BARE_TOP = 30, 4
"""Of a row chart, in px: the first row's top under the name of a line, and without one."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Values to draw, a row each.

    ``values`` by name; ``together`` is a row apart beneath, ``line`` runs through all rows: a name
    and a value each. ``label`` formats a number. With ``zero`` bars stand on zero; without it dots
    hang from the line, for a scale on which zero means nothing.
    """

    values: Mapping[str, float]
    together: tuple[str, float]
    label: str
    line: tuple[str, float] | None = None
    zero: bool = True

    def axis(self) -> Axis:
        """Return the scale: from zero for bars, a little wider than the values for dots."""
        ends = [*self.values.values(), self.together[1], *([self.line[1]] if self.line else [])]
        known = [value for value in ends if not math.isnan(value)] or [0.0]
        low, high = min(known), max(known)
        if self.zero:
            return Axis(0.0, high or 1.0, FIRST, LAST)
        room = 0.04 * (high - low) or 1.0
        return Axis(low - room, high + room, FIRST, LAST)


def row_chart(rows: Rows, *, key: str, title: str, description: str) -> Markup:
    """Draw a bar or a dot a borough with its value beside it, and all of them together beneath.

    Rows stand in order of their own values, the highest first; one without a value says so, last.
    """
    named = [*_by_value(rows.values), rows.together]
    top = TOP if rows.line else BARE_TOP
    picture = Picture(kind="rows", width=WIDE, height=top + ROW * len(named) + 16)
    axis = rows.axis()
    start = axis.at(rows.line[1]) if rows.line and not rows.zero else float(FIRST)
    rule = top + ROW * len(rows.values) + 4
    drawn = [f'<path class="grid" d="M8 {rule}H{WIDE - 8}"/>', _through(rows, axis, picture)]
    for place, (name, value) in enumerate(named):
        apart = place == len(named) - 1
        middle = top + ROW * place + ROW // 2 + 8 * apart
        drawn.append(_row_name(name, middle))
        drawn.append(_mark(rows, axis, start, value, middle=middle, apart=apart))
    return image("".join(drawn), picture, key=key, title=title, description=description)


def _by_value(values: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(values.items(), key=lambda row: math.inf if math.isnan(row[1]) else -row[1])


def _row_name(name: str, middle: float) -> str:
    """Write a row's name before its scale: on two lines where it is long, small where that is."""
    if len(name) <= SHORT:
        return text(NAMES, middle + 4, name, "last")
    lines = in_two(name)
    kind = "last half" if max(map(len, lines)) <= SHORT else "last small"
    first = middle + 4 - 6 * (len(lines) - 1)
    return "".join(text(NAMES, first + 12 * at, line, kind) for at, line in enumerate(lines))


def in_two(name: str) -> list[str]:
    """Part a name at the space that makes the longer of two lines shortest.

    >>> in_two("Cheshire West and Chester"), in_two("Stockton-on-Tees")
    (['Cheshire West', 'and Chester'], ['Stockton-on-Tees'])
    """
    words = name.split(" ")
    parted = ([" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words)))
    return min(parted, key=lambda lines: max(map(len, lines)), default=[name])


def _through(rows: Rows, axis: Axis, picture: Picture) -> str:
    """Draw the dashed line through all rows, named above."""
    if rows.line is None or math.isnan(rows.line[1]):
        return ""
    name, value = rows.line
    x = axis.at(value)
    rule = f'<path class="line" d="M{x:g} {TOP - 6}V{picture.height - 8}"/>'
    return rule + text(x, TOP - 12, f"{name} {written(rows.label, value)}", "axis")


def _mark(rows: Rows, axis: Axis, start: float, value: float, *, middle: int, apart: bool) -> str:
    """Draw one row's bar, or its dot hung from the line, and its value at the end of the row."""
    if math.isnan(value):
        return text(FIRST, middle + 4, NO_VALUE)
    end, kind = axis.at(value), " together" if apart else ""
    if rows.zero:
        drawn = f'<path class="bar{kind}" d="M{start:g} {middle - 8}H{end:g}v16H{start:g}z"/>'
    else:
        drawn = (
            f'<path class="stem" d="M{start:g} {middle}H{end:g}"/>'
            f'<circle class="dot{kind}" cx="{end:g}" cy="{middle}" r="6"/>'
        )
    return drawn + text(WIDE - 8, middle + 4, written(rows.label, value), "last")


def ratio_chart(
    parts: pd.DataFrame, *, key: str, title: str, description: str, reference: str
) -> Markup:
    """Draw ratios with their limits for parts of the population, the least deprived first.

    ``parts`` has ratio, ratio_lower and ratio_upper by part, 1 the most deprived. A dashed line at
    1 is named ``reference``.
    """
    picture = Picture(kind="ratios", width=WIDE, height=250)
    left, right, foot = 36, WIDE - 8, picture.height - 40
    axis = Axis(0.0, max(1.5, float(parts["ratio_upper"].max())), foot, 22)
    ordered = parts.sort_index(ascending=False)
    step = (right - left) / len(ordered)
    drawn = [
        level_lines(axis, left, right),
        reference_line(axis, left, right),
        _reference(axis, reference, left, right, at_left=_falls(ordered["ratio"])),
    ]
    for place, (part, row) in enumerate(ordered.iterrows()):
        x = round(left + step * (place + 0.5), 1)
        drawn.append(text(x, foot + 15, str(part), "axis"))
        if not math.isnan(row["ratio"]):
            drawn.append(_with_limits(axis, x, row))
    drawn.append(text(left, foot + 33, "least deprived"))
    drawn.append(text(right, foot + 33, "most deprived", "last"))
    return image("".join(drawn), picture, key=key, title=title, description=description)


def _falls(ratios: pd.Series) -> bool:
    """Return if ratios fall from the first to the last, so that there is room under the first."""
    known = ratios.dropna()
    return bool(len(known) and known.iloc[0] > known.iloc[-1])


def _reference(axis: Axis, name: str, left: float, right: float, *, at_left: bool) -> str:
    """Name the line at 1, under it, at one of its ends."""
    y = axis.at(1) + 16
    return text(left + 4, y, name) if at_left else text(right, y, name, "last")


def _with_limits(axis: Axis, x: float, row: pd.Series) -> str:
    middle, low, high = (axis.at(row[f"ratio{end}"]) for end in ("", "_lower", "_upper"))
    whisker = f"M{x:g} {high:g}V{low:g}M{x - 5:g} {high:g}h10M{x - 5:g} {low:g}h10"
    return (
        f'<path class="limits" d="{whisker}"/>'
        f'<circle class="dot" cx="{x:g}" cy="{middle:g}" r="5"/>'
        + text(x, low + 17 if row["ratio"] < 1 else high - 6, numeral(row["ratio"], 2), "axis halo")
    )


def panels_chart(
    runs: Sequence[tuple[str, pd.DataFrame]],
    *,
    ceiling: float,
    key: str,
    title: str,
    description: str,
) -> Markup:
    """Draw a borough's percentages over years beside those of the whole, one panel a measure.

    A run is a measure and, by year, ``own`` (a full line with a mark a year: discs in the first
    panel, squares in later ones) and ``whole`` (dashed, without marks). Panels stand apart, since
    what is measured changes between them. One ``ceiling`` gives several charts the same scale.
    """
    picture = Picture(kind="panels", width=WIDE, height=170)
    left, between, foot = 44.0, 28, picture.height - 26
    axis = Axis(0.0, ceiling, foot, 34)
    years = sum(len(shares) for _, shares in runs)
    step = (WIDE - 6 - left - between * (len(runs) - 1)) / years
    drawn = []
    for order, (measure, shares) in enumerate(runs):
        right = left + step * len(shares)
        label = "{:g}%" if order == 0 else ""
        drawn.append(level_lines(axis, left, right, label=label, most=5))
        drawn.append(text(left, 18, measure, "name"))
        places = [round(left + step * (place + 0.5), 1) for place in range(len(shares))]
        drawn.append(_panel(axis, dict(zip(places, shares.index, strict=True)), shares, order))
        left = right + between
    return image("".join(drawn), picture, key=key, title=title, description=description)


def _panel(axis: Axis, places: Mapping[float, int], shares: pd.DataFrame, order: int) -> str:
    """Draw one measure: both lines, the first and the last year and the borough's values then."""
    own = list(zip(places, shares["own"], strict=True))
    whole = list(zip(places, shares["whole"], strict=True))
    marks = "".join(
        point(x, axis.at(value), order, 3.5) for x, value in own if not math.isnan(value)
    )
    drawn = f'<path class="line" d="{path(whole, axis)}"/><path class="run" d="{path(own, axis)}"/>'
    ends = {own[0], own[-1]}
    for x, value in sorted(ends):
        drawn += text(x, axis.start + 17, str(places[x]), "axis")
        if not math.isnan(value):
            marks += text(x, axis.at(value) - 9, numeral(value, 1), "axis halo")
    return drawn + marks
