"""Conversions kept between runs, keyed by everything that went into them.

A key is a hash of the contents of the input files, of the settings, and of the code and the
libraries that make the thing; an entry is written to a temporary name and renamed, so a killed run
leaves no half entry.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path

from geo.errors import OutputError, PocketsError

ROOMS = ("geo", "boundaries", "layers")
"""The folders of the code, and of its records, that what is kept is made by."""

_DISTRIBUTION = "deprivation-pockets"


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's contents, in hexadecimal."""
    status = path.stat()
    return _hash(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _hash(path: Path, size: int, modified: int) -> str:
    """Read a file once while it stays the same: size and time of change are part of the key."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def key_of(*parts: object) -> str:
    """Return a short key of settings and hashes, equal for equal parts under the same code.

    >>> key_of("a", 1) == key_of("a", 1), key_of("a", 1) == key_of("a", 2)
    (True, False)
    """
    text = json.dumps((code_hash(), parts), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@cache
def code_hash() -> str:
    """Return one hash of the code of `ROOMS`, of its records, and of the libraries it works with.

    Read once in a process: what is kept by other code is never taken for what this code makes.
    """
    above = Path(__file__).parent.parent
    sources = [path for room in ROOMS for path in (above / room).rglob("*")]
    code = files_hash(path for path in sources if path.suffix in {".py", ".toml"})
    text = json.dumps([code, *_libraries()])
    return hashlib.sha256(text.encode()).hexdigest()


def files_hash(paths: Iterable[Path]) -> str:
    """Return one hash of the folder, name and contents of some files, whatever their order."""
    found = sorted((path.parent.name, path.name, path.read_bytes()) for path in paths)
    whole = hashlib.sha256()
    for folder, name, contents in found:
        whole.update(f"{folder}/{name}/{len(contents)}/".encode())
        whole.update(contents)
    return whole.hexdigest()


def _libraries() -> Iterator[str]:
    """Yield the libraries that the project asks for, with the versions that are installed."""
    try:
        wanted = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return
    for line in sorted(line for line in wanted if "extra ==" not in line):
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        with contextlib.suppress(metadata.PackageNotFoundError):
            yield f"{name} {metadata.version(name)}"


def kept(folder: Path, name: str, key: str, make: Callable[[Path], object]) -> Path:
    """Return the file or folder ``name`` made for ``key``, making it first when it is not there.

    ``make`` receives a temporary path to write to (or to create as a folder), one that no other
    thread, process or machine uses. Raises ``OutputError`` when the cache cannot be written, and
    whatever ``make`` raises; nothing is left behind then.
    """
    stem, dot, ending = name.partition(".")
    path = folder / f"{stem}-{key}{dot}{ending}"
    if path.exists():
        return path
    temporary = folder / f"{stem}-{key}.{uuid.uuid4().hex[:12]}.part{dot}{ending}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make(temporary)
        _put(temporary, path)
    except PocketsError:
        raise
    except OSError as problem:
        raise OutputError(
            "The cache cannot be written",
            where=str(folder),
            found=str(problem),
            do="make room, or set POCKETS_CACHE to a folder that you may write to",
        ) from problem
    finally:
        _remove(temporary)
    return path


def _put(temporary: Path, path: Path) -> None:
    """Rename, unless another process was first: what it made from the same key is the same."""
    try:
        temporary.replace(path)
    except OSError:
        if not path.exists():
            raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
