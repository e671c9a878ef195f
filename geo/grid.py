"""Defra's 1 km grids of background concentrations: files of cells, checked and laid out as rasters.

The Pollution Climate Mapping model gives one annual mean for each square kilometre of the national
grid. It is a modelled background, made to describe places away from the kerb.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import ArrayLike, NDArray

from geo.codes import nearest_names
from geo.crs import BNG
from geo.errors import InputError, SourceError, some

CELL_M = 1000
"""Width and height of a cell, in metres."""

GRID_CODES = ("gridcode", "ukgridcode")
MISSING = "MISSING"
PREAMBLE_LINES = 5

_BRITAIN_M = {"easting": (-100_000, 800_000), "northing": (-100_000, 1_400_000)}


@dataclass(frozen=True, kw_only=True, eq=False)
class Raster:
    """A north-up grid of 1 km cells in British National Grid; NaN is a cell without a value.

    ``values`` has a row per kilometre from north to south and a column per kilometre from west to
    east; ``west`` and ``north`` are the outer edges of its first cell, in metres.
    """

    values: NDArray[np.float64]
    west: float
    north: float
    name: str = "grid"

    @contextmanager
    def opened(self) -> Iterator[rasterio.io.DatasetReader]:
        """Open the grid as an in-memory rasterio dataset, for as long as the context lasts."""
        rows, columns = self.values.shape
        profile = {
            "driver": "GTiff",
            "height": rows,
            "width": columns,
            "count": 1,
            "dtype": "float64",
            "nodata": np.nan,
            "crs": BNG,
            "transform": rasterio.Affine(CELL_M, 0, self.west, 0, -CELL_M, self.north),
        }
        with rasterio.io.MemoryFile() as memory:
            with memory.open(**profile) as writer:
                writer.write(self.values, 1)
            with memory.open() as reader:
                yield reader

    def at(self, easting: ArrayLike, northing: ArrayLike) -> NDArray[np.float64]:
        """Return the value of the cell that each point lies in, NaN outside the grid.

        A point on a line between cells belongs to the one east or south of it.

        >>> Raster(values=np.array([[5.0]]), west=0, north=1000).at([10, -10], [10, 10]).tolist()
        [5.0, nan]
        """
        columns_east = (np.asarray(easting, dtype=float) - self.west) / CELL_M
        rows_south = (self.north - np.asarray(northing, dtype=float)) / CELL_M
        column = np.floor(np.nan_to_num(columns_east, nan=-1.0)).astype(int)
        row = np.floor(np.nan_to_num(rows_south, nan=-1.0)).astype(int)
        rows, columns = self.values.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.full(len(row), np.nan)
        found[inside] = self.values[row[inside], column[inside]]
        return found


def read_grid(path: Path, *, value: str | None = None, cells: int | None = None) -> Raster:
    """Read a Pollution Climate Mapping csv of 1 km cells, with or without its five first lines.

    The columns are ``gridcode`` or ``ukgridcode``, ``x`` and ``y`` (the centre of a cell, in
    metres) and the concentration, which ``value`` names where the file has more than one further
    column. ``MISSING`` becomes NaN. ``cells`` is the number of rows to insist on, where it is
    known.

    Raises ``SourceError`` for a file that is missing, empty or a web page, and one ``InputError``
    with all that is wrong otherwise: columns, text, negative values, centres off the grid, repeated
    cells.
    """
    table, first_row = _table(path, value)
    return rasterise(_checked(table, first_row, path=path, cells=cells), name=path.stem)


def rasterise(cells: pd.DataFrame, *, name: str = "grid") -> Raster:
    """Lay cells with ``easting``, ``northing`` (of their centres) and ``value`` out as a raster.

    >>> cells = pd.DataFrame({"easting": [500, 1500], "northing": [500, 1500], "value": [1.0, 2.0]})
    >>> rasterise(cells).values.tolist()
    [[nan, 2.0], [1.0, nan]]
    """
    west = cells["easting"].min() - CELL_M / 2
    north = cells["northing"].max() + CELL_M / 2
    column = ((cells["easting"] - west) // CELL_M).astype(int)
    row = ((north - cells["northing"]) // CELL_M).astype(int)
    values = np.full((row.max() + 1, column.max() + 1), np.nan)
    values[row, column] = cells["value"]
    return Raster(values=values, west=float(west), north=float(north), name=name)


def _table(path: Path, value: str | None) -> tuple[pd.DataFrame, int]:
    """Return the four columns as text, named ours, and the file's line number of the first row.

    A row with another number of fields than the heading comes back with empty ones.
    """
    lines = _text(path).rstrip().splitlines()
    at = _heading(lines)
    try:
        names, *rows = csv.reader(lines[at:], strict=True)
    except csv.Error as problem:
        raise InputError(
            "The grid breaks off or is not a csv",
            where=str(path),
            found=str(problem),
            do="download the file again",
        ) from problem
    names = [name.strip() for name in names]
    chosen = _columns(names, value, path)
    places = [names.index(name) for name in chosen]
    whole = len(names)
    cells = [
        [row[place].strip() for place in places] if len(row) == whole else [""] * len(places)
        for row in rows
    ]
    return pd.DataFrame(cells, columns=list(chosen.values()), dtype="str"), at + 2


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as problem:
        raise SourceError(
            "The grid cannot be read", where=str(path), found=str(problem), do="fetch it again"
        ) from problem
    start = text.lstrip()[:200].lower()
    if not start or start.startswith(("<!doctype", "<html", "<?xml")):
        raise SourceError(
            "The file is not a grid",
            where=str(path),
            expected="a csv with a row per 1 km cell",
            found="a web page, perhaps an error message" if start else "an empty file",
            do="download it again from the publisher's page and look at what arrives",
        )
    return text


def _heading(lines: list[str]) -> int:
    """Find the line of column names: the one with x and y, else the one above the first numbers."""
    fields = [
        [field.strip().strip('"').lower() for field in line.split(",")] for line in lines[:20]
    ]
    named = (at for at, row in enumerate(fields) if {"x", "y"} <= set(row))
    numbers = (at - 1 for at, row in enumerate(fields) if at and _numeric(row))
    return next(named, next(numbers, 0))


def _numeric(row: list[str]) -> bool:
    return len(row) > 2 and all(
        field.replace(".", "", 1).lstrip("-").isdigit() for field in row[:3]
    )


def _columns(names: list[str], value: str | None, path: Path) -> dict[str, str]:
    """Map their names of the four columns to ours; raises ``InputError`` naming the nearest."""
    further = [name for name in names if name not in (*GRID_CODES, "x", "y")]
    wanted = value or (further[0] if len(further) == 1 else "the concentration")
    code = next((name for name in GRID_CODES if name in names), "gridcode")
    chosen = {code: "cell", "x": "easting", "y": "northing", wanted: "value"}
    absent = [name for name in chosen if name not in names]
    if absent or names.count(wanted) > 1:
        raise InputError(
            f"The grid has no column {some(repr(name) for name in absent)}",
            where=f"{path}, heading",
            expected=f"gridcode or ukgridcode, x, y and {value or 'one column of values'}",
            found=f"{some(names, most=10)}{_nearest(absent, names)}",
            do="check that it is Defra's file of 1 km background concentrations, and that its "
            f"heading, after {PREAMBLE_LINES} lines or none, is as published",
        )
    return chosen


def _nearest(absent: list[str], names: list[str]) -> str:
    close = {name: nearest_names(name, names, most=1) for name in absent}
    said = [f"{found[0]!r} for {name!r}" for name, found in close.items() if found]
    return f" (nearest: {some(said)})" if said else ""


def _checked(table: pd.DataFrame, first_row: int, *, path: Path, cells: int | None) -> pd.DataFrame:
    """Turn text into numbers; raises one ``InputError`` with every problem and its first rows."""
    missing = table["value"] == MISSING
    number = {name: pd.to_numeric(table[name], errors="coerce") for name in ("easting", "northing")}
    number["value"] = pd.to_numeric(table["value"].mask(missing, "nan"), errors="coerce")
    rows = pd.Series(table.index + first_row, index=table.index)
    problems = [
        f"{what} in {wrong.sum():,} rows (row {some(rows[wrong])})"
        for what, wrong in _faults(table, pd.DataFrame(number), missing).items()
        if wrong.any()
    ]
    if cells is not None and len(table) != cells:
        problems.append(f"{len(table):,} rows where the record says {cells:,}")
    if table.empty or missing.all():
        problems.append("no cell with a value")
    if problems:
        raise InputError(
            "The grid cannot be used as it is",
            where=str(path),
            expected=f"a row per cell: x and y of its centre ({CELL_M} m apart, ending in 500), "
            f"and a value of 0 or more, or {MISSING}",
            found="; ".join(problems),
            do="download the file again; if it stays so, tell its publisher",
        )
    return pd.DataFrame(number)


def _faults(
    table: pd.DataFrame, number: pd.DataFrame, missing: pd.Series[bool]
) -> dict[str, pd.Series[bool]]:
    """Say per kind of fault which rows have it."""
    centres = number[["easting", "northing"]]
    unread = centres.isna().any(axis=1)
    short = (table == "").any(axis=1)
    inside = [centres[name].between(*limits) for name, limits in _BRITAIN_M.items()]
    off = (centres % CELL_M != CELL_M / 2).any(axis=1)
    infinite = np.isinf(number["value"])
    return {
        "empty, missing or extra fields (a truncated file?)": short,
        f"text other than {MISSING} for a value": ~short
        & ~missing
        & (number["value"].isna() | infinite),
        "text for a centre": ~short & unread,
        "negative values": number["value"] < 0,
        "centres off the grid": ~unread & off,
        "centres outside Great Britain": ~unread & ~(inside[0] & inside[1]),
        "a cell given twice": ~unread & centres.duplicated(keep=False),
    }
