"""Requests: answers that end badly, redirects, what is compressed, and one connection a host."""

from __future__ import annotations

import gzip
import io
import threading
import time
import zlib
from contextlib import contextmanager
from dataclasses import replace

import pytest
import requests

from geo.errors import SourceError
from geo.net import network
from geo.net.allowance import Allowance, SpentError
from geo.net.heads import RequestError
from geo.net.network import HostLine
from tests.geo.publisher import CONTENT, QUICK, Reply, in_turn, leads, left, locate, source

START = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
ZIPPED = START + b"Content-Encoding: gzip\r\n\r\n"
LIMITED = replace(QUICK, whole_s=1.5, most_bytes=2_000_000)
ALLOWED = 60


def fetched(host, path="/a.csv", *, patience=QUICK, headers=None, size=1 << 20, seconds=ALLOWED):
    """Return the body at a path of a host, asked for once."""

    class Kept(io.BytesIO):
        def close(self):
            pass

    kept = Kept()
    allowance = Allowance(seconds=seconds, size=size)
    with HostLine(patience) as line:
        line.get(
            f"{host.url}{path}",
            lambda head: kept,
            allowance=allowance,
            headers=headers or {"Accept-Encoding": "gzip"},
        )
    return kept.getvalue()


BAD = {
    "absent": (Reply(status=404), 1, "the server answered 404 Not Found"),
    "forbidden": (Reply(status=403), 1, "the server answered 403"),
    "without content": (Reply(status=204, length=None), 1, "the server answered 204"),
    "a part nobody asked for": (Reply(body=CONTENT, status=206), 3, "a part of the file"),
    "failing": (Reply(status=503), 3, "the server answered 503"),
    "short": (Reply(body=CONTENT, length="120"), 3, "no connection, or a broken one"),
    "announcing words": (Reply(body=CONTENT, length="many"), 3, "“many” bytes announced"),
    "slow": (Reply(body=CONTENT, wait_s=1.5), 3, "the server took too long to answer"),
    "a web page": (Reply(body=b"<!DOCTYPE html><html>Sorry"), 2, "begins “<!DOCTYPE html>"),
    "empty": (Reply(), 2, "an empty file"),
    "no HTTP": (Reply(raw=(b"hello\r\n", b"", 0)), 3, "no connection, or a broken one"),
    "silent": (Reply(raw=(b"", b"", 0)), 3, "no connection, or a broken one"),
    "in brotli": (
        Reply(body=CONTENT, headers={"Content-Encoding": "br"}),
        1,
        "it comes compressed as “br”",
    ),
    "not compressed": (
        Reply(body=CONTENT, headers={"Content-Encoding": "gzip"}),
        3,
        "it cannot be unpacked",
    ),
    "compressed and cut": (
        Reply(body=gzip.compress(CONTENT)[:-9], headers={"Content-Encoding": "gzip"}),
        3,
        "what is compressed breaks off",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_ends_in_one_paragraph_and_no_file(tmp_path, host, kind):
    reply, asked, said = BAD[kind]
    host.at["/a.csv"] = reply
    with pytest.raises(SourceError) as caught:
        locate(source(url=f"{host.url}/a.csv"), cache=tmp_path)
    assert said in str(caught.value)
    assert "save it as people/people.csv" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert host.times("/a.csv") == asked
    assert left(tmp_path) == []


ENDLESS = {
    "a file": ((START + b"\r\n", b"x" * 50_000, 0), "it takes more than 2,000,000 bytes", 2),
    "what is compressed": (
        (ZIPPED, gzip.compress(b"0" * 10**7), 0),
        "it takes more than 2,000,000 bytes",
        1,
    ),
    "a trickle": ((START + b"\r\n", b"x", 0.05), "it takes more than 1.5 seconds", 1),
    "headers": ((START, b"X-A: b\r\n", 0.2), "it takes more than 1.5 seconds", 1),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_end_is_given_up(tmp_path, host, kind):
    raw, said, most = ENDLESS[kind]
    host.at["/a.csv"] = Reply(raw=raw)
    with pytest.raises(SourceError) as caught:
        locate(source(url=f"{host.url}/a.csv"), cache=tmp_path, patience=LIMITED)
    assert said in caught.value.found
    assert host.times("/a.csv") <= most
    assert left(tmp_path) == []


def test_a_server_that_is_not_there_is_answered_in_one_paragraph(tmp_path):
    with pytest.raises(SourceError, match="Connection refused"):
        locate(source(url="http://127.0.0.1:9/a.csv"), cache=tmp_path)


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(CONTENT),
        gzip.compress(CONTENT[:7]) + gzip.compress(CONTENT[7:]),
        zlib.compress(CONTENT),
    ],
    ids=["gzip", "gzip in two", "deflate"],
)
def test_what_is_compressed_is_unpacked(host, packed):
    host.at["/a.csv"] = Reply(body=packed, headers={"Content-Encoding": "gzip"})
    assert fetched(host) == CONTENT
    large = b"0123456789" * 50_000
    host.at["/a.csv"] = Reply(body=gzip.compress(large), headers={"Content-Encoding": "x-gzip"})
    assert fetched(host) == large


def test_a_bomb_is_never_unpacked_beyond_what_is_allowed(host, monkeypatch):
    """A thousandfold packing is noticed at the limit, not after it: pieces are of bounded size."""
    sizes = []
    true = network._unpacked
    monkeypatch.setattr(
        network,
        "_unpacked",
        lambda chunks, packed: (sizes.append(len(p)) or p for p in true(chunks, packed=packed)),
    )
    bomb = gzip.compress(b"0" * 10**7, 9)
    assert len(bomb) < 10_000
    host.at["/a.csv"] = Reply(body=bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(SpentError, match="more than 1,000,000 bytes"):
        fetched(host, size=1_000_000)
    assert max(sizes) <= 1 << 16
    assert sum(sizes) <= 1_000_000 + (1 << 16)


def test_a_redirect_is_followed_with_the_same_question(host):
    host.at |= {
        "/a.csv": leads("/b.csv", 301),
        "/b.csv": leads(f"{host.url}/c/../d.csv?x=1#there", 307),
        "/d.csv": Reply(body=CONTENT),
    }
    assert fetched(host, headers={"Range": "bytes=3-"}) == CONTENT
    assert [asked.path for asked in host.asked] == ["/a.csv", "/b.csv", "/d.csv"]
    assert host.asked[-1].query == {"x": "1"}
    assert all(asked.headers["Range"] == "bytes=3-" for asked in host.asked)


REFUSED = {
    "a file": ("file:///etc/passwd", "only https addresses are followed, not file"),
    "another protocol": ("ftp://example.org/a.csv", "not ftp"),
    "data": ("data:text/csv,code", "not data"),
    "a script": ("javascript:alert(1)", "not javascript"),
    "a broken host": ("http://[::1", "a broken address"),
    "a broken port": ("http://example.org:port/", "a broken address"),
    "a password": ("http://me:secret@example.org/", "a broken address"),
    "no host": ("https:///a.csv", "a broken address"),
    "a line break": ("http://example.org/\ta", "a broken address"),
    "another number": ("http://10.0.0.1/", "no public host"),
    "this machine": ("http://localhost/", "no public host"),
    "nothing": ("", "does not say where to"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_redirect_to_what_is_no_public_address_is_refused_by_name(host, kind):
    place, said = REFUSED[kind]
    host.at["/a.csv"] = leads(place)
    with pytest.raises(RequestError, match=said) as caught:
        fetched(host)
    assert not caught.value.passing
    assert len(host.asked) == 1


def test_a_circle_of_redirects_is_left(host):
    host.at["/a.csv"] = leads("/a.csv")
    with pytest.raises(RequestError, match="leads on more than 5 times"):
        fetched(host)
    assert host.times("/a.csv") == 6


def test_a_redirect_does_not_cost_what_it_says(host):
    host.at |= {
        "/a.csv": replace(leads("/b.csv"), raw=None, body=b"x" * 500_000),
        "/b.csv": Reply(body=CONTENT),
    }
    assert fetched(host, size=100) == CONTENT


def test_who_asks_says_so_and_gives_nothing_else_away(host, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    host.at["/a.csv"] = in_turn(
        replace(leads("/a.csv"), headers={"Location": "/a.csv", "Set-Cookie": "a=b"}),
        Reply(body=CONTENT),
    )
    fetched(host)
    for asked in host.asked:
        assert asked.headers["User-Agent"].startswith("deprivation-pockets/")
        assert asked.headers["User-Agent"].endswith(" (open data reader)")
        assert not {"Authorization", "Cookie"} & asked.headers.keys()


def test_an_authority_that_is_not_there_is_said(host, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/authority.pem")
    secure = type("S", (), {"url": host.url.replace("http:", "https:")})
    with pytest.raises(RequestError, match=r"/nowhere/authority\.pem"):
        fetched(secure)


def test_a_host_is_asked_over_one_connection_at_a_time(tmp_path, host):
    host.at["/a.csv"] = Reply(body=CONTENT, wait_s=0.05)
    done = []
    threads = [threading.Thread(target=lambda: done.append(fetched(host))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [CONTENT] * 4
    assert host.most_open == 1


def test_waiting_for_others_costs_no_time_of_ones_own(host):
    """Three wait for each other a multiple of what each has: none of them is given up."""
    host.at["/a.csv"] = Reply(body=CONTENT, wait_s=0.3)
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(fetched(host, seconds=0.5))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [CONTENT] * 3


def test_a_host_is_free_after_a_request_that_failed(host):
    host.at["/a.csv"] = Reply(raw=(START + b"\r\n", b"x", 0.05))
    with pytest.raises(SpentError):
        fetched(host, seconds=0.2)
    host.at["/b.csv"] = Reply(body=CONTENT)
    started = time.monotonic()
    assert fetched(host, "/b.csv") == CONTENT
    assert time.monotonic() - started < ALLOWED


NAMES = "https://houseofcommonslibrary.github.io/msoanames/MSOA-Names-1.16.csv"


def test_a_line_that_is_left_is_closed_though_an_error_remembers_its_answer(publishers):
    @contextmanager
    def spoilt(_):
        yield io.BytesIO()
        raise RuntimeError("not what was looked for")

    line = HostLine(QUICK)
    with pytest.raises(RuntimeError) as remembered:
        line.get(NAMES, spoilt, allowance=Allowance(seconds=ALLOWED, size=1 << 20), headers={})
    line.leave()
    assert requests.get(NAMES, timeout=10).status_code == 200
    assert remembered.value is not None
    assert [seen.connections for seen in publishers.requests] == [1, 1]
