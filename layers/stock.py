"""The stock of files: which of an edition's are at hand and sound, and having the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from geo.errors import ChangedError, SourceError
from geo.fetch.errand import Fetched, Patience, Watch
from geo.fetch.plan import kept_path
from geo.fetch.receipts import Receipt, receipt_of
from geo.files.hashes import file_hash
from geo.files.parcels import is_parcel, parcel_of, require_parcel
from geo.net.hosts import Hosts
from geo.net.reach import reachable
from geo.sources import AddressKind, Source
from layers.files import Files
from layers.order import Order, Wanted

Cause = Literal["offline", "by hand", "no network", "no answer", "changed"]
_WAYS: dict[AddressKind, str] = {
    "page": "a person downloads it",
    "made": "this program makes it",
}
ONCE = Patience(attempts=1)
"""How patiently a file is asked for that can be done without."""

_READ = "contents are checked when read"


@dataclass(frozen=True)
class StockItem:
    """One file: the role it plays, its record, where it is, and in what state.

    ``place`` is "cache", "mirror" or "absent"; ``receipt`` tells of the download of a file in the
    cache, where it has one.
    """

    role: str
    source: Source
    place: str
    state: str
    receipt: Receipt | None = None


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A file that could not be had, and why; ``reason`` is what was found in its place."""

    wanted: Wanted
    cause: Cause
    reason: str = ""


Ended = Callable[[Wanted, Fetched | None, Missed | None], object]
"""Is told when a file has come, with how much it was, or could not be had.

What has come is told of with the record that it is of, which may be another one of the same role.
"""


def gather(order: Order, *, watch: Watch, ended: Ended) -> list[Missed]:
    """Download what is ordered, one file after the other, and return what could not be had.

    What fails stops nothing else. A host that gives no answer at all is soon asked for nothing
    more, while other hosts that have the same file still are.
    """
    missed: list[Missed] = []
    hosts = Hosts()
    for one in order.items:
        last: list[Fetched] = []

        def told(fetched: Fetched, last: list[Fetched] = last) -> None:
            last[:] = [fetched]
            watch(fetched)

        failed = _failed(order.files, one, told, hosts)
        missed += [failed] if failed else []
        came = one if failed else replace(one, source=order.files.source(one.roles[0]))
        of_it = [come for come in last if come.source == came.source.id]
        ended(came, of_it[0] if of_it else None, failed)
    return missed


def no_network(order: Order) -> bool:
    """Say whether there is something to download, and none of its publishers can be reached."""
    urls = [one.url for one in order.downloads]
    return bool(urls) and not reachable(urls)


def all_missed(order: Order) -> list[Missed]:
    """Return everything that is ordered as what cannot be had where there is no network."""
    return [
        Missed(wanted=one, cause="no network" if one.by_program else _cause(one))
        for one in order.items
    ]


def _failed(files: Files, one: Wanted, watch: Watch, hosts: Hosts) -> Missed | None:
    """Have one file; return why not."""
    if not one.by_program:
        return Missed(wanted=one, cause=_cause(one))
    patience = None if one.needed else ONCE
    try:
        files.fetched(one.roles[0], watch=watch, patience=patience, hosts=hosts)
    except ChangedError as problem:
        return Missed(wanted=one, cause="changed", reason=problem.found or problem.what)
    except SourceError as problem:
        return Missed(wanted=one, cause="no answer", reason=problem.found or problem.what)
    return None


def _cause(one: Wanted) -> Cause:
    """Say why nothing can be asked for a file."""
    return "by hand" if one.source.address.kind in {"page", "made"} else "offline"


def stock(files: Files) -> list[StockItem]:
    """Look at every file of an edition, asking no network for anything."""
    return [_item(files, role) for role in files.edition.sources]


def _item(files: Files, role: str) -> StockItem:
    source = files.source(role)
    decided = files.plan(source)
    own = kept_path(source, files.cache)
    if decided.step != "use":
        optional = role in files.edition.optional
        told = [
            *(["its copy in the cache is damaged"] if own.exists() else []),
            *(["can be done without"] if optional else []),
            _WAYS.get(source.address.kind, "pockets fetch gets it"),
        ]
        return StockItem(role, source, "absent", ", ".join(told))
    place = "cache" if decided.path == own else "mirror"
    receipt = receipt_of(own) if place == "cache" else None
    return StockItem(role, source, place, _state(decided.path, source, receipt), receipt)


def _state(path: Path, source: Source, receipt: Receipt | None) -> str:
    """Say in what state a file is that is at hand."""
    if is_parcel(path):
        return _parcel_state(path, source)
    if not source.confirmed:
        return "sound: as it was fetched" if receipt else _READ
    sound = file_hash(path) == source.sha256
    return "sound: SHA-256 as recorded" if sound else "STALE: not the recorded SHA-256"


def _parcel_state(path: Path, source: Source) -> str:
    """Say in what state a parcel is: its original's hash is compared."""
    try:
        require_parcel(path, source)
    except SourceError as problem:
        return f"STALE: {problem.what[0].lower()}{problem.what[1:]}"
    if not source.confirmed:
        return _READ
    known = parcel_of(path)["of"]["sha256"] == source.sha256
    return f"packed from the recorded file, {_READ}" if known else "STALE: packed from another file"


def verified(files: Files, roles: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield roles with their files, each verified; an optional one that is absent is left out.

    Raises ``SourceError`` at the end for those that are not the files they should be.
    """
    wrong = []
    for role in roles:
        try:
            path = files.find(role)
        except SourceError as problem:
            wrong.append(problem)
        else:
            if path is not None:
                yield role, path
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise SourceError(
            f"{len(wrong)} files are not what they should be",
            found="; ".join(f"{problem.where}: {problem.what}" for problem in wrong),
            do="remove them and fetch them again",
        )
