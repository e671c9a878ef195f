"""Names of pockets: whole, most people first, made of places inside them, and no two alike."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.space.pocket_names import named_after, pocket_names, pocket_title


def borough(*rows: tuple[str, str, str | None, int]) -> tuple[pd.Series, pd.DataFrame]:
    """Lay out small areas of a borough: pocket, larger area, ward, people."""
    codes = [f"E0190{n:04d}" for n in range(len(rows))]
    table = pd.DataFrame(rows, columns=["pocket", "larger", "ward", "population"], index=codes)
    return table.pop("pocket"), table.assign(own=[f"Quay {n:03d}A" for n in range(len(rows))])


def names(*rows: tuple[str, str, str | None, int]) -> dict[str, str]:
    members, places = borough(*rows)
    return {str(key): str(name) for key, name in pocket_names(members, places).items()}


def test_a_pocket_is_named_after_what_holds_most_of_its_people() -> None:
    assert names(("P", "A", "W", 500), ("P", "A", "W", 200), ("P", "B", "W", 300)) == {"P": "A"}
    assert names(("P", "A", "W", 300), ("P", "B", "W", 400)) == {"P": "B / A"}
    assert names(*(("P", letter, "W", 100) for letter in "EDCBA")) == {"P": "A / B"}


@pytest.mark.parametrize(("people", "name"), [(600, "A"), (599, "A / B")])
def test_sixty_per_cent_is_enough(people: int, name: str) -> None:
    assert names(("P", "A", "W", people), ("P", "B", "W", 1000 - people)) == {"P": name}


def test_a_compound_name_is_kept_whole() -> None:
    tower, brampton = "Tower Hill & Northwood", "Brampton, the Stukeleys and the Alconburys"
    assert names(("P", tower, "W", 500), ("P", brampton, "W", 400)) == {
        "P": f"{tower} / {brampton}"
    }


@pytest.mark.parametrize(("inside", "name"), [(499, "Part of A"), (500, "A"), (501, "A")])
def test_part_of_stands_where_less_than_half_of_the_people_are_inside(
    inside: int, name: str
) -> None:
    assert names(("P", "A", "W", inside), ("", "A", "W", 1000 - inside)) == {"P": name}


def test_a_pocket_can_be_all_of_one_place_and_a_part_of_another() -> None:
    rows = [("P", "A", "W", 300), ("P", "B", "W", 290), ("", "B", "W", 400)]
    assert names(*rows) == {"P": "A / part of B"}
    assert names(*rows, ("", "A", "W", 400)) == {"P": "Part of A / part of B"}
    assert names(*rows[:2], ("", "A", "W", 400)) == {"P": "Part of A / B"}


def test_two_of_one_name_are_told_apart_by_the_ward_of_most_of_their_people() -> None:
    found = names(
        ("P", "A", "Longview", 300), ("P", "A", "Page Moss", 100), ("Q", "A", "Page Moss", 350)
    )
    assert found == {"P": "A (Longview ward)", "Q": "Part of A (Page Moss ward)"}


def test_the_same_places_in_another_order_are_told_apart_too() -> None:
    found = names(
        ("P", "A", "V", 300), ("P", "B", "V", 250), ("Q", "A", "W", 200), ("Q", "B", "W", 260)
    )
    assert found == {"P": "A / part of B (V ward)", "Q": "B / part of A (W ward)"}


def test_a_ward_of_both_tells_nothing_and_the_next_one_of_only_one_does() -> None:
    found = names(
        ("P", "A", "W", 300), ("P", "A", "V", 100), ("Q", "A", "W", 500), ("Q", "A", "U", 10)
    )
    assert found == {"P": "Part of A (V ward)", "Q": "A (U ward)"}


def test_where_no_ward_tells_them_apart_a_small_area_of_each_does() -> None:
    found = names(("P", "A", "W", 300), ("P", "A", "W", 301), ("Q", "A", "W", 500))
    assert found == {"P": "A (around Quay 001A)", "Q": "Part of A (around Quay 002A)"}
    unknown = names(("P", "A", None, 300), ("Q", "A", None, 300), ("R", "A", "V", 900))
    assert unknown["P"] == "Part of A (around Quay 000A)"
    assert unknown["R"] == "A (V ward)"


def test_a_ward_in_which_nobody_lives_tells_nothing() -> None:
    found = names(("P", "A", "V", 0), ("P", "A", None, 90), ("Q", "A", "W", 90))
    assert found["P"] == "A (around Quay 001A)"


def test_names_that_differ_have_no_ward() -> None:
    assert names(("P", "A", "W", 9), ("Q", "B", "W", 9)) == {"P": "A", "Q": "B"}


def test_a_pocket_where_nobody_lives_or_of_no_known_place_still_has_a_name() -> None:
    assert names(("P", "B", "W", 0), ("P", "A", "W", 0)) == {"P": "A"}
    members, places = borough(("P", "A", "W", 9))
    assert pocket_names(members, places.assign(larger=None)).to_dict() == {"P": "Quay 000A"}


def test_no_pockets_have_no_names() -> None:
    members, places = borough(("", "A", "W", 9))
    assert pocket_names(members, places).empty


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "P", "Q", "R", "S"]),
        st.sampled_from(["A & B", "B", "C, D & E", "F and G"]),
        st.sampled_from(["U", "V", "W", None]),
        st.integers(0, 2000),
    ),
    min_size=1,
    max_size=24,
)


@given(ROWS, st.integers(0, 1000))
@settings(deadline=None, max_examples=150)
def test_whatever_the_pockets(rows: list[tuple[str, str, str | None, int]], seed: int) -> None:
    members, places = borough(*rows)
    found = pocket_names(members, places)
    assert found.is_unique
    assert found.index.tolist() == sorted({row[0] for row in rows} - {""})
    turned = pocket_names(members.sample(frac=1, random_state=seed), places[::-1])
    assert turned.equals(found)
    for pocket, name in found.items():
        inside = [row for row in rows if row[0] == pocket]
        plain, _, end = name.partition(" (")
        told = plain.split(" / ")
        people = {}
        for place in told:
            bare = place.removeprefix("Part of ").removeprefix("part of ")
            people[bare] = sum(row[3] for row in inside if row[1] == bare)
            everyone = sum(row[3] for row in rows if row[1] == bare)
            assert bare in {row[1] for row in inside}
            assert (bare != place) == (people[bare] < everyone / 2)
        assert list(people.values()) == sorted(people.values(), reverse=True)
        others = {row[1] for row in inside} - set(people)
        for other in others:
            assert sum(row[3] for row in inside if row[1] == other) <= min(people.values())
        if end.endswith(" ward)"):
            ward = end.removesuffix(" ward)")
            assert sum(row[3] for row in inside if row[2] == ward) > 0


def test_joining() -> None:
    assert pocket_title(["A"]) == "A"
    assert pocket_title(["A", "B"], ["A", "B"]) == "Part of A / part of B"
    held = pd.DataFrame({"larger": ["B", "A"], "population": [5, 5]})
    assert named_after(held) == {"A": 5, "B": 5}
