"""Files that appear whole or not at all, and what is never replaced by one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.errors import OutputError
from maps.writing import require_file, write_text


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
    assert [*(places / name).parent.glob(".*.part.*")] == []


@pytest.mark.parametrize("name", ["two\nlines.html", "bell\a.html"])
def test_a_name_that_is_not_one_line_is_refused(name, tmp_path):
    with pytest.raises(OutputError, match="is not plain text"):
        require_file(tmp_path / name)
    assert [*Path(tmp_path).iterdir()] == []
