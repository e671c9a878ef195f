"""What is kept is whole, is made once, and is made anew when anything it rests on changes."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from importlib import metadata
from pathlib import Path

import pytest

from geo.errors import CacheError, InputError, SourceError
from geo.files import hashes
from geo.files.cache import ROOMS, code_hash, kept, key_of
from geo.files.owned import workspaces

PROJECT = Path(__file__).parents[3]


def write(text, path):
    path.write_text(text, encoding="utf-8")


HANGING = """
import sys, time
from pathlib import Path
from geo.files.cache import kept

def make(path):
    path.write_text("half")
    time.sleep(60)

kept(Path(sys.argv[1]), "a.txt", "key", make)
"""


def names(folder):
    """List what is in a folder and below it, but for the lock that nobody minds."""
    return sorted(path.name for path in folder.rglob("*") if path.name != ".lock")


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
    assert names(tmp_path / "new") == ["a-key.parquet", "a-key.parquet.sha256", "folder"]


def test_another_key_is_another_file(tmp_path):
    kept(tmp_path, "a.txt", "one", partial(write, "1"))
    assert kept(tmp_path, "a.txt", "two", partial(write, "2")).read_text() == "2"
    assert [name for name in names(tmp_path) if not name.endswith(".sha256")] == [
        "a-one.txt",
        "a-two.txt",
    ]


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


@pytest.fixture
def hanging():
    """Start processes that are half-way through making an entry; return each of them."""
    started = []

    def start(folder):
        process = subprocess.Popen([sys.executable, "-c", HANGING, str(folder)], cwd=PROJECT)
        started.append(process)
        deadline = time.monotonic() + 60
        while len(halves(folder)) < len(started):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def halves(folder):
    return [path for place in workspaces(folder) for path in place.glob("a-key.txt")]


def test_a_killed_process_leaves_no_entry_and_the_next_makes_it(tmp_path, hanging):
    process = hanging(tmp_path)
    process.kill()
    process.wait()
    assert len(halves(tmp_path)) == 1
    assert not (tmp_path / "a-key.txt").exists()
    assert kept(tmp_path, "a.txt", "key", partial(write, "whole")).read_text() == "whole"
    assert names(tmp_path) == ["a-key.txt", "a-key.txt.sha256"]


def test_the_next_process_clears_what_killed_ones_left_of_other_entries_too(tmp_path, hanging):
    first = kept(tmp_path, "b.txt", "key", partial(write, "b"))
    processes = [hanging(tmp_path) for _ in range(3)]
    for process in processes:
        process.kill()
        process.wait()
    assert len(halves(tmp_path)) == 3
    script = "import sys; from pathlib import Path; from geo.files.cache import kept; "
    script += "print(kept(Path(sys.argv[1]), 'b.txt', 'key', None))"
    command = [sys.executable, "-c", script, str(tmp_path)]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(first)
    assert names(tmp_path) == ["b-key.txt", "b-key.txt.sha256"]


@pytest.mark.parametrize("aged_s", [0, -40 * 86400, 40 * 86400])
def test_what_a_living_process_makes_is_never_cleared_whatever_the_clock_says(
    tmp_path, hanging, aged_s
):
    hanging(tmp_path)
    (half,) = halves(tmp_path)
    for path in (half, *half.parent.iterdir(), half.parent):
        os.utime(path, (time.time() + aged_s,) * 2)
    assert kept(tmp_path, "a.txt", "key", partial(write, "whole")).read_text() == "whole"
    assert half.read_text() == "half"


def flip(place):
    def spoil(path):
        contents = bytearray(path.read_bytes())
        contents[len(contents) * place // 20] ^= 1 << place % 8
        path.write_bytes(contents)

    return spoil


def cut(part):
    return lambda path: os.truncate(path, int(path.stat().st_size * part))


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"\0")


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def to_folder(path):
    remove(path)
    path.mkdir()


def to_file(path):
    remove(path)
    path.write_bytes(b"")


def to_link(path):
    """Put a link to the very same thing in its place."""
    cache = next(above for above in path.parents if above.name == "cache")
    elsewhere = cache.with_name(f"elsewhere-{path.name}")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def to_pipe(path):
    remove(path)
    os.mkfifo(path)


def to_device(path):
    remove(path)
    path.symlink_to("/dev/zero")


SPOILED = {
    **{f"bit flipped at {place}/20": flip(place) for place in range(20)},
    **{f"cut to {part}": cut(part) for part in (0, 0.3, 0.999)},
    "a byte too many": lengthen,
    "removed": remove,
    "a folder": to_folder,
    "an empty file": to_file,
    "a link": to_link,
    "a pipe": to_pipe,
    "a device": to_device,
}
FOLDER = {
    "with another file": lambda path: write("x", path / "more.txt"),
    "with a link in it": lambda path: (path / "more.txt").symlink_to(path / "one.bin"),
    "with a part moved": lambda path: (path / "one.bin").rename(path / "deep" / "one.bin"),
    "with parts exchanged": lambda path: exchange(path / "one.bin", path / "deep" / "two.bin"),
}


def exchange(one, other):
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def make_file(path):
    path.write_bytes(bytes(range(256)) * 20)


def make_folder(path):
    (path / "deep").mkdir(parents=True)
    make_file(path / "one.bin")
    (path / "deep" / "two.bin").write_bytes(b"two" * 500)


CASES = [
    *((make, part, f"{what}", spoil) for what, spoil in SPOILED.items() for make, part in (
        (make_file, ""), (make_file, ".sha256"), (make_folder, "/one.bin"),
        (make_folder, "/deep/two.bin"), (make_folder, ".sha256"),
    )),
    *((make_folder, "", what, FOLDER.get(what) or SPOILED[what])
      for what in (*FOLDER, "removed", "an empty file", "a link", "a folder")),
]  # fmt: skip


def contents(path):
    files = [path, *path.rglob("*")]
    assert not any(file.is_symlink() for file in files)
    return {
        file.relative_to(path.parent).as_posix(): file.read_bytes()
        for file in files
        if file.is_file()
    }


@pytest.mark.parametrize(
    ("make", "part", "spoil"),
    [pytest.param(m, p, s, id=f"{m.__name__}{p}-{what}") for m, p, what, s in CASES],
)
def test_a_damaged_entry_is_made_again_and_that_is_said_once(tmp_path, caplog, make, part, spoil):
    made = []
    rest = tmp_path / "cache", "a", "key"
    path = kept(*rest, lambda path: (made.append(path), make(path)))
    whole = contents(path)
    spoilt = Path(f"{path}{part}")
    status = spoilt.stat()
    spoil(spoilt)
    if spoilt.is_file() and not spoilt.is_symlink():
        # A disk that loses a bit changes no time; another process has read nothing before.
        os.utime(spoilt, ns=(status.st_atime_ns, status.st_mtime_ns))
    hashes._hash.cache_clear()
    for _ in range(2):
        assert kept(*rest, lambda path: (made.append(path), make(path))) == path
        assert contents(path) == whole
    assert len(made) == 2
    said = "An entry of the cache was damaged and has been made again: cache/a-key"
    assert caplog.messages == [said]
    assert {inside.name for inside in path.parent.iterdir()} == {"a-key", "a-key.sha256", ".lock"}


TOGETHER = """
import sys
from pathlib import Path
from geo.files.cache import kept

