"""The parts of a parcel (see `geo.files.parcels`): tables, areas, cells and sheets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.parquet as parquet
import pyproj
from shapely.errors import ShapelyError

from geo.errors import InputError, some
from geo.files.archives import MOST_UNPACKED
from geo.files.parcels import damage_told, part_of
from geo.sources import CODE, Source, TableSpec
from geo.tables.sizes import MOST_CELLS

AREAS = "areas.parquet"
CELLS = "cells.parquet"

_DATE = "date"


def read_part(
    part: Path,
    *,
    areas: bool = False,
    texts: Sequence[str] = (),
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return a frame, or a frame of areas, from a part: all columns of it unless some are named.

    Raises ``SourceError`` where it is none, is too large, or where the columns of text that it must
    have are not those that are named.
    """
    import geopandas as gpd

    with damage_told(part, pyarrow.ArrowException, ShapelyError):
        footer = parquet.read_metadata(part)
        groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        if size > MOST_UNPACKED or footer.num_rows * footer.num_columns > MOST_CELLS:
            raise ValueError(f"{footer.num_rows:,} rows, {size:,} bytes when unpacked")
        listed = None if columns is None else list(columns)
        parquet.read_table(part, columns=listed).validate(full=True)
        found: pd.DataFrame = (gpd if areas else pd).read_parquet(part, columns=listed)
        if texts and list(found.columns) != list(texts):
            raise ValueError(f"the columns {some(found.columns)} in place of {some(texts)}")
        for name in texts:
            if not all(isinstance(cell, str) for cell in found[name]):
                raise TypeError(f"a cell of “{name}” that is no text")
    return found


def areas_fields(part: Path) -> tuple[tuple[str, ...], pyproj.CRS | None]:
    """Return the fields of a part with areas and the system it declares; no shape is read."""
    with damage_told(part, pyarrow.ArrowException):
        schema = parquet.read_schema(part)
        told = json.loads(schema.metadata[b"geo"])
        shapes = told["primary_column"]
        crs = told["columns"][shapes]["crs"]
        names = tuple(name for name in schema.names if name != shapes)
        return names, None if crs is None else pyproj.CRS(crs)


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
        also={},
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
    with damage_told(part):
        found = json.loads(part.read_text(encoding="utf-8"), object_hook=_untold)
        rows: list[list[object]] = found if isinstance(found, list) else [found]
        strange = [row for row in rows if not isinstance(row, list) or any(map(_is_list, row))]
        if strange:
            raise ValueError(f"no rows of cells: {strange[0]!r:.60}")
    return rows


def _is_list(cell: object) -> bool:
    return isinstance(cell, list)


def _told(value: object) -> dict[str, str]:
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    raise TypeError(f"a cell of kind {type(value).__name__}")


def _untold(value: dict[str, Any]) -> object:
    if set(value) != {_DATE}:
        raise ValueError(f"no cell: {some(value)}")
    text = value[_DATE]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
