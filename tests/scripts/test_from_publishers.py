"""Everything from the publishers themselves, over their own protocols, well behaved and otherwise.

The publishers are played on this machine (`tests.publishers`). Most tests are of a tiny England,
whose edition has the official addresses and layouts; the last builds a real borough.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from layers.catalogue import catalogue
from layers.layer import edition
from scripts.cli import NOT_TO_BE_HAD
from tests.once import once
from tests.publishers import behaviours as b
from tests.publishers.edition import PATIENCE, tiny_england

LIBRARY = "houseofcommonslibrary.github.io"
ASSETS = "assets.publishing.service.gov.uk"
FEATURES = "services1.arcgis.com"
SVC = f"https://{FEATURES}/ESMARspQHYMw9BZ9/arcgis/rest/services"
LSOA = "LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3"
LAYER = f"{SVC}/{LSOA}/FeatureServer/0"
ONS = "www.ons.gov.uk"
AIR = "uk-air.defra.gov.uk"
POPULATION = "SAPE22DT4-mid-2019-msoa-syoa-estimates-unformatted.xlsx"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def tiny(tmp_path_factory):
    with tiny_england(tmp_path_factory.mktemp("records")):
        yield


@pytest.fixture
def fetch(pockets, monkeypatch):
    """Fetch the edition into a cache in this process; there is no mirror."""
    monkeypatch.delenv("POCKETS_MIRROR", raising=False)

    def run(cache, *more):
        monkeypatch.setenv("POCKETS_CACHE", str(cache))
        return pockets("fetch", "--edition", "tiny", *more)

    return run


@pytest.fixture
def stocked(shared, publishers, fetch):
    """Return a cache with every file of the edition, fetched once a run of the tests."""

    def make(folder):
        folder.mkdir()
        ran = fetch(folder)
        assert ran.code == 0, ran.err

    cache = once(shared / "from-publishers", make)
    publishers.record.requests.clear()
    publishers.record.most_open.clear()
    return cache


@pytest.fixture
def lacking(stocked, tmp_path):
    """Return a function that copies the cache without the file of a role."""

    def copy(role):
        cache = tmp_path / "cache"
        shutil.copytree(stocked, cache)
        kept = file_of(cache, role)
        for path in [*kept.parent.glob(f"{kept.name}*")]:
            path.unlink()
        return cache

    return copy


def file_of(cache, role):
    return cache / "files" / source_of(role).path


def source_of(role):
    return catalogue()[edition("tiny").sources[role]]


def contents(folder, *, parts=True):
    """Return every file in a cache but for locks, and for receipts, which say a time.

    Without ``parts`` those of files that have not come whole are left out.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock" and not path.name.endswith(".receipt.json")
        if parts or ".partial" not in path.parts
    }


# All is well


def test_everything_is_fetched_once_and_politely(publishers, fetch, tmp_path):
    ran = fetch(tmp_path)
    assert ran.code == 0, ran.err
    assert all(file_of(tmp_path, role).is_file() for role in edition("tiny").sources)
    record = publishers.record
    assert {host: most for host, most in record.most_open.items() if most > 1} == {}
    assert (record.plain, record.refused) == ([], [])
    asked = [seen.asked.url for seen in publishers.requests]
    assert len(asked) == len({*asked})
    assert {seen.status for seen in publishers.requests} <= {200, 301, 302}
    agents = {seen.asked.headers.get("user-agent", "") for seen in publishers.requests}
    assert all(agent.startswith("deprivation-pockets/") for agent in agents)
    assert all("cookie" not in seen.asked.headers for seen in publishers.requests)


def test_what_is_there_is_not_fetched_again(publishers, fetch, stocked):
    before = contents(stocked)
    assert fetch(stocked).code == 0
    assert publishers.requests == []
    assert contents(stocked) == before


# Hosts that misbehave


@dataclass(frozen=True)
class Case:
    """What goes wrong with the file of a role; ``says`` what is told of it, of all parts one.

    ``times`` is None for a host that never mends; then the file is not to be had.
    """

    role: str
    where: str
    behaviour: b.Behaviour
    says: tuple[str, ...] = ()
    times: int | None = None
    more: dict[str, object] = field(default_factory=dict)


