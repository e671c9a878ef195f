"""Whether there is a network: hosts that answer, refuse, or are behind a proxy."""

from __future__ import annotations

import socket
import threading

import pytest

from geo.net import reach
from geo.net.reach import reachable


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def host():
    """Return an address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


CLOSED = "127.0.0.1:9"


def test_a_host_that_takes_a_connection_is_reached(host):
    assert reachable([f"https://{CLOSED}/a", f"https://{host}/b"])


@pytest.mark.parametrize(
    "urls",
    [
        [],
        [f"https://{CLOSED}/"],
        ["no address"],
        ["https://[::1/"],
        ["https://h:70000/"],
        ["x://h"],
    ],
)
def test_where_nothing_answers_nothing_is_reached(urls):
    assert not reachable(urls)


def test_a_name_that_is_never_found_is_not_waited_for(monkeypatch, host):
    """A resolver without a network may take its time, and that of a thread alone."""
    held = threading.Event()
    true = socket.create_connection

    def connect(door, timeout):
        if door[0] == "nowhere.example":
            held.wait(20)
        return true(door, timeout)

    monkeypatch.setattr(reach.socket, "create_connection", connect)
    assert not reachable(["https://nowhere.example/"], within_s=0.05)
    assert reachable(["https://nowhere.example/", f"https://{host}/"], within_s=10)
    held.set()


def test_a_proxy_is_asked_in_place_of_the_host(monkeypatch, host):
    monkeypatch.setenv("https_proxy", f"http://{host}")
    assert reachable(["https://nowhere.example/"])
    monkeypatch.setenv("https_proxy", host)
    assert reachable(["https://nowhere.example/"])
    monkeypatch.setenv("https_proxy", f"http://{CLOSED}")
    assert not reachable([f"https://{host}/"])
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert reachable([f"https://{host}/"])
