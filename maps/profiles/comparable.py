"""Places elsewhere in the build that are most like a place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from layers.layer import Edition, Layer
from maps.words.sentences import listed


def compared_layers(edition: Edition) -> tuple[Layer, ...]:
    """Return the layers by which places are compared: all but the domains of the overall index."""
    return tuple(layer for layer in edition.layers if not layer.domain)


def how_compared(edition: Edition, kind: str, place: str) -> str:
    """Say how places are compared; ``kind`` names them ("MSOAs") and ``place`` where they are."""
    names = listed([layer.short for layer in compared_layers(edition)])
    return (
        f"The nearest {kind} of {place} by {names}, each standardised over all MSOAs of"
        f" {edition.whole} (difference from the mean in standard deviations) and weighing the same;"
        " the distance of two places is the root of the mean squared difference, whatever else is"
        " built. Layers missing in either place are left out."
    )


def standardised(
    table: pd.DataFrame, edition: Edition, scales: Mapping[str, tuple[float, float]]
) -> pd.DataFrame:
    """Return the compared layers' values as differences from a mean in standard deviations.

    ``scales`` gives both by layer id, so that they are those of all areas of the edition whatever
    is built. A layer that is the same everywhere tells nothing, and is missing.
    """
    compared = compared_layers(edition)
    middle, spread = (
        pd.Series({layer.value: scales[layer.id][part] for layer in compared}) for part in (0, 1)
    )
    values = table[[layer.value for layer in compared]].astype("float64")
    return (values - middle) / spread.where(spread > 0)


def nearest(scores: pd.DataFrame, place: str, *, among: pd.Index, most: int = 5) -> pd.Series:
    """Return the distance of the places most like a place, nearest first.

    ``scores`` are `standardised`; only places in ``among`` are looked at. Equal distances stand in
    order of code; a place that shares no layer with it is left out.

    >>> scores = pd.DataFrame({"a": [0.0, 1.0, 3.0], "b": [0.0, 1.0, np.nan]}, index=list("pqr"))
    >>> nearest(scores, "p", among=pd.Index(["q", "r"])).to_dict()
    {'q': 1.0, 'r': 3.0}
    """
    differences = scores.loc[among] - scores.loc[place]
    distance = pd.Series(np.sqrt((differences**2).mean(axis="columns")), name="distance").dropna()
    return distance.sort_index().sort_values(kind="stable").head(most)
