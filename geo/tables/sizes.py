"""How large a file becomes when it is opened, looked at before any memory is spent on it.

A workbook of a few kilobytes may unpack to gigabytes, or hold one cell at XFD1048576, for which a
reader lays out seventeen thousand million cells; a Parquet file says in its footer how much it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from xml.etree import ElementTree

from geo.errors import SourceError
from geo.files.archives import MOST_UNPACKED, Refuse, opened_archive, opened_part
from geo.sources import Source

MOST_CELLS = 50_000_000
"""Ten times the cells of the largest official table."""

_PREFIX = rb"<(?:[^<>\s/:]+:)?"
_OTHERS = rb"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*?"""
_PLACE = rb"""\s+r\s*=\s*["']"""
_CELL, _ROW = (re.compile(_PREFIX + name + rb"(?=[\s/>])") for name in (b"c", b"row"))
_PLACED_CELL = re.compile(_PREFIX + b"c" + _OTHERS + _PLACE + rb"""([A-Za-z]+)([0-9]+)["']""")
_PLACED_ROW = re.compile(_PREFIX + b"row" + _OTHERS + _PLACE + rb"""([0-9]+)["']""")
_CHUNK_BYTES = 1 << 22
_TAG_BYTES = 1 << 20
_MOST_DIGITS = 18
_LIST_BYTES = 1 << 24
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED = re.compile(r"xl/[^/]+")
"""The parts of a workbook that are opened whichever sheet is wanted, as the texts of them all."""
_LINK = "}id"
"""How the attribute ends that leads to a sheet: there are several names of its namespace."""


def require_workbook_size(
    path: Path, source: Source, sheet: str, *, book: bytes | None = None
) -> None:
    """Refuse a workbook that unpacks to too much, or of which a sheet reaches too far.

    ``book`` is the workbook where it stands in an archive at the path. What its reader is going to
    open is unpacked once, so that it is as large as the workbook's own list says. Raises
    ``SourceError``. A workbook without that sheet is left to its reader.
    """
    refuse = partial(unreadable, path, source)
    with opened_archive(path if book is None else io.BytesIO(book), refuse) as archive:
        parts = _Parts(archive, refuse)
        listed = archive.infolist()
        unpacked = sum(part.file_size for part in listed)
        if unpacked > MOST_UNPACKED:
            raise _too_large(path, source, f"{unpacked:,} bytes in {len(listed):,} parts")
        for name in filter(_SHARED.fullmatch, parts.names):
            parts.unpack(name)
        part = _part_of(parts, sheet)
        if part is None:
            return
        columns, rows = _reach(_tags(parts.chunks(part), refuse))
    if columns * rows > MOST_CELLS:
        found = f"sheet “{sheet}” reaches to row {rows:,} and column {columns:,}"
        raise _too_large(path, source, found)


def require_table_size(path: Path, source: Source, *, rows: int, columns: int, size: int) -> None:
    """Refuse a table of so many rows and columns, or of ``size`` bytes unpacked.

    Raises ``SourceError``.
    """
    if rows * columns > MOST_CELLS or size > MOST_UNPACKED:
        found = f"{rows:,} rows of {columns:,} columns, {size:,} bytes"
        raise _too_large(path, source, found)


def unreadable(path: Path, source: Source, found: str) -> SourceError:
    """Return the refusal of a workbook in which something is damaged."""
    return SourceError(
        "The workbook cannot be read",
        where=str(path),
        found=found,
        do=f"remove it and fetch it again, or {source.by_hand}",
    )


@dataclass(frozen=True)
class _Parts:
    """The parts of a workbook by their names, in which its reader tells no capitals apart."""

    archive: zipfile.ZipFile
    refuse: Refuse

    @cached_property
    def names(self) -> dict[str, zipfile.ZipInfo]:
        """Return the parts by their plain names; several of one name are refused."""
        listed = self.archive.infolist()
        found = {_plain(part.filename): part for part in listed}
        if len(found) < len(listed):
            raise self.refuse(f"{len(listed):,} parts of only {len(found):,} names")
        return found

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part, some at a time."""
        with opened_part(self.archive, self.names[name], self.refuse) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk

    def unpack(self, name: str) -> None:
        """Unpack a part and keep nothing of it."""
        for _ in self.chunks(name):
            pass

    def tree(self, name: str) -> ElementTree.Element:
        """Return a part that lists others; one that is not there, or no XML, is refused."""
        if name not in self.names:
            raise self.refuse(f"no list “{name}”")
        size = self.names[name].file_size
        if size > _LIST_BYTES:
            raise self.refuse(f"a list “{name}” of {size:,} bytes")
        try:
            return ElementTree.fromstring(b"".join(self.chunks(name)))
        except ElementTree.ParseError as problem:
            raise self.refuse(f"a list “{name}” that is no XML: {problem}") from problem


def _part_of(parts: _Parts, sheet: str) -> str | None:
    """Return the part of a workbook that holds a sheet, by the workbook's own list."""
    book, links = parts.tree(_BOOK), parts.tree(_RELATIONS)
    targets = {link.get("Id"): _plain(str(link.get("Target"))) for link in links}
    named = (tag for tag in book.iter() if _local(tag.tag) == "sheet" and tag.get("name") == sheet)
    ids = (each for tag in named for name, each in tag.items() if name.endswith(_LINK))
    target = targets.get(next(ids, None))
    if target is None:
        return None
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in parts.names else None


def _plain(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tags(chunks: Iterator[bytes], refuse: Refuse) -> Iterator[bytes]:
    """Yield a part in pieces that end before a tag, so that none is cut."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = text.rfind(b"<")
        rest = text[end:] if end >= 0 else text
        if len(rest) > _TAG_BYTES:
            raise refuse(f"a cell or a tag of more than {_TAG_BYTES:,} bytes")
        yield text[: len(text) - len(rest)]
    yield rest


def _reach(texts: Iterator[bytes]) -> tuple[int, int]:
    """Return the furthest column and row of a sheet's cells, from 1; its own claim is not asked.

    A cell that does not say where it stands stands after the one before it, and so does a row.
    """
    letters: set[bytes] = set()
    row, unplaced, run, longest = 0, 0, 0, 0
    for text in texts:
        placed = _PLACED_CELL.findall(text)
        letters.update(column for column, _ in placed)
        rows = _PLACED_ROW.findall(text)
        row = max([row, *map(_number, rows), *(_number(number) for _, number in placed)])
        unplaced += len(_ROW.findall(text)) - len(rows)
        if len(_CELL.findall(text)) == len(placed):
            continue
        first, *others = _ROW.split(text)
        run += _unplaced_cells(first)
        for other in others:
            longest, run = max(longest, run), _unplaced_cells(other)
        longest = max(longest, run)
    return max(map(_position, letters), default=0) + longest, row + unplaced


def _unplaced_cells(text: bytes) -> int:
    return len(_CELL.findall(text)) - len(_PLACED_CELL.findall(text))


def _number(digits: bytes) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _position(letters: bytes) -> int:
    place = 0
    for letter in letters[:_MOST_DIGITS].upper():
        place = place * 26 + letter - ord("A") + 1
    return place


def _too_large(path: Path, source: Source, found: str) -> SourceError:
    return SourceError(
        f"The file of “{source.title}” is larger inside than any table of its kind",
        where=str(path),
        expected=f"at most {MOST_CELLS:,} cells and {MOST_UNPACKED:,} bytes",
        found=found,
        do=f"remove it and fetch it again, or {source.by_hand}",
    )
