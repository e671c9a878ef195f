"""What is left of a download that was stopped: kept in the cache, and gone on with.

A part stands in a folder of its own under ``files/.partial`` of the cache, named by a hash of what
it is a part of, in which one process at a time writes. What nobody has gone on with for a week is
cleared.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import locket

from geo.files.owned import LOCK, seized

OF_A_FILE = "file"
"""The kind of what is a part of a file, whose address names it."""
OLD_DAYS = 7
_FOLDER = ".partial"
_TOLD = "told.json"
_MOST_BYTES = 1 << 16


@contextmanager
def partial(cache: Path, *of: str) -> Iterator[Path | None]:
    """Yield a folder for the parts of something, which this thread alone uses during the block.

    None where another one uses it, or where the disk knows no locks. At the end it goes unless
    there is a part in it.
    """
    key = hashlib.sha256("\n".join(of).encode()).hexdigest()[:24]
    folder = cache / "files" / _FOLDER / key
    with ExitStack() as held:
        alone = _claimed(folder, held)
        try:
            yield folder if alone else None
        finally:
            if alone and {path.name for path in folder.iterdir()} <= {LOCK, _TOLD}:
                _remove(folder)


def forget_parts(cache: Path, urls: Iterable[str]) -> None:
    """Remove the parts of files at some addresses, but for those that another one is at work on."""
    for url in dict.fromkeys(urls):
        with partial(cache, OF_A_FILE, url) as kept:
            if kept is not None:
                empty(kept)


def empty(folder: Path) -> None:
    """Remove all that is in the folder of a part, which stays its owner's."""
    for path in folder.iterdir():
        if path.name != LOCK:
            path.unlink(missing_ok=True)


def write_told(folder: Path, **told: Any) -> None:
    """Write down what the parts in a folder are parts of."""
    (folder / _TOLD).write_text(json.dumps(told, sort_keys=True), encoding="utf-8")


def told_of(folder: Path) -> dict[str, Any]:
    """Return what was written down of the parts in a folder; nothing where that is damaged."""
    with suppress(OSError, ValueError, RecursionError):
        path = folder / _TOLD
        if path.stat().st_size <= _MOST_BYTES:
            told = json.loads(path.read_text(encoding="utf-8"))
            return told if isinstance(told, dict) else {}
    return {}


def clear_old(cache: Path) -> None:
    """Remove the parts that nobody has gone on with for `OLD_DAYS` and nobody is at work on."""
    before = time.time() - OLD_DAYS * 86_400
    folders: list[Path] = []
    with suppress(OSError):
        folders = [path for path in (cache / "files" / _FOLDER).iterdir() if path.is_dir()]
    for folder in folders:
        with suppress(OSError):
            if max(path.stat().st_mtime for path in (folder, *folder.iterdir())) < before:
                with seized(folder) as nobodys:
                    if nobodys:
                        _remove(folder)


def _claimed(folder: Path, held: ExitStack) -> bool:
    """Make a folder, or find it, and hold its lock; say whether it is ours alone."""
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(locket.LockError, OSError):
        held.enter_context(locket.lock_file(str(folder / LOCK), timeout=0))
        return (folder / LOCK).exists()
    return False


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()
