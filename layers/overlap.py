"""On how many layers a neighbourhood is among the worst fifth, of England and of its borough.

Four things are counted: overall deprivation, fuel poverty, the air (the worse of PM2.5 and NO2) and
COVID-19 mortality. The Indices and their domains are never counted together. The layers share
inputs: the Indices' living environment domain includes air quality and housing condition, and fuel
poverty rests on income as the income domain does, so some overlap is built in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from libpysal.graph import Graph

from geo.cooccurrence import Factor, co_occurrence
from layers.layer import FRAMES, Edition, Frame

SHARED_INPUTS = (
    "The layers share inputs: the living environment domain of the Indices includes air quality "
    "and the condition of housing, and fuel poverty depends on income, as the income domain does."
)


def overlap_columns(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return ``overlap_england`` and ``overlap_borough``: on how many counts it is worst.

    A layer without a value there does not count.
    """
    return pd.DataFrame(
        {f"overlap_{frame}": worst_fifths(edition, lsoa, frame).sum(axis=1) for frame in FRAMES}
    )


def worst_fifths(edition: Edition, lsoa: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Say for each count (a column) if an LSOA is in the worst fifth on any of its layers."""
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
    """Yield for each count the rank in England, the worst of its layers, and the areas ranked."""
    for members in edition.overlap:
        layers = [edition.layer(member) for member in members]
        ranks = pd.concat([lsoa[layer.rank_column("england")] for layer in layers], axis="columns")
        native = lsoa if layers[0].geography == "LSOA" else lsoa.drop_duplicates("msoa_code")
        yield ranks.min(axis="columns"), int(native[layers[0].rank_column("england")].count())


def chance_of(
    edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame, graphs: Mapping[str, Graph]
) -> pd.DataFrame:
    """Compare a borough's overlap with chance in both frames (`geo.cooccurrence.co_occurrence`).

    Indexed by ``frame`` and ``at_least``. ``graphs`` holds the neighbours of LSOAs and MSOAs, by
    ``lsoa`` and ``msoa``; each layer is randomised at its native geography.
    """
    compared = {
        frame: co_occurrence(
            {
                "+".join(members): _factor(edition, members, frame, (lsoa, msoa), graphs)
                for members in edition.overlap
            },
            lsoa["population"],
        )
        for frame in FRAMES
    }
    return pd.concat(compared, names=["frame"])


def _factor(
    edition: Edition,
    members: tuple[str, ...],
    frame: Frame,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    graphs: Mapping[str, Graph],
) -> Factor:
    layers = [edition.layer(member) for member in members]
    carried = layers[0].geography == "MSOA"
    areas = tables[1] if carried else tables[0]
    return Factor(
        values=areas[[layer.ranking for layer in layers]],
        worst=pd.DataFrame(
            {layer.ranking: areas[layer.quintile_column(frame)] == 1 for layer in layers}
        ),
        graph=graphs["msoa" if carried else "lsoa"],
        parents=tables[0]["msoa_code"] if carried else None,
    )
