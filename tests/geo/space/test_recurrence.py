"""Recurrence: overlaps by hand, the shares they give, and what makes an area core or edge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.space.recurrence import matches, membership, recurrence

PEOPLE = pd.Series({"a": 100, "b": 100, "c": 200, "d": 100})


def members(text: str) -> pd.Series:
    """Give areas a, b, … the groups named by the letters of a text; a dot is none."""
    return pd.Series(
        {area: "" if name == "." else name for area, name in zip("abcd", text, strict=True)}
    )


def test_overlap_is_shared_people_over_all_people() -> None:
    found = matches(members("PPQQ"), members("XX.Y"), PEOPLE)
    assert found["overlap"].to_dict() == pytest.approx({"P": 1.0, "Q": 1 / 3})
    assert found["match"].to_dict() == {"P": "X", "Q": "Y"}


def test_the_best_of_several_overlaps_counts() -> None:
    found = matches(members("PPP."), members("XYYY"), PEOPLE)
    assert found.loc["P"].to_dict() == {"overlap": pytest.approx(300 / 500), "match": "Y"}


def test_nothing_shared_is_nought_and_nobody_living_there_too() -> None:
    for ours, others, people in (
        (members("PP.."), members("..XX"), PEOPLE),
        (members("P..."), members("P..."), PEOPLE * 0),
    ):
        assert matches(ours, others, people).loc["P"].to_dict() == {"overlap": 0, "match": ""}


def test_recurrence_is_the_share_of_ways_that_match() -> None:
    # By hand: P matches in the first and third (200/200, 200/300), Q in the first and last.
    ways = [members("XXY."), members("...."), members("XX.X"), members("X.YY")]
    found = recurrence(members("PPQ."), ways, PEOPLE)
    assert found.groups.to_dict() == {"P": 0.75, "Q": 0.5}
    # a and b lie in what matches P three and two times, c in what matches Q twice
    assert found.areas.to_dict() == {"a": 0.75, "b": 0.5, "c": 0.5}


def test_an_area_in_another_group_than_the_match_does_not_come_back() -> None:
    found = recurrence(members("PPP."), [members("XYX.")], PEOPLE)
    assert found.groups["P"] == 1
    assert found.areas.to_dict() == {"a": 1, "b": 0, "c": 1}


def test_a_match_needs_half_and_half_is_enough() -> None:
    assert recurrence(members("PP.."), [members("X...")], PEOPLE).groups["P"] == 1
    more = PEOPLE.where(PEOPLE.index != "b", 101)
    assert recurrence(members("PP.."), [members("X...")], more).groups["P"] == 0


def test_without_other_ways_or_pockets_there_is_nothing_to_say() -> None:
    found = recurrence(members("PP.."), [], PEOPLE)
    assert np.isnan(found.groups["P"])
    assert found.areas.isna().all()
    assert recurrence(members("...."), [members("PP..")], PEOPLE).groups.empty


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1, "core"),
        (0.9, "core"),
        (0.895, "edge"),
        (0.5, "edge"),
        (0.495, "doubtful"),
        (0, "doubtful"),
    ],
)
def test_the_words_of_membership_begin_where_they_are_said_to(share: float, word: str) -> None:
    assert membership(pd.Series([share])).tolist() == [word]


@given(
    st.text("PQR.", min_size=4, max_size=4),
    st.lists(st.text("XY.", min_size=4, max_size=4), min_size=1, max_size=5),
)
@settings(deadline=None, max_examples=50)
def test_shares_lie_between_nought_and_one_whatever_the_names_and_order(
    ours: str, others: list[str]
) -> None:
    found = recurrence(members(ours), map(members, others), PEOPLE)
    assert found.groups.between(0, 1).all()
    # an area comes back only where its pocket does
    assert (found.areas <= members(ours).map(found.groups).reindex(found.areas.index) + 1e-12).all()
    turned = [members(other)[::-1] for other in reversed(others)]
    again = recurrence(members(ours)[::-1], turned, PEOPLE)
    pd.testing.assert_series_equal(again.groups, found.groups)
    pd.testing.assert_series_equal(again.areas, found.areas)
    same = [members(ours.translate(str.maketrans("PQR", "XYZ")))]
    assert (recurrence(members(ours), same, PEOPLE).areas == 1).all()
