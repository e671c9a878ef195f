"""Which neighbourhood a postcode is in.

Two kinds of file say it. A lookup gives the area of every postcode, as its publisher has found it;
points give a place to every postcode, and the area is the one whose boundary holds it: where
boundaries are generalised, a few of those beside an edge come out on its other side. Either kind
holds the live postcodes of one month; one that came later is not found.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.codes import require_unique
from geo.crs import BNG, to_bng
from geo.errors import CodeError, some
from geo.sources import Source
from geo.tables.read import read_table

POSTCODE = r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d)([A-Z]{2})"
"""A postcode: its outward part, its sector's digit and its unit."""

NEAREST_M = 1000
"""How far from an area, in metres, a point outside all of them may lie to be counted to it."""


def read_postcodes(
    path: Path, source: Source, *, codes: pd.Index, areas: Callable[[], gpd.GeoDataFrame]
) -> pd.DataFrame:
    """Read the postcodes, each with the neighbourhood it is in.

    ``codes`` are the codes of all neighbourhoods; ``areas`` returns their boundaries, and is only
    asked where the file gives points. Returns a frame indexed by ``postcode`` ("L1 8JQ"), sorted,
    with columns area_code (missing for a point in no neighbourhood), lad_code where the file says
    it, and outside_m: how far a point lies outside its neighbourhood (NaN without a point). Raises
    ``CodeError`` where what should be postcodes is none, or areas are none of these.
    """
    table = read_table(path, source, "main")
    table.index = _spelled(table.index, where=str(path))
    if is_points(source):
        return placed(table, areas()).sort_index()
    table = table.rename(columns={"lsoa_code": "area_code"}).assign(outside_m=np.nan)
    _require_known(table["area_code"], codes, where=str(path))
    return table.sort_index()


def is_points(source: Source) -> bool:
    """Say whether a file gives points, and no areas."""
    return "easting" in source.tables["main"].numbers


def placed(points: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the area that each point lies in; the pure part of `read_postcodes`.

    ``points`` has columns easting and northing, NaN where a postcode has no point; ``areas`` is
    indexed by code. A point on the line between two areas belongs to the first by code. One outside
    all areas belongs to the nearest within `NEAREST_M`, else to none. Returns area_code and
    outside_m in the order of the points.
    """
    there = points[points[["easting", "northing"]].notna().all(axis="columns")]
    shapes = to_bng(areas)[["geometry"]].rename_axis("area_code").sort_index()
    at = gpd.GeoDataFrame(
        index=there.index.rename("postcode"),
        geometry=gpd.points_from_xy(there["easting"], there["northing"]),
        crs=BNG,
    )
    inside = _first(gpd.sjoin(at, shapes, predicate="intersects")).assign(outside_m=0.0)
    outside = at[~at.index.isin(inside.index)]
    near = _first(
        gpd.sjoin_nearest(outside, shapes, max_distance=NEAREST_M, distance_col="outside_m")
    )
    found = pd.concat([inside, near])[["area_code", "outside_m"]]
    return pd.DataFrame(found.reindex(points.index))


def of_district(kept: Path, code: str) -> pd.Series:
    """Return one district's postcodes from the kept file: area code by postcode, sorted."""
    table = pd.read_parquet(kept, filters=[("lad_code", "==", code)], columns=["area_code"])
    return table["area_code"].sort_index()


def _first(found: gpd.GeoDataFrame) -> pd.DataFrame:
    """Keep one area a point, the first by code."""
    plain = pd.DataFrame(found.drop(columns="geometry"))
    ordered = plain.sort_values("area_code", kind="stable")
    return ordered[~ordered.index.duplicated()]


def _spelled(keys: pd.Index, *, where: str) -> pd.Index:
    """Return postcodes in the one spelling ("L1 8JQ"), whatever space the file has within them."""
    bare = keys.str.upper().str.replace(" ", "", regex=False)
    spelled = (bare.str[:-3] + " " + bare.str[-3:]).rename("postcode")
    strange = keys[~spelled.str.fullmatch(POSTCODE)]
    if len(strange):
        raise CodeError(
            f"{len(strange):,} postcodes are none",
            where=where,
            expected="postcodes such as “L1 8JQ”",
            found=some(f"“{key}”" for key in strange),
            do="check that this is the right file, and fetch it again",
        )
    require_unique(spelled, where=where)
    return spelled


def _require_known(found: pd.Series, codes: pd.Index, *, where: str) -> None:
    """Refuse areas that are not those of the edition, such as those of another census."""
    strange = pd.Index(found.unique()).difference(codes)
    if len(strange):
        raise CodeError(
            f"Postcodes lie in {len(strange):,} areas that have no boundary",
            where=where,
            expected=f"codes of the {len(codes):,} areas",
            found=some(strange),
            do="use postcodes and boundaries of one census (2011 or 2021)",
        )
