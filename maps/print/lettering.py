"""How wide words are and which of them can be printed, in the typeface that matplotlib ships.

Sheets are set in DejaVu Sans because it is there after every install. Words are measured with the
font itself, without hinting and without a figure, so that lines break the same way at any
resolution.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

from maps.look import palette

MM_PER_POINT = 25.4 / 72
LEADING = 1.28
UNPRINTABLE = "□"
FONT_FILES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
MEASURED_AT_POINTS = 100.0


@dataclass(frozen=True)
class Face:
    """How words look: their size in points, their weight and their colour."""

    points: float
    bold: bool = False
    colour: str = palette.INK

    @property
    def line_mm(self) -> float:
        """The height of a line, in millimetres on paper."""
        return self.points * MM_PER_POINT * LEADING


TITLE = Face(18, bold=True)
SUBTITLE = Face(12, bold=True)
LEAD = Face(13)
HEADING = Face(8.5, bold=True)
BODY = Face(8)
TEXT = Face(7.5)
TEXT_BOLD = Face(7.5, bold=True)
QUIET_FACE = Face(8, colour=palette.QUIET)
NOTE = Face(7, colour=palette.QUIET)
KEY = Face(7)


@lru_cache(maxsize=10_000)
def printable(text: str) -> str:
    r"""Return the text on one line, with each character that the typeface lacks shown as □.

    Control and direction marks, which could reorder what stands around them, are dropped; line
    breaks and tabs become spaces.

    >>> printable("St Helens\n🦄"), printable("Zoë & Łódź"), printable("a\u202eb")
    ('St Helens □', 'Zoë & Łódź', 'ab')
    """
    return "".join(char if _known(char) else UNPRINTABLE for char in plain(text))


def plain(text: str) -> str:
    r"""Return the text on one line without control and direction marks.

    >>> plain("a\u202eb\tc\x07")
    'ab c'
    """
    line = " ".join(unicodedata.normalize("NFC", str(text)).split())
    return "".join(char for char in line if not unicodedata.category(char).startswith("C"))


def width_mm(text: str, face: Face) -> float:
    """Measure the width of a line of text, in millimetres on paper."""
    return _width(printable(text), face.bold) * face.points


def wrap(text: str, room_mm: float, face: Face) -> list[str]:
    """Break text into lines no wider than ``room_mm``; a longer word is cut with an ellipsis.

    >>> wrap("Halton Castlefield and Runcorn Town", 30, Face(8))
    ['Halton Castlefield', 'and Runcorn Town']
    """
    lines: list[str] = []
    for word in printable(text).split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(joined, face) <= room_mm:
            lines[-1] = joined
        else:
            lines.append(shortened(word, room_mm, face))
    return lines


def shortened(text: str, room_mm: float, face: Face) -> str:
    """Cut a line with an ellipsis where it is wider than ``room_mm``."""
    kept = printable(text)
    if width_mm(kept, face) <= room_mm:
        return kept
    while kept and width_mm(f"{kept}…", face) > room_mm:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _width(text: str, bold: bool) -> float:
    """Measure a line at one point, in millimetres; kerning, which only tightens, is left out."""
    return sum(_advance(char, bold) for char in text)


@cache
def _advance(char: str, bold: bool) -> float:
    glyph = _font(bold).load_char(ord(char), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / MEASURED_AT_POINTS * MM_PER_POINT


@cache
def _font(bold: bool) -> FT2Font:
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FONT_FILES[bold]))
    font.set_size(MEASURED_AT_POINTS, 72)
    return font


@cache
def _known(char: str) -> bool:
    return all(bool(_font(bold).get_char_index(ord(char))) for bold in (False, True))
