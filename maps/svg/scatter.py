"""A scatter of areas with the line through them, as inline SVG, those far from it by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import pandas as pd
from markupsafe import Markup

from layers.borough.region import Line
from maps.svg.canvas import Axis, Picture, image, level_lines, reference_line, text

PICTURE = Picture(kind="scatter", width=720, height=480)
LEFT, RIGHT, CEILING, FOOT = 54, 708, 38, 430
CHARACTER, LINE = 8.4, 17.0
"""How wide a letter of a wide font and how tall a line is, in px, to find room for names."""
CLEAR = 13
"""How far names keep from the middle of a numbered point, in px."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the two directions of a scatter mean, and the name of the line at 1."""

    across: str
    up: str
    reference: str


@dataclass(frozen=True)
class PlotBox:
    """A rectangle in px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: PlotBox) -> bool:
        """Return if two rectangles overlap."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


def scatter(
    line: Line, named: Mapping[str, str], words: Words, *, key: str, title: str, description: str
) -> Markup:
    """Draw areas as dots, deprivation across and value up, with the line through them.

    Those in ``named`` (a name by area code) are larger, numbered in its order, and carry their
    names on wide screens.
    """
    points = line.points
    across = Axis(*_ends(points["deprivation"]), LEFT, RIGHT)
    up = Axis(0.0, 1.06 * float(points["value"].max()), FOOT, CEILING)
    drawn = [
        level_lines(up, LEFT, RIGHT),
        _numbers(across),
        reference_line(up, LEFT, RIGHT),
        *(
            f'<circle class="area" cx="{across.at(x):g}" cy="{up.at(y):g}" r="3.4"/>'
            for x, y in _pairs(points.drop(index=list(named)))
        ),
        _fit(across, up, line),
        _named(across, up, points.loc[list(named)], list(named.values())),
        _words(up, words),
    ]
    return image("".join(drawn), PICTURE, key=key, title=title, description=description)


def _ends(values: pd.Series) -> tuple[float, float]:
    """Return the ends of a scale a little wider than the values."""
    low, high = float(values.min()), float(values.max())
    room = 0.03 * (high - low)
    return min(low, max(0.0, low - room)), high + room


def _pairs(points: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(points["deprivation"], points["value"], strict=True))


def _numbers(across: Axis) -> str:
    return "".join(
        f'<path class="grid" d="M{across.at(value):g} {FOOT}v5"/>'
        + text(across.at(value), FOOT + 19, f"{value:g}", "axis")
        for value in across.steps(8)
    )


def _fit(across: Axis, up: Axis, line: Line) -> str:
    """Draw the line over the whole width, as far as it is above zero."""
    intercept, slope = line.intercept, line.slope
    ends = [across.low, across.high]
    if slope and across.low < -intercept / slope < across.high:
        ends[0 if slope > 0 else 1] = -intercept / slope
    drawn = "L".join(f"{across.at(end):g} {up.at(intercept + slope * end):g}" for end in ends)
    return f'<path class="fit" d="M{drawn}"/>'


def _words(up: Axis, words: Words) -> str:
    return (
        text((LEFT + RIGHT) / 2, FOOT + 43, words.across, "axis")
        + text(8, CEILING - 14, words.up)
        + text(RIGHT, up.at(1) + 17, words.reference, "last halo")
    )


def _named(across: Axis, up: Axis, points: pd.DataFrame, names: Sequence[str]) -> str:
    """Draw the points that are named with numbers, and the names for which there is room."""
    places = [(across.at(x), up.at(y)) for x, y in _pairs(points)]
    drawn = [
        f'<circle class="far" cx="{x:g}" cy="{y:g}" r="9"/>{text(x, y + 4, str(number), "number")}'
        for number, (x, y) in enumerate(places, start=1)
    ]
    rooms = max(
        (_rooms(places, names, order) for order in permutations(range(len(names)))), key=len
    )
    drawn += [
        text(box.left, box.bottom - 4, names[which], "halo wide")
        for which, box in sorted(rooms.items())
    ]
    return "".join(drawn)


def _rooms(
    places: Sequence[tuple[float, float]], names: Sequence[str], order: Iterable[int]
) -> dict[int, PlotBox]:
    """Find room for names, one after another, where they cover no numbered point nor each other."""
    taken = [PlotBox(x - CLEAR, y - CLEAR, x + CLEAR, y + CLEAR) for x, y in places]
    rooms = {}
    for which in order:
        box = _room(*places[which], CHARACTER * len(names[which]), taken)
        if box is not None:
            rooms[which] = box
            taken.append(box)
    return rooms


def _room(x: float, y: float, width: float, taken: Sequence[PlotBox]) -> PlotBox | None:
    """Find room for a name beside, above or beneath a point, or None."""
    half = LINE / 2
    for left, top in (
        (x + CLEAR, y - half),
        (x - CLEAR - width, y - half),
        (x - width / 2, y - CLEAR - LINE),
        (x - width / 2, y + CLEAR),
        (x + 4, y - CLEAR - LINE),
        (x - 4 - width, y - CLEAR - LINE),
        (x + 4, y + CLEAR),
        (x - 4 - width, y + CLEAR),
    ):
        box = PlotBox(round(left, 1), round(top, 1), round(left + width, 1), round(top + LINE, 1))
        inside = box.left >= LEFT and box.right <= RIGHT and box.top >= CEILING - 12
        if inside and not any(box.meets(other) for other in taken):
            return box
    return None
