"""The atlas of a borough: one vector PDF with every map, the pockets, gradients and sources.

All pages are A4 in the orientation of the borough's maps. Text is text and the typeface is
embedded; nothing in the file says when or by what it was made, so the same borough gives the same
bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from geo.files.whole_files import replaced
from layers.layer import FRAMES, Frame, Layer
from maps.look import palette
from maps.look.numbers import DASH, amount, counted, numeral, or_dash, percentage
from maps.look.view import compared_with, mapped
from maps.print import lettering
from maps.print.drawing import draw_pockets, draw_view
from maps.print.furniture import put_heading
from maps.print.gradients import put_gradients
from maps.print.ground import BaseMap, SheetView, frame, ground
from maps.print.lettering import Face, plain, wrap
from maps.print.listing import ListColumn, pages_of, put_table
from maps.print.maps import SUBTITLE_MM, layer_sheet, new_page, pockets_sheet, put_words
from maps.print.sheet import Box, new_sheet, page_box, put_paragraph, put_rule, put_text, style
from maps.words.across import across_the_line
from maps.words.alone import alone
from maps.words.captions import rule_in_words
from maps.words.credits import credited_sources, source_lines
from maps.words.how_sure import (
    earlier_pockets,
    recurrence_in_words,
    recurrence_share,
    there_in,
)
from maps.words.methods_in_brief import methods_in_brief
from maps.words.of_gradients import gradients_in_words
from maps.words.reading import superseded
from maps.words.sentences import capital, finding

if TYPE_CHECKING:
    from layers.borough.borough import Borough

TOP_MM = 36.0
FOOT_MM = 6.0
BIG = Face(26, bold=True)
CREDITED_ROLES = {
    "boundaries": "Boundaries",
    "lsoa": "Boundaries of LSOAs",
    "msoa": "Boundaries of MSOAs",
    "districts": "Districts",
    "names": "Names of MSOAs",
    "postcodes": "Postcodes",
}


@dataclass(frozen=True)
class Page:
    """A page to be drawn when its turn comes, and what the list of contents calls it."""

    title: str
    draw: Callable[[], Figure]


def write_atlas(borough: Borough, path: Path) -> Path:
    """Write the atlas, whole or not at all.

    Raises ``OutputError`` where it cannot be written.
    """
    metadata = {
        "Title": plain(f"{borough.name}: atlas of deprivation and its pockets"),
        "Subject": plain(finding(borough)),
        "Creator": None,
        "Producer": None,
        "CreationDate": None,
    }
    with style(), replaced(path) as temporary, PdfPages(temporary, metadata=metadata) as document:
        for figure in atlas_pages(borough):
            figure.savefig(document, format="pdf")
    return path


def atlas_pages(borough: Borough) -> Iterator[Figure]:
    """Draw the pages of the atlas one after another: the cover, then what it lists."""
    with style():
        base = ground(borough)
        pages = list(_pages(borough, base))
        yield _numbered(_cover(borough, base, pages), 1, len(pages) + 1)
        for number, page in enumerate(pages, start=2):
            yield _numbered(page.draw(), number, len(pages) + 1)


def frames_that_differ(borough: Borough, layer: Layer) -> tuple[Frame, ...]:
    """Return the comparisons to map: the borough's own only where it classes areas otherwise."""
    england, own = (mapped(borough, layer, frame) for frame in FRAMES)
    same = england.labels.equals(own.labels)
    return FRAMES[:1] if same else FRAMES


def _pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    yield Page(
        "Pockets of deprivation", lambda: pockets_sheet(borough, base=base, rest="on the next page")
    )
    yield from _pocket_lists(borough, base)
    yield from _across_lists(borough, base)
    yield from _lists_of_areas(borough, base)
    for layer in borough.edition.layers:
        for compared in frames_that_differ(borough, layer):
            yield _layer_page(borough, layer, compared, base)
    if gradients_in_words(borough):
        yield _gradient_page(borough, base)
    yield from _methods_pages(borough, base)
    yield from _source_pages(borough, base)


def _layer_page(borough: Borough, layer: Layer, compared: Frame, base: BaseMap) -> Page:
    title = f"{layer.short}, compared with {compared_with(borough, compared)}"
    return Page(title, lambda: layer_sheet(borough, layer, frame=compared, base=base))


def _gradient_page(borough: Borough, base: BaseMap) -> Page:
    title = "Gradients"

    def draw() -> Figure:
        line = "How layers run from the least to the most deprived neighbourhoods"
        figure, room = _text_page(borough, base, title, line)
        put_gradients(figure, borough, room)
        return figure

    return Page(title, draw)


