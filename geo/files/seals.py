"""Seals: what is kept is compared with the checksum beside it before it is believed.

The seal of ``x`` is ``x.sha256``, written last and in the format of the command ``sha256sum``: a
line for ``x``, or for every file in it where it is a folder. Whatever is cut, empty, changed by a
bit, too many, missing, of another kind or a link does not match its seal.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from geo.files.hashes import file_hash

ENDING = ".sha256"


def seal_of(path: Path) -> Path:
    """Return where the seal of a file or a folder stands."""
    return path.with_name(path.name + ENDING)


def seal(path: Path) -> Path:
    """Write the seal of a file or a folder, and return it.

    Raises ``OSError`` when something in it is no file, cannot be read, or nothing can be written.
    """
    written = seal_of(path)
    written.write_bytes(_expected(path))
    return written


def whole(path: Path) -> bool:
    """Say whether a file or a folder is there and is, byte for byte, what its seal says.

    Each file is read once in a process while its size and time of change stay the same.
    """
    try:
        return is_plain(seal_of(path)) and seal_of(path).read_bytes() == _expected(path)
    except OSError:
        return False


def put_sealed(made: Path, path: Path) -> None:
    """Move what was made, and its seal after it, to where it belongs, on the same disk.

    What stands there goes to where ``made`` was made; who has opened it keeps it. Raises
    ``OSError`` when it cannot be moved.
    """
    for new, place in ((made, path), (seal(made), seal_of(path))):
        if os.path.lexists(place) and not (is_plain(place) and is_plain(new)):
            place.rename(made.with_name(f"{place.name}.old"))
        new.replace(place)


def _expected(path: Path) -> bytes:
    lines = [
        f"{file_hash(file)}  {file.relative_to(path.parent).as_posix()}\n" for file in _files(path)
    ]
    return "".join(lines).encode()


def _files(path: Path) -> Iterator[Path]:
    """Yield the files of a folder, or the one file, in order; a link or a device is refused."""
    if not path.is_symlink() and path.is_dir():
        for inside in sorted(path.iterdir()):
            yield from _files(inside)
    elif is_plain(path):
        yield path
    else:
        raise FileNotFoundError(f"not a file: {path}")


def is_plain(path: Path) -> bool:
    """Say whether a path is a plain file; opening anything else, such as a pipe, could hang.

    Raises ``OSError`` where there is nothing.
    """
    return stat.S_ISREG(path.lstat().st_mode)
