"""Finding the file of a source: in the cache, in a mirror folder, or at its publisher.

The only module that touches the network. `plan` decides from what stands on the disk, `locate` does
it. Wherever a file came from it is checked before its path is handed out: by its SHA-256 where the
record has one, and by its kind always; the contents are checked by whoever reads it. Downloads have
limits on time and bytes, a bounded number of attempts with growing pauses, a workspace, a check and
a seal, so a killed run leaves no half file behind, and no damaged one is ever used.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import platformdirs

from geo.errors import SourceError, some
from geo.files.allowance import Allowance, Counted, SpentError
from geo.files.arcgis import count_query, page_of, page_query, server_count, write_features
from geo.files.cache import entry_stands, keep, tidy
from geo.files.file_kinds import require_format, require_unpacks
from geo.files.hashes import file_hash
from geo.files.seals import is_plain, whole
from geo.sources import Source

FetchStep = Literal["use", "download", "pages", "refuse"]
Result = TypeVar("Result")

_LOG = logging.getLogger(__name__)
_AGENT = {"User-Agent": "deprivation-pockets (open data reader)"}
_CHUNK_BYTES = 1 << 16
_PAGE_FEATURES = 1000
_WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for a server, and how often to ask again.

    The pause between attempts starts at ``pause_s`` seconds and doubles; a server that asks for a
    longer one gets it, up to ``longest_pause_s``. ``whole_s`` and ``most_bytes`` are for all
    attempts, pauses and pages of a file together.
    """

    attempts: int = 4
    pause_s: float = 1.0
    longest_pause_s: float = 120.0
    connect_s: float = 10.0
    read_s: float = 60.0
    whole_s: float = 1800.0
    most_bytes: int = 1 << 30


@dataclass(frozen=True, kw_only=True)
class FetchPlan:
    """What `locate` is going to do: use the file at ``path``, or make it there, or refuse.

    ``looked`` lists where the file was looked for and is not, or is damaged.
    """

    step: FetchStep
    path: Path
    looked: tuple[Path, ...] = ()


