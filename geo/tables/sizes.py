"""How large a file becomes when it is opened, looked at before any memory is spent on it.

A workbook of a few kilobytes may unpack to gigabytes, or hold one cell at XFD1048576, for which a
reader lays out seventeen thousand million cells; a Parquet file says in its footer how much it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from geo.errors import SourceError
from geo.files.archives import MOST_UNPACKED
from geo.sources import Source

MOST_CELLS = 50_000_000
"""Ten times the cells of the largest official table."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_CHUNK_BYTES = 1 << 22
_OVERLAP_BYTES = 1 << 10
_RELATIONS = "xl/_rels/workbook.xml.rels"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def require_workbook_size(
    path: Path, source: Source, sheet: str, *, book: bytes | None = None
) -> None:
    """Refuse a workbook that unpacks to too much, or of which a sheet reaches too far.

    ``book`` is the workbook where it stands in an archive at the path. Raises ``SourceError``. A
    workbook whose parts cannot be found is left to its reader.
    """
    with zipfile.ZipFile(path if book is None else io.BytesIO(book)) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MOST_UNPACKED:
            raise _too_large(path, source, f"{unpacked:,} bytes in {len(parts.infolist()):,} parts")
        part = _part_of(parts, sheet)
        if part is None:
            return
        columns, rows = _reach(parts, part)
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


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part of a workbook that holds a sheet, by the workbook's own list."""
    try:
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
        links = ElementTree.fromstring(parts.read(_RELATIONS))
    except (KeyError, ElementTree.ParseError):
        return None
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    named = (tag for tag in book.iter() if tag.tag.endswith("}sheet") and tag.get("name") == sheet)
    target = next((targets.get(tag.get(_LINK)) for tag in named), None)
    if target is None:
        return None
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in parts.namelist() else None


def _reach(parts: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """Return the furthest column and row of a sheet's cells, from 1; its own claim is not asked."""
    columns: set[bytes] = set()
    rows, before = 0, b""
    with parts.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            text = before + chunk
            found = _CELL.findall(text)
            columns.update(letters for letters, _ in found)
            rows = max([rows, *(int(number) for _, number in found)])
            before = text[-_OVERLAP_BYTES:]
    return max((_position(letters) for letters in columns), default=0), rows


def _position(letters: bytes) -> int:
    place = 0
    for letter in letters.upper():
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
