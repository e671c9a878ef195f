"""Pages of words and tables: a heading, what stands below it, and their names in the contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from matplotlib.figure import Figure

from maps.print import lettering
from maps.print.ground import BaseMap
from maps.print.lettering import wrap
from maps.print.listing import ListColumn, pages_of, put_table
from maps.print.maps import new_page
from maps.print.sheet import Box, new_sheet, page_box, put_paragraph

if TYPE_CHECKING:
    from layers.borough.borough import Borough

TOP_MM = 36.0

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page:
    """A page to be drawn when its turn comes, and what the list of contents calls it."""

    title: str
    draw: Callable[[], Figure]


def text_page(borough: Borough, base: BaseMap, title: str, line: str = "") -> tuple[Figure, Box]:
    """Return a page with a heading and the room below it."""
    figure = new_page(borough, base, title, line)
    page = page_box(figure)
    return figure, Box(page.left, TOP_MM, page.width, page.bottom - TOP_MM)


def table_mm(base: BaseMap) -> float:
    """Return the width of a table that takes the whole page."""
    return base.layout.map.width + (84 if base.layout.landscape else 0)


def table_pages(
    borough: Borough,
    base: BaseMap,
    words: tuple[str, str, str],
    table: tuple[Sequence[ListColumn], Sequence[Sequence[str]]],
) -> Iterator[Page]:
    """Yield the pages that a table needs; ``words`` are its title, its line and the note below."""
    columns, rows = table
    title, line, note = words
    paper = page_box(new_sheet(landscape=base.layout.landscape))
    below = 3 + lettering.NOTE.line_mm * len(wrap(note, paper.width, lettering.NOTE))
    parts = pages_of(rows, columns, paper.bottom - TOP_MM - max(below, 6))

    def page(title: str, part: Sequence[Sequence[str]]) -> Figure:
        figure, room = text_page(borough, base, title, line)
        end = put_table(figure, room, columns, part)
        put_paragraph(figure, (room.left, end + 2), note, room.width, lettering.NOTE)
        return figure

    yield from in_parts(title, parts, page)


def in_parts(
    title: str, parts: Sequence[Item], draw: Callable[[str, Item], Figure]
) -> Iterator[Page]:
    """Yield a page for each part, its title counting them where there are several."""
    for number, part in enumerate(parts, start=1):
        told = f"{title} ({number} of {len(parts)})" if len(parts) > 1 else title
        yield Page(told, partial(draw, told, part))
