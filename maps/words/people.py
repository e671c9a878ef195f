"""Sentences on people: those counted by shares, whom pockets and cut-offs reach, and ages.

A share counts people; no sentence says of people that they are deprived, only as what they are
counted. Every sentence has its edition or the year of its population.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.findings.reach import counted_in_areas
from layers.layer import Edition, Layer
from maps.look.numbers import numeral, percentage, share_in_words
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough

AGED = {
    "population_children": "under 16",
    "population_16_to_59": "aged 16 to 59",
    "population_older": "aged 60 and over",
}
"""Whom the columns of ages count, in words."""
STANDS_OUT = 5
"""In percentage points: a share of an age that differs less from the borough's is not told."""
MARKED = {1: "most deprived tenth", 2: "two most deprived tenths"}
"""The cut-offs that are put into words and marked in charts, in tenths of England."""


def dated(edition: Edition) -> str:
    """Name an edition with the year of its people, to stand in brackets.

    >>> from layers.layer import edition
    >>> dated(edition("2019"))
    'Indices of Deprivation 2019, people of mid-2015'
    """
    return f"{edition.title}, people of mid-{edition.population_year}"


def outside_in_words(
    layer: Layer, counts: Mapping[str, float], *, place: str, pockets: int, when: str
) -> str:
    """Say how many of the people whom a share counts live outside every pocket of a place.

    ``counts`` has the layer's people and those outside, ``pockets`` is how many there are, ``when``
    what `dated` says. Nothing is said where this is not known.

    >>> from layers.layer import edition
    >>> income = edition("2019").layer("imd_2019_income")
    >>> counts = {income.people: 1000.4, income.people_outside: 320.2}
    >>> outside_in_words(income, counts, place="Ash", pockets=2, when="mid-2015")
    'Of about 1,000 people counted as income-deprived in Ash, about 320 (32%) live outside every \
pocket (mid-2015).'
    >>> outside_in_words(income, counts, place="Ash", pockets=0, when="mid-2015")
    'Ash has no pocket: all of its about 1,000 people counted as income-deprived live outside one \
(mid-2015).'
    """
    people, outside = (
        float(counts.get(name, math.nan)) for name in (layer.people, layer.people_outside)
    )
    if math.isnan(people) or math.isnan(outside):
        return ""
    told = f"about {numeral(people)} {layer.counted_as}"
    if not round(people):
        return f"Nobody in {place} is {layer.counted_as.removeprefix('people ')} ({when})."
    if not pockets:
        return f"{capital(place)} has no pocket: all of its {told} live outside one ({when})."
    if not round(outside):
        return f"All of {told} in {place} live in a pocket ({when})."
    share = share_in_words(outside, people)
    if round(outside) == round(people):
        return f"None of {told} in {place} lives in a pocket ({when})."
    return (
        f"Of {told} in {place}, about {numeral(outside)} ({share}) live outside every pocket"
        f" ({when})."
    )


def outside_every_pocket(borough: Borough) -> list[str]:
    """Say it of a borough, for the first of the shares that are counted in small areas."""
    edition = borough.edition
    said = (
        outside_in_words(
            layer,
            {str(name): value for name, value in borough.district.items()},
            place=borough.called,
            pockets=len(borough.pockets),
            when=dated(edition),
        )
        for layer in counted_in_areas(edition)[:1]
    )
    return [sentence for sentence in said if sentence]


