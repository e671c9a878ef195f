"""Counts of official areas, and sums that must hold over all of England."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from boundaries.borders import borders
from boundaries.names import places

pytestmark = pytest.mark.real

SIZES = {
    "Halton": (79, 16),
    "Warrington": (127, 25),
    "Cheshire East": (234, 51),
    "Cheshire West and Chester": (212, 47),
    "Knowsley": (98, 20),
    "Liverpool": (298, 61),
    "St Helens": (119, 23),
    "Sefton": (189, 38),
    "Wirral": (206, 42),
}


@pytest.fixture
def nine(ground):
    return list(places(ground.districts)["cheshire-merseyside"].codes)


def test_england_has_its_areas(tables):
    assert (len(tables.lsoa), len(tables.msoa), len(tables.districts)) == (32_844, 6_791, 309)


def test_no_file_puts_a_neighbourhood_into_another_district(tables):
    told = tables.checks.set_index("name")
    agreeing = told[told.index.str.endswith(": districts of LSOAs")]
    assert len(agreeing) == 3
    assert agreeing["found"].tolist() == ["32,844 in it"] * 3
    assert agreeing["ok"].tolist() == [True] * 3
    whole = told.loc["MSOAs that lie in one district"]
    assert (whole["found"], whole["ok"]) == ("all 6,791", True)


def test_nor_does_a_workbook_of_fuel_poverty_of_any_other_year(country):
    told = country.fuel_series.checks.set_index("name")
    agreeing = told[told.index.str.endswith(": districts of LSOAs")]
    assert len(agreeing) == 8
    assert set(agreeing["found"]) == {"32,844 in it"}


@pytest.mark.parametrize("name", SIZES)
def test_a_borough_has_its_areas(tables, ground, name):
    (code,) = ground.select(name).codes
    row = tables.districts.loc[code]
    assert (row["lsoa_count"], row["msoa_count"]) == SIZES[name]
    assert len(ground.areas("lsoa", [code])) == SIZES[name][0]
    assert len(ground.areas("msoa", [code])) == SIZES[name][1]


def test_the_districts_along_a_border_are_known(ground):
    named = {str(ground.districts[code]) for code in borders()}
    assert {"Shropshire", "Forest of Dean", "Wirral", "Northumberland", "Carlisle"} <= named


def test_the_nine_boroughs_add_up(tables, nine):
    rows = tables.districts.loc[nine]
    assert sorted(rows["area_name"]) == sorted(SIZES)
    assert rows[["lsoa_count", "msoa_count"]].sum().tolist() == [1562, 323]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Leeds", ["E08000035"]),
        ("E09000030", ["E09000030"]),
        ("bristol", ["E06000023"]),
        ("kingston upon hull", ["E06000010"]),
        ("st. helens, halton", ["E08000013", "E06000006"]),
    ],
)
def test_any_district_is_found(ground, text, codes):
    assert list(ground.select(text).codes) == codes


def test_every_named_place_is_offered(ground):
    known = places(ground.districts)
    assert len(known) == 12
    assert len(known["greater-manchester"].codes) == 10
    assert len(known["london"].codes) == 33


def test_every_area_is_matched_on_every_layer(tables):
    assert (tables.joins[["missing", "extra"]] == 0).all(axis=None)
    assert not tables.checks["ok"].eq(False).any()
    for layer in tables.edition.layers:
        table = tables.lsoa if layer.geography == "LSOA" else tables.msoa
        assert table[layer.value].notna().all()


def test_people_households_and_deaths_add_up(tables):
    people = int(tables.lsoa["population"].sum())
    for table in (tables.msoa, tables.districts):
        assert table["population"].sum() == people
        assert table["fuel_poverty_2020_households"].sum() == 23_868_877
        assert table["fuel_poverty_2020_fuel_poor"].sum() == 3_158_206
    assert (
        tables.districts["covid_2020_21_observed"].sum()
        == tables.msoa["covid_2020_21_observed"].sum()
    )


def test_official_ranks_have_ties_and_every_decile_follows(tables):
    ranks = tables.lsoa["imd_2019_rank"]
    assert ranks.duplicated().sum() == 26
    assert (np.ceil(ranks * 10 / 32_844) == tables.lsoa["imd_2019_decile"]).all()
    liverpool = tables.lsoa[tables.lsoa["lad_name"] == "Liverpool"]
    assert liverpool["imd_2019_income_score"].duplicated(keep=False).sum() == 152


def test_one_district_is_those_of_all_that_are_in_it(ground):
    every = ground.areas("lsoa")
    for code in ("E08000012", "E06000053", "E09000001"):
        own = ground.areas("lsoa", [code])
        pd.testing.assert_frame_equal(own, every[every["lad_code"] == code])


def test_postcodes_lead_to_their_neighbourhood(ground):
    liverpool = ground.postcodes("E08000012")
    assert len(liverpool) > 10_000
    assert liverpool.index.is_unique
    assert set(liverpool) <= set(ground.lookup.index[ground.lookup["lad_code"] == "E08000012"])
