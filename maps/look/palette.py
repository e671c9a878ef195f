"""The colours of every page, sheet and style file, and how well they can be read.

Fills are dark where things are worse. Neighbouring tones differ too little to be told apart by
colour alone, so whatever uses them also has thin outlines, labels on its classes and a table.
"""

from __future__ import annotations

INK = "#0b0c0c"
QUIET = "#505a5f"
LINK = "#1d70b8"
FOCUS = "#ffdd00"
PAPER = "#ffffff"
GROUND = "#f3f2f1"
LINE = "#b1b4b6"
BETWEEN = "#8299ab"
POCKET = "#f46a25"
HALO = "#ffffff"
MISSING = "#ffffff"

SEQUENTIAL = ("#08306b", "#08519c", "#2b7bba", "#6aaed6", "#b7d4ea", "#eaf3fb")
"""Six tones of blue, worst first."""

DIVERGING = ("#801650", "#a9567f", "#e2b3bd", "#f2f2f2", "#a3bcdc", "#51739d", "#12436d")
"""Seven tones about a true middle, worst first."""

FIRST_OF_PAIR = ("#2f7fc1", "#9cc5e6", "#f4f4f4")
SECOND_OF_PAIR = ("#c8447e", "#eaa9c6", "#f4f4f4")
"""Three tones each; a cell of a two-layer map multiplies one of each."""


def ramp(count: int) -> tuple[str, ...]:
    """Pick tones of blue for a number of classes from two to six, worst first, ends included.

    >>> ramp(3)
    ('#08306b', '#6aaed6', '#eaf3fb')
    """
    last = len(SEQUENTIAL) - 1
    return tuple(
        SEQUENTIAL[(2 * step * last + count - 1) // (2 * (count - 1))] for step in range(count)
    )


def channels(colour: str) -> tuple[int, int, int]:
    """Split a colour such as ``#f46a25`` into red, green and blue, 0 to 255.

    >>> channels("#f46a25")
    (244, 106, 37)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def multiply(first: str, second: str) -> str:
    """Lay one colour over another as inks are: each channel is the product of the two.

    >>> multiply("#ff8000", "#80ff80")
    '#808000'
    """
    both = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(one * other / 255):02x}" for one, other in both)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 for black to 1 for white, after WCAG 2.2.

    >>> luminance("#ffffff")
    1.0
    """
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, after WCAG 2.2.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Choose the colour of text that reads better on a fill: the page's ink or white.

    >>> ink_on("#08306b"), ink_on("#eaf3fb")
    ('#ffffff', '#0b0c0c')
    """
    return max((INK, PAPER), key=lambda ink: contrast(ink, colour))


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
