"""A printed page: A4, measured in millimetres from its top left corner, and how it is saved.

Figures are made without pyplot, so that pages can be drawn in several threads or processes. What is
saved holds no clock and no version: the same page gives the same bytes. In SVG and PDF, text stays
text. A PDF embeds the typeface (TrueType); an SVG names it, followed by others that are narrower,
so that a machine without it still keeps every line inside its place.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from geo.files.whole_files import replaced, write_text
from maps.look import palette
from maps.print.lettering import BODY, Face, plain, printable, shortened, width_mm, wrap

A4_MM = (210.0, 297.0)
MARGIN_MM = 12.0
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
DPI = 300
SHEET_STYLE: dict[Any, Any] = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
    "font.size": 8.0,
    "hatch.linewidth": 0.6,
    "path.simplify": False,
    "pdf.compression": 6,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "pockets",
    "text.hinting": "none",
    "text.parse_math": False,
    "text.usetex": False,
}
PALETTE = 256
"""How many colours a picture of one byte a dot may have."""

_settings = threading.RLock()
_outlines = re.compile(r'(?<= d=")[^"]+')
_digits = re.compile(r"(\.\d\d)\d+")

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Box:
    """A rectangle on the page in millimetres from the top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge, from the left of the page."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The bottom edge, from the top of the page."""
        return self.top + self.height

    def below(self, top: float) -> Box:
        """Return what is left of the box from a height on down."""
        return Box(self.left, top, self.width, self.bottom - top)


@contextmanager
def style() -> Iterator[None]:
    """Set what matplotlib keeps as global settings while a page is drawn or saved."""
    with _settings, matplotlib.rc_context(SHEET_STYLE):
        yield


def new_sheet(*, landscape: bool) -> Figure:
    """Return an empty white A4 page."""
    width, height = sorted(A4_MM, reverse=landscape)
    size = (width / MM_PER_INCH, height / MM_PER_INCH)
    return Figure(figsize=size, dpi=DPI, facecolor="white")


def page_box(figure: Figure) -> Box:
    """Return the page within its margins."""
    width, height = (side * MM_PER_INCH for side in figure.get_size_inches())
    return Box(MARGIN_MM, MARGIN_MM, width - 2 * MARGIN_MM, height - 2 * MARGIN_MM)


def millimetres(figure: Figure) -> Transform:
    """Return the transform from millimetres, down and right of the top left corner, to the page."""
    height = float(figure.get_size_inches()[1])
    scale = Affine2D().scale(1 / MM_PER_INCH, -1 / MM_PER_INCH).translate(0, height)
    return scale + figure.dpi_scale_trans


def points(figure: Figure) -> Transform:
    """Return the transform from points, up and right from the bottom left corner, to the page."""
    return Affine2D().scale(1 / POINTS_PER_INCH) + figure.dpi_scale_trans


def put_text(
    figure: Figure,
    at: tuple[float, float],
    text: str,
    face: Face = BODY,
    *,
    align: Align = "left",
    room_mm: float | None = None,
) -> Text:
    """Write one line with its baseline at a point; nothing in it is read as markup.

    Where ``room_mm`` is given a longer line is cut with an ellipsis.
    """
    label = Text(
        *at,
        printable(text) if room_mm is None else shortened(text, room_mm, face),
        fontsize=face.points,
        fontweight="bold" if face.bold else "normal",
        color=face.colour,
        ha=align,
        va="baseline",
        transform=millimetres(figure),
        parse_math=False,
    )
    figure.add_artist(label)
    return label


def put_paragraph(
    figure: Figure, at: tuple[float, float], text: str, room_mm: float, face: Face = BODY
) -> float:
    """Write text in lines of at most ``room_mm`` below a point; return where the next may begin."""
    left, top = at
    lines = wrap(text, room_mm, face)
    for number, line in enumerate(lines):
        put_text(figure, (left, top + (number + 0.75) * face.line_mm), line, face)
    return top + face.line_mm * len(lines)


def fitting(text: str, room_mm: float, face: Face, *, least: float = 8.0) -> Face:
    """Return the face, smaller where a line would otherwise be too wide for its room."""
    wide = width_mm(text, face)
    points = face.points if wide <= room_mm else max(least, face.points * room_mm / wide)
    return Face(points, face.bold, face.colour)


