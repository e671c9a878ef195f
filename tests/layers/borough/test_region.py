"""What is said of several boroughs together, by hand and by statsmodels on invented ones."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from layers.borough.region import (
    TOGETHER,
    WHOLE,
    as_one,
    fuel_poverty_by_year,
    line_of,
    mortality_by_part,
    mortality_of,
    overlap_by_borough,
    spread_beyond_chance,
)
from layers.findings.gradients import gradients_of
from layers.layer import edition

MORTALITY = edition("sample").layer("covid_2020_21")


def counted(borough):
    """Give a borough the counts behind its shares and ratios."""
    lsoa, msoa = borough.lsoa.copy(), borough.msoa.copy()
    lsoa["fuel_poverty_2020_households"] = 500.0
    for table in (lsoa, msoa):
        table["covid_2020_21_expected"] = np.linspace(8.0, 20.0, len(table))
        table["covid_2020_21_observed"] = np.arange(5.0, 5.0 + len(table))
        table["covid_2020_21_ratio"] = (
            table["covid_2020_21_observed"] / table["covid_2020_21_expected"]
        )
    return dataclasses.replace(borough, lsoa=lsoa, msoa=msoa)


def moved(borough, name="Westholt"):
    """Return the same borough under other codes."""

    def renamed(table):
        table = table.rename(
            index=lambda code: code.replace("E0190", "E0191").replace("E029", "E02A")
        )
        return table.assign(lad_code="E06900002", lad_name=name)

    return dataclasses.replace(
        borough,
        code="E06900002",
        name=name,
        lsoa=renamed(borough.lsoa.assign(population=borough.lsoa["population"] * 2)),
        msoa=renamed(borough.msoa),
        pockets=renamed(borough.pockets.rename(index=lambda code: code.replace("01-", "02-"))),
    )


@pytest.fixture(scope="module")
def boroughs(invent):
    first = counted(invent())
    return [moved(first), first]


def with_msoas(region, count, **columns):
    """Give a region so many MSOAs of 1,000 people, each more deprived than the one before."""
    codes = [f"E029{number:05d}" for number in range(count)]
    expected = np.full(count, 12.5)
    observed = np.arange(count, dtype=float) + 4
    msoa = pd.DataFrame(
        {
            "area_name": codes,
            "lad_code": "E06900001",
            "population": 1000,
            "easting": 340_000.0 + 1000 * np.arange(count),
            "northing": 390_000.0,
            "imd_2019_score": np.arange(count) * 1.5,
            "covid_2020_21_observed": observed,
            "covid_2020_21_expected": expected,
            "covid_2020_21_ratio": observed / expected,
        },
        index=pd.Index(codes, name="area_code"),
    )
    return dataclasses.replace(region, msoa=msoa.assign(**columns))


def test_several_boroughs_become_one_with_all_their_areas(boroughs):
    one = as_one(boroughs)
    first, second = boroughs[1], boroughs[0]
    assert one.name == "Northmere and Westholt"
    assert list(one.lsoa.index) == sorted([*first.lsoa.index, *second.lsoa.index])
    assert len(one.msoa) == 10
    people = [borough.lsoa["population"].sum() for borough in (first, second)]
    assert one.lsoa["population"].sum() == people[0] * 3 == people[1] * 1.5
    assert set(one.pockets["lad_code"]) == {"E06900001", "E06900002"}
    # The second has the same areas with twice the people: the mean is that of either, by hand.
    people, scores = first.lsoa["population"], first.lsoa["imd_2019_score"]
    mean = float((people * scores).sum() / people.sum())
    assert one.district["imd_2019_average_score"] == pytest.approx(mean, rel=1e-12)
    share = 100 * (first.lsoa["imd_2019_decile"] == 1).mean()
    assert one.district["imd_2019_worst_tenth_pct"] == pytest.approx(share)
    assert 0 < share < 100
    counted_as = one.lsoa["imd_2019_income_people"]
    outside = counted_as[one.lsoa["pocket_id"] == ""].sum()
    assert one.district["imd_2019_income_people"] == pytest.approx(counted_as.sum())
    assert one.district["imd_2019_income_people_outside_pockets"] == pytest.approx(outside)


def test_people_counted_in_a_region_are_not_known_where_an_areas_are_not(boroughs):
    first, second = boroughs
    lsoa = first.lsoa.copy()
    lsoa.loc[lsoa.index[0], "imd_2019_income_people"] = np.nan
    district = as_one([dataclasses.replace(first, lsoa=lsoa), second]).district
    assert math.isnan(district["imd_2019_income_people"])
    assert district["imd_2019_employment_people"] > 0


def test_gradients_of_a_region_are_those_of_its_stacked_tables(boroughs):
    one = as_one(boroughs)
    lsoa = pd.concat([borough.lsoa for borough in boroughs]).sort_index()
    msoa = pd.concat([borough.msoa for borough in boroughs]).sort_index()
    found = gradients_of(one.edition, lsoa, msoa)
    pd.testing.assert_frame_equal(one.gradients, found.indices)
    assert one.gradients["parts"]["fuel_poverty_2020"] == 10
    assert one.gradients["parts"]["covid_2020_21"] == 0
    assert np.isnan(one.gradients["slope_lower"]["imd_2019_income"])


def test_boroughs_without_pockets_become_one_without(invent):
    bare = counted(invent(pockets=False))
    one = as_one([bare, moved(bare)])
    assert one.pockets.empty
    assert list(one.pockets.columns) == list(bare.pockets.columns)


def test_deaths_are_summed_in_tenths_of_the_people(boroughs):
    parts = mortality_by_part(with_msoas(as_one(boroughs), 50), MORTALITY)
    assert list(parts.index) == list(range(1, 11))
    assert list(parts["areas"]) == [5] * 10
    # The most deprived five: 49 + 50 + 51 + 52 + 53 deaths, 5 × 12.5 expected.
    assert parts.loc[1, "observed"] == 255
    assert parts.loc[1, "expected"] == 62.5
    assert parts.loc[1, "ratio"] == pytest.approx(255 / 62.5)
    assert parts.loc[10, "observed"] == 4 + 5 + 6 + 7 + 8
    # Byar's limits, written out.
    z, low, high = 1.959963985, 255, 256
    lower = low * (1 - 1 / (9 * low) - z / (3 * math.sqrt(low))) ** 3 / 62.5
    upper = high * (1 - 1 / (9 * high) + z / (3 * math.sqrt(high))) ** 3 / 62.5
    assert parts.loc[1, ["ratio_lower", "ratio_upper"]].tolist() == pytest.approx([lower, upper])
    assert parts["observed"].sum() == sum(range(4, 54))


def test_parts_agree_with_the_gradient_of_the_same_layer(boroughs):
    region = with_msoas(as_one(boroughs), 61)
    people = np.random.default_rng(4).integers(500, 3000, 61)
    region = dataclasses.replace(region, msoa=region.msoa.assign(population=people))
    parts = mortality_by_part(region, MORTALITY)
    layer = region.edition.layer("covid_2020_21")
    known = edition("2019")
    small = dataclasses.replace(known, layers=(known.layer("imd_2019"), layer))
    groups = gradients_of(small, as_one(boroughs).lsoa, region.msoa).parts.loc[layer.id]
    assert parts["ratio"].tolist() == pytest.approx(groups["value"].tolist(), rel=1e-12)
    assert parts["areas"].tolist() == groups["areas"].tolist()


@pytest.mark.parametrize(("count", "parts"), [(49, 5), (20, 5), (19, 0)])
def test_fifths_below_fifty_msoas_and_none_below_twenty(boroughs, count, parts):
    found = mortality_by_part(with_msoas(as_one(boroughs), count), MORTALITY)
    assert len(found) == parts
    assert {"areas", "population", "observed", "expected", "ratio", "ratio_lower"} <= set(found)


def test_an_msoa_without_a_ratio_counts_in_no_part(boroughs):
    region = with_msoas(as_one(boroughs), 51)
    region.msoa.loc["E02900050", "covid_2020_21_ratio"] = np.nan
    parts = mortality_by_part(region, MORTALITY)
    assert parts["areas"].sum() == 50
    assert parts.loc[1, "observed"] == 255


def divided(region):
    """Make the last two MSOAs parts of one that was divided, which had 40 deaths of 10 expected."""
    family = region.msoa.iloc[:1].rename(index=lambda _: "E02999999")
    family = family[["lad_code"]].assign(places=family["lad_code"], link="S")
    family[["covid_2020_21_observed", "covid_2020_21_expected"]] = [40.0, 10.0]
    msoa = region.msoa.copy()
    counts = ["covid_2020_21_observed", "covid_2020_21_expected"]
    msoa[counts] = msoa[counts].astype("float64")
    msoa.loc[msoa.index[-2:], [*counts, "covid_2020_21_ratio"]] = [np.nan, np.nan, 4.0]
    return dataclasses.replace(region, msoa=msoa, families=family)


def test_parts_of_a_former_neighbourhood_count_in_the_whole_alone(boroughs):
    before = with_msoas(as_one(boroughs), 52)
    after = divided(before)
    fewer = dataclasses.replace(before, msoa=before.msoa.iloc[:-2])
    assert mortality_by_part(after, MORTALITY).equals(mortality_by_part(fewer, MORTALITY))
    assert line_of(after, MORTALITY).slope == line_of(fewer, MORTALITY).slope
    assert spread_beyond_chance(after, MORTALITY) == spread_beyond_chance(fewer, MORTALITY)
    whole, own = mortality_of(after, MORTALITY), mortality_of(fewer, MORTALITY)
    assert whole["observed"] == own["observed"] + 40
    assert whole["expected"] == pytest.approx(own["expected"] + 10)
    gradients = [
        gradients_of(each.edition, each.lsoa, each.msoa).indices for each in (after, fewer)
    ]
    of_deaths = [each.loc["covid_2020_21"] for each in gradients]
    assert of_deaths[0]["slope"] == of_deaths[1]["slope"]
    assert (of_deaths[0]["areas"], of_deaths[0]["missing"]) == (50, 2)


def test_all_deaths_together_and_how_much_they_vary(boroughs):
    region = with_msoas(as_one(boroughs), 4)
    whole = mortality_of(region, MORTALITY)
    assert whole["observed"] == 4 + 5 + 6 + 7
    assert whole["ratio"] == pytest.approx(22 / 50)
    # Pearson's χ² about 5.5 deaths each: (2.25 + 0.25 + 0.25 + 2.25) / 5.5 over 3 degrees.
    assert spread_beyond_chance(region, MORTALITY) == pytest.approx(5 / 5.5 / 3)


def test_the_line_and_its_distances_are_those_of_statsmodels(boroughs):
    random = np.random.default_rng(21)
    ratio = random.normal(1.1, 0.4, 40).round(3)
    region = with_msoas(as_one(boroughs), 40, covid_2020_21_ratio=ratio)
    found = line_of(region, region.edition.layer("covid_2020_21"))
    assert found is not None
    model = sm.OLS(ratio, sm.add_constant(region.msoa["imd_2019_score"].to_numpy())).fit()
    assert [found.intercept, found.slope] == pytest.approx(model.params.tolist())
    assert found.r_squared == pytest.approx(model.rsquared)
    theirs = model.get_influence().resid_studentized_internal
    assert found.points["residual"].tolist() == pytest.approx(theirs.tolist())
    assert found.points["fitted"].tolist() == pytest.approx(model.fittedvalues.tolist())


def test_outliers_are_the_farthest_that_are_far_enough(boroughs):
    ratio = 1 + 0.02 * np.arange(40.0) + 0.05 * (-1) ** np.arange(40)
    ratio[[7, 30]] += [1.5, -1.0]
    region = with_msoas(as_one(boroughs), 40, covid_2020_21_ratio=ratio)
    found = line_of(region, region.edition.layer("covid_2020_21"))
    assert list(found.outliers().index) == ["E02900007", "E02900030"]
    assert list(found.outliers(1).index) == ["E02900007"]
    residuals = found.points["residual"]
    assert residuals["E02900007"] > 2 > -2 > residuals["E02900030"]
    assert (residuals.drop(["E02900007", "E02900030"]).abs() < 2).all()


def test_there_is_no_line_through_too_little(boroughs):
    one = as_one(boroughs)
    layer = one.edition.layer("covid_2020_21")
    assert line_of(with_msoas(one, 2), layer) is None
    assert line_of(with_msoas(one, 9, covid_2020_21_ratio=1.0), layer) is None
    assert line_of(with_msoas(one, 9, imd_2019_score=20.0), layer) is None


def test_points_on_the_line_have_no_standard_errors(boroughs):
    region = with_msoas(as_one(boroughs), 9)
    found = line_of(region, region.edition.layer("covid_2020_21"))
    assert found.r_squared == pytest.approx(1)
    assert found.points["residual"].isna().all()
    assert found.outliers().empty


def test_overlap_counts_neighbourhoods_and_people_by_borough(boroughs):
    one = as_one(boroughs)
    fifths = [layer.quintile_column("england") for layer in one.edition.layers]
    lsoa = one.lsoa.assign(**dict.fromkeys(fifths, 5.0))
    codes = [code for code in lsoa.index if lsoa["lad_code"][code] == "E06900001"][:3]
    lsoa.loc[codes, ["imd_2019_quintile_england", "fuel_poverty_2020_quintile_england"]] = 1.0
    lsoa.loc[codes[:2], "covid_2020_21_quintile_england"] = 1.0
    # The worse of the two pollutants decides: two of them are still one count.
    lsoa.loc[codes[2], ["pm25_2021_23_quintile_england", "no2_2021_23_quintile_england"]] = 1.0
    region = dataclasses.replace(one, lsoa=lsoa)
    found = overlap_by_borough(region)
    assert found["lsoas"].to_dict() == {"E06900001": 3, "E06900002": 0}
    people = int(lsoa["population"][codes].sum())
    assert found["people"].to_dict() == {"E06900001": people, "E06900002": 0}
    assert found.loc["E06900001", "lsoas_pct"] == pytest.approx(100 * 3 / 25)
    own = lsoa["population"][lsoa["lad_code"] == "E06900001"].sum()
    assert found.loc["E06900001", "people_pct"] == pytest.approx(100 * people / own)
    assert overlap_by_borough(region, at_least=4)["lsoas"].sum() == 0


def test_shares_of_the_overlap_are_of_neighbourhoods_of_which_it_is_known(boroughs):
    one = as_one(boroughs)
    fifths = [layer.quintile_column("england") for layer in one.edition.layers]
    lsoa = one.lsoa.assign(**dict.fromkeys(fifths, 5.0))
    own = [code for code in lsoa.index if lsoa["lad_code"][code] == "E06900001"]
    two = ["imd_2019_quintile_england", "fuel_poverty_2020_quintile_england"]
    covid = "covid_2020_21_quintile_england"
    lsoa.loc[own[:6], two] = 1.0
    lsoa.loc[own[:2], covid] = 1.0
    # Two more are on two layers and lack the third; three on none lack one, which decides nothing.
    lsoa.loc[[*own[2:4], *own[10:13]], covid] = np.nan
    lsoa.loc[lsoa["lad_code"] == "E06900002", fifths] = np.nan
    found = overlap_by_borough(dataclasses.replace(one, lsoa=lsoa))
    assert found["lsoas"].to_dict() == {"E06900001": 2, "E06900002": 0}
    assert found["lsoas_known"].to_dict() == {"E06900001": 23, "E06900002": 0}
    assert found.loc["E06900001", "lsoas_pct"] == pytest.approx(100 * 2 / 23)
    people = lsoa["population"]
    known = people[own].sum() - people[own[2:4]].sum()
    assert found.loc["E06900001", "people_pct"] == pytest.approx(
        100 * people[own[:2]].sum() / known
    )
    assert found.loc["E06900002", ["lsoas_pct", "people_pct"]].isna().all()


def series(code, shift):
    rows = [
        (lad, year, measure, households, poor)
        for lad, households, poor in ((code, 1000 * shift, 100 + 50 * shift), ("", 90_000, 9_000))
        for year, measure in ((2018, "LIHC"), (2017, "LIHC"), (2019, "LILEE"))
    ]
    table = pd.DataFrame(rows, columns=["lad_code", "year", "measure", "households", "fuel_poor"])
    return table.assign(pct=100 * table["fuel_poor"] / table["households"])


def test_fuel_poverty_stands_by_measure_and_year(boroughs):
    known = [
        dataclasses.replace(borough, fuel_series=series(borough.code, shift))
        for borough, shift in zip(boroughs, (1, 3), strict=True)
    ]
    found = fuel_poverty_by_year(known)
    assert list(found.index) == [("LIHC", 2017), ("LIHC", 2018), ("LILEE", 2019)]
    assert list(found.columns) == ["E06900002", "E06900001", TOGETHER, WHOLE]
    # 150 of 1,000 and 250 of 3,000 households: 400 of 4,000 together, not the mean of 15% and 8⅓%.
    assert found.loc[("LILEE", 2019)].tolist() == pytest.approx([15.0, 100 / 12, 10.0, 10.0])


def test_without_any_series_there_is_nothing(boroughs):
    assert fuel_poverty_by_year(boroughs).empty
