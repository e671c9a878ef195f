"""The atlas of a borough: one vector PDF with every map, the pockets, gradients and sources.

All pages are A4 in the orientation of the borough's maps. Text is text and the typeface is
embedded; nothing in the file says when or by what it was made, so the same borough gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from geo.files.whole_files import replaced
from geo.stats.rank import FEWEST_RANKED
from layers.layer import FRAMES, Frame, Layer
from maps.look import palette
from maps.look.view import compared_with, mapped, ranked
from maps.print import lettering
from maps.print.bookmarks import put_bookmarks
from maps.print.drawing import draw_pockets, draw_view
from maps.print.furniture import put_heading
from maps.print.gradients import put_gradients
from maps.print.ground import BaseMap, SheetView, frame, ground
from maps.print.lettering import Face, plain
from maps.print.listing import ListColumn
from maps.print.maps import SUBTITLE_MM, layer_sheet, pockets_sheet, put_words
from maps.print.pages import Page, table_mm, table_pages, text_page
from maps.print.pocket_pages import pocket_pages
from maps.print.sheet import Box, new_sheet, page_box, put_paragraph, put_rule, put_text, style
from maps.words.credits import credited_sources, source_lines
from maps.words.methods_in_brief import methods_in_brief
from maps.words.of_gradients import gradients_in_words
from maps.words.reading import superseded
from maps.words.sentences import capital, finding, listed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

FOOT_MM = 6.0
BIG = Face(26, bold=True)
NOT_TAGGED = (
    "Not tagged for screen readers: the page of the borough and its profile hold the same as text."
)
"""What readers who cannot see the pages are told, in the atlas and beside the way to it."""
CREDITED_ROLES = {
    "boundaries": "Boundaries",
    "lsoa": "Boundaries of LSOAs",
    "msoa": "Boundaries of MSOAs",
    "districts": "Districts",
    "names": "Names of MSOAs",
    "postcodes": "Postcodes",
}


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
        pages = atlas_pages(borough)
        for page in pages:
            page.draw().savefig(document, format="pdf")
        put_bookmarks(document, [plain(page.title) for page in pages])
    return path


def atlas_pages(borough: Borough) -> list[Page]:
    """Return the pages of the atlas, each drawn in its turn: the cover, then what it lists."""
    with style():
        base = ground(borough)
        inside = list(_pages(borough, base))
    pages = [Page("Cover and contents", lambda: _cover(borough, base, inside)), *inside]
    return [
        Page(page.title, partial(_numbered, page, number, len(pages)))
        for number, page in enumerate(pages, start=1)
    ]


def frames_that_differ(borough: Borough, layer: Layer) -> tuple[Frame, ...]:
    """Return the comparisons to map: the borough's own only where it classes areas otherwise.

    Where too few of its areas have a value to be ranked, it has none of its own.
    """
    if _too_few(borough, layer):
        return FRAMES[:1]
    england, own = (mapped(borough, layer, frame) for frame in FRAMES)
    same = england.labels.equals(own.labels)
    return FRAMES[:1] if same else FRAMES


def _too_few(borough: Borough, layer: Layer) -> bool:
    count = ranked(borough, layer, layer.geography)["borough"]
    return count is not None and count < FEWEST_RANKED


def _not_ranked(borough: Borough) -> list[tuple[str, str]]:
    """Say once, in place of a map each, on which layers a small borough has no ranks of its own."""
    layers = [layer.short for layer in borough.edition.layers if _too_few(borough, layer)]
    said = f"{capital(borough.called)} has too few areas to rank on {listed(layers)}."
    return [(f"Compared with {borough.edition.whole} alone", said)] if layers else []


def _pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    yield Page(
        "Pockets of deprivation", lambda: pockets_sheet(borough, base=base, rest="on the next page")
    )
    yield from pocket_pages(borough, base)
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
        line = "How layers run from the least to the most deprived areas"
        figure, room = text_page(borough, base, title, line)
        put_gradients(figure, borough, room)
        return figure

    return Page(title, draw)


def _numbered(page: Page, number: int, of: int) -> Figure:
    with style():
        figure = page.draw()
        at = (page_box(figure).right, SUBTITLE_MM)
        put_text(figure, at, f"Page {number} of {of}", lettering.NOTE, align="right")
        return figure


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
    put_text(figure, (page.right, page.bottom + FOOT_MM), NOT_TAGGED, lettering.NOTE, align="right")
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


def _methods_pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    def draw() -> Figure:
        figure, room = text_page(borough, base, title, borough.edition.title)
        words = [*methods_in_brief(borough), *_not_ranked(borough)]
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
    width = table_mm(base)
    columns = [
        ListColumn("Used for", 44),
        ListColumn("Source, attribution and licence", width - 41),
    ]
    words = ("Sources and licences", "Every figure of this atlas comes from these", "")
    yield from table_pages(borough, base, words, (columns, _source_rows(borough)))


def _source_rows(borough: Borough) -> list[list[str]]:
    """Return what each credit is used for, and the credit, each once."""
    uses: dict[str, list[str]] = {}
    names = {layer.id: layer.short for layer in borough.edition.layers} | CREDITED_ROLES
    for role in names:
        for line in source_lines(credited_sources(borough, [role])):
            uses.setdefault(line, []).append(names[role])
    return [["; ".join(dict.fromkeys(used)), line] for line, used in uses.items()]
