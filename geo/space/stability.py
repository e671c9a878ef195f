"""How far pockets depend on the choices made to find them.

A pocket is stable when other sensible choices find about the same place. Stability says nothing
about chance or significance: it is the share of declared settings that agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import pandas as pd

from geo.space.groups import in_groups
from geo.space.neighbours import Contiguity

MATCH = 0.5
TAUS = (3.0, 5.0, 8.0)
CONTIGUITIES: tuple[Contiguity, ...] = ("queen", "rook")
# `limit` only says something to the rule “national”: with two of them, five ways to be a candidate.
RULE_LIMITS: tuple[tuple[str, int | None], ...] = (
    ("national", 1),
    ("national", 2),
    ("borough", None),
    ("cluster", None),
    ("overlap", None),
)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One set of choices: candidate rule and limit, τ in points of IMD score, contiguity."""

    rule: str
    limit: int | None
    tau: float
    contiguity: Contiguity


STABILITY_SETTINGS: tuple[Setting, ...] = tuple(
    Setting(rule=rule, limit=limit, tau=tau, contiguity=contiguity)
    for (rule, limit), tau, contiguity in product(RULE_LIMITS, TAUS, CONTIGUITIES)
)
"""The thirty declared settings, the usual one (national, 2 tenths, τ = 5, queen) among them."""


def overlaps(members: pd.Series, others: pd.Series, population: pd.Series) -> pd.Series:
    """Return the best Jaccard overlap of each group with any of the other groups, 0 to 1.

    The overlap of two groups is the population that both hold over the population that either
    holds.

    >>> people = pd.Series({"a": 100, "b": 100, "c": 200})
    >>> ours = pd.Series({"a": "P1", "b": "P1", "c": ""})
    >>> overlaps(ours, pd.Series({"a": "", "b": "X", "c": "X"}), people).to_dict()
    {'P1': 0.25}
    """
    one, two = in_groups(members), in_groups(others)
    people = population.astype("float64")
    sizes_one = people.reindex(one.index).groupby(one).sum()
    sizes_two = people.reindex(two.index).groupby(two).sum()
    shared_codes = one.index.intersection(two.index)
    keys = [one.loc[shared_codes].rename("one"), two.loc[shared_codes].rename("two")]
    shared = people.reindex(shared_codes).groupby(keys).sum()
    first, second = (shared.index.get_level_values(level) for level in (0, 1))
    either = sizes_one.reindex(first).to_numpy() + sizes_two.reindex(second).to_numpy()
    jaccard = shared.div(either - shared.to_numpy()).where(shared > 0)
    best: pd.Series = jaccard.groupby(level=0).max()
    return best.reindex(sizes_one.index).fillna(0.0).rename("overlap")


def stability(
    members: pd.Series, alternatives: Iterable[pd.Series], population: pd.Series
) -> pd.Series:
    """Return the share of settings in which some pocket matches each pocket, 0 to 1.

    ``members`` and each of ``alternatives`` (the same places under one other setting each) give the
    pocket of every area. A match is a Jaccard overlap of population of at least 0.5. A setting that
    finds no pocket matches none. NaN without any alternative.

    >>> people = pd.Series({"a": 100, "b": 100})
    >>> ours = pd.Series({"a": "P1", "b": "P1"})
    >>> others = [ours, pd.Series({"a": "X", "b": ""}), pd.Series({"a": "", "b": ""}), ours]
    >>> stability(ours, others, people).to_dict()
    {'P1': 0.75}
    """
    found = [overlaps(members, other, population) >= MATCH for other in alternatives]
    if not found:
        return overlaps(members, members, population).rename("stability") * float("nan")
    return pd.concat(found, axis=1).mean(axis=1).rename("stability")
