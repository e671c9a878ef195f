"""Pockets of neighbouring boroughs that touch are joined, whichever boroughs are built."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pandas as pd
import pytest

from layers.findings.joined import (
    JOINED_COLUMNS,
    MEMBER,
    every_member,
    joined_of,
    no_joined,
    together,
)


def hang_together(shapes):
    """Return the sets of pockets of different boroughs that lie within a metre of one another."""
    sets = [{name} for name in shapes.index]
    for one, other in itertools.combinations(shapes.index, 2):
        if one[:9] != other[:9] and shapes[one].distance(shapes[other]) < 1:
            touched = [each for each in sets if each & {one, other}]
            sets = [each for each in sets if each not in touched] + [set().union(*touched)]
    return [each for each in sets if len(each) > 1]


def test_the_joined_pockets_are_those_whose_outlines_touch(boroughs):
    shapes = pd.concat([borough.pockets.geometry for borough in boroughs.values()])
    (pair,) = hang_together(shapes)
    for borough in boroughs.values():
        (name,) = borough.joined.pockets.index
        assert name == f"joined-{min(pair)}"
        assert set(borough.joined.pockets.loc[name, "pocket_ids"]) == pair
        assert set(borough.joined.members.index) == pair
        inside = borough.pockets["joined_pocket"] == name
        assert set(borough.pockets.index[inside]) == pair & set(borough.pockets.index)
        assert borough.pockets.loc[~inside, "joined_pocket"].eq("").all()


def test_its_figures_are_the_sums_of_its_pockets(boroughs):
    pockets = pd.concat([borough.pockets for borough in boroughs.values()])
    joined = boroughs["Northmere"].joined
    ((_, row),) = joined.pockets.iterrows()
    own = pockets.loc[row["pocket_ids"]]
    for count in ("population", "lsoa_count", "worst_decile_people", "population_children"):
        assert row[count] == own[count].sum() > 0
    people = 100 * own["worst_decile_people"].sum() / own["population"].sum()
    assert row["worst_decile_pct"] == pytest.approx(people)
    assert row["pocket_count"] == 2
    assert row["lad_codes"] == sorted(own["lad_code"])
    assert row["boroughs"] == "Northmere; Westholt"
    assert row["population_year"] == 2015
    assert row.geometry.area == pytest.approx(own.area.sum())
    north, west = own.sort_values("lad_name").to_dict("records")
    assert row["members"] == (
        f"Northmere {north['number']} ({north['name']}); Westholt {west['number']} ({west['name']})"
    )
    told = joined.members[["number", "name", "lad_code", "lad_name", "population"]].astype(object)
    pd.testing.assert_frame_equal(told, own[list(told)].astype(object).loc[told.index])


def joined_by_hand(found, tables, ground, touching):
    neighbouring = found.neighbouring.map(lambda _: [])
    for one, other in touching:
        neighbouring[one] = sorted([*neighbouring[one], other])
        neighbouring[other] = sorted([*neighbouring[other], one])
    changed = replace(found, neighbouring=neighbouring)
    own = replace(tables, key=f"{tables.key}-{len(touching)}")
    return every_member(own, ground, changed, found.neighbouring.index.to_series()), changed


def test_pockets_are_joined_through_others_too(found, tables, ground):
    north = [name for name in found.neighbouring.index if name.startswith("E08900001")]
    west = [name for name in found.neighbouring.index if not name.startswith("E08900001")]
    touching = [(north[0], west[0]), (north[1], west[0]), (north[1], west[1]), (north[2], west[2])]
    members, changed = joined_by_hand(found, tables, ground, touching)
    ids = members["joined_pocket"]
    chain = {north[0], north[1], west[0], west[1]}
    assert set(ids.index[ids == f"joined-{west[0]}"]) == chain
    assert set(ids.index[ids != f"joined-{west[0]}"]) == {north[2], west[2]}
    own = joined_of(tables.edition, members, ground, changed, "E08900001")
    assert own.pockets["pocket_count"].to_dict() == {f"joined-{west[0]}": 4, f"joined-{west[2]}": 2}


def test_where_none_touch_nothing_is_joined(found, tables, ground):
    members, changed = joined_by_hand(found, tables, ground, [])
    none = joined_of(tables.edition, members, ground, changed, "E08900001")
    for one in (none, no_joined(), together([none, none])):
        assert one.members.empty
        assert one.pockets.empty
        assert list(one.members) == list(MEMBER)
        assert {*one.pockets} == {*JOINED_COLUMNS, "geometry"}


def test_several_boroughs_have_a_joined_pocket_once(boroughs):
    joined = together([borough.joined for borough in boroughs.values()])
    one = boroughs["Westholt"].joined
    pd.testing.assert_frame_equal(joined.pockets, one.pockets)
    pd.testing.assert_frame_equal(joined.members, one.members.sort_index())
    assert {*one.pockets} == {*JOINED_COLUMNS, "geometry"}
