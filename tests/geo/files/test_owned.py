"""Workspaces: gone with their owner, kept while it lives, and never taken for somebody else's."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import locket
import pytest

from geo.files.owned import LOCK, clear, workspace, workspaces

ROOT = Path(__file__).resolve().parents[3]
OWNER = """
import sys
from pathlib import Path
from geo.files.owned import workspace
with workspace(Path(sys.argv[1])) as made:
    made.mkdir()
    (made / "half").write_text("half")
    print(made, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def owner():
    """Start processes that make something in a workspace and wait; return each with the place."""
    started = []

    def start(path):
        command = [sys.executable, "-c", OWNER, str(path)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        process = subprocess.Popen(command, cwd=ROOT, **pipes)
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def aged(path, seconds):
    then = time.time() + seconds
    os.utime(path, (then, then))


def test_a_workspace_is_beside_its_place_and_goes_when_the_block_ends(tmp_path):
    with workspace(tmp_path / "site") as made:
        assert made.name == "site"
        assert made.parent.parent == tmp_path
        assert not made.exists()
        made.mkdir()
        (made / "page").write_text("whole")
        made.rename(tmp_path / "site")
    assert names(tmp_path) == ["site"]
    assert (tmp_path / "site" / "page").read_text() == "whole"


def test_what_was_not_moved_goes_when_the_block_fails(tmp_path):
    def fail(made):
        (made / "deep").mkdir(parents=True)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), workspace(tmp_path / "site") as made:
        fail(made)
    assert names(tmp_path) == []


@pytest.mark.parametrize("age", [-400 * 86400, 0, 400 * 86400], ids=["old", "new", "ahead"])
def test_only_what_no_living_process_owns_is_cleared(age, owner, tmp_path):
    """Whatever a clock says: the age of a folder tells nothing of its owner."""
    living, made = owner(tmp_path / "site")
    killed, left = owner(tmp_path / "site")
    killed.kill()
    killed.wait()
    for path in (made, made.parent, left, left.parent):
        aged(path, age)
    clear(tmp_path)
    assert names(tmp_path) == [made.parent.name]
    assert (made / "half").read_text() == "half"
    living.communicate("")
    assert names(tmp_path) == []


def test_one_of_this_process_is_not_cleared(tmp_path):
    with workspace(tmp_path / "site") as made:
        made.mkdir()
        clear(tmp_path)
        assert made.is_dir()


def test_many_kills_leave_nothing_that_piles_up(owner, tmp_path, record_property):
    record_property("times", 5)
    for _ in range(5):
        process, _made = owner(tmp_path / "site")
        process.kill()
        process.wait()
    assert len(names(tmp_path)) == 5
    clear(tmp_path, "site")
    assert names(tmp_path) == []


def an_empty_one(path):
    path.mkdir()


def one_without_its_lock(path):
    (path / "site").mkdir(parents=True)


def one_half_removed(path):
    path.mkdir()
    (path / LOCK).write_text("")
    (path / "site.old").mkdir()


@pytest.mark.parametrize("make", [an_empty_one, one_without_its_lock, one_half_removed])
def test_what_an_owner_was_killed_in_is_cleared(make, tmp_path):
    make(tmp_path / ".site.0123456789ab.part")
    clear(tmp_path)
    assert names(tmp_path) == []


def a_folder_of_notes(path):
    path.mkdir()
    (path / "notes.txt").write_text("mine")


def a_file(path):
    path.write_text("mine")


def a_link(path):
    (path.parent / "precious").mkdir()
    (path.parent / "precious" / "site").write_text("mine")
    path.symlink_to(path.parent / "precious")


def a_lock_that_is_a_link(path):
    path.mkdir()
    (path.parent / "precious").write_text("mine")
    (path / LOCK).symlink_to(path.parent / "precious")


@pytest.mark.parametrize("make", [a_folder_of_notes, a_file, a_link, a_lock_that_is_a_link])
def test_what_others_made_is_never_cleared(make, tmp_path):
    make(tmp_path / ".site.0123456789ab.part")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert workspaces(tmp_path) == []
    clear(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (tmp_path / ".site.0123456789ab.part").exists()


@pytest.mark.parametrize(
    "name",
    [".site.part", ".other.0123456789ab.part", "site.0123456789ab.part", ".site.0123456789AB.part"],
)
def test_only_workspaces_of_the_name_are_looked_at(name, tmp_path):
    (tmp_path / name).mkdir()
    clear(tmp_path, "site")
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_clearing_where_there_is_no_folder_does_nothing(name, tmp_path):
    (tmp_path / "file").write_text("")
    clear(tmp_path / name)
    assert names(tmp_path) == ["file"]


def test_a_disk_without_locks_can_be_worked_on_and_nothing_is_cleared(tmp_path, monkeypatch):
    def no_locks(_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(locket, "_lock_file_non_blocking", no_locks)
    with workspace(tmp_path / "site") as made:
        made.mkdir()
        clear(tmp_path)
        assert made.is_dir()
    assert names(tmp_path) == []


def test_a_workspace_that_is_cleared_while_it_is_new_is_made_again(tmp_path, monkeypatch):
    lock_file, taken = locket.lock_file, []

    def late(path, **options):
        if not taken:
            taken.append(path)
            clear(tmp_path)
        return lock_file(path, **options)

    monkeypatch.setattr(locket, "lock_file", late)
    with workspace(tmp_path / "site") as made:
        assert str(made.parent / LOCK) != taken[0]
        assert names(tmp_path) == [made.parent.name]


@pytest.mark.parametrize("number", ["ENOSPC", "EACCES"])
def test_a_disk_that_cannot_be_written_is_told_of(number, tmp_path, monkeypatch):
    def failing(*_, **__):
        raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

    monkeypatch.setattr(locket, "lock_file", failing)
    with pytest.raises(OSError, match=os.strerror(getattr(errno, number))):
        workspace(tmp_path / "site").__enter__()
    assert names(tmp_path) == []
