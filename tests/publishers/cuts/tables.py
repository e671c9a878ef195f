"""Tables of comma-separated values as they are published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SUBDOMAINS = (
    "Children and Young People Sub-domain",
    "Adult Skills Sub-domain",
    "Geographical Barriers Sub-domain",
    "Wider Barriers Sub-domain",
    "Indoors Sub-domain",
    "Outdoors Sub-domain",
)
_OF_2019 = "imd/File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
_OF_2025 = "imd/File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
_LONGEST = 80
"""Where the publisher's file of 2025 cuts the heading of the first sub-domain's deciles."""


def subdomains_2019(mirror: Path, path: Path) -> None:
    """Write File 7 of 2019 with the columns of its six sub-domains, before the populations."""
    table = pd.read_csv(mirror / _OF_2019, dtype=str, keep_default_na=False)
    with_subdomains(table, seed=2019).to_csv(path, index=False, lineterminator="\n")


def subdomains_2025(mirror: Path, path: Path) -> None:
    """Write File 7 of 2025: with sub-domains, one heading cut short, without people of 16 to 59."""
    table = pd.read_csv(mirror / _OF_2025, dtype=str, keep_default_na=False)
    table = with_subdomains(table, seed=2025).drop(columns="Population aged 16-59: mid 2022")
    whole = f"{SUBDOMAINS[0]} Decile (where 1 is most deprived 10% of LSOAs)"
    table = table.rename(columns={whole: whole[:_LONGEST]})
    table.to_csv(path, index=False, lineterminator="\n")


def with_subdomains(table: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Return a table of the Indices with invented sub-domains: any order of areas."""
    table = table.copy()
    place = next(n for n, name in enumerate(table.columns) if name.startswith("Total population"))
    draw, many = np.random.default_rng(seed), len(table)
    for name in reversed(SUBDOMAINS):
        ranks = draw.permutation(many) + 1
        columns = {
            f"{name} Score": (100 * (1 - ranks / many)).round(3),
            f"{name} Rank (where 1 is most deprived)": ranks,
            f"{name} Decile (where 1 is most deprived 10% of LSOAs)": -(-ranks * 10 // many),
        }
        for heading, values in reversed(columns.items()):
            table.insert(place, heading, values)
    return table


def names_2011(mirror: Path, path: Path) -> None:
    """Write the Library's names of MSOAs of 2011: a mark of the order of bytes, and Wales."""
    table = pd.read_csv(
        mirror / "lookups/MSOA_2011_Names_House_of_Commons_Library.csv",
        dtype=str,
        keep_default_na=False,
    )
    wales = [[*_welsh(n), "Nowhere"] for n in range(1, 4)]
    wales = pd.DataFrame(wales, columns=table.columns)
    _with_mark(pd.concat([table, wales]), path)


def names_2021(mirror: Path, path: Path) -> None:
    """Write the Library's names of MSOAs of 2021, under the headings that it publishes."""
    found = pd.read_csv(
        mirror / "lookups/MSOA_2021_Names_House_of_Commons_Library.csv",
        dtype=str,
        keep_default_na=False,
    )
    table = pd.DataFrame(
        {
            "msoa21cd": found["MSOA21CD"],
            "msoa21nm": found["MSOA21NM"],
            "msoa21nmw": found["MSOA21NM"],
            "msoa21hclnm": found["MSOA21HCLNM"],
            "msoa21hclnmw": "",
            "localauthorityname": found["LADNM_ACTIVE"],
            "type": "",
        }
    )
    for n in range(1, 4):
        table.loc[len(table)] = [*_welsh(n), "Nowhere", ""]
    _with_mark(table, path)


def _welsh(n: int) -> list[str]:
    """Return an invented area of Wales: its code, and its names in two languages each."""
    return [f"W0299900{n}", f"Nowhere {n:03}", f"Unlle {n:03}", f"Fictional {n}", f"Ffug {n}"]


def _with_mark(table: pd.DataFrame, path: Path) -> None:
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_bytes(text.encode("utf-8-sig"))
