"""What kind of file a file really is, seen from its first and last bytes.

Servers answer with a page of HTML where a workbook was asked for, and downloads stop half-way. Both
are refused here, before a reader meets them and says something obscure.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from geo.errors import SourceError
from geo.sources import Source

_HEAD_BYTES = 2048
_HTML = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<?xml", b"<!--")
MOST_UNPACKED = 1 << 30
"""The most bytes that the parts of an archive may have together: forty times the largest known."""
_NAMES = {
    "csv": "a text file of comma-separated values",
    "grid": "a text file of comma-separated values",
    "xlsx": "an Excel workbook (.xlsx)",
    "parquet": "a Parquet file",
    "vector": "a vector file",
}
_VECTORS = {".gpkg": b"SQLite format 3", ".geojson": b"{", ".zip": b"PK"}


def require_format(path: Path, source: Source) -> None:
    """Refuse a file that is missing, empty, cut short, or of another kind than its record says.

    Raises ``SourceError``.
    """
    found = _misfit(path, source.format)
    if found:
        raise SourceError(
            f"The file of “{source.title}” is not what it should be",
            where=str(path),
            expected=_NAMES[source.format],
            found=found,
            do=f"remove it and fetch it again, or {source.by_hand}",
        )


def require_unpacks(path: Path, source: Source) -> None:
    """Refuse an archive with a part that is damaged or not of the size that its list says.

    Every part is unpacked and nothing kept; a file that is no archive passes. Raises
    ``SourceError``.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as problem:
        broken = str(problem)
    if broken:
        raise SourceError(
            f"The file of “{source.title}” is a damaged archive",
            where=str(path),
            found=broken,
            do=f"fetch it again, or {source.by_hand}",
        )


def _misfit(path: Path, kind: str) -> str | None:
    if not path.is_file():
        return "no such file"
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head.strip():
        return "an empty file"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.lower().startswith(_HTML):
        return f"a web page, which begins “{_excerpt(start)}”"
    return _CHECKS[kind](path, start)


def _workbook(path: Path, start: bytes) -> str | None:
    if not start.startswith(b"PK"):
        return f"a file that begins “{_excerpt(start)}”"
    return _archive(path, "workbook")


def _archive(path: Path, kind: str) -> str | None:
    """Look at the list of a zip archive: what it says of its parts costs no memory to read."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return f"a {kind} that is cut short or damaged"
    return None if size <= MOST_UNPACKED else f"a {kind} of {size / 1e6:,.0f} MB when unpacked"


def _parquet(path: Path, start: bytes) -> str | None:
    if not start.startswith(b"PAR1"):
        return f"a file that begins “{_excerpt(start)}”"
    with path.open("rb") as stream:
        stream.seek(-4, 2)
        return None if stream.read() == b"PAR1" else "a Parquet file that is cut short"


def _text(path: Path, start: bytes) -> str | None:
    if start.startswith(b"PK"):
        return "a zip archive or workbook"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text in UTF-16, where UTF-8 and Windows-1252 are read"
    return "a file with binary content" if b"\0" in start else None


def _vector(path: Path, start: bytes) -> str | None:
    wanted = _VECTORS.get(path.suffix, b"")
    if not start.startswith(wanted):
        return f"a file that begins “{_excerpt(start)}”"
    return _archive(path, "zip archive") if path.suffix == ".zip" else None


def _excerpt(start: bytes) -> str:
    text = start[:40].decode("utf-8", errors="replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


_CHECKS: dict[str, Callable[[Path, bytes], str | None]] = {
    "csv": _text,
    "grid": _text,
    "xlsx": _workbook,
    "parquet": _parquet,
    "vector": _vector,
}
