"""A borough beside the earlier editions: what has lasted there, as columns of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import geopandas as gpd
import pandas as pd

from layers.borough.borough import Borough
from layers.change.change import EditionChange


def with_change(borough: Borough, change: EditionChange | None) -> Borough:
    """Return a borough with what is known of earlier editions; itself where there is none."""
    if change is None:
        return borough
    own = change.of([borough.code])
    lasting = pd.Series(change.districts.loc[borough.code].to_dict())
    district = pd.concat([borough.district, lasting])
    return replace(
        borough,
        lsoa=cast("gpd.GeoDataFrame", borough.lsoa.join(own.lsoa)),
        msoa=cast("gpd.GeoDataFrame", borough.msoa.join(own.msoa)),
        pockets=cast("gpd.GeoDataFrame", borough.pockets.join(own.pockets)),
        district=district,
        change=own,
        settings={**borough.settings, "earlier_editions": " ".join(own.years[:-1])},
    )


def change_together(boroughs: Sequence[Borough]) -> EditionChange | None:
    """Return what is known of earlier editions of several boroughs of one build."""
    known = [borough.change for borough in boroughs if borough.change is not None]
    if not known:
        return None
    placed = {
        name: pd.concat([getattr(change, name) for change in known])
        for name in ("before", "flow", "counts", "redrawn")
    }
    return replace(known[0], **placed)
