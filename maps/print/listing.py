"""Tables on printed pages: columns with headings, rows that wrap, as many pages as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from matplotlib.figure import Figure

from maps.print.lettering import TEXT, TEXT_BOLD, wrap
from maps.print.sheet import Align, Box, put_rule, put_text

CELL_GAP_MM = 3.0
ROW_GAP_MM = 1.8

ListRow = Sequence[str]
Item = TypeVar("Item")


@dataclass(frozen=True)
class ListColumn:
    """A column of a printed table; numbers are set to the right."""

    heading: str
    width_mm: float
    align: Align = "left"

    @property
    def room_mm(self) -> float:
        """The width that words may fill."""
        return self.width_mm - CELL_GAP_MM


def pages_of(
    rows: Sequence[ListRow], columns: Sequence[ListColumn], height_mm: float
) -> list[list[ListRow]]:
    """Deal rows out to pages with room for so much height below the headings, at least one a page.

    >>> [len(page) for page in pages_of([["a"]] * 5, [ListColumn("A", 20)], 20)]
    [2, 2, 1]
    """
    room = height_mm - _height([column.heading for column in columns], columns)
    return dealt([(row, _height(row, columns)) for row in rows], room)


def dealt(rows: Iterable[tuple[Item, float]], room_mm: float) -> list[list[Item]]:
    """Deal things of some height each, in order, out to pages of so much room, at least one a page.

    >>> dealt([("a", 4.0), ("b", 7.0), ("c", 30.0), ("d", 1.0)], 11)
    [['a', 'b'], ['c'], ['d']]
    """
    pages: list[list[Item]] = [[]]
    left = room_mm
    for row, height in rows:
        if pages[-1] and height > left:
            pages.append([])
            left = room_mm
        pages[-1].append(row)
        left -= height
    return pages


def put_table(
    figure: Figure, box: Box, columns: Sequence[ListColumn], rows: Sequence[ListRow]
) -> float:
    """Set headings and rows in a box, a thin line under each; return where the table ends."""
    headings = [column.heading for column in columns]
    top = _put_row(figure, box, columns, headings, heading=True)
    for row in rows:
        top = _put_row(figure, box.below(top), columns, row)
    return top


def _put_row(
    figure: Figure, box: Box, columns: Sequence[ListColumn], row: ListRow, *, heading: bool = False
) -> float:
    face = TEXT_BOLD if heading else TEXT
    left = box.left
    for column, cell in zip(columns, row, strict=True):
        edge = left if column.align == "left" else left + column.room_mm
        for number, line in enumerate(wrap(cell, column.room_mm, face)):
            baseline = box.top + ROW_GAP_MM / 2 + (number + 0.75) * face.line_mm
            put_text(figure, (edge, baseline), line, face, align=column.align)
        left += column.width_mm
    end = box.top + _height(row, columns)
    width = sum(column.width_mm for column in columns) - CELL_GAP_MM
    put_rule(figure, Box(box.left, end, width, 0), points=0.8 if heading else 0.3)
    return end


def _height(row: ListRow, columns: Sequence[ListColumn]) -> float:
    """Return the height of a row, measured in the wider face."""
    lines = [
        len(wrap(cell, column.room_mm, TEXT_BOLD))
        for cell, column in zip(row, columns, strict=True)
    ]
    return max(lines) * TEXT_BOLD.line_mm + ROW_GAP_MM
