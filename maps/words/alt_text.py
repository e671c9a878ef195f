"""What a map shows, in words: the text alternative of pages, SVG files and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.layer import Frame, Layer
from maps.look.classify import Classified
from maps.look.numbers import AREAS_CALLED, counted, numeral
from maps.look.view import compared_with, mapped, own_areas
from maps.words.sentences import finding, listed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

MOST_NAMES = 3


def alt_text(borough: Borough, layer: Layer, frame: Frame) -> str:
    """Say what a layer's map shows: the place, the comparison, the count of each class, and where.

    Where is said by the MSOAs that hold most areas of the worst class in use; no area is ranked.
    """
    areas, classified = own_areas(borough, layer), mapped(borough, layer, frame)
    one, many = AREAS_CALLED[layer.geography]
    counts = "; ".join(f"{entry.label}: {numeral(entry.count)}" for entry in classified.legend)
    parts = [
        f"Map of {_place(borough)}: {layer.title}, compared with {compared_with(borough, frame)}",
        layer.period,
        f"{classified.title}, number of {counted(len(areas), one, many)} in each class – {counts}",
    ]
    return " ".join(f"{part.rstrip('.')}." for part in [*parts, _where(areas, classified)] if part)


def pockets_alt_text(borough: Borough) -> str:
    """Say what the map of pockets shows: the finding, and each pocket with its people."""
    pockets = borough.pockets.sort_values("number")
    entries = [
        f"{number}, {name}, {numeral(people)} people"
        for number, name, people in pockets[["number", "name", "population"]].itertuples(
            index=False
        )
    ]
    found = f"Map of {_place(borough)}: pockets of deprivation. {finding(borough)}"
    return f"{found} Pockets by number: {'; '.join(entries)}." if entries else found


def _place(borough: Borough) -> str:
    return f"{borough.called}, a fictional place" if borough.edition.fictional else borough.called


def _where(areas: pd.DataFrame, classified: Classified) -> str:
    """Name the MSOAs that hold most areas of the worst class that any area is in."""
    plain = [n for n, entry in enumerate(classified.classes) if entry.pattern == "plain"]
    used = [number for number in plain if classified.classes[number].count]
    if not used:
        return ""
    chosen = areas[classified.numbers == used[0]]
    names = chosen["msoa_name"] if "msoa_name" in chosen else chosen["area_name"]
    tally = names.value_counts().rename_axis("name").reset_index(name="areas")
    most = tally.sort_values(["areas", "name"], ascending=[False, True])["name"].head(MOST_NAMES)
    label = classified.classes[used[0]].label
    if len(tally) <= MOST_NAMES:
        words = "found in"
    else:
        words = "found most in" if tally["areas"].max() > 1 else "found among others in"
    return f"Worst class in use: {label}, {words} {listed([str(name) for name in most])}"
