"""The ground that old and new areas have in common, measured in the people who live on it.

Boundaries of two vintages are never laid over each other, so common ground is known from the links
of areas (`geo.space.families`) and from people alone: those of the new areas, by their count.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError, some
from geo.space.apportion import of_areas
from geo.space.families import IRREGULAR, Families

COUNTED = 0.5
"""The share of an area's people from which on something is said of the area."""
ROUNDS = 1_000
CLOSE = 1e-12
"""How often people are fitted to irregular families at most, and when they change no more."""


def common_people(families: Families, old: pd.Series, new: pd.Series) -> pd.DataFrame:
    """Return the people on the ground that each linked pair of areas shares.

    ``old`` and ``new`` are the people of the areas, each of their own year. The result has a row a
    link, as ``families.links``: ``old``, ``new``, ``people``, and the shares that these are of all
    who live on the ground of the one (``share_of_old``) and of the other (``share_of_new``). People
    are the new areas' own: the rows of a new area add up to its count. All of them live in the old
    area where there is one; in a merged area as many as lived in each old one before, in
    proportion. In an irregular family the old areas' shares are met as far as links allow
    (iterative proportional fitting: Deming and Stephan 1940, Annals of Mathematical Statistics 11).

    Raises ``CodeError`` when people are not of exactly these areas, and ``InputError`` when they
    are not above 0 everywhere.

    >>> from geo.space.families import join_families
    >>> families = join_families(pd.DataFrame({"old": ["a", "b"], "new": ["c", "c"]}))
    >>> common = common_people(families, pd.Series({"a": 1, "b": 3}), pd.Series({"c": 80}))
    >>> common["people"].tolist()
    [20.0, 60.0]
    """
    links = families.links
    lived = links["old"].map(_people(old, families.old.index, "old"))
    lives = links["new"].map(_people(new, families.new.index, "new"))
    people = lives * (lived / lived.groupby(links["new"]).transform("sum"))
    irregular = links["link"] == IRREGULAR
    if irregular.any():
        people[irregular] = _fitted(links[irregular], lived[irregular], lives[irregular])
    return pd.DataFrame(
        {
            "old": links["old"],
            "new": links["new"],
            "people": people,
            "share_of_old": people / people.groupby(links["old"]).transform("sum"),
            "share_of_new": people / people.groupby(links["new"]).transform("sum"),
        }
    )


def share_held(held: pd.Series, common: pd.DataFrame) -> pd.Series:
    """Return the share of each new area's people who live where something held of the old area.

    ``held`` is true, false or missing by old area, and missing it stays for every new area that
    shares ground with it; ``common`` is the frame of `common_people`. Raises ``CodeError`` when
    the two are not of the same old areas.
    """
    known = common["old"].map(_flags(held, common["old"]))
    by_new = (known * common["share_of_new"]).groupby(common["new"])
    shares = by_new.sum().where(known.isna().groupby(common["new"]).sum() == 0)
    return shares.rename_axis("area_code").rename("share")


def part_held(parts: pd.Series, common: pd.DataFrame) -> pd.Series:
    """Return the part of a country, such as a decile, in which each new area's ground was.

    ``parts`` are whole numbers by old area, 1 the worst. Of ground that was in several parts it is
    the worst within which, with all worse ones, at least half of the people live: so an area
    was within a part exactly where `lasting` counts it. Missing where any of the ground is.

    >>> common = pd.DataFrame({"old": ["a", "b"], "new": ["c", "c"], "share_of_new": [0.25, 0.75]})
    >>> part_held(pd.Series({"a": 1, "b": 4}), common).to_dict()
    {'c': 4.0}
    """
    found: pd.Series | None = None
    for part in sorted(parts.dropna().unique(), reverse=True):
        within = share_held((parts <= part).where(parts.notna()), common)
        least = pd.Series(float(part), within.index).where(within >= COUNTED)
        found = least if found is None else least.fillna(found)
    if found is None:
        found = share_held(parts, common)
    return found.rename("part")


def lasting(
    before: Mapping[str, pd.Series], now: Mapping[str, pd.Series], common: pd.DataFrame
) -> pd.DataFrame:
    """Say of each new area in how many editions something held of it.

    ``before`` has a Series by old area for each earlier edition, ``now`` one by new area for each
    later one: true, false or missing. The columns of the result: for each edition the share of
    the area's people on ground of which it held (0 to 1); ``times``, the editions in which this is
    at least half; ``known``, the editions of which it is known.
    """
    shares = {name: share_held(held, common) for name, held in before.items()}
    shares |= {name: _flags(held, common["new"]) for name, held in now.items()}
    found = pd.DataFrame(shares)
    return found.assign(times=(found >= COUNTED).sum(axis=1), known=found.notna().sum(axis=1))


def _flags(held: pd.Series, areas: pd.Series) -> pd.Series:
    """Return what holds of some areas as 1, 0 or missing, sorted by code."""
    codes = pd.Index(areas.unique(), name="area_code").sort_values()
    flags: pd.Series = of_areas(held.to_frame("held"), codes, what="areas")["held"]
    return flags.astype("float64")


def _people(people: pd.Series, areas: pd.Index, side: str) -> pd.Series:
    known = of_areas(people.to_frame("people"), areas, what=f"people of {side} areas")
    numbers: pd.Series = known["people"].astype("float64")
    wrong = numbers[~((numbers > 0) & np.isfinite(numbers))]
    if len(wrong):
        raise InputError(
            f"{len(wrong):,} {side} areas have no people",
            where="the common ground of areas of two vintages",
            expected="more than 0 in every area",
            found=some(f"{code}: {number:g}" for code, number in wrong.items()),
            do="give the people of every area",
        )
    return numbers


def _fitted(links: pd.DataFrame, lived: pd.Series, lives: pd.Series) -> NDArray[np.float64]:
    """Spread the people of new areas over links so that old areas keep their shares of a family.

    New areas' people are met to the last digit, old areas' shares as far as the links allow it.
    """
    old, new = (pd.factorize(links[side])[0] for side in ("old", "new"))
    family = links["family"]
    all_lived = lived[~links["old"].duplicated()].groupby(family).sum()
    all_live = lives[~links["new"].duplicated()].groupby(family).sum()
    wanted = (lived * family.map(all_live / all_lived)).to_numpy()
    given = lives.to_numpy()
    people: NDArray[np.float64] = given * (lived / lived.groupby(links["new"]).transform("sum"))
    for _ in range(ROUNDS):
        before = people
        people = people * (wanted / np.bincount(old, people)[old])
        people = people * (given / np.bincount(new, people)[new])
        if (np.abs(people - before) <= CLOSE * given).all():
            break
    return people
