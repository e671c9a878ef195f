"""What is said of values that were carried from areas of another census, wherever they appear.

A mark stands beside a single value; a sentence tells of a borough how many of its areas it is of.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from geo.space.families import IRREGULAR, SPLIT
from layers.kinds.registry import kind_of
from layers.layer import Layer
from maps.look.numbers import AREAS_CALLED, counted, numeral, share_in_words
from maps.look.view import own_areas

if TYPE_CHECKING:
    from layers.borough.borough import Borough

ESTIMATED = "[e]"
"""Stands behind a value in a table; `KEY_TO_ESTIMATES` explains it."""
KEY_TO_ESTIMATES = f"{ESTIMATED} an estimate, carried from areas of another census."


def mark_of(layer: Layer, link: str) -> str:
    """Return what stands beside an estimated value of an area, by the link of the area.

    >>> from layers.layer import edition
    >>> air, deaths = (edition("2025").layer(key) for key in ("no2_2021_23", "covid_2020_21"))
    >>> mark_of(air, "S"), mark_of(air, "M"), mark_of(deaths, "X")
    ('estimated: of the former LSOA', 'estimated', 'of the former MSOAs, not ranked')
    """
    counts = kind_of(layer).counts is not None
    if link == SPLIT:
        former = f"of the former {layer.geography}"
        return f"{former}, not ranked" if counts else f"estimated: {former}"
    return f"of the former {layer.geography}s, not ranked" if counts else "estimated"


def marks(layer: Layer, areas: pd.DataFrame) -> dict[str, str]:
    """Return the marks of those of some areas that have an estimated value, by code.

    A larger area is marked with the share of its people who live in such areas.
    """
    if layer.estimated in areas:
        estimated = areas[areas[layer.estimated].eq(True)]
        return {str(code): mark_of(layer, link) for code, link in estimated[layer.link].items()}
    if layer.estimated_pct in areas:
        shares = areas.loc[areas[layer.estimated_pct] > 0, layer.estimated_pct]
        return {str(code): share_estimated(share) for code, share in shares.items()}
    return {}


def share_estimated(pct: float) -> str:
    """Say how much of a mean is estimated; nothing where nothing is.

    >>> share_estimated(12.4), share_estimated(0.2), share_estimated(0.0)
    ('estimated for 12% of its people', 'estimated for less than 1% of its people', '')
    """
    if math.isnan(pct) or pct <= 0:
        return ""
    return f"estimated for {share_in_words(pct, 100)} of its people"


def carried_here(borough: Borough, layer: Layer) -> str:
    """Say of how many of a borough's areas the value was carried; nothing where it is of none."""
    areas = own_areas(borough, layer)
    if layer.estimated not in areas:
        return ""
    links = areas.loc[areas[layer.estimated].eq(True), layer.link]
    if links.empty:
        return ""
    one, many = AREAS_CALLED[layer.geography]
    where = f"{numeral(len(links))} of {counted(len(areas), one, many)} of {borough.called}"
    if kind_of(layer).counts is not None:
        shows, ranked = ("shows", "is") if len(links) == 1 else ("show", "are")
        return (
            f"{where} {shows} the ratio of a former neighbourhood that was divided, and {ranked}"
            " neither ranked nor tested for clusters."
        )
    parts = int(links.isin([SPLIT, IRREGULAR]).sum())
    told = {
        "that of a former area that was divided": parts,
        "a mean of several that were merged": len(links) - parts,
    }
    shown = ", ".join(
        f"{numeral(number)} {'shows' if number == 1 else 'show'} {what}"
        for what, number in told.items()
        if number
    )
    changed = "boundaries have changed since the census that the figures are of, so the value is"
    return f"In {where} {changed} an estimate: {shown}."
