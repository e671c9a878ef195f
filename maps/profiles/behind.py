"""What is behind the Indices in a place: its indicators beside the borough's and England's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd

from layers.indicators import Indicator, indicators
from maps.look.numbers import NO_VALUE, numeral, percent_of
from maps.words import sentences

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One indicator of a place, in words.

    ``told`` is what there is to know of the value: how many are counted, how much of the
    people it covers, that it is the borough's. ``worse`` says whether the place is worse than all
    that stands beside it.
    """

    indicator: Indicator
    here: str
    told: Sequence[str]
    borough: str
    england: str
    worse: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorGroup:
    """The indicators of a place that belong to one domain of the Indices."""

    title: str
    rows: Sequence[IndicatorRow]


def domains_behind(borough: Borough, code: str, *, kind: str) -> list[IndicatorGroup]:
    """Return the indicators of a place by domain; none where the borough has none.

    ``kind`` is ``MSOA``, ``pocket`` or ``borough``: a borough stands beside England alone.
    """
    if borough.behind.empty:
        return []
    beside = [borough.edition.whole] if kind == "borough" else [borough.code, borough.edition.whole]
    places = [cast("pd.Series", borough.behind.loc[place]) for place in (code, *beside)]
    domains: dict[str, list[IndicatorRow]] = {}
    for indicator in indicators(borough.edition).values():
        row = _row(indicator, places, own=kind == "borough")
        domains.setdefault(indicator.domain, []).append(row)
    return [IndicatorGroup(title=title, rows=rows) for title, rows in domains.items()]


def caveats_behind(borough: Borough) -> list[tuple[str, str]]:
    """Return the caveats of the indicators, each once, with the titles that it belongs to."""
    if borough.behind.empty:
        return []
    told: dict[str, list[str]] = {}
    for indicator in indicators(borough.edition).values():
        if indicator.caveat:
            told.setdefault(indicator.caveat, []).append(indicator.title)
    return [(sentences.listed(titles), caveat) for caveat, titles in told.items()]


def _row(indicator: Indicator, places: Sequence[pd.Series], *, own: bool) -> IndicatorRow:
    """Describe a place, and what stands beside it: its borough unless it is one, and England."""
    values = [float(place[indicator.column]) for place in places]
    here, *beside = values
    shared = indicator.district and not own
    known = [value for value in beside if not math.isnan(value)]
    worse = bool(known) and all(indicator.is_worse(here, value) for value in known)
    return IndicatorRow(
        indicator=indicator,
        here=_said(indicator, here),
        told=["the borough's"] if shared else _told(indicator, places[0], here),
        borough="" if own else _said(indicator, beside[0]),
        england=_said(indicator, beside[-1]),
        worse=worse and not shared and not math.isnan(here),
    )


def _said(indicator: Indicator, value: float) -> str:
    """Write a value as it stands in the table, where its unit is told once a row."""
    if math.isnan(value):
        return NO_VALUE
    return f"{numeral(value, indicator.decimals)}{'%' if indicator.unit.startswith('%') else ''}"


def _told(indicator: Indicator, place: pd.Series, value: float) -> list[str]:
    """Say how many are counted, and how much of the people a value covers where not all."""
    count, covers = float(place.get(indicator.people, math.nan)), float(place[indicator.covers])
    told = [] if math.isnan(count) else [f"{numeral(count)} counted"]
    return (
        told
        if math.isnan(value) or covers >= 100
        else [*told, f"{percent_of(covers, 100)} covered"]
    )
