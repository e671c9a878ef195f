"""Pieces of a build on their own, for `bench` to measure: tables, clusters, a region's page."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from esda import Moran_Local

from geo.space.neighbours import subgraph
from geo.stats.clusters import local_clusters
from layers.borough.assemble import assemble
from layers.borough.borough import Borough
from layers.borough.country import Country
from layers.files import Files
from layers.findings.clusters import england_clusters, tested_values
from layers.layer import edition
from maps.page.borough import borough_page
from scripts.dev.bench_clock import stage

TABLE, CLUSTERS, ONE_LAYER, BY_DRAWS, FINDINGS, REGION = (
    "table of the area",
    "clusters of England",
    "clusters of one layer",
    "the same layer by esda's draws",
    "findings of the boroughs",
    "region page",
)
DRAWS = 999


def table(country: Country, area: str, out: Path, log: Path) -> None:
    """Read the table of all neighbourhoods and take the area's rows."""
    with stage(TABLE, log):
        codes = country.ground.select(area).codes
        rows = country.tables.lsoa
        rows = rows[rows["lad_code"].isin(codes)]
    print(f"{len(rows):,} neighbourhoods, {rows.shape[1]} columns")


def clusters(country: Country, area: str, out: Path, log: Path) -> None:
    """Find the clusters of every layer over all areas of the edition, neighbours included.

    Those of overall deprivation then once more, and by 999 draws for each area, as esda makes them.
    """
    joined, ground, overall = country.tables, country.ground, country.edition.overall
    with stage(CLUSTERS, log):
        found = [england_clusters(joined, ground, level) for level in ("lsoa", "msoa")]
    print(f"{sum(frame.shape[1] for frame in found)} columns")
    values = tested_values(country.edition.layer(overall), joined).dropna()
    graph = subgraph(ground.graph("lsoa"), values.index)
    with stage(ONE_LAYER, log):
        local_clusters(values, graph)
    with stage(BY_DRAWS, log):
        Moran_Local(values.to_numpy(), graph, permutations=DRAWS, seed=1)


def findings(country: Country, area: str, out: Path, log: Path) -> None:
    """Work out everything that is known of the boroughs, tables already joined."""
    selection, _ = country.ground.select(area), country.tables
    with stage(FINDINGS, log):
        found = [assemble(country, code, place=selection.name) for code in selection.codes]
    print(f"{len(found)} boroughs, {sum(len(borough.pockets) for borough in found)} pockets")


def region(country: Country, area: str, out: Path, log: Path) -> None:
    """Write one page that carries the neighbourhoods of all boroughs of the area."""
    selection = country.ground.select(area)
    boroughs = [assemble(country, code, place=selection.name) for code in selection.codes]
    with stage(REGION, log):
        page = borough_page(one_of(boroughs, selection.name))
        out.write_text(page, encoding="utf-8")


def one_of(boroughs: list[Borough], name: str) -> Borough:
    """Lay boroughs together as if they were one, with pockets numbered through."""
    first = boroughs[0]
    pockets = _together([borough.pockets for borough in boroughs])
    codes = [borough.code for borough in boroughs]
    around = _together([borough.surroundings for borough in boroughs])
    return replace(
        first,
        code="region",
        name=name,
        lsoa=_together([borough.lsoa for borough in boroughs]),
        msoa=_together([borough.msoa for borough in boroughs]),
        pockets=pockets.assign(number=range(1, len(pockets) + 1)),
        surroundings=around[~around.index.duplicated() & ~around.index.isin(codes)],
        postcodes=pd.concat([borough.postcodes for borough in boroughs]).sort_index(),
    )


def _together(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat(frames).sort_index(), crs=frames[0].crs)


JOBS: Mapping[str, Callable[[Country, str, Path, Path], None]] = {
    "table": table,
    "clusters": clusters,
    "findings": findings,
    "region": region,
}


def main() -> None:
    """Do one of the jobs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("area")
    for name in ("mirror", "cache", "out", "log"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    wanted = parser.parse_args()
    files = Files(edition=edition("2019"), cache=wanted.cache, mirror=wanted.mirror, offline=True)
    JOBS[wanted.job](Country(files=files), wanted.area, wanted.out, wanted.log)


if __name__ == "__main__":
    main()
