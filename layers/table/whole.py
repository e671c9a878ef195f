"""The whole edition's own values: what "England" means beside a borough."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from layers.layer import Edition
from layers.table.summaries import pooled


def values_of(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Mapping[str, float]:
    """Return England's value on each layer, by layer id.

    Means over its areas, each layer by its own weight, or one sum of counts over the other.
    """
    lsoas, msoas = (pd.Series(edition.whole, areas.index) for areas in (lsoa, msoa))
    found = (pooled(edition, lsoa, lsoas, "LSOA"), pooled(edition, msoa, msoas, "MSOA"))
    row = pd.concat(found, axis="columns").iloc[0]
    return {layer.id: float(row[layer.value]) for layer in edition.layers}


def scales_of(edition: Edition, msoa: pd.DataFrame) -> Mapping[str, tuple[float, float]]:
    """Return mean and standard deviation of each layer over all MSOAs, by layer id.

    Every MSOA counts once. What is compared by them does not depend on what is built.
    """
    values = {layer.id: msoa[layer.value].astype("float64") for layer in edition.layers}
    return {key: (float(one.mean()), float(one.std(ddof=0))) for key, one in values.items()}


def counts_of(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Mapping[str, int]:
    """Return how many areas have a value, and so a rank, on each layer at its native geography."""
    native = {"LSOA": lsoa, "MSOA": msoa}
    return {layer.id: int(native[layer.geography][layer.value].count()) for layer in edition.layers}
