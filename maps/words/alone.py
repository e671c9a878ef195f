"""Small areas in no pocket that are looked for all the same: single ones, and hidden ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.codes import join_names
from layers.findings.pockets import Choice
from maps.look.numbers import numeral, tenths_in_words
from maps.words.rules import THEIR_BOROUGH

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def hidden_in_words(borough: Borough, *, several: bool = False) -> list[str]:
    """Say how many small areas stand out here and not on a national map, where there are some.

    Of ``several`` boroughs as one, they are those that stand out each in its own.
    """
    flagged = borough.lsoa.get("hidden")
    if flagged is None or not flagged.eq(True).any():
        return []
    deciles = borough.lsoa.loc[
        flagged.eq(True), borough.edition.layer(borough.edition.overall).decile
    ]
    count, tenths = len(deciles), tenths_in_words(Choice.of(borough.settings).tenths)
    counts = deciles.astype("int64").value_counts().sort_index()
    where = join_names(f"{many} in decile {decile}" for decile, many in counts.items())
    many = "small area is" if count == 1 else "small areas are"
    own = "its borough" if count == 1 else THEIR_BOROUGH
    return [
        f"{count} {many} in the most deprived fifth of {own if several else borough.called}"
        f" and outside the most deprived {tenths} of {borough.edition.whole} ({where}): a map of"
        f" its most deprived small areas leaves {'it' if count == 1 else 'them'} out."
    ]


def alone(borough: Borough) -> list[tuple[str, str, list[dict[str, str]]]]:
    """List the small areas in no pocket that are looked for all the same: column, title, rows.

    Those that meet the rule of pockets alone, and those that are hidden on a national map; each
    from the most deprived on. Nothing where there is none.
    """
    overall = borough.edition.layer(borough.edition.overall)
    titles = {
        "single": "Single small areas: they meet the rule of pockets and belong to none",
        "hidden": f"Hidden small areas: in the most deprived fifth of {borough.called} and on no"
        f" map of {borough.edition.whole}’s most deprived",
    }
    found = []
    for column, title in titles.items():
        own = borough.lsoa[borough.lsoa.get(column, pd.Series(False, borough.lsoa.index)).eq(True)]
        ordered = own.sort_values(overall.value, ascending=False, kind="stable")
        rows = [
            {
                "code": str(code),
                "name": str(row["area_name"]),
                "msoa": str(row["msoa_name"]),
                "people": numeral(row["population"]),
                "decile": numeral(row[overall.decile]),
            }
            for code, row in ordered.iterrows()
        ]
        found += [(column, title, rows)] if rows else []
    return found
