"""The same results and the same errors here, in a pool of processes and on a Dask cluster."""

from __future__ import annotations

import os
from functools import partial

import pandas as pd
import pytest

from geo import work
from geo.codes import require_unique, slug
from geo.errors import CodeError, PocketsError, SourceError
from geo.work import run

NAMES = ["St. Helens", "Halton", "Bristol, City of", "Halton", ""]
SLUGS = {0: "st-helens", 1: "halton", 2: "bristol-city-of", 3: "halton", 4: ""}
CODES = [pd.Index(["E01900001"]), pd.Index(["E01900002", "E01900002"])]

check = partial(require_unique, where="a file")


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


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://nowhere"])
def test_a_scheduler_that_does_not_answer_is_refused(address, monkeypatch):
    monkeypatch.setattr(work, "CONNECT_S", 0.3)
    with pytest.raises(SourceError) as caught:
        list(run(slug, NAMES, scheduler=address))
    assert caught.value.where == address
    assert "without --scheduler" in caught.value.do
