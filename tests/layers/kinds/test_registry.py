from __future__ import annotations

from types import SimpleNamespace

import pytest

from layers.kinds.fuel_series import lacking_years
from layers.kinds.registry import affected, kinds_of
from layers.layer import edition, editions

OPTIONAL = [(key, role) for key, known in editions().items() for role in known.optional]


def lacking(known, absent):
    return [
        text for kind in kinds_of(known) if kind.lacking for text in kind.lacking(known, absent)
    ]


@pytest.mark.parametrize(("key", "role"), OPTIONAL)
def test_that_an_optional_file_is_absent_is_said_by_the_kind_that_misses_it(key, role):
    (said,) = lacking(edition(key), [role])
    assert said.endswith(".")
    assert "at hand" in said


@pytest.mark.parametrize("key", editions())
def test_nothing_is_missed_where_all_is_at_hand(key):
    assert lacking(edition(key), []) == []


def test_years_are_named_and_those_that_need_the_way_between_vintages_too():
    known = edition("2019")
    assert lacking_years(known, ["fuel_poverty_2022", "fuel_poverty_2015"]) == [
        "Fuel poverty over the years is without 2015, 2022: not all of its files are at hand."
    ]
    (bridged,) = lacking_years(known, ["lsoa_2011_to_2021"])
    assert "without 2021, 2022, 2023, 2024:" in bridged
    assert lacking_years(known, known.optional) == [
        "Fuel poverty over the years is not shown: the files of no year are at hand."
    ]


@pytest.mark.parametrize("kind", kinds_of(edition("sample")), ids=lambda kind: kind.name)
def test_a_kind_needs_the_roles_that_it_cannot_be_read_without(kind, files, ground):
    asked = set()

    def path(role):
        asked.add(role)
        return files.path(role)

    bare = SimpleNamespace(
        edition=files.edition,
        source=files.source,
        path=path,
        find=lambda role: None if role in files.edition.optional else path(role),
    )
    kind.read(bare, ground)
    assert asked == set(kind.needs)


def test_what_missing_files_affect_is_named():
    known = edition("2019")
    assert affected(known, ["covid_weekly_2020", "imd"]) == [
        "Indices of Deprivation",
        "COVID-19 mortality ratio",
    ]
    assert affected(known, ["postcodes", "fuel_poverty_2015"]) == [
        "all places",
        "Fuel poverty over the years is without 2015: not all of its files are at hand",
    ]
    assert affected(known, []) == []
