"""The bridge between 2011 and 2021 on the official files: counts, conservation, what has lasted."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

from boundaries.bridge import bridge_of_msoas, districts_before, read_bridge
from boundaries.lookup import msoas_of, read_lookup
from boundaries.names import places
from boundaries.read import read_areas
from geo.space.apportion import bridge_counts, bridge_means, places_of_family, sums_on_families
from geo.space.common_ground import common_people, lasting
from geo.space.conservation import conserve
from geo.space.fates import fates
from geo.space.neighbours import neighbours
from geo.space.pockets import split
from geo.stats.family_ratios import bridge_ratios
from geo.stats.standardise import estimate_prior
from geo.tables.read import read_table
from layers.kinds import covid_mortality

pytestmark = pytest.mark.real

ACROSS = {
    ("E08000037", "Gateshead"): -18.0117,
    ("E06000057", "Northumberland"): 18.0117,
    ("E07000242", "East Hertfordshire"): -98.5029,
    ("E07000243", "Stevenage"): 98.5029,
    ("E07000241", "Welwyn Hatfield"): -5.1930,
    ("E07000240", "St Albans"): 5.1930,
}
"""The districts between which people of mid-2015 move, and how many."""


INDICES = {2011: ("imd_2019", 2022), 2021: ("imd_2025", 2024)}
"""The Indices that place the LSOAs of a census, and the year of the districts."""


@pytest.fixture(scope="module")
def table(official_file):
    """Read a table of an official file, once."""

    @functools.cache
    def read(key, name="main"):
        return read_table(*official_file(key), name)

    return read


@pytest.fixture(scope="module")
def places_of(official_file):
    """Place the LSOAs of a census in MSOAs and districts, once."""

    @functools.cache
    def read(census):
        indices, year = INDICES[census]
        keys = (f"lsoa_{census}_boundaries", f"msoa_{census}_boundaries", indices)
        return read_lookup(*map(official_file, (*keys, f"msoa_{census}_names")), district_year=year)

    return read


@pytest.fixture(scope="module")
def before(table):
    return table("imd_2019")


@pytest.fixture(scope="module")
def after(table):
    return table("imd_2025")


@pytest.fixture(scope="module")
def families(official_file, before, after):
    return read_bridge(*official_file("lsoa_2011_to_2021"), old=before.index, new=after.index)


@pytest.fixture(scope="module")
def nine(after):
    """The areas of 2021 of the nine boroughs."""
    districts = after.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    return after.index[after["lad_code"].isin(places(districts)["cheshire-merseyside"].codes)]


@pytest.fixture(scope="module")
def common(families, before, after):
    return common_people(families, before["population"], after["population"])


@pytest.fixture(scope="module")
def people(families, before, after):
    """People of mid-2015 carried to the areas of 2021."""
    return bridge_counts(families, before[["population"]], after["population"])


@pytest.fixture(scope="module")
def msoas(families, places_of):
    old, new = (places_of(census)["msoa_code"] for census in (2011, 2021))
    return bridge_of_msoas(families, old, new)


@pytest.fixture(scope="module")
def msoa_districts(places_of):
    """The district of each MSOA of 2021."""
    return msoas_of(places_of(2021))["lad_code"]


@pytest.fixture(scope="module")
def deaths(table):
    """COVID-19 deaths of England's MSOAs of 2011."""
    total = table("covid_deaths_2020_21", "msoa")["total"]
    return total[total.index.str.startswith("E")]


def test_every_link_and_family_has_its_kind(families, nine):
    assert families.links["link"].value_counts().to_dict() == {
        "U": 31_810, "S": 1_842, "M": 194, "X": 9,
    }  # fmt: skip
    assert families.kinds.value_counts().to_dict() == {"U": 31_810, "S": 834, "M": 97, "X": 3}
    own = families.links[families.links["new"].isin(nine)]
    assert own["link"].value_counts().to_dict() == {"U": 1_518, "S": 79, "M": 8}
    assert families.kinds[own["family"].unique()].value_counts().to_dict() == {
        "U": 1_518, "S": 36, "M": 4,
    }  # fmt: skip


def test_people_of_2015_are_conserved_but_for_three_pairs_of_districts(
    families, before, after, people, places_of
):
    former = places_of(2011)["lad_code"]
    found = conserve(
        families,
        before["population"],
        people["population"],
        places_before=districts_before(families, after["lad_code"], former),
        places_after=after["lad_code"],
    )
    assert (found.before, found.after) == (54_728_204, pytest.approx(54_728_204, abs=1e-6))
    assert found.families["difference"].abs().max() <= 1e-9
    assert found.broken == {"families": [], "places": []}
    moved = found.places["difference"][found.places["difference"].abs() > 1e-6]
    assert moved.to_dict() == {
        code: pytest.approx(number, abs=1e-4) for (code, _), number in ACROSS.items()
    }
    names = after.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    assert {(code, names[code]) for code in found.across["place"]} == set(ACROSS)
    assert len(found.places) == 296
    assert found.kinds["estimated"].to_dict() == {"M": 0, "S": 2_159_404, "U": 0, "X": 9_178}


