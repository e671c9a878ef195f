"""What stands on and beside a printed map: scale bar, arrow, legend, list of pockets, sources.

Each function draws one piece at a place given in millimetres; those that flow down the page return
where the next may begin. The legend reads the same classes as the fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox
from matplotlib_scalebar.scalebar import ScaleBar

from maps.look import palette
from maps.look.classify import Classified, MapClass
from maps.look.numbers import numeral, trimmed
from maps.print import lettering
from maps.print.labels import Badge, Label
from maps.print.lettering import MM_PER_POINT, Face, printable, width_mm, wrap
from maps.print.sheet import Box, millimetres, put_block, put_paragraph, put_rule, put_text

if TYPE_CHECKING:
    import pandas as pd

HATCHES = {"plain": None, "striped": "-----", "hatched": "//////", "dotted": "......"}
ROW_MM = 4.8
KEY_MM = 6.0
SWATCH_MM = (7.0, 3.6)
LABEL_MM = SWATCH_MM[0] + 3
BARS_MM = (40.0, 11.0)
BADGE = Face(7, bold=True)
FINE_FACES = tuple(Face(points, colour=palette.QUIET) for points in (6.2, 5.6, 5.0))
LISTED_BADGE_MM = 2.2
LISTED_FACES = (lettering.TEXT, *(Face(points) for points in (7.0, 6.2, 5.6)))
"""In which pockets are listed, from the one to choose to the smallest that may be read."""
COLUMNS_GAP_MM = 5.0
NICE = (1, 2, 5)
MIDDLE = 0.365
"""Half the height of a figure, as a share of the size of the type."""


@dataclass(frozen=True)
class Key:
    """An entry of the key of a map: a line so many points wide, or a fill where that is none."""

    text: str
    colour: str
    points: float | None = None


def put_heading(figure: Figure, at: tuple[float, float], text: str, room_mm: float) -> float:
    """Write a small bold heading over a line; return where the next line may begin."""
    top = put_paragraph(figure, at, text, room_mm, lettering.HEADING)
    put_rule(figure, Box(at[0], top + 1, room_mm, 0))
    return top + 2.6


def put_legend(
    figure: Figure, at: tuple[float, float], classified: Classified, *, of: str, room_mm: float
) -> float:
    """Draw the classes with their labels and counts, and the sum; ``of`` names what is counted."""
    left = at[0]
    top = put_heading(figure, at, classified.title, room_mm)
    most = max(entry.count for entry in classified.legend)
    labels = max(width_mm(entry.label, lettering.BODY) for entry in classified.legend)
    start = max(BARS_MM[0], LABEL_MM + labels + 2)
    for entry in classified.legend:
        _put_class(figure, Box(left, top, room_mm, ROW_MM), entry, start, most)
        top += ROW_MM
    put_rule(figure, Box(left, top + 0.6, room_mm, 0))
    total = sum(entry.count for entry in classified.legend)
    put_text(figure, (left + LABEL_MM, top + 4.4), f"All {of}")
    put_text(figure, (left + room_mm, top + 4.4), numeral(total), align="right")
    return top + ROW_MM + 1.5


def put_key(figure: Figure, box: Box, entries: Sequence[Key]) -> None:
    """Explain lines and fills of the map in one row, closer together where there are many."""
    left = box.left
    taken = sum(KEY_MM + 1.5 + width_mm(entry.text, lettering.KEY) for entry in entries)
    gap = min(4.0, (box.width - taken) / max(len(entries) - 1, 1))
    for entry in entries:
        if entry.points is None:
            swatch = Box(left, box.top + 0.8, KEY_MM, 2.8)
            put_block(figure, swatch, fill=entry.colour, edge=palette.LINE)
        else:
            stroke = Box(left, box.top + 2.2, KEY_MM, 0)
            put_rule(figure, stroke, colour=entry.colour, points=entry.points)
        left += KEY_MM + 1.5
        put_text(figure, (left, box.top + 3.1), entry.text, lettering.KEY)
        left += width_mm(entry.text, lettering.KEY) + gap


def put_scale(axes: Axes, metres_per_mm: float, at: Box) -> ScaleBar:
    """Draw a scale bar of a round length, at most half as long as the box, along its foot."""
    metres = nice_length(metres_per_mm * at.width * 0.5)
    kilometres = metres >= 1000
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    ends = [(at.left + 3, at.bottom - 3), (at.right, at.top)]
    room = Bbox(millimetres(figure).transform(ends) / figure.dpi)
    bar = ScaleBar(
        1,
        "m",
        fixed_value=metres / 1000 if kilometres else metres,
        fixed_units="km" if kilometres else "m",
        location="lower left",
        bbox_to_anchor=TransformedBbox(room, figure.dpi_scale_trans),
        rotation="horizontal-only",
        scale_loc="top",
        scale_formatter=lambda value, unit: f"{trimmed(value)} {unit}",
        frameon=False,
        color=palette.INK,
        border_pad=0.0,
        pad=0.0,
        sep=2,
        width_fraction=0.004,
        font_properties={"size": 7},
    )
    axes.add_artist(bar)
    return bar


def nice_length(most_m: float) -> float:
    """Return the longest of 1, 2 or 5 times a power of ten that is no longer than this.

    >>> nice_length(7300), nice_length(2100), nice_length(1000)
    (5000.0, 2000.0, 1000.0)
    """
    power = 10.0 ** np.floor(np.log10(most_m))
    return float(max(times * power for times in NICE if times * power <= most_m * (1 + 1e-9)))


def put_north(figure: Figure, at: tuple[float, float]) -> None:
    """Draw an arrow to grid north with its foot at a point."""
    left, bottom = at
    for side, fill in ((-1, palette.PAPER), (1, palette.INK)):
        half = [(left, bottom - 8), (left + side * 2.1, bottom), (left, bottom - 1.8)]
        arrow = PathPatch(
            Path([*half, half[0]], closed=True),
            facecolor=fill,
            edgecolor=palette.INK,
            linewidth=0.5,
            transform=millimetres(figure),
            zorder=3,
        )
        figure.add_artist(arrow)
    put_text(figure, (left, bottom - 8.8), "N", lettering.TEXT_BOLD, align="center")


def put_label(figure: Figure, label: Label, *, halo: bool = True) -> None:
    """Write a name on the map; its white halo is drawn under it, so that the name stays text."""
    step = label.face.line_mm
    first = label.centre[1] - step * (len(label.lines) - 1) / 2
    for number, line in enumerate(label.lines):
        baseline = first + number * step + label.face.points * MM_PER_POINT * MIDDLE
        at = (label.centre[0], baseline)
        if halo:
            figure.add_artist(_halo(figure, at, line, label.face))
        put_text(figure, at, line, label.face, align="center")


def put_badge(figure: Figure, badge: Badge, radius_mm: float) -> None:
    """Draw a pocket's number in a circle, with a line to its area where it stands outside."""
    place = millimetres(figure)
    if badge.anchor is not None:
        leader = Path([badge.centre, badge.anchor])
        for colour, points in ((palette.HALO, 2.4), (palette.INK, 0.9)):
            line = PathPatch(leader, edgecolor=colour, lw=points, transform=place, zorder=4)
            figure.add_artist(line)
    disc = Circle(
        badge.centre,
        radius_mm,
        facecolor=palette.PAPER,
        edgecolor=palette.POCKET,
        linewidth=1.3,
        transform=place,
        zorder=5,
    )
    figure.add_artist(disc)
    baseline = badge.centre[1] + BADGE.points * MM_PER_POINT * MIDDLE
    at = (badge.centre[0], baseline)
    put_text(figure, at, str(badge.number), BADGE, align="center").set_zorder(6)


