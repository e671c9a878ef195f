"""The protocol of an ArcGIS feature server, as far as boundaries need it: ask, check, put together.

The server hands out a layer in pages and says so politely: fewer features than were asked for, a
flag, or an error inside an answer that calls itself successful. Nothing here touches the network.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from geo.codes import nearest_names
from geo.errors import SourceError, some
from geo.sources import Source, VectorSpec


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


def parsed(path: Path) -> dict[str, Any]:
    """Return a server's answer, once it is whole and is no error.

    Raises ``SourceError`` otherwise.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as problem:
        raise SourceError(
            "The server's answer cannot be read",
            expected="JSON",
            found=f"“{' '.join(text[:60].split())}…” ({problem.msg} at character {problem.pos:,})",
        ) from problem
    if not isinstance(answer, dict) or "error" in answer:
        found = answer.get("error") if isinstance(answer, dict) else answer
        raise SourceError("The server answered with an error", found=str(found)[:200])
    return answer


def write_features(features: list[dict[str, Any]], wanted: int, source: Source, path: Path) -> None:
    """Write the areas of all pages as one file of the record's layer, sorted by code.

    Raises ``SourceError`` when areas are missing, repeated, or without the record's columns.
    """
    import geopandas as gpd

    spec = _spec(source)
    found = gpd.GeoDataFrame.from_features(features, crs=source.crs) if features else None
    problems = _problems(found, wanted, spec)
    if problems or found is None:
        raise SourceError(
            f"The feature server did not hand out “{source.title}” as its record says",
            where=source.url,
            expected=f"{spec.rows:,} areas, each once, with {spec.code} and {spec.name}",
            found="; ".join(problems),
            do="try again later; if the publisher changed the layer, correct the record",
        )
    found = found.sort_values(spec.code, ignore_index=True)
    many = spec.geometry.startswith("Multi")
    found.to_file(path, layer=spec.layer, driver="GPKG", engine="pyogrio", promote_to_multi=many)


def _problems(found: Any, wanted: int, spec: VectorSpec) -> list[str]:
    if found is None:
        return ["no areas"]
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
