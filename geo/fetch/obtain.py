"""Making the file of a source from its publisher: every way there is, until one brings it.

The recorded address comes first, then its others, then what the publisher's own lists say of where
the thing is now. What comes is believed only when it has the recorded kind and contents.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial as with_some
from pathlib import Path
from typing import Literal

from geo.errors import AbsentError, ChangedError, SourceError
from geo.fetch.errand import Errand, Fetched
from geo.fetch.govuk import attachment_of
from geo.fetch.lists import LAYERS
from geo.fetch.pages import read_layer
from geo.fetch.portal import near_services, service_of_item, service_of_title
from geo.fetch.receipts import Receipt
from geo.files.archives import open_member
from geo.files.file_kinds import require_format, require_unpacks
from geo.files.hashes import file_hash
from geo.net.allowance import Allowance, SpentError
from geo.net.asking import Asker
from geo.net.download import Haul, Tell, download
from geo.net.heads import RequestError
from geo.net.network import HostLine
from geo.net.partial import forget_parts
from geo.sources import Source

_TRIES = 2
"""How often a file is fetched from an address that brings what may be spoilt on the way."""
_SPARE_BYTES, _TIMES_RECORDED = 1 << 24, 10
"""A file may be ten times as large as its record says, or that much larger, and no more."""
_ARCHIVE = "archive.zip"
_GONE = {400, 404, 410}

Verify = Callable[[Path], object]


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to a file: how its address is found, in words, and the asking for it."""

    how: str
    find: Callable[[Asker], str]


@dataclass(frozen=True, kw_only=True)
class _Failed:
    """A way that led to no file, how far it led, and why no further."""

    way: Way
    url: str
    problem: Exception

    def is_gone(self) -> bool:
        """Say whether this is a feature service that is no more."""
        problem = self.problem
        gone = isinstance(problem, RequestError) and problem.status in _GONE
        return gone and any(f"/{kind}/" in self.url for kind in ("FeatureServer", "MapServer"))

    @property
    def told(self) -> str:
        """Return in one line why it leads no further."""
        problem, told = self.problem, str(self.problem)
        if isinstance(problem, SourceError):
            told = ": ".join(filter(None, [problem.what, problem.found]))
            told += f" (expected: {problem.expected})" if problem.expected else ""
        return " ".join(told.split())

    @property
    def led(self) -> str:
        """Return what way it is, and how far it led."""
        return f"{self.way.how}{f', {self.url}' if self.url else ''}"


def obtain(source: Source, path: Path, errand: Errand, verify: Verify) -> Receipt:
    """Make the file of a source at a path in a workspace, and return the receipt of it.

    ``verify`` raises ``SourceError`` for a file that is not what the record promises; then the next
    way is tried. Raises ``AbsentError`` with what is wrong with each way when none is left,
    ``ChangedError`` where one of them led to another thing.
    """
    patience, failed, tried = errand.patience, list[_Failed](), set[str]()
    most = _most_bytes(source, errand)
    whole = Allowance(seconds=patience.whole_s, size=most)
    with HostLine(patience, errand.hosts) as line:
        asker = Asker(line=line, patience=patience, allowance=whole, folder=path.parent)
        for way in ways(source):
            url = ""
            try:
                asker = asker.with_bytes(most)
                url = way.find(asker)
                if url not in tried:
                    tried.add(url)
                    haul = _brought(url, source, path, errand, asker, verify)
                    forget_parts(errand.cache, [*tried, *source.address.recorded])
                    return _receipt(source, path, way, url, haul)
            except (RequestError, SourceError, SpentError) as problem:
                failed.append(_Failed(way=way, url=url, problem=problem))
                if isinstance(problem, SpentError) and problem.of == "seconds":
                    break
        near = near_services(source, asker) if failed[0].is_gone() else ""
    raise _refusal(source, errand, failed, near)


