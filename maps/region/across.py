"""Pockets that touch across the line between boroughs, and what they are together."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from boundaries.names import in_a_sentence
from maps.look.numbers import numeral, people_in
from maps.region.parts import Region, Section, Table, TableRow
from maps.words.across import pocket_in_words
from maps.words.of_regions import joined_in_words, reaching_outside
from maps.words.sentences import capital, listed


def across_section(region: Region) -> Section | None:
    """List the joined pockets that hold a pocket of these boroughs; None where none has pockets.

    A pocket is linked where it is shown in the site; one of another borough is named alone.
    """
    one, edition = region.one, region.one.edition
    if one.pockets.empty:
        return None
    joined, members = one.joined.pockets, one.joined.members
    ordered = joined.sort_values(["worst_decile_people", "population"], ascending=False)
    touching = int(one.pockets["joined_pocket"].ne("").sum())
    outside = joined["lad_codes"].map(lambda codes: not set(codes) <= set(region.names))
    tables = [
        Table(
            key="across-table",
            caption="Joined pockets, those with most people in the most deprived tenth of"
            f" {edition.whole} first",
            columns=[
                "Boroughs",
                "Pockets",
                "LSOAs",
                people_in(edition),
                "Of these in the most deprived tenth",
            ],
            words=1,
            rows=[
                _row(region, row, members[members["joined_pocket"] == key])
                for key, row in ordered.iterrows()
            ],
        )
    ]
    return Section(
        key="across",
        title="Across the line",
        period=edition.layer(edition.overall).period,
        finding=joined_in_words(
            touching,
            len(one.pockets),
            joined=len(joined),
            people=int(joined["population"].sum()),
            year=edition.population_year,
        ),
        said=[reaching_outside(int(outside.sum()))] if outside.any() else [],
        tables=tables if len(joined) else [],
        notes=[
            "Pockets are found within one borough. Where one touches a pocket of another borough,"
            " the two are joined, and so are all that hang together in this way. They are found"
            f" among all pockets of {edition.whole}, so that they do not depend on which boroughs"
            " are built; figures are those of all their pockets."
        ]
        if len(joined)
        else [],
    )


def _row(region: Region, row: pd.Series[Any], members: pd.DataFrame) -> TableRow:
    names = [in_a_sentence(name) for name in sorted(set(members["lad_name"]))]
    ordered = members.sort_values(["lad_name", "number"])
    pockets = [_linked(region, str(code), member) for code, member in ordered.iterrows()]
    return TableRow(
        name=capital(listed(names)),
        cells=[
            Markup("<br>").join(pockets),
            numeral(row["lsoa_count"]),
            numeral(row["population"]),
            numeral(row["worst_decile_people"]),
        ],
    )


def _linked(region: Region, pocket_id: str, member: pd.Series[Any]) -> Markup:
    words = capital(pocket_in_words(member))
    address = region.address_of_pocket(str(member["lad_code"]), pocket_id)
    link = Markup('<a href="{}">{}</a>')
    return link.format(address, words) if address else Markup.escape(words)
