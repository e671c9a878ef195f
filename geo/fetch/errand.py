"""An errand: how a file is looked for, what it must pass, who watches, and with what patience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from geo.net.hosts import Hosts
from geo.net.patience import Patience
from geo.sources import Source

__all__ = ["ContentCheck", "Errand", "Fetched", "Patience", "Watch"]


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
class Errand:
    """How the files of some sources are looked for; see `geo.fetch.locate.locate`.

    ``check`` reads what is downloaded, ``watch`` is told how much has come, from the thread that
    downloads it. ``hosts`` is what errands of one run know together of those whom they ask.
    """

    cache: Path
    mirror: Path | None = None
    offline: bool = False
    check: ContentCheck | None = None
    watch: Watch | None = None
    patience: Patience = field(default_factory=Patience)
    hosts: Hosts = field(default_factory=Hosts)
