"""What stands beside a file in the cache: where it came from, and which check it has passed.

The receipt of ``x`` is ``x.receipt.json``; ``x.checked`` holds the key of the check. Both name the
contents that they are of, so that neither is ever believed of another file.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.files.cache import key_of
from geo.files.hashes import file_hash
from geo.files.owned import workspace
from geo.sources import Source

RECEIPT, CHECKED = ".receipt.json", ".checked"
_MOST_BYTES = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a download was: the address that was really used, and what came from it.

    ``how`` says in words how the address was found: the recorded one, or one found in its place.
    ``when`` is the time in UTC as ISO 8601 writes it. ``size`` counts all bytes of the answers,
    ``rows`` the rows of a feature layer or table (None for a file). ``etag`` and ``modified`` are
    what the publisher's server said of the file, empty where it said nothing. ``sha256`` is of the
    file that is kept, which a member of an archive and the pages of a layer have only here.
    """

    source: str
    url: str
    how: str
    when: str
    size: int
    rows: int | None = None
    etag: str = ""
    modified: str = ""
    sha256: str


def receipt_of(path: Path) -> Receipt | None:
    """Return the receipt of a file in the cache; None for a file that has none, as in a mirror.

    A receipt that is damaged, or of other contents than the file's, is none.
    """
    try:
        told = _beside(path, RECEIPT)
        if told.stat().st_size > _MOST_BYTES:
            return None
        receipt = _receipt(json.loads(told.read_text(encoding="utf-8")))
        return receipt if receipt.sha256 == file_hash(path) else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def put_receipt(made: Path, receipt: Receipt) -> None:
    """Write the receipt of a file beside it, in the workspace in which the file is made."""
    text = json.dumps(asdict(receipt), indent=1, sort_keys=True, ensure_ascii=False)
    _beside(made, RECEIPT).write_text(text + "\n", encoding="utf-8")


def put_checked(made: Path, key: str) -> None:
    """Write which check a file has passed beside it, in the workspace in which it is made."""
    _beside(made, CHECKED).write_text(key + "\n", encoding="utf-8")


def check_key(path: Path, source: Source, check: object) -> str:
    """Return the key of a check: of the contents, of the record, and of all code that checks."""
    name = f"{getattr(check, '__module__', '')}.{getattr(check, '__qualname__', check)}"
    return key_of("checked", file_hash(path), repr(source), name)


def has_passed(path: Path, key: str) -> bool:
    """Say whether a file in the cache has passed the check of a key before."""
    with contextlib.suppress(OSError, ValueError):
        return _beside(path, CHECKED).read_text(encoding="utf-8") == key + "\n"
    return False


def remember_passed(path: Path, key: str) -> None:
    """Remember that a file in the cache has passed a check; where it cannot be, it is not."""
    told = _beside(path, CHECKED)
    with contextlib.suppress(OSError):
        told.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError), workspace(told) as written:
        written.write_text(key + "\n", encoding="utf-8")
        written.replace(told)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _receipt(told: Any) -> Receipt:
    """Return the receipt that was read; raises ``ValueError`` or ``TypeError`` otherwise."""
    kinds: dict[str, tuple[type, ...]] = {"size": (int,), "rows": (int, type(None))}
    for field in fields(Receipt):
        if not isinstance(told[field.name], kinds.get(field.name, (str,))):
            raise TypeError(field.name)
    datetime.fromisoformat(told["when"])
    return Receipt(**told)