def put_pockets(
    figure: Figure, box: Box, pockets: pd.DataFrame, *, rest: str, columns: int = 1
) -> float:
    """List pockets by number with name and people, in columns; return where the list ends.

    In smaller type where that lets all of them in; where even that has no room the last line says
    how many are missing, and ``rest`` where they are listed.
    """
    width = (box.width - COLUMNS_GAP_MM * (columns - 1)) / columns
    rows = list(pockets.sort_values("number")[["number", "name", "population"]].itertuples())
    for face in LISTED_FACES:
        heights = [_pocket_height(row.name, width, face) for row in rows]
        places = _flow(heights, box, width + COLUMNS_GAP_MM, columns)
        if len(places) == len(rows):
            break
    for place, row, height in zip(places, rows, heights, strict=False):
        _put_pocket(figure, Box(*place, width, height), row, face)
    ends = [top + height for (_, top), height in zip(places, heights, strict=False)]
    if len(places) < len(rows):
        more = f"and {numeral(len(rows) - len(places))} more, listed {rest}"
        left = places[-1][0] if places else box.left
        put_text(figure, (left, (ends or [box.top])[-1] + 3), more, lettering.NOTE)
    return max(ends, default=box.top)


def put_sources(figure: Figure, box: Box, lines: Iterable[str]) -> float:
    """Write sources and licences under a line across the foot, in type small enough for it."""
    put_rule(figure, box)
    top, listed = box.top + 1.2, list(lines)
    face = next(
        (face for face in FINE_FACES if _depth(listed, box.width, face) <= box.bottom - top),
        FINE_FACES[-1],
    )
    for line in listed:
        top = put_paragraph(figure, (box.left, top), line, box.width, face)
    return top


