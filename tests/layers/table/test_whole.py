"""What “England” means beside a borough."""

from __future__ import annotations

import numpy as np
import pytest

from layers.table.whole import counts_of, scales_of, values_of


def test_means_are_over_people_and_ratios_over_counts(tables):
    values = values_of(tables.edition, tables.lsoa, tables.msoa)
    lsoa = tables.lsoa
    assert set(values) == {layer.id for layer in tables.edition.layers}
    mean = np.average(lsoa["imd_2019_score"], weights=lsoa["population"])
    assert values["imd_2019"] == pytest.approx(mean)
    assert values["fuel_poverty_2020"] == pytest.approx(100 * 25_800 / 169_000)
    assert values["covid_2020_21"] == pytest.approx(1.0)
    score, workers = lsoa["imd_2019_employment_score"], lsoa["working_age_population"]
    assert values["imd_2019_employment"] == pytest.approx(np.average(score, weights=workers))
    known = lsoa[lsoa["no2_2021_23_ugm3"].notna()]
    mean = np.average(known["no2_2021_23_ugm3"], weights=known["population"])
    assert values["no2_2021_23"] == pytest.approx(mean)


def test_scales_are_those_of_all_msoas(tables, boroughs):
    scales = scales_of(tables.edition, tables.msoa)
    ratio = tables.msoa["covid_2020_21_ratio"].to_numpy()
    assert scales["covid_2020_21"] == pytest.approx((ratio.mean(), ratio.std()))
    assert [borough.scales for borough in boroughs.values()] == [scales, scales]


def test_areas_are_counted_where_they_have_a_value(tables):
    counts = counts_of(tables.edition, tables.lsoa, tables.msoa)
    assert counts["imd_2019"] == counts["fuel_poverty_2020"] == 230
    assert counts["pm25_2021_23"] == counts["no2_2021_23"] == 229
    assert counts["covid_2020_21"] == 46
