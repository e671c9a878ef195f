"""Fuel poverty of districts over the years: two measures, two series, never one line.

Districts change; LSOAs are summed to the districts of the edition in every year, so that a district
of today has the same ground throughout. Years on LSOAs of another census than the edition's go
through the exact change lookup, whole: an area before is counted in the district of its family, or
in its own one of the two that this lies in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, replace

import pandas as pd

from boundaries.districts import district_check
from boundaries.ground import Ground
from geo.checks import Check
from geo.errors import some
from geo.files.hashes import file_hash
from geo.files.store import Store
from geo.sources import Source
from geo.tables.read import read_table
from layers.files import Files
from layers.former import CARRIED, LINKS, former_of
from layers.kinds.fuel_workbook import COUNTS, NAME, district_checks
from layers.kinds.kind import Records
from layers.kinds.reading import OverYears
from layers.layer import Edition

BRIDGE = LINKS


def fuel_series(files: Files, ground: Ground) -> OverYears:
    """Return the share of households in fuel poverty by district and year, and the checks made.

    Measures are "LIHC" and "LILEE". Years whose workbook is not at hand are left out. The checks
    compare each workbook's LSOAs with its own table of districts; a difference is noted, since the
    sums of LSOAs are what is used. The workbook of the layer itself is checked with the layer.
    """
    years = dict(_years(files))
    roles = dict.fromkeys(
        role for year in years for role in _roles(files.edition, files.source, year)
    )
    made_of = {role: (file_hash(files.path(role)), asdict(files.source(role))) for role in roles}

    def make() -> dict[str, pd.DataFrame]:
        found = [_year(files, ground, year, measure) for year, measure in years.items()]
        rows = [rows for rows, _ in found]
        checks = [asdict(check) for _, checks in found for check in checks]
        checked = pd.DataFrame(checks, columns=list(Check.__annotations__))
        return {"series": _series(rows), "checks": checked}

    store = Store(files.cache / "tables")
    key = (ground.key(), years, made_of, files.source(NAME).id)
    return OverYears(**store.frames("fuel-series", *key, make=make))


def sources_of_years(files: Files, years: Iterable[int]) -> list[Source]:
    """Return the sources behind some years: a workbook each, and what leads to today's districts.

    That is the lookup between the LSOAs of 2011 and 2021, where some year is of the other vintage,
    and the table of the districts that areas were in.
    """
    roles = [role for year in years for role in _roles(files.edition, files.source, year)]
    return [files.source(role) for role in dict.fromkeys(roles)]


def lacking_years(edition: Edition, absent: Collection[str], records: Records) -> list[str]:
    """Say which years the series does without where some of the edition's roles are absent."""
    wanted = [year for years in edition.parameters["fuel_series"].values() for year in years]
    gone = [year for year in wanted if set(_roles(edition, records, year)).intersection(absent)]
    if not gone:
        return []
    if len(gone) == len(wanted):
        return [
            "Fuel poverty over the years is not shown: its files were not available to this build."
        ]
    years = some(gone, most=len(gone))
    return [
        f"Fuel poverty over the years is without {years}, of which not all files were available to"
        " this build."
    ]


def _roles(edition: Edition, records: Records, year: int) -> list[str]:
    """Name the roles that a year is read from: its workbook, and what leads to today's districts.

    From the LSOAs of a census before the edition's that is the lookup and their own districts, from
    those of a later one the lookup alone.
    """
    role = _role(year)
    census = records(role).vintage or 0
    if census == edition.vintage:
        return [role]
    return [role, *(CARRIED if census < edition.vintage else (BRIDGE,))]


def _role(year: int) -> str:
    return f"fuel_poverty_{year}"


def _years(files: Files) -> Iterator[tuple[int, str]]:
    """Yield the years that can be read, with their measure, in order."""
    for measure, years in files.edition.parameters["fuel_series"].items():
        for year in years:
            if all(map(files.at_hand, _roles(files.edition, files.source, year))):
                yield year, measure


def _year(
    files: Files, ground: Ground, year: int, measure: str
) -> tuple[pd.DataFrame, list[Check]]:
    """Sum one workbook's LSOAs to districts and to England, and check its table of districts."""
    role, *way = _roles(files.edition, files.source, year)
    source = files.source(role)
    by_lsoa = read_table(files.path(role), source, "lsoa")
    by_district = read_table(files.path(role), source, "district")
    district = _districts(files, ground, source).reindex(by_lsoa.index)
    counts = by_lsoa[list(COUNTS)]
    sums = counts.groupby(district).sum()
    sums.loc[""] = counts.sum()
    rows = sums.rename_axis("lad_code").reset_index().assign(year=year, measure=measure)
    if source.id == files.source(NAME).id:
        return rows, []
    noted = [
        check if check.ok else replace(check, ok=None)
        for check in district_checks(by_lsoa, by_district, title=source.title)
    ]
    if not way:
        noted.append(district_check(ground.lookup, by_lsoa["lad_code"], title=source.title))
    return rows, noted


def _districts(files: Files, ground: Ground, source: Source) -> pd.Series:
    """Return the edition's district of each LSOA that a source is of, whichever census it is of."""
    census, own = source.vintage or 0, files.edition.vintage
    if census == own:
        return ground.lookup["lad_code"]
    if census < own:
        return former_of(files, ground).districts
    later = read_table(files.path(BRIDGE), files.source(BRIDGE), "main")
    return later.drop_duplicates("lsoa_2021_code").set_index("lsoa_2021_code")["lad_code"]


def _series(rows: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ["lad_code", "year", "measure", *COUNTS]
    series = pd.concat(rows)[columns] if rows else pd.DataFrame(columns=columns)
    return series.assign(pct=100 * series["fuel_poor"] / series["households"]).sort_values(
        ["lad_code", "year"], ignore_index=True
    )
