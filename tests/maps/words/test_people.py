"""Sentences on people: each template with its conditions, and what none of them may say."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from layers.kinds.reading import PEOPLE_BY_AGE
from layers.layer import edition
from maps.words.people import (
    AGED,
    outside_every_pocket,
    outside_in_words,
    reach_in_words,
    standing_out,
)

INCOME, EMPLOYMENT = (
    edition("2019").layer(f"imd_2019_{domain}") for domain in ("income", "employment")
)
WHEN = "Indices of Deprivation 2019, people of mid-2015"


def told(people, outside, *, pockets=3, layer=INCOME):
    counts = {layer.people: people, layer.people_outside: outside}
    return outside_in_words(layer, counts, place="Ash", pockets=pockets, when=WHEN)


@pytest.mark.parametrize(
    ("people", "outside", "pockets", "said"),
    [
        (1000.4, 320.2, 3, "Of about 1,000 people counted as income-deprived in Ash, about 320"),
        (1000.4, 320.2, 3, "(32%) live outside every pocket"),
        (1000.4, 5.0, 3, "about 5 (less than 1%) live outside every pocket"),
        (1000.4, 0.0, 3, "All of about 1,000 people counted as income-deprived in Ash live in a"),
        (1000.4, 0.3, 3, "All of about 1,000 people"),
        (
            1000.4,
            1000.4,
            3,
            "None of about 1,000 people counted as income-deprived in Ash lives in",
        ),
        (1000.4, 1000.4, 0, "Ash has no pocket: all of its about 1,000 people counted as income-"),
        (0.0, 0.0, 3, "Nobody in Ash is counted as income-deprived"),
        (0.0, 0.0, 0, "Nobody in Ash is counted as income-deprived"),
    ],
)
def test_those_outside_every_pocket_are_told_with_edition_and_year(people, outside, pockets, said):
    found = told(people, outside, pockets=pockets)
    assert said in found
    assert found.endswith(f"({WHEN}).")


def test_nothing_is_said_of_what_is_not_known():
    assert told(math.nan, 3.0) == told(3.0, math.nan) == ""
    assert outside_in_words(INCOME, {}, place="Ash", pockets=1, when=WHEN) == ""


def test_other_shares_are_told_as_what_they_count():
    assert "people counted as employment-deprived in Ash" in told(9.0, 2.0, layer=EMPLOYMENT)


def test_no_sentence_says_that_people_are_deprived(invented_borough):
    (said,) = outside_every_pocket(invented_borough)
    assert "Fictional sample in the form of the 2019 edition, people of mid-2015" in said
    every = [told(9.0, outside, pockets=n) for outside in (0, 2, 9) for n in (0, 1)]
    for sentence in [said, *every]:
        without = sentence.replace("counted as income-deprived", "").replace(WHEN, "")
        assert not re.search(r"deprived|poor", without)


def row(areas, people, counted):
    return pd.Series(
        {"lsoa_count": areas, "population_pct": people, f"{INCOME.people}_pct": counted}
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {1: row(3, 10.2, 21.7), 2: row(6, 30.0, 50.0)},
            "Of all people of Ash, 10% live in the most deprived tenth of small areas of England"
            " and 30% in the two most deprived tenths; of those counted as income-deprived, 22% and"
            f" 50% ({WHEN}).",
        ),
        (
            {1: row(0, 0.0, 0.0), 2: row(2, 0.4, 1.2)},
            "Of all people of Ash, less than 1% live in the two most deprived tenths of small areas"
            f" of England; of those counted as income-deprived, 1% ({WHEN}).",
        ),
        (
            {1: row(0, 0.0, 0.0), 2: row(0, 0.0, 0.0)},
            "None of the small areas of Ash is in the two most deprived tenths of England"
            f" ({WHEN}).",
        ),
        (
            {1: row(9, 100.0, 100.0)},
            "Of all people of Ash, all live in the most deprived tenth of small areas of England;"
            f" of those counted as income-deprived, all ({WHEN}).",
        ),
        ({1: row(3, 10.0, math.nan)}, ""),
    ],
)
def test_whom_the_worst_tenths_hold(parts, said):
    assert reach_in_words(INCOME, parts, place="Ash", whole="England", when=WHEN) == said


def ages(*shares):
    return dict(zip(PEOPLE_BY_AGE, shares, strict=True))


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (ages(25.4, 60.0, 14.6), "More of its people are under 16 than in Ash as a whole: 25%,"),
        (ages(24.4, 58.0, 17.6), ""),
        (
            ages(21.0, 63.6, 15.4),
            "Fewer of its people are aged 60 and over than in Ash as a whole:",
        ),
        (
            ages(20.0, 70.0, 10.0),
            "More of its people are aged 16 to 59 than in Ash as a whole: 70%",
        ),
        (ages(math.nan, math.nan, math.nan), ""),
    ],
)
def test_an_age_is_told_where_its_share_as_shown_differs_by_five_points(here, said):
    found = standing_out(here, ages(20.0, 60.0, 20.0), name="Ash", year=2015)
    assert found.startswith(said) if said else found == ""
    assert not said or found.endswith("(mid-2015).")


def test_every_age_has_words():
    assert list(AGED) == list(PEOPLE_BY_AGE)
