"""A view of a borough's layer: the areas it is mapped by, the frame it is compared in, its classes.

Pages, printed maps, profiles and files all ask here, so that none counts or classes otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.layer import Frame, Layer
from layers.table.summaries import own_values
from maps.look.classify import Classified, classify_layer

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def own_areas(borough: Borough, layer: Layer) -> pd.DataFrame:
    """Return the borough's areas at the native geography of a layer."""
    return _areas(borough, layer.geography)


def compared_with(borough: Borough, frame: Frame) -> str:
    """Name what areas are compared with: England (or the sample), or the borough."""
    return borough.edition.whole if frame == "england" else borough.called


def ranked(borough: Borough, layer: Layer, geography: str) -> dict[Frame, int | None]:
    """Count the areas that are ranked on a layer at a geography, in England and in the borough.

    ``geography`` is ``LSOA``, ``MSOA`` or ``pocket``: each is ranked among its kind. None in
    England where that count is not known.
    """
    if geography == "pocket":
        pockets = borough.pockets
        own = int(pockets[layer.value].count()) if layer.value in pockets else 0
        return {"england": borough.pocket_counts.get(layer.id), "borough": own}
    native = layer.geography == geography
    england = (borough.counts if native else borough.msoa_counts).get(layer.id)
    own = int(own_values(layer, _areas(borough, geography)).notna().sum())
    return {"england": england, "borough": own}


def classified(borough: Borough, layer: Layer, frame: Frame) -> Classified:
    """Class a borough's LSOAs on one layer in one frame, each by the value it lies in."""
    return _classed(borough.lsoa, borough, layer, frame)


def mapped(borough: Borough, layer: Layer, frame: Frame) -> Classified:
    """Class the areas that a layer is mapped by: MSOAs where its values are theirs."""
    return _classed(own_areas(borough, layer), borough, layer, frame)


def without_withheld(places: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Return the places without anything of a layer where its ``<layer>_withheld`` column is true.

    Values, limits, ranks and fifths all go, since each would tell something of the others.
    """
    withheld = layer.withheld
    if withheld not in places:
        return places
    columns = [name for name in map(str, places) if layer.owns(name)]
    hidden = places[withheld].eq(True)
    return places.assign(
        **{name: places[name].mask(hidden) for name in columns if name != withheld}
    )


def _areas(borough: Borough, geography: str) -> pd.DataFrame:
    areas: pd.DataFrame = borough.lsoa if geography == "LSOA" else borough.msoa
    return areas


def _classed(areas: pd.DataFrame, borough: Borough, layer: Layer, frame: Frame) -> Classified:
    count = ranked(borough, layer, layer.geography)[frame] or 1
    return classify_layer(areas, layer, frame, count=count, place=compared_with(borough, frame))
