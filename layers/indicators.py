"""What the Indices are made of: indicators and sub-domains as records of ``indicators.toml``.

An indicator is no layer: it is neither ranked nor mapped, but set beside the borough's and
England's on the profiles of places. Each is known by its record alone: another is an entry there
and the heading of its column in the record of its file. A sub-domain, a part of a domain with a
published rank of its own, is told like one: by how many people live in the most deprived tenth of
small areas by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from layers.catalogue import catalogue
from layers.layer import Edition

INDICATORS_FILE = Path(__file__).with_name("indicators.toml")
INDICATORS = "indicators"
"""The role of the file that holds them, in an edition."""
SUBDOMAINS = "subdomains"
"""The key of the sub-domains among the records, all others being files."""
BEHIND = "behind"
"""The key of the sources of indicators, and last of the people they are of, among those of layers.
"""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator: what it says, in which unit, and which end of it is worse.

    ``table`` is the table of its file in which it stands under its ``id``; ``column`` the column of
    its values here, in ``unit``: the published ones times ``scale``. ``domain`` is the part of the
    Indices that it belongs to. ``of`` is set where a count of people is published, and names the
    column of those of whom they are: the value is their share, and the count stands in ``people``;
    ``share`` is the column of the Indices in which the publisher gives that share itself, if any.
    Elsewhere the value of a larger area is a mean, weighted by ``weight``. ``district`` says that
    one figure holds for a whole district. ``period`` is empty where it is that of the file.
    ``ranks`` are the columns of the rank and decile of small areas, which only a sub-domain has,
    and ``published`` those of the same in the Indices' own file.
    """

    id: str
    table: str
    domain: str
    column: str
    title: str
    unit: str
    decimals: int
    period: str = ""
    caveat: str = ""
    scale: float = 1.0
    of: str = ""
    share: str = ""
    weight: str = "population"
    worse: Literal["high", "low"] = "high"
    district: bool = False
    ranks: tuple[str, ...] = ()
    published: tuple[str, ...] = ()

    @property
    def people(self) -> str:
        """The column of how many people are counted."""
        return f"{self.column}_people"

    @property
    def covers(self) -> str:
        """The column of how much of a place's people its value covers, in per cent."""
        return f"{self.column}_covers_pct"

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the indicator, its value first."""
        return (self.column, *([self.people] if self.of else []), self.covers, *self.ranks)

    @property
    def counted(self) -> str:
        """The column of the people of whom the value says something."""
        return self.of or self.weight

    def is_worse(self, value: float, than: float) -> bool:
        """Say if one value is worse than another, as both are shown.

        >>> connectivity = indicators_of("imd_2025_indicators")["iod_2025_connectivity"]
        >>> connectivity.is_worse(60.2, 61.0), connectivity.is_worse(60.21, 60.22)
        (True, False)
        """
        ahead = round(value, self.decimals) - round(than, self.decimals)
        return ahead < 0 if self.worse == "low" else ahead > 0


@cache
def indicators_of(source_id: str) -> Mapping[str, Indicator]:
    """Return the indicators of a file, by their columns in the order of the record; none of others.

    >>> indicators_of("imd_2025_indicators")["iod_2025_burglary"].unit
    'per 1,000 properties at risk'
    """
    record = _records().get(source_id, {"domains": []})
    return {indicator.column: indicator for indicator in _indicators(record)}


def indicators(edition: Edition) -> Mapping[str, Indicator]:
    """Return what an edition may have behind it, by columns: indicators, then sub-domains."""
    return {**indicators_of(edition.sources.get(INDICATORS, "")), **subdomains(edition)}


def subdomains(edition: Edition) -> Mapping[str, Indicator]:
    """Return the sub-domains that the file of an edition's Indices may hold, by their columns.

    >>> from layers.layer import edition
    >>> next(iter(subdomains(edition("2025")).values())).ranks
    ('iod_2025_children_young_people_rank', 'iod_2025_children_young_people_decile')
    """
    record = _records()[SUBDOMAINS]
    source = catalogue().get(edition.sources.get(record["role"], ""))
    groups = {} if source is None else source.tables["main"].optional
    entries = [entry for entry in record["parts"] if entry["id"] in groups]
    found = [_subdomain(record, entry, edition, groups[entry["id"]]) for entry in entries]
    return {one.column: one for one in found}


def indicators_in(
    known: Mapping[str, Indicator], columns: Iterable[str]
) -> Mapping[str, Indicator]:
    """Return those of some indicators that a table has: files may lack some of them."""
    there = set(columns)
    return {name: one for name, one in known.items() if {one.column, one.people} & there}


def lacking_indicators(edition: Edition, absent: Collection[str]) -> list[str]:
    """Say what is not shown of the indicators where some of the edition's roles are absent."""
    if INDICATORS not in absent or not indicators_of(edition.sources.get(INDICATORS, "")):
        return []
    return [
        "The indicators behind the Indices are not shown: the file that holds them was not"
        " available to this build."
    ]


def roles_behind(edition: Edition, absent: Collection[str] = ()) -> tuple[str, ...]:
    """Name the roles of the files behind an edition, less absent ones: that of the people last."""
    file = indicators_of(edition.sources.get(INDICATORS, ""))
    people = str(_records()[SUBDOMAINS]["role"])
    roles = ([INDICATORS] if file else []) + ([people] if indicators(edition) else [])
    return tuple(role for role in roles if role not in absent)


@cache
def _records() -> Mapping[str, Any]:
    return tomllib.loads(INDICATORS_FILE.read_text(encoding="utf-8"))


def _subdomain(
    record: Mapping[str, Any], entry: Mapping[str, str], edition: Edition, group: Sequence[str]
) -> Indicator:
    """Return a sub-domain of an edition; ``group`` names its score, rank and decile in the file."""
    names = {"edition": edition.id, "id": entry["id"]}
    return Indicator(
        id=entry["id"],
        table="main",
        domain=entry["domain"],
        column=record["column"].format(**names),
        title=f"Sub-domain: {entry['title']}",
        unit=f"% of people in the most deprived tenth of {edition.whole} by it",
        decimals=0,
        caveat=record["caveat"],
        of="population",
        ranks=tuple(name.format(**names) for name in record["ranks"]),
        published=tuple(group[1:]),
    )


def _indicators(record: Mapping[str, Any]) -> Iterator[Indicator]:
    for domain in record["domains"]:
        shared = {key: domain[key] for key in ("table", "period", "caveat") if key in domain}
        for entry in domain["indicators"]:
            column = record["columns"].format(id=entry["id"])
            yield Indicator(**{**shared, **entry, "domain": domain["title"], "column": column})
