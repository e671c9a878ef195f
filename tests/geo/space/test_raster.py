from __future__ import annotations

import numpy as np
import pandas as pd
import rasterio

from geo.space.raster import Raster, rasterise


def test_the_opened_dataset_has_the_place_and_size_of_the_cells() -> None:
    cells = pd.DataFrame(
        {"easting": [529_500, 531_500], "northing": [200_500, 199_500], "value": [36.5, 40.25]}
    )
    with rasterise(cells).opened() as dataset:
        assert dataset.crs == rasterio.crs.CRS.from_epsg(27700)
        assert dataset.bounds == (529_000, 199_000, 532_000, 201_000)
        assert dataset.res == (1000, 1000)
        assert np.isnan(dataset.nodata)
        np.testing.assert_array_equal(
            dataset.read(1), [[36.5, np.nan, np.nan], [np.nan, np.nan, 40.25]]
        )


def test_a_point_takes_the_value_of_its_cell_and_none_outside() -> None:
    grid = Raster(values=np.array([[1.0, 2.0], [3.0, np.nan]]), west=1000, north=3000)
    found = grid.at([1000, 2000, 1999, 2500, 999, np.nan], [3000, 2500, 1500, 1500, 2500, 1500])
    np.testing.assert_array_equal(found, [1.0, 2.0, 3.0, np.nan, np.nan, np.nan])