def reach_in_words(
    layer: Layer, parts: Mapping[int, pd.Series], *, place: str, whole: str, when: str
) -> str:
    """Say whom England's most deprived tenth, and its two most deprived, hold of a place.

    ``parts`` are rows of `layers.findings.reach.reach_of` by their cut-off in tenths.

    >>> from layers.layer import edition
    >>> income = edition("2019").layer("imd_2019_income")
    >>> row = {"lsoa_count": 9, "population_pct": 12.2, "imd_2019_income_people_pct": 30.4}
    >>> reach_in_words(income, {1: row}, place="Ash", whole="England", when="mid-2015")
    'Of all people of Ash, 12% live in the most deprived tenth of small areas of England; of those \
counted as income-deprived, 30% (mid-2015).'
    >>> none = {1: dict.fromkeys(row, 0.0)}
    >>> reach_in_words(income, none, place="Ash", whole="England", when="mid-2015")
    'None of the small areas of Ash is in the most deprived tenth of England (mid-2015).'
    """
    held = {tenths: row for tenths, row in parts.items() if row["lsoa_count"]}
    if any(math.isnan(row[f"{layer.people}_pct"]) for row in parts.values()):
        return ""
    if not held:
        of = f"{MARKED[max(parts)]} of {whole} ({when})"
        return f"None of the small areas of {place} is in the {of}."
    first = min(held)
    everyone, counted = (
        [share_in_words(row[name], 100) for row in held.values()]
        for name in ("population_pct", f"{layer.people}_pct")
    )
    further = f" and {everyone[1]} in the {MARKED[max(held)]}" if len(held) > 1 else ""
    return (
        f"Of all people of {place}, {everyone[0]} live in the {MARKED[first]} of small areas of"
        f" {whole}{further}; of those {layer.counted_as.removeprefix('people ')},"
        f" {' and '.join(counted)} ({when})."
    )


def reach_of_whole(layer: Layer, parts: Mapping[int, pd.Series], whole: str) -> str:
    """Say whom England's most deprived tenth, and its two most deprived, hold of England itself.

    >>> from layers.layer import edition
    >>> income = edition("2019").layer("imd_2019_income")
    >>> rows = {1: {"imd_2019_income_people_pct": 22.9}, 2: {"imd_2019_income_people_pct": 40.2}}
    >>> reach_of_whole(income, rows, "England")
    'In England as a whole, 23% of those counted as income-deprived live in the most deprived \
tenth and 40% in the two most deprived tenths.'
    """
    first, both = (
        f"{share_in_words(parts[tenths][f'{layer.people}_pct'], 100)}{{}} in the {named}"
        for tenths, named in MARKED.items()
    )
    living = f" of those {layer.counted_as.removeprefix('people ')} live"
    return f"In {whole} as a whole, {first.format(living)} and {both.format('')}."


def age_shares(place: Mapping[str, Any]) -> dict[str, float]:
    """Return the share of a place's people in each age, in per cent of all of them, by column.

    >>> list(age_shares({"population": 50, **dict.fromkeys(AGED, 10)}).values())
    [20.0, 20.0, 20.0]
    """
    people = float(place.get("population", math.nan))
    counts = {column: float(place.get(column, math.nan)) for column in AGED}
    return {
        column: 100 * count / people if people > 0 else math.nan for column, count in counts.items()
    }


def standing_out(
    here: Mapping[str, float], beside: Mapping[str, float], *, name: str, year: int
) -> str:
    """Say in which age a place stands out from its borough, where it does.

    ``here`` and ``beside`` are percentages by column of age, the same ages in both; ``name`` is the
    borough's. The age with the largest difference is told if its two shares, as they are shown,
    lie at least `STANDS_OUT` points apart; of equal differences the first.

    >>> here = {"population_children": 28.2, "population_16_to_59": 60.0, "population_older": 11.8}
    >>> there = {"population_children": 19.6, "population_16_to_59": 58.0, "population_older": 22.4}
    >>> standing_out(here, there, name="Ash", year=2015)
    'Fewer of its people are aged 60 and over than in Ash as a whole: 12%, against 22% (mid-2015).'
    >>> standing_out(there, there, name="Ash", year=2015)
    ''
    """
    apart = {age: round(here[age]) - round(beside[age]) for age in here if here[age] == here[age]}
    most = max(apart, key=lambda age: abs(apart[age]), default=None)
    if most is None or abs(apart[most]) < STANDS_OUT:
        return ""
    more = "More" if apart[most] > 0 else "Fewer"
    shares = (percentage(each[most]) for each in (here, beside))
    return (
        f"{more} of its people are {AGED[most]} than in {name} as a whole: {next(shares)}, against"
        f" {next(shares)} (mid-{year})."
    )
