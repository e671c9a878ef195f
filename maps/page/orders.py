"""In which orders the page lists its pockets, and what it says of each in that order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

import pandas as pd

from maps.look.numbers import amount, in_year, numeral
from maps.words.how_sure import recurrence_share

if TYPE_CHECKING:
    from layers.borough.borough import Borough

_Row = Mapping[str, Any]
_WORST = "worst_decile_people"


class PocketOrder(TypedDict):
    """One order of the pockets.

    ``label`` names what decides it and ``heading`` what stands behind each name. ``places`` lists
    the pockets in that order, each by its place among them all by number, from 0; ``texts`` has
    what stands behind each, by that place.
    """

    id: str
    label: str
    heading: str
    places: list[int]
    texts: list[str]


def orders(borough: Borough) -> list[PocketOrder]:
    """Return the orders a reader may choose, the one that numbers the pockets first.

    The highest comes first, pockets that are alike stand by their numbers (which go by the people
    in the most deprived tenth, then by all), and those without the figure last. An order by
    something that is known of no pocket is left out.
    """
    pockets = borough.pockets.sort_values("number")
    overall = borough.edition.layer(borough.edition.overall)
    year, whole = borough.edition.population_year, borough.edition.whole
    tenth, score = f"people in {whole}’s most deprived tenth", f"average {overall.unit}"
    sure = "how often it came back in other ways of counting"

    def known(row: _Row) -> str:
        return amount(row[overall.value], overall)

    described: tuple[tuple[str, str, str, str, Callable[[_Row], str]], ...] = (
        (
            "worst",
            _WORST,
            "people in the most deprived tenth",
            in_year(tenth, year),
            lambda row: numeral(row[_WORST]),
        ),
        (
            "people",
            "population",
            "all their people",
            in_year("people", year),
            lambda row: numeral(row["population"]),
        ),
        ("mean", overall.value, score, score, known),
        ("sure", "recurrence", "how sure they are", sure, recurrence_share),
    )
    rows: list[_Row] = pockets.to_dict("records")
    return [
        PocketOrder(
            id=name,
            label=label,
            heading=heading,
            places=_highest_first(-pockets["number"] if column == _WORST else pockets[column]),
            texts=[text(row) for row in rows],
        )
        for name, column, label, heading, text in described
        if column in pockets and pockets[column].notna().any()
    ]


def _highest_first(figures: pd.Series) -> list[int]:
    """Return the places of figures, from 0, the highest first and those that are missing last."""
    numbered = figures.reset_index(drop=True)
    return numbered.sort_values(ascending=False, kind="stable", na_position="last").index.to_list()
