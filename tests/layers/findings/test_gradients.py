"""How each layer runs with deprivation, at its native geography."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.stats.inequality import gradient
from layers.findings.gradients import gradients_of


def gradients(boroughs, name="Northmere"):
    borough = boroughs[name]
    return gradients_of(borough.edition, borough.lsoa, borough.msoa)


def test_there_is_a_row_a_layer_at_its_own_geography(boroughs):
    found = gradients(boroughs)
    layers = boroughs["Northmere"].edition.layers
    assert found.indices.index.tolist() == [layer.id for layer in layers]
    assert found.indices.index.name == "layer"
    used = found.indices["areas"]
    assert used["imd_2019"] == used["fuel_poverty_2020"] == 140
    assert used["no2_2021_23"] + found.indices.loc["no2_2021_23", "missing"] == 140
    assert used["covid_2020_21"] == 28
    assert found.indices["slope"].dtype == "float64"


def test_tenths_or_fifths_by_the_number_of_areas(boroughs):
    parts = gradients(boroughs).indices["parts"]
    assert parts["imd_2019"] == 10
    assert parts["covid_2020_21"] == 5
    assert gradients(boroughs, "Westholt").indices.loc["covid_2020_21", "parts"] == 0


def test_the_indices_against_themselves_have_no_interval_and_no_ratio(boroughs):
    indices = gradients(boroughs).indices
    circular = indices["circular"].astype(bool)
    assert circular[circular].index.tolist() == [
        layer.id for layer in boroughs["Northmere"].edition.layers if layer.kind == "imd"
    ]
    assert indices.loc[circular, "slope"].notna().all()
    limits = [name for name in indices if "_lower" in name or "_upper" in name]
    assert len(limits) == 8
    assert indices.loc[circular, [*limits, "relative", "ratio"]].isna().all(axis=None)
    assert indices.loc[~circular, limits].notna().all(axis=None)
    assert indices.loc[circular, ["gap", "least", "most"]].notna().all(axis=None)


def test_a_score_has_no_ratio_even_where_it_is_not_circular(boroughs):
    borough = boroughs["Northmere"]
    layers = [
        replace(layer, kind="air_quality", unit=unit, id=f"own_{unit}")
        for layer in borough.edition.layers
        if layer.id == "fuel_poverty_2020"
        for unit in ("score", "%")
    ]
    own = replace(borough.edition, layers=(*borough.edition.layers, *layers))
    found = gradients_of(own, borough.lsoa, borough.msoa).indices
    assert found.loc["own_score", ["relative", "relative_lower", "ratio"]].isna().all()
    assert found.loc["own_%", ["relative", "relative_lower", "ratio"]].notna().all()
    assert found.loc["own_score", "slope_lower"] == found.loc["own_%", "slope_lower"]


def test_differences_have_their_unit(boroughs):
    units = gradients(boroughs).indices["unit"]
    assert units[["fuel_poverty_2020", "pm25_2021_23", "covid_2020_21"]].tolist() == [
        "percentage points", "µg/m³", "ratio",
    ]  # fmt: skip


def test_limits_know_of_neighbours(boroughs):
    borough = boroughs["Northmere"]
    known = borough.lsoa[borough.lsoa["no2_2021_23_ugm3"].notna()]
    found = gradient(
        known["no2_2021_23_ugm3"],
        known["imd_2019_score"],
        known["population"],
        centroids=known[["easting", "northing"]],
    )
    row = borough.gradients.loc["no2_2021_23"]
    assert row["slope_lower"] == pytest.approx(found.slope_lower)
    # The air is smooth: what is near is alike, and the limits lie farther apart.
    assert row["slope_upper"] - row["slope_lower"] > 1.2 * (
        row["slope_upper_hc3"] - row["slope_lower_hc3"]
    )


def test_a_part_of_the_people_is_a_part(boroughs):
    borough = boroughs["Northmere"]
    parts = gradients(boroughs).parts.loc["fuel_poverty_2020"]
    assert parts.index.tolist() == list(range(1, 11))
    assert parts["population"].sum() == borough.lsoa["population"].sum()
    assert parts["areas"].sum() == 140


def test_fuel_poverty_and_deaths_are_pooled(boroughs):
    lsoa = boroughs["Northmere"].lsoa
    parts = gradients(boroughs).parts
    households = lsoa["fuel_poverty_2020_households"].sum()
    share = 100 * lsoa["fuel_poverty_2020_fuel_poor"].sum() / households
    values = parts.loc["fuel_poverty_2020", "value"]
    assert values.min() < share < values.max()
    worst = lsoa.sort_values("imd_2019_score", ascending=False)
    tenth = worst[
        (worst["population"].cumsum() - worst["population"] / 2) < worst["population"].sum() / 10
    ]
    pooled = (
        tenth["fuel_poverty_2020_fuel_poor"].sum() / tenth["fuel_poverty_2020_households"].sum()
    )
    assert values[1] == pytest.approx(100 * pooled)


def test_parts_of_the_employment_domain_are_means_over_people_of_working_age(boroughs):
    lsoa = boroughs["Northmere"].lsoa
    worst = lsoa.sort_values("imd_2019_score", ascending=False)
    inside = (worst["population"].cumsum() - worst["population"] / 2) < lsoa[
        "population"
    ].sum() / 10
    tenth = worst[inside]
    value = gradients(boroughs).parts.loc["imd_2019_employment", "value"][1]
    score = tenth["imd_2019_employment_score"]
    assert value == pytest.approx(np.average(score, weights=tenth["working_age_population"]))
    assert value != pytest.approx(np.average(score, weights=tenth["population"]), rel=1e-6)


def test_deprivation_rises_towards_the_most_deprived(boroughs):
    row = gradients(boroughs).indices.loc["imd_2019"]
    assert row["most"] > row["least"]
    assert row["gap"] == pytest.approx(row["most"] - row["least"])
    assert row["slope"] > 0


def test_one_neighbourhood_has_no_gradient(boroughs):
    borough = boroughs["Northmere"]
    found = gradients_of(borough.edition, borough.lsoa.iloc[:1], borough.msoa.iloc[:1])
    assert found.indices["areas"].eq(1).all()
    assert found.indices["slope"].isna().all()
    assert np.isnan(found.indices.loc["imd_2019", "gap"])


def test_the_order_of_the_areas_does_not_matter(boroughs):
    borough = boroughs["Northmere"]
    turned = gradients_of(borough.edition, borough.lsoa.iloc[::-1], borough.msoa.iloc[::-1])
    pd.testing.assert_frame_equal(turned.indices, borough.gradients)
    pd.testing.assert_frame_equal(turned.parts, borough.gradient_parts)
