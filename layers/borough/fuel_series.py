"""Fuel poverty of districts over the years: two measures, two series, never one line.

Districts change; LSOAs are summed to the districts of the edition in every year, so that a district
of today has the same ground throughout. Years on LSOA 2021 go through the exact change lookup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import NamedTuple

import pandas as pd

from boundaries.ground import Ground
from geo.checks import Check
from geo.files.hashes import file_hash
from geo.files.store import Store
from geo.files.tables import read_table
from layers.files import Files
from layers.kinds.fuel_poverty import COUNTS, district_checks

BRIDGE = "lsoa_2011_to_2021"


class FuelSeries(NamedTuple):
    """``series``: a row a district and year; ``checks``: what was compared (see `Check`).

    The series has columns lad_code, year, measure ("LIHC" or "LILEE"), households, fuel_poor and
    pct; England's own is lad_code "". The checks compare each workbook's LSOAs with its own table
    of districts; a difference is noted, since the sums of LSOAs are what is used.
    """

    series: pd.DataFrame
    checks: pd.DataFrame

    def of(self, code: str) -> pd.DataFrame:
        """Return the series of one district, and England's beside it."""
        return self.series[self.series["lad_code"].isin([code, ""])]


def fuel_series(files: Files, ground: Ground) -> FuelSeries:
    """Return the share of households in fuel poverty by district and year, and the checks made.

    Years whose workbook is not at hand are left out.
    """
    years = dict(_years(files))
    used = [f"fuel_poverty_{year}" for year in years]
    hashes = [file_hash(files.path(role)) for role in used]

    def make() -> dict[str, pd.DataFrame]:
        found = [_year(files, ground, year, measure) for year, measure in years.items()]
        rows = [rows for rows, _ in found]
        checks = [asdict(check) for _, checks in found for check in checks]
        checked = pd.DataFrame(checks, columns=list(Check.__annotations__))
        return {"series": _series(rows), "checks": checked}

    store = Store(files.cache / "tables")
    return FuelSeries(**store.frames("fuel-series", ground.key(), hashes, make=make))


def _years(files: Files) -> Iterator[tuple[int, str]]:
    """Yield the years that can be read, with their measure, in order."""
    for measure, years in files.edition.parameters["fuel_series"].items():
        for year in years:
            role = f"fuel_poverty_{year}"
            bridged = files.source(role).vintage == files.edition.vintage or files.at_hand(BRIDGE)
            if files.at_hand(role) and bridged:
                yield year, measure


def _year(
    files: Files, ground: Ground, year: int, measure: str
) -> tuple[pd.DataFrame, list[Check]]:
    """Sum one workbook's LSOAs to districts and to England, and check its table of districts."""
    role = f"fuel_poverty_{year}"
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
    return rows, noted


def _series(rows: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ["lad_code", "year", "measure", *COUNTS]
    series = pd.concat(rows)[columns] if rows else pd.DataFrame(columns=columns)
    return series.assign(pct=100 * series["fuel_poor"] / series["households"]).sort_values(
        ["lad_code", "year"], ignore_index=True
    )
