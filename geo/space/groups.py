"""Groups of areas, such as pockets: what their areas add up to and which groups touch.

``members`` is a Series everywhere: the group of each area, by ``area_code``; an area that belongs
to no group has an empty text or a missing value.
"""

from __future__ import annotations

import pandas as pd
from libpysal.graph import Graph


def in_groups(members: pd.Series) -> pd.Series:
    """Keep the areas that belong to a group, in order of code.

    >>> in_groups(pd.Series({"c": "", "b": "P1", "a": "P1", "d": None})).to_dict()
    {'a': 'P1', 'b': 'P1'}
    """
    inside = members[members.notna() & members.ne("")]
    return inside.astype("str").sort_index()


def summarise(members: pd.Series, values: pd.DataFrame, population: pd.Series) -> pd.DataFrame:
    """Average the values of each group's areas, weighted by population; one row a group.

    An area without a value is left out with its people; a group of which no area has a value, or
    in which nobody lives, has NaN. Weighted means of scores describe a group's people; a rank is
    found from the mean, never averaged.

    >>> values = pd.DataFrame({"pct": [10.0, 20.0, None]}, index=list("abc"))
    >>> groups = pd.Series({"a": "P1", "b": "P1", "c": "P2"})
    >>> summarise(groups, values, pd.Series({"a": 100, "b": 300, "c": 50}))["pct"].to_dict()
    {'P1': 17.5, 'P2': nan}
    """
    inside = in_groups(members)
    known = values.reindex(inside.index).astype("float64")
    people = population.reindex(inside.index).astype("float64")
    weighted = known.mul(people, axis=0).groupby(inside).sum()
    weights = known.notna().mul(people, axis=0).groupby(inside).sum()
    return weighted / weights.where(weights > 0)


def totals(members: pd.Series, counts: pd.DataFrame) -> pd.DataFrame:
    """Add up the counts of each group's areas; a missing count makes the total missing.

    >>> counts = pd.DataFrame({"households": [2, 3]}, index=["a", "b"])
    >>> totals(pd.Series({"a": "P1", "b": "P1"}), counts)["households"].to_dict()
    {'P1': 5.0}
    """
    inside = in_groups(members)
    known = counts.reindex(inside.index).astype("float64")
    sums = known.groupby(inside).sum()
    return sums.where(known.isna().groupby(inside).sum() == 0)


def share_pct(members: pd.Series, holds: pd.Series, population: pd.Series) -> pd.Series:
    """Return the percentage of each group's people who live in areas where something holds.

    ``holds`` is true, false, or missing where it is not known; these areas are left out.

    >>> holds = pd.Series({"a": True, "b": False})
    >>> share_pct(pd.Series({"a": "P1", "b": "P1"}), holds, pd.Series({"a": 1, "b": 3})).to_dict()
    {'P1': 25.0}
    """
    shares = summarise(members, holds.astype("float64").to_frame("share"), population)["share"]
    return 100.0 * shares


def touching(members: pd.Series, graph: Graph, *, across: pd.Series | None = None) -> pd.Series:
    """List, for each group, the other groups that touch it, in order.

    Groups touch where an area of one neighbours an area of the other in ``graph``, which must
    hold the areas of both. With ``across`` (the borough of each area) only neighbours on the
    other side of its line count. Every group has an entry; most lists are empty.
    """
    inside = in_groups(members)
    focal, neighbour = (graph.adjacency.index.get_level_values(level) for level in (0, 1))
    pairs = pd.DataFrame(
        {"group": inside.reindex(focal).to_numpy(), "other": inside.reindex(neighbour).to_numpy()}
    )
    wanted = pairs.notna().all(axis=1) & (pairs["group"] != pairs["other"])
    if across is not None:
        wanted &= across.reindex(focal).to_numpy() != across.reindex(neighbour).to_numpy()
    lists = pairs[wanted].groupby("group")["other"].agg(lambda others: sorted(set(others)))
    return pd.Series({group: lists.get(group, []) for group in sorted(set(inside))}, dtype="object")


def hanging_together(touching: pd.Series) -> pd.Series:
    """Return, for each group that touches another, the first of all it hangs together with.

    ``touching`` lists the groups that touch each (see the function of that name); groups hang
    together where one touches the other, or both hang together with a third. Those that touch
    none are left out.

    >>> hanging_together(pd.Series({"d": [], "c": ["b"], "b": ["a", "c"], "a": ["b"]})).to_dict()
    {'a': 'a', 'b': 'a', 'c': 'a'}
    """
    first: dict[str, str] = {}
    for group in sorted(touching.index[touching.map(len) > 0]):
        waiting = [group]
        while waiting:
            one = waiting.pop()
            if one not in first:
                first[one] = group
                waiting += touching[one]
    return pd.Series(first, dtype="str").sort_index()
