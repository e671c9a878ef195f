"""What sets a group of areas apart: enumerated, shuffled, carried by one area, told of too few."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from geo.stats.apart import LESS, MORE, ORDINARY, UNCLEAR, holm, set_apart


def pool_of(values, members, weights=None):
    """Return values of one or more measures, what they count for and the groups of areas."""
    frame = pd.DataFrame(values).set_axis([f"A{number:02}" for number in range(len(members))])
    counted = frame * 0 + 1 if weights is None else pd.DataFrame(dict.fromkeys(frame, weights))
    return frame, counted.set_axis(frame.index), pd.Series(members, frame.index)


def row_of(found, group="P1", measure="health"):
    return found.loc[(group, measure)]


def test_means_are_weighted_and_the_others_are_all_the_rest():
    values = {"health": [90, 80, 10, 20, 30, 40, 50, 60]}
    pool = pool_of(values, ["P1", "P1", "P2", "P2", "", "", "", ""], [1, 3, 1, 1, 2, 1, 1, 1])
    found = row_of(set_apart(*pool, least=10))
    assert found["mean"] == pytest.approx((90 + 240) / 4)
    assert found["others"] == pytest.approx((10 + 20 + 60 + 40 + 50 + 60) / 7)
    assert found["difference"] == pytest.approx(82.5 - 240 / 7)


def test_chances_are_those_of_all_handfuls_there_are():
    values = [71.0, 64, 90, 12, 33, 45, 58, 20, 39, 77]
    weights = np.array([3.0, 1, 2, 2, 1, 4, 1, 2, 2, 1])
    inside = [0, 1, 6]
    pool = pool_of({"health": values}, ["P1" if at in inside else "" for at in range(10)], weights)

    def difference(chosen):
        held = np.isin(np.arange(10), chosen)
        parts = [
            np.average(np.array(values)[part], weights=weights[part]) for part in (held, ~held)
        ]
        return parts[0] - parts[1]

    own = abs(difference(inside))
    exact = np.mean([abs(difference(each)) >= own - 1e-9 for each in combinations(range(10), 3)])
    assert 0.02 < exact < 0.5
    assert row_of(set_apart(*pool, least=10))["p"] == pytest.approx(exact, abs=0.015)


def test_holms_adjustment_is_as_published():
    # 4 × 0.005, 3 × 0.01, 2 × 0.03, and the last no less than the one before it
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]).tolist() == [1.0, 1.0]


def test_verdicts_name_what_is_more_less_alike_and_unclear():
    many = [5.0 * (number % 5) for number in range(24)]
    values = {
        "health": [95.0] * 6 + many,
        "crime": [1.0] * 6 + [60 + each for each in many],
        "income": [12.0] * 6 + many,
        "barriers": [*[90.0, 0] * 3, *[50.0, 5] * 12],
    }
    found = set_apart(*pool_of(values, ["P1"] * 6 + [""] * 24), least=10)
    said = found["verdict"].droplevel("group").to_dict()
    assert said == {"health": MORE, "crime": LESS, "income": ORDINARY, "barriers": UNCLEAR}


def test_what_one_area_alone_carries_does_not_stand_out():
    others = [50.0] * 30
    carried = pool_of({"health": [100.0, 50, 50, 50, *others]}, ["P1"] * 4 + [""] * 30)
    shared = pool_of({"health": [65.0, 65, 60, 60, *others]}, ["P1"] * 4 + [""] * 30)
    assert row_of(set_apart(*carried, least=10))["difference"] == 12.5
    assert row_of(set_apart(*shared, least=10))["difference"] == 12.5
    assert row_of(set_apart(*carried, least=10))["verdict"] == UNCLEAR
    assert row_of(set_apart(*shared, least=10))["verdict"] == MORE


@pytest.mark.parametrize(("others", "said"), [(4, ""), (5, UNCLEAR)])
def test_with_too_few_others_nothing_is_said(others, said):
    pool = pool_of({"health": [90.0, 90] + [10.0] * others}, ["P1"] * 2 + [""] * others)
    found = row_of(set_apart(*pool, least=10))
    assert (found["verdict"], np.isnan(found["p"])) == (said, not said)


def test_without_groups_there_are_no_rows():
    pool = pool_of({"health": [1.0, 2.0]}, ["", ""])
    assert len(set_apart(*pool, least=10)) == 0
    assert len(set_apart(*(each.iloc[:0] for each in pool), least=10)) == 0


def test_a_pool_that_is_one_group_has_nothing_beside_it():
    pool = pool_of({"health": [1.0, 2.0]}, ["P1", "P1"])
    found = row_of(set_apart(*pool, least=10))
    assert np.isnan(found["difference"])
    assert found["verdict"] == ""


def test_neither_the_order_of_rows_nor_another_group_changes_a_result():
    chance = np.random.default_rng(1)
    values, weights, groups = pool_of(
        {"health": chance.normal(50, 20, 20), "crime": chance.normal(50, 20, 20)},
        ["P1"] * 5 + ["P2"] * 5 + [""] * 10,
        chance.integers(1, 9, 20),
    )
    both = set_apart(values, weights, groups, least=10)
    order = chance.permutation(20)
    assert set_apart(values.iloc[order], weights.iloc[order], groups, least=10).equals(both)
    alone = set_apart(values, weights, groups.replace("P2", ""), least=10)
    assert alone.equals(both.loc[["P1"]])


def test_of_groups_put_together_by_chance_one_in_twenty_at_most_is_set_apart():
    chance = np.random.default_rng(2)
    out = []
    for _ in range(150):
        # seven measures, some skewed and tied as percentiles of deprived areas are
        drawn = 100 - chance.gamma(1.0, 12.0, (40, 7)).round().clip(0, 100)
        pool = pool_of(drawn, ["P1"] * 6 + [""] * 34, chance.integers(1000, 3000, 40))
        out.append(set_apart(*pool, least=1, draws=999)["verdict"].isin([MORE, LESS]).any())
    assert 0 < np.mean(out) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 150)
