"""Families of linked areas: their kinds by shape, and links that contradict themselves."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings

from geo.errors import CodeError
from geo.space.families import Families, join_families
from tests.invented_families import drawn_families, drawn_links, linked

ALL_KINDS = "a-a b-c b-d e-g f-g h-j h-k i-k"


def found_wrong(links: str, **known: object) -> str:
    pairs = pd.DataFrame([link.split("-") for link in links.split()], columns=["old", "new"])
    with pytest.raises(CodeError) as caught:
        join_families(pairs, **known)  # type: ignore[arg-type]
    return caught.value.found


def test_a_family_is_of_a_kind_by_the_areas_on_its_two_sides() -> None:
    families = linked(ALL_KINDS)
    assert families.kinds.to_dict() == {"a": "U", "b": "S", "e": "M", "h": "X"}
    assert families.old.to_dict() == {
        "a": "a", "b": "b", "e": "e", "f": "e", "h": "h", "i": "h",
    }  # fmt: skip
    assert families.link_of_new.to_dict() == {
        "a": "U", "c": "S", "d": "S", "g": "M", "j": "X", "k": "X",
    }  # fmt: skip
    assert families.links["link"].tolist() == list("USSMMXXX")


def test_a_long_chain_of_links_is_one_family() -> None:
    families = linked("d-p c-p c-q b-q b-r a-r")
    assert families.kinds.to_dict() == {"a": "X"}


def test_the_other_way_round_what_was_split_is_merged() -> None:
    turned = linked(ALL_KINDS).turned()
    assert turned.kinds.to_dict() == {"a": "U", "b": "M", "e": "S", "h": "X"}
    assert turned.new.to_dict() == linked(ALL_KINDS).old.to_dict()


@pytest.mark.parametrize(
    ("links", "known", "found"),
    [
        ("a-a a-a", {}, "1 links told twice (a → a)"),
        ("a-b", {}, "1 areas unchanged under another code (a → b)"),
        ("a-a a-b", {}, "1 codes of two grounds (a)"),
        ("a-a", {"old": pd.Index(["a", "b"])}, "1 old areas without a link (b)"),
        ("a-a", {"new": pd.Index(["b"])}, "1 new areas without a link (b)"),
        ("a-a", {"new": pd.Index(["b"])}, "1 links of new areas that are not there (a)"),
        ("a-a", {"old": pd.Index(["b"])}, "1 links of old areas that are not there (a)"),
        ("a-b a-c", {"told": pd.Series(["S", "U"])}, "(a → c told as U, is S)"),
        (
            "a-b a-c",
            {"told": pd.Series(["S", None])},
            "1 links of another kind (a → c told as none,",
        ),
        ("a-c b-c", {"told": pd.Series(["S", "S"])}, "2 links of another kind (a → c told as S,"),
        ("a-c b-c b-d", {"told": pd.Series(["M", "X", "X"])}, "a → c told as M, is X"),
    ],
)
def test_links_that_contradict_themselves_are_refused(links, known, found) -> None:
    assert found in found_wrong(links, **known)


def test_a_link_without_a_code_is_refused() -> None:
    links = pd.DataFrame({"old": ["a", "b", "b"], "new": ["a", None, "c"]})
    with pytest.raises(CodeError, match=r"1 links without a code \(1\)"):
        join_families(links)


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = found_wrong("a-b c-c c-c", told=pd.Series(list("UUS")), old=pd.Index(["a", "d"]))
    assert found.split("; ") == [
        "1 links of another kind (c → c told as S, is U)",
        "1 old areas without a link (d)",
        "1 links of old areas that are not there (c)",
        "1 links told twice (c → c)",
        "1 areas unchanged under another code (a → b)",
    ]


def test_the_letters_are_held_to_the_links_whatever_their_index() -> None:
    pairs = pd.DataFrame({"old": ["b", "b", "a"], "new": ["c", "d", "a"]}, index=[9, 8, 7])
    told = pd.Series(["S", "S", "U"], index=["b", "b", "a"])
    assert join_families(pairs, told=told).links["old"].tolist() == ["a", "b", "b"]


@given(drawn_links())
@settings(deadline=None, max_examples=60)
def test_families_part_the_areas_and_do_not_depend_on_order(links: pd.DataFrame) -> None:
    families = join_families(links)
    assert set(families.old.index) == set(links["old"])
    assert set(families.new.index) == set(links["new"])
    joined = families.links
    assert (joined["old"].map(families.old) == joined["family"]).all()
    assert (joined["new"].map(families.new) == joined["family"]).all()
    again = join_families(links[::-1], told=links[::-1].merge(joined, how="left")["link"])
    pd.testing.assert_frame_equal(again.links, joined)


@given(drawn_families())
@settings(deadline=None, max_examples=30)
def test_turned_twice_families_are_what_they_were(families: Families) -> None:
    pd.testing.assert_frame_equal(families.turned().turned().links, families.links)
