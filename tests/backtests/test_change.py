"""Edition 2025 beside 2015 and 2019 on the official files: what lasted, what became of pockets."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.names import places
from geo.tables.read import read_table
from layers.borough.country import Country
from layers.change.change import change_of
from layers.findings.overlap import overlap_columns
from layers.findings.pockets import Choice, members_of, split_of
from layers.findings.whole_edition import Findings

pytestmark = pytest.mark.real

LIVERPOOL, KNOWSLEY = "E08000012", "E08000011"


@pytest.fixture(scope="module")
def country(england_2025):
    return england_2025


@pytest.fixture(scope="module")
def nine(country):
    return list(places(country.ground.districts)["cheshire-merseyside"].codes)


@pytest.fixture(scope="module")
def found(country):
    """The pockets of all England, without the clusters that nothing here looks at."""
    edition, choice = country.edition, Choice()
    lsoa = country.tables.lsoa.join(overlap_columns(country.edition, country.tables.lsoa))
    parts = split_of(edition, lsoa, country.ground.graph("lsoa"), choice)
    whole = lsoa.assign(pocket_id=members_of(parts, lsoa))
    none = pd.Series(dtype="object")
    return Findings(
        lsoa=whole,
        msoa=country.tables.msoa,
        parts=parts,
        neighbouring=none,
        pockets=pd.DataFrame(),
        sure=pd.DataFrame(),
        choice=choice,
    )


@pytest.fixture(scope="module")
def change(country, found):
    return change_of(country.files, country.ground, country.tables, found)


def test_an_edition_that_names_none_before_has_none(official):
    country = Country(files=official)
    assert country.edition.earlier == {}
    assert change_of(country.files, country.ground, None, None) is None


def test_each_edition_counts_the_areas_of_its_own_census(change, nine):
    counts = change.counts.set_index(["lad_code", "edition"])["worst_tenth_lsoas"]
    assert change.years == ("2015", "2019", "2025")
    assert [counts[LIVERPOOL][year] for year in change.years] == [134, 145, 111]
    assert [counts[KNOWSLEY][year] for year in change.years] == [45, 46, 40]
    own = counts.loc[nine].groupby("edition").sum()
    assert own.to_dict() == {"2015": 342, "2019": 365, "2025": 322}
    every = change.counts.groupby("edition")["lsoa_count"].sum()
    assert every.to_dict() == {"2015": 32_844, "2019": 32_844, "2025": 33_755}


def test_what_has_lasted_in_the_three_editions(change, country, nine):
    column = "imd_2025_lasting_tenth"
    lsoa = country.tables.lsoa.join(change.lsoa)
    assert lsoa[column].value_counts().to_dict() == {0: 29_546, 1: 887, 2: 776, 3: 2_546}
    own = lsoa[lsoa["lad_code"].isin(nine)]
    assert own[column].value_counts().to_dict() == {0: 1_208, 1: 37, 2: 58, 3: 298}
    lasted = own["population"].where(own[column] == 3, 0).groupby(own["lad_code"]).sum()
    people = change.districts.loc[nine, "imd_2025_lasting_tenth_people"]
    assert people.to_dict() == lasted.to_dict()
    assert own["imd_2025_lasting_link"].value_counts().to_dict() == {"U": 1_518, "S": 79, "M": 4}
    assert (own["imd_2025_lasting_estimated"] == (own["imd_2025_lasting_link"] != "U")).all()


def test_ranks_of_unchanged_areas_are_much_the_same(country, change, nine):
    unchanged = change.lsoa.index[change.lsoa["imd_2025_lasting_link"] == "U"]
    files = country.files
    before = read_table(files.path("former_lsoa"), files.source("former_lsoa"), "main")["imd_rank"]
    now = country.tables.lsoa["imd_2025_rank"]
    ranks = pd.DataFrame({"before": before[unchanged], "now": now[unchanged]})
    own = ranks[country.tables.lsoa["lad_code"].reindex(unchanged).isin(nine)]
    assert len(own) == 1_518
    for areas, likeness in ((own, 0.976), (ranks, 0.963)):
        assert areas.corr(method="spearman").iloc[0, 1] == pytest.approx(likeness, abs=5e-4)


def test_what_became_of_the_pockets_of_2019(change, nine):
    own = change.before[change.before["lad_code"].isin(nine)]
    assert len(own) == 72
    assert [(own["jaccard"] >= least).sum() for least in (0.5, 0.3)] == [47, 60]
    assert (own["kept_pct"] == 0).sum() == 3
    assert own["fate"].value_counts().to_dict() == {
        "stayed": 21, "shrunk": 16, "split": 11, "merged": 11, "grown": 8, "gone": 5,
    }  # fmt: skip
    assert own["name"].ne("").all()
    later = change.pockets[change.pockets.index.str[:9].isin(nine)]
    assert later["fate"].value_counts().to_dict() == {
        "stayed": 21, "split": 20, "shrunk": 16, "grown": 8, "merged": 6,
    }  # fmt: skip
    assert later["matched"].value_counts().to_dict() == {3: 40, 1: 20, 2: 11}


def test_the_flow_counts_every_area_and_person_once(change, country, nine):
    flow = change.flow[change.flow["lad_code"].isin(nine)]
    assert (flow["lsoa_count"].sum(), flow["population"].sum()) == (1_601, 2_550_353)
    now = flow[flow["decile_now"] == 1]
    assert now["lsoa_count"].sum() == 322
    assert (change.flow["population"].sum(), change.flow["lsoa_count"].sum()) == (
        country.tables.lsoa["population"].sum(),
        33_755,
    )


def test_a_former_area_leads_to_those_it_became(change):
    links = change.redrawn[change.redrawn["old"] == "E01012568"]
    assert links["new"].tolist() == ["E01035384", "E01035387", "E01035388"]
    assert set(links["link"]) == {"S"}
