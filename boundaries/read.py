"""Boundary files: looked at before they are loaded, then turned into frames of areas.

A frame of areas is indexed by ``area_code`` (sorted), in EPSG:27700, with columns ``area_name``,
``easting``, ``northing`` (of the publisher's centroid where the record asks for it and the file has
one, else of the geometry's), ``mended_m2`` (by how much a shape that was no valid one was changed,
see `boundaries.shapes`; NaN for the others) and ``geometry``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import fiona
import geopandas as gpd
import pandas as pd
import pyogrio

from boundaries.layout import (
    CENTROID_PAIRS,
    Layout,
    fields_of,
    find_layout,
    layout_problems,
    read_fields,
    refusing,
    telling_fields,
    vector_of,
)
from boundaries.shapes import (
    are_polygons,
    centroid_problems,
    ground_problems,
    kind_problems,
    mended,
    place_problems,
    published_points,
)
from geo.codes import require_unique
from geo.crs import known_crs, to_bng
from geo.errors import CodeError, SpaceError, some
from geo.files.parcels import is_parcel, part_of
from geo.sources import Source, VectorSpec
from geo.tables.parts import AREAS, read_part

MOST_VERTICES = 2_000_000
"""More vertices than this in one feature is no small area: the largest have some thousands."""


def read_areas(path: Path, source: Source) -> gpd.GeoDataFrame:
    """Read a boundary file into a frame of areas, or refuse it whole with all its problems.

    The file may be any version of the publisher's: the layer is found by its fields, these by their
    names without regard to capitals, and longitude and latitude as well as the National Grid are
    read, whichever the record says. It is streamed through before it is loaded, so that no shape of
    incredible size is. Raises ``SpaceError``, ``CodeError`` or ``InputError``.
    """
    raw, noticed = raw_areas(path, source)
    return build_areas(raw, source, where=str(path), noticed=noticed)


def raw_areas(path: Path, source: Source) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the features of a boundary file as they stand in it, and what was noticed of them.

    Raises ``SpaceError`` for a file that is not fit to be loaded.
    """
    if is_parcel(path):
        return gpd.GeoDataFrame(read_part(part_of(path, AREAS), areas=True)), []
    layout = find_layout(path, source)
    noticed, credible = _walk(path, layout, source)
    if not credible:
        problems = [*layout_problems(layout.names, layout.crs, source), *noticed]
        raise _refusal(problems, source, str(path))
    with refusing(path):
        raw = pyogrio.read_dataframe(path, layer=layout.layer, on_invalid="ignore")
    return raw, noticed


def read_names(path: Path, source: Source) -> pd.Series:
    """Return the names of the areas of a boundary file by ``area_code``, sorted; no shape is read.

    A file whose fields, codes or names are not as they should be is refused as by `read_areas`,
    with all that is wrong with its shapes too.
    """
    layout, spec = find_layout(path, source), vector_of(source)
    fields = fields_of(layout.names, spec)
    problems = layout_problems(layout.names, layout.crs, source)
    if not problems:
        table = read_fields(path, layout, [fields["code"], fields["name"]])
        inside = _covered(table, fields["code"], source)
        problems = [*_code_problems(Counter(inside.index), spec), *_name_problems(inside, fields)]
    if problems:
        read_areas(path, source)
        raise _refusal(problems, source, str(path))
    names: pd.Series = inside[fields["name"]].astype("str").str.strip()
    return names.rename("area_name")


def build_areas(
    raw: gpd.GeoDataFrame, source: Source, *, where: str = "", noticed: Sequence[str] = ()
) -> gpd.GeoDataFrame:
    """Turn a frame in the publisher's columns into areas; the pure part of `read_areas`.

    What was ``noticed`` before counts among the problems of the frame.
    """
    spec, where = vector_of(source), where or f"boundaries “{source.id}”"
    inside = _covered(raw, fields_of(raw.columns, spec).get("code"), source)
    fields = telling_fields(inside, spec)
    problems = layout_problems(raw.columns, raw.crs, source) + list(noticed)
    problems += _name_problems(inside, fields)
    problems += kind_problems(inside.geometry)
    solid = inside[are_polygons(inside.geometry)]
    nowhere = place_problems(solid.geometry)
    problems += nowhere
    if known_crs(raw.crs) is None or nowhere:
        raise _refusal(problems, source, where)
    moved = to_bng(solid).geometry
    shapes, mended_m2, broken = mended(moved)
    problems += broken
    problems += ground_problems(shapes, spec.extent_m)
    problems += _centroid_problems(solid, shapes, fields)
    if problems:
        raise _refusal(problems, source, where)
    _require_count(inside.index, spec, where)
    easting, northing = _centres(inside, moved, fields, spec)
    return gpd.GeoDataFrame(
        {
            "area_name": inside[fields["name"]].astype("str"),
            "easting": easting,
            "northing": northing,
            "mended_m2": mended_m2,
        },
        geometry=shapes,
        crs=shapes.crs,
        index=inside.index,
    )


