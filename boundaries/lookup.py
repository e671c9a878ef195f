"""Which MSOA and district a neighbourhood is in, and what these are called."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from boundaries.names import common_name
from geo.errors import CodeError, some
from geo.sources import Source
from geo.tables.read import read_table

_WHERE = "the lookup of LSOAs"


def read_lookup(lookup: tuple[Path, Source], names: tuple[Path, Source]) -> pd.DataFrame:
    """Read the lookup of LSOAs, with the names people use for MSOAs.

    Returns a frame indexed by ``area_code`` (LSOA) with columns area_name, msoa_code, msoa_name,
    lad_code and lad_name, sorted. Raises ``CodeError`` when an MSOA has no name or is in two
    districts.
    """
    by_lsoa = read_table(*lookup, "main")
    by_msoa = read_table(*names, "main")
    return build_lookup(by_lsoa, by_msoa)


def build_lookup(by_lsoa: pd.DataFrame, by_msoa: pd.DataFrame) -> pd.DataFrame:
    """Join the two tables of `read_lookup`; the pure part of it."""
    _require_complete(by_lsoa)
    unnamed = pd.Index(by_lsoa["msoa_code"].unique()).difference(by_msoa.index)
    if len(unnamed):
        raise CodeError(
            f"{len(unnamed):,} MSOAs of the lookup have no name",
            where="MSOA names",
            found=some(unnamed),
            do="use a lookup and names of the same year (MSOA 2011 or MSOA 2021)",
        )
    districts_of = by_lsoa.groupby("msoa_code")["lad_code"].nunique()
    split = districts_of.index[districts_of > 1]
    if len(split):
        raise CodeError(
            f"{len(split):,} MSOAs lie in more than one district",
            where=_WHERE,
            expected="each MSOA whole in one district",
            found=some(split),
            do="fetch the lookup again: rows of another year may have been mixed in",
        )
    lookup = pd.DataFrame(
        {
            "area_name": by_lsoa["area_name"],
            "msoa_code": by_lsoa["msoa_code"],
            "msoa_name": by_lsoa["msoa_code"].map(by_msoa["hcl_name"]),
            "lad_code": by_lsoa["lad_code"],
            "lad_name": by_lsoa["lad_name"].map(common_name),
        }
    )
    return lookup.sort_index()


def district_names(lookup: pd.DataFrame) -> pd.Series:
    """Return the districts of a lookup: names by code, sorted by code."""
    districts = lookup.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    return districts.sort_index()


def _require_complete(by_lsoa: pd.DataFrame) -> None:
    """Refuse an LSOA of which the MSOA or the district is not told."""
    lacking = by_lsoa.index[by_lsoa.isna().any(axis="columns")]
    if len(lacking):
        raise CodeError(
            f"{len(lacking):,} LSOAs are not placed whole",
            where=_WHERE,
            expected=f"{some(by_lsoa.columns, most=10)} for every LSOA",
            found=f"gaps at {some(lacking)}",
            do="fetch the lookup again",
        )