def _depth(lines: Iterable[str], room_mm: float, face: Face) -> float:
    return sum(len(wrap(line, room_mm, face)) for line in lines) * face.line_mm


def _put_class(figure: Figure, row: Box, entry: MapClass, start_mm: float, most: int) -> None:
    baseline = row.top + 3.4
    swatch = Box(row.left, row.top + 0.4, *SWATCH_MM)
    hatch = HATCHES[entry.pattern]
    put_block(figure, swatch, fill=entry.colour, edge=palette.QUIET, hatch=hatch)
    put_text(figure, (row.left + LABEL_MM, baseline), entry.label)
    put_text(figure, (row.right, baseline), numeral(entry.count), align="right")
    room = row.width - start_mm - BARS_MM[1]
    if entry.count and room > 4:
        bar = Box(row.left + start_mm, row.top + 1.2, room * entry.count / most, 2.2)
        put_block(figure, bar, fill=palette.LINE)


def _halo(figure: Figure, at: tuple[float, float], line: str, face: Face) -> PathPatch:
    text = printable(line)
    corners, codes = text_to_path.get_text_path(FontProperties(size=face.points), text)
    scale = face.points * MM_PER_POINT / text_to_path.FONT_SCALE
    left = at[0] - width_mm(text, face) / 2
    place = Affine2D().scale(scale, -scale).translate(left, at[1]) + millimetres(figure)
    return PathPatch(
        Path(corners, codes),
        facecolor=palette.HALO,
        edgecolor=palette.HALO,
        linewidth=1.8,
        joinstyle="round",
        transform=place,
        zorder=2.5,
    )


def _pocket_height(name: object, width: float, face: Face) -> float:
    lines = wrap(str(name), width - 19, face)
    air = 1.6 if face is lettering.TEXT else 1.0
    return max(2 * LISTED_BADGE_MM + air / 2, face.line_mm * len(lines) + air)


def _flow(
    heights: Sequence[float], box: Box, step: float, columns: int
) -> list[tuple[float, float]]:
    """Return the top left corners of entries that follow each other down columns.

    Columns are filled evenly where all entries have room, else to the foot of the box.
    """
    even = sum(heights) / columns + max(heights, default=0.0) / 2
    places: list[tuple[float, float]] = []
    for depth in (min(even, box.height), box.height):
        places = _filled(heights, Box(box.left, box.top, step, depth), columns)
        if len(places) == len(heights):
            return places
    return _filled(heights, Box(box.left, box.top, step, box.height - 4), columns)


def _filled(heights: Sequence[float], first: Box, columns: int) -> list[tuple[float, float]]:
    """Fill columns, each as wide and deep as the first, until they are full."""
    places = []
    column, top = 0, first.top
    for height in heights:
        if top + height > first.bottom + 1e-6:
            column, top = column + 1, first.top
        if column == columns:
            break
        places.append((first.left + column * first.width, top))
        top += height
    return places


def _put_pocket(figure: Figure, row: Box, pocket: tuple[object, ...], face: Face) -> None:
    _, number, name, people = pocket
    centre = (row.left + 2.6, row.top + 2.6)
    put_badge(figure, Badge(int(str(number)), centre), LISTED_BADGE_MM)
    at = (row.left + 6.5, row.top + 0.8)
    put_paragraph(figure, at, str(name), row.width - 19, face)
    people_at = (row.right, row.top + 3.5)
    put_text(figure, people_at, numeral(int(str(people))), face, align="right")
    put_rule(figure, Box(row.left, row.bottom - 0.1, row.width, 0), points=0.3)
