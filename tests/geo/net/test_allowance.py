"""What a download may cost: nothing is written beyond it, and nobody waits longer."""

from __future__ import annotations

import io
import threading

import pytest

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
