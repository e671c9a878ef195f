"""How likely a sum of a few of many values is: against every set written out, and against draws."""

from __future__ import annotations

import tracemalloc
from itertools import combinations

import numpy as np
import pytest

from geo.stats.subset_sums import tails_of_sums

FINE = 2**15


def written_out(values, focal, size, observed):
    """The shares of all sets of the other values with a sum at most, and at least, as high."""
    sums = np.array([sum(chosen) for chosen in combinations(np.delete(values, focal), size)])
    return (sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean()


def every_area(values, size, random):
    """A set for each value of so many of the others, and what is known of it."""
    focal = np.arange(len(values))
    sums = [random.choice(np.delete(values, i), size, replace=False).sum() for i in focal]
    return focal, np.full(len(values), size), np.array(sums)


@pytest.mark.parametrize("size", range(1, 10))
@pytest.mark.parametrize("ties", [True, False])
def test_equals_every_set_of_ten_areas_written_out(size, ties):
    random = np.random.default_rng(size)
    values = random.integers(0, 5, 10).astype(float) if ties else random.gamma(2, 10, 10)
    focal, sizes, sums = every_area(values, size, random)
    found = tails_of_sums(values, focal, sizes, sums, steps=FINE)
    wanted = [written_out(values, i, size, sums[i]) for i in focal]
    np.testing.assert_allclose(found, np.transpose(wanted), atol=1e-12)


def test_rounding_never_makes_a_sum_less_likely():
    random = np.random.default_rng(4)
    values = random.gamma(2, 10, 12)
    focal, sizes, sums = every_area(values, 4, random)
    exact = np.transpose([written_out(values, i, 4, sums[i]) for i in focal])
    for steps in (4, 16, 64, 256):
        found = tails_of_sums(values, focal, sizes, sums, steps=steps)
        assert (found >= exact - 1e-12).all()
        assert (found - exact).max() < 0.3 * 64 / steps


def test_equals_draws_without_replacement_from_thousands():
    random = np.random.default_rng(6)
    values = np.exp(random.normal(size=3000))
    for size in (1, 2, 5, 25):
        focal, sizes, sums = every_area(values, size, random)
        found = tails_of_sums(values, focal, sizes, sums, steps=FINE)
        drawn = values[random.integers(0, len(values), (40_000, size))].sum(axis=1)
        for share, observed in zip(found[0, :100], sums[:100], strict=True):
            error = np.sqrt(share * (1 - share) / len(drawn))
            assert abs((drawn <= observed).mean() - share) < 5 * error + size / len(values)


def test_what_is_far_from_chance_is_told_to_twelve_digits():
    values = np.arange(200.0)
    top = np.arange(200.0)[-6:].sum()
    found = tails_of_sums(values, np.array([0]), np.array([6]), np.array([top]), steps=64 * 199)
    sets = 199 * 198 * 197 * 196 * 195 * 194 / 720
    assert found[1, 0] == pytest.approx(1 / sets, abs=2e-12)
    assert found[0, 0] == pytest.approx(1)
    last = tails_of_sums(
        values, np.array([0]), np.array([20]), values[-20:].sum()[None], steps=64 * 199
    )
    assert last[1, 0] == 1e-12


@pytest.mark.parametrize(
    ("number", "size", "steps"),
    [(20, 9, 19 * 64), (60, 29, 59 * 64), (300, 30, 299 * 8), (290, 144, 289)],
)
def test_sets_of_half_the_values_lose_no_digits(number, size, steps):
    values, first = np.arange(float(number)), np.array([0])
    middle = np.array([number / 2 * size])
    below, above = tails_of_sums(values, first, np.array([size]), middle, steps=steps)[:, 0]
    # Sums of values spread evenly around the one observed are as often below it as above it.
    assert below == pytest.approx(above, abs=1e-9)
    assert 0.5 < below < 0.62


def test_a_set_and_what_it_leaves_are_as_likely():
    random = np.random.default_rng(9)
    values = random.gamma(2, 10, 40)
    focal, sizes, sums = every_area(values, 7, random)
    others = values.sum() - values - sums
    few = tails_of_sums(values, focal, sizes, sums, steps=FINE)
    many = tails_of_sums(values, focal, 39 - sizes, others, steps=FINE)
    np.testing.assert_allclose(few, many[::-1], atol=1e-12)


def test_all_others_are_the_only_set():
    values = np.array([3.0, 1.0, 4.0])
    found = tails_of_sums(values, np.array([0]), np.array([2]), np.array([5.0]), steps=FINE)
    assert found.tolist() == [[1.0], [1.0]]


def test_memory_stays_under_a_quarter_of_a_gigabyte():
    random = np.random.default_rng(2)
    values = random.gamma(2, 10, 200)
    focal, sizes, sums = every_area(values, 40, random)
    tracemalloc.start()
    tails_of_sums(values, focal, sizes, sums, steps=2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 250e6
