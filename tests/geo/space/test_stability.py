"""Stability: overlaps by hand, the declared settings, and the shares they give."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.space.rules import RULES
from geo.space.stability import STABILITY_SETTINGS, Setting, overlaps, stability

PEOPLE = pd.Series({"a": 100, "b": 100, "c": 200, "d": 100})


def members(text: str) -> pd.Series:
    """Give areas a, b, … the groups named by the letters of a text; a dot is none."""
    return pd.Series(
        {area: "" if name == "." else name for area, name in zip("abcd", text, strict=True)}
    )


def test_overlap_is_shared_people_over_all_people() -> None:
    assert overlaps(members("PPQQ"), members("XX.Y"), PEOPLE).to_dict() == pytest.approx(
        {"P": 1.0, "Q": 1 / 3}
    )


def test_the_best_of_several_overlaps_counts() -> None:
    assert overlaps(members("PPP."), members("XYYY"), PEOPLE)["P"] == pytest.approx(300 / 500)


def test_nothing_shared_is_nought_and_nobody_living_there_too() -> None:
    assert overlaps(members("PP.."), members("..XX"), PEOPLE)["P"] == 0
    assert overlaps(members("P..."), members("P..."), PEOPLE * 0)["P"] == 0


def test_stability_is_the_share_of_settings_that_match() -> None:
    ours = members("PPQ.")
    # By hand: P matches in the first and third (200/200, 200/300), Q in the first and last.
    others = [members("XXY."), members("...."), members("XX.X"), members("X.YY")]
    assert stability(ours, others, PEOPLE).to_dict() == {"P": 0.75, "Q": 0.5}


def test_a_match_needs_half_and_half_is_enough() -> None:
    assert stability(members("PP.."), [members("X...")], PEOPLE)["P"] == 1
    more = PEOPLE.where(PEOPLE.index != "b", 101)
    assert stability(members("PP.."), [members("X...")], more)["P"] == 0


def test_without_alternatives_or_pockets_there_is_nothing_to_say() -> None:
    assert np.isnan(stability(members("PP.."), [], PEOPLE)["P"])
    assert stability(members("...."), [members("PP..")], PEOPLE).empty


def test_the_settings_are_declared_and_hold_the_usual_one() -> None:
    assert len(STABILITY_SETTINGS) == len(set(STABILITY_SETTINGS)) == 30
    assert Setting(rule="national", limit=2, tau=5.0, contiguity="queen") in STABILITY_SETTINGS
    assert {setting.rule for setting in STABILITY_SETTINGS} == set(RULES)
    assert {setting.limit for setting in STABILITY_SETTINGS if setting.rule == "national"} == {1, 2}
    assert {setting.tau for setting in STABILITY_SETTINGS} == {3.0, 5.0, 8.0}
    assert {setting.contiguity for setting in STABILITY_SETTINGS} == {"queen", "rook"}


@given(
    st.text("PQR.", min_size=4, max_size=4),
    st.lists(st.text("XY.", min_size=4, max_size=4), min_size=1, max_size=5),
)
@settings(deadline=None, max_examples=50)
def test_stability_lies_between_nought_and_one_whatever_the_names_and_order(
    ours: str, others: list[str]
) -> None:
    found = stability(members(ours), map(members, others), PEOPLE)
    assert found.between(0, 1).all()
    turned = [members(other)[::-1] for other in reversed(others)]
    pd.testing.assert_series_equal(stability(members(ours)[::-1], turned, PEOPLE), found)
    itself = stability(
        members(ours), [members(ours.translate(str.maketrans("PQR", "XYZ")))], PEOPLE
    )
    assert (itself == 1).all()
