"""Files inside a pack: what publishers' files held, read, checked and written again.

A pack hands one edition's inputs over as a single archive (see `layers.pack`). Opened, it is a
folder for each source, `PARCEL` in it: every table as Parquet under our own column names, areas as
GeoParquet in the publisher's fields, the cells of a grid as Parquet, a sheet that is no table as
JSON. Readers meet such a folder where they expect a file, and what they check of the file they
check of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow

from geo.errors import InputError, SourceError, some
from geo.sources import CODE, Source, TableSpec

PARCEL = "parcel.json"
"""The file of a source's folder that says what was packed: the source, and the original file."""
AREAS = "areas.parquet"
CELLS = "cells.parquet"

_DATE = "date"


def in_pack(path: Path) -> bool:
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


def packed_part(path: Path, name: str) -> Path:
    """Return the file of a part of a source's folder; raises ``SourceError`` where it is not."""
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


def read_part(part: Path, *, areas: bool = False) -> pd.DataFrame:
    """Return a frame, or a frame of areas, from a part; raises ``SourceError`` where it is none."""
    import geopandas as gpd

    try:
        found: pd.DataFrame = (gpd if areas else pd).read_parquet(part)
    except (OSError, ValueError, pyarrow.ArrowException) as problem:
        raise SourceError(
            "A pack is damaged",
            where=str(part),
            found=str(problem),
            do="have the pack made again with “pockets pack”",
        ) from problem
    return found


def packed_table(path: Path, source: Source, table: str) -> tuple[Path, Source]:
    """Return the Parquet file of a packed table, and the record of it as it stands there.

    The headings are our own names, sums are made and units are ours already; all that the record
    promises of the values is promised still.
    """
    if table not in source.tables:
        raise InputError(f"The record {source.id} has no table “{table}”")
    spec = source.tables[table]
    form = replace(source, format="parquet", tables={table: _packed_spec(spec)}, layouts=())
    return packed_part(path, f"{table}.parquet"), form


def _packed_spec(spec: TableSpec) -> TableSpec:
    return replace(
        spec,
        key=CODE,
        sheet=None,
        header=1,
        member="",
        text={ours: ours for ours in spec.text},
        numbers={ours: ours for ours in spec.numbers},
        at={},
        only={},
        scale={},
        missing=("",) if spec.missing else (),
    )


def pack_rows(rows: list[list[object]], path: Path) -> None:
    """Write the rows of a sheet as JSON; days keep their kind."""
    path.write_text(
        json.dumps(rows, default=_told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )


def read_packed_rows(path: Path) -> list[list[object]]:
    """Return the rows that `pack_rows` wrote; raises ``SourceError`` where these are none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"), object_hook=_untold)
    except (OSError, ValueError) as problem:
        raise SourceError("A pack is damaged", where=str(path), found=str(problem)) from problem
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise SourceError("A pack is damaged", where=str(path), expected="rows of cells")
    return found


def _told(value: object) -> dict[str, str]:
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    raise TypeError(f"a cell of kind {type(value).__name__}")


def _untold(value: dict[str, Any]) -> object:
    if set(value) != {_DATE}:
        raise ValueError(f"no cell: {some(value)}")
    text = value[_DATE]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
