"""Finding the file of a source: in the cache, in a mirror folder, or at its publisher.

Wherever a file came from it is checked before its path is handed out: by its SHA-256 where the
record has a confirmed one, and by its kind always. The contents of a download are checked before it
is kept, and once more where the code or the record has changed since; those of a mirror's file by
whoever reads it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from geo.errors import AbsentError, ChangedError, OutputError, PocketsError, SourceError, some
from geo.fetch.errand import ContentCheck, Errand
from geo.fetch.plan import FetchPlan, kept_path, plan, sound, without_kept
from geo.fetch.receipts import (
    CHECKED,
    RECEIPT,
    check_key,
    has_passed,
    put_checked,
    put_receipt,
    remember_passed,
)
from geo.files.cache import entry_stands, keep, tidy
from geo.files.file_kinds import require_format
from geo.files.hashes import file_hash
from geo.files.parcels import is_parcel
from geo.net.partial import clear_old
from geo.sources import Source

_LOG = logging.getLogger(__name__)


_NO_FAULT_OF_A_FILE = (OutputError, MemoryError, ImportError)
"""What stops a check for reasons of this machine, and is believed of no file."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is going to be done for a file once the copy in the cache has been looked at.

    ``failed`` is what is wrong with a whole copy there that fails its checks.
    """

    plan: FetchPlan
    failed: SourceError | None = None

    @property
    def spoilt(self) -> str:
        """Say what is there in the cache and not used; empty where nothing is."""
        if self.failed is not None:
            return f"a copy in the cache that fails its checks ({self.failed.found})"
        damaged = self.plan.step != "use" and entry_stands(self.plan.path)
        return "a damaged copy in the cache, which is not used" if damaged else ""


def decide(source: Source, errand: Errand) -> Decision:
    """Decide where a file is to come from; one in the cache must pass its check to be used.

    Asks nobody, and changes nothing but that a check which was passed is remembered.
    """
    cache, mirror, offline = errand.cache, errand.mirror, errand.offline
    target = kept_path(source, cache)
    decided = plan(source, cache=cache, mirror=mirror, offline=offline)
    if decided.path != target or decided.step != "use":
        return Decision(plan=decided)
    failed = _failure(target, source, errand.check)
    if failed is not None:
        decided = without_kept(source, cache=cache, mirror=mirror, offline=offline)
    return Decision(plan=decided, failed=failed)


def unchecked(source: Source, errand: Errand) -> bool:
    """Say whether the cache has a whole copy of a file that is still to pass its check."""
    path, check = kept_path(source, errand.cache), errand.check
    if check is None or not sound(path, source):
        return False
    return not has_passed(path, check_key(path, source, check))


def locate(source: Source, errand: Errand) -> Path:
    """Return the verified file of a source, downloading it to the cache when it is nowhere else.

    The errand's check reads the contents of a file and raises where they are not what the record
    promises: no download is kept that fails it, and a kept file that fails it is fetched again. A
    file in a mirror is checked by whoever reads it.

    Raises ``SourceError`` when it is nowhere and cannot be downloaded, or is not the file it should
    be, and ``CacheError`` when the cache cannot be written. A damaged copy in the cache is never
    used.
    """
    target = kept_path(source, errand.cache)
    tidy(target.parent)
    decided = decide(source, errand)
    step, path, failed = decided.plan.step, decided.plan.path, decided.failed
    if step == "refuse":
        raise _absent(source, decided, errand)
    if step == "use" and path == target:
        return target
    if step == "use":
        _verify(path, source)
        if decided.plan.looked:
            _LOG.warning("A damaged copy in the cache is not used: %s", decided.plan.looked[0])
        return path
    if failed is not None:
        _LOG.info("%s fails its checks and is fetched again: %s", target, failed.found)
    _fetch(source, target, errand, failed=failed)
    return target


def require_readable(path: Path, source: Source, errand: Errand) -> None:
    """Run the errand's check on a file of a mirror, unless the record or the cache knows it.

    Raises ``SourceError`` where it fails. That it has passed is remembered in the cache, where the
    file would stand; those of a pack were checked when it was made.
    """
    if errand.check is None or is_parcel(path) or file_hash(path) == source.sha256:
        return
    kept, key = kept_path(source, errand.cache), check_key(path, source, errand.check)
    if path != kept and not has_passed(kept, key):
        try:
            _require_contents(path, source, errand.check)
        except ChangedError as problem:
            raise SourceError(
                f"The file of “{source.title}” cannot be used",
                where=str(path),
                found=problem.found,
                do="put the publisher's file in its place",
            ) from problem
        remember_passed(kept, key)


def _failure(path: Path, source: Source, check: ContentCheck | None) -> SourceError | None:
    """Check a file in the cache, unless it has passed before; return what is wrong with it."""
    if check is None:
        _verify(path, source)
        return None
    key = check_key(path, source, check)
    if has_passed(path, key):
        return None
    try:
        _verify(path, source)
        _require_contents(path, source, check)
    except SourceError as problem:
        return problem
    remember_passed(path, key)
    return None


def _require_contents(path: Path, source: Source, check: ContentCheck) -> None:
    """Run a check; raises ``ChangedError`` with what it says of a file that was downloaded.

    What was downloaded may be anything, so whatever a reader stumbles over is its fault, but for
    what this machine lacks: memory, a part of the program, a disk that can be read.
    """
    try:
        check(path, source)
    except _NO_FAULT_OF_A_FILE:
        raise
    except Exception as problem:
        if isinstance(problem, OSError) and problem.errno is not None:
            raise
        told = f"{type(problem).__name__}: {problem}"
        if isinstance(problem, PocketsError):
            told = "; ".join(filter(None, [problem.what, problem.found]))
        raise ChangedError("what came is another thing, or damaged", found=told) from problem


def _fetch(source: Source, target: Path, errand: Errand, *, failed: SourceError | None) -> None:
    """Make the file in the cache, with its receipt and the key of its check beside it.

    What ``failed`` there before is not believed again: only other contents are.
    """
    # imported late: who finds all files at hand, or no network, asks no publisher for anything
    from geo.fetch.obtain import obtain

    spoilt = file_hash(target) if failed else None

    def verify(path: Path) -> None:
        _verify(path, source, refusal=ChangedError)
        if errand.check is not None:
            _require_contents(path, source, errand.check)
            put_checked(path, check_key(path, source, errand.check))

    def make(path: Path) -> None:
        put_receipt(path, obtain(source, path, errand, verify))

    def is_sound(path: Path) -> bool:
        return sound(path, source) and file_hash(path) != spoilt

    clear_old(errand.cache)
    keep(target, make, sound=is_sound, beside=(RECEIPT, CHECKED))


def _absent(source: Source, decided: Decision, errand: Errand) -> AbsentError:
    """Say that a file is nowhere, where that was seen, and how to come by it."""
    folder = "a folder of your choice" if errand.mirror is None else str(errand.mirror)
    by_hand = (
        f"{source.by_hand}, save it as {' or '.join(source.own_paths)} in {folder}, "
        f"and name that folder with --mirror"
    )
    if source.address.kind == "made":
        by_hand = source.by_hand
    elif errand.offline and source.address.kind != "page":
        by_hand = f"run again without --offline, or {by_hand}"
    why = "this run is offline" if errand.offline else "it cannot be downloaded by a program"
    return AbsentError(
        f"The file of “{source.title}” ({source.id}) is not here, and {why}",
        where=some(decided.plan.looked),
        found=decided.spoilt,
        do=by_hand,
    )


def _verify(path: Path, source: Source, *, refusal: type[SourceError] = SourceError) -> None:
    """Refuse a file of another kind, or of other bytes than are confirmed; those by ``refusal``."""
    require_format(path, source)
    if source.sha256 is None or is_parcel(path):
        return
    found = file_hash(path)
    if found != source.sha256 and not source.confirmed:
        _LOG.info("%s: another file than the copy the record knows: SHA-256 %s", path, found)
    elif found != source.sha256:
        raise refusal(
            f"The file of “{source.title}” is not the publisher's",
            where=str(path),
            expected=f"SHA-256 {source.sha256}",
            found=f"SHA-256 {found}",
            do="remove it and fetch it again; if the publisher has issued a new file, "
            f"correct the record {source.id}",
        )
