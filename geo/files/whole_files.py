"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import OutputError, PocketsError
from geo.files.disk import disk_error
from geo.files.owned import clear, workspace

_UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a place for a file that takes the place of ``path`` when the block ends well.

    It has the same name, by whose ending many writers choose a format. When the block raises, or is
    killed, what stood at ``path`` before still stands there. Raises ``OutputError`` where nothing
    can be written, and what `require_file` does.
    """
    require_file(path)
    with made_whole(path, "A file could not be written") as made:
        yield made


@contextmanager
def made_whole(path: Path, what: str, *, expected: str = "") -> Iterator[Path]:
    """Yield a place beside ``path`` for a file or a folder, which is moved there when it is whole.

    What killed processes left of it is cleared. ``what`` and ``expected`` are said where nothing
    can be written.
    """
    with explained(what, path, expected=expected):
        path.parent.mkdir(parents=True, exist_ok=True)
        clear(path.parent, path.name)
        with workspace(path) as made:
            yield made
            made.replace(path)


@contextmanager
def explained(what: str, path: Path, *, expected: str = "") -> Iterator[None]:
    """Turn what the system says of a disk or a folder into one paragraph: ``OutputError``."""
    try:
        yield
    except PocketsError:
        raise
    except Exception as problem:
        reason = disk_error(problem)
        if reason is None:
            raise
        raise OutputError(
            what,
            where=str(path),
            expected=expected,
            found=str(reason),
            do="make room, or choose another folder, one that you may write to (--out)",
        ) from problem


def write_text(path: Path, text: str) -> Path:
    """Write a text in UTF-8 with plain line ends, whole or not at all."""
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, contents: bytes) -> Path:
    """Write bytes as they are, whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_bytes(contents)
    return path


def require_file(path: Path) -> Path:
    """Return the path of a file that may be written or replaced, and change nothing.

    Raises ``OutputError`` where there is a link, a folder, a device or anything but a plain file.
    """
    require_name(path)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OutputError(
            "What is there is not a file, and is not replaced by one",
            where=str(path),
            expected="a new file, or a plain one",
            found="a link" if path.is_symlink() else "a folder or a device",
            do="choose another name with --out",
        )
    return path


def require_name(path: Path) -> Path:
    """Return a path that can be written in one line; raises ``OutputError`` for any other."""
    whole = str(path.absolute())
    if not any(unicodedata.category(character) in _UNWRITABLE for character in whole):
        return path
    raise OutputError(
        "The name of what is to be written, or of a folder above it, is not plain text",
        where=ascii(whole),
        expected="names without line breaks, control characters and broken letters",
        do="rename that folder, or choose another place with --out",
    )
