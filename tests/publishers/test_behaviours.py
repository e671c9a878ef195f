"""Each way to misbehave does what it says, where it is meant to, and as often as it is meant to."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import openpyxl
import pytest
import requests
import shapely
from requests.exceptions import ChunkedEncodingError, ProxyError, ReadTimeout

from tests.publishers import behaviours

HOST = "houseofcommonslibrary.github.io"
NAMES = f"https://{HOST}/msoanames/MSOA-Names-1.16.csv"
OTHER = f"https://{HOST}/msoanames/MSOA-Names-2.3.csv"
FUEL = (
    "https://assets.publishing.service.gov.uk/government/uploads/system/uploads/attachment_data/"
    "file/1081191/sub-regional-fuel-poverty-2022-tables.xlsx"
)
LAYER = (
    "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/"
    "LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3/FeatureServer/0"
)


def get(url=NAMES, timeout=5, **headers):
    return requests.get(url, headers=headers, timeout=timeout, allow_redirects=False)


def query(**more):
    asked = {"where": "1=1", "outFields": "*", "f": "json", **more}
    return requests.get(f"{LAYER}/query", params=asked, timeout=10)


@pytest.fixture
def true(publishers):
    return get().content


# Where, and how often


def test_what_is_wrong_at_an_address_is_wrong_there_alone(publishers, true):
    publishers.misbehave(NAMES, behaviours.status(503))
    assert (get().status_code, get(OTHER).status_code) == (503, 200)


def test_what_is_wrong_with_a_host_is_wrong_with_all_of_it(publishers):
    publishers.misbehave(HOST, behaviours.status(503))
    assert (get().status_code, get(OTHER).status_code, get(FUEL).status_code) == (503, 503, 200)


def test_what_is_wrong_so_many_times_is_well_again(publishers):
    wrong = publishers.misbehave(HOST, behaviours.status(503), times=2)
    assert [get().status_code for _ in range(3)] == [503, 503, 200]
    assert wrong.met == 2


def test_the_last_that_is_said_is_what_happens_until_it_is_used_up(publishers):
    publishers.misbehave(HOST, behaviours.status(503))
    publishers.misbehave(NAMES, behaviours.status(500), times=1)
    assert [get().status_code for _ in range(2)] == [500, 503]
    publishers.behave()
    assert get().status_code == 200


def test_behaviours_may_begin_later_and_follow_each_other(publishers):
    publishers.misbehave(NAMES, behaviours.after(1, behaviours.status(503)))
    assert [get().status_code for _ in range(3)] == [200, 503, 503]
    both = [behaviours.status(500), None, behaviours.status(404)]
    publishers.misbehave(NAMES, behaviours.in_turn(both))
    assert [get().status_code for _ in range(4)] == [500, 200, 404, 200]


# Connections


def test_a_refused_connection(publishers):
    publishers.misbehave(HOST, behaviours.refused, times=1)
    with pytest.raises(ProxyError):
        get()
    assert publishers.record.refused == [f"{HOST}:443"]
    assert get().status_code == 200


def test_an_address_of_a_host_that_is_there_breaks_off_without_a_word(publishers):
    publishers.misbehave(NAMES, behaviours.refused)
    with pytest.raises(requests.ConnectionError):
        get()
    assert get(OTHER).status_code == 200


def test_silence(publishers):
    publishers.misbehave(NAMES, behaviours.silent)
    with pytest.raises(ReadTimeout):
        get(timeout=0.2)
    assert [seen.status for seen in publishers.requests] == [0]


def test_a_connection_that_is_reset(publishers, true):
    publishers.misbehave(NAMES, behaviours.reset())
    with pytest.raises((ChunkedEncodingError, requests.ConnectionError)):
        get()


def test_a_body_that_stalls(publishers, true):
    publishers.misbehave(NAMES, behaviours.stalling(0.25))
    with pytest.raises(requests.ConnectionError, match="timed out"):
        get(timeout=0.5)
    assert publishers.requests[-1].sent == round(len(true) / 4)


def test_a_body_that_is_shorter_than_its_length(publishers, true):
    publishers.misbehave(NAMES, behaviours.short(0.25))
    with pytest.raises(ChunkedEncodingError, match="IncompleteRead"):
        get()
    assert publishers.requests[-1].sent == round(len(true) / 4)


def test_a_length_that_is_too_large_or_too_small(publishers, true):
    publishers.misbehave(NAMES, behaviours.wrong_length(100))
    with pytest.raises(ChunkedEncodingError, match="100 more expected"):
        get()
    publishers.misbehave(NAMES, behaviours.wrong_length(-100))
    assert get().content == true[:-100]
    publishers.misbehave(NAMES, behaviours.length_of("many"))
    assert get().headers["Content-Length"] == "many"


def test_no_length_hides_that_a_part_is_missing(publishers, true):
    publishers.misbehave(NAMES, behaviours.without_length())
    answer = get()
    assert ("Content-Length" in answer.headers, answer.content) == (False, true)
    publishers.misbehave(NAMES, behaviours.without_length(0.5))
    assert get().content == true[: round(len(true) / 2)]


def test_pieces_that_come_slowly(publishers):
    publishers.misbehave(NAMES, behaviours.slowly(0.2))
    began = time.monotonic()
    assert get().status_code == 200
    assert time.monotonic() - began >= 0.2


# Answers


def test_a_web_page_instead_of_a_file(publishers):
    publishers.misbehave(NAMES, behaviours.html())
    answer = get()
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")


def test_too_many_requests_say_how_long_to_rest(publishers):
    publishers.misbehave(NAMES, behaviours.too_many(30))
    assert (get().status_code, get().headers["Retry-After"]) == (429, "30")
    publishers.misbehave(NAMES, behaviours.too_many(30, as_date=True))
    until = parsedate_to_datetime(get().headers["Retry-After"])
    assert 25 < (until - datetime.now(UTC)).total_seconds() <= 30


def test_other_bodies(publishers, true):
    publishers.misbehave(NAMES, behaviours.error_body())
    assert len(get().content) == 48
    publishers.misbehave(NAMES, behaviours.half())
    answer = get()
    assert answer.content == true[: len(true) // 2]
    assert answer.headers["Content-Length"] == str(len(true) // 2)
    publishers.misbehave(NAMES, behaviours.body(b"another,table\n1,2\n"))
    assert get().content == b"another,table\n1,2\n"


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "ftp://example.org/a", "http://example.org/a", "https://"]
)
def test_redirects_to_elsewhere(publishers, place):
    publishers.misbehave(NAMES, behaviours.redirect(place))
    answer = get()
    assert (answer.status_code, answer.headers["Location"]) == (302, place)


def test_a_redirect_to_itself_has_no_end(publishers):
    publishers.misbehave(NAMES, behaviours.round_in_a_circle)
    with pytest.raises(requests.TooManyRedirects):
        requests.get(NAMES, timeout=10)


def test_bombs_of_gzip(publishers):
    publishers.misbehave(NAMES, behaviours.gzip_bomb(1 << 26))
    raw = requests.get(NAMES, stream=True, timeout=10).raw.read(decode_content=False)
    assert len(raw) < 1 << 17
    assert len(gzip.decompress(raw)) == 1 << 26


def test_bombs_of_zip(publishers):
    publishers.misbehave(NAMES, behaviours.zip_bomb(size=1 << 26))
    content = get().content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.getinfo("table.csv").file_size == 1 << 26
    assert len(content) < 1 << 17


def test_workbooks_that_were_changed(publishers):
    publishers.misbehave(FUEL, behaviours.sheet_renamed("Table 3", "Table 9"))
    book = openpyxl.load_workbook(io.BytesIO(get(FUEL).content))
    assert "Table 9" in book.sheetnames
    assert "Table 3" not in book.sheetnames
    publishers.misbehave(FUEL, behaviours.headings_moved("Table 3", 2))
    book = openpyxl.load_workbook(io.BytesIO(get(FUEL).content))
    assert book["Table 3"]["A5"].value == "LSOA Code"


# Parts of a file


def test_a_part_is_sent_where_it_is_asked_for(publishers, true):
    whole = get()
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = get(Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, true[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(true)}"
    rest = get(**{"Range": "bytes=100-", "If-Range": whole.headers["ETag"]})
    assert (rest.status_code, rest.content) == (206, true[100:])
    beyond = get(Range=f"bytes={len(true)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(true)}")


def test_a_part_of_other_bytes_is_not_sent(publishers, true):
    other = get(**{"Range": "bytes=100-", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, true)


def test_parts_that_are_ignored_or_wrong(publishers, true):
    publishers.misbehave(NAMES, behaviours.ranges_ignored())
    answer = get(Range="bytes=100-")
    assert (answer.status_code, answer.content) == (200, true)
    assert "Accept-Ranges" not in answer.headers
    publishers.misbehave(NAMES, behaviours.ranges_wrong(7))
    answer = get(Range="bytes=100-")
    assert (answer.status_code, answer.content) == (206, true[107:])
    assert answer.headers["Content-Range"].startswith("bytes 107-")
    publishers.misbehave(NAMES, behaviours.ranges_lying(7))
    answer = get(Range="bytes=100-")
    assert answer.headers["Content-Range"].startswith("bytes 100-")
    assert answer.content == (true[7:] + true[:7])[100:]


def test_names_of_bytes_that_are_missing_or_change(publishers):
    assert get().headers["ETag"] == get().headers["ETag"]
    publishers.misbehave(NAMES, behaviours.unnamed())
    assert "ETag" not in get().headers
    publishers.misbehave(NAMES, behaviours.renamed_each_time())
    assert get().headers["ETag"] != get().headers["ETag"]


# Feature servers


def places(page):
    return [row["attributes"]["FID"] for row in page.json()["features"]]


def test_an_error_that_calls_itself_successful(publishers):
    publishers.misbehave(LAYER, behaviours.error_in_200(498, "Invalid token"))
    answer = query()
    assert (answer.status_code, answer.json()["error"]["code"]) == (200, 498)


def test_large_pages_fail(publishers):
    publishers.misbehave(LAYER, behaviours.fails_on_large_pages(50))
    assert query(resultRecordCount=51).status_code == query().status_code == 504
    assert len(query(resultRecordCount=50).json()["features"]) == 50
    assert query(returnCountOnly="true").json() == {"count": 233}


def test_small_pages(publishers):
    publishers.misbehave(LAYER, behaviours.small_pages(20))
    assert places(query(resultOffset=100, resultRecordCount=50)) == [*range(101, 121)]
    assert query(resultRecordCount=50).json()["exceededTransferLimit"] is True
    assert query(f="geojson").json()["properties"] == {"exceededTransferLimit": True}


def test_pages_without_end(publishers):
    publishers.misbehave(LAYER, behaviours.endless())
    for start in (0, 10, 1000):
        page = query(resultOffset=start, resultRecordCount=10)
        assert places(page) == [*range(1, 11)]
        assert page.json()["exceededTransferLimit"] is True
    publishers.misbehave(LAYER, behaviours.empty_pages())
    assert places(query()) == []
    assert query().json()["exceededTransferLimit"] is True


def test_flags_that_are_elsewhere_or_nowhere(publishers):
    publishers.misbehave(LAYER, behaviours.flag_elsewhere())
    page = query(resultRecordCount=10).json()
    assert ("exceededTransferLimit" in page, page["properties"]) == (
        False, {"exceededTransferLimit": True},
    )  # fmt: skip
    assert query(resultRecordCount=10, f="geojson").json()["exceededTransferLimit"] is True
    publishers.misbehave(LAYER, behaviours.without_flag())
    assert "exceededTransferLimit" not in query(resultRecordCount=10).json()
    assert "properties" not in query(resultRecordCount=10, f="geojson").json()


def test_rows_that_are_repeated_or_dropped(publishers):
    publishers.misbehave(LAYER, behaviours.row_repeated())
    assert places(query(resultRecordCount=4)) == [1, 1, 3, 4]
    publishers.misbehave(LAYER, behaviours.row_dropped())
    assert places(query(resultRecordCount=4)) == [2, 3, 4]


@pytest.mark.parametrize("said", ["233", float("nan"), 10**18, -1, True, None, [1]])
def test_counts_of_another_kind(publishers, said):
    publishers.misbehave(LAYER, behaviours.count_of(said))
    assert repr(json.loads(query(returnCountOnly="true").text)) == repr({"count": said})
    assert len(places(query(resultRecordCount=3))) == 3


def test_no_count(publishers):
    publishers.misbehave(LAYER, behaviours.count_of(...))
    assert query(returnCountOnly="true").json() == {}


def test_geometry_of_other_kinds(publishers):
    for shape in (None, 7, {"type": "Point", "coordinates": [1, 2]}, {"rings": "none"}):
        publishers.misbehave(LAYER, behaviours.geometry(shape))
        assert query(resultRecordCount=1).json()["features"][0]["geometry"] == shape


def test_rings_that_do_not_close(publishers):
    true = query(resultRecordCount=2, f="geojson").json()["features"]
    publishers.misbehave(LAYER, behaviours.open_rings())
    for form, key in (("geojson", "coordinates"), ("json", "rings")):
        for row in query(resultRecordCount=2, f=form).json()["features"]:
            [ring] = row["geometry"][key]
            assert ring[0] != ring[-1]
    opened = query(resultRecordCount=2, f="geojson").json()["features"]
    for one, other in zip(opened, true, strict=True):
        assert one["geometry"]["coordinates"][0] == other["geometry"]["coordinates"][0][:-1]
        assert shapely.geometry.shape(other["geometry"]).is_valid


def test_other_columns_and_other_layers(publishers):
    publishers.misbehave(LAYER, behaviours.field_renamed("LSOA11CD", "CODE"))
    assert query(resultRecordCount=1).json()["features"][0]["attributes"]["CODE"] == "E01900001"
    publishers.misbehave(LAYER, behaviours.about_layer(maxRecordCount="all", objectIdField=...))
    said = requests.get(LAYER, params={"f": "json"}, timeout=10).json()
    assert (said["maxRecordCount"], "objectIdField" in said) == ("all", False)


def test_answers_that_nobody_can_read(publishers):
    publishers.misbehave(LAYER, behaviours.deep())
    assert query().text.count("[") == 60_000
    publishers.misbehave(LAYER, behaviours.not_json())
    with pytest.raises(requests.JSONDecodeError):
        query().json()


def test_a_behaviour_may_be_for_pages_alone(publishers):
    publishers.misbehave(LAYER, behaviours.pages_only(behaviours.status(500)))
    assert query().status_code == 500
    assert query(returnCountOnly="true").json() == {"count": 233}
