"""Names for pockets, made of the names people know for the larger areas that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from geo.space.groups import in_groups

ENOUGH = 0.6
"""Where one larger area holds this share of a pocket's people, the pocket has its name alone."""
MOST = 2
"""How many larger areas a pocket is named after at most: more would not fit a list or a map."""
HALF = 0.5
"""A pocket with less than this share of a larger area's people is a part of it."""
SLASH = " / "
"""What stands between names: they hold commas, “&” and “and” of their own, and no slash."""
PART = "part of "


def pocket_names(members: pd.Series, places: pd.DataFrame) -> pd.Series:
    """Name every pocket of one borough, no two alike; indexed by pocket.

    ``members`` holds the pocket of small areas (empty for none). ``places`` has a row for every
    small area of the borough: ``larger``, the name of the larger area that it lies in, and
    ``ward``, missing where they are not known; ``own``, a name that no other has; ``population``.

    A pocket has the name of the larger area that holds most of its people (ties by name), and where
    that is under 60% of them the name of the next one too. Names are whole, whatever they are
    joined of. “Part of” stands before one where the pocket holds less than half of the larger
    area's people. Pockets named after the same larger areas are told apart by the ward that holds
    most of each one's people; where it is another's too, by the first of its wards, by people, in
    which none of the others has any; and without one, by the own name of its largest small area.
    The result depends on the pockets alone, not on the order of rows.
    """
    inside = in_groups(members)
    places = places.assign(larger=places["larger"].fillna(places["own"]))
    whole = places.groupby("larger")["population"].sum()
    held = {str(pocket): places.loc[codes.index] for pocket, codes in inside.groupby(inside)}
    named = {pocket: named_after(rows) for pocket, rows in held.items()}
    alike: dict[tuple[str, ...], list[str]] = {}
    for pocket, people in named.items():
        alike.setdefault(tuple(sorted(people)), []).append(pocket)
    names = {}
    for pockets in alike.values():
        ends = _ends({pocket: held[pocket] for pocket in pockets}) if len(pockets) > 1 else {}
        for pocket in pockets:
            people = named[pocket]
            parts = [one for one, own in people.items() if own < HALF * whole[one]]
            names[pocket] = pocket_title(people, parts) + ends.get(pocket, "")
    return pd.Series(names, dtype="str").sort_index().rename("name")


def named_after(held: pd.DataFrame) -> dict[str, int]:
    """Return the larger areas that a pocket is named after, with its people there, most first.

    ``held`` has ``larger`` and ``population`` of the pocket's small areas.

    >>> larger = ["Anfield", "Tuebrook & Stoneycroft", "Everton East"]
    >>> named_after(pd.DataFrame({"larger": larger, "population": [500, 300, 200]}))
    {'Anfield': 500, 'Tuebrook & Stoneycroft': 300}
    """
    people = _most_first(held, "larger")
    enough = max(people.values()) >= ENOUGH * sum(people.values())
    return dict(list(people.items())[: 1 if enough else MOST])


def pocket_title(names: Iterable[str], parts: Sequence[str] = ()) -> str:
    """Join names of larger areas into one of a pocket; ``parts`` are those it is a part of.

    >>> pocket_title(["Tower Hill & Northwood", "Southdene"], ["Southdene"])
    'Tower Hill & Northwood / part of Southdene'
    >>> pocket_title(["Southdene"], ["Southdene"])
    'Part of Southdene'
    """
    told = SLASH.join(f"{PART}{name}" if name in parts else name for name in names)
    return told[:1].upper() + told[1:] if told.startswith(PART) else told


def _ends(held: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return for pockets of one name what tells each apart, in brackets."""
    wards = {
        pocket: [ward for ward, many in _most_first(rows, "ward").items() if many > 0]
        for pocket, rows in held.items()
    }
    main = {pocket: own[0] for pocket, own in wards.items() if own}
    ends = {}
    for pocket, rows in held.items():
        others = {ward for other in wards if other != pocket for ward in wards[other]}
        mains = {main[other] for other in main if other != pocket}
        ward = main.get(pocket)
        if ward is None or ward in mains:
            ward = next((one for one in wards[pocket] if one not in others), None)
        place = f"{ward} ward" if ward else f"around {next(iter(_most_first(rows, 'own')))}"
        ends[pocket] = f" ({place})"
    return ends


def _most_first(held: pd.DataFrame, by: str) -> dict[str, int]:
    """Add up a pocket's people by a column, where it is known, most first, ties by name."""
    people: Counter[str] = Counter()
    known = held[held[by].notna()]
    for place, many in zip(known[by].tolist(), known["population"].tolist(), strict=True):
        people[place] += int(many)
    return dict(sorted(people.items(), key=lambda one: (-one[1], one[0])))
