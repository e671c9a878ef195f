"""What became of groups of areas, such as pockets, from one vintage to another.

Groups are compared by the people on their common ground (`geo.space.common_ground`), who are
counted in one year, that of the new areas: so a group has not grown because more people
have come to live in it. Transitions are those of Spiliopoulou and others 2006 (MONIC, Proceedings
of KDD): a group stays, grows, shrinks, splits, merges, goes, or is new.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo.errors import CodeError, some
from geo.space.groups import in_groups

LINKED = 0.5
"""Two groups are linked from this share of the people of the smaller one on common ground."""
CHANGED = 1.1
"""A group has grown or shrunk where one side has more people than this times the other's."""
SIDES = ("before", "after")


class Fates(NamedTuple):
    """What became of the groups of the earlier side, and where those of the later side come from.

    Each frame is indexed by group and has ``fate``, ``people`` (on its ground, of the later year),
    ``linked`` (the groups of the other side it is linked to, most common people first), ``match``
    (the one with the highest ``jaccard``: people of both over people of either; empty where it
    shares nobody) and ``kept`` (the share of its people who live in any group of the other side).
    """

    before: pd.DataFrame
    after: pd.DataFrame


def fates(before: pd.Series, after: pd.Series, common: pd.DataFrame) -> Fates:
    """Say what became of each group.

    ``before`` and ``after`` give the group of old and of new areas (areas in none may be left out);
    ``common`` is the frame of `geo.space.common_ground.common_people`. Two groups are linked where
    at least half of the people of the smaller one live on common ground. Then

    - linked to none: an earlier group is ``gone``, a later one ``new``;
    - to several: an earlier one is ``split``, a later one ``merged``;
    - to one that is itself linked to several: an earlier one is ``merged``, a later one ``split``;
    - otherwise one became the other, which has ``grown`` or ``shrunk`` if the people on the two
      grounds differ by more than a tenth of the fewer, and else ``stayed``.

    Raises ``CodeError`` for areas of which ``common`` knows nothing.
    """
    laid = _laid(before, after, common)
    pairs = _shared(laid)
    change = pd.Series("stayed", index=pairs.index)
    change[pairs["people_after"] > CHANGED * pairs["people_before"]] = "grown"
    change[pairs["people_before"] > CHANGED * pairs["people_after"]] = "shrunk"
    known = pairs.assign(change=change, linked=pairs["share"] >= LINKED)
    turned = known.rename(columns={"before": "after", "after": "before"})
    return Fates(
        before=_told(_sizes(laid, "before"), known, ("gone", "split", "merged")),
        after=_told(_sizes(laid, "after"), turned, ("new", "merged", "split")),
    )


def shared_people(before: pd.Series, after: pd.Series, common: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of groups that share people, sorted, with how many.

    The arguments are those of `fates`. Columns: ``before``, ``after``, ``people`` (of both),
    ``people_before``, ``people_after``, ``share`` (of the people of the smaller one) and
    ``jaccard`` (people of both over people of either).
    """
    return _shared(_laid(before, after, common))


def _laid(before: pd.Series, after: pd.Series, common: pd.DataFrame) -> pd.DataFrame:
    """Return the people of each piece of common ground with the groups that it is in."""
    sides = {"old": in_groups(before), "new": in_groups(after)}
    unknown = {
        side: groups.index.difference(pd.Index(common[side])) for side, groups in sides.items()
    }
    if any(len(codes) for codes in unknown.values()):
        raise CodeError(
            "Areas of groups have no known ground",
            where="what became of groups of areas",
            found="; ".join(f"{side}: {some(codes) or 'none'}" for side, codes in unknown.items()),
            do="give groups of the areas whose common ground is known",
        )
    return pd.DataFrame(
        {
            "before": sides["old"].reindex(common["old"]).array,
            "after": sides["new"].reindex(common["new"]).array,
            "people": common["people"].array,
        }
    )


def _sizes(laid: pd.DataFrame, side: str) -> pd.Series:
    """Return the people on the ground of each group of one side, sorted by group."""
    people: pd.Series = laid.groupby(side)["people"].sum()
    return people.rename_axis("group")


def _shared(laid: pd.DataFrame) -> pd.DataFrame:
    sums = laid.groupby(["before", "after"])["people"].sum()
    pairs = sums[sums > 0].reset_index()
    people = pd.DataFrame(
        {f"people_{side}": _sizes(laid, side).reindex(pairs[side]).to_numpy() for side in SIDES}
    )
    either = people.sum(axis=1) - pairs["people"]
    return pairs.join(people).assign(
        share=pairs["people"] / people.min(axis=1), jaccard=pairs["people"] / either
    )


def _told(people: pd.Series, pairs: pd.DataFrame, words: tuple[str, str, str]) -> pd.DataFrame:
    """Say what became of the groups on the side ``before`` of some pairs.

    The words are for a group linked to none, to several, and to one that has several itself.
    """
    none, several, shared = words
    order = ["people", "jaccard", "after"]
    sorted_pairs = pairs.sort_values(order, ascending=[False, False, True])
    ends = sorted_pairs[sorted_pairs["linked"]]
    alone = ends.drop_duplicates("before", keep=False).set_index("before")
    fate = alone["change"].mask(alone["after"].map(ends.groupby("after").size()) > 1, shared)
    lists = ends.groupby("before")["after"].agg(tuple).to_dict()
    number = ends.groupby("before").size().reindex(people.index, fill_value=0)
    best = sorted_pairs.sort_values("jaccard", ascending=False, kind="stable")
    match = best.drop_duplicates("before").set_index("before").reindex(people.index)
    kept = pairs.groupby("before")["people"].sum().reindex(people.index, fill_value=0.0)
    return pd.DataFrame(
        {
            "fate": fate.reindex(people.index).mask(number == 0, none).mask(number > 1, several),
            "people": people,
            "linked": pd.Series({group: lists.get(group, ()) for group in people.index}),
            "match": match["after"].fillna(""),
            "jaccard": match["jaccard"].fillna(0.0),
            "kept": kept / people,
        }
    )
