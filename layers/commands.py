"""Commands as somebody would type them, for what a message says to do."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.layer import Edition

DEFAULT_EDITION = "2025"
"""The edition that a command is about where it names none."""


def command(edition: Edition, *words: object, free: str = "") -> str:
    """Write a command for an edition, which is named where it is neither the default nor a word.

    Words are quoted where they must be; ``free`` stands as it is.

    >>> from layers.layer import edition
    >>> command(edition("sample"), "build", "St. Helens")
    "pockets build 'St. Helens' --edition sample"
    >>> command(edition("2025"), "build", free="AREA --mirror FILE")
    'pockets build AREA --mirror FILE'
    """
    told = [str(word) for word in words]
    named = edition.id in {DEFAULT_EDITION, *(word.strip().lower() for word in told)}
    option = "" if named else f"--edition {edition.id}"
    quoted = [shlex.quote(word) for word in told]
    return " ".join(filter(None, ["pockets", *quoted, free, option]))
