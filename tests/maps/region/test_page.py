"""The page that sets boroughs side by side: its numbers, sentences, charts and edges."""

from __future__ import annotations

import dataclasses
import html
import math
import re

import numpy as np
import pandas as pd
import pytest

from geo.stats.standardise import ratio_with_limits
from layers.borough.region import Line
from layers.catalogue import catalogue
from layers.findings.joined import no_joined
from layers.kinds.reading import OVER_YEARS
from maps.look.html import digest, stylesheet
from maps.made_of.matrix import tones
from maps.region.page import comparable, region_page
from maps.svg.scatter import Words, scatter
from maps.svg.side_by_side import Rows, panels_chart, ratio_chart, row_chart
from maps.words import of_regions as region_said
from maps.words.alone import hidden_in_words
from tests import invented

BOTH = "Northmere and Westholt"
FOLDERS = {"E06900001": "northmere", "E06900002": "westholt"}
FORBIDDEN = ("times as deprived", "people are deprived", "because of", "caused by", "roadside air")


def counted(borough, *, small=False):
    """Give a borough deaths and households; each LSOA is its own MSOA unless ``small``."""
    lsoa = borough.lsoa.assign(
        fuel_poverty_2020_households=500.0,
        covid_2020_21_expected=np.linspace(8.0, 20.0, len(borough.lsoa)),
    )
    lsoa["covid_2020_21_observed"] = (
        lsoa["covid_2020_21_ratio"] * lsoa["covid_2020_21_expected"]
    ).round()
    limits = ratio_with_limits(lsoa["covid_2020_21_observed"], lsoa["covid_2020_21_expected"])
    lsoa = lsoa.assign(**limits.add_prefix("covid_2020_21_"))
    by = "msoa_code" if small else lsoa.index
    msoa = lsoa.groupby(by).first().set_geometry("geometry").set_crs(lsoa.crs)
    return dataclasses.replace(borough, lsoa=lsoa, msoa=msoa.rename_axis("area_code"))


def moved(borough):
    """Return a borough under other codes, with the name Westholt and lower scores."""

    def renamed(table):
        codes = {"E0190": "E0191", "E029": "E02A", "E06900001": "E06900002"}
        pattern = re.compile("|".join(codes))
        table = table.rename(index=lambda code: pattern.sub(lambda m: codes[m[0]], code))
        return table.assign(lad_code="E06900002", lad_name="Westholt")

    district = borough.district.copy()
    district["imd_2019_average_score"] /= 2
    return dataclasses.replace(
        borough,
        code="E06900002",
        name="Westholt",
        district=district,
        lsoa=renamed(borough.lsoa),
        msoa=renamed(borough.msoa),
        pockets=renamed(borough.pockets.iloc[:1]),
    )


def with_series(borough, share):
    measures = {2017: "LIHC", 2018: "LIHC", 2019: "LILEE", 2020: "LILEE"}
    years = {year: (measure, 10 * share, 100) for year, measure in measures.items()}
    behind = tuple(catalogue()[f"fuel_poverty_{year}"] for year in years)
    return dataclasses.replace(
        borough,
        fuel_series=invented.series_of(borough.code, years),
        sources={**borough.sources, OVER_YEARS: behind},
    )


def pair(first):
    return [with_series(moved(first), 14), with_series(first, 9)]


@pytest.fixture(scope="module")
def boroughs(invent):
    return pair(counted(invent(edition_id="2019")))


@pytest.fixture(scope="module")
def page(boroughs):
    return region_page(boroughs, FOLDERS)


def table(page, key):
    """Return the rows of a table, as lists of texts, by the id of its caption."""
    body = page[page.index(f'<span id="{key}">') :]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body[: body.index("</table>")], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def words(page):
    bare = re.sub(r"<(style|svg).*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", bare)))


@pytest.fixture(scope="module")
def joined(boroughs):
    """The boroughs, in order of their names, as if their first pockets touched."""
    pockets = pd.concat([borough.pockets for borough in boroughs])
    together = invented.joined_of_first(pockets)
    return [
        dataclasses.replace(borough, pockets=pockets.loc[borough.pockets.index], joined=together)
        for borough in boroughs[::-1]
    ]


