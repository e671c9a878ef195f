"""Putting together what is known of one borough."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from libpysal.graph import Graph

from boundaries.ground import LEVELS, Level
from geo.errors import AreaError
from geo.fetch.plan import cache_folder
from geo.files.store import Store
from layers.borough.borough import Borough
from layers.borough.country import Country, opened
from layers.borough.with_change import with_change
from layers.commands import DEFAULT_EDITION
from layers.files import Files
from layers.findings import clusters
from layers.findings.behind import pooled_indicators
from layers.findings.fingerprint import fingerprints, mean_percentiles, spreads
from layers.findings.gradients import gradients_of
from layers.findings.joined import joined_of
from layers.findings.overlap import chance_of
from layers.findings.own_names import read_own_names
from layers.findings.pockets import RULE_LIMITS, Choice, describe, found_by_others
from layers.findings.reach import outside_pockets
from layers.indicators import indicators
from layers.kinds.registry import kind_of
from layers.layer import Layer, edition
from layers.pack import mirror_at
from layers.table.neighbourhoods import below, families_in


def assemble(country: Country, code: str, *, place: str) -> Borough:
    """Return one borough of a country, with all that its pages show.

    ``place`` is what the build is called ("Cheshire and Merseyside").
    """
    known, ground = country.edition, country.ground
    lsoa, msoa = _own_tables(country, code)
    pockets = _pockets(country, code, lsoa)
    found = gradients_of(known, lsoa, msoa)
    borough = Borough(
        code=code,
        name=str(ground.districts[code]),
        place=place,
        edition=known,
        lsoa=lsoa,
        msoa=msoa,
        families=families_in(country.tables.families, {code}),
        pockets=pockets,
        joined=joined_of(known, country.joined_members, ground, country.findings, code),
        surroundings=ground.surroundings(code),
        england=country.england,
        people=country.people,
        percentiles=country.percentiles,
        scales=country.scales,
        counts=country.counts,
        msoa_counts=country.msoa_counts,
        pocket_counts=country.pocket_counts,
        district=_district(country, code, lsoa, pockets),
        district_counts=country.district_counts,
        postcodes=ground.postcodes(code),
        sources=country.sources,
        notes={
            layer.id: (
                *country.tables.notes.get(layer.kind, ()),
                *_of_no_borough(layer, country, code),
            )
            for layer in known.layers
        },
        lacking=country.lacking,
        lacking_years=country.lacking_years,
        gradients=found.indices,
        gradient_parts=found.parts,
        moran=clusters.moran_of(country.tables, ground, code),
        chance=_chance(country, code, lsoa, msoa),
        fuel_series=country.fuel_series.of(code),
        reach=country.reach,
        behind=_behind(country, code, lsoa, msoa.index),
        lacking_behind=country.lacking_behind,
        lacking_change=country.lacking_change,
        lacking_names=country.lacking_names,
        settings={
            **country.choice.settings(),
            **clusters.CLUSTER_SETTINGS,
            **(country.own_names.settings() if country.own_names else {}),
        },
    )
    return with_change(borough, country.change)


def _of_no_borough(layer: Layer, country: Country, code: str) -> list[str]:
    """Say what counts of a layer lie in a borough in part, so that they are in no borough's."""
    counts, families = kind_of(layer).counts, families_in(country.tables.families, {code})
    if counts is None or counts.columns(layer)[0] not in families:
        return []
    over = counts.columns(layer)[0]
    unit = kind_of(layer).columns[counts.over]["unit"]
    across = families[families["lad_code"].isna() & families[over].notna()]
    return [
        f"{row[over]:,.0f} {unit} of former neighbourhoods that lie in"
        f" {' and '.join(country.ground.districts[row['places'].split()])} are in the figures of"
        f" {country.edition.whole} and in those of neither borough."
        for _, row in across.iterrows()
    ]


