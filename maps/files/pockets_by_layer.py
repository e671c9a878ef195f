"""The pockets by layers as numbers: the matrix of pages and atlas, for a sheet of the workbook."""

from __future__ import annotations

import pandas as pd

from layers.findings.fingerprint import side_by_side
from layers.layer import Edition, Layer

PLACES = ("lad_name", "number", "name")


def pockets_by_layer(pockets: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Return what each pocket is made of, a row a pocket, in their order.

    Each domain has the mean percentile, each other layer the value and its fifth among pockets,
    both with the lowest and highest of the small areas. A layer that is modelled for small areas is
    in fifths alone.
    """
    columns = [*PLACES, *(name for layer in side_by_side(edition) for name in _columns(layer))]
    return pockets[columns]


def _columns(layer: Layer) -> list[str]:
    if layer.domain:
        ends = ("mean_percentile", "percentile_lowest", "percentile_highest")
        return [layer.column(end) for end in ends]
    fifth = layer.quintile_column("england")
    if not layer.ranks_in_words:
        return [fifth, layer.column("fifth_worst"), layer.column("fifth_best")]
    return [layer.value, fifth, layer.column("lowest"), layer.column("highest")]
