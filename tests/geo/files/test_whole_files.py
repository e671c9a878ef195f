"""Files that appear whole or not at all, and what is never replaced by one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from pyogrio.errors import DataLayerError

from geo.errors import OutputError
from geo.files.whole_files import replaced, require_file, write_text

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def places(tmp_path):
    """Return places of many kinds that are no plain files."""
    (tmp_path / "own.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "own.txt")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("name", ["link", "dangling", "folder", "pipe", "/dev/null", "/dev/full"])
@pytest.mark.parametrize("refuse", [require_file, lambda path: write_text(path, "new")])
def test_what_is_no_plain_file_is_not_replaced(name, refuse, places):
    kind = (places / name).lstat().st_mode
    with pytest.raises(OutputError, match="What is there is not a file") as raised:
        refuse(places / name)
    told = "a link" if name in ("link", "dangling") else "a folder or a device"
    assert raised.value.found == told
    assert (places / name).lstat().st_mode == kind
    assert (places / "own.txt").read_text() == "mine"
    assert not (places / "nowhere").exists()


@pytest.mark.parametrize("name", ["new/deep/profile.html", "own.txt"])
def test_a_new_file_and_a_plain_one_are_written_whole(name, places):
    assert write_text(places / name, "new") == places / name
    assert (places / name).read_text() == "new"
    assert [*(places / name).parent.glob(".*")] == []


HALF = """
import os, signal, sys
from pathlib import Path
from geo.files.whole_files import replaced
with replaced(Path(sys.argv[1])) as made:
    made.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_writer_left_goes_with_the_next_one(tmp_path):
    path = tmp_path / "profile.html"
    path.write_text("before")
    ended = subprocess.run([sys.executable, "-c", HALF, str(path)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_text() == "before"
    assert len([*tmp_path.iterdir()]) == 2
    write_text(path, "new")
    assert [(left.name, left.read_text()) for left in tmp_path.iterdir()] == [(path.name, "new")]


FULL = [OSError(28, "No space left"), sqlite3.OperationalError("disk is full"), DataLayerError("0")]


@pytest.mark.parametrize("problem", FULL, ids=lambda problem: type(problem).__name__)
def test_a_disk_that_takes_no_more_is_one_paragraph_whoever_says_it(problem, tmp_path):
    def write():
        with replaced(tmp_path / "tables.gpkg") as made:
            made.write_text("half")
            raise ValueError("closed too early") from problem

    with pytest.raises(OutputError, match="A file could not be written") as raised:
        write()
    assert raised.value.where == str(tmp_path / "tables.gpkg")
    assert raised.value.found == str(problem)
    assert [*tmp_path.iterdir()] == []


def test_other_errors_stay_what_they_are(tmp_path):
    def write():
        with replaced(tmp_path / "tables.gpkg"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()


@pytest.mark.parametrize("name", ["two\nlines.html", "bell\a.html"])
def test_a_name_that_is_not_one_line_is_refused(name, tmp_path):
    with pytest.raises(OutputError, match="is not plain text"):
        require_file(tmp_path / name)
    assert [*Path(tmp_path).iterdir()] == []
