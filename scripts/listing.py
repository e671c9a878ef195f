"""The list of sources as `pockets sources` prints it: readable on a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime

from geo.sources import Source
from layers.catalogue import catalogue
from layers.files import Files
from layers.stock import StockItem

_COLUMNS = 80
GRADES = (
    "Grades of addresses: A, several programs download exactly this, or its bytes were compared;"
    " B, one program does; C, the publisher's pattern alone says so."
)
_MARGIN = 12


def headed(files: Files) -> Iterator[str]:
    """Yield what is said above the list: of the edition, and of the folders that hold files."""
    edition = files.edition
    newer = f", replaced by the {edition.superseded_by}" if edition.superseded_by else ""
    yield from textwrap.wrap(f"{edition.title}{newer}", _COLUMNS)
    yield f"Cache, kept until you delete it: {files.cache}"
    if files.mirror is not None:
        yield f"Mirror: {files.mirror}"
    yield from textwrap.wrap(GRADES, _COLUMNS)


def described(item: StockItem) -> Iterator[str]:
    """Yield the lines of one file: role, place and state, then what its record says."""
    source = item.source
    first = f"{item.role:<24}{item.place:<8}"
    yield from textwrap.wrap(item.state, _COLUMNS, initial_indent=first, subsequent_indent=" " * 32)
    told = {
        "record": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "edition": source.edition,
        "period": source.period,
        "fetched": _fetched(item),
        "licence": source.licence,
        "page": source.page,
        "address": item.receipt.url if item.receipt else source.address.url,
        "grade": source.address.grade,
        "note": source.address.note,
        "newer": _newer(source),
    }
    for name, text in told.items():
        if text:
            yield from _row(name, text)


def _row(name: str, text: str) -> list[str]:
    """Lay a text beside its name; an address stands whole on one line."""
    head = f"  {name}"
    return textwrap.wrap(
        text,
        _COLUMNS,
        initial_indent=f"{head:<{_MARGIN}}",
        subsequent_indent=" " * _MARGIN,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fetched(item: StockItem) -> str:
    if item.receipt is None:
        return ""
    when = datetime.fromisoformat(item.receipt.when)
    return f"{when.day} {when:%B %Y}, from {item.receipt.how}"


def _newer(source: Source) -> str:
    """Name the newest record that has taken the place of this one, if there is any."""
    newest = source
    while newest.superseded_by is not None:
        newest = catalogue()[newest.superseded_by]
    return "" if newest is source else f"{newest.id}: {newest.title} ({newest.edition})"
