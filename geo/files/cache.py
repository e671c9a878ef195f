"""Conversions kept between runs, keyed by everything that went into them.

A key is a hash of the contents of the input files, of the settings, and of the code and the
libraries that make the thing. An entry is made in a workspace and moved when it is whole, with a
seal beside it; one that does not match its seal is never used, and made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path

import locket

from geo.errors import CacheError, PocketsError, SourceError
from geo.files.hashes import files_hash
from geo.files.owned import LOCK, NO_LOCKS, clear, workspace
from geo.files.seals import put_sealed, seal_of, whole

ROOMS = ("geo", "boundaries", "layers")
"""The folders of the code, and of its records, that what is kept is made by."""

_DISTRIBUTION = "deprivation-pockets"
_LOG = logging.getLogger(__name__)
_WAIT_S = 60


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
    above = Path(__file__).parents[2]
    sources = [path for room in ROOMS for path in (above / room).rglob("*")]
    code = files_hash(path for path in sources if path.suffix in {".py", ".toml"})
    text = json.dumps([code, *_libraries()])
    return hashlib.sha256(text.encode()).hexdigest()


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
    """Return the file or folder ``name`` made for ``key``, making it first when it is not whole.

    ``make`` receives a path to write to (or to create as a folder), one that no other thread,
    process or machine uses. A damaged entry is made again, and that is said. Raises ``CacheError``
    when the cache cannot be written, and whatever ``make`` raises; nothing is left behind then.
    """
    stem, dot, ending = name.partition(".")
    path = folder / f"{stem}-{key}{dot}{ending}"
    tidy(folder)
    return path if whole(path) else keep(path, make)


def keep(
    path: Path,
    make: Callable[[Path], object],
    *,
    sound: Callable[[Path], bool] = whole,
    beside: Sequence[str] = (),
) -> Path:
    """Make an entry at a path of the cache, seal it, and return the path; see `kept`.

    When another process was first, the ``sound`` entry that it made stays. What ``make`` has put
    ``beside`` the entry, under its name and one of these endings, goes with it.
    """
    folder = path.parent
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        clear(folder)
        with _alone(folder):
            damaged = entry_stands(path) and not sound(path)
        with workspace(path) as made:
            make(made)
            with _alone(folder):
                if not sound(path):
                    put_sealed(made, path)
                    _put_beside(made, path, beside)
    if damaged:
        name = f"{folder.name}/{path.name}"
        _LOG.warning("An entry of the cache was damaged and has been made again: %s", name)
    return path


def _put_beside(made: Path, path: Path, endings: Sequence[str]) -> None:
    """Move what stands beside an entry with it; what stood there before goes either way."""
    for ending in endings:
        new, place = (each.with_name(each.name + ending) for each in (made, path))
        if new.exists():
            new.replace(place)
        else:
            place.unlink(missing_ok=True)


@lru_cache(maxsize=256)
def tidy(folder: Path) -> None:
    """Clear what killed processes left in a folder of the cache, once in a process."""
    clear(folder)


def entry_stands(path: Path) -> bool:
    """Say whether there is anything of an entry, whole or not."""
    return os.path.lexists(path) or os.path.lexists(seal_of(path))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else move entries of a folder meanwhile, wherever the disk knows locks."""
    lock = locket.lock_file(str(folder / LOCK), timeout=_WAIT_S, retry_period=0.005)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(lock)
        except locket.LockError:
            pass
        except OSError as problem:
            if problem.errno not in NO_LOCKS:
                raise
        yield


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder of the cache into one paragraph about the cache."""
    try:
        yield
    except PocketsError:
        raise
    except OSError as problem:
        name = problem.filename
        place = Path(os.fsdecode(name)) if isinstance(name, str | bytes) else folder
        if not (place.is_relative_to(folder) or folder.is_relative_to(place)):
            raise SourceError(
                "A file cannot be read",
                where=str(place),
                found=problem.strerror or str(problem),
                do="see that it is there and that you may read it",
            ) from problem
        raise CacheError(
            "The cache cannot be written",
            where=str(folder),
            found=str(problem),
            do="make room, or set POCKETS_CACHE to a folder that you may write to",
        ) from problem
