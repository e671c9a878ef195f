"""How each layer runs with overall deprivation, in a borough or a region.

Every layer is taken at its native geography. The Indices against themselves are circular:
described, without an interval or a ratio.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo.stats.inequality import PLACE, Gradient, gradient, without_ratios
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer
from layers.table.summaries import own_values


class Gradients(NamedTuple):
    """``indices``: a row a layer; ``parts``: a row a layer and part.

    A row of ``indices`` is a `geo.stats.inequality.Gradient` and the ``unit`` of its slope and gap.
    """

    indices: pd.DataFrame
    parts: pd.DataFrame


def gradients_of(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Gradients:
    """Return the gradient of every layer over some areas, and the values of tenths or fifths."""
    found = {layer.id: _gradient(edition, layer, lsoa, msoa) for layer in edition.layers}
    rows = {
        layer.id: pd.Series({"unit": _unit(layer)} | found[layer.id].row())
        for layer in edition.layers
    }
    indices = pd.DataFrame(rows).T
    parts = pd.concat({layer_id: one.groups for layer_id, one in found.items()})
    typed = indices.infer_objects().rename_axis("layer")
    return Gradients(typed, parts.rename_axis(["layer", "part"]))


def _unit(layer: Layer) -> str:
    """Name the unit of a difference of two values of the layer's column."""
    return layer.column_unit if layer.share_of else layer.difference


def _gradient(edition: Edition, layer: Layer, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> Gradient:
    areas = lsoa if layer.geography == "LSOA" else msoa
    kind = kind_of(layer)
    # Pooled over what it is a share of, the value of a tenth is a share itself.
    weight = layer.weight if kind.counts is None else layer.column(kind.counts.under)
    found = gradient(
        own_values(layer, areas),
        areas[edition.layer(edition.overall).value],
        areas["population"],
        centroids=areas[list(PLACE)],
        pooled_by=areas[weight],
        circular=kind.circular,
    )
    return found if layer.true_zero else without_ratios(found)
