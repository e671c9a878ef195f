"""The ground of an edition: converted once, read by district, the same in any order."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries import read
from boundaries.ground import LEVELS, Ground
from geo.crs import BNG
from geo.space.neighbours import islands
from layers.files import Files

SIZES = {"lsoa": {"E06900001": 90, "E08900001": 140}, "msoa": {"E06900001": 18, "E08900001": 28}}


def test_the_lookup_has_every_lsoa_in_order(ground):
    lookup = ground.lookup
    assert len(lookup) == 230
    assert lookup.index.is_monotonic_increasing
    assert lookup["lad_code"].value_counts().to_dict() == SIZES["lsoa"]
    assert ground.districts.to_dict() == {"E06900001": "Westholt", "E08900001": "Northmere"}


def test_places_are_told_by_the_indices_of_the_edition(files, tmp_path):
    later = Ground(Given(files, tmp_path, district_year=2008))
    assert later.lookup["lad_code"].value_counts().to_dict() == SIZES["lsoa"]
    assert files.source("districts") == files.source("imd")
    assert files.district_year == files.edition.district_year


def test_msoas_have_the_names_people_use(ground):
    msoas = ground.msoas()
    assert msoas.index.is_monotonic_increasing
    assert msoas["lad_code"].value_counts().to_dict() == SIZES["msoa"]
    assert msoas.loc["E02900001", "area_name"] == "Vellenby"
    assert msoas["area_name"].notna().all()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("code", ["E06900001", "E08900001"])
def test_one_district_is_those_of_all_that_are_in_it(ground, level, code):
    every = ground.areas(level)
    own = ground.areas(level, [code])
    assert len(own) == SIZES[level][code]
    pd.testing.assert_frame_equal(own, every[every["lad_code"] == code])
    both = ground.areas(level, ["E06900001", "E08900001"])
    pd.testing.assert_frame_equal(both, every)


@pytest.mark.parametrize("level", LEVELS)
def test_areas_are_on_the_grid_and_in_order(ground, level):
    areas = ground.areas(level)
    assert areas.crs == BNG
    assert areas.index.is_monotonic_increasing
    assert areas.index.name == "area_code"
    inside = shapely.distance(areas.geometry, gpd.points_from_xy(areas.easting, areas.northing))
    assert inside.max() < 2_000


def test_a_district_that_is_not_there_is_empty(ground):
    assert ground.areas("lsoa", ["E09000030"]).empty


def test_outlines_cover_the_same_ground_as_their_areas(ground):
    outlines = ground.outlines()
    assert outlines["lad_name"].to_dict() == ground.districts.to_dict()
    areas = ground.areas("lsoa")
    ground = areas.area.groupby(areas["lad_code"]).sum()
    assert outlines.area.to_dict() == pytest.approx(ground.to_dict(), rel=1e-9)


def test_surroundings_are_the_others_within_reach(ground):
    assert ground.surroundings("E06900001").index.tolist() == ["E08900001"]
    apart = ground.surroundings("E06900001", within_m=0)
    assert apart.index.tolist() == ["E08900001"]


@pytest.mark.parametrize("level", LEVELS)
def test_the_graph_holds_every_area_and_the_islet(ground, level):
    graph = ground.graph(level)
    assert list(graph.unique_ids) == list(ground.areas(level).index)
    assert graph.asymmetry().empty
    if level == "lsoa":
        assert len(islands(graph)) == 1


def test_rook_neighbours_are_queen_neighbours(ground):
    queen, rook = ground.graph("lsoa"), ground.graph("lsoa", "rook")
    assert rook.n_edges < queen.n_edges
    assert set(rook.adjacency.index) <= set(queen.adjacency.index)


def test_postcodes_are_those_of_the_district(ground):
    lookup = ground.lookup
    for code in ground.districts.index:
        postcodes = ground.postcodes(code)
        assert len(postcodes) > 0
        assert set(lookup.loc[postcodes.unique(), "lad_code"]) == {code}
        assert postcodes.index.is_monotonic_increasing


def test_places_are_chosen_by_name(ground):
    assert ground.select("westholt").codes == ("E06900001",)
    assert ground.select("sample").codes == ("E06900001", "E08900001")


@dataclass(frozen=True)
class Given:
    """Files by role, as anybody may give them: those of the sample, one of them changed."""

    files: Files
    cache: Path
    changed: tuple[str, ...] = ()
    whole: str = "the isle"
    district_year: int = 2022

    def source(self, role):
        return self.files.source(role)

    def path(self, role):
        found = self.files.path(role)
        if role not in self.changed:
            return found
        self.cache.mkdir(exist_ok=True)
        path = self.cache / found.name
        path.write_bytes(found.read_bytes() + b"\0")
        return path


@pytest.mark.parametrize("changed", ["lsoa", "msoa", "districts", "names", "postcodes"])
def test_the_key_follows_the_content_of_the_files(files, tmp_path, changed):
    given = (Given(files, tmp_path / "one"), Given(files, tmp_path / "two", changed=(changed,)))
    before, after = (
        {role: Ground(each).key(role) for role in ("lsoa", "msoa", "postcodes")} for each in given
    )
    assert before == {role: Ground(files).key(role) for role in before}
    places = changed != "postcodes"
    assert [after[role] != before[role] for role in before] == [places, places, True]


def test_the_key_follows_the_year_of_the_districts(files, tmp_path):
    other = Given(files, tmp_path, district_year=2024)
    assert Ground(other).key() != Ground(files).key()


def test_what_is_converted_is_not_converted_again(files, ground, tmp_path, monkeypatch):
    ground.prepare()
    working = shutil.ignore_patterns(".*")  # what other processes are making just now
    shutil.copytree(files.cache / "converted", tmp_path / "converted", ignore=working)
    monkeypatch.setattr(read, "read_areas", lambda *_: pytest.fail("read the file again"))
    again = Ground(Given(files, tmp_path))
    again.prepare()
    assert len(again.areas("lsoa")) == 230
    assert again.select("the isle").codes == ("E06900001", "E08900001")


def test_everything_is_prepared_at_once(files, ground):
    ground.prepare()
    kept = {path.name.split("-")[0] for path in (files.cache / "converted").glob("*.parquet")}
    assert kept == {"lookup", "lsoa", "msoa", "districts", "postcodes"}
