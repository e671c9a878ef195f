"""Sentences on change: what each says under which condition, and what none may say."""

from __future__ import annotations

import re

import pytest

from geo.space.fates import CHANGED
from maps.words import of_change

FATES = ("stayed", "grown", "shrunk", "split", "merged", "new")


@pytest.mark.parametrize("fate", FATES)
def test_every_fate_of_a_pocket_names_the_edition_and_the_year_of_its_people(fate):
    names = [] if fate == "new" else ["Anfield", "Kirkdale"][: 2 if fate == "merged" else 1]
    said = of_change.where_from(fate, names, 40.0, "2019", 2022)
    assert "edition of 2019" in said
    assert "40% of its people (mid-2022)" in said
    assert all(name in said for name in names)
    assert "score" not in said


def test_fates_say_which_way_they_went():
    grown, shrunk = (
        of_change.where_from(fate, ["Anfield"], 100.0, "2019", 2022) for fate in ("grown", "shrunk")
    )
    assert "takes in more people" in grown
    assert "takes in fewer people" in shrunk
    assert CHANGED > 1


@pytest.mark.parametrize(
    ("areas", "people", "said"),
    [
        ((0, 1), (0, 900), "Its only small area (LSOA) was not in"),
        ((1, 4), (900, 4000), "1 of its 4 small areas (LSOAs) was in"),
        ((4, 4), (4000, 4000), "All of its 4 small areas (LSOAs) were in"),
        ((0, 4), (0, 4000), "None of its 4 small areas (LSOAs) was in"),
    ],
)
def test_what_lasted_agrees_with_its_number(areas, people, said):
    found = of_change.lasted(areas, people, ["2015", "2019", "2025"], 2022, "England")
    assert found.startswith(said)
    assert "in all three editions (2015, 2019 and 2025)" in found
    assert ("(mid-2022)" in found) == bool(areas[0])


def test_counts_of_fates_leave_out_what_there_is_none_of():
    said = of_change.pockets_then({"grown": 1, "merged": 2, "split": 0}, "2019", "2025")
    assert said == "Of 3 pockets of the edition of 2019, 1 grew and 2 were merged by 2025."
    only = of_change.pockets_then({"gone": 1}, "2019", "2025")
    assert only == "The only pocket of the edition of 2019 is gone by 2025."


def test_the_boundary_of_several_areas_is_said_in_the_plural():
    assert of_change.redrawn(2, 5, 2011).startswith("The boundaries of 2 of its 5 small areas have")
    assert of_change.redrawn(1, 1, 2011).startswith("The boundary of its only small area has")


def test_no_sentence_speaks_of_scores_of_causes_or_of_better_and_worse():
    sides = {"toward": (1, 10), "same": (2, 20), "away": (3, 30)}
    said = [
        of_change.CANNOT_TELL,
        of_change.BOUNDARY,
        *(of_change.where_from(fate, ["A", "B"], 5.0, "2019", 2022) for fate in FATES),
        of_change.pockets_then(dict.fromkeys(of_change.FATES, 2), "2019", "2025"),
        of_change.moved(sides, "2019", 2022),
        of_change.lasted((1, 2), (3, 4), ["2019", "2025"], 2022, "England"),
        of_change.redrawn(2, 3, 2011),
        of_change.not_followed("2019"),
    ]
    wrong = re.compile(r"improv|worse|better|best|because|score|affluent|caus", re.IGNORECASE)
    assert [sentence for sentence in said if wrong.search(sentence)] == []
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (((0, 0), (1, 900), (0, 0)), "its only small area (LSOA) kept its decile."),
        (
            ((0, 0), (0, 0), (1, 9)),
            "its only small area (LSOA) has moved to a less deprived decile.",
        ),
        (((0, 0), (4, 900), (0, 0)), "all 4 small areas (LSOAs) kept their decile."),
        (
            ((1, 900), (3, 900), (0, 0)),
            "3 of 4 small areas (LSOAs) kept their decile; 1, with 900 people (mid-2022), is in a"
            " more deprived one.",
        ),
    ],
)
def test_moves_of_few_small_areas_are_not_counted_as_of_many(sides, said):
    named = dict(zip(("toward", "same", "away"), sides, strict=True))
    assert of_change.moved(named, "2019", 2022) == f"Since the edition of 2019, {said}"


def test_the_only_small_area_of_a_district_is_not_counted():
    said = of_change.counted_then_and_now(
        ("2019", 1, 1), ("2025", 0, 1), censuses=(2011, 2021), whole="England"
    )
    assert "its only small area (LSOA of 2011) was in the most deprived tenth" in said
    assert said.endswith("its only one (LSOA of 2021) was not.")