def test_joined_pockets_are_listed_with_their_boroughs_and_people(joined):
    page = region_page(joined, FOLDERS)
    north, west = (borough.pockets.iloc[0] for borough in joined)
    sums = (
        north[["lsoa_count", "population", "worst_decile_people"]]
        + west[["lsoa_count", "population", "worst_decile_people"]]
    )
    assert table(page, "across-table")[1:] == [
        [
            "Northmere and Westholt",
            f"Pocket 1 of Northmere ({north['name']})Pocket 1 of Westholt ({west['name']})",
            *(f"{number:,}" for number in sums),
        ]
    ]
    for borough in joined:
        home, pocket = FOLDERS[borough.code], borough.pockets.index[0]
        assert f'<a href="{home}/index.html#place={pocket}">' in page
    said = (
        "2 of the 3 pockets touch one across their borough’s line: they are parts of one joined"
        f" pocket, in which {sums['population']:,} people live (mid-2015)."
    )
    assert said in words(page)
    assert "not among these" not in page


def test_a_pocket_of_a_borough_that_is_not_built_is_named_without_a_link(joined):
    first, second = joined
    other = dataclasses.replace(
        second,
        code="E06900003",
        name="Eastholt",
        lsoa=second.lsoa.assign(lad_code="E06900003"),
        msoa=second.msoa.assign(lad_code="E06900003"),
        pockets=second.pockets.iloc[:0],
        joined=no_joined(),
    )
    page = region_page([first, other], {"E06900001": "northmere", "E06900003": "eastholt"})
    west = second.pockets.iloc[0]
    assert f"Pocket 1 of Westholt ({west['name']})" in words(page)
    assert "westholt/" not in page
    assert "1 joined pocket reaches into a borough that is not among these." in words(page)


def test_where_no_pocket_touches_another_there_is_no_list(page, boroughs):
    assert 'id="across-table"' not in page
    assert "No pocket here touches one across its borough’s line." in words(page)
    bare = [dataclasses.replace(each, pockets=each.pockets.iloc[:0]) for each in boroughs]
    assert 'id="across-part"' not in region_page(bare, FOLDERS)


def test_the_page_is_one_file_without_script_and_names_its_style(page):
    style = stylesheet("base.css", "region.css") + tones()
    assert f"style-src &#39;sha256-{digest(style)}&#39;" in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert page.count("<h1>") == 1


def test_boroughs_stand_by_score_whatever_the_order_given(page, boroughs):
    rows = table(page, "deprivation-table")
    assert [row[0] for row in rows[1:]] == [
        "Northmere",
        "Westholt",
        "Northmere and Westholt",
        "England",
    ]
    assert region_page(boroughs[::-1], FOLDERS) == page


def test_scores_and_shares_are_those_of_the_districts(page, boroughs):
    second, first = boroughs
    rows = {row[0]: row[1:] for row in table(page, "deprivation-table")}
    tenth = int((first.lsoa["imd_2019_decile"] == 1).sum())
    assert rows["Northmere"] == [
        f"{first.lsoa['population'].sum():,}",
        "25",
        f"{first.district['imd_2019_average_score']:.1f}",
        str(tenth),
        f"{first.district['imd_2019_worst_tenth_pct']:.1f}%",
    ]
    assert rows["Westholt"][2] == f"{second.district['imd_2019_average_score']:.1f}"
    assert rows[BOTH][1] == "50"
    assert rows[BOTH][3] == str(2 * tenth)
    assert rows["England"] == ["–", "1,000", f"{first.england['imd_2019']:.1f}", "–", "10.0%"]


