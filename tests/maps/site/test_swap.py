"""The swap: killed at every step, on systems that can exchange folders and on those that cannot."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import OutputError
from maps.site import swap
from maps.site.mark import FILE, Mark, strangers, write_mark
from maps.site.swap import recover, rehearse, swapped

ROOT = Path(__file__).resolve().parents[3]
MARK = Mark(edition="sample", area="the sample", districts=("E06900001",))
KILLED = """
import os, signal, sys, warnings
from pathlib import Path
from maps.site import swap
from maps.site.mark import Mark, write_mark

warnings.simplefilter("ignore")  # of forks; nothing but this runs here
mark = Mark(edition="sample", area="the sample", districts=("E06900001",))

def build(out, step, way):
    told = []

    def counted(real):
        def call(*arguments, **options):
            if len(told) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            told.append(real)
            return real(*arguments, **options)
        return call

    for name in ("mkdir", "rename", "rmdir", "unlink", "replace"):
        setattr(os, name, counted(getattr(os, name)))
    swap._exchange = counted(swap._exchange) if way == "exchange" else lambda one, other: False
    with swap.swapped(out) as folder:
        (folder / "index.html").write_text("new")
        write_mark(mark, folder)

def killed(places, way):
    for step in range(60):
        child = os.fork()
        if not child:
            try:
                build(places / str(step) / "site", step, way)
            except BaseException:
                os._exit(1)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        yield status
        if status != -signal.SIGKILL:
            break

for places in sys.argv[1:]:
    print(*killed(Path(places), Path(places).name.split("-")[0]))
"""
WAYS = [(way, there) for way in ("exchange", "renames") for there in ("old", "nothing")]


def a_site(folder, text):
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text)
    write_mark(MARK, folder)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def sites(places):
    """Return where the sites stand whose builds are killed at each step."""
    return [places / str(step) / "site" for step in range(60)]


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Kill builds in every way: for each, the folder of their sites and how each build ended."""
    places = {case: tmp_path_factory.mktemp("-".join(case)) for case in WAYS}
    for (_, there), folder in places.items():
        for out in sites(folder):
            a_site(out, "old") if there == "old" else out.parent.mkdir()
    command = [sys.executable, "-c", KILLED, *map(str, places.values())]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ends = [[int(code) for code in line.split()] for line in told.splitlines()]
    return dict(zip(WAYS, zip(places.values(), ends, strict=True), strict=True))


@pytest.mark.parametrize(("way", "there"), WAYS)
def test_a_build_killed_at_any_step_leaves_a_whole_site_and_no_orphan(
    way, there, builds, record_property
):
    """Killed before each call that changes a folder, until it ends by itself."""
    folder, (*killed, last) = builds[way, there]
    places = sites(folder)
    gone = [out for out in places[: len(killed)] if there == "old" and not out.exists()]
    outcomes = []
    for out in places[: len(killed)]:
        recover(out)
        assert names(out.parent) in ([["site"]] if there == "old" else [[], ["site"]])
        if out.exists():
            outcomes.append((out / "index.html").read_text())
            assert [*strangers(out)] == []
    record_property("times", len(killed))
    assert last == 0
    assert set(killed) == {-signal.SIGKILL}
    assert len(killed) > 8
    assert "new" in outcomes
    assert (there == "old") == ("old" in outcomes)
    assert len(gone) == (1 if (way, there) == ("renames", "old") else 0)


def test_a_system_that_can_exchange_folders_does(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    assert swap._exchange(tmp_path / "one", tmp_path / "other") == (sys.platform == "linux")
    assert names(tmp_path / "one") == ["other" if sys.platform == "linux" else "one"]


def test_a_second_rename_that_fails_puts_the_old_site_back(tmp_path, monkeypatch):
    a_site(tmp_path / "site", "old")
    rename = Path.rename

    def failing(self, target):
        if self.name == "site" and self.parent != tmp_path:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    def build():
        with swapped(tmp_path / "site") as folder:
            (folder / "index.html").write_text("new")

    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="Input/output error"):
        build()
    assert (tmp_path / "site" / "index.html").read_text() == "old"
    assert names(tmp_path) == ["site"]


@pytest.mark.parametrize("number", ["EINVAL", "ENOSYS", "EOPNOTSUPP"])
def test_a_disk_that_cannot_exchange_gets_two_renames(number, tmp_path, monkeypatch):
    class Libc:
        @staticmethod
        def renameat2(*_):
            swap.ctypes.set_errno(getattr(errno, number))
            return -1

    a_site(tmp_path / "site", "old")
    monkeypatch.setattr(swap.ctypes, "CDLL", lambda *_, **__: Libc)
    with swapped(tmp_path / "site") as folder:
        (folder / "index.html").write_text("new")
    assert (tmp_path / "site" / "index.html").read_text() == "new"
    assert names(tmp_path) == ["site"]


@pytest.mark.parametrize("number", ["ENOSPC", "EDQUOT", "EROFS", "EACCES"])
def test_a_disk_that_takes_nothing_is_found_out_before_the_work(number, tmp_path, monkeypatch):
    def failing(*_):
        raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

    a_site(tmp_path / "site", "old")
    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(OutputError, match=os.strerror(getattr(errno, number))) as raised:
        rehearse(tmp_path / "site")
    assert raised.value.where == str(tmp_path / "site")
    assert names(tmp_path) == ["site"]
    assert names(tmp_path / "site") == [FILE, "index.html", "site.svg"]


def test_a_rehearsal_leaves_nothing(tmp_path):
    rehearse(tmp_path / "a" / "b" / "site")
    assert names(tmp_path) == []
