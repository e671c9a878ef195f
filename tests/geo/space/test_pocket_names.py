"""Names of pockets: readable, made of what people know, and no two alike."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.space.pocket_names import join_names, pocket_name, pocket_names, unique_names


def named(names: list[str], people: list[int]) -> str:
    codes = list(range(len(names)))
    return pocket_name(pd.Series(names, index=codes), pd.Series(people, index=codes))


def test_names_are_joined_so_that_an_ampersand_still_reads() -> None:
    assert join_names(["North Quay", "South Quay & Priory"]) == "North Quay, South Quay and Priory"
    assert join_names(["Quay & Priory", "Priory & Mill"]) == "Quay, Priory and Mill"
    assert join_names(["Quay & Priory"]) == "Quay and Priory"
    assert join_names(["A", "B", "C"]) == "A, B and C"
    assert join_names(["A"]) == "A"


def test_a_pocket_is_named_after_what_holds_most_of_its_people() -> None:
    assert named(["A", "A", "B"], [500, 200, 300]) == "A"
    assert named(["A", "B", "C"], [300, 400, 300]) == "B and A"
    assert named(["A", "B", "C", "D", "E"], [100] * 5) == "A, B and C"


def test_sixty_per_cent_is_enough() -> None:
    assert named(["A", "B"], [60, 40]) == "A"
    assert named(["A", "B"], [59, 41]) == "A and B"


def test_a_pocket_where_nobody_lives_or_with_an_unknown_name_still_has_one() -> None:
    assert named(["B", "A"], [0, 0]) == "A"
    assert pocket_name(pd.Series({"a": None, "b": "A"}), pd.Series({"a": 900, "b": 1})) == "A"


def centres(*places: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        places, columns=["easting", "northing"], index=[f"P{n}" for n in range(len(places))]
    )


def test_two_alike_are_told_apart_along_the_line_on_which_they_differ_most() -> None:
    alike = pd.Series({"P0": "Anfield", "P1": "Anfield"})
    found = unique_names(alike, centres((0, 0), (10, 900)))
    assert found.to_dict() == {"P0": "Anfield (south)", "P1": "Anfield (north)"}
    found = unique_names(alike, centres((800, 0), (0, 30)))
    assert found.to_dict() == {"P0": "Anfield (east)", "P1": "Anfield (west)"}


def test_three_and_more_alike() -> None:
    alike = pd.Series(["A"] * 4, index=["P0", "P1", "P2", "P3"])
    three = unique_names(alike[:3], centres((0, 500), (0, 0), (0, 900)))
    assert three.tolist() == ["A (middle)", "A (south)", "A (north)"]
    four = unique_names(alike, centres((300, 0), (0, 0), (900, 0), (500, 0)))
    assert four["P1"] == "A (1 of 4, from the west)"
    assert four["P2"] == "A (4 of 4, from the west)"


def test_names_that_differ_are_left_alone() -> None:
    names = pd.Series({"P0": "A", "P1": "B"})
    assert unique_names(names, centres((0, 0), (1, 1))).tolist() == ["A", "B"]


def test_the_pockets_of_a_borough_from_their_areas() -> None:
    codes = [f"E0190000{n}" for n in range(6)]
    members = pd.Series(["P1", "P1", "P2", "P2", "", "P3"], index=codes)
    names = pd.Series(["A & B", "C", "D", "D", "D", "D"], index=codes)
    people = pd.Series([300, 300, 200, 100, 900, 400], index=codes)
    east = pd.Series([0, 100, 200, 300, 400, 500], index=codes)
    north = pd.Series([0, 0, 0, 0, 0, 0], index=codes)
    found = pocket_names(members, names, people, easting=east, northing=north)
    assert found.to_dict() == {"P1": "A, B and C", "P2": "D (west)", "P3": "D (east)"}


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=9), st.integers(0, 1000))
@settings(deadline=None, max_examples=50)
def test_no_two_are_alike_and_order_changes_nothing(letters: list[str], seed: int) -> None:
    places = centres(*((n * 37 % 11, n * 53 % 7) for n in range(len(letters))))
    names = pd.Series(letters, index=places.index)
    found = unique_names(names, places)
    assert found.is_unique
    turned = names.sample(frac=1, random_state=seed)
    assert unique_names(turned, places[::-1]).sort_index().equals(found.sort_index())
