"""Pockets of deprivation: candidates by a stated rule, split by prominence into readable pieces.

Candidates that touch form an area of deprivation. In a poor borough one such area can hold half
of its neighbourhoods, so each is split at the passes between its peaks. The threshold τ sets the
scale of reading, as contour lines do on a map; it is no test of significance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.errors import CodeError, InputError, some

DECILES = 2
FEWEST_LAYERS = 3
MOST_LAYERS = 4
TAU = 5.0
TAU_SPREAD = 0.25
SMALLEST = 2
HIGH_HIGH = "high-high"

_WHERE = "the pockets of a borough"
# Each area is lowered by its place in the order, by less than this share of τ in all, which lets a
# rise of exactly τ count in spite of rounding.
_TIE_BREAK = 1e-7


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way of saying which areas are candidates, and all that is said of it.

    ``column`` is what it looks at (a column of the evidence, see `candidates`) and ``holds`` the
    test, given that column and the rule's limit. ``limit`` is the usual limit and ``limits`` those
    that may be chosen, called ``cut``; a rule without any has None. ``words`` are what the areas
    that meet it are, after “areas”: they may hold ``{tenths}``, ``{layers}`` (the limit in words),
    ``{whole}`` and ``{place}``. ``height`` is what candidates are split by, and ``scale`` how much
    of it a peak must rise by, with ``{tau}`` or ``{deviations}``.
    """

    column: str
    holds: Callable[[pd.Series, float], pd.Series]
    words: str
    limit: int | None = None
    limits: range = range(0)
    cut: str = ""
    height: str = "score of overall deprivation"
    scale: str = "{tau} points"


def _at_most(numbers: pd.Series, limit: float) -> pd.Series:
    return numbers.astype("float64") <= limit


def _at_least(numbers: pd.Series, limit: float) -> pd.Series:
    return numbers.astype("float64") >= limit


def _in_worst_fifth(fifths: pd.Series, _: float) -> pd.Series:
    return fifths.astype("float64") == 1


def _among_high_neighbours(labels: pd.Series, _: float) -> pd.Series:
    return labels.eq(HIGH_HIGH).fillna(value=False).astype(bool)


RULES: Mapping[str, Rule] = {
    "national": Rule(
        column="decile",
        holds=_at_most,
        words="in the most deprived {tenths} of {whole}",
        limit=DECILES,
        limits=range(1, 10),
        cut="tenths of the country",
    ),
    "borough": Rule(
        column="fifth",
        holds=_in_worst_fifth,
        words="in the most deprived fifth of {place}",
    ),
    "cluster": Rule(
        column="cluster",
        holds=_among_high_neighbours,
        words="in a significant cluster of deprivation within {place} and its surroundings",
    ),
    "overlap": Rule(
        column="overlap",
        holds=_at_least,
        words="in the worst fifth of {whole} {layers} counted together",
        limit=FEWEST_LAYERS,
        limits=range(1, MOST_LAYERS + 1),
        cut="layers, at least",
        height="mean percentile of the layers counted together",
        scale="{deviations} standard deviations",
    ),
}


def rule_of(name: str) -> Rule:
    """Return a rule by its name; raises ``InputError`` for one that there is not."""
    if name not in RULES:
        raise InputError(
            f"There is no rule “{name}” for pockets", expected=some(RULES), do="use one of these"
        )
    return RULES[name]


def candidates(evidence: pd.DataFrame, rule: str, *, limit: int | None = None) -> pd.Series:
    """Say which areas are candidates by one of the `RULES`.

    ``evidence`` is indexed by area and holds at least the rule's column: ``decile`` (of the
    country, 1 = worst), ``fifth`` (of the borough, 1 = worst), ``cluster`` (the label of the
    local cluster in the borough's frame), ``overlap`` (on how many layers the area is in the
    worst fifth). ``limit`` is the highest decile of ``national`` (2) or the fewest layers of
    ``overlap`` (3). An area without a value is no candidate. Raises ``InputError`` for an unknown
    rule or a missing column.

    >>> evidence = pd.DataFrame({"decile": [1, 2, 3, None]}, index=list("abcd"))
    >>> candidates(evidence, "national").tolist()
    [True, True, False, False]
    """
    chosen = rule_of(rule)
    if chosen.column not in evidence:
        raise InputError(
            f"The rule “{rule}” has nothing to look at",
            where=_WHERE,
            expected=f"a column “{chosen.column}”",
            found=some(evidence.columns) or "no columns",
        )
    bound = float(limit if limit is not None else chosen.limit or 0)
    return chosen.holds(evidence[chosen.column], bound).rename("candidate")


def relatively_worst(fifths: pd.Series) -> pd.Series:
    """Say which areas are the worst fifth of their borough: *relatively worst here*.

    >>> relatively_worst(pd.Series([1.0, 2.0, None])).tolist()
    [True, False, False]
    """
    return _in_worst_fifth(fifths, 0).rename("relatively_worst")


def hidden(fifths: pd.Series, deciles: pd.Series) -> pd.Series:
    """Say which areas a national map never shows: worst fifth of the borough, yet no poor decile.

    ``fifths`` are of the borough, ``deciles`` of the country (1 = worst): decile 4 or 5.

    >>> hidden(pd.Series([1, 1, 1, 1, 2]), pd.Series([3, 4, 5, 6, 4])).tolist()
    [False, True, True, False, False]
    """
    level = deciles.astype("float64").reindex(fifths.index)
    return (_in_worst_fifth(fifths, 0) & level.between(4, 5)).rename("hidden")


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
    """Split the areas of deprivation of one borough into pockets by prominence.

    ToMATo clustering (Chazal, Guibas, Oudot, Skraba 2013, Journal of the ACM 60(6), 41) on the
    part of ``graph`` that joins candidates: from every candidate one climbs to its highest
    neighbour until a peak is reached; a peak that stands less than ``tau`` above the pass to a
    higher one joins that one. ``density`` is the height, in the unit of ``tau``; equal heights
    are ordered by easting, then northing, of the centroids, the lower first, and never by the
    order of the input.

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
    focal = codes.get_indexer(graph.adjacency.index.get_level_values(0))
    neighbour = codes.get_indexer(graph.adjacency.index.get_level_values(1))
    inside = (focal >= 0) & (neighbour >= 0) & (focal != neighbour)
    links: list[list[int]] = [[] for _ in codes]
    for one, other in sorted(zip(focal[inside].tolist(), neighbour[inside].tolist(), strict=True)):
        links[one].append(other)
    return links


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
