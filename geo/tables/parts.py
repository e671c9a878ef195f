"""The parts of a parcel (see `geo.files.parcels`): tables, areas, cells and sheets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow

from geo.errors import InputError, SourceError, some
from geo.files.parcels import part_of
from geo.sources import CODE, Source, TableSpec

AREAS = "areas.parquet"
CELLS = "cells.parquet"

_DATE = "date"


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


def table_part(path: Path, source: Source, table: str) -> tuple[Path, Source]:
    """Return the Parquet file of a packed table, and the record of it as it stands there.

    The headings are our own names, sums are made and units are ours already; all that the record
    promises of the values is promised still.
    """
    if table not in source.tables:
        raise InputError(f"The record {source.id} has no table “{table}”")
    spec = source.tables[table]
    form = replace(source, format="parquet", tables={table: _own_spec(spec)}, layouts=())
    return part_of(path, f"{table}.parquet"), form


def _own_spec(spec: TableSpec) -> TableSpec:
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


def keep_rows(rows: list[list[object]], part: Path) -> None:
    """Write the rows of a sheet as JSON; days keep their kind."""
    part.write_text(
        json.dumps(rows, default=_told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )


def kept_rows(part: Path) -> list[list[object]]:
    """Return the rows that `keep_rows` wrote; raises ``SourceError`` where these are none."""
    try:
        found = json.loads(part.read_text(encoding="utf-8"), object_hook=_untold)
    except (OSError, ValueError) as problem:
        raise SourceError("A pack is damaged", where=str(part), found=str(problem)) from problem
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise SourceError("A pack is damaged", where=str(part), expected="rows of cells")
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
