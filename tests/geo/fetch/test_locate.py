"""Finding files: cache, mirror, publisher, in that order; and a server that behaves badly.

The server stands on this machine and imitates publishers: answers that fail twice, stop half-way,
take too long, or are a web page; and a feature server that hands out its areas in pages.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pytest

from geo.errors import CacheError, InputError, SourceError
from geo.fetch import arcgis as features
from geo.fetch import download
from geo.fetch.errand import Errand, Patience
from geo.fetch.locate import run_errand
from geo.fetch.plan import cache_folder, mirror_folder, plan
from geo.fetch.receipts import receipt_of
from geo.files import archives
from geo.files.cache import tidy
from geo.files.owned import workspaces
from geo.files.seals import seal
from geo.sources import Address, Source, VectorSpec

PROJECT = Path(__file__).parents[3]
CONTENT = b"code,n\nE01990001,1\n"
HASH = hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(attempts=3, pause_s=0.01, connect_s=2, read_s=0.5)


def source(*, url="https://example.org/people.csv", kind="file", **changes) -> Source:
    record = {
        "id": "people",
        "title": "People",
        "publisher": "Nobody",
        "page": "https://example.org/page",
        "address": Address(kind=kind, url=url),
        "confirmed": changes.get("sha256") is not None,
        "edition": "1",
        "period": "2019",
        "geography": "LSOA",
        "coverage": ("E01",),
        "unit": "people",
        "direction": "none",
        "licence": "OGL",
        "attribution": "Nobody",
        "path": "people/people.csv",
        "format": "csv",
    }
    return Source(**{**record, **changes})


def locate(source, **how):
    return run_errand(source, Errand(**how))


def left(folder):
    """List the files in a folder and below it, but for the lock that nobody minds."""
    files = [path.name for path in folder.rglob("*") if path.is_file()]
    return sorted(name for name in files if name != ".lock")


def put(folder, content=CONTENT, path="people/people.csv"):
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


START = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
ENDLESS = {
    "/endless": (START + b"\r\n", b"x" * 50_000, 0),
    "/endless-zip": (
        START + b"Content-Encoding: gzip\r\n\r\n",
        gzip.compress(b"0" * 10**7),
        0,
    ),
    "/trickle": (START + b"\r\n", b"x", 0.05),
    "/trickle-head": (START, b"X-A: b\r\n", 0.2),
}
COUNTS = {
    "count of text": {"count": "5"},
    "count of truth": {"count": True},
    "no count": {"counts": 5},
    "a list": [5],
    "nothing": "",
}
DEEP = '{"features": [' + '{"a": [' * 60_000
PAGES = {
    "deep": DEEP,
    "deep and closed": DEEP + "]}" * 60_000 + "]}",
    "features of numbers": {"features": [1, 2]},
    "features of nothing": {"features": [{}] * 5},
    "no features": {"pages": []},
    "geometry of nothing": {"features": [{"type": "Feature", "properties": {}, "geometry": 7}] * 5},
    "not a number": '{"features": [NaN',
}


class Publisher(BaseHTTPRequestHandler):
    """Answer by path: ``/fail2/…`` goes wrong twice, ``/slow/…`` takes too long, and so on."""

    asked: ClassVar[Counter[str]] = Counter()
    areas = 0
    most = 2
    broken = ""
    rest = ""
    workbook = b""

    def do_GET(self):
        path = urlsplit(self.path).path
        Publisher.asked[path] += 1
        if path in ENDLESS:
            return self.trickle(*ENDLESS[path])
        if path.endswith(".csv"):
            return self.answer(path)
        if path.endswith(".xlsx"):
            return self.reply(Publisher.workbook)
        if path.endswith("/query"):
            answer = self.features()
            text = answer if isinstance(answer, str) else json.dumps(answer)
            return self.reply(text.encode())
        return self.reply(b"none", status=404)

    def answer(self, path):
        if path.startswith("/fail2") and Publisher.asked[path] <= 2:
            return self.reply(b"busy", status=503)
        if path.startswith("/none"):
            return self.reply(b"none", status=404)
        if path.startswith("/short"):
            return self.reply(CONTENT, length=len(CONTENT) + 100)
        if path.startswith("/busy") and Publisher.asked[path] <= 1:
            return self.reply(b"busy", status=429, rest=Publisher.rest)
        if path.startswith("/bad-length"):
            return self.reply(CONTENT, length="many")
        if path.startswith("/slow"):
            time.sleep(1.5)
        if path.startswith("/html"):
            return self.reply(b"<!DOCTYPE html><html>Sorry</html>")
        return self.reply(CONTENT)

    def trickle(self, start, piece, pause_s):
        """Answer without end; whoever asks goes away some time."""
        until = time.monotonic() + 5
        with contextlib.suppress(OSError):
            self.wfile.write(start)
            while time.monotonic() < until:
                self.wfile.write(piece)
                time.sleep(pause_s)
        self.close_connection = True

    def reply(self, body, *, status=200, length=None, rest=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        if rest is not None:
            self.send_header("Retry-After", rest)
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            self.close_connection = True

    def features(self):
        query = {key: value[0] for key, value in parse_qs(urlsplit(self.path).query).items()}
        assert query["where"] == "CODE LIKE 'E01%'"
        if "returnCountOnly" in query:
            return COUNTS.get(self.broken, {"count": self.areas})
        if self.broken in PAGES:
            return PAGES[self.broken]
        if self.broken == "error":
            return {"error": {"code": 400, "message": "Invalid query"}}
        assert query["orderByFields"] == "CODE"
        assert (query["f"], query["outSR"]) == ("geojson", "27700")
        start = int(query["resultOffset"])
        stop = min(start + min(self.most, int(query["resultRecordCount"])), self.areas)
        if self.broken == "stops" and start >= 2:
            stop = start
        page = [area(self.areas - 1 - n, self.broken) for n in range(start, stop)]
        return {
            "type": "FeatureCollection",
            "properties": {"exceededTransferLimit": stop < self.areas},
            "features": page,
        }

    def log_message(self, *args):
        pass


def area(number, broken):
    corner = [[number, 0], [number + 1, 0], [number + 1, 1], [number, 0]]
    code = "E01990000" if broken == "repeats" else f"E0199000{number}"
    name = {"LABEL" if broken == "renamed" else "NAME": f"Area {number}"}
    geometry = {"type": "Polygon", "coordinates": [corner]}
    return {"type": "Feature", "properties": {"CODE": code, **name}, "geometry": geometry}


@pytest.fixture
def server():
    Publisher.asked, Publisher.areas, Publisher.broken = Counter(), 5, ""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def layer(server, **changes) -> Source:
    spec = VectorSpec(layer="Areas", code="CODE", name="NAME", rows=5)
    record = {
        "url": f"{server}/Areas/FeatureServer/0",
        "kind": "feature-layer",
        "path": "areas.gpkg",
        "format": "vector",
        "crs": "EPSG:27700",
        "vector": spec,
    }
    return source(**{**record, **changes})


def test_the_cache_comes_before_the_mirror_and_the_mirror_before_the_publisher(tmp_path):
    cache, mirror = tmp_path / "cache", tmp_path / "mirror"
    target = cache / "files" / "people/people.csv"
    far = plan(source(), cache=cache, mirror=mirror)
    assert (far.step, far.path) == ("download", target)
    assert far.looked == (target, mirror / "people/people.csv", mirror / "people.csv")
    assert plan(source(kind="feature-layer"), cache=cache).step == "pages"
    assert plan(source(kind="page"), cache=cache).step == "refuse"
    assert plan(source(), cache=cache, offline=True).step == "refuse"
    mirrored = put(mirror)
    assert plan(source(), cache=cache, mirror=mirror, offline=True).path == mirrored
    cached = put(cache / "files")
    assert plan(source(), cache=cache, mirror=mirror).path == mirrored
    seal(cached)
    assert plan(source(), cache=cache, mirror=mirror).path == cached


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".zip"])
def test_boundaries_may_stand_in_a_mirror_in_any_form_they_are_offered_in(tmp_path, ending):
    mirror = tmp_path / "mirror"
    record = layer("https://example.org")
    path = mirror / f"areas{ending}"
    path.parent.mkdir()
    path.write_bytes(b"x")
    assert plan(record, cache=tmp_path / "cache", mirror=mirror).path == path
    with pytest.raises(SourceError, match="a file that begins “x”"):
        locate(record, cache=tmp_path / "cache", mirror=mirror)


def test_a_file_that_is_nowhere_is_answered_with_places_and_a_way(tmp_path):
    with pytest.raises(SourceError) as caught:
        locate(source(), cache=tmp_path / "cache", mirror=tmp_path / "mirror", offline=True)
    said = str(caught.value)
    for part in (
        "“People” (people) is not here, and this run is offline",
        str(tmp_path / "cache" / "files" / "people/people.csv"),
        str(tmp_path / "mirror" / "people/people.csv"),
        "https://example.org/page",
        "https://example.org/people.csv",
        "--mirror",
        "without --offline",
    ):
        assert part in said


def test_a_file_that_only_a_person_can_download_says_so(tmp_path):
    with pytest.raises(SourceError, match="cannot be downloaded by a program"):
        locate(source(kind="page"), cache=tmp_path)
    with pytest.raises(SourceError, match="build the area “sample”"):
        locate(source(kind="made", url="", page=""), cache=tmp_path)


def test_a_copy_in_the_mirror_with_another_hash_is_refused(tmp_path):
    put(tmp_path / "mirror")
    with pytest.raises(SourceError) as caught:
        locate(source(sha256="0" * 64), cache=tmp_path / "cache", mirror=tmp_path / "mirror")
    assert HASH in str(caught.value)
    assert "0" * 64 in str(caught.value)
    found = locate(source(sha256=HASH), cache=tmp_path / "cache", mirror=tmp_path / "mirror")
    assert found == tmp_path / "mirror" / "people/people.csv"


SPOILED = {
    "cut": lambda path: path.write_bytes(CONTENT[:-4]),
    "empty": lambda path: path.write_bytes(b""),
    "flipped": lambda path: path.write_bytes(CONTENT.replace(b"1\n", b"3\n")),
    "longer": lambda path: path.write_bytes(CONTENT + b"E01990002,1\n"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a link": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "unsealed": lambda path: path.with_name("people.csv.sha256").unlink(),
}


@pytest.mark.parametrize("recorded", [None, HASH], ids=["sealed", "recorded"])
@pytest.mark.parametrize("damage", SPOILED)
def test_a_damaged_download_is_never_used(tmp_path, server, caplog, damage, recorded):
    """Offline it is refused, with a mirror passed over, and else downloaded again."""
    wanted = source(url=f"{server}/people.csv", sha256=recorded)
    path = locate(wanted, cache=tmp_path, patience=QUICK)
    SPOILED[damage](path)
    sound = damage == "unsealed" and recorded is not None
    if not sound:
        with pytest.raises(SourceError, match="a damaged copy in the cache, which is not used"):
            locate(wanted, cache=tmp_path, offline=True)
        mirrored = put(tmp_path / "mirror")
        assert locate(wanted, cache=tmp_path, mirror=tmp_path / "mirror") == mirrored
        assert caplog.messages == [f"A damaged copy in the cache is not used: {path}"]
        caplog.clear()
    for _ in range(2):
        assert locate(wanted, cache=tmp_path, patience=QUICK) == path
        assert path.read_bytes() == CONTENT
    assert Publisher.asked["/people.csv"] == 2 - sound
    again = "An entry of the cache was damaged and has been made again: people/people.csv"
    assert caplog.messages == [again] * (not sound)


def test_a_record_that_names_a_newer_file_brings_it(tmp_path, server):
    put(tmp_path / "files", b"code,n\nE01990001,9\n")
    seal(tmp_path / "files" / "people/people.csv")
    wanted = source(url=f"{server}/people.csv", sha256=HASH)
    assert locate(wanted, cache=tmp_path, patience=QUICK).read_bytes() == CONTENT


def test_a_download_ends_in_the_cache_and_is_not_asked_for_again(tmp_path, server):
    wanted = source(url=f"{server}/people.csv", sha256=hashlib.sha256(CONTENT).hexdigest())
    path = locate(wanted, cache=tmp_path, patience=QUICK)
    assert path.read_bytes() == CONTENT
    assert locate(wanted, cache=tmp_path, offline=True) == path
    assert Publisher.asked["/people.csv"] == 1
    assert left(path.parent) == ["people.csv", "people.csv.receipt.json", "people.csv.sha256"]


def test_a_server_that_fails_twice_is_asked_a_third_time(tmp_path, server):
    path = locate(source(url=f"{server}/fail2/a.csv"), cache=tmp_path, patience=QUICK)
    assert path.read_bytes() == CONTENT
    assert Publisher.asked["/fail2/a.csv"] == 3


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        ("/none/a.csv", 1, "404"),
        ("/short/a.csv", 3, "IncompleteRead"),
        ("/slow/a.csv", 3, "took too long"),
        ("/html/a.csv", 3, "a web page, which begins “<!DOCTYPE html>"),
        ("/bad-length/a.csv", 3, "the answer cannot be read"),
        ("/endless", 1, "it takes more than 2,000,000 bytes"),
        ("/endless-zip", 1, "it takes more than 2,000,000 bytes"),
        ("/trickle", 1, "it takes more than 1.5 seconds"),
        ("/trickle-head", 1, "it takes more than 1.5 seconds"),
    ],
)
def test_a_bad_answer_ends_in_one_paragraph_and_no_file(tmp_path, server, path, asked, said):
    limits = {"whole_s": 1.5, "most_bytes": 2_000_000} if path in ENDLESS else {}
    patience = replace(QUICK, **limits)
    with pytest.raises(SourceError) as caught:
        locate(source(url=server + path), cache=tmp_path, patience=patience)
    assert said in str(caught.value)
    assert "save it as people/people.csv" in str(caught.value)
    assert Publisher.asked[path] == asked
    assert left(tmp_path) == []


def test_a_server_that_is_not_there_is_answered_in_one_paragraph(tmp_path):
    with pytest.raises(SourceError, match="no connection"):
        locate(source(url="http://127.0.0.1:9/a.csv"), cache=tmp_path, patience=QUICK)


def test_a_download_with_another_hash_is_not_kept(tmp_path, server):
    with pytest.raises(SourceError, match="is not the publisher's"):
        locate(source(url=f"{server}/people.csv", sha256="0" * 64), cache=tmp_path, patience=QUICK)
    assert left(tmp_path) == []


def test_the_pages_of_a_feature_server_become_one_file_in_the_order_of_codes(tmp_path, server):
    path = locate(layer(server), cache=tmp_path, patience=QUICK)
    areas = gpd.read_file(path, layer="Areas")
    assert areas["CODE"].tolist() == [f"E0199000{n}" for n in range(5)]
    assert areas.geometry.geom_type.unique().tolist() == ["MultiPolygon"]
    assert areas.geometry.area.tolist() == [0.5] * 5
    assert areas.crs.to_epsg() == 27700
    assert Publisher.asked["/Areas/FeatureServer/0/query"] == 4
    assert left(path.parent) == ["areas.gpkg", "areas.gpkg.receipt.json", "areas.gpkg.sha256"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("stops", "2 areas, where the server counts 5"),
        ("repeats", "1 different codes; repeated codes"),
        ("renamed", "no column NAME"),
        ("error", "Invalid query"),
        ("deep", "nested too deep"),
        ("deep and closed", "nested too deep"),
        ("features of numbers", "no page of areas"),
        ("features of nothing", "none that can be read"),
        ("geometry of nothing", "none that can be read"),
        ("no features", "no page of areas"),
        ("not a number", "cannot be read"),
        ("count of text", "no count of areas"),
        ("count of truth", "no count of areas"),
        ("no count", "no count of areas"),
        ("a list", "answered with an error"),
        ("nothing", "cannot be read"),
    ],
)
def test_a_feature_server_that_breaks_its_promise_is_refused(tmp_path, server, broken, said):
    Publisher.broken = broken
    with pytest.raises(SourceError, match=said):
        locate(layer(server), cache=tmp_path, patience=QUICK)
    assert left(tmp_path) == []


def test_a_feature_server_with_too_few_areas_is_refused(tmp_path, server):
    Publisher.areas = 4
    with pytest.raises(SourceError, match="4 different codes"):
        locate(layer(server), cache=tmp_path, patience=QUICK)
    Publisher.areas = 0
    with pytest.raises(SourceError, match="Found: no areas"):
        locate(layer(server), cache=tmp_path, patience=QUICK)


def test_a_cache_that_cannot_be_written_is_said_to_be_so(tmp_path, server):
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(CacheError, match="POCKETS_CACHE"):
        locate(source(url=f"{server}/people.csv"), cache=tmp_path, patience=QUICK)


def test_folders_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("POCKETS_CACHE")
    assert cache_folder().name == "deprivation-pockets"
    monkeypatch.setenv("POCKETS_MIRROR", str(tmp_path))
    assert mirror_folder() == tmp_path
    monkeypatch.setenv("POCKETS_MIRROR", "")
    assert mirror_folder() is None
    monkeypatch.setenv("POCKETS_MIRROR", str(tmp_path / "none"))
    with pytest.raises(SourceError, match="does not exist"):
        mirror_folder()


@pytest.mark.parametrize(
    ("rest", "least_s", "most_s"),
    [
        ("7", 7, 7),
        ("0", 0.01, 0.01),
        ("", 0.01, 0.01),
        ("soon", 0.01, 0.01),
        ("-5", 0.01, 0.01),
        (lambda: in_s(60), 50, 60),
        (lambda: in_s(-60), 0.01, 0.01),
    ],
)
def test_a_server_that_asks_for_rest_gets_it(tmp_path, server, monkeypatch, rest, least_s, most_s):
    Publisher.rest = rest() if callable(rest) else rest
    pauses = []
    monkeypatch.setattr(download, "time", SimpleNamespace(sleep=pauses.append))
    locate(source(url=f"{server}/busy.csv"), cache=tmp_path, patience=QUICK)
    assert Publisher.asked["/busy.csv"] == 2
    assert len(pauses) == 1
    assert least_s <= pauses[0] <= most_s


def in_s(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("rest", ["100000", "9" * 400, lambda: in_s(100_000)])
def test_a_server_that_asks_for_too_much_rest_is_not_waited_for(
    tmp_path, server, monkeypatch, rest
):
    Publisher.rest = rest() if callable(rest) else rest
    monkeypatch.setattr(download, "time", None)
    with pytest.raises(SourceError, match="seconds of rest"):
        locate(source(url=f"{server}/busy.csv"), cache=tmp_path, patience=QUICK)
    assert Publisher.asked["/busy.csv"] == 1


def test_pauses_and_pages_count_for_the_whole(tmp_path, server):
    """A page fits, all pages together do not; neither do a pause and what is left."""
    few = replace(QUICK, most_bytes=600)
    with pytest.raises(SourceError, match="it takes more than 600 bytes"):
        locate(layer(server), cache=tmp_path, patience=few)
    assert 2 <= Publisher.asked["/Areas/FeatureServer/0/query"] < 4
    Publisher.rest = "60"
    short = replace(QUICK, whole_s=0.25)
    with pytest.raises(SourceError, match=r"it takes more than 0\.25 seconds"):
        locate(source(url=f"{server}/busy.csv"), cache=tmp_path, patience=short)
    assert left(tmp_path) == []


def test_a_page_may_be_large_only_up_to_a_limit(tmp_path, server, monkeypatch):
    monkeypatch.setattr(features, "MOST_BYTES", 200)
    with pytest.raises(SourceError, match="The server's answer is too large"):
        locate(layer(server), cache=tmp_path, patience=QUICK)


def test_brackets_in_texts_are_not_nesting(tmp_path):
    page = tmp_path / "page.json"
    page.write_text(json.dumps({"features": [{"name": "[" * 99 + '"' + "{" * 99 + "\\"}]}))
    assert features.page_of(page)[0]["name"].count("[") == 99


def archive(size, *, said=None):
    """Return a zip archive of zeros, whose list may say another size of them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("sheet.xml", b"0" * size)
    raw, true = held.getvalue(), size.to_bytes(4, "little")
    return raw if said is None else raw.replace(true, said.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("workbook", "said"),
    [
        (archive(3_000_000), "a workbook of 3 MB when unpacked"),
        (archive(3_000_000, said=1000), "a damaged archive"),
        (archive(1000)[:-30], "a workbook that is cut short or damaged"),
        (archive(1000).replace(b"sheet.xml", b"sheet.xmk", 1), "a damaged archive"),
    ],
    ids=["bomb", "lying bomb", "cut", "two names"],
)
def test_an_archive_that_is_a_bomb_or_broken_is_refused(
    tmp_path, server, monkeypatch, workbook, said
):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2_000_000)
    Publisher.workbook = workbook
    wanted = source(url=f"{server}/a.xlsx", path="a.xlsx", format="xlsx")
    with pytest.raises(SourceError, match=said):
        locate(wanted, cache=tmp_path, patience=QUICK)
    assert left(tmp_path) == []
    Publisher.workbook = archive(1000)
    assert locate(wanted, cache=tmp_path, patience=QUICK).read_bytes() == archive(1000)


