"""Local clusters of every layer at its native geography, in both frames, and global Moran's I.

In England's frame values and permutations are drawn from all areas; in a borough's from the borough
and its ring of neighbours, and the borough's own areas are tested. Each result is kept, keyed by
the values, the neighbours and the parameters, so it is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from libpysal.graph import Graph

from boundaries.ground import LEVELS, Ground, Level
from geo.files.store import Store
from geo.space.apportion import DIVIDED
from geo.space.neighbours import ring, subgraph
from geo.stats.clusters import (
    ALPHA,
    PERMUTATIONS,
    PERMUTATIONS_ENGLAND,
    SEED,
    global_moran,
    local_clusters,
)
from layers.layer import Layer
from layers.table.neighbourhoods import Tables

CLUSTER_SETTINGS = {
    "permutations_borough": PERMUTATIONS,
    "permutations_england": PERMUTATIONS_ENGLAND,
    "seed": SEED,
    "false_discovery_rate": ALPHA,
}


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
    """Return ``{id}_cluster_england`` for the layers native to a level, for every area of it."""
    layers = [layer for layer in tables.edition.layers if level_of(layer) == level]
    columns = {
        layer.cluster_column("england"): england_cluster(layer, tables, ground) for layer in layers
    }
    return pd.DataFrame(columns)


def borough_clusters(tables: Tables, ground: Ground, code: str, level: Level) -> pd.DataFrame:
    """Return ``{id}_cluster_borough`` for one borough's areas, layers native to a level."""
    layers = [layer for layer in tables.edition.layers if level_of(layer) == level]

    def make() -> pd.DataFrame:
        values = {layer.cluster_column("borough"): tested_values(layer, tables) for layer in layers}
        places: pd.DataFrame = getattr(tables, level)
        own = places[places["lad_code"] == code]
        found = _in_borough(values, ground.graph(level), own.index)
        for layer in layers:
            column = layer.cluster_column("borough")
            found[column] = found[column].mask(part(layer, own), "")
        return pd.DataFrame(found)

    of = (tables.key, code, level, CLUSTER_SETTINGS)
    return _store(ground).frame(f"clusters-{code}-{level}", *of, make=make)


def every_boroughs_cluster(layer: Layer, tables: Tables, ground: Ground) -> pd.Series:
    """Return the cluster of every area in the frame of its own borough, on one layer."""
    level = level_of(layer)
    column = layer.cluster_column("borough")

    def make() -> pd.DataFrame:
        graph, places = ground.graph(level), getattr(tables, level)
        values = {column: tested_values(layer, tables)}
        found = [
            pd.DataFrame(_in_borough(values, graph, own))
            for own in map(pd.Index, places.groupby("lad_code").groups.values())
        ]
        clusters = pd.concat(found).sort_index()
        return clusters.mask(part(layer, places), "", axis="index")

    of = (tables.key, layer.id, CLUSTER_SETTINGS)
    return _store(ground).frame(f"boroughs-{layer.id}", *of, make=make)[column]


def _in_borough(
    values: Mapping[str, pd.Series], whole: Graph, own: pd.Index
) -> dict[str, pd.Series]:
    """Find the clusters of a borough's own areas, its ring of neighbours around it."""
    pool = own.union(ring(whole, own))
    graph = subgraph(whole, pool)
    return {
        name: local_clusters(each.reindex(pool), graph, tested=own)["cluster"]
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


def england_cluster(layer: Layer, tables: Tables, ground: Ground) -> pd.Series:
    """Return the cluster of every area in England's frame on one layer, at its native geography."""
    values = tested_values(layer, tables)
    level = level_of(layer)

    def make() -> pd.DataFrame:
        found = local_clusters(values, ground.graph(level), permutations=PERMUTATIONS_ENGLAND)
        return found[["local_i", "p", "cluster"]]

    contents = int(pd.util.hash_pandas_object(values).sum())
    of = (ground.key(level), contents, CLUSTER_SETTINGS)
    found = _store(ground).frame(f"england-{layer.id}", *of, make=make)["cluster"]
    table: pd.DataFrame = getattr(tables, level)
    return found.mask(part(layer, table), "")


def _store(ground: Ground) -> Store:
    return Store(ground.files.cache / "clusters")
