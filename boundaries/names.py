"""Finding districts and places by the names people use.

Names differ between sources, councils and people ("St. Helens", "Saint Helens", "St Helens Borough
Council"): they are matched without punctuation and titles and shown in their common form. A code or
a name of another year leads to what became of it (`boundaries.code_history`), and the selection
says so. Only a whole name selects: a part of one, or one with a mistake in it, is refused with the
nearest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from boundaries.code_history import Former, formers
from boundaries.titles import without_titles
from geo.codes import is_code, join_names, nearest_names, normal_name, slug
from geo.errors import AreaError, some

WITH_ARTICLE = re.compile(r"(Isles? of|Forest of|Vale of|City of|East Riding|New Forest)\b")
"""How the names begin that people say with “the”: the Vale of White Horse, the Isles of Scilly."""
PLACES_FILE = Path(__file__).with_name("places.toml")
ALSO_FILE = Path(__file__).with_name("also_called.toml")
_SUFFIXES = (", City of", ", County of")


@dataclass(frozen=True)
class Selection:
    """The districts a build is for: their codes in order, and what to call them together.

    ``notes`` are sentences, without a stop, for whoever asked by a name or a code of another year.
    """

    name: str
    codes: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Return the name as a folder's name."""
        return slug(self.name)


@dataclass(frozen=True)
class NamedPlace:
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


def in_a_sentence(name: str) -> str:
    """Give a district's name as it stands within a sentence, with its article where it has one.

    >>> in_a_sentence("Isle of Wight"), in_a_sentence("Wirral")
    ('the Isle of Wight', 'Wirral')
    """
    return f"the {name}" if WITH_ARTICLE.match(name) else name


def places(districts: pd.Series) -> Mapping[str, NamedPlace]:
    """Return the named places all of whose districts are in ``districts`` (name by code)."""
    found = {}
    for key, record in _records().items():
        prefix = record.get("prefix")
        by_prefix = [code for code in districts.index if prefix and code.startswith(prefix)]
        codes = tuple(record.get("codes", by_prefix))
        if codes and set(codes) <= set(districts.index):
            found[key] = NamedPlace(key, record["name"], tuple(record.get("also", ())), codes)
    return found


def select(text: str, districts: pd.Series, *, whole: str) -> Selection:
    """Find the districts that a text asks for.

    ``districts`` holds names by code. The text is a district's name or code, of this or another
    year, a named place, several of these with commas, semicolons, “&” or “and”, or the ``whole``
    ("england", "sample"). Raises ``AreaError`` naming every part that is none of these, and the
    nearest names.

    >>> districts = pd.Series({"E08000012": "Liverpool", "E08000013": "St Helens"})
    >>> select("st. helens and liverpool city council", districts, whole="England")
    Selection(name='St Helens and Liverpool', codes=('E08000013', 'E08000012'), notes=())
    """
    if _key(text) in {_key(whole), "all"}:
        return Selection(whole, tuple(sorted(districts.index)))
    known = _Known.of(districts)
    parts = [(part, known.find(part)) for part in _parts(text, known)]
    unknown = [part for part, found in parts if found is None]
    if unknown:
        raise _refusal(unknown, known, whole)
    found = list(dict.fromkeys(found for _, found in parts if found))
    if len(found) == 1:
        return found[0]
    codes = tuple(dict.fromkeys(code for part in found for code in part.codes))
    name = join_names(part.name for part in found) if len(found) <= 3 else f"{len(codes)} districts"
    return Selection(name, codes, tuple(note for part in found for note in part.notes))


def search(text: str, districts: pd.Series, msoas: pd.DataFrame | None = None) -> pd.DataFrame:
    """List what has a text in its name, or has it as its code or whole name; for "", all districts.

    Returns columns code, name, kind and note: districts, then places, then districts of other years
    with what became of them, then the ``msoas`` (area_name and lad_name by code).
    """
    wanted = normal_name(text)
    known = _Known.of(districts)
    exact = known.district(text)
    rows = [
        (code, name, "district", "")
        for code, name in districts.sort_index().items()
        if wanted in normal_name(name) or (exact and code in exact.codes and not exact.notes)
    ]
    rows += [
        (key, place.name, "place", f"{len(place.codes)} districts")
        for key, place in places(districts).items()
        if wanted in normal_name(place.name) or wanted in normal_name(key)
    ]
    if wanted:
        rows += [
            (former.code, former.name, "former", former.note)
            for former in known.formers
            if wanted in normal_name(former.name) or wanted == normal_name(former.code)
        ]
        rows += [
            (str(code), name, "msoa", f"neighbourhood in {lad_name}")
            for code, name, lad_name in _named(msoas)
            if wanted in normal_name(name) or wanted == normal_name(code)
        ]
    return pd.DataFrame(rows, columns=["code", "name", "kind", "note"])


