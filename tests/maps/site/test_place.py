"""Folders that a build may take, and folders of many kinds that must survive one byte for byte."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from geo.errors import OutputError
from maps.site import place
from maps.site.mark import FILE, Mark, read_mark, write_mark
from maps.site.place import require_place
from maps.site.swap import swapped

MARK = Mark(edition="sample", area="the sample", districts=("E06900001",))
EARLIER = {"edition": "2019", "area": "Leeds", "districts": ["E08000035"]}


def a_site(folder):
    (folder / "halton" / "maps").mkdir(parents=True)
    (folder / "index.html").write_text("the old page")
    (folder / "halton" / "maps" / "imd.svg").write_text("the old map")
    write_mark(MARK, folder)


def put(name, text="mine"):
    """Return a maker of a site into which somebody has put a file."""

    def make(folder):
        a_site(folder)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    return make


def alone(name, text):
    """Return a maker of a folder that holds one file."""

    def make(folder):
        folder.mkdir()
        (folder / name).write_text(text)

    return make


def linked(name):
    """Return a maker of a site in which a file or folder is a link to somebody's own."""

    def make(folder):
        a_site(folder)
        moved = (folder / name).rename(folder.parent / f"own-{Path(name).name}")
        (folder / name).symlink_to(moved)

    return make


def a_marker_that_is_a_link(folder):
    a_site(folder)
    linked(FILE)(folder.with_name("another"))
    (folder / FILE).unlink()
    (folder / FILE).symlink_to(folder.parent / f"own-{FILE}")


def an_empty_folder_inside(folder):
    a_site(folder)
    (folder / "halton" / "drafts").mkdir()


def a_pipe_inside(folder):
    a_site(folder)
    (folder / "index.html").unlink()
    os.mkfifo(folder / "index.html")


SURVIVE = {
    "a git repository": (put(".git/HEAD", "ref: refs/heads/main"), ".git/"),
    "a host name": (put("CNAME", "pockets.example"), "CNAME"),
    "notes": (put("notes.txt"), "notes.txt"),
    "notes beside maps": (put("halton/maps/notes.txt"), "halton/maps/notes.txt"),
    "a folder of theirs": (put("halton/own/a/b.txt"), "halton/own/"),
    "an empty folder": (an_empty_folder_inside, "halton/drafts/"),
    "a linked file": (linked("index.html"), "index.html"),
    "a linked folder": (linked("halton/maps"), "halton/maps/"),
    "a pipe": (a_pipe_inside, "index.html"),
    "a project": (alone("thesis.doc", "years of work"), "thesis.doc"),
    "another's mark": (alone(FILE, '{"name": "my app"}'), "another program or an earlier version"),
    "an earlier mark": (alone(FILE, json.dumps(EARLIER)), "another program or an earlier version"),
    "a list as mark": (alone(FILE, "[1, 2]"), "another program or an earlier version"),
    "a mark cut short": (alone(FILE, '{"format": '), "another program or an earlier version"),
    "a mark without end": (alone(FILE, "[" * 100_000), "another program or an earlier version"),
    "a mark that is a link": (a_marker_that_is_a_link, "another program or an earlier version"),
}


