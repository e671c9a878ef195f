"""What kind of file a file really is, seen from its first and last bytes.

Servers answer with a page of HTML where a workbook was asked for, and downloads stop half-way. Both
are refused here, before a reader meets them and says something obscure.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from geo.errors import SourceError
from geo.files import archives
from geo.files.parcels import is_parcel, require_parcel
from geo.sources import Source

_HEAD_BYTES = 2048
_CHUNK_BYTES = 1 << 20
_HTML = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<?xml", b"<!--")
_NAMES = {
    "csv": "a text file of comma-separated values",
    "grid": "a text file of comma-separated values",
    "xlsx": "an Excel workbook (.xlsx)",
    "parquet": "a Parquet file",
    "vector": "a vector file",
}
_VECTORS = {".gpkg": b"SQLite format 3", ".geojson": b"{", ".zip": b"PK"}
_BEGINNINGS = {"xlsx": b"PK", "parquet": b"PAR1"}


def require_format(path: Path, source: Source) -> None:
    """Refuse a file that is missing, empty, cut short, or of no kind that its record accepts.

    What stands in a pack was looked at when it was packed, by the same record. Raises
    ``SourceError``.
    """
    if is_parcel(path):
        require_parcel(path, source)
        return
    forms = source.accepted
    misfits = [misfit(path, form) for form in forms]
    if None in misfits:
        return
    nearest = next((place for place, form in enumerate(forms) if _begins_as(path, form)), 0)
    raise SourceError(
        f"The file of “{source.title}” is not what it should be",
        where=str(path),
        expected=" or ".join(dict.fromkeys(map(_name, forms))),
        found=str(misfits[nearest]),
        do=f"remove it and fetch it again, or {source.by_hand}",
    )


def require_unpacks(path: Path, source: Source) -> None:
    """Refuse an archive with a part that is damaged or not of the size that its list says.

    Every part is unpacked and nothing kept; a file that is no archive passes. Raises
    ``SourceError``.
    """
    if not archives.is_archive(path):
        return
    refuse = partial(_broken, path, source)
    with archives.opened_archive(path, refuse) as archive:
        for part in archive.infolist():
            with archives.opened_part(archive, part, refuse) as stream:
                while stream.read(_CHUNK_BYTES):
                    pass


def _broken(path: Path, source: Source, found: str) -> SourceError:
    return SourceError(
        f"The file of “{source.title}” is a damaged archive",
        where=str(path),
        found=found,
        do=f"fetch it again, or {source.by_hand}",
    )


def misfit(path: Path, source: Source) -> str | None:
    """Say what a file is, if that is not the kind of one layout of a record.

    What stands in an archive of the publisher's may stay in it.
    """
    if not path.is_file():
        return "no such file"
    head = _head(path)
    if not head.strip():
        return "an empty file"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.lower().startswith(_HTML):
        return f"a web page, which begins “{_excerpt(start)}”"
    if archives.member_of(source) and start.startswith(b"PK") and not archives.is_workbook(path):
        return _archive(path, "zip archive" if source.format == "csv" else "workbook or archive")
    return _CHECKS[source.format](path, start)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD_BYTES)


def _begins_as(path: Path, source: Source) -> bool:
    """Say whether a file begins as one of a layout does, so that its damage is told as that's."""
    beginning = _BEGINNINGS.get(source.format, b"PK" if archives.member_of(source) else None)
    return beginning is not None and path.is_file() and _head(path).startswith(beginning)


def _name(source: Source) -> str:
    packed = ", or a zip archive that holds it" if archives.member_of(source) else ""
    return f"{_NAMES[source.format]}{packed}"


def _workbook(path: Path, start: bytes) -> str | None:
    if not start.startswith(b"PK"):
        return f"a file that begins “{_excerpt(start)}”"
    return _archive(path, "workbook")


def _archive(path: Path, kind: str) -> str | None:
    """Look at the list of a zip archive: what it says of its parts costs no memory to read."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (*archives.DAMAGES, OSError):
        return f"a {kind} that is cut short or damaged"
    large = f"a {kind} of {size / 1e6:,.0f} MB when unpacked"
    return None if size <= archives.MOST_UNPACKED else large


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