@dataclass(frozen=True)
class _Known:
    """What can be asked for, by key: districts, places, and districts of other years."""

    districts: Mapping[str, Selection]
    places: Mapping[str, Selection]
    former: Mapping[str, Selection]
    formers: Sequence[Former]

    @staticmethod
    def of(districts: pd.Series) -> _Known:
        named = {
            _key(name): Selection(place.name, place.codes)
            for place in places(districts).values()
            for name in (place.id, place.name, *place.also)
        }
        single: dict[str, Selection] = {}
        for code, name in districts.items():
            selection = Selection(str(name), (str(code),))
            keys = [str(code), *map(_key, (str(name), *_also_called().get(str(code), ())))]
            single |= dict.fromkeys(keys, selection)
        others = formers(districts)
        return _Known(single, named, _by_former_name(others, districts), others)

    def find(self, text: str) -> Selection | None:
        """Find one district or place by its whole name, before that of another year."""
        return self.districts.get(_key(text)) or self.places.get(_key(text)) or self.district(text)

    def district(self, text: str) -> Selection | None:
        """Find one district, with titles or without, before one of another year."""
        forms = [_key(text), *without_titles(_key(text))]
        now = (self.districts.get(form) for form in forms)
        then = (self.former.get(form) for form in forms)
        return next((found for found in (*now, *then) if found), None)

    @property
    def names(self) -> list[str]:
        """Return every name in the form that people say, for suggestions."""
        found = [*self.districts.values(), *self.places.values()]
        return list(dict.fromkeys(selection.name for selection in found))


def _by_former_name(others: Sequence[Former], districts: pd.Series) -> dict[str, Selection]:
    found: dict[str, Selection] = {}
    for former in others:
        one = len(former.leads_to) == 1
        name = str(districts[former.leads_to[0]]) if one else former.name
        selection = Selection(name, former.leads_to, (former.note,))
        found |= dict.fromkeys((former.code, _key(former.name)), selection)
    return found


def _key(text: str) -> str:
    code = "".join(text.split()).upper()
    return code if is_code(code) else normal_name(text).removeprefix("the ")


def _parts(text: str, known: _Known) -> list[str]:
    """Split at semicolons, commas, “&” and “and”, keeping together a name that has any of them."""
    stretches = [re.split(r"(\s*[,&]\s*|\s+and\s+)", part) for part in text.split(";")]
    parts = [part for pieces in stretches for part in _split(pieces, known)]
    return [part for part in parts if normal_name(part)] or [text]


def _split(pieces: Sequence[str], known: _Known) -> list[str]:
    """Take the longest known name from the left, over and over.

    ``pieces`` are texts with the separators between them. What begins no known name is left whole
    up to a comma, or to where a known name begins.
    """
    if not pieces:
        return []
    end = _known_end(pieces, known) or next(
        (
            at - 1
            for at in range(2, len(pieces), 2)
            if "," in pieces[at - 1] or _known_end(pieces[at:], known)
        ),
        len(pieces),
    )
    return ["".join(pieces[:end]), *_split(pieces[end + 1 :], known)]


def _known_end(pieces: Sequence[str], known: _Known) -> int | None:
    ends = range(len(pieces), 0, -2)
    return next((end for end in ends if known.find("".join(pieces[:end]))), None)


def _refusal(unknown: Sequence[str], known: _Known, whole: str) -> AreaError:
    several = len(unknown) > 1
    found = [_nearest_to(text, known, named=several) for text in unknown]
    return AreaError(
        f"No district or place is called {' or '.join(f'“{text.strip()}”' for text in unknown)}",
        expected="a district's name or code, a named place, or several with commas"
        + (f", or “{whole}”" if whole else ""),
        found="; ".join(found),
        do="give a whole name; “pockets areas TEXT” lists those that contain a text",
    )


def _nearest_to(text: str, known: _Known, *, named: bool) -> str:
    """Say which names a text may stand for: all that begin with it, or the nearest in spelling."""
    to = f" to “{text.strip()}”" if named else ""
    forms = [_key(text), *without_titles(_key(text))]
    begun = [
        name for name in known.names if any(_key(name).startswith(f"{form} ") for form in forms)
    ]
    if len(begun) > 1:
        return f"“{text.strip()}” may be any of {some(begun, most=8)}"
    nearest = begun or nearest_names(forms[-1], known.names)
    return f"the nearest names{to} are {some(nearest)}" if nearest else f"no similar name{to}"


def _named(msoas: pd.DataFrame | None) -> list[tuple[str, str, str]]:
    if msoas is None:
        return []
    return list(zip(msoas.index, msoas["area_name"], msoas["lad_name"], strict=True))


@cache
def _records() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PLACES_FILE.read_text(encoding="utf-8"))


@cache
def _also_called() -> dict[str, list[str]]:
    return tomllib.loads(ALSO_FILE.read_text(encoding="utf-8"))
