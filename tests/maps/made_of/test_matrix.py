"""Pockets by layers: rows in order, cells in words, tones by class, text that can be read."""

from __future__ import annotations

import re

import pytest

from maps.look import palette
from maps.made_of.matrix import matrix_of, tones
from tests.invented import invented

LIMITS = (1, 5, 10, 20, 50)


@pytest.fixture(scope="module")
def borough():
    return invented()


@pytest.fixture(scope="module")
def matrix(borough):
    return matrix_of(borough)


def test_rows_are_the_pockets_in_order_then_the_borough_and_the_whole(matrix, borough):
    names = borough.pockets.sort_values("number")["name"].to_list()
    assert [line.name for line in matrix.lines] == [*names, "Northmere", "The sample"]
    assert [line.number for line in matrix.lines] == ["1", "2", "", ""]
    assert [layer.short for layer in matrix.layers] == [
        *("Income", "Employment", "Education and skills", "Health and disability", "Crime"),
        *("Housing and services", "Living environment", "Fuel poverty", "PM2.5", "NO2"),
        "COVID-19 mortality ratio",
    ]


def test_cells_of_domains_are_percentiles_in_the_classes_of_a_map(matrix, borough):
    for line in matrix.lines[:2]:
        pocket = borough.pockets.loc[line.code]
        for layer, cell in zip(matrix.layers[:7], line.cells, strict=False):
            share = pocket[f"{layer.id}_mean_percentile"]
            assert cell.value == f"{share:.0f}"
            # the worst 1% are those above the 99th percentile
            assert cell.tone == sum(100 - share > limit for limit in LIMITS)
            assert cell.told.endswith("in the sample")


def test_other_layers_have_their_value_and_fifth(matrix, borough):
    words = ("highest fifth", "2nd fifth", "middle fifth", "4th fifth", "lowest fifth")
    for line in matrix.lines[:2]:
        pocket = borough.pockets.loc[line.code]
        for layer, cell in zip(matrix.layers[7:], line.cells[7:], strict=True):
            fifth = int(pocket[f"{layer.id}_quintile_england"])
            assert cell.told == f"{words[fifth - 1]} of pockets in the sample"
            assert palette.SEQUENTIAL[cell.tone] == palette.ramp(5)[fifth - 1]
        fuel = line.cells[7]
        assert fuel.value == f"{pocket['fuel_poverty_2020_pct']:.1f}%"
        assert re.fullmatch(r"(\w+ fifth)( to \w+ fifth)?", fuel.ends)


def test_the_borough_and_the_whole_are_not_shaded(matrix):
    cells = [cell for line in matrix.lines[2:] for cell in line.cells]
    assert {cell.tone for cell in cells} == {None}
    assert {cell.told for cell in cells} == {""}


def test_text_can_be_read_on_every_tone():
    found = re.findall(r"background: (#\w{6}); color: (#\w{6})", tones())
    assert tuple(fill for fill, _ in found) == palette.SEQUENTIAL
    assert min(palette.contrast(*pair) for pair in found) >= 4.5


def test_without_pockets_there_is_no_matrix():
    assert matrix_of(invented(pockets=False)) is None