def test_pockets_and_people_in_them_add_up(page, boroughs):
    second, first = boroughs
    inside = [int(each.pockets["population"].sum()) for each in (first, second)]
    people = int(first.lsoa["population"].sum())
    rows = {row[0]: row[1:] for row in table(page, "pockets-table")}
    assert rows["Northmere"][:3] == ["2", f"{inside[0]:,}", f"{100 * inside[0] / people:.1f}%"]
    assert rows["Westholt"][0] == "1"
    whole = sum(inside)
    assert rows[BOTH][:3] == [
        "3",
        f"{whole:,}",
        f"{100 * whole / people / 2:.1f}%",
    ]


def flagged(borough, single, hidden):
    """Mark small areas outside pockets by their places, and count them in the district."""
    lsoa = borough.lsoa
    codes = lsoa.index[lsoa["pocket_id"] == ""]
    lsoa = lsoa.assign(single=lsoa.index.isin(codes[single]), hidden=lsoa.index.isin(codes[hidden]))
    deciles = lsoa["imd_2019_decile"].where(~lsoa["hidden"], 3)
    people = lsoa.loc[lsoa["single"], "population"]
    district = borough.district.copy()
    district["single_lsoas"], district["people_in_single_lsoas"] = len(people), people.sum()
    return dataclasses.replace(
        borough, lsoa=lsoa.assign(imd_2019_decile=deciles), district=district
    )


def test_all_boroughs_have_a_name_that_is_not_the_one_they_are_compared_with(boroughs):
    whole = boroughs[0].edition.whole
    page = region_page([dataclasses.replace(each, place=whole) for each in boroughs], FOLDERS)
    names = [row[0] for row in table(page, "deprivation-table")][1:]
    assert len(set(names)) == len(names) > 2
    assert "All boroughs here" in names


def test_small_areas_in_no_pocket_are_counted_by_borough(boroughs):
    second, first = boroughs
    alone = [flagged(second, [0, 1], [2]), flagged(first, [3], [4, 5, 6])]
    people = [int(each.lsoa.loc[each.lsoa["single"], "population"].sum()) for each in alone]
    page = region_page(alone, FOLDERS)
    rows = {row[0]: row[1:] for row in table(page, "pockets-table")}
    assert rows["Westholt"][4:6] == ["2", "1"]
    assert rows["Northmere"][4:6] == ["1", "3"]
    assert rows[BOTH][4:6] == ["3", "4"]
    assert f"and 3 single small areas ({sum(people):,} people)." in words(page)
    assert (
        "4 small areas are in the most deprived fifth of their borough and outside the most"
        " deprived fifth of the sample (4 in decile 3)"
        in words(page).replace("England", "the sample")
    )
    (only,) = hidden_in_words(flagged(first, [], [0]), several=True)
    assert only.startswith("1 small area is in the most deprived fifth of its borough and outside")


def test_each_tenth_shows_its_deaths_and_the_total_is_their_sum(page, boroughs):
    rows = table(page, "deaths-table")
    assert len(rows) == 12
    assert rows[1][0] == "10 (least deprived)"
    assert rows[10][0] == "1 (most deprived)"
    observed = [int(row[3].replace(",", "")) for row in rows[1:]]
    assert sum(observed[:-1]) == observed[-1]
    deaths = sum(each.msoa["covid_2020_21_observed"].sum() for each in boroughs)
    assert observed[-1] == deaths
    for row in rows[1:]:
        ratio = int(row[3].replace(",", "")) / float(row[4].replace(",", ""))
        assert float(row[5]) == pytest.approx(ratio, abs=0.011)
        low, high = map(float, row[6].split(" to "))
        assert low <= float(row[5]) <= high


def test_every_msoa_of_the_scatter_is_in_its_table_with_a_link(page, boroughs):
    rows = table(page, "msoas-table")
    dots = len(re.findall(r'class="area"', page)) + len(re.findall(r'class="far"', page))
    assert dots == len(rows) - 1 == 50
    scores = [float(row[3]) for row in rows[1:]]
    assert scores == sorted(scores, reverse=True)
    assert 'href="westholt/profiles/E01910000.html"' in page
    assert "profiles/" not in region_page(boroughs, FOLDERS, linked=("index", "pages"))


