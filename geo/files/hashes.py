"""Hashes of files: of what is in one, and of many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's contents, or of all files of a folder, in hexadecimal."""
    if path.is_dir():
        parts = [f"{each.name} {file_hash(each)}" for each in sorted(path.iterdir())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    status = path.stat()
    return _hash(path, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=4096)
def _hash(path: Path, size: int, modified: int, number: int) -> str:
    """Read a file once while it stays the same: what would change with it is part of the key."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_hash(paths: Iterable[Path]) -> str:
    """Return one hash of the folder, name and contents of some files, whatever their order."""
    found = sorted((path.parent.name, path.name, path.read_bytes()) for path in paths)
    whole = hashlib.sha256()
    for folder, name, contents in found:
        whole.update(f"{folder}/{name}/{len(contents)}/".encode())
        whole.update(contents)
    return whole.hexdigest()
