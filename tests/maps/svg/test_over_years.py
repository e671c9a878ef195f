"""Fuel poverty over the years: two measures are two series, and England stands beside."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from maps.svg.over_years import ceiling_of, years_figure
from tests import invented

YEARS = {
    2017: ("LIHC", 123, 100),
    2018: ("LIHC", 130, 100),
    2019: ("LILEE", 165, 120),
    2020: ("LILEE", 150, 110),
}


@pytest.fixture(scope="module")
def borough(invented_borough):
    series = invented.series_of(invented_borough.code, YEARS)
    return replace(invented_borough, fuel_series=series)


def test_no_line_joins_two_measures(borough):
    chart = years_figure(borough).chart
    for kind in ("run", "line"):
        lines = re.findall(rf'class="{kind}" d="([^"]+)"', chart)
        assert [line.count("L") for line in lines] == [1, 1]
        first, last, begins, _ = (
            float(x) for line in lines for x in re.findall(r"[ML]([\d.]+) ", line)
        )
        assert begins - last > 1.3 * (last - first)
    assert "not joined" in chart
    assert re.findall(r'class="name"[^>]*>([^<]+)<', chart) == ["LIHC", "LILEE"]


def test_the_table_has_both_and_the_sentence_the_latest_year(borough):
    figure = years_figure(borough)
    assert figure.rows[0] == (2017, "LIHC", "12.3%", "10.0%")
    assert figure.rows[-1] == (2020, "LILEE", "15.0%", "11.0%")
    assert figure.sentence == (
        "In 2020, 15.0% of the households of Northmere were in fuel poverty (LILEE); in the sample"
        " 11.0%. The measure changed to LILEE with 2019: figures up to 2018 and from 2019 cannot be"
        " compared."
    ).replace("the sample", borough.edition.whole)
    assert "LILEE is Low Income Low Energy Efficiency" in figure.key


def test_without_a_series_there_is_no_figure(borough):
    assert years_figure(replace(borough, fuel_series=pd.DataFrame())) is None


def test_a_scale_ends_above_the_largest_share_and_its_number():
    assert ceiling_of(pd.DataFrame({"own": [15.0], "whole": [17.8]})) == 20
    assert ceiling_of(pd.DataFrame({"own": [15.0], "whole": [17.9]})) == 25
