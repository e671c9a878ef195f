"""Gradients in words: the ends, the gap between them, and the indices with their units.

A gap is the difference of the two values as they are shown, so that a reader who subtracts finds
the same. No direction is said where there is none to be sure of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from layers.layer import Layer
from maps.look.numbers import with_decimals
from maps.words.sentences import amount

PARTS = {10: "tenth", 5: "fifth"}
UNITS = {"score": "points of score", "ratio": "in the ratio"}
"""How the unit of a difference is said after a number, where that is not the unit itself."""
UNCLEAR = "no clear gradient"

Row = Mapping[str, Any]
"""A row of `layers.findings.gradients.Gradients.indices`."""


def sentence(layer: Layer, row: Row, *, name: str) -> str:
    """Say how a layer differs between the least and the most deprived part of a place.

    Says nothing where there are too few areas for parts, nor of the Indices against themselves.
    """
    parts, least, most = int(row["parts"]), float(row["least"]), float(row["most"])
    if parts not in PARTS or math.isnan(least) or math.isnan(most) or row["circular"]:
        return ""
    return (
        f"{layer.title}: {amount(least, layer)} in the least deprived {PARTS[parts]} of {name}'s"
        f" {layer.geography}s by population, {amount(most, layer)} in the most deprived:"
        f" {_verdict(layer, row)}."
    )


def gap(layer: Layer, least: float, most: float) -> Decimal:
    """Return how far the most deprived part lies above the least, from the values as shown."""
    return _as_shown(layer, most) - _as_shown(layer, least)


def doubt(layer: Layer, row: Row) -> str:
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


def slope_index(layer: Layer, row: Row) -> str:
    """Give the slope index with its unit and its 95% limits, or say that there is none."""
    unit = UNITS.get(layer.difference, layer.difference)
    scaled = {name: layer.scale * row[name] for name in ("slope", "slope_lower", "slope_upper")}
    return _index(scaled, "slope", layer.decimals, f" {unit}")


def relative_index(row: Row) -> str:
    """Give the relative index with its 95% limits, or say that there is none."""
    return _index(row, "relative", 2)


def _verdict(layer: Layer, row: Row) -> str:
    why = doubt(layer, row)
    if why:
        return f"{UNCLEAR} ({why})"
    apart = gap(layer, float(row["least"]), float(row["most"]))
    unit = "" if layer.difference in UNITS else f" {layer.difference}"
    size = with_decimals(float(abs(apart)), layer.decimals)
    return f"{size}{unit} {'more' if apart > 0 else 'less'}"


def _as_shown(layer: Layer, value: float) -> Decimal:
    return Decimal(layer.form.format(value).removesuffix("%").replace(",", ""))


def _index(row: Row, name: str, decimals: int, unit: str = "") -> str:
    value, lower, upper = (
        with_decimals(float(row[f"{name}{end}"]), decimals) for end in ("", "_lower", "_upper")
    )
    if math.isnan(row[name]):
        return "none"
    if math.isnan(row[f"{name}_lower"]):
        return f"{value}{unit}"
    return f"{value}{unit} (95% limits {lower} to {upper})"
