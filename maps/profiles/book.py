"""A borough's tables as plain records: profiles are written without searching frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.kinds.registry import kind_of
from layers.layer import Layer
from maps.look.numbers import numeral, share_in_words
from maps.words.how_sure import recurrence_share

if TYPE_CHECKING:
    from layers.borough.borough import Borough

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Book:
    """Records by code: ``lsoa`` and ``msoa`` from the most deprived, ``pockets`` by number.

    ``members`` holds the codes of the LSOAs of every MSOA and pocket, in the order of ``lsoa``.
    """

    lsoa: Mapping[str, Record]
    msoa: Mapping[str, Record]
    pockets: Mapping[str, Record]
    members: Mapping[str, Sequence[str]]

    def areas(self, place: str) -> list[Record]:
        """Return the LSOAs of an MSOA or a pocket, most deprived first."""
        return [self.lsoa[code] for code in self.members[place]]


def book_of(borough: Borough) -> Book:
    """Write a borough's tables out as records."""
    overall = borough.edition.layer(borough.edition.overall)
    rank = overall.rank_column("borough")
    lsoa = records(borough.lsoa.rename_axis("area_code").sort_values([rank, "area_code"]))
    msoa = records(borough.msoa.rename_axis("area_code").sort_values([rank, "area_code"]))
    pockets = records(borough.pockets.rename_axis("pocket_id").sort_values("number"))
    return Book(
        lsoa={area["area_code"]: area for area in lsoa},
        msoa={area["area_code"]: area for area in msoa},
        pockets={pocket["pocket_id"]: pocket for pocket in pockets},
        members=_members(lsoa, "msoa_code") | _members(lsoa, "pocket_id"),
    )


def records(table: pd.DataFrame) -> list[Record]:
    """Return the rows of a table without its geometry, the index among the columns."""
    flat = pd.DataFrame(table.drop(columns="geometry", errors="ignore")).reset_index()
    columns = [flat[name].tolist() for name in flat]
    return [dict(zip(map(str, flat), row, strict=True)) for row in zip(*columns, strict=True)]


def people_of(places: Iterable[Record]) -> int:
    """Count the people of some places."""
    return int(sum(place["population"] for place in places))


def pocket_line(pocket: Record) -> Record:
    """Put a pocket into words for a line of a table."""
    return {
        "id": pocket["pocket_id"],
        "number": pocket["number"],
        "name": pocket["name"],
        "people": numeral(pocket["population"]),
        "lsoas": pocket["lsoa_count"],
        "area": f"{numeral(pocket['area_km2'], 1)} km²",
        "worst": share_in_words(pocket["worst_decile_pct"], 100),
        "came_back": recurrence_share(pocket),
    }


def _members(lsoa: Sequence[Record], column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for area in lsoa:
        if area.get(column):
            found.setdefault(area[column], []).append(area["area_code"])
    return found


def shown_layers(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers shown by value for LSOAs: those measured there, but the Indices."""
    return [
        layer
        for layer in layers
        if layer.geography == "LSOA" and layer.ranks_in_words and not kind_of(layer).circular
    ]