def everything(folder):
    """Return what is in a folder, with what links lead to."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in sorted(folder.rglob("*"))
    }


def refused(out, **apart):
    with pytest.raises(OutputError) as raised, swapped(out, **apart):
        raise AssertionError("work was begun")
    return raised.value


@pytest.mark.parametrize("kind", SURVIVE)
def test_a_folder_with_anything_of_somebody_survives(kind, tmp_path):
    make, named = SURVIVE[kind]
    make(tmp_path / "site")
    before = everything(tmp_path)
    error = refused(tmp_path / "site")
    assert named in error.found
    assert error.where == str(tmp_path / "site")
    assert "--out" in error.do
    assert everything(tmp_path) == before


def test_all_strange_names_are_told_of_up_to_five(tmp_path):
    a_site(tmp_path / "site")
    for number in range(7):
        (tmp_path / "site" / f"note-{number}").write_text("mine")
    assert refused(tmp_path / "site").found == ("note-0, note-1, note-2, note-3, note-4 and 2 more")


def test_a_site_alone_is_replaced_a_changed_file_of_it_too(tmp_path):
    a_site(tmp_path / "site")
    (tmp_path / "site" / "index.html").write_text("changed by hand")
    (tmp_path / "site" / "halton" / "maps" / "imd.svg").unlink()
    with swapped(tmp_path / "site") as folder:
        (folder / "index.html").write_text("the new page")
    assert everything(tmp_path) == {"site": None, "site/index.html": b"the new page"}


def test_what_is_put_there_during_a_build_survives_it(tmp_path):
    a_site(tmp_path / "site")

    def build():
        with swapped(tmp_path / "site") as folder:
            (folder / "index.html").write_text("the new page")
            (tmp_path / "site" / "notes.txt").write_text("written meanwhile")

    with pytest.raises(OutputError, match=r"notes\.txt"):
        build()
    assert (tmp_path / "site" / "notes.txt").read_text() == "written meanwhile"
    assert (tmp_path / "site" / "index.html").read_text() == "the old page"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("target", ["site", "empty", "nowhere"])
def test_what_a_link_leads_to_is_never_replaced(target, tmp_path):
    a_site(tmp_path / "site")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / target)
    before = everything(tmp_path)
    assert refused(tmp_path / "link").found == f"a link to {tmp_path / target}"
    assert everything(tmp_path) == before


def test_a_folder_above_may_be_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "sites").symlink_to(tmp_path / "disk")
    with swapped(tmp_path / "sites" / "leeds") as folder:
        (folder / "index.html").write_text("page")
    assert (tmp_path / "disk" / "leeds" / "index.html").read_text() == "page"
    assert (tmp_path / "sites").is_symlink()


@pytest.mark.parametrize("out", ["/dev/null", "/proc/self/status", "file", "pipe"])
def test_what_is_no_folder_is_refused(out, tmp_path):
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe")
    assert "a file or a device" in refused(tmp_path / out).found
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("out", ["/proc", "/dev", "/", "/proc/"])
def test_a_mounted_disk_is_refused(out):
    assert refused(Path(out)).found == "a folder on which, or in which, a disk is mounted"


@pytest.mark.parametrize("inside", ["", "/halton/maps"])
def test_a_folder_bound_to_another_is_refused(inside, tmp_path, monkeypatch):
    a_site(tmp_path / "my site")
    line = f"36 35 98:0 / {tmp_path}/my\\040site{inside} rw,noatime - ext4 /dev/root rw\n"
    (tmp_path / "mounts").write_text(line)
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "mounts")
    assert "a disk is mounted" in refused(tmp_path / "my site").found


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_the_current_folder_and_those_above_are_refused(depth, tmp_path, monkeypatch):
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    out = Path(*([".."] * depth)) if depth else Path()
    assert "stand in" in refused(out).found
    assert here.is_dir()


def test_home_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert "your home" in refused(tmp_path / "home").found


@pytest.mark.parametrize("other", ["site", "site/below", "."])
@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_that_holds_or_lies_in_the_mirror_or_the_cache_is_refused(other, exists, tmp_path):
    apart = tmp_path / other
    if exists:
        apart.mkdir(parents=True, exist_ok=True)
    before = everything(tmp_path)
    error = refused(tmp_path / "site", apart=[tmp_path / "elsewhere", apart])
    assert f"the mirror or the cache, {apart}" in error.found or other != "site"
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["two\nlines", "bell\a", "line\u2028end", "broken\udcff"])
@pytest.mark.parametrize("below", ["", "site"])
def test_a_name_that_is_not_one_line_is_refused(name, below, tmp_path):
    error = refused(tmp_path / name / below)
    assert "is not plain text" in error.what
    assert str(error).isprintable()
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["mine", "my site", "Gwynedd ŵ", "日本", ".hidden"])
def test_names_of_all_languages_are_fine(name, tmp_path):
    assert require_place(tmp_path / name) == tmp_path / name


def test_a_mark_of_another_program_is_none(tmp_path):
    mark = Mark(edition="2019", area="Northmere", districts=("E06900001",))
    path = write_mark(mark, tmp_path)
    assert read_mark(tmp_path) == mark
    path.write_text(path.read_text(encoding="utf-8").replace("site 1", "site 9"), encoding="utf-8")
    assert read_mark(tmp_path) is None


def test_a_mark_lists_what_the_build_made(tmp_path):
    a_site(tmp_path / "site")
    found = read_mark(tmp_path / "site")
    assert found == MARK
    assert found.files == ("halton/maps/imd.svg", "index.html", "site.svg")
