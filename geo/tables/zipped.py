"""Tables of text inside zip archives, read as a stream of the columns that are wanted.

A file of hundreds of megabytes is never unpacked to a disk nor held whole: it comes piece by piece,
and who takes the pieces keeps of each what is wanted. A table that is spread over several files of
one archive is all of them, one below the other. Every row must have as many cells as headings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pandas as pd

from geo.errors import InputError, some
from geo.files.archives import member_of, open_member, table_members
from geo.sources import Source, TableSpec

_PIECE_BYTES = 1 << 20
"""How much text is looked at together; a line that is longer is refused."""


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
        with self._opened(self.names[0]) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
            lines = iter(lambda: text.readline(_PIECE_BYTES), "")
            return list(islice(csv.reader(lines, strict=True), self.spec.header))

    def pieces(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at some positions, labelled by these, some thousands of rows at a time.

        All cells are text. Rows are numbered on through all files. Raises ``InputError`` after the
        last row where some are longer or shorter than the headings.
        """
        broken: list[str] = []
        first = self.spec.header + 1
        for name in self.names:
            with self._opened(name) as stream:
                for piece in self._pieces(stream, positions, broken):
                    yield piece.set_axis(range(first, first + len(piece)), axis="index")
                    first += len(piece)
        if first == self.spec.header + 1:
            yield pd.DataFrame({place: pd.Series(dtype=str) for place in positions})
        if broken:
            raise InputError(
                f"{len(broken):,} rows have more or fewer cells than there are headings",
                where=self.where,
                expected=f"{len(self.head[-1])} cells in each row",
                found=some(broken),
                do=f"remove the file and fetch it again, or {self.source.by_hand}",
            )

    def _pieces(
        self, stream: IO[bytes], positions: Sequence[int], broken: list[str]
    ) -> Iterator[pd.DataFrame]:
        """Yield the columns of one file; rows of another length are left out, and noted."""
        import pyarrow
        from pyarrow import csv as text

        def note(row: Any) -> str:
            broken.append(f"row {row.number:,} has {row.actual_columns}")
            return "skip"

        names = [str(place) for place in positions]
        with text.open_csv(
            pyarrow.PythonFile(stream, mode="r"),
            read_options=text.ReadOptions(
                block_size=_PIECE_BYTES,
                use_threads=False,
                skip_rows=self.spec.header,
                column_names=[str(place) for place in range(len(self.head[-1]))],
            ),
            parse_options=text.ParseOptions(ignore_empty_lines=False, invalid_row_handler=note),
            convert_options=text.ConvertOptions(
                include_columns=names, column_types=dict.fromkeys(names, pyarrow.string())
            ),
        ) as reader:
            for batch in reader:
                yield batch.to_pandas().set_axis(positions, axis="columns")

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        import pyarrow

        try:
            with open_member(self.path, self.source, name) as stream:
                yield stream
        except (pyarrow.ArrowInvalid, csv.Error) as problem:
            raise InputError(
                "The file is not a table of comma-separated values",
                where=f"{self.path}, “{name}”",
                found=str(problem),
                do=f"remove it and fetch it again, or {self.source.by_hand}",
            ) from problem
