"""Downloading: one answer of a server, or its many pages, into a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import SourceError
from geo.fetch.allowance import Allowance, Counted, SpentError
from geo.fetch.arcgis import count_query, page_of, page_query, server_count, write_features
from geo.fetch.errand import Patience
from geo.files.file_kinds import require_format, require_unpacks
from geo.sources import Source

Result = TypeVar("Result")

_AGENT = {"User-Agent": "deprivation-pockets (open data reader)"}
_CHUNK_BYTES = 1 << 16
_PAGE_FEATURES = 1000
_WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


class _RequestError(Exception):
    """A request that failed; ``passing`` says whether another attempt may succeed.

    ``after_s`` is how many seconds the server wants to be left alone before it.
    """

    def __init__(self, reason: str, *, passing: bool, after_s: float = 0) -> None:
        self.passing, self.after_s = passing, after_s
        super().__init__(reason)


def get_file(source: Source, path: Path, patience: Patience) -> int:
    """Download the file at a record's address, and return how many bytes that took."""

    def check(found: Path) -> None:
        require_format(found, source)
        require_unpacks(found, source)

    allowance = Allowance(seconds=patience.whole_s, size=patience.most_bytes)
    _insist(
        source.address.url, check, path=path, source=source, patience=patience, allowance=allowance
    )
    return allowance.spent


def get_features(source: Source, path: Path, patience: Patience) -> int:
    """Read a feature server page by page into one file of the record's areas.

    Returns how many bytes that took.
    """
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
    return allowance.spent


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
