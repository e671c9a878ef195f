"""What became of groups: each fate by hand, the thresholds at their edges, and a mirror."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CodeError
from geo.space.common_ground import common_people
from geo.space.families import join_families
from geo.space.fates import Fates, fates, shared_people
from tests.invented_families import drawn_families, drawn_numbers, linked

AREAS = list("abcdefghij")


def same(people: dict[str, float]) -> pd.DataFrame:
    """Return the common ground of unchanged areas."""
    count = pd.Series(people)
    return common_people(
        join_families(pd.DataFrame({"old": list(people), "new": list(people)})), count, count
    )


def told(before: str, after: str, people: dict[str, float] | None = None) -> Fates:
    """Compare groups written as letters, one for each of areas a, b, …; a dot is none."""
    common = same(people or dict.fromkeys(AREAS[: len(before)], 100))
    return fates(
        pd.Series(dict(zip(AREAS, before.replace(".", " "), strict=False))).str.strip(),
        pd.Series(dict(zip(AREAS, after.replace(".", " "), strict=False))).str.strip(),
        common,
    )


@pytest.mark.parametrize(
    ("before", "after", "became", "came"),
    [
        ("PPP.", "QQQ.", {"P": "stayed"}, {"Q": "stayed"}),
        ("PP..", "QQQ.", {"P": "grown"}, {"Q": "grown"}),
        ("PPP.", ".QQ.", {"P": "shrunk"}, {"Q": "shrunk"}),
        ("PPPP", "QQRR", {"P": "split"}, {"Q": "split", "R": "split"}),
        ("PPOO", "QQQQ", {"P": "merged", "O": "merged"}, {"Q": "merged"}),
        ("PP..", "..QQ", {"P": "gone"}, {"Q": "new"}),
        ("PP..", "....", {"P": "gone"}, {}),
        ("....", "..QQ", {}, {"Q": "new"}),
        # P is split into Q and R, and R has half of O too: P is split, O merged, R merged.
        ("PPPPOO", "QQRRRR", {"P": "split", "O": "merged"}, {"Q": "split", "R": "merged"}),
    ],
)
def test_each_fate(before, after, became, came) -> None:
    found = told(before, after)
    assert found.before["fate"].to_dict() == became
    assert found.after["fate"].to_dict() == came


def test_half_of_the_smaller_links_two_groups_and_less_does_not() -> None:
    assert told("PPPP..", "..QQQQ").before["fate"].to_dict() == {"P": "stayed"}
    people = dict.fromkeys(AREAS[:6], 100) | {"a": 101, "f": 101}
    found = told("PPPP..", "..QQQQ", people)
    assert (found.before["fate"]["P"], found.after["fate"]["Q"]) == ("gone", "new")
    # What is not linked is told all the same.
    assert found.before["match"]["P"] == "Q"
    assert found.before["linked"]["P"] == ()
    assert found.before["kept"]["P"] == pytest.approx(200 / 401)


@pytest.mark.parametrize(
    ("more", "fate"), [(10, "stayed"), (10.1, "grown"), (-10, "stayed"), (-9.9, "stayed")]
)
def test_more_than_a_tenth_is_growth(more, fate) -> None:
    people = {"a": 100, "b": abs(more)}
    before, after = ("P.", "QQ") if more > 0 else ("PP", "Q.")
    assert told(before, after, people).before["fate"]["P"] == fate


def test_less_by_more_than_a_tenth_of_what_is_left_has_shrunk() -> None:
    assert told("PP", "Q.", {"a": 100, "b": 10.1}).before["fate"]["P"] == "shrunk"


def test_what_is_told_of_a_group() -> None:
    people = {"a": 100, "b": 300, "c": 200, "d": 50, "e": 50}
    found = told("PPPP.", "QRR.S", people)
    assert found.before.to_dict("index") == {
        "P": {
            "fate": "split",
            "people": 650,
            "linked": ("R", "Q"),
            "match": "R",
            "jaccard": pytest.approx(500 / 650),
            "kept": pytest.approx(600 / 650),
        }
    }
    assert found.after.loc["S"].to_dict() == {
        "fate": "new", "people": 50, "linked": (), "match": "", "jaccard": 0, "kept": 0,
    }  # fmt: skip


def test_people_are_those_of_the_later_year_on_the_ground_of_each() -> None:
    common = common_people(
        linked("a-a b-c b-d e-g f-g"),
        pd.Series({"a": 10, "b": 10, "e": 10, "f": 30}),
        pd.Series({"a": 50, "c": 300, "d": 100, "g": 200}),
    )
    before = pd.Series({"a": "P", "b": "P", "e": "O"})
    after = pd.Series({"c": "Q", "g": "Q"})
    found = shared_people(before, after, common)
    # P has 50 + 400 people on its ground, O a quarter of 200; Q 300 + 200.
    assert found.to_dict("records") == [
        {"before": "O", "after": "Q", "people": 50, "people_before": 50, "people_after": 500,
         "share": 1, "jaccard": 0.1},
        {"before": "P", "after": "Q", "people": 300, "people_before": 450, "people_after": 500,
         "share": pytest.approx(2 / 3), "jaccard": pytest.approx(300 / 650)},
    ]  # fmt: skip
    assert fates(before, after, common).after["fate"].to_dict() == {"Q": "merged"}


def test_groups_of_unknown_areas_are_refused() -> None:
    with pytest.raises(CodeError) as caught:
        fates(pd.Series({"z": "P"}), pd.Series({"a": "Q"}), same({"a": 1}))
    assert caught.value.found == "old: z; new: none"


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_the_other_way_round_every_fate_is_its_mirror(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    lived = drawn_numbers(data.draw, families.old.index, lowest=1)
    common = common_people(families, lived, drawn_numbers(data.draw, families.new.index, lowest=1))

    def groups(areas: pd.Series, names: str) -> pd.Series:
        drawn = st.lists(st.sampled_from(names), min_size=len(areas), max_size=len(areas))
        return pd.Series(data.draw(drawn), index=areas.index).str.replace(".", "")

    before, after = groups(families.old, "PO."), groups(families.new, "QR.")
    found = fates(before, after, common)
    back = fates(after, before, common.rename(columns={"old": "new", "new": "old"}))
    mirror = {"gone": "new", "new": "gone", "split": "merged", "merged": "split"}
    mirror |= {"grown": "shrunk", "shrunk": "grown", "stayed": "stayed"}
    for ours, theirs in ((found.before, back.after), (found.after, back.before)):
        assert ours["fate"].map(mirror).to_dict() == theirs["fate"].to_dict()
        pd.testing.assert_frame_equal(
            ours.drop(columns=["fate", "match"]), theirs.drop(columns=["fate", "match"])
        )
    assert set(found.before["fate"]) <= {"gone", "split", "merged", "grown", "shrunk", "stayed"}
    assert ((found.before["linked"].str.len() == 0) == (found.before["fate"] == "gone")).all()
    assert found.before["kept"].between(0, 1 + 1e-12).all()


@given(st.data())
@settings(deadline=None, max_examples=20)
def test_groups_that_are_the_same_have_stayed(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    lived = drawn_numbers(data.draw, families.old.index, lowest=1)
    common = common_people(families, lived, drawn_numbers(data.draw, families.new.index, lowest=1))
    found = fates(families.old, families.new, common)
    assert set(found.before["fate"]) == {"stayed"}
    assert found.before["jaccard"].to_numpy() == pytest.approx(1)
    assert found.before["match"].tolist() == found.before.index.tolist()
