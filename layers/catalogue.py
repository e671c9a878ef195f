"""The catalogue: every source that this program knows, from the records beside the code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from geo.records import read_catalogue
from geo.sources import Source

_ROOT = Path(__file__).resolve().parent.parent
RECORD_FILES = (
    _ROOT / "boundaries" / "sources.toml",
    _ROOT / "layers" / "sources.toml",
    _ROOT / "layers" / "sample.toml",
)


@cache
def catalogue() -> Mapping[str, Source]:
    """Return every known source by id.

    >>> catalogue()["imd_2019"].vintage
    2011
    """
    return read_catalogue(*RECORD_FILES)
