"""Whether pockets come back when they are looked for in other reasonable ways.

Each other way gives every area a group of its own kind. A pocket comes back where one of those
groups shares half of the people; an area is a firm part of its pocket where it lies in the group
that matches it. This says nothing about chance or significance: a change of choices is no sampling
error. As in the analysis of how sure ranks of composite indicators are: Saisana, Saltelli and
Tarantola 2005, Journal of the Royal Statistical Society A 168, 307-323.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.space.groups import in_groups

MATCH = 0.5
"""People of both groups over people of either, from which one matches the other."""
CORE, EDGE, DOUBTFUL = "core", "edge", "doubtful"
CORE_FROM, EDGE_FROM = 0.9, 0.5
"""Shares of ways in which an area lies in what matches its pocket, from which it is that."""


class Recurrence(NamedTuple):
    """How often groups come back, and how often each of their areas does with them.

    ``groups`` has one value a group, the share of ways in which some group matches it; ``areas``
    one an area of a group, the share in which it lies in the group that matches its own. Both are
    0 to 1, and NaN without any other way.
    """

    groups: pd.Series
    areas: pd.Series


def matches(members: pd.Series, others: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Return, for each group, the other group that overlaps it most.

    ``members`` and ``others`` give the group of every area, empty or missing where it is in none.
    Columns ``overlap`` (people whom both hold over people whom either holds, 0 to 1) and ``match``
    (that other group, of equals the first in order; empty where nobody is shared).

    >>> people = pd.Series({"a": 100, "b": 100, "c": 200})
    >>> ours = pd.Series({"a": "P1", "b": "P1", "c": ""})
    >>> matches(ours, pd.Series({"a": "", "b": "X", "c": "X"}), people).loc["P1"].to_dict()
    {'overlap': 0.25, 'match': 'X'}
    """
    one, two = in_groups(members), in_groups(others)
    people = population.astype("float64")
    sizes_one, sizes_two = (
        people.reindex(groups.index).groupby(groups).sum() for groups in (one, two)
    )
    both = one.index.intersection(two.index)
    first, second = (
        sizes.index.get_indexer(pd.Index(groups.loc[both]))
        for groups, sizes in ((one, sizes_one), (two, sizes_two))
    )
    # a pair of groups as one number: those of the first in order, and within it of the second
    pairs, place = np.unique(first * max(len(sizes_two), 1) + second, return_inverse=True)
    shared = np.bincount(place, people.reindex(both), minlength=len(pairs)).astype("float64")
    first, second = np.divmod(pairs, max(len(sizes_two), 1))
    either = sizes_one.to_numpy()[first] + sizes_two.to_numpy()[second] - shared
    overlap = np.divide(shared, either, out=np.zeros_like(shared), where=shared > 0)
    order = np.lexsort((second, -overlap, first))
    best = order[np.r_[True, np.diff(first[order]) > 0][: len(order)]]
    best = best[overlap[best] > 0]
    found = pd.DataFrame({"overlap": 0.0, "match": ""}, index=sizes_one.index)
    found.iloc[first[best], 0] = overlap[best]
    found.iloc[first[best], 1] = sizes_two.index.to_numpy()[second[best]]
    return found


def recurrence(members: pd.Series, ways: Iterable[pd.Series], population: pd.Series) -> Recurrence:
    """Count how often each group comes back, and each area with its own.

    ``members`` gives the group of every area, and each of ``ways`` that of the same areas under
    other choices. A match is an overlap (see `matches`) of at least `MATCH`; a way that finds no
    group matches none.

    >>> people = pd.Series({"a": 100, "b": 100, "c": 100})
    >>> ours = pd.Series({"a": "P1", "b": "P1", "c": "P1"})
    >>> ways = [ours, pd.Series({"a": "X", "b": "X", "c": ""}), pd.Series({"a": "X"})]
    >>> found = recurrence(ours, ways, people)
    >>> found.groups.round(2).to_dict(), found.areas.round(2).to_dict()
    ({'P1': 0.67}, {'a': 0.67, 'b': 0.67, 'c': 0.33})
    """
    own = in_groups(members).sort_index()
    groups = pd.Series(0.0, index=pd.Index(sorted(own.unique())), name="recurrence")
    areas = pd.Series(0.0, index=own.index, name="membership_share")
    count = 0
    for others in ways:
        count += 1
        best = matches(own, others, population)
        match = best["match"].where(best["overlap"] >= MATCH)
        groups += match.notna().reindex(groups.index)
        inside = own.map(match).eq(others.reindex(own.index))
        areas += inside.to_numpy(dtype="float64")
    return Recurrence(groups / (count or np.nan), areas / (count or np.nan))


def membership(shares: pd.Series) -> pd.Series:
    """Say of each area's share whether it is core, edge or doubtful; empty where there is none.

    >>> membership(pd.Series([0.95, 0.5, 0.2, None])).tolist()
    ['core', 'edge', 'doubtful', '']
    """
    words = np.select(
        [shares.isna(), shares >= CORE_FROM, shares >= EDGE_FROM], ["", CORE, EDGE], DOUBTFUL
    )
    return pd.Series(words, index=shares.index, dtype="str", name="membership")
