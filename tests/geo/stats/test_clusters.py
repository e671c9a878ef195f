"""Local and global Moran's I: by hand, against esda, and on the awkward layers."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from esda.getisord import G_Local
from esda.moran import Moran_Local
from libpysal.graph import Graph
from scipy.stats import false_discovery_control

from geo.errors import CodeError, InputError
from geo.stats.clusters import CLUSTERS, SPOTS, global_moran, local_clusters


def grid(rows: int, columns: int) -> Graph:
    """Squares that touch by edges or corners, coded a00 a01 … b00 … ."""
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    name = {(row, column): f"{chr(97 + row)}{column:02}" for row, column in cells}
    steps = [(up, along) for up in (-1, 0, 1) for along in (-1, 0, 1) if (up, along) != (0, 0)]
    return Graph.from_dicts(
        {
            name[row, column]: [
                name[row + up, column + along]
                for up, along in steps
                if (row + up, column + along) in name
            ]
            for row, column in cells
        }
    )


def drawn(graph: Graph, seed: int = 1) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).gamma(2.0, 10.0, graph.n), graph.unique_ids)


def planted(graph: Graph, high: list[str]) -> pd.Series:
    """Noise with a block of high values in it."""
    values = pd.Series(np.random.default_rng(8).normal(20, 1, graph.n), graph.unique_ids)
    return values.where(~values.index.isin(high), values + 25)


BLOCK = [f"{row}{column:02}" for row in "bcd" for column in (1, 2, 3)]


def test_local_i_by_hand():
    row = Graph.from_dicts({"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]})
    found = local_clusters(pd.Series([8.0, 6.0, 0.0, 2.0], list("abcd")), row)
    # The mean is 4, the variance 10: deviations 4, 2, -4, -2; lags 2, 0, 0, -4; times 3/4 of 1/10.
    assert found["local_i"].to_list() == pytest.approx([0.6, 0.0, 0.0, 0.6])
    assert found.index.name == "area_code"


def esda_local(values: pd.Series, graph: Graph, permutations: int) -> Moran_Local:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return Moran_Local(values.to_numpy(), graph, permutations=permutations, seed=5)


def test_agrees_with_esda_where_there_are_no_ties():
    graph = grid(7, 8)
    values = drawn(graph)
    found = local_clusters(values, graph, alpha=1.0)
    reference = esda_local(values, graph, 9999)
    np.testing.assert_allclose(found["local_i"], reference.Is)
    p = found["p"]
    error = np.sqrt(2 * p / 9999) + 2 / 9999
    assert ((p - np.minimum(1, 2 * reference.p_sim)).abs() < 4 * error).all()
    names = np.array(["", "high-high", "low-high", "low-low", "high-low"])
    assert found["cluster"].to_list() == names[reference.q].tolist()


def test_p_of_ten_areas_counts_every_set_of_neighbours():
    graph = grid(2, 5)
    values = drawn(graph).round(-1)
    assert values.duplicated().any()
    found = local_clusters(values, graph)
    for code in values.index:
        own = graph[code].index
        others = values.drop(code)
        sums = np.array([sum(chosen) for chosen in combinations(others, len(own))])
        below = (sums <= others[own].sum() + 1e-9).mean()
        above = (sums >= others[own].sum() - 1e-9).mean()
        assert found.loc[code, "p"] == pytest.approx(min(1, 2 * below, 2 * above))


def test_gi_star_is_that_of_esda():
    graph = grid(7, 8)
    values = drawn(graph)
    found = local_clusters(values, graph)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = G_Local(values.to_numpy(), graph, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(found["gi_star_z"], reference.Zs)
    pd.testing.assert_series_equal(found["gi_star_p"], found["p"], check_names=False)


def test_spots_are_hot_where_neighbours_are_high_whatever_the_area_itself_is():
    graph = grid(10, 10)
    values = planted(graph, BLOCK)
    values["c02"] = 0.0
    found = local_clusters(values, graph)
    assert found.loc["c02", ["cluster", "gi_star"]].to_list() == ["low-high", "hot"]
    assert local_clusters(-values, graph).loc["c02", "gi_star"] == "cold"
    assert set(found["gi_star"]) <= set(SPOTS)
    hot = found["gi_star"] == "hot"
    assert (found.loc[hot, "gi_star_z"] > 0).all()
    assert hot.equals(found["cluster"].isin(["high-high", "low-high"]))


def test_an_area_that_outweighs_its_neighbours_is_no_spot():
    graph = grid(10, 10)
    values = planted(graph, BLOCK)
    values["c02"] = -500.0
    found = local_clusters(values, graph).loc["c02"]
    assert found["cluster"] == "low-high"
    assert found["gi_star_z"] < 0
    assert found["gi_star"] == "not significant"


def test_p_is_adjusted_after_benjamini_and_hochberg():
    graph = grid(6, 6)
    found = local_clusters(planted(graph, BLOCK), graph)
    np.testing.assert_allclose(found["p_adjusted"], false_discovery_control(found["p"]))
    rank = found["p"].rank(method="max")
    cut_off = found["p"][found["p"] <= 0.05 * rank / len(found)].max()
    assert found["significant"].to_list() == (found["p"] <= cut_off).to_list()
    assert found["significant"].any()


def test_a_planted_block_has_a_high_high_core_and_no_other_area_is_high_high():
    graph = grid(10, 10)
    found = local_clusters(planted(graph, BLOCK), graph)
    high = found.index[found["cluster"] == "high-high"]
    assert set(high) == {"b02", "c01", "c02", "c03", "d02"}
    assert set(found["cluster"]) <= set(CLUSTERS)


def test_low_values_in_a_high_block_are_outliers():
    graph = grid(10, 10)
    values = planted(graph, BLOCK)
    values["c02"] = 0.0
    assert local_clusters(values, graph).loc["c02", "cluster"] == "low-high"
    assert local_clusters(-values, graph).loc["c02", "cluster"] == "high-low"


def test_the_order_of_the_values_changes_nothing():
    graph = grid(6, 6)
    values = planted(graph, BLOCK)
    shuffled = values.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(
        local_clusters(values, graph),
        local_clusters(shuffled, graph),
    )
    pd.testing.assert_series_equal(global_moran(values, graph), global_moran(shuffled, graph))


@pytest.mark.parametrize(("factor", "shift"), [(2.5, 0.0), (1.0, 1e6), (1 / 3, -7.1)])
def test_an_affine_rescaling_changes_nothing(factor, shift):
    graph = grid(6, 6)
    values = planted(graph, BLOCK).round(0)
    found = local_clusters(values, graph)
    rescaled = local_clusters(values * factor + shift, graph)
    pd.testing.assert_frame_equal(found, rescaled, rtol=1e-6)
    assert found["significant"].any()


def test_clusters_that_rounding_decides_are_told():
    graph = grid(10, 10)
    values = planted(graph, BLOCK)
    assert not local_clusters(values, graph)["unsettled"].any()
    finer, coarser = (local_clusters(values, graph, steps=steps) for steps in (256, 128))
    apart = finer["cluster"] != coarser["cluster"]
    assert apart.sum() == 1
    assert finer["unsettled"].equals(apart.rename("unsettled"))


def test_shuffled_layers_seldom_yield_a_cluster():
    graph = grid(6, 6)
    values = planted(graph, BLOCK)
    assert local_clusters(values, graph)["significant"].any()
    draw = np.random.default_rng(20)
    shuffles = 200
    false = sum(
        local_clusters(
            pd.Series(draw.permutation(values.to_numpy()), values.index), graph, steps=1024
        )["significant"].any()
        for _ in range(shuffles)
    )
    sampling_error = 2 * np.sqrt(0.05 * 0.95 / shuffles)
    assert false / shuffles <= 0.05 + sampling_error


def test_a_plain_of_equal_values_is_no_cluster():
    graph = grid(20, 20)
    values = pd.Series(0.0, graph.unique_ids)
    values["e05"] = 1.0
    reference = esda_local(values, graph, 999)
    # esda takes the one in fifty draws that differ for the tail, not the many that are equal.
    assert (false_discovery_control(np.minimum(1, 2 * reference.p_sim)) <= 0.05).all()
    assert not local_clusters(values, graph)["significant"].any()


def test_a_value_at_the_mean_is_no_outlier():
    graph = grid(5, 5)
    values = pd.Series(np.arange(25.0), graph.unique_ids)
    assert values["c02"] == values.mean()
    assert local_clusters(values, graph).loc["c02", "p"] == 1.0


def test_a_borough_is_tested_within_its_ring():
    graph = grid(8, 8)
    values = planted(graph, BLOCK)
    borough = pd.Index([code for code in values.index if code[0] in "abcd"])
    whole = local_clusters(values, graph)
    part = local_clusters(values, graph, tested=borough[::-1])
    assert list(part.index) == sorted(borough)
    pd.testing.assert_series_equal(part["p"], whole.loc[borough, "p"], check_names=False)
    np.testing.assert_allclose(part["p_adjusted"], false_discovery_control(part["p"]))
    assert (part["p_adjusted"] != whole.loc[borough, "p_adjusted"]).any()


def test_the_pool_is_the_areas_given_not_the_whole_graph():
    graph = grid(8, 8)
    inside = [code for code in graph.unique_ids if code[0] in "abcde"]
    values = drawn(graph)[inside]
    pd.testing.assert_frame_equal(
        local_clusters(values, graph),
        local_clusters(values, grid(5, 8)),
    )


def test_a_constant_layer_has_no_clusters_and_says_why():
    graph = grid(4, 4)
    values = pd.Series(0.1, graph.unique_ids)
    values.iloc[3] = 0.1 + 1e-17
    found = local_clusters(values, graph)
    assert set(found["cluster"]) == {"not significant"}
    assert set(found["note"]) == {"the same value everywhere"}
    assert found[["local_i", "p", "p_adjusted"]].isna().all(axis=None)
    assert global_moran(values, graph).drop("areas").isna().all()


def test_a_borough_of_one_area_alone_is_an_island():
    alone = Graph.from_arrays(["a"], ["a"], [0.0])
    found = local_clusters(pd.Series({"a": 3.0}), alone)
    assert found.loc["a", ["cluster", "note"]].to_list() == ["island", "no neighbour with a value"]
    assert global_moran(pd.Series({"a": 3.0}), alone)["areas"] == 0


def test_a_borough_of_one_area_is_tested_within_its_ring():
    graph = grid(3, 3)
    found = local_clusters(drawn(graph), graph, tested=pd.Index(["b01"]))
    assert found["p"].notna().all()
    assert found["p"].to_list() == found["p_adjusted"].to_list()


def test_fewer_than_four_values_are_not_tested():
    graph = grid(1, 3)
    found = local_clusters(drawn(graph), graph)
    assert set(found["cluster"]) == {"not significant"}
    assert set(found["note"]) == {"fewer than 4 areas with a value"}
    assert global_moran(drawn(graph), graph).drop("areas").isna().all()


def test_where_all_are_islands_all_are_said_to_be():
    codes = list("abcdef")
    graph = Graph.from_arrays(codes, codes, np.zeros(6))
    found = local_clusters(pd.Series(np.arange(6.0), codes), graph)
    assert set(found["cluster"]) == {"island"}
    assert not found["significant"].any()
    assert global_moran(pd.Series(np.arange(6.0), codes), graph)["areas"] == 0


def test_an_island_is_in_the_pool_but_not_tested():
    graph = grid(4, 4)
    links = {code: list(graph[code].index) for code in graph.unique_ids}
    with_island = Graph.from_dicts({**links, "z99": []})
    values = pd.concat([drawn(graph), pd.Series({"z99": 500.0})])
    found = local_clusters(values, with_island)
    assert found.loc["z99", "cluster"] == "island"
    assert found["p_adjusted"].count() == 16
    apart = local_clusters(values.drop("z99"), graph)
    assert found.loc["a00", "local_i"] != pytest.approx(apart.loc["a00", "local_i"])
    assert global_moran(values, with_island)["areas"] == 16


def test_a_fifth_without_values_is_left_out():
    graph = grid(8, 8)
    values = planted(graph, BLOCK)
    missing = values.index[4::5]
    values[missing] = np.nan
    found = local_clusters(values, graph)
    assert (found.loc[missing, "cluster"] == "no value").all()
    assert found.loc[missing, "p"].isna().all()
    tested = found.drop(missing)
    assert tested["p"].notna().all()
    assert (tested["note"] == "").all()
    pd.testing.assert_frame_equal(tested, local_clusters(values.dropna(), graph))
    assert set(tested.index[tested["cluster"] == "high-high"]) == {"c01", "c02", "d02"}


def test_an_area_whose_neighbours_have_no_value_is_an_island():
    graph = grid(4, 4)
    values = drawn(graph)
    values[["a01", "b00", "b01"]] = np.nan
    found = local_clusters(values, graph)
    assert found.loc["a00", ["cluster", "note"]].to_list() == [
        "island",
        "no neighbour with a value",
    ]
    assert found.loc["a01", "cluster"] == "no value"


def test_no_values_at_all():
    graph = grid(3, 3)
    found = local_clusters(pd.Series(np.nan, graph.unique_ids), graph)
    assert set(found["cluster"]) == {"no value"}
    assert global_moran(pd.Series(np.nan, graph.unique_ids), graph)["areas"] == 0


def test_another_seed_draws_other_permutations_for_the_global_i():
    graph = grid(6, 6)
    first, second = (global_moran(drawn(graph), graph, permutations=99, seed=s) for s in (1, 2))
    assert first["moran_i"] == second["moran_i"]
    assert first["z"] != second["z"]


def test_nothing_outside_is_changed():
    graph = grid(4, 4)
    values = drawn(graph)
    kept, before = values.copy(), np.random.get_state()[1].tolist()  # noqa: NPY002
    local_clusters(values, graph)
    global_moran(values, graph)
    pd.testing.assert_series_equal(values, kept)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@pytest.mark.parametrize("measure", [local_clusters, global_moran])
def test_refuses_what_it_cannot_place(measure):
    graph = grid(3, 3)
    values = drawn(graph)
    with pytest.raises(CodeError, match=r"1 areas are more than once.*Found: a00"):
        measure(pd.concat([values, values[["a00"]]]), graph)
    with pytest.raises(CodeError, match=r"not in the graph.*some of its 9 areas.*Found: x01"):
        measure(pd.concat([values, pd.Series({"x01": 1.0})]), graph)
    with pytest.raises(InputError, match=r"1 values are infinite.*Found: b01"):
        measure(values.where(values.index != "b01", np.inf), graph)


def test_refuses_to_tell_nothing_apart_and_to_draw_nothing():
    graph = grid(3, 3)
    with pytest.raises(InputError, match=r"needs permutations.*Found: 0"):
        global_moran(drawn(graph), graph, permutations=0)
    with pytest.raises(InputError, match=r"needs steps.*Expected: 2 or more.*Found: 1"):
        local_clusters(drawn(graph), graph, steps=1)


def test_refuses_to_test_what_was_not_given():
    graph = grid(3, 3)
    with pytest.raises(CodeError, match=r"to be tested but not given.*Found: q00"):
        local_clusters(drawn(graph), graph, tested=pd.Index(["a00", "q00"]))


def test_global_i_by_hand():
    row = Graph.from_dicts({"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]})
    found = global_moran(pd.Series([8.0, 6.0, 0.0, 2.0], list("abcd")), row)
    # Deviations 4, 2, -4, -2 by their lags 2, 0, 0, -4 sum to 16, over a sum of squares of 40.
    assert found["moran_i"] == pytest.approx(0.4)
    assert found["expected"] == pytest.approx(-1 / 3)
    assert found["areas"] == 4


def test_global_p_counts_the_permutations_in_both_tails():
    graph = grid(8, 8)
    slope = pd.Series(np.arange(64.0), graph.unique_ids)
    clustered = global_moran(slope, graph, permutations=999)
    assert clustered["p"] == pytest.approx(0.002)
    assert clustered["z"] > 10
    board = pd.Series([(ord(code[0]) + int(code[1:])) % 2 for code in graph.unique_ids])
    rook = Graph.from_dicts(
        {code: [n for n in graph[code].index if n[0] == code[0]] for code in graph.unique_ids}
    )
    opposed = global_moran(board.set_axis(graph.unique_ids), rook, permutations=999)
    assert opposed["moran_i"] == pytest.approx(-1.0)
    assert opposed["p"] == pytest.approx(0.002)
    assert global_moran(drawn(graph), graph, permutations=999)["p"] > 0.05
