"""The rows of feature servers: all of them, each once, whatever the pages are like."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from functools import partial

import geopandas as gpd
import pytest

from geo.errors import ChangedError, SourceError
from geo.fetch.receipts import receipt_of
from geo.net import answers
from geo.sources import TableSpec
from tests.geo import publisher
from tests.geo.publisher import (
    QUICK,
    SERVICE,
    Reply,
    layer,
    left,
    said,
    source,
    table,
)

CODES = [f"E0199{number:04d}" for number in range(5)]
LONG = replace(QUICK, connect_s=60, read_s=60)
"""Patience with a busy machine: what is counted here are requests, none of which is to time out."""
locate = partial(publisher.locate, patience=LONG)


def on_pages(change):
    """Change pages, by what they were, the request, and the number of the request for a page."""
    count = iter(range(1, 1000))

    def spoil(kind, answer, asked):
        return change(answer, asked, next(count)) if kind == "page" else answer

    return spoil


def pages(host):
    """List from which row and how many rows were asked for."""
    return [
        (int(asked.query["resultOffset"]), int(asked.query["resultRecordCount"]))
        for asked in host.asked
        if "resultOffset" in asked.query
    ]


def test_the_pages_become_one_file_in_the_order_of_codes(tmp_path, host, areas):
    path = locate(layer(host.url), cache=tmp_path)
    found = gpd.read_file(path, layer="Areas")
    assert found["CODE"].tolist() == CODES
    assert found["NAME"].tolist() == [f"Area {number}" for number in reversed(range(5))]
    assert found.geometry.geom_type.unique().tolist() == ["MultiPolygon"]
    assert found.geometry.area.tolist() == [0.5] * 5
    assert found.geometry.bounds["minx"].tolist() == [4, 3, 2, 1, 0]
    assert found.crs.to_epsg() == 27700
    assert pages(host) == [(0, 2), (2, 2), (4, 2)]
    assert left(tmp_path) == ["areas.gpkg", "areas.gpkg.receipt.json", "areas.gpkg.sha256"]
    receipt = receipt_of(path)
    assert (receipt.rows, receipt.how) == (5, "the recorded address")
    assert receipt.size > 1000


def test_the_same_rows_are_the_same_bytes(tmp_path, host, areas):
    first = locate(layer(host.url), cache=tmp_path / "a")
    areas.most = 3
    second = locate(layer(host.url), cache=tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_rows_of_a_table_become_a_csv_under_the_recorded_headings(tmp_path, host, areas):
    areas.table = True
    wanted = table(host.url)
    path = locate(wanted, cache=tmp_path)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["CODE", "NAME"]
    assert rows[1:] == [[code, f"Area {4 - number}"] for number, code in enumerate(CODES)]
    assert receipt_of(path).rows == 5


def test_capitals_of_column_names_are_of_no_account(tmp_path, host, areas):
    areas.table = True
    spec = TableSpec(key="code", rows=5, text={"area_name": "Name"})
    path = locate(table(host.url, tables={"main": spec}), cache=tmp_path)
    assert path.read_text().splitlines()[0] == "code,Name"


def test_values_that_are_none_or_numbers_are_written_as_they_are(tmp_path, host, areas):
    areas.table, areas.fields = True, ("OBJECTID", "CODE", "N")
    areas.told = {
        "fields": [
            {"name": "OBJECTID", "type": "esriFieldTypeOID"},
            {"name": "CODE", "type": "esriFieldTypeString"},
            {"name": "N", "type": "esriFieldTypeDouble"},
        ]
    }
    values = iter([1, 2.5, None, -0.125, 1e6])

    def numbered(page, asked, number):
        for row in page["features"]:
            row["attributes"]["N"] = next(values)
        return page

    areas.change = on_pages(numbered)
    spec = TableSpec(key="CODE", rows=5, numbers={"n": "N"})
    path = locate(table(host.url, tables={"main": spec}), cache=tmp_path)
    assert [line.split(",")[1] for line in path.read_text().splitlines()[1:]] == [
        "1000000.0",
        "-0.125",
        "",
        "2.5",
        "1",
    ]


GOOD = {
    "flag elsewhere": lambda page, asked, number: {
        **{key: page[key] for key in ("type", "features")},
        **page["properties"],
    },
    "no flag": lambda page, asked, number: {"features": page["features"]},
    "short pages": lambda page, asked, number: {**page, "features": page["features"][:1]},
    "a flag too many": lambda page, asked, number: {
        **page,
        "properties": {"exceededTransferLimit": True},
    },
}


@pytest.mark.parametrize("kind", GOOD)
def test_rows_are_followed_to_the_end_whatever_the_pages_say(tmp_path, host, areas, kind):
    areas.change = on_pages(GOOD[kind])
    path = locate(layer(host.url), cache=tmp_path)
    assert gpd.read_file(path)["CODE"].tolist() == CODES


def test_a_server_that_cannot_begin_in_the_middle_is_asked_by_row_numbers(tmp_path, host, areas):
    areas.told = {"advancedQueryCapabilities": {"supportsPagination": False}}
    path = locate(layer(host.url), cache=tmp_path)
    assert gpd.read_file(path)["CODE"].tolist() == CODES
    assert pages(host) == []
    asked = [one.query["where"] for one in host.asked if "orderByFields" in one.query]
    assert asked == [
        "CODE LIKE 'E01%'",
        "(CODE LIKE 'E01%') AND OBJECTID > 2",
        "(CODE LIKE 'E01%') AND OBJECTID > 4",
    ]


FAILING = {
    "a gateway": (Reply(status=504), 1),
    "an error": (said({"error": {"code": 500}}), 1),
    "a request held to be wrong": (Reply(status=400), 1),
    "an error that says so": (said({"error": {"code": 400, "message": "Unable to complete"}}), 1),
    "a reset": (Reply(raw=(b"", b"", 0)), 2),
    "a page that is cut": (said("{nothing"), 2),
}
"""How a server fails on a page that is too large, and how often it is asked for as many."""


@pytest.mark.parametrize("kind", FAILING)
def test_pages_on_which_the_server_fails_are_halved(tmp_path, host, areas, kind):
    (failure, times), (areas.many, areas.most) = FAILING[kind], (600, 5000)
    areas.change = on_pages(failing_above(300, failure))
    path = locate(layer(host.url, rows=600), cache=tmp_path)
    assert len(gpd.read_file(path)) == 600
    failed = [(0, size) for size in (2000, 1000, 500) for _ in range(times)]
    assert pages(host) == [*failed, (0, 250), (250, 250), (500, 250)]


def failing_above(most, failure):
    """Fail on pages of more rows than that."""

    def fails(page, asked, number):
        return failure if int(asked.query["resultRecordCount"]) > most else page

    return fails


def test_a_page_that_is_too_slow_twice_is_halved(tmp_path, host, areas):
    """The client waits long enough for the pages that come, however busy the machine is."""
    areas.many, areas.most = 600, 500
    areas.change = on_pages(failing_above(300, Reply(body=b"{}", wait_s=20)))
    path = locate(layer(host.url, rows=600), cache=tmp_path, patience=replace(LONG, read_s=3))
    assert len(gpd.read_file(path)) == 600
    assert pages(host) == [(0, 500), (0, 500), (0, 250), (250, 250), (500, 250)]


def test_a_server_that_fails_on_every_page_is_given_up(tmp_path, host, areas):
    areas.most = 5000
    areas.change = on_pages(lambda page, asked, number: Reply(status=503))
    with pytest.raises(SourceError, match="the server answered 503"):
        locate(layer(host.url), cache=tmp_path)
    sizes = [size for _, size in pages(host)]
    assert sizes == [2000, 1000, 500, 250, 125, 62, 50, 50, 50]


def test_a_page_that_fails_once_is_asked_for_again(tmp_path, host, areas):
    areas.change = on_pages(lambda page, asked, number: said("{nothing") if number == 2 else page)
    assert len(gpd.read_file(locate(layer(host.url), cache=tmp_path))) == 5
    assert pages(host) == [(0, 2), (2, 2), (2, 2), (4, 2)]


def without(key):
    return lambda page, asked, number: {name: page[name] for name in page if name != key}


def every(change):
    """Change every row of a page."""

    def changed(page, asked, number):
        return {**page, "features": [change(dict(row)) for row in page["features"]]}

    return changed


def saying(**told):
    return every(lambda row: {**row, "properties": {**row["properties"], **told}})


def shaped(geometry):
    return every(lambda row: {**row, "geometry": geometry})


def renamed(row):
    told = dict(row["properties"])
    label = told.pop("NAME")
    return {**row, "properties": {**told, "LABEL": label}}


def repeated(page, asked, number):
    rows = page["features"]
    return {**page, "features": [rows[0], *rows[:-1]]}


def dropped(page, asked, number):
    return {**page, "features": page["features"][1:]}


RING = [[0, 0], [1, 0], [1, 1], [0, 0]]
DEEP = '{"features": [' + '{"a": [' * 60_000
BROKEN_PAGES = {
    "deep": (lambda *_: said(DEEP), "nested too deep"),
    "deep and closed": (lambda *_: said(DEEP + "]}" * 60_000 + "]}"), "nested too deep"),
    "features of numbers": (lambda *_: {"features": [1, 2]}, "no page of rows"),
    "features of nothing": (lambda *_: {"features": [{}] * 5}, "A row says nothing"),
    "no features": (lambda *_: {"pages": []}, "no page of rows"),
    "a list": (lambda *_: [5], "of another form"),
    "not a number": (lambda *_: said('{"features": [NaN]}'), "NaN is no number"),
    "nothing": (lambda *_: said(""), "cannot be read"),
    "half": (lambda page, *_: said(json.dumps(page)[:-20]), "cannot be read"),
    "half a letter": (lambda *_: said('{"features": ["\\ud800"]}'), "cannot be read"),
    "other letters": (lambda *_: Reply(body=b'{"features": ["\xff"]}'), "cannot be read"),
    "a number of many digits": (lambda *_: said(f'{{"features": {"9" * 5000}}}'), "be read"),
    "an error": (lambda *_: {"error": {"code": 400, "message": "No query"}}, "No query"),
    "an error of words": (lambda *_: {"error": "sorry"}, "sorry"),
    "the first page for ever": (
        lambda page, asked, number: {**page, "features": page["features"], "more": number},
        None,
    ),
    "pages without rows": (
        lambda page, *_: {"features": [], "exceededTransferLimit": True},
        "Expected|0 rows",
    ),
    "rows repeated on a page": (repeated, "holds a row twice"),
    "a row dropped from each page": (dropped, "4 rows (expected: 5 rows)"),
    "rows without a number": (saying(OBJECTID=None), "A row has no number"),
    "rows with a number of text": (saying(OBJECTID="1"), "A row has no number"),
    "columns renamed": (every(renamed), "no column NAME (near: "),
    "codes repeated": (saying(CODE="E01990000"), "codes more than once (E01990000)"),
    "codes of numbers": (saying(CODE=7), "“7” in the column CODE, which holds text"),
    "codes of lists": (saying(CODE=["E01"]), "in the column CODE"),
    "codes of nothing": (saying(CODE=None), "a row without CODE"),
    "names of blanks": (saying(NAME=" "), "a row without NAME"),
    "no geometry": (without("features"), "no page of rows"),
    "geometry of nothing": (shaped(None), "no area: None"),
    "geometry of a number": (shaped(7), "no area: 7"),
    "points": (shaped({"type": "Point", "coordinates": [0, 0]}), "no area"),
    "lines": (shaped({"type": "LineString", "coordinates": RING}), "no area"),
    "no rings": (shaped({"type": "Polygon", "coordinates": []}), "without rings"),
    "rings of nothing": (shaped({"type": "Polygon", "coordinates": [[]]}), "a ring that is none"),
    "rings of text": (
        shaped({"type": "Polygon", "coordinates": [[["0", "0"]] * 4]}),
        "a ring that is none",
    ),
    "rings of endless numbers": (
        lambda page, *_: said(json.dumps(page).replace("[0, 0]", "[1e999, 0]")),
        "a ring that is none",
    ),
    "rings of unlike corners": (
        shaped({"type": "Polygon", "coordinates": [[[0, 0], [1], [1, 1], [0, 0]]]}),
        "a ring that is none",
    ),
    "short rings": (shaped({"type": "Polygon", "coordinates": [RING[1:]]}), "a ring that is none"),
    "open rings": (
        shaped({"type": "Polygon", "coordinates": [[*RING[:-1], [0, 9]]]}),
        "a ring that does not close",
    ),
    "parts of nothing": (shaped({"type": "MultiPolygon", "coordinates": [None]}), "without rings"),
    "esri's own form": (shaped({"rings": [RING]}), "no area"),
}
del BROKEN_PAGES["the first page for ever"]


@pytest.mark.parametrize("kind", BROKEN_PAGES)
def test_pages_that_are_not_what_they_should_be_end_in_one_paragraph(tmp_path, host, areas, kind):
    change, told = BROKEN_PAGES[kind]
    areas.change = on_pages(change)
    with pytest.raises(SourceError) as caught:
        locate(layer(host.url), cache=tmp_path)
    assert any(part in str(caught.value) for part in told.split("|"))
    assert "\n" not in str(caught.value)
    assert left(tmp_path) == []


def test_a_first_page_for_ever_is_left_at_its_second_time(tmp_path, host, areas):
    first = {}

    def again(page, asked, number):
        return first.setdefault("page", page)

    areas.change = on_pages(again)
    with pytest.raises(SourceError, match=r"two pages \(OBJECTID 1, 2\)"):
        locate(layer(host.url), cache=tmp_path)
    assert len(pages(host)) == 4


def test_rows_that_fail_once_are_read_once_more(tmp_path, host, areas):
    areas.change = on_pages(
        lambda page, asked, number: dropped(page, asked, number) if number < 4 else page
    )
    path = locate(layer(host.url), cache=tmp_path)
    assert gpd.read_file(path)["CODE"].tolist() == CODES


def test_a_server_that_has_more_rows_than_it_counts_is_refused(tmp_path, host, areas):
    areas.change = lambda kind, answer, asked: {"count": 4} if kind == "count" else answer
    with pytest.raises(SourceError, match=r"5 rows \(expected: 4 rows\)"):
        locate(table_of_any(host, areas), cache=tmp_path)
    assert left(tmp_path) == []


def table_of_any(host, areas):
    """Return the record of a table that does not say how many rows it has."""
    areas.table = True
    return table(host.url, rows=None)


COUNTS = {
    "text": {"count": "5"},
    "truth": {"count": True},
    "a fraction": {"count": 5.0},
    "less than none": {"count": -1},
    "more than there can be": {"count": 10**9},
    "huge": {"count": 10**400},
    "nothing": {"counts": 5},
    "none": {"count": None},
    "a list": [5],
    "no number": '{"count": NaN}',
    "endless": '{"count": 1e999}',
    "no words": "",
}


@pytest.mark.parametrize("kind", COUNTS)
@pytest.mark.parametrize("rows", [5, None])
def test_a_count_that_is_none_is_refused_before_any_page(tmp_path, host, areas, kind, rows):
    areas.table = True
    areas.change = lambda what, answer, asked: COUNTS[kind] if what == "count" else answer
    with pytest.raises(SourceError) as caught:
        locate(table(host.url, rows=rows), cache=tmp_path)
    assert "\n" not in str(caught.value)
    assert pages(host) == []
    assert left(tmp_path) == []


@pytest.mark.parametrize("many", [0, 4, 6])
def test_a_layer_of_another_number_of_areas_is_refused_before_any_page(tmp_path, host, areas, many):
    areas.many = many
    with pytest.raises(ChangedError, match=f"another number of rows: {many}"):
        locate(layer(host.url), cache=tmp_path)
    assert pages(host) == []


FIELDS = [{"name": "OBJECTID", "type": "esriFieldTypeOID"}, {"name": "CODE"}, {"name": "NAME"}]
LAYERS = {
    "no fields": ({"fields": None}, "no layer"),
    "fields of nothing": ({"fields": [None, 7, {}]}, "no layer"),
    "no row numbers": ({"fields": FIELDS[1:], "objectIdField": None}, "no row numbers"),
    "another column of row numbers": ({"fields": FIELDS[1:]}, "no row numbers"),
    "no code": ({"fields": FIELDS[::2]}, "no column CODE (near: "),
    "points": ({"geometryType": "esriGeometryPoint"}, "none of areas"),
    "a table": ({"geometryType": None}, "none of areas"),
    "an error": ({"error": {"code": 499, "message": "Token Required"}}, "Token Required"),
}


@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_that_is_another_thing_is_refused_before_its_rows(tmp_path, host, areas, kind):
    areas.told, told = LAYERS[kind]
    with pytest.raises(SourceError) as caught:
        locate(layer(host.url), cache=tmp_path)
    assert told in caught.value.found
    assert host.times(f"{SERVICE}/query") == 0


@pytest.mark.parametrize("most", [None, "2000", 0, -1, True, 2.5, 10**400])
def test_what_a_layer_says_of_its_pages_may_be_nonsense(tmp_path, host, areas, most):
    areas.told = {"maxRecordCount": most}
    assert len(gpd.read_file(locate(layer(host.url), cache=tmp_path))) == 5
    assert pages(host)[0][1] in {1000, 2000}


def test_columns_that_a_file_of_areas_cannot_have_are_left_out(tmp_path, host, areas):
    names = ("OBJECTID", "CODE", "NAME", "fid", "geometry", "code", "EDITED", "Ü ")
    areas.told = {
        "fields": [
            {"name": name, "type": "esriFieldTypeString"} for name in names if name != "OBJECTID"
        ]
        + [{"name": "OBJECTID", "type": "esriFieldTypeOID"}]
    }
    areas.told["fields"][5]["type"] = "esriFieldTypeDate"
    areas.change = on_pages(saying(fid="a", geometry="b", code="c", EDITED=7, **{"Ü ": None}))
    found = gpd.read_file(locate(layer(host.url), cache=tmp_path))
    assert sorted(found.columns) == ["CODE", "NAME", "OBJECTID", "geometry", "Ü "]
    assert found["CODE"].tolist() == CODES


ONCE = replace(LONG, attempts=1)


def stopped(wanted, cache, areas):
    """Read a layer of which the server breaks off after two pages."""
    areas.change = on_pages(lambda page, asked, number: Reply(status=404) if number > 2 else page)
    with pytest.raises(SourceError, match="404"):
        locate(wanted, cache=cache, patience=ONCE)
    areas.change = lambda kind, answer, asked: answer


def test_pages_that_have_come_are_not_asked_for_again(tmp_path, host, areas):
    wanted = layer(host.url)
    stopped(wanted, tmp_path, areas)
    assert left(tmp_path) == ["page-00000000.json", "page-00000002.json", "told.json"]
    host.asked.clear()
    path = locate(wanted, cache=tmp_path)
    assert gpd.read_file(path)["CODE"].tolist() == CODES
    assert pages(host) == [(4, 2)]
    assert left(tmp_path) == ["areas.gpkg", "areas.gpkg.receipt.json", "areas.gpkg.sha256"]


@pytest.mark.parametrize(
    "told",
    [{"editingInfo": {"lastEditDate": 1}}, {"editingInfo": None}, {"maxRecordCount": 3}],
    ids=str,
)
def test_pages_of_another_day_are_asked_for_again(tmp_path, host, areas, told):
    wanted = layer(host.url)
    stopped(wanted, tmp_path, areas)
    areas.told = told
    host.asked.clear()
    locate(wanted, cache=tmp_path)
    assert pages(host)[0][0] == 0


def test_pages_of_another_count_are_asked_for_again(tmp_path, host, areas):
    wanted = table_of_any(host, areas)
    stopped(wanted, tmp_path, areas)
    areas.many = 6
    host.asked.clear()
    assert receipt_of(locate(wanted, cache=tmp_path)).rows == 6
    assert pages(host)[0][0] == 0


@pytest.mark.parametrize("content", [b"", b"{", b'{"features": []}', b'{"error": 1}'])
def test_a_page_that_is_damaged_in_the_cache_is_asked_for_again(tmp_path, host, areas, content):
    wanted = layer(host.url)
    stopped(wanted, tmp_path, areas)
    (page,) = tmp_path.rglob("page-00000002.json")
    page.write_bytes(content)
    host.asked.clear()
    path = locate(wanted, cache=tmp_path)
    assert gpd.read_file(path)["CODE"].tolist() == CODES
    assert pages(host)[0] == (2, 2)


def test_pauses_and_pages_count_for_the_whole(tmp_path, host, areas):
    """A page fits, all pages together do not; neither do a pause and what is left."""
    few = replace(LONG, most_bytes=1000)
    with pytest.raises(SourceError, match="it takes more than 1,000 bytes"):
        locate(layer(host.url), cache=tmp_path / "a", patience=few)
    assert 1 <= len(pages(host)) < 3
    host.at["/busy.csv"] = Reply(status=429, headers={"Retry-After": "60"})
    short = replace(LONG, whole_s=0.25)
    with pytest.raises(SourceError, match=r"it takes more than 0\.25 seconds"):
        locate(source(url=f"{host.url}/busy.csv"), cache=tmp_path / "b", patience=short)
    assert left(tmp_path / "b") == []


def test_a_page_may_be_large_only_up_to_a_limit(tmp_path, host, areas, monkeypatch):
    monkeypatch.setattr(answers, "MOST_BYTES", 200)
    with pytest.raises(SourceError, match="The server's answer is too large"):
        locate(layer(host.url), cache=tmp_path)
