"""The rules of pockets: which areas are candidates, and what must never change that."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.space.rules import RULES, candidates, hidden, relatively_worst
from geo.stats.rank import fifths, rank_worst_first


def code(number: int) -> str:
    return f"E019{number:05d}"


# --- candidates


EVIDENCE = pd.DataFrame(
    {
        "decile": [1, 2, 3, 10, np.nan],
        "fifth": [1, 1, 2, 5, np.nan],
        "cluster": ["high-high", "not significant", "high-high", "low-low", None],
        "overlap": [4, 3, 2, 0, np.nan],
    },
    index=[code(number) for number in range(5)],
)


@pytest.mark.parametrize(
    ("rule", "limit", "wanted"),
    [
        ("national", None, [True, True, False, False, False]),
        ("national", 1, [True, False, False, False, False]),
        ("borough", None, [True, True, False, False, False]),
        ("cluster", None, [True, False, True, False, False]),
        ("overlap", None, [True, True, False, False, False]),
        ("overlap", 2, [True, True, True, False, False]),
    ],
)
def test_each_rule_chooses_its_candidates(rule: str, limit: int | None, wanted: list[bool]) -> None:
    chosen = candidates(EVIDENCE, rule, limit=limit)
    assert chosen.tolist() == wanted
    assert chosen.dtype == bool


def test_there_are_four_rules_and_each_says_what_it_does() -> None:
    assert list(RULES) == ["national", "borough", "cluster", "overlap"]
    assert {name: (rule.limit, *rule.limits) for name, rule in RULES.items() if rule.limits} == {
        "national": (2, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        "overlap": (3, 1, 2, 3, 4),
    }


def test_an_unknown_rule_and_missing_evidence_are_refused() -> None:
    with pytest.raises(InputError, match="national, borough, cluster, overlap"):
        candidates(EVIDENCE, "regional")
    with pytest.raises(InputError, match="a column “overlap”"):
        candidates(EVIDENCE[["decile"]], "overlap")


def overlap_count(layers: pd.DataFrame) -> pd.DataFrame:
    worst = pd.DataFrame({name: fifths(rank_worst_first(layers[name])) == 1 for name in layers})
    return worst.sum(axis=1).to_frame("overlap")


@given(st.integers(5, 40), st.integers(0, 1000), st.integers(0, 3))
@settings(deadline=None, max_examples=40)
def test_a_monotone_rescaling_or_a_worse_value_removes_no_candidate(
    count: int, seed: int, layer: int
) -> None:
    random = np.random.default_rng(seed)
    layers = pd.DataFrame(
        random.integers(0, 30, (count, 4)).astype("float64"), columns=list("abcd")
    )
    name, area = "abcd"[layer], int(random.integers(count))
    before = candidates(overlap_count(layers), "overlap", limit=2)
    ranks = rank_worst_first(layers["a"])
    borough = candidates(fifths(ranks).to_frame("fifth"), "borough")

    bent = layers.assign(**{name: np.exp(layers[name] / 10) - 40})
    assert candidates(overlap_count(bent), "overlap", limit=2).equals(before)
    bent_ranks = rank_worst_first(np.exp(layers["a"] / 10) - 40)
    assert candidates(fifths(bent_ranks).to_frame("fifth"), "borough").equals(borough)

    worse = layers.copy()
    worse.loc[area, name] += 5
    assert candidates(overlap_count(worse), "overlap", limit=2)[area] >= before[area]
    worse_ranks = rank_worst_first(worse["a"])
    assert candidates(fifths(worse_ranks).to_frame("fifth"), "borough")[area] >= borough[area]


def test_relatively_worst_and_hidden() -> None:
    fifth = pd.Series([1, 1, 1, 1, 2, np.nan])
    decile = pd.Series([2, 4, 5, 6, 4, 4])
    assert relatively_worst(fifth).tolist() == [True, True, True, True, False, False]
    assert hidden(fifth, decile).tolist() == [False, True, True, True, False, False]
    assert not hidden(pd.Series([1.0]), pd.Series([np.nan])).any()
    every = pd.Series(range(1, 11))
    assert every[hidden(pd.Series(1, every.index), every)].tolist() == [*range(3, 11)]
    assert every[hidden(pd.Series(1, every.index), every, 5)].tolist() == [*range(6, 11)]
