from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.borough.wholes import england_table, gradients_by_borough
from layers.layer import edition
from tests.invented import tables_of_two, two_boroughs


@pytest.fixture(scope="module")
def boroughs():
    return list(two_boroughs(tables_of_two()).values())


def test_the_whole_and_the_boroughs_together_are_a_row_each(boroughs):
    found = england_table(boroughs)
    assert list(found.index) == ["together", "whole"]
    assert found["area_name"].tolist() == [boroughs[0].place, "the sample"]
    assert found["area_code"].tolist() == ["", ""]
    assert set(found["population_year"]) == {2015}
    lsoa = pd.concat([pd.DataFrame(one.lsoa) for one in boroughs])
    people = lsoa["population"]
    assert found.at["together", "population"] == people.sum() > 0
    assert found.at["whole", "population"] == boroughs[0].people["population"]
    for layer in boroughs[0].edition.layers:
        assert found.at["whole", layer.value] == boroughs[0].england[layer.id]
    score = (lsoa["imd_2019_score"] * people).sum() / people.sum()
    assert found.at["together", "imd_2019_score"] == pytest.approx(score, rel=1e-12)
    msoa = pd.concat([pd.DataFrame(one.msoa) for one in boroughs])
    known = msoa.dropna(subset="covid_2020_21_observed")
    ratio = known["covid_2020_21_observed"].sum() / known["covid_2020_21_expected"].sum()
    assert found.at["together", "covid_2020_21_ratio"] == pytest.approx(ratio, rel=1e-12)


def test_one_borough_alone_has_no_row_of_several(boroughs):
    assert list(england_table(boroughs[:1]).index) == ["whole"]


def test_england_has_its_code(boroughs):
    english = dataclasses.replace(boroughs[0], edition=edition("2019"))
    assert england_table([english])["area_code"].tolist() == ["E92000001"]


def test_the_whole_sample_together_is_the_sample(country: Country):
    """All districts of an edition as one are what the edition says of itself."""
    codes = country.ground.select("sample").codes
    found = england_table([assemble(country, code, place="sample") for code in codes])
    both = found.drop(columns="area_name")
    pd.testing.assert_series_equal(
        both.loc["together"], both.loc["whole"], check_names=False, rtol=1e-12
    )


def test_without_gradients_there_is_no_table_of_them(boroughs):
    assert gradients_by_borough(boroughs).empty
