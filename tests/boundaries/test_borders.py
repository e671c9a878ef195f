"""The districts along Wales and Scotland: a record, and each is a test."""

from __future__ import annotations

import tomllib

import pytest

from boundaries.borders import BORDERS_FILE, borders

RECORDS = tomllib.loads(BORDERS_FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("record", RECORDS.values(), ids=list(RECORDS))
def test_a_border_has_its_country_its_source_and_districts_once_each(record):
    codes = [*record["land"], *record["water"]]
    assert record["page"].startswith("https://")
    assert len(codes) == len(set(codes))
    assert {code[:3] for code in codes} <= {"E06", "E07", "E08"}
    assert {borders()[code] for code in codes} == {record["name"]}


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("E06000050", "Wales"),  # Cheshire West and Chester
        ("E08000015", "Wales"),  # Wirral, across the Dee
        ("E07000080", "Wales"),  # Forest of Dean
        ("E06000057", "Scotland"),  # Northumberland
        ("E08000012", None),  # Liverpool
        ("E06000023", None),  # Bristol
    ],
)
def test_districts_and_the_country_they_touch(code, country):
    assert borders().get(code) == country
