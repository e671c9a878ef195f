from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from layers.catalogue import catalogue
from layers.former import lacking_earlier
from layers.indicators import lacking_indicators
from layers.kinds.fuel_series import lacking_years
from layers.kinds.registry import affected, kinds_of
from layers.layer import edition, editions
from layers.wards import lacking_names

OPTIONAL = [(key, role) for key, known in editions().items() for role in known.optional]


def records(known):
    return lambda role: catalogue()[known.sources[role]]


def lacking(known, absent):
    told = [
        text
        for kind in kinds_of(known)
        for say in (kind.lacking, kind.lacking_years)
        if say
        for text in say(known, absent, records(known))
    ]
    beside = (lacking_indicators, lacking_earlier, lacking_names)
    return [*told, *(text for say in beside for text in say(known, absent))]


@pytest.mark.parametrize(("key", "role"), OPTIONAL)
def test_that_an_optional_file_is_absent_is_said_by_who_misses_it(key, role):
    (said,) = lacking(edition(key), [role])
    assert said.endswith(".")
    assert "available to this build" in said
    assert not re.search(r"at hand|/|\.csv|\.xlsx|\broles?\b|_", said), "words of our own"


@pytest.mark.parametrize("key", editions())
def test_nothing_is_missed_where_all_is_at_hand(key):
    assert lacking(edition(key), []) == []


def test_years_are_named_and_those_that_need_the_way_between_vintages_too():
    known = edition("2019")
    assert lacking_years(known, ["fuel_poverty_2022", "fuel_poverty_2015"], records(known)) == [
        "Fuel poverty over the years is without 2015, 2022, of which not all files were available"
        " to this build."
    ]
    (bridged,) = lacking_years(known, ["lsoa_2011_to_2021"], records(known))
    assert "without 2021, 2022, 2023, 2024, of which" in bridged
    assert lacking_years(known, known.optional, records(known)) == [
        "Fuel poverty over the years is not shown: its files were not available to this build."
    ]


def test_years_need_what_the_records_of_their_own_files_need():
    """An alternative of another vintage needs the lookup, though the edition's record does not."""
    known = edition("2019")

    def played(role):
        source = records(known)(role)
        return replace(source, vintage=2021) if role == "fuel_poverty_2015" else source

    (said,) = lacking_years(known, ["lsoa_2011_to_2021"], played)
    assert "without 2015, 2021, 2022, 2023, 2024, of which" in said


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
        "Fuel poverty over the years is without 2015, of which not all files were available to"
        " this build",
    ]
    assert affected(known, []) == []
    carried = ["COVID-19 mortality ratio", "Air quality"]
    assert affected(edition("2025"), ["former_msoa"]) == carried
    lasting = (
        "What has lasted is told without 2019, of which the Indices were not available to this"
        " build"
    )
    for role, beside in {"lsoa_2011_to_2021": [], "former_lsoa": [lasting]}.items():
        first, second, years, *others = affected(edition("2025"), [role])
        assert [first, second] == carried
        assert "without 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, of" in years
        assert others == beside
    assert affected(edition("2025"), ["imd"]) == ["Indices of Deprivation"]
    assert affected(edition("2025"), ["indicators"]) == [
        "The indicators behind the Indices are not shown: the file that holds them was not"
        " available to this build"
    ]
