"""Which MSOA and district a neighbourhood is in, and what these are called.

No file is needed for that beyond those that are read anyway. The name of an LSOA is its MSOA's
with a letter behind it ("Halton 001A"), and names of MSOAs are unique within a vintage. Districts
are told by the Indices (`boundaries.districts`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd

from boundaries.districts import brought_forward, district_problems
from boundaries.read import read_names
from geo.codes import normal_name
from geo.errors import CodeError, some
from geo.sources import Source
from geo.tables.read import read_table

File = tuple[Path, Source]


def read_lookup(
    lsoa: File, msoa: File, districts: File, names: File, *, district_year: int
) -> pd.DataFrame:
    """Place every LSOA: from both boundary files, a table of districts, and names of MSOAs.

    Of boundaries only names and codes are read, no shape. ``district_year`` is the year to which
    districts are brought. Returns a frame indexed by ``area_code`` (LSOA) with columns area_name,
    msoa_code, msoa_name (the name people use), lad_code and lad_name, sorted. Raises ``CodeError``
    with everything that keeps an LSOA from its place.
    """
    return build_lookup(
        read_names(*lsoa),
        read_names(*msoa),
        read_table(*districts, "main"),
        read_table(*names, "main"),
        district_year=district_year,
        where="; ".join(str(path) for path, _ in (lsoa, msoa, districts, names)),
    )


def build_lookup(
    lsoa: pd.Series,
    msoa: pd.Series,
    districts: pd.DataFrame,
    names: pd.DataFrame,
    *,
    district_year: int,
    where: str = "the places of LSOAs",
) -> pd.DataFrame:
    """Place every LSOA; the pure part of `read_lookup`.

    ``lsoa`` and ``msoa`` hold names by code; ``districts`` area_name, lad_code and lad_name of
    LSOAs, ``names`` the hcl_name of MSOAs.
    """
    problems = [
        *_repeats(lsoa, msoa),
        *_msoa_problems(lsoa, msoa, names),
        *_told_problems(lsoa, districts),
        *district_problems(districts, district_year),
    ]
    if problems:
        raise CodeError(
            f"Neighbourhoods cannot be placed in MSOAs and districts: {problems[0]}"
            if len(problems) == 1
            else f"Neighbourhoods cannot be placed in MSOAs and districts for {len(problems)} "
            "reasons",
            where=where,
            expected="LSOAs, MSOAs and their names of one census (2011 or 2021), and for every "
            f"LSOA a district of {district_year} or before",
            found="" if len(problems) == 1 else "; ".join(problems),
            do="remove the file that is not of the year of the others, or has other codes, and "
            "fetch it again",
        )
    msoa_code = lsoa.str[:-1].map(pd.Series(msoa.index, index=msoa.to_numpy()))
    lookup = pd.DataFrame(
        {
            "area_name": lsoa,
            "msoa_code": msoa_code,
            "msoa_name": msoa_code.map(names["hcl_name"]),
            **brought_forward(districts, district_year).reindex(lsoa.index),
        }
    )
    return lookup.rename_axis("area_code").sort_index()


def district_names(lookup: pd.DataFrame) -> pd.Series:
    """Return the districts of a lookup: names by code, sorted by code."""
    districts = lookup.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    return districts.sort_index()


def msoas_of(lookup: pd.DataFrame) -> pd.DataFrame:
    """Return the MSOAs of a lookup: area_name (the name people use), lad_code and lad_name.

    One that lies in several districts is of the one that holds most of its LSOAs, of equal ones
    of the first by code.
    """
    held = lookup.value_counts(["msoa_code", "lad_code"]).rename("lsoas").reset_index()
    order = held.sort_values(["msoa_code", "lsoas", "lad_code"], ascending=[True, False, True])
    first = order.drop_duplicates("msoa_code").set_index("msoa_code")["lad_code"]
    names = lookup.drop_duplicates("msoa_code").set_index("msoa_code")["msoa_name"]
    found = pd.DataFrame({"area_name": names.reindex(first.index), "lad_code": first})
    found["lad_name"] = found["lad_code"].map(district_names(lookup))
    return found.rename_axis("area_code")


def _repeats(lsoa: pd.Series, msoa: pd.Series) -> Iterator[str]:
    for level, names in {"LSOA": lsoa, "MSOA": msoa}.items():
        for what, held in {"codes": names.index, "names": pd.Index(names)}.items():
            repeated = held[held.duplicated()].unique()
            yield from _counted(f"{what} of {level}s more than once", repeated)


def _msoa_problems(lsoa: pd.Series, msoa: pd.Series, names: pd.DataFrame) -> Iterator[str]:
    """Say which LSOAs have no MSOA, which MSOAs no LSOA, and which no name that people use."""
    own = lsoa.str[:-1]
    without = "LSOAs whose name without its last letter is no MSOA's"
    yield from _counted(without, _with_names(lsoa[~own.isin(msoa)]))
    yield from _counted("MSOAs without an LSOA", _with_names(msoa[~msoa.isin(own)]))
    unnamed = msoa.index.unique().difference(names.index)
    yield from _counted("MSOAs without a name that people use", unnamed)


def _told_problems(lsoa: pd.Series, districts: pd.DataFrame) -> Iterator[str]:
    """Say where a table of districts is not of the LSOAs that have boundaries."""
    lsoa = lsoa[~lsoa.index.duplicated()]
    untold = lsoa.index.difference(districts.index)
    yield from _counted("LSOAs without a row in the table of districts", untold)
    strange = districts.index.difference(lsoa.index)
    yield from _counted("LSOAs of the table of districts without a boundary", strange)
    both = lsoa.index.intersection(districts.index)
    there, here = districts.loc[both, "area_name"].map(normal_name), lsoa[both].map(normal_name)
    otherwise = "LSOAs that the table of districts calls otherwise than their boundaries"
    yield from _counted(otherwise, both[there != here])


def _counted(what: str, items: Collection[object]) -> Iterator[str]:
    if len(items):
        yield f"{what}: {len(items):,} ({some(items)})"


def _with_names(areas: pd.Series) -> list[str]:
    return [f"{code} “{name}”" for code, name in areas.items()]
