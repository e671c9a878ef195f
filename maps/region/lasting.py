"""Boroughs side by side over the editions: the most deprived tenth, and where it lasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.change.lasting import lasting_in
from maps.look.numbers import in_year, numeral, people_in, percentage
from maps.region.parts import Region, Section, Table, TableRow, rows_chart
from maps.svg.side_by_side import Rows
from maps.words.of_change import CANNOT_TELL, every_time, held_together

if TYPE_CHECKING:
    from layers.borough.borough import Borough
    from layers.change.change import EditionChange


def lasting_section(region: Region) -> Section | None:
    """Set what has lasted side by side; None for an edition that names none before it."""
    one, change = region.one, region.one.change
    if change is None:
        return None
    edition, overall = one.edition, one.edition.layer(one.edition.overall)
    people = {each.name: _lasted(each, change)[1:] for each in region.boroughs}
    shares = {name: 100 * lasted / everybody for name, (lasted, everybody) in people.items()}
    lasted, everybody = (sum(each[at] for each in people.values()) for at in (0, 1))
    bars = Rows(values=shares, together=(region.name, 100 * lasted / everybody), label="{:.0f}%")
    heading = f"People in small areas in the most deprived tenth {every_time(change.years)}"
    columns = [
        "Borough",
        *(f"{year}: LSOAs in the tenth" for year in change.years),
        "LSOAs of today in it every time",
        in_year("People there", edition.population_year),
        "Share of all people",
    ]
    return Section(
        key="lasting",
        title="Then and now",
        period=f"Editions of {', '.join(change.years)}",
        finding=held_together(
            lasted, everybody, change.years, edition.population_year, edition.whole
        ),
        charts=[rows_chart(bars, key="lasted", heading=heading, place=one.place)] if lasted else [],
        tables=[
            Table(
                key="lasting-table",
                caption=f"Small areas (LSOAs) in the most deprived tenth of {edition.whole} by"
                " edition, and where it has lasted",
                columns=columns,
                rows=[
                    *region.rows({each.code: _row(each, change) for each in region.boroughs}),
                    TableRow(name=region.name, cells=_row(one, change), foot=True),
                ],
            )
        ],
        notes=[
            f"Each edition counts the areas of its own census ({change.vintage} before"
            f" {change.years[-1]}, {edition.vintage} in it); what has lasted is counted in those of"
            f" {edition.vintage}, by people on common ground where boundaries have changed."
            f" {people_in(edition)}: who lives there now. {overall.short} alone.",
            CANNOT_TELL,
        ],
    )


def _lasted(borough: Borough, change: EditionChange) -> tuple[int, int, int]:
    """Return the small areas where it lasted, the people there, and all people."""
    people = borough.lsoa["population"]
    always = lasting_in(borough.edition, borough.lsoa, times=len(change.years))
    return int(always.sum()), int(people[always].sum()), int(people.sum())


def _row(borough: Borough, change: EditionChange) -> list[str]:
    codes = set(borough.lsoa["lad_code"])
    counts = change.counts[change.counts["lad_code"].isin(codes)]
    tenths = counts.groupby("edition")["worst_tenth_lsoas"].sum()
    areas, lasted, everybody = _lasted(borough, change)
    return [
        *(numeral(tenths[year]) for year in change.years),
        numeral(areas),
        numeral(lasted),
        percentage(100 * lasted / everybody, 1),
    ]
