"""An errand: how a file is looked for, what it must pass, who watches, and with what patience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from geo.sources import Source


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """How much of a source has come: bytes of a file, or rows of a feature layer or table.

    ``total`` is how many there are in all, None where nobody has said it.
    """

    source: str
    done: int
    total: int | None
    unit: Literal["bytes", "rows"]


ContentCheck = Callable[[Path, Source], object]
"""Reads a file by its record, and raises where the contents are not what this promises."""
Watch = Callable[[Fetched], object]
"""Is told how much of a source has come, from whatever thread downloads it."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for a server, and how often to ask again.

    The pause between attempts starts at ``pause_s`` seconds and doubles; a server that asks for a
    longer one gets it, up to ``longest_pause_s``. ``whole_s`` and ``most_bytes`` are for all
    attempts, pauses and pages of a file together.
    """

    attempts: int = 4
    pause_s: float = 1.0
    longest_pause_s: float = 120.0
    connect_s: float = 10.0
    read_s: float = 60.0
    whole_s: float = 1800.0
    most_bytes: int = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Errand:
    """How the files of some sources are looked for; see `geo.fetch.locate.locate`."""

    cache: Path
    mirror: Path | None = None
    offline: bool = False
    check: ContentCheck | None = None
    watch: Watch | None = None
    patience: Patience = field(default_factory=Patience)