def test_measures_of_fuel_poverty_are_two_lines_that_never_meet(page):
    body = page[page.index('id="fuel-part"') : page.index('id="deaths-part"')]
    pictures = re.findall(r'<svg class="panels".*?</svg>', body, re.DOTALL)
    assert len(pictures) == 2
    for picture in pictures:
        runs = re.findall(r'<path class="run" d="M([^"]+)"', picture)
        assert [len(run.split("L")) for run in runs] == [2, 2]
        ends = [[float(point.split()[0]) for point in run.split("L")] for run in runs]
        assert ends[0][-1] + 40 < ends[1][0]
        assert picture.count('class="line"') == 2
        assert picture.count('<circle class="point"') == 2
        assert picture.count('<path class="point"') == 2
    rows = table(page, "fuel-table")
    assert rows[0] == ["", "LIHC", "LILEE"]
    assert rows[1] == ["Borough", "2017", "2018", "2019", "2020"]
    assert rows[2:] == [
        ["Northmere", *["9.0"] * 4],
        ["Westholt", *["14.0"] * 4],
        ["Northmere and Westholt", *["11.5"] * 4],
        ["England", *["10.0"] * 4],
    ]
    assert "figures up to 2018 and from then on cannot be compared" in words(page)


@pytest.mark.parametrize("there", [True, False])
def test_years_that_are_not_at_hand_are_named_beside_the_series(there, boroughs):
    said = "Fuel poverty over the years is without 2015."
    series = boroughs[0].fuel_series if there else pd.DataFrame()
    short = [
        dataclasses.replace(borough, lacking_years=(said,), fuel_series=series)
        for borough in boroughs
    ]
    page = region_page(short, FOLDERS)
    body = page[page.index('id="fuel-part"') : page.index('id="deaths-part"')]
    assert f"<p>{said}</p>" in body
    assert page.count(said) == 1
    assert "nothing to draw" not in body


def test_sources_of_every_year_of_the_series_are_named(page):
    footer = page[page.index("<footer>") :]
    for year in (2017, 2018, 2019, 2020):
        assert f"({year} data)" in footer
    assert "LSOA (2011) to LSOA (2021)" not in footer


def test_the_indices_are_described_without_limits_and_others_with_them(page):
    rows = {row[0]: row[1:] for row in table(page, "gradients-table")}
    assert len(rows) == 13
    assert rows["Income deprivation"][4] == "–"
    assert "limits" not in rows["Income deprivation"][3]
    assert re.search(r"\(95% limits .* to .*\)", rows["Households in fuel poverty"][3])
    assert "of that order" not in words(page)


def test_the_reference_and_the_earlier_analysis_are_stated(page, boroughs):
    assert "England and Wales = 1." in words(page)
    assert "scores 0.90 instead of 1" in words(page)
    assert "neither a cause nor a single person’s risk" in words(page)
    assert not [said for said in FORBIDDEN if said in words(page).lower()]


def test_the_sample_says_so_and_has_no_series(invent):
    first = counted(invent())
    page = region_page([first, moved(first)], FOLDERS)
    assert "does not exist" in words(page)
    assert "scores 0.90" not in words(page)
    assert "There is no series of years" in words(page)
    assert 'class="panels"' not in page


def test_too_few_msoas_leave_the_chart_out_and_keep_the_total(invent):
    first = counted(invent(), small=True)
    page = region_page([first, moved(first)], FOLDERS)
    assert "too few areas to part them" in words(page)
    assert 'class="ratios"' not in page
    assert [row[0] for row in table(page, "deaths-table")[1:]] == ["Northmere and Westholt"]
    assert 'class="scatter"' in page
    assert 'id="gradient-covid_2020_21-t"' not in page


def test_boroughs_without_a_pocket(invent):
    first = counted(invent(pockets=False))
    page = region_page([first, moved(first)], FOLDERS)
    assert (
        "The 2 boroughs have no pocket of deprivation: no two small areas that touch are"
        in words(page)
    )
    rows = {row[0]: row[1:] for row in table(page, "pockets-table")}
    assert rows[BOTH][:4] == ["0", "0", "0.0%", "–"]
    assert rows[BOTH][6] == rows[BOTH][7]
    assert rows[BOTH][8] == "100.0%"
    assert "has no pocket: all of its about" in words(page)


