"""The colours of every page, sheet and style file, and how well they can be read.

Fills are dark where things are worse. Neighbouring tones differ too little to be told apart by
colour alone, so whatever uses them also has thin outlines, labels on its classes and a table.
"""

from __future__ import annotations

INK = "#0b0c0c"
SOFT = "#383f43"
QUIET = "#505a5f"
LINK = "#1d70b8"
HOVERED = "#003078"
FOCUS = "#ffdd00"
PAPER = "#ffffff"
GROUND = "#f3f2f1"
LINE = "#b1b4b6"
RULE = "#dcdedf"
GRID = "#d8dadb"
BETWEEN = "#8299ab"
MSOA_LINE = "#6f777b"
POCKET = "#f46a25"
HALO = "#ffffff"
MISSING = "#ffffff"

AROUND, BEYOND = "#e6e5e3", "#fbfbfa"
"""Of maps on a screen: other districts, and water or what is outside the data."""
PRINTED_AROUND, PRINTED_BEYOND = "#e2e4e5", "#f7f8f8"
LAND = "#e4e9ee"
"""Of small maps and the tracks of bars on profiles."""

SEQUENTIAL = ("#08306b", "#08519c", "#2b7bba", "#6aaed6", "#b7d4ea", "#eaf3fb")
"""Six tones of blue, worst first."""

DIVERGING = ("#801650", "#a9567f", "#e2b3bd", "#f2f2f2", "#a3bcdc", "#51739d", "#12436d")
"""Seven tones about a true middle, worst first."""

FIRST_OF_PAIR = ("#2f7fc1", "#9cc5e6", "#f4f4f4")
SECOND_OF_PAIR = ("#c8447e", "#eaa9c6", "#f4f4f4")
"""Three tones each; a cell of a two-layer map multiplies one of each."""


def custom_properties() -> str:
    """Return the colours of pages as custom properties of CSS, which styles and scripts read.

    >>> custom_properties().startswith(":root { --ink: #0b0c0c; ")
    True
    """
    named = {
        "ink": INK,
        "soft": SOFT,
        "quiet": QUIET,
        "shade": see_through(INK, 0.4),
        "link": LINK,
        "hovered": HOVERED,
        "focus": FOCUS,
        "paper": PAPER,
        "ground": GROUND,
        "line": LINE,
        "rule": RULE,
        "grid": GRID,
        "pocket": POCKET,
        "around": AROUND,
        "beyond": BEYOND,
        "land": LAND,
        "deep": SEQUENTIAL[0],
        "middle": SEQUENTIAL[2],
        "pale": SEQUENTIAL[4],
        "far": DIVERGING[0],
    }
    return f":root {{ {' '.join(f'--{name}: {colour};' for name, colour in named.items())} }}\n"


def see_through(colour: str, share: float) -> str:
    """Let so much of what lies under a colour be hidden, from 0 for none to 1 for all.

    >>> see_through("#0b0c0c", 0.4)
    '#0b0c0c66'
    """
    return f"{colour}{round(255 * share):02x}"


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
