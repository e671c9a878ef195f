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
from pathlib import Path

import pytest

from geo.cache import file_hash, kept, key_of
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
