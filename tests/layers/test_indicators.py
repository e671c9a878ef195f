"""The indicators behind the Indices: every record complete, and true of the file it belongs to."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace

import pytest

from layers.catalogue import catalogue
from layers.indicators import (
    INDICATORS,
    INDICATORS_FILE,
    SUBDOMAINS,
    indicators,
    indicators_in,
    indicators_of,
    lacking_indicators,
    roles_behind,
    subdomains,
)
from layers.layer import edition

RECORDS = tomllib.loads(INDICATORS_FILE.read_text(encoding="utf-8"))
FILES = [name for name in RECORDS if name != SUBDOMAINS]
WITH_SUBDOMAINS = ["2019", "2025", "sample"]


@pytest.mark.parametrize("file", FILES)
def test_every_number_of_the_file_is_one_indicator(file):
    tables = catalogue()[file].tables
    there = [(name, column) for name, table in tables.items() for column in table.numbers]
    known = indicators_of(file).values()
    assert Counter((one.table, one.id) for one in known) == Counter(there)


@pytest.mark.parametrize("file", FILES)
def test_an_indicator_says_what_it_is_in_words_of_its_own(file):
    known = [*indicators_of(file).values(), *subdomains(edition("2025")).values()]
    assert len({one.title for one in known}) == len(known)
    for one in known:
        assert one.domain
        assert one.unit
        assert not one.title.endswith(".")
        assert not one.caveat or one.caveat.endswith(".")
        assert one.of or one.scale == 1 or one.unit.startswith("%")
        assert "_" not in one.title + one.unit + one.caveat


def test_the_indices_of_2025_have_34_of_which_four_are_counts_and_one_is_worse_below():
    known = indicators_of("imd_2025_indicators")
    assert len(known) == 34
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


def test_an_edition_without_a_file_of_them_has_but_sub_domains():
    known = edition("2019")
    assert list(indicators(known)) == list(subdomains(known))
    assert lacking_indicators(known, [INDICATORS]) == []
    assert roles_behind(known) == ("imd",)
    assert roles_behind(edition("2025")) == (INDICATORS, "imd")
    assert roles_behind(edition("2025"), [INDICATORS]) == ("imd",)


@pytest.mark.parametrize("key", WITH_SUBDOMAINS)
def test_every_group_of_the_file_of_the_indices_is_one_sub_domain(key):
    known = edition(key)
    table = catalogue()[known.sources["imd"]].tables["main"]
    assert [one.id for one in subdomains(known).values()] == list(table.optional)
    titles = [part["title"] for part in RECORDS[SUBDOMAINS]["parts"]]
    for one in subdomains(known).values():
        columns = tuple(f"{one.id}_{measure}" for measure in ("score", "rank", "decile"))
        assert table.optional[one.id] == columns
        assert one.published == columns[1:]
        assert {*columns[1:]} <= {*table.counts}
        assert table.ranges[columns[1]] == (1, table.rows)
        assert table.ranges[columns[2]] == (1, 10)
        assert one.title.removeprefix("Sub-domain: ") in titles
        assert known.whole in one.unit


def test_a_sub_domain_stands_in_a_domain_of_the_indicators_of_its_edition():
    domains = {one.domain for one in indicators_of("imd_2025_indicators").values()}
    assert {one.domain for one in subdomains(edition("2025")).values()} <= domains


def test_an_edition_of_the_overall_index_alone_has_no_sub_domains():
    known = edition("2019")
    assert subdomains(replace(known, sources={**known.sources, "imd": "imd_2015"})) == {}


def test_what_a_table_lacks_is_not_found_in_it():
    known = indicators(edition("2025"))
    columns = ["iod_2025_burglary", "iod_2025_adult_skills_worst_tenth_people", "population"]
    assert [one.id for one in indicators_in(known, columns).values()] == [
        "burglary",
        "adult_skills",
    ]
    assert indicators_in(known, []) == {}


def test_without_the_file_they_are_said_not_to_be_shown():
    (said,) = lacking_indicators(edition("2025"), [INDICATORS, "wards"])
    assert said.startswith("The indicators behind the Indices are not shown")
    assert lacking_indicators(edition("2025"), ["wards"]) == []


def test_worse_is_told_by_what_is_shown_and_by_the_end_that_is_worse():
    known = indicators(edition("2025"))
    burglary, reach = known["iod_2025_burglary"], known["iod_2025_connectivity"]
    assert burglary.is_worse(10.2, 10.1)
    assert not burglary.is_worse(10.14, 10.12), "both are shown as 10.1"
    assert reach.is_worse(60.0, 70.0)
    assert not reach.is_worse(70.0, 60.0)
