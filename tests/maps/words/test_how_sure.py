"""What is said of how sure a pocket is."""

from __future__ import annotations

import math

import pytest

from layers.findings.pockets import Choice
from maps.words.how_sure import (
    NOT_DRAWN,
    came_back,
    clustered,
    others_find,
    recurrence_in_words,
    recurrence_share,
    sure_in_words,
)
from tests.invented import invented
from tests.invented_change import invented_change


@pytest.mark.parametrize(
    ("memberships", "end"),
    [
        (["core"] * 3, ", with all 3 of its small areas."),
        (["core"] * 2, ", with both of its small areas."),
        (["core", "edge"], "; 1 of its 2 small areas is on its edge."),
        (["edge", "edge", "core"], "; 2 of its 3 small areas are on its edge."),
        (["edge"] * 3, "; all 3 of its small areas are on its edge."),
        (["doubtful"] * 2, "; both of its small areas are doubtful."),
        (["doubtful", "core", "core"], "; 1 of its 3 small areas is doubtful."),
        (
            ["edge", "edge", "doubtful", "doubtful", "doubtful"],
            "; 2 of its 5 small areas are on its edge and 3 are doubtful.",
        ),
    ],
)
def test_small_areas_that_hang_on_choices_are_counted(memberships, end):
    said = came_back({"recurrence": 0.955}, memberships)
    assert said == f"It came back in 96% of 200 reasonable ways of counting{end}"


def test_what_was_not_drawn_is_not_said():
    assert came_back({"recurrence": math.nan}, ["", ""]) == NOT_DRAWN
    assert recurrence_share({"recurrence": math.nan}) == "–"
    told = recurrence_in_words(Choice(rule="overlap").settings())
    assert told == "not worked out for the rule “overlap”"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(), ["(the most deprived 15% to 25%)", "(3 to 8 points)"]),
        (Choice(limit=1, tau=10), ["(the most deprived 8% to 12%)", "(6 to 16 points)"]),
        (Choice(rule="borough"), ["(the most deprived 15% to 25% of the borough)"]),
    ],
)
def test_what_is_changed_in_a_draw_is_said_as_it_is(choice, words):
    said = recurrence_in_words(choice.settings())
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "None of 4 other rules finds it too."),
        (1, "1 of 4 other rules finds it too."),
        (4, "4 of 4 other rules find it too."),
    ],
)
def test_rules_that_find_it_are_counted(count, said):
    assert others_find({"found_by": count}, {}) == said


@pytest.mark.parametrize(
    ("count", "begins"),
    [(0, "None of its small areas lies in a significant"), (1, "1 of its 9 small areas, with 7%")],
)
def test_clusters_are_counted_with_their_people(count, begins):
    place = {"cluster_lsoas": count, "lsoa_count": 9, "cluster_people_pct": 7.0}
    assert clustered(place, "England").startswith(begins)


def evidence(borough):
    return [
        sure_in_words(pocket.to_dict(), ["core"] * 4, borough)
        for _, pocket in borough.pockets.sort_values("number").iterrows()
    ]


def test_that_a_pocket_has_lasted_is_the_last_kind_of_evidence():
    means = ": of the people who live in either, at least half live in both."
    assert [said[3:] for said in evidence(invented_change())] == [
        [f"A pocket matching it was there in 2019, and none in 2015{means}"],
        [f"A pocket matching it was there in 2015 and 2019{means}"],
    ]


@pytest.mark.parametrize(
    "borough", [invented(), invented_change(followed=False)], ids=["2019", "not followed"]
)
def test_nothing_is_said_of_lasting_where_pockets_cannot_be_followed(borough):
    said = evidence(borough)
    assert [len(sentences) for sentences in said] == [3, 3]
    assert "was there" not in str(said)
