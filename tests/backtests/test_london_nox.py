"""Real cells of Defra's grid, NOx 2013 in Greater London, over London's real neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries.read import read_areas
from geo.space.raster import Raster
from geo.space.zonal import area_means, point_means
from geo.tables.read import read_table
from layers.catalogue import catalogue
from layers.pcm_grid import read_grid

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def london(official_mirror: Path) -> gpd.GeoDataFrame:
    boundaries, indices = catalogue()["lsoa_2011_boundaries"], catalogue()["imd_2019"]
    areas = read_areas(official_mirror / boundaries.path, boundaries)
    districts = read_table(official_mirror / indices.path, indices, "main")["lad_code"]
    return areas[districts.reindex(areas.index).str.startswith("E09")]


@pytest.fixture(scope="module")
def grid(official_mirror: Path) -> Raster:
    source = catalogue()["nox_2013_london"]
    assert source.grid is not None
    return read_grid(official_mirror / source.path, source.grid)


@pytest.fixture(scope="module")
def means(london: gpd.GeoDataFrame, grid: Raster) -> pd.DataFrame:
    return area_means(london, grid)


@pytest.fixture(scope="module")
def cells(official_mirror: Path) -> gpd.GeoDataFrame:
    """Return the rows of the file as squares, read without the code that is tested."""
    rows = pd.read_csv(official_mirror / catalogue()["nox_2013_london"].path)
    squares = shapely.box(rows["x"] - 500, rows["y"] - 500, rows["x"] + 500, rows["y"] + 500)
    return gpd.GeoDataFrame(rows[["nox2013"]], geometry=squares, crs="EPSG:27700")


@pytest.fixture(scope="module")
def by_shapely(london: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Cut every area with the squares it meets, and weigh by the areas of the pieces."""
    area, cell = cells.sindex.query(london.geometry, predicate="intersects")
    pieces = shapely.area(
        shapely.intersection(london.geometry.to_numpy()[area], cells.geometry.to_numpy()[cell])
    )
    weighted = np.bincount(area, pieces * cells["nox2013"].to_numpy()[cell], len(london))
    covered = np.bincount(area, pieces, len(london))
    coverage = covered / london.geometry.area.to_numpy()
    mean = np.divide(weighted, covered, out=np.full(len(london), np.nan), where=coverage >= 0.5)
    return pd.DataFrame({"mean": mean, "coverage": coverage}, index=london.index)


def test_the_file_has_its_1577_cells_and_their_values(grid: Raster) -> None:
    assert np.isfinite(grid.values).sum() == 1_577
    assert (np.nanmin(grid.values), np.nanmax(grid.values)) == (16.60982, 114.5)
    assert grid.at([529_500, 530_500], [200_500, 200_500]).tolist() == [36.69101, 37.23794]
    assert grid.values.shape == (45, 58)


def test_the_raster_has_the_place_of_the_file(grid: Raster, cells: gpd.GeoDataFrame) -> None:
    with grid.opened() as dataset:
        centres = cells.geometry.centroid
        sampled = dataset.sample(zip(centres.x, centres.y, strict=True))
        assert np.concatenate(list(sampled)).tolist() == cells["nox2013"].tolist()
        assert dataset.bounds == tuple(cells.total_bounds)


def test_neighbourhoods_half_covered_have_a_value_and_the_others_none(
    london: gpd.GeoDataFrame, means: pd.DataFrame
) -> None:
    """The file was cut to London's cells, so sixty areas along its edge are not half covered."""
    assert len(london) == 4_835
    assert means["mean"].notna().sum() == 4_775
    assert means.index[means["mean"].isna()].equals(means.index[means["coverage"] < 0.5])


def test_every_mean_agrees_with_the_areas_of_intersection(
    means: pd.DataFrame, by_shapely: pd.DataFrame
) -> None:
    np.testing.assert_allclose(means["mean"], by_shapely["mean"], rtol=1e-7)
    np.testing.assert_allclose(means["coverage"], by_shapely["coverage"], atol=1e-6)


def test_a_rule_of_cell_centres_would_leave_most_neighbourhoods_without_a_value(
    london: gpd.GeoDataFrame, cells: gpd.GeoDataFrame
) -> None:
    held, _ = cells.geometry.centroid.sindex.query(london.geometry, predicate="contains")
    assert len(np.unique(held)) == 1_277


def test_parts_add_up_to_the_region(
    london: gpd.GeoDataFrame, means: pd.DataFrame, grid: Raster
) -> None:
    region = area_means(london.dissolve().set_index(pd.Index(["E12000007"])), grid)
    parts = area_means(london, grid, minimum_coverage=0)
    covered = parts["coverage"] * london.geometry.area
    assert np.average(parts["mean"].fillna(0), weights=covered) == pytest.approx(
        region["mean"].item(), rel=1e-6
    )
    assert covered.sum() / london.geometry.area.sum() == pytest.approx(
        region["coverage"].item(), rel=1e-6
    )


def test_centroids_take_the_cell_they_lie_in(
    london: gpd.GeoDataFrame, grid: Raster, cells: gpd.GeoDataFrame
) -> None:
    points = gpd.points_from_xy(london["easting"], london["northing"], crs=london.crs)
    centroids = gpd.GeoDataFrame(geometry=points, index=london.index)
    found = point_means(centroids, pd.Series(1.0, index=london.index), grid)
    joined = centroids.sjoin(cells, how="left", predicate="within")["nox2013"]
    inside = (london[["easting", "northing"]] % 1000 != 0).all(axis=1)
    assert inside.sum() > 4_800
    np.testing.assert_array_equal(found["mean"][inside], joined[inside])
