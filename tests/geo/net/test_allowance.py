"""What a download may cost: nothing is written beyond it, and nobody waits longer."""

from __future__ import annotations

import io
import threading

import pytest

from geo.net import allowance as allowances
from geo.net.allowance import Allowance, Counted, SpentError


def test_bytes_are_taken_before_they_are_written_and_from_all_streams_together():
    allowance, first, second = Allowance(seconds=60, size=10), io.BytesIO(), io.BytesIO()
    Counted(first, allowance).write(b"123456")
    Counted(second, allowance).write(b"1234")
    with pytest.raises(SpentError, match="more than 10 bytes"):
        Counted(second, allowance).write(b"5")
    assert (first.getvalue(), second.getvalue()) == (b"123456", b"1234")


def test_work_is_given_up_when_its_time_is_over_and_writes_nothing_then():
    allowance, go, stream = Allowance(seconds=0.05, size=10), threading.Event(), io.BytesIO()
    refused = []

    def work():
        go.wait(10)
        try:
            Counted(stream, allowance).write(b"late")
        except SpentError as problem:
            refused.append(problem)
        go.clear()

    with pytest.raises(SpentError, match=r"more than 0\.05 seconds"):
        allowance.within(work)
    go.set()
    while go.is_set():
        pass
    assert len(refused) == 1
    assert stream.getvalue() == b""
    with pytest.raises(SpentError):
        allowance.seconds_left()


def test_the_result_or_the_error_of_work_comes_out_as_it_is():
    allowance, wrong = Allowance(seconds=60, size=1), KeyError("a")
    assert allowance.within(lambda: 7) == 7

    def fail():
        raise wrong

    with pytest.raises(KeyError) as caught:
        allowance.within(fail)
    assert caught.value is wrong


def test_work_that_nobody_waits_for_any_more_writes_nothing(monkeypatch):
    """A person who stops a run leaves no thread behind that goes on writing."""
    allowance, go, ended = Allowance(seconds=60, size=10), threading.Event(), threading.Event()
    refused = []

    def work():
        go.wait(10)
        try:
            allowance.spend(1)
        except SpentError as problem:
            refused.append(problem.of)
        ended.set()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(allowances, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        allowance.within(work)
    go.set()
    assert ended.wait(10)
    assert refused == ["seconds"]


def test_what_comes_too_late_is_handed_over():
    allowance, go, late = Allowance(seconds=0.05, size=1), threading.Event(), []
    handed = threading.Event()

    def work():
        go.wait(10)
        return 7

    with pytest.raises(SpentError):
        allowance.within(work, late=lambda result: (late.append(result), handed.set()))
    go.set()
    assert handed.wait(10)
    assert late == [7]


def test_time_may_stand_still_and_be_shared_without_the_bytes():
    allowance = Allowance(seconds=0.2, size=10)
    with allowance.standing_still():
        threading.Event().wait(0.3)
    allowance.spend(10)
    other = allowance.with_bytes(5)
    assert other.seconds_left() <= 0.2
    other.spend(5)
    assert (allowance.spent, other.spent) == (10, 5)
    with pytest.raises(SpentError) as caught:
        other.spend(1)
    assert caught.value.of == "bytes"
