"""Conversions kept between runs, keyed by everything that went into them.

A key is a hash of the contents of the input files, of the code's stated version and of the settings;
an entry is written to a temporary name and renamed, so a killed run leaves no half entry.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from geo.errors import OutputError


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's contents, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def key_of(*parts: object) -> str:
    """Return a short key of settings, hashes and versions, equal for equal parts.

    >>> key_of("a", 1) == key_of("a", 1), key_of("a", 1) == key_of("a", 2)
    (True, False)
    """
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def kept(folder: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return the file ``name`` made for ``key``, making it first when it is not there.

    ``make`` receives a temporary path to write to. Raises ``OutputError`` when the cache cannot be
    written.
    """
    stem, dot, ending = name.partition(".")
    path = folder / f"{stem}-{key}{dot}{ending}"
    if path.exists():
        return path
    temporary = folder / f"{stem}-{key}.{os.getpid()}.part{dot}{ending}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make(temporary)
        temporary.replace(path)
    except OSError as problem:
        if isinstance(problem, OutputError) or not isinstance(problem, PermissionError):
            raise
        raise OutputError(
            "The cache cannot be written",
            where=str(folder),
            found=str(problem),
            do="set POCKETS_CACHE to a folder that you may write to",
        ) from problem
    finally:
        temporary.unlink(missing_ok=True)
    return path


def hashes(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return the content hashes of some files, in their order."""
    return tuple(file_hash(path) for path in paths)
