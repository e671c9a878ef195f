"""The bridge between small areas of 2011 and of 2021, by the exact lookup of what changed.

Families of linked areas (`geo.space.families`) are known for LSOAs from the lookup, and for MSOAs
from the LSOAs in them. Districts are those of the later areas on both sides, so that a change of
districts is not taken for one of areas.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from boundaries.code_history import counterparts
from geo.errors import CodeError, some
from geo.sources import Source
from geo.space.apportion import of_areas, places_of_family
from geo.space.families import Families, join_families
from geo.tables.read import read_table

_WHERE = "the lookup from LSOA 2011 to LSOA 2021"


def read_bridge(path: Path, source: Source, *, old: pd.Index, new: pd.Index) -> Families:
    """Read the exact lookup of what changed between the LSOAs of 2011 and of 2021.

    ``old`` and ``new`` are the codes of all areas of the two years. Raises ``CodeError`` when the
    lookup does not link exactly these, or contradicts itself (see `join_families`).
    """
    return build_bridge(read_table(path, source, "main"), old=old, new=new)


def build_bridge(table: pd.DataFrame, *, old: pd.Index, new: pd.Index) -> Families:
    """Find the families of the lookup's links; the pure part of `read_bridge`.

    ``table`` is indexed by the code of 2011 and has ``lsoa_2021_code`` and ``change``, the letter.
    """
    links = pd.DataFrame(
        {"old": table.index.to_numpy(), "new": table["lsoa_2021_code"].to_numpy()}, dtype="str"
    )
    return join_families(links, told=table["change"], old=old, new=new, where=_WHERE)


def bridge_of_msoas(lsoas: Families, old: pd.Series, new: pd.Series) -> Families:
    """Find the families of MSOAs: two are linked where LSOAs in them are.

    ``old`` and ``new`` give the MSOA of each LSOA of the two years.
    """
    above = {
        "old": of_areas(old.to_frame("msoa"), lsoas.old.index, what="MSOAs of 2011")["msoa"],
        "new": of_areas(new.to_frame("msoa"), lsoas.new.index, what="MSOAs of 2021")["msoa"],
    }
    links = pd.DataFrame({side: lsoas.links[side].map(msoas) for side, msoas in above.items()})
    return join_families(links.drop_duplicates(), where="MSOAs of LSOAs of 2011 and 2021")


def districts_before(families: Families, districts: pd.Series, former: pd.Series) -> pd.Series:
    """Return the district, of those of the later areas, in which each earlier area is counted.

    ``districts`` are of the later areas. An earlier area is in the district of its family. Where a
    family lies in several, it is in its ``former`` one, which may have another code since (see
    `boundaries.code_history`); raises ``CodeError`` where that is none of them.
    """
    lying = places_of_family(families, districts)
    alone = lying.drop_duplicates("family", keep=False).set_index("family")["place"]
    given = of_areas(former.to_frame("code"), families.old.index, what="districts")["code"]
    found = families.old.map(alone).rename("place")
    across = pd.DataFrame({"family": families.old, "former": given})[found.isna()]
    choices = across["family"].map(lying.groupby("family")["place"].agg(tuple))
    chosen = [_one_of(*pair) for pair in zip(choices, across["former"], strict=True)]
    nowhere = across.assign(choices=choices.map(" or ".join))[[not code for code in chosen]]
    if len(nowhere):
        raise CodeError(
            f"{len(nowhere):,} areas lie in none of the districts of their family",
            where=_WHERE,
            expected=some(nowhere.index + " in " + nowhere["choices"]),
            found=some(nowhere.index + " in " + nowhere["former"].fillna("none")),
            do="use the lookup from LSOA 2011 to districts of 2022",
        )
    return found.fillna(pd.Series(chosen, across.index, dtype="str"))


def _one_of(places: tuple[str, ...], former: str) -> str:
    """Return the one place that a former district is or has become, or nothing."""
    later = counterparts(former, places)
    return later[0] if len(later) == 1 else ""
