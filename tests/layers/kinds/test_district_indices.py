"""The publisher's summaries of the Indices for districts, by their definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.district_indices import district_indices, extent_weights, local_concentration
from layers.layer import edition

EDITION = edition("2019")
WORDS = {"average", "worst", "extent", "local"}


def lsoa(count=100):
    """Return LSOAs in two districts whose ranks are their places, 1 the most deprived."""
    index = pd.Index([f"E0190{n:04d}" for n in range(count)], name="area_code")
    table = pd.DataFrame({"population": 10, "working_age_population": 6.25}, index=index)
    table["lad_code"] = np.where(np.arange(count) % 2 == 0, "E06900001", "E08900001")
    for layer in EDITION.of_kind("imd"):
        table[layer.value] = np.arange(count, 0.0, -1)
        table[layer.rank] = np.arange(1, count + 1)
    return table


def indices(table):
    return pd.concat(
        [district_indices(layer, table, table["lad_code"]) for layer in EDITION.of_kind("imd")],
        axis="columns",
    )


def test_areas_without_a_rank_are_no_part_of_any_share():
    whole = lsoa()
    lost = whole.index[[1, 3, 50, 98]]
    ranks = [name for name in whole if name.endswith("_rank")]
    lacking = whole.assign(**dict.fromkeys(ranks, whole["imd_2019_rank"].drop(lost).rank()))
    lacking.loc[lost, "imd_2019_score"] = np.nan
    found, without = (indices(table) for table in (lacking, lacking.drop(index=lost)))
    own = [name for name in found if name.startswith("imd_2019_") and name.split("_")[2] in WORDS]
    assert len(own) == 6
    pd.testing.assert_frame_equal(found[own], without[own])
    assert found["imd_2019_worst_tenth_pct"].to_dict() == pytest.approx(
        {"E06900001": 100 * 6 / 48, "E08900001": 100 * 3 / 48}
    )


def test_average_rank_is_reversed_so_that_high_is_worse():
    found = indices(lsoa())
    assert found["imd_2019_average_rank"].to_dict() == {"E06900001": 51.0, "E08900001": 50.0}
    assert found["imd_2019_average_score"].to_dict() == {"E06900001": 51.0, "E08900001": 50.0}


def test_shares_of_lsoas_among_the_most_deprived():
    table = lsoa()
    table["lad_code"] = np.where(np.arange(100) < 40, "E06900001", "E08900001")
    found = indices(table)
    assert found["imd_2019_worst_tenth_pct"].to_dict() == {"E06900001": 25.0, "E08900001": 0.0}
    assert found["imd_2019_worst_fifth_pct"].to_dict() == {"E06900001": 50.0, "E08900001": 0.0}


def test_the_employment_domain_counts_people_of_working_age():
    # Two LSOAs a district: the more deprived one has a tenth of the people, half of working age.
    table = lsoa(4).assign(lad_code=["E06900001", "E06900001", "E08900001", "E08900001"])
    table["population"] = [100, 900, 100, 900]
    table["working_age_population"] = [50.0, 50.0, 50.0, 50.0]
    found = indices(table).loc["E06900001"]
    for index, share in {"imd_2019_income": 0.1, "imd_2019_employment": 0.5}.items():
        assert found[f"{index}_average_score"] == pytest.approx(3 + share)
        assert found[f"{index}_average_rank"] == pytest.approx(3 + share)
    # Ranks 1 and 2 of 4 are percentiles 25 and 50: of the people, those in the first LSOA count.
    weight = extent_weights(table["imd_2019_rank"]).iloc[0]
    assert found["imd_2019_income_extent_pct"] == pytest.approx(10 * weight)
    assert found["imd_2019_employment_extent_pct"] == pytest.approx(50 * weight)


def test_local_concentration_takes_a_tenth_of_those_counted():
    table = lsoa(2).assign(lad_code="E06900001", population=[50, 950])
    table["working_age_population"] = [300.0, 300.0]
    found = indices(table).loc["E06900001"]
    assert found["imd_2019_local_concentration"] == pytest.approx(1.5)
    assert found["imd_2019_employment_local_concentration"] == pytest.approx(2.0)


def test_extent_slides_from_the_11th_to_the_30th_percentile():
    weights = extent_weights(pd.Series(range(1, 101)))
    assert weights.iloc[:10].tolist() == [1.0] * 10
    steps = weights.iloc[10:30].diff().dropna()
    assert weights.iloc[10] == 0.95
    assert weights.iloc[29] == 0.05
    assert np.allclose(steps, -0.9 / 19)
    assert weights.iloc[30:].eq(0).all()
    # A district that is the whole country: 10% in full and twenty percentiles at 0.5 on average.
    everyone = lsoa().assign(lad_code="E06900001")
    assert indices(everyone)["imd_2019_extent_pct"].item() == pytest.approx(20.0)


def test_local_concentration_of_exactly_a_tenth_of_the_people():
    everyone = lsoa().assign(lad_code="E06900001")
    found = indices(everyone)["imd_2019_local_concentration"].item()
    assert found == pytest.approx(np.arange(91, 101).mean())


def test_local_concentration_takes_the_last_in_part():
    ranks, people = pd.Series([100.0, 90, 80, 1]), pd.Series([50, 80, 70, 800])
    found = local_concentration(ranks, people, pd.Series("a", ranks.index))
    assert found.item() == pytest.approx((100 * 50 + 90 * 50) / 100)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(8)))
def test_local_concentration_does_not_depend_on_the_order(order):
    ranks = pd.Series([5.0, 5, 9, 1, 7, 7, 7, 2], index=list("abcdefgh"))
    people = pd.Series([10, 90, 20, 400, 30, 30, 20, 400], index=ranks.index)
    by = pd.Series(list("xyxyxyxy"), index=ranks.index)
    shuffled = [series.iloc[list(order)] for series in (ranks, people, by)]
    pd.testing.assert_series_equal(
        local_concentration(*shuffled), local_concentration(ranks, people, by)
    )
