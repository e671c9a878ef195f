"""What is said of values that were carried from areas of another census."""

from __future__ import annotations

import pytest

from maps.look.classify import FORMER_CLASS, classify_layer
from maps.look.view import mapped, ranked
from maps.words.captions import layer_words
from maps.words.carried import carried_here, mark_of, marks, share_estimated
from tests.invented import carried


@pytest.fixture(scope="module")
def borough(invented_borough):
    return carried(invented_borough)


@pytest.fixture(scope="module")
def layers(borough):
    return [borough.edition.layer(key) for key in ("pm25_2021_23", "covid_2020_21")]


def test_a_mark_says_what_a_value_is_of(layers):
    air, deaths = layers
    said = {link: (mark_of(air, link), mark_of(deaths, link)) for link in "SX"}
    assert said == {
        "S": ("estimated: of the former LSOA", "of the former MSOA, not ranked"),
        "X": ("estimated", "of the former MSOAs, not ranked"),
    }
    assert mark_of(air, "M") == "estimated"


def test_every_estimated_value_is_marked_and_no_other(borough, layers):
    air, deaths = layers
    codes = borough.lsoa.index
    assert marks(air, borough.lsoa) == {
        codes[0]: "estimated: of the former LSOA",
        codes[1]: "estimated: of the former LSOA",
        codes[2]: "estimated",
    }
    assert marks(air, borough.msoa) == {borough.msoa.index[0]: "estimated for 40% of its people"}
    assert list(marks(deaths, borough.msoa)) == [borough.msoa.index[1]]
    below = borough.lsoa.index[borough.lsoa["msoa_code"] == borough.msoa.index[1]]
    assert list(marks(deaths, borough.lsoa)) == list(below)
    assert marks(borough.edition.layer("no2_2021_23"), borough.lsoa) == {}


def test_a_share_of_nothing_is_not_said():
    assert share_estimated(float("nan")) == share_estimated(0.0) == ""
    assert share_estimated(100.0) == "estimated for all of its people"
    assert share_estimated(0.2) == "estimated for less than 1% of its people"


def test_a_borough_is_told_how_many_of_its_areas_are_estimated(borough, layers, invented_borough):
    air, deaths = layers
    assert carried_here(borough, air) == (
        "In 3 of 25 small areas of Northmere boundaries have changed since the census"
        " that the figures are of, so the value is an estimate: 2 show that of a former area that"
        " was divided, 1 shows a mean of several that were merged."
    )
    assert carried_here(borough, deaths) == (
        "1 of 5 neighbourhoods of Northmere shows the ratio of a former neighbourhood that"
        " was divided, and is neither ranked nor tested for clusters."
    )
    assert carried_here(invented_borough, air) == carried_here(invented_borough, deaths) == ""


def test_the_sentence_stands_beside_the_printed_map(borough, layers):
    for layer in layers:
        assert ("Estimated", carried_here(borough, layer)) in layer_words(borough, layer)


def test_what_only_shows_a_value_has_a_class_of_its_own_in_a_map_of_ranks(borough, layers):
    _, deaths = layers
    own = classify_layer(borough.msoa, deaths, "borough", count=10, place="Northmere")
    part = borough.msoa.index[1]
    assert own.labels[part] == FORMER_CLASS.label
    assert own.classes[own.numbers[part]].count == 1
    assert FORMER_CLASS.label in [entry.label for entry in own.legend]
    # By value it is among the others: its ratio is shown.
    england = mapped(borough, deaths, "england")
    assert england.classes[england.numbers[part]].pattern == "plain"
    assert ranked(borough, deaths, "MSOA")["borough"] == 4
