"""Areas of two vintages that share ground, and the families that they form.

A link joins an old and a new area that share ground. Areas that links join, directly or through
others, are a family: its old areas together are the same ground as its new ones. Four kinds, by the
letters of the Office for National Statistics: ``U`` unchanged, one area and its own code on both
sides; ``S`` split, one old area and several new; ``M`` merged, several old and one new; ``X``
irregular, several on both sides.

Nothing here looks at shapes: boundaries of two vintages are never laid over each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.errors import CodeError, some

UNCHANGED, SPLIT, MERGED, IRREGULAR = "U", "S", "M", "X"

_TURNED = {UNCHANGED: UNCHANGED, SPLIT: MERGED, MERGED: SPLIT, IRREGULAR: IRREGULAR}


@dataclass(frozen=True)
class Families:
    """Old and new areas by family; made by `join_families`.

    ``links`` has a row a link, sorted by its two areas: ``old`` and ``new`` are their codes,
    ``family`` is the first code of the family's old areas, ``link`` the letter of its kind.
    """

    links: pd.DataFrame

    @cached_property
    def old(self) -> pd.Series:
        """Return the family of each old area, sorted by code."""
        return _by_area(self.links, "old")

    @cached_property
    def new(self) -> pd.Series:
        """Return the family of each new area, sorted by code."""
        return _by_area(self.links, "new")

    @cached_property
    def kinds(self) -> pd.Series:
        """Return the letter of each family, sorted by family."""
        by_family = self.links.drop_duplicates("family").set_index("family")
        return by_family["link"].sort_index()

    @cached_property
    def link_of_new(self) -> pd.Series:
        """Return the letter of each new area's family, sorted by code."""
        return self.new.map(self.kinds).rename("link")

    def turned(self) -> Families:
        """Return the same families from new to old: what was split is merged, and the reverse.

        >>> links = pd.DataFrame({"old": ["a", "a"], "new": ["b", "c"]})
        >>> join_families(links).turned().links.to_numpy().tolist()
        [['b', 'a', 'a', 'M'], ['c', 'a', 'a', 'M']]
        """
        links = self.links.rename(columns={"old": "new", "new": "old"})
        turned = links.assign(link=links["link"].map(_TURNED))
        return Families(_ordered(turned))


def join_families(
    links: pd.DataFrame,
    *,
    told: pd.Series | None = None,
    old: pd.Index | None = None,
    new: pd.Index | None = None,
    where: str = "links of areas",
) -> Families:
    """Find the families of areas that links join: the connected parts of the graph of links.

    ``links`` has the columns ``old`` and ``new``, a row a link; ``told`` is the letter that a
    publisher gives each row, ``old`` and ``new`` the codes that there are on either side. Raises
    ``CodeError`` with all that is wrong: a link that is told twice; a code that is on one side
    only, among the links or among the areas; a letter that is not that of the family's shape; one
    old and one new area of different codes, which would be one ground under two names; and a code
    on both sides that is not unchanged, one name of two grounds.

    >>> links = pd.DataFrame({"old": ["a", "b", "b"], "new": ["a", "c", "d"]})
    >>> join_families(links).kinds.to_dict()
    {'a': 'U', 'b': 'S'}
    """
    told_links = links[["old", "new"]].reset_index(drop=True)
    pairs = told_links.dropna()
    named = pairs.assign(family=_names(pairs))
    lettered = named.assign(link=_letters(named))
    problems = [
        *_listed("links without a code", told_links.index.difference(pairs.index)),
        *_told_otherwise(lettered, told),
        *_unlinked(lettered["old"], old, "old"),
        *_unlinked(lettered["new"], new, "new"),
        *_contradictions(lettered),
    ]
    if problems:
        raise CodeError(
            "Links between areas of two vintages contradict themselves or the areas",
            where=where,
            expected="each link once, every area in a link, the letter of the family's shape, and"
            " one code on both sides exactly where nothing changed",
            found="; ".join(problems),
            do="use the exact lookup of these two vintages, and fetch it again",
        )
    return Families(_ordered(lettered))


def _by_area(links: pd.DataFrame, side: str) -> pd.Series:
    by_area = links.drop_duplicates(side).set_index(side)["family"]
    return by_area.sort_index().rename_axis("area_code")


def _ordered(links: pd.DataFrame) -> pd.DataFrame:
    columns = ["old", "new", "family", "link"]
    return links[columns].sort_values(["old", "new"], ignore_index=True)


def _names(pairs: pd.DataFrame) -> pd.Series:
    """Return the first old code of the connected part that each link is in."""
    (old, olds), (new, news) = (pd.factorize(pairs[side]) for side in ("old", "new"))
    size = len(olds) + len(news)
    graph = coo_array((np.ones(len(pairs)), (old, new + len(olds))), shape=(size, size))
    part = connected_components(graph, directed=False)[1][old] if size else old
    first: pd.Series = pairs["old"].groupby(part).transform("min")
    return first


def _letters(named: pd.DataFrame) -> pd.Series:
    """Return the kind of each link's family by the number of areas on its two sides."""
    sides = named.groupby("family")[["old", "new"]].transform("nunique")
    one_old, one_new = sides["old"] == 1, sides["new"] == 1
    letters = np.select(
        [one_old & one_new, one_old, one_new], [UNCHANGED, SPLIT, MERGED], IRREGULAR
    )
    return pd.Series(letters, index=named.index, dtype="str")


def _told_otherwise(links: pd.DataFrame, told: pd.Series | None) -> list[str]:
    """List links to which a publisher gives another letter than their family's shape does."""
    if told is None:
        return []
    given = told.reset_index(drop=True).reindex(links.index).fillna("none")
    wrong = links[given.ne(links["link"])]
    items = _arrows(wrong) + " told as " + given[wrong.index] + ", is " + wrong["link"]
    return _listed("links of another kind", items.sort_values())


def _unlinked(linked: pd.Series, areas: pd.Index | None, side: str) -> list[str]:
    """List codes of one side that are among the links or among the areas alone."""
    if areas is None:
        return []
    codes = pd.Index(linked.unique())
    return [
        *_listed(f"{side} areas without a link", areas.difference(codes)),
        *_listed(f"links of {side} areas that are not there", codes.difference(areas)),
    ]


def _contradictions(links: pd.DataFrame) -> list[str]:
    """List links told twice, and codes that say something else than the shape of the family."""
    unchanged = links["link"] == UNCHANGED
    renamed = links[unchanged & (links["old"] != links["new"])]
    others = links[~unchanged]
    both = pd.Index(others["old"].unique()).intersection(others["new"].unique())
    return [
        *_listed("links told twice", _arrows(links[links.duplicated(["old", "new"])])),
        *_listed("areas unchanged under another code", _arrows(renamed)),
        *_listed("codes of two grounds", both.sort_values()),
    ]


def _arrows(links: pd.DataFrame) -> pd.Series:
    return links["old"].astype("str") + " → " + links["new"].astype("str")


def _listed(what: str, items: pd.Index | pd.Series) -> list[str]:
    return [f"{len(items):,} {what} ({some(items)})"] if len(items) else []
