"""Gradients: agreement with statsmodels, parts checked by eye, and a stated answer to bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.stats.inequality import gradient, ridits

SEEDS = st.integers(0, 10_000)


def codes(count: int) -> list[str]:
    return [f"E019{i:05d}" for i in range(count)]


def areas(count: int, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    deprivation = random.permutation(np.round(random.gamma(2, 12, count), 3))
    noise = random.normal(0, 3, count)
    return pd.DataFrame(
        {
            "value": 8 + 0.2 * deprivation + noise,
            "deprivation": deprivation,
            "population": random.integers(900, 3000, count),
        },
        index=codes(count),
    )


@given(st.integers(20, 120), SEEDS)
@settings(deadline=None, max_examples=40)
def test_the_slope_and_its_limits_agree_with_statsmodels(count: int, seed: int) -> None:
    places = areas(count, seed)
    found = gradient(places["value"], places["deprivation"], places["population"])
    design = sm.add_constant(ridits(places["deprivation"], places["population"]).to_numpy())
    model = sm.WLS(places["value"].to_numpy(), design, weights=places["population"].to_numpy())
    theirs = model.fit(cov_type="HC3", use_t=True)
    intercept, slope = theirs.params
    assert found.slope == pytest.approx(slope)
    assert found.relative == pytest.approx((intercept + slope) / intercept)
    limits = (found.slope_lower_hc3, found.slope_upper_hc3)
    assert limits == pytest.approx(tuple(theirs.conf_int()[1]))


def placed(count: int, spacing_m: float) -> pd.DataFrame:
    """Return centroids in a row from west to east, in the order of the codes."""
    row = {"easting": 350_000 + spacing_m * np.arange(count), "northing": 390_000.0}
    return pd.DataFrame(row, index=codes(count))


@pytest.mark.parametrize("pooled", [False, True])
def test_limits_in_a_row_of_areas_are_those_of_newey_and_west(pooled: bool) -> None:
    # Every kilometre an area: a kernel of 4 km reaches three neighbours, with weights ¾, ½ and ¼.
    places = areas(90, 7)
    smooth = places["value"].rolling(5, min_periods=1, center=True).mean()
    found = gradient(
        smooth,
        places["deprivation"],
        places["population"],
        centroids=placed(90, 1000),
        pooled_by=places["population"] / 2 if pooled else None,
    )
    design = sm.add_constant(ridits(places["deprivation"], places["population"]).to_numpy())
    model = sm.WLS(smooth.to_numpy(), design, weights=places["population"].to_numpy())
    lags = {"maxlags": 3, "use_correction": True}
    theirs = model.fit(cov_type="HAC", cov_kwds=lags, use_t=True)
    assert (found.slope_lower, found.slope_upper) == pytest.approx(tuple(theirs.conf_int()[1]))
    plain = gradient(smooth, places["deprivation"], places["population"])
    assert (found.slope_lower_hc3, found.slope) == (plain.slope_lower_hc3, plain.slope)


def test_without_centroids_there_are_only_the_limits_that_know_of_no_neighbours() -> None:
    places = areas(60)
    found = gradient(places["value"], places["deprivation"], places["population"])
    assert np.isnan([found.slope_lower, found.slope_upper, found.relative_lower]).all()
    assert not np.isnan([found.slope_lower_hc3, found.relative_upper_hc3]).any()


def test_the_relative_index_has_limits_by_the_delta_method_on_its_logarithm() -> None:
    places = areas(80, 4)
    found = gradient(places["value"], places["deprivation"], places["population"])
    design = sm.add_constant(ridits(places["deprivation"], places["population"]).to_numpy())
    model = sm.WLS(places["value"].to_numpy(), design, weights=places["population"].to_numpy())
    theirs = model.fit(cov_type="HC3", use_t=True)

    def logarithm(params: np.ndarray) -> float:
        return float(np.log(params[0] + params[1]) - np.log(params[0]))

    # The derivative is taken numerically, so that it does not repeat the formula in the code.
    step = 1e-6
    slopes = np.array(
        [
            (logarithm(theirs.params + step * unit) - logarithm(theirs.params)) / step
            for unit in np.eye(2)
        ]
    )
    error = float(np.sqrt(slopes @ theirs.cov_params() @ slopes))
    t = (theirs.conf_int()[1][1] - theirs.params[1]) / theirs.bse[1]
    above, below = (
        found.relative_upper_hc3 / found.relative,
        found.relative / found.relative_lower_hc3,
    )
    assert np.log([above, below]) == pytest.approx([t * error] * 2, rel=1e-4)


def test_a_straight_line_is_found_exactly() -> None:
    places = areas(60)
    places["value"] = 10 + 5 * ridits(places["deprivation"], places["population"])
    found = gradient(places["value"], places["deprivation"], places["population"])
    assert (found.fitted_least, found.fitted_most) == pytest.approx((10, 15))
    assert (found.slope, found.relative) == pytest.approx((5, 1.5))
    assert (found.slope_lower_hc3, found.slope_upper_hc3) == pytest.approx((5, 5))


def test_ridits_lie_between_nought_and_one_and_average_a_half() -> None:
    people = pd.Series([100, 300, 100, 500], index=list("abcd"))
    placed = ridits(pd.Series([9.0, 2.0, 5.0, 5.0], index=list("abcd")), people)
    assert placed.to_dict() == pytest.approx({"a": 0.95, "b": 0.15, "c": 0.6, "d": 0.6})
    assert (placed * people).sum() / people.sum() == pytest.approx(0.5)


def test_fifths_by_eye() -> None:
    # Twenty areas of 100 people: four to a fifth, the most deprived first.
    index = codes(20)
    deprivation = pd.Series(np.arange(20.0), index=index)
    values = pd.Series(np.arange(1.0, 21.0), index=index)
    found = gradient(values, deprivation, pd.Series(100, index=index))
    assert found.parts == 5
    assert found.groups.index.tolist() == [1, 2, 3, 4, 5]
    assert found.groups["areas"].tolist() == [4] * 5
    assert found.groups["population"].tolist() == [400.0] * 5
    assert found.groups["value"].tolist() == [18.5, 14.5, 10.5, 6.5, 2.5]
    assert (found.most, found.least, found.gap) == (18.5, 2.5, 16.0)
    assert found.ratio == pytest.approx(18.5 / 2.5)


def test_an_area_belongs_to_the_part_that_holds_the_midpoint_of_its_people() -> None:
    # The most deprived area holds 30% of the people; its midpoint, 15%, lies in the first fifth.
    index = codes(21)
    population = pd.Series([600] + [70] * 20, index=index)
    deprivation = pd.Series(np.arange(21.0, 0.0, -1.0), index=index)
    found = gradient(deprivation, deprivation, population, circular=True)
    assert found.groups.loc[1, "areas"] == 1
    assert found.groups.loc[1, "population"] == 600
    assert found.groups["areas"].sum() == 21


@pytest.mark.parametrize(("count", "parts"), [(19, 0), (20, 5), (49, 5), (50, 10), (298, 10)])
def test_the_number_of_parts_follows_the_number_of_areas(count: int, parts: int) -> None:
    found = gradient(*(areas(count)[name] for name in ("value", "deprivation", "population")))
    assert found.parts == parts == len(found.groups)
    assert np.isnan(found.gap) == (parts == 0)
    assert not np.isnan(found.slope_lower_hc3)


def test_pooling_by_expected_deaths_gives_observed_over_expected() -> None:
    places = areas(50, 3)
    random = np.random.default_rng(3)
    expected = pd.Series(random.uniform(5, 30, 50), index=places.index)
    observed = pd.Series(random.poisson(expected), index=places.index)
    found = gradient(
        observed / expected, places["deprivation"], places["population"], pooled_by=expected
    )
    placed = ridits(places["deprivation"], places["population"])
    first = placed.index[placed > 0.9]
    assert found.most == pytest.approx(observed[first].sum() / expected[first].sum())


@given(st.integers(3, 80), SEEDS)
@settings(deadline=None, max_examples=40)
def test_parts_partition_areas_and_people_and_order_changes_nothing(count: int, seed: int) -> None:
    places = areas(count, seed)
    found = gradient(places["value"], places["deprivation"], places["population"])
    if found.parts:
        assert found.groups["areas"].sum() == count
        assert found.groups["population"].sum() == places["population"].sum()
    turned = places.sample(frac=1, random_state=seed)
    again = gradient(turned["value"], turned["deprivation"], turned["population"])
    assert again.row() == pytest.approx(found.row(), nan_ok=True, rel=0, abs=0)
    pd.testing.assert_frame_equal(again.groups, found.groups)


@given(SEEDS)
@settings(deadline=None, max_examples=20)
def test_a_monotone_rescaling_of_deprivation_changes_nothing(seed: int) -> None:
    places = areas(50, seed)
    found = gradient(places["value"], places["deprivation"], places["population"])
    bent = gradient(places["value"], places["deprivation"] ** 3 + 1, places["population"])
    assert bent.row() == found.row()


def test_areas_equally_deprived_are_interchangeable() -> None:
    places = areas(60)
    places["deprivation"] = places["deprivation"].round(-1)
    found = gradient(places["value"], places["deprivation"], places["population"])
    renamed = places.set_index(pd.Index(codes(60)[::-1]))
    again = gradient(renamed["value"], renamed["deprivation"], renamed["population"])
    assert again.slope == pytest.approx(found.slope)
    assert again.groups["value"].tolist() == pytest.approx(
        found.groups["value"].tolist(), nan_ok=True
    )


def test_what_is_circular_is_described_without_limits() -> None:
    places = areas(60)
    found = gradient(
        places["deprivation"],
        places["deprivation"],
        places["population"],
        centroids=placed(60, 500),
        circular=True,
    )
    assert found.circular
    assert found.slope > 0
    assert found.gap > 0
    nothing = [name for name in found.row() if name.startswith(("slope_", "relative", "ratio"))]
    assert len(nothing) == 10
    assert all(np.isnan(found.row()[name]) for name in nothing)


def test_a_constant_layer_has_no_gradient_and_no_limits() -> None:
    places = areas(60).assign(value=4.0)
    found = gradient(places["value"], places["deprivation"], places["population"])
    assert found.slope == pytest.approx(0, abs=1e-9)
    assert (found.relative, found.ratio) == pytest.approx((1.0, 1.0))
    assert found.gap == pytest.approx(0, abs=1e-9)
    assert np.isnan([found.slope_lower_hc3, found.slope_upper_hc3, found.relative_lower_hc3]).all()


def test_areas_without_a_value_are_left_out_with_their_people_and_counted() -> None:
    places = areas(60)
    holes = places.copy()
    holes.loc[holes.index[::5], "value"] = np.nan
    found = gradient(holes["value"], holes["deprivation"], holes["population"])
    kept = holes.dropna()
    without = gradient(kept["value"], kept["deprivation"], kept["population"])
    assert (found.areas, found.missing) == (48, 12)
    assert found.parts == 5
    assert found.population == kept["population"].sum()
    assert found.slope == without.slope


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_areas_have_no_line(count: int) -> None:
    found = gradient(*(areas(count)[name] for name in ("value", "deprivation", "population")))
    assert found.areas == count
    assert np.isnan([found.slope, found.slope_lower, found.relative, found.gap, found.ratio]).all()
    assert found.groups.empty


def test_where_all_are_equally_deprived_there_is_no_line() -> None:
    places = areas(60).assign(deprivation=7.0)
    found = gradient(places["value"], places["deprivation"], places["population"])
    assert np.isnan([found.slope, found.gap]).all()
    assert found.groups["areas"].sum() == 60


def test_no_relative_index_where_the_line_starts_at_nought_or_below() -> None:
    places = areas(60)
    placed = ridits(places["deprivation"], places["population"])
    found = gradient(100 * placed - 20, places["deprivation"], places["population"])
    assert found.slope == pytest.approx(100)
    assert np.isnan([found.relative, found.relative_lower, found.relative_upper]).all()


def test_an_area_that_alone_decides_the_line_leaves_no_limits() -> None:
    index = codes(4)
    found = gradient(
        pd.Series([1.0, 2.0, 1.0, 5.0], index=index),
        pd.Series([1.0, 1.0, 1.0, 9.0], index=index),
        pd.Series(100, index=index),
        centroids=placed(4, 500),
    )
    assert not np.isnan(found.slope)
    assert np.isnan([found.slope_lower, found.slope_upper, found.slope_lower_hc3]).all()


def test_negative_people_are_refused_by_name() -> None:
    places = areas(30)
    places.loc["E01900007", "population"] = -5
    with pytest.raises(InputError, match="E01900007"):
        gradient(places["value"], places["deprivation"], places["population"])


def test_the_row_of_a_table_holds_everything_but_the_groups() -> None:
    found = gradient(*(areas(50)[name] for name in ("value", "deprivation", "population")))
    assert "groups" not in found.row()
    assert found.row()["parts"] == 10