def _centres(
    inside: pd.DataFrame, moved: gpd.GeoSeries, fields: Mapping[str, str], spec: VectorSpec
) -> tuple[pd.Series, pd.Series]:
    """Return the publisher's own centroids, or else those of the shapes, in metres.

    The publisher's are whole numbers of one type here, in whatever type a file has them.
    """
    if spec.easting and spec.northing and {"easting", "northing"} <= fields.keys():
        own = inside[[fields["easting"], fields["northing"]]].astype("float64")
        whole = own.round().astype("int32")
        return whole.iloc[:, 0], whole.iloc[:, 1]
    return moved.centroid.x.round(), moved.centroid.y.round()


def _walk(path: Path, layout: Layout, source: Source) -> tuple[list[str], bool]:
    """Stream through a file: what is wrong with its codes, and whether it is fit to be loaded."""
    spec = vector_of(source)
    code = fields_of(layout.names, spec).get("code")
    opened = f"zip://{path}" if path.suffix == ".zip" else path
    seen: Counter[str] = Counter()
    enormous = []
    with refusing(path), fiona.open(opened, layer=layout.layer) as collection:
        for feature in collection:
            named = str(feature.properties[code]) if code else f"feature {feature.id}"
            if not code or named.startswith(tuple(source.coverage)):
                seen[named] += 1
                corners = _corner_count(feature.geometry)
                if corners > MOST_VERTICES:
                    enormous.append(f"{named} has {corners:,} vertices")
    problems = list(_code_problems(seen, spec)) if code else []
    return problems + enormous, not enormous


def _code_problems(seen: Counter[str], spec: VectorSpec) -> Iterator[str]:
    repeated = [name for name, times in seen.items() if times > 1]
    if repeated:
        yield f"codes more than once ({some(repeated)})"
    if seen.total() != spec.rows:
        yield f"{seen.total():,} areas where {spec.rows:,} are expected"


def _corner_count(geometry: Any) -> int:
    if geometry is None or geometry.type not in {"Polygon", "MultiPolygon"}:
        return 0
    parts = [geometry.coordinates] if geometry.type == "Polygon" else geometry.coordinates
    return sum(len(ring) for part in parts for ring in part)


def _covered(raw: gpd.GeoDataFrame, code: str | None, source: Source) -> gpd.GeoDataFrame:
    """Return the features of the record's coverage by code; without codes, all by their number."""
    if code is None:
        return raw.set_axis([f"feature {number + 1}" for number in range(len(raw))], axis="index")
    codes = raw[code].astype("str")
    inside = raw[codes.str.startswith(tuple(source.coverage), na=False)]
    return inside.set_index(code).rename_axis("area_code").sort_index()


def _name_problems(inside: gpd.GeoDataFrame, fields: Mapping[str, str]) -> Iterator[str]:
    if "name" in fields:
        blank = inside.index[inside[fields["name"]].astype("str").str.strip().fillna("") == ""]
        if len(blank):
            yield f"areas without a name ({some(blank)})"


def _centroid_problems(
    inside: gpd.GeoDataFrame, shapes: gpd.GeoSeries, fields: Mapping[str, str]
) -> Iterator[str]:
    """Hold the shapes to each pair of centroids that their own file gives."""
    for roles, crs in CENTROID_PAIRS.items():
        if set(roles) <= fields.keys():
            names = [fields[role] for role in roles]
            points = published_points(inside[names[0]], inside[names[1]], crs)
            yield from centroid_problems(shapes, points, what=" and ".join(names))


def _require_count(codes: pd.Index, spec: VectorSpec, where: str) -> None:
    require_unique(codes, where=where)
    if len(codes) != spec.rows:
        raise CodeError(
            "A boundary file holds another number of areas than its record says",
            where=where,
            expected=f"{spec.rows:,}",
            found=f"{len(codes):,}",
            do="check the year of the boundaries, or correct the record",
        )


def _refusal(problems: Sequence[str], source: Source, where: str) -> SpaceError:
    one = len(problems) == 1
    return SpaceError(
        f"A boundary file is refused: {problems[0]}"
        if one
        else f"A boundary file has {len(problems)} problems",
        where=where,
        expected=f"the file described by the record “{source.id}”",
        found="" if one else "; ".join(problems),
        do="fetch the file again, or correct the record",
    )
