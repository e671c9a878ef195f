"""Gradients in words: a direction only where there is one, and a gap that a reader can check."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal

import pytest

from layers.findings.gradients import gradients_of as measured
from layers.layer import edition
from maps.words.of_gradients import (
    doubt,
    gap,
    gradient_sentence,
    gradients_in_words,
    relative_index,
    slope_index,
)

LAYERS = edition("2019").layer
NAN = float("nan")
FUEL, NO2, PM25, COVID = (
    LAYERS(layer) for layer in ("fuel_poverty_2020", "no2_2021_23", "pm25_2021_23", "covid_2020_21")
)


def row(least, most, slope, limits, **more):
    """Return the row of a gradient over tenths."""
    lower, upper = limits
    known = {"parts": 10, "circular": False, "relative": NAN, "relative_lower": NAN}
    ends = {"least": least, "most": most, "slope": slope}
    rest = {"slope_lower": lower, "slope_upper": upper, "relative_upper": NAN}
    return known | ends | rest | more


@pytest.mark.parametrize(
    ("layer", "found", "verdict"),
    [
        # 15.702 apart, and shown as 7.1 and 22.9.
        (FUEL, row(7.149, 22.851, 17.2, (14.2, 20.3)), "15.8 percentage points more"),
        (FUEL, row(22.851, 7.149, -17.2, (-20.3, -14.2)), "15.8 percentage points less"),
        (NO2, row(8.54, 14.46, 6.0, (5.0, 7.0)), "6.0 µg/m³ more"),
        (PM25, row(6.784, 6.716, -0.08, (-0.1, -0.06)), "0.06 µg/m³ less"),
        (COVID, row(0.823, 1.534, 0.7, (0.5, 0.9)), "0.71 more"),
        (NO2, row(8.5, 14.5, 6.0, (-0.1, 12.1)), "no clear gradient (the limits of its slope"),
        (NO2, row(8.5, 14.5, 6.0, (0.0, 12.0)), "no clear gradient (the limits of its slope"),
        (NO2, row(14.5, 8.5, -6.0, (-12.1, 0.1)), "no clear gradient (the limits of its slope"),
        (NO2, row(9.0, 8.9, 0.2, (0.1, 0.3)), "no clear gradient (its slope index and these two"),
        (NO2, row(8.9, 9.0, -0.2, (-0.3, -0.1)), "no clear gradient (its slope index and these"),
        (NO2, row(9.01, 9.04, 0.2, (0.1, 0.3)), "no clear gradient (its slope index and these"),
        (NO2, row(9.0, 9.0, 0.0, (NAN, NAN)), "no clear gradient (its slope index has no limits)"),
    ],
)
def test_a_direction_is_said_only_where_there_is_one(layer, found, verdict):
    said = gradient_sentence(layer, found, name="Halton")
    assert f"in the most deprived: {verdict}" in said
    assert said.startswith(f"{layer.title}: ")
    assert said.endswith(".")
    assert bool(doubt(layer, found)) == ("no clear gradient" in said)
    assert len(re.findall(r"\b(more|less|no clear gradient)\b", said)) == 1


@pytest.mark.parametrize("layer", [FUEL, NO2, PM25, COVID])
def test_a_gap_is_the_difference_of_what_is_shown(layer):
    for step in range(200):
        least, most = 7.0 + step * 0.0137, 12.0 + step * 0.0291
        said = gradient_sentence(layer, row(least, most, 5.0, (4.0, 6.0)), name="Halton")
        numbers = [Decimal(number) for number in re.findall(r"\d+\.\d+", said.split(": ", 1)[1])]
        if layer is PM25:
            numbers = numbers[-3:]
        assert numbers[1] - numbers[0] == numbers[2] == gap(layer, least, most)


@pytest.mark.parametrize("found", [row(1, 2, 1, (0, 2), parts=0), row(1, NAN, 1, (0, 2))])
def test_nothing_is_said_without_parts_or_values(found):
    assert gradient_sentence(NO2, found, name="Halton") == ""


def test_nothing_is_said_of_the_indices_against_themselves():
    assert (
        gradient_sentence(LAYERS("imd_2019"), row(1, 2, 1, (NAN, NAN), circular=True), name="H")
        == ""
    )


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (FUEL, "17.2 percentage points (95% limits 14.2 to 20.3)"),
        (NO2, "17.2 µg/m³ (95% limits 14.2 to 20.3)"),
        (PM25, "17.20 µg/m³ (95% limits 14.20 to 20.30)"),
        (COVID, "17.20 in the ratio (95% limits 14.20 to 20.30)"),
        (LAYERS("imd_2019"), "17.2 points of score (95% limits 14.2 to 20.3)"),
    ],
)
def test_a_slope_index_has_its_unit(layer, said):
    assert slope_index(layer, row(0, 0, 17.2, (14.2, 20.3))) == said


def test_the_slope_index_of_a_share_is_in_percentage_points():
    said = slope_index(LAYERS("imd_2019_income"), row(0, 0, 0.172, (0.142, 0.203)))
    assert said == "17.2 percentage points (95% limits 14.2 to 20.3)"


def test_an_index_without_limits_or_value_says_so_and_nought_has_no_sign():
    assert slope_index(NO2, row(0, 0, -0.04, (NAN, NAN))) == "0.0 µg/m³"
    assert slope_index(NO2, row(0, 0, -0.04, (-0.14, 0.06))) == "0.0 µg/m³ (95% limits −0.1 to 0.1)"
    assert slope_index(NO2, row(0, 0, NAN, (NAN, NAN))) == "none"
    found = row(0, 0, 1, (0, 2), relative=1.234, relative_lower=0.5, relative_upper=2.1)
    assert relative_index(found) == "1.23 (95% limits 0.50 to 2.10)"
    assert relative_index(row(0, 0, 1, (0, 2))) == "none"


def test_limits_stand_alone_under_a_heading_that_names_them():
    found = row(0, 0, 17.2, (14.2, 20.3), relative=1.234, relative_lower=0.5, relative_upper=2.1)
    assert slope_index(FUEL, found, named=False) == "17.2 percentage points (14.2 to 20.3)"
    assert relative_index(found, named=False) == "1.23 (0.50 to 2.10)"


def test_gradients_of_a_borough_are_those_of_layers_beside_the_indices(invented_boroughs):
    northmere = invented_boroughs["northmere"]
    assert gradients_in_words(northmere) == []
    found = measured(northmere.edition, northmere.lsoa, northmere.msoa)
    own = dataclasses.replace(northmere, gradients=found.indices, gradient_parts=found.parts)
    gradients = gradients_in_words(own)
    assert [one.layer.id for one in gradients] == [
        layer.id
        for layer in own.edition.layers
        if layer.kind != "imd" and found.indices["parts"][layer.id] > 0
    ]
    for one in gradients:
        assert one.part == {10: "tenth", 5: "fifth"}[len(one.parts)]
        assert one.parts.index.to_list() == list(range(len(one.parts), 0, -1))
        assert one.parts["value"].iloc[-1] == one.row["most"]
