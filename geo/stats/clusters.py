"""Where high or low values lie together: local and global Moran's I, and Getis and Ord's Gi*.

Anselin (1995), Local indicators of spatial association, Geographical Analysis 27, 93-115; Ord and
Getis (1995), Local spatial autocorrelation statistics, the same volume, 286-306; with the false
discovery rate of Benjamini and Hochberg (1995). Local p are worked out (`geo.stats.subset_sums`),
global ones drawn by esda.

Caveats. The null is that values are placed at random among the areas of the pool; modelled or
gridded layers are smooth by construction and depart from it without any common cause. A significant
area is the core of a cluster, not its outline.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
from esda.moran import Moran
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from geo.errors import CodeError, InputError, some
from geo.space.neighbours import islands, subgraph
from geo.stats.subset_sums import tails_of_sums

SEED = 20210430
PERMUTATIONS = 999
STEPS, STEPS_ENGLAND = 2**13, 2**15
ALPHA = 0.05
FEWEST_AREAS = 4

NOT_SIGNIFICANT, ISLAND, NO_VALUE = "not significant", "island", "no value"
QUADRANTS = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
CLUSTERS = (*QUADRANTS.values(), NOT_SIGNIFICANT, ISLAND, NO_VALUE)
HOT, COLD = "hot", "cold"
SPOTS = (HOT, COLD, NOT_SIGNIFICANT, ISLAND, NO_VALUE)

TESTED = ""
ALONE = "no neighbour with a value"
CONSTANT = "the same value everywhere"
TOO_FEW_AREAS = f"fewer than {FEWEST_AREAS} areas with a value"

_WHERE = "Moran's I of a layer"
_CLOSE = 1e-9


def local_clusters(
    values: pd.Series,
    graph: Graph,
    *,
    tested: pd.Index | None = None,
    steps: int = STEPS,
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Return local Moran's I and Gi* of each area, how likely they are by chance, and its cluster.

    The pool is every area of ``values`` that has one: they give the mean and are what is placed at
    random. The ``tested`` areas (all of them if not given) are reported and share the false
    discovery rate. ``graph`` may hold more areas than ``values``; neighbours count alike. For a
    borough, give the values of the borough and its ring, and the borough's own codes as ``tested``.

    With z = (value - mean) / standard deviation over the n areas of the pool and k neighbours of i,

        I_i = (n - 1) / n × z_i × mean of z over the neighbours
        Gi*_i = (z_i + sum of z over the neighbours) / √((k + 1)(n - k - 1) / (n - 1))

    Given the area's own value, both are as unlikely as the mean of its neighbours is among the
    means of all sets of k of the other n - 1 values. p is twice the smaller of the shares of sets
    with a mean at most, and at least, as high, or 1: sets equal to the neighbours are in both.
    ``steps`` is how finely values are told apart, which makes p larger and never smaller (see
    `tails_of_sums`). An area at the mean has an I_i of 0 whatever its neighbours, and its p is 1.
    An area is significant where p, adjusted over the tested areas that have one, is at most
    ``alpha``. It is then hot where its neighbours are high and Gi* above 0, cold where they are low
    and Gi* below it.

    The frame is indexed by ``area_code``, in order of code whatever the order of ``values``, with
    ``local_i``, ``p``, ``p_adjusted``, ``significant``, ``cluster`` (one of ``CLUSTERS``),
    ``gi_star_z`` (Gi* itself, which has a mean of 0 and a variance of 1), ``gi_star_p``,
    ``gi_star`` (one of ``SPOTS``), ``unsettled`` (with half as many steps the cluster is another)
    and ``note``: empty where a test was made, else why not. An area with a value but no neighbour
    with one is an ``island``; where the layer is constant, or fewer than four areas have a value,
    the others are ``not significant``.

    Raises ``CodeError`` for duplicated codes, codes that are not in the graph and tested areas that
    are not in the values; ``InputError`` for infinite values or less than two steps.
    """
    _check_at_least(steps, 2, "steps", f"usually {STEPS:,} or {STEPS_ENGLAND:,}")
    given = _given(values, graph)
    asked = given.index if tested is None else _asked(given, tested)
    pool = given.dropna()
    part = subgraph(graph, pool.index)
    notes = _notes(given, part).loc[asked]
    neighbourhood = _neighbourhood(pool, part, notes.index[notes == TESTED])
    found, coarser = (_labelled(neighbourhood, notes, by, alpha) for by in (steps, steps // 2))
    return found.assign(unsettled=found["cluster"] != coarser["cluster"], note=notes)


def global_moran(
    values: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, seed: int = SEED
) -> pd.Series:
    """Return the global Moran's I of a layer over the areas with a value and a neighbour with one.

    The series holds ``moran_i`` = Σ z_i × mean of z over the neighbours of i / Σ z_i²,
    ``expected`` = -1 / (n - 1) under random placement, ``z`` = how many standard deviations of the
    permutations I lies from their mean, the two-sided ``p`` of the permutations, and
    ``areas`` = n. All but ``areas`` are NaN for a constant layer or fewer
    than four areas. Raises as `local_clusters` does.
    """
    _check_at_least(permutations, 1, "permutations", f"usually {PERMUTATIONS:,}")
    pool = _given(values, graph).dropna()
    part = subgraph(graph, pool.index)
    linked = pool.drop(islands(part))
    result = pd.Series(
        {"moran_i": np.nan, "expected": np.nan, "z": np.nan, "p": np.nan, "areas": len(linked)},
        name=values.name,
        dtype="float64",
    )
    if len(linked) < FEWEST_AREAS or _constant(linked):
        return result
    with _repeatable(seed):
        moran = Moran(linked.to_numpy(), subgraph(part, linked.index), permutations=permutations)
    spread = moran.sim.std()
    result["moran_i"], result["expected"] = moran.I, moran.EI
    result["z"] = (moran.I - moran.sim.mean()) / spread if spread > _CLOSE else np.nan
    result["p"] = _two_sided(moran.I, moran.sim)
    return result


def _check_at_least(number: int, least: int, what: str, usual: str) -> None:
    if number < least:
        raise InputError(
            f"Significance needs {what}",
            where=_WHERE,
            expected=f"{least} or more, {usual}",
            found=f"{number:,}",
            do=f"raise the number of {what}",
        )


def _given(values: pd.Series, graph: Graph) -> pd.Series:
    """Return the values as numbers in order of code, refused if they are not one per known area."""
    given = values.astype("float64").rename_axis("area_code").sort_index()
    _refuse_codes(
        given.index[given.index.duplicated()].unique(), "more than once", "one value per area"
    )
    _refuse_codes(
        given.index.difference(graph.unique_ids),
        "not in the graph",
        f"some of its {graph.n:,} areas",
    )
    infinite = given.index[np.isinf(given)]
    if len(infinite):
        raise InputError(
            f"{len(infinite):,} values are infinite",
            where=_WHERE,
            expected="numbers, or NaN where a value is missing",
            found=some(infinite),
            do="look for a division by zero where the layer is made",
        )
    return given


def _asked(given: pd.Series, tested: pd.Index) -> pd.Index:
    asked = tested.unique().sort_values().rename("area_code")
    _refuse_codes(
        asked.difference(given.index), "to be tested but not given", "areas of the values"
    )
    return asked


def _refuse_codes(codes: pd.Index, what: str, expected: str) -> None:
    if len(codes):
        raise CodeError(
            f"{len(codes):,} areas are {what}",
            where=_WHERE,
            expected=expected,
            found=some(codes),
            do="give values and boundaries of the same areas, of one vintage",
        )


def _notes(given: pd.Series, part: Graph) -> pd.Series:
    """Say of each area why it cannot be tested; empty where it can."""
    pool = given.dropna()
    note = TESTED
    if len(pool) < FEWEST_AREAS:
        note = TOO_FEW_AREAS
    elif _constant(pool):
        note = CONSTANT
    notes = pd.Series(note, index=given.index, dtype="str")
    notes = notes.mask(given.index.isin(islands(part)), ALONE)
    return notes.mask(given.isna(), NO_VALUE)


def _constant(pool: pd.Series) -> bool:
    """Say whether values differ by no more than the last digits of their arithmetic."""
    return bool(np.ptp(pool.to_numpy()) <= _CLOSE * pool.abs().max())


@dataclass(frozen=True)
class _Neighbourhood:
    """The standardised values of a pool, and of the areas tested their place in it and neighbours.

    ``neighbours`` and ``sums`` are the number of an area's neighbours and the sum of their values.
    """

    z: NDArray[np.float64]
    codes: pd.Index
    places: NDArray[np.int64]
    neighbours: NDArray[np.int64]
    sums: NDArray[np.float64]


def _neighbourhood(pool: pd.Series, part: Graph, codes: pd.Index) -> _Neighbourhood:
    spread = pool.to_numpy().std() if len(codes) else 1.0
    z = (pool.to_numpy() - pool.mean()) / spread
    places = pool.index.get_indexer(codes)
    links = (part.sparse > 0).astype("int64").tocsr()[places]
    return _Neighbourhood(z, codes, places, links.sum(axis=1), links @ z)


def _labelled(of: _Neighbourhood, notes: pd.Series, steps: int, alpha: float) -> pd.DataFrame:
    """Return the columns of `local_clusters` but the last two, for the areas of ``notes``."""
    found = _tested(of, steps).reindex(notes.index)
    adjusted = _adjusted(found["p"])
    significant = adjusted <= alpha
    spots = found["spot"].where(_adjusted(found["gi_star_p"]) <= alpha)
    return found[["local_i", "p"]].assign(
        p_adjusted=adjusted,
        significant=significant,
        cluster=_named(found["quadrant"].map(QUADRANTS).where(significant), notes),
        gi_star_z=found["gi_star_z"],
        gi_star_p=found["gi_star_p"],
        gi_star=_named(spots, notes),
    )


def _tested(of: _Neighbourhood, steps: int) -> pd.DataFrame:
    """Return both statistics with their p, and in which quadrant and spot each area is."""
    number, own, others = np.float64(len(of.z)), of.z[of.places], of.sums
    lower, upper = tails_of_sums(of.z, of.places, of.neighbours, others, steps=steps)
    p = np.minimum(1, 2 * np.minimum(lower, upper))
    together = of.neighbours + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        local_i = (number - 1) / number * own * others / of.neighbours
        spread = np.sqrt(together * (number - together) / (number - 1))
        gi_star = np.where(spread > 0, (own + others) / spread, np.nan)
    hot, cold = (upper < lower) & (gi_star > 0), (lower < upper) & (gi_star < 0)
    return pd.DataFrame(
        {
            "local_i": local_i,
            "p": np.where(np.abs(own) <= _CLOSE, 1.0, p),
            "quadrant": np.select([(own > 0) & (others > 0), others > 0, own > 0], [1, 2, 4], 3),
            "gi_star_z": gi_star,
            "gi_star_p": p,
            "spot": np.select([hot, cold], [HOT, COLD], NOT_SIGNIFICANT),
        },
        index=of.codes,
    )


def _two_sided(observed: float, simulated: NDArray[np.float64]) -> float:
    """Return twice the share of draws in the smaller tail, what was observed being one of them.

    Draws equal to it are in both tails. Equal means equal to nine digits: the same sum in another
    order differs in the last ones.
    """
    slack = _CLOSE * (1 + abs(observed))
    below = np.count_nonzero(simulated <= observed + slack)
    above = np.count_nonzero(simulated >= observed - slack)
    return min(1.0, 2 * (1 + min(below, above)) / (1 + len(simulated)))


def _adjusted(p: pd.Series) -> pd.Series:
    """Return p adjusted for the false discovery rate among the areas that have one."""
    known = p.dropna()
    adjusted = false_discovery_control(known) if len(known) else np.empty(0)
    return pd.Series(adjusted, index=known.index, dtype="float64").reindex(p.index)


def _named(labels: pd.Series, notes: pd.Series) -> pd.Series:
    """Fill in what areas are called that are not significant, or of which a note says why."""
    named = labels.fillna(NOT_SIGNIFICANT)
    return named.mask(notes == ALONE, ISLAND).mask(notes == NO_VALUE, NO_VALUE).astype("str")


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """Let esda draw from numpy's global generator, seeded, and leave no trace of it.

    Its announcement that ``p_sim`` will change is silenced because p is counted here.
    """
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The alternative hypothesis", DeprecationWarning)
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
