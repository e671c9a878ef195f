"""Figures that others printed, worked out again from the official files."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from geo.tables.read import read_table
from layers.borough.reproduce import published_of
from layers.catalogue import catalogue
from layers.kinds import covid_mortality, fuel_workbook
from layers.kinds.domain_weights import combined_score
from layers.layer import edition

pytestmark = pytest.mark.real

FIGURES = {
    figure: published.within
    for published in published_of(edition("2019"))
    for figure in published.figures
}

# Manchester City Council, Indices of Deprivation 2019: the ten most deprived on two measures.
TEN_BY_SCORE = [
    "Blackpool", "Knowsley", "Liverpool", "Kingston upon Hull", "Middlesbrough", "Manchester",
    "Birmingham", "Burnley", "Blackburn with Darwen", "Hartlepool",
]  # fmt: skip
TEN_BY_RANK = [
    "Blackpool", "Manchester", "Knowsley", "Liverpool", "Barking and Dagenham", "Birmingham",
    "Hackney", "Sandwell", "Kingston upon Hull", "Nottingham",
]  # fmt: skip
# MHCLG, Statistical release of 26 September 2019: share of LSOAs in England's worst tenth.
WORST_TENTH = {
    "Middlesbrough": 48.8,
    "Liverpool": 48.7,
    "Knowsley": 46.9,
    "Kingston upon Hull": 45.2,
    "Manchester": 43.3,
}


@pytest.fixture(scope="module")
def ours(country):
    return country.figures.set_index("figure")


@pytest.fixture(scope="module")
def districts(tables):
    return tables.districts.set_index("area_name")


def places(districts, measure):
    return districts[f"imd_2019_{measure}"].rank(ascending=False, method="min")


@pytest.mark.parametrize("figure", FIGURES)
def test_a_published_figure_is_reproduced(ours, figure):
    row = ours.loc[figure]
    if within := FIGURES[figure]:
        assert float(row["ours"]) == pytest.approx(float(row["published"]), abs=within)
    else:
        assert row["ours"] == row["published"], row["source"]
    assert row["same"]


def test_each_figure_names_its_source(ours):
    assert len(ours) == len(FIGURES) >= 14
    assert ours["source"].str.len().min() > 20


# --- district summaries of the Indices


@pytest.mark.parametrize(
    ("measure", "names"), [("average_score", TEN_BY_SCORE), ("average_rank", TEN_BY_RANK)]
)
def test_the_ten_most_deprived_districts_are_those_published(districts, measure, names):
    ordered = districts[f"imd_2019_{measure}"].sort_values(ascending=False)
    assert ordered.index[:10].tolist() == names


@pytest.mark.parametrize("name", WORST_TENTH)
def test_the_share_in_the_worst_tenth_is_that_published(districts, name):
    assert round(districts.loc[name, "imd_2019_worst_tenth_pct"], 1) == WORST_TENTH[name]


def test_manchester_stands_where_it_was_published(districts):
    # Manchester City Council, Indices of Deprivation 2019, slide 2.
    published = {
        "average_score": 6,
        "average_rank": 2,
        "extent_pct": 2,
        "worst_tenth_pct": 5,
        "local_concentration": 13,
    }
    stands = {measure: places(districts, measure)["Manchester"] for measure in published}
    assert stands == published


def test_blackpool_stands_where_it_was_published(districts, tables):
    # Blackpool Joint Strategic Needs Assessment, Deprivation, 2020.
    published = {
        "average_score": 1,
        "average_rank": 1,
        "worst_tenth_pct": 6,
        "local_concentration": 1,
    }
    assert {m: places(districts, m)["Blackpool"] for m in published} == published
    blackpool = tables.lsoa[tables.lsoa["lad_name"] == "Blackpool"]
    assert ((blackpool["imd_2019_decile"] == 1).sum(), len(blackpool)) == (39, 94)


def test_the_score_is_rebuilt_from_the_ranks_of_its_domains(tables):
    weights = pd.Series(tables.edition.parameters["weights"])
    ranks = tables.lsoa[[f"imd_2019_{domain}_rank" for domain in weights.index]].set_axis(
        weights.index, axis="columns"
    )
    rebuilt = combined_score(ranks, weights, count=len(tables.lsoa))
    # Official ranks have ties, and scores are published to three decimals.
    assert (rebuilt - tables.lsoa["imd_2019_score"]).abs().max() < 0.002


# --- fuel poverty


def test_liverpools_fuel_poverty_is_that_published(districts):
    # Liverpool City Council, Deprivation headline indicators, 2020 data.
    assert round(districts.loc["Liverpool", "fuel_poverty_2020_pct"], 1) == 18.7


def checks_of(official, year):
    source = catalogue()[f"fuel_poverty_{year}"]
    path = official.mirror / source.path
    tables = [read_table(path, source, name) for name in ("lsoa", "district")]
    return fuel_workbook.district_checks(*tables, title=str(year))


def test_the_workbook_of_2022_has_sefton_and_st_helens_swapped(official):
    agreeing, *differing = checks_of(official, 2022)
    assert not agreeing.ok
    names = [check.name.removeprefix("2022: ") for check in differing]
    assert sorted(name.replace("St.", "St") for name in names) == ["Sefton", "St Helens"]
    one, other = differing
    for published, summed in ((one, other), (other, one)):
        assert published.expected.split(" households")[0] == summed.found.split(" (")[0]


@pytest.mark.parametrize("year", [2019, 2020])
def test_other_workbooks_agree_with_themselves(official, year):
    (agreeing,) = checks_of(official, year)
    assert agreeing.ok


# --- COVID-19


def inputs(official):
    sources = {role: official.source(role) for role in covid_mortality.ROLES}
    paths = {role: official.path(role) for role in covid_mortality.ROLES}
    return covid_mortality.read_inputs(sources, paths)


def test_matched_ratios_are_one_for_england_and_wales(official, tables, monkeypatch):
    observed, people, weekly = inputs(official)
    assert observed.sum() == 123_448
    assert len(observed) == 7_201
    monkeypatch.setattr(covid_mortality, "ENGLAND_PREFIX", ("E", "W"))
    values = covid_mortality.build(official.edition, observed, people, weekly).values
    expected = values["covid_2020_21_expected"].sum()
    assert values["covid_2020_21_observed"].sum() / expected == pytest.approx(1.0, abs=1e-12)
    shared = values.loc[tables.msoa.index, "covid_2020_21_ratio"]
    pd.testing.assert_series_equal(shared, tables.msoa["covid_2020_21_ratio"], check_names=False)


def test_as_published_england_and_wales_score_nine_tenths(official):
    observed, people, weekly = inputs(official)
    values = covid_mortality.build(
        official.edition, observed, people, weekly, version="as_published"
    ).values
    sums = values.sum()
    ratio = sums["covid_2020_21_observed"] / sums["covid_2020_21_expected"]
    assert round(ratio, 2) == 0.90


def test_the_weeks_are_those_of_the_record(official):
    _, _, weekly = inputs(official)
    deaths = covid_mortality.deaths_in_period(official.edition, weekly)
    assert deaths.sum() == 137_885
    covid = {**official.edition.parameters["covid"], "weeks": 60}
    other = dataclasses.replace(
        official.edition, parameters={**official.edition.parameters, "covid": covid}
    )
    with pytest.raises(ValueError, match=r"137,885 deaths in 61 weeks"):
        covid_mortality.deaths_in_period(other, weekly)
