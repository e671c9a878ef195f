"""All rows of a feature layer or table, page by page, and no page asked for twice.

Pages that have come stay in the cache until the file is made: a run that was stopped goes on after
them, while the server says the same of the layer and counts as many rows.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import SourceError
from geo.fetch.arcgis import (
    MOST_OF_A_PAGE,
    Question,
    RowPage,
    ServedLayer,
    count_of,
    count_query,
    layer_query,
    page_of,
    page_query,
    question_of,
    served_layer,
)
from geo.fetch.features import ServedRows, write_rows
from geo.net.answers import answer_of
from geo.net.asking import Asker
from geo.net.download import Haul, Tell
from geo.net.heads import RequestError
from geo.net.partial import empty, partial, told_of, write_told
from geo.sources import Source

_SMALLEST_PAGE = 50
_REFUSED, _UNSAID = {400, 413}, {0, 408}
"""What a server answers to a page that is too large for it, or what comes where it says nothing."""


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is known of a layer or table before its rows are asked for."""

    url: str
    layer: ServedLayer
    asked: Question
    count: int

    @property
    def told(self) -> dict[str, Any]:
        """Return what must be the same for pages to be used again."""
        layer, asked = self.layer, self.asked
        return {
            "url": self.url,
            "where": asked.where,
            "shapes": asked.shapes,
            "count": self.count,
            "most": layer.most,
            "id": layer.id,
            "edited": layer.edited,
        }


def read_layer(
    url: str, source: Source, place: Path, *, asker: Asker, cache: Path, tell_rows: Tell
) -> Haul:
    """Make the file of a record at a path from the rows of the layer or table at an address.

    Raises ``SourceError`` where the rows are not what the record and the server's own count
    promise, and what asking raises.
    """
    found = _surveyed(url, source, asker)
    with partial(cache, "rows", url, found.asked.where, found.asked.shapes) as kept:
        try:
            rows = _all_rows(found, asker, _pages(found, kept), tell_rows)
            write_rows(rows, source, found.asked, place)
        except SourceError:
            if kept is not None:
                empty(kept)
            raise
        if kept is not None:
            empty(kept)
    return Haul(size=asker.allowance.spent, rows=found.count, modified=found.layer.edited)


def _surveyed(url: str, source: Source, asker: Asker) -> Survey:
    """Ask a server what a layer is and how many rows it has, before any of them."""
    layer = served_layer(asker.json(layer_query(url)), source)
    asked = question_of(source, layer)
    count = count_of(asker.json(count_query(url, asked)), asked)
    return Survey(url=url, layer=layer, asked=asked, count=count)


def _pages(found: Survey, kept: Path | None) -> Path | None:
    """Return the folder of the pages that have come before, empty where they are of another day."""
    if kept is not None and told_of(kept) != found.told:
        empty(kept)
        write_told(kept, **found.told)
    return kept


def _all_rows(found: Survey, asker: Asker, kept: Path | None, tell_rows: Tell) -> ServedRows:
    """Return all rows that the server counts, each once; raises ``SourceError`` for others."""
    rows, reading, more = ServedRows(found.asked, found.layer), _Reading(found, asker), False
    tell_rows(0, found.count)
    while len(rows) < found.count:
        place = None if kept is None else kept / f"page-{len(rows):08d}.json"
        page = _again(place, found.layer)
        if page is None:
            page = reading.page(len(rows), rows.last)
            if place is not None:
                asker.answer.replace(place)
        if not page.rows:
            break
        rows.add(page)
        more = page.more
        tell_rows(len(rows), found.count)
    if more and len(rows) == found.count and found.layer.paged:
        rows.add(reading.page(len(rows), rows.last))
    if len(rows) != found.count:
        raise SourceError(
            "The pages of the layer do not hold what the server counts",
            expected=f"{found.count:,} rows",
            found=f"{len(rows):,} rows",
        )
    return rows


def _again(place: Path | None, layer: ServedLayer) -> RowPage | None:
    """Return a page that has come before, read as if it came now."""
    if place is not None:
        with suppress(SourceError, RequestError, FileNotFoundError):
            page = page_of(answer_of(place), layer)
            return page if page.rows else None
    return None


class _Reading:
    """The asking for pages, which become smaller while the server fails on them."""

    def __init__(self, found: Survey, asker: Asker) -> None:
        self._found, self._asker = found, asker
        self._size = min(found.layer.most, MOST_OF_A_PAGE)

    def page(self, start: int, after: int | None) -> RowPage:
        """Return the page that begins at a row."""
        failures = 0
        while True:
            try:
                return self._asked(start, after)
            except (RequestError, SourceError) as problem:
                failures += 1
                if self._halved(problem, failures):
                    failures = 0
                elif not _passes(problem) or failures >= self._asker.patience.attempts:
                    raise
                self._asker.rest(max(failures, 1), problem)

    def _asked(self, start: int, after: int | None) -> RowPage:
        layer = self._found.layer
        url = page_query(
            self._found.url, self._found.asked, layer, start=start, after=after, most=self._size
        )
        return page_of(self._asker.json_once(url), layer)

    def _halved(self, problem: Exception, failures: int) -> bool:
        """Ask for half as many rows from now on, where the server fails on so many.

        Where an answer is cut or none comes, it is asked for as many once more before that.
        """
        status, passes = getattr(problem, "status", 0), _passes(problem)
        twice = failures >= min(2, self._asker.patience.attempts)
        fails = status in _REFUSED or (passes and (status >= 500 or (status in _UNSAID and twice)))
        able = self._found.layer.paged and self._size > _SMALLEST_PAGE
        if able and fails:
            self._size = max(self._size // 2, _SMALLEST_PAGE)
        return able and fails


def _passes(problem: Exception) -> bool:
    """Say whether another attempt may succeed."""
    return not isinstance(problem, RequestError) or problem.passing
