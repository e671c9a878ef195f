"""Pockets of the nine boroughs of Cheshire and Merseyside, on the official files."""

from __future__ import annotations

import pytest
import shapely

from boundaries.names import places
from geo.space.recurrence import matches
from layers.borough.assemble import assemble
from layers.findings.pockets import Choice, members_of, split_of

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def nine(found, ground):
    """Return the rows of the nine boroughs."""
    codes = places(ground.districts)["cheshire-merseyside"].codes
    return found.lsoa[found.lsoa["lad_code"].isin(codes)]


@pytest.fixture(scope="module")
def pockets(nine):
    inside = nine.loc[nine["pocket_id"] != "", "pocket_id"]
    return inside.index.to_series().groupby(inside).agg(list)


def members(tables, found, graph, nine, **choice):
    within = found.lsoa["lad_code"].isin(nine["lad_code"].unique())
    parts = split_of(tables.edition, found.lsoa, graph, Choice(**choice), within=within)
    return members_of(parts, nine)


@pytest.mark.parametrize(("tau", "count"), [(3.0, 77), (5.0, 72), (8.0, 63)])
def test_the_scale_of_reading_sets_the_number_of_pockets(tables, found, ground, nine, tau, count):
    made = members(tables, found, ground.graph("lsoa"), nine, tau=tau)
    assert made[made != ""].nunique() == count


def test_liverpools_largest_pocket_and_area_of_deprivation(found, nine, pockets):
    assert len(pockets) == 72
    sizes = pockets.map(len)
    liverpool = sizes[sizes.index.str.startswith("E08000012")]
    assert liverpool.max() == sizes.max() == 37
    own = nine.index[nine["lad_code"] == "E08000012"]
    parts = found.parts.reindex(own.intersection(found.parts.index))
    assert parts["component"].value_counts().iloc[0] == 161
    assert round(100 * 161 / len(own)) == 54


def test_every_borough_has_at_least_two(pockets):
    counts = pockets.index.to_series().str.split("-").str[0].value_counts()
    assert len(counts) == 9
    assert counts.min() >= 2


def test_hidden_neighbourhoods_are_those_that_no_map_of_the_worst_fifth_shows(nine):
    hidden = nine[nine["hidden"]]
    assert hidden["relatively_worst"].all()
    # 10 in deciles 4 and 5, all in Cheshire East, and 27 in decile 3 of three boroughs
    counts = hidden.groupby(["lad_name", hidden["imd_2019_decile"] > 3]).size().to_dict()
    assert counts == {
        ("Cheshire East", False): 18,
        ("Cheshire East", True): 10,
        ("Cheshire West and Chester", False): 8,
        ("Warrington", False): 1,
    }


def test_single_neighbourhoods_are_counted_with_their_people(nine):
    # a statistician's own count: 33 with 50,336 people, 14 of them in England's worst tenth
    single = nine[nine["single"]]
    assert (len(single), single["population"].sum()) == (33, 50_336)
    assert (single["imd_2019_decile"] == 1).sum() == 14
    assert (single["pocket_id"] == "").all()
    own = nine[nine["lad_name"] == "Cheshire West and Chester"]
    assert own["imd_2019_rank"].idxmin() in single.index


def test_every_candidate_is_in_one_pocket_or_single(found, nine):
    candidates = nine.index[nine["imd_2019_decile"] <= 2]
    parts = found.parts.reindex(candidates)
    assert parts["peak"].notna().all()
    single = parts["members"] == 1
    assert (nine.loc[candidates, "pocket_id"] == "").tolist() == single.tolist()
    others = nine.index.difference(candidates)
    assert (nine.loc[others, "pocket_id"] == "").all()


def test_pockets_are_in_one_piece_on_the_ground(ground, nine, pockets):
    # An LSOA may lie on both banks of a canal: one piece must hold ground of every LSOA.
    areas = ground.areas("lsoa", list(nine["lad_code"].unique()))
    several = 0
    for pocket, codes in pockets.items():
        shapes = areas.geometry[codes].buffer(0.5).to_numpy()
        pieces = shapely.get_parts(shapely.union_all(shapes))
        several += len(pieces) > 1
        assert any(shapely.intersects(piece, shapes).all() for piece in pieces), pocket
    assert several == 1


def test_most_pockets_persist_to_a_coarser_scale(tables, found, ground, nine):
    coarse = members(tables, found, ground.graph("lsoa"), nine, tau=8.0)
    matched = matches(nine["pocket_id"], coarse, nine["population"])["overlap"] >= 0.5
    peaks = set(coarse[coarse != ""])
    assert (len(matched), matched.sum()) == (72, 63)
    assert round(100 * matched.mean()) == 88
    # A pocket that persists keeps its peak, and so its id.
    assert matched.index[matched].isin(peaks).all()


def test_people_in_pockets_add_up(country, nine):
    """In Halton, which other tests look into as well."""
    borough = assemble(country, "E06000006", place="Cheshire and Merseyside")
    own = nine[nine["lad_code"] == "E06000006"]
    inside = own[own["pocket_id"] != ""]
    assert borough.pockets["population"].sum() == inside["population"].sum()
    assert borough.district["people_in_pockets"] == inside["population"].sum()
    assert sorted(borough.pockets.index) == sorted(inside["pocket_id"].unique())
    assert borough.pockets["name"].is_unique
