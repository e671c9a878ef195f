"""One GeoPackage with several layers, field aliases and QGIS styles; the same bytes every time.

GDAL writes the layers; the aliases go into ``gpkg_data_columns`` (the schema extension of the
standard), what the whole is into ``gpkg_metadata``, and the styles into ``layer_styles``, where
QGIS looks for them. Both GDAL and QGIS stamp the hour: here every stamp is `STAMP`, so that a file
changes only when its contents do.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.files.stamping import STAMP, stamped
from geo.files.whole_files import replaced
from maps.files.qgis_style import Style

VERSION = "1.3"
"""Of the GeoPackage standard: QGIS 3.22 to 3.28 warn of the 1.4 that newer GDAL would write."""

DATA_COLUMNS = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
  min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec/#extension_schema', 'read-write');
"""

METADATA = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_metadata', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec/#extension_metadata', 'read-write');
"""
STANDARD = "https://specs.frictionlessdata.io/data-package/"
"""What the metadata is in the words of."""

LAYER_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME);
"""


def write_geopackage(
    path: Path,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    aliases: pd.Series,
    styles: Mapping[str, list[Style]],
    told: Mapping[str, str],
    about: Mapping[str, object],
) -> Path:
    """Write the layers of a GeoPackage, whole or not at all.

    ``aliases`` gives a title to every column that needs one, ``styles`` the QGIS styles of a
    layer, the first of which is what QGIS opens it with, ``told`` says what a layer holds, and
    ``about`` is told of the whole (`maps.files.described.about_all`).
    """
    with replaced(path) as temporary:
        with stamped():
            for name, areas in layers.items():
                _write_layer(temporary, name, areas)
        with closing(sqlite3.connect(temporary)) as database, database:
            _describe(database, layers, aliases)
            _tell(database, told, about)
            _style(database, styles)
    return path


def _write_layer(path: Path, name: str, areas: gpd.GeoDataFrame) -> None:
    pyogrio.write_dataframe(
        areas.reset_index(),
        path,
        layer=name,
        driver="GPKG",
        append=path.exists(),
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        dataset_options={"VERSION": VERSION},
        layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"},
    )


def _describe(
    database: sqlite3.Connection, layers: Mapping[str, gpd.GeoDataFrame], aliases: pd.Series
) -> None:
    database.executescript(DATA_COLUMNS)
    rows = [
        (layer, column, str(aliases[column]), str(aliases[column]))
        for layer, areas in layers.items()
        for column in [areas.index.name, *areas.columns.drop(areas.geometry.name)]
        if column in aliases.index
    ]
    database.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
        rows,
    )


def _tell(
    database: sqlite3.Connection, told: Mapping[str, str], about: Mapping[str, object]
) -> None:
    """Write what each layer holds, and what all of it is, as JSON."""
    database.executemany(
        "UPDATE gpkg_contents SET description = ? WHERE table_name = ?",
        [(text, layer) for layer, text in told.items()],
    )
    database.executescript(METADATA)
    database.execute(
        "INSERT INTO gpkg_metadata (id, md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES (1, 'dataset', ?, 'application/json', ?)",
        (STANDARD, json.dumps(about, ensure_ascii=False)),
    )
    database.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, timestamp, md_file_id)"
        " VALUES ('geopackage', ?, 1)",
        (STAMP,),
    )


def _style(database: sqlite3.Connection, styles: Mapping[str, list[Style]]) -> None:
    database.executescript(LAYER_STYLES)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (STAMP,),
    )
    rows = [
        (layer, "geom", style.name, style.qml, order == 0, style.description, STAMP)
        for layer, listed in styles.items()
        for order, style in enumerate(listed)
    ]
    database.executemany(
        "INSERT INTO layer_styles"
        " (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, useAsDefault, description, owner, update_time)"
        " VALUES ('', '', ?, ?, ?, ?, ?, ?, '', ?)",
        rows,
    )
