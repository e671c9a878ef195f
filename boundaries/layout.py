"""How a boundary file is laid out: its layer, its fields and its coordinate system.

The publisher renames the layer with every version and writes a field's name large or small; what is
meant is found by its fields, and never guessed where several layers have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fiona.errors
import pandas as pd
import pyogrio
import pyogrio.errors
import pyproj

from geo.codes import nearest_names
from geo.crs import BNG, WGS84, known_crs
from geo.errors import InputError, some
from geo.files.parcels import is_parcel, part_of
from geo.sources import Source, VectorSpec
from geo.tables.parts import AREAS, areas_fields, read_part

_UNREADABLE = (
    fiona.errors.FionaError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
)
_CENTROIDS = {"easting": "BNG_E", "northing": "BNG_N", "longitude": "LONG", "latitude": "LAT"}
CENTROID_PAIRS = {("easting", "northing"): BNG, ("longitude", "latitude"): WGS84}
"""The two pairs of fields that may hold the publisher's centroids, and their coordinate systems."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the areas of a boundary file stand: the layer, its fields, the system it declares."""

    layer: str
    names: tuple[str, ...]
    crs: pyproj.CRS | None


def find_layout(path: Path, source: Source) -> Layout:
    """Return the layout of a boundary file.

    Raises ``InputError`` for a file that is no vector file, or of which no layer, or more than one,
    can be meant.
    """
    if is_parcel(path):
        names, crs = areas_fields(part_of(path, AREAS))
        return Layout(layer=AREAS, names=names, crs=crs)
    spec = vector_of(source)
    with refusing(path):
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        infos = {name: pyogrio.read_info(path, layer=name) for name in layers}
    layer = _layer(path, spec, {name: list(info["fields"]) for name, info in infos.items()})
    crs = infos[layer]["crs"]
    return Layout(
        layer=layer,
        names=tuple(map(str, infos[layer]["fields"])),
        crs=pyproj.CRS(crs) if crs else None,
    )


def read_fields(path: Path, layout: Layout, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return fields of a boundary file, all of them unless some are named; no shape is read."""
    if is_parcel(path):
        wanted = layout.names if columns is None else columns
        return read_part(part_of(path, AREAS), columns=wanted)
    with refusing(path):
        table: pd.DataFrame = pyogrio.read_dataframe(
            path, layer=layout.layer, columns=columns, read_geometry=False
        )
    return table


def layout_problems(names: Iterable[str], crs: pyproj.CRS | None, source: Source) -> list[str]:
    """Say what is wrong with the fields and the coordinate system of a file."""
    spec, listed = vector_of(source), list(names)
    fields = fields_of(listed, spec)
    lacking = [
        f"no field “{name}” (the nearest is {some(nearest_names(name, listed, most=1)) or 'none'})"
        for role, name in {"code": spec.code, "name": spec.name}.items()
        if role not in fields
    ]
    return [*_crs_problems(crs, str(source.crs)), *lacking]


def fields_of(names: Iterable[str], spec: VectorSpec) -> dict[str, str]:
    """Return the fields of a file by what they hold; capitals are of no account.

    The keys are ``code``, ``name``, and for the publisher's centroids ``easting``, ``northing``,
    ``longitude`` and ``latitude``, as far as the file has them.
    """
    wanted = _CENTROIDS | {"code": spec.code, "name": spec.name}
    wanted |= {"easting": spec.easting or "BNG_E", "northing": spec.northing or "BNG_N"}
    listed = list(names)
    by_folded = {name.casefold(): name for name in reversed(listed)}
    return {
        role: name if name in listed else by_folded[name.casefold()]
        for role, name in wanted.items()
        if name.casefold() in by_folded
    }


def telling_fields(table: pd.DataFrame, spec: VectorSpec) -> dict[str, str]:
    """Return the fields of a file (see `fields_of`) without centroids that tell of no place.

    A pair of columns that puts several areas on one and the same point was filled in, not measured.
    """
    fields = fields_of(table.columns, spec)
    for roles in CENTROID_PAIRS:
        names = [fields[role] for role in roles if role in fields]
        if len(names) == 2 and len(table) > 1 and len(table[names].drop_duplicates()) == 1:
            fields = {role: name for role, name in fields.items() if role not in roles}
    return fields


def vector_of(source: Source) -> VectorSpec:
    """Return the part of a record that describes boundaries; ``InputError`` if there is none."""
    if source.vector is None:
        raise InputError(f"The source “{source.id}” is not a boundary file")
    return source.vector


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn what the libraries say of a file that does not open or read into an ``InputError``."""
    try:
        yield
    except _UNREADABLE as problem:
        raise InputError(
            "A boundary file cannot be opened as vector data",
            where=str(path),
            found=str(problem),
            do="fetch the file again: it may be cut short, or a web page saved under its name",
        ) from problem


def _layer(path: Path, spec: VectorSpec, fields: Mapping[str, list[str]]) -> str:
    """Return the recorded layer, or the only one with the recorded fields, or the only one."""
    if spec.layer in fields:
        return str(spec.layer)
    meant = [name for name in fields if {"code", "name"} <= fields_of(fields[name], spec).keys()]
    if len(meant) == 1:
        return meant[0]
    if not meant and len(fields) == 1:
        return next(iter(fields))
    raise InputError(
        f"A boundary file has {len(meant) or 'no'} layers that may be meant",
        where=str(path),
        expected=f"one layer with the fields {spec.code} and {spec.name}",
        found=f"layers {some(meant or fields, most=10) or 'none'}",
        do="keep one of them in the file, or fetch the file again",
    )


def _crs_problems(crs: pyproj.CRS | None, recorded: str) -> Iterator[str]:
    """Say what is wrong with a coordinate system; that of the record and its sibling are read."""
    if crs is None:
        yield (
            f"no coordinate system (the record says {recorded}: find out which one the file was "
            f"made in and set it, set_crs({recorded!r}))"
        )
    elif known_crs(crs) is None:
        yield f"the coordinate system {crs.to_string()}, where {WGS84} and {BNG} are read"