def test_the_district_of_one_small_area_by_its_ward_breaks_a_fourth_pair(
    families, before, after, people, table, places_of
):
    wards = table("ward_2024_lookup")["lad_code"]
    apart = after["lad_code"][wards.reindex(after.index) != after["lad_code"]]
    assert apart.to_dict() == {"E01027305": "E06000062"}
    former = districts_before(families, after["lad_code"], places_of(2011)["lad_code"])
    found = conserve(
        families,
        before["population"],
        people["population"],
        places_before=former,
        places_after=wards,
    )
    # West Northamptonshire loses to Cherwell the 1,870 people of one area that did not change.
    assert found.places["difference"][["E06000062", "E07000177"]].tolist() == [-1870, 1870]
    assert families.kinds[found.across["family"].unique()].tolist() == ["X", "X", "X", "U"]


def test_a_split_area_is_divided_by_the_people_of_2022(families, before, people, nine):
    children = people.loc[["E01035384", "E01035387", "E01035388"], "population"]
    assert before.loc["E01012568", "population"] == 3_947
    assert children.tolist() == pytest.approx([1258.911265, 1335.663388, 1352.425346], abs=5e-7)
    own = families.links[families.links["new"].isin(nine) & (families.links["link"] == "S")]
    assert (own["old"].nunique(), len(own)) == (36, 79)
    assert before.loc[own["old"].unique(), "population"].sum() == 87_236
    assert people.loc[own["new"], "population"].sum() == pytest.approx(87_236, abs=1e-9)
    assert people.loc[own["new"], "estimated"].all()


def test_the_air_of_a_merged_area_is_weighted_by_people_of_2015(families, before, table):
    air = table("air_quality_2021_23").reindex(before.index)
    found = bridge_means(families, air, before["population"])
    merged = found.loc["E01034401"]
    assert merged[["pm25", "no2"]].tolist() == pytest.approx([7.707189, 15.125266], abs=5e-7)
    assert (merged["link"], merged["estimated"]) == ("M", True)
    unchanged = found.index[found["link"] == "U"]
    assert found.loc[unchanged, air.columns].equals(air.loc[unchanged])
    assert found["estimated"].sum() == 1_842 + 97 + 6


def test_the_other_way_round_people_of_2022_are_carried_to_the_areas_of_2011(
    families, before, after
):
    found = bridge_counts(families.turned(), after[["population"]], before["population"])
    assert found["population"].sum() == pytest.approx(after["population"].sum(), abs=1e-5)
    assert (
        found.loc["E01012568", "population"]
        == after.loc[["E01035384", "E01035387", "E01035388"], "population"].sum()
    )
    assert not found.loc["E01012568", "estimated"]


def test_msoas_have_their_kinds(msoas):
    assert msoas.kinds.value_counts().to_dict() == {"U": 6_677, "S": 76, "M": 16, "X": 3}
    assert msoas.link_of_new.value_counts().to_dict() == {"U": 6_677, "S": 157, "M": 16, "X": 6}


def test_deaths_are_neither_divided_nor_lost_nor_counted_twice(msoas, msoa_districts, deaths):
    prior = estimate_prior(deaths, deaths * 0 + 10.0)
    shown = bridge_ratios(msoas, deaths, deaths * 0 + 10.0, prior=prior)
    assert (shown["observed"].dropna() % 1 == 0).all()
    assert (~shown["estimated"]).sum() == 6_677 + 16 == shown["observed"].notna().sum()
    sums = sums_on_families(msoas, deaths.to_frame("deaths"), msoa_districts)
    assert sums.places["deaths"].sum() + sums.across["deaths"].sum() == deaths.sum() == 116_578
    assert set(", ".join(sums.across["places"]).split(", ")) == {code for code, _ in ACROSS}
    # What adding the rows of MSOAs of 2021 would lose.
    rows = shown["observed"].groupby(msoa_districts).sum()
    lost = sums.places["deaths"] - rows
    assert lost[["E08000013", "E06000049"]].tolist() == [42, 25]
    assert deaths.sum() - rows.sum() == 1_759


def test_st_helens_and_cheshire_east_lose_nobody(msoas, msoa_districts, deaths, places_of):
    sums = sums_on_families(msoas, deaths.to_frame("deaths"), msoa_districts).places["deaths"]
    published = deaths.groupby(msoas_of(places_of(2011))["lad_code"]).sum()
    for code in ("E08000013", "E06000049"):
        assert sums[code] == published[code]
    same = published.index.intersection(sums.index).difference([code for code, _ in ACROSS])
    assert len(same) == 286
    assert (sums[same] == published[same]).all()


