"""Ranks and equal parts: worst first, ties to the lowest rank, nothing ranked that has no value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.stats.rank import fifths, percentiles, rank_of_ranks, rank_worst_first, tenths

NUMBERS = st.lists(st.integers(-50, 50), min_size=1, max_size=60)


def series(values: list[int]) -> pd.Series:
    return pd.Series(values, index=[f"E019{i:05d}" for i in range(len(values))], dtype="float64")


def test_rank_one_is_the_highest_and_ties_share_the_lowest_rank() -> None:
    values = pd.Series([3.0, 8.0, 8.0, np.nan, 1.0], index=list("abcde"))
    assert rank_worst_first(values).to_dict() == pytest.approx(
        {"a": 3, "b": 1, "c": 1, "d": np.nan, "e": 4}, nan_ok=True
    )


def test_ranks_within_boroughs_follow_the_index_not_the_order() -> None:
    values = pd.Series([3.0, 8.0, 5.0, 9.0], index=list("abcd"))
    borough = pd.Series({"d": "south", "c": "north", "b": "south", "a": "north"})
    assert rank_worst_first(values, borough).to_dict() == {"a": 2, "b": 2, "c": 1, "d": 1}


def test_an_area_without_a_borough_is_not_ranked() -> None:
    values = pd.Series([3.0, 8.0], index=list("ab"))
    ranks = rank_worst_first(values, pd.Series({"a": "north"}))
    assert ranks["a"] == 1
    assert np.isnan(ranks["b"])


def test_official_ranks_are_ordered_within_boroughs() -> None:
    official = pd.Series([310, 12, 12, 5000], index=list("abcd"))
    borough = pd.Series(["north", "north", "north", "south"], index=list("abcd"))
    assert rank_of_ranks(official, borough).tolist() == [3, 1, 1, 1]


def test_tenths_of_england_as_the_publisher_cuts_them() -> None:
    # Indices of Deprivation 2019, 32,844 LSOAs: decile 1 is ranks 1 to 3,284.
    ranks = pd.Series([1, 3284, 3285, 6568, 6569, 29560, 32844])
    assert tenths(ranks, count=32844).tolist() == [1, 1, 2, 2, 3, 10, 10]


def test_tenths_within_boroughs_count_only_areas_with_a_rank() -> None:
    ranks = pd.Series([1, 2, 3, 4, 5, 1, np.nan], index=list("abcdefg"))
    borough = pd.Series(["north"] * 5 + ["south"] * 2, index=list("abcdefg"))
    assert fifths(ranks, by=borough).tolist()[:6] == [1, 2, 3, 4, 5, 5]
    assert np.isnan(fifths(ranks, by=borough)["g"])


def test_a_rank_beyond_the_areas_counted_is_refused() -> None:
    with pytest.raises(InputError, match="outside the number of areas ranked"):
        tenths(pd.Series([1, 11]), count=10)


def test_no_value_gives_no_rank_and_no_part() -> None:
    nothing = pd.Series([np.nan, np.nan])
    assert rank_worst_first(nothing).isna().all()
    assert fifths(rank_worst_first(nothing)).isna().all()


def test_a_constant_layer_puts_every_area_at_rank_one() -> None:
    assert rank_worst_first(pd.Series([4.0] * 5)).tolist() == [1.0] * 5


def test_a_group_of_too_few_has_no_ranks() -> None:
    ranks, by = pd.Series([4.0, 2.0, np.nan, 9.0]), pd.Series(list("aaab"))
    found = rank_of_ranks(ranks, by, fewest=2)
    assert found.tolist()[:2] == [2.0, 1.0]
    assert found[2:].isna().all()
    assert rank_of_ranks(ranks, by, fewest=3).isna().all()


def test_percentiles_are_highest_for_the_worst() -> None:
    assert percentiles(pd.Series([1, 4, np.nan]), 4).tolist()[:2] == [100.0, 25.0]


@given(NUMBERS)
@settings(deadline=None)
def test_tenths_cover_every_area_once_and_follow_the_ranks(values: list[int]) -> None:
    ranks = rank_worst_first(series(values))
    parts = tenths(ranks)
    assert parts.between(1, 10).all()
    assert parts.sort_index().equals(parts)
    ordered = parts[ranks.sort_values().index]
    assert ordered.is_monotonic_increasing


@given(st.integers(1, 300), st.integers(2, 10))
@settings(deadline=None)
def test_parts_of_areas_without_ties_differ_in_size_by_one_at_most(n: int, parts: int) -> None:
    sizes = tenths(pd.Series(range(1, n + 1)), parts=parts).value_counts()
    assert sizes.sum() == n
    if n >= parts:
        assert sizes.max() - sizes.min() <= 1


@given(NUMBERS)
@settings(deadline=None)
def test_a_monotone_rescaling_changes_no_rank(values: list[int]) -> None:
    areas = series(values)
    assert rank_worst_first(areas).equals(rank_worst_first(np.exp(areas / 20) * 7 - 3))


@given(NUMBERS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_input_changes_no_rank(values: list[int], random: object) -> None:
    areas = series(values)
    shuffled = areas.sample(frac=1, random_state=random.randrange(10_000))  # type: ignore[attr-defined]
    assert rank_worst_first(shuffled).sort_index().equals(rank_worst_first(areas))


def test_the_argument_is_left_as_it_was() -> None:
    ranks = pd.Series([1, 2, 3])
    tenths(ranks)
    assert ranks.tolist() == [1, 2, 3]
    assert ranks.dtype == "int64"


@pytest.mark.real
def test_the_publishers_deciles_are_the_tenths_of_its_ranks(official_mirror: Path) -> None:
    [path] = (official_mirror / "imd").glob("File_7_-_All_IoD2019*.csv")
    official = pd.read_csv(path, index_col=0)
    deciles = [name for name in official if " Decile (" in name]
    for decile in deciles:
        stem = decile.split(" Decile (")[0]
        [rank] = [name for name in official if name.startswith(f"{stem} Rank (")]
        assert (tenths(official[rank]) == official[decile]).all()
    assert (len(official), len(deciles)) == (32844, 10)
