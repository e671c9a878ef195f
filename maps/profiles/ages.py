"""Who lives in a place, by age: rows with a bar each, beside its borough and England."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from layers.kinds.reading import PEOPLE_BY_AGE
from maps.look.numbers import numeral, or_dash, percentage
from maps.profiles.rows import Place, number
from maps.svg.bars import share_bar
from maps.words.people import AGED, age_shares, standing_out
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class AgeRow:
    """One age of a place, in words: how many, and its share here, in the borough, in England."""

    ages: str
    people: str
    share: str
    borough: str
    england: str
    bar: Markup


def age_rows(borough: Borough, place: Place) -> list[AgeRow]:
    """Describe the ages of a place's people; nothing where they are not known."""
    here, own, whole = (
        age_shares(each) for each in (place, dict(borough.district), borough.people)
    )
    if any(math.isnan(share) for share in here.values()):
        return []
    return [
        AgeRow(
            ages=capital(AGED[column]),
            people=numeral(number(place, column)),
            share=percentage(here[column], 1),
            borough=_written(own[column]),
            england=_written(whole[column]),
            bar=share_bar(
                here[column],
                borough=own[column],
                england=whole[column],
                key=column.replace("_", "-"),
                title=f"Share of people who are {AGED[column]}, from 0% to 100%",
                description=f"Here {percentage(here[column], 1)}; {borough.name}"
                f" {_written(own[column])}; {borough.edition.whole} {_written(whole[column])}.",
            ),
        )
        for column in PEOPLE_BY_AGE
    ]


def age_sentence(borough: Borough, place: Mapping[str, object]) -> str:
    """Say in which age a place stands out from its borough, where it does."""
    return standing_out(
        age_shares(place),
        age_shares(dict(borough.district)),
        name=borough.called,
        year=borough.edition.population_year,
    )


def _written(share: float) -> str:
    return or_dash(percentage(share, 1), share)
