"""Ratios over families: parts show the whole's and count nothing, merged areas are pooled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CodeError, InputError
from geo.space.apportion import sums_on_families
from geo.stats.family_ratios import bridge_ratios
from geo.stats.standardise import Prior, ratio_with_limits, smoothed_ratio
from tests.invented_families import drawn_families, drawn_numbers, linked

FAMILIES = linked("a-a b-c b-d e-g f-g h-j h-k i-k")
OBSERVED = pd.Series({"a": 7, "b": 10, "e": 3, "f": 5, "h": 20, "i": 40})
EXPECTED = pd.Series({"a": 3.5, "b": 8.0, "e": 1.5, "f": 2.5, "h": 24.0, "i": 24.0})
PRIOR = Prior(mean=0.9, variance=0.1)
RATIOS = ["ratio", "ratio_lower", "ratio_upper"]


def test_an_area_that_is_all_of_its_family_has_its_counts_and_the_others_none() -> None:
    found = bridge_ratios(FAMILIES, OBSERVED, EXPECTED, prior=PRIOR)
    assert found[["observed", "expected"]].dropna().to_dict("index") == {
        "a": {"observed": 7, "expected": 3.5},
        "g": {"observed": 8, "expected": 4},
    }
    assert found["estimated"].to_dict() == {
        "a": False, "c": True, "d": True, "g": False, "j": True, "k": True,
    }  # fmt: skip


def test_parts_show_the_ratio_and_limits_of_the_former_area() -> None:
    found = bridge_ratios(FAMILIES, OBSERVED, EXPECTED, prior=PRIOR)
    assert found["ratio"].to_dict() == {"a": 2, "c": 1.25, "d": 1.25, "g": 2, "j": 1.25, "k": 1.25}
    own = ratio_with_limits(OBSERVED, EXPECTED).assign(
        ratio_smoothed=smoothed_ratio(OBSERVED, EXPECTED, prior=PRIOR)
    )
    for area, former in (("a", "a"), ("c", "b"), ("d", "b")):
        assert found.loc[area, own.columns].tolist() == own.loc[former].tolist()
    pooled = ratio_with_limits(pd.Series({"g": 8, "j": 60}), pd.Series({"g": 4.0, "j": 48.0}))
    assert found.loc[["g", "j"], RATIOS].to_numpy().tolist() == pooled.to_numpy().tolist()


def test_few_expected_are_no_ratio_unless_merged_ones_are_enough() -> None:
    expected = EXPECTED.where(~EXPECTED.index.isin(["a", "e"]), 0.9)
    found = bridge_ratios(FAMILIES, OBSERVED, expected, prior=PRIOR)
    assert np.isnan(found.loc["a", "ratio"])
    assert found.loc["g", "ratio"] == pytest.approx(8 / 3.4)


def test_counts_that_are_missing_or_of_other_areas_are_refused() -> None:
    with pytest.raises(InputError):
        bridge_ratios(FAMILIES, OBSERVED, EXPECTED[1:], prior=PRIOR)
    with pytest.raises(CodeError):
        bridge_ratios(FAMILIES, OBSERVED[1:], EXPECTED[1:], prior=PRIOR)


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_no_count_is_divided_or_counted_twice(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    observed = drawn_numbers(data.draw, families.old.index)
    expected = drawn_numbers(data.draw, families.old.index, lowest=1).astype("float64")
    found = bridge_ratios(families, observed, expected, prior=PRIOR)
    assert (found["observed"].dropna() % 1 == 0).all()
    shown = found["observed"].sum()
    hidden = sums_on_families(families, observed.to_frame("n"), found["link"]).places["n"]
    assert shown + hidden.reindex(["S", "X"]).sum() == observed.sum()
    assert found.groupby(families.new)["ratio"].nunique().max() == 1
