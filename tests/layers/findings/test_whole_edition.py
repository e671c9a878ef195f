"""What the whole edition shows: pockets above all, found where they were planted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from geo.stats.rank import fifths, rank_worst_first
from layers.findings import whole_edition as module
from layers.findings.pockets import Choice, density_of, evidence_of, members_of, split_of
from layers.findings.whole_edition import findings
from scripts.sample.write import planted

PLANTED = planted().groupby("pocket")["area_code"].agg(set)


def pockets(table):
    inside = table.loc[table["pocket_id"] != "", "pocket_id"]
    return inside.index.to_series().groupby(inside).agg(set)


def jaccard(one, other):
    return len(one & other) / len(one | other)


@pytest.mark.parametrize("name", PLANTED.index)
def test_a_planted_pocket_is_found(found, name):
    assert max(jaccard(PLANTED[name], codes) for codes in pockets(found.lsoa)) >= 0.8


def test_nothing_else_is_found(found):
    assert len(pockets(found.lsoa)) == len(PLANTED)


def test_columns_are_added_and_those_of_the_tables_kept(found, tables):
    for level in ("lsoa", "msoa"):
        before, after = getattr(tables, level), getattr(found, level)
        pd.testing.assert_frame_equal(after[before.columns], before)
    added = set(found.lsoa.columns) - set(tables.lsoa.columns)
    assert {
        "overlap_england",
        "overlap_borough",
        "relatively_worst",
        "hidden",
        "pocket_id",
    } <= added
    assert {f"{layer.id}_cluster_england" for layer in tables.edition.layers} <= added
    assert {
        "imd_2019_rank_borough_lowest",
        "imd_2019_rank_borough_highest",
        "covid_2020_21_rank_borough_lower",
        "covid_2020_21_rank_borough_upper",
    } <= added
    assert "covid_2020_21_cluster_england" in found.msoa


def test_every_candidate_is_in_a_pocket_or_single(found, tables):
    candidate = tables.lsoa["imd_2019_decile"] <= 2
    assert found.parts.index.tolist() == tables.lsoa.index[candidate].tolist()
    in_pocket = found.lsoa.loc[found.parts.index, "pocket_id"] != ""
    pd.testing.assert_series_equal(in_pocket, found.parts["members"] >= 2, check_names=False)
    assert (found.lsoa.loc[~candidate, "pocket_id"] == "").all()
    assert (~in_pocket).sum() == 2


def test_a_pocket_is_named_by_borough_and_peak(found):
    for pocket, codes in pockets(found.lsoa).items():
        borough, peak = pocket.split("-")
        rows = found.lsoa.loc[sorted(codes)]
        assert set(rows["lad_code"]) == {borough}
        assert rows["imd_2019_score"].idxmax() == peak


def test_pockets_are_in_one_piece_on_the_ground(found, ground):
    areas = ground.areas("lsoa")
    for codes in pockets(found.lsoa):
        shape = shapely.union_all(areas.geometry[sorted(codes)].buffer(0.5).to_numpy())
        assert shape.geom_type == "Polygon"


def test_pockets_that_touch_across_the_line_know_each_other(found):
    neighbours = found.neighbouring
    assert sorted(neighbours.index) == sorted(pockets(found.lsoa).index)
    linked = neighbours[neighbours.map(len) > 0]
    assert len(linked) == 2
    one, other = linked.index
    assert linked.tolist() == [[other], [one]]
    assert one.split("-")[0] != other.split("-")[0]


def test_relatively_worst_and_hidden_follow_from_fifth_and_decile(found):
    fifth, decile = found.lsoa["imd_2019_quintile_borough"], found.lsoa["imd_2019_decile"]
    assert (found.lsoa["relatively_worst"] == fifth.eq(1)).all()
    assert (found.lsoa["hidden"] == (fifth.eq(1) & decile.gt(2))).all()
    assert found.lsoa["hidden"].dtype == bool


def test_findings_are_made_once(found, tables, ground, monkeypatch):
    monkeypatch.setattr(module, "_found", lambda *_: pytest.fail("found again"))
    again = findings(tables, ground)
    pd.testing.assert_frame_equal(again.lsoa, found.lsoa)
    pd.testing.assert_frame_equal(again.parts, found.parts)


@pytest.mark.parametrize(
    "choice",
    [Choice(rule="borough", limit=None), Choice(rule="overlap", limit=2), Choice(limit=1, tau=8)],
    ids=["borough", "overlap", "worst tenth"],
)
def test_other_rules_find_other_pockets(tables, ground, choice):
    made = findings(tables, ground, choice)
    assert made.choice == choice
    evidence = evidence_of(tables.edition, made.lsoa)
    wanted = {
        "borough": evidence["fifth"] == 1,
        "overlap": evidence["overlap"] >= 2,
        "national": evidence["decile"] <= 1,
    }[choice.rule]
    assert made.parts.index.tolist() == evidence.index[wanted].tolist()
    assert made.parts["members"].max() >= 2


def test_where_there_is_no_candidate_there_is_no_pocket(tables, ground):
    hardly = tables.edition.layer(tables.edition.overall)
    better = tables.lsoa.assign(**{f"{hardly.id}_decile": 10.0})
    made = findings(dataclasses.replace(tables, lsoa=better, key="none"), ground, Choice())
    assert (made.lsoa["pocket_id"] == "").all()
    assert made.parts.empty
    assert made.neighbouring.empty


def test_the_rule_by_cluster_needs_the_clusters_of_the_borough(tables, ground, boroughs):
    with pytest.raises(InputError, match=r"rule “cluster” has nothing to look at"):
        split_of(
            tables.edition,
            tables.lsoa.assign(overlap_england=0),
            ground.graph("lsoa"),
            Choice(rule="cluster", limit=None),
        )
    lsoa = boroughs["Northmere"].lsoa
    parts = split_of(tables.edition, lsoa, ground.graph("lsoa"), Choice(rule="cluster", limit=None))
    assert (
        parts.index.tolist() == lsoa.index[lsoa["imd_2019_cluster_borough"] == "high-high"].tolist()
    )


def test_a_smaller_tau_splits_finer_and_never_across(tables, ground):
    graph, lsoa = ground.graph("lsoa"), tables.lsoa.assign(overlap_england=0)
    sizes = []
    for tau in (1.0, 3.0, 5.0, 8.0, 40.0):
        parts = split_of(tables.edition, lsoa, graph, Choice(tau=tau))
        assert (parts.groupby("peak")["component"].nunique() == 1).all()
        sizes.append(parts["peak"].nunique())
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == parts["component"].nunique()


def test_the_work_may_be_limited_to_a_borough(found, tables, ground):
    within = tables.lsoa["lad_code"] == "E08900001"
    parts = split_of(tables.edition, found.lsoa, ground.graph("lsoa"), Choice(), within=within)
    pd.testing.assert_frame_equal(parts, found.parts[within.reindex(found.parts.index)])


def test_the_order_of_the_areas_does_not_matter(found, tables, ground):
    for rule in ("national", "borough", "overlap"):
        choice = Choice(rule=rule)
        shuffled = found.lsoa.sample(frac=1, random_state=7)
        one = split_of(tables.edition, found.lsoa, ground.graph("lsoa"), choice)
        other = split_of(tables.edition, shuffled, ground.graph("lsoa"), choice)
        pd.testing.assert_frame_equal(one, other)
        members = members_of(other, shuffled).sort_index()
        pd.testing.assert_series_equal(members, members_of(one, found.lsoa))


def test_making_one_neighbourhood_worse_never_removes_it(found, tables, ground):
    lsoa = found.lsoa
    for code in found.parts.index[::9]:
        score = lsoa["imd_2019_score"].copy()
        score[code] += 30
        rank = rank_worst_first(score, lsoa["lad_code"])
        worse = lsoa.assign(
            imd_2019_score=score, imd_2019_quintile_borough=fifths(rank, by=lsoa["lad_code"])
        )
        if lsoa.loc[code, "imd_2019_quintile_borough"] == 1:
            choice = Choice(rule="borough", limit=None)
            assert code in split_of(tables.edition, worse, ground.graph("lsoa"), choice).index


def test_the_density_of_overlap_is_the_mean_percentile(found, tables):
    score, spread = density_of(tables.edition, found.lsoa, "national")
    assert spread is None
    assert score.equals(found.lsoa["imd_2019_score"])
    mean, spread = density_of(tables.edition, found.lsoa, "overlap")
    assert mean.between(0, 100).all()
    assert spread == pytest.approx(float(np.std(mean)))
    worst = found.lsoa["overlap_england"] == 4
    assert mean[worst].min() > 80
