"""Rasters: north-up grids of square cells in British National Grid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import ArrayLike, NDArray

from geo.crs import BNG


@dataclass(frozen=True, kw_only=True, eq=False)
class Raster:
    """A north-up grid of square cells in British National Grid; NaN is a cell without a value.

    ``values`` has its rows from north to south and its columns from west to east; ``west`` and
    ``north`` are the outer edges of its first cell and ``cell_m`` the side of a cell, in metres.
    """

    values: NDArray[np.float64]
    west: float
    north: float
    cell_m: float = 1000

    @contextmanager
    def opened(self) -> Iterator[rasterio.io.DatasetReader]:
        """Open the grid as an in-memory rasterio dataset, for as long as the context lasts."""
        rows, columns = self.values.shape
        profile = {
            "driver": "GTiff",
            "height": rows,
            "width": columns,
            "count": 1,
            "dtype": "float64",
            "nodata": np.nan,
            "crs": BNG,
            "transform": rasterio.Affine(self.cell_m, 0, self.west, 0, -self.cell_m, self.north),
        }
        with rasterio.io.MemoryFile() as memory:
            with memory.open(**profile) as writer:
                writer.write(self.values, 1)
            with memory.open() as reader:
                yield reader

    def at(self, easting: ArrayLike, northing: ArrayLike) -> NDArray[np.float64]:
        """Return the value of the cell that each point lies in, NaN outside the grid.

        A point on a line between cells belongs to the one east or south of it.

        >>> Raster(values=np.array([[5.0]]), west=0, north=1000).at([10, -10], [10, 10]).tolist()
        [5.0, nan]
        """
        columns_east = (np.asarray(easting, dtype=float) - self.west) / self.cell_m
        rows_south = (self.north - np.asarray(northing, dtype=float)) / self.cell_m
        column = np.floor(np.nan_to_num(columns_east, nan=-1.0)).astype(int)
        row = np.floor(np.nan_to_num(rows_south, nan=-1.0)).astype(int)
        rows, columns = self.values.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.full(len(row), np.nan)
        found[inside] = self.values[row[inside], column[inside]]
        return found


def rasterise(cells: pd.DataFrame, *, cell_m: float = 1000) -> Raster:
    """Lay cells with ``easting``, ``northing`` (of their centres) and ``value`` out as a raster.

    >>> cells = pd.DataFrame({"easting": [500, 1500], "northing": [500, 1500], "value": [1.0, 2.0]})
    >>> rasterise(cells).values.tolist()
    [[nan, 2.0], [1.0, nan]]
    """
    west = cells["easting"].min() - cell_m / 2
    north = cells["northing"].max() + cell_m / 2
    column = ((cells["easting"] - west) // cell_m).astype(int)
    row = ((north - cells["northing"]) // cell_m).astype(int)
    values = np.full((row.max() + 1, column.max() + 1), np.nan)
    values[row, column] = cells["value"]
    return Raster(values=values, west=float(west), north=float(north), cell_m=cell_m)
