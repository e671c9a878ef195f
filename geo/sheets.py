"""Cells of csv files, Parquet files and workbooks, as they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd

from geo.errors import InputError, SourceError, some
from geo.formats import require_format
from geo.sources import Source


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of cells: the rows down to its headings as text, and the rows below on demand.

    ``take`` returns the columns at some positions (from 0), labelled by those positions and indexed
    by the row's number in the file.
    """

    where: str
    head: list[list[str]]
    take: Callable[[Sequence[int]], pd.DataFrame]


def read_sheet(path: Path, source: Source, sheet: str | None, *, header: int) -> Sheet:
    """Open one table of a file whose headings stand in row ``header``, counted from 1.

    Raises ``SourceError`` for a file of another kind and ``InputError`` for one without the sheet
    or without that row.
    """
    require_format(path, source)
    found = _READERS[source.format](path, source, sheet, header)
    if len(found.head) < header:
        raise InputError(
            "The table ends before its headings",
            where=found.where,
            expected=f"headings in row {header}",
            found=f"{len(found.head)} rows",
            do=f"fetch the file again, or {source.by_hand}",
        )
    return found


def read_rows(path: Path, source: Source, sheet: str) -> list[list[object]]:
    """Return every row of a workbook's sheet, from its first cell; an empty cell is ``""``.

    Raises ``SourceError`` for a file that is no workbook or is damaged, and ``InputError`` naming
    the sheets there are when this one is missing.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    require_format(path, source)
    try:
        workbook = CalamineWorkbook.from_path(path)
        names = workbook.sheet_names
        if sheet in names:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            return [list(row) for row in rows]
    except (CalamineError, OSError) as problem:
        raise SourceError(
            "The workbook cannot be read",
            where=str(path),
            found=str(problem),
            do=f"remove it and fetch it again, or {source.by_hand}",
        ) from problem
    raise InputError(
        "The workbook does not have the sheet that its record names",
        where=str(path),
        expected=f"a sheet “{sheet}”",
        found=f"sheets {some((f'“{name}”' for name in names), most=30)}",
        do="check that this is the right edition; if the publisher renamed the sheet, correct "
        f"the record {source.id}",
    )


def text_of(value: object) -> str:
    r"""Return a cell as text without surrounding or repeated white space.

    A whole number has no decimal point.

    >>> text_of(" Area  names\n"), text_of(2020.0), text_of(None)
    ('Area names', '2020', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() else str(value)
    return " ".join(str(value).replace("\ufeff", "").split())


def column_letters(position: int) -> str:
    """Name the column at a position (from 0) as spreadsheets do.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _texts(row: Iterable[object]) -> list[str]:
    return [text_of(value) for value in row]


def _workbook(path: Path, source: Source, sheet: str | None, header: int) -> Sheet:
    if sheet is None:
        raise InputError(
            "The record of a workbook names no sheet", where=source.id, do="add its key “sheet”"
        )
    rows = read_rows(path, source, sheet)
    body = rows[header:]

    def take(positions: Sequence[int]) -> pd.DataFrame:
        columns = {p: pd.Series([row[p] for row in body], dtype=object) for p in positions}
        return _numbered(pd.DataFrame(columns, dtype=object), header)

    head = [_texts(row) for row in rows[:header]]
    return Sheet(where=f"{path}, sheet “{sheet}”", head=head, take=take)


def _csv(path: Path, source: Source, sheet: str | None, header: int) -> Sheet:
    text = _decoded(path)
    head = [_texts(row) for row in islice(csv.reader(io.StringIO(text)), header)]

    def take(positions: Sequence[int]) -> pd.DataFrame:
        body = _csv_columns(text, sorted(set(positions)), path, header=header, width=len(head[-1]))
        return _numbered(body[list(positions)], header)

    return Sheet(where=str(path), head=head, take=take)


def _csv_columns(
    text: str, positions: list[int], path: Path, *, header: int, width: int
) -> pd.DataFrame:
    """Read some columns of the rows below the headings; every row must be as wide as these."""
    import pyarrow
    from pyarrow import csv as arrow_csv

    names = [str(position) for position in range(width)]
    wanted = [names[position] for position in positions]
    try:
        body = arrow_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=arrow_csv.ReadOptions(skip_rows=header, column_names=names),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pyarrow.string())
            ),
        )
    except pyarrow.ArrowInvalid as problem:
        raise InputError(
            "The file is not a table of comma-separated values",
            where=str(path),
            expected=f"{width} cells in every row",
            found=str(problem),
            do="remove it and fetch it again",
        ) from problem
    frame: pd.DataFrame = body.to_pandas()
    return frame.set_axis(positions, axis=1)


def _parquet(path: Path, source: Source, sheet: str | None, header: int) -> Sheet:
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        names = parquet.read_schema(path).names
    except (pyarrow.ArrowException, OSError) as problem:
        raise SourceError(
            "The Parquet file cannot be read",
            where=str(path),
            found=str(problem),
            do="fetch it again",
        ) from problem

    def take(positions: Sequence[int]) -> pd.DataFrame:
        wanted = [names[position] for position in positions]
        table = parquet.read_table(path, columns=wanted).to_pandas()[wanted]
        return _numbered(table.set_axis(list(positions), axis=1), header)

    return Sheet(where=str(path), head=[_texts(names)], take=take)


def _decoded(path: Path) -> str:
    """Return a file's text; publishers write UTF-8, with or without a mark, or Windows-1252."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _numbered(body: pd.DataFrame, header: int) -> pd.DataFrame:
    return body.set_axis(pd.RangeIndex(header + 1, header + 1 + len(body)), axis=0)


_READERS: dict[str, Callable[[Path, Source, str | None, int], Sheet]] = {
    "csv": _csv,
    "xlsx": _workbook,
    "parquet": _parquet,
}
