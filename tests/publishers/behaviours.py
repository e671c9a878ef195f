"""How a host goes wrong. A behaviour makes an answer of what was asked and of the true answer.

The true answer is a function, so that a host that never gives it needs not to make it. Behaviours
of files and connections come first, those of feature servers and portals after them; those that
need a whole host to change (a service renamed, an item gone) are methods of `Publishers`.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import openpyxl

from tests.publishers.wire import (
    Answer,
    Asked,
    file_answer,
    json_answer,
    moved_answer,
    page_answer,
)

Behaviour = Callable[[Asked, Callable[[], Answer]], Answer]
ERROR_BODY = b"Error 500: the file could not be generated now.\n"
assert len(ERROR_BODY) == 48


def refused(asked: Asked, true: Callable[[], Answer]) -> Answer:
    """Refuse the connection itself; what is refused is a host, whatever is asked of it."""
    return Answer(status=0)


def silent(asked: Asked, true: Callable[[], Answer]) -> Answer:
    """Take the request and never answer."""
    return Answer(silent=True)


def sending(**changes: Any) -> Behaviour:
    """Send the true answer in another way; see `Answer` for what can be changed."""
    return lambda asked, true: replace(true(), **changes)


def reset(share: float = 0.5) -> Behaviour:
    """Break the connection off part of the way through."""
    return sending(share=share, ends="resets")


def stalling(share: float = 0.5) -> Behaviour:
    """Send a part, and then nothing more."""
    return sending(share=share, ends="hangs")


def short(share: float = 0.5) -> Behaviour:
    """Send less than the true Content-Length says."""
    return sending(share=share, ends="closes")


def without_length(share: float = 1.0) -> Behaviour:
    """Send no length; a part of the file then looks like all of it."""
    return sending(length=None, share=share, ends="closes", ranges=False)


def wrong_length(by: int) -> Behaviour:
    """Say that the body is longer, or shorter, than it is."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = replace(true(), packs=False, ranges=False)
        return replace(whole, length=len(whole.body) + by, ends="closes")

    return answer


def length_of(text: str) -> Behaviour:
    """Say something as the length that is no number of bytes."""
    return sending(length=text, ends="closes", ranges=False)


def slowly(pause_s: float) -> Behaviour:
    """Wait before each piece."""
    return sending(pause_s=pause_s)


def always(answer: Answer) -> Behaviour:
    """Answer the same to everything."""
    return lambda asked, true: answer


def html(words: str = "Sorry, the service is unavailable") -> Behaviour:
    """Answer with a web page that says nothing is wrong."""
    return always(page_answer(words))


def status(number: int, *, retry_after: str = "") -> Behaviour:
    """Answer with a status, and say after how long to come again."""
    said = {"Retry-After": retry_after} if retry_after else {}
    return always(replace(page_answer(f"Error {number}", number), headers=said))


def too_many(rest_s: float = 1, *, as_date: bool = False) -> Behaviour:
    """Answer 429 with how long to rest: in seconds, or until a date as HTTP writes it."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        until = datetime.now(UTC) + timedelta(seconds=rest_s)
        said = format_datetime(until, usegmt=True) if as_date else str(round(rest_s))
        return status(429, retry_after=said)(asked, true)

    return answer


def body(content: bytes) -> Behaviour:
    """Answer with other bytes, of the kind and name that the true ones have."""
    return lambda asked, true: replace(true(), body=content)


def error_body() -> Behaviour:
    """Answer with 48 bytes that say that there is no file, as if they were it."""
    return body(ERROR_BODY)


def changed(change: Callable[[bytes], bytes]) -> Behaviour:
    """Answer with what a change makes of the true file."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = true()
        return file_answer(change(whole.body), whole.kind) if whole.status == 200 else whole

    return answer


