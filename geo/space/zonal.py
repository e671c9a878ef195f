"""Means of a grid over areas, weighted by coverage or by people.

Most neighbourhoods of a town are smaller than a 1 km cell, so a rule that looks at cell centres
would leave half of England without a value. Here every cell counts with the share of it that lies
inside the area. Neighbouring areas that share a cell are alike by construction: a difference
between them is a difference between cells, not between streets.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource
from numpy.typing import NDArray

from geo.codes import require_unique
from geo.crs import BNG, require_crs
from geo.errors import InputError, SpaceError, some
from geo.space.raster import Raster


def area_means(
    areas: gpd.GeoDataFrame, raster: Raster, *, minimum_coverage: float = 0.5
) -> pd.DataFrame:
    """Average a grid over areas indexed by ``area_code``, each cell weighted by its share inside.

    ``mean`` = Σ value × coverage / Σ coverage over the cells with a value, in the unit of the grid,
    where coverage is the share of a cell that lies inside the area. ``coverage`` = the share of the
    area that lies in cells with a value, 0–1; where it is below ``minimum_coverage`` there is no
    mean (NaN). Raises ``SpaceError`` for areas that are not in British National Grid or have no
    shape, and ``CodeError`` for repeated codes.

    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(500, 0, 1500, 1000)], index=["a"], crs=BNG)
    >>> grid = Raster(values=np.array([[2.0, 4.0]]), west=0, north=1000)
    >>> area_means(square, grid).to_numpy().tolist()
    [[3.0, 1.0]]
    """
    _check_areas(areas)
    with raster.opened() as dataset:
        sums = exact_extract(
            dataset,
            _Features(areas),
            ["mean", "count"],
            include_cols=["row"],
            output="pandas",
            strategy="raster-sequential",
        )
    sums = sums.set_index("row").sort_index()
    covered_m2 = sums["count"].to_numpy() * raster.cell_m**2
    coverage = (covered_m2 / areas.geometry.area.to_numpy()).clip(0, 1)
    return _means(sums["mean"].to_numpy(), coverage, areas.index, minimum_coverage)


def point_means(
    points: gpd.GeoDataFrame,
    weights: pd.Series[float],
    raster: Raster,
    *,
    minimum_coverage: float = 0.5,
) -> pd.DataFrame:
    """Average a grid over the points of each area, each weighted by the people it stands for.

    ``points`` has a row per postcode or output area, indexed by the ``area_code`` it lies in;
    ``weights`` is its population, in the same order. ``mean`` = Σ value × weight / Σ weight over
    points in cells with a value; ``coverage`` = the share of the area's weight at such points, and
    where it is below ``minimum_coverage`` (or there is no weight at all) there is no mean. One row
    an area, by code. Raises ``SpaceError`` for points in another coordinate system, ``InputError``
    for weights that do not match them, are missing or negative.
    """
    require_crs(points, BNG, where="points of a weighted mean")
    _check_weights(points, weights)
    values = raster.at(points.geometry.x.to_numpy(), points.geometry.y.to_numpy())
    known = np.where(np.isnan(values), 0.0, weights.to_numpy())
    parts = pd.DataFrame(
        {"sum": known * np.nan_to_num(values), "known": known, "all": weights.to_numpy()},
        index=points.index.rename("area_code"),
    )
    totals = parts.groupby(level=0, sort=True).sum()
    mean = _ratio(totals["sum"], totals["known"])
    return _means(mean, _ratio(totals["known"], totals["all"]), totals.index, minimum_coverage)


def _means(
    mean: NDArray[np.float64],
    coverage: NDArray[np.float64],
    codes: pd.Index[str],
    minimum_coverage: float,
) -> pd.DataFrame:
    coverage = np.nan_to_num(coverage)
    kept = np.where(coverage >= minimum_coverage, mean.astype(float), np.nan)
    return pd.DataFrame({"mean": kept, "coverage": coverage}, index=codes.rename("area_code"))


def _ratio(part: pd.Series[float], whole: pd.Series[float]) -> NDArray[np.float64]:
    return np.asarray(part / whole.where(whole > 0), dtype=np.float64)


class _Feature(Feature):  # type: ignore[misc]
    def __init__(self, row: int, shape: bytes) -> None:
        super().__init__()
        self.row, self.shape = row, shape

    def geometry(self) -> bytes:
        return self.shape

    def get(self, _name: str) -> int:
        return self.row

    def fields(self) -> list[str]:
        return ["row"]


class _Features(FeatureSource):  # type: ignore[misc]
    # The library's own source for frames goes through GeoJSON text and takes six times as long.
    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        super().__init__()
        self.shapes = shapely.to_wkb(areas.geometry.to_numpy())

    def count(self) -> int:
        return len(self.shapes)

    def __iter__(self) -> Iterator[_Feature]:
        return (_Feature(row, shape) for row, shape in enumerate(self.shapes))

    def srs_wkt(self) -> None:
        return None


def _check_areas(areas: gpd.GeoDataFrame) -> None:
    require_crs(areas, BNG, where="areas of a zonal mean")
    require_unique(areas.index, where="areas of a zonal mean")
    shapeless = areas.index[~(areas.geometry.area.to_numpy() > 0)]
    if len(shapeless):
        raise SpaceError(
            f"{len(shapeless):,} areas have no extent",
            where="areas of a zonal mean",
            expected="polygons",
            found=some(shapeless),
            do="repair their boundaries, or leave them out",
        )


def _check_weights(points: gpd.GeoDataFrame, weights: pd.Series[float]) -> None:
    if not points.index.equals(weights.index):
        raise InputError(
            "Weights and points do not belong together",
            where="points of a weighted mean",
            expected=f"{len(points):,} weights with the points' area codes in the same order",
            found=f"{len(weights):,} weights",
            do="take both from one frame",
        )
    wrong = weights.index[~(weights.to_numpy() >= 0)]
    if len(wrong):
        raise InputError(
            f"{len(wrong):,} points have no weight or a negative one",
            where="points of a weighted mean",
            found=some(wrong),
            do="give points without people the weight 0",
        )
