"""Finding districts and places by the names people use.

Names differ in punctuation between sources ("St. Helens", "St Helens"): they are matched without
it and shown in their common form.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from geo.codes import is_code, join_names, nearest_names, normal_name, slug
from geo.errors import AreaError, some

WITH_ARTICLE = re.compile(r"(Isles? of|Forest of|Vale of|City of|East Riding|New Forest)\b")
"""How the names begin that people say with “the”: the Vale of White Horse, the Isles of Scilly."""
PLACES_FILE = Path(__file__).with_name("places.toml")
_SUFFIXES = (", City of", ", County of")


@dataclass(frozen=True)
class Selection:
    """The districts a build is for: their codes in order, and what to call them together."""

    name: str
    codes: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Return the name as a folder's name."""
        return slug(self.name)


@dataclass(frozen=True)
class Place:
    """A named group of districts."""

    id: str
    name: str
    also: tuple[str, ...]
    codes: tuple[str, ...]


def common_name(name: str) -> str:
    """Return the form of a district's official name that people say.

    >>> common_name("St. Helens"), common_name("Bristol, City of")
    ('St Helens', 'Bristol')
    """
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name.replace("St. ", "St ")


def places(districts: pd.Series) -> Mapping[str, Place]:
    """Return the named places all of whose districts are in ``districts`` (name by code)."""
    found = {}
    for key, record in _records().items():
        prefix = record.get("prefix")
        by_prefix = [code for code in districts.index if prefix and code.startswith(prefix)]
        codes = tuple(record.get("codes", by_prefix))
        if codes and set(codes) <= set(districts.index):
            found[key] = Place(key, record["name"], tuple(record.get("also", ())), codes)
    return found


def select(text: str, districts: pd.Series, *, whole: str) -> Selection:
    """Find the districts that a text asks for.

    ``districts`` holds names by code. The text is a district's name or code, a named place, several
    of these with commas, or the ``whole`` ("england", "sample"). Raises ``AreaError`` naming the
    nearest.

    >>> districts = pd.Series({"E08000012": "Liverpool", "E08000013": "St Helens"})
    >>> select("st. helens, liverpool", districts, whole="England")
    Selection(name='St Helens and Liverpool', codes=('E08000013', 'E08000012'))
    """
    if normal_name(text) in {normal_name(whole), normal_name(whole).removeprefix("the "), "all"}:
        return Selection(whole, tuple(sorted(districts.index)))
    known = _by_name(districts)
    single = known.get(_key(text))
    if single:
        return single
    parts = [known.get(_key(part)) or _refuse(part, known, whole) for part in _parts(text, known)]
    codes = tuple(dict.fromkeys(code for part in parts for code in part.codes))
    name = join_names(part.name for part in parts) if len(parts) <= 3 else f"{len(codes)} districts"
    return Selection(name, codes)


def search(text: str, districts: pd.Series) -> pd.DataFrame:
    """List the districts and places whose name or code contains a text; all of them for "".

    Returns columns code, name, kind and districts (their number), districts first.
    """
    wanted = normal_name(text)
    rows = [
        {"code": code, "name": name, "kind": "district", "districts": 1}
        for code, name in districts.sort_index().items()
        if wanted in normal_name(name) or wanted == str(code).lower()
    ]
    rows += [
        {"code": key, "name": place.name, "kind": "place", "districts": len(place.codes)}
        for key, place in places(districts).items()
        if wanted in normal_name(place.name) or wanted in normal_name(key)
    ]
    return pd.DataFrame(rows, columns=["code", "name", "kind", "districts"])


def _key(text: str) -> str:
    stripped = text.strip()
    return stripped.upper() if is_code(stripped.upper()) else normal_name(stripped)


def _by_name(districts: pd.Series) -> dict[str, Selection]:
    known: dict[str, Selection] = {}
    for place in places(districts).values():
        for name in (place.id, place.name, *place.also):
            known[normal_name(name)] = Selection(place.name, place.codes)
    for code, name in districts.items():
        known[normal_name(name)] = known[str(code)] = Selection(str(name), (str(code),))
    return known


def _parts(text: str, known: Mapping[str, Selection]) -> list[str]:
    """Split at commas, keeping together a name that has commas of its own."""
    left = [part.strip() for part in text.split(",") if part.strip()]
    parts = []
    while left:
        longest = next(
            (n for n in range(len(left), 0, -1) if _key(", ".join(left[:n])) in known), 1
        )
        parts.append(", ".join(left[:longest]))
        left = left[longest:]
    return parts or [text]


def _refuse(text: str, known: Mapping[str, Selection], whole: str) -> Selection:
    names = list(dict.fromkeys(selection.name for selection in known.values()))
    nearest = nearest_names(text, names)
    raise AreaError(
        f"No district or place is called “{text.strip()}”",
        expected="a district's name or code, a named place, or several with commas"
        + (f", or “{whole}”" if whole else ""),
        found=f"the nearest names are {some(nearest)}" if nearest else "no similar name",
        do="search with “pockets areas TEXT”; districts are those of April 2022",
    )


@cache
def _records() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PLACES_FILE.read_text(encoding="utf-8"))


def in_a_sentence(name: str) -> str:
    """Give a district's name as it stands within a sentence, with its article where it has one.

    >>> in_a_sentence("Isle of Wight"), in_a_sentence("Wirral")
    ('the Isle of Wight', 'Wirral')
    """
    return f"the {name}" if WITH_ARTICLE.match(name) else name
