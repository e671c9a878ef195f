"""Names for pockets, made of the names people know for the larger areas that hold them."""

from __future__ import annotations

import pandas as pd

from geo.codes import join_names
from geo.space.groups import in_groups, summarise

ENOUGH = 0.6
MOST = 3


def pocket_name(names: pd.Series, population: pd.Series) -> str:
    """Name one pocket after the larger areas that hold most of its people.

    ``names`` gives, for each of its areas, the name of the larger area it lies in. These are
    taken by the number of the pocket's people they hold, most first (ties by name), until they
    hold 60% of them; three at most.

    >>> names = pd.Series({"a": "Anfield", "b": "Anfield", "c": "Tuebrook", "d": "Everton"})
    >>> pocket_name(names, pd.Series({"a": 900, "b": 100, "c": 800, "d": 100}))
    'Anfield and Tuebrook'
    """
    known = names.dropna()
    people = population.reindex(known.index).groupby(known).sum().sort_index()
    ordered = people.sort_values(ascending=False, kind="stable")
    before = ordered.cumsum() - ordered
    needed = int((before < ENOUGH * ordered.sum()).sum())
    return join_names(list(ordered.index[: min(max(needed, 1), MOST)]))


def pocket_names(
    members: pd.Series,
    names: pd.Series,
    population: pd.Series,
    *,
    easting: pd.Series,
    northing: pd.Series,
) -> pd.Series:
    """Name every pocket of one borough, no two alike; indexed by pocket.

    Pockets that would share a name are told apart by where they lie relative to each other, from
    the population-weighted means of their centroids: “(north)” and “(south)”, or “(1 of 4, from
    the west)”. The result depends on the pockets alone, not on their order.
    """
    inside = in_groups(members)
    plain = {
        pocket: pocket_name(names.reindex(codes.index), population)
        for pocket, codes in inside.groupby(inside)
    }
    places = pd.DataFrame({"easting": easting, "northing": northing})
    return unique_names(pd.Series(plain, dtype="str"), summarise(inside, places, population))


def unique_names(names: pd.Series, centres: pd.DataFrame) -> pd.Series:
    """Tell apart names that are alike by compass words; see `pocket_names`.

    ``centres`` holds ``easting`` and ``northing`` (m) for the same index as ``names``.

    >>> centres = pd.DataFrame({"easting": [0, 10], "northing": [0, 900]}, index=["P1", "P2"])
    >>> unique_names(pd.Series({"P1": "Anfield", "P2": "Anfield"}), centres).to_dict()
    {'P1': 'Anfield (south)', 'P2': 'Anfield (north)'}
    """
    told = names.copy()
    for name, alike in names.groupby(names):
        if len(alike) > 1:
            words = _whereabouts(centres.loc[alike.index].sort_index())
            told.update(words.map(lambda word, name=name: f"{name} ({word})"))
    return told.rename("name")


def _whereabouts(centres: pd.DataFrame) -> pd.Series:
    """Return a word for where each of several places lies, along the line of most difference."""
    spread = centres.max() - centres.min()
    upright = spread["northing"] >= spread["easting"]
    axis, other = ("northing", "easting") if upright else ("easting", "northing")
    low, high = ("south", "north") if upright else ("west", "east")
    ordered = centres.sort_values([axis, other], kind="stable").index
    count = len(ordered)
    few = {2: [low, high], 3: [low, "middle", high]}
    numbered = [f"{place} of {count}, from the {low}" for place in range(1, count + 1)]
    return pd.Series(few.get(count, numbered), index=ordered)