class Checks:
    """A check of contents that counts, and refuses files that hold a word."""

    def __init__(self, refused=b"never"):
        self.seen, self.refused = 0, refused

    def __call__(self, path, source):
        self.seen += 1
        if self.refused in path.read_bytes():
            raise InputError("The table is another one", found=f"“{self.refused.decode()}”")


def test_contents_that_fail_the_check_are_not_kept(tmp_path, server):
    wanted = source(url=f"{server}/people.csv")
    with pytest.raises(SourceError) as caught:
        locate(wanted, cache=tmp_path, check=Checks(b"E01990001"), patience=QUICK)
    assert "“E01990001”" in caught.value.found
    assert wanted.address.url in str(caught.value)
    assert left(tmp_path) == []


def test_a_sound_file_is_checked_once(tmp_path, server):
    check, wanted = Checks(), source(url=f"{server}/people.csv")
    for _ in range(3):
        path = locate(wanted, cache=tmp_path, check=check, patience=QUICK)
    assert check.seen == 1
    locate(replace(wanted, title="Folk"), cache=tmp_path, check=check)
    locate(replace(wanted, title="Folk"), cache=tmp_path, check=check)
    assert check.seen == 2
    assert left(path.parent) == [
        "people.csv",
        "people.csv.checked",
        "people.csv.receipt.json",
        "people.csv.sha256",
    ]