def _numbered(figure: Figure, number: int, of: int) -> Figure:
    page = page_box(figure)
    at = (page.right, SUBTITLE_MM)
    put_text(figure, at, f"Page {number} of {of}", lettering.NOTE, align="right")
    return figure


def _text_page(borough: Borough, base: BaseMap, title: str, line: str = "") -> tuple[Figure, Box]:
    """Return a page with a heading and the room below it."""
    figure = new_page(borough, base, title, line)
    page = page_box(figure)
    return figure, Box(page.left, TOP_MM, page.width, page.bottom - TOP_MM)


def _cover(borough: Borough, base: BaseMap, pages: Sequence[Page]) -> Figure:
    figure = new_sheet(landscape=base.layout.landscape)
    page = page_box(figure)
    if borough.edition.fictional:
        words = f"Fictional sample: {borough.name} does not exist"
        put_text(figure, (page.left, page.top + 5), words, lettering.HEADING)
    top = put_paragraph(figure, (page.left, page.top + 8), borough.name, page.width, BIG)
    title = "Atlas of deprivation and its pockets"
    top = put_paragraph(figure, (page.left, top), title, page.width, lettering.SUBTITLE)
    if newer := superseded(borough.edition):
        top = put_paragraph(figure, (page.left, top + 1), newer, page.width, lettering.NOTE)
    top = put_paragraph(
        figure, (page.left, top + 4), finding(borough), min(page.width, 200), lettering.LEAD
    )
    put_rule(figure, Box(page.left, top + 4, page.width, 0), colour=palette.INK, points=1)
    body = page.below(top + 8)
    half = Box(body.left, body.top, (body.width - 8) / 2, body.height - 8)
    _put_cover_map(figure, borough, base, half)
    _put_contents(figure, Box(half.right + 8, half.top, half.width, half.height), pages)
    line = f"{borough.edition.title} · {borough.place}"
    put_text(figure, (page.left, page.bottom + FOOT_MM), line, lettering.NOTE)
    return figure


def _put_cover_map(figure: Figure, borough: Borough, base: BaseMap, room: Box) -> None:
    box = Box(room.left, room.top, room.width, min(room.height - 8, room.width * 1.3))
    view = SheetView(box, frame(borough.lsoa.total_bounds, box))
    overall = borough.edition.layer(borough.edition.overall)
    classified = mapped(borough, overall, "england")
    axes = draw_view(figure, base, view, classified, overall.geography)
    draw_pockets(axes, base, view, ())
    words = f"Pockets outlined over {overall.short}: darker is worse. Legend on page 2."
    put_paragraph(figure, (box.left, box.bottom + 1), words, box.width, lettering.NOTE)


def _put_contents(figure: Figure, box: Box, pages: Sequence[Page]) -> None:
    top = put_heading(figure, (box.left, box.top), "Contents", box.width)
    step = min(4.8, (box.bottom - top) / max(len(pages), 1))
    face = Face(min(8.0, step / 1.5 / lettering.MM_PER_POINT))
    for number, page in enumerate(pages, start=2):
        baseline = top + (number - 1.25) * step
        put_text(figure, (box.left, baseline), page.title, face, room_mm=box.width - 10)
        put_text(figure, (box.right, baseline), str(number), face, align="right")


def _pocket_lists(borough: Borough, base: BaseMap) -> Iterator[Page]:
    if borough.pockets.empty:
        return
    columns = _pocket_columns(borough, _table_mm(base))
    table = (columns, _pocket_rows(borough))
    words = ("List of pockets", rule_in_words(borough), _list_note(borough))
    yield from _table_pages(borough, base, words, table)


def _across_lists(borough: Borough, base: BaseMap) -> Iterator[Page]:
    """Yield the pages that say which pockets touch others across the borough's line, if any do."""
    columns = [
        ListColumn("No.", 10),
        ListColumn("Pocket", 70),
        ListColumn("Across the line", _table_mm(base) - 77),
    ]
    pockets = borough.pockets.sort_values("number")
    said = {code: across_the_line(borough, str(code)) for code in pockets.index}
    rows = [
        [str(row["number"]), str(row["name"]), "".join(text for text, _ in said[code])]
        for code, row in pockets.iterrows()
        if said[code]
    ]
    words = ("Across the borough’s line", "Pockets that touch pockets of other boroughs", "")
    if rows:
        yield from _table_pages(borough, base, words, (columns, rows))


