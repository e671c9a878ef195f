"""What a server says before the body of an answer: what it is, or where else to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urljoin, urlsplit

_MOVED = {301, 302, 303, 307, 308}
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_PACKED = {"": False, "identity": False, "gzip": True, "x-gzip": True, "deflate": True}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAMED = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_EXCERPT = 120


class RequestError(Exception):
    """A request that failed; ``passing`` says whether another attempt may succeed.

    ``after_s`` is how many seconds the server wants to be left alone before it, ``status`` what it
    answered, 0 where it did not. ``unheard`` says that it took no connection, or no notice.
    """

    def __init__(
        self,
        reason: str,
        *,
        passing: bool,
        after_s: float = 0,
        status: int = 0,
        unheard: bool = False,
    ) -> None:
        """Say in a phrase what went wrong."""
        self.passing, self.after_s, self.status = passing, after_s, status
        self.unheard = unheard
        super().__init__(reason)


class Answered(Protocol):
    """An answer of which the head is read, as the library of requests has it."""

    @property
    def status_code(self) -> int:
        """Return the number of the answer."""

    @property
    def reason(self) -> str | None:
        """Return the number in words."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what is told, by names without regard to capitals."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What is said of a body: 200 for the whole or 206 for a part, and of which bytes.

    ``length`` is how many bytes follow, ``start`` the number of the first of them in the whole and
    ``total`` how many that has; None where it is not said. ``packed`` is true where they come
    compressed, and are other bytes than the whole's.
    """

    status: int
    etag: str = ""
    modified: str = ""
    length: int | None = None
    start: int = 0
    total: int | None = None
    packed: bool = False


def head_of(answer: Answered) -> Head:
    """Return the head of an answer that brings something; raises ``RequestError`` for others."""
    status, told = answer.status_code, answer.headers
    if status not in {200, 206}:
        raise RequestError(
            f"the server answered {status} {answer.reason or ''}".strip(),
            passing=status in _PASSING,
            after_s=_rest_s(told.get("Retry-After")),
            status=status,
        )
    packing = told.get("Content-Encoding", "").strip().lower()
    if packing not in _PACKED:
        raise RequestError(f"it comes compressed as “{packing[:_EXCERPT]}”", passing=False)
    length = _length(answer)
    start, total = (0, length) if status == 200 else _range(told.get("Content-Range", ""), length)
    packed = _PACKED[packing]
    return Head(
        status=status,
        etag=told.get("ETag", ""),
        modified=told.get("Last-Modified", ""),
        length=length,
        start=start,
        total=None if packed else total,
        packed=packed,
    )


def leads_to(answer: Answered, url: str) -> str | None:
    """Return the address that an answer leads on to, or None where it is the answer itself."""
    if answer.status_code not in _MOVED:
        return None
    told = answer.headers.get("Location")
    if not told:
        raise RequestError("the server leads on, and does not say where to", passing=False)
    try:
        if not _CONTROLS.search(told.strip()):
            return urljoin(url, told.strip())
    except ValueError as problem:
        raise _broken(told) from problem
    raise _broken(told)


def require_followed(url: str, own: str) -> None:
    """Refuse an address that is not to be asked on the way from another.

    Only https is followed (and http from http), to hosts that have a name and no password, or back
    to the first one. Raises ``RequestError``.
    """
    try:
        parts, first = urlsplit(url), urlsplit(own)
        told = (parts.hostname, parts.port, parts.username or parts.password)
    except ValueError as problem:
        raise _broken(url) from problem
    host, _, signed = told
    if parts.scheme not in {"https", first.scheme} or parts.scheme not in {"http", "https"}:
        raise RequestError(
            f"the server leads on to “{url[:_EXCERPT]}”, and only https addresses are followed, "
            f"not {parts.scheme or 'others'}",
            passing=False,
        )
    if not host or signed or _CONTROLS.search(url):
        raise _broken(url)
    if host != first.hostname and not _NAMED.fullmatch(host):
        raise RequestError(
            f"the server leads on to “{url[:_EXCERPT]}”, which is no public host", passing=False
        )


def _broken(url: str) -> RequestError:
    shown = ascii(url[:_EXCERPT])[1:-1]
    return RequestError(f"the server leads on to a broken address: “{shown}”", passing=False)


def _length(answer: Answered) -> int | None:
    """Return the announced size of a body, where there is one and it is true by its form."""
    told = answer.headers.get("Content-Length")
    if told is None or "chunked" in answer.headers.get("Transfer-Encoding", "").lower():
        return None
    if not _NUMBER.fullmatch(told.strip()):
        shown = told[:_EXCERPT]
        raise RequestError(f"the answer cannot be read: “{shown}” bytes announced", passing=True)
    return int(told)


def _range(told: str, length: int | None) -> tuple[int, int | None]:
    """Return the first byte of a part and the size of the whole; the part must reach its end."""
    found = _RANGE.fullmatch(told.strip())
    if found is not None:
        first, last = int(found[1]), int(found[2])
        total = None if found[3] == "*" else int(found[3])
        if total in {None, last + 1} and length in {None, last + 1 - first}:
            return first, total
    raise RequestError(
        f"a part of the file that cannot be used: “{told[:_EXCERPT]}”", passing=True, status=206
    )


def _rest_s(asked: str | None) -> float:
    """Return how many seconds a Retry-After asks for: a number, or a date as HTTP writes it."""
    try:
        if asked is None or asked.strip().isdecimal():
            return float(asked or 0)
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - datetime.now(until.tzinfo or UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