def make(path):
    path.mkdir()
    for name in "abc":
        (path / name).write_text(path.name * 2000)

for line in sys.stdin:
    path = kept(Path(sys.argv[1]), "a", line.strip(), make)
    assert [(path / name).read_text() for name in "abc"] == [path.name * 2000] * 3
    print(path.name, flush=True)
"""


def test_two_cold_builds_neither_delete_nor_miss_what_the_other_makes(tmp_path, caplog):
    """Both start on the same entry at the same time, and half of the entries are damaged."""
    keys = [f"{number:03}" for number in range(60)]
    for key in keys[::2]:
        kept(tmp_path, "a", key, lambda path: (path.mkdir(), write("x", path / "a")))
        write("y", tmp_path / f"a-{key}" / "a")
    command = [sys.executable, "-c", TOGETHER, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with ExitStack() as ended:
        both = [
            ended.enter_context(subprocess.Popen(command, cwd=PROJECT, **pipes)) for _ in range(2)
        ]
        for key in keys:
            for process in both:
                process.stdin.write(f"{key}\n")
                process.stdin.flush()
            assert [process.stdout.readline() for process in both] == [f"a-{key}\n"] * 2
    assert [process.returncode for process in both] == [0, 0]
    assert workspaces(tmp_path) == []


def test_an_entry_that_is_gone_with_its_seal_is_made_again_without_a_word(tmp_path, caplog):
    path = kept(tmp_path, "a", "key", make_folder)
    shutil.rmtree(path)
    path.with_name("a-key.sha256").unlink()
    assert len(contents(kept(tmp_path, "a", "key", make_folder))) == 2
    assert caplog.messages == []


def test_a_seal_is_what_the_command_of_that_name_writes(tmp_path):
    path = kept(tmp_path, "a", "key", make_folder)
    hashed = {name: hashlib.sha256(value).hexdigest() for name, value in contents(path).items()}
    lines = [f"{hashed[name]}  {name}\n" for name in ("a-key/deep/two.bin", "a-key/one.bin")]
    assert path.with_name("a-key.sha256").read_text() == "".join(lines)


def test_who_has_opened_a_file_reads_on_when_the_entry_is_made_again(tmp_path):
    path = kept(tmp_path, "a", "key", make_file)
    with path.open("rb") as reader:
        first = reader.read(100)
        path.with_name("a-key.sha256").write_text("")
        kept(tmp_path, "a", "key", make_file)
        assert first + reader.read() == bytes(range(256)) * 20


def test_an_entry_is_read_once_in_a_process(tmp_path, monkeypatch):
    path = kept(tmp_path, "a", "key", make_folder)
    kept(tmp_path, "a", "key", make_folder)
    monkeypatch.setattr(hashes.hashlib, "file_digest", None)
    assert kept(tmp_path, "a", "key", make_folder) == path


def test_a_file_that_a_making_cannot_read_is_not_the_caches_fault(tmp_path):
    missing = tmp_path / "mirror" / "a.csv"

    with pytest.raises(SourceError) as caught:
        kept(tmp_path / "cache", "a", "key", lambda path: path.write_bytes(missing.read_bytes()))
    assert caught.value.where == str(missing)
    assert "cache" not in str(caught.value).replace(str(tmp_path), "")


def test_a_damaged_entry_in_a_cache_that_cannot_be_written_is_the_caches_fault(
    tmp_path, monkeypatch
):
    path = kept(tmp_path, "a", "key", make_file)
    cut(0.5)(path)

    def refused(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(tmp_path / "x"))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(CacheError) as caught:
        kept(tmp_path, "a", "key", make_file)
    assert caught.value.where == str(tmp_path)
    assert "POCKETS_CACHE" in caught.value.do


def test_a_warm_cache_may_be_read_only(tmp_path, monkeypatch):
    path = kept(tmp_path, "a", "key", make_folder)
    for name in ("mkdir", "rename", "replace", "unlink", "write_bytes"):
        monkeypatch.setattr(Path, name, None)
    assert kept(tmp_path, "a", "key", make_folder) == path


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
    assert names(tmp_path / "c") == ["a-key", "a-key.sha256"]


def test_a_folder_that_another_made_first_is_used(tmp_path):
    together = threading.Barrier(2)

    def make(folder):
        folder.mkdir()
        write("x", folder / "inside.txt")
        together.wait(timeout=10)

    with ThreadPoolExecutor(2) as workers:
        found = list(workers.map(lambda _: kept(tmp_path, "tables", "key", make), range(2)))
    assert found[0] == found[1]
    assert names(tmp_path) == ["inside.txt", "tables-key", "tables-key.sha256"]


def test_a_cache_that_is_a_file_is_refused_with_the_fix(tmp_path):
    place = tmp_path / "cache"
    place.write_text("")
    for folder in (place, place / "converted"):
        with pytest.raises(CacheError) as caught:
            kept(folder, "a.txt", "key", partial(write, "x"))
        assert caught.value.where == str(folder)
        assert "POCKETS_CACHE" in caught.value.do


@pytest.mark.parametrize("number", ["ENOSPC", "EROFS", "EACCES"])
def test_a_full_or_read_only_disk_is_refused_with_the_fix(tmp_path, number):
    def make(path):
        write("half", path)
        raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

    with pytest.raises(CacheError) as caught:
        kept(tmp_path, "a.txt", "key", make)
    assert os.strerror(getattr(errno, number)) in caught.value.found
    assert "make room" in caught.value.do
    assert names(tmp_path) == []


def test_keys_do_not_depend_on_the_order_of_settings():
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert key_of("a", "b") != key_of("ab")
    assert key_of(["a"], "b") != key_of("a", ["b"])
    assert len(key_of()) == 24


def test_every_part_of_a_key_counts():
    parts = ["a", 2, {"c": 3}, ["d"], None]
    keys = [key_of(*parts), key_of(*parts, "more"), key_of("more", *parts)]
    for place in range(len(parts)):
        keys.append(key_of(*parts[:place], "other", *parts[place + 1 :]))
        keys.append(key_of(*parts[:place], *parts[place + 1 :]))
    assert len(set(keys)) == len(keys)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the code that makes what is kept."""
    folder = tmp_path_factory.mktemp("copy")
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / room, folder / room, ignore=ignored)
    return folder


def key_in(folder):
    command = [sys.executable, "-B", "-c", "from geo.files.cache import key_of; print(key_of('a'))"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("layers/kinds/fuel_poverty.py", "100 * ", "200 * "),
        ("geo/stats/rank.py", '"min"', '"max"'),
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