def cache_folder() -> Path:
    """Return the folder for downloads and conversions: ``POCKETS_CACHE``, or the platform's own."""
    given = os.environ.get("POCKETS_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir("deprivation-pockets", False))


def mirror_folder() -> Path | None:
    """Return the folder of already downloaded files that ``POCKETS_MIRROR`` names, if it does.

    Raises ``SourceError`` when it names a folder that does not exist.
    """
    given = os.environ.get("POCKETS_MIRROR")
    if not given:
        return None
    folder = Path(given)
    if not folder.is_dir():
        raise SourceError(
            "The mirror folder does not exist",
            where=str(folder),
            do="correct --mirror or POCKETS_MIRROR, or leave it out",
        )
    return folder


class _RequestError(Exception):
    """A request that failed; ``passing`` says whether another attempt may succeed.

    ``after_s`` is how many seconds the server wants to be left alone before it.
    """

    def __init__(self, reason: str, *, passing: bool, after_s: float = 0) -> None:
        self.passing, self.after_s = passing, after_s
        super().__init__(reason)


def plan(
    source: Source, *, cache: Path, mirror: Path | None = None, offline: bool = False
) -> FetchPlan:
    """Decide where the file of a source is to come from; looks at the disk and changes nothing.

    What is damaged in the cache is passed over.
    """
    target = cache / "files" / source.path
    places = [target, *(() if mirror is None else (mirror / path for path in source.paths))]
    for place in places:
        if _sound(place, source) if place == target else place.is_file():
            passed = (target,) if place != target and entry_stands(target) else ()
            return FetchPlan(step="use", path=place, looked=passed)
    steps: dict[str, FetchStep] = {"file": "download", "feature-layer": "pages"}
    step = "refuse" if offline else steps.get(source.address.kind, "refuse")
    return FetchPlan(step=step, path=target, looked=tuple(places))


def _sound(path: Path, source: Source) -> bool:
    """Say whether a file in the cache is what was downloaded: by its record, or by its seal."""
    if not source.confirmed:
        return whole(path)
    with contextlib.suppress(OSError):
        return is_plain(path) and file_hash(path) == source.sha256
    return False


def locate(
    source: Source,
    *,
    cache: Path,
    mirror: Path | None = None,
    offline: bool = False,
    patience: Patience | None = None,
) -> Path:
    """Return the verified file of a source, downloading it to the cache when it is nowhere else.

    Raises ``SourceError`` when it is nowhere and cannot be downloaded, or is not the file it should
    be, and ``CacheError`` when the cache cannot be written. A damaged copy in the cache is never
    used.
    """
    tidy((cache / "files" / source.path).parent)
    decided = plan(source, cache=cache, mirror=mirror, offline=offline)
    if decided.step == "refuse":
        raise _absent(source, decided, mirror=mirror, offline=offline)
    if decided.step == "use":
        _verify(decided.path, source)
        if decided.looked:
            _LOG.warning("A damaged copy in the cache is not used: %s", decided.looked[0])
    else:
        get = _get_file if decided.step == "download" else _get_features

        def make(path: Path) -> None:
            get(source, path, patience or Patience())
            _verify(path, source)

        keep(decided.path, make, sound=lambda path: _sound(path, source))
    return decided.path


def _absent(
    source: Source, decided: FetchPlan, *, mirror: Path | None, offline: bool
) -> SourceError:
    """Say that a file is nowhere, where that was seen, and how to come by it."""
    folder = "a folder of your choice" if mirror is None else str(mirror)
    by_hand = (
        f"{source.by_hand}, save it as {' or '.join(source.paths)} in {folder}, "
        f"and name that folder with --mirror"
    )
    if source.address.kind == "made":
        by_hand = source.by_hand
    elif offline and source.address.kind != "page":
        by_hand = f"run again without --offline, or {by_hand}"
    why = "this run is offline" if offline else "it cannot be downloaded by a program"
    return SourceError(
        f"The file of “{source.title}” ({source.id}) is not here, and {why}",
        where=some(decided.looked),
        found="a damaged copy in the cache, which is not used"
        if entry_stands(decided.path)
        else "",
        do=by_hand,
    )


def _verify(path: Path, source: Source) -> None:
    require_format(path, source)
    if source.sha256 is None:
        return
    found = file_hash(path)
    if found != source.sha256 and not source.confirmed:
        _LOG.info("%s: another file than the copy the record knows: SHA-256 %s", path, found)
    elif found != source.sha256:
        raise SourceError(
            f"The file of “{source.title}” is not the publisher's",
            where=str(path),
            expected=f"SHA-256 {source.sha256}",
            found=f"SHA-256 {found}",
            do="remove it and fetch it again; if the publisher has issued a new file, "
            f"correct the record {source.id}",
        )


def _get_file(source: Source, path: Path, patience: Patience) -> None:
    def check(found: Path) -> None:
        require_format(found, source)
        require_unpacks(found, source)

    allowance = Allowance(seconds=patience.whole_s, size=patience.most_bytes)
    _insist(
        source.address.url, check, path=path, source=source, patience=patience, allowance=allowance
    )


def _get_features(source: Source, path: Path, patience: Patience) -> None:
    """Read a feature server page by page into one file of the record's areas."""
    page = path.with_name(f"{path.stem}.page.json")
    allowance = Allowance(seconds=patience.whole_s, size=patience.most_bytes)

    def ask(query: str, check: Callable[[Path], Result]) -> Result:
        url = f"{source.address.url}/query?{query}"
        return _insist(url, check, path=page, source=source, patience=patience, allowance=allowance)

    found: list[dict[str, Any]] = []
    wanted = ask(count_query(source), server_count)
    while len(found) < wanted:
        features = ask(page_query(source, start=len(found), most=_PAGE_FEATURES), page_of)
        if not features:
            break
        found.extend(features)
    write_features(found, wanted, source, path)


def _insist(
    url: str,
    check: Callable[[Path], Result],
    *,
    path: Path,
    source: Source,
    patience: Patience,
    allowance: Allowance,
) -> Result:
    """Download to a path until it passes a check, and return what the check returns.

    An answer that another attempt will not change, such as “not found”, ends it at once, and so
    does an allowance that is spent.
    """
    last: Exception = SourceError("No attempt was made")
    for attempt in range(patience.attempts):
        try:
            if attempt:
                _pause(attempt, last, patience, allowance)
            _download(url, path, patience, allowance)
            return check(path)
        except SourceError as problem:
            last = problem
        except SpentError as problem:
            last = problem
            break
        except _RequestError as problem:
            last = problem
            if not problem.passing:
                break
    raise SourceError(
        f"“{source.title}” could not be downloaded",
        where=url,
        expected=f"the file within {patience.attempts} attempts, {patience.whole_s:,g} seconds "
        f"and {patience.most_bytes / 1e6:,.0f} MB",
        found=str(last),
        do=f"try again later; if it stays so, {source.by_hand}, save it as {source.path} in a "
        f"folder, and name that folder with --mirror",
    ) from last


def _pause(attempt: int, last: Exception, patience: Patience, allowance: Allowance) -> None:
    """Leave the server alone for as long as it asked for, or longer with each attempt."""
    own, asked = patience.pause_s * 2 ** (attempt - 1), getattr(last, "after_s", 0)
    if asked > patience.longest_pause_s:
        raise _RequestError(f"{last}, and asks for {asked:,.0f} seconds of rest", passing=False)
    time.sleep(min(max(own, asked), allowance.seconds_left()))


def _rest_s(asked: str | None) -> float:
    """Return how many seconds a Retry-After asks for: a number, or a date as HTTP writes it."""
    try:
        if asked is None or asked.strip().isdecimal():
            return float(asked or 0)
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - datetime.now(until.tzinfo or UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _download(url: str, path: Path, patience: Patience, allowance: Allowance) -> None:
    """Make one attempt to write what a URL answers to a path, with a progress bar for people."""
    import pooch
    import requests

    answers: list[requests.Response] = []
    downloader = pooch.HTTPDownloader(
        progressbar=sys.stderr.isatty(),
        chunk_size=_CHUNK_BYTES,
        timeout=(patience.connect_s, patience.read_s),
        headers=_AGENT,
        hooks={"response": lambda answer, *_, **__: answers.append(answer)},
    )

    def work() -> None:
        try:
            downloader(url, Counted(stream, allowance), None)
        finally:
            for answer in answers:
                answer.close()

    try:
        with path.open("wb") as stream:
            allowance.within(work)
    except requests.HTTPError as problem:
        answer = problem.response
        status = answer.status_code if answer is not None else 0
        asked = None if answer is None else answer.headers.get("Retry-After")
        raise _RequestError(
            f"the server answered {problem}",
            passing=status in _WORTH_ANOTHER_TRY,
            after_s=_rest_s(asked),
        ) from problem
    except requests.Timeout as problem:
        raise _RequestError("the server took too long to answer", passing=True) from problem
    except requests.ConnectionError as problem:
        raise _RequestError(f"no connection, or a broken one: {problem}", passing=True) from problem
    except requests.RequestException as problem:
        raise _RequestError(f"the download failed: {problem}", passing=True) from problem
    except ValueError as problem:
        raise _RequestError(f"the answer cannot be read: {problem}", passing=True) from problem
