"""The flow of small areas between deciles of two editions, as a table of shaded squares.

A square says its count; the shade only repeats it. Squares on the diagonal have a heavy frame: the
areas in them kept their decile.
"""

from __future__ import annotations

import math

import pandas as pd
from markupsafe import Markup

from maps.look import palette
from maps.svg.canvas import Picture, image, text

ALL_DECILES = range(1, 11)
CELL, LEFT, TOP = 34, 54, 46
"""In px: the side of a square, and the room before the first column and above the first row."""
SHADES = palette.ramp(5)[::-1]
"""Shades of a square with at least one area, the lightest first."""


def flow_chart(
    counts: pd.DataFrame, *, before: str, now: str, key: str, title: str, description: str
) -> Markup:
    """Draw counts of areas by decile in an edition before (rows) and in this one (columns).

    ``counts`` has a row a pair: ``decile_before``, ``decile_now`` and ``lsoa_count``; pairs that
    are missing stand for none.
    """
    sums = counts.groupby(["decile_before", "decile_now"])["lsoa_count"].sum()
    cells = {pair: int(count) for pair, count in sums.items() if isinstance(pair, tuple)}
    most = max(cells.values(), default=1)
    side = CELL * len(ALL_DECILES)
    picture = Picture(kind="flow", width=LEFT + side + 6, height=TOP + side + 6)
    drawn = [
        text(LEFT + side / 2, 14, f"Decile in {now}, 1 the most deprived", "axis"),
        *(text(LEFT + CELL * (at - 0.5), TOP - 8, str(at), "axis") for at in ALL_DECILES),
        *(text(LEFT - 8, TOP + CELL * (at - 0.5) + 4, str(at), "last") for at in ALL_DECILES),
        f'<g transform="translate(14 {TOP + side / 2:g}) rotate(-90)">'
        f"{text(0, 0, f'Decile in {before}', 'axis')}</g>",
    ]
    drawn += [_cell(row, column, cells.get((row, column), 0), most) for row, column in _pairs()]
    drawn += [_frame(at) for at in ALL_DECILES]
    return image("".join(drawn), picture, key=key, title=title, description=description)


def _pairs() -> list[tuple[int, int]]:
    return [(row, column) for row in ALL_DECILES for column in ALL_DECILES]


def shade_of(count: int, most: int) -> str:
    """Return the fill of a square: paper for none, else darker the more there are.

    By the square root of the count, since where many areas are deprived the first square dwarfs the
    others.

    >>> shade_of(0, 10) == palette.PAPER, shade_of(10, 10) == SHADES[-1]
    (True, True)
    """
    if not count:
        return palette.PAPER
    return SHADES[int(len(SHADES) * math.sqrt(count / (most + 1)))]


def _cell(row: int, column: int, count: int, most: int) -> str:
    x, y = LEFT + CELL * (column - 1), TOP + CELL * (row - 1)
    fill = shade_of(count, most)
    square = f'<rect class="cell" x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{fill}"/>'
    if not count:
        return square
    kind = "count" if palette.ink_on(fill) == palette.INK else "count inverse"
    return square + text(x + CELL / 2, y + CELL / 2 + 4, str(count), kind)


def _frame(at: int) -> str:
    x, y = LEFT + CELL * (at - 1), TOP + CELL * (at - 1)
    return f'<rect class="kept" x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}"/>'
