"""Which files are at hand, in what state; and having those that are not."""

from __future__ import annotations

import dataclasses
import json

import pytest

from geo.errors import AbsentError, ChangedError, InputError, SourceError
from geo.fetch.errand import Fetched, Patience
from geo.fetch.receipts import RECEIPT, Receipt, put_receipt
from geo.files.cache import keep
from geo.files.hashes import file_hash
from geo.files.parcels import PARCEL, record_hash
from layers import files as files_module
from layers import stock as module
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from layers.order import order_of
from layers.stock import ONCE, all_missed, gather, no_network, stock, verified


def test_the_stock_says_where_files_are_and_whether_they_are_sound(tmp_path):
    cache, mirror = tmp_path / "cache", tmp_path / "mirror"
    files = Files(edition=edition("2019"), cache=cache, mirror=mirror)
    at = {"imd": cache / "files", "msoa": cache / "files", "covid_deaths": mirror, "names": mirror}
    for role, folder in at.items():
        path = folder / files.source(role).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not the publisher's")
    keep(cache / "files" / files.source("imd").path, lambda made: made.write_bytes(b"any"))
    found = {item.role: (item.place, item.state) for item in stock(files)}
    assert found["imd"] == ("cache", "contents are checked when read")
    assert found["covid_deaths"] == ("mirror", "STALE: not the recorded SHA-256")
    assert found["districts"] == found["imd"]
    assert found["msoa"] == ("absent", "its copy in the cache is damaged, pockets fetch gets it")
    assert found["lsoa"] == ("absent", "pockets fetch gets it")
    assert found["fuel_poverty_2015"] == ("absent", "can be done without, pockets fetch gets it")
    assert [*found] == [*files.edition.sources]


def test_the_stock_says_of_what_file_a_source_in_a_pack_was_made(tmp_path):
    files = Files(edition=edition("2019"), cache=tmp_path / "cache", mirror=tmp_path / "pack")
    confirmed = next(
        role for role in files.edition.sources if catalogue()[files.edition.sources[role]].confirmed
    )

    def state(role, sha256, **changes):
        source = catalogue()[files.edition.sources[role]]
        folder = tmp_path / "pack" / source.id
        folder.mkdir(parents=True, exist_ok=True)
        told = {"source": source.id, "record": record_hash(source), "day": None, **changes}
        of = {"file": "a.csv", "sha256": sha256}
        (folder / PARCEL).write_text(json.dumps({**told, "of": of}))
        item = next(item for item in stock(files) if item.role == role)
        assert (item.place, item.receipt) == ("mirror", None)
        return item.state

    recorded = files.source(confirmed).sha256
    read = "contents are checked when read"
    assert state(confirmed, recorded) == f"packed from the recorded file, {read}"
    assert state(confirmed, "0" * 64) == "STALE: packed from another file"
    assert state("imd", "0" * 64) == read
    assert state("imd", "0" * 64, record="x").startswith("STALE: a pack was made when the record")
    assert state("imd", 5) == "STALE: a pack is damaged"


def test_the_stock_tells_of_the_download_of_a_file(tmp_path):
    files = Files(edition=edition("2019"), cache=tmp_path)

    def make(path):
        path.write_bytes(b"any")
        receipt = Receipt(
            source="imd_2019",
            url="https://example.org/a.csv",
            how="the recorded address",
            when="2026-03-03T10:00:00+00:00",
            size=3,
            sha256=file_hash(path),
        )
        put_receipt(path, receipt)

    keep(tmp_path / "files" / files.source("imd").path, make, beside=(RECEIPT,))
    item = next(item for item in stock(files) if item.role == "imd")
    assert (item.place, item.state) == ("cache", "sound: as it was fetched")
    assert item.receipt.when == "2026-03-03T10:00:00+00:00"


class Publisher:
    """What comes of each file that is asked for, by the id of its record; the rest comes whole."""

    def __init__(self, monkeypatch, **problems):
        self.problems, self.asked, self.hosts = problems, [], set()
        monkeypatch.setattr(Files, "fetched", self.fetched)

    def fetched(self, role, *, watch=None, patience=None, hosts=None):
        self.asked.append((role, patience))
        self.hosts.add(hosts)
        if role in self.problems:
            raise self.problems[role]
        source = edition("2019").sources[role]
        watch(Fetched(source=source, done=1_000, total=2_000, unit="bytes"))
        watch(Fetched(source=source, done=2_000, total=2_000, unit="bytes"))


def gathered(tmp_path, *, roles=("imd", "names", "weekly", "air_quality_no2_2021")):
    known = edition("2019")
    files = Files(edition=known, cache=tmp_path)
    order = order_of(files, roles=[role for role in known.sources if role.startswith(roles)])
    seen, ends = [], []
    missed = gather(order, watch=seen.append, ended=lambda *end: ends.append(end))
    return missed, seen, ends


