"""The day that a file itself states, and what its record says once that is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from geo.errors import SourceError
from geo.files.archives import open_member
from geo.files.parcels import is_parcel, parcel_of
from geo.sources import Source

_MOST_BYTES = 1 << 16


def as_dated(path: Path, source: Source) -> Source:
    """Return a record with the texts that follow from the day stated in its file.

    The record as it stands where it says of no such day, or the file does not state one.
    """
    spec = source.dated
    day = None if spec is None else stated_day(path, source)
    if spec is None or day is None:
        return source
    texts = {
        name: text.format(month=f"{day:%B %Y}", year=day.year) for name, text in spec.texts.items()
    }
    return replace(source, **texts)  # type: ignore[arg-type]


def stated_day(path: Path, source: Source) -> date | None:
    """Return the day that a file states where its record says: eight digits after some words.

    That of a file in a pack was noted when it was packed.
    """
    spec = source.dated
    if spec is None:
        return None
    try:
        if is_parcel(path):
            told = parcel_of(path)["day"]
            return date.fromisoformat(told) if told else None
        with open_member(path, source, spec.member) as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8", errors="replace")
        found = re.search(rf"^\s*{re.escape(spec.words)}\W*(\d{{8}})\b", text, re.MULTILINE)
        return date.fromisoformat(found[1]) if found else None
    except (SourceError, OSError, ValueError):
        return None
