"""Text as publishers write it: UTF-8, with or without a mark, or Windows-1252, or both in one file.

A file that stands in an archive is read as a stream, another one at once; what bytes mean is the
same in both. A byte that is no UTF-8 is the letter that it is in Windows-1252.
"""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import IO, Any

from geo.errors import SourceError
from geo.files.archives import Refuse
from geo.sources import Source

_PIECE_BYTES = 1 << 18
_HANDLER = "pockets-windows-1252"
ENCODING = "utf-8-sig"


def decoded(content: bytes, refuse: Refuse) -> str:
    """Return the text of some bytes; raises what ``refuse`` makes of a byte of nothing.

    >>> decoded("Môr ".encode("cp1252") + "Môr".encode(), SourceError)
    'Môr Môr'
    """
    return _without_nothing(content.decode(ENCODING, errors=_HANDLER), 0, refuse)


def recoded(stream: IO[bytes], refuse: Refuse) -> IO[bytes]:
    """Return a stream of the same text in UTF-8, without a mark; raises as `decoded` does."""
    return io.BufferedReader(_Recoded(stream, refuse), _PIECE_BYTES)


def not_text(path: Path, source: Source, found: str) -> SourceError:
    """Return the refusal of a file in which something stands that is no text."""
    return SourceError(
        f"The file of “{source.title}” is not what it should be",
        where=str(path),
        expected="a text file of comma-separated values",
        found=found,
        do=f"remove it and fetch it again, or {source.by_hand}",
    )


class _Recoded(io.RawIOBase):
    def __init__(self, stream: IO[bytes], refuse: Refuse) -> None:
        self._stream, self._refuse = stream, refuse
        self._decoder = codecs.getincrementaldecoder(ENCODING)(errors=_HANDLER)
        self._ready = memoryview(b"")
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            piece = self._stream.read(_PIECE_BYTES)
            text = self._decoder.decode(piece, final=not piece)
            _without_nothing(text, self._given, self._refuse)
            self._given += len(text)
            self._ready = memoryview(text.encode())
            if not piece:
                break
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


def _without_nothing(text: str, before: int, refuse: Refuse) -> str:
    place = text.find("\0")
    if place >= 0:
        raise refuse(f"a byte of nothing at character {before + place:,}")
    return text


def _windows_1252(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    wrong = problem.object[problem.start : problem.end]
    return wrong.decode("cp1252", errors="replace"), problem.end


codecs.register_error(_HANDLER, _windows_1252)