PASSING = {
    "a refused connection": Case("names", LIBRARY, b.refused, times=1),
    "no answer": Case("names", LIBRARY, b.silent, times=1),
    "a reset half-way": Case("names", LIBRARY, b.reset(), times=1),
    "a short body": Case("names", LIBRARY, b.short(), times=1),
    "a body that stalls": Case("names", LIBRARY, b.stalling(), times=1),
    "too long a length": Case("names", LIBRARY, b.wrong_length(100), times=1),
    "half a file without a length": Case("names", LIBRARY, b.without_length(0.5), times=1),
    "half a file with its length": Case("names", LIBRARY, b.half(), times=1),
    "half a grid without a length": Case(
        "air_quality_no2_2022", AIR, b.without_length(0.5), times=1
    ),
    "a web page": Case("names", LIBRARY, b.html(), times=1),
    "an error message": Case("names", LIBRARY, b.error_body(), times=1),
    "too many requests": Case("names", LIBRARY, b.too_many(0.1), times=1),
    "too many requests until": Case("names", LIBRARY, b.too_many(0.1, as_date=True), times=1),
    "503": Case("names", LIBRARY, b.status(503), times=2),
    "a part that begins elsewhere": Case(
        "names", LIBRARY, b.in_turn([b.short(), b.ranges_wrong()]), times=2
    ),
    "a part of other bytes": Case(
        "names", LIBRARY, b.in_turn([b.short(), b.ranges_lying()]), times=2
    ),
    "parts that are not sent": Case(
        "names", LIBRARY, b.in_turn([b.short(), b.ranges_ignored()]), times=2
    ),
    "bytes that change their name": Case(
        "names", LIBRARY, b.in_turn([b.short(), b.renamed_each_time()]), times=2
    ),
    "an error in a page that calls itself well": Case("lsoa", FEATURES, b.error_in_200(), times=1),
    "large pages that fail": Case("lsoa", LAYER, b.fails_on_large_pages(60)),
    "pages that are smaller than asked for": Case("lsoa", LAYER, b.small_pages(50)),
    "the flag in another place": Case("lsoa", LAYER, b.in_turn([None, None, b.flag_elsewhere()])),
    "a page that repeats a row": Case("lsoa", LAYER, b.row_repeated(), times=3),
    "a page that drops a row": Case("lsoa", LAYER, b.row_dropped(), times=3),
    "no flag that there is more": Case("lsoa", LAYER, b.both(b.small_pages(50), b.without_flag())),
    "a layer that says little of itself": Case(
        "lsoa", LAYER, b.about_layer(objectIdField=..., uniqueIdField=...)
    ),
    "a workbook cut in half": Case("covid_weekly_2020", ONS, b.half(), times=1),
    "an archive cut in half": Case("covid_population", ONS, b.half(), times=1),
}
ANOTHER = ("another thing, or damaged",)
FOR_EVER = {
    "a refused connection": Case("names", LIBRARY, b.refused, ("no connection",)),
    "no answer": Case("names", LIBRARY, b.silent, ("took too long",)),
    "a reset half-way": Case("names", LIBRARY, b.reset(), ("connection", "broken")),
    "a short body": Case("names", LIBRARY, b.short(), ("more expected",)),
    "a body that stalls": Case("names", LIBRARY, b.stalling(), ("took too long",)),
    "too long a length": Case("names", LIBRARY, b.wrong_length(100), ("more expected",)),
    "too short a length": Case("imd", ASSETS, b.wrong_length(-100), ANOTHER),
    "half a file without a length": Case(
        "names", LIBRARY, b.without_length(0.5), ANOTHER
    ),
    "half a file with its length": Case("names", LIBRARY, b.half(), ANOTHER),
    "a web page": Case("names", LIBRARY, b.html(), ("a web page",)),
    "an error message": Case("names", LIBRARY, b.error_body(), ANOTHER),
    "another table": Case(
        "imd", ASSETS, b.body(b"code,name\nE01900001,A\n"), ANOTHER
    ),
    "a rest of an hour": Case("names", LIBRARY, b.too_many(3600), ("3,600 seconds of rest",)),
    "503": Case("names", LIBRARY, b.status(503), ("503",)),
    "not found": Case("names", LIBRARY, b.status(404), ("404",)),
    "a file of this machine": Case("names", LIBRARY, b.redirect("file:///etc/passwd"), ("file:",)),
    "another protocol": Case("names", LIBRARY, b.redirect("ftp://example.org/a.csv"), ("ftp:",)),
    "no encryption": Case("names", LIBRARY, b.redirect("http://example.org/a.csv"), ("http:",)),
    "a broken address": Case("names", LIBRARY, b.redirect("https://"), ("https://",)),
    "round in a circle": Case("names", LIBRARY, b.round_in_a_circle, ("leads on",)),
    "a gzip bomb": Case("names", LIBRARY, b.gzip_bomb(2 << 30), ("bytes",)),
    "a zip bomb": lambda: Case("covid_population", ONS, b.zip_bomb(POPULATION), ("unpacked",)),
    "an archive without the file": Case(
        "covid_population", ONS, b.zip_bomb("another.csv", 1 << 24), (POPULATION,)
    ),
    "a sheet that was renamed": Case(
        "fuel_poverty", ASSETS, b.sheet_renamed("Table 3", "Table 9"), ("Table 9",)
    ),
    "headings that moved": Case("fuel_poverty", ASSETS, b.headings_moved("Table 3"), ("LSOA",)),
    "an error in a page that calls itself well": Case(
        "lsoa", FEATURES, b.error_in_200(500, "Service is away"), ("Service is away",)
    ),
    "pages that fail": Case("lsoa", LAYER, b.pages_only(b.status(504)), ("504",)),
    "pages without end": Case("lsoa", LAYER, b.endless(), ()),
    "pages without rows": Case("lsoa", LAYER, b.empty_pages(), ()),
    "a row repeated": Case("lsoa", LAYER, b.row_repeated(), ()),
    "a row dropped": Case("lsoa", LAYER, b.row_dropped(), ()),
    **{
        f"a count of {said!r}": Case("lsoa", LAYER, b.count_of(said), ("count",))
        for said in ("230", float("nan"), 10**18, -1, True, None, ...)
    },
    **{
        f"outlines of {shape!r}": Case("lsoa", LAYER, b.geometry(shape), ())
        for shape in (
            None,
            7,
            {"type": "Point", "coordinates": [-3.0, 53.0]},
            {"type": "Polygon", "coordinates": []},
            {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
            {"type": "Polygon", "coordinates": [[[1e300, 1e300], [2, 2], [3, 1], [1e300, 1e300]]]},
            {"type": "GeometryCollection", "geometries": []},
        )
    },
    "rings that do not close": Case("lsoa", LAYER, b.open_rings(), ()),
    "a column renamed": Case("lsoa", LAYER, b.field_renamed("LSOA11CD", "CODE"), ("LSOA11CD",)),
    "lists in lists": Case("lsoa", LAYER, b.pages_only(b.deep()), ()),
    "no JSON": Case("lsoa", LAYER, b.not_json(), ()),
    "a layer of points": Case(
        "lsoa", LAYER, b.about_layer(geometryType="esriGeometryPoint"), ()
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_waited_for(publishers, fetch, lacking, stocked, name):
    case = PASSING[name]
    cache = lacking(case.role)
    wrong = publishers.misbehave(case.where, case.behaviour, times=case.times)
    ran = fetch(cache)
    assert ran.code == 0, ran.err
    assert wrong.met > 0
    assert contents(cache) == contents(stocked)
    assert max(publishers.record.most_open.values()) == 1


@pytest.mark.parametrize("name", FOR_EVER)
def test_what_does_not_pass_is_said_and_nothing_of_it_is_kept(
    publishers, fetch, lacking, stocked, name
):
    case = FOR_EVER[name]
    case = case if isinstance(case, Case) else case()
    cache = lacking(case.role)
    before = contents(cache)
    wrong = publishers.misbehave(case.where, case.behaviour)
    ran = fetch(cache)
    assert wrong.met > 0
    assert ran.code == NOT_TO_BE_HAD
    paragraph = ran.err.splitlines()[-1]
    assert paragraph.startswith("pockets: 1 file that is needed could not be had")
    for part in (source_of(case.role).id, *case.says):
        assert part in paragraph
    assert contents(cache, parts=False) == before
    assert publishers.record.plain == []
    publishers.behave()
    again = fetch(cache)
    assert again.code == 0, again.err
    assert contents(cache) == contents(stocked)


def test_what_cannot_be_had_does_not_keep_the_rest_away(publishers, fetch, tmp_path):
    publishers.misbehave(LIBRARY, b.status(404))
    publishers.misbehave("www.ons.gov.uk", b.refused)
    ran = fetch(tmp_path)
    assert ran.code == NOT_TO_BE_HAD
    for role in edition("tiny").sources:
        away = role == "names" or role.startswith(("covid_weekly", "covid_population"))
        assert file_of(tmp_path, role).is_file() == (not away), role


def test_an_optional_file_is_done_without(publishers, fetch, lacking):
    cache = lacking("air_quality_no2_2021")
    publishers.misbehave("uk-air.defra.gov.uk", b.status(404))
    assert fetch(cache).code == 0


# Services that have gone


def test_a_service_that_was_renamed_is_found_by_its_title(publishers, fetch, lacking, stocked):
    cache = lacking("lsoa")
    publishers.rename(LSOA, "LSOA_2011_EW_BGC_V4", version=4)
    assert fetch(cache).code == 0
    assert contents(cache) == contents(stocked)
    assert publishers.asked(f"{SVC}/LSOA_2011_EW_BGC_V4")


def test_a_service_that_has_gone_is_said_with_near_names(publishers, fetch, lacking):
    cache = lacking("lsoa")
    publishers.take_down(LSOA)
    ran = fetch(cache)
    assert ran.code == NOT_TO_BE_HAD
    assert "MSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3_2022" in ran.out + ran.err


def test_an_address_that_has_gone_is_found_on_the_page_of_the_file(
    publishers, fetch, lacking, stocked
):
    cache = lacking("fuel_poverty")
    new = f"https://{ASSETS}/media/new/sub-regional-fuel-poverty-2022-tables.xlsx"
    publishers.move(source_of("fuel_poverty").address.url, new)
    assert fetch(cache).code == 0
    assert contents(cache) == contents(stocked)
    assert publishers.asked(new)


# What was begun


def test_a_download_goes_on_where_it_was_broken_off(publishers, fetch, lacking, stocked):
    cache = lacking("covid_weekly_2020")
    publishers.misbehave(ONS, b.short(0.5), times=PATIENCE["attempts"])
    first = fetch(cache)
    sent = [seen.sent for seen in publishers.asked(ONS)]
    size = file_of(stocked, "covid_weekly_2020").stat().st_size
    assert first.code == 0 or sum(sent) < 2 * size
    assert fetch(cache).code == 0
    assert contents(cache) == contents(stocked)
    assert sum(seen.sent for seen in publishers.asked(ONS)) <= size + 1


def test_a_run_that_is_killed_is_gone_on_with(publishers, fetch, lacking, stocked):
    cache = lacking("covid_weekly_2020")
    size = file_of(stocked, "covid_weekly_2020").stat().st_size
    publishers.misbehave(ONS, b.stalling())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.publishers.edition", "fetch", "--edition", "tiny"],
        env={**os.environ, "POCKETS_CACHE": str(cache)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not any(cache.rglob("body")) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    process.kill()
    process.wait()
    publishers.behave()
    before = sum(seen.sent for seen in publishers.asked(ONS))
    assert fetch(cache).code == 0
    assert contents(cache) == contents(stocked)
    rest = publishers.asked(ONS)[-1]
    start = int(rest.asked.headers["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= before < size
    assert rest.sent == size - start


def test_no_host_is_asked_where_the_network_is_off(
    publishers, pockets, stocked, tmp_path, monkeypatch
):
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "empty"))
    monkeypatch.delenv("POCKETS_MIRROR", raising=False)
    ran = pockets("build", "Westholt", "--edition", "tiny", "--offline", "--out", tmp_path / "site")
    assert ran.code != 0
    assert publishers.requests == []
    assert publishers.record.refused == []


# The same pages from the publishers as from a mirror


def site(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def different(one, other):
    assert one.keys() == other.keys()
    return sorted(name for name in one if one[name] != other[name])


_PROVENANCE_SIZE = re.compile(r"(?<=provenance\.json).*?kB</td>", re.DOTALL)
OF_A_FILE = {"file", "sha256", "url", "note", "layout", "fetched", "how", "when", "size", "rows"}
"""What the provenance says of the file of a source, and not of the source."""


def require_same_but_for_the_files(one, other):
    """Compare two sites byte by byte, but for what they say of the files they were made from.

    Only the provenance says it, and the list of downloads how large the provenance is.
    """
    found = [site(place) for place in (one, other)]
    assert different(*found) == ["data/index.html", "data/provenance.json"]
    lists = [_PROVENANCE_SIZE.sub("", each["data/index.html"].decode()) for each in found]
    assert lists[0] == lists[1]
    told = [json.loads(each["data/provenance.json"]) for each in found]
    files = [each.pop("sources") for each in told]
    assert told[0] == told[1]
    assert files[0].keys() == files[1].keys()
    for key in files[0]:
        plain = [
            {name: said for name, said in each[key].items() if name not in OF_A_FILE}
            for each in files
        ]
        assert plain[0] == plain[1]


def serve_as_the_mirror_has_it(publishers, mirror, source):
    """Let the publishers serve a file as the mirror has it.

    Their File 7 has sub-domains besides, invented ones, of which the pages would tell.
    """
    content = (mirror / source.path).read_bytes()
    return publishers.misbehave(source.address.url, b.body(content))


def test_pages_are_the_same_from_the_publishers_as_from_a_mirror(
    publishers, pockets, lacking, tiny_mirror, tmp_path, monkeypatch
):
    # other processes load libraries anew, which a single borough does not repay
    parts = ("--only", "index,data,pages", "--edition", "tiny", "--jobs", "1")
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "own"))
    theirs = pockets("build", "Westholt", *parts, "--out", tmp_path / "a", "--mirror", tiny_mirror)
    assert theirs.code == 0, theirs.err
    assert publishers.requests == []
    monkeypatch.delenv("POCKETS_MIRROR", raising=False)
    monkeypatch.setenv("POCKETS_CACHE", str(lacking("imd")))
    served = serve_as_the_mirror_has_it(publishers, tiny_mirror, source_of("imd"))
    ours = pockets("build", "Westholt", *parts, "--out", tmp_path / "b")
    assert ours.code == 0, ours.err
    assert served.met == 1
    require_same_but_for_the_files(tmp_path / "a", tmp_path / "b")


def run_alone(publishers, home, *arguments):
    """Run the command as on a new machine: nothing at home, no cache, no mirror."""
    settings = {"HOME": str(home), "PATH": os.environ["PATH"], **publishers.environment}
    return subprocess.run(
        [sys.executable, "-m", "scripts.cli", *map(str, arguments)],
        env=settings,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.real
def test_a_real_borough_is_the_same_from_the_publishers(
    official_publishers, official, pockets, tmp_path, monkeypatch
):
    # the mirror has no workbook of 2024 data, and the one that is played is invented
    official_publishers.misbehave(catalogue()["fuel_poverty_2024"].address.url, b.status(404))
    serve_as_the_mirror_has_it(official_publishers, official.mirror, catalogue()["imd_2019"])
    home = tmp_path / "home"
    home.mkdir()
    parts = ("--only", "index,data,pages", "--edition", "2019")
    ran = run_alone(official_publishers, home, "build", "Halton", *parts, "--out", tmp_path / "a")
    assert ran.returncode == 0, ran.stderr
    record = official_publishers.record
    assert {host: most for host, most in record.most_open.items() if most > 1} == {}
    assert (record.plain, record.refused) == ([], [])
    monkeypatch.setenv("POCKETS_CACHE", str(official.cache))
    theirs = pockets(
        "build", "Halton", *parts, "--out", tmp_path / "b", "--mirror", official.mirror
    )
    assert theirs.code == 0, theirs.err
    require_same_but_for_the_files(tmp_path / "a", tmp_path / "b")
    asked = len(official_publishers.requests)
    again = run_alone(official_publishers, home, "build", "Halton", *parts, "--out", tmp_path / "c")
    assert again.returncode == 0, again.stderr
    assert len(official_publishers.requests) == asked
    assert site(tmp_path / "c") == site(tmp_path / "a")
