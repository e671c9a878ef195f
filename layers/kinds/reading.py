"""What a layer's reader returns: values of all areas, where they came from, what was noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from geo.checks import Check

OVER_YEARS = "over_years"
"""The key of the sources behind values of other years, among the sources of layers."""


class OverYears(NamedTuple):
    """``series``: a row a district and year; ``checks``: what was compared (see `Check`).

    The series has columns lad_code, year, measure, the two counts of the kind and pct; England's
    own is lad_code "". Measures count different things and are never one line.
    """

    series: pd.DataFrame
    checks: pd.DataFrame

    def of(self, code: str) -> pd.DataFrame:
        """Return the series of one district, and England's beside it."""
        return self.series[self.series["lad_code"].isin([code, ""])]


PEOPLE = ("population", "working_age_population")
"""The Indices' denominators: of most domains, and of the employment domain. Means of areas are
weighted by one or the other."""
PEOPLE_BY_AGE = {
    "population_children": "0–15",
    "population_16_to_59": "16–59",
    "population_older": "60 and over",
}
"""The Indices' denominators by age, which add up to the population: columns, and their ages."""


@dataclass(frozen=True, kw_only=True)
class LayerValues:
    """The values of one family of layers at their native geography.

    ``values`` is indexed by ``area_code`` (all areas of the edition); ``used`` names the roles of
    the sources that the values came from; ``notes`` are sentences for the reader; ``checks`` feed
    the quality report; ``regions`` names the region of each district, and ``districts`` holds the
    code of each LSOA's, where a file says it. ``families`` holds the counts of families of
    former areas of which no area of the edition has any (see `layers.kinds.carrying`).
    """

    values: pd.DataFrame
    used: tuple[str, ...]
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    regions: pd.Series | None = None
    districts: pd.Series | None = None
    families: pd.DataFrame | None = None
