"""The stock of files: which of an edition's are at hand, and fetching the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo.errors import SourceError, some
from geo.fetch.plan import plan
from geo.files.hashes import file_hash
from geo.sources import Source
from layers.files import Files


@dataclass(frozen=True)
class StockItem:
    """One file: the role it plays, its record, where it is, and in what state.

    ``place`` is "cache", "mirror" or "absent".
    """

    role: str
    source: Source
    place: str
    state: str


def stock(files: Files) -> list[StockItem]:
    """Look at every file of an edition, downloading nothing."""
    return [_item(files, role) for role in files.edition.sources]


def _item(files: Files, role: str) -> StockItem:
    source = files.source(role)
    decided = plan(source, cache=files.cache, mirror=files.mirror)
    own = files.cache / "files" / source.path
    if decided.step != "use":
        means = "by hand" if decided.step == "refuse" else "with “pockets fetch”"
        needed = "not needed, " if role in files.edition.optional else ""
        damaged = "damaged in the cache, " if own.exists() else ""
        return StockItem(role, source, "absent", f"{damaged}{needed}to be had {means}")
    place = "cache" if decided.path == own else "mirror"
    if not source.confirmed:
        return StockItem(role, source, place, "contents checked when read")
    sound = file_hash(decided.path) == source.sha256
    state = "sound: SHA-256 as recorded" if sound else "STALE: not the recorded SHA-256"
    return StockItem(role, source, place, state)


def fetch_all(files: Files, *, say: Callable[[str], object]) -> None:
    """Download and verify every file of an edition that is not at hand, and tell of each.

    Raises ``SourceError`` at the end when one that a build cannot do without is not to be had.
    """
    missing = []
    for role in files.edition.sources:
        try:
            say(f"{role:<24}{files.path(role)}")
        except SourceError as problem:
            needed = role not in files.edition.optional
            missing += [role] if needed else []
            say(f"{role:<24}{'MISSING' if needed else 'absent, not needed'}: {problem.do}")
    if missing:
        raise SourceError(
            f"{len(missing)} files that a build needs could not be had",
            found=some(missing, most=len(missing)),
            do="follow what is said of each above",
        )