def test_those_outside_every_pocket_are_counted_by_borough(page, boroughs):
    rows = {row[0]: row[1:] for row in table(page, "pockets-table")}
    people = outside = 0.0
    for borough in boroughs:
        own = borough.lsoa
        counted_here = own["imd_2019_income_people"]
        left = counted_here[own["pocket_id"] == ""].sum()
        share = 100 * left / counted_here.sum()
        cells = [f"{counted_here.sum():,.0f}", f"{left:,.0f}", f"{share:.1f}%"]
        assert rows[borough.name][6:] == cells
        people, outside = people + counted_here.sum(), outside + left
    assert rows[BOTH][6:8] == [f"{people:,.0f}", f"{outside:,.0f}"]
    said = f"Of about {people:,.0f} people counted as income-deprived in"
    assert said in words(page)


def test_names_cannot_break_the_page(invent):
    first = counted(invent(nasty=True))
    page = region_page([first, moved(first)], FOLDERS)
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "{{ 7 * 7 }}" in page
    assert "O&#39;Brien &amp; &#34;Sons&#34;" in page


def test_links_only_to_parts_that_are_there(boroughs):
    alone = region_page(boroughs, FOLDERS, linked=("region",))
    assert set(re.findall(r'href="([^"]+)"', alone)) == set(re.findall(r'href="(#[^"]+)"', alone))
    profiles = region_page(boroughs, FOLDERS, linked=("profiles",))
    assert 'href="northmere/profile.html"' in profiles


def test_one_borough_or_very_many_are_not_set_side_by_side(boroughs):
    assert comparable(boroughs)
    assert not comparable(boroughs[:1])
    assert not comparable(boroughs * 21)


# Sentences


def test_overlap_in_words():
    counts = pd.DataFrame({"lsoas": [0, 131], "people": [0, 200]}, index=["Elm", "Ash"])
    told = {"year": 2015, "of": "3 of the 4 layers", "whole": "England"}
    assert region_said.overlapping(counts, 800, **told) == (
        "131 small areas are in the worst fifth of England on at least 3 of the 4 layers"
        " together, home to 200 people (mid-2015), 25% of all. All of them are in Ash."
    )
    assert region_said.overlapping(counts.iloc[:1], 800, **told) == (
        "No small area is in the worst fifth of England on at least 3 of the 4 layers together."
    )
    one = region_said.overlapping(counts.assign(lsoas=[0, 1]), 800, **told)
    assert one.startswith("1 small area is in")
    assert one.endswith("25% of all.")


def test_all_boroughs_above():
    said = region_said.above_average({"Ash": 30.0, "Elm": 25.0}, 21.7, "England")
    assert said == (
        "All 2 boroughs have a higher average score than England (21.7): Ash (30.0) and Elm (25.0)."
    )


def test_one_measure_alone_has_no_break_in_words():
    index = pd.MultiIndex.from_tuples([("LILEE", 2022), ("LILEE", 2023)], names=["measure", "year"])
    shares = pd.DataFrame({"Ash": [12.0, 14.94], "Elm": [9.0, 9.0]}, index=index)
    assert region_said.fuel_poverty_over_years(shares, 11.5, 11.4, "England") == (
        "In 2023, 11.5% of households were in fuel poverty (LILEE), where England had 11.4%:"
        " from 9.0% in Elm to 14.9% in Ash."
    )


