"""Observed and expected deaths: by hand for three areas, and against all that can be wrong."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from geo.errors import CodeError, InputError
from layers.kinds.covid_mortality import build, deaths_in_period
from layers.layer import edition
from layers.weekly_deaths import BANDS, weekly_deaths
from tests.layers.test_weekly_deaths import WEEKS, sheet

CODES = ["E02900001", "E02900002", "W02900003"]


def known(first=WEEKS[0], last=WEEKS[1], weeks=2, deaths=24):
    record = edition("2019")
    covid = {"first_week": first, "last_week": last, "weeks": weeks, "deaths": deaths}
    return dataclasses.replace(record, parameters={**record.parameters, "covid": covid})


def people(old, young=1000):
    """Return a population by sex of three areas with so many in the oldest and youngest band."""
    table = pd.DataFrame(10, index=pd.Index(CODES, name="area_code"), columns=list(BANDS))
    table[BANDS[-1]] = old
    table[BANDS[0]] = young
    return {"males": table, "females": table}


def built(observed=(5, 10, 5), old=(100, 200, 100), version="matched", **options):
    deaths = pd.Series(list(observed), index=CODES)
    frames = [weekly_deaths(sheet(**options), where="a workbook")]
    return build(known(), deaths, people(list(old)), frames, version=version)


def test_the_weeks_of_the_period_are_added_up():
    deaths = deaths_in_period(known(), [weekly_deaths(sheet(), where="a workbook")])
    assert deaths.sum() == 24
    assert deaths["males", "age_90_plus"] == 8


@pytest.mark.parametrize("change", [{"weeks": 3}, {"deaths": 25}, {"last": WEEKS[2]}])
def test_other_weeks_or_deaths_than_the_records_are_refused(change):
    with pytest.raises(InputError) as caught:
        deaths_in_period(known(**change), [weekly_deaths(sheet(), where="a workbook")])
    assert "Weekly deaths are not those of the record" in str(caught.value)
    assert "deaths in" in caught.value.found


def test_the_same_workbook_twice_is_refused():
    frame = weekly_deaths(sheet(), where="a workbook")
    with pytest.raises(InputError, match="not those of the record"):
        deaths_in_period(known(), [frame, frame])


def test_expected_deaths_by_hand():
    # Rates: 4 young deaths of each sex among 3,000, 8 old ones among 400. An area with 100 of the
    # old and 1,000 of the young of each sex expects 2 × (100 × 8/400 + 1000 × 4/3000).
    values = built(version="as_published").values
    small = 2 * (100 * 8 / 400 + 1000 * 4 / 3000)
    large = 2 * (200 * 8 / 400 + 1000 * 4 / 3000)
    assert values.index.tolist() == CODES[:2]
    assert values["covid_2020_21_expected"].tolist() == pytest.approx([small, large])
    assert values["covid_2020_21_ratio"].tolist() == pytest.approx([5 / small, 10 / large])


def test_matched_rescales_so_that_the_whole_reference_is_one():
    values = built(version="matched").values
    unscaled = built(version="as_published").values
    scale = values["covid_2020_21_expected"] / unscaled["covid_2020_21_expected"]
    # 20 deaths observed, 24 expected from the weeks: England and Wales, not England alone.
    assert scale.tolist() == pytest.approx([20 / 24] * 2)
    assert values["covid_2020_21_observed"].tolist() == [5, 10]


def test_where_less_than_one_is_expected_there_is_no_ratio():
    values = built(observed=(0, 10, 10), old=(0, 200, 200), deaths={"90+": 6}).values
    first = values.loc["E02900001"]
    assert first["covid_2020_21_expected"] == 0
    assert first.filter(like="ratio").isna().all()
    assert values.loc["E02900002", "covid_2020_21_ratio"] == pytest.approx(1.0)


def test_the_difference_between_the_versions_is_stated():
    assert "together score 1." in built(version="matched").notes[0]
    assert "together score below 1." in built(version="as_published").notes[0]


def test_the_order_of_the_areas_does_not_matter():
    deaths = pd.Series([5, 10, 5], index=CODES)
    frames = [weekly_deaths(sheet(), where="a workbook")]
    turned = {sex: table.iloc[[2, 0, 1]] for sex, table in people([100, 200, 100]).items()}
    one = build(known(), deaths, people([100, 200, 100]), frames)
    other = build(known(), deaths.iloc[[1, 2, 0]], turned, frames)
    pd.testing.assert_frame_equal(one.values, other.values)
    assert one.checks == other.checks


def test_deaths_and_people_of_other_areas_are_refused():
    deaths = pd.Series([5, 10, 5], index=["E02900001", "E02900009", "W02900003"])
    with pytest.raises(CodeError) as caught:
        build(known(), deaths, people([100, 200, 100]), [weekly_deaths(sheet(), where="a")])
    assert caught.value.found == "only one has E02900002, E02900009"


def test_areas_of_one_sex_only_are_refused():
    halves = people([100, 200, 100])
    halves["males"] = halves["males"].drop("E02900002")
    with pytest.raises(InputError, match="E02900002"):
        build(known(), pd.Series([5, 10, 5], CODES), halves, [weekly_deaths(sheet(), where="a")])
