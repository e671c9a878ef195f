"""Answers in JSON, held to be neither right nor harmless before they are seen to be.

An answer may be huge, nested so deep that nobody can read it, cut off, or an error that calls
itself successful. Each ends in one ``SourceError``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from geo.errors import SourceError
from geo.net.heads import RequestError

MOST_BYTES = 1 << 26
"""The size of the largest answer that is read: thousands of outlines in full detail."""
MOST_DEPTH = 24
"""How deep an answer may be nested: GeoJSON needs nine."""

_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A text, or what has begun as one and never ends: no letter of it is looked at twice."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_FINAL = {401, 403, 404, 410, 498, 499}
_EXCERPT = 200


def answer_of(path: Path) -> dict[str, Any]:
    """Return a server's answer, once it is of credible size and depth, and whole.

    Raises ``SourceError`` otherwise, and ``RequestError`` where the answer is an error.
    """
    _require_credible(path)
    raw = path.read_bytes()
    try:
        answer = json.loads(raw.decode("utf-8-sig"), parse_constant=_refused)
        if _SURROGATE.search(raw):
            json.dumps(answer, ensure_ascii=False).encode()
    except (ValueError, RecursionError, MemoryError) as problem:
        start = " ".join(raw[:60].decode("utf-8", errors="replace").split())
        raise SourceError(
            "The server's answer cannot be read", expected="JSON", found=f"“{start}…” ({problem})"
        ) from problem
    if not isinstance(answer, dict):
        raise SourceError(
            "The server's answer is of another form", expected="an object", found=found_in(answer)
        )
    if answer.get("error"):
        raise _error(answer["error"])
    return answer


def _error(told: object) -> RequestError:
    """Return what a server says went wrong, as if it had not called that a success."""
    code = told.get("code") if isinstance(told, dict) else 0
    status = code if type(code) is int else 0
    gone = status in _FINAL or (isinstance(told, dict) and told.get("message") == "Invalid URL")
    return RequestError(
        f"the server answered with an error: {found_in(told)}", passing=not gone, status=status
    )


def found_in(answer: object) -> str:
    """Return the beginning of a part of an answer, for a message."""
    return str(answer)[:_EXCERPT]


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _require_credible(path: Path) -> None:
    """Refuse an answer that is too large or nested too deep, before any of it is put together."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SourceError(
            "The server's answer is too large",
            expected=f"at most {MOST_BYTES / 1e6:,.0f} MB a page",
            found=f"{size / 1e6:,.0f} MB",
        )
    signs = np.frombuffer(_TEXT.sub(b"", path.read_bytes()), dtype="uint8")
    steps = np.isin(signs, [*b"[{"]).astype("int32") - np.isin(signs, [*b"]}"])
    depth = int(steps.cumsum().max(initial=0))
    if depth > MOST_DEPTH:
        raise SourceError(
            "The server's answer is nested too deep",
            expected=f"at most {MOST_DEPTH} lists and objects in each other",
            found=f"{depth:,}",
        )
