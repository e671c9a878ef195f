"""Where high or low values lie together: local and global Moran's I.

Anselin (1995), Local indicators of spatial association, Geographical Analysis 27, 93-115, as
computed by esda, with the false discovery rate of Benjamini and Hochberg (1995).

Caveats. The null is that values are placed at random among the areas of the pool; modelled or
gridded layers are smooth by construction and depart from it without any common cause. A significant
area is the core of a cluster, not its outline. Results depend on the permutations and the seed,
which are arguments: print them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from esda.moran import Moran, Moran_Local
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from geo.errors import CodeError, InputError, some
from geo.space.neighbours import islands, subgraph

SEED = 20210430
PERMUTATIONS = 9_999
PERMUTATIONS_ENGLAND = 999
ALPHA = 0.05
FEWEST_AREAS = 4

NOT_SIGNIFICANT, ISLAND, NO_VALUE = "not significant", "island", "no value"
QUADRANTS = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
CLUSTERS = (*QUADRANTS.values(), NOT_SIGNIFICANT, ISLAND, NO_VALUE)

TESTED = ""
ALONE = "no neighbour with a value"
CONSTANT = "the same value everywhere"
TOO_FEW_AREAS = f"fewer than {FEWEST_AREAS} areas with a value"

_WHERE = "Moran's I of a layer"
_MOST_SIMULATED = 40_000_000
_CLOSE = 1e-9


def local_clusters(
    values: pd.Series,
    graph: Graph,
    *,
    tested: pd.Index | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Return the local Moran's I of each area, how likely it is by chance, and its cluster.

    The pool is every area of ``values`` that has one: they give the mean and are what is permuted.
    The ``tested`` areas (all of them if not given) are reported and share the false discovery rate.
    ``graph`` may hold more areas than ``values``. For a borough, give the values of the borough and
    its ring, and the borough's own codes as ``tested``.

    I_i = (n - 1) / n × z_i × mean of z over the neighbours of i, z = (value - mean) / standard
    deviation over the n areas of the pool. With R conditional permutations,
    p = min(1, 2 (1 + m) / (1 + R)), m the number of draws in the smaller tail, draws equal to I_i
    counted in both. Without ties that is twice esda's ``p_sim``; with ties ``p_sim`` leaves them
    out of the lower tail, and finds clusters in a plain of equal values. An area is significant
    where p, adjusted over the tested areas that have one, is at most ``alpha``.

    The frame is indexed by ``area_code``, in order of code whatever the order of ``values``, with
    ``local_i``, ``p``, ``p_adjusted``, ``significant``, ``cluster`` (one of ``CLUSTERS``) and
    ``note``: empty where a test was made, else why not. An area with a value but no neighbour with
    one is an ``island``; where the layer is constant, or fewer than four areas have a value, the
    others are ``not significant``.

    Raises ``CodeError`` for duplicated codes, codes that are not in the graph and tested areas that
    are not in the values; ``InputError`` for infinite values or less than one permutation.
    """
    _check_permutations(permutations)
    given = _given(values, graph)
    asked = given.index if tested is None else _asked(given, tested)
    pool = given.dropna()
    part = subgraph(graph, pool.index)
    notes = _notes(given, part)
    found = pd.DataFrame({"local_i": np.nan, "p": np.nan, "quadrant": 0}, index=given.index)
    if (notes == TESTED).any():
        found = _tested(pool, part, permutations, seed).reindex(given.index)
    found = found.where(notes == TESTED).loc[asked]
    adjusted = _adjusted(found["p"])
    significant = adjusted <= alpha
    return pd.DataFrame(
        {
            "local_i": found["local_i"],
            "p": found["p"],
            "p_adjusted": adjusted,
            "significant": significant,
            "cluster": _clusters(found["quadrant"].where(significant), notes.loc[asked]),
            "note": notes.loc[asked],
        }
    )


