"""Which areas are neighbours, as a graph whose nodes are area codes.

Two areas are neighbours when they lie within a tolerance of each other, 1 m unless told otherwise.
That takes in every boundary the two share, also where the shared corners differ in their last
digits: comparing corners for equality finds no neighbour at all on such boundaries, and gives no
warning.

Caveats. An area cut off by water is an island and has no neighbours: a bridge or a ferry counts for
nothing. Boundary files of England stop at Wales and Scotland, so areas along the border have fewer
neighbours here than on the ground.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from geo.crs import BNG, require_crs
from geo.errors import CodeError, InputError, SpaceError, some

Contiguity = Literal["queen", "rook"]

TOLERANCE_M = 1.0
SHORTEST_EDGE_M = 10.0
MOST_ISLANDS = 0.5

_WHERE = "the neighbours of areas"


def neighbours(
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    contiguity: Contiguity = "queen",
    tolerance_m: float = TOLERANCE_M,
    most_islands: float = MOST_ISLANDS,
) -> Graph:
    """Return the graph of areas that touch: weight 1 between neighbours, in order of area code.

    ``areas`` are polygons in British National Grid, indexed by area code. With ``queen``,
    neighbours lie within ``tolerance_m`` of each other, a corner being enough. With ``rook`` they
    must also run alongside: the part of one boundary within ``tolerance_m`` of the other is at
    least 10 m long (``SHORTEST_EDGE_M``; two corners that meet have 2 or 3 m of it, and the
    boundaries themselves are generalised to 20 m). Areas without a neighbour stay in the graph as
    isolates, see `islands`.

    Raises ``SpaceError`` for areas in another coordinate system, with empty geometry or that are no
    polygons, and when more than the share ``most_islands`` of several areas has no neighbour, which
    means boundaries that do not fit together; ``CodeError`` for duplicated codes.

    >>> squares = [shapely.box(easting, 0, easting + 100, 100) for easting in (0, 100, 900)]
    >>> codes = ["E01900001", "E01900002", "E01900003"]
    >>> squares = gpd.GeoSeries(squares, index=codes, crs=BNG)
    >>> neighbours(squares)["E01900001"].to_dict()
    {'E01900002': 1.0}
    """
    if contiguity not in ("queen", "rook"):
        raise InputError(
            "This kind of contiguity is not known",
            where=_WHERE,
            expected="queen or rook",
            found=repr(contiguity),
            do="choose one of the two",
        )
    _check(areas)
    ordered = areas.geometry.sort_index()
    shapes = ordered.to_numpy()
    pairs = _near(shapes, tolerance_m)
    if contiguity == "rook":
        pairs = pairs[_alongside(shapes, pairs, tolerance_m)]
    graph = _graph(ordered.index, pairs)
    _check_islands(graph, most_islands, tolerance_m)
    return graph


def islands(graph: Graph) -> list[str]:
    """Return the codes of the areas that have no neighbour, in order."""
    return sorted(str(code) for code in graph.isolates)


def ring(graph: Graph, codes: Iterable[str]) -> pd.Index:
    """Return the neighbours of some areas that are not among them, in order of code.

    A borough with its ring is ``codes`` and this together. Raises ``CodeError`` for unknown codes.
    """
    inside = _known(graph, codes)
    focal, neighbour = _ends(graph)
    touching = neighbour[focal.isin(inside) & ~neighbour.isin(inside)]
    return touching.unique().sort_values().rename("area_code")


def subgraph(graph: Graph, codes: Iterable[str], *, within: pd.Series | None = None) -> Graph:
    """Return the graph of some areas, in order of code, with the links among them.

    With ``within``, a group for each area (its borough), only links inside a group are kept. Areas
    that lose all their neighbours become isolates. Raises ``CodeError`` for unknown codes.
    """
    kept = _known(graph, codes)
    if within is None and kept.equals(pd.Index(graph.unique_ids)):
        return graph
    focal, neighbour = _ends(graph)
    linked = focal.isin(kept) & neighbour.isin(kept)
    if within is not None:
        linked &= within.reindex(focal).to_numpy() == within.reindex(neighbour).to_numpy()
    pairs = np.column_stack([kept.get_indexer(focal[linked]), kept.get_indexer(neighbour[linked])])
    return _graph(kept, pairs)


def components(graph: Graph, codes: Iterable[str]) -> pd.Series:
    """Return the number of the connected piece each of some areas belongs to, through them alone.

    Pieces are numbered from 1 in the order of their lowest code, so the numbers depend on nothing
    but the areas and their links. Raises ``CodeError`` for unknown codes.

    >>> row = Graph.from_dicts({"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]})
    >>> components(row, ["d", "a", "b"]).to_dict()
    {'a': 1, 'b': 1, 'd': 2}
    """
    part = subgraph(graph, codes)
    found = connected_components(part.sparse, directed=False)[1] if part.n else []
    numbers = pd.factorize(np.asarray(found, dtype=np.int64))[0] + 1
    return pd.Series(numbers, index=part.unique_ids.rename("area_code"), name="component")


def _near(shapes: NDArray[np.object_], tolerance_m: float) -> NDArray[np.int64]:
    """Return the positions of every two shapes within the tolerance, both ways round."""
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="dwithin", distance=tolerance_m).T
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], dtype=np.int64)


def _alongside(
    shapes: NDArray[np.object_], pairs: NDArray[np.int64], tolerance_m: float
) -> NDArray[np.bool_]:
    """Say which pairs run alongside for as long as an edge; the same answer both ways round."""
    low, high = np.minimum(*pairs.T), np.maximum(*pairs.T)
    once = low == pairs[:, 0]
    first, second = low[once], high[once]
    edges = shapely.boundary(shapes)
    windows = _windows(shapely.bounds(shapes), first, second, margin_m=2 * tolerance_m)
    here, there = _clipped(edges[first], windows), _clipped(edges[second], windows)
    shared = shapely.intersection(here, shapely.buffer(there, tolerance_m, quad_segs=2))
    long_enough = shapely.length(shared) >= SHORTEST_EDGE_M
    kept = pd.MultiIndex.from_arrays([first[long_enough], second[long_enough]])
    return np.asarray(pd.MultiIndex.from_arrays([low, high]).isin(kept), dtype=np.bool_)


def _windows(
    bounds: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    margin_m: float,
) -> NDArray[np.float64]:
    """Return the rectangles in which two shapes can meet, so that little is left to buffer."""
    lower = np.maximum(bounds[first, :2], bounds[second, :2]) - margin_m
    upper = np.minimum(bounds[first, 2:], bounds[second, 2:]) + margin_m
    return np.hstack([lower, upper])


def _clipped(lines: NDArray[np.object_], windows: NDArray[np.float64]) -> NDArray[np.object_]:
    parts = [
        shapely.clip_by_rect(line, *window) for line, window in zip(lines, windows, strict=True)
    ]
    return np.array(parts, dtype=object)


def _graph(codes: pd.Index, pairs: NDArray[np.int64]) -> Graph:
    """Return the graph of ordered codes from pairs of positions; the unpaired are isolates."""
    alone = np.setdiff1d(np.arange(len(codes)), pairs[:, 0])
    focal, neighbour = np.concatenate([pairs, np.column_stack([alone, alone])]).T
    weight = np.concatenate([np.ones(len(pairs)), np.zeros(len(alone))])
    order = np.lexsort((neighbour, focal))
    return Graph.from_arrays(codes[focal[order]], codes[neighbour[order]], weight[order])


def _ends(graph: Graph) -> tuple[pd.Index, pd.Index]:
    """Return both ends of every link, without the self-loops that stand for isolates."""
    links = graph.adjacency
    links = links[links > 0]
    return links.index.get_level_values("focal"), links.index.get_level_values("neighbor")


def _known(graph: Graph, codes: Iterable[str]) -> pd.Index:
    """Return codes of the graph once each and in order, or refuse those it does not hold."""
    wanted = pd.Index(codes).unique().sort_values()
    unknown = wanted.difference(graph.unique_ids)
    if len(unknown):
        raise CodeError(
            "Areas are not in the graph of neighbours",
            where=_WHERE,
            expected=f"some of its {graph.n:,} areas",
            found=some(unknown),
            do="make the graph from boundaries of the same vintage that hold these areas",
        )
    return wanted


def _check(areas: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    require_crs(areas, BNG, where=_WHERE)
    twice = areas.index[areas.index.duplicated()].unique()
    if len(twice):
        raise CodeError(
            "Area codes occur more than once",
            where=_WHERE,
            expected="one row per area",
            found=some(twice),
            do="dissolve the parts of an area into one multipolygon",
        )
    shapes = areas.geometry
    polygonal = shapes.geom_type.isin(["Polygon", "MultiPolygon"])
    unfit = shapes.index[~polygonal | shapes.is_empty | shapes.isna()]
    if len(unfit):
        raise SpaceError(
            "Areas have no polygon",
            where=_WHERE,
            expected="a polygon or multipolygon with an area",
            found=f"{len(unfit):,} without: {some(unfit.sort_values())}",
            do="repair the boundary file, or leave these areas out on purpose",
        )


def _check_islands(graph: Graph, most_islands: float, tolerance_m: float) -> None:
    alone = islands(graph)
    if graph.n < 2 or len(alone) <= most_islands * graph.n:
        return
    share = f"{most_islands:.0%} of the areas"
    raise SpaceError(
        "Most areas have no neighbour, so their boundaries do not fit together",
        where=_WHERE,
        expected=f"at most {share} without another within {tolerance_m:g} m",
        found=f"{len(alone):,} of {graph.n:,}: {some(alone)}",
        do="use boundaries that were generalised together, not polygon by polygon; if the areas "
        "really are islands, allow it with most_islands=1",
    )
