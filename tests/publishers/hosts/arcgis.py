"""The feature server of the portal: what a layer is, how many rows, and the rows page by page.

It speaks as such servers do: a page of HTML unless ``f`` asks for another form, errors that call
themselves successful, and never more rows at once than it likes, whatever was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from tests.publishers.hosts.rows import QueryError, Rows, moved, rows_of
from tests.publishers.stock import Service, Stock
from tests.publishers.wire import Answer, Asked, json_answer, page_answer

ORGANISATION = "ESMARspQHYMw9BZ9"
ROOT = f"/{ORGANISATION}/arcgis/rest/services"
HOST = "services1.arcgis.com"
MOST_CODES = 60
"""A request that asks for more codes by name, in its address, is too long for the server."""


def error(message: str, *details: str, code: int = 400) -> Answer:
    """Answer with an error, in a page that says that all is well."""
    return json_answer({"error": {"code": code, "message": message, "details": [*details]}})


@dataclass
class Features:
    """The services of an organisation by the names they have now."""

    stock: Stock
    services: dict[str, Service]

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix(ROOT).strip("/").split("/")
        if not asked.path.startswith(ROOT):
            return error("Invalid URL", "Invalid URL")
        if asked.query.get("f", "html") not in {"json", "pjson", "geojson"}:
            return page_answer(f"ArcGIS REST Services Directory {asked.path}")
        if path == [""]:
            return self._directory()
        service = self.services.get(path[0])
        if service is None or path[1:2] != ["FeatureServer"] or not self.path_of(service).is_file():
            return error("Invalid URL", "Invalid URL")
        return self._of(service, path[2:], asked)

    def path_of(self, service: Service) -> Any:
        return self.stock.mirror / service.of

    def rows(self, service: Service) -> Rows:
        return rows_of(self.path_of(service), service.id)

    def _of(self, service: Service, path: list[str], asked: Asked) -> Answer:
        rows = self.rows(service)
        if not path:
            return json_answer(_root(service, rows))
        if path == ["0"]:
            return json_answer(_layer(service, rows))
        if path != ["0", "query"]:
            return error("Invalid URL", "Invalid URL")
        if asked.method == "GET" and asked.query.get("where", "").count("'") > 2 * MOST_CODES:
            return page_answer("404 - File or directory not found.", 404)
        try:
            return _query(service, rows, asked.query)
        except (QueryError, ValueError) as problem:
            return error("Cannot perform query. Invalid query parameters.", str(problem))

    def _directory(self) -> Answer:
        there = [service for service in self.services.values() if self.path_of(service).is_file()]
        return json_answer(
            {
                "currentVersion": 11.5,
                "services": [
                    {
                        "name": service.name,
                        "type": "FeatureServer",
                        "url": f"https://{HOST}{ROOT}/{service.name}/FeatureServer",
                    }
                    for service in sorted(there, key=lambda one: one.name)
                ],
            }
        )


def _root(service: Service, rows: Rows) -> dict[str, Any]:
    one = {"id": 0, "name": service.name, "parentLayerId": -1}
    return {
        "currentVersion": 11.5,
        "serviceItemId": service.item_id,
        "maxRecordCount": service.most,
        "supportedQueryFormats": "JSON",
        "capabilities": "Query,Extract",
        "layers": [] if rows.shapes is None else [one],
        "tables": [one] if rows.shapes is None else [],
    }


def _layer(service: Service, rows: Rows) -> dict[str, Any]:
    shaped = {"geometryType": "esriGeometryPolygon", "extent": _extent(rows)}
    return {
        "currentVersion": 11.5,
        "id": 0,
        "name": service.name,
        "type": "Table" if rows.shapes is None else "Feature Layer",
        "serviceItemId": service.item_id,
        **({} if rows.shapes is None else shaped),
        "objectIdField": rows.id,
        "uniqueIdField": {"name": rows.id, "isSystemMaintained": True},
        "fields": _fields(rows, [*rows.table.columns]),
        "maxRecordCount": service.most,
        "standardMaxRecordCount": service.most,
        "supportedQueryFormats": "JSON, geoJSON, PBF",
        "capabilities": "Query,Extract",
        "advancedQueryCapabilities": {"supportsPagination": True, "supportsOrderBy": True},
    }


def _extent(rows: Rows) -> dict[str, Any]:
    if rows.shapes is None:
        return {}
    west, south, east, north = moved(rows.shapes.iloc[:1], 27700).total_bounds.tolist()
    box = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    return {**box, "spatialReference": {"wkid": 27700, "latestWkid": 27700}}


def _fields(rows: Rows, names: list[str]) -> list[dict[str, Any]]:
    return [
        {"name": name, "type": _kind(rows, name), "alias": name, "nullable": name != rows.id}
        for name in names
    ]


def _kind(rows: Rows, name: str) -> str:
    if name == rows.id:
        return "esriFieldTypeOID"
    kinds = {"i": "esriFieldTypeInteger", "f": "esriFieldTypeDouble"}
    return kinds.get(rows.table[name].dtype.kind, "esriFieldTypeString")


def _query(service: Service, rows: Rows, query: Mapping[str, str]) -> Answer:
    if not query.get("where") and not query.get("objectIds"):
        raise QueryError("'where' parameter is invalid")
    places = rows.where(query.get("where") or "1=1")
    if query.get("objectIds"):
        wanted = {int(one) for one in query["objectIds"].split(",")}
        places = places[np.isin(rows.table[rows.id].to_numpy()[places], [*wanted])]
    if query.get("returnCountOnly") == "true":
        return json_answer({"count": len(places)})
    if query.get("returnIdsOnly") == "true":
        numbers = rows.table[rows.id].to_numpy()[places].tolist()
        return json_answer({"objectIdFieldName": rows.id, "objectIds": numbers})
    start, most = int(query.get("resultOffset") or 0), int(query.get("resultRecordCount") or 0)
    if start < 0 or most < 0:
        raise QueryError("'resultOffset' parameter is invalid")
    stop = start + min(most or service.most, service.most)
    page = rows.ordered(places, query.get("orderByFields", ""), start)[start:stop]
    more = stop < len(places)
    form = _geojson if query.get("f") == "geojson" else _esri
    return json_answer(form(rows, page, query, more))


def _wkid(query: Mapping[str, str], default: int) -> int:
    asked = query.get("outSR") or str(default)
    return int(json.loads(asked)["wkid"] if asked.startswith("{") else asked)


def _shown(rows: Rows, query: Mapping[str, str]) -> bool:
    return rows.shapes is not None and query.get("returnGeometry", "true") != "false"


def _attributes(rows: Rows, page: NDArray[np.int64], query: Mapping[str, str]) -> tuple[Any, ...]:
    names = rows.fields(query.get("outFields") or rows.id)
    return names, rows.table.iloc[page][names].to_dict("records")


def _geojson(
    rows: Rows, page: NDArray[np.int64], query: Mapping[str, str], more: bool
) -> dict[str, Any]:
    _, attributes = _attributes(rows, page, query)
    shapes = [None] * len(page)
    if _shown(rows, query):
        there = moved(rows.shapes.iloc[page], _wkid(query, 4326)).to_numpy()
        shapes = [json.loads(shapely.to_geojson(_simple(shape))) for shape in there]
    ids = rows.table[rows.id].to_numpy()[page].tolist()
    features = [
        {"type": "Feature", "id": one, "geometry": shape, "properties": said}
        for one, shape, said in zip(ids, shapes, attributes, strict=True)
    ]
    told = {"properties": {"exceededTransferLimit": True}} if more else {}
    return {"type": "FeatureCollection", **told, "features": features}


def _simple(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the one part of a shape of one part as what it is."""
    return (
        shape.geoms[0]
        if shapely.get_num_geometries(shape) == 1 and hasattr(shape, "geoms")
        else shape
    )


