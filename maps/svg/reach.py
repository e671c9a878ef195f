"""Whom a cut-off would reach, within pages: a curve with its marks, and the numbers beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from layers.findings.reach import CUT_OFFS, counted_in_areas, reach_of, within_tenths
from layers.layer import Layer
from maps.look.numbers import numeral, or_dash, percentage
from maps.svg.canvas import Axis, Picture, image, path, text
from maps.words.people import MARKED, dated, reach_in_words, reach_of_whole
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough

CURVE = Picture(kind="reach", width=360, height=330)
LEFT, RIGHT, CEILING, FOOT = 50, 338, 26, 276
"""In px: the edges between which the curve is drawn."""
POCKETS = "All pockets"


@dataclass(frozen=True, kw_only=True)
class ReachFigure:
    """Whom any cut-off would reach in a borough: chart, sentence, and the table's rows.

    A row is a cut-off or the pockets: small areas, people and the people counted, each with its
    share of all of the borough's, and England's share of the last, where that is known: then
    ``beside`` names it.
    """

    layer: Layer
    chart: Markup
    sentence: str
    key: str
    beside: str
    rows: Sequence[tuple[str, Sequence[str]]]


def reach_figure(borough: Borough) -> ReachFigure | None:
    """Draw whom a cut-off on overall deprivation would reach of a borough's people counted.

    By the first of its shares of people; None where there is none, or where it counts nobody.
    """
    edition = borough.edition
    layer = next(iter(counted_in_areas(edition)), None)
    if layer is None or not borough.lsoa[layer.people].sum(skipna=False) > 0:
        return None
    count = borough.counts[edition.overall]
    curve, beside = reach_of(edition, borough.lsoa, count), _of_whole(borough, layer)
    parts = {tenths: within_tenths(curve, tenths, count) for tenths in range(1, CUT_OFFS + 1)}
    pockets = _pockets(borough, layer)
    marked = {tenths: parts[tenths] for tenths in MARKED}
    when = dated(edition)
    said = reach_in_words(layer, marked, place=borough.called, whole=edition.whole, when=when)
    all_of = {tenths: within_tenths(beside, tenths, count) for tenths in parts if len(beside)}
    if all_of:
        said = f"{said} {reach_of_whole(layer, all_of, edition.whole)}"
    shares = {tenths: float(row[f"{layer.people}_pct"]) for tenths, row in all_of.items()}
    rows = [
        (_cut_off(tenths, edition.whole), _cells(row, layer, shares.get(tenths)))
        for tenths, row in parts.items()
    ]
    if pockets is not None:
        inside = 100 - float(borough.people.get(layer.outside_pct, math.nan)) if all_of else None
        rows.append((POCKETS, _cells(pockets, layer, inside)))
    curves = {"dots": beside, "run": curve}
    lines = f"Dotted: {edition.whole}. " if all_of else ""
    return ReachFigure(
        layer=layer,
        chart=_drawn(curves, marked, pockets, layer, place=borough.called, said=said),
        sentence=said,
        key=f"{_key(marked, edition.whole, pockets is not None)}{capital(lines)}Dashed: as if"
        f" {layer.counted_as} were the same share of people everywhere. {when}.",
        beside=edition.whole if all_of else "",
        rows=rows,
    )


def _of_whole(borough: Borough, layer: Layer) -> pd.DataFrame:
    """Return England's own curve; no rows where it is not known of all its people."""
    known = len(borough.reach) and borough.reach[f"{layer.people}_pct"].notna().all()
    return borough.reach if known else pd.DataFrame()


def _key(marked: Mapping[int, pd.Series], whole: str, pockets: bool) -> str:
    """Explain the marks that are drawn, and no other."""
    held = tuple(tenths for tenths, row in marked.items() if row["lsoa_count"])
    marks = {
        (1, 2): "most deprived tenth of small areas (1) and two tenths (2)",
        (2,): "two most deprived tenths of small areas (2)",
    }.get(held)
    told = [
        *([f"{whole}’s {marks}"] if marks else []),
        *(["all pockets (square)"] if pockets else []),
    ]
    return f"{capital('; '.join(told))}. " if told else ""


