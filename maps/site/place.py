"""The place of a site: which folders may become one, and which are never replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from geo.errors import OutputError, some
from geo.files.whole_files import require_name
from maps.site.mark import FILE, read_mark, strangers

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux lists what is mounted; `Path.is_mount` misses folders that are bound to others."""

_MANY = 100
_ELSEWHERE = "choose another folder with --out"


def require_place(out: Path, *, apart: Iterable[Path] = ()) -> Path:
    """Return the whole path of a folder that may become a site, or be replaced by one.

    That is one that does not exist, an empty one, or a site with nothing else in it. Nothing is
    changed. Raises ``OutputError`` for any other place, for one that holds or lies in a folder of
    ``apart``, and for one that people stand in: their home, the current folder, those above.
    """
    target = require_name(out).resolve()
    found = next(_objections(out, target, apart), None)
    if found is None:
        return target
    what, do = found
    raise OutputError(
        "The output folder would be replaced, and is not a site alone",
        where=str(out),
        expected=f"a new folder, an empty one, or a site (a folder with the {FILE} of a build, "
        "and nothing in it that the build did not make)",
        found=what,
        do=do,
    )


def _objections(out: Path, target: Path, apart: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield why a folder must stay as it is, and what to do, the nearest reason first."""
    if out.is_symlink():
        yield f"a link to {target}", "name the folder itself, or remove the link"
    if target.exists() and not target.is_dir():
        yield "a file or a device", _ELSEWHERE
    if _mounted(target):
        yield "a folder on which, or in which, a disk is mounted", _ELSEWHERE
    if target in _stood_in():
        yield "a folder that you stand in, or that holds your home", _ELSEWHERE
    for folder in (path.resolve() for path in apart):
        if target.is_relative_to(folder) or folder.is_relative_to(target):
            yield f"a folder that holds or lies in the mirror or the cache, {folder}", _ELSEWHERE
    if target.is_dir():
        yield from _kept(target)


def _kept(target: Path) -> Iterator[tuple[str, str]]:
    """Yield what is in a folder beside a site of ours."""
    found = list(islice(strangers(target), _MANY))
    if found and read_mark(target) is None and FILE in found:
        what = f"other things, and a {FILE} that another program or an earlier version wrote"
        yield what, f"{_ELSEWHERE}, or move this one away"
    elif found:
        yield some(found), f"move that elsewhere, or {_ELSEWHERE}"


def _stood_in() -> set[Path]:
    """Return the folders under which people are at work: home, the current one, all above."""
    here = []
    with suppress(OSError):
        here.append(Path.cwd())
    with suppress(RuntimeError):
        here.append(Path.home().resolve())
    return {above for path in here for above in (path, *path.parents)}


def _mounted(target: Path) -> bool:
    if target.is_mount():
        return True
    with suppress(OSError):
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        mounts = [Path(_unescaped(line.split(" ")[4])) for line in lines]
        return any(path.is_relative_to(target) for path in mounts)
    return False


def _unescaped(text: str) -> str:
    r"""Undo how Linux writes spaces in a list of mounts.

    >>> _unescaped(r"/mnt/my\040disk")
    '/mnt/my disk'
    """
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
