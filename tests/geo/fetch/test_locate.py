"""Finding files: the cache, a mirror, the publisher, in that order; and what is kept of them."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import CacheError, ChangedError, InputError, SourceError
from geo.fetch.errand import Fetched
from geo.fetch.plan import cache_folder, mirror_named, plan
from geo.fetch.receipts import receipt_of
from geo.files.cache import tidy
from geo.files.owned import workspaces
from geo.files.seals import seal
from tests.geo.publisher import (
    CONTENT,
    HASH,
    Reply,
    layer,
    left,
    locate,
    source,
)

PROJECT = Path(__file__).parents[3]


def put(folder, content=CONTENT, path="people/people.csv"):
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


@pytest.fixture
def people(host):
    """Return the record of a file that a host offers."""
    host.at["/people.csv"] = Reply(body=CONTENT)
    return source(url=f"{host.url}/people.csv")


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
def test_a_damaged_download_is_never_used(tmp_path, host, people, caplog, damage, recorded):
    """Offline it is refused, with a mirror passed over, and else downloaded again."""
    wanted = replace(people, sha256=recorded, confirmed=recorded is not None)
    path = locate(wanted, cache=tmp_path)
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
        assert locate(wanted, cache=tmp_path) == path
        assert path.read_bytes() == CONTENT
    assert host.times("/people.csv") == 2 - sound
    again = "An entry of the cache was damaged and has been made again: people/people.csv"
    assert caplog.messages == [again] * (not sound)


def test_a_record_that_names_a_newer_file_brings_it(tmp_path, people):
    put(tmp_path / "files", b"code,n\nE01990001,9\n")
    seal(tmp_path / "files" / "people/people.csv")
    wanted = replace(people, sha256=HASH, confirmed=True)
    assert locate(wanted, cache=tmp_path).read_bytes() == CONTENT


def test_a_download_ends_in_the_cache_and_is_not_asked_for_again(tmp_path, host, people):
    wanted = replace(people, sha256=HASH, confirmed=True)
    path = locate(wanted, cache=tmp_path)
    assert path.read_bytes() == CONTENT
    assert locate(wanted, cache=tmp_path, offline=True) == path
    assert host.times("/people.csv") == 1
    assert left(tmp_path) == ["people.csv", "people.csv.receipt.json", "people.csv.sha256"]


def test_a_hash_that_nobody_has_confirmed_only_informs(tmp_path, people):
    assert locate(replace(people, sha256="0" * 64), cache=tmp_path).read_bytes() == CONTENT


def test_a_download_with_another_hash_is_not_kept(tmp_path, people):
    with pytest.raises(ChangedError, match="is not the publisher's"):
        locate(replace(people, sha256="0" * 64, confirmed=True), cache=tmp_path)
    assert left(tmp_path) == []


def test_a_cache_that_cannot_be_written_is_said_to_be_so(tmp_path, people):
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(CacheError, match="POCKETS_CACHE"):
        locate(people, cache=tmp_path)


def test_whoever_watches_is_told_how_much_has_come(tmp_path, people):
    seen = []
    locate(people, cache=tmp_path, watch=seen.append)
    assert seen[0] == Fetched(source="people", done=0, total=len(CONTENT), unit="bytes")
    assert seen[-1] == Fetched(source="people", done=len(CONTENT), total=len(CONTENT), unit="bytes")


def test_whoever_watches_is_told_how_many_rows_have_come(tmp_path, host, areas):
    seen = []
    locate(layer(host.url), cache=tmp_path, watch=seen.append)
    assert [(told.done, told.total, told.unit) for told in seen] == [
        (done, 5, "rows") for done in (0, 2, 4, 5)
    ]


def test_folders_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("POCKETS_CACHE")
    assert cache_folder().name == "deprivation-pockets"
    monkeypatch.setenv("POCKETS_MIRROR", str(tmp_path))
    assert mirror_named() == tmp_path
    monkeypatch.setenv("POCKETS_MIRROR", "")
    assert mirror_named() is None
    monkeypatch.setenv("POCKETS_MIRROR", str(tmp_path / "none"))
    with pytest.raises(SourceError, match="does not exist"):
        mirror_named()


class Checks:
    """A check of contents that counts, and refuses files that hold a word."""

    def __init__(self, refused=b"never"):
        self.seen, self.refused = 0, refused

    def __call__(self, path, source):
        self.seen += 1
        if self.refused in path.read_bytes():
            raise InputError("The table is another one", found=f"“{self.refused.decode()}”")


def test_contents_that_fail_the_check_are_not_kept(tmp_path, host, people):
    wanted = people
    with pytest.raises(SourceError) as caught:
        locate(wanted, cache=tmp_path, check=Checks(b"E01990001"))
    assert "“E01990001”" in caught.value.found
    assert wanted.address.url in str(caught.value)
    assert left(tmp_path) == []


def test_a_sound_file_is_checked_once(tmp_path, host, people):
    check, wanted = Checks(), people
    for _ in range(3):
        path = locate(wanted, cache=tmp_path, check=check)
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


def test_a_kept_file_that_fails_its_check_is_fetched_again_once(tmp_path, host, people, caplog):
    check, wanted = Checks(b"E01990009"), people
    path = put(tmp_path / "files", CONTENT.replace(b"E01990001", b"E01990009"))
    seal(path)
    with pytest.raises(SourceError, match="fails its checks") as caught:
        locate(wanted, cache=tmp_path, check=check, offline=True)
    assert "“E01990009”" in caught.value.found
    for _ in range(2):
        assert locate(wanted, cache=tmp_path, check=check) == path
    assert path.read_bytes() == CONTENT
    assert host.times("/people.csv") == 1
    assert len(caplog.messages) == 1


def test_a_kept_file_that_fails_its_check_gives_way_to_the_mirror(tmp_path):
    seal(put(tmp_path / "files", b"never"))
    mirrored = put(tmp_path / "mirror")
    found = locate(source(), cache=tmp_path, mirror=tmp_path / "mirror", check=Checks())
    assert found == mirrored


def test_the_receipt_tells_where_a_file_came_from(tmp_path, host, people):
    path = locate(people, cache=tmp_path)
    receipt = receipt_of(path)
    assert (receipt.source, receipt.url) == ("people", f"{host.url}/people.csv")
    assert (receipt.size, receipt.sha256) == (len(CONTENT), HASH)
    assert receipt_of(put(tmp_path / "mirror")) is None


@pytest.mark.parametrize(
    "problem",
    [
        ValueError("bad"),
        TypeError("bad"),
        OverflowError("bad"),
        KeyError("bad"),
        RecursionError("bad"),
        OSError("bad"),
        EOFError("bad"),
    ],
    ids=repr,
)
def test_whatever_a_reader_stumbles_over_is_the_files_fault(tmp_path, people, problem):
    def stumble(path, record):
        raise problem

    with pytest.raises(SourceError, match="bad"):
        locate(people, cache=tmp_path, check=stumble)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "problem",
    [MemoryError("bad"), ImportError("bad"), CacheError("bad")],
    ids=repr,
)
def test_what_this_machine_lacks_is_not_the_files_fault(tmp_path, people, problem):
    """A file in the cache is not fetched again for it, nor is one that came thrown away as bad."""

    def lack(path, record):
        raise problem

    with pytest.raises(type(problem), match="bad"):
        locate(people, cache=tmp_path, check=lack)
    path = locate(people, cache=tmp_path)
    with pytest.raises(type(problem), match="bad"):
        locate(people, cache=tmp_path, check=lack)
    assert path.read_bytes() == CONTENT


def test_a_disk_that_fails_under_a_check_is_not_the_files_fault(tmp_path, people):
    def fail(path, record):
        raise OSError(28, "No space left on device", str(tmp_path / "files"))

    with pytest.raises(CacheError, match="No space left"):
        locate(people, cache=tmp_path, check=fail)


HANGING = """
import sys
from pathlib import Path
from tests.geo.publisher import locate, source
locate(source(url=sys.argv[2]), cache=Path(sys.argv[1]))
"""
START = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"


def test_killed_downloads_leave_nothing_after_the_next_run(tmp_path, host):
    folder = tmp_path / "files" / "people"
    host.at["/trickle"] = Reply(raw=(START + b"\r\n", b"x", 0.05))
    for number in range(2):
        command = [sys.executable, "-c", HANGING, str(tmp_path), f"{host.url}/trickle"]
        with subprocess.Popen(command, cwd=PROJECT) as process:
            until = time.monotonic() + 60
            while host.times("/trickle") <= number and time.monotonic() < until:
                time.sleep(0.02)
            process.kill()
    assert len(workspaces(folder)) >= 1
    tidy.cache_clear()
    with pytest.raises(SourceError):
        locate(source(), cache=tmp_path, offline=True)
    assert workspaces(folder) == []
    assert left(tmp_path) == []
