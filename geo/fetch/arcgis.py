"""The protocol of an ArcGIS feature server, as far as boundaries need it: ask, check, put together.

The server hands out a layer in pages and says so politely: fewer features than were asked for, a
flag, or an error inside an answer that calls itself successful. Nothing here touches the network.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from geo.codes import nearest_names
from geo.errors import SourceError, some
from geo.files.disk import said_by_the_system
from geo.sources import Source, VectorSpec

MOST_BYTES = 1 << 26
"""The size of the largest page of areas that is read: thousands of outlines in full detail."""
MOST_DEPTH = 24
"""How deep an answer may be nested: GeoJSON needs nine."""

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_EXCERPT = 200


def count_query(source: Source) -> str:
    """Return the query that asks how many areas of the record's coverage the server has."""
    return urlencode({"where": _where(source), "returnCountOnly": "true", "f": "json"})


def page_query(source: Source, *, start: int, most: int) -> str:
    """Return the query for areas from number ``start``, in the order of their codes."""
    spec = _spec(source)
    crs = str(source.crs).partition(":")[2]
    return urlencode(
        {
            "where": _where(source),
            "outFields": "*",
            "outSR": crs,
            "orderByFields": spec.code,
            "resultOffset": start,
            "resultRecordCount": most,
            "f": "geojson",
        }
    )


def server_count(path: Path) -> int:
    """Return the count that a server answered with; raises ``SourceError`` where it did not."""
    count = _parsed(path).get("count")
    if isinstance(count, bool) or not isinstance(count, int):
        raise SourceError(
            "The server's answer is no count of areas",
            expected="a whole number",
            found=str(count)[:_EXCERPT],
        )
    return count


def page_of(path: Path) -> list[dict[str, Any]]:
    """Return the features of the page that a server answered with.

    Raises ``SourceError`` where the answer is none.
    """
    features = _parsed(path).get("features")
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise SourceError(
            "The server's answer is no page of areas",
            expected="a list of features",
            found=str(features)[:_EXCERPT],
        )
    return features


def _parsed(path: Path) -> dict[str, Any]:
    """Return a server's answer, once it is of credible size and depth, whole and no error.

    Raises ``SourceError`` otherwise.
    """
    _require_credible(path)
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        answer = json.loads(text)
    except ValueError as problem:
        raise SourceError(
            "The server's answer cannot be read",
            expected="JSON",
            found=f"“{' '.join(text[:60].split())}…” ({problem})",
        ) from problem
    if not isinstance(answer, dict) or "error" in answer:
        found = answer.get("error") if isinstance(answer, dict) else answer
        raise SourceError("The server answered with an error", found=str(found)[:_EXCERPT])
    return answer


def _require_credible(path: Path) -> None:
    """Refuse an answer that is too large or nested too deep, before any of it is put together."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SourceError(
            "The server's answer is too large",
            expected=f"at most {MOST_BYTES / 1e6:,.0f} MB a page",
            found=f"{size / 1e6:,.0f} MB",
        )
    signs = np.frombuffer(_TEXT.sub(b"", path.read_bytes()), dtype="uint8")
    steps = np.isin(signs, [*b"[{"]).astype("int32") - np.isin(signs, [*b"]}"])
    depth = int(steps.cumsum().max(initial=0))
    if depth > MOST_DEPTH:
        raise SourceError(
            "The server's answer is nested too deep",
            expected=f"at most {MOST_DEPTH} lists and objects in each other",
            found=f"{depth:,}",
        )


def write_features(features: list[dict[str, Any]], wanted: int, source: Source, path: Path) -> None:
    """Write the areas of all pages as one file of the record's layer, sorted by code.

    Raises ``SourceError`` when areas are missing, repeated, or without the record's columns.
    """
    spec = _spec(source)
    found = _frame(features, source)
    problems = _problems(found, wanted, spec)
    if problems or found is None:
        raise SourceError(
            f"The feature server did not hand out “{source.title}” as its record says",
            where=source.address.url,
            expected=f"{spec.rows:,} areas, each once, with {spec.code} and {spec.name}",
            found="; ".join(problems),
            do="try again later; if the publisher changed the layer, correct the record",
        )
    found = found.sort_values(spec.code, ignore_index=True)
    many = spec.geometry.startswith("Multi")
    how = {"driver": "GPKG", "engine": "pyogrio", "promote_to_multi": many}
    with said_by_the_system():
        found.to_file(path, layer=spec.layer, **how)


def _frame(features: list[dict[str, Any]], source: Source) -> Any:
    """Put features together; None where there are none, or where they are no features."""
    import geopandas as gpd
    from shapely.errors import ShapelyError

    try:
        return gpd.GeoDataFrame.from_features(features, crs=source.crs) if features else None
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError):
        return None


def _problems(found: Any, wanted: int, spec: VectorSpec) -> list[str]:
    if found is None:
        return ["no areas, or none that can be read"]
    lacking = {spec.code, spec.name, spec.easting, spec.northing} - {None} - {*found.columns}
    if lacking:
        near = {str(name): some(nearest_names(str(name), found.columns)) for name in lacking}
        return [f"no column {name} (near: {near[name] or 'none'})" for name in sorted(near)]
    problems = []
    if len(found) != wanted:
        problems.append(f"{len(found):,} areas, where the server counts {wanted:,}")
    if found[spec.code].nunique() != spec.rows:
        problems.append(f"{found[spec.code].nunique():,} different codes")
    if found[spec.code].duplicated().any():
        problems.append(f"repeated codes ({some(found[spec.code][found[spec.code].duplicated()])})")
    return problems


def _where(source: Source) -> str:
    code = _spec(source).code
    return " OR ".join(f"{code} LIKE '{prefix}%'" for prefix in source.coverage)


def _spec(source: Source) -> VectorSpec:
    if source.vector is None:
        raise SourceError(f"The record {source.id} describes no boundaries")
    return source.vector
