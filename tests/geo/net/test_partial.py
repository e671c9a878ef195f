"""Parts of downloads: one owner at a time, and none that nobody goes on with."""

from __future__ import annotations

import os
import time

import pytest

from geo.net.partial import OLD_DAYS, clear_old, empty, partial, told_of, write_told


def aged(folder, days):
    for path in (*folder.iterdir(), folder):
        os.utime(path, (time.time() - days * 86_400,) * 2)


def test_a_part_stays_until_it_is_emptied(tmp_path):
    with partial(tmp_path, "file", "a") as folder:
        (folder / "body").write_text("x")
        write_told(folder, url="a")
    with partial(tmp_path, "file", "a") as again:
        assert again == folder
        assert (again / "body").read_text() == "x"
        assert told_of(again) == {"url": "a"}
        empty(again)
    assert not folder.exists()
    assert not folder.parent.exists()


def test_parts_of_different_things_stand_apart(tmp_path):
    with partial(tmp_path, "file", "a") as one, partial(tmp_path, "file", "b") as two:
        assert one != two


def test_nobody_else_writes_a_part_meanwhile(tmp_path):
    with partial(tmp_path, "a") as one:
        (one / "body").write_text("x")
        with partial(tmp_path, "a") as other:
            assert other is None
        assert (one / "body").read_text() == "x"
    with partial(tmp_path, "a") as next_one:
        assert next_one == one


def test_what_nobody_goes_on_with_is_cleared(tmp_path):
    with partial(tmp_path, "old") as old, partial(tmp_path, "new") as new:
        for folder in (old, new):
            (folder / "body").write_text("x")
    aged(old, OLD_DAYS + 1)
    aged(new, OLD_DAYS - 1)
    clear_old(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)


def test_what_somebody_is_at_work_on_is_not_cleared_whatever_the_clock_says(tmp_path):
    with partial(tmp_path, "old") as old:
        write_told(old, url="a")
        aged(old, OLD_DAYS + 1)
        clear_old(tmp_path)
        assert told_of(old) == {"url": "a"}


def test_where_there_are_no_parts_nothing_is_cleared(tmp_path):
    clear_old(tmp_path)
    (tmp_path / "files").write_text("in the way")
    clear_old(tmp_path)


@pytest.mark.parametrize("told", [b"", b"[]", b"\xff", b"[" * 100_000, b" " * 100_000])
def test_what_is_told_of_a_part_may_be_damaged(tmp_path, told):
    (tmp_path / "told.json").write_bytes(told)
    assert told_of(tmp_path) == {}