def _lists_of_areas(borough: Borough, base: BaseMap) -> Iterator[Page]:
    """Yield the pages of the small areas that are in no pocket and are looked for all the same."""
    width = _table_mm(base)
    columns = [
        ListColumn("LSOA", 26),
        ListColumn("Name", 44),
        ListColumn("Neighbourhood", width - 106),
        ListColumn("People", 19, "right"),
        ListColumn(f"Decile in {borough.edition.whole}", 20, "right"),
    ]
    for _, title, rows in alone(borough):
        name, _, line = title.partition(": ")
        cells = [[row[key] for key in ("code", "name", "msoa", "people", "decile")] for row in rows]
        words = (name, capital(line), "")
        yield from _table_pages(borough, base, words, (columns, cells))


def _table_mm(base: BaseMap) -> float:
    """Return the width of a table that takes the whole page."""
    return base.layout.map.width + (84 if base.layout.landscape else 0)


def _table_pages(
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
        figure, room = _text_page(borough, base, title, line)
        end = put_table(figure, room, columns, part)
        put_paragraph(figure, (room.left, end + 2), note, room.width, lettering.NOTE)
        return figure

    for number, part in enumerate(parts, start=1):
        told = f"{title} ({number} of {len(parts)})" if len(parts) > 1 else title
        yield Page(told, partial(page, told, part))


def _list_note(borough: Borough) -> str:
    year, whole = borough.edition.population_year, borough.edition.whole
    count = borough.pocket_counts[borough.edition.overall]
    came_back = recurrence_in_words(borough.settings)
    return (
        f"People: mid-{year}. Score: overall deprivation, mean over people. Rank in {whole}: by"
        f" that score among {counted(count, 'pocket')}, 1 the most deprived. Worst tenth:"
        f" share of the pocket’s people in {whole}’s most deprived tenth. Came back: {came_back}."
        f" {there_in(earlier_pockets(borough))}"
    ).strip()


def _pocket_columns(borough: Borough, width_mm: float) -> list[ListColumn]:
    numbers = [
        ListColumn("LSOAs", 14, "right"),
        ListColumn("People", 16, "right"),
        ListColumn("Area, km²", 15, "right"),
        ListColumn("Score", 14, "right"),
        ListColumn(f"Rank in {borough.edition.whole}", 22, "right"),
        ListColumn("Worst tenth", 15, "right"),
        ListColumn("Came back", 15, "right"),
        *([ListColumn("There in", 20, "right")] if earlier_pockets(borough) else []),
    ]
    used = 10 + sum(column.width_mm for column in numbers)
    return [ListColumn("No.", 10), ListColumn("Pocket", width_mm + 3 - used), *numbers]


def _pocket_rows(borough: Borough) -> list[list[str]]:
    overall = borough.edition.layer(borough.edition.overall)
    pockets = borough.pockets.sort_values("number")
    ranks = pockets.get(overall.own_rank("england"), pd.Series(math.nan, pockets.index))
    followed = bool(earlier_pockets(borough))
    return [
        [
            str(row["number"]),
            str(row["name"]),
            numeral(row["lsoa_count"]),
            numeral(row["population"]),
            numeral(row["area_km2"], 1),
            amount(row[overall.value], overall),
            or_dash(numeral(rank), rank),
            _share(row["worst_decile_pct"]),
            recurrence_share(row),
            *([", ".join(row["matched_editions"]) or DASH] if followed else []),
        ]
        for (_, row), rank in zip(pockets.iterrows(), ranks, strict=True)
    ]


def _share(percent: float) -> str:
    return or_dash(percentage(percent), percent)


def _methods_pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    def draw() -> Figure:
        figure, room = _text_page(borough, base, title, borough.edition.title)
        words = methods_in_brief(borough)
        if not base.layout.landscape:
            put_words(figure, room, words)
            return figure
        half = (len(words) + 1) // 2
        width = (room.width - 10) / 2
        put_words(figure, Box(room.left, room.top, width, room.height), words[:half])
        put_words(figure, Box(room.left + width + 10, room.top, width, room.height), words[half:])
        return figure

    title = "Methods in brief"
    yield Page(title, draw)


def _source_pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    width = _table_mm(base)
    columns = [
        ListColumn("Used for", 44),
        ListColumn("Source, attribution and licence", width - 41),
    ]
    words = ("Sources and licences", "Every figure of this atlas comes from these", "")
    yield from _table_pages(borough, base, words, (columns, _source_rows(borough)))


def _source_rows(borough: Borough) -> list[list[str]]:
    """Return what each credit is used for, and the credit, each once."""
    uses: dict[str, list[str]] = {}
    names = {layer.id: layer.short for layer in borough.edition.layers} | CREDITED_ROLES
    for role in names:
        for line in source_lines(credited_sources(borough, [role])):
            uses.setdefault(line, []).append(names[role])
    return [["; ".join(dict.fromkeys(used)), line] for line, used in uses.items()]
