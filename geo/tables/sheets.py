"""Cells of csv files, Parquet files and workbooks, as they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import InputError, SourceError, some
from geo.files.archives import is_zipped, open_file
from geo.files.file_kinds import require_format
from geo.files.parcels import SHAPES, is_parcel, part_of
from geo.sources import Source
from geo.tables.parts import kept_rows
from geo.tables.plain_text import decoded, not_text
from geo.tables.sizes import require_table_size, require_workbook_size, unreadable
from geo.tables.zipped import ZippedTable, width_of

OVER = -1
"""The label of the column that counts what stands to the right of all headings."""

NUMBERS = "numbers"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of cells: the rows down to its headings as text, and the rows below on demand.

    ``take`` yields the columns at some positions (from 0), all rows at once or some thousands at a
    time, labelled by those positions and indexed by the row's number in the file, and beside them
    the column `OVER`: how many cells of a row stand filled to the right of all headings. ``kinds``
    names the columns whose type is not text, where the file has types: ``{2: "numbers (int64)"}``.
    """

    where: str
    head: list[list[str]]
    take: Callable[[Sequence[int]], Iterator[pd.DataFrame]]
    kinds: Mapping[int, str] = field(default_factory=dict)


def read_sheet(path: Path, source: Source, table: str) -> Sheet:
    """Open one table of a file that is of the kind of its record's own layout.

    Raises ``SourceError`` for a damaged file and ``InputError`` for one without the table's sheet
    or without the row of its headings.
    """
    header = source.tables[table].header
    found = _READERS[source.format](path, source, table)
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
    if is_parcel(path):
        name = next(name for name, known in source.sheets.items() if known == sheet)
        return kept_rows(part_of(path, f"{name}.json"))
    require_format(path, source)
    return _rows(path, source, sheet)


def _rows(path: Path, source: Source, sheet: str) -> list[list[object]]:
    from python_calamine import CalamineError, CalamineWorkbook

    book = _book(path, source)
    require_workbook_size(path, source, sheet, book=book)
    try:
        workbook = CalamineWorkbook.from_object(path if book is None else io.BytesIO(book))
        names = workbook.sheet_names
        if sheet in names:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            return [list(row) for row in rows]
    except CalamineError as problem:
        raise unreadable(path, source, str(problem)) from problem
    raise InputError(
        "The workbook does not have the sheet that its record names",
        where=str(path),
        expected=f"a sheet “{sheet}”",
        found=f"sheets {some((f'“{name}”' for name in names), most=30)}",
        do="check that this is the right edition; if the publisher renamed the sheet, correct "
        f"the record {source.id}",
    )


def _book(path: Path, source: Source) -> bytes | None:
    """Return the workbook in the archive at a path; None where the path is the workbook itself."""
    if not is_zipped(path, source):
        return None
    with open_file(path, source) as stream:
        return stream.read()


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


