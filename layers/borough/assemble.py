"""Putting together what is known of one borough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
from libpysal.graph import Graph

from geo.errors import AreaError
from geo.files.cache import kept, key_of
from geo.files.fetch import cache_folder, mirror_folder
from geo.sources import Source
from geo.space.stability import SETTINGS as STABILITY_SETTINGS
from layers.borough.borough import Borough
from layers.borough.fuel_series import fuel_series
from layers.files import Files
from layers.findings import clusters
from layers.findings.gradients import gradients_of
from layers.findings.overlap import chance_of
from layers.findings.pockets import describe, stability_of
from layers.findings.whole_edition import Findings, findings
from layers.layer import Edition, edition
from layers.table.geography import LEVELS, Geography, Level
from layers.table.neighbourhoods import Tables, carried_down, tables
from layers.table.whole import counts_of, scales_of, values_of

GEOGRAPHY_ROLES = {
    "boundaries": "lsoa",
    "msoa": "msoa",
    "lookup": "lookup",
    "names": "names",
    "postcodes": "postcodes",
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything of an edition that all its boroughs share."""

    files: Files
    tables: Tables
    geography: Geography
    findings: Findings
    england: Mapping[str, float]
    scales: Mapping[str, tuple[float, float]]
    counts: Mapping[str, int]


def known(files: Files) -> Known:
    """Return what the boroughs of an edition share, read once in a process."""
    return _known(files.edition.id, files.cache, files.mirror, files.offline)


@lru_cache(maxsize=2)
def _known(edition_id: str, cache: Path, mirror: Path | None, offline: bool) -> Known:
    files = Files(edition=edition(edition_id), cache=cache, mirror=mirror, offline=offline)
    joined, geography = tables(files), Geography(files)
    return Known(
        files=files,
        tables=joined,
        geography=geography,
        findings=findings(joined, geography),
        england=values_of(files.edition, joined.lsoa, joined.msoa),
        scales=scales_of(files.edition, joined.msoa),
        counts=counts_of(files.edition, joined.lsoa, joined.msoa),
    )


def assemble(files: Files, code: str, *, place: str) -> Borough:
    """Return one borough of an edition, with all that its pages show.

    ``place`` is what the build is called ("Cheshire and Merseyside").
    """
    shared = known(files)
    lsoa, msoa = _own_tables(shared, code)
    pockets = _pockets(shared, code, lsoa)
    found = gradients_of(files.edition, lsoa, msoa)
    return Borough(
        code=code,
        name=str(shared.geography.districts[code]),
        place=place,
        edition=files.edition,
        lsoa=lsoa,
        msoa=msoa,
        pockets=pockets,
        surroundings=shared.geography.surroundings(code),
        england=shared.england,
        scales=shared.scales,
        counts=shared.counts,
        district=_district(shared, code, pockets),
        district_counts=_district_counts(shared),
        postcodes=shared.geography.postcodes(code),
        sources=sources_of(shared),
        notes={layer.id: shared.tables.notes.get(layer.kind, ()) for layer in files.edition.layers},
        gradients=found.indices,
        gradient_parts=found.parts,
        moran=clusters.moran_of(shared.tables, shared.geography, code),
        chance=_chance(shared, code, lsoa, msoa),
        fuel_series=_fuel_series(shared, code),
        settings={**shared.findings.choice.settings(), **clusters.SETTINGS},
    )


def sources_of(shared: Known) -> dict[str, tuple[Source, ...]]:
    """Return the sources that were used, by layer id and by role of the geography."""
    files, used = shared.files, shared.tables.used
    sources = {
        layer.id: tuple(
            files.source(role) for role in _roles(files.edition, layer.id, used[layer.kind])
        )
        for layer in files.edition.layers
    }
    return sources | {name: (files.source(role),) for name, role in GEOGRAPHY_ROLES.items()}


def _roles(edition: Edition, layer_id: str, used: tuple[str, ...]) -> tuple[str, ...]:
    """Keep, of several grids, those of the layer's own pollutant."""
    pollutant = layer_id.split("_")[0]
    own = tuple(role for role in used if f"_{pollutant}_" in role)
    return own or used


