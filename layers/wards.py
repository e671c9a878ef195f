"""The ward of every small area, of which names of pockets that are alike are told apart."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from boundaries.districts import district_check
from boundaries.ground import Ground
from geo.checks import Check
from geo.errors import some
from geo.sources import Source
from geo.tables.read import read_table
from layers.files import Files
from layers.layer import Edition

WARDS, FORMER_WARDS = "wards", "former_wards"
"""The optional roles of best-fit lookups of wards: of an edition's LSOAs, and of those before."""


def ward_sources(files: Files, role: str = WARDS) -> tuple[Source, ...]:
    """Return the record of a lookup of wards, or nothing where the edition has none at hand."""
    there = role in files.edition.sources and files.find(role) is not None
    return (files.source(role),) if there else ()


def wards(files: Files, role: str = WARDS) -> pd.DataFrame | None:
    """Return a lookup of wards (ward_name, lad_code and others by code), or None without one."""
    for source in ward_sources(files, role):
        return read_table(files.path(role), source, "main")
    return None


def ward_names(files: Files, role: str = WARDS) -> pd.Series:
    """Return the name of each small area's ward by code, or nothing where no lookup is at hand."""
    found = wards(files, role)
    return pd.Series(dtype="str") if found is None else found["ward_name"]


def wards_checks(files: Files, ground: Ground) -> list[Check]:
    """Compare the districts of the lookup, and look for small areas that it lacks, if at hand."""
    found, lookup = wards(files), ground.lookup
    if found is None:
        return []
    title = files.source(WARDS).title
    without = lookup.index.difference(found.index)
    told = f" (without: {some(without)})" if len(without) else ""
    return [
        district_check(lookup, found["lad_code"], title=title),
        Check(
            name=f"{title}: wards of LSOAs",
            expected=f"{len(lookup):,} LSOAs with a ward",
            found=f"{len(lookup) - len(without):,} with one{told}",
            ok=None if len(without) else True,
            note="Pockets of one name are told apart by wards, and without by a small area of each."
            if len(without)
            else "",
        ),
    ]


def lacking_names(edition: Edition, absent: Collection[str]) -> list[str]:
    """Say what names of pockets are without where the lookups of wards are absent."""
    missing = {WARDS, FORMER_WARDS}.intersection(absent, edition.sources)
    if not missing:
        return []
    whose = "" if WARDS in missing else " of the edition before"
    return [
        f"Pockets{whose} of one name are told apart by a small area of each and not by wards, of"
        " which the lookup was not available to this build."
    ]
