"""The ground of an edition: converted once, read by district, the same in any order."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries import read
from geo.crs import BNG
from geo.space.neighbours import islands
from layers.table.geography import LEVELS, Geography

SIZES = {"lsoa": {"E06900001": 90, "E08900001": 140}, "msoa": {"E06900001": 18, "E08900001": 28}}


def test_the_lookup_has_every_lsoa_in_order(geography):
    lookup = geography.lookup
    assert len(lookup) == 230
    assert lookup.index.is_monotonic_increasing
    assert lookup["lad_code"].value_counts().to_dict() == SIZES["lsoa"]
    assert geography.districts.to_dict() == {"E06900001": "Westholt", "E08900001": "Northmere"}


def test_msoas_have_the_names_people_use(geography):
    msoas = geography.msoas()
    assert msoas.index.is_monotonic_increasing
    assert msoas["lad_code"].value_counts().to_dict() == SIZES["msoa"]
    assert msoas.loc["E02900001", "area_name"] == "Vellenby"
    assert msoas["area_name"].notna().all()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("code", ["E06900001", "E08900001"])
def test_one_district_is_those_of_all_that_are_in_it(geography, level, code):
    every = geography.areas(level)
    own = geography.areas(level, [code])
    assert len(own) == SIZES[level][code]
    pd.testing.assert_frame_equal(own, every[every["lad_code"] == code])
    both = geography.areas(level, ["E06900001", "E08900001"])
    pd.testing.assert_frame_equal(both, every)


@pytest.mark.parametrize("level", LEVELS)
def test_areas_are_on_the_grid_and_in_order(geography, level):
    areas = geography.areas(level)
    assert areas.crs == BNG
    assert areas.index.is_monotonic_increasing
    assert areas.index.name == "area_code"
    inside = shapely.distance(areas.geometry, gpd.points_from_xy(areas.easting, areas.northing))
    assert inside.max() < 2_000


def test_a_district_that_is_not_there_is_empty(geography):
    assert geography.areas("lsoa", ["E09000030"]).empty


def test_outlines_cover_the_same_ground_as_their_areas(geography):
    outlines = geography.outlines()
    assert outlines["lad_name"].to_dict() == geography.districts.to_dict()
    areas = geography.areas("lsoa")
    ground = areas.area.groupby(areas["lad_code"]).sum()
    assert outlines.area.to_dict() == pytest.approx(ground.to_dict(), rel=1e-9)


def test_surroundings_are_the_others_within_reach(geography):
    assert geography.surroundings("E06900001").index.tolist() == ["E08900001"]
    apart = geography.surroundings("E06900001", within_m=0)
    assert apart.index.tolist() == ["E08900001"]


@pytest.mark.parametrize("level", LEVELS)
def test_the_graph_holds_every_area_and_the_islet(geography, level):
    graph = geography.graph(level)
    assert list(graph.unique_ids) == list(geography.areas(level).index)
    assert graph.asymmetry().empty
    if level == "lsoa":
        assert len(islands(graph)) == 1


def test_rook_neighbours_are_queen_neighbours(geography):
    queen, rook = geography.graph("lsoa"), geography.graph("lsoa", "rook")
    assert rook.n_edges < queen.n_edges
    assert set(rook.adjacency.index) <= set(queen.adjacency.index)


def test_postcodes_are_those_of_the_district(geography):
    lookup = geography.lookup
    for code in geography.districts.index:
        postcodes = geography.postcodes(code)
        assert len(postcodes) > 0
        assert set(lookup.loc[postcodes.unique(), "lad_code"]) == {code}
        assert postcodes.index.is_monotonic_increasing


def test_places_are_chosen_by_name(geography):
    assert geography.select("westholt").codes == ("E06900001",)
    assert geography.select("sample").codes == ("E06900001", "E08900001")


def test_the_key_follows_the_content_of_the_files(mirror):
    before = {role: Geography(mirror.files).key(role) for role in ("lsoa", "msoa")}
    assert before == {role: Geography(mirror.files).key(role) for role in ("lsoa", "msoa")}
    path = mirror.path("lsoa")
    path.write_bytes(path.read_bytes() + b"\0")
    after = {role: Geography(mirror.files).key(role) for role in ("lsoa", "msoa")}
    assert after["lsoa"] != before["lsoa"]
    assert after["msoa"] == before["msoa"]


def test_what_is_converted_is_not_converted_again(mirror, monkeypatch):
    monkeypatch.setattr(read, "read_areas", lambda *_: pytest.fail("read the file again"))
    geography = Geography(mirror.files)
    geography.prepare()
    assert len(geography.areas("lsoa")) == 230


def test_everything_is_prepared_at_once(files, geography):
    geography.prepare()
    kept = {path.name.split("-")[0] for path in (files.cache / "converted").glob("*.parquet")}
    assert kept == {"lookup", "lsoa", "msoa", "districts", "postcodes"}
