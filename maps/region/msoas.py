"""Mortality over all MSOAs of a region: by part of the people, and against deprivation."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from layers.borough.region import (
    FAR_OUT,
    MOST_OUTLIERS,
    Line,
    line_of,
    mortality_by_part,
    mortality_of,
    spread_beyond_chance,
)
from layers.kinds.registry import with_limits
from layers.layer import Layer
from layers.table.summaries import own_values
from maps.look.numbers import (
    DASH,
    NO_VALUE,
    between,
    counted,
    numeral,
    part_in_words,
    people_in,
    trimmed,
    written,
)
from maps.region.parts import (
    DESCRIBES,
    TOO_FEW_FOR_FIFTHS,
    Chart,
    Region,
    Section,
    Table,
    TableRow,
)
from maps.svg.scatter import Words, scatter
from maps.svg.side_by_side import ratio_chart
from maps.words import of_regions as region_said

REFERENCE = "1: as many as expected"
EARLIER = (
    "An earlier published analysis of Cheshire and Merseyside did not rescale them: in it England"
    " scores 0.90 instead of 1, and every ratio is smaller by that one factor: its figures differ"
    " from these, while the relation of one part to another is the same."
)
RATIO_HEADINGS = ("Observed", "Expected", "Ratio", "95% limits")


def deaths(region: Region) -> Section | None:
    """Show COVID-19 mortality by part of the population; a table alone where MSOAs are too few.

    None for an edition that has no such layer.
    """
    one, layer = region.one, with_limits(region.one.edition)
    if layer is None:
        return None
    parts = mortality_by_part(one, layer)
    word = part_in_words(len(parts))
    order = (
        "MSOAs are put in order of overall deprivation and parted into equal shares of the people."
        f" {DESCRIBES}"
    )
    return Section(
        key="deaths",
        title=f"COVID-19 mortality by {word} of deprivation",
        period=layer.period,
        finding=region_said.mortality_of_parts(parts),
        said=[TOO_FEW_FOR_FIFTHS if parts.empty else order],
        charts=[] if parts.empty else [_deaths_chart(region, parts, word)],
        tables=[_deaths_table(region, layer, parts, word)],
        notes=_deaths_notes(region, layer),
    )


def _deaths_chart(region: Region, parts: pd.DataFrame, word: str) -> Chart:
    told = "; ".join(
        f"{part}: {numeral(row['ratio'], 2)} ({between(row['ratio_lower'], row['ratio_upper'], 2)})"
        for part, row in parts.sort_index(ascending=False).iterrows()
    )
    return Chart(
        heading="Deaths due to COVID-19 over those expected",
        picture=ratio_chart(
            parts,
            key="deaths",
            title=f"COVID-19 mortality ratio by {word} of deprivation, {region.one.place}",
            description=f"From the least deprived {word} to the most, 1, with 95% limits – {told}."
            " A ratio of 1 means as many deaths as expected.",
            reference=REFERENCE,
        ),
    )


def _deaths_table(region: Region, layer: Layer, parts: pd.DataFrame, word: str) -> Table:
    msoa = region.one.msoa
    whole = mortality_of(region.one, layer)
    known = msoa[msoa[layer.column("observed")].notna()]
    sizes = {"areas": len(known), "population": known["population"].sum()}
    rows = [
        TableRow(name=_part_name(int(str(part)), len(parts)), cells=_deaths_cells(row))
        for part, row in parts.sort_index(ascending=False).iterrows()
    ]
    total = TableRow(
        name=region.name, cells=_deaths_cells(pd.concat([whole, pd.Series(sizes)])), foot=True
    )
    return Table(
        key="deaths-table",
        caption=f"Deaths due to COVID-19 by {word} of the people, in order of overall deprivation",
        columns=[word.capitalize(), "MSOAs", people_in(region.one.edition), *RATIO_HEADINGS],
        rows=[*rows, total],
    )


def _part_name(part: int, parts: int) -> str:
    return {1: f"{part} (most deprived)", parts: f"{part} (least deprived)"}.get(part, str(part))


def _deaths_cells(row: pd.Series) -> list[str]:
    numbers = {str(name): float(value) for name, value in row.items()}
    return [
        numeral(numbers["areas"]),
        numeral(numbers["population"]),
        numeral(numbers["observed"]),
        numeral(numbers["expected"], 1),
        *_ratio_cells(numbers),
    ]


def _ratio_cells(numbers: Mapping[str, float]) -> list[str]:
    if math.isnan(numbers["ratio"]):
        return [NO_VALUE, DASH]
    limits = between(numbers["ratio_lower"], numbers["ratio_upper"], 2)
    return [numeral(numbers["ratio"], 2), limits]


def _deaths_notes(region: Region, layer: Layer) -> list[str]:
    """Say what the ratio is measured against, and what its limits leave out."""
    one = region.one
    spread = spread_beyond_chance(one, layer)
    parts = int((one.msoa[layer.value].notna() & own_values(layer, one.msoa).isna()).sum())
    notes = [
        *one.notes.get(layer.id, ()),
        *([region_said.of_former(parts)] if parts else []),
        *([] if one.edition.fictional else [EARLIER]),
        layer.caveat,
    ]
    if math.isnan(spread):
        return notes
    return [
        *notes,
        "Limits allow for chance alone. The counts of single MSOAs vary"
        f" {numeral(spread, 1)} times as much as chance alone would make them (overdispersion).",
    ]


def fitted_line(region: Region) -> Section | None:
    """Show every MSOA's ratio against its score with the line through them, outliers by name.

    None for an edition without ratios.
    """
    layer = with_limits(region.one.edition)
    if layer is None:
        return None
    found = line_of(region.one, layer)
    if found is None:
        few = "There are too few MSOAs, or too little between them, to draw a line through."
        return Section(key="fitted", title=_FITTED, period=layer.period, said=[few])
    places = region.one.msoa.loc[found.outliers().index]
    names = {
        str(code): f"{name}, {borough}"
        for code, name, borough in places[["area_name", "lad_name"]].itertuples()
    }
    return Section(
        key="fitted",
        title=_FITTED,
        period=layer.period,
        finding=region_said.running_with_deprivation(found),
        said=[
            f"Numbered: the MSOAs farthest from the line, {MOST_OUTLIERS} at most, of those at"
            f" least {trimmed(FAR_OUT)} standard errors away from it. {DESCRIBES}"
        ],
        charts=[_fitted_chart(region, found, names)],
        tables=[*_outliers_table(region, layer, found, names), _every_table(region, layer, found)],
        notes=[
            f"{region_said.line(found)} Ordinary least squares, every MSOA"
            " counting once. Distance is the standardised"
            " residual: how far a ratio lies above (+) or below (−) the line, in standard errors."
            " A ratio far from the line can be chance, a care home, or deaths that were moved"
            " between neighbouring MSOAs to protect confidentiality."
        ],
    )


def _fitted_chart(region: Region, found: Line, names: Mapping[str, str]) -> Chart:
    far = [
        f"{name}, ratio {numeral(found.points['value'][code], 2)}" for code, name in names.items()
    ]
    numbered = "; ".join(f"{number} {said}" for number, said in enumerate(far, start=1))
    return Chart(
        wide=True,
        picture=scatter(
            found,
            {code: str(region.one.msoa["area_name"][code]) for code in names},
            Words(
                across="Average score of overall deprivation",
                up="COVID-19 mortality ratio",
                reference=REFERENCE,
            ),
            key="fit",
            title=f"COVID-19 mortality ratio against average score, MSOAs of {region.one.place}",
            description=f"{region_said.line(found)} Farthest from the line: {numbered or 'none'}."
            " A table beneath holds every MSOA.",
        ),
    )


_FITTED = "Mortality against deprivation, MSOA by MSOA"
_EVERY = ("Average score", "Ratio", "95% limits", "On the line", "Distance")


def _outliers_table(
    region: Region, layer: Layer, found: Line, names: Mapping[str, str]
) -> list[Table]:
    rows = [
        TableRow(
            name=f"{number} {name}",
            cells=_fitted_cells(region, layer, found, code),
            address=_profile(region, code),
        )
        for number, (code, name) in enumerate(names.items(), start=1)
    ]
    caption = "The MSOAs numbered in the chart"
    table = Table(key="outliers-table", caption=caption, columns=["MSOA", *_EVERY], rows=rows)
    return [table] if rows else []


def _every_table(region: Region, layer: Layer, found: Line) -> Table:
    """List every MSOA of the scatter, most deprived first, and those that have no ratio."""
    scores = region.one.msoa[region.one.edition.layer(region.one.edition.overall).value]
    order = scores.rename("score").rename_axis("area_code").reset_index()
    codes = order.sort_values(["score", "area_code"], ascending=[False, True])["area_code"]
    return Table(
        key="msoas-table",
        caption="Every MSOA, most deprived first",
        columns=["MSOA", "Borough", people_in(region.one.edition), *_EVERY],
        words=1,
        long=True,
        folded=f"All {counted(len(codes), 'MSOA')} of the chart as a table",
        rows=[
            TableRow(
                name=str(region.one.msoa["area_name"][code]),
                cells=[
                    str(region.one.msoa["lad_name"][code]),
                    numeral(region.one.msoa["population"][code]),
                    *_fitted_cells(region, layer, found, str(code)),
                ],
                address=_profile(region, str(code)),
            )
            for code in codes
        ],
    )


def _fitted_cells(region: Region, layer: Layer, found: Line, code: str) -> list[str]:
    """Return score, ratio, limits, the line's value there and the distance from it."""
    edition = region.one.edition
    place = region.one.msoa.loc[code]
    score = numeral(place[edition.layer(edition.overall).value], 1)
    if code not in found.points.index:
        return [score, NO_VALUE, DASH, DASH, DASH]
    names = ("ratio", "ratio_lower", "ratio_upper")
    return [
        score,
        *_ratio_cells({name: float(place[layer.column(name)]) for name in names}),
        numeral(found.points["fitted"][code], 2),
        _signed(float(found.points["residual"][code])),
    ]


def _signed(distance: float) -> str:
    """Write a distance with its sign, nothing where there is none.

    >>> _signed(4.27), _signed(-2.16), _signed(-0.02), _signed(math.nan)
    ('+4.3', '−2.2', '0.0', '–')
    """
    if math.isnan(distance):
        return DASH
    said = written("{:+.1f}", distance)
    return said[1:] if said[1:] == "0.0" else said


def _profile(region: Region, code: str) -> str:
    folder = region.folders[str(region.one.msoa["lad_code"][code])]
    return f"{folder}/profiles/{code}.html" if "profiles" in region.linked else ""