def ways(source: Source) -> Iterator[Way]:
    """Yield the ways to the file of a source, in the order in which they are tried."""
    address = source.address
    for number, url in enumerate(address.recorded):
        how = "another recorded address" if number else "the recorded address"
        yield Way(how=how, find=with_some(_recorded, url))
    if address.slug:
        how = "the attachment of the publisher's page"
        yield Way(how=how, find=lambda asker: attachment_of(source, asker))
    if address.item:
        how = "the recorded item of the portal"
        yield Way(how=how, find=lambda asker: service_of_item(source, asker))
    if address.kind in LAYERS and address.title:
        how = "the portal's item of that title"
        yield Way(how=how, find=lambda asker: service_of_title(source, asker))


def _recorded(url: str, asker: Asker) -> str:
    return url


def _brought(
    url: str, source: Source, path: Path, errand: Errand, asker: Asker, verify: Verify
) -> Haul:
    """Make the file from an address, once more where what came may be spoilt on the way.

    A file that came as it was announced and has other contents is the publisher's, and not asked
    for again.
    """
    for number in range(1, _TRIES + 1):
        haul = None
        try:
            haul = _made(url, source, path, errand, asker)
            asker.line.leave()
            verify(path)
            return haul
        except SourceError:
            path.unlink(missing_ok=True)
            if number == _TRIES or (haul is not None and haul.announced):
                raise
    raise SourceError("No attempt was made")


def _made(url: str, source: Source, path: Path, errand: Errand, asker: Asker) -> Haul:
    """Make the file from an address, by the kind of it."""
    tell, cache = _telling(source, errand), errand.cache
    if source.address.kind in LAYERS:
        return read_layer(url, source, path, asker=asker, cache=cache, tell_rows=tell)
    if source.address.kind != "zip-member":
        haul = download(url, path, asker=asker, cache=cache, tell_size=tell)
        require_format(path, source)
        require_unpacks(path, source)
        return haul
    archive = path.with_name(_ARCHIVE)
    haul = download(url, archive, asker=asker, cache=cache, tell_size=tell)
    with open_member(archive, source, source.address.member) as member, path.open("wb") as kept:
        shutil.copyfileobj(member, kept)
    archive.unlink()
    return haul


def _most_bytes(source: Source, errand: Errand) -> int:
    """Return how many bytes a file may take: fewer than there is patience for, if it is small."""
    if source.size_mb is None:
        return errand.patience.most_bytes
    recorded = round(source.size_mb * 1e6 * _TIMES_RECORDED) + _SPARE_BYTES
    return min(errand.patience.most_bytes, recorded)


def _telling(source: Source, errand: Errand) -> Tell:
    """Return what tells whoever watches how much of a source has come."""
    watch = errand.watch
    unit: Literal["bytes", "rows"] = "rows" if source.address.kind in LAYERS else "bytes"
    if watch is None:
        return lambda done, total: None
    return lambda done, total: watch(Fetched(source=source.id, done=done, total=total, unit=unit))


def _receipt(source: Source, path: Path, way: Way, url: str, haul: Haul) -> Receipt:
    return Receipt(
        source=source.id,
        url=url,
        how=way.how,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        size=haul.size,
        rows=haul.rows,
        etag=haul.etag,
        modified=haul.modified,
        sha256=file_hash(path),
    )


def _refusal(source: Source, errand: Errand, failed: list[_Failed], near: str) -> AbsentError:
    """Say what is wrong with each way; another thing in the file's place is the publisher's."""
    patience = errand.patience
    changed = any(isinstance(each.problem, ChangedError) for each in failed)
    led: dict[str, list[str]] = {}
    for each in failed:
        led.setdefault(each.told, []).append(each.led)
    told = [f"{why} ({'; '.join(hows)})" if failed[1:] else why for why, hows in led.items()]
    return (ChangedError if changed else AbsentError)(
        f"“{source.title}” could not be downloaded",
        where=source.address.url or source.page,
        expected=f"the file within {patience.attempts} attempts, {patience.whole_s:,g} seconds "
        f"and {_most_bytes(source, errand) / 1e6:,.0f} MB",
        found="; ".join(filter(None, [*told, near])),
        do=f"try again later; if it stays so, {source.by_hand}, save it as {source.path} in a "
        f"folder, and name that folder with --mirror",
    )
