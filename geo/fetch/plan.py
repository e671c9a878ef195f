"""Where the file of a source is to come from: the cache, a mirror folder, or its publisher.

Deciding it looks at the disk and changes nothing; `geo.fetch.locate` does what is decided.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from geo.errors import SourceError
from geo.files.cache import entry_stands
from geo.files.hashes import file_hash
from geo.files.parcels import is_parcel
from geo.files.seals import is_plain, whole
from geo.sources import AddressKind, Source

FetchStep = Literal["use", "download", "pages", "refuse"]

_STEPS: dict[AddressKind, FetchStep] = {
    "file": "download",
    "zip-member": "download",
    "govuk": "download",
    "feature-layer": "pages",
    "feature-table": "pages",
}


@dataclass(frozen=True, kw_only=True)
class FetchPlan:
    """What is going to be done: use the file at ``path``, or make it there, or refuse.

    ``looked`` lists where the file was looked for and is not, or is damaged.
    """

    step: FetchStep
    path: Path
    looked: tuple[Path, ...] = ()


def cache_folder() -> Path:
    """Return the folder for downloads and conversions: ``POCKETS_CACHE``, or the platform's own."""
    given = os.environ.get("POCKETS_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir("deprivation-pockets", False))


def mirror_named() -> Path | None:
    """Return the folder of downloads, or the pack, that ``POCKETS_MIRROR`` names, if it does.

    Raises ``SourceError`` when there is nothing of that name.
    """
    given = os.environ.get("POCKETS_MIRROR")
    if not given:
        return None
    named = Path(given)
    if not named.exists():
        raise SourceError(
            "The mirror does not exist",
            where=str(named),
            expected="a folder of downloaded files, or a pack",
            do="correct --mirror or POCKETS_MIRROR, or leave it out",
        )
    return named


def plan(
    source: Source, *, cache: Path, mirror: Path | None = None, offline: bool = False
) -> FetchPlan:
    """Decide where the file of a source is to come from; looks at the disk and changes nothing.

    What is damaged in the cache is passed over.
    """
    target = kept_path(source, cache)
    if sound(target, source):
        return FetchPlan(step="use", path=target)
    return without_kept(source, cache=cache, mirror=mirror, offline=offline)


def without_kept(
    source: Source, *, cache: Path, mirror: Path | None = None, offline: bool = False
) -> FetchPlan:
    """Decide as `plan` does, but never for the file in the cache: it is absent, or of no use."""
    target = kept_path(source, cache)
    packed = () if mirror is None or not is_parcel(mirror / source.id) else (mirror / source.id,)
    files = () if mirror is None else tuple(mirror / path for path in source.paths)
    places = packed or files
    for place in places:
        if packed or place.is_file():
            passed = (target,) if entry_stands(target) else ()
            return FetchPlan(step="use", path=place, looked=passed)
    step = "refuse" if offline else _STEPS.get(source.address.kind, "refuse")
    return FetchPlan(step=step, path=target, looked=(target, *places))


def kept_path(source: Source, cache: Path) -> Path:
    """Return where the file of a source stands in the cache once it is there."""
    return cache / "files" / source.path


def sound(path: Path, source: Source) -> bool:
    """Say whether a file in the cache is what was downloaded: by its record, or by its seal."""
    if not source.confirmed:
        return whole(path)
    with contextlib.suppress(OSError):
        return is_plain(path) and file_hash(path) == source.sha256
    return False
