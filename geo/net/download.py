"""Downloading one file, and going on with it where it was broken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial as with_some
from pathlib import Path

from geo.net.allowance import Sink, SpentError
from geo.net.asking import Asker
from geo.net.heads import Head, RequestError
from geo.net.partial import OF_A_FILE, empty, partial, told_of, write_told

Tell = Callable[[int, int | None], object]
"""Is told how many bytes, or rows, there are, and of how many where that is known."""
_WHOLE = {"Accept-Encoding": "identity"}
_WRONG_PART = {206, 416}


@dataclass(frozen=True, kw_only=True)
class Haul:
    """What was brought from an address: bytes in all, rows of a layer or table, and of when.

    ``announced`` says that the server told the size of a file before, and sent it in one piece:
    nothing of it was lost, or put together wrongly, on the way.
    """

    size: int
    rows: int | None = None
    etag: str = ""
    modified: str = ""
    announced: bool = False


def download(url: str, place: Path, *, asker: Asker, cache: Path, tell_size: Tell) -> Haul:
    """Download what is at an address to a path, and go on with what is there of it already.

    Where the server has a name for the bytes (an ETag or a time of change), a part stays in the
    cache until it is whole. Raises ``RequestError`` or ``SpentError``.
    """
    with partial(cache, OF_A_FILE, url) as kept:
        part = _Part(url, kept, asker.folder / "body", tell_size)
        try:
            return asker.insist(with_some(_attempt, part, asker, place))
        except SpentError as problem:
            if problem.of == "bytes":
                part.drop()
            raise


def _attempt(part: _Part, asker: Asker, place: Path) -> Haul:
    """Ask for the file, or for the rest of it; a rest that does not fit is not asked for again."""
    if part.is_whole():
        return part.finish(place, Head(status=200))
    try:
        head = asker.get(part.url, part.opened, part.wanted())
    except RequestError as problem:
        if problem.status not in _WRONG_PART:
            raise
        part.drop()
        raise RequestError(str(problem), passing=True) from problem
    return part.finish(place, head)


class _Part:
    """A file on its way: in a folder of parts where its bytes have a name, else in a workspace."""

    def __init__(self, url: str, kept: Path | None, spare: Path, tell_size: Tell) -> None:
        self.url, self._kept, self._spare, self._tell_size = url, kept, spare, tell_size
        named = kept is not None and told_of(kept).get("url") == url
        self._body = kept / "body" if named and kept is not None else spare

    def wanted(self) -> Mapping[str, str]:
        """Return the headers that ask for what is not there yet, of the same bytes."""
        told, size = self._told(), self._size()
        name = told.get("etag") or told.get("modified")
        if size and isinstance(name, str) and name.isascii() and name.isprintable():
            return {**_WHOLE, "Range": f"bytes={size}-", "If-Range": name}
        return _WHOLE

    def is_whole(self) -> bool:
        """Say whether all is there already: a run was stopped at the very end of a download."""
        return self._size() > 0 and self._told().get("total") == self._size()

    @contextmanager
    def opened(self, head: Head) -> Iterator[Sink]:
        """Open the body to go on with it, or to begin anew; what it is of is written down first."""
        if head.status == 206:
            self._require_rest(head)
        else:
            self._begin(head)
        with self._body.open("ab") as stream:
            yield _Watched(stream, self._size(), head.total, self._tell_size)

    def drop(self) -> None:
        """Forget what is there."""
        self._spare.unlink(missing_ok=True)
        if self._kept is not None:
            empty(self._kept)
        self._body = self._spare

    def finish(self, place: Path, head: Head) -> Haul:
        """Move the whole file to its place."""
        told, size = self._told(), self._size()
        etag, modified = (str(told.get(name, "")) for name in ("etag", "modified"))
        self._body.replace(place)
        self.drop()
        return Haul(
            size=size,
            etag=head.etag or etag,
            modified=head.modified or modified,
            announced=head.status == 200 and head.total == size,
        )

    def _begin(self, head: Head) -> None:
        self.drop()
        named = {"etag": _strong(head.etag), "modified": head.modified}
        if self._kept is not None and any(named.values()) and not head.packed:
            write_told(self._kept, url=self.url, total=head.total, **named)
            self._body = self._kept / "body"
        self._body.touch()

    def _require_rest(self, head: Head) -> None:
        told, size = self._told(), self._size()
        known, etag = told.get("total"), _strong(head.etag)
        other = etag not in {"", told.get("etag")} or (
            None not in {known, head.total, size} and known != head.total
        )
        if head.start != size or not size or other or head.packed:
            raise RequestError(
                f"another part of the file than was asked for: from byte {head.start:,}, "
                f"not {size:,}",
                passing=True,
                status=206,
            )

    def _told(self) -> Mapping[str, object]:
        inside = self._kept is not None and self._body != self._spare
        return told_of(self._kept) if inside and self._kept is not None else {}

    def _size(self) -> int:
        return self._body.stat().st_size if self._body.is_file() else 0


class _Watched:
    """A stream that tells how much has been written to it, with what was there before."""

    def __init__(self, stream: Sink, done: int, total: int | None, tell_size: Tell) -> None:
        self._stream, self._done, self._total, self._tell_size = stream, done, total, tell_size
        tell_size(done, total)

    def write(self, chunk: bytes, /) -> object:
        """Write a chunk, and tell of it."""
        written = self._stream.write(chunk)
        self._done += len(chunk)
        self._tell_size(self._done, self._total)
        return written


def _strong(etag: str) -> str:
    """Return a name of bytes that two different files never share; others are none."""
    return etag if etag.startswith('"') else ""