@pytest.fixture
def calls(monkeypatch):
    return lambda **problems: Publisher(monkeypatch, **problems)


def test_what_fails_stops_nothing_else(tmp_path, calls):
    roles = ("imd", "names", "covid_weekly", "air_quality_no2_2021")
    publisher = calls(
        imd=ChangedError("Another thing", found="32,000 rows"),
        covid_weekly_2020=AbsentError("Could not be downloaded", found="the server answered 503"),
        air_quality_no2_2021=SourceError("No such thing"),
    )
    missed, seen, ends = gathered(tmp_path, roles=roles)
    assert [role for role, _ in publisher.asked] == [
        "names", "imd", "covid_weekly_2020", "covid_weekly_2021", "air_quality_no2_2021",
    ]  # fmt: skip
    assert [(one.wanted.roles, one.cause, one.reason) for one in missed] == [
        (("imd",), "changed", "32,000 rows"),
        (("covid_weekly_2020",), "no answer", "the server answered 503"),
        (("air_quality_no2_2021",), "no answer", "No such thing"),
    ]
    assert [come.done for come in seen] == [1_000, 2_000] * 2
    told = {wanted.roles[0]: (come and come.done, problem) for wanted, come, problem in ends}
    assert told["names"] == (2_000, None)
    assert told["imd"] == (None, missed[0])
    assert len(told) == 5


def test_what_can_be_done_without_is_asked_for_once(tmp_path, calls):
    publisher = calls()
    gathered(tmp_path, roles=("imd", "air_quality_no2_2021"))
    assert dict(publisher.asked) == {"imd": None, "air_quality_no2_2021": ONCE}
    assert (ONCE.attempts, Patience().attempts) == (1, 4)


def test_what_is_known_of_a_host_is_known_for_all_files(tmp_path, calls):
    publisher = calls(covid_weekly_2020=AbsentError("No", found="no connection"))
    gathered(tmp_path, roles=("covid_weekly", "names"))
    assert len(publisher.asked) == 3
    assert len(publisher.hosts) == 1
    assert publisher.hosts != {None}


def test_what_came_in_place_of_another_file_is_told_of_as_itself(tmp_path, monkeypatch):
    """A bar of the file that failed is not the bar of the one that came."""
    known = dataclasses.replace(
        edition("2019"), sources={"imd": "imd_2019"}, alternatives={"imd": ("msoa_2011_names",)}
    )

    def locate(source, errand):
        errand.watch(Fetched(source=source.id, done=7, total=9, unit="bytes"))
        if source.id == "imd_2019":
            raise SourceError("gone")
        return tmp_path / "names"

    monkeypatch.setattr(files_module, "locate", locate)
    order = order_of(Files(edition=known, cache=tmp_path))
    ends = []
    assert gather(order, watch=lambda _: None, ended=lambda *end: ends.append(end)) == []
    ((wanted, come, problem),) = ends
    assert (wanted.source.id, come.source, problem) == ("msoa_2011_names",) * 2 + (None,)


def test_what_is_no_fault_of_a_publisher_is_raised(tmp_path, calls):
    calls(imd=InputError("The record is wrong"))
    with pytest.raises(InputError):
        gathered(tmp_path, roles=("imd",))


def test_what_no_program_can_have_is_asked_of_nobody(tmp_path, calls):
    publisher = calls()
    files = Files(edition=edition("2019"), cache=tmp_path, offline=True)
    order = order_of(files, roles=["imd"])
    (missed,) = gather(order, watch=lambda _: None, ended=lambda *_: None)
    assert missed.cause == "offline"
    assert all_missed(order) == [missed]
    assert publisher.asked == []
    assert not no_network(order)


def test_there_is_no_network_where_no_publisher_takes_a_connection(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "reachable", lambda urls: asked.extend(urls))
    order = order_of(Files(edition=edition("2019"), cache=tmp_path), roles=["imd", "names"])
    assert no_network(order)
    assert len(asked) == 2
    assert {one.cause for one in all_missed(order)} == {"no network"}


def test_files_are_verified_and_all_that_are_wrong_are_named(mirror):
    roles = ("imd", "names", "air_quality_pm25_2021")
    assert [role for role, _ in verified(mirror.files, roles)] == [*roles]
    fresh = Files(
        edition=mirror.files.edition,
        cache=mirror.files.cache,
        mirror=mirror.folder,
        offline=True,
    )
    for role in ("imd", "names"):
        mirror.path(role).write_text("<!doctype html><title>Gone</title>")
    found = []
    with pytest.raises(SourceError) as caught:
        found.extend(role for role, _ in verified(fresh, roles))
    assert caught.value.what == "2 files are not what they should be"
    for role in ("imd", "names"):
        assert mirror.files.source(role).path in caught.value.found
