"""Pockets of deprivation: candidates (`geo.space.rules`) split by prominence into readable pieces.

Candidates that touch form an area of deprivation. In a poor borough one such area can hold half
of its neighbourhoods, so each is split at the passes between its peaks. The threshold τ sets the
scale of reading, as contour lines do on a map; it is no test of significance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.errors import CodeError, InputError, some

TAU = 5.0
TAU_SPREAD = 0.25
SMALLEST = 2

_WHERE = "the pockets of a borough"
# Each area is lowered by its place in the order, by less than this share of τ in all, which lets a
# rise of exactly τ count in spite of rounding.
_TIE_BREAK = 1e-7


def threshold(tau: float = TAU, *, spread: float | None = None) -> float:
    """Translate τ, given in points of IMD score, to the unit of another density.

    ``spread`` is the standard deviation of that density over the country's areas: τ = 5 becomes a
    quarter of it, other τ in proportion. Without it τ is returned as it is.

    >>> threshold(8, spread=20.0)
    8.0
    >>> threshold(5, spread=28.0)
    7.0
    """
    return tau if spread is None else TAU_SPREAD * spread * tau / TAU


def split(
    candidate: pd.Series,
    density: pd.Series,
    graph: Graph,
    *,
    tau: float,
    easting: pd.Series,
    northing: pd.Series,
) -> pd.DataFrame:
    """Split areas of deprivation into pockets by prominence.

    ToMATo clustering (Chazal, Guibas, Oudot, Skraba 2013, Journal of the ACM 60(6), 41) on the
    part of ``graph`` that joins candidates: from every candidate one climbs to its highest
    neighbour until a peak is reached; a peak that stands less than ``tau`` above the pass to a
    higher one joins that one. Boroughs stay apart where ``graph`` has no link between them.
    ``density`` is the height, in the unit of ``tau``; equal heights are ordered by easting, then
    northing, of the centroids, the lower first, and never by the order of the input.

    Returns one row a candidate, indexed and ordered by ``area_code``:

    - ``component``: its area of deprivation, named by the area of its highest peak;
    - ``peak``: the group it belongs to, named by the area of the group's peak;
    - ``prominence``: how far that peak stands above the pass to a higher peak; NaN for the highest
      of an area of deprivation, which has no higher one to stand above;
    - ``members``: the number of areas in the group. Groups of two or more are pockets, a
      group of one is a single neighbourhood.

    Raises ``InputError`` when τ is not positive or a candidate has no density or centroid.
    """
    if not tau > 0:
        raise InputError("τ must be positive", where=_WHERE, expected="above 0", found=f"{tau:g}")
    places = pd.DataFrame({"height": density, "easting": easting, "northing": northing})
    order = _downhill(places.reindex(candidate.index[candidate.astype(bool)]))
    links = _links(graph, order.index)
    heights, codes = order["height"].to_numpy(), order.index.to_numpy()
    tops, passes = _climb(heights, links, tau)
    rises = np.where(passes < 0, np.nan, heights - heights[passes])
    result = pd.DataFrame(
        {
            "component": codes[_highest_of_pieces(links)],
            "peak": codes[tops],
            "prominence": rises[tops],
            "members": np.bincount(tops, minlength=len(tops))[tops],
        },
        index=order.index,
    )
    return result.sort_index()


def _downhill(places: pd.DataFrame) -> pd.DataFrame:
    """Order candidates from the highest down, ties by easting and northing, then by code."""
    lacking = places.index[places.isna().any(axis=1)]
    if len(lacking):
        raise InputError(
            "Candidates have no density or no centroid",
            where=_WHERE,
            expected="a number for every candidate",
            found=f"{len(lacking):,} without: {some(lacking.sort_values())}",
            do="choose candidates by a rule on areas that have a value",
        )
    named = places.astype("float64").sort_index().rename_axis("area_code")
    return named.sort_values(
        ["height", "easting", "northing"], ascending=[False, True, True], kind="stable"
    )


def _links(graph: Graph, codes: pd.Index) -> list[list[int]]:
    """List, for each code, the positions of its neighbours among the codes, in order."""
    unknown = codes.difference(graph.unique_ids)
    if len(unknown):
        raise CodeError(
            "Candidates are not in the graph of neighbours", where=_WHERE, found=some(unknown)
        )
    place = np.full(graph.n, -1, dtype=np.int64)
    place[graph.unique_ids.get_indexer(codes)] = np.arange(len(codes))
    focal, neighbour = (place[ends] for ends in graph.sparse.tocoo().coords)
    inside = (focal >= 0) & (neighbour >= 0) & (focal != neighbour)
    focal, neighbour = focal[inside], neighbour[inside]
    listed = neighbour[np.lexsort((neighbour, focal))].tolist()
    ends = np.bincount(focal, minlength=len(codes)).cumsum().tolist()
    return [listed[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _highest_of_pieces(links: list[list[int]]) -> NDArray[np.int64]:
    """Return, for areas ordered downhill, the first of the connected piece of each."""
    lengths = [len(others) for others in links]
    ends = (np.repeat(np.arange(len(links)), lengths), np.concatenate([*links, []]).astype("int64"))
    matrix = coo_array((np.ones(len(ends[0])), ends), shape=(len(links), len(links)))
    piece = connected_components(matrix, directed=False)[1] if links else np.empty(0, "int64")
    _, first, group = np.unique(piece, return_index=True, return_inverse=True)
    highest: NDArray[np.int64] = first[group]
    return highest


def _climb(
    heights: NDArray[np.float64], links: list[list[int]], tau: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for areas ordered downhill, the position of each one's peak and of each peak's pass.

    A pass is −1 where an area is no peak, or a peak from which no higher one can be reached. Where
    several slopes meet in one area, the one it climbs by itself is joined with the others in order
    of their areas, from the highest down.
    """
    strict = heights - np.arange(len(heights)) * (_TIE_BREAK * tau / max(len(heights), 1))
    slope, piece = list(range(len(heights))), list(range(len(heights)))
    passes = np.full(len(heights), -1, dtype=np.int64)
    for at, others in enumerate(links):
        above = [other for other in others if other < at]
        if above:
            slope[at], piece[at] = _top(slope, above[0]), _top(piece, above[0])
        for other in above[1:]:
            high, low = sorted((_top(piece, at), _top(piece, other)))
            if low != high:
                passes[low], piece[low] = at, high
            high, low = sorted((_top(slope, at), _top(slope, other)))
            if strict[low] - strict[at] <= tau:
                slope[low] = high
    tops = [_top(slope, at) for at in range(len(heights))]
    return np.array(tops, dtype=np.int64), passes


def _top(above: list[int], at: int) -> int:
    """Return where one ends who follows ``above`` upwards, and shorten the way for the next."""
    while above[at] != at:
        above[at] = above[above[at]]
        at = above[at]
    return at
