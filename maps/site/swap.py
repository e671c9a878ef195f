"""The swap: a folder filled beside another, and put in its place whole or not at all.

Whatever ends a build early, what stood at the target still stands there. Where the system can
exchange two folders at once there is no moment without a site; elsewhere there is one between two
renames, and what a process killed in it left is put back by the next one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.files.owned import clear, seized, workspace, workspaces
from geo.files.whole_files import explained
from maps.site.mark import strangers
from maps.site.place import require_place

_HERE = -100  # AT_FDCWD: paths are as given
_EXCHANGE = 2  # RENAME_EXCHANGE
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_PROBE_BYTES = 1 << 20


@contextmanager
def swapped(out: Path, *, apart: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield a new folder that takes the place of ``out`` when the block ends well.

    It stands beside ``out``; folders above ``out`` are made, and removed again when the block
    fails. Raises ``OutputError`` where nothing can be written, and where `require_place` does.
    """
    with _opened(out, apart) as (folder, target):
        recover(target)
        folder.mkdir()
        yield folder
        _put(folder, target, out)


def rehearse(out: Path, *, apart: Iterable[Path] = ()) -> None:
    """Find out whether a site can be put at ``out``, and leave everything as it is.

    Raises ``OutputError`` as `swapped` does.
    """
    with _opened(out, apart):
        pass


@contextmanager
def _opened(out: Path, apart: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield where to make a site, in a workspace with some room, and the place it is for."""
    with explained("The site could not be written; what was there before is unchanged", out):
        target = require_place(out, apart=apart)
        made = _make_folders(target.parent)
        try:
            with workspace(target) as folder:
                room = folder.with_name("room")
                room.write_bytes(bytes(_PROBE_BYTES))
                room.unlink()
                yield folder, target
        finally:
            _unmake_folders(made)


def recover(out: Path) -> None:
    """Put right what killed builds left beside a site: one half swapped, and folders half filled.

    Only what no living process owns is touched.
    """
    target = out.resolve()
    for left in workspaces(target.parent, target.name):
        with seized(left) as nobodys:
            old = _old(left / target.name)
            if nobodys and old.is_dir() and not target.exists():
                old.rename(target)
    clear(target.parent, target.name)


def _put(folder: Path, target: Path, out: Path) -> None:
    """Put the new folder in the old one's place; the old one goes with the workspace.

    What somebody has put into the old one meanwhile is not lost: then the old one stays.
    """
    if not target.exists():
        folder.rename(target)
        return
    require_place(out)
    if _exchange(folder, target):
        if next(strangers(folder), None) is not None and _exchange(folder, target):
            require_place(out)
        return
    old = _old(folder)
    target.rename(old)
    try:
        folder.rename(target)
    except BaseException:
        old.rename(target)
        raise


def _old(folder: Path) -> Path:
    """Return where in a workspace the old site waits while the new one takes its place."""
    return folder.with_name(f"{folder.name}.old")


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders at once; return False where the system or the disk cannot.

    Python has no name for this call of Linux.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    call = getattr(libc, "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the ones that were not there, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _unmake_folders(made: list[Path]) -> None:
    """Remove folders that nothing was put into."""
    with suppress(OSError):
        for path in made:
            path.rmdir()
