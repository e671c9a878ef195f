"""On how many layers a neighbourhood is among the worst fifth, of England and of its borough.

Four things are counted: overall deprivation, fuel poverty, the air (the worse of PM2.5 and NO2) and COVID-19
mortality. The Indices and their domains are never counted together. The layers share inputs: the Indices' living
environment domain includes air quality and housing condition, and fuel poverty rests on income as the
income domain does, so some overlap is built in.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from layers.layer import FRAMES, Edition, Frame

SHARED_INPUTS = (
    "The layers share inputs: the living environment domain of the Indices includes air quality and "
    "the condition of housing, and fuel poverty depends on income, as the income domain does."
)


def overlap_columns(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return ``overlap_england`` and ``overlap_borough``: on how many counts an LSOA is in the worst fifth.

    A layer without a value there does not count.
    """
    return pd.DataFrame(
        {f"overlap_{frame}": worst_fifths(edition, lsoa, frame).sum(axis=1) for frame in FRAMES}
    )


def worst_fifths(edition: Edition, lsoa: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Say for each count (one column each) whether an LSOA is in the worst fifth on any of its layers."""
    return pd.DataFrame(
        {
            "+".join(members): pd.concat(
                [lsoa[edition.layer(member).quintile_column(frame)] == 1 for member in members],
                axis="columns",
            ).any(axis="columns")
            for members in edition.overlap
        }
    )


def counted_ranks(edition: Edition, lsoa: pd.DataFrame) -> Iterator[tuple[pd.Series, int]]:
    """Yield, for each count, the rank in England (the worse where it has several layers) and the areas ranked."""
    for members in edition.overlap:
        layers = [edition.layer(member) for member in members]
        ranks = pd.concat([lsoa[layer.rank_column("england")] for layer in layers], axis="columns")
        native = lsoa if layers[0].geography == "LSOA" else lsoa.drop_duplicates("msoa_code")
        yield ranks.min(axis="columns"), int(native[layers[0].rank_column("england")].count())
