"""What a borough's own profile adds: summaries, and fuel poverty over the years."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from maps.look.numbers import percentage
from maps.svg.bars import series_chart
from maps.words.summaries import SUMMARIES

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class SeriesFigure:
    """Fuel poverty over the years: chart and the numbers for the table beneath."""

    chart: Markup
    sentence: str
    rows: list[tuple[int, str, str]]


def series_figure(series: pd.DataFrame, name: str) -> SeriesFigure | None:
    """Return the share of households in fuel poverty over the years, or None without figures.

    Measures are separate lines: they count different things and are never joined.
    """
    if series.empty:
        return None
    ordered = series.sort_values("year")
    runs = [
        (str(measure), values.set_index("year")["pct"])
        for measure, values in ordered.groupby("measure", sort=False)
    ]
    told = "; ".join(
        f"{measure}: "
        + ", ".join(f"{year} {percentage(value, 1)}" for year, value in values.items())
        for measure, values in runs
    )
    latest = ordered.iloc[-1]
    return SeriesFigure(
        chart=series_chart(
            runs,
            key="fuel-series",
            title=f"Households in fuel poverty in {name} to {latest['year']}",
            description=f"{told}. The measures count different things and are not joined.",
        ),
        sentence=_latest(latest, runs, name),
        rows=[
            (int(year), str(measure), percentage(pct, 1))
            for year, measure, pct in ordered[["year", "measure", "pct"]].itertuples(index=False)
        ],
    )


def _latest(latest: pd.Series, runs: list[tuple[str, pd.Series]], name: str) -> str:
    said = (
        f"In {latest['year']}, {percentage(latest['pct'], 1)} of {name}'s households were in fuel"
        f" poverty ({latest['measure']})."
    )
    for (_, before), (measure, after) in pairwise(runs):
        said += (
            f" The measure changed to {measure} with {after.index[0]}: figures up to"
            f" {before.index[-1]} and from {after.index[0]} cannot be compared."
        )
    return said


def hidden_in_words(borough: Borough) -> list[str]:
    """Say how many LSOAs stand out here and not on a national map, where there are some."""
    if "hidden" not in borough.lsoa:
        return []
    count = int(borough.lsoa["hidden"].eq(True).sum())
    if not count:
        return []
    many = "LSOA is" if count == 1 else "LSOAs are"
    return [
        f"{count} {many} in the worst fifth of {borough.called} and only in decile 4 or 5 of"
        f" {borough.edition.whole}: a map of its most deprived neighbourhoods leaves"
        f" {'it' if count == 1 else 'them'} out."
    ]


def summaries(borough: Borough) -> list[tuple[str, str, str]]:
    """Return the publisher's summaries of overall deprivation: title, value, meaning of each."""
    overall = borough.edition.layer(borough.edition.overall)
    known = {overall.column(summary.key): summary for summary in SUMMARIES}
    return [
        (
            summary.title,
            summary.words(borough.district[column]),
            summary.meaning.format(whole=borough.edition.whole),
        )
        for column, summary in known.items()
        if column in borough.district
    ]