@pytest.mark.parametrize(
    ("slope", "r_squared", "said"),
    [
        (0.0191, 0.42, "is on the whole higher where the score is higher: ratio = 0.71 + 0.0191 ×"),
        (-0.01, 0.3, "is on the whole lower where the score is higher: ratio = 0.71 − 0.0100 ×"),
        (0.0191, 0.04, "hardly runs with the score: ratio = 0.71 + 0.0191 × score, R² = 0.04."),
    ],
)
def test_a_line_in_words(slope, r_squared, said):
    points = pd.DataFrame({"value": range(323)})
    found = Line(slope=slope, intercept=0.708, r_squared=r_squared, points=points)
    assert said in region_said.line(found)
    assert region_said.line(found).startswith("Over 323 MSOAs the ratio")
    assert ("42% of the variance" in region_said.line(found)) == (r_squared == 0.42)


def test_mortality_in_words_only_where_both_ends_are_known():
    parts = pd.DataFrame(
        {
            "ratio": [1.92, 1, 1, 1, 0.86],
            "ratio_lower": [1.78, 1, 1, 1, 0.79],
            "ratio_upper": [2.06, 1, 1, 1, 0.93],
        },
        index=range(1, 6),
    )
    assert region_said.mortality_of_parts(parts) == (
        "In the most deprived fifth of MSOAs by population, 92% more people died of COVID-19 than"
        " expected for their age and sex (78% to 106%). In the least deprived, 14% fewer (7% to"
        " 21%)."
    )
    unclear = parts.assign(ratio_lower=[0.9] * 5, ratio_upper=[2.0] * 5)
    assert "(10% fewer to 100% more)" in region_said.mortality_of_parts(unclear)
    assert region_said.mortality_of_parts(parts.iloc[:0]) == ""
    assert region_said.mortality_of_parts(parts.assign(ratio=[1.0, 1, 1, 1, math.nan])) == ""


def test_a_line_in_plain_words_has_no_formula():
    points = pd.DataFrame({"value": range(323)})
    told = [
        region_said.running_with_deprivation(
            Line(slope=slope, intercept=0.7, r_squared=share, points=points)
        )
        for slope, share in ((0.02, 0.42), (-0.02, 0.3), (0.02, 0.04))
    ]
    assert told == [
        "The more deprived the neighbourhood, the higher its COVID-19 mortality tended to be;"
        " deprivation goes with 42% of the differences.",
        "The more deprived the neighbourhood, the lower its COVID-19 mortality tended to be;"
        " deprivation goes with 30% of the differences.",
        "COVID-19 mortality hardly ran with the deprivation of neighbourhoods.",
    ]


def test_domains_are_shares_of_small_areas_shaded_by_class(page, boroughs):
    rows = {row[0]: row[1:] for row in table(page, "domains-table")}
    _, first = boroughs
    shares = [
        100 * (first.lsoa[f"imd_2019_{domain}_decile"] == 1).sum() / len(first.lsoa)
        for domain in ("income", "crime")
    ]
    headings = rows["Borough"]
    at = [headings.index(name) for name in ("Income", "Crime")]
    assert [rows["Northmere"][place] for place in at] == [f"{share:.0f}%" for share in shares]
    assert rows["England"] == ["10%"] * 7
    assert len(re.findall(r'<td class="tone[0-5]"', page)) == 14


def test_key_points_name_the_order_with_ranks(boroughs):
    ranked = []
    for place, borough in zip((120, 2), boroughs, strict=True):
        district = borough.district.copy()
        district["imd_2019_rank_england"] = place
        counts = {**borough.district_counts, "imd_2019": 317}
        ranked.append(dataclasses.replace(borough, district=district, district_counts=counts))
    said = words(region_page(ranked, FOLDERS))
    assert "Northmere (2nd of the 317 districts of England) and Westholt (120th)." in said


# Charts

TOLD = {"key": "k", "title": "Title", "description": "Description"}


def test_bars_stand_on_zero_in_proportion():
    rows = Rows(values={"Ash": 40.0, "Elm": 10.0}, together=("All", 20.0), label="{:.0f}%")
    drawn = row_chart(rows, **TOLD)
    bars = re.findall(r'class="bar[^"]*" d="M([\d.]+) [\d.]+H([\d.]+)v', drawn)
    lengths = [float(end) - float(start) for start, end in bars]
    assert lengths[0] == pytest.approx(4 * lengths[1], abs=0.4)
    assert lengths[0] == pytest.approx(2 * lengths[2], abs=0.4)
    assert 'class="bar together"' in drawn
    assert ">40%</text>" in drawn
    assert 'class="line"' not in drawn


