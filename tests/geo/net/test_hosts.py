"""Hosts that never answer keep nobody waiting for others, and slow ones are waited for."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest
import requests
from urllib3.exceptions import MaxRetryError
from urllib3.exceptions import SSLError as UrllibSSLError

from geo.errors import SourceError
from geo.net import network
from geo.net.heads import RequestError
from geo.net.hosts import Hosts
from tests.geo.publisher import CONTENT, QUICK, Reply, in_turn, locate, source

CLOSED = "http://127.0.0.1:9"
"""A host that takes no connection."""
SLOW = Reply(body=CONTENT, wait_s=0.7)
"""An answer that comes too late for whoever is quick."""


def test_a_host_is_given_up_once_it_has_let_all_attempts_pass():
    hosts = Hosts()
    for _ in range(2):
        hosts.asked_in_vain("a")
    assert (hosts.gave_none("a", 2), hosts.gave_none("a", 3), hosts.gave_none("b", 1)) == (
        True, False, False,
    )  # fmt: skip
    hosts.answered("a")
    assert not hosts.gave_none("a", 2)


def test_a_host_that_takes_no_connection_is_asked_for_no_other_file(tmp_path, monkeypatch):
    hosts, pauses = Hosts(), []
    monkeypatch.setattr("geo.net.asking.time.sleep", pauses.append)
    with pytest.raises(SourceError, match="Connection refused"):
        locate(source(url=f"{CLOSED}/a.csv"), cache=tmp_path, hosts=hosts)
    assert len(pauses) == QUICK.attempts - 1
    with pytest.raises(SourceError, match="it did not answer before, and is not asked again"):
        locate(source(url=f"{CLOSED}/b.csv"), cache=tmp_path, hosts=hosts)
    assert len(pauses) == QUICK.attempts - 1


def test_a_file_at_a_host_that_is_gone_comes_from_another_one(tmp_path, host):
    hosts = Hosts()
    host.at["/a.csv"] = Reply(body=CONTENT)
    wanted = source(url=f"{CLOSED}/a.csv", also=(f"{host.url}/a.csv",))
    for name in ("a.csv", "b.csv"):
        path = locate(replace(wanted, path=name), cache=tmp_path, hosts=hosts)
        assert path.read_bytes() == CONTENT


def test_a_host_that_answers_late_is_asked_again_and_for_the_next_file(tmp_path, host):
    hosts = Hosts()
    host.at |= {
        "/a.csv": in_turn(SLOW, SLOW, Reply(body=CONTENT)),
        "/b.csv": SLOW,
        "/c.csv": Reply(body=CONTENT),
    }
    locate(source(url=f"{host.url}/a.csv"), cache=tmp_path, hosts=hosts)
    with pytest.raises(SourceError, match="took too long to answer"):
        locate(source(url=f"{host.url}/b.csv", path="b.csv"), cache=tmp_path, hosts=hosts)
    locate(source(url=f"{host.url}/c.csv", path="c.csv"), cache=tmp_path, hosts=hosts)
    assert [host.times(f"/{name}.csv") for name in "abc"] == [3, QUICK.attempts, 1]


def test_a_connection_that_cannot_be_made_secure_is_tried_again(tmp_path, host, monkeypatch):
    """A host that speaks no TLS at this moment may do so at the next."""
    pauses, secure = [], host.url.replace("http:", "https:")
    monkeypatch.setattr("geo.net.asking.time.sleep", pauses.append)
    with pytest.raises(SourceError, match="no secure connection"):
        locate(source(url=f"{secure}/a.csv"), cache=tmp_path)
    assert len(pauses) == QUICK.attempts - 1


def test_a_certificate_that_is_refused_stays_so():
    refused = UrllibSSLError(ssl.SSLCertVerificationError(1, "certificate verify failed"))
    problem = requests.exceptions.SSLError(MaxRetryError(None, "/", refused))
    with (
        pytest.raises(RequestError, match="certificate verify failed") as caught,
        network._explained(),
    ):
        raise problem
    assert not caught.value.passing
