"""Parcels: the folders of a pack's sources, met where readers expect a publisher's file.

A pack hands one edition's inputs over as a single archive (see `layers.pack`). Opened, it is a
folder for each source, its parcel, with `PARCEL` in it: every table as Parquet under our own column
names, areas as GeoParquet in the publisher's fields, the cells of a grid as Parquet, a sheet that
is no table as JSON (see `geo.tables.parts`). What readers check of a file they check of a parcel;
one that another record made is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo.errors import PocketsError, SourceError, some
from geo.sources import Source

PARCEL = "parcel.json"
"""The file of a parcel that says what was packed: the source, and the original file."""

SHAPES = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
)
"""What reading a part raises where that is damaged, or is well written and of another shape."""

_AGAIN = "have the pack made again with “pockets pack”"
_THIS = f"{_AGAIN}, of this version of the program"


def is_parcel(path: Path) -> bool:
    """Say whether a path is the folder of a source in a pack."""
    return (path / PARCEL).is_file()


def parcel_of(path: Path) -> Mapping[str, Any]:
    """Return what a source's folder says of itself; raises ``SourceError`` where it cannot.

    These are the id of its ``source``, the hash of its ``record`` (see `record_hash`), what file it
    was made ``of`` (see `geo.fetch.origins`), and the ``day`` that this states, or None.
    """
    place = path / PARCEL
    with damage_told(place):
        found = json.loads(place.read_text(encoding="utf-8"))
        made_of = found["of"]
        fetched = made_of.get("fetched", {"from": "", "how": "", "when": ""})
        texts = [found["source"], found["record"], made_of["file"], made_of["sha256"]]
        texts += [made_of.get("layout", ""), fetched["from"], fetched["how"], fetched["when"]]
        texts += [] if found["day"] is None else [found["day"]]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"no text where one belongs: {some(map(repr, texts))}")
    told: Mapping[str, Any] = found
    return told


def require_parcel(path: Path, source: Source) -> None:
    """Refuse a parcel of another source, or one that was made by another record of it."""
    told = parcel_of(path)
    if told["source"] != source.id:
        raise SourceError(
            "A folder of a pack is that of another source",
            where=str(path),
            expected=source.id,
            found=told["source"],
            do=_AGAIN,
        )
    layouts = {form.layout for form in source.accepted}
    if told["record"] != record_hash(source) or told["of"].get("layout", "") not in layouts:
        raise SourceError(
            f"A pack was made when the record of “{source.title}” was another",
            where=str(path),
            expected="what the record asks of the file today",
            found="what another version of the program asked of it",
            do=_THIS,
        )


def record_hash(source: Source) -> str:
    """Return a hash of all that a record says of how its file is read and what must be in it."""
    forms = [
        [form.format, form.crs, form.coverage, form.tables, form.sheets, form.vector, form.grid]
        for form in source.accepted
    ]
    text = json.dumps(forms, sort_keys=True, default=asdict)
    return sha256(text.encode()).hexdigest()


def part_of(path: Path, name: str) -> Path:
    """Return the file of a part of a parcel; raises ``SourceError`` where it is not there."""
    part = path / name
    if not part.is_file():
        raise SourceError(
            "A pack lacks a part of a source",
            where=str(path),
            expected=name,
            found=some(sorted(each.name for each in path.iterdir())),
            do=_THIS,
        )
    return part


@contextmanager
def damage_told(part: Path, *others: type[Exception]) -> Iterator[None]:
    """Turn what reading a part raises where it is damaged, or of another shape, into a paragraph.

    ``others`` are what its reader raises of its own.
    """
    shapes: tuple[type[Exception], ...] = (*SHAPES, *others)
    try:
        yield
    except PocketsError:
        raise
    except shapes as problem:
        raise SourceError(
            "A pack is damaged",
            where=str(part),
            found=f"{type(problem).__name__}: {problem}",
            do=_AGAIN,
        ) from problem
