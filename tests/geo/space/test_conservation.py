"""Conservation: what is kept, what moves across a line, and what is lost or invented on the way."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CodeError, InputError
from geo.space.apportion import bridge_counts
from geo.space.conservation import Conservation, conserve
from tests.invented_families import drawn_families, drawn_numbers, linked

FAMILIES = linked("a-a b-c b-d e-g f-g h-j h-k i-k")
BEFORE = pd.Series({"a": 7, "b": 10, "e": 3, "f": 5, "h": 20, "i": 40})
AFTER = pd.Series({"a": 7, "c": 7.5, "d": 2.5, "g": 8, "j": 15, "k": 45})
PLACES_BEFORE = pd.Series({"a": "P", "b": "P", "e": "Q", "f": "Q", "h": "P", "i": "Q"})
PLACES_AFTER = pd.Series({"a": "P", "c": "P", "d": "P", "g": "Q", "j": "P", "k": "Q"})


def compared(after: pd.Series = AFTER, before: pd.Series = BEFORE) -> Conservation:
    return conserve(FAMILIES, before, after, places_before=PLACES_BEFORE, places_after=PLACES_AFTER)


def test_families_and_the_whole_keep_their_count() -> None:
    found = compared()
    assert found.families["link"].to_dict() == {"a": "U", "b": "S", "e": "M", "h": "X"}
    assert found.families["before"].to_dict() == {"a": 7, "b": 10, "e": 8, "h": 60}
    assert (found.families["difference"] == 0).all()
    assert (found.before, found.after) == (85, 85)
    assert found.broken == {"families": [], "places": []}


def test_what_moves_across_a_line_is_named() -> None:
    found = compared()
    assert found.places["difference"].to_dict() == {"P": -5, "Q": 5}
    assert found.across.to_dict("records") == [
        {"family": "h", "place": "P", "before": 20, "after": 15, "difference": -5},
        {"family": "h", "place": "Q", "before": 40, "after": 45, "difference": 5},
    ]


def test_how_much_is_estimated_is_said_by_kind() -> None:
    kinds = compared().kinds
    assert kinds["families"].to_dict() == {"M": 1, "S": 1, "U": 1, "X": 1}
    assert kinds["count"].to_dict() == {"M": 8, "S": 10, "U": 7, "X": 60}
    assert kinds["estimated"].to_dict() == {"M": 0, "S": 10, "U": 0, "X": 60}


@pytest.mark.parametrize(
    ("area", "more", "broken"),
    [
        ("c", 1e-6, {"families": ["b"], "places": ["P"]}),
        ("g", -1, {"families": ["e"], "places": ["Q"]}),
        ("a", 1e-10, {"families": [], "places": []}),
        ("j", 2, {"families": ["h"], "places": []}),
    ],
)
def test_a_count_that_is_lost_or_invented_is_found(area, more, broken) -> None:
    assert compared(AFTER + more * (AFTER.index == area)).broken == broken


def test_a_count_that_leaves_its_family_is_found_though_the_whole_is_kept() -> None:
    found = compared(AFTER + (AFTER.index == "a") - 1.0 * (AFTER.index == "g"))
    assert found.before == found.after
    assert found.broken == {"families": ["a", "e"], "places": ["P", "Q"]}


def test_counts_that_are_missing_or_of_other_areas_are_refused() -> None:
    with pytest.raises(InputError) as missing:
        compared(AFTER.where(AFTER.index != "g"))
    assert missing.value.found == "g"
    with pytest.raises(InputError):
        compared(before=BEFORE.where(BEFORE.index != "a"))
    with pytest.raises(CodeError):
        compared(AFTER[1:])
    with pytest.raises(CodeError):
        compared(before=BEFORE[1:])


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_what_the_bridge_carries_is_conserved(data: st.DataObject) -> None:
    families = data.draw(drawn_families())
    counts = drawn_numbers(data.draw, families.old.index)
    weights = drawn_numbers(data.draw, families.new.index, lowest=1)
    after = bridge_counts(families, counts.to_frame("n"), weights)["n"]
    place = {
        side: pd.Series(data.draw(st.sampled_from("PQ")), index=areas.index)
        for side, areas in (("before", families.old), ("after", families.new))
    }
    place["after"][families.new.index[::2]] = "Q"
    found = conserve(
        families, counts, after, places_before=place["before"], places_after=place["after"]
    )
    assert found.broken["families"] == []
    assert found.after == pytest.approx(counts.sum(), abs=1e-9)
    assert found.places["difference"].sum() == pytest.approx(0, abs=1e-6)
    moved = found.across.groupby("family")["difference"].sum()
    assert moved.abs().max() <= 1e-6 or moved.empty
