"""Layers and tables are handed out as the portal's feature servers do."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import requests
import shapely

from geo.crs import to_bng
from tests.publishers.stock import known
from tests.publishers.tiny import LSOA_11

SVC = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
LSOA = f"{SVC}/LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3/FeatureServer/0"
CHANGE = f"{SVC}/LSOA11_LSOA21_LAD22_EW_LU_v5/FeatureServer/0"
WARDS = f"{SVC}/LSOA21_WD24_LAD24_EW_LU/FeatureServer/0"
ENGLAND = "LSOA11CD LIKE 'E01%'"


def ask(url, **query):
    answer = requests.get(url, params={"f": "json", **query}, timeout=20)
    assert answer.status_code == 200
    return answer.json()


def rows(url, **query):
    return ask(f"{url}/query", **{"where": "1=1", "outFields": "*", **query})


@pytest.mark.parametrize("service", known()["service"], ids=lambda service: service.name)
def test_a_layer_says_what_it_is(publishers, service):
    said = ask(f"{SVC}/{service.name}/FeatureServer/0")
    shaped = "Boundaries" in service.name
    assert said["maxRecordCount"] == (2000 if shaped else 1000)
    assert said["type"] == ("Feature Layer" if shaped else "Table")
    assert said.get("geometryType") == ("esriGeometryPolygon" if shaped else None)
    kinds = {field["name"]: field["type"] for field in said["fields"]}
    assert kinds[said["objectIdField"]] == "esriFieldTypeOID"
    assert said["objectIdField"] == service.id
    root = ask(f"{SVC}/{service.name}/FeatureServer")
    assert [one["id"] for one in root["layers" if shaped else "tables"]] == [0]


def test_the_directory_lists_every_service(publishers):
    names = [one["name"] for one in ask(SVC)["services"]]
    assert names == sorted(service.name for service in known()["service"])


@pytest.mark.parametrize(
    "place",
    [
        "LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V2/FeatureServer/0",
        "MSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3/FeatureServer/0",
        "LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3/FeatureServer/1",
        "LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3/MapServer",
    ],
)
def test_a_service_that_is_not_there_is_an_error_that_calls_itself_successful(publishers, place):
    said = ask(f"{SVC}/{place}")
    assert said == {"error": {"code": 400, "message": "Invalid URL", "details": ["Invalid URL"]}}


def test_without_a_form_the_answer_is_for_people(publishers):
    for url in (SVC, LSOA, f"{LSOA}/query?where=1=1"):
        assert requests.get(url, timeout=10).text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("1=1", 233),
        ("1=2", 0),
        (ENGLAND, 230),
        ("LSOA11CD LIKE 'W01%'", 3),
        ("LSOA11CD LIKE 'E01%' OR LSOA11CD LIKE 'W01%'", 233),
        ("(LSOA11CD LIKE 'E01%') AND FID <= 10", 10),
        ("FID > 10 AND FID < 13", 2),
        ("LSOA11CD = 'E01900001'", 1),
        ("lsoa11cd IN ('E01900001', 'E01900002', 'none')", 2),
        ("LSOA11CD <> 'E01900001'", 232),
        ("LSOA11NM IS NOT NULL", 233),
        ("LSOA11NM = 'O''Brien'", 0),
    ],
)
def test_what_a_clause_is_true_of_is_counted(publishers, clause, count):
    assert ask(f"{LSOA}/query", where=clause, returnCountOnly="true") == {"count": count}


@pytest.mark.parametrize(
    "query",
    [
        {"where": "NAME LIKE 'E01%'"},
        {"where": "LSOA11CD LIKE"},
        {"where": "LSOA11CD ~ 'E'"},
        {"where": "1=1; DROP TABLE x"},
        {"where": ""},
        {"orderByFields": "NAME"},
        {"outFields": "LSOA11CD,NAME"},
        {"outSR": "3857"},
        {"resultOffset": "-1"},
        {"resultOffset": "many"},
    ],
)
def test_a_query_that_is_not_understood_is_an_error_that_calls_itself_successful(publishers, query):
    assert rows(LSOA, **query)["error"]["code"] == 400


def test_too_many_codes_in_an_address_are_not_found(publishers):
    codes = ", ".join(f"'E019{n:05}'" for n in range(61))
    query = {"where": f"LSOA11CD IN ({codes})", "returnCountOnly": "true", "f": "json"}
    assert requests.get(f"{LSOA}/query", params=query, timeout=10).status_code == 404
    assert requests.post(f"{LSOA}/query", data=query, timeout=10).json() == {"count": 60}


def paged(url, most, **query):
    found, start = [], 0
    while True:
        page = rows(url, resultOffset=start, resultRecordCount=most, **query)
        found += page["features"]
        if not page.get("exceededTransferLimit") and not page.get("properties"):
            return found
        start += len(page["features"])


@pytest.mark.parametrize("form", ["json", "geojson"])
def test_pages_by_object_id_are_all_rows_each_once(publishers, form):
    found = paged(LSOA, 50, where=ENGLAND, orderByFields="FID", f=form)
    said = [row["attributes" if form == "json" else "properties"] for row in found]
    assert [row["FID"] for row in said] == [*range(1, 231)]
    assert len(publishers.requests) == 5


def test_the_flag_stands_where_the_form_has_it(publishers):
    esri, geojson = rows(LSOA, resultRecordCount=10), rows(LSOA, resultRecordCount=10, f="geojson")
    assert (esri["exceededTransferLimit"], len(esri["features"])) == (True, 10)
    assert geojson["properties"] == {"exceededTransferLimit": True}
    for form in ("json", "geojson"):
        whole = rows(LSOA, f=form)
        assert "exceededTransferLimit" not in whole
        assert "properties" not in whole


def test_no_page_has_more_rows_than_the_server_likes(publishers, monkeypatch):
    from tests.publishers.hosts import arcgis

    services = publishers.features.services
    name = LSOA.split("/")[-3]
    publishers.features.services = {**services, name: arcgis.replace(services[name], most=7)}
    page = rows(LSOA, resultRecordCount=100)
    assert (len(page["features"]), page["exceededTransferLimit"]) == (7, True)
    assert len(rows(LSOA)["features"]) == 7


def test_who_orders_by_what_repeats_loses_rows(publishers):
    everything = paged(CHANGE, 20, orderByFields="ObjectId")
    assert len({row["attributes"]["ObjectId"] for row in everything}) == 233
    some = paged(CHANGE, 20, orderByFields="LAD22CD")
    assert len(some) == 233
    assert len({row["attributes"]["ObjectId"] for row in some}) < 233


def test_shapes_are_the_mirrors_to_the_last_digit(publishers, tiny_mirror):
    own = pyogrio.read_dataframe(tiny_mirror / LSOA_11)
    found = gpd.GeoDataFrame.from_features(paged(LSOA, 100, where=ENGLAND, f="geojson", outSR=4326))
    assert found["LSOA11CD"].tolist() == own["LSOA11CD"].tolist()
    there = [shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
             for shape in found.geometry]  # fmt: skip
    assert (shapely.to_wkb(there) == shapely.to_wkb(own.geometry.to_numpy())).all()


def test_shapes_of_esri_are_rings_in_the_national_grid_unless_it_is_asked_for_another(
    publishers, tiny_mirror
):
    own = pyogrio.read_dataframe(tiny_mirror / LSOA_11).iloc[:1]
    for wkid, shape in ((27700, to_bng(own).geometry[0]), (4326, own.geometry[0])):
        asked = {} if wkid == 27700 else {"outSR": wkid}
        page = rows(LSOA, resultRecordCount=1, **asked)
        assert page["spatialReference"]["wkid"] == wkid
        [ring] = page["features"][0]["geometry"]["rings"]
        assert np.array_equal(ring, shapely.get_coordinates(shape))
        assert ring[0] == ring[-1]


def test_holes_and_parts_are_told_apart_by_the_way_their_rings_run():
    from tests.publishers.hosts.arcgis import _rings

    outer = [(0, 0), (0, 9), (9, 9), (9, 0)]
    hole = [(1, 1), (2, 1), (2, 2), (1, 2)]
    far = [(20, 0), (20, 9), (29, 9)]
    shape = shapely.MultiPolygon([shapely.Polygon(outer, [hole]), shapely.Polygon(far)])
    ways = [shapely.is_ccw(shapely.LinearRing(ring)) for ring in _rings(shape)]
    assert ways == [False, True, False]


@pytest.mark.parametrize("url", [CHANGE, WARDS])
def test_tables_are_rows_of_attributes(publishers, tiny_mirror, url):
    names = {CHANGE: "LSOA_2011_to_LSOA_2021_to_LAD_2022_Lookup_EW",
             WARDS: "LSOA_2021_to_Ward_2024_to_LAD_2024_Best_Fit_Lookup_EN"}  # fmt: skip
    own = pd.read_csv(tiny_mirror / f"lookups/{names[url]}.csv", dtype=str)
    page = rows(url, returnGeometry="false", orderByFields="ObjectId")
    assert all("geometry" not in row for row in page["features"])
    found = pd.DataFrame([row["attributes"] for row in page["features"]])
    assert len(found) == 233
    pd.testing.assert_frame_equal(found.loc[:229, own.columns], own, check_dtype=False)
    assert found["LSOA21CD"].str.startswith("W01").sum() == 3


def test_fields_and_object_ids_are_given_as_asked(publishers):
    page = rows(LSOA, outFields="LSOA11CD", resultRecordCount=1, returnGeometry="false")
    assert page["features"] == [{"attributes": {"LSOA11CD": "E01900001"}}]
    ids = rows(LSOA, where=ENGLAND, returnIdsOnly="true")
    assert (ids["objectIdFieldName"], len(ids["objectIds"])) == ("FID", 230)
    some = rows(LSOA, objectIds="3,5", outFields="FID", returnGeometry="false")
    assert [row["attributes"]["FID"] for row in some["features"]] == [3, 5]


def test_answers_are_packed_where_they_can_be_unpacked(publishers):
    packed = requests.get(LSOA, params={"f": "json"}, timeout=10)
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = requests.get(LSOA, params={"f": "json"}, headers={"Accept-Encoding": ""}, timeout=10)
    assert "Content-Encoding" not in plain.headers
    assert plain.json() == packed.json()
