"""Overlap of layers: counted by hand, and compared with a chance that is as smooth as they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from threadpoolctl import threadpool_limits

from geo.errors import CodeError, InputError
from geo.stats import cooccurrence
from geo.stats.clusters import global_moran
from geo.stats.cooccurrence import Factor, co_occurrence, factor, spectral_randomisations


def row(codes: str) -> Graph:
    """Areas in a row, each beside the next."""
    sides = {
        code: [codes[i] for i in (at - 1, at + 1) if 0 <= i < len(codes)]
        for at, code in enumerate(codes)
    }
    return Graph.from_dicts(sides)


def grid(side: int) -> Graph:
    at = {(x, y): f"{chr(97 + x)}{y:02}" for x in range(side) for y in range(side)}
    steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    return Graph.from_dicts(
        {
            code: [at[x + i, y + j] for i, j in steps if (x + i, y + j) in at]
            for (x, y), code in at.items()
        }
    )


def smooth(graph: Graph, layers: int, seed: int) -> pd.DataFrame:
    """Independent layers, each autocorrelated: (I - 0.9 W) layer = noise."""
    weights = graph.transform("R").sparse.toarray()
    noise = np.random.default_rng(seed).normal(size=(graph.n, layers))
    return pd.DataFrame(np.linalg.solve(np.eye(graph.n) - 0.9 * weights, noise), graph.unique_ids)


TEN = "abcdefghij"


def test_areas_and_people_are_counted_where_factors_coincide():
    graph = row(TEN)
    first = pd.Series([9, 8, 0, 1, 2, 3, 4, 5, 6, 7.0], list(TEN))
    second = pd.Series([9, 0, 8, 1, 2, 3, 4, 5, 6, 7.0], list(TEN))
    people = pd.Series(np.arange(100, 1100, 100), list(TEN))
    found = co_occurrence({"x": factor(first, graph), "y": factor(second, graph)}, people)
    # The worst fifth of ten is two: a and b on the first, a and c on the second.
    assert found["areas"].to_dict() == {1: 3, 2: 1}
    assert found["people"].to_dict() == {1: 600, 2: 100}
    assert found.index.name == "at_least"


def test_a_factor_is_at_its_worst_where_any_of_its_layers_is():
    graph = row(TEN)
    pollutants = pd.DataFrame(
        {"pm25": [9, 8, 0, 1, 2, 3, 4, 5, 6, 7.0], "no2": [9, 0, 8, 1, 2, 3, 4, 5, 6, 7.0]},
        list(TEN),
    )
    found = co_occurrence({"air": factor(pollutants, graph)}, pd.Series(1, list(TEN)))
    assert found.loc[1, "areas"] == 3


def test_ties_share_the_worst_fifth():
    values = pd.Series([5, 5, 5, 1, 2, 3, 4, 0, 0, 0.0], list(TEN))
    assert factor(values, row(TEN)).worst.sum().item() == 3


def test_coarser_layers_are_randomised_on_their_own_geography():
    parents = pd.Series({"a": "M1", "b": "M1", "c": "M2", "d": "M3", "e": "M4", "f": "M5"})
    coarse = factor(
        pd.Series([9.0, 1, 2, 3, 4], ["M1", "M2", "M3", "M4", "M5"]),
        Graph.from_dicts(
            {"M1": ["M2"], "M2": ["M1", "M3"], "M3": ["M2", "M4"], "M4": ["M3", "M5"], "M5": ["M4"]}
        ),
        parents=parents,
    )
    found = co_occurrence({"covid": coarse}, pd.Series(10, parents.index))
    assert found.loc[1, ["areas", "people"]].to_list() == [2, 20]
    # One of five MSOAs in every randomisation: two LSOAs if it is M1, one if it is another.
    assert (found.loc[1, "lower"], found.loc[1, "upper"]) == (1, 2)


def test_one_layer_is_at_its_worst_as_often_by_chance_as_observed():
    graph = grid(7)
    values = smooth(graph, 1, seed=1)
    found = co_occurrence({"x": factor(values, graph)}, pd.Series(1, values.index)).loc[1]
    assert found[["areas", "expected_areas", "lower", "upper"]].to_list() == [9, 9, 9, 9]
    assert found["p"] == 1.0


def test_two_independent_layers_coincide_in_about_a_twenty_fifth():
    graph = grid(12)
    values = smooth(graph, 2, seed=2)
    factors = {name: factor(values[name], graph) for name in values}
    found = co_occurrence(factors, pd.Series(10, values.index), randomisations=1999)
    assert found.loc[2, "expected_areas"] == pytest.approx(28 * 28 / 144, rel=0.05)
    assert found.loc[2, "expected_people"] == pytest.approx(10 * found.loc[2, "expected_areas"])


def test_ninety_five_of_a_hundred_arrangements_lie_within_the_ends():
    by_chance = np.arange(200)[:, np.newaxis] > np.arange(200)  # 0, 1 … 199 areas
    found = cooccurrence._compared(np.zeros(200, dtype=bool), by_chance, np.full(200, 10.0))
    assert (found["lower"], found["upper"]) == (4, 194)
    assert (found["expected_areas"], found["expected_people"]) == (99.5, 995.0)


def test_layers_that_coincide_are_told_from_chance():
    graph = grid(9)
    values = smooth(graph, 1, seed=3)[0]
    found = co_occurrence({n: factor(values, graph) for n in "xyz"}, pd.Series(1, values.index))
    assert found["areas"].to_list() == [16, 16, 16]
    assert found.loc[2, "p"] < 0.01
    assert found.loc[3, "p"] == 0.001
    assert found.loc[3, "upper"] < 16
    assert found.loc[1, "p"] == 1.0


def test_random_layers_have_the_mean_the_variance_and_the_morans_i_of_the_scores():
    graph = grid(8)
    codes = graph.unique_ids
    values = smooth(graph, 1, seed=4)
    drawn = spectral_randomisations(
        values, graph, randomisations=20, generator=np.random.default_rng(1)
    )[0]
    scores = pd.Series(cooccurrence._normal_scores(values[0]), codes)
    np.testing.assert_allclose(drawn.mean(axis=1), scores.mean(), atol=1e-12)
    np.testing.assert_allclose(drawn.var(axis=1), scores.to_numpy().var())
    wanted = global_moran(scores, graph, permutations=1)["moran_i"]
    kept = [
        global_moran(pd.Series(layer, codes), graph, permutations=1)["moran_i"] for layer in drawn
    ]
    np.testing.assert_allclose(kept, wanted)
    assert np.unique(drawn.round(6), axis=0).shape[0] == 20


def test_random_layers_of_one_factor_stay_as_correlated_as_they_are():
    graph = grid(8)
    values = smooth(graph, 2, seed=5)
    values[1] += 2 * values[0]
    drawn = spectral_randomisations(
        values, graph, randomisations=10, generator=np.random.default_rng(1)
    )
    scores = values.apply(cooccurrence._normal_scores)
    together = [np.corrcoef(*drawn[:, number])[0, 1] for number in range(10)]
    np.testing.assert_allclose(together, scores.corr().loc[0, 1])


def test_random_layers_do_not_depend_on_the_number_of_processors():
    graph = grid(15)  # as alike in both directions: many eigenvalues stand twice
    layer = smooth(graph, 1, seed=3)
    found = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads, user_api="blas"):
            generator = np.random.default_rng(7)
            found.append(
                spectral_randomisations(layer, graph, randomisations=9, generator=generator)
            )
    assert found[0].tobytes() == found[1].tobytes()


def test_a_monotone_rescaling_and_another_order_change_nothing():
    graph = grid(7)
    values = smooth(graph, 2, seed=6)
    people = pd.Series(np.arange(49) + 1000, values.index)
    found = co_occurrence({n: factor(values[i], graph) for i, n in enumerate("xy")}, people)
    rescaled = np.exp(values).sample(frac=1, random_state=1)
    backwards = {n: factor(rescaled[i], graph) for i, n in reversed(list(enumerate("xy")))}
    pd.testing.assert_frame_equal(found, co_occurrence(backwards, people[::-1]))


def test_areas_without_a_value_stay_as_they_were():
    graph = grid(7)
    values = smooth(graph, 1, seed=7)[0]
    values.iloc[::5] = np.nan
    given = factor(values, graph)
    assert not given.worst.iloc[::5].any(axis=None)
    counted = values.index[::5]
    found = co_occurrence(
        {"x": Factor(values=given.values, worst=given.worst | given.values.isna(), graph=graph)},
        pd.Series(1, counted),
    )
    assert found.loc[1, ["areas", "expected_areas"]].to_list() == [10, 10]


@pytest.mark.parametrize(
    ("codes", "values"),
    [("a", [1.0]), (TEN, [3.0] * 10), (TEN, [np.nan] * 10), (TEN, np.arange(10.0))],
    ids=["one area", "constant", "no values", "islands"],
)
def test_awkward_boroughs_have_an_answer(codes, values):
    names = list(codes)
    islands = Graph.from_arrays(names, names, np.zeros(len(names)))
    layer = factor(pd.Series(values, names), islands)
    found = co_occurrence({"x": layer, "y": layer}, pd.Series(1, names))
    assert found.loc[2, "areas"] == layer.worst.sum().item()
    assert found["p"].between(0, 1).all()
    assert found.notna().all(axis=None)


def relabelled_p(worst: pd.DataFrame, draw: np.random.Generator, times: int) -> float:
    """Return p when one layer is re-labelled at random, which forgets that it is smooth."""
    first, second = worst.to_numpy().T
    chance = [(draw.permutation(first) & second).sum() for _ in range(times)]
    return (1 + sum(count >= (first & second).sum() for count in chance)) / (1 + times)


def test_independent_smooth_layers_are_seldom_said_to_coincide():
    graph, trials = grid(9), 120
    layers = smooth(graph, 2 * trials, seed=9)
    people, draw = pd.Series(1, layers.index), np.random.default_rng(10)
    spectral, relabelled = [], []
    for trial in range(trials):
        pair = {n: factor(layers[2 * trial + n], graph) for n in (0, 1)}
        spectral.append(co_occurrence(pair, people, randomisations=99, seed=trial).loc[2, "p"])
        worst = pd.concat([pair[0].worst, pair[1].worst], axis=1)
        relabelled.append(relabelled_p(worst, draw, 99))
    sampling_error = 2 * np.sqrt(0.05 * 0.95 / trials)
    assert (np.array(spectral) <= 0.05).mean() <= 0.05 + sampling_error
    assert (np.array(relabelled) <= 0.05).mean() > 0.05 + sampling_error


def test_refuses_what_it_cannot_compare(monkeypatch):
    graph = row(TEN)
    layer = {"air": factor(pd.Series(np.arange(10.0), list(TEN)), graph)}
    people = pd.Series(1.0, list(TEN))
    with pytest.raises(CodeError, match=r"2 areas are unknown to the layers of air.*Found: y, z"):
        co_occurrence(layer, pd.concat([people, pd.Series({"z": 1.0, "y": 1.0})]))
    with pytest.raises(InputError, match=r"population of 1 areas is missing.*Found: c"):
        co_occurrence(layer, people.where(people.index != "c"))
    monkeypatch.setattr(cooccurrence, "MOST_AREAS", 9)
    with pytest.raises(InputError, match=r"at most 9 areas.*Found: 10.*borough by borough"):
        co_occurrence(layer, people)
