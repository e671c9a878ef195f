"""Sentences that pages generate, from a small set of templates whose conditions are tested.

What no sentence may say: that one place is so many times as deprived as another; that the people of
an area are deprived (areas are); a cause, or a single person's risk; a comparison outside England,
but for the reference of the mortality ratio; a change in score between editions; a trend within one
neighbourhood for fuel poverty; anything about roadside air. Counts of people carry their year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.borough import Borough

SHARES = {1: "tenth", 2: "fifth", 3: "three tenths", 4: "two fifths", 5: "half"}


def finding(borough: Borough) -> str:
    """Say how many pockets a borough has, how many of its people live there, and where to look.

    The deepest pocket is the one numbered 1. A borough without pockets says what was looked for; a
    fictional place says that it is one.
    """
    place = borough.name
    if borough.edition.fictional:
        place = f"{place} (a fictional place)"
    if borough.pockets.empty:
        return f"{place} has no pocket of deprivation: {nothing_met(borough)}."
    people = share_in_words(borough.pockets["population"].sum(), borough.lsoa["population"].sum())
    home = f"home to {people} of its people (mid-{borough.edition.population_year})"
    deepest = borough.pockets.sort_values("number")["name"].iloc[0]
    count = len(borough.pockets)
    if count == 1:
        return f"{place} has one pocket of deprivation, {home}. It is around {deepest}."
    return f"{place} has {count} pockets of deprivation, {home}. The deepest is around {deepest}."


def nothing_met(borough: Borough) -> str:
    """Say what was looked for where no pocket was found."""
    settings = borough.settings
    if settings.get("rule", "national") == "national":
        share = tenths_in_words(int(str(settings.get("d", 2))))
        return (
            f"no two neighbourhoods that touch are both in the most deprived {share}"
            f" of {borough.edition.whole}"
        )
    return "no two neighbourhoods that touch both meet the rule"


def tenths_in_words(tenths: int) -> str:
    """Name a share given in tenths.

    >>> tenths_in_words(2)
    'fifth'
    >>> tenths_in_words(7)
    '70%'
    """
    return SHARES.get(tenths, f"{tenths * 10}%")


def share_in_words(part: float, whole: float) -> str:
    """Give a share as a whole percentage that never rounds some to none, or most to all.

    >>> share_in_words(62, 100), share_in_words(2, 1000), share_in_words(999, 1000)
    ('62%', 'less than 1%', 'more than 99%')
    >>> share_in_words(0, 10), share_in_words(10, 10)
    ('none', 'all')
    """
    if part <= 0:
        return "none"
    if part >= whole:
        return "all"
    percent = 100 * part / whole
    if percent < 1:
        return "less than 1%"
    return "more than 99%" if percent > 99 else f"{percent:.0f}%"


def listed(names: Sequence[str]) -> str:
    """Join names as a reader would say them.

    >>> listed(["Kirkdale North", "Kirkdale South", "Vauxhall"])
    'Kirkdale North, Kirkdale South and Vauxhall'
    >>> listed([])
    'none'
    """
    if len(names) < 2:
        return names[0] if names else "none"
    return f"{', '.join(names[:-1])} and {names[-1]}"
