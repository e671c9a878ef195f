"""Fuel poverty over the years, within pages: a borough beside England, a panel a measure.

Measures count different things: each is a series of its own, and nothing joins them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from layers.borough.region import WHOLE, fuel_poverty_by_year
from maps.look.numbers import or_dash, percentage
from maps.svg.canvas import step_of
from maps.svg.side_by_side import panels_chart
from maps.words.of_regions import FUEL_MEASURES
from maps.words.sentences import listed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

ROOM = 1.12
"""How far a scale goes beyond the largest value, which has its number above it."""
LEVEL_LINES = 5
"""Level lines of a panel, at most."""


@dataclass(frozen=True, kw_only=True)
class YearsFigure:
    """Fuel poverty of a borough and of England over the years: chart, its key, sentence, and table.

    A row is a year, its measure, and the shares of households of both, ready to print.
    """

    chart: Markup
    key: str
    sentence: str
    rows: list[tuple[int, str, str, str]]


def years_figure(borough: Borough) -> YearsFigure | None:
    """Draw the shares of households in fuel poverty over the years; None without figures."""
    found = fuel_poverty_by_year([borough])
    if found.empty:
        return None
    shares = found[[borough.code, WHOLE]].set_axis(["own", "whole"], axis="columns")
    whole = borough.edition.whole
    return YearsFigure(
        chart=years_chart(
            shares, key="fuel-series", ceiling=ceiling_of(shares), name=borough.called, whole=whole
        ),
        key=_key(shares, borough),
        sentence=_latest(shares, borough),
        rows=[
            (int(year), str(measure), _cell(own), _cell(whole))
            for measure, year, own, whole in shares.reset_index().itertuples(index=False)
        ],
    )


def _cell(share: float) -> str:
    return or_dash(percentage(share, 1), share)


def ceiling_of(shares: pd.DataFrame) -> float:
    """Return the round end of a scale from zero that all shares fit on."""
    most = float(shares.max().max()) * ROOM
    step = step_of(most, LEVEL_LINES)
    return step * -(-most // step)


def years_chart(shares: pd.DataFrame, *, key: str, ceiling: float, name: str, whole: str) -> Markup:
    """Draw ``own`` and ``whole`` shares by measure and year, and describe them.

    ``name`` is the borough's, ``whole`` what the edition is of.
    """
    runs = [
        (str(measure), rows.droplevel("measure"))
        for measure, rows in shares.groupby(level="measure", sort=False)
    ]
    told = " ".join(
        f"{measure}: "
        + "; ".join(
            f"{year} {percentage(row['own'], 1)} ({whole} {percentage(row['whole'], 1)})"
            for year, row in rows.iterrows()
        )
        + "."
        for measure, rows in runs
    )
    return panels_chart(
        runs,
        ceiling=ceiling,
        key=key,
        title=f"Households in fuel poverty in {name}",
        description=f"{told} The measures count different things and are not joined.",
    )


def measures_in_words(shares: pd.DataFrame) -> list[str]:
    """Write out the names of the measures in the index of some shares."""
    found = shares.index.get_level_values("measure").unique()
    return [
        f"{each} is {FUEL_MEASURES[each]}" if each in FUEL_MEASURES else str(each) for each in found
    ]


def _key(shares: pd.DataFrame, borough: Borough) -> str:
    """Explain the two lines, and what the measures' names stand for."""
    return (
        f"Full line, a mark a year: {borough.called}; dashed: {borough.edition.whole}."
        f" {listed(measures_in_words(shares))}."
    )


def _latest(shares: pd.DataFrame, borough: Borough) -> str:
    """Say how it stands in the latest year, and where what is counted changes."""
    measure, year = shares.index[-1]
    own, whole = (percentage(each, 1) for each in shares.iloc[-1])
    said = (
        f"In {year}, {own} of the households of {borough.called} were in fuel poverty ({measure});"
        f" in {borough.edition.whole} {whole}."
    )
    years = {
        str(measure): rows.index.get_level_values("year")
        for measure, rows in shares.groupby(level="measure", sort=False)
    }
    for (_, before), (later, after) in pairwise(years.items()):
        said += (
            f" The measure changed to {later} with {after[0]}: figures up to {before[-1]} and"
            f" from {after[0]} cannot be compared."
        )
    return said
