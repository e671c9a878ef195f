"""Sentences about several boroughs, from a small set of templates whose conditions are tested.

They keep to what `maps.words.sentences` forbids: nothing about causes or single people, no
multiples of deprivation, no line through two measures of fuel poverty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.names import in_a_sentence
from layers.borough.region import Line
from maps.look.numbers import (
    counted,
    in_year,
    numeral,
    ordinal,
    part_in_words,
    percentage,
    share_in_words,
)
from maps.words.rules import THEIR_BOROUGH, nothing_met
from maps.words.sentences import capital, listed, lower

if TYPE_CHECKING:
    from layers.borough.borough import Borough

FUEL_MEASURES = {"LIHC": "Low Income High Costs", "LILEE": "Low Income Low Energy Efficiency"}
FAINT = 0.05
"""Below this R² a line says next to nothing of areas, and no direction is put in words."""


def pockets_together(boroughs: Sequence[Borough], districts: pd.DataFrame) -> str:
    """Say in a sentence how many pockets the boroughs have together, and who lives in them."""
    count, people = int(districts["pockets"].sum()), int(districts["people_in_pockets"].sum())
    several = len(boroughs) > 1
    area = f"The {len(boroughs)} boroughs have" if several else f"{capital(boroughs[0].called)} has"
    year = boroughs[0].edition.population_year
    whose = THEIR_BOROUGH if several else ""
    single = _singles(districts)
    if not count:
        said = f"{area} no pocket of deprivation: {nothing_met(boroughs[0], place=whose)}."
        return f"{said} {'They have' if several else 'It has'} {single}." if single else said
    pockets = "one pocket" if count == 1 else counted(count, "pocket")
    living = in_year(f"{numeral(people)} people live", year)
    also = f", and {single}" if single else ""
    return f"{area} {pockets} of deprivation, in which {living}{also}."


def _singles(districts: pd.DataFrame) -> str:
    """Count the small areas that meet the rule alone, with who lives there; nothing without any."""
    count = int(districts["single_lsoas"].sum()) if "single_lsoas" in districts else 0
    if not count:
        return ""
    people = numeral(districts["people_in_single_lsoas"].sum())
    return f"{counted(count, 'single small area')} ({people} people)"


def joined_in_words(touching: int, pockets: int, *, joined: int, people: int, year: int) -> str:
    """Say how many pockets touch one across their borough's line, and what these are together.

    ``people`` live in the ``joined`` pockets that they are parts of.

    >>> joined_in_words(3, 72, joined=1, people=41300, year=2015)
    '3 of the 72 pockets touch one across their borough’s line: they are parts of one joined \
pocket, in which 41,300 people live (mid-2015).'
    >>> joined_in_words(0, 72, joined=0, people=0, year=2015)
    'No pocket here touches one across its borough’s line.'
    """
    if not joined:
        return "No pocket here touches one across its borough’s line."
    many = "The one pocket" if pockets == 1 else f"{touching} of the {pockets} pockets"
    touch = (
        f"{many} touches one across its borough’s line: it is part"
        if touching == 1
        else f"{many} touch one across their borough’s line: they are parts"
    )
    whole = "one joined pocket" if joined == 1 else counted(joined, "joined pocket")
    living = in_year(f"{numeral(people)} people live", year)
    return f"{touch} of {whole}, in which {living}."


def reaching_outside(joined: int) -> str:
    """Say how many joined pockets reach beyond the boroughs that are set side by side.

    >>> reaching_outside(1)
    '1 joined pocket reaches into a borough that is not among these.'
    """
    reach = "reaches into a borough that is" if joined == 1 else "reach into boroughs that are"
    return f"{counted(joined, 'joined pocket')} {reach} not among these."


def above_average(scores: Mapping[str, float], whole: float, name: str) -> str:
    """Say which boroughs have a higher average score than the whole, and which the lowest.

    >>> above_average({"Ash": 43.0, "Elm": 14.5, "Oak": 29.0}, 21.7, "England")
    '2 of the 3 boroughs have a higher average score than England (21.7): Ash (43.0) and Oak \
(29.0). The lowest is that of Elm (14.5).'
    >>> above_average({"Ash": 12.0, "Elm": 11.0}, 21.7, "England")
    'No borough has a higher average score than England (21.7). The lowest is that of Elm (11.0).'
    """
    ordered = sorted(scores, key=lambda place: (-scores[place], place))
    higher = [
        f"{place} ({numeral(scores[place], 1)})" for place in ordered if scores[place] > whole
    ]
    lowest = f"The lowest is that of {ordered[-1]} ({numeral(scores[ordered[-1]], 1)})."
    than = f"a higher average score than {name} ({numeral(whole, 1)})"
    if not higher:
        return f"No borough has {than}. {lowest}"
    if len(higher) == len(scores):
        return f"All {len(scores)} boroughs have {than}: {listed(higher)}."
    have = "has" if len(higher) == 1 else "have"
    return f"{len(higher)} of the {len(scores)} boroughs {have} {than}: {listed(higher)}. {lowest}"


def ranging(said: str, shares: Mapping[str, float]) -> str:
    """Add to a statement between which boroughs' percentages it ranges.

    >>> ranging("A third of all people live there", {"Ash": 61.8, "Elm": 0.0, "Oak": 6.1})
    'A third of all people live there: from none in Elm to 62% in Ash.'
    >>> ranging("None live there", {"Ash": 0.0, "Elm": 0.0})
    'None live there.'
    """
    ordered = sorted(shares, key=lambda place: (shares[place], place))
    low, high = (share_in_words(shares[ordered[end]], 100) for end in (0, -1))
    if low == high:
        return f"{said}."
    ends = (in_a_sentence(ordered[end]) for end in (0, -1))
    return f"{said}: from {low} in {next(ends)} to {high} in {next(ends)}."


def overlapping(counts: pd.DataFrame, people: int, *, year: int, of: str, whole: str) -> str:
    """Say how many small areas are worst on several layers at once, and who lives there.

    ``counts`` has lsoas and people by the borough's name; ``people`` live where it is known;
    ``of`` names what is met ("3 of the 4 layers"), ``whole`` what the worst fifth is one of.
    """
    places, living = int(counts["lsoas"].sum()), int(counts["people"].sum())
    if not places:
        return f"No small area is in the worst fifth of {whole} on at least {of} together."
    share = share_in_words(living, people)
    are = "small area is" if places == 1 else "small areas are"
    most = counts["lsoas"].astype("int64")
    said = (
        f"{numeral(places)} {are} in the worst fifth of {whole} on at least {of} together, home to"
        f" {in_year(f'{numeral(living)} people', year)}, {share} of all."
    )
    if places == 1:
        return said
    many = "All" if most.max() == places else numeral(most.max())
    are = "is" if most.max() == 1 else "are"
    return f"{said} {many} of them {are} in {in_a_sentence(str(most.idxmax()))}."


def not_known(areas: int) -> list[str]:
    """Say of how many small areas it is not known on how many layers they are worst.

    >>> not_known(1), not_known(0)
    (['Of 1 small area this is not known, since it lacks a value on a layer: shares are of the \
others.'], [])
    """
    if not areas:
        return []
    lacks = "it lacks" if areas == 1 else "they lack"
    return [
        f"Of {counted(areas, 'small area')} this is not known, since {lacks} a value on a layer:"
        " shares are of the others."
    ]


def fuel_poverty_over_years(shares: pd.DataFrame, together: float, whole: float, name: str) -> str:
    """Say how fuel poverty stood in the last year, and where the measure changed.

    ``shares`` has a row a measure and year, in order, and a column a borough's name.
    """
    measure, year = shares.index[-1]
    latest = {str(name): float(value) for name, value in shares.iloc[-1].dropna().items()}
    low, high = min(latest, key=latest.__getitem__), max(latest, key=latest.__getitem__)
    said = (
        f"In {year}, {percentage(together, 1)} of households were in fuel poverty ({measure}),"
        f" where {name} had {percentage(whole, 1)}: from {percentage(latest[low], 1)} in"
        f" {in_a_sentence(low)} to {percentage(latest[high], 1)} in {in_a_sentence(high)}."
    )
    measures = shares.index.get_level_values("measure")
    years = shares.index.get_level_values("year")
    for before, after in zip(measures.unique(), measures.unique()[1:], strict=False):
        said += (
            f" The measure changed to {after} with {years[measures == after][0]}: figures up to"
            f" {years[measures == before][-1]} and from then on cannot be compared."
        )
    return said


def mortality_of_parts(parts: pd.DataFrame) -> str:
    """Say how the ratio of deaths stands in the least and the most deprived part of the people.

    ``parts`` are those of `layers.borough.region.mortality_by_part`; nothing is said of none.
    """
    if parts.empty or parts["ratio"].iloc[[0, -1]].isna().any():
        return ""
    part = part_in_words(len(parts))
    (most, range_of_most), (least, range_of_least) = (
        _beside_expected(row) for row in (parts.iloc[0], parts.iloc[-1])
    )
    return (
        f"In the most deprived {part} of MSOAs by population, {most} people died of COVID-19 than"
        f" expected for their age and sex ({range_of_most}). In the least deprived, {least}"
        f" ({range_of_least})."
    )


def _beside_expected(row: pd.Series) -> tuple[str, str]:
    """Say how many more or fewer died than expected, and between which 95% limits."""
    share, low, high = (100 * (float(row[f"ratio{end}"]) - 1) for end in ("", "_lower", "_upper"))
    way = "fewer" if share < 0 else "more"
    said = f"{percentage(abs(share))} {way}"
    if low < 0 < high:
        return said, f"{percentage(-low)} fewer to {percentage(high)} more"
    near, far = sorted((abs(low), abs(high)))
    return said, f"{percentage(near)} to {percentage(far)}"


def in_order(places: Sequence[tuple[str, int]], of: int, whole: str) -> str:
    """Name boroughs, most deprived first, each with its rank among all districts of the whole.

    >>> in_order([("Elm", 120), ("Ash", 2)], 317, "England")
    'By average score the order, most deprived first, is: Ash (2nd of the 317 districts of \
England) and Elm (120th).'
    """
    ordered = sorted(places, key=lambda place: (place[1], place[0]))
    named = [f"{name} ({ordinal(rank)})" for name, rank in ordered]
    first = f"{ordered[0][0]} ({ordinal(ordered[0][1])} of the {of} districts of {whole})"
    return f"By average score the order, most deprived first, is: {listed([first, *named[1:]])}."


CLEARLY = 5.0
"""Points of share that the first domain must stand above the second to be said to stand out."""


def domain_that_stands_out(shares: Mapping[str, float], whole: str) -> str:
    """Say on which domain the share of small areas in the worst tenth is clearly the largest.

    Nothing is said to stand out that is not above the tenth of the whole itself.

    >>> domain_that_stands_out({"Health": 61.2, "Income": 44.0, "Crime": 9.0}, "England")
    'Health stands out: on it 61% of small areas are in England’s most deprived tenth; next is \
income with 44%.'
    >>> domain_that_stands_out({"Health": 45.2, "Income": 44.0}, "England")
    'No one domain stands out: Health (45% of small areas in England’s most deprived tenth) and \
income (44%) are near each other.'
    >>> domain_that_stands_out({"Health": 9.0, "Income": 1.0}, "England")
    'On no domain are more than a tenth of small areas in England’s most deprived tenth.'
    """
    ordered = sorted(shares.items(), key=lambda domain: -domain[1])
    (first, most), (second, next_to_it) = ordered[:2]
    tenth = f"{whole}’s most deprived tenth"
    if most <= 10:
        return f"On no domain are more than a tenth of small areas in {tenth}."
    if most - next_to_it >= CLEARLY:
        return (
            f"{first} stands out: on it {percentage(most)} of small areas are in {tenth}; next is"
            f" {lower(second)} with {percentage(next_to_it)}."
        )
    return (
        f"No one domain stands out: {first} ({percentage(most)} of small areas in {tenth}) and"
        f" {lower(second)} ({percentage(next_to_it)}) are near each other."
    )


def of_former(msoas: int) -> str:
    """Say where MSOAs are that show the ratio of a former one of which they are parts.

    >>> of_former(4)
    '4 MSOAs are parts of former ones and show their ratio: they are in no part of the population \
and not on the line; the deaths of the former ones are in the whole.'
    """
    are = (
        "MSOA is part of a former one and shows its"
        if msoas == 1
        else ("MSOAs are parts of former ones and show their")
    )
    they = "it is" if msoas == 1 else "they are"
    return (
        f"{numeral(msoas)} {are} ratio: {they} in no part of the population and not on the line;"
        " the deaths of the former ones are in the whole."
    )


def running_with_deprivation(found: Line) -> str:
    """Say which way mortality tended to run with deprivation, and how far, without a formula."""
    if found.r_squared < FAINT:
        return "COVID-19 mortality hardly ran with the deprivation of neighbourhoods."
    way = "higher" if found.slope > 0 else "lower"
    return (
        f"The more deprived the neighbourhood, the {way} its COVID-19 mortality tended to be;"
        f" deprivation goes with {percentage(100 * found.r_squared)} of the differences."
    )


def line(found: Line) -> str:
    """Say which way the line through the MSOAs runs, and how much of the spread lies along it."""
    count = len(found.points)
    sign = "+" if found.slope >= 0 else "−"
    start = numeral(found.intercept, 2)
    formula = f"ratio = {start} {sign} {numeral(abs(found.slope), 4)} × score"
    if found.r_squared < FAINT:
        return (
            f"Over {count} MSOAs the ratio hardly runs with the score: {formula},"
            f" R² = {numeral(found.r_squared, 2)}."
        )
    way = "higher" if found.slope > 0 else "lower"
    return (
        f"Over {count} MSOAs the ratio is on the whole {way} where the score is higher: {formula},"
        f" R² = {numeral(found.r_squared, 2)}, so {percentage(100 * found.r_squared)} of the"
        " variance of the ratio lies along the line."
    )