def _workbook(path: Path, source: Source, table: str) -> Sheet:
    spec = source.tables[table]
    sheet, header = spec.sheet, spec.header
    if sheet is None:
        raise InputError(
            "The record of a workbook names no sheet", where=source.id, do="add its key “sheet”"
        )
    rows = _rows(path, source, sheet)
    head = [_texts(row) for row in rows[:header]]
    body = [(number, row) for number, row in enumerate(rows[header:], header + 1)]

    def take(positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        yield _columns(body, positions, width=width_of(head))

    return Sheet(where=f"{path}, sheet “{sheet}”", head=head, take=take)


def _csv(path: Path, source: Source, table: str) -> Sheet:
    if is_zipped(path, source, table):
        return _zipped(ZippedTable(path, source, table))
    spec, text = source.tables[table], _decoded(path, source, table)
    header = spec.header
    with _refusing(path):
        head = [_texts(row) for row in islice(_csv_rows(text), header)] or [list(spec.headings)]
    _require_commas(head, text.partition("\n")[0], str(path))

    def take(positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        with _refusing(path):
            rows = islice(enumerate(_csv_rows(text), 1), header, None)
            yield _columns(rows, positions, width=width_of(head))

    return Sheet(where=str(path), head=head, take=take)


def _zipped(zipped: ZippedTable) -> Sheet:
    head = [_texts(row) for row in zipped.head]
    _require_commas(head, "".join(zipped.head[0]) if zipped.head else "", zipped.where)

    width = width_of(head)
    surplus = range(width, max(width, zipped.columns))

    def take(positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        wanted = [*positions, *(place for place in surplus if place not in positions)]
        for piece, others in zipped.pieces(wanted):
            found = piece[list(positions)]
            found[OVER] = sum((_filled(piece[place]) for place in surplus), start=0)
            if others:
                more = _columns(others.items(), positions, width=width)
                found = pd.concat([found, more]).sort_index()
            yield found

    return Sheet(where=zipped.where, head=head, take=take)


def _filled(cells: pd.Series) -> pd.Series:
    return cells.map(text_of).ne("").astype(int)


def _require_commas(head: list[list[str]], line: str, where: str) -> None:
    """Refuse a file whose headings are one cell, and its first line divided by something else."""
    for divider, what in {";": "semicolons", "\t": "tabs"}.items():
        if head and len(head[-1]) == 1 and divider in line:
            raise InputError(
                "The file's cells are not divided by commas",
                where=where,
                found=f"cells divided by {what}",
                do="save it as comma-separated values (CSV UTF-8)",
            )


def _csv_rows(text: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text), strict=True)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except csv.Error as problem:
        raise InputError(
            "The file is not a table of comma-separated values",
            where=str(path),
            found=str(problem),
            do="remove it and fetch it again: it may be cut short",
        ) from problem


def _columns(
    rows: Iterable[tuple[int, Sequence[object]]], positions: Sequence[int], *, width: int
) -> pd.DataFrame:
    """Take some columns of numbered rows; a row that ends early has empty cells from there on."""
    taken: dict[int, list[object]] = {position: [] for position in positions}
    numbers, over = [], []
    for number, row in rows:
        numbers.append(number)
        over.append(sum(map(bool, _texts(row[width:]))) if len(row) > width else 0)
        for position, cells in taken.items():
            cells.append(row[position] if position < len(row) else "")
    columns = {place: pd.Series(cells, dtype=object) for place, cells in taken.items()}
    return pd.DataFrame({**columns, OVER: over}).set_axis(numbers, axis="index")


def _parquet(path: Path, source: Source, table: str) -> Sheet:
    import pyarrow.parquet as parquet

    header = source.tables[table].header
    with _refusing_parquet(path):
        footer = parquet.read_metadata(path)
        schema = parquet.read_schema(path)
        types = [_plain(entry.type) for entry in schema]
        groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
    require_table_size(path, source, rows=footer.num_rows, columns=len(types), size=size)

    def take(positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        wanted = [schema.names[position] for position in positions]
        with _refusing_parquet(path):
            found = parquet.read_table(path, columns=wanted)
            found.validate(full=True)
            columns = {
                position: _cells(found.column(name), types[position])
                for position, name in zip(positions, wanted, strict=True)
            }
        body = pd.DataFrame({**columns, OVER: 0})
        yield body.set_axis(pd.RangeIndex(header + 1, header + 1 + len(body)), axis="index")

    kinds = {place: kind for place, entry in enumerate(types) if (kind := _kind(entry))}
    return Sheet(where=str(path), head=[_texts(schema.names)], take=take, kinds=kinds)


def _plain(entry: Any) -> Any:
    """Return what a column of a dictionary's numbers stands for."""
    from pyarrow import types

    return entry.value_type if types.is_dictionary(entry) else entry


def _kind(entry: Any) -> str:
    """Say what a column holds that is no text."""
    from pyarrow import types

    if types.is_string(entry) or types.is_large_string(entry) or types.is_string_view(entry):
        return ""
    numeric = types.is_integer(entry) or types.is_floating(entry) or types.is_decimal(entry)
    return f"{NUMBERS} ({entry})" if numeric else f"neither text nor numbers ({entry})"


def _cells(column: Any, entry: Any) -> pd.Series:
    """Return a column as text, or as objects where it is not, as a workbook has them."""
    if _kind(entry):
        return pd.Series(column.to_pylist(), dtype=object)
    found: pd.Series = column.cast(entry).to_pandas()
    return found


@contextmanager
def _refusing_parquet(path: Path) -> Iterator[None]:
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, *SHAPES) as problem:
        raise SourceError(
            "The Parquet file cannot be read",
            where=str(path),
            found=str(problem),
            do="fetch it again",
        ) from problem


def _decoded(path: Path, source: Source, table: str) -> str:
    """Return a file's text with plain ends of lines."""
    with open_file(path, source, table) as stream:
        text = decoded(stream.read(), partial(not_text, path, source))
    return text.replace("\r\n", "\n").replace("\r", "\n")


_READERS: dict[str, Callable[[Path, Source, str], Sheet]] = {
    "csv": _csv,
    "xlsx": _workbook,
    "parquet": _parquet,
}
