"""The rows of a layer or table put together: outlines and values checked, and written as a file."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from geo.codes import nearest_names
from geo.errors import SourceError, some
from geo.fetch.arcgis import Question, RowPage, ServedLayer, told_by
from geo.files.disk import said_by_the_system
from geo.files.stamping import stamped
from geo.net.answers import found_in
from geo.sources import Source, VectorSpec

_KINDS: Mapping[str, tuple[type, ...]] = {
    "esriFieldTypeString": (str,),
    "esriFieldTypeOID": (int,),
    "esriFieldTypeInteger": (int,),
    "esriFieldTypeSmallInteger": (int,),
    "esriFieldTypeBigInteger": (int,),
    "esriFieldTypeDouble": (int, float),
    "esriFieldTypeSingle": (int, float),
}
"""The types of columns that are kept, and what stands in them; dates and the like are left out."""
_TAKEN = {"fid", "geom", "geometry", "ogc_fid"}
"""Names that a file of areas has a meaning of its own for."""
_LARGEST = 1 << 53
"""The largest whole number that is the same as a decimal one."""


class ServedRows:
    """The rows of all pages so far, each once, in the order in which they came."""

    def __init__(self, asked: Question, layer: ServedLayer) -> None:
        """Begin without rows."""
        self._asked, self._layer = asked, layer
        self._numbers: set[int] = set()
        self.kinds = _kept_kinds(asked, layer)
        self.values: list[Mapping[str, Any]] = []
        self.shapes: list[Any] = []

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.values)

    @property
    def last(self) -> int | None:
        """Return the greatest row number so far."""
        return max(self._numbers, default=None)

    def add(self, page: RowPage) -> None:
        """Add the rows of a page; raises ``SourceError`` where one is known or broken."""
        again = page.rows.keys() & self._numbers
        if again:
            raise _broken(f"rows that stand on two pages ({self._layer.id} {some(sorted(again))})")
        for number, row in page.rows.items():
            self.values.append(self._checked(told_by(row)))
            if self._asked.shapes:
                self.shapes.append(shape_of(row.get("geometry")))
            self._numbers.add(number)

    def _checked(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a row says in the columns that are kept."""
        lacking = [name for name in self._asked.columns.values() if name not in told]
        if lacking:
            near = {name: some(nearest_names(name, told)) or "none" for name in lacking}
            said = (f"no column {name} (near: {near[name]})" for name in lacking)
            raise _broken(f"a row with {', '.join(said)}")
        return {name: _value(told.get(name), name, kinds) for name, kinds in self.kinds.items()}


def shape_of(geometry: object) -> Any:
    """Return the outline of an area from GeoJSON.

    Raises ``SourceError`` for anything but rings of numbers that close. Whether these make a sound
    shape, and where, is for whoever reads the file to see.
    """
    import shapely

    kind = geometry.get("type") if isinstance(geometry, dict) else None
    told = geometry.get("coordinates") if isinstance(geometry, dict) else None
    parts = {"Polygon": [told], "MultiPolygon": told}.get(str(kind))
    if not isinstance(parts, list) or not parts:
        raise _broken(f"a row whose outline is no area: {found_in(geometry)}")
    shapes = []
    for part in parts:
        if not isinstance(part, list) or not part:
            raise _broken(f"an outline without rings: {found_in(part)}")
        shell, *holes = [_ring(ring) for ring in part]
        shapes.append(shapely.Polygon(shell, holes))
    return shapes[0] if kind == "Polygon" else shapely.MultiPolygon(shapes)


def write_rows(rows: ServedRows, source: Source, asked: Question, path: Path) -> None:
    """Write all rows as the file of a record: areas by their codes, or a csv of its columns.

    Raises ``SourceError`` when codes are blank or repeated, or nothing can be made of the values.
    """
    try:
        if source.vector is not None:
            _write_areas(rows, source, source.vector, asked, path)
        else:
            _write_table(rows, asked, path)
    except (ValueError, TypeError, OverflowError) as problem:
        raise _broken(f"values that cannot be written: {problem}") from problem


