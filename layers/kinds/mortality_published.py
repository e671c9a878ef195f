"""COVID-19 mortality of a region: as an earlier analysis printed it, and worked out here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from geo.stats.inequality import ridits
from layers.files import Files
from layers.kinds.published import Evidence, Published

_SOURCE = (
    "Earlier analysis of COVID-19 mortality in the nine boroughs of Cheshire and Merseyside, "
    "deaths registered March 2020 to April 2021, expected deaths not rescaled"
)
_FIGURES = {
    "Slope of mortality ratio on IMD score": "0.0171",
    "Intercept of that line": "0.6339",
    "R² of that line": "0.42",
    "Mortality ratio, most over least deprived tenth": "2.23",
    "Mortality ratio of the region": "1.05",
    "Tenths with a ratio below 1": "the 4 least deprived",
}


def published_mortality(unscaled: Callable[[Files], pd.DataFrame]) -> Published:
    """Return the figures, which rest on the MSOAs' values that ``unscaled`` reads.

    Their columns are observed, expected and ratio, expected deaths not rescaled.
    """

    def ours(evidence: Evidence) -> list[str]:
        msoa = evidence.msoa[evidence.msoa["lad_code"].isin(evidence.region)]
        places = msoa[["imd_2019_score", "population"]].set_axis(["score", "population"], axis=1)
        return said_of(places.join(unscaled(evidence.files)))

    return Published(edition="2019", source=_SOURCE, figures=_FIGURES, ours=ours)


def said_of(region: pd.DataFrame) -> list[str]:
    """Return the figures of a region, as they were printed.

    ``region`` has a row an MSOA with score, population, observed, expected and ratio.
    """
    slope, intercept = np.polyfit(region["score"], region["ratio"], 1)
    fit = np.corrcoef(region["score"], region["ratio"])[0, 1] ** 2
    place = ridits(region["score"], region["population"])
    by_tenth = region.groupby((place * 10).astype("int64"))[["observed", "expected"]].sum()
    tenths = by_tenth["observed"] / by_tenth["expected"]
    return [
        f"{slope:.4f}",
        f"{intercept:.4f}",
        f"{fit:.2f}",
        f"{tenths.iloc[-1] / tenths.iloc[0]:.2f}",
        f"{region['observed'].sum() / region['expected'].sum():.2f}",
        below_one(tenths),
    ]


def below_one(tenths: pd.Series) -> str:
    """Say which tenths, the least deprived first, have a ratio below 1.

    >>> below_one(pd.Series([0.5, 0.9, 1.0, 1.2]))
    'the 2 least deprived'
    >>> below_one(pd.Series([0.5, 1.1, 0.9, 1.2]))
    '2, not the least deprived'
    """
    below = int((tenths < 1).sum())
    together = bool((tenths.iloc[:below] < 1).all())
    return f"the {below} least deprived" if together else f"{below}, not the least deprived"
