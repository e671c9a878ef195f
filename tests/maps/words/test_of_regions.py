"""Sentences about several boroughs: which way a line runs, and where nothing is said of it."""

from __future__ import annotations

import pandas as pd
import pytest

from layers.borough.region import Line
from maps.words.of_regions import line


@pytest.mark.parametrize(
    ("slope", "r_squared", "said", "formula"),
    [
        (0.0171, 0.42, "on the whole higher where", "ratio = 0.63 + 0.0171 × score, R² = 0.42"),
        (-0.0171, 0.42, "on the whole lower where", "ratio = 0.63 − 0.0171 × score, R² = 0.42"),
        (0.0004, 0.05, "on the whole higher where", "ratio = 0.63 + 0.0004 × score, R² = 0.05"),
        (-0.0004, 0.05, "on the whole lower where", "ratio = 0.63 − 0.0004 × score, R² = 0.05"),
        (0.0171, 0.049, "hardly runs with", "ratio = 0.63 + 0.0171 × score, R² = 0.05"),
        (-0.0171, 0.049, "hardly runs with", "ratio = 0.63 − 0.0171 × score, R² = 0.05"),
        (0.0, 0.0, "hardly runs with", "ratio = 0.63 + 0.0000 × score, R² = 0.00"),
    ],
)
def test_a_direction_is_said_of_a_line_that_most_points_lie_along(slope, r_squared, said, formula):
    points = pd.DataFrame({"value": range(307)})
    told = line(Line(slope=slope, intercept=0.6339, r_squared=r_squared, points=points))
    assert told.startswith(f"Over 307 MSOAs the ratio {'is ' if 'whole' in said else ''}{said} ")
    assert formula in told
    assert ("of the variance" in told) == ("whole" in said)
    assert len([way for way in ("higher where", "lower where", "hardly") if way in told]) == 1
