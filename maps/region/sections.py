"""Boroughs side by side: overall deprivation, pockets, overlap of layers, fuel poverty by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.borough.region import AT_LEAST, TOGETHER, WHOLE, overlap_by_borough
from layers.findings.overlap import SHARED_INPUTS
from layers.findings.reach import counted_in_areas
from layers.kinds.registry import with_years
from layers.layer import Edition, Layer
from maps.look.numbers import DASH, in_year, numeral, or_dash, people_in, percentage, share_in_words
from maps.region.parts import Chart, Region, Section, Table, TableRow, rows_chart
from maps.svg.over_years import ceiling_of, measures_in_words, years_chart
from maps.svg.side_by_side import Rows
from maps.words import of_regions as region_said
from maps.words.alone import hidden_in_words
from maps.words.people import dated, outside_in_words
from maps.words.rules import THEIR_BOROUGH, pockets_are
from maps.words.sentences import capital, listed

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def deprivation(region: Region) -> Section:
    """Set average scores and shares of the most deprived tenth side by side."""
    edition, one = region.one.edition, region.one
    layer = edition.layer(edition.overall)
    columns = [layer.column("average_score"), layer.column("worst_tenth_pct")]
    scores, shares = (region.named(region.districts[column]) for column in columns)
    score, share = (float(one.district[column]) for column in columns)
    whole, england = capital(edition.whole), float(one.england[layer.id])
    dots = Rows(
        values=scores,
        together=(region.name, score),
        line=(whole, england),
        label="{:.1f}",
        zero=False,
    )
    bars = Rows(values=shares, together=(region.name, share), line=(whole, 10.0), label="{:.0f}%")
    above = region_said.above_average(scores, england, edition.whole)
    tenth = "In the most deprived tenth"
    said = f"{capital(share_in_words(share, 100))} of all small areas (LSOAs) are among the most"
    return Section(
        key="deprivation",
        title="Overall deprivation",
        period=layer.period,
        finding=_order(region) or above,
        said=[
            *([above] if _order(region) else []),
            region_said.ranging(f"{said} deprived tenth of {edition.whole}", shares),
        ],
        charts=[
            rows_chart(dots, key="scores", heading="Average score", place=one.place),
            rows_chart(bars, key="tenths", heading=f"{tenth} of {edition.whole}", place=one.place),
        ],
        tables=[
            Table(
                key="deprivation-table",
                caption=f"Average score, and LSOAs in the most deprived tenth of {edition.whole}",
                columns=["Borough", people_in(edition), "LSOAs", "Average score", tenth, "Share"],
                rows=[
                    *region.rows({each.code: _standing(each) for each in region.boroughs}),
                    TableRow(name=region.name, cells=_standing(one), foot=True),
                    TableRow(
                        name=whole,
                        cells=[
                            DASH,
                            numeral(one.counts[layer.id]),
                            numeral(england, 1),
                            DASH,
                            percentage(10, 1),
                        ],
                        foot=True,
                    ),
                ],
            )
        ],
        notes=[
            "The average score is the mean of the LSOAs’ scores, weighted by people. A score has no"
            " unit and no meaningful zero, so dots hang from the line of the whole."
        ],
    )


def _order(region: Region) -> str:
    """Say in which order the boroughs stand, by their ranks where all of them have one."""
    edition = region.one.edition
    overall = edition.layer(edition.overall)
    of, ranks = region.one.district_counts.get(overall.id), overall.own_rank("england")
    if not of or ranks not in region.districts or region.districts[ranks].isna().any():
        return ""
    placed = region.named(region.districts[ranks])
    return region_said.in_order(
        [(name, int(rank)) for name, rank in placed.items()], of, edition.whole
    )


def _standing(borough: Borough) -> list[str]:
    """Return people, LSOAs, average score, and LSOAs in the worst tenth with their share."""
    overall = borough.edition.layer(borough.edition.overall)
    return [
        numeral(borough.lsoa["population"].sum()),
        numeral(len(borough.lsoa)),
        numeral(borough.district[overall.column("average_score")], 1),
        numeral(borough.lsoa[overall.decile].eq(1).sum()),
        percentage(borough.district[overall.column("worst_tenth_pct")], 1),
    ]


def pockets(region: Region) -> Section:
    """Set the pockets and the people in them side by side."""
    one, districts = region.one, region.districts
    shares = region.named(districts["people_in_pockets_pct"])
    inside, people = int(districts["people_in_pockets"].sum()), int(districts["population"].sum())
    bars = Rows(values=shares, together=(region.name, 100 * inside / people), label="{:.0f}%")
    said = f"{capital(share_in_words(inside, people))} of all people live in a pocket"
    counted = counted_in_areas(one.edition)[:1]
    return Section(
        key="pockets",
        title="Pockets of deprivation",
        period=one.edition.layer(one.edition.overall).period,
        finding=region_said.pockets_together(region.boroughs, districts),
        said=[
            *([region_said.ranging(said, shares)] if inside else []),
            *hidden_in_words(one, several=True),
            *(_outside_in_region(region, layer) for layer in counted),
        ],
        charts=[
            rows_chart(bars, key="pocketed", heading="People who live in a pocket", place=one.place)
        ]
        if inside
        else [],
        tables=[
            Table(
                key="pockets-table",
                caption="Pockets, and the people in them",
                columns=[
                    "Borough",
                    "Pockets",
                    in_year("People in them", one.edition.population_year),
                    "Share of all people",
                    "Largest",
                    "Single",
                    "Hidden",
                    *(heading for layer in counted for heading in _outside_headings(layer)),
                ],
                rows=[
                    *region.rows({each.code: _pocketed(each) for each in region.boroughs}),
                    TableRow(name=region.name, cells=_pocketed(one), foot=True),
                ],
            )
        ],
        notes=[
            f"A pocket is a group of {pockets_are(one, place=THEIR_BOROUGH)}, split"
            " at a scale that can be read; the scale is a choice, not a test of significance."
            " Largest: people in the pocket with most. A single small area meets the rule and"
            " belongs to no pocket; a hidden one is in the most deprived fifth of its borough,"
            f" and a map of {one.edition.whole}’s most deprived leaves it out. People are those of"
            f" mid-{one.edition.population_year}."
        ],
    )


def _pocketed(borough: Borough) -> list[str]:
    """Return pockets, the people in them, their share, and people in the largest."""
    inside, people = borough.pockets["population"], borough.lsoa["population"].sum()
    largest = DASH if inside.empty else numeral(inside.max())
    share = 100 * inside.sum() / people
    return [
        numeral(len(inside)),
        numeral(inside.sum()),
        percentage(share, 1),
        largest,
        *_alone(borough.lsoa),
        *(
            cell
            for layer in counted_in_areas(borough.edition)[:1]
            for cell in _outside(borough, layer)
        ),
    ]


def _alone(lsoa: pd.DataFrame) -> list[str]:
    """Return how many small areas are single and how many hidden; a dash if not known."""
    flags = {kind: lsoa[kind].eq(True) for kind in ("single", "hidden") if kind in lsoa}
    return [numeral(flags[kind].sum()) if kind in flags else DASH for kind in ("single", "hidden")]


def _outside_headings(layer: Layer) -> list[str]:
    return [capital(layer.counted_as), "Outside every pocket", "Share of these"]


def _outside(borough: Borough, layer: Layer) -> list[str]:
    """Return the people whom a share counts, those outside every pocket, and their share."""
    own = borough.district
    share = float(own[layer.outside_pct])
    return [
        or_dash(numeral(own[layer.people]), own[layer.people]),
        or_dash(numeral(own[layer.people_outside]), own[layer.people_outside]),
        or_dash(percentage(share, 1), share),
    ]


def _outside_in_region(region: Region, layer: Layer) -> str:
    """Say how many of the people whom a share counts live outside every pocket, and from where."""
    one, shares = region.one, region.named(region.districts[layer.outside_pct])
    said = outside_in_words(
        layer,
        {str(name): value for name, value in one.district.items()},
        place=one.place,
        pockets=len(one.pockets),
        when=dated(one.edition),
    )
    known = {name: share for name, share in shares.items() if share == share}
    if not len(one.pockets) or len(known) < 2:
        return said
    return f"{said} {region_said.ranging('The share differs', known)}"


def overlap_section(region: Region) -> Section:
    """Set neighbourhoods that are worst on several layers at once side by side."""
    one, edition = region.one, region.one.edition
    counts = overlap_by_borough(one).reindex(list(region.names))
    whole = counts[["lsoas", "people", "lsoas_known", "people_known"]].sum()
    shares = {
        f"{each}_pct": 100 * whole[each] / max(whole[f"{each}_known"], 1)
        for each in ("lsoas", "people")
    }
    total = pd.Series({**whole, **shares})
    unknown = len(one.lsoa) - int(whole["lsoas_known"])
    of = f"{AT_LEAST} of the {len(edition.overlap)} layers"
    bars = Rows(
        values=region.named(counts["people_pct"]),
        together=(region.name, float(total["people_pct"])),
        label="{:.0f}%",
    )
    heading = f"People where at least {of} are in the worst fifth"
    return Section(
        key="overlap",
        title="Where layers overlap",
        period="; ".join(dict.fromkeys(each.period for each in _counted(edition))),
        finding=region_said.overlapping(
            counts.rename(index=region.names),
            int(whole["people_known"]),
            year=edition.population_year,
            of=of,
            whole=edition.whole,
        ),
        said=[*region_said.not_known(unknown), _what_counts(edition), SHARED_INPUTS],
        charts=[rows_chart(bars, key="overlapping", heading=heading, place=one.place)]
        if whole["lsoas"]
        else [],
        tables=[
            Table(
                key="overlap-table",
                caption=f"LSOAs in the worst fifth of {edition.whole} on at least {of}",
                columns=[
                    "Borough",
                    "LSOAs",
                    "Share of LSOAs",
                    people_in(edition),
                    "Share of people",
                ],
                rows=[
                    *region.rows({str(code): _met(row) for code, row in counts.iterrows()}),
                    TableRow(name=region.name, cells=_met(total), foot=True),
                ],
            )
        ],
    )


def _counted(edition: Edition) -> list[Layer]:
    return [edition.layer(member) for members in edition.overlap for member in members]


def _what_counts(edition: Edition) -> str:
    """Name what is counted together, and at which size of area."""
    names = [
        " or ".join(edition.layer(member).short for member in members)
        + (" (of the MSOA)" if edition.layer(members[0]).geography == "MSOA" else "")
        for members in edition.overlap
    ]
    return f"Counted together, in the worst fifth of {edition.whole}: {listed(names)}."


def _met(row: pd.Series) -> list[str]:
    """Return the numbers that are met and their shares of those that are known, if any is."""
    cells = []
    for each in ("lsoas", "people"):
        share = percentage(row[f"{each}_pct"], 1) if row[f"{each}_known"] else DASH
        cells += [numeral(row[each]), share]
    return cells


def fuel(region: Region) -> Section | None:
    """Set fuel poverty over the years side by side, a chart a borough; in words without figures.

    None for an edition that has no layer whose districts are known over the years.
    """
    one, shares = region.one, region.fuel
    layer = with_years(one.edition)
    if layer is None:
        return None
    lacking = one.lacking_years
    if shares.empty:
        return Section(
            key="fuel",
            title="Fuel poverty over the years",
            period=layer.period,
            said=lacking
            or ["There is no series of years for these boroughs, so there is nothing to draw."],
        )
    years = shares.index.get_level_values("year")
    ceiling = ceiling_of(shares)
    named = shares[list(region.names)].rename(columns=region.names)
    return Section(
        key="fuel",
        title="Fuel poverty over the years",
        period=f"Data of {years[0]} to {years[-1]}",
        finding=region_said.fuel_poverty_over_years(
            named, shares[TOGETHER].iloc[-1], shares[WHOLE].iloc[-1], one.edition.whole
        ),
        said=["All charts have the same scale. Each measure is a series of its own.", *lacking],
        legend="fuel",
        charts=[_series(region, code, ceiling) for code in region.names],
        tables=[_series_table(region)],
        notes=[
            f"{listed(measures_in_words(shares))}. Shares are sums over today’s LSOAs of the"
            " borough: households in fuel poverty over all households, in every year the same"
            " ground.",
            layer.caveat,
        ],
    )


def _series(region: Region, code: str, ceiling: float) -> Chart:
    """Draw one borough's series beside the whole's."""
    name = region.names[code]
    both = region.fuel[[code, WHOLE]].set_axis(["own", "whole"], axis="columns")
    picture = years_chart(
        both, key=f"fuel-{code}", ceiling=ceiling, name=name, whole=region.one.edition.whole
    )
    return Chart(heading=name, picture=picture)


def _series_table(region: Region) -> Table:
    shares = region.fuel
    cells = {
        str(column): [or_dash(numeral(value, 1), value) for value in shares[column]]
        for column in shares
    }
    measures = shares.index.get_level_values("measure")
    return Table(
        key="fuel-table",
        caption="Households in fuel poverty, % of households",
        columns=["Borough", *(str(year) for year in shares.index.get_level_values("year"))],
        groups=[(str(each), int((measures == each).sum())) for each in measures.unique()],
        rows=[
            *region.rows(cells),
            TableRow(name=region.name, cells=cells[TOGETHER], foot=True),
            TableRow(name=capital(region.one.edition.whole), cells=cells[WHOLE], foot=True),
        ],
    )