def _write_areas(
    rows: ServedRows, source: Source, spec: VectorSpec, asked: Question, path: Path
) -> None:
    import geopandas as gpd
    import pandas as pd

    code = asked.columns[spec.code]
    times = Counter(row[code] for row in rows.values)
    problems = [f"codes more than once ({some(c for c, n in times.items() if n > 1)})"]
    problems = problems if len(times) < len(rows) else []
    problems += [f"a row without {name}" for name in asked.columns.values() if _blank(rows, name)]
    if problems:
        raise _broken("; ".join(problems))
    columns = {name: _column(rows, name, kinds) for name, kinds in rows.kinds.items()}
    found = gpd.GeoDataFrame(pd.DataFrame(columns), geometry=rows.shapes, crs=source.crs)
    found = found.sort_values(code, ignore_index=True)
    how = {"driver": "GPKG", "engine": "pyogrio"}
    with said_by_the_system(), stamped():
        found.to_file(
            path, layer=spec.layer, promote_to_multi=spec.geometry.startswith("Multi"), **how
        )


def _write_table(rows: ServedRows, asked: Question, path: Path) -> None:
    """Write the recorded columns under their recorded headings, in an order of their own."""
    lines = sorted([_text(row[name]) for name in asked.columns.values()] for row in rows.values)
    with path.open("w", encoding="utf-8", newline="") as stream:
        written = csv.writer(stream, lineterminator="\n")
        written.writerow(asked.columns)
        written.writerows(lines)


def _kept_kinds(asked: Question, layer: ServedLayer) -> dict[str, tuple[type, ...]]:
    """Return the columns that are kept, and what may stand in each of them."""
    kept, names = {}, set(_TAKEN)
    for name in (*asked.columns.values(), *layer.fields):
        kinds = _KINDS.get(layer.fields[name])
        if name not in kept and name.casefold() not in names and kinds is not None:
            kept[name] = kinds
            names.add(name.casefold())
    for name in asked.columns.values():
        if name not in kept:
            raise _broken(f"the column {name} of another type, {layer.fields[name]}")
    return kept


def _column(rows: ServedRows, name: str, kinds: tuple[type, ...]) -> Any:
    """Return a column as text, as whole numbers where all are there, or as decimal ones."""
    import pandas as pd

    cells = [row[name] for row in rows.values]
    if str in kinds:
        return pd.Series(cells, dtype="str")
    whole = float not in kinds and None not in cells
    return pd.Series(cells, dtype="int64" if whole else "float64")


def _value(value: object, name: str, kinds: tuple[type, ...]) -> object:
    """Return a value once it is of its column's type; None stands for no value."""
    if value is None or (type(value) in kinds and not _strange(value)):
        return value
    raise _broken(
        f"“{found_in(value)}” in the column {name}, which holds {some(map(_word, kinds))}"
    )


def _strange(value: object) -> bool:
    """Say whether a number is none, or so large that it is another one when it is written."""
    if isinstance(value, int):
        return abs(value) > _LARGEST
    return isinstance(value, float) and not math.isfinite(value)


def _word(kind: type) -> str:
    return {str: "text", int: "whole numbers", float: "decimal numbers"}[kind]


def _blank(rows: ServedRows, name: str) -> bool:
    return any(not str(row[name] or "").strip() for row in rows.values)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _ring(ring: object) -> Any:
    """Return the corners of a ring as an array of n × 2 finite numbers, the last as the first."""
    try:
        corners = np.array(ring)
    except (ValueError, OverflowError, MemoryError):
        corners = np.array(None)
    flat = corners.ndim == 2 and corners.shape[1] in {2, 3} and corners.dtype.kind in "if"
    if not flat or len(corners) < 4 or not np.isfinite(corners).all():
        raise _broken(f"a ring that is none: {found_in(ring)}")
    if (corners[0] != corners[-1]).any():
        raise _broken(f"a ring that does not close: {found_in(ring)}")
    return corners[:, :2].astype("float64")


def _broken(found: str) -> SourceError:
    return SourceError(
        "The rows of the layer are not what they should be",
        expected="each row once, with the recorded columns",
        found=found,
    )
