"""The swap: a folder filled beside another, and put in its place whole or not at all.

Whatever ends a build early, what stood at the target still stands there. A killed process cannot
tidy up after itself; the next build does.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pyogrio.errors import DataSourceError

from geo.errors import OutputError, PocketsError
from maps.mark import FILE

OLD_ENOUGH_S = 24 * 3600
"""A folder of an unfinished build that nobody has written to for so long is nobody's any more."""


_DISK_ERRORS = (OSError, sqlite3.Error, DataSourceError)


@contextmanager
def swapped(out: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of ``out`` when the block ends well.

    It stands beside ``out``, so that a rename is enough; folders above ``out`` are made, and
    removed again when the block fails. A link to a folder stays a link. Raises ``OutputError``
    where nothing can be written, or when ``out`` holds something that is not a site.
    """
    with _explained(out):
        target = out.resolve()
        _tidy(target)
        _refuse_strangers(out, target)
        made = _make_folders(target.parent)
        folder = Path(
            tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        )
        try:
            folder.chmod(0o755)
            yield folder
            _put(folder, target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            _unmake_folders(made)


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    """Turn what the system says of a disk or a folder into one paragraph."""
    try:
        yield
    except PocketsError:
        raise
    except Exception as problem:
        reason = _of_the_disk(problem)
        if reason is None:
            raise
        raise OutputError(
            "The site could not be written; what was there before is unchanged",
            where=str(out),
            found=str(reason),
            do="make room, or choose with --out a folder that you may write to",
        ) from problem


def _of_the_disk(problem: BaseException | None) -> BaseException | None:
    """Return the error of the disk that is, or led to, another one; None where there is none.

    Writers that are closed on a full disk fail once more, each in its own way, and SQLite and GDAL
    never say it as the system does.
    """
    while problem is not None and not isinstance(problem, _DISK_ERRORS):
        problem = problem.__cause__ or problem.__context__
    return problem


def _refuse_strangers(out: Path, target: Path) -> None:
    strange = target.exists() and not target.is_dir()
    if strange or (target.is_dir() and any(target.iterdir()) and not (target / FILE).is_file()):
        raise OutputError(
            "The output folder is something else than a site, and would be replaced",
            where=str(out),
            expected=f"a new folder, an empty one, or a site (a folder with a {FILE})",
            found="a file" if strange else "a folder with other things in it",
            do="choose another folder with --out, or empty this one",
        )


def _put(folder: Path, target: Path) -> None:
    """Put the new folder in the old one's place; the old one goes last."""
    old = folder.with_suffix(".old")
    if target.exists():
        target.rename(old)
    try:
        folder.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _tidy(target: Path) -> None:
    """Put right what killed builds left: a site half swapped, and folders half filled.

    Only folders that are named as builds name them are looked at, and a half-filled one goes only
    when it is old: it may belong to a build at work.
    """
    if not target.parent.is_dir():
        return
    ours = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}\.(part|old)")
    left = sorted(path for path in target.parent.iterdir() if ours.fullmatch(path.name))
    for path in left:
        if path.suffix == ".old" and (path / FILE).is_file() and not target.exists():
            path.rename(target)
        elif time.time() - path.stat().st_mtime > OLD_ENOUGH_S:
            shutil.rmtree(path, ignore_errors=True)


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
