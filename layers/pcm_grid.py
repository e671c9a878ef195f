"""Defra's 1 km grids of background concentrations: files of cells, checked and laid out as rasters.

The Pollution Climate Mapping model gives one annual mean for each square kilometre of the national
grid. It is a modelled background, made to describe places away from the kerb.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from geo.codes import nearest_names
from geo.errors import InputError, SourceError, some
from geo.files.parcels import is_parcel, part_of
from geo.sources import GridSpec
from geo.space.raster import Raster, rasterise
from geo.tables.parts import CELLS, read_part

GRID_CODES = ("gridcode", "ukgridcode")
"""What the publisher calls the column of cell numbers, in its own grids and in those of others."""

CELL_COLUMNS = ("cell", "easting", "northing", "value")
"""The columns of a grid's cells under our own names."""

HEADING_WITHIN = 20
"""Lines of a file within which its heading must stand."""

_BRITAIN_M = {"easting": (-100_000, 800_000), "northing": (-100_000, 1_400_000)}


def read_grid(path: Path, spec: GridSpec) -> Raster:
    """Read a Pollution Climate Mapping csv of cells, as its record describes it.

    The columns are ``gridcode`` or ``ukgridcode``, the centre of a cell in metres and the
    concentration. The publisher's first lines may be there or not: the heading is looked for. Cells
    marked as missing become NaN.

    Raises ``SourceError`` for a file that is absent, empty or a web page, and one ``InputError``
    with all that is wrong otherwise: columns, text, negative values, centres off the grid, repeated
    cells, fewer cells than the record says, a last row that may go on.
    """
    cells = read_cells(path, spec)
    return rasterise(_checked(cells, path=path, spec=spec), cell_m=spec.cell_m)


def read_cells(path: Path, spec: GridSpec) -> pd.DataFrame:
    """Return a grid's cells as text: the columns cell, easting, northing and value.

    The index is the row's number in the file. A row with another number of fields than the heading,
    or in whose middle the file may end, comes back with empty ones. Raises what `read_grid` does
    for a file that has no such columns.
    """
    if is_parcel(path):
        return read_part(part_of(path, CELLS), texts=CELL_COLUMNS)
    text = _text(path)
    lines = text.rstrip().splitlines()
    at = _heading(lines, spec)
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
    chosen = _columns(names, spec, path)
    places = [names.index(name) for name in chosen]
    whole, broken = len(names), [""] * len(places)
    cells = [
        [row[place].strip() for place in places] if len(row) == whole else broken for row in rows
    ]
    if cells and _breaks_off(text, spec):
        cells[-1] = broken
    table = pd.DataFrame(cells, columns=list(chosen.values()), dtype="str")
    return table.set_axis(pd.RangeIndex(at + 2, at + 2 + len(table)), axis="index")


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


def _breaks_off(text: str, spec: GridSpec) -> bool:
    """Say whether the last row may go on: neither a line ends there, nor a value that is whole.

    A number without the line's end may be the beginning of a longer one.
    """
    last = text.rstrip()
    ended = not {"\r", "\n"}.isdisjoint(text[len(last) :])
    return not (ended or last.endswith((f",{spec.missing}", '"')))


def _heading(lines: list[str], spec: GridSpec) -> int:
    """Find the line with most of the names of columns; else the line where they ought to be."""
    wanted = {*GRID_CODES, spec.x, spec.y, spec.value}
    found = [
        len(wanted & {field.strip(' "') for field in line.split(",")})
        for line in lines[:HEADING_WITHIN]
    ]
    most = max(found)
    return found.index(most) if most else min(spec.header_lines, len(lines) - 1)


def _columns(names: list[str], spec: GridSpec, path: Path) -> dict[str, str]:
    """Map the names of the columns to ours; raises ``InputError`` naming the nearest."""
    code = next((name for name in GRID_CODES if name in names), GRID_CODES[0])
    chosen = {code: "cell", spec.x: "easting", spec.y: "northing", spec.value: "value"}
    absent = [name for name in chosen if name not in names]
    if absent:
        raise InputError(
            f"The grid has no column {some(repr(name) for name in absent)}",
            where=f"{path}, heading",
            expected=f"{' or '.join(GRID_CODES)}, {spec.x}, {spec.y} and {spec.value}, "
            f"after {spec.header_lines} lines or none",
            found=f"{some(names, most=10)}{_nearest(absent, names)}",
            do="check that it is the publisher's grid of that pollutant and year, or correct the "
            "record",
        )
    return chosen


def _nearest(absent: list[str], names: list[str]) -> str:
    close = {name: nearest_names(name, names, most=1) for name in absent}
    said = [f"{found[0]!r} for {name!r}" for name, found in close.items() if found]
    return f" (nearest: {some(said)})" if said else ""


def _checked(table: pd.DataFrame, *, path: Path, spec: GridSpec) -> pd.DataFrame:
    """Turn text into numbers; raises one ``InputError`` with every problem and its first rows."""
    missing = table["value"] == spec.missing
    number = pd.DataFrame(
        {
            "easting": pd.to_numeric(table["easting"], errors="coerce"),
            "northing": pd.to_numeric(table["northing"], errors="coerce"),
            "value": pd.to_numeric(table["value"].mask(missing, "nan"), errors="coerce"),
        }
    )
    faults = {**_text_faults(table, number, missing), **_centre_faults(number, spec.cell_m)}
    problems = [
        f"{what} in {wrong.sum():,} rows (row {some(table.index[wrong])})"
        for what, wrong in faults.items()
        if wrong.any()
    ]
    if len(table) < spec.fewest_cells:
        problems.append(f"{len(table):,} cells (a part of the file?)")
    if missing.all():
        problems.append("no cell with a value")
    if problems:
        raise InputError(
            "The grid cannot be used as it is",
            where=str(path),
            expected=f"a row per cell, {spec.fewest_cells:,} or more of them, each with its line's "
            f"end: the centre of a cell of {spec.cell_m:g} m, and a value of 0 or more, or "
            f"{spec.missing}",
            found="; ".join(problems),
            do="download the file again; if it stays so, tell its publisher",
        )
    return number


def _text_faults(
    table: pd.DataFrame, number: pd.DataFrame, missing: pd.Series[bool]
) -> dict[str, pd.Series[bool]]:
    short = (table == "").any(axis=1)
    unread = number["value"].isna() | np.isinf(number["value"])
    return {
        "empty, missing or extra fields, or no end of the line (a truncated file?)": short,
        "text that is no number for a value": ~short & ~missing & unread,
        "text for a centre": ~short & number[["easting", "northing"]].isna().any(axis=1),
        "negative values": number["value"] < 0,
    }


def _centre_faults(number: pd.DataFrame, cell_m: float) -> dict[str, pd.Series[bool]]:
    centres = number[["easting", "northing"]].dropna()
    inside = [centres[name].between(*limits) for name, limits in _BRITAIN_M.items()]
    faults = {
        "centres off the grid": (centres % cell_m != cell_m / 2).any(axis=1),
        "centres outside Great Britain": ~(inside[0] & inside[1]),
        "a cell given twice": centres.duplicated(keep=False),
    }
    return {what: wrong.reindex(number.index, fill_value=False) for what, wrong in faults.items()}