def test_rows_stand_in_order_of_their_own_values_and_unknown_ones_last():
    values = {"Ash": math.nan, "Elm": 10.0, "Oak": 40.0}
    drawn = row_chart(Rows(values=values, together=("All", 20.0), label="{:.0f}%"), **TOLD)
    names = re.findall(r'class="last"[^>]*>(Ash|Elm|Oak|All)<', drawn)
    assert names == ["Oak", "Elm", "Ash", "All"]


def test_dots_hang_from_the_line_on_their_own_side():
    rows = Rows(
        values={"Ash": 43.0, "Elm": 14.5, "Oak": math.nan},
        together=("All", 28.0),
        line=("England", 21.7),
        label="{:.1f}",
        zero=False,
    )
    drawn = row_chart(rows, **TOLD)
    line = float(re.search(r'class="line" d="M([\d.]+)', drawn)[1])
    ash, elm, every = (float(x) for x in re.findall(r'class="dot[^"]*" cx="([\d.]+)"', drawn))
    assert elm < line < every < ash
    assert "England 21.7" in drawn
    assert "no value" in drawn
    assert 'role="img"' in drawn


def test_ratios_go_from_the_least_deprived_with_limits_about_them():
    parts = pd.DataFrame(
        {"ratio": [1.9, math.nan, 0.8], "ratio_lower": [1.7, math.nan, 0.6]}, index=[1, 2, 3]
    ).assign(ratio_upper=[2.1, math.nan, 1.1])
    drawn = ratio_chart(parts, **TOLD, reference="as expected")
    dots = [
        (float(x), float(y)) for x, y in re.findall(r'"dot" cx="([\d.]+)" cy="([\d.]+)"', drawn)
    ]
    line = float(re.search(r'class="line" d="M[\d.]+ ([\d.]+)', drawn)[1])
    assert len(dots) == 2
    assert dots[0][0] < dots[1][0]
    assert dots[0][1] > line > dots[1][1]
    assert re.findall(r'class="axis"[^>]*>(\d)<', drawn) == ["3", "2", "1"]


def test_a_missing_year_breaks_the_line():
    shares = pd.DataFrame(
        {"own": [10.0, math.nan, 12.0, 13.0], "whole": [11.0] * 4}, index=range(2012, 2016)
    )
    drawn = panels_chart([("LIHC", shares)], ceiling=20, **TOLD)
    run = re.search(r'class="run" d="([^"]+)"', drawn)[1]
    assert run.count("M") == 2
    assert run.count("L") == 1
    assert drawn.count('class="point"') == 3


def test_names_of_outliers_never_cover_each_other():
    points = pd.DataFrame(
        {"deprivation": [5.0, 42.0, 50.0, 54.0, 62.0], "value": [0.5, 2.8, 3.2, 3.0, 3.1]},
        index=list("abcde"),
    )
    found = Line(slope=0.02, intercept=0.7, r_squared=0.4, points=points)
    names = {code: f"Northmere {code}" for code in "bcde"}
    drawn = scatter(found, names, Words(across="score", up="ratio", reference="1"), **TOLD)
    assert drawn.count('class="far"') == 4
    assert drawn.count('class="area"') == 1
    assert re.findall(r'class="number"[^>]*>(\d)<', drawn) == ["1", "2", "3", "4"]
    places = [
        (float(x), float(y), 8.4 * len(name))
        for x, y, name in re.findall(r'halo wide" x="([\d.]+)" y="([\d.]+)">([^<]+)<', drawn)
    ]
    assert len(places) == 4
    for number, (x, y, width) in enumerate(places):
        for other_x, other_y, other in places[number + 1 :]:
            assert x + width <= other_x or other_x + other <= x or abs(y - other_y) >= 17
