"""What there is to publish: a mirror's files, as they are or cut into a publisher's own layout.

The mirror may be the one of the official files or `tests.publishers.tiny`'s, which has the same
names. Nothing is made before it is asked for, and then once for all processes that share ``work``.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.once import once
from tests.publishers.cuts import CUTS


@dataclass(frozen=True, kw_only=True)
class File:
    """A file ``of`` a mirror's, by a ``cut``; ``by`` leads to it, ``also`` has the same."""

    url: str
    of: str
    cut: str = ""
    by: str = ""
    also: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of GOV.UK, with the addresses of its attachments by their titles."""

    slug: str
    title: str
    attachments: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A feature service with one layer or table, ``0``, and the item of the portal for it."""

    name: str
    title: str
    of: str
    id: str
    most: int
    version: int = 1
    item: str = ""

    @property
    def item_id(self) -> str:
        return self.item or hashlib.md5(self.name.encode()).hexdigest()


@cache
def known() -> dict[str, Any]:
    """Return what is published: lists of ``file``, ``page`` and ``service``."""
    text = Path(__file__).with_name("files.toml").read_text(encoding="utf-8")
    kinds = {"file": File, "page": Page, "service": Service}
    return {
        kind: [kinds[kind](**one) for one in found] for kind, found in tomllib.loads(text).items()
    }


def spelt(url: str) -> str:
    """Return an address as it is compared: a query by its sorted parts, none of them escaped.

    >>> spelt("https://a.org/file?uri=%2fx/y.zip") == spelt("https://a.org/file?uri=/x/y.zip")
    True
    """
    parts = urlsplit(url)
    query = sorted(parse_qs(parts.query, keep_blank_values=True).items())
    said = "&".join(f"{key}={values[0]}" for key, values in query)
    return f"{parts.netloc}{unquote(parts.path)}{f'?{said}' if said else ''}"


@dataclass(frozen=True)
class Stock:
    """The files of a mirror, and what was made from them."""

    mirror: Path
    work: Path
    grids: bool = False
    """Whether Defra's grids are offered where the mirror has none: invented ones."""
    _files: dict[str, File] = field(default_factory=dict)
    _moved: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in known()["file"]:
            for url in filter(None, (file.url, file.also)):
                self._files[spelt(url)] = file

    def at(self, url: str) -> bytes | None:
        """Return the bytes of the file at an address; None where there is none."""
        file = self._files.get(spelt(url))
        if file is None or not (self.mirror / file.of).is_file():
            return None
        if not file.cut:
            return (self.mirror / file.of).read_bytes()
        return self.made(f"{file.cut}-{Path(file.of).name}", CUTS[file.cut]).read_bytes()

    def move(self, old: str, new: str) -> None:
        """Offer a file at another address alone; pages of GOV.UK then list that one."""
        file = self._files[spelt(old)]
        for key in [key for key, other in self._files.items() if other is file]:
            del self._files[key]
        self._files[spelt(new)] = file
        self._moved[old] = new

    def attachments(self, page: Page) -> dict[str, str]:
        """Return the addresses that a page lists, by their titles, as they are now."""
        return {title: self._moved.get(url, url) for title, url in page.attachments.items()}

    def made(self, name: str, make: Callable[[Path, Path], None]) -> Path:
        """Return a file that is made from the mirror by the first process that asks for it."""

        def fill(folder: Path) -> None:
            folder.mkdir(parents=True)
            make(self.mirror, folder / "file")

        self.work.mkdir(parents=True, exist_ok=True)
        key = hashlib.md5(f"{self.mirror.resolve()} {name}".encode()).hexdigest()[:16]
        return once(self.work / f"published-{key}", fill) / "file"
