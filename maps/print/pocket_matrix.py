"""What each pocket is made of, printed: all pockets by layers, with a sentence under each.

The cells are those of the borough's page and profile (`maps.made_of.matrix`). A layer that is
modelled for small areas stands in fifths alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from layers.layer import Layer
from maps.look import palette
from maps.look.numbers import DASH
from maps.made_of.fingerprint import how_told, stands_out
from maps.made_of.matrix import MatrixCell, MatrixLine, PocketMatrix, matrix_of
from maps.print import lettering
from maps.print.ground import BaseMap
from maps.print.lettering import Face, width_mm, wrap
from maps.print.listing import CELL_GAP_MM, ROW_GAP_MM, dealt
from maps.print.pages import TOP_MM, Page, in_parts, table_mm, text_page
from maps.print.sheet import (
    Box,
    fitting,
    new_sheet,
    page_box,
    put_block,
    put_paragraph,
    put_rule,
    put_text,
)
from maps.words.sentences import capital, listed, lower

if TYPE_CHECKING:
    from layers.borough.borough import Borough

MADE_OF = "What each pocket is made of"
NUMBERS_MM = 7.0
NAME_SHARE = 0.15
"""The part of the table's width that names of pockets take."""
CELL_PAD_MM = 0.8
HEADING_FACE = Face(7)
ENDS_POINTS = 6.0
LEAST_POINTS = 5.6
CLASS_MM = 4.0


@dataclass(frozen=True)
class _Columns:
    """Where the columns of the matrix stand: numbers, names, then a cell a layer."""

    width: float
    layers: int

    @property
    def name(self) -> float:
        return self.width * NAME_SHARE

    @property
    def cell(self) -> float:
        return (self.width - NUMBERS_MM - self.name) / self.layers

    @property
    def room(self) -> float:
        """The width that words of a cell may fill."""
        return self.cell - 2 * CELL_PAD_MM

    @property
    def head(self) -> float:
        """The width that words of a heading may fill: these have no fill to keep off."""
        return self.cell - CELL_PAD_MM - 0.2

    def left(self, number: int) -> float:
        """Return the left edge of a layer's cells, from that of the table."""
        return NUMBERS_MM + self.name + number * self.cell


@dataclass(frozen=True)
class _Row:
    """A row as it is printed: its words, a value and ends a layer, and the sentence under it."""

    line: MatrixLine
    values: tuple[str, ...]
    said: str

    def cells(self) -> Iterator[tuple[MatrixCell, str]]:
        """Yield each cell with the value printed in it."""
        return zip(self.line.cells, self.values, strict=True)


def matrix_pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    """Yield the pages of the matrix; none where a borough has no pocket."""
    matrix = matrix_of(borough)
    if matrix is None:
        return
    columns = _Columns(table_mm(base), len(matrix.layers))
    said = {str(code): stands_out(row, borough) for code, row in borough.pockets.iterrows()}
    rows = [_row(matrix.layers, line, said.get(line.code, "")) for line in matrix.lines]
    paper = page_box(new_sheet(landscape=base.layout.landscape))
    note = f"{matrix.note} {_in_fifths(matrix.layers)}{how_told()}"
    below = 4 + len(matrix.legends) * (CLASS_MM + 1)
    below += lettering.NOTE.line_mm * len(wrap(note, columns.width, lettering.NOTE))
    room = paper.bottom - TOP_MM - _heads_mm(matrix.layers, columns) - below
    line = "The domains and the other layers side by side, and on what a pocket stands out"

    def page(title: str, part: Sequence[_Row]) -> Figure:
        figure, box = text_page(borough, base, title, line)
        top = _put_heads(figure, box, columns, matrix.layers)
        for row in part:
            top = _put_row(figure, box.below(top), columns, row)
        top = _put_legends(figure, Box(box.left, top + 2, columns.width, 0), matrix)
        put_paragraph(figure, (box.left, top), note, columns.width, lettering.NOTE)
        return figure

    parts = dealt([(row, _height(row, columns)) for row in rows], room)
    yield from in_parts(MADE_OF, parts, page)


def _row(layers: Sequence[Layer], line: MatrixLine, said: str) -> _Row:
    values = tuple(
        cell.value if layer.ranks_in_words else capital(cell.fifth) or DASH
        for layer, cell in zip(layers, line.cells, strict=True)
    )
    return _Row(line, values, said)


def _in_fifths(layers: Sequence[Layer]) -> str:
    names = [lower(layer.short) for layer in layers if not layer.ranks_in_words]
    if not names:
        return ""
    return f"{capital(listed(names))} stands in fifths alone, of pockets and of small areas. "


def _head_face(layers: Sequence[Layer], columns: _Columns) -> Face:
    """Return the face in which the longest word of all headings has room."""
    words = [word for layer in layers for word in layer.short.split()]
    longest = max(words, key=lambda word: width_mm(word, HEADING_FACE))
    return fitting(longest, columns.head - 0.05, HEADING_FACE, least=LEAST_POINTS)


