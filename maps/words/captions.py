"""The words on a printed sheet: its subtitle, the rule of the pockets, what stands beside a map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from layers.layer import Frame, Layer
from maps.look.numbers import AREAS_CALLED, amount, counted, numeral, trimmed
from maps.look.view import compared_with, own_areas
from maps.words.carried import carried_here
from maps.words.credits import as_sentence
from maps.words.rules import meeting_rule

if TYPE_CHECKING:
    from layers.borough.borough import Borough

MSOA_NOTE = (
    "One value for each MSOA, a neighbourhood of about 8,000 people;"
    " the small areas inside it are not told apart."
)


def subtitle(borough: Borough, layer: Layer, frame: Frame) -> str:
    """Say what is mapped: the comparison, the unit, the geography and the period."""
    parts = (
        f"Compared with {compared_with(borough, frame)}",
        f"unit: {layer.full_unit}",
        f"values of {AREAS_CALLED[layer.geography][1]}",
        layer.period,
    )
    return " · ".join(parts)


def rule_in_words(borough: Borough) -> str:
    """Say by which rule the pockets were found."""
    return f"Touching small areas (LSOAs) {meeting_rule(borough)}"


def layer_words(borough: Borough, layer: Layer) -> list[tuple[str, str]]:
    """Return what stands beside a layer's map: headings, each with a paragraph."""
    words = [
        ("What it shows", layer.explanation),
        ("How it stands", layer_standing(borough, layer)),
        ("Estimated", carried_here(borough, layer)),
    ]
    if layer.geography == "MSOA":
        words.append(("MSOA values", MSOA_NOTE))
    notes = " ".join(as_sentence(note) for note in borough.notes.get(layer.id, ()))
    words.append(("Take care", f"{layer.caveat} {notes}".strip()))
    return [(heading, text) for heading, text in words if text]


def layer_standing(borough: Borough, layer: Layer) -> str:
    """Give the borough's own value and England's, and how many areas lie over each guideline."""
    whole = borough.edition.whole
    known = {
        borough.name: own_value(borough, layer),
        whole[:1].upper() + whole[1:]: float(borough.england.get(layer.id, math.nan)),
    }
    values = [f"{name} {amount(value, layer)}" for name, value in known.items() if value == value]
    measured = own_areas(borough, layer)[layer.value].dropna()
    over = [
        above_line(
            int((measured > line).sum()), len(measured), f"{name} of {trimmed(line)} {layer.unit}"
        )
        for name, line in layer.lines.items()
    ]
    return " ".join(as_sentence(text) for text in ["; ".join(values), *over]).strip()


def above_line(places: int, of: int, line: str) -> str:
    """Say how many places lie over a line.

    >>> above_line(1, 98, "the legal limit of 40 µg/m³")
    '1 of 98 small areas is above the legal limit of 40 µg/m³'
    """
    are = "is" if places == 1 else "are"
    return f"{numeral(places)} of {counted(of, 'small area')} {are} above {line}"


def own_value(borough: Borough, layer: Layer) -> float:
    """Return the borough's own value of a layer, for the Indices its average score; NaN if none."""
    for column in (layer.column("average_score"), layer.value):
        if column in borough.district.index:
            return float(borough.district[column])
    return math.nan
