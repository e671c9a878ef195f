"""Counts, rates and means of families, by hand and as properties of invented ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CodeError, InputError
from geo.space.apportion import (
    bridge_counts,
    bridge_means,
    bridge_rates,
    family_sums,
    places_of_family,
    sums_on_families,
)
from tests.invented_families import drawn_families, drawn_numbers, linked

FAMILIES = linked("a-a b-c b-d e-g f-g h-j h-k i-k")
COUNT = pd.Series({"a": 7, "b": 10, "e": 3, "f": 5, "h": 20, "i": 40})
WEIGHT = pd.Series({"a": 1, "c": 30, "d": 10, "g": 9, "j": 1, "k": 2})
PEOPLE = pd.Series({"a": 5, "b": 5, "e": 1, "f": 3, "h": 1, "i": 2})
PLACES = pd.Series({"a": "P", "c": "P", "d": "P", "g": "Q", "j": "P", "k": "Q"})


def test_counts_are_copied_divided_summed_and_pooled() -> None:
    found = bridge_counts(FAMILIES, COUNT.to_frame("n"), WEIGHT)
    assert found["n"].to_dict() == {"a": 7, "c": 7.5, "d": 2.5, "g": 8, "j": 20, "k": 40}
    assert found["link"].tolist() == list("USSMXX")
    assert found["estimated"].tolist() == [False, True, True, False, True, True]


def test_rates_are_never_divided() -> None:
    found = bridge_rates(FAMILIES, COUNT, 10 * PEOPLE)
    assert found["rate"].to_dict() == {
        "a": 0.14, "c": 0.2, "d": 0.2, "g": 0.2, "j": 2.0, "k": 2.0,
    }  # fmt: skip
    assert found["estimated"].tolist() == [False, True, True, False, True, True]


def test_means_are_weighted_where_areas_merged_and_copied_elsewhere() -> None:
    values = pd.DataFrame({"no2": COUNT / 3})
    found = bridge_means(FAMILIES, values, PEOPLE)
    assert found["no2"][["a", "c", "d"]].to_dict() == {"a": 7 / 3, "c": 10 / 3, "d": 10 / 3}
    # By hand: (1 × 3 + 3 × 5) / 4 = 4.5 and (1 × 20 + 2 × 40) / 3 = 33.3, a third of each.
    assert found["no2"][["g", "j", "k"]].tolist() == pytest.approx([1.5, 100 / 9, 100 / 9])
    assert found["estimated"].tolist() == [False, True, True, True, True, True]


def test_a_weight_that_is_not_needed_decides_nothing() -> None:
    weight = WEIGHT.astype("float64").where(WEIGHT.index != "g", np.nan)
    found = bridge_counts(FAMILIES, COUNT.to_frame("n"), weight * (weight.index != "a"))
    assert found.loc[["a", "g"], "n"].tolist() == [7, 8]


@pytest.mark.parametrize(
    ("weight", "wrong"),
    [({"d": -1}, "d: -1"), ({"j": np.nan}, "j: nan"), ({"c": 0, "d": 0}, "c: 0, d: 0")],
)
def test_weights_that_divide_nothing_are_refused(weight, wrong) -> None:
    with pytest.raises(InputError) as caught:
        bridge_counts(FAMILIES, COUNT.to_frame("n"), WEIGHT.astype("float64").where(
            ~WEIGHT.index.isin(list(weight)), pd.Series(weight)))  # fmt: skip
    assert caught.value.found == wrong


@pytest.mark.parametrize("change", ["lacks", "holds more"])
@pytest.mark.parametrize("side", ["counts", "weights"])
def test_codes_of_one_side_only_are_refused(change, side) -> None:
    def spoilt(given: pd.Series) -> pd.Series:
        return given[1:] if change == "lacks" else pd.concat([given, pd.Series({"z": 1})])

    counts = spoilt(COUNT) if side == "counts" else COUNT
    weights = spoilt(WEIGHT) if side == "weights" else WEIGHT
    with pytest.raises(CodeError) as caught:
        bridge_counts(FAMILIES, counts.to_frame("n"), weights)
    assert side in caught.value.where
    assert ("missing: a" if change == "lacks" else "extra: z") in caught.value.found
    with pytest.raises(CodeError):
        bridge_rates(FAMILIES, counts, spoilt(PEOPLE))
    with pytest.raises(CodeError):
        bridge_means(FAMILIES, counts.to_frame("n"), spoilt(PEOPLE))


def test_what_is_missing_in_one_area_is_missing_in_its_family_and_nowhere_else() -> None:
    count = COUNT.astype("float64").where(COUNT.index != "e")
    people = PEOPLE.astype("float64").where(PEOPLE.index != "b")
    counts = bridge_counts(FAMILIES, count.to_frame("n"), WEIGHT)["n"]
    assert counts.index[counts.isna()].tolist() == ["g"]
    rates = bridge_rates(FAMILIES, count, people)["rate"]
    assert rates.index[rates.isna()].tolist() == ["c", "d", "g"]
    means = bridge_means(FAMILIES, count.to_frame("n"), PEOPLE)["n"]
    assert means.index[means.isna()].tolist() == ["g"]


def test_nothing_below_the_line_is_no_rate() -> None:
    rates = bridge_rates(FAMILIES, COUNT, PEOPLE * (PEOPLE.index != "b"))["rate"]
    assert rates.index[rates.isna()].tolist() == ["c", "d"]


def test_a_column_of_the_values_is_never_taken_for_a_mark() -> None:
    with pytest.raises(ValueError, match="overlap"):
        bridge_counts(FAMILIES, COUNT.to_frame("link"), WEIGHT)


def test_places_are_added_up_by_whole_families() -> None:
    sums = sums_on_families(FAMILIES, COUNT.to_frame("n"), PLACES)
    assert sums.places["n"].to_dict() == {"P": 17, "Q": 8}
    assert sums.across.to_dict("index") == {"h": {"n": 60, "places": "P, Q"}}


def test_a_place_with_a_missing_count_has_no_sum() -> None:
    count = COUNT.astype("float64").where(COUNT.index != "a")
    sums = sums_on_families(FAMILIES, count.to_frame("n"), PLACES).places["n"]
    assert sums.to_dict() == {"P": pytest.approx(np.nan, nan_ok=True), "Q": 8}


@pytest.mark.parametrize("nowhere", ["", None])
def test_an_area_in_no_place_is_refused(nowhere) -> None:
    places = PLACES.where(PLACES.index != "k", nowhere)
    with pytest.raises(CodeError) as caught:
        places_of_family(FAMILIES, places)
    assert caught.value.found == "k"


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_counts_are_conserved_and_parts_are_proportional(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    counts = drawn_numbers(data.draw, families.old.index)
    weights = drawn_numbers(data.draw, families.new.index, lowest=1)
    found = bridge_counts(families, counts.to_frame("n"), weights)
    before = family_sums(families, counts.to_frame("n"))["n"]
    after = family_sums(families.turned(), found[["n"]])["n"]
    assert (before - after).abs().max() <= 1e-9
    of_child = found["n"] / weights.reindex(found.index)
    several = families.new.groupby(families.new).transform("size") > 1
    spread = of_child[several].groupby(families.new).agg(lambda rates: rates.max() - rates.min())
    assert (spread <= 1e-9).all()
    unchanged = found.index[found["link"] == "U"]
    assert found.loc[unchanged, "n"].tolist() == counts.loc[unchanged].tolist()


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_rates_and_means_lie_within_those_of_the_family(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    counts = drawn_numbers(data.draw, families.old.index)
    people = drawn_numbers(data.draw, families.old.index, lowest=1)
    rates = bridge_rates(families, counts, people)["rate"]
    values = counts / people
    means = bridge_means(families, values.to_frame("v"), people)["v"]
    lowest, highest = values.groupby(families.old).min(), values.groupby(families.old).max()
    for found in (rates, means):
        assert (found >= families.new.map(lowest) - 1e-9).all()
        assert (found <= families.new.map(highest) + 1e-9).all()
    assert np.allclose(rates, means)
    single = families.new[families.new.map(families.old.value_counts()) == 1]
    assert means[single.index].tolist() == values[single].tolist()


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_sums_of_places_and_of_what_lies_across_are_the_whole(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    counts = drawn_numbers(data.draw, families.old.index)
    letters = data.draw(st.lists(st.sampled_from("PQ"), min_size=len(families.new)))
    places = pd.Series(letters[: len(families.new)], index=families.new.index)
    sums = sums_on_families(families, counts.to_frame("n"), places)
    assert sums.places["n"].sum() + sums.across["n"].sum() == counts.sum()
    assert (sums.places["n"] % 1 == 0).all()
