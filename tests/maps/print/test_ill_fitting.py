"""Boundaries that fit badly, and districts that lie alone: every drawing is whole all the same."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pytest
import shapely
from matplotlib.path import Path

from boundaries.coverage import NARROW_M
from geo.space.neighbours import neighbours
from maps.files.downloads import collected
from maps.page.borough import borough_page
from maps.page.borough_data import Links, page_data
from maps.page.topology import label_choices, nearby, topology
from maps.print.ground import ground
from maps.svg.index_map import index_map
from maps.svg.locator import locator_of


@pytest.fixture(scope="module", params=[-0.01, 0.01, 0.04], ids=lambda off: f"{off * 100:g} cm")
def ill_fitting(request, invent, spoiled):
    borough = invent()
    lsoa = spoiled(borough.lsoa, request.param)
    assert not shapely.coverage_is_valid(lsoa.geometry.to_numpy(), gap_width=NARROW_M)
    return dataclasses.replace(borough, lsoa=lsoa)


def test_the_shape_is_one_that_cannot_be_dissolved_as_it_is(invent, spoiled):
    lsoa = spoiled(invent().lsoa, 0.01)
    with pytest.raises(shapely.errors.GEOSException, match="incorrectly noded"):
        shapely.coverage_union_all(lsoa.geometry.to_numpy())


def test_the_page_has_one_geometry_in_which_neighbours_share_their_edges(ill_fitting):
    drawn = topology(ill_fitting.lsoa, ill_fitting.surroundings)
    owners: dict[int, set[int]] = {}
    for area, shape in enumerate(drawn["objects"]["areas"]["geometries"]):
        assert shape["type"] == "Polygon"
        for arc in (number for ring in shape["arcs"] for number in ring):
            owners.setdefault(arc if arc >= 0 else ~arc, set()).add(area)
    shared = {tuple(sorted(sides)) for sides in owners.values() if len(sides) == 2}
    codes = ill_fitting.lsoa.index
    graph = neighbours(ill_fitting.lsoa, contiguity="rook").adjacency
    wanted = {tuple(sorted(codes.get_indexer(pair))) for pair, _ in graph.items()}
    assert shared == wanted


def test_outlines_are_one_ring_wherever_they_are_drawn(ill_fitting):
    base = ground(ill_fitting)
    assert base.own.borough.codes.tolist().count(Path.MOVETO) == 1
    locator = locator_of(ill_fitting.name, ill_fitting.lsoa)
    assert {path.count("M") for path in locator.marks.values()} == {1}
    drawn = index_map([ill_fitting], {ill_fitting.code: "x"}, None)
    assert [shape.path.count("M") for shape in drawn.shapes] == [1]
    (district,) = collected([ill_fitting])["districts"].geometry
    assert district.geom_type == "Polygon"
    assert district.is_valid
    assert len(district.interiors) == 0


@pytest.fixture
def alone(invent):
    borough = invent()
    return dataclasses.replace(borough, surroundings=borough.surroundings.iloc[:0])


def test_a_district_with_no_other_near_it_is_drawn_alone(alone):
    assert label_choices(alone.surroundings) == []
    carried = page_data(alone, links=Links())
    assert carried["surroundings"] == {"names": [], "points": []}
    assert carried["topology"]["objects"]["surroundings"]["geometries"] == []
    assert "Northmere" in borough_page(alone)
    assert ground(alone).districts == []
    assert index_map([alone], {alone.code: "x"}, None).context == ""


def test_a_corner_too_small_to_be_seen_is_no_surrounding(alone):
    west, south, _, _ = alone.lsoa.total_bounds
    corner = shapely.box(west - 500, south - 500, west - 499.9, south - 499.9)
    far = gpd.GeoDataFrame(
        {"lad_name": ["Speck", "Farholt"]},
        geometry=[corner, shapely.box(west - 500, south - 400, west - 400, south)],
        crs=alone.lsoa.crs,
    )
    assert nearby(far, alone.lsoa)["lad_name"].tolist() == ["Farholt"]


def test_a_strip_thinner_than_the_coordinates_is_there_and_empty(alone):
    west, south, _, north = alone.lsoa.total_bounds
    wide = shapely.box(west - 500_000, south - 500_000, west - 400_000, south - 400_000)
    strip = shapely.box(west, north + 40_000, west + 3, north + 40_020)
    around = gpd.GeoDataFrame(geometry=[strip, wide], crs=alone.lsoa.crs)
    shapes = topology(alone.lsoa, around)["objects"]["surroundings"]["geometries"]
    assert shapes[0] == {"type": "MultiPolygon", "arcs": []}
    assert shapes[1]["arcs"]
