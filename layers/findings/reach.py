"""Whom pockets and cut-offs reach: people counted by shares, inside them and out.

A share of people (income, employment) times those whom it is of says how many it stands for
(`layers.table.summaries.with_people_counted`). A list of the most deprived small areas reaches
those of them who live there, and leaves out those who live elsewhere. All of it counts people of
areas; it says of nobody that they are deprived.
"""

from __future__ import annotations

import math

import pandas as pd

from layers.layer import Edition, Layer

CUT_OFFS = 10
"""Cut-offs are told by tenths of England."""
HUNDREDTHS = range(1, 101)
"""England's own curve is kept at each of these."""


def counted_in_areas(edition: Edition) -> list[Layer]:
    """Return the layers whose people are counted in small areas (LSOAs)."""
    return [layer for layer in edition.shares if layer.geography == "LSOA"]


def outside_pockets(edition: Edition, lsoa: pd.DataFrame) -> dict[str, float]:
    """Count the people of shares who live outside every pocket, and their share of all of them.

    ``lsoa`` has ``pocket_id``, empty for areas in none. Keys ``{id}_people_outside_pockets`` and
    ``{id}_people_outside_pockets_pct``; the share is missing where nobody is counted, both where
    an area's people are not known.
    """
    outside, found = lsoa["pocket_id"].eq(""), {}
    for layer in counted_in_areas(edition):
        people = lsoa[layer.people]
        there, everywhere = (float(each.sum(skipna=False)) for each in (people[outside], people))
        found[layer.people_outside] = there if everywhere >= 0 else math.nan
        found[layer.outside_pct] = 100 * there / everywhere if everywhere > 0 else math.nan
    return found


def reach_of(edition: Edition, lsoa: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return what a borough's small areas hold, from England's most deprived down to any cut-off.

    One row a rank in England on overall deprivation that an area of ``lsoa`` has, in order, and
    indexed by it: ``cut_off_pct`` is the share of England's ``count`` areas ranked that it cuts
    off; ``lsoa_count`` and ``population`` say how many areas and people are within, and for each
    share of people ``{id}_people`` how many it counts; each with ``…_pct``, their share of all of
    the borough's. Areas without a rank are in the whole and within no cut-off.
    """
    overall = edition.layer(edition.overall)
    names = ["population", *(layer.people for layer in counted_in_areas(edition))]
    counted = lsoa[names].astype("float64").assign(lsoa_count=1.0)
    rank = lsoa[overall.rank_column("england")].astype("float64").rename("cut_off_rank")
    within = counted.groupby(rank).sum(skipna=False).sort_index().cumsum(skipna=False)
    shares = (100 * within / counted.sum(skipna=False)).add_suffix("_pct")
    cut_off = 100 * within.index.to_series() / count
    return within.join(shares).assign(cut_off_pct=cut_off)


def reach_of_all(edition: Edition, lsoa: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return `reach_of` of England itself, at each hundredth of its small areas (1% to 100%).

    ``lsoa`` are all its areas, ``count`` how many of them are ranked; a hundredth that no rank ends
    within has no row.
    """
    reach = reach_of(edition, lsoa, count)
    cuts = [part * count / 100 for part in HUNDREDTHS]
    ends = {int(end) - 1 for end in reach.index.searchsorted(cuts, side="right")}
    return reach.iloc[sorted(ends - {-1})]


def within_tenths(reach: pd.DataFrame, tenths: int, count: int) -> pd.Series:
    """Return the row of `reach_of` down to so many tenths of England; nought where none is within.

    The cut-off is that of the deciles, ceil(rank × 10 / ``count``).
    """
    within = reach.loc[: tenths * count / CUT_OFFS]
    row = within.iloc[-1] if len(within) else reach.iloc[:1].sum() * 0.0
    return row.drop("cut_off_pct")
