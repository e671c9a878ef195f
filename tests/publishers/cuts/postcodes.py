"""The lookup of all postcodes as the portal offers it: one csv in an archive, every cell quoted.

Living postcodes of England are the mirror's. What stands beside them is invented: ended postcodes,
whose units have letters that no postcode ends with, and the rest of the United Kingdom.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

CHUNK = 100_000
ENDED_EVERY = 50
"""One ended postcode follows each so many living ones."""
_LIVING = "lookups/postcode_lsoa11_england_live_may22.parquet"


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """The areas of a postcode's line: ``year`` is in the headings, ``areas`` indexed by LSOA.

    ``areas`` has columns msoa, name, msoa_name, lad, lad_name.
    """

    member: str
    year: str
    areas: pd.DataFrame

    @property
    def headings(self) -> list[str]:
        y = self.year
        first = ["pcd7", "pcd8", "pcds", "dointr", "doterm", "usertype"]
        return [
            *first, f"oa{y}cd", f"lsoa{y}cd", f"msoa{y}cd", "ladcd", f"lsoa{y}nm", f"msoa{y}nm",
            "ladnm", "ladnmw",
        ]  # fmt: skip


def postcodes_2011(mirror: Path, path: Path) -> None:
    """Write the lookup of May 2022, of areas of 2011 and districts of 2022."""
    living = pd.read_parquet(mirror / _LIVING)
    areas = pd.read_csv(mirror / "lookups/LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv")
    lookup = Lookup(
        member="PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv",
        year="11",
        areas=_areas(areas, "11", "22"),
    )
    _write(living["pcds"], living["lsoa11cd"], lookup, path)


def postcodes_2021(mirror: Path, path: Path) -> None:
    """Write the lookup of February 2026; which part of a split area it names is invented."""
    living = pd.read_parquet(mirror / _LIVING)
    change = pd.read_csv(mirror / "lookups/LSOA_2011_to_LSOA_2021_to_LAD_2022_Lookup_EW.csv")
    change["part"] = change.groupby("LSOA11CD").cumcount()
    parts = change.groupby("LSOA11CD")["part"].max() + 1
    turn = living.groupby("lsoa11cd").cumcount() % living["lsoa11cd"].map(parts)
    keyed = change.set_index(["LSOA11CD", "part"])["LSOA21CD"]
    codes = keyed.reindex(pd.MultiIndex.from_arrays([living["lsoa11cd"], turn])).reset_index(
        drop=True
    )
    areas = pd.read_csv(mirror / "lookups/LSOA_2021_to_MSOA_2021_to_LAD_2024_Lookup_EN.csv")
    lookup = Lookup(
        member="PCD_OA21_LSOA21_MSOA21_LAD_FEB26_UK_LU.csv",
        year="21",
        areas=_areas(areas, "21", "24"),
    )
    _write(living["pcds"], codes, lookup, path)


def _areas(table: pd.DataFrame, year: str, district_year: str) -> pd.DataFrame:
    columns = {
        f"MSOA{year}CD": "msoa",
        f"LSOA{year}NM": "name",
        f"MSOA{year}NM": "msoa_name",
        f"LAD{district_year}CD": "lad",
        f"LAD{district_year}NM": "lad_name",
    }
    return table.set_index(f"LSOA{year}CD").rename(columns=columns)[[*columns.values()]]


def _write(pcds: pd.Series, codes: pd.Series, lookup: Lookup, path: Path) -> None:
    """Write the archive line by line of blocks, so that it is never held whole."""
    entry = zipfile.ZipInfo(lookup.member, (2022, 5, 27, 12, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", compresslevel=1) as archive, archive.open(entry, "w") as out:
        out.write(_line(lookup.headings))
        for start in range(0, len(pcds), CHUNK):
            block = _block(
                pcds.iloc[start : start + CHUNK], codes.iloc[start : start + CHUNK], lookup
            )
            out.write(_lines(block))
        for row in _elsewhere(lookup):
            out.write(_line(row))


def _block(pcds: pd.Series, codes: pd.Series, lookup: Lookup) -> pd.DataFrame:
    """Return the lines of some living postcodes, with the ended ones that stand among them."""
    areas = lookup.areas.loc[codes].reset_index(names="lsoa")
    block = _row_of(pcds.reset_index(drop=True), areas)
    ended = block.iloc[::ENDED_EVERY].copy()
    ended["pcds"] = ended["pcds"].str[:-2] + "CK"
    ended["doterm"] = "199606"
    ended[["pcd7", "pcd8"]] = _spaced(ended["pcds"])
    return pd.concat([block, ended.drop_duplicates("pcds")]).sort_index(kind="stable")


def _row_of(pcds: pd.Series, areas: pd.DataFrame) -> pd.DataFrame:
    seven = _spaced(pcds)
    return pd.DataFrame(
        {
            "pcd7": seven["pcd7"],
            "pcd8": seven["pcd8"],
            "pcds": pcds,
            "dointr": np.where(pcds.index % 7, "198001", "200305"),
            "doterm": "",
            "usertype": np.where(pcds.index % 11, "0", "1"),
            "oa": "E00" + areas["lsoa"].str[3:],
            "lsoa": areas["lsoa"],
            "msoa": areas["msoa"],
            "lad": areas["lad"],
            "name": areas["name"],
            "msoa_name": areas["msoa_name"],
            "lad_name": areas["lad_name"],
            "lad_name_w": "",
        }
    )


def _spaced(pcds: pd.Series) -> pd.DataFrame:
    """Return postcodes in the widths of seven and of eight, which older tables have.

    >>> _spaced(pd.Series(["B1 1AA", "WC1A 1AA"])).to_numpy().tolist()
    [['B1  1AA', 'B1   1AA'], ['WC1A1AA', 'WC1A 1AA']]
    """
    outward, inward = pcds.str[:-4], pcds.str[-3:]
    return pd.DataFrame(
        {"pcd7": outward.str.ljust(4) + inward, "pcd8": outward.str.ljust(5) + inward},
        index=pcds.index,
    )


def _elsewhere(lookup: Lookup) -> Iterator[list[str]]:
    """Yield invented lines of Wales, Scotland, Northern Ireland and the islands: living, ended."""
    places = {
        "LL99": ("W00999901", "W01999901", "W02999901", "W06999901", "Nowhere 001A", "Ynys Ffug"),
        "KW99": ("S00999901", "S01999901", "S02999901", "S12999901", "Nowhere 1", ""),
        "BT99": ("N00999901", "95ZZ99S1", "N99999999", "N09999901", "Nowhere 1", ""),
        "JE9": ("L99999999", "L99999999", "L99999999", "L99999999", "", ""),
        "IM99": ("M99999999", "M99999999", "M99999999", "M99999999", "", ""),
    }
    for outward, (oa, lsoa, msoa, lad, name, welsh) in places.items():
        for unit in range(6):
            pcds = pd.Series([f"{outward} {unit}CK"])
            seven, eight = _spaced(pcds).iloc[0]
            ended = "201501" if unit % 2 else ""
            msoa_name, lad_name = (name[:-1] if lsoa[:1] == "W" else ""), "Nowhere" if name else ""
            yield [
                seven, eight, pcds[0], "199001", ended, "0",
                oa, lsoa, msoa, lad, name, msoa_name, lad_name, welsh,
            ]  # fmt: skip


def _lines(block: pd.DataFrame) -> bytes:
    stream = io.StringIO()
    lines = block.iloc[:, 0].str.cat([block[name] for name in block.columns[1:]], sep='","')
    stream.write("".join(f'"{line}"\r\n' for line in lines))
    return stream.getvalue().encode()


def _line(cells: list[str]) -> bytes:
    return ('"' + '","'.join(cells) + '"\r\n').encode()
