"""Asking again: how often, after which pauses, and when no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from geo.errors import SourceError
from geo.net import asking, heads
from tests.geo.publisher import CONTENT, QUICK, Reply, in_turn, locate, source


@pytest.fixture
def pauses(monkeypatch):
    """Return the pauses that are made, in place of making them."""
    made = []
    monkeypatch.setattr(asking, "time", SimpleNamespace(sleep=made.append))
    return made


def busy(host, rest, times=1, status=429):
    told = {} if rest is None else {"Retry-After": rest}
    replies = [Reply(status=status, headers=told)] * times
    host.at["/a.csv"] = in_turn(*replies, Reply(body=CONTENT))
    return source(url=f"{host.url}/a.csv")


def test_a_server_that_fails_twice_is_asked_a_third_time(tmp_path, host, pauses):
    path = locate(busy(host, None, 2, 503), cache=tmp_path)
    assert path.read_bytes() == CONTENT
    assert host.times("/a.csv") == 3
    assert 0.01 <= pauses[0] <= 0.0125
    assert 0.02 <= pauses[1] <= 0.025


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_failure_that_may_pass_is_asked_about_again(tmp_path, host, pauses, status):
    locate(busy(host, None, 1, status), cache=tmp_path)
    assert host.times("/a.csv") == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 501])
def test_a_failure_that_stays_is_not(tmp_path, host, pauses, status):
    with pytest.raises(SourceError, match=str(status)):
        locate(busy(host, None, 1, status), cache=tmp_path)
    assert host.times("/a.csv") == 1


@pytest.mark.parametrize(
    ("rest", "least_s", "most_s"), [("7", 7, 7.01), ("0", 0.01, 0.0125), ("soon", 0.01, 0.0125)]
)
def test_a_server_that_asks_for_rest_gets_it(tmp_path, host, pauses, rest, least_s, most_s):
    locate(busy(host, rest), cache=tmp_path)
    assert host.times("/a.csv") == 2
    assert len(pauses) == 1
    assert least_s <= pauses[0] <= most_s


@pytest.mark.parametrize(("ahead_s", "least_s", "most_s"), [(90, 90, 90.01), (-90, 0.01, 0.0125)])
def test_a_server_that_asks_for_rest_until_a_time_gets_it(
    tmp_path, host, pauses, monkeypatch, ahead_s, least_s, most_s
):
    now = datetime(2026, 3, 3, 10, tzinfo=UTC)
    monkeypatch.setattr(heads, "datetime", SimpleNamespace(now=lambda zone: now.astimezone(zone)))
    until = format_datetime(now + timedelta(seconds=ahead_s), usegmt=True)
    locate(busy(host, until), cache=tmp_path)
    assert host.times("/a.csv") == 2
    assert len(pauses) == 1
    assert least_s <= pauses[0] <= most_s


@pytest.mark.parametrize("rest", ["100000", "9" * 400])
def test_a_server_that_asks_for_too_much_rest_is_not_waited_for(tmp_path, host, pauses, rest):
    with pytest.raises(SourceError, match="seconds of rest"):
        locate(busy(host, rest), cache=tmp_path)
    assert host.times("/a.csv") == 1
    assert pauses == []


def test_no_two_who_were_refused_together_come_back_together(tmp_path, host, pauses):
    for number in range(20):
        locate(busy(host, None), cache=tmp_path / str(number))
        host.asked.clear()
    assert len(set(pauses)) > 10
    assert QUICK.pause_s <= min(pauses) < max(pauses) <= QUICK.pause_s * 1.25