def _esri(
    rows: Rows, page: NDArray[np.int64], query: Mapping[str, str], more: bool
) -> dict[str, Any]:
    names, attributes = _attributes(rows, page, query)
    shown, wkid = _shown(rows, query), _wkid(query, 27700)
    features: list[dict[str, Any]] = [{"attributes": said} for said in attributes]
    if shown:
        shapes: gpd.GeoSeries = moved(rows.shapes.iloc[page], wkid)
        for feature, shape in zip(features, shapes, strict=True):
            feature["geometry"] = {"rings": _rings(shape)}
    reference = {"spatialReference": {"wkid": wkid, "latestWkid": wkid}}
    shaped = {"geometryType": "esriGeometryPolygon", **reference} if shown else {}
    return {
        "objectIdFieldName": rows.id,
        "globalIdFieldName": "",
        **shaped,
        "fields": _fields(rows, names),
        **({"exceededTransferLimit": True} if more else {}),
        "features": features,
    }


def _rings(shape: shapely.Geometry) -> list[Any]:
    """Return all rings of all parts in one list: outer ones clockwise, holes the other way."""
    return [
        shapely.get_coordinates(ring).tolist()
        for part in shapely.get_parts(shape)
        for ring in shapely.get_rings(part)
    ]


def without(services: Mapping[str, Service], name: str) -> dict[str, Service]:
    return {other: service for other, service in services.items() if other != name}


def under(
    service: Service, name: str, version: int | None = None, *, item: str | None = None
) -> Service:
    """Return a service under another name, as the same item unless another is given."""
    kept = service.item_id if item is None else item
    return replace(service, name=name, item=kept, version=version or service.version)
