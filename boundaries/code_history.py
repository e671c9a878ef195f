"""Districts of other years: what a code or name of 2009 to 2025 leads to in an edition.

A district that has ended leads to the one that it became part of, one that is not yet there to all
the parts it was made of. The record is ``code_history.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from geo.codes import join_names, normal_name

HISTORY_FILE = Path(__file__).with_name("code_history.toml")


@dataclass(frozen=True)
class Change:
    """Districts that ended, and the one they became on a day by an Order: names by code."""

    since: date
    order: str
    old: Mapping[str, str]
    new: Mapping[str, str]

    @property
    def code(self) -> str:
        """Return the code of the district that was made."""
        return next(iter(self.new))


@dataclass(frozen=True)
class Renamed:
    """A district whose name changed and whose code stayed."""

    since: date
    code: str
    old: str
    new: str


@dataclass(frozen=True)
class Former:
    """A district of another year: what it leads to in an edition, and how to say so."""

    code: str
    name: str
    leads_to: tuple[str, ...]
    note: str


def formers(districts: pd.Series) -> list[Former]:
    """Return the districts of other years that lead to some of ``districts`` (name by code).

    In the order of their codes. One of which a part is not among ``districts`` is left out.

    >>> districts = pd.Series({"E06000063": "Cumberland"})
    >>> [former.note for former in formers(districts) if former.name == "Copeland"]
    ['Copeland is now part of Cumberland']
    """
    present = set(districts.index)
    named = {
        code: name for change in changes() for code, name in {**change.old, **change.new}.items()
    }
    found = [
        Former(code, name, codes, _note(code, name, codes, districts))
        for code, name in sorted(named.items())
        if code not in present and (codes := counterparts(code, present))
    ]
    return found + [
        Former(each.code, name, (each.code,), f"{name} is called {districts[each.code]} here")
        for each in renamed()
        for name in (each.old, each.new)
        if each.code in present and normal_name(name) != normal_name(districts[each.code])
    ]


def counterparts(code: str, present: Collection[str]) -> tuple[str, ...]:
    """Return the codes among ``present`` to which a code of any year leads; () where it does not.

    >>> counterparts("E07000029", {"E06000063"})
    ('E06000063',)
    >>> counterparts("E08000038", {"E08000016"})
    ('E08000016',)
    """
    return _later(code, present) or _earlier(code, present)


def what_became(code: str, year: int) -> str:
    """Return the code of what a district had become by a year: its own where it had not ended.

    >>> what_became("E07000004", 2022), what_became("E07000026", 2022)
    ('E06000060', 'E07000026')
    """
    heir = next((each for each in changes() if code in each.old and each.since.year <= year), None)
    return what_became(heir.code, year) if heir else code


def name_in(code: str, year: int) -> str | None:
    """Return the name by which the record knows a district in a year; None where it does not.

    >>> name_in("E06000060", 2022), name_in("E07000112", 2017), name_in("E08000012", 2022)
    ('Buckinghamshire', 'Shepway', None)
    """
    told = next((each for each in renamed() if each.code == code), None)
    if told is not None:
        return told.new if told.since.year <= year else told.old
    return next((each.new[code] for each in changes() if code in each.new), None)


def made_after(year: int) -> frozenset[str]:
    """Return the codes of the districts that were made after a year."""
    return frozenset(each.code for each in changes() if each.since.year > year)


def of_one_line(code: str, other: str) -> bool:
    """Say whether two codes are one district's, or one of them became part of the other.

    >>> of_one_line("E06000060", "E07000004"), of_one_line("E07000177", "E06000062")
    (True, False)
    """
    return bool(_later(code, {other}) or _later(other, {code}))


@cache
def changes() -> tuple[Change, ...]:
    """Return the record of changes, in the order of its file."""
    return tuple(Change(**entry) for entry in _record()["change"])


@cache
def renamed() -> tuple[Renamed, ...]:
    """Return the districts whose name alone has changed."""
    return tuple(Renamed(**entry) for entry in _record()["renamed"])


def _later(code: str, present: Collection[str]) -> tuple[str, ...]:
    if code in present:
        return (code,)
    heir = next((change.code for change in changes() if code in change.old), None)
    return _later(heir, present) if heir else ()


def _earlier(code: str, present: Collection[str]) -> tuple[str, ...]:
    if code in present:
        return (code,)
    made = next((change for change in changes() if code in change.new), None)
    parts = [_earlier(part, present) for part in made.old] if made else []
    return tuple(sorted(code for part in parts for code in part)) if all(parts) else ()


def _note(code: str, name: str, leads_to: tuple[str, ...], districts: pd.Series) -> str:
    names = join_names(districts[list(leads_to)])
    if normal_name(names) == normal_name(name):
        return f"{code} is the code of {name} in another year; here it is {leads_to[0]}"
    if _later(code, leads_to):
        return f"{name} is now part of {names}"
    since = next(change.since for change in changes() if code in change.new)
    return f"{name} was made on {since.day} {since:%B %Y} of {names}, which stand for it here"


@cache
def _record() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(HISTORY_FILE.read_text(encoding="utf-8"))