def put_rule(
    figure: Figure, box: Box, *, colour: str = palette.LINE, points: float = 0.6
) -> Line2D:
    """Draw a line along the top of a box."""
    line = Line2D(
        [box.left, box.right],
        [box.top, box.top],
        color=colour,
        linewidth=points,
        transform=millimetres(figure),
    )
    figure.add_artist(line)
    return line


def put_block(
    figure: Figure, box: Box, *, fill: str, edge: str = "none", hatch: str | None = None
) -> Rectangle:
    """Draw a filled rectangle."""
    block = Rectangle(
        (box.left, box.top),
        box.width,
        box.height,
        facecolor=fill,
        edgecolor=edge,
        hatch=hatch,
        linewidth=0.5,
        transform=millimetres(figure),
    )
    figure.add_artist(block)
    return block


def put_axes(figure: Figure, box: Box) -> Axes:
    """Return empty, thinly framed axes that fill a box."""
    width, height = (side * MM_PER_INCH for side in figure.get_size_inches())
    place = (box.left / width, 1 - box.bottom / height, box.width / width, box.height / height)
    axes = figure.add_axes(place)
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(color=palette.LINE, linewidth=0.6)
    return axes


def save_png(figure: Figure, path: Path, *, title: str, description: str) -> Path:
    """Write the page as a 300 dpi picture that carries its title and text alternative."""
    with style():
        drawn = io.BytesIO()
        figure.savefig(drawn, format="rgba")
    rows = int(figure.bbox.height)
    pixels = np.frombuffer(drawn.getbuffer(), dtype=np.uint8).reshape(rows, -1, 4)[:, :, :3]
    picture = few_colours(pixels)
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Title", plain(title))
    notes.add_itxt("Description", plain(description))
    with replaced(path) as temporary:
        picture.save(
            temporary,
            format="png",
            dpi=(DPI, DPI),
            pnginfo=notes,
        )
    return path


def few_colours(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return a picture of red, green and blue in a palette of 256, half the bytes.

    The commonest half of the palette are colours of the picture as they are, which fills, lines and
    letters are; the other half are spread over what is left, the soft edges between them, and each
    of those becomes the nearest of the palette. A picture of 256 colours or fewer stays as it is.
    """
    red, green, blue = np.moveaxis(pixels.astype(np.uint32), 2, 0)
    packed = (red << 16) | (green << 8) | blue
    counts = np.bincount(packed.ravel(), minlength=1 << 24)
    known = np.flatnonzero(counts)
    order = known[np.argsort(-counts[known], kind="stable")]
    every = np.stack([order >> 16, order >> 8 & 255, order & 255], axis=1).astype(np.int32)
    place, kept = _nearest(every)
    looked_up = np.zeros(1 << 24, dtype=np.uint8)
    looked_up[order] = place
    picture = Image.fromarray(looked_up[packed]).convert("P")
    picture.putpalette(every[kept].astype(np.uint8).tobytes())
    return picture


def _nearest(colours: NDArray[np.int32]) -> tuple[NDArray[np.uint8], list[int]]:
    """Choose at most 256 of colours, the commonest first; return the nearest of each, and them.

    After the commonest the one farthest from all that are chosen is next, over and over.
    """
    kept: list[int] = []
    place = np.zeros(len(colours), dtype=np.uint8)
    far = np.full(len(colours), np.iinfo(np.int32).max, dtype=np.int32)
    for number in range(min(PALETTE, len(colours))):
        kept.append(number if number < PALETTE // 2 else int(far.argmax()))
        apart = ((colours - colours[kept[-1]]) ** 2).sum(axis=1)
        closer = apart < far
        place[closer] = number
        far[closer] = apart[closer]
    return place, kept


def save_svg(figure: Figure, path: Path, *, title: str, description: str) -> Path:
    """Write the page as SVG, its title and text alternative where a screen reader looks for them.

    Outlines are rounded to a hundredth of a point (4 µm on paper).
    """
    with style():
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    named = '<svg role="img" aria-labelledby="title description" lang="en-GB" '
    words = (
        f'<title id="title">{escape(plain(title))}</title>\n'
        f' <desc id="description">{escape(plain(description))}</desc>\n'
    )
    head, _, body = drawn.getvalue().partition("<svg ")
    opening, _, rest = body.partition(">\n")
    rounded = _outlines.sub(lambda found: _digits.sub(r"\1", found.group()), rest)
    return write_text(path, f"{head}{named}{opening}>\n {words}{rounded}")
