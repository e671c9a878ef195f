"""Boundary files: looked at before they are loaded, then turned into frames of areas.

A frame of areas is indexed by ``area_code`` (sorted), in EPSG:27700, with columns ``area_name``,
``easting``, ``northing`` (of the publisher's centroid where the file has one, else of the
geometry's) and ``geometry``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiona
import fiona.errors
import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.codes import nearest_names, require_unique
from geo.crs import require_crs, to_bng
from geo.errors import CodeError, InputError, SpaceError, some
from geo.sources import Source, VectorSpec

MOST_VERTICES = 2_000_000
"""More vertices than this in one feature is no small area: the largest have some thousands."""

_POLYGONS = {"Polygon", "MultiPolygon"}


def inspect(path: Path, source: Source) -> int:
    """Stream through a vector file and refuse it whole if anything is not as its record says.

    Checks the layers, the fields, the coordinate system, the number of features inside the record's
    coverage, and that every geometry is a polygon of credible size. All problems are reported
    together. Returns the number of features inside the coverage. Raises ``SpaceError`` or
    ``InputError``.
    """
    spec = _spec(source)
    try:
        with fiona.open(path, layer=_layer(path, spec)) as collection:
            _check_crs(collection, source, path)
            problems = _field_problems(collection, spec)
            count = 0
            if not problems:
                count, problems = _walk(collection, source, spec)
    except fiona.errors.FionaError as problem:
        raise InputError(
            "A boundary file cannot be opened as vector data",
            where=str(path),
            found=str(problem),
            do="fetch the file again: it may be cut short, or a web page saved under its name",
        ) from problem
    if problems:
        raise SpaceError(
            f"A boundary file has {len(problems)} problems" if len(problems) > 1 else problems[0],
            where=str(path),
            expected=f"the file described by the record “{source.id}”",
            found=some(problems),
            do="fetch the file again, or correct the record",
        )
    return count


def read_areas(path: Path, source: Source) -> gpd.GeoDataFrame:
    """Read a boundary file into a frame of areas, after `inspect` found nothing wrong with it."""
    inspect(path, source)
    spec = _spec(source)
    columns = [name for name in (spec.code, spec.name, spec.easting, spec.northing) if name]
    raw = gpd.read_file(path, layer=_layer(path, spec), columns=columns, engine="pyogrio")
    return build_areas(raw, source)


def build_areas(raw: gpd.GeoDataFrame, source: Source) -> gpd.GeoDataFrame:
    """Turn a frame in the publisher's columns into areas; the pure part of `read_areas`."""
    spec = _spec(source)
    where = f"boundaries “{source.id}”"
    require_crs(raw, str(source.crs), where=where)
    inside = raw[raw[spec.code].str.startswith(tuple(source.coverage), na=False)]
    areas = to_bng(inside).set_index(spec.code).rename_axis("area_code").sort_index()
    require_unique(areas.index, where=where)
    if len(areas) != spec.rows:
        raise CodeError(
            "A boundary file holds another number of areas than its record says",
            where=where,
            expected=f"{spec.rows:,}",
            found=f"{len(areas):,}",
            do="check the year of the boundaries, or correct the record",
        )
    centroids = areas.geometry.centroid
    return gpd.GeoDataFrame(
        {
            "area_name": areas[spec.name].astype("str"),
            "easting": areas[spec.easting] if spec.easting else centroids.x.round(),
            "northing": areas[spec.northing] if spec.northing else centroids.y.round(),
        },
        geometry=shapely.normalize(shapely.transform(areas.geometry.to_numpy(), _to_centimetre)),
        crs=areas.crs,
        index=areas.index,
    )


def _to_centimetre(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round corners, so that the copies of one corner in two areas are equal to the last digit."""
    return points.round(2)


def _spec(source: Source) -> VectorSpec:
    if source.vector is None:
        raise InputError(f"The source “{source.id}” is not a boundary file")
    return source.vector


def _layer(path: Path, spec: VectorSpec) -> str:
    layers = fiona.listlayers(path)
    wanted = spec.layer or layers[0]
    if wanted not in layers:
        raise InputError(
            f"A boundary file has no layer “{wanted}”",
            where=str(path),
            found=f"layers {some(layers)}",
            do="fetch the file again, or correct the record",
        )
    return str(wanted)


def _check_crs(collection: Any, source: Source, path: Path) -> None:
    found = pyproj.CRS.from_wkt(collection.crs_wkt) if collection.crs_wkt else None
    require_crs(gpd.GeoDataFrame(geometry=[], crs=found), str(source.crs), where=str(path))


def _field_problems(collection: Any, spec: VectorSpec) -> list[str]:
    fields = list(collection.schema["properties"])
    wanted = [name for name in (spec.code, spec.name, spec.easting, spec.northing) if name]
    return [
        f"no field “{name}” (the nearest is {some(nearest_names(name, fields, most=1)) or 'none'})"
        for name in wanted
        if name not in fields
    ]


def _walk(collection: Any, source: Source, spec: VectorSpec) -> tuple[int, list[str]]:
    seen: set[str] = set()
    problems: list[str] = []
    count = 0
    for feature in collection:
        code = str(feature.properties[spec.code])
        if not code.startswith(tuple(source.coverage)):
            continue
        count += 1
        if code in seen:
            problems.append(f"{code} occurs twice")
        seen.add(code)
        problems.extend(f"{code} {what}" for what in _shape_problems(feature.geometry))
    if count != spec.rows:
        problems.append(f"{count:,} areas where {spec.rows:,} are expected")
    return count, problems


def _shape_problems(geometry: Any) -> Iterator[str]:
    if geometry is None:
        yield "has no geometry"
    elif geometry.type not in _POLYGONS:
        yield f"is a {geometry.type}, not a polygon"
    else:
        rings = (
            geometry.coordinates
            if geometry.type == "Polygon"
            else [ring for part in geometry.coordinates for ring in part]
        )
        sizes = [len(ring) for ring in rings]
        if not sizes or min(sizes) < 4:
            yield "has an empty or broken ring"
        elif sum(sizes) > MOST_VERTICES:
            yield f"has {sum(sizes):,} vertices"
