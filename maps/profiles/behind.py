"""What is behind the Indices in a place: its indicators beside the borough's and England's."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import mode
from typing import TYPE_CHECKING, cast

import pandas as pd

from layers.indicators import Indicator, indicators, indicators_in
from maps.look.numbers import NO_VALUE, numeral, percent_of
from maps.words import sentences

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One indicator of a place, in words.

    ``told`` is what there is to know of the value: how many are counted, how much of the
    people it covers, that it is the borough's. ``period`` is empty where it is that of all of the
    group. ``worse`` says whether the place is worse than all that stands beside it.
    """

    indicator: Indicator
    here: str
    told: Sequence[str]
    borough: str
    england: str
    period: str
    worse: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorGroup:
    """The indicators of a place that belong to one domain of the Indices."""

    title: str
    period: str
    rows: Sequence[IndicatorRow]


def behind_of(borough: Borough) -> Collection[Indicator]:
    """Return the indicators and sub-domains that the files of the build had, in their order."""
    return indicators_in(indicators(borough.edition), borough.behind.columns).values()


def domains_behind(borough: Borough, code: str, *, kind: str) -> list[IndicatorGroup]:
    """Return the indicators of a place by domain; none where the borough has none.

    ``kind`` is ``MSOA``, ``pocket`` or ``borough``: a borough stands beside England alone.
    """
    if borough.behind.empty:
        return []
    beside = [borough.edition.whole] if kind == "borough" else [borough.code, borough.edition.whole]
    places = [cast("pd.Series", borough.behind.loc[place]) for place in (code, *beside)]
    groups: dict[str, list[Indicator]] = {}
    for indicator in behind_of(borough):
        groups.setdefault(indicator.domain, []).append(indicator)
    own = kind == "borough"
    return [_group(title, those, places, own=own) for title, those in groups.items()]


def caveats_behind(borough: Borough) -> list[tuple[str, str]]:
    """Return the caveats of the indicators, each once, with the titles that it belongs to."""
    if borough.behind.empty:
        return []
    told: dict[str, list[Indicator]] = {}
    domains: dict[str, set[str]] = {}
    for indicator in behind_of(borough):
        told.setdefault(indicator.caveat, []).append(indicator)
        domains.setdefault(indicator.domain, set()).add(indicator.caveat)
    return [
        (sentences.listed(_named(one, domains)), caveat) for caveat, one in told.items() if caveat
    ]


def _named(those: Sequence[Indicator], caveats: Mapping[str, set[str]]) -> list[str]:
    """Name the indicators that share a caveat; a whole domain, and all sub-domains, as one."""
    whole = [one.domain if len(caveats[one.domain]) == 1 else one.title for one in those]
    names = ["Sub-domains" if one.ranks else name for one, name in zip(those, whole, strict=True)]
    return list(dict.fromkeys(names))


def _group(
    title: str, those: Sequence[Indicator], places: Sequence[pd.Series], *, own: bool
) -> IndicatorGroup:
    """Describe the indicators of a domain; the period of most of them is told once."""
    period = mode(one.period for one in those)
    rows = [_row(one, places, own=own, known=period) for one in those]
    return IndicatorGroup(title=title, period=period, rows=rows)


def _row(
    indicator: Indicator, places: Sequence[pd.Series], *, own: bool, known: str
) -> IndicatorRow:
    """Describe a place, and what stands beside it: its borough unless it is one, and England."""
    values = [float(place[indicator.column]) for place in places]
    here, *beside = values
    shared = indicator.district and not own
    worse = all(indicator.is_worse(here, value) for value in beside)
    return IndicatorRow(
        indicator=indicator,
        here=_said(indicator, here),
        told=["the borough's"] if shared else _told(indicator, places[0], here),
        borough="" if own else _said(indicator, beside[0]),
        england=_said(indicator, beside[-1]),
        period="" if indicator.period == known else indicator.period,
        worse=worse and not shared,
    )


def _said(indicator: Indicator, value: float) -> str:
    """Write a value as it stands in the table, where its unit is told once a row."""
    if math.isnan(value):
        return NO_VALUE
    return f"{numeral(value, indicator.decimals)}{'%' if indicator.unit.startswith('%') else ''}"


def _told(indicator: Indicator, place: pd.Series, value: float) -> list[str]:
    """Say how many are counted, and how much of the people a value covers where not all."""
    count, covers = float(place.get(indicator.people, math.nan)), float(place[indicator.covers])
    what = "people" if indicator.ranks else "counted"
    told = [] if math.isnan(count) else [f"{numeral(count)} {what}"]
    return (
        told
        if math.isnan(value) or covers >= 100
        else [*told, f"{percent_of(covers, 100)} covered"]
    )
