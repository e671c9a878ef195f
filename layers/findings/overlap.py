"""On how many layers a neighbourhood is among the worst fifth, of England and of its borough.

Four things are counted: overall deprivation, fuel poverty, the air (the worse of PM2.5 and NO2) and
COVID-19 mortality. The Indices and their domains are never counted together. The layers share
inputs: the Indices' living environment domain includes air quality and housing condition, and fuel
poverty rests on income as the income domain does, so some overlap is built in.

What is not known is not counted as "not worst": where a count has no value its answer is unknown,
and the number on which a place is worst is then the least it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from libpysal.graph import Graph

from geo.stats.cooccurrence import Factor, co_occurrence
from layers.layer import FRAMES, Edition, Frame

SHARED_INPUTS = (
    "The layers share inputs: the living environment domain of the Indices includes air quality "
    "and the condition of housing, and fuel poverty depends on income, as the income domain does."
)


def overlap_columns(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return on how many counts each LSOA is worst, and how many counts are known of it.

    ``overlap_england`` and ``overlap_borough`` are the counts on which it is known to be worst;
    ``overlap_known_england`` and ``overlap_known_borough`` those of which it is known whether it is
    (`known_fifths`). Where not all are known, the first is "at least"; where none is, missing.
    """
    columns: dict[str, pd.Series] = {}
    for frame in FRAMES:
        known = known_fifths(edition, lsoa, frame).sum(axis=1)
        met = worst_fifths(edition, lsoa, frame).sum(axis=1)
        columns |= {f"overlap_{frame}": met.where(known > 0), f"overlap_known_{frame}": known}
    return pd.DataFrame(columns)


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


def known_fifths(edition: Edition, lsoa: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Say for each count (a column) if it is known whether an LSOA is in the worst fifth.

    It is where one of its layers is in the worst fifth, whatever the others are, and where all of
    them have a fifth.
    """
    found = worst_fifths(edition, lsoa, frame)
    for members in edition.overlap:
        fifths = lsoa[[edition.layer(member).quintile_column(frame) for member in members]]
        found["+".join(members)] |= fifths.notna().all(axis="columns")
    return found


def reaches(met: pd.Series, known: pd.Series, least: int, of: int) -> pd.Series:
    """Say whether areas are worst on at least so many of the counts: 1, 0, or missing.

    ``met`` and ``known`` are as in `overlap_columns`, ``of`` is the number of counts. Missing where
    the counts that are not known could make it so.

    >>> met, known = pd.Series([3, 2, 2, None]), pd.Series([3, 4, 3, 0])
    >>> reaches(met, known, 3, 4).tolist()
    [1.0, 0.0, nan, nan]
    """
    sure = met.fillna(0) >= least
    possible = met.fillna(0) + (of - known) >= least
    return sure.astype("float64").where(sure | ~possible)


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
    """Compare a borough's overlap with chance in both frames (`geo.stats.cooccurrence`).

    Indexed by ``frame`` and ``at_least``. Only LSOAs of which every count is known, in an MSOA that
    is counted in the borough, are compared (column ``compared``: how many). ``graphs`` holds the
    neighbours of LSOAs and MSOAs, by ``lsoa`` and ``msoa``; each layer is randomised at its native
    geography.
    """
    own = lsoa["msoa_code"].isin(msoa.index)
    complete = {frame: known_fifths(edition, lsoa, frame).all(axis=1) & own for frame in FRAMES}
    compared = {
        frame: co_occurrence(
            {
                "+".join(members): _factor(edition, members, frame, (lsoa, msoa), graphs)
                for members in edition.overlap
            },
            lsoa.loc[complete[frame], "population"],
        ).assign(compared=int(complete[frame].sum()))
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
