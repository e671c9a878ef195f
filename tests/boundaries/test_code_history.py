"""Every record of the history of codes is a test, and leads from any year to any other."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.code_history import (
    changes,
    counterparts,
    formers,
    made_after,
    name_in,
    of_one_line,
    renamed,
    what_became,
)
from geo.codes import is_code

RECORDS = changes()
NAMED = {code: name for record in RECORDS for code, name in {**record.old, **record.new}.items()}
OLD = [code for record in RECORDS for code in record.old]
NEW = [record.code for record in RECORDS]
ENDED = sorted(set(OLD) - set(NEW))
FIRST = [code for code in OLD if code not in NEW]
LAST = [code for code in NEW if code not in OLD]
CUMBRIA = pd.Series({"E07000026": "Allerdale", "E07000028": "Carlisle", "E07000029": "Copeland"})

LOOKUPS = {
    2013: (
        "imd/File_7_ID_2015_All_ranks__deciles_and_scores_for_the_Indices_of_Deprivation__and_"
        "population_denominators.csv",
        "Local Authority District code (2013)",
        "Local Authority District name (2013)",
    ),
    2019: ("lookups/LSOA_2011_to_Ward_2019_Best_Fit_Lookup_EN.csv", "LAD19CD", "LAD19NM"),
    2022: ("lookups/LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv", "LAD22CD", "LAD22NM"),
    2024: ("lookups/LSOA_2021_to_MSOA_2021_to_LAD_2024_Lookup_EN.csv", "LAD24CD", "LAD24NM"),
}
COUNTS = {2013: 326, 2019: 317, 2022: 309, 2024: 296}


@pytest.fixture(scope="module")
def districts(official_mirror):
    """Return the names of districts by code, by year, as the official files have them."""
    found = {}
    for year, (file, code, name) in LOOKUPS.items():
        table = pd.read_csv(official_mirror / file, usecols=[code, name], encoding="utf-8-sig")
        by_code = table.drop_duplicates(code).set_index(code)[name]
        found[year] = by_code[by_code.index.str.startswith("E0")].sort_index()
    return found


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.code)
def test_a_record_is_whole(record):
    codes = [*record.old, *record.new]
    assert len(record.new) == 1
    assert record.old
    assert all(is_code(code) and code[:3] in {"E06", "E07", "E08"} for code in codes)
    assert len(set(codes)) == len(codes)
    assert all(name.strip() == name and name for name in {**record.old, **record.new}.values())
    assert (record.since.month, record.since.day) == (4, 1)
    assert 2009 <= record.since.year <= 2025
    assert "Order 20" in record.order


def test_a_code_ends_once_and_is_made_once_and_records_are_in_the_order_of_time():
    assert len(OLD) == len(set(OLD))
    assert len(NEW) == len(set(NEW))
    dates = [record.since for record in RECORDS]
    assert dates == sorted(dates)


def test_what_was_made_ends_later_so_that_nothing_goes_round():
    made = {record.code: record.since for record in RECORDS}
    for record in RECORDS:
        assert all(made[code] < record.since for code in record.old if code in made), record.code


def test_a_district_keeps_its_name_between_two_records_of_it():
    for record in RECORDS:
        for code, name in {**record.old, **record.new}.items():
            assert NAMED[code] == name


@pytest.mark.parametrize("code", FIRST)
def test_every_code_that_ended_leads_to_one_of_the_last(code):
    (last,) = counterparts(code, set(LAST))
    assert last in LAST


def test_the_last_lead_back_to_all_the_first_each_once():
    back = [code for last in LAST for code in counterparts(last, set(FIRST))]
    assert sorted(back) == sorted(FIRST)


@pytest.mark.parametrize("code", ENDED)
def test_a_code_present_is_itself(code):
    assert counterparts(code, {code, *LAST}) == (code,)


@pytest.mark.parametrize(
    ("code", "present", "found"),
    [
        ("E07000190", {"E07000246"}, ("E07000246",)),
        ("E07000190", {"E06000066"}, ("E06000066",)),
        ("E07000157", {"E06000057"}, ("E06000057",)),
        ("E06000057", {"E06000048"}, ("E06000048",)),
        ("E06000063", set(CUMBRIA.index), tuple(CUMBRIA.index)),
        ("E06000063", {"E07000026", "E07000028"}, ()),
        ("E06000066", {"E07000187", "E07000188", "E07000189"}, ()),
        ("E08000012", {"E08000011"}, ()),
        ("E08999999", {"E08000011"}, ()),
    ],
)
def test_a_code_leads_to_its_heir_or_to_all_its_parts(code, present, found):
    assert counterparts(code, present) == found


def test_what_a_former_district_leads_to_is_said():
    notes = {former.name: former.note for former in formers(CUMBRIA)}
    assert notes == {
        "Cumberland": "Cumberland was made on 1 April 2023 of Allerdale, Carlisle and Copeland, "
        "which stand for it here"
    }
    recoded = formers(pd.Series({"E08000016": "Barnsley"}))
    assert [former.note for former in recoded] == [
        "E08000038 is the code of Barnsley in another year; here it is E08000016"
    ]


@pytest.mark.parametrize(
    ("here", "other"), [("Folkestone and Hythe", "Shepway"), ("Shepway", "Folkestone and Hythe")]
)
def test_a_district_renamed_is_known_by_its_other_name(here, other):
    assert [(each.code, {each.old, each.new}) for each in renamed()] == [
        ("E07000112", {here, other})
    ]
    (former,) = formers(pd.Series({"E07000112": here}))
    assert (former.name, former.leads_to) == (other, ("E07000112",))
    assert former.note == f"{other} is called {here} here"


def test_the_official_files_have_the_districts_of_the_record(districts):
    assert {year: len(names) for year, names in districts.items()} == COUNTS
    renames = {each.code: {each.old, each.new} for each in renamed()}
    for year, names in districts.items():
        then = {**{record.code: record.since.year for record in RECORDS}}
        for code, name in NAMED.items():
            ended = next((record.since.year for record in RECORDS if code in record.old), 9999)
            there = then.get(code, 0) <= year < ended
            assert (code in names.index) == there, (year, code)
            assert not there or names[code] == name, (year, code)
        assert all(names[code] in both for code, both in renames.items())


@pytest.mark.parametrize("year", COUNTS)
@pytest.mark.parametrize("other", COUNTS)
def test_the_districts_of_each_year_lead_to_all_those_of_every_other(districts, year, other):
    present = set(districts[other].index)
    found = {code: counterparts(code, present) for code in districts[year].index}
    assert all(found.values())
    assert {code for codes in found.values() for code in codes} == present


@pytest.mark.parametrize(
    ("code", "year", "found"),
    [
        ("E07000157", 2008, "E07000157"),
        ("E07000157", 2012, "E06000048"),
        ("E07000157", 2013, "E06000057"),
        ("E07000190", 2018, "E07000190"),
        ("E07000190", 2019, "E07000246"),
        ("E07000190", 2025, "E06000066"),
        ("E08000012", 2025, "E08000012"),
        ("E06000066", 2019, "E06000066"),
    ],
)
def test_what_a_district_had_become_by_a_year(code, year, found):
    assert what_became(code, year) == found


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.code)
def test_a_district_is_made_in_the_year_of_its_order_and_not_before(record):
    year = record.since.year
    assert all(what_became(code, year - 1) == code for code in record.old)
    assert all(what_became(code, year) != code for code in record.old)
    assert record.code in made_after(year - 1)
    assert record.code not in made_after(year)
    assert name_in(record.code, year) == record.new[record.code]
    assert all(of_one_line(code, record.code) for code in record.old)
    assert all(of_one_line(record.code, code) for code in record.old)
    parts = [code for code in record.old if len(record.old) > 1]
    assert not any(of_one_line(parts[0], other) for other in parts[1:])


def test_a_name_that_changed_is_that_of_the_year():
    assert name_in("E07000112", 2017) == "Shepway"
    assert name_in("E07000112", 2018) == "Folkestone and Hythe"
    assert name_in("E08000012", 2018) is None


@pytest.mark.real
@pytest.mark.parametrize(
    ("year", "later"), [(2013, 2019), (2013, 2024), (2019, 2022), (2022, 2024)]
)
def test_the_districts_of_a_year_become_exactly_those_of_a_later_one(districts, year, later):
    became = {what_became(code, later) for code in districts[year].index}
    assert became == set(districts[later].index)
    assert not made_after(year) & set(districts[year].index)
