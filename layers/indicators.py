"""What the Indices are made of: indicators as records, read from ``indicators.toml``.

An indicator is no layer: it is neither ranked nor mapped, but set beside the borough's and
England's on the profiles of places. Each is known by its record alone: another is an entry there
and the heading of its column in the record of its file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from layers.layer import Edition

INDICATORS_FILE = Path(__file__).with_name("indicators.toml")
INDICATORS = "indicators"
"""The role of the file that holds them, in an edition."""
BEHIND = "behind"
"""The key of the sources of indicators, and of the people they are of, among those of layers."""


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
        return (self.column, *([self.people] if self.of else []), self.covers)

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
    """Return the indicators of an edition, by their columns; none where it has no file of them."""
    return indicators_of(edition.sources.get(INDICATORS, ""))


def lacking_indicators(edition: Edition, absent: Collection[str]) -> list[str]:
    """Say what is not shown of the indicators where some of the edition's roles are absent."""
    if INDICATORS not in absent or not indicators(edition):
        return []
    return [
        "What is behind the Indices is not shown: the file of their underlying indicators was not"
        " available to this build."
    ]


def roles_behind(edition: Edition) -> tuple[str, ...]:
    """Name the roles of the files behind the indicators: theirs, and that with the people."""
    record = _records().get(edition.sources.get(INDICATORS, ""))
    return () if record is None else (INDICATORS, str(record["people"]))


@cache
def _records() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(INDICATORS_FILE.read_text(encoding="utf-8"))


def _indicators(record: Mapping[str, Any]) -> Iterator[Indicator]:
    for domain in record["domains"]:
        shared = {key: domain[key] for key in ("table", "period", "caveat") if key in domain}
        for entry in domain["indicators"]:
            column = record["columns"].format(id=entry["id"])
            yield Indicator(**{**shared, **entry, "domain": domain["title"], "column": column})