def test_children_of_a_split_msoa_show_its_ratio(official, msoas):
    values = covid_mortality.of_files(official, None).values
    layer = covid_mortality.layer_of(official.edition)
    observed, expected, ratio, lower, upper = (
        values[layer.column(name)]
        for name in ("observed", "expected", "ratio", "ratio_lower", "ratio_upper")
    )
    prior = estimate_prior(observed, expected)
    found = bridge_ratios(msoas, observed, expected, prior=prior)
    parts = found.loc[["E02006935", "E02006936"]]
    assert msoas.old["E02001424"] == msoas.new["E02006935"]
    for name, own, figure in (
        ("ratio", ratio, 1.6736),
        ("ratio_lower", lower, 1.2060),
        ("ratio_upper", upper, 2.2622),
    ):
        assert parts[name].tolist() == [own["E02001424"]] * 2
        assert parts[name].iloc[0] == pytest.approx(figure, abs=5e-5)
    assert parts[["observed", "expected"]].isna().all(axis=None)
    unchanged = found.index[found["link"] == "U"]
    assert (found.loc[unchanged, "ratio"] == ratio[unchanged]).all()


def test_people_on_common_ground_are_those_of_2022(families, common, after):
    assert len(common) == 33_855
    assert (common["people"] > 0).all()
    by_new = common.groupby("new")["people"].sum()
    assert np.allclose(by_new, after["population"].reindex(by_new.index), rtol=1e-12, atol=0)
    # Irregular families: a corner of an area of Gateshead is Northumberland's now.
    corner = common[(common["old"] == "E01008187") & (common["new"] == "E01035637")]
    assert corner["people"].item() == pytest.approx(16.81, abs=0.01)
    assert corner["share_of_old"].item() == pytest.approx(18.0117 / 1669, rel=1e-3)


def test_what_has_lasted_in_three_editions(before, after, common, nine, table):
    worst = {"2015": table("imd_2015")["imd_decile"] <= 1, "2019": before["imd_decile"] <= 1}
    found = lasting(worst, {"2025": after["imd_decile"] <= 1}, common)
    assert (found["known"] == 3).all()
    assert found["times"].value_counts().to_dict() == {0: 29_546, 1: 887, 2: 776, 3: 2_546}
    own = found.loc[nine]
    assert (own[["2015", "2019", "2025"]] >= 0.5).sum().tolist() == [351, 374, 322]
    assert own["times"].value_counts().to_dict() == {0: 1_208, 1: 37, 2: 58, 3: 298}
    unchanged = found.index.intersection(before.index)
    assert (found.loc[unchanged, "2015"] == worst["2015"][unchanged]).all()
    # Ground of several areas of 2011, of some of which it held.
    partly = found.index[(found[["2015", "2019"]] % 1 > 0).any(axis=1)]
    assert len(partly) == 12
    assert set(partly) <= set(common["new"][common["new"].duplicated()])


def pockets(boundaries, indices, districts):
    """Find pockets of decile 1 and 2 at τ = 5 in some districts: the peak of each area, or none."""
    areas = read_areas(*boundaries)
    own = areas[districts.reindex(areas.index).notna().to_numpy()]
    graph = neighbours(own)
    found = []
    for _, inside in own.groupby(districts.reindex(own.index)):
        codes = inside.index
        table = indices.loc[codes]
        parts = split(
            table["imd_decile"] <= 2,
            table["imd_score"],
            graph.subgraph(list(codes)),
            tau=5,
            easting=own.loc[codes, "easting"],
            northing=own.loc[codes, "northing"],
        )
        found.append(parts["peak"].where(parts["members"] > 1, ""))
    return pd.concat(found)


def test_what_became_of_the_pockets_of_2019(
    official_file, families, before, after, common, nine, places_of
):
    later = after["lad_code"].reindex(nine)
    former = districts_before(families, after["lad_code"], places_of(2011)["lad_code"])
    earlier = former[former.isin(later.unique())]
    old = pockets(official_file("lsoa_2011_boundaries"), before, earlier)
    new = pockets(official_file("lsoa_2021_boundaries"), after, later)
    found = fates(old, new, common)
    assert (len(found.before), len(found.after)) == (72, 71)
    assert (found.before["jaccard"] >= 0.5).sum() == 47
    assert (found.before["jaccard"] >= 0.3).sum() == 60
    assert (found.before["kept"] == 0).sum() == 3
    assert found.before["fate"].value_counts().to_dict() == {
        "stayed": 21, "shrunk": 16, "split": 11, "merged": 11, "grown": 8, "gone": 5,
    }  # fmt: skip
    assert found.after["fate"].value_counts().to_dict() == {
        "stayed": 21, "split": 20, "shrunk": 16, "grown": 8, "merged": 6,
    }  # fmt: skip
    # One of those that stayed keeps less than half of either: as many people, elsewhere in part.
    stayed = found.before[found.before["fate"] == "stayed"]
    assert stayed.index[stayed["jaccard"] < 0.5].tolist() == ["E01018310"]


def test_families_of_the_nine_boroughs_lie_in_one_district(families, after, nine):
    lying = places_of_family(families, after["lad_code"])
    own = lying[lying["family"].isin(families.new.loc[nine])]
    assert own["family"].is_unique