def _own_tables(shared: Known, code: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the borough's rows of both tables, with its own clusters and geometry."""
    own = {}
    for level in LEVELS:
        table: pd.DataFrame = getattr(shared.findings, level)
        rows = table[table["lad_code"] == code]
        found = clusters.borough_clusters(shared.tables, shared.geography, code, level)
        own[level] = rows.join(found)
    below = own["msoa"][carried_down(shared.files.edition, own["msoa"].columns)]
    missing = below.columns.difference(own["lsoa"].columns)
    own["lsoa"] = own["lsoa"].join(below[missing], on="msoa_code")
    return _placed(shared, own["lsoa"], "lsoa", code), _placed(shared, own["msoa"], "msoa", code)


def _placed(shared: Known, table: pd.DataFrame, level: Level, code: str) -> gpd.GeoDataFrame:
    areas = shared.geography.areas(level, [code])
    return gpd.GeoDataFrame(
        table.sort_index(), geometry=areas.geometry.reindex(table.sort_index().index), crs=areas.crs
    )


def _pockets(shared: Known, code: str, lsoa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    found, geography = shared.findings, shared.geography
    pockets = describe(
        shared.files.edition,
        lsoa,
        found.parts,
        {"lsoa": found.lsoa, "msoa": found.msoa},
        found.neighbouring,
    )

    def make(path: Path) -> None:
        overall = shared.files.edition.layer(shared.files.edition.overall)
        column = overall.cluster_column("borough")
        whole = found.lsoa.assign(**{column: lsoa[column].reindex(found.lsoa.index)})
        graphs = {
            contiguity: geography.graph("lsoa", contiguity) for contiguity in ("queen", "rook")
        }
        shares = stability_of(shared.files.edition, whole, graphs, code)
        shares.rename("stability").to_frame().to_parquet(path)

    key = key_of(shared.tables.key, code, found.choice.settings(), list(STABILITY_SETTINGS))
    kept_file = kept(shared.files.cache / "findings", f"stability-{code}.parquet", key, make)
    shares = pd.read_parquet(kept_file)["stability"]
    return pockets.assign(
        rule=found.choice.rule, stability=shares.reindex(pockets.index).astype("float64")
    )


def _chance(
    shared: Known, code: str, lsoa: gpd.GeoDataFrame, msoa: gpd.GeoDataFrame
) -> pd.DataFrame:
    def make(path: Path) -> None:
        graphs: dict[str, Graph] = {level: shared.geography.graph(level) for level in LEVELS}
        chance_of(shared.files.edition, lsoa, msoa, graphs).to_parquet(path)

    key = key_of(shared.tables.key, code)
    return pd.read_parquet(
        kept(shared.files.cache / "findings", f"chance-{code}.parquet", key, make)
    )


def _fuel_series(shared: Known, code: str) -> pd.DataFrame:
    series, _ = fuel_series(shared.files, shared.geography)
    return series[series["lad_code"].isin([code, ""])]


def _district_counts(shared: Known) -> dict[str, int]:
    districts = shared.tables.districts
    return {layer.id: int(districts[layer.value].count()) for layer in shared.files.edition.layers}


def _district(shared: Known, code: str, pockets: gpd.GeoDataFrame) -> pd.Series:
    found = {"pockets": len(pockets), "people_in_pockets": int(pockets["population"].sum())}
    row = shared.tables.districts.loc[[code]].assign(**found)
    return row.iloc[0]


def open_borough(
    name: str, *, edition_id: str = "2019", mirror: Path | None = None, offline: bool = False
) -> Borough:
    """Return one borough by its name or code: the way in from Python.

    Files come from the cache, ``mirror`` (default ``POCKETS_MIRROR``) and the publisher, in that
    order. Raises ``AreaError`` naming the nearest names when there is no such borough, or when the
    text means several.
    """
    files = Files(
        edition=edition(edition_id),
        cache=cache_folder(),
        mirror=mirror or mirror_folder(),
        offline=offline,
    )
    selection = Geography(files).select(name)
    if len(selection.codes) != 1:
        raise AreaError(
            f"“{name}” is {len(selection.codes)} districts",
            expected="the name or code of one",
            do="open them one by one, or build a site of all with build_site",
        )
    return assemble(files, selection.codes[0], place=selection.name)
