"""Files inside zip archives, read where they stand: nothing is unpacked to a disk.

`open_file` is the door for whoever reads a table: a binary stream of the file it stands in, be that
the file at the path or a member of the archive there. Text is read from it line by line like this:

    with open_file(path, source, "main") as stream:
        for row in csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")):
            ...

Whatever zip says of damage becomes a ``SourceError``, wherever in the stream it is met; at the end
of the stream its check sum and its size are compared. Nothing is ever unpacked beyond the size that
the archive's list says, nor in large pieces: a list that lies fills no memory. `open_member` opens
a member by its name alone, `member_of` tells from a record in which one a table stands, and
`is_workbook` whether a zip file is a document rather than an archive. Whoever knows an archive
itself reads it by `opened_archive` and `opened_part`, with a refusal of its own.
"""

from __future__ import annotations

import bz2
import errno
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from geo.errors import PocketsError, SourceError, some
from geo.sources import Source

MOST_UNPACKED = 1 << 30
"""The most bytes that the parts of an archive may have together: twice the largest that is read."""

DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    OverflowError,
    ValueError,
)
"""What reading an archive may raise for one that is damaged, locked or packed in a way not known
here; also ``OSError``, where it is no disk's (see `damages_told`)."""

Refuse = Callable[[str], PocketsError]
"""Makes of what is wrong with an archive, in words, what is raised."""

_PIECE_BYTES = 1 << 16
_LZMA_BYTES = 1 << 12
"""How much is asked for of what is not limited as it is unpacked: the least, some MB at most."""
_NO_DISK = (None, errno.EINVAL)
"""Numbers of errors that are no disk's: bz2 gives none, a place before the file the other."""
_ENCRYPTED = 0x1
_DOCUMENT_PART = "[Content_Types].xml"
_RESOURCES = "__MACOSX/"


