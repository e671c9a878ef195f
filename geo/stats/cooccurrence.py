"""Whether several layers are at their worst in the same places more often than by chance.

Layers that are each smooth in space overlap by accident far more often than layers shuffled area by
area would, so chance is drawn by Moran spectral randomisation (Wagner and Dray 2015, Generating
spatially constrained null models for irregularly spaced data using Moran spectral randomization
methods, Methods in Ecology and Evolution 6, 1169-1178), which keeps each layer's spatial
autocorrelation and breaks its tie to the other layers.

Caveats. It says that layers coincide, not why. Layers that share inputs coincide by construction:
say which do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.stats import norm, rankdata
from threadpoolctl import threadpool_limits

from geo.errors import CodeError, InputError, some
from geo.space.neighbours import subgraph
from geo.stats.clusters import SEED
from geo.stats.rank import fifths, rank_worst_first

RANDOMISATIONS = 999
MOST_AREAS = 3_000
ENVELOPE = (0.025, 0.975)

_WHERE = "the overlap of layers compared with chance"


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One of the things whose overlap is counted, on its own geography.

    ``values`` has one column per layer, high = worse; ``worst`` says with the same columns where
    each layer is at its worst. An area counts when any of the factor's layers is (air: the worse of
    two pollutants). ``graph`` holds at least the areas of ``values``. Where these are coarser than
    the areas counted (MSOAs for LSOAs), ``parents`` gives the coarser code of every area counted.
    """

    values: pd.DataFrame
    worst: pd.DataFrame
    graph: Graph
    parents: pd.Series | None = None


def factor(
    values: pd.DataFrame | pd.Series, graph: Graph, *, parents: pd.Series | None = None
) -> Factor:
    """Return a factor that is at its worst in the worst fifth of the areas given.

    Worst fifth: ceil(5 rank / n) = 1, rank 1 = the highest value, ties sharing the lowest rank.
    """
    frame = values.to_frame() if isinstance(values, pd.Series) else values
    worst = frame.apply(lambda layer: fifths(rank_worst_first(layer)).eq(1))
    return Factor(values=frame, worst=worst, graph=graph, parents=parents)


def co_occurrence(
    factors: Mapping[str, Factor],
    population: pd.Series,
    *,
    randomisations: int = RANDOMISATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Count the areas where at least 1, 2 … factors are at their worst, and compare with chance.

    The areas are those of ``population``. Every factor is randomised on its own, see
    `spectral_randomisations`; its layers together, so that they stay as correlated as they are. In
    a randomisation a layer is at its worst in as many areas as it was observed to be, those of the
    highest randomised values. Areas without a value on every layer of a factor stay as they were.
    Given, then, is how many areas are at their worst on each layer and how smooth the layer is;
    asked is whether the layers coincide.

    One row per number of factors (index ``at_least``): ``areas`` and ``people`` observed;
    ``expected_areas`` and ``expected_people``, means over the R randomisations; ``lower`` and
    ``upper``, the areas' 2.5th and 97.5th percentiles; ``p`` = (1 + number of randomisations with
    as many areas or more) / (1 + R), one-sided. Meaningful from two factors up: more overlap means
    fewer areas with at least one.

    Raises ``CodeError`` where a factor does not know an area, ``InputError`` for a missing
    population or more than 3,000 areas of a factor.
    """
    counted = population.sort_index()
    _check_population(counted)
    observed = np.zeros((1, len(counted)), dtype=np.int64)
    by_chance = np.zeros((randomisations, len(counted)), dtype=np.int64)
    for number, name in enumerate(sorted(factors)):
        places = _places(factors[name], counted.index, name)
        generator = np.random.default_rng([seed, number])
        worst, randomised = _randomised_worst(factors[name], randomisations, generator)
        observed += worst[:, places]
        by_chance += randomised[:, places]
    rows = {
        least: _compared(observed[0] >= least, by_chance >= least, counted.to_numpy())
        for least in range(1, len(factors) + 1)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("at_least")


def spectral_randomisations(
    values: pd.DataFrame,
    graph: Graph,
    *,
    randomisations: int = RANDOMISATIONS,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Return random layers as smooth as those given: layers × randomisations × areas by code.

    Values are replaced by the normal scores of their ranks, z = Φ⁻¹((rank - 1/2) / n), ties sharing
    the mean rank, so a monotone rescaling changes nothing. With v_k the eigenvectors of the
    symmetric part of the row-standardised weights, doubly centred, a random layer is
    Σ s_k (v_k · z) v_k with each sign s_k = ±1 at random: it has the mean, the variance and the
    Moran's I of z. All layers get the same signs, which keeps the correlations among them.

    The linear algebra is done in one thread: which vectors stand for an eigenvalue that occurs
    several times would else depend on how many processors there are.

    Raises ``InputError`` for more than 3,000 areas: the eigenvectors are dense.
    """
    ordered = values.sort_index()
    _check_size(len(ordered))
    scores = ordered.apply(_normal_scores).to_numpy(dtype=np.float64)
    with threadpool_limits(limits=1, user_api="blas"):
        vectors = _eigenvectors(subgraph(graph, ordered.index))
        signs = generator.choice([-1.0, 1.0], size=(randomisations, vectors.shape[1]))
        layers = [(signs * (vectors.T @ column)) @ vectors.T for column in scores.T]
    return np.stack(layers)


