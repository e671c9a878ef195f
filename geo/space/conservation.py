"""Whether counts that were carried to other areas still add up to what they were.

A bridge may divide a count within a family and nowhere else. So every family keeps its count, all
families together keep the whole, and a place keeps its own unless a family lies across its line:
these are named, with what moves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from geo.errors import InputError, some
from geo.space.apportion import DIVIDED, family_sums, of_areas, places_of_family
from geo.space.families import Families

TOLERANCE = 1e-9
"""Of the count, or of one: what rounding may leave of a difference."""


@dataclass(frozen=True, kw_only=True)
class Conservation:
    """Counts before and after they were carried, side by side.

    Each frame has ``before``, ``after`` and ``difference`` (after − before): ``families`` a row a
    family, with its ``link``; ``places`` a row a place; ``across`` a row for each ``family`` and
    ``place`` of the families that lie in several, with what each place held of the family.
    """

    families: pd.DataFrame
    places: pd.DataFrame
    across: pd.DataFrame

    @property
    def before(self) -> float:
        """Return the whole count of the old areas."""
        return math.fsum(self.families["before"])

    @property
    def after(self) -> float:
        """Return the whole count of the new areas."""
        return math.fsum(self.families["after"])

    @property
    def kinds(self) -> pd.DataFrame:
        """Return, by ``link``, the ``families``, their count, and how much of it is estimated."""
        by_link = self.families.groupby("link")["before"]
        found = pd.DataFrame({"families": by_link.size(), "count": by_link.sum()})
        return found.assign(estimated=found["count"].where(found.index.isin(DIVIDED), 0.0))

    @property
    def broken(self) -> dict[str, list[str]]:
        """Return what is not conserved: ``families``, and ``places`` beyond what moves across."""
        moved = self.across.groupby("place")["difference"].sum()
        own = self.places["difference"].sub(moved, fill_value=0.0)
        return {
            "families": _unequal(self.families["difference"], self.families["before"]),
            "places": _unequal(own, self.places["before"]),
        }


def conserve(
    families: Families,
    before: pd.Series,
    after: pd.Series,
    *,
    places_before: pd.Series,
    places_after: pd.Series,
) -> Conservation:
    """Compare a count of the old areas with the one carried to the new ones.

    ``places_before`` and ``places_after`` name the place of each old and of each new area. Raises
    ``CodeError`` when a count or a place is not of exactly the areas of its side.
    """
    old = _side(families.turned(), before, places_before)
    new = _side(families, after, places_after)
    whole = _compared(
        family_sums(families, before.to_frame("count"))["count"],
        family_sums(families.turned(), after.to_frame("count"))["count"],
    )
    parts = _compared(old, new).reset_index()
    lying = parts.groupby("family")["place"].transform("size")
    return Conservation(
        families=whole.assign(link=families.kinds)[["link", "before", "after", "difference"]],
        places=_compared(old.groupby(level="place").sum(), new.groupby(level="place").sum()),
        across=parts[lying > 1].reset_index(drop=True),
    )


def _side(families: Families, counts: pd.Series, places: pd.Series) -> pd.Series:
    """Add up the counts of the new areas of some families by family and place."""
    places_of_family(families, places)
    known = of_areas(counts.to_frame("count"), families.new.index, what="counts")["count"]
    missing = known.index[known.isna()]
    if len(missing):
        raise InputError(
            f"{len(missing):,} counts are missing, so nothing can be said of their sum",
            where="the conservation of counts between areas of two vintages",
            found=some(missing),
            do="leave out the families of these areas",
        )
    keys = [families.new.rename("family"), places.reindex(known.index).rename("place")]
    sums: pd.Series = known.astype("float64").groupby(keys).sum()
    return sums


def _compared(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Lay sums side by side; what one side has nothing of is 0 there."""
    both = pd.DataFrame({"before": before, "after": after}).fillna(0.0)
    return both.assign(difference=both["after"] - both["before"])


def _unequal(differences: pd.Series, counts: pd.Series) -> list[str]:
    allowed = TOLERANCE * counts.abs().clip(lower=1.0)
    return [str(code) for code in differences.index[differences.abs() > allowed]]
