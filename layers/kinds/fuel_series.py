"""Fuel poverty of districts over the years: two measures, two series, never one line.

Districts change; LSOAs are summed to the districts of the edition in every year, so that a district
of today has the same ground throughout. Years on LSOA 2021 go through the exact change lookup.
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
from layers.catalogue import catalogue
from layers.files import Files
from layers.kinds.fuel_workbook import COUNTS, district_checks
from layers.kinds.reading import OverYears
from layers.layer import Edition

BRIDGE = "lsoa_2011_to_2021"


def fuel_series(files: Files, ground: Ground) -> OverYears:
    """Return the share of households in fuel poverty by district and year, and the checks made.

    Measures are "LIHC" and "LILEE". Years whose workbook is not at hand are left out. The checks
    compare each workbook's LSOAs with its own table of districts; a difference is noted, since the
    sums of LSOAs are what is used.
    """
    years = dict(_years(files))
    used = [_role(year) for year in years]
    hashes = [file_hash(files.path(role)) for role in used]

    def make() -> dict[str, pd.DataFrame]:
        found = [_year(files, ground, year, measure) for year, measure in years.items()]
        rows = [rows for rows, _ in found]
        checks = [asdict(check) for _, checks in found for check in checks]
        checked = pd.DataFrame(checks, columns=list(Check.__annotations__))
        return {"series": _series(rows), "checks": checked}

    store = Store(files.cache / "tables")
    return OverYears(**store.frames("fuel-series", ground.key(), hashes, make=make))


def sources_of_years(edition: Edition, years: Iterable[int]) -> list[Source]:
    """Return the sources behind some years: a workbook each, and the way to the edition's LSOAs.

    The lookup between the LSOAs of 2011 and 2021 is one of them where a year's workbook is of
    another vintage than the edition.
    """
    sources = [catalogue()[edition.sources[_role(year)]] for year in years]
    if all(source.vintage == edition.vintage for source in sources):
        return sources
    return [*sources, catalogue()[edition.sources[BRIDGE]]]


def lacking_years(edition: Edition, absent: Collection[str]) -> list[str]:
    """Say which years the series does without where some of the edition's roles are absent."""
    wanted = [year for years in edition.parameters["fuel_series"].values() for year in years]
    missing = [year for year in wanted if not set(_roles(edition, year)).isdisjoint(absent)]
    if not missing:
        return []
    if len(missing) == len(wanted):
        return ["Fuel poverty over the years is not shown: the files of no year are at hand."]
    years = some(missing, most=len(missing))
    return [f"Fuel poverty over the years is without {years}: not all of its files are at hand."]


def _roles(edition: Edition, year: int) -> list[str]:
    """Name the roles that a year is read from."""
    own = catalogue()[edition.sources[_role(year)]].vintage
    return [_role(year)] if own == edition.vintage else [_role(year), BRIDGE]


def _role(year: int) -> str:
    return f"fuel_poverty_{year}"


def _years(files: Files) -> Iterator[tuple[int, str]]:
    """Yield the years that can be read, with their measure, in order."""
    for measure, years in files.edition.parameters["fuel_series"].items():
        for year in years:
            role = _role(year)
            bridged = files.source(role).vintage == files.edition.vintage or files.at_hand(BRIDGE)
            if files.at_hand(role) and bridged:
                yield year, measure


def _year(
    files: Files, ground: Ground, year: int, measure: str
) -> tuple[pd.DataFrame, list[Check]]:
    """Sum one workbook's LSOAs to districts and to England, and check its table of districts."""
    role = _role(year)
    source = files.source(role)
    by_lsoa = read_table(files.path(role), source, "lsoa")
    by_district = read_table(files.path(role), source, "district")
    if source.vintage == files.edition.vintage:
        district = ground.lookup["lad_code"]
    else:
        bridge = read_table(files.path(BRIDGE), files.source(BRIDGE), "main")
        district = bridge.drop_duplicates("lsoa_2021_code").set_index("lsoa_2021_code")["lad_code"]
    counts = by_lsoa[list(COUNTS)]
    sums = counts.groupby(district.reindex(by_lsoa.index)).sum()
    sums.loc[""] = counts.sum()
    rows = sums.rename_axis("lad_code").reset_index().assign(year=year, measure=measure)
    noted = [
        check if check.ok else replace(check, ok=None)
        for check in district_checks(by_lsoa, by_district, title=source.title)
    ]
    if source.vintage == files.edition.vintage:
        noted.append(district_check(ground.lookup, by_lsoa["lad_code"], title=source.title))
    return rows, noted


def _series(rows: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ["lad_code", "year", "measure", *COUNTS]
    series = pd.concat(rows)[columns] if rows else pd.DataFrame(columns=columns)
    return series.assign(pct=100 * series["fuel_poor"] / series["households"]).sort_values(
        ["lad_code", "year"], ignore_index=True
    )
