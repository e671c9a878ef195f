"""All pockets of a borough on all layers at once: rows of cells, shaded and always in words too.

A domain's cell is England's percentile (`layers.findings.fingerprint`), shaded by the classes of a
map of ranks; another layer's is the pocket's value, shaded by its fifth of all pockets of England.
The borough and England stand beneath, unshaded: they are no pockets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.findings.fingerprint import side_by_side
from layers.layer import Layer
from maps.look import palette
from maps.look.classify import ENGLAND, FIFTHS_SCHEME, Scheme, classify
from maps.look.numbers import AMOUNT, NO_VALUE, amount, fifth, numeral
from maps.made_of.fingerprint import ends, spread_of
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """A value as it is shown, the ends of its small areas, and its class in words.

    ``fifth`` names the fifth of pockets of a layer that is no domain, if it has one; ``tone`` is
    the place of its colour among `maps.look.palette.SEQUENTIAL`, None without a class.
    """

    value: str
    ends: str = ""
    told: str = ""
    fifth: str = ""
    tone: int | None = None


@dataclass(frozen=True, kw_only=True)
class MatrixLine:
    """A row: a pocket with its number, or the borough or England, which have none."""

    number: str
    name: str
    code: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, kw_only=True)
class PocketMatrix:
    """Pockets in order by layers, the borough and England after them; and the classes of both."""

    layers: tuple[Layer, ...]
    lines: tuple[MatrixLine, ...]
    legends: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    note: str


def tones() -> str:
    """Return the style of cells of each tone: a fill, and text that can be read on it."""
    return "".join(
        f".tone{number} {{ background: {tone}; color: {palette.ink_on(tone)};"
        " print-color-adjust: exact; forced-color-adjust: none; }\n"
        for number, tone in enumerate(palette.SEQUENTIAL)
    )


def matrix_of(borough: Borough) -> PocketMatrix | None:
    """Return the matrix of a borough; None where it has no pocket."""
    if borough.pockets.empty:
        return None
    edition, whole = borough.edition, borough.edition.whole
    layers = tuple(side_by_side(edition))
    lines = [
        MatrixLine(
            number=numeral(pocket["number"]),
            name=str(pocket["name"]),
            code=str(code),
            cells=tuple(_cell(pocket, layer, whole) for layer in layers),
        )
        for code, pocket in borough.pockets.sort_values("number").iterrows()
    ]
    places: tuple[tuple[str, Mapping[str, Any]], ...] = (
        (borough.name, dict(borough.district)),
        (capital(whole), _of_whole(borough)),
    )
    lines += [
        MatrixLine(
            number="", name=name, code="", cells=tuple(_plain(place, layer) for layer in layers)
        )
        for name, place in places
    ]
    return PocketMatrix(
        layers=layers,
        lines=tuple(lines),
        legends=(
            (f"Domains: percentile in {whole}, by rank", _legend(ENGLAND.worded())),
            (f"Other layers: fifth of pockets in {whole}", _legend(FIFTHS_SCHEME.worded(AMOUNT))),
        ),
        note=(
            f"A domain’s number is the mean over people of its small areas’ percentiles in {whole},"
            " 100 the most deprived; every other layer’s is the value itself. Beneath it stand"
            " the lowest and the highest of its small areas. Darker is worse. A mean says little of"
            " a pocket whose small areas differ."
        ),
    )


def _cell(pocket: Mapping[str, Any], layer: Layer, whole: str) -> MatrixCell:
    if layer.domain:
        share = float(pocket[layer.column("mean_percentile")])
        least, most = (
            float(pocket[layer.column(f"percentile_{end}")]) for end in ("lowest", "highest")
        )
        told, tone = classed(100 - share, ENGLAND.worded())
        return MatrixCell(
            value=numeral(share), ends=ends(least, most), told=f"{told} in {whole}", tone=tone
        )
    found = float(pocket[layer.quintile_column("england")])
    value = amount(float(pocket[layer.value]), layer)
    if math.isnan(found):
        return MatrixCell(value=value, ends=spread_of(pocket, layer))
    _, tone = classed(20 * found, FIFTHS_SCHEME)
    return MatrixCell(
        value=value,
        ends=spread_of(pocket, layer),
        told=f"{fifth(found, layer)} of pockets in {whole}",
        fifth=fifth(found, layer),
        tone=tone,
    )


def _plain(place: Mapping[str, Any], layer: Layer) -> MatrixCell:
    if layer.domain:
        share = float(place.get(layer.column("mean_percentile"), math.nan))
        return MatrixCell(value=NO_VALUE if math.isnan(share) else numeral(share))
    return MatrixCell(value=amount(float(place.get(layer.value, math.nan)), layer))


def _of_whole(borough: Borough) -> dict[str, float]:
    layers = borough.edition.layers
    values = {layer.value: borough.england.get(layer.id, math.nan) for layer in layers}
    return values | dict(borough.percentiles)


def classed(share: float, scheme: Scheme) -> tuple[str, int]:
    """Return a share's class in words, and the place of its colour among the tones of cells."""
    found = classify(pd.Series([share]), scheme)
    return str(found.labels.iloc[0]), palette.SEQUENTIAL.index(str(found.colours.iloc[0]))


def _legend(scheme: Scheme) -> tuple[tuple[str, int], ...]:
    tones = map(palette.SEQUENTIAL.index, scheme.colours)
    return tuple(zip(scheme.labels, tones, strict=True))
