"""Places for unfinished work, and whose they are.

What is being made stands in a workspace, a folder beside the place it is for, until it is whole.
Its owner holds a lock on a file in it, which the system lets go when the owner ends, however it
ends: a workspace whose lock can be had is nobody's, whatever its age and whatever the clock says.
Where the disk knows no locks, a workspace is never held to be nobody's.
"""

from __future__ import annotations

import errno
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import locket

LOCK = ".lock"
_NAME = re.compile(r"\.(?P<of>.+)\.[0-9a-f]{12}\.part")
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


@contextmanager
def workspace(path: Path) -> Iterator[Path]:
    """Yield a place to make ``path`` at: the same name in a new folder beside it, on the same disk.

    Nothing is there yet, and no other thread, process or machine has the same. The block moves what
    is whole to where it belongs; when it ends, however it does, the rest goes with the workspace.
    Raises ``OSError`` where nothing can be written.
    """
    with ExitStack() as held:
        folder = _claimed(path, held)
        try:
            yield folder / path.name
        finally:
            held.close()
            _remove(folder)


def clear(folder: Path, name: str = "") -> None:
    """Remove the workspaces in a folder that no living process owns: those for a name, or all."""
    for path in workspaces(folder, name):
        with seized(path) as nobodys:
            if nobodys:
                _remove(path)


def workspaces(folder: Path, name: str = "") -> list[Path]:
    """List the workspaces in a folder, for a name or all of them; strangers' folders are not."""
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        return sorted(path for path in folder.iterdir() if _is_workspace(path, name))
    return []


@contextmanager
def seized(path: Path) -> Iterator[bool]:
    """Say whether a workspace is nobody's; while the block runs, nobody else can have it then."""
    lock = locket.lock_file(str(path / LOCK), timeout=0)
    try:
        lock.acquire()
    except (locket.LockError, OSError):
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _claimed(path: Path, held: ExitStack) -> Path:
    """Make a workspace and hold its lock; another one where somebody clears it while it is new."""
    while True:
        folder = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.part")
        folder.mkdir(mode=0o700)
        try:
            held.enter_context(locket.lock_file(str(folder / LOCK), timeout=0))
        except (locket.LockError, FileNotFoundError):
            continue
        except OSError as problem:
            if problem.errno not in NO_LOCKS:
                _remove(folder)
                raise
        if (folder / LOCK).exists():
            return folder
        held.close()


def _is_workspace(path: Path, name: str) -> bool:
    """Know a workspace by its name and by what is in it; a link is none."""
    found = _NAME.fullmatch(path.name)
    if found is None or (name and found["of"] != name) or path.is_symlink() or not path.is_dir():
        return False
    inside = {entry.name for entry in path.iterdir()}
    own = LOCK in inside or inside <= {found["of"]}
    return own and not (path / LOCK).is_symlink()


def _remove(folder: Path) -> None:
    """Remove a workspace, its lock last: whatever ends this early, the rest is known for ours."""
    with suppress(OSError):
        for path in sorted(folder.iterdir(), key=lambda path: path.name == LOCK):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        folder.rmdir()
