"""What is said of an edition beside the ones before it.

Movement of rank and of pockets between editions, each named by its year, and never of scores. What
has moved is an area's place in the order: the data cannot tell why, and that is said wherever
anything else is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.space.families import MERGED, SPLIT
from maps.look.numbers import counted, in_year, numeral, percent_of, share_in_words
from maps.words.sentences import capital, listed

if TYPE_CHECKING:
    from layers.change.change import EditionChange

CANNOT_TELL = (
    "The data cannot tell a change of place from a change of method or of everyone else: what the"
    " Indices measure, and how, has changed between editions, and a rank moves when other areas do."
)
"""What stands beside everything that is said of change."""

FATES: Mapping[str, str] = {
    "stayed": "stayed",
    "grown": "grew",
    "shrunk": "shrank",
    "split": "was split",
    "merged": "was merged",
    "gone": "is gone",
    "new": "is new",
}
"""What became of a pocket, in words for a cell of a table."""

BOUNDARY = (
    "Where pockets part is a choice of scale, so a pocket that is split or merged is first of all a"
    " change of boundary."
)


LINKED_MEANS = (
    "Two pockets are linked where at least half of the people of the smaller one live on the ground"
    " of both. Grew and shrank: linked to one, and the people on its ground differ by more than a"
    " tenth."
)
"""What is meant where pockets of two editions are said to be linked."""


def became(link: str) -> str:
    """Say what happened to an area that was redrawn, by the letter of its family.

    >>> became("S"), became("X")
    ('was split into', 'was redrawn; its ground is now in')
    """
    told = {SPLIT: "was split into", MERGED: "became a part of"}
    return told.get(link, "was redrawn; its ground is now in")


def every_time(years: Sequence[str]) -> str:
    """Name the editions in all of which something held.

    >>> every_time(["2015", "2019", "2025"]), every_time(["2019", "2025"])
    ('in all three editions (2015, 2019 and 2025)', 'in both editions (2019 and 2025)')
    """
    number = {2: "both", 3: "all three"}.get(len(years), f"all {len(years)}")
    return f"in {number} editions ({listed(years)})"


def how_often(of: int) -> list[str]:
    """Name in how many of some editions something held, from every time to never.

    >>> how_often(3)
    ['In all 3', 'In 2', 'In 1', 'In none']
    """
    return [f"In all {of}", *(f"In {times}" for times in range(of - 1, 0, -1)), "In none"]


def came_from(pocket: Mapping[str, Any], change: EditionChange, year: int) -> str:
    """Say where a pocket of an edition comes from; ``year`` dates its people (see `where_from`)."""
    names = change.before["name"].to_dict()
    return where_from(
        str(pocket["fate"]),
        [str(names.get(key, key)) for key in pocket["came_from"]],
        float(pocket["kept_pct"]),
        change.last,
        year,
    )


def lasted(
    areas: tuple[int, int], people: tuple[float, float], years: Sequence[str], year: int, whole: str
) -> str:
    """Say how much of a place was in the most deprived tenth in every edition.

    ``areas`` and ``people`` are of where it lasted and of all of the place; ``year`` dates the
    people.

    >>> lasted((3, 5), (4500, 8000), ["2019", "2025"], 2022, "England")
    '3 of its 5 small areas (LSOAs) were in the most deprived tenth of England in both editions \
(2019 and 2025); 56% of its people (mid-2022) live there.'
    >>> lasted((0, 5), (0, 8000), ["2019", "2025"], 2022, "England")
    'None of its 5 small areas (LSOAs) was in the most deprived tenth of England in both editions \
(2019 and 2025).'
    >>> lasted((1, 1), (1500, 1500), ["2019", "2025"], 2022, "England")
    'Its only small area (LSOA) was in the most deprived tenth of England in both editions (2019 \
and 2025); all of its people (mid-2022) live there.'
    """
    within, all_areas = areas
    tenth = f"in the most deprived tenth of {whole} {every_time(years)}"
    if all_areas == 1:
        subject = "Its only small area (LSOA) was"
        if not within:
            return f"{subject} not {tenth}."
    else:
        count = numeral(within) if within < all_areas else "All"
        of = f"{count} of its {numeral(all_areas)} small areas (LSOAs)"
        subject = f"{of} {'was' if within == 1 else 'were'}"
        if not within:
            return f"None of its {numeral(all_areas)} small areas (LSOAs) was {tenth}."
    share = share_in_words(*people)
    return f"{subject} {tenth}; {in_year(f'{share} of its people', year)} live there."


def held_together(
    lasted_people: int, people: int, years: Sequence[str], year: int, whole: str
) -> str:
    """Say of boroughs together how many people live where it has lasted.

    >>> held_together(1000, 4000, ["2019", "2025"], 2022, "England")
    '1,000 people (mid-2022), 25% of all, live in small areas (LSOAs) that were in the most \
deprived tenth of England in both editions (2019 and 2025).'
    >>> held_together(0, 4000, ["2019", "2025"], 2022, "England")
    'None of their small areas (LSOAs) was in the most deprived tenth of England in both editions \
(2019 and 2025).'
    """
    tenth = f"in the most deprived tenth of {whole} {every_time(years)}"
    if not lasted_people:
        return f"None of their small areas (LSOAs) was {tenth}."
    share = share_in_words(lasted_people, people)
    return (
        f"{in_year(counted(lasted_people, 'person', 'people'), year)}, {share} of all, live in"
        f" small areas (LSOAs) that were {tenth}."
    )


def counted_then_and_now(
    before: tuple[str, int, int],
    now: tuple[str, int, int],
    *,
    censuses: tuple[int, int],
    whole: str,
) -> str:
    """Say how many small areas were in the most deprived tenth, each in its own census.

    ``before`` and ``now`` are the year of an edition, the areas in it and all areas.

    >>> counted_then_and_now(
    ...     ("2019", 145, 298), ("2025", 111, 302), censuses=(2011, 2021), whole="England"
    ... )
    'In the edition of 2019, 145 of its 298 small areas (LSOAs of 2011) were in the most deprived \
tenth of England; in that of 2025, 111 of 302 (LSOAs of 2021).'
    >>> counted_then_and_now(("2019", 0, 1), ("2025", 1, 1), censuses=(2011, 2021), whole="England")
    'In the edition of 2019, its only small area (LSOA of 2011) was not in the most deprived tenth \
of England; in that of 2025, its only one (LSOA of 2021) was.'
    """
    (year, within, areas), (later, within_now, areas_now) = before, now
    if areas == areas_now == 1:
        was, is_now = ("was" if there else "was not" for there in (within, within_now))
        return (
            f"In the edition of {year}, its only small area (LSOA of {censuses[0]}) {was} in the"
            f" most deprived tenth of {whole}; in that of {later}, its only one (LSOA of"
            f" {censuses[1]}) {is_now}."
        )
    was = "was" if within == 1 else "were"
    return (
        f"In the edition of {year}, {numeral(within)} of its {numeral(areas)} small areas (LSOAs of"
        f" {censuses[0]}) {was} in the most deprived tenth of {whole}; in that of {later},"
        f" {numeral(within_now)} of {numeral(areas_now)} (LSOAs of {censuses[1]})."
    )


def where_from(fate: str, names: Sequence[str], kept_pct: float, last: str, year: int) -> str:
    """Say where a pocket comes from: what of the edition before, of the year ``last``, it follows.

    ``names`` are the pockets of that edition that it is linked to, ``kept_pct`` the share of its
    people (of mid-``year``) who live where any pocket was.

    >>> where_from("merged", ["A", "B"], 80.0, "2019", 2022)
    'It joins 2 pockets of the edition of 2019: A; B. 80% of its people (mid-2022) live where a \
pocket was then.'
    >>> where_from("new", [], 0.0, "2019", 2022)
    'No pocket of the edition of 2019 is linked to it. None of its people (mid-2022) live where a \
pocket was then.'
    >>> where_from("grown", ["A, B and C"], 80.0, "2019", 2022)
    'It follows one pocket of the edition of 2019 and takes in more people: A, B and C. 80% of its \
people (mid-2022) live where a pocket was then.'
    """
    one = names[0] if names else ""
    follows = f"It follows one pocket of the edition of {last}"
    told = {
        "new": f"No pocket of the edition of {last} is linked to it.",
        "stayed": f"{follows} and is about as large: {one}.",
        "grown": f"{follows} and takes in more people: {one}.",
        "shrunk": f"{follows} and takes in fewer people: {one}.",
        "split": f"It is one of several into which a pocket of the edition of {last} was split:"
        f" {one}.",
        "merged": f"It joins {counted(len(names), 'pocket')} of the edition of {last}:"
        f" {'; '.join(names)}.",
    }[fate]
    if math.isnan(kept_pct):
        return told
    share = in_year(f"{capital(share_in_words(kept_pct, 100))} of its people", year)
    return f"{told} {share} live where a pocket was then."


def pockets_then(fates: Mapping[str, int], last: str, now: str) -> str:
    """Count what became of the pockets of the edition before.

    >>> pockets_then({"stayed": 2, "split": 1, "gone": 1}, "2019", "2025")
    'Of 4 pockets of the edition of 2019, 2 stayed, 1 was split and 1 is gone by 2025.'
    >>> pockets_then({"merged": 1}, "2019", "2025")
    'The only pocket of the edition of 2019 was merged by 2025.'
    >>> pockets_then({}, "2019", "2025")
    'In the edition of 2019 it had no pocket by the same rule.'
    """
    total = sum(fates.values())
    if not total:
        return f"In the edition of {last} it had no pocket by the same rule."
    if total == 1:
        only = next(words for fate, words in FATES.items() if fates.get(fate))
        return f"The only pocket of the edition of {last} {only} by {now}."
    plural = {"was split": "were split", "was merged": "were merged", "is gone": "are gone"}
    parts = []
    for fate, words in FATES.items():
        if number := fates.get(fate, 0):
            said = words if number == 1 else plural.get(words, words)
            parts.append(f"{numeral(number)} {said}")
    return f"Of {numeral(total)} pockets of the edition of {last}, {listed(parts)} by {now}."


def moved(sides: Mapping[str, tuple[int, int]], last: str, year: int) -> str:
    """Say how many small areas changed decile since the edition before, and the people there.

    ``sides`` are small areas and people by where they are now: ``toward`` the most deprived end,
    the ``same`` decile, ``away`` from it.

    >>> sides = {"toward": (10, 15000), "same": (80, 120000), "away": (12, 18000)}
    >>> moved(sides, "2019", 2022)
    'Since the edition of 2019, 80 of 102 small areas (LSOAs) kept their decile; 10, with 15,000 \
people (mid-2022), are in a more deprived one and 12, with 18,000 people (mid-2022), are in a less \
deprived one.'
    >>> moved({"toward": (0, 0), "same": (5, 9000), "away": (0, 0)}, "2019", 2022)
    'Since the edition of 2019, all 5 small areas (LSOAs) kept their decile.'
    >>> moved({"toward": (1, 1500), "same": (0, 0), "away": (0, 0)}, "2019", 2022)
    'Since the edition of 2019, its only small area (LSOA) has moved to a more deprived decile.'
    """
    (toward, people), (same, _), (away, others) = (
        sides[side] for side in ("toward", "same", "away")
    )
    areas = toward + same + away
    if areas == 1:
        way = "more" if toward else "less"
        did = "kept its decile" if same else f"has moved to a {way} deprived decile"
        return f"Since the edition of {last}, its only small area (LSOA) {did}."
    count = "all" if same == areas else f"{numeral(same)} of"
    kept = (
        f"Since the edition of {last}, {count} {numeral(areas)} small areas (LSOAs) kept their"
        " decile"
    )
    ways = [
        f"{numeral(few)}, with {in_year(f'{numeral(there)} people', year)},"
        f" {'is' if few == 1 else 'are'} in a {way} deprived one"
        for few, there, way in ((toward, people, "more"), (away, others, "less"))
        if few
    ]
    return f"{kept}; {listed(ways)}." if ways else f"{kept}."


def redrawn(estimated: int, areas: int, vintage: int) -> str:
    """Say of how many small areas what is known of earlier editions is of other ground.

    >>> redrawn(0, 5, 2011), redrawn(1, 5, 2011)
    ('', 'The boundary of 1 of its 5 small areas has changed since the census of 2011: what is \
said of earlier editions there is an estimate, by people on common ground.')
    """
    if not estimated:
        return ""
    which = (
        "The boundary of its only small area has"
        if areas == 1
        else f"The boundaries of {numeral(estimated)} of its {numeral(areas)} small areas have"
        if estimated > 1
        else f"The boundary of 1 of its {numeral(areas)} small areas has"
    )
    return (
        f"{which} changed since the census of {vintage}: what is said of earlier editions there is"
        " an estimate, by people on common ground."
    )


def not_followed(last: str) -> str:
    """Say why nothing is said of what became of pockets.

    >>> not_followed("2019")
    'What became of the pockets of the edition of 2019 is not known here: their rule looks at more \
than the overall index, or the outlines of the areas of that time are not at hand.'
    """
    return (
        f"What became of the pockets of the edition of {last} is not known here: their rule looks"
        " at more than the overall index, or the outlines of the areas of that time are not at"
        " hand."
    )


def cell_of(number: int, of: int) -> str:
    """Write a count with its share for a cell of a table.

    >>> cell_of(98, 302)
    '98 (32%)'
    """
    return f"{numeral(number)} ({percent_of(number, of)})"
