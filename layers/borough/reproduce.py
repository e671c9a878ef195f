"""Published figures beside ours: what others printed, and what the same method gives here.

A figure is reproduced when ours, rounded as it was published, is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from boundaries.ground import Ground
from boundaries.names import places
from geo.files.store import Store
from geo.stats.inequality import ridits
from layers.files import Files
from layers.kinds import covid_mortality
from layers.table.neighbourhoods import Tables

PUBLISHED_EDITION = "2019"
FIGURE_COLUMNS = ["figure", "published", "ours", "same", "source"]
PUBLISHED_REGION = "cheshire-merseyside"
_FILE_10 = "MHCLG, English Indices of Deprivation 2019, File 10: local authority district summaries"
_FUEL = "BEIS, Sub-regional fuel poverty data 2022 (2020 data), Table 2"
_COVID = (
    "Earlier analysis of COVID-19 mortality in the nine boroughs of Cheshire and Merseyside, "
    "deaths registered March 2020 to April 2021, expected deaths not rescaled"
)


@dataclass(frozen=True)
class Figure:
    """One published figure: what it is, its value as printed, and how we work it out."""

    figure: str
    published: str
    source: str
    ours: Callable[[Evidence], str]


@dataclass(frozen=True)
class Evidence:
    """What figures are worked out from: the tables, and the region's MSOAs, not rescaled."""

    tables: Tables
    region: pd.DataFrame

    def district(self, name: str, column: str) -> float:
        """Return a district's value in a column, by the district's name."""
        districts = self.tables.districts
        return float(districts.loc[districts["area_name"] == name, column].iloc[0])

    def tenths(self) -> pd.Series:
        """Return pooled observed / expected by population-weighted tenth, 1 = least deprived."""
        region = self.region
        place = ridits(region["deprivation"], region["population"])
        sums = region.groupby((place * 10).astype("int64"))[["observed", "expected"]].sum()
        return sums["observed"] / sums["expected"]

    def line(self) -> tuple[float, float, float]:
        """Return slope, intercept and R² of ratio on score, least squares over MSOAs."""
        score, ratio = self.region["deprivation"], self.region["ratio"]
        slope, intercept = np.polyfit(score, ratio, 1)
        return float(slope), float(intercept), float(np.corrcoef(score, ratio)[0, 1] ** 2)


def reproduced(files: Files, joined: Tables, ground: Ground) -> pd.DataFrame:
    """Work out every published figure: columns figure, published, ours, same and source.

    The figures are of one edition: there are none for another. They are kept once worked out.
    """
    if files.edition.id != PUBLISHED_EDITION:
        return pd.DataFrame(columns=FIGURE_COLUMNS)

    def make() -> pd.DataFrame:
        return _worked_out(Evidence(joined, _region(files, joined, ground)))

    return Store(files.cache / "tables").frame("published", joined.key, make=make)


def _worked_out(evidence: Evidence) -> pd.DataFrame:
    rows = []
    for figure in figures():
        ours = figure.ours(evidence)
        rows.append(
            (figure.figure, figure.published, ours, ours == figure.published, figure.source)
        )
    return pd.DataFrame(rows, columns=FIGURE_COLUMNS)


def figures() -> Iterator[Figure]:
    """Yield the published figures, in the order they are shown."""
    yield from _indices()
    yield from _mortality()
    yield Figure(
        "Households in fuel poverty, England, 2020 data",
        "13.2%",
        _FUEL,
        lambda e: f"{_fuel_poverty_of_all(e):.1f}%",
    )
    yield Figure(
        "Highest fuel poverty of the nine boroughs, 2020 data",
        "Liverpool",
        _FUEL,
        _highest_fuel_poverty,
    )


def _indices() -> Iterator[Figure]:
    for name, share in (("Knowsley", "25.1%"), ("Liverpool", "23.5%"), ("Warrington", "10.9%")):
        yield Figure(
            f"People living in income deprivation, {name}, 2019",
            share,
            _FILE_10,
            lambda e, name=name: f"{100 * e.district(name, 'imd_2019_income_average_score'):.1f}%",  # type: ignore[misc]
        )
    for name, score in (("Blackpool", "45.039"), ("Knowsley", "43.006"), ("Liverpool", "42.412")):
        yield Figure(
            f"Average IMD score, {name}, 2019",
            score,
            _FILE_10,
            lambda e, name=name: f"{e.district(name, 'imd_2019_average_score'):.3f}",  # type: ignore[misc]
        )
    for name, score in (("Liverpool", "0.176"), ("Wirral", "0.157"), ("Sefton", "0.148")):
        yield Figure(
            f"Average employment score, {name}, 2019",
            score,
            _FILE_10,
            lambda e, name=name: f"{e.district(name, 'imd_2019_employment_average_score'):.3f}",  # type: ignore[misc]
        )


def _mortality() -> Iterator[Figure]:
    yield Figure(
        "Slope of mortality ratio on IMD score", "0.0171", _COVID, lambda e: f"{e.line()[0]:.4f}"
    )
    yield Figure("Intercept of that line", "0.6339", _COVID, lambda e: f"{e.line()[1]:.4f}")
    yield Figure("R² of that line", "0.42", _COVID, lambda e: f"{e.line()[2]:.2f}")
    yield Figure(
        "Mortality ratio, most over least deprived tenth",
        "2.23",
        _COVID,
        lambda e: f"{e.tenths().iloc[-1] / e.tenths().iloc[0]:.2f}",
    )
    yield Figure(
        "Mortality ratio of the region",
        "1.05",
        _COVID,
        lambda e: f"{e.region['observed'].sum() / e.region['expected'].sum():.2f}",
    )
    yield Figure(
        "Tenths with a ratio below 1",
        "the 4 least deprived",
        _COVID,
        lambda e: _below_one(e.tenths()),
    )


def _below_one(tenths: pd.Series) -> str:
    below = int((tenths < 1).sum())
    together = bool((tenths.iloc[:below] < 1).all())
    return f"the {below} least deprived" if together else f"{below}, not the least deprived"


def _region(files: Files, joined: Tables, ground: Ground) -> pd.DataFrame:
    """Return the region's MSOAs: deaths and ratio as published, IMD score, population."""
    sources = {role: files.source(role) for role in covid_mortality.ROLES}
    paths = {role: files.path(role) for role in covid_mortality.ROLES}
    inputs = covid_mortality.read_inputs(sources, paths)
    layer = covid_mortality.layer_of(files.edition)
    unscaled = covid_mortality.build(files.edition, *inputs, version="as_published").values
    msoa = joined.msoa
    inside = msoa["lad_code"].isin(places(ground.districts)[PUBLISHED_REGION].codes)
    return pd.DataFrame(
        {
            "deprivation": msoa.loc[inside, "imd_2019_score"],
            "population": msoa.loc[inside, "population"],
            **{
                measure: unscaled[layer.column(measure)].reindex(msoa.index[inside])
                for measure in ("observed", "expected", "ratio")
            },
        }
    )


def _fuel_poverty_of_all(evidence: Evidence) -> float:
    lsoa = evidence.tables.lsoa
    return float(
        100 * lsoa["fuel_poverty_2020_fuel_poor"].sum() / lsoa["fuel_poverty_2020_households"].sum()
    )


def _highest_fuel_poverty(evidence: Evidence) -> str:
    codes = evidence.tables.msoa.loc[evidence.region.index, "lad_code"].unique()
    inside = evidence.tables.districts.loc[codes]
    return str(inside.loc[inside["fuel_poverty_2020_pct"].idxmax(), "area_name"])