def test_a_kept_file_that_fails_its_check_is_fetched_again_once(tmp_path, server, caplog):
    check, wanted = Checks(b"E01990009"), source(url=f"{server}/people.csv")
    path = put(tmp_path / "files", CONTENT.replace(b"E01990001", b"E01990009"))
    seal(path)
    with pytest.raises(SourceError, match="fails its checks") as caught:
        locate(wanted, cache=tmp_path, check=check, offline=True)
    assert "“E01990009”" in caught.value.found
    for _ in range(2):
        assert locate(wanted, cache=tmp_path, check=check, patience=QUICK) == path
    assert path.read_bytes() == CONTENT
    assert Publisher.asked["/people.csv"] == 1
    assert len(caplog.messages) == 1


def test_a_kept_file_that_fails_its_check_gives_way_to_the_mirror(tmp_path):
    seal(put(tmp_path / "files", b"never"))
    mirrored = put(tmp_path / "mirror")
    found = locate(source(), cache=tmp_path, mirror=tmp_path / "mirror", check=Checks())
    assert found == mirrored


def test_the_receipt_tells_where_a_file_came_from(tmp_path, server):
    path = locate(source(url=f"{server}/people.csv"), cache=tmp_path, patience=QUICK)
    receipt = receipt_of(path)
    assert (receipt.source, receipt.url) == ("people", f"{server}/people.csv")
    assert (receipt.size, receipt.sha256) == (len(CONTENT), HASH)
    assert receipt_of(put(tmp_path / "mirror")) is None


HANGING = """
import sys
from pathlib import Path
from geo.fetch.locate import locate
sys.path.insert(0, "tests/geo/fetch")
from test_locate import source
locate(source(url=sys.argv[2]), cache=Path(sys.argv[1]))
"""


def test_killed_downloads_leave_nothing_after_the_next_run(tmp_path, server):
    folder = tmp_path / "files" / "people"
    for number in range(2):
        command = [sys.executable, "-c", HANGING, str(tmp_path), f"{server}/trickle"]
        with subprocess.Popen(command, cwd=PROJECT) as process:
            until = time.monotonic() + 60
            while Publisher.asked["/trickle"] <= number and time.monotonic() < until:
                time.sleep(0.02)
            process.kill()
    assert len(workspaces(folder)) >= 1
    tidy.cache_clear()
    with pytest.raises(SourceError):
        locate(source(), cache=tmp_path, offline=True)
    assert workspaces(folder) == []
    assert left(tmp_path) == []
