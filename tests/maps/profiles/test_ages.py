"""Who lives in a place: its ages beside those of its borough and of England."""

from __future__ import annotations

import math

import pytest

from layers.kinds.reading import PEOPLE_BY_AGE
from maps.profiles.ages import age_rows, age_sentence
from maps.words.people import age_shares


def test_shares_are_of_all_people_and_add_up():
    place = dict(zip(PEOPLE_BY_AGE, (20, 50, 30), strict=True)) | {"population": 100}
    assert list(age_shares(place).values()) == [20.0, 50.0, 30.0]
    assert all(math.isnan(share) for share in age_shares({"population": 0}).values())


def test_rows_tell_people_and_shares_here_in_the_borough_and_in_england(invented_borough):
    pocket = invented_borough.pockets.iloc[0].to_dict()
    district, everyone = invented_borough.district, invented_borough.people
    rows = age_rows(invented_borough, pocket)
    assert [row.ages for row in rows] == ["Under 16", "Aged 16 to 59", "Aged 60 and over"]
    for row, column in zip(rows, PEOPLE_BY_AGE, strict=True):
        assert row.people == f"{pocket[column]:,.0f}"
        assert row.share == f"{100 * pocket[column] / pocket['population']:.1f}%"
        assert row.borough == f"{100 * district[column] / district['population']:.1f}%"
        assert row.england == f"{100 * everyone[column] / everyone['population']:.1f}%"
        assert f"Here {row.share}; Northmere {row.borough}; the sample {row.england}." in row.bar


def test_the_bar_is_as_long_as_the_share(invented_borough):
    half = {"population": 100, **dict.fromkeys(PEOPLE_BY_AGE, 50)}
    bar = age_rows(invented_borough, half)[0].bar
    assert '<path class="share" d="M8 8H130v12H8z"/>' in bar
    assert 'class="borough"' in bar
    assert 'class="england"' in bar


def test_nothing_is_shown_of_ages_that_are_not_known(invented_borough):
    assert age_rows(invented_borough, {"population": 100}) == []
    assert age_sentence(invented_borough, {"population": 100}) == ""


def test_a_place_that_stands_out_is_told(invented_borough):
    young = {"population": 100, **dict(zip(PEOPLE_BY_AGE, (60, 30, 10), strict=True))}
    said = age_sentence(invented_borough, young)
    assert said.startswith("More of its people are under 16 than in Northmere as a whole: 60%")
    assert age_sentence(invented_borough, dict(invented_borough.district)) == ""


@pytest.mark.parametrize("ages", PEOPLE_BY_AGE)
def test_every_age_has_a_bar_of_its_own(invented_borough, ages):
    pocket = invented_borough.pockets.iloc[0].to_dict()
    bars = "".join(row.bar for row in age_rows(invented_borough, pocket))
    assert bars.count(f'id="{ages.replace("_", "-")}-t"') == 1
