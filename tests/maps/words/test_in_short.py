"""A borough in short: where it stands, what stands out, where layers meet, what is ordinary."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from maps.page.borough import borough_page
from maps.words.summaries import in_short

NAMES = ("income", "employment", "education", "health", "crime", "barriers", "living_environment")


@pytest.fixture(scope="module")
def told(invent):
    """What is said of a borough with given ranks among 296 districts, its domains in order."""
    own = invent(name="Isle of Nowhere", edition_id="2019")

    def said(overall, domains, *, count=296, lsoa=None, share=40.0):
        ranks = dict(zip((f"imd_2019_{name}" for name in NAMES), domains, strict=True))
        ranks["imd_2019"] = overall
        district = {f"{layer}_rank_england": rank for layer, rank in ranks.items()}
        district["imd_2019_worst_tenth_pct"] = share
        return in_short(
            dataclasses.replace(
                own,
                lsoa=own.lsoa if lsoa is None else lsoa(own.lsoa),
                district=pd.Series(own.district.to_dict() | district),
                district_counts=dict.fromkeys(ranks, count),
            )
        )

    return said


def test_it_says_where_a_borough_stands_among_all_districts(told):
    first = told(13, [100] * 7)[0]
    assert first == (
        "The Isle of Nowhere stands 13th of the 296 districts of England, counted from the most"
        " deprived by average score; 40% of its small areas are in England’s most deprived tenth."
    )
    assert "score; none of its small areas are in" in told(290, [290] * 7, share=0.0)[0]


def test_a_domain_stands_out_in_the_first_tenth_of_districts_and_not_behind_it(told):
    said = told(13, [25, 4, 30, 3, 72, 222, 254])
    assert said[1] == (
        "It is among the most deprived tenth of districts on health and disability (3rd of the"
        " 296), employment (4th), income (25th) and education and skills (30th)."
    )
    assert told(2, [1, 2, 3, 4, 5, 72, 222])[1].endswith(
        "income (1st of the 296), employment (2nd), education and skills (3rd) and 2 more."
    )
    assert said[2] == (
        "It is in the less deprived half on living environment (254th of the 296) and housing and"
        " services (222nd)."
    )
    said = told(60, [31, 60, 70, 80, 90, 100, 148])
    assert said[1] == (
        "On no domain is it among the most deprived tenth of districts; it is nearest on income"
        " (31st of the 296)."
    )
    assert said[2] == "On every domain it is in the more deprived half of districts."


def test_a_borough_in_the_less_deprived_half_on_all_domains_is_told_so_once(told):
    said = told(270, [264, 260, 255, 250, 196, 240, 149])
    assert said[1:] == [
        "On every domain it is in the less deprived half of districts: nearest to the other on"
        " living environment (149th of the 296)."
    ]
    assert "On every domain" not in told(270, [264, 260, 255, 250, 196, 240, 148])[1]


def test_few_districts_have_no_tenth_of_their_own(told):
    said = told(1, [1] * 7, count=2)
    assert len(said) == 1
    assert "1st of the 2 districts" in said[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "None of its small areas is in England’s worst fifth on all 4 layers counted"),
        (None, "None of its small areas is known to be in England’s worst fifth on all 4 layers"),
        ([3], "1 small area, with {} people (mid-2015), is in England’s worst fifth on all 4"),
        ([0, 1, 9], "3 small areas, with {} people (mid-2015), are in England’s worst fifth on"),
    ],
)
def test_it_says_how_many_areas_are_worst_on_all_layers_and_where(told, rows, said):
    def lsoa(areas):
        met, known = (pd.Series(number, index=areas.index) for number in (3.0, 4))
        met.iloc[rows or []] = 4.0
        known.iloc[0] = 3 if rows is None else 4
        people = range(1000, 1000 + len(areas))
        return areas.assign(overlap_england=met, overlap_known_england=known, population=people)

    line = told(13, [100] * 7, lsoa=lsoa)[-1]
    assert line.startswith(said.format(f"{sum(1000 + row for row in rows or []):,}"))


def test_neighbourhoods_are_named_as_where_most_are_only_when_not_all_are_named(told):
    def lsoa(areas, *, places):
        known = {"overlap_england": 4.0, "overlap_known_england": 4}
        return areas[areas["msoa_code"].isin(sorted(set(areas["msoa_code"]))[:places])].assign(
            **known
        )

    few, many = (
        told(13, [100] * 7, lsoa=lambda areas, count=count: lsoa(areas, places=count))[-1]
        for count in (3, 4)
    )
    assert "counted together: in " in few
    assert "counted together, most people in " in many


def test_what_is_not_known_is_not_said(told, invent):
    nan = float("nan")
    said = told(
        nan, [nan] * 7, lsoa=lambda areas: areas.drop(columns="overlap_england", errors="ignore")
    )
    assert said == []
    own = invent(name="Isle of Nowhere")
    page = borough_page(
        dataclasses.replace(own, lsoa=own.lsoa.assign(overlap_england=0.0, overlap_known_england=4))
    )
    assert "None of its small areas is in the sample’s worst fifth" in page
    assert '<h2 id="short-heading">In short</h2>' in page
