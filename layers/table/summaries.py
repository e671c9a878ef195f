"""What the values of areas amount to for larger ones: means over people, or sums of counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.stats.means import weighted_mean
from layers.kinds.kind import Counts
from layers.kinds.reading import PEOPLE, PEOPLE_BY_AGE
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer, Native


def pooled(edition: Edition, areas: pd.DataFrame, by: pd.Series, native: Native) -> pd.DataFrame:
    """Return the values of groups of areas on the layers that are native to these areas.

    Indexed by the groups; the columns are those of the layers' values, of the counts that some are
    made of, and of how much of a mean is estimated. An area without a value, or without one of its
    two counts, is left out; the people whom a share is of are not known of a group that holds one.
    """
    means: dict[str, pd.Series] = {}
    beside: list[pd.DataFrame] = []
    for layer in edition.layers:
        if layer.geography == native:
            counts = kind_of(layer).counts
            if counts is None:
                means[layer.value] = weighted_mean(areas[layer.value], areas[layer.weight], by)
                beside.append(estimated_pct(layer, areas, by))
                if layer.share_of:
                    means[layer.people] = areas[layer.people].groupby(by).sum(skipna=False)
            else:
                beside.append(summed(layer, counts, areas, by))
    groups = by.groupby(by).size().index
    return pd.concat([pd.DataFrame(means, index=groups), *beside], axis="columns")


def own_values(layer: Layer, areas: pd.DataFrame) -> pd.Series:
    """Return a layer's values of those areas that take part in ranks and findings.

    An area without counts, where the layer is made of them, only shows the value of a larger one.
    """
    counts = kind_of(layer).counts
    values = areas[layer.value]
    return values if counts is None else values.where(counts.known(layer, areas))


def estimated_pct(layer: Layer, areas: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return the share of people in each group (%) whose area has an estimated value.

    Column ``{id}_estimated_pct``, of those in areas with a value; no column for a layer of which
    nothing was carried.
    """
    if layer.estimated not in areas:
        return pd.DataFrame(index=by.groupby(by).size().index)
    known = areas[layer.value].notna()
    estimated = areas[layer.estimated].astype("float64").where(known)
    share = 100 * weighted_mean(estimated, areas[layer.weight], by)
    return share.rename(layer.estimated_pct).to_frame()


def with_people_counted(
    edition: Edition, areas: pd.DataFrame, native: Native, published: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Add, for each layer that is a share of people, how many people it is: ``{id}_people``.

    Those whom the publisher counts, where ``published`` has a column of this name with a count of
    the area; else the share times those whom it is of (`Layer.weight`), unrounded.
    """
    counts = {
        layer.people: areas[layer.value] * areas[layer.weight]
        for layer in edition.shares
        if layer.geography == native
    }
    if published is not None:
        counts |= {
            name: published[name].reindex(areas.index).fillna(worked_out)
            for name, worked_out in counts.items()
            if name in published
        }
    return areas.assign(**counts)


def denominators(areas: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Add up the people of groups of areas: all, those of working age, and by age."""
    return areas[[*PEOPLE, *PEOPLE_BY_AGE]].groupby(by).sum()


def summed(layer: Layer, counts: Counts, areas: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Add up the two counts of a layer over groups of areas, with the value that follows.

    Where the kind works out limits, they stand beside it. A group in which nothing is known has
    neither.
    """
    over, under = counts.columns(layer)
    known = areas[[name for name in areas if name in (over, under)]].dropna()
    sums = known.groupby(by.reindex(known.index)).sum()
    if counts.limits is None:
        sums = sums.assign(**{layer.value: counts.value(sums[over], sums[under])})
    else:
        sums = sums.join(counts.limits(sums[over], sums[under]).rename(columns=layer.column))
    return sums.reindex(by.groupby(by).size().index)


def values_of(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Mapping[str, float]:
    """Return England's value on each layer, by layer id.

    Means over its areas, each layer by its own weight, or one sum of counts over the other.
    """
    lsoas, msoas = (pd.Series(edition.whole, areas.index) for areas in (lsoa, msoa))
    found = (pooled(edition, lsoa, lsoas, "LSOA"), pooled(edition, msoa, msoas, "MSOA"))
    row = pd.concat(found, axis="columns").iloc[0]
    return {layer.id: float(row[layer.value]) for layer in edition.layers}


def people_of_all(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Mapping[str, float]:
    """Return how many people there are in all of an edition, by column.

    Its denominators, by age too, and the people whom its shares of people are.
    """
    native = {"LSOA": lsoa, "MSOA": msoa}
    sums = {name: float(lsoa[name].sum()) for name in (*PEOPLE, *PEOPLE_BY_AGE)}
    return sums | {
        layer.people: float(native[layer.geography][layer.people].sum()) for layer in edition.shares
    }


def scales_of(edition: Edition, msoa: pd.DataFrame) -> Mapping[str, tuple[float, float]]:
    """Return mean and standard deviation of each layer over all MSOAs, by layer id.

    Every MSOA with a value of its own counts once. What is compared by them does not depend on what
    is built.
    """
    values = {layer.id: own_values(layer, msoa).astype("float64") for layer in edition.layers}
    return {key: (float(one.mean()), float(one.std(ddof=0))) for key, one in values.items()}


def counts_of(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Mapping[str, int]:
    """Return how many areas have a rank on each layer at its native geography."""
    native = {"LSOA": lsoa, "MSOA": msoa}
    return {
        layer.id: int(own_values(layer, native[layer.geography]).count())
        for layer in edition.layers
    }
