"""Parcels: the folders of a pack's sources, met where readers expect a publisher's file.

A pack hands one edition's inputs over as a single archive (see `layers.pack`). Opened, it is a
folder for each source, its parcel, with `PARCEL` in it: every table as Parquet under our own column
names, areas as GeoParquet in the publisher's fields, the cells of a grid as Parquet, a sheet that
is no table as JSON (see `geo.tables.parts`). What readers check of a file they check of a parcel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.errors import SourceError, some

PARCEL = "parcel.json"
"""The file of a parcel that says what was packed: the source, and the original file."""


def is_parcel(path: Path) -> bool:
    """Say whether a path is the folder of a source in a pack."""
    return (path / PARCEL).is_file()


def parcel_of(path: Path) -> Mapping[str, Any]:
    """Return what a source's folder says of itself; raises ``SourceError`` where it cannot."""
    try:
        found: Mapping[str, Any] = json.loads((path / PARCEL).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SourceError(
            "A pack is damaged",
            where=str(path / PARCEL),
            found=str(problem),
            do="have the pack made again with “pockets pack”",
        ) from problem
    return found


def part_of(path: Path, name: str) -> Path:
    """Return the file of a part of a parcel; raises ``SourceError`` where it is not there."""
    part = path / name
    if not part.is_file():
        raise SourceError(
            "A pack lacks a part of a source",
            where=str(path),
            expected=name,
            found=some(sorted(each.name for each in path.iterdir())),
            do="have the pack made again with “pockets pack”, of this version of the program",
        )
    return part
