"""Carrying counts, rates and means from old areas to new ones, family by family.

What is known of a family as a whole stays true of it; how it is divided among several new areas is
an estimate. Counts are divided by shares of people, rates and means never: each new area has
its family's. So one rule serves every kind of family (see `geo.space.families`): unchanged areas
keep what they have, merged ones have the sum or the pooled rate, the parts of split and of
irregular ones a share of the counts and the rate of the whole.

Nothing is rounded. Every result has two columns beside the values: ``link``, the letter of the
area's family, and ``estimated``, whether its value rests on weights or describes more ground than
the area's own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import CodeError, InputError, some
from geo.join import join_values
from geo.space.families import IRREGULAR, MERGED, SPLIT, Families
from geo.space.groups import totals

DIVIDED = (SPLIT, IRREGULAR)
"""The kinds of family whose new areas hold but a part of its ground."""


class Sums(NamedTuple):
    """Sums of counts over places, and what belongs to no single one.

    ``places`` has a row a place, ``across`` a row a family that lies in several places.
    """

    places: pd.DataFrame
    across: pd.DataFrame


def bridge_counts(families: Families, counts: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Give each new area its share of the counts of its family's old areas.

    ``counts`` are of the old areas, ``weights`` of the new ones (people, say); where a family has
    one new area, that one has the whole sum, whatever its weight. A count that is missing in one
    old area is missing in all of its family. Estimated are the parts of split and irregular areas.
    Raises ``CodeError`` when either is not of exactly these areas, and ``InputError`` when
    weights that are needed are missing or negative, or none in a family is above 0.

    >>> from geo.space.families import join_families
    >>> families = join_families(pd.DataFrame({"old": ["a", "a"], "new": ["b", "c"]}))
    >>> counts = pd.DataFrame({"people": [10]}, index=["a"])
    >>> bridge_counts(families, counts, pd.Series({"b": 30, "c": 10}))["people"].to_dict()
    {'b': 7.5, 'c': 2.5}
    """
    sums = family_sums(families, counts)
    shares = shares_of_family(families, weights)
    return with_marks(of_family(families, sums).mul(shares, axis="index"), families, DIVIDED)


def bridge_rates(families: Families, numerator: pd.Series, denominator: pd.Series) -> pd.DataFrame:
    """Give each new area the pooled rate of its family's old areas: column ``rate``.

    Σ numerator / Σ denominator, both of the old areas; missing where one of them is missing, or
    nothing is below the line. Estimated are the parts of split and irregular areas; the rate of a
    merged one is exact.
    """
    above = family_sums(families, numerator.to_frame("rate"))
    below = family_sums(families, denominator.to_frame("rate"))
    return with_marks(of_family(families, above / below.where(below > 0)), families, DIVIDED)


def bridge_means(families: Families, values: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Give each new area the weighted mean of its family's old areas.

    ``values`` and ``weights`` (people, say) are of the old areas. The value of a single old area is
    copied as it is, whatever its weight; a value that is missing in one old area is missing in all
    of its family. Estimated is all that is not unchanged, since the mean of a merged area rests on
    the weights too. Raises as `bridge_counts` does.
    """
    shares = shares_of_family(families.turned(), weights)
    weighted = values.astype("float64").mul(shares.reindex(values.index), axis="index")
    means = family_sums(families, weighted)
    return with_marks(of_family(families, means), families, (*DIVIDED, MERGED))


def family_sums(families: Families, counts: pd.DataFrame) -> pd.DataFrame:
    """Add up the counts of each family's old areas: a row a family, sorted.

    A missing count makes the sum missing. Raises ``CodeError`` when the counts are not of exactly
    the old areas.
    """
    known = of_areas(counts, families.old.index, what="counts")
    return totals(families.old, known).rename_axis("family")


def shares_of_family(families: Families, weights: pd.Series) -> pd.Series:
    """Return the share of each new area in its family, by weight: 1 where it is the only one."""
    given = of_areas(weights.to_frame("weight"), families.new.index, what="weights")
    known = given["weight"].astype("float64")
    alone = families.new.groupby(families.new).transform("size") == 1
    totals = known.groupby(families.new).transform("sum")
    wrong = known.index[~alone & ~((known >= 0) & np.isfinite(known) & (totals > 0))]
    if len(wrong):
        raise InputError(
            f"{len(wrong):,} areas have no weight by which a family could be divided",
            where="the bridge between areas of two vintages",
            expected="numbers, 0 or more, and above 0 in one area of each family",
            found=some(f"{code}: {known[code]:g}" for code in wrong),
            do="give weights of every area, such as its people",
        )
    return (known / totals).where(~alone, 1.0).rename("share")


def sums_on_families(families: Families, counts: pd.DataFrame, places: pd.Series) -> Sums:
    """Add up the counts of old areas over the places of the new ones, whole families at a time.

    ``places`` names the place of every new area (its district, say). A family that lies in one
    place is counted there whole; one that lies in several is in none and stands in ``across``, with
    the ``places`` it lies in. So nothing is divided, lost or counted twice.
    """
    sums = family_sums(families, counts)
    lying = places_of_family(families, places)
    whole = lying.drop_duplicates("family", keep=False).set_index("family")["place"]
    known = sums.loc[whole.index]
    inside = known.groupby(whole).sum().mask(known.isna().groupby(whole).any())
    several = lying[~lying["family"].isin(whole.index)].groupby("family")["place"]
    across = sums.loc[list(several.groups)].assign(places=several.agg(", ".join))
    return Sums(places=inside, across=across)


def places_of_family(families: Families, places: pd.Series) -> pd.DataFrame:
    """Return the places in which each family's new areas lie: ``family``, ``place``, sorted.

    Raises ``CodeError`` when the place of a new area is not told.
    """
    given = of_areas(places.to_frame("place"), families.new.index, what="places")["place"]
    nowhere = given.index[given.isna() | given.eq("")]
    if len(nowhere):
        raise CodeError(
            f"{len(nowhere):,} areas lie in no place",
            where="the bridge between areas of two vintages",
            found=some(nowhere),
            do="give the place of every area",
        )
    lying = pd.DataFrame({"family": families.new, "place": given}).drop_duplicates()
    return lying.sort_values(["family", "place"], ignore_index=True)


def of_areas(values: pd.DataFrame, areas: pd.Index, *, what: str) -> pd.DataFrame:
    """Return values in the order of some areas; ``CodeError`` unless they are of exactly these."""
    joined, _ = join_values(pd.DataFrame(index=areas), values, name=f"{what} of a bridge")
    return joined


def of_family(families: Families, by_family: pd.DataFrame) -> pd.DataFrame:
    """Give each new area what its family has."""
    return by_family.loc[families.new].set_axis(families.new.index)


def with_marks(
    values: pd.DataFrame, families: Families, estimated: tuple[str, ...]
) -> pd.DataFrame:
    """Lay beside values of new areas their ``link``, and whether its kind makes them estimates."""
    link = families.link_of_new
    return values.join(pd.DataFrame({"link": link, "estimated": link.isin(estimated)}))