def _cut_off(tenths: int, whole: str) -> str:
    if tenths == CUT_OFFS:
        return f"All of {whole}"
    return f"Most deprived {10 * tenths}% of {whole}"


def _pockets(borough: Borough, layer: Layer) -> pd.Series | None:
    """Return what the pockets hold together, as a row of `reach_of`; None without any."""
    if not len(borough.pockets):
        return None
    lsoa = borough.lsoa.assign(lsoa_count=1.0)
    names = ["lsoa_count", "population", layer.people]
    held: pd.Series[float] = lsoa.loc[lsoa["pocket_id"].ne(""), names].sum()
    shares = (100 * held / lsoa[names].sum()).add_suffix("_pct")
    return pd.Series({**held, **shares})


def _cells(row: pd.Series, layer: Layer, beside: float | None) -> list[str]:
    """Write a row of the table; ``beside`` is England's share, None where the table has none."""
    names = ("lsoa_count", "population", layer.people)
    own = [
        written
        for name in names
        for written in (numeral(row[name]), percentage(row[f"{name}_pct"], 1))
    ]
    return own if beside is None else [*own, or_dash(percentage(beside, 1), beside)]


def _drawn(
    curves: Mapping[str, pd.DataFrame],
    marked: dict[int, pd.Series],
    pockets: pd.Series | None,
    layer: Layer,
    *,
    place: str,
    said: str,
) -> Markup:
    across, up = Axis(0.0, 100.0, LEFT, RIGHT), Axis(0.0, 100.0, FOOT, CEILING)
    counted = f"{layer.people}_pct"
    drawn = [
        _grid(across, up),
        f'<path class="line" d="M{LEFT} {FOOT}L{RIGHT} {CEILING}"/>',
        *(
            f'<path class="{kind}" d="{path(_points(reach, counted, across), up)}"/>'
            for kind, reach in curves.items()
            if len(reach)
        ),
        text(LEFT - 46, 14, f"Share of {layer.counted_as}", "start"),
        text(RIGHT, FOOT + 40, "Share of all people", "last"),
    ]
    if pockets is not None:
        x, y = across.at(float(pockets["population_pct"])), up.at(float(pockets[counted]))
        drawn.append(f'<path class="square" d="M{x - 10:g} {y - 10:g}h20v20h-20z"/>')
    for tenths, row in marked.items():
        if row["lsoa_count"]:
            x, y = across.at(float(row["population_pct"])), up.at(float(row[counted]))
            drawn.append(f'<circle class="mark" cx="{x:g}" cy="{y:g}" r="7"/>')
            drawn.append(text(x, y + 4, str(tenths), "on"))
    square = (
        ""
        if pockets is None
        else f" All pockets: {percentage(pockets['population_pct'])} of people,"
        f" {percentage(pockets[counted])} of those counted."
    )
    return image(
        "".join(drawn),
        CURVE,
        key="reach",
        title=f"Whom a cut-off would reach in {place}: {layer.counted_as}",
        description=f"A curve over the small areas from the most deprived down. {said}{square}",
    )


def _points(curve: pd.DataFrame, counted: str, across: Axis) -> list[tuple[float, float]]:
    """Return a curve's points from nought: px across, and per cent."""
    return [(across.at(0.0), 0.0)] + [
        (across.at(float(x)), float(y))
        for x, y in zip(curve["population_pct"], curve[counted], strict=True)
    ]


def _grid(across: Axis, up: Axis) -> str:
    return "".join(
        f'<path class="grid" d="M{LEFT} {up.at(value):g}H{RIGHT}"/>'
        + text(LEFT - 6, up.at(value) + 4, f"{value:g}%", "scale")
        + text(across.at(value), FOOT + 18, f"{value:g}%", "axis")
        for value in up.steps(5)
    )
