"""What is told of each pocket."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.space.neighbours import subgraph
from layers.findings.pockets import Choice, describe, found_by_others, members_of, other_rules


@pytest.fixture(scope="module")
def northmere(boroughs):
    return boroughs["Northmere"]


def described(found, borough, lsoa=None):
    own = borough.lsoa if lsoa is None else lsoa
    return describe(borough.edition, own, found.parts, found.pockets, found.neighbouring)


def test_pockets_are_numbered_by_people_in_the_worst_tenth(northmere):
    pockets = northmere.pockets
    assert pockets["number"].tolist() == list(range(1, len(pockets) + 1))
    people = list(zip(pockets["worst_decile_people"], pockets["population"], strict=True))
    assert people == sorted(people, reverse=True)
    assert pockets.index.name == "pocket_id"
    assert pockets.index.is_unique


def test_people_and_ground_add_up(northmere):
    lsoa = northmere.lsoa
    for pocket, row in northmere.pockets.iterrows():
        own = lsoa[lsoa["pocket_id"] == pocket]
        assert row["lsoa_codes"] == own.index.tolist()
        assert row["lsoa_count"] == len(own) >= 2
        assert row["population"] == own["population"].sum()
        assert row["area_km2"] == pytest.approx(own.area.sum() / 1e6)
        assert row.geometry.area == pytest.approx(own.area.sum())
        worst = own.loc[own["imd_2019_decile"] == 1, "population"].sum()
        assert row["worst_decile_pct"] == pytest.approx(100 * worst / row["population"])
        assert row["worst_decile_people"] == worst
        clustered = own["imd_2019_cluster_england"] == "high-high"
        assert row["cluster_lsoas"] == clustered.sum()
        people = own.loc[clustered, "population"].sum()
        assert row["cluster_people_pct"] == pytest.approx(100 * people / row["population"])
    assert northmere.pockets["population_year"].eq(northmere.edition.population_year).all()
    assert northmere.district["people_in_pockets"] == northmere.pockets["population"].sum()


@pytest.mark.parametrize("off_m", [-0.01, 0.01])
def test_pockets_of_boundaries_that_fit_badly_are_whole(found, northmere, spoiled, off_m):
    pockets = described(found, northmere, spoiled(northmere.lsoa, off_m))
    assert pockets.index.equals(northmere.pockets.index)
    assert pockets.is_valid.all()
    assert pockets.count_coordinates().sum() < northmere.lsoa.count_coordinates().sum()
    moved = pockets.symmetric_difference(northmere.pockets).area
    assert (moved < 0.02 * northmere.pockets.length).all()


def test_values_are_population_weighted_and_fuel_poverty_pooled(northmere):
    pocket = northmere.pockets.index[0]
    own = northmere.lsoa[northmere.lsoa["pocket_id"] == pocket]
    row = northmere.pockets.loc[pocket]
    mean = np.average(own["no2_2021_23_ugm3"], weights=own["population"])
    assert row["no2_2021_23_ugm3"] == pytest.approx(mean)
    score, workers = own["imd_2019_employment_score"], own["working_age_population"]
    assert row["imd_2019_employment_score"] == pytest.approx(np.average(score, weights=workers))
    assert row["imd_2019_employment_people"] == pytest.approx((score * workers).sum())
    ages = ["population_children", "population_16_to_59", "population_older"]
    assert row[ages].tolist() == own[ages].sum().tolist()
    assert row[ages].sum() == row["population"]
    counts = own[["fuel_poverty_2020_fuel_poor", "fuel_poverty_2020_households"]].sum()
    assert row["fuel_poverty_2020_pct"] == pytest.approx(100 * counts.iloc[0] / counts.iloc[1])


def test_two_pockets_that_meet_share_an_area_of_deprivation(northmere):
    pockets = northmere.pockets
    shared = pockets["deprivation_area_id"].value_counts()
    assert shared.tolist()[:2] == [2, 1]
    pair = pockets[pockets["deprivation_area_id"] == shared.index[0]]
    assert shared.index[0] in pair.index
    assert pair.geometry.iloc[0].distance(pair.geometry.iloc[1]) < 0.5


def test_four_other_rules_are_asked_whatever_is_chosen():
    choices = [Choice(), Choice(limit=1), Choice(limit=5), Choice(rule="borough", tau=8)]
    choices += [Choice(rule="overlap", limit=2), Choice(rule="cluster")]
    for choice in choices:
        others = other_rules(choice)
        assert len(others) == 4
        assert choice not in others
        assert {other.tau for other in others} == {5.0}
    assert [other.rule for other in other_rules(Choice())] == [
        "national", "borough", "cluster", "overlap",
    ]  # fmt: skip


def test_how_many_rules_find_a_pocket_does_not_depend_on_what_else_is_known(
    found, northmere, ground
):
    assert northmere.pockets["found_by"].between(0, 4).all()
    assert northmere.pockets["found_by"].nunique() > 1
    whole = found.lsoa.assign(
        imd_2019_cluster_borough=northmere.lsoa["imd_2019_cluster_borough"].reindex(
            found.lsoa.index
        )
    )
    shuffled = whole.sample(frac=1, random_state=2)
    graph = ground.graph("lsoa")
    one = found_by_others(northmere.edition, shuffled, graph, "E08900001", Choice())
    expected = northmere.pockets["found_by"].sort_index()
    pd.testing.assert_series_equal(one.sort_index(), expected, check_names=False)


def test_a_borough_without_pockets_has_an_empty_table_with_all_columns(found, northmere):
    none = described(found, northmere, northmere.lsoa.assign(pocket_id=""))
    full = described(found, northmere)
    assert len(none) == 0
    pd.testing.assert_series_equal(none.dtypes, full.dtypes)
    assert none.crs == full.crs
    assert none.index.name == "pocket_id"


def test_the_order_of_the_areas_does_not_matter(found, northmere):
    turned = described(found, northmere, northmere.lsoa.iloc[::-1])
    one = described(found, northmere)
    assert turned.geometry.geom_equals(one.geometry).all()
    shapes = ["geometry", "lsoa_codes"]
    assert turned["lsoa_codes"].map(sorted).tolist() == one["lsoa_codes"].tolist()
    pd.testing.assert_frame_equal(
        pd.DataFrame(turned.drop(columns=shapes)), pd.DataFrame(one.drop(columns=shapes))
    )


def test_single_neighbourhoods_are_no_pockets():
    parts = pd.DataFrame(
        {"peak": ["b", "b", "c"], "members": [2, 2, 1]}, index=pd.Index(["a", "b", "c"])
    )
    lsoa = pd.DataFrame({"lad_code": ["E1"] * 4}, index=list("abcd"))
    assert members_of(parts, lsoa).to_dict() == {"a": "E1-b", "b": "E1-b", "c": "", "d": ""}


def test_a_choice_is_printed_as_settings():
    assert Choice().settings() == {"rule": "national", "d": 2, "tau": 5.0}


def test_the_graph_of_a_borough_is_part_of_the_whole(northmere, ground):
    part = subgraph(ground.graph("lsoa"), northmere.lsoa.index)
    assert list(part.unique_ids) == northmere.lsoa.index.tolist()
