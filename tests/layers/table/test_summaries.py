"""What the values of areas amount to for larger ones: means and sums, checked by eye."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.layer import edition
from layers.table.neighbourhoods import with_families
from layers.table.summaries import (
    counts_of,
    own_values,
    people_of_all,
    pooled,
    scales_of,
    values_of,
    with_people_counted,
)

EDITION = edition("2019")
BY = pd.Series(list("aab"), index=["x", "y", "z"])


def lsoa():
    """Return four LSOAs in two districts, two in each."""
    index = pd.Index([f"E0190{n:04d}" for n in range(4)], name="area_code")
    table = pd.DataFrame({"population": 10, "working_age_population": 6.25}, index=index)
    for layer in EDITION.layers:
        table[layer.value] = 7.0
    return table.assign(
        lad_code=["E06900001", "E08900001"] * 2,
        fuel_poverty_2020_households=[100.0, 100.0, 300.0, 100.0],
        fuel_poverty_2020_fuel_poor=[10.0, 50.0, 90.0, np.nan],
    )


def pools(table):
    """Pool the values of LSOAs over their districts, their people counted."""
    return pooled(EDITION, with_people_counted(EDITION, table, "LSOA"), table["lad_code"], "LSOA")


def test_fuel_poverty_is_pooled_not_averaged():
    table = lsoa()
    means = pools(table)
    assert means["fuel_poverty_2020_pct"].to_dict() == {"E06900001": 25.0, "E08900001": 50.0}
    assert means["fuel_poverty_2020_households"].to_dict() == {"E06900001": 400, "E08900001": 100}
    assert means["pm25_2021_23_ugm3"].tolist() == [7.0, 7.0]


def test_a_mean_is_weighted_by_the_people_whom_its_layer_names():
    table = lsoa().assign(population=[100, 10, 900, 10])
    for index in ("imd_2019_income", "imd_2019_employment"):
        table[f"{index}_score"] = [4.0, 0.0, 3.0, 0.0]
    means = pools(table).loc["E06900001"]
    assert means["imd_2019_income_score"] == pytest.approx(3.1)
    assert means["imd_2019_employment_score"] == pytest.approx(3.5)


def test_a_share_of_people_is_counted_in_people_and_added_up():
    table = lsoa().assign(population=[100, 10, 900, 10], imd_2019_income_score=0.25)
    table["imd_2019_employment_score"] = [0.4, 0.2, 0.2, np.nan]
    found = pools(table)
    assert found["imd_2019_income_people"].to_dict() == {"E06900001": 250.0, "E08900001": 5.0}
    assert found.loc["E06900001", "imd_2019_employment_people"] == pytest.approx(0.6 * 6.25)
    assert np.isnan(found.loc["E08900001", "imd_2019_employment_people"])


def test_counts_that_a_publisher_gives_are_kept_and_a_blank_is_worked_out():
    table = lsoa().assign(population=100, imd_2019_income_score=0.25)
    published = pd.DataFrame({"imd_2019_income_people": [5.0, np.nan]}, index=table.index[[2, 0]])
    counted = with_people_counted(EDITION, table, "LSOA", published)
    assert counted["imd_2019_income_people"].tolist() == [25, 25, 5, 25]
    worked_out = table["imd_2019_employment_score"] * table["working_age_population"]
    assert counted["imd_2019_employment_people"].tolist() == worked_out.tolist()
    assert "imd_2019_income_people" not in with_people_counted(EDITION, lsoa(), "MSOA", published)


def test_a_group_in_which_nothing_is_known_has_no_sums():
    table = lsoa().assign(fuel_poverty_2020_fuel_poor=[10.0, np.nan, 90.0, np.nan])
    means = pools(table)
    known = means.filter(like="fuel_poverty").notna().all(axis=1)
    assert known.to_dict() == {"E06900001": True, "E08900001": False}
    assert means["pm25_2021_23_ugm3"].notna().all()


def test_deaths_are_added_up_and_the_ratio_is_of_the_sums():
    msoa = pd.DataFrame(
        {"covid_2020_21_observed": [5, 10, 4], "covid_2020_21_expected": [10.0, 10.0, 2.0]},
        index=BY.index,
    )
    found = pooled(EDITION, msoa, BY, "MSOA")
    assert found["covid_2020_21_observed"].to_dict() == {"a": 15, "b": 4}
    assert found["covid_2020_21_ratio"].to_dict() == {"a": 0.75, "b": 2.0}
    # Garwood's exact interval for 4 deaths is 1.09 to 10.24.
    limits = found.loc["b", ["covid_2020_21_ratio_lower", "covid_2020_21_ratio_upper"]]
    assert limits.tolist() == pytest.approx([1.0899 / 2, 10.2416 / 2], abs=1e-3)


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


def test_people_of_all_are_those_of_all_areas(tables):
    people, lsoa = people_of_all(tables.edition, tables.lsoa, tables.msoa), tables.lsoa
    assert people["population"] == 390_000
    ages = (people[f"population_{ages}"] for ages in ("children", "16_to_59", "older"))
    assert sum(ages) == 390_000
    share = people["imd_2019_income_people"] / 390_000
    assert share == pytest.approx(values_of(tables.edition, lsoa, tables.msoa)["imd_2019_income"])
    workers = lsoa["imd_2019_employment_score"] * lsoa["working_age_population"]
    assert people["imd_2019_employment_people"] == pytest.approx(workers.sum())


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


def carried_msoa():
    """Return three MSOAs, the last two of which show the ratio of the one that they were."""
    columns = {"observed": [8, np.nan, np.nan], "expected": [4.0, np.nan, np.nan]}
    columns |= {"ratio": [2.0, 1.5, 1.5], "estimated": [False, True, True]}
    covid = EDITION.layer("covid_2020_21")
    return pd.DataFrame(columns, index=BY.index).rename(columns=covid.column)


def test_an_area_without_counts_only_shows_a_value():
    covid = EDITION.layer("covid_2020_21")
    own = own_values(covid, carried_msoa())
    assert own.dropna().to_dict() == {"x": 2.0}
    table = lsoa()
    assert own_values(EDITION.layer("pm25_2021_23"), table).tolist() == [7.0] * 4
    fuel = own_values(EDITION.layer("fuel_poverty_2020"), table)
    assert fuel.isna().tolist() == [False, False, False, True]


def test_families_are_added_up_with_the_neighbourhoods():
    covid = EDITION.layer("covid_2020_21")
    counts = {"observed": [30.0], "expected": [20.0]}
    family = pd.DataFrame(counts, index=["w"]).rename(columns=covid.column)
    family = family.assign(lad_code="b", places="b", link="S")
    counted = with_families(carried_msoa().assign(lad_code=BY), family)
    found = pooled(EDITION, counted, counted["lad_code"], "MSOA")
    assert found[covid.column("observed")].to_dict() == {"a": 8, "b": 30}
    assert found[covid.value].to_dict() == {"a": 2.0, "b": 1.5}


def test_the_estimated_share_of_a_mean_is_of_people_with_a_value():
    pm25 = EDITION.layer("pm25_2021_23")
    table = lsoa().assign(population=[10, 20, 30, 40])
    assert pm25.estimated_pct not in pools(table)
    table[pm25.estimated] = [True, False, False, True]
    found = pools(table)
    assert found[pm25.estimated_pct].round(6).to_dict() == {
        "E06900001": 25.0, "E08900001": 66.666667,
    }  # fmt: skip
    table.loc["E01900003", pm25.value] = np.nan
    found = pools(table)
    assert found.loc["E08900001", pm25.estimated_pct] == 0.0