def _own_tables(country: Country, code: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the borough's rows of both tables, with its own clusters and geometry."""
    own = {}
    for level in LEVELS:
        table: pd.DataFrame = getattr(country.findings, level)
        rows = table[table["lad_code"] == code]
        found = clusters.borough_clusters(country.tables, country.ground, code, level)
        own[level] = rows.join(found)
    carried = below(country.edition, own["lsoa"], own["msoa"], own["msoa"]["lad_code"])
    missing = carried.columns.difference(own["lsoa"].columns)
    own["lsoa"] = own["lsoa"].join(carried[missing])
    native = [layer for layer in country.edition.layers if layer.geography == "LSOA"]
    own["msoa"] = own["msoa"].join(spreads(native, own["lsoa"], own["lsoa"]["msoa_code"]))
    return _placed(country, own["lsoa"], "lsoa", code), _placed(country, own["msoa"], "msoa", code)


def _placed(country: Country, table: pd.DataFrame, level: Level, code: str) -> gpd.GeoDataFrame:
    areas = country.ground.areas(level, [code])
    return gpd.GeoDataFrame(
        table.sort_index(), geometry=areas.geometry.reindex(table.sort_index().index), crs=areas.crs
    )


def _pockets(country: Country, code: str, lsoa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    found, ground = country.findings, country.ground
    pockets = describe(
        country.edition,
        lsoa,
        found.parts,
        found.pockets,
        found.neighbouring,
    )

    def make() -> pd.DataFrame:
        overall = country.edition.layer(country.edition.overall)
        column = overall.cluster_column("borough")
        whole = found.lsoa.assign(**{column: lsoa[column].reindex(found.lsoa.index)})
        graph = ground.graph("lsoa")
        return found_by_others(country.edition, whole, graph, code, country.choice).to_frame()

    of = (country.tables.key, code, country.choice.settings(), list(RULE_LIMITS))
    others = _store(country).frame(f"found-by-{code}", *of, make=make)["found_by"]
    joined = country.joined_members["joined_pocket"].reindex(pockets.index).fillna("")
    made_of = fingerprints(country.edition, lsoa, country.counts)
    ends = spreads(country.edition.layers, lsoa, lsoa["pocket_id"])
    return pockets.assign(
        name=country.pocket_names.reindex(pockets.index),
        joined_pocket=joined,
        rule=country.choice.rule,
        found_by=others.reindex(pockets.index),
    ).join([found.sure.reindex(pockets.index), made_of, ends])


def _chance(
    country: Country, code: str, lsoa: gpd.GeoDataFrame, msoa: gpd.GeoDataFrame
) -> pd.DataFrame:
    def make() -> pd.DataFrame:
        graphs: dict[str, Graph] = {level: country.ground.graph(level) for level in LEVELS}
        return chance_of(country.edition, lsoa, msoa, graphs)

    return _store(country).frame(f"chance-{code}", country.tables.key, code, make=make)


def _behind(country: Country, code: str, lsoa: pd.DataFrame, msoas: pd.Index) -> pd.DataFrame:
    """Return the indicators behind the Indices of a borough's places, and of England."""
    small = country.underlying.small
    if small.empty:
        return small
    pockets = lsoa["pocket_id"].where(lsoa["pocket_id"] != "")
    own = [
        pooled_indicators(indicators(country.edition), small, places)
        for places in (lsoa.index.to_series(), pockets)
    ]
    return pd.concat([*own, country.behind.loc[[*msoas, code, country.edition.whole]]])


def _store(country: Country) -> Store:
    return Store(country.files.cache / "findings")


def _district(
    country: Country, code: str, lsoa: gpd.GeoDataFrame, pockets: gpd.GeoDataFrame
) -> pd.Series:
    single = lsoa["single"]
    found = {
        "pockets": len(pockets),
        "people_in_pockets": int(pockets["population"].sum()),
        "single_lsoas": int(single.sum()),
        "people_in_single_lsoas": int(lsoa.loc[single, "population"].sum()),
        "hidden_lsoas": int(lsoa["hidden"].sum()),
    }
    outside = outside_pockets(country.edition, lsoa)
    means = mean_percentiles(country.edition, lsoa, lsoa["lad_code"], country.counts)
    row = country.tables.districts.loc[[code]].assign(**found, **outside, **means.loc[code])
    return row.iloc[0]


def open_borough(
    name: str,
    *,
    edition_id: str = DEFAULT_EDITION,
    mirror: Path | None = None,
    offline: bool = False,
    choice: Choice | None = None,
    names: Path | None = None,
) -> Borough:
    """Return one borough by its name or code: the way in from Python.

    Files come from the cache, ``mirror`` (a folder or a pack; default
    ``POCKETS_MIRROR``) and the publisher, in that
    order. ``choice`` says how pockets are found, ``names`` is a file of names that boroughs give
    them (`layers.findings.own_names`). Raises ``AreaError`` naming the nearest names when
    there is no such borough, or when the text means several.
    """
    known, cache = edition(edition_id), cache_folder()
    files = Files(
        edition=known, cache=cache, mirror=mirror_at(mirror, known, cache), offline=offline
    )
    own_names = None if names is None else read_own_names(names)
    country = opened(files, choice or Choice(), own_names)
    selection = country.ground.select(name)
    if len(selection.codes) != 1:
        raise AreaError(
            f"“{name}” is {len(selection.codes)} districts",
            expected="the name or code of one",
            do="open them one by one, or build a site of all with build_site",
        )
    return assemble(country, selection.codes[0], place=selection.name)
