"""Gradients in words: the ends, the gap between them, and the indices with their units.

A gap is the difference of the two values as they are shown, so that a reader who subtracts finds
the same. No direction is said where there is none to be sure of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.kinds.registry import kind_of
from layers.layer import Layer
from maps.look.numbers import amount, numeral, part_in_words, value_with_limits

if TYPE_CHECKING:
    from layers.borough.borough import Borough

SLOPE_UNITS = {"score": "points of score", "ratio": "in the ratio"}
"""How the unit of a difference is said after a number, where that is not the unit itself."""
UNCLEAR = "no clear gradient"

GradientRow = Mapping[str, Any]
"""A row of `layers.findings.gradients.Gradients.indices`."""


@dataclass(frozen=True, kw_only=True)
class GradientInWords:
    """How one layer runs with deprivation in a place.

    ``row`` holds the indices with their limits and both ends; ``parts`` has a row a part of the
    population, the least deprived first: ``value``, ``areas`` and ``population``.
    """

    layer: Layer
    row: GradientRow
    parts: pd.DataFrame

    @property
    def part(self) -> str:
        """Name one part: a tenth, a fifth."""
        return part_in_words(int(self.row["parts"]))


def gradients_in_words(borough: Borough) -> list[GradientInWords]:
    """Return the gradients of the layers that are not part of the Indices.

    Empty where there are too few areas for parts, or no gradients at hand.
    """
    if borough.gradients.empty:
        return []
    found = [
        (layer, dict(borough.gradients.loc[layer.id]))
        for layer in borough.edition.layers
        if not kind_of(layer).circular
    ]
    return [
        GradientInWords(
            layer=layer,
            row=row,
            parts=pd.DataFrame(borough.gradient_parts.loc[layer.id]).sort_index(ascending=False),
        )
        for layer, row in found
        if int(row["parts"]) > 0
    ]


def gradient_sentence(layer: Layer, row: GradientRow, *, name: str) -> str:
    """Say how a layer differs between the least and the most deprived part of a place.

    Says nothing where there are too few areas for parts, nor of the Indices against themselves.
    """
    parts, least, most = int(row["parts"]), float(row["least"]), float(row["most"])
    if not parts or math.isnan(least) or math.isnan(most) or row["circular"]:
        return ""
    part = part_in_words(parts)
    return (
        f"{layer.title}: {amount(least, layer)} in the least deprived {part} of {name}'s"
        f" {layer.geography}s by population, {amount(most, layer)} in the most deprived:"
        f" {_verdict(layer, row)}."
    )


def gap(layer: Layer, least: float, most: float) -> Decimal:
    """Return how far the most deprived part lies above the least, from the values as shown."""
    return _as_shown(layer, most) - _as_shown(layer, least)


def doubt(layer: Layer, row: GradientRow) -> str:
    """Say why a gradient is not clear; nothing where it is.

    It is where the 95% limits of the slope index leave out 0 and the slope and the gap of the two
    parts point the same way.
    """
    lower, upper = float(row["slope_lower"]), float(row["slope_upper"])
    if math.isnan(lower) or math.isnan(upper):
        return "its slope index has no limits"
    if lower <= 0 <= upper:
        return "the limits of its slope index take in 0"
    if float(row["slope"]) * float(gap(layer, float(row["least"]), float(row["most"]))) <= 0:
        return "its slope index and these two values do not point the same way"
    return ""


def slope_index(layer: Layer, row: GradientRow, *, named: bool = True) -> str:
    """Give the slope index with its unit and its 95% limits, or say that there is none.

    The limits are not ``named`` where a heading says what they are.
    """
    unit = SLOPE_UNITS.get(layer.difference, layer.difference)
    scaled = {name: layer.scale * row[name] for name in ("slope", "slope_lower", "slope_upper")}
    if math.isnan(row["slope"]):
        return "none"
    return value_with_limits(*_ends(scaled, "slope"), layer.decimals, unit=f" {unit}", named=named)


def relative_index(row: GradientRow, *, named: bool = True) -> str:
    """Give the relative index with its 95% limits, or say that there is none."""
    if math.isnan(row["relative"]):
        return "none"
    return value_with_limits(*_ends(row, "relative"), 2, named=named)


def _verdict(layer: Layer, row: GradientRow) -> str:
    why = doubt(layer, row)
    if why:
        return f"{UNCLEAR} ({why})"
    apart = gap(layer, float(row["least"]), float(row["most"]))
    unit = "" if layer.difference in SLOPE_UNITS else f" {layer.difference}"
    size = numeral(float(abs(apart)), layer.decimals)
    return f"{size}{unit} {'more' if apart > 0 else 'less'}"


def _as_shown(layer: Layer, value: float) -> Decimal:
    return Decimal(layer.form.format(value).removesuffix("%").replace(",", ""))


def _ends(row: GradientRow, name: str) -> tuple[float, tuple[float, float]]:
    value, lower, upper = (float(row[f"{name}{end}"]) for end in ("", "_lower", "_upper"))
    return value, (lower, upper)
