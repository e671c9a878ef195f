"""Which neighbourhood a postcode is in.

The file holds the live postcodes of one month; a postcode that came later is not found, and one at
the edge of two neighbourhoods belongs to the one that holds its centroid.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.sources import Source
from geo.tables.read import read_table


def read_postcodes(path: Path, source: Source) -> pd.DataFrame:
    """Read the postcodes: index ``postcode`` ("L1 8JQ"), columns area_code (LSOA) and lad_code."""
    table = read_table(path, source, "main")
    renamed = table.rename(columns={"lsoa_code": "area_code"}).rename_axis("postcode")
    return renamed[["area_code", "lad_code"]].sort_values(["lad_code"], kind="stable")


def of_district(kept: Path, code: str) -> pd.Series:
    """Return one district's postcodes from the kept file: area code by postcode, sorted."""
    table = pd.read_parquet(kept, filters=[("lad_code", "==", code)], columns=["area_code"])
    return table["area_code"].sort_index()
