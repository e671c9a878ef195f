"""The indicators behind the Indices: every record complete, and true of the file it belongs to."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from layers.catalogue import catalogue
from layers.indicators import (
    INDICATORS,
    INDICATORS_FILE,
    indicators,
    indicators_of,
    lacking_indicators,
    roles_behind,
)
from layers.layer import edition

FILES = list(tomllib.loads(INDICATORS_FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES)
def test_every_number_of_the_file_is_one_indicator(file):
    tables = catalogue()[file].tables
    there = [(name, column) for name, table in tables.items() for column in table.numbers]
    known = indicators_of(file).values()
    assert Counter((one.table, one.id) for one in known) == Counter(there)


@pytest.mark.parametrize("file", FILES)
def test_an_indicator_says_what_it_is_in_words_of_its_own(file):
    known = indicators_of(file).values()
    assert len({one.title for one in known}) == len(known)
    for one in known:
        assert one.domain
        assert one.unit
        assert not one.title.endswith(".")
        assert not one.caveat or one.caveat.endswith(".")
        assert one.of or one.scale == 1 or one.unit.startswith("%")
        assert "_" not in one.title + one.unit + one.caveat


def test_the_indices_of_2025_have_28_of_which_four_are_counts_and_one_is_worse_below():
    known = indicators(edition("2025"))
    assert len(known) == 28
    assert [one.id for one in known.values() if one.of] == [
        "income_people",
        "income_children",
        "income_older",
        "employment_people",
    ]
    assert [one.id for one in known.values() if one.worse == "low"] == ["connectivity"]
    assert [one.id for one in known.values() if one.district] == [
        "core_homelessness",
        "homelessness",
    ]


@pytest.mark.parametrize("file", FILES)
def test_those_of_whom_a_share_is_are_counted_in_the_file_of_the_indices(file):
    counted = catalogue()[edition("2025").sources["imd"]].tables["main"].numbers
    for one in indicators_of(file).values():
        assert one.counted in counted
        assert one.share in {"", *counted}


def test_an_edition_without_a_file_of_them_has_none():
    known = edition("2019")
    assert indicators(known) == {}
    assert lacking_indicators(known, [INDICATORS]) == []
    assert roles_behind(known) == ()
    assert roles_behind(edition("2025")) == (INDICATORS, "imd")


def test_without_the_file_they_are_said_not_to_be_shown():
    (said,) = lacking_indicators(edition("2025"), [INDICATORS, "wards"])
    assert said.startswith("What is behind the Indices is not shown")
    assert lacking_indicators(edition("2025"), ["wards"]) == []


def test_worse_is_told_by_what_is_shown_and_by_the_end_that_is_worse():
    known = indicators(edition("2025"))
    burglary, reach = known["iod_2025_burglary"], known["iod_2025_connectivity"]
    assert burglary.is_worse(10.2, 10.1)
    assert not burglary.is_worse(10.14, 10.12), "both are shown as 10.1"
    assert reach.is_worse(60.0, 70.0)
    assert not reach.is_worse(70.0, 60.0)
