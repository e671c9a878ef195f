from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from layers.layer import edition
from maps import sentences


def borough(populations, *, edition_id="2019", settings=None, people=1000):
    names = ["Kirkdale & Vauxhall", "Speke"][: len(populations)]
    pockets = pd.DataFrame(
        {"number": range(1, len(populations) + 1), "name": names, "population": populations}
    )
    return SimpleNamespace(
        name="Northmere",
        edition=edition(edition_id),
        pockets=pockets.iloc[::-1],
        lsoa=pd.DataFrame({"population": [people / 2] * 2}),
        settings=settings or {"rule": "national", "d": 2},
    )


def test_finding_counts_pockets_and_people_with_their_year():
    assert sentences.finding(borough([400, 220])) == (
        "Northmere has 2 pockets of deprivation, home to 62% of its people (mid-2015)."
        " The deepest is around Kirkdale & Vauxhall."
    )


def test_finding_of_one_pocket():
    assert sentences.finding(borough([400])) == (
        "Northmere has one pocket of deprivation, home to 40% of its people (mid-2015)."
        " It is around Kirkdale & Vauxhall."
    )


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"rule": "national", "d": 1}, "both in the most deprived tenth of England."),
        ({"rule": "national", "d": 2}, "both in the most deprived fifth of England."),
        ({"rule": "overlap"}, "both meet the rule."),
    ],
)
def test_finding_without_pockets_says_what_was_looked_for(settings, reason):
    said = sentences.finding(borough([], settings=settings))
    assert said.startswith(
        "Northmere has no pocket of deprivation: no two neighbourhoods that touch"
    )
    assert said.endswith(reason)


def test_finding_of_a_fictional_place_says_so():
    said = sentences.finding(borough([400], edition_id="sample"))
    assert said.startswith("Northmere (a fictional place) has one pocket")
    none = sentences.finding(borough([], edition_id="sample"))
    assert none.endswith("the most deprived fifth of the sample.")
