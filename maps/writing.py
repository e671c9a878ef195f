"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place when the block ends well.

    The temporary name keeps the ending, by which many writers choose a format. When the block
    raises, what stood at ``path`` before still stands there. Raises ``OutputError`` where nothing
    can be written.
    """
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
