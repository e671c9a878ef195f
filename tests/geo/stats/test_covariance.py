"""Covariances of coefficients: by hand, against statsmodels, and where they must agree."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from geo.stats.covariance import conley, hc3

X = np.column_stack([np.ones(40), np.linspace(0, 1, 40)])
ERRORS = np.random.default_rng(5).normal(0, 1 + X[:, 1], 40)
FIT = sm.OLS(2 + 3 * X[:, 1] + ERRORS, X).fit()
SCATTERED = np.random.default_rng(6).uniform(0, 12_000, (40, 2))


def test_hc3_is_that_of_statsmodels():
    assert hc3(X, FIT.resid) == pytest.approx(FIT.get_robustcov_results("HC3").cov_params())


def test_areas_out_of_reach_of_each_other_make_it_hc1():
    apart = np.column_stack([np.arange(40) * 4_000.0, np.zeros(40)])
    ours = conley(X, FIT.resid, apart, reach_m=4_000)
    assert ours == pytest.approx(FIT.get_robustcov_results("HC1").cov_params())


def test_three_areas_by_hand():
    # A mean of three (no slope): residuals 1, −2 and 4; the first two are 1 km apart, so their
    # product counts for three quarters, twice: 1 + 4 + 16 + 2 · ¾ · (1 · −2) = 18.
    design = np.ones((3, 1))
    places = np.array([[0.0, 0.0], [600.0, 800.0], [9_000.0, 0.0]])
    found = conley(design, np.array([1.0, -2.0, 4.0]), places, reach_m=4_000)
    assert found.item() == pytest.approx(3 / 2 * 18 / 9)


def test_every_pair_counts_by_its_distance():
    scores = X * FIT.resid[:, None]
    meat = np.zeros((2, 2))
    for one, here in enumerate(SCATTERED):
        for other, there in enumerate(SCATTERED):
            near = max(0.0, 1 - np.hypot(*(here - there)) / 4_000)
            meat += near * np.outer(scores[one], scores[other])
    bread = np.linalg.inv(X.T @ X)
    expected = 40 / 38 * bread @ meat @ bread
    assert conley(X, FIT.resid, SCATTERED, reach_m=4_000) == pytest.approx(expected)


def test_areas_in_one_place_share_one_error():
    # Each area twice in the same place: the likeness of the two is whole.
    twice, together = np.vstack([X, X]), np.vstack([SCATTERED, SCATTERED]) * 100
    residuals = np.concatenate([FIT.resid, FIT.resid])
    found = conley(twice, residuals, together, reach_m=1)
    once = conley(X, FIT.resid, SCATTERED * 100, reach_m=1)
    assert found * 78 / 80 == pytest.approx(once * 38 / 40)
