"""The small areas of one borough as files of its own: a table, and outlines for a web map."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from layers.layer import Edition
from maps.files.downloads import write_csv, write_geojson

TABLE, OUTLINES = "neighbourhoods.csv", "neighbourhoods.geojson"
OF_A_WEB_MAP = (
    "area_name",
    "msoa_code",
    "msoa_name",
    "lad_code",
    "lad_name",
    "population",
    "population_year",
    "pocket_id",
    "pocket_number",
    "pocket_name",
)
"""What the outlines tell of an area beside its layers."""


def write_small_areas(areas: gpd.GeoDataFrame, folder: Path, edition: Edition) -> list[Path]:
    """Write a borough's rows of the published neighbourhoods into a folder; return the files.

    The table has all columns, as that of all boroughs. Outlines carry each layer's value and fifth
    of England, and the deciles that the publisher gives: a page loads them in one piece.
    """
    told = [
        *OF_A_WEB_MAP,
        *(
            name
            for layer in edition.layers
            for name in (layer.value, layer.decile, layer.quintile_column("england"))
        ),
    ]
    few = areas[[*(name for name in told if name in areas), "geometry"]]
    return [write_csv(areas, folder / TABLE), write_geojson(few, folder / OUTLINES)]
