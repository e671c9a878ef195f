"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError

_UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place when the block ends well.

    The temporary name keeps the ending, by which many writers choose a format. When the block
    raises, what stood at ``path`` before still stands there. Raises ``OutputError`` where nothing
    can be written, and what `require_file` does.
    """
    require_file(path)
    temporary = path.with_name(f".{os.getpid()}.part.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as problem:
        if isinstance(problem, OutputError):
            raise
        raise OutputError(
            "A file could not be written",
            where=str(path),
            found=str(problem),
            do="make room, or choose a folder that you may write to with --out",
        ) from problem
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> Path:
    """Write a text in UTF-8 with plain line ends, whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))
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
