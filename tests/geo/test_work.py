"""The same results and the same errors here, in a pool of processes and on a Dask cluster."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import zlib
from contextlib import suppress
from functools import partial

import pandas as pd
import pytest

from geo import work
from geo.codes import require_unique, slug
from geo.errors import CodeError, PocketsError, SourceError
from geo.work import require_workers, run

NAMES = ["St. Helens", "Halton", "Bristol, City of", "Halton", ""]
SLUGS = {0: "st-helens", 1: "halton", 2: "bristol-city-of", 3: "halton", 4: ""}
CODES = [pd.Index(["E01900001"]), pd.Index(["E01900002", "E01900002"])]

check = partial(require_unique, where="a file")

AT_WORK = """\
import time
from contextlib import closing
from geo.work import run
with closing(run(time.sleep, [0, 0, 600], jobs=2)) as finished:
    for place, _ in finished:
        print(place, flush=True)
"""


@pytest.fixture(scope="module")
def scheduler():
    """Start a cluster of one thread in this process; return its address."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(params=["here", "pool", "cluster"])
def ways(request):
    """Return the options of each way to run."""
    if request.param == "cluster":
        return {"scheduler": request.getfixturevalue("scheduler")}
    return {"jobs": 2 if request.param == "pool" else 1}


def test_every_way_gives_each_result_with_its_place(ways):
    assert dict(run(slug, NAMES, **ways)) == SLUGS


def test_every_way_raises_the_error_with_its_parts(ways):
    with pytest.raises(CodeError) as caught:
        list(run(check, CODES, **ways))
    assert str(caught.value) == (
        "1 area codes occur more than once. Where: a file. Expected: each code once. "
        "Found: E01900002. What to do: remove the repeated rows from the file, or fetch it again."
    )
    assert caught.value.found == "E01900002"


def test_nothing_to_do_is_nothing(ways):
    assert list(run(slug, [], **ways)) == []


def test_what_is_left_is_dropped_when_the_reader_stops(ways):
    results = run(slug, NAMES, **ways)
    place, result = next(results)
    results.close()
    assert result == SLUGS[place]


def test_one_item_needs_no_other_process():
    assert list(run(lambda number: (number, os.getpid()), [7], jobs=8)) == [(0, (7, os.getpid()))]


def test_a_process_that_dies_is_told_of():
    with pytest.raises(PocketsError, match=r"died before its work was done.*--jobs.*memory"):
        list(run(os._exit, [3, 3], jobs=2))


@pytest.mark.parametrize(
    ("stop", "sent", "told"), [(os.kill, signal.SIGKILL, 0), (os.killpg, signal.SIGINT, 1)]
)
def test_a_pool_ends_with_its_parent(stop, sent, told):
    """Wait for the end of what is said, which comes when the last of all processes has ended."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK],
        cwd=work.HOME,
        start_new_session=True,
        # Tests that run in the background do not hear Ctrl-C, and hand that down.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        try:
            assert {parent.stdout.readline(), parent.stdout.readline()} == {"0\n", "1\n"}
            stop(parent.pid, sent)
            said = parent.communicate(timeout=30)[1]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(parent.pid, signal.SIGKILL)
    assert (parent.returncode, said.count("Traceback")) == (-sent, told)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://nowhere"])
def test_a_scheduler_that_does_not_answer_is_refused(address, monkeypatch):
    monkeypatch.setattr(work, "CONNECT_S", 0.3)
    with pytest.raises(SourceError) as caught:
        list(run(slug, NAMES, scheduler=address))
    assert caught.value.where == address
    assert "without --scheduler" in caught.value.do


def fills_the_disk(name):
    try:
        raise OSError(errno.ENOSPC, name)
    finally:
        zlib.decompress(b"never")


def test_every_way_raises_what_led_to_an_error(ways):
    with pytest.raises(zlib.error) as caught:
        list(run(fills_the_disk, ["atlas.pdf", "atlas.pdf"], **ways))
    led = caught.value.__cause__ or caught.value.__context__
    assert (led.errno, led.strerror) == (errno.ENOSPC, "atlas.pdf")


def test_a_scheduler_without_workers_is_refused(monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(work, "CONNECT_S", 0.3)
    quiet = {"n_workers": 0, "processes": False, "protocol": "tcp"}
    with (
        distributed.LocalCluster(**quiet, dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(SourceError, match="nobody to work") as caught,
    ):
        require_workers(scheduler=cluster.scheduler_address)
    assert caught.value.found == "a scheduler without workers"


def test_a_cluster_needs_its_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PocketsError, match=r"not installed.*deprivation-pockets\[cluster\]"):
        require_workers(scheduler="tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("limits", "raised"), [((1024, 1024), None), ((10, 4096), 80), ((10, -1), 80), ((-1, -1), None)]
)
def test_a_limit_on_open_files_is_raised_as_far_as_one_may(limits, raised, monkeypatch):
    told = []
    monkeypatch.setattr(work.resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(work.resource, "setrlimit", lambda _, both: told.append(both))
    require_workers(jobs=2)
    assert told == ([(raised, limits[1])] if raised else [])


@pytest.mark.parametrize(("jobs", "needed"), [(1, 72), (8, 128)])
def test_a_limit_on_open_files_that_is_too_low_is_refused(jobs, needed, monkeypatch):
    monkeypatch.setattr(work.resource, "getrlimit", lambda _: (20, needed - 1))
    with pytest.raises(PocketsError, match="too few open files") as caught:
        require_workers(jobs=jobs)
    assert (caught.value.expected, caught.value.found) == (f"{needed} or more", f"{needed - 1}")
