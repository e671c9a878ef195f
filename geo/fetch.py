"""Finding the file of a source: in the cache, in a mirror folder, or at its publisher.

The only module that touches the network. `plan` decides from what stands on the disk, `locate` does
it. Wherever a file came from it is checked before its path is handed out: by its SHA-256 where the
record has one, and by its kind always; the contents are checked by whoever reads it. Downloads have
time limits, a bounded number of attempts with growing pauses, a temporary name, a check and a
rename, so a killed run leaves no half file behind.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import platformdirs

from geo.errors import OutputError, PocketsError, SourceError, some
from geo.features import count_query, page_query, parsed, write_features
from geo.formats import require_format
from geo.hashes import file_hash
from geo.sources import Source

Step = Literal["use", "download", "pages", "refuse"]
Result = TypeVar("Result")

_AGENT = {"User-Agent": "deprivation-pockets (open data reader)"}
_CHUNK_BYTES = 1 << 16
_PAGE_FEATURES = 1000
_WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for a server, and how often to ask again.

    The pause between attempts starts at ``pause_s`` seconds and doubles.
    """

    attempts: int = 4
    pause_s: float = 1.0
    connect_s: float = 10.0
    read_s: float = 60.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What `locate` is going to do: use the file at ``path``, or make it there, or refuse.

    ``looked`` lists where the file was looked for and is not.
    """

    step: Step
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
    """A request that failed; ``passing`` says whether another attempt may succeed."""

    def __init__(self, reason: str, *, passing: bool) -> None:
        self.passing = passing
        super().__init__(reason)


def plan(source: Source, *, cache: Path, mirror: Path | None = None, offline: bool = False) -> Plan:
    """Decide where the file of a source is to come from; looks at the disk and changes nothing."""
    target = cache / "files" / source.path
    places = [target, *(() if mirror is None else (mirror / path for path in source.paths))]
    for place in places:
        if place.is_file():
            return Plan(step="use", path=place)
    steps: dict[str, Step] = {"file": "download", "feature-server": "pages"}
    step = "refuse" if offline else steps.get(source.url_kind, "refuse")
    return Plan(step=step, path=target, looked=tuple(places))


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
    be, and ``OutputError`` when the cache cannot be written.
    """
    decided = plan(source, cache=cache, mirror=mirror, offline=offline)
    if decided.step == "refuse":
        raise _absent(source, decided, mirror=mirror, offline=offline)
    if decided.step == "use":
        _verify(decided.path, source)
    else:
        get = _get_file if decided.step == "download" else _get_features
        with _written_whole(decided.path) as temporary:
            get(source, temporary, patience or Patience())
            _verify(temporary, source)
    return decided.path


def _absent(source: Source, decided: Plan, *, mirror: Path | None, offline: bool) -> SourceError:
    """Say that a file is nowhere, where that was seen, and how to come by it."""
    folder = "a folder of your choice" if mirror is None else str(mirror)
    by_hand = (
        f"{source.by_hand} or {source.url}, save it as {' or '.join(source.paths)} in {folder}, "
        f"and name that folder with --mirror"
    )
    if source.url_kind == "made":
        by_hand = source.by_hand
    elif offline and source.url_kind != "page":
        by_hand = f"run again without --offline, or {by_hand}"
    why = "this run is offline" if offline else "it cannot be downloaded by a program"
    return SourceError(
        f"The file of “{source.title}” ({source.id}) is not here, and {why}",
        where=some(decided.looked),
        do=by_hand,
    )


def _verify(path: Path, source: Source) -> None:
    require_format(path, source)
    if source.sha256 is None:
        return
    found = file_hash(path)
    if found != source.sha256:
        raise SourceError(
            f"The file of “{source.title}” is not the publisher's",
            where=str(path),
            expected=f"SHA-256 {source.sha256}",
            found=f"SHA-256 {found}",
            do="remove it and fetch it again; if the publisher has issued a new file, "
            f"correct the record {source.id}",
        )


@contextlib.contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    """Hand out a temporary name beside a path, and rename it to the path when all went well."""
    temporary = path.with_name(f"{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except PocketsError:
        raise
    except OSError as problem:
        raise OutputError(
            "The cache cannot be written",
            where=str(path.parent),
            found=str(problem),
            do="make room, or set POCKETS_CACHE to a folder that you may write to",
        ) from problem
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _get_file(source: Source, path: Path, patience: Patience) -> None:
    def check(found: Path) -> None:
        require_format(found, source)

    _insist(source.url, path, source, patience, check)


def _get_features(source: Source, path: Path, patience: Patience) -> None:
    """Read a feature server page by page into one file of the record's areas."""
    page = path.with_name(f"{path.stem}.page.json")

    def ask(query: str) -> dict[str, Any]:
        return _insist(f"{source.url}/query?{query}", page, source, patience, parsed)

    found: list[dict[str, Any]] = []
    try:
        wanted = int(ask(count_query(source)).get("count", 0))
        while len(found) < wanted:
            features = ask(page_query(source, start=len(found), most=_PAGE_FEATURES))["features"]
            if not features:
                break
            found.extend(features)
    finally:
        page.unlink(missing_ok=True)
    write_features(found, wanted, source, path)


def _insist(
    url: str, path: Path, source: Source, patience: Patience, check: Callable[[Path], Result]
) -> Result:
    """Download to a path until it passes a check, and return what the check returns.

    An answer that another attempt will not change, such as “not found”, ends it at once.
    """
    last: Exception = SourceError("No attempt was made")
    for attempt in range(patience.attempts):
        if attempt:
            time.sleep(patience.pause_s * 2 ** (attempt - 1))
        try:
            _download(url, path, patience)
            return check(path)
        except SourceError as problem:
            last = problem
        except _RequestError as problem:
            last = problem
            if not problem.passing:
                break
    raise SourceError(
        f"“{source.title}” could not be downloaded",
        where=url,
        expected=f"the file within {patience.attempts} attempts",
        found=str(last),
        do=f"try again later; if it stays so, {source.by_hand}, save it as {source.path} in a "
        f"folder, and name that folder with --mirror",
    ) from last


def _download(url: str, path: Path, patience: Patience) -> None:
    """Make one attempt to write what a URL answers to a path, with a progress bar for people."""
    import pooch
    import requests

    downloader = pooch.HTTPDownloader(
        progressbar=sys.stderr.isatty(),
        chunk_size=_CHUNK_BYTES,
        timeout=(patience.connect_s, patience.read_s),
        headers=_AGENT,
    )
    try:
        downloader(url, str(path), None)
    except requests.HTTPError as problem:
        answer = problem.response
        status = answer.status_code if answer is not None else 0
        if answer is not None:
            answer.close()
        raise _RequestError(
            f"the server answered {problem}", passing=status in _WORTH_ANOTHER_TRY
        ) from problem
    except requests.Timeout as problem:
        raise _RequestError("the server took too long to answer", passing=True) from problem
    except requests.ConnectionError as problem:
        raise _RequestError(f"no connection, or a broken one: {problem}", passing=True) from problem
    except requests.RequestException as problem:
        raise _RequestError(f"the download failed: {problem}", passing=True) from problem