def _normal_scores(layer: pd.Series) -> NDArray[np.float64]:
    scores = norm.ppf((rankdata(layer) - 0.5) / len(layer))
    return np.asarray(scores - scores.mean(), dtype=np.float64)


def _eigenvectors(graph: Graph) -> NDArray[np.float64]:
    """Return the Moran eigenvectors of a graph: an orthonormal basis of all that sums to zero."""
    count = graph.n
    weights = graph.transform("R").sparse.toarray()
    symmetric = (weights + weights.T) / 2
    symmetric -= symmetric.mean(axis=0)
    symmetric -= symmetric.mean(axis=1)[:, np.newaxis]
    # Lifted above the rest, the constant vector comes last and mixes with none of its eigenvalue.
    top = 1 + np.abs(symmetric).sum(axis=1).max()
    return np.asarray(eigh(symmetric + top / count)[1][:, :-1])


def _randomised_worst(
    given: Factor, randomisations: int, generator: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where a factor is at its worst, observed (one row) and in each randomisation."""
    values = given.values.sort_index()
    worst = given.worst.reindex(index=values.index, columns=values.columns).to_numpy(dtype=bool)
    complete = values.notna().all(axis=1).to_numpy()
    observed = np.asarray(worst.any(axis=1))[np.newaxis]
    randomised = np.repeat(observed, randomisations, axis=0)
    if not complete.any():
        return observed, randomised
    layers = spectral_randomisations(
        values[complete], given.graph, randomisations=randomisations, generator=generator
    )
    numbers = worst[complete].sum(axis=0)
    highest = [_highest(layer, number) for layer, number in zip(layers, numbers, strict=True)]
    randomised[:, complete] = np.any(highest, axis=0)
    return observed, randomised


def _highest(layer: NDArray[np.float64], number: int) -> NDArray[np.bool_]:
    """Mark the highest values of each row."""
    order = np.argpartition(-layer, max(number - 1, 0), axis=1)
    marked = np.zeros(layer.shape, dtype=bool)
    np.put_along_axis(marked, order[:, :number], True, axis=1)
    return marked


def _compared(
    observed: NDArray[np.bool_], by_chance: NDArray[np.bool_], people: NDArray[np.float64]
) -> dict[str, float]:
    areas = int(observed.sum())
    chance = by_chance.sum(axis=1)
    lower, upper = np.quantile(chance, ENVELOPE, method="inverted_cdf")
    return {
        "areas": areas,
        "people": people[observed].sum(),
        "expected_areas": float(chance.mean()),
        "expected_people": float((by_chance @ people).mean()),
        "lower": int(lower),
        "upper": int(upper),
        "p": float(1 + (chance >= areas).sum()) / (1 + len(chance)),
    }


def _places(given: Factor, counted: pd.Index, name: str) -> NDArray[np.intp]:
    """Return for each area counted the position of its own or its parent's row in the factor."""
    parents = counted if given.parents is None else pd.Index(given.parents.reindex(counted))
    places = given.values.index.sort_values().get_indexer(parents)
    if (places < 0).any():
        raise CodeError(
            f"{int((places < 0).sum()):,} areas are unknown to the layers of {name}",
            where=_WHERE,
            expected="a row for every area, empty where it has no value",
            found=some(counted[places < 0]),
            do="give the layer for the same areas, or the parents of all of them",
        )
    return np.asarray(places, dtype=np.intp)


def _check_population(population: pd.Series) -> None:
    missing = population.index[population.isna()]
    if len(missing):
        raise InputError(
            f"The population of {len(missing):,} areas is missing",
            where=_WHERE,
            expected="a number of people for every area",
            found=some(missing),
            do="give the population the Indices were made with, or leave these areas out",
        )


def _check_size(areas: int) -> None:
    if areas > MOST_AREAS:
        raise InputError(
            "Too many areas for a comparison with chance",
            where=_WHERE,
            expected=f"at most {MOST_AREAS:,} areas, since all eigenvectors are held in memory",
            found=f"{areas:,}",
            do="compare borough by borough",
        )
