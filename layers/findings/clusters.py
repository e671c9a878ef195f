"""Local clusters of every layer at its native geography, in both frames, and global Moran's I.

In England's frame chance is over all areas; in a borough's over the borough and its ring of
neighbours, and the borough's own areas are tested. Each result is kept, keyed by the values, the
neighbours and the parameters, so it is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from boundaries.ground import LEVELS, Ground, Level
from geo.files.store import Store
from geo.space.apportion import DIVIDED
from geo.space.neighbours import ring, subgraph
from geo.stats.clusters import (
    ALPHA,
    NOT_SIGNIFICANT,
    PERMUTATIONS,
    QUADRANTS,
    SEED,
    STEPS,
    STEPS_ENGLAND,
    global_moran,
    local_clusters,
)
from layers.layer import Frame, Layer
from layers.table.neighbourhoods import Tables

CLUSTER_SETTINGS = {
    "steps_borough": STEPS,
    "steps_england": STEPS_ENGLAND,
    "permutations": PERMUTATIONS,
    "seed": SEED,
    "false_discovery_rate": ALPHA,
}
_KEPT = ["cluster", "gi_star", "gi_star_z", "unsettled"]
_OF_A_PART = {"cluster": "", "gi_star": "", "gi_star_z": np.nan, "unsettled": False}


def level_of(layer: Layer) -> Level:
    """Return the level of the table that a layer is native to."""
    return "lsoa" if layer.geography == "LSOA" else "msoa"


def tested_values(layer: Layer, tables: Tables) -> pd.Series:
    """Return the values on which a layer's clusters are tested, at its native geography.

    That of an area which is a `part` is missing.
    """
    table: pd.DataFrame = getattr(tables, level_of(layer))
    return table[layer.tested or layer.value].mask(part(layer, table))


def part(layer: Layer, areas: pd.DataFrame) -> pd.Series:
    """Say of which areas a layer's value was copied from a former one that they are parts of.

    These are not tested, and have an empty cluster: their likeness would be of our making.
    """
    if layer.link not in areas:
        return pd.Series(False, areas.index)
    return areas[layer.link].isin(DIVIDED)


def england_clusters(tables: Tables, ground: Ground, level: Level) -> pd.DataFrame:
    """Return the columns of England's frame for the layers native to a level, for all its areas.

    They are ``{id}_cluster_england``, ``{id}_gi_star_england`` and ``{id}_gi_star_z_england``.
    """
    return _columns(
        ((layer, england_cluster(layer, tables, ground)) for layer in _native(tables, level)),
        "england",
    )


def borough_clusters(tables: Tables, ground: Ground, code: str, level: Level) -> pd.DataFrame:
    """Return the same columns of the borough's frame for one borough's areas."""
    found = _of_borough(tables, ground, code, level)
    return _columns(((layer, _of(layer, found)) for layer in _native(tables, level)), "borough")


def _native(tables: Tables, level: Level) -> list[Layer]:
    return [layer for layer in tables.edition.layers if level_of(layer) == level]


def _columns(found: Iterable[tuple[Layer, pd.DataFrame]], frame: Frame) -> pd.DataFrame:
    columns = {}
    for layer, own in found:
        columns[layer.cluster_column(frame)] = own["cluster"]
        columns[layer.gi_star_column(frame)] = own["gi_star"]
        columns[layer.gi_star_z_column(frame)] = own["gi_star_z"]
    return pd.DataFrame(columns)


def _of_borough(tables: Tables, ground: Ground, code: str, level: Level) -> pd.DataFrame:
    """Return what is kept of a borough's areas, layer by layer: indexed by layer and area."""
    layers = _native(tables, level)

    def make() -> pd.DataFrame:
        places: pd.DataFrame = getattr(tables, level)
        own = places[places["lad_code"] == code]
        values = {layer.id: tested_values(layer, tables) for layer in layers}
        found = _in_borough(values, ground.graph(level), own.index)
        kept = {layer.id: _but_parts(layer, own, found[layer.id]) for layer in layers}
        return pd.concat(kept, names=["layer"]) if kept else pd.DataFrame(columns=_KEPT)

    of = (tables.key, code, level, CLUSTER_SETTINGS)
    return _store(ground).frame(f"clusters-{code}-{level}", *of, make=make)


