"""What is kept is whole, is made once, and is made anew when anything it rests on changes."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib import metadata
from pathlib import Path

import pytest

from geo.cache import ROOMS, code_hash, file_hash, files_hash, kept, key_of
from geo.errors import InputError, OutputError, SourceError

PROJECT = Path(__file__).parents[2]


def write(text, path):
    path.write_text(text, encoding="utf-8")


HANGING = """
import sys, time
from pathlib import Path
from geo.cache import kept

def make(path):
    path.write_text("half")
    time.sleep(60)

kept(Path(sys.argv[1]), "a.txt", "key", make)
"""


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_a_file_is_made_once_and_then_found(tmp_path):
    made = []

    def make(path):
        made.append(path)
        write("x", path)

    first = kept(tmp_path / "new" / "folder", "a.parquet", "key", make)
    second = kept(tmp_path / "new" / "folder", "a.parquet", "key", make)
    assert first == second == tmp_path / "new" / "folder" / "a-key.parquet"
    assert first.read_text() == "x"
    assert len(made) == 1
    assert names(tmp_path / "new") == ["a-key.parquet", "folder"]


def test_another_key_is_another_file(tmp_path):
    kept(tmp_path, "a.txt", "one", partial(write, "1"))
    assert kept(tmp_path, "a.txt", "two", partial(write, "2")).read_text() == "2"
    assert names(tmp_path) == ["a-one.txt", "a-two.txt"]


def test_a_folder_is_kept_too(tmp_path):
    def make(folder):
        folder.mkdir()
        write("x", folder / "inside.txt")

    assert names(kept(tmp_path, "tables", "key", make)) == ["inside.txt"]
    assert kept(tmp_path, "tables", "key", make) == tmp_path / "tables-key"


@pytest.mark.parametrize(
    "error", [InputError("bad file"), SourceError("no file"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("as_folder", [False, True])
def test_a_making_that_fails_leaves_nothing_and_its_own_error(tmp_path, error, as_folder):
    def make(path):
        if as_folder:
            path.mkdir()
        write("half", path / "a" if as_folder else path)
        raise error

    with pytest.raises(type(error)) as caught:
        kept(tmp_path, "a", "key", make)
    assert caught.value is error
    assert names(tmp_path) == []


def test_a_killed_process_leaves_no_entry_and_the_next_makes_it(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HANGING, str(tmp_path)], cwd=PROJECT) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("*.part*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.kill()
    assert list(tmp_path.glob("*.part*"))
    assert not (tmp_path / "a-key.txt").exists()
    assert kept(tmp_path, "a.txt", "key", partial(write, "whole")).read_text() == "whole"


@pytest.mark.parametrize(
    "pool",
    [
        partial(ThreadPoolExecutor, 4),
        partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("spawn")),
    ],
    ids=["threads", "processes"],
)
def test_several_writers_at_once_all_read_the_whole(tmp_path, pool):
    source = tmp_path / "source"
    source.write_bytes(bytes(range(256)) * 40_000)
    make = partial(shutil.copyfile, source)
    with pool() as workers:
        waiting = [workers.submit(kept, tmp_path / "c", "a", "key", make) for _ in range(4)]
        contents = {done.result().read_bytes() for done in waiting}
    assert contents == {source.read_bytes()}
    assert names(tmp_path / "c") == ["a-key"]


def test_a_folder_that_another_made_first_is_used(tmp_path):
    together = threading.Barrier(2)

    def make(folder):
        folder.mkdir()
        write("x", folder / "inside.txt")
        together.wait(timeout=10)

    with ThreadPoolExecutor(2) as workers:
        found = list(workers.map(lambda _: kept(tmp_path, "tables", "key", make), range(2)))
    assert found[0] == found[1]
    assert names(tmp_path) == ["inside.txt", "tables-key"]


def test_a_cache_that_is_a_file_is_refused_with_the_fix(tmp_path):
    place = tmp_path / "cache"
    place.write_text("")
    for folder in (place, place / "converted"):
        with pytest.raises(OutputError) as caught:
            kept(folder, "a.txt", "key", partial(write, "x"))
        assert caught.value.where == str(folder)
        assert "POCKETS_CACHE" in caught.value.do


@pytest.mark.parametrize("number", ["ENOSPC", "EROFS", "EACCES"])
def test_a_full_or_read_only_disk_is_refused_with_the_fix(tmp_path, number):
    def make(path):
        write("half", path)
        raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

    with pytest.raises(OutputError) as caught:
        kept(tmp_path, "a.txt", "key", make)
    assert os.strerror(getattr(errno, number)) in caught.value.found
    assert "make room" in caught.value.do
    assert names(tmp_path) == []


def test_a_hash_is_that_of_the_contents_even_when_size_and_name_stay(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    # FIPS 180-2, appendix B.1: the SHA-256 of “abc”.
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file_hash(path) == known
    path.write_bytes(b"abd")
    os.utime(path, ns=(1, 1))
    assert file_hash(path) != known


def test_keys_do_not_depend_on_the_order_of_settings():
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert key_of("a", "b") != key_of("ab")
    assert key_of(["a"], "b") != key_of("a", ["b"])
    assert len(key_of()) == 24


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the code that makes what is kept."""
    folder = tmp_path_factory.mktemp("copy")
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / room, folder / room, ignore=ignored)
    return folder


def key_in(folder):
    command = [sys.executable, "-B", "-c", "from geo.cache import key_of; print(key_of('a'))"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("layers/fuel_poverty.py", "100 * ", "200 * "),
        ("geo/rank.py", '"min"', '"max"'),
        ("boundaries/read.py", "\n\n\ndef ", "\n\n\n\ndef "),
        ("layers/editions.toml", "2019", "2029"),
    ],
)
def test_other_code_or_other_records_have_other_keys(copy, path, old, new):
    before, text = key_in(copy), (copy / path).read_text(encoding="utf-8")
    assert old in text
    (copy / path).write_text(text.replace(old, new), encoding="utf-8")
    after = key_in(copy)
    (copy / path).write_text(text, encoding="utf-8")
    assert len({before, after}) == 2
    assert key_in(copy) == before


def test_the_same_code_elsewhere_has_the_same_keys(copy):
    (copy / "layers" / "notes.txt").write_text("no code")
    assert key_in(copy).strip() == key_of("a")


def test_another_version_of_a_library_has_other_keys(monkeypatch):
    code_hash.cache_clear()
    before = code_hash()
    code_hash.cache_clear()
    version = metadata.version
    newer = {"esda": "99"}
    monkeypatch.setattr(metadata, "version", lambda name: newer.get(name) or version(name))
    after = code_hash()
    code_hash.cache_clear()
    assert after != before


def test_a_hash_of_files_knows_names_and_where_one_ends(tmp_path):
    for name, text in {"a": "xy", "b": "z", "c": "x", "d": "yz"}.items():
        write(text, tmp_path / name)
    a, b, c, d = (tmp_path / name for name in "abcd")
    assert files_hash([a, b]) == files_hash([b, a])
    assert len({files_hash(paths) for paths in ([a, b], [c, d], [a, d], [a], [])}) == 5
