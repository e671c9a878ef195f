from __future__ import annotations

import pytest

from layers.kinds.fuel_series import lacking_years
from layers.kinds.registry import kinds_of
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
