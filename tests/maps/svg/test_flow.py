"""The table of shaded squares: counts, shades, frames."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from maps.look import palette
from maps.svg.flow import CELL, LEFT, TOP, flow_chart, shade_of


@pytest.fixture(scope="module")
def drawn():
    counts = pd.DataFrame(
        {"decile_before": [1, 1, 3, 1], "decile_now": [1, 2, 2, 1], "lsoa_count": [20, 4, 1, 20]}
    )
    return flow_chart(
        counts, before="2019", now="2025", key="flow", title="Flow", description="Told in words."
    )


def test_a_square_says_its_count_in_the_row_of_before_and_the_column_of_now(drawn):
    found = re.findall(r'<text class="count([^"]*)" x="([\d.]+)" y="([\d.]+)">(\d+)<', drawn)
    at = {
        (round((float(y) - 4 - TOP) / CELL + 0.5), round((float(x) - LEFT) / CELL + 0.5)): int(text)
        for _, x, y, text in found
    }
    assert at == {(1, 1): 40, (1, 2): 4, (3, 2): 1}


def test_shades_repeat_the_count_and_none_has_none():
    shades = [shade_of(count, 40) for count in (0, 1, 10, 20, 40)]
    assert shades[0] == palette.PAPER
    assert len(set(shades)) == 5
    light = [palette.luminance(shade) for shade in shades]
    assert light == sorted(light, reverse=True)


def test_counts_can_be_read_on_their_shade(drawn):
    squares = dict(re.findall(r'x="(\d+)" y="\d+" width="34" height="34" fill="(#\w+)"', drawn))
    assert squares
    for shade in {shade_of(count, 40) for count in range(41)}:
        assert palette.contrast(palette.ink_on(shade), shade) >= 4.5


def test_the_picture_is_told_in_words_and_its_diagonal_is_framed(drawn):
    assert '<title id="flow-t">Flow</title><desc id="flow-d">Told in words.</desc>' in drawn
    assert drawn.count('class="kept"') == 10
    assert drawn.count('class="cell"') == 100