def half() -> Behaviour:
    """Answer with the first half of a file, as if it were all: nothing on the way shows it."""
    return changed(lambda content: content[: len(content) // 2])


def redirect(place: str, status_of: int = 302) -> Behaviour:
    """Lead on to another address, of whatever kind."""
    return always(moved_answer(place, status_of))


def round_in_a_circle(asked: Asked, true: Callable[[], Answer]) -> Answer:
    """Lead on to the same address, for ever."""
    return moved_answer(asked.url)


def gzip_bomb(size: int = 1 << 30) -> Behaviour:
    """Answer with a packed body that is a thousand times as large when it is unpacked."""
    packer = gzip.compress(b"0" * min(size, 1 << 24), 9, mtime=0)
    packed = packer * max(1, size >> 24)  # members of a gzip stream may follow each other
    return always(Answer(body=packed, kind="text/csv", headers={"Content-Encoding": "gzip"}))


def zip_bomb(member: str = "table.csv", size: int = (1 << 30) + (1 << 24)) -> Behaviour:
    """Answer with an archive of one member that is a thousand times as large when unpacked."""
    stream, entry = io.BytesIO(), zipfile.ZipInfo(member)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(stream, "w") as archive,
        archive.open(entry, "w", force_zip64=True) as out,
    ):
        for _ in range(size >> 24):
            out.write(b"0" * (1 << 24))
    return always(file_answer(stream.getvalue(), "application/zip"))


def sheet_renamed(old: str, new: str) -> Behaviour:
    """Answer with the workbook, one of its sheets under another name."""

    def rename(book: Any) -> None:
        book[old].title = new

    return _workbook(rename)


def headings_moved(sheet: str, rows: int = 1) -> Behaviour:
    """Answer with the workbook, all of a sheet so many rows lower."""
    return _workbook(lambda book: book[sheet].insert_rows(1, rows))


def _workbook(change: Callable[[Any], None]) -> Behaviour:
    def again(content: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        change(book)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return changed(again)


def ranges_ignored() -> Behaviour:
    """Send the whole file, whatever part of it is asked for."""
    return sending(ranges=False)


def ranges_wrong(off: int = 7) -> Behaviour:
    """Answer a request for a part with a part that begins elsewhere, and say so."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = true()
        if "range" not in asked.headers:
            return whole
        start = int(asked.headers["range"].removeprefix("bytes=").partition("-")[0]) + off
        size = len(whole.body)
        said = {**whole.headers, "Content-Range": f"bytes {start}-{size - 1}/{size}"}
        part = whole.body[start:]
        return replace(whole, status=206, body=part, headers=said, ranges=False)

    return answer


def ranges_lying(off: int = 7) -> Behaviour:
    """Answer a request for a part with bytes from elsewhere, under the range that was asked for."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = true()
        if "range" not in asked.headers:
            return whole
        return replace(whole, body=whole.body[off:] + whole.body[:off])

    return answer


def unnamed() -> Behaviour:
    """Send no name of the bytes, so that nobody can ask for the rest of the same ones."""
    return sending(etag="")


def renamed_each_time() -> Behaviour:
    """Call the bytes something else at every request, as if the file were always another."""
    count = iter(range(1, 10_000))
    return lambda asked, true: replace(true(), etag=f'"version-{next(count)}"')


# Feature servers


def on_pages(change: Callable[[Any, Asked], Any]) -> Behaviour:
    """Change the JSON of pages of rows; counts, and what a layer is, stay true."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = true()
        paged = asked.path.endswith("/query") and "returnCountOnly" not in asked.query
        if not paged or whole.status != 200 or "features" not in whole.json:
            return whole
        return whole.saying(change(whole.json, asked))

    return answer


def error_in_200(code: int = 500, message: str = "Service is temporarily unavailable") -> Behaviour:
    """Answer with an error that calls itself successful."""
    return always(json_answer({"error": {"code": code, "message": message, "details": []}}))


def fails_on_large_pages(most: int, number: int = 504) -> Behaviour:
    """Fail on pages of more rows than so many; those that do not say how many want them all."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        paged = asked.path.endswith("/query") and "returnCountOnly" not in asked.query
        rows = int(asked.query.get("resultRecordCount") or 1 << 30)
        return status(number)(asked, true) if paged and rows > most else true()

    return answer


def small_pages(most: int) -> Behaviour:
    """Hand out fewer rows than were asked for, with the flag that there are more."""

    def cut(page: Any, asked: Asked) -> Any:
        more = len(page["features"]) > most
        page["features"] = page["features"][:most]
        return _flagged(page, asked) if more else page

    return on_pages(cut)


def endless() -> Behaviour:
    """Hand out the first page again and again, and always say that there are more."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = true()
        if "features" not in (whole.json if whole.status == 200 else {}):
            return whole
        if asked.query.get("resultOffset", "0") == "0":
            first.setdefault(asked.host, whole.json)
        return whole.saying(_flagged(first.get(asked.host, whole.json), asked))

    first: dict[str, Any] = {}
    return answer


def empty_pages() -> Behaviour:
    """Hand out no rows, and say that there are more."""
    return on_pages(lambda page, asked: _flagged({**page, "features": []}, asked))


def _flagged(page: Any, asked: Asked) -> Any:
    if asked.query.get("f") == "geojson":
        return {**page, "properties": {"exceededTransferLimit": True}}
    return {**page, "exceededTransferLimit": True}


def flag_elsewhere() -> Behaviour:
    """Put the flag that there are more where the other form of answers has it."""

    def move(page: Any, asked: Asked) -> Any:
        if page.pop("exceededTransferLimit", False):
            return {**page, "properties": {"exceededTransferLimit": True}}
        if page.pop("properties", {}).get("exceededTransferLimit"):
            return {**page, "exceededTransferLimit": True}
        return page

    return on_pages(move)


def without_flag() -> Behaviour:
    """Never say that there are more."""

    def drop(page: Any, asked: Asked) -> Any:
        return {
            key: page[key] for key in page if key not in {"exceededTransferLimit", "properties"}
        }

    return on_pages(drop)


def row_repeated(place: int = 0) -> Behaviour:
    """Hand out a row of each page once more, in place of the one after it."""

    def repeat(page: Any, asked: Asked) -> Any:
        rows = page["features"]
        if len(rows) > place + 1:
            rows[place + 1] = rows[place]
        return page

    return on_pages(repeat)


def row_dropped(place: int = 0) -> Behaviour:
    """Leave a row of each page out."""

    def drop(page: Any, asked: Asked) -> Any:
        del page["features"][place : place + 1]
        return page

    return on_pages(drop)


def count_of(said: Any) -> Behaviour:
    """Answer a question for a count with something else; ``...`` with no count at all."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        if asked.query.get("returnCountOnly") != "true":
            return true()
        return json_answer({} if said is ... else {"count": said})

    return answer


def geometry(shape: Any) -> Behaviour:
    """Hand out every row with another geometry: what is given, or what a function makes of it."""

    def reshape(page: Any, asked: Asked) -> Any:
        for row in page["features"]:
            row["geometry"] = shape(row.get("geometry")) if callable(shape) else shape
        return page

    return on_pages(reshape)


def open_rings() -> Behaviour:
    """Hand out rings whose last corner is left out, so that none closes."""

    def opened(part: Any) -> Any:
        if part and isinstance(part[0][0], (int, float)):
            return part[:-1]
        return [opened(inner) for inner in part]

    def reshape(shape: Any) -> Any:
        return {key: opened(part) if key in _PARTS else part for key, part in shape.items()}

    return geometry(reshape)


_PARTS = {"coordinates", "rings"}


def field_renamed(old: str, new: str) -> Behaviour:
    """Hand out a column under another name, as a new edition of a layer does."""

    def rename(page: Any, asked: Asked) -> Any:
        for row in page["features"]:
            said = row.get("properties", row.get("attributes"))
            if old in said:
                said[new] = said.pop(old)
        return page

    return on_pages(rename)


def deep(levels: int = 60_000) -> Behaviour:
    """Answer with lists in lists, more than anybody can read."""
    text = '{"features": ' + "[" * levels + "]" * levels + "}"
    return always(Answer(body=text.encode(), kind="application/json"))


def not_json(text: str = '{"features": [NaN, ') -> Behaviour:
    """Answer with text that begins like an answer and is none."""
    return always(Answer(body=text.encode(), kind="application/json"))


def about_layer(**said: Any) -> Behaviour:
    """Say something else of what a layer is; what is given as ``...`` is left out."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        whole = true()
        if not asked.path.endswith("/0") or whole.status != 200:
            return whole
        told = {**whole.json, **said}
        return whole.saying({key: value for key, value in told.items() if value is not ...})

    return answer


def after(many: int, then: Behaviour) -> Behaviour:
    """Behave well so many times, and then no more."""
    count = iter(range(1 << 30))
    return lambda asked, true: true() if next(count) < many else then(asked, true)


def pages_only(behaviour: Behaviour) -> Behaviour:
    """Behave badly where rows are asked for, and well where a layer or its count is."""

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        paged = asked.path.endswith("/query") and "returnCountOnly" not in asked.query
        return behaviour(asked, true) if paged else true()

    return answer


def in_turn(behaviours: Iterable[Behaviour | None]) -> Behaviour:
    """Behave in one way after another, None for well; and well when all have been."""
    left = iter([*behaviours])

    def answer(asked: Asked, true: Callable[[], Answer]) -> Answer:
        behaviour = next(left, None)
        return behaviour(asked, true) if behaviour else true()

    return answer


def both(first: Behaviour, then: Behaviour) -> Behaviour:
    """Behave in two ways at once: the second makes its answer of the first's."""
    return lambda asked, true: then(asked, lambda: first(asked, true))
