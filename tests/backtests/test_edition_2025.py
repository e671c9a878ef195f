"""Edition 2025 on the official files: its tables, and what was carried into them."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.names import places
from layers.kinds.domain_weights import combined_score
from layers.kinds.reading import PEOPLE_BY_AGE
from layers.table.summaries import people_of_all

pytestmark = pytest.mark.real

COVID, PM25, NO2 = "covid_2020_21", "pm25_2021_23", "no2_2021_23"


@pytest.fixture(scope="module")
def country(england_2025):
    return england_2025


@pytest.fixture(scope="module")
def tables(country):
    return country.tables


@pytest.fixture(scope="module")
def nine(country):
    return places(country.ground.districts)["cheshire-merseyside"].codes


def test_england_has_the_areas_of_the_census_of_2021(tables):
    assert (len(tables.lsoa), len(tables.msoa), len(tables.districts)) == (33_755, 6_856, 296)
    assert tables.lsoa["population"].sum() == 57_112_129
    assert tables.districts["region_name"].nunique() == 9


def test_people_are_counted_and_parted_by_age(tables):
    people = people_of_all(tables.edition, tables.lsoa, tables.msoa)
    assert sum(people[column] for column in PEOPLE_BY_AGE) == people["population"] == 57_112_129
    # the publisher's own counts, and rate × people in the 5 and 21 areas where they are withheld
    assert people["imd_2025_income_people"] == pytest.approx(13_223_800 + 58.097)
    assert people["imd_2025_employment_people"] == pytest.approx(4_787_240 + 244.065)
    halton = tables.districts[tables.districts["area_name"] == "Halton"].iloc[0]
    assert halton["imd_2025_income_people"] == 37_850
    assert halton[list(PEOPLE_BY_AGE)].tolist() == [24_353, 71_661, 32_994]


def test_the_weights_of_2019_rebuild_the_score_of_2025(tables):
    weights = pd.Series(tables.edition.parameters["weights"])
    columns = [f"imd_2025_{domain}_rank" for domain in weights.index]
    ranks = tables.lsoa[columns].set_axis(weights.index, axis="columns")
    rebuilt = combined_score(ranks, weights, count=len(tables.lsoa))
    assert (rebuilt - tables.lsoa["imd_2025_score"]).abs().max() < 0.001


BOROUGHS = {
    "Knowsley": (100, 157_107, 40, 54, 10.936, 36.157, 13),
    "Liverpool": (302, 495_849, 111, 162, 14.869, 37.110, 9),
}


@pytest.mark.parametrize("name", BOROUGHS)
def test_a_borough_counts_up_to_what_others_found(tables, name):
    row = tables.districts[tables.districts["area_name"] == name].iloc[0]
    decile = tables.lsoa.loc[tables.lsoa["lad_name"] == name, "imd_2025_decile"]
    assert (
        row["lsoa_count"],
        row["population"],
        (decile == 1).sum(),
        (decile <= 2).sum(),
        round(row["fuel_poverty_2023_pct"], 3),
        round(row["imd_2025_average_score"], 3),
        row["imd_2025_rank_england"],
    ) == BOROUGHS[name]


def test_the_nine_boroughs_count_up_to_what_others_found(tables, nine):
    own = tables.lsoa[tables.lsoa["lad_code"].isin(nine)]
    assert (len(own), own["population"].sum()) == (1_601, 2_550_353)
    assert [(own["imd_2025_decile"] <= most).sum() for most in (1, 2)] == [322, 494]
    assert own[f"{PM25}_link"].value_counts().to_dict() == {"U": 1_518, "S": 79, "M": 4}
    msoa = tables.msoa[tables.msoa["lad_code"].isin(nine)]
    assert msoa[f"{COVID}_link"].value_counts().to_dict() == {"U": 321, "S": 4}


def test_air_is_ranked_where_it_was_copied_and_weighted_where_merged(tables):
    merged = tables.lsoa.loc["E01034401"]
    assert [round(merged[f"{each}_ugm3"], 6) for each in (PM25, NO2)] == [7.707189, 15.125266]
    assert merged[f"{PM25}_estimated"]
    copies = tables.lsoa[tables.lsoa[f"{PM25}_link"].isin(["S", "X"])]
    assert (len(copies), copies[f"{PM25}_estimated"].all()) == (1_842 + 6, True)
    assert copies[f"{PM25}_rank_england"].notna().all()
    of_one = copies.loc[["E01035384", "E01035387", "E01035388"], f"{PM25}_rank_england"]
    assert of_one.nunique() == 1
    assert not tables.lsoa.loc[tables.lsoa[f"{PM25}_link"] == "U", f"{PM25}_estimated"].any()


def test_parts_of_a_former_neighbourhood_show_its_ratio_and_are_not_ranked(tables):
    msoa = tables.msoa
    parts = msoa.loc[["E02006935", "E02006936"]]
    for end, figure in {"ratio": 1.6736, "ratio_lower": 1.2060, "ratio_upper": 2.2622}.items():
        assert parts[f"{COVID}_{end}"].round(4).tolist() == [figure, figure]
    counted = msoa[f"{COVID}_observed"].notna()
    assert counted.sum() == msoa[f"{COVID}_rank_england"].count() == 6_677 + 16
    ranks = ["rank_england", "quintile_england", "rank_borough", "quintile_borough"]
    shown = msoa.loc[~counted, [f"{COVID}_{end}" for end in (*ranks, "expected")]]
    assert shown.isna().all(axis=None)
    assert msoa.loc[~counted, f"{COVID}_estimated"].all()
    assert msoa.loc[~counted, f"{COVID}_ratio"].notna().all()
    assert (msoa.loc[counted, f"{COVID}_observed"] % 1 == 0).all()


def test_no_death_is_lost_divided_or_counted_twice(tables, country):
    observed = f"{COVID}_observed"
    assert tables.counted[observed].sum() == 116_578
    assert tables.districts[observed].sum() == 116_485
    lost = tables.districts[observed] - tables.msoa.groupby("lad_code")[observed].sum()
    assert lost[["E08000013", "E06000049"]].tolist() == [42, 25]
    assert (tables.families[observed] % 1 == 0).all()
    across = tables.families[tables.families["lad_code"].isna()]
    assert across["places"].tolist() == [
        "E06000057 E08000037",
        "E07000242 E07000243",
        "E07000240 E07000241",
    ]
    assert across[observed].sum() == 116_578 - 116_485
    assert country.england[COVID] == pytest.approx(
        116_578 / tables.counted[f"{COVID}_expected"].sum(), rel=1e-12
    )


def test_the_lookup_of_wards_that_disagrees_is_in_the_quality_report(tables):
    checks = tables.checks.set_index("name")
    (row,) = checks.index[checks.index.str.contains("Ward.*: districts of LSOAs$")]
    found = checks.loc[row]
    assert "E01027305 is in West Northamptonshire (E06000062)" in found["found"]
    assert "there in Cherwell (E07000177)" in found["found"]
    assert pd.isna(found["ok"])
    others = checks[checks.index.str.endswith("districts of LSOAs")].drop(index=row)
    assert others["ok"].all()


def test_every_published_figure_is_reproduced(country):
    figures = country.figures
    assert len(figures) == 12
    assert figures["same"].all(), figures[~figures["same"]].to_dict("records")


def test_the_bridge_conserves_people_but_for_three_pairs_of_districts(country):
    bridge = country.bridge
    assert bridge.people.broken == {"families": [], "places": []}
    assert bridge.people.families["difference"].abs().max() <= 1e-9
    assert (bridge.people.before, bridge.people.after) == (
        54_728_204,
        pytest.approx(54_728_204, abs=1e-6),
    )
    moved = bridge.people.places["difference"]
    assert {bridge.names[code] for code in moved.index[moved.abs() > 1e-6]} == {
        "Gateshead", "Northumberland", "East Hertfordshire", "Stevenage", "St Albans",
        "Welwyn Hatfield",
    }  # fmt: skip
    assert bridge.links["lsoa_links"].tolist() == [31_810, 1_842, 194, 9]
    assert bridge.carried.loc[COVID, ["parts", "merged", "estimated"]].tolist() == [163, 16, 163]
    assert bridge.across[COVID].tolist() == [45, 17, 31]


def test_links_of_the_nine_boroughs(country, nine):
    districts = country.bridge.districts
    assert districts.loc[list(nine)].sum().tolist() == [1_518, 79, 8, 0]
    by_name = districts.rename(country.bridge.names)
    assert by_name.loc["Liverpool"].tolist() == [286, 13, 6, 0]
    assert by_name.loc["Knowsley"].tolist() == [96, 4, 0, 0]
