"""Printed maps of a borough: one sheet for each layer and one of its pockets, as PNG and SVG.

A layer is mapped at its native geography: MSOA values are drawn on MSOAs, never repeated on LSOAs.
What is the same on every sheet is worked out once (`maps.print.ground.ground`) and may be
handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layers.layer import Frame, Layer
from maps.look import palette
from maps.look.classify import Classified
from maps.look.numbers import AREAS_CALLED, numeral, people_in
from maps.look.view import mapped
from maps.print import lettering
from maps.print.drawing import (
    draw_names,
    draw_pockets,
    draw_scale,
    draw_view,
    draw_window,
    pocket_keys,
)
from maps.print.furniture import put_heading, put_key, put_legend, put_pockets, put_sources
from maps.print.ground import BaseMap, badges, ground, inset_corner, inset_view, rectangle
from maps.print.lettering import Face, width_mm
from maps.print.sheet import (
    Box,
    fitting,
    new_sheet,
    page_box,
    put_block,
    put_paragraph,
    put_text,
    save_png,
    save_svg,
    style,
)
from maps.words.alt_text import alt_text, pockets_alt_text
from maps.words.captions import layer_words, rule_in_words, subtitle
from maps.words.credits import credited_sources, source_lines
from maps.words.rules import nothing_met
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough

LEGEND_MM = 76.0
NARROW_LEGEND_MM = 46.0
PANEL_GAP_MM = 8.0
SUBTITLE_MM = 25.0
NUMBER_MM = 30.0
LEAST_INSET_MM = 45.0
CARE_MM = 14.0
POCKETS_CARE = (
    "How far pockets are split sets the scale of reading; it is no test of significance."
    " Pockets describe areas, not everyone who lives in them."
)
BANNER = Face(8.5, bold=True, colour=palette.PAPER)


def layer_sheet(
    borough: Borough, layer: Layer, *, frame: Frame = "england", base: BaseMap | None = None
) -> Figure:
    """Draw one layer on an A4 page, compared with England or with the borough itself."""
    with style():
        base = base or ground(borough)
        figure = new_page(borough, base, layer.title, subtitle(borough, layer, frame))
        classified = mapped(borough, layer, frame)
        axes = draw_view(figure, base, base.view, classified, layer.geography)
        draw_pockets(axes, base, base.view, ())
        draw_names(figure, base, of_areas=True)
        draw_scale(figure, axes, base)
        put_key(figure, base.layout.key, pocket_keys(base.own))
        _put_layer_aside(figure, base.layout.aside, classified, layer, layer_words(borough, layer))
        put_foot(figure, borough, base, (layer.id, "boundaries", layer.geography.lower()))
        return figure


def pockets_sheet(
    borough: Borough, *, base: BaseMap | None = None, rest: str = "in the tables of the data"
) -> Figure:
    """Draw a borough's pockets over overall deprivation on an A4 page, with a list of them.

    ``rest`` says where those are listed for which the page has no room.
    """
    with style():
        base = base or ground(borough)
        overall = borough.edition.layer(borough.edition.overall)
        line = f"{rule_in_words(borough)} · {borough.edition.title}"
        figure = new_page(borough, base, "Pockets of deprivation", line)
        classified = mapped(borough, overall, "england")
        axes = draw_view(figure, base, base.view, classified, overall.geography)
        draw_names(figure, base, of_areas=False)
        draw_scale(figure, axes, base)
        put_key(figure, base.layout.key, pocket_keys(base.own))
        below = _put_pocket_aside(figure, borough, base, classified, rest=rest)
        closer = _put_inset(figure, axes, borough, base, classified, below)
        draw_pockets(axes, base, base.view, () if closer else base.badges)
        put_foot(figure, borough, base, (overall.id, "boundaries", "lsoa", "names"))
        return figure


def write_maps(
    borough: Borough, folder: Path, *, frames: Sequence[Frame] = ("england",)
) -> list[Path]:
    """Write every sheet of a borough as PNG (300 dpi) and SVG; return the files in order.

    Files are named after the layer (``imd_2019.png``), with ``-borough`` for the borough's own
    comparison, and ``pockets``. Each carries its title and text alternative. Raises
    ``OutputError`` where nothing can be written.
    """
    with style():
        base = ground(borough)
    written = []
    for layer in borough.edition.layers:
        for frame in frames:
            figure = layer_sheet(borough, layer, frame=frame, base=base)
            stem = folder / (layer.id if frame == "england" else f"{layer.id}-{frame}")
            title = f"{borough.name}: {layer.title}"
            written += _save(figure, stem, title, alt_text(borough, layer, frame))
    title = f"{borough.name}: pockets of deprivation"
    figure = pockets_sheet(borough, base=base)
    return written + _save(figure, folder / "pockets", title, pockets_alt_text(borough))


def new_page(borough: Borough, base: BaseMap, title: str, line: str) -> Figure:
    """Return a page with its heading; a fictional place is said to be one."""
    figure = new_sheet(landscape=base.layout.landscape)
    page = page_box(figure)
    side = _put_side(figure, borough, page)
    room = page.width - side - PANEL_GAP_MM
    put_text(figure, (page.left, 18), borough.name, fitting(borough.name, room, lettering.TITLE))
    face = fitting(title, page.width - NUMBER_MM, lettering.SUBTITLE)
    put_text(figure, (page.left, SUBTITLE_MM), title, face, room_mm=page.width - NUMBER_MM)
    face = fitting(line, page.width, lettering.QUIET_FACE, least=6)
    put_text(figure, (page.left, 31), line, face, room_mm=page.width)
    return figure


def put_foot(figure: Figure, borough: Borough, base: BaseMap, roles: Iterable[str]) -> None:
    """Write the sources of a sheet at its foot."""
    lines = source_lines(credited_sources(borough, roles))
    lines[:1] = [f"Sources: {line}" for line in lines[:1]]
    put_sources(figure, base.layout.foot, lines)


def put_words(figure: Figure, box: Box, words: Iterable[tuple[str, str]]) -> float:
    """Write headings with paragraphs down a box; return where they end."""
    top = box.top
    for heading, text in words:
        top = put_paragraph(figure, (box.left, top), heading, box.width, lettering.TEXT_BOLD)
        top = put_paragraph(figure, (box.left, top), text, box.width, lettering.TEXT) + 2
    return top


def _put_side(figure: Figure, borough: Borough, page: Box) -> float:
    """Write the place, or that it does not exist, at the top right; return the width taken."""
    if borough.edition.fictional:
        words = f"Fictional sample: {borough.name} does not exist"
        width = width_mm(words, BANNER) + 6
        put_block(figure, Box(page.right - width, 12.5, width, 6.5), fill=palette.INK)
        put_text(figure, (page.right - width + 3, 17), words, BANNER)
        return width
    if borough.place == borough.name:
        return 0.0
    put_text(figure, (page.right, 18), borough.place, lettering.QUIET_FACE, align="right")
    return width_mm(borough.place, lettering.QUIET_FACE)


def _put_layer_aside(
    figure: Figure,
    aside: Box,
    classified: Classified,
    layer: Layer,
    words: Iterable[tuple[str, str]],
) -> None:
    """Put the legend and the words beside the map, or side by side below it."""
    at, room = (aside.left, aside.top), min(LEGEND_MM, aside.width)
    below = put_legend(figure, at, classified, of=AREAS_CALLED[layer.geography][1], room_mm=room)
    left = aside.left + LEGEND_MM + PANEL_GAP_MM
    beside = Box(left, aside.top, aside.right - left, aside.height)
    put_words(figure, beside if beside.width > 0 else aside.below(below + 3), words)


def _put_pocket_aside(
    figure: Figure, borough: Borough, base: BaseMap, classified: Classified, *, rest: str
) -> float:
    """Put legend, caution and list of pockets beside or below the map; return where they end."""
    aside, beside = base.layout.aside, base.layout.landscape
    width = aside.width if beside else NARROW_LEGEND_MM
    below = put_legend(figure, (aside.left, aside.top), classified, of="small areas", room_mm=width)
    if beside:
        ends = _put_pocket_list(figure, borough, aside.below(below + 2), rest=rest)
        return put_paragraph(figure, (aside.left, ends + 2), POCKETS_CARE, width, lettering.NOTE)
    left = aside.left + width + PANEL_GAP_MM
    put_paragraph(figure, (aside.left, below + 1), POCKETS_CARE, width, lettering.NOTE)
    beside_legend = Box(left, aside.top, aside.right - left, aside.height)
    return _put_pocket_list(figure, borough, beside_legend, rest=rest, columns=2)


def _put_pocket_list(
    figure: Figure, borough: Borough, room: Box, *, rest: str, columns: int = 1
) -> float:
    top = put_heading(figure, (room.left, room.top), "Pockets", room.width)
    people = people_in(borough.edition)
    put_text(figure, (room.right, room.top + 3), people, lettering.NOTE, align="right")
    rows = room.below(top - 0.8)
    if borough.pockets.empty:
        none = f"{capital(borough.called)} has none: {nothing_met(borough)}."
        return put_paragraph(figure, (rows.left, rows.top), none, rows.width, lettering.TEXT)
    if columns == 1:
        rows = Box(rows.left, rows.top, rows.width, rows.height - CARE_MM)
    return put_pockets(figure, rows, borough.pockets, rest=rest, columns=columns)


def _put_inset(
    figure: Figure,
    axes: Axes,
    borough: Borough,
    base: BaseMap,
    classified: Classified,
    below: float,
) -> bool:
    """Draw a closer view of pockets too small for their numbers, if there is room for one."""
    aside = base.layout.aside
    box = inset_corner(borough, base)
    if base.layout.landscape:
        room = aside.below(below + 5)
        box = Box(room.left, room.top, room.width, min(room.height, room.width))
    view = inset_view(borough, base, box) if box and box.height >= LEAST_INSET_MM else None
    if view is None:
        return False
    closer = draw_view(figure, base, view, classified, "LSOA")
    draw_pockets(closer, base, view, badges(borough, view, rectangle(Box(0, 0, 1, 1))))
    draw_window(axes, view)
    times = base.view.metres_per_mm / view.metres_per_mm
    put_block(figure, Box(view.box.left, view.box.top, 38, 4.6), fill=palette.PAPER)
    words = f"Outlined on the map, ×{numeral(times, 1)}"
    put_text(figure, (view.box.left + 1.2, view.box.top + 3.2), words, lettering.KEY)
    return True


def _save(figure: Figure, stem: Path, title: str, words: str) -> list[Path]:
    return [
        save_png(figure, stem.with_suffix(".png"), title=title, description=words),
        save_svg(figure, stem.with_suffix(".svg"), title=title, description=words),
    ]
