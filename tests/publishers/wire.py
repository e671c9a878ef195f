"""What is asked of a host and what it answers: whole, in part, packed, or spoiled on its way."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

OWN = "own"
"""A Content-Length that is true."""
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: ``query`` has the first value of each key, also of a form that was posted."""

    host: str
    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.target}"

    @property
    def query(self) -> dict[str, str]:
        pairs = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
        pairs += parse_qsl(self.form, keep_blank_values=True)
        return dict(reversed(pairs))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a host sends: ``length`` is what Content-Length says, None where there is to be none.

    ``packs`` lets it be packed where the other side can unpack, ``ranges`` in part where it asks
    for one; ``etag`` is what names these bytes. ``share`` of what is sent really is, and then the
    connection ``ends``; ``pause_s`` is waited before each piece. A ``silent`` host says nothing,
    and one whose ``status`` is 0 breaks the connection off without a word.
    """

    body: bytes = b""
    status: int = 200
    kind: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | str | None = OWN
    packs: bool = False
    ranges: bool = False
    etag: str = ""
    share: float = 1.0
    ends: Literal["stays", "closes", "resets", "hangs"] = "stays"
    pause_s: float = 0.0
    silent: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def saying(self, content: Any) -> Answer:
        """Return the answer with other JSON in it."""
        return replace(self, body=json.dumps(content).encode())


def file_answer(body: bytes, kind: str = "application/octet-stream") -> Answer:
    """Answer as a server of files does: it has a name for the bytes, and parts of them."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Answer(body=body, kind=kind, ranges=True, etag=etag)


def json_answer(content: Any, status: int = 200) -> Answer:
    return Answer(body=json.dumps(content).encode(), kind=JSON, status=status, packs=True)


def page_answer(words: str, status: int = 200) -> Answer:
    body = (
        f"<!DOCTYPE html>\n<html><head><title>{words}</title></head><body>{words}</body></html>\n"
    )
    return Answer(body=body.encode(), kind="text/html; charset=utf-8", status=status)


def moved_answer(place: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": place}, kind="text/html")


def ready(answer: Answer, asked: Asked) -> Answer:
    """Return the answer as it is sent to who asked: packed, or in part."""
    named = {"ETag": answer.etag} if answer.etag else {}
    answer = replace(answer, headers={**named, **answer.headers})
    if answer.packs and "gzip" in asked.headers.get("accept-encoding", ""):
        packed = gzip.compress(answer.body, 1, mtime=0)
        answer = replace(
            answer, body=packed, headers={**answer.headers, "Content-Encoding": "gzip"}
        )
    return _part(answer, asked) if answer.ranges and answer.status == 200 else answer


def _part(answer: Answer, asked: Asked) -> Answer:
    """Answer with the part that is asked for, unless it was asked for of other bytes."""
    answer = replace(answer, headers={"Accept-Ranges": "bytes", **answer.headers})
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("range", ""))
    if not wanted or asked.headers.get("if-range", answer.etag) != answer.etag:
        return answer
    first, size = int(wanted[1]), len(answer.body)
    last = min(int(wanted[2] or size), size - 1)
    if first > last:
        said = {**answer.headers, "Content-Range": f"bytes */{size}"}
        return replace(answer, status=416, body=b"", headers=said)
    said = {**answer.headers, "Content-Range": f"bytes {first}-{last}/{size}"}
    return replace(answer, status=206, body=answer.body[first : last + 1], headers=said)
