"""Weighted means and shares of groups, checked by eye and by their definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.stats.means import weighted_mean

BY = pd.Series(list("aab"), index=["x", "y", "z"])


def test_areas_without_a_value_count_for_nothing():
    values = pd.Series([1.0, np.nan, np.nan], BY.index)
    found = weighted_mean(values, pd.Series([2, 8, 5], BY.index), BY)
    assert found["a"] == 1.0
    assert np.isnan(found["b"])


def test_a_group_in_which_nobody_lives_has_no_mean():
    found = weighted_mean(pd.Series([1.0, 3.0, 9.0], BY.index), pd.Series(0, BY.index), BY)
    assert found.isna().all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-50, 50), st.integers(1, 3000)), min_size=1, max_size=20))
def test_a_weighted_mean_lies_within_its_values(rows):
    values, weights = (pd.Series(list(column)) for column in zip(*rows, strict=True))
    found = weighted_mean(values, weights, pd.Series("a", values.index)).item()
    assert values.min() - 1e-9 <= found <= values.max() + 1e-9