def is_workbook(path: Path) -> bool:
    """Say whether a file is an archive of the parts of one document, as a workbook is.

    One whose list cannot be read is not.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _DOCUMENT_PART in archive.namelist()
    except (*DAMAGES, OSError):
        return False


def is_archive(path: Path) -> bool:
    """Say whether a file is a zip archive, if a damaged one."""
    try:
        return zipfile.is_zipfile(path)
    except zipfile.BadZipFile:
        return True


def member_of(source: Source, table: str | None = None) -> str:
    """Return the name or pattern of the member that holds a table, or the file; else nothing."""
    tables = source.tables if table is None else {table: source.tables[table]}
    named = [spec.member for spec in tables.values() if spec.member]
    return named[0] if named else source.address.member


def is_zipped(path: Path, source: Source, table: str | None = None) -> bool:
    """Say whether a path is an archive that holds the file of a table, and not that file itself."""
    return bool(member_of(source, table)) and is_archive(path) and not is_workbook(path)


@contextmanager
def open_file(path: Path, source: Source, table: str | None = None) -> Iterator[IO[bytes]]:
    """Open the file that a table stands in, for reading: in an archive, or at the path itself.

    Raises ``SourceError`` as `open_member` does.
    """
    if is_zipped(path, source, table):
        with open_member(path, source, member_of(source, table)) as stream:
            yield stream
    else:
        with path.open("rb") as stream:
            yield stream


@contextmanager
def open_member(path: Path, source: Source, member: str) -> Iterator[IO[bytes]]:
    """Open the file of an archive whose name is ``member`` or fits it as a pattern, for reading.

    Capitals are of no account, nor are folders unless it names one. Where no name fits, the only
    file with the same ending is meant: what it is, is seen from its contents. Raises
    ``SourceError`` when the archive cannot be read, when no file or more than one can be meant, and
    when that is locked or larger unpacked than `MOST_UNPACKED`.
    """
    refuse = partial(_refusal, path, source)
    with opened_archive(path, refuse) as archive:
        found = _chosen(path, source, archive, member)
        with opened_part(archive, found, refuse) as stream:
            yield stream


def table_members(path: Path, source: Source, member: str) -> list[str]:
    """Return the names of all files of an archive that hold one table, in their order.

    Where ``member`` names a folder too ("Data/CSV/*.csv") they are all that fit; else there is one,
    as `open_member` finds it. Raises ``SourceError`` where there is none.
    """
    with opened_archive(path, partial(_refusal, path, source)) as archive:
        if "/" not in member:
            return [_chosen(path, source, archive, member).filename]
        names = sorted(part.filename for part in archive.infolist() if _fits(part, member))
    if not names:
        raise _refusal(path, source, "no such file in it", member)
    return names


@contextmanager
def opened_archive(path: Path | IO[bytes], refuse: Refuse) -> Iterator[zipfile.ZipFile]:
    """Open an archive; raises what ``refuse`` makes of one that is damaged."""
    with damages_told(refuse):
        archive = zipfile.ZipFile(path)
    with archive:
        yield archive


@contextmanager
def opened_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, refuse: Refuse
) -> Iterator[IO[bytes]]:
    """Open a part of an archive: a stream of as many bytes as the archive's list says of it.

    What is wrong with it is raised, as ``refuse`` makes it, where it is met.
    """
    with damages_told(refuse):
        stream = _opened(archive, part)
    with stream:
        yield io.BufferedReader(_Part(stream, part, refuse), _PIECE_BYTES)


@contextmanager
def damages_told(refuse: Refuse) -> Iterator[None]:
    """Raise what ``refuse`` makes of whatever reading an archive raises for a damaged one.

    What the system says of a disk passes, and so does what was refused already.
    """
    try:
        yield
    except PocketsError:
        raise
    except (*DAMAGES, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno not in _NO_DISK:
            raise
        raise refuse(f"a damaged archive: {problem}") from problem


def _opened(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> IO[bytes]:
    """Open a part; of bz2, of which `zipfile` unpacks gigabytes at once, by its own reader."""
    if part.compress_type != zipfile.ZIP_BZIP2:
        return archive.open(part)
    packed = copy(part)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, part.compress_size
    packed.CRC = None  # type: ignore[assignment]  # that of what is unpacked; bz2 has its own
    return bz2.BZ2File(archive.open(packed))


class _Part(io.RawIOBase):
    """A part of an archive, unpacked in small pieces and never beyond its stated size."""

    def __init__(self, stream: IO[bytes], part: zipfile.ZipInfo, refuse: Refuse) -> None:
        self._stream, self._part, self._refuse = stream, part, refuse
        self._most = _LZMA_BYTES if part.compress_type == zipfile.ZIP_LZMA else _PIECE_BYTES
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with damages_told(self._refuse):
            piece = self._stream.read(min(len(buffer), self._most))
        self._given += len(piece)
        size = self._part.file_size
        if self._given > size or (not piece and self._given < size):
            more = "more" if piece else f"{self._given:,}, fewer"
            raise self._refuse(
                f"a damaged archive: “{self._part.filename}” has {more} than the {size:,} bytes of "
                "its list"
            )
        buffer[: len(piece)] = piece
        return len(piece)


def _chosen(path: Path, source: Source, archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    """Return the one member that is meant, if it can be read and is of a credible size."""
    files = [
        part
        for part in archive.infolist()
        if not part.is_dir() and not part.filename.startswith(_RESOURCES)
    ]
    meant = [part for part in files if _fits(part, member)]
    if not meant:
        meant = [part for part in files if _fits(part, f"*{PurePosixPath(member).suffix}")]
    if len(meant) != 1:
        listed = some(f"“{part.filename}”" for part in meant or files) or "nothing"
        raise _refusal(
            path, source, f"{len(meant) or 'no'} files that may be meant: {listed}", member
        )
    (part,) = meant
    if part.flag_bits & _ENCRYPTED:
        raise _refusal(path, source, f"“{part.filename}” locked with a password")
    if part.file_size > MOST_UNPACKED:
        found = f"“{part.filename}” with {part.file_size / 1e6:,.0f} MB when unpacked"
        raise _refusal(path, source, found)
    return part


def _fits(part: zipfile.ZipInfo, pattern: str) -> bool:
    name = part.filename if "/" in pattern else PurePosixPath(part.filename).name
    return fnmatchcase(name.casefold(), pattern.casefold())


def _refusal(path: Path, source: Source, found: str, member: str = "") -> SourceError:
    return SourceError(
        f"The archive of “{source.title}” cannot be used",
        where=str(path),
        expected=f"“{member}” in it" if member else "",
        found=found,
        do=f"remove it and fetch it again, or {source.by_hand}",
    )