def _of(layer: Layer, found: pd.DataFrame) -> pd.DataFrame:
    return found.loc[[layer.id]].droplevel("layer")


def _but_parts(layer: Layer, areas: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return what is kept of areas, blank for those that are a `part`."""
    of_part = part(layer, areas)
    kept = {name: found[name].mask(of_part, blank) for name, blank in _OF_A_PART.items()}
    return pd.DataFrame(kept)


def settled(tables: Tables, ground: Ground, codes: Iterable[str]) -> pd.DataFrame:
    """Count, for each layer and frame, the areas tested and the labels that rounding decides.

    ``codes`` are the boroughs whose own frames are counted, together. One row a layer and frame:
    ``layer`` (its id), ``frame``, ``tested`` areas, ``significant`` ones, and ``unsettled`` ones,
    whose cluster is another where values are told apart half as finely.
    """
    boroughs = {
        level: [_of_borough(tables, ground, code, level) for code in sorted(codes)]
        for level in LEVELS
    }
    rows = []
    for layer in tables.edition.layers:
        own = pd.concat([_of(layer, found) for found in boroughs[level_of(layer)]])
        for frame, found in (("england", england_cluster(layer, tables, ground)), ("borough", own)):
            significant = found["cluster"].isin(QUADRANTS.values())
            tested = significant | (found["cluster"] == NOT_SIGNIFICANT)
            counted = [int(each.sum()) for each in (tested, significant, found["unsettled"])]
            rows.append((layer.id, frame, *counted))
    return pd.DataFrame(rows, columns=["layer", "frame", "tested", "significant", "unsettled"])


def every_boroughs_cluster(layer: Layer, tables: Tables, ground: Ground) -> pd.Series:
    """Return the cluster of every area in the frame of its own borough, on one layer."""
    level = level_of(layer)

    def make() -> pd.DataFrame:
        graph, places = ground.graph(level), getattr(tables, level)
        values = {layer.id: tested_values(layer, tables)}
        found = [
            _in_borough(values, graph, own)[layer.id]
            for own in map(pd.Index, places.groupby("lad_code").groups.values())
        ]
        return _but_parts(layer, places, pd.concat(found).sort_index())

    of = (tables.key, layer.id, CLUSTER_SETTINGS)
    return _store(ground).frame(f"boroughs-{layer.id}", *of, make=make)["cluster"]


def _in_borough(
    values: Mapping[str, pd.Series], whole: Graph, own: pd.Index
) -> dict[str, pd.DataFrame]:
    """Find the clusters of a borough's own areas, its ring of neighbours around it."""
    pool = own.union(ring(whole, own))
    graph = subgraph(whole, pool)
    return {
        name: local_clusters(each.reindex(pool), graph, tested=own, steps=STEPS)
        for name, each in values.items()
    }


def moran_of(tables: Tables, ground: Ground, code: str) -> pd.DataFrame:
    """Return global Moran's I of every layer over one borough: one row a layer id."""

    def make() -> pd.DataFrame:
        rows = {}
        graphs = {level: ground.graph(level) for level in LEVELS}
        for layer in tables.edition.layers:
            places: pd.DataFrame = getattr(tables, level_of(layer))
            values = tested_values(layer, tables)[places["lad_code"] == code]
            rows[layer.id] = global_moran(values, graphs[level_of(layer)])
        return pd.DataFrame(rows).T.rename_axis("layer")

    return _store(ground).frame(f"moran-{code}", tables.key, code, CLUSTER_SETTINGS, make=make)


def england_cluster(layer: Layer, tables: Tables, ground: Ground) -> pd.DataFrame:
    """Return ``cluster``, ``gi_star``, ``gi_star_z`` and ``unsettled`` in England's frame.

    They are of one layer, for every area of its native geography (see `local_clusters`).
    """
    values = tested_values(layer, tables)
    level = level_of(layer)

    def make() -> pd.DataFrame:
        return local_clusters(values, ground.graph(level), steps=STEPS_ENGLAND)[_KEPT]

    contents = int(pd.util.hash_pandas_object(values).sum())
    of = (ground.key(level), contents, CLUSTER_SETTINGS)
    found = _store(ground).frame(f"england-{layer.id}", *of, make=make)
    return _but_parts(layer, getattr(tables, level), found)


def _store(ground: Ground) -> Store:
    return Store(ground.files.cache / "clusters")
