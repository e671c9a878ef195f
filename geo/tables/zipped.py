"""Tables of text inside zip archives, read as a stream of the columns that are wanted.

A file of hundreds of megabytes is never unpacked to a disk nor held whole: it comes piece by piece,
and who takes the pieces keeps of each what is wanted. A table that is spread over several files of
one archive is all of them, one below the other. No row may have fewer cells than headings, unless
it is blank; what more cells mean is as in any other file (see `geo.tables.sheets`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count, islice
from pathlib import Path
from typing import IO, Any

import pandas as pd

from geo.errors import InputError, some
from geo.files.archives import member_of, open_member, table_members
from geo.sources import Source, TableSpec
from geo.tables.plain_text import not_text, recoded

_PIECE_BYTES = 1 << 20
"""How much text is looked at together; a line that is longer is refused."""

_MOST_WAITING = 50_000
"""How many rows of another length are held together; a file with more is refused."""

Piece = tuple[pd.DataFrame, dict[int, list[str]]]
"""Columns of some rows, and beside them the rows of another length with their cells, by number."""


@dataclass(frozen=True)
class ZippedTable:
    """A table of comma-separated values in an archive.

    Raises ``SourceError`` for an archive that cannot be read, and ``InputError`` for a file in it
    that is no table.
    """

    path: Path
    source: Source
    table: str

    @property
    def spec(self) -> TableSpec:
        """Return what the record says of the table."""
        return self.source.tables[self.table]

    @cached_property
    def names(self) -> list[str]:
        """Return the names of the files that the table stands in."""
        return table_members(self.path, self.source, member_of(self.source, self.table))

    @property
    def where(self) -> str:
        """Say where the table stands, for a message."""
        first, *others = self.names
        more = f" and {len(others)} more" if others else ""
        return f"{self.path}, “{first}”{more}"

    @cached_property
    def head(self) -> list[list[str]]:
        """Return the rows down to the headings: those of the record where the file has none."""
        if self.spec.headings:
            return [list(self.spec.headings)]
        return self._first(self.spec.header)

    @cached_property
    def columns(self) -> int:
        """Return how many cells a row has: as many as the headings, or more as the first row."""
        rows = [*self.head[-1:], *self._first(self.spec.header + 1)[-1:]]
        return max(map(len, rows), default=0)

    def _first(self, many: int) -> list[list[str]]:
        """Return the first rows of the first file."""
        with self._opened(self.names[0]) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            lines = iter(lambda: text.readline(_PIECE_BYTES), "")
            return list(islice(csv.reader(lines, strict=True), many))

    def pieces(self, positions: Sequence[int]) -> Iterator[Piece]:
        """Yield the columns at some positions, labelled by these, some thousands of rows at a time.

        All cells are text. Rows are numbered on through all files; those of another length than
        the headings stand beside the others. Raises ``InputError`` after the last row where some
        have fewer cells than there are headings.
        """
        short: list[str] = []
        width = width_of(self.head)
        first = self.spec.header + 1
        for name in self.names:
            with self._opened(name) as stream:
                for piece, others in self._pieces(stream, positions, first):
                    short += [
                        f"row {number:,} has {len(cells)}"
                        for number, cells in others.items()
                        if len(cells) < width and any(map(str.strip, cells))
                    ]
                    first = max([first - 1, *piece.index[-1:], *others]) + 1
                    yield piece, others
        if first == self.spec.header + 1:
            yield pd.DataFrame({place: pd.Series(dtype=str) for place in positions}), {}
        if short:
            raise InputError(
                f"{len(short):,} rows have fewer cells than there are headings",
                where=self.where,
                expected=f"{width} cells in each row",
                found=some(short),
                do=f"remove the file and fetch it again, or {self.source.by_hand}",
            )

    def _pieces(self, stream: IO[bytes], positions: Sequence[int], first: int) -> Iterator[Piece]:
        """Yield the columns of one file, whose rows are numbered from ``first``."""
        import pyarrow
        from pyarrow import csv as text

        waiting: dict[int, str] = {}

        def note(row: Any) -> str:
            waiting[first + row.number - self.spec.header - 1] = row.text
            return "skip" if len(waiting) < _MOST_WAITING else "error"

        names = [str(place) for place in positions]
        following = first
        with text.open_csv(
            pyarrow.PythonFile(stream, mode="r"),
            read_options=text.ReadOptions(
                block_size=_PIECE_BYTES,
                use_threads=False,
                skip_rows_after_names=self.spec.header,
                column_names=[str(place) for place in range(self.columns)],
            ),
            parse_options=text.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=text.ConvertOptions(
                include_columns=names, column_types=dict.fromkeys(names, pyarrow.string())
            ),
        ) as reader:
            for batch in reader:
                numbers = _numbers(following, len(batch), waiting)
                following = max([following - 1, *numbers[-1:]]) + 1
                piece = batch.to_pandas().set_axis(positions, axis="columns")
                yield piece.set_axis(numbers, axis="index"), _before(following, waiting)
        if waiting:
            nothing = pd.DataFrame({place: pd.Series(dtype=str) for place in positions})
            yield nothing, _before(max(waiting) + 1, waiting)

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        import pyarrow

        try:
            with open_member(self.path, self.source, name) as stream:
                yield recoded(stream, partial(not_text, self.path, self.source))
        except (pyarrow.ArrowInvalid, csv.Error) as problem:
            raise InputError(
                "The file is not a table of comma-separated values",
                where=f"{self.path}, “{name}”",
                found=str(problem),
                do=f"remove it and fetch it again, or {self.source.by_hand}",
            ) from problem


def width_of(head: Sequence[Sequence[str]]) -> int:
    """Return how many columns have a heading, in whatever row it stands.

    >>> width_of([["code", "people in", "", ""], ["", "2019", "2020", " "]])
    3
    """
    filled = (place for row in head for place, cell in enumerate(row) if cell.strip())
    return max(filled, default=-1) + 1


def _numbers(first: int, many: int, left_out: Container[int]) -> Sequence[int]:
    """Return the numbers of rows that follow one another but for those that are left out.

    >>> _numbers(2, 3, {3})
    [2, 4, 5]
    """
    if not left_out:
        return range(first, first + many)
    return list(islice((number for number in count(first) if number not in left_out), many))


def _before(number: int, waiting: dict[int, str]) -> dict[int, list[str]]:
    """Take the rows that stand before a number, and return their cells."""
    passed = {each: waiting.pop(each) for each in sorted(waiting) if each < number}
    return {
        each: next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
        for each, text in passed.items()
    }
