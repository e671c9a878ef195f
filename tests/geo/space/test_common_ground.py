"""Common ground in people: by hand, by hypothesis, and what has lasted on it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CodeError, InputError
from geo.space.common_ground import common_people, lasting, share_held
from tests.invented_families import drawn_families, drawn_numbers, linked

FAMILIES = linked("a-a b-c b-d e-g f-g h-j h-k i-k")
LIVED = pd.Series({"a": 50, "b": 99, "e": 30, "f": 90, "h": 60, "i": 40})
LIVES = pd.Series({"a": 70, "c": 30, "d": 10, "g": 200, "j": 100, "k": 100})


def by_link(common: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(common["old"] + "-" + common["new"], common[column], strict=True))


def test_people_of_each_piece_of_ground() -> None:
    found = common_people(FAMILIES, LIVED, LIVES)
    # By hand: of 200 people of h and i together h has 60%, 120; 100 of them live in j.
    assert by_link(found, "people") == pytest.approx(
        {"a-a": 70, "b-c": 30, "b-d": 10, "e-g": 50, "f-g": 150, "h-j": 100, "h-k": 20, "i-k": 80}
    )
    assert by_link(found, "share_of_old") == pytest.approx(
        dict.fromkeys(["a-a", "e-g", "f-g", "i-k"], 1)
        | {"b-c": 0.75, "b-d": 0.25, "h-j": 5 / 6, "h-k": 1 / 6}
    )
    assert by_link(found, "share_of_new") == pytest.approx(
        {"a-a": 1, "b-c": 1, "b-d": 1, "e-g": 0.25, "f-g": 0.75, "h-j": 1, "h-k": 0.2, "i-k": 0.8}
    )


def test_people_of_an_unlinked_pair_stay_where_links_put_them() -> None:
    # 90% of those who lived in both lived in i, but j is linked to h alone: its 100 people stay.
    found = common_people(linked("h-j h-k i-k"), pd.Series({"h": 1, "i": 9}), LIVES[["j", "k"]])
    people = by_link(found, "people")
    assert people["h-j"] == 100
    assert people["h-k"] + people["i-k"] == pytest.approx(100)
    assert people["h-k"] < 1


def test_where_all_are_linked_people_are_spread_alike() -> None:
    found = common_people(linked("h-j h-k i-j i-k"), pd.Series({"h": 1, "i": 3}), LIVES[["j", "k"]])
    assert found["people"].tolist() == pytest.approx([25, 25, 75, 75])


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf])
def test_areas_without_people_are_refused(wrong) -> None:
    with pytest.raises(InputError, match="1 new areas have no people"):
        common_people(FAMILIES, LIVED, LIVES.astype("float64").where(LIVES.index != "g", wrong))
    with pytest.raises(InputError, match="1 old areas have no people"):
        common_people(FAMILIES, LIVED.astype("float64").where(LIVED.index != "a", wrong), LIVES)


def test_people_of_other_areas_are_refused() -> None:
    with pytest.raises(CodeError):
        common_people(FAMILIES, LIVES, LIVED)


def test_what_held_of_old_areas_holds_of_a_share_of_the_people() -> None:
    held = pd.Series({"a": False, "b": True, "e": True, "f": False, "h": False, "i": True})
    found = share_held(held, common_people(FAMILIES, LIVED, LIVES))
    assert found.to_dict() == pytest.approx({"a": 0, "c": 1, "d": 1, "g": 0.25, "j": 0, "k": 0.8})


def test_what_is_not_known_of_an_old_area_is_not_known_of_the_new() -> None:
    held = pd.Series({"a": True, "b": True, "e": None, "f": True, "h": None, "i": True})
    found = share_held(held, common_people(FAMILIES, LIVED, LIVES))
    assert found.index[found.isna()].tolist() == ["g", "j", "k"]


def test_lasting_counts_editions_in_which_it_holds_of_at_least_half() -> None:
    lived = LIVED.where(LIVED.index != "e", 90)
    common = common_people(FAMILIES, lived, LIVES)
    earlier = pd.Series({"a": True, "b": True, "e": True, "f": False, "h": True, "i": False})
    later = pd.Series({"a": True, "c": True, "d": False, "g": True, "j": True, "k": None})
    found = lasting(
        {"2015": earlier, "2019": earlier & (earlier.index != "h")}, {"2025": later}, common
    )
    assert found.columns.tolist() == ["2015", "2019", "2025", "times", "known"]
    assert found["times"].to_dict() == {"a": 3, "c": 3, "d": 2, "g": 3, "j": 2, "k": 0}
    assert found["known"].to_dict() == {"a": 3, "c": 3, "d": 3, "g": 3, "j": 3, "k": 2}
    assert found.loc["g", "2015"] == 0.5
    assert found.loc["k", "2015"] == pytest.approx(0.2)


def test_editions_of_other_areas_are_refused() -> None:
    common = common_people(FAMILIES, LIVED, LIVES)
    held, holds = LIVED > 0, LIVES > 0
    for before, now in (({"x": holds}, {}), ({}, {"x": held}), ({"x": held[1:]}, {})):
        with pytest.raises(CodeError):
            lasting(before, now, common)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_people_add_up_to_the_new_areas_and_leave_no_old_one_empty(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    lived = drawn_numbers(data.draw, families.old.index, lowest=1)
    lives = drawn_numbers(data.draw, families.new.index, lowest=1)
    common = common_people(families, lived, lives)
    assert (common["people"] >= 0).all()
    by_new = common.groupby("new")["people"].sum()
    assert np.allclose(by_new, lives.reindex(by_new.index), rtol=1e-12, atol=0)
    assert np.allclose(common.groupby("old")["share_of_old"].sum(), 1)
    assert np.allclose(common.groupby("new")["share_of_new"].sum(), 1)
    merged = common[families.links["link"] == "M"]
    of_child = merged["people"] / lived.reindex(merged["old"]).to_numpy(dtype="float64")
    assert np.allclose(of_child.groupby(merged["new"]).max(), of_child.groupby(merged["new"]).min())


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_what_held_everywhere_or_nowhere_does_so_after_the_bridge(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    lived = drawn_numbers(data.draw, families.old.index, lowest=1)
    common = common_people(families, lived, drawn_numbers(data.draw, families.new.index, lowest=1))
    for everywhere in (True, False):
        shares = share_held(lived.astype(bool) == everywhere, common)
        assert np.allclose(shares, everywhere)