def _heads_mm(layers: Sequence[Layer], columns: _Columns) -> float:
    face = _head_face(layers, columns)
    lines = [len(wrap(layer.short, columns.head, face)) for layer in layers]
    return max(lines) * face.line_mm + ROW_GAP_MM


def _put_heads(figure: Figure, box: Box, columns: _Columns, layers: Sequence[Layer]) -> float:
    face, end = _head_face(layers, columns), box.top + _heads_mm(layers, columns)
    put_text(figure, (box.left, box.top + 0.75 * face.line_mm), "Pocket", lettering.TEXT_BOLD)
    for number, layer in enumerate(layers):
        at = (box.left + columns.left(number) + CELL_PAD_MM, box.top)
        put_paragraph(figure, at, layer.short, columns.head, face)
    put_rule(figure, Box(box.left, end, columns.width, 0), points=0.8)
    return end


def _band_mm(row: _Row, columns: _Columns) -> float:
    """Return the height of the cells of a row, without the sentence under them."""
    name = wrap(row.line.name, columns.name - CELL_GAP_MM, lettering.TEXT_BOLD)
    ends = max(len(wrap(cell.ends, columns.room, Face(ENDS_POINTS))) for cell in row.line.cells)
    below = Face(ENDS_POINTS).line_mm * ends if any(cell.ends for cell in row.line.cells) else 0
    line = lettering.TEXT.line_mm
    return max(len(name) * line, line + below) + 2 * CELL_PAD_MM


def _height(row: _Row, columns: _Columns) -> float:
    lines = wrap(row.said, columns.width - NUMBERS_MM, lettering.NOTE) if row.said else []
    return _band_mm(row, columns) + len(lines) * lettering.NOTE.line_mm + ROW_GAP_MM


def _put_row(figure: Figure, box: Box, columns: _Columns, row: _Row) -> float:
    band, end = _band_mm(row, columns), box.top + _height(row, columns)
    top = box.top + CELL_PAD_MM
    baseline = top + 0.75 * lettering.TEXT_BOLD.line_mm
    at = box.left + (NUMBERS_MM if row.line.number else 0)
    put_text(figure, (box.left, baseline), row.line.number, lettering.TEXT_BOLD)
    room = columns.name - CELL_GAP_MM
    put_paragraph(figure, (at, top), row.line.name, room, lettering.TEXT_BOLD)
    for number, (cell, value) in enumerate(row.cells()):
        left = box.left + columns.left(number)
        _put_cell(figure, Box(left, box.top, columns.cell, band), cell, value)
    if row.said:
        under = (box.left + NUMBERS_MM, box.top + band + ROW_GAP_MM / 4)
        put_paragraph(figure, under, row.said, columns.width - NUMBERS_MM, lettering.NOTE)
    put_rule(figure, Box(box.left, end, columns.width, 0), points=0.3)
    return end


def _put_cell(figure: Figure, box: Box, cell: MatrixCell, value: str) -> None:
    """Fill a cell by its class, and write its value and its ends in what can be read on it."""
    ink = palette.INK
    if cell.tone is not None:
        fill = palette.SEQUENTIAL[cell.tone]
        ink = palette.ink_on(fill)
        put_block(figure, Box(box.left, box.top, box.width - 0.3, box.height), fill=fill)
    left, room = box.left + CELL_PAD_MM, box.width - 2 * CELL_PAD_MM
    face = fitting(value, room, Face(lettering.TEXT.points, colour=ink), least=LEAST_POINTS)
    top = box.top + CELL_PAD_MM
    put_text(figure, (left, top + 0.75 * lettering.TEXT.line_mm), value, face)
    if cell.ends:
        under = (left, top + lettering.TEXT.line_mm)
        put_paragraph(figure, under, cell.ends, room, Face(ENDS_POINTS, colour=ink))


def _put_legends(figure: Figure, box: Box, matrix: PocketMatrix) -> float:
    """Write the classes of domains and of other layers, a line each; return where they end."""
    top = box.top
    for title, classes in matrix.legends:
        baseline, left = top + 0.72 * CLASS_MM, box.left
        put_text(figure, (left, baseline), f"{title}:", lettering.KEY)
        left += width_mm(f"{title}: ", lettering.KEY) + 1
        for label, tone in classes:
            fill = palette.SEQUENTIAL[tone]
            wide = width_mm(label, lettering.KEY) + 2 * CELL_PAD_MM
            put_block(figure, Box(left, top, wide, CLASS_MM), fill=fill)
            face = Face(lettering.KEY.points, colour=palette.ink_on(fill))
            put_text(figure, (left + CELL_PAD_MM, baseline), label, face)
            left += wide + 1
        top += CLASS_MM + 1
    return top
