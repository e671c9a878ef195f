"""What is behind the Indices on profiles: the place beside its borough and England, blanks said."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers.borough.region import behind_by_place
from layers.findings.behind import pooled_indicators
from layers.indicators import INDICATORS, indicators
from maps.profiles.behind import caveats_behind, domains_behind
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile
from tests.invented import invented

FILE = "imd_2025_indicators"
WITHOUT = "What is behind the Indices is not shown."


def with_indicators(borough):
    """Return an invented borough of an edition that has indicators, worse from area to area."""
    known = replace(borough.edition, sources={**borough.edition.sources, INDICATORS: FILE})
    number = np.arange(len(borough.lsoa), dtype="float64")
    small = pd.DataFrame(index=borough.lsoa.index)
    for one in indicators(known).values():
        spread = number[::-1] if one.worse == "low" else number
        small[one.people if one.of else one.column] = 5.0 if one.district else 10 + 5 * spread
        small[one.counted] = 1000.0
        for name, values in zip(one.ranks, (number + 1, number // 5 + 1), strict=False):
            small[name] = values
    small.loc[small.index[:5], "iod_2025_no_higher_education"] = np.nan
    small.loc[small.index[0], "iod_2025_income_people_people"] = np.nan
    pockets = borough.lsoa["pocket_id"].where(borough.lsoa["pocket_id"] != "")
    groupings = [
        borough.lsoa.index.to_series(),
        borough.lsoa["msoa_code"],
        pockets,
        borough.lsoa["lad_code"],
        pd.Series(known.whole, index=small.index),
    ]
    tables = [pooled_indicators(indicators(known), small, places) for places in groupings]
    return replace(borough, edition=known, behind=pd.concat(tables))


@pytest.fixture(scope="module")
def borough():
    return with_indicators(invented())


def rows_of(borough, code, kind):
    found = domains_behind(borough, code, kind=kind)
    return {row.indicator.id: row for domain in found for row in domain.rows}


def test_domains_stand_in_order_with_every_indicator_once(borough):
    found = domains_behind(borough, borough.msoa.index[0], kind="MSOA")
    assert [domain.title.split(",")[0] for domain in found] == [
        "Income",
        "Employment",
        "Education and skills",
        "Health and disability",
        "Crime",
        "Housing and services",
        "Living environment",
    ]
    assert sum(len(domain.rows) for domain in found) == 34 + 6
    titles = [row.indicator.title for row in found[2].rows]
    assert titles[-2:] == ["Sub-domain: Children and young people", "Sub-domain: Adult skills"]


def test_without_the_file_of_indicators_sub_domains_stand_alone(borough):
    own = borough.behind[[name for name in borough.behind if "iod_sample" in name]]
    found = domains_behind(replace(borough, behind=own), borough.code, kind="borough")
    assert [(domain.title, len(domain.rows)) for domain in found] == [
        ("Education and skills", 2),
        ("Housing and services", 2),
        ("Living environment", 2),
    ]


def test_a_sub_domain_is_told_by_who_lives_in_the_most_deprived_tenth(borough):
    first = rows_of(borough, borough.msoa.index[0], "MSOA")
    row = next(row for name, row in first.items() if name == "indoors")
    assert row.here == "2%"
    assert row.told == ["100 people"]
    assert row.indicator.unit == "% of people in the most deprived tenth of the sample by it"


def test_a_place_stands_beside_its_borough_and_england(borough):
    last = borough.msoa.index[-1]
    burglary = rows_of(borough, last, "MSOA")["burglary"]
    assert (burglary.here, burglary.borough, burglary.england) == ("120.0", "70.0", "70.0")
    assert burglary.worse
    assert not rows_of(borough, borough.msoa.index[0], "MSOA")["burglary"].worse


def test_low_is_worse_where_it_is_said(borough):
    first, *_, last = (
        rows_of(borough, code, "MSOA")["connectivity"] for code in borough.msoa.index
    )
    assert (first.here, last.here) == ("120.0", "20.0")
    assert (first.worse, last.worse) == (False, True)


def test_who_is_counted_and_how_much_is_covered_is_said(borough):
    first, last = borough.msoa.index[0], borough.msoa.index[-1]
    rows = rows_of(borough, first, "MSOA")
    assert rows["income_people"].here == "2.2%"
    assert rows["income_people"].told == ["90 counted", "80% covered"]
    assert rows_of(borough, last, "MSOA")["income_people"].told == ["600 counted"]
    assert rows["no_higher_education"].here == "no value"
    assert rows["no_higher_education"].told == []
    assert not rows["no_higher_education"].worse


def test_one_figure_for_the_district_is_the_boroughs_and_compared_with_nothing(borough):
    row = rows_of(borough, borough.msoa.index[0], "MSOA")["homelessness"]
    assert row.told == ["the borough's"]
    assert not row.worse
    assert rows_of(borough, borough.code, "borough")["homelessness"].told == []


def test_a_period_is_told_once_a_domain_and_where_it_is_another(borough):
    found = domains_behind(borough, borough.code, kind="borough")
    crime = next(one for one in found if one.title.startswith("Crime"))
    assert crime.period == "April 2018 to March 2024"
    assert [row.period for row in crime.rows] == [""] * 7 + ["April 2022 to March 2024"]
    homes = found[-2]
    assert homes.period == ""
    assert [row.period for row in homes.rows if row.period][-1] == "Census 2021"


def test_a_caveat_of_a_whole_domain_is_told_by_its_name(borough):
    named = dict(caveats_behind(borough))
    assert list(named) == [
        "Income",
        "Employment",
        "Young people not entering higher education",
        "Crime, as recorded by the police",
        "Core homelessness and Homelessness",
        "Homes that use energy badly",
        "Homes without private outdoor space",
        "People exposed to transport noise of 55 decibels or more",
        "Sub-domains",
    ]
    assert "rounded by the publisher to 5" in named["Income"]
    assert "which in the least deprived areas is often so" in named["Income"]


def test_a_borough_stands_beside_england_alone(borough):
    worse = borough.behind.copy()
    worse.loc[borough.code, "iod_2025_burglary"] = 99.0
    row = rows_of(replace(borough, behind=worse), borough.code, "borough")["burglary"]
    assert (row.here, row.borough, row.england, row.worse) == ("99.0", "", "70.0", True)


def test_nothing_is_worse_than_both_where_one_is_not_known(borough):
    last, behind = borough.msoa.index[-1], borough.behind.copy()
    behind.loc[borough.code, "iod_2025_burglary"] = float("nan")
    row = rows_of(replace(borough, behind=behind), last, "MSOA")["burglary"]
    assert (row.here, row.borough, row.england) == ("120.0", "no value", "70.0")
    assert not row.worse


@pytest.fixture(scope="module")
def pages(borough):
    context = context_of(borough, peers_of([borough]))
    return {
        "MSOA": msoa_profile(context, str(borough.msoa.index[0])),
        "pocket": pocket_profile(context, str(borough.pockets.index[0])),
        "borough": borough_profile(context),
    }


@pytest.mark.parametrize("kind", ["MSOA", "pocket", "borough"])
def test_every_profile_has_the_section_with_unit_direction_and_caveats(pages, borough, kind):
    page = pages[kind]
    assert page.count('<h2 id="behind">What is behind it</h2>') == 1
    section = page.split('<h2 id="behind">')[1].split("</section>")[0]
    assert section.count("<tbody>") == 7
    assert "in the most deprived tenth of" in section.split("<div")[0]
    assert section.count("lower is worse") == 1
    assert "per 1,000 properties at risk" in section
    assert "They are not ranked" in section
    for _, caveat in caveats_behind(borough):
        assert caveat.replace("'", "&#39;") in section
    beside = re.findall(r'<th scope="col" class="number">([^<]+)</th>', section)[:3]
    assert (borough.name in beside) == (kind != "borough")


def test_without_indicators_there_is_no_section_but_a_reason(pages, borough):
    bare = replace(borough, behind=pd.DataFrame(), lacking_behind=(WITHOUT,))
    page = msoa_profile(context_of(bare, peers_of([bare])), str(bare.msoa.index[0]))
    section = page.split('<h2 id="behind">')[1].split("</section>")[0]
    assert "<table" not in section
    assert WITHOUT in section
    none = replace(borough, behind=pd.DataFrame())
    page = msoa_profile(context_of(none, peers_of([none])), str(none.msoa.index[0]))
    assert 'id="behind"' not in page


def test_the_table_for_analysts_has_a_row_a_place(borough):
    table = behind_by_place([borough])
    assert table["place_kind"].value_counts().to_dict() == {
        "lsoa": 25,
        "msoa": 5,
        "pocket": 2,
        "district": 1,
        "whole": 1,
    }
    assert table.index.is_unique
    assert table.loc[borough.code, "area_name"] == borough.name
    assert table.loc[borough.pockets.index[0], "area_name"] == borough.pockets["name"].iloc[0]
    assert table["iod_2025_income_people_people"].dtype == "Int64"
    assert table.loc[borough.lsoa.index[0], "iod_2025_income_people_people"] is pd.NA
    assert table["iod_sample_indoors_rank"].dtype == "Int64"
    assert table.loc[borough.lsoa.index[6], "iod_sample_indoors_rank"] == 7
    assert table.loc[borough.msoa.index[0], "iod_sample_indoors_rank"] is pd.NA
    assert behind_by_place([borough, replace(borough, behind=pd.DataFrame())]).empty