def global_moran(
    values: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS_ENGLAND, seed: int = SEED
) -> pd.Series:
    """Return the global Moran's I of a layer over the areas with a value and a neighbour with one.

    The series holds ``moran_i`` = Σ z_i × mean of z over the neighbours of i / Σ z_i²,
    ``expected`` = -1 / (n - 1) under random placement, ``z`` = how many standard deviations of the
    permutations I lies from their mean, the two-sided ``p`` of the permutations (see
    `local_clusters`), and ``areas`` = n. All but ``areas`` are NaN for a constant layer or fewer
    than four areas. Raises as `local_clusters` does.
    """
    _check_permutations(permutations)
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
    tails = _tails(np.array([moran.I]), moran.sim[:, np.newaxis])
    spread = moran.sim.std()
    result["moran_i"], result["expected"] = moran.I, moran.EI
    result["z"] = (moran.I - moran.sim.mean()) / spread if spread > _CLOSE else np.nan
    result["p"] = _two_sided(tails, permutations).item()
    return result


def _check_permutations(permutations: int) -> None:
    if permutations < 1:
        raise InputError(
            "Significance needs permutations",
            where=_WHERE,
            expected=f"1 or more, usually {PERMUTATIONS_ENGLAND:,} or {PERMUTATIONS:,}",
            found=f"{permutations:,}",
            do="raise the number of permutations",
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


def _tested(pool: pd.Series, part: Graph, permutations: int, seed: int) -> pd.DataFrame:
    """Return I, its two-sided p and its quadrant for the areas of the pool, in their order.

    Permutations are drawn in batches, each with the next seed, since esda holds all the draws of
    one run in memory.
    """
    batch = max(1, _MOST_SIMULATED // len(pool))
    sizes = [min(batch, permutations - done) for done in range(0, permutations, batch)]
    tails = np.zeros((2, len(pool)), dtype=np.int64)
    for number, size in enumerate(sizes):
        with _repeatable(seed + number):
            local = Moran_Local(pool.to_numpy(), part, permutations=size, seed=seed + number)
        tails += _tails(local.Is, local.sim)
    p = _two_sided(tails, permutations)
    return pd.DataFrame({"local_i": local.Is, "p": p, "quadrant": local.q}, index=pool.index)


def _tails(observed: NDArray[np.float64], simulated: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count, for each column, the draws at most and at least as high as what was observed.

    Equal means equal to nine digits: the same sum in another order differs in the last ones.
    """
    slack = _CLOSE * (1 + np.abs(observed))
    below = (simulated <= observed + slack).sum(axis=0)
    above = (simulated >= observed - slack).sum(axis=0)
    return np.array([below, above], dtype=np.int64)


def _two_sided(tails: NDArray[np.int64], permutations: int) -> NDArray[np.float64]:
    return np.asarray(np.minimum(1.0, 2.0 * (1 + tails.min(axis=0)) / (1 + permutations)))


def _adjusted(p: pd.Series) -> pd.Series:
    """Return p adjusted for the false discovery rate among the areas that have one."""
    known = p.dropna()
    adjusted = false_discovery_control(known) if len(known) else np.empty(0)
    return pd.Series(adjusted, index=known.index, dtype="float64").reindex(p.index)


def _clusters(quadrants: pd.Series, notes: pd.Series) -> pd.Series:
    """Name the cluster of each area from its quadrant, NaN where not significant, and its note."""
    clusters = quadrants.map(QUADRANTS).fillna(NOT_SIGNIFICANT)
    clusters = clusters.mask(notes == ALONE, ISLAND).mask(notes == NO_VALUE, NO_VALUE)
    return clusters.astype("str")


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """Let esda draw from numpy's global generator, seeded, and leave no trace of it.

    Its announcement that ``p_sim`` will change is silenced because p is counted here; so is the
    division of nothing by nothing in the simulated z of an island, which is not used.
    """
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            warnings.filterwarnings("ignore", "The alternative hypothesis", DeprecationWarning)
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
