"""Downloads that break off go on where they were, of the same bytes and of no others."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import SourceError
from geo.fetch.receipts import receipt_of
from geo.net import partial
from tests.geo.publisher import QUICK, Reply, in_parts, in_turn, left, locate, source

PROJECT = Path(__file__).parents[3]
BODY = b"code,n\n" + b"".join(b"E0199%04d,1\n" % number for number in range(9000))
FIRST = 20_000
ONCE = replace(QUICK, attempts=1)
MODIFIED = "Mon, 02 Nov 2026 09:30:00 GMT"


def broken(answer, *, times=1, at=FIRST):
    """Break the connection off after so many bytes, so many times."""
    return lambda asked: replace(answer(asked), cut=at if asked.number <= times else None)


def ranges(host):
    return [asked.headers.get("Range") for asked in host.asked]


@pytest.fixture
def big(host):
    host.at["/a.csv"] = broken(in_parts(BODY))
    return source(url=f"{host.url}/a.csv")


def stopped(wanted, cache):
    """Fetch a file of which only a part comes."""
    with pytest.raises(SourceError, match="no connection, or a broken one"):
        locate(wanted, cache=cache, patience=ONCE)


@pytest.mark.parametrize(("etag", "modified"), [('"one"', ""), ("", MODIFIED), ('"one"', MODIFIED)])
def test_an_attempt_goes_on_where_the_one_before_broke_off(tmp_path, host, etag, modified):
    host.at["/a.csv"] = broken(in_parts(BODY, etag=etag, modified=modified))
    path = locate(source(url=f"{host.url}/a.csv"), cache=tmp_path)
    assert path.read_bytes() == BODY
    assert ranges(host) == [None, f"bytes={FIRST}-"]
    assert host.asked[1].headers["If-Range"] == (etag or modified)
    assert (receipt_of(path).etag, receipt_of(path).modified) == (etag, modified)
    assert receipt_of(path).size == len(BODY)
    assert not (tmp_path / "files" / ".partial").exists()


def test_a_run_goes_on_where_the_one_before_broke_off(tmp_path, host, big):
    seen = []
    stopped(big, tmp_path)
    assert left(tmp_path) == ["body", "told.json"]
    path = locate(big, cache=tmp_path, watch=seen.append)
    assert path.read_bytes() == BODY
    assert ranges(host) == [None, f"bytes={FIRST}-"]
    assert (seen[0].done, seen[0].total) == (FIRST, len(BODY))
    assert seen[-1].done == len(BODY)
    assert left(tmp_path) == ["people.csv", "people.csv.receipt.json", "people.csv.sha256"]


def test_what_was_there_entirely_is_not_asked_for_again(tmp_path, host, big):
    stopped(big, tmp_path)
    (body,) = tmp_path.rglob("body")
    body.write_bytes(BODY)
    path = locate(big, cache=tmp_path)
    assert path.read_bytes() == BODY
    assert receipt_of(path).etag == '"one"'
    assert host.times("/a.csv") == 1


def test_bytes_without_a_name_are_fetched_anew(tmp_path, host):
    host.at["/a.csv"] = broken(in_parts(BODY, etag=""))
    wanted = source(url=f"{host.url}/a.csv")
    stopped(wanted, tmp_path)
    assert left(tmp_path) == []
    assert locate(wanted, cache=tmp_path).read_bytes() == BODY
    assert ranges(host) == [None, None]


def test_a_weak_name_is_none(tmp_path, host):
    host.at["/a.csv"] = broken(in_parts(BODY, etag='W/"one"'))
    stopped(source(url=f"{host.url}/a.csv"), tmp_path)
    assert left(tmp_path) == []


OTHER = b"code,n\n" + b"E01990001,2\n" * 3000
LATER = {
    "the file is another one": in_parts(OTHER, etag='"two"'),
    "the server knows no parts": lambda asked: Reply(body=OTHER, headers={"ETag": '"one"'}),
    "the part begins elsewhere": lambda asked: in_turn(
        Reply(
            body=OTHER[7:],
            status=206,
            headers={"Content-Range": f"bytes 7-{len(OTHER) - 1}/{len(OTHER)}"},
        ),
        Reply(body=OTHER),
    )(replace(asked, number=1 if "Range" in asked.headers else 2)),
    "the part has another name": lambda asked: in_turn(
        Reply(
            body=OTHER[FIRST:],
            status=206,
            headers={
                "Content-Range": f"bytes {FIRST}-{len(OTHER) - 1}/{len(OTHER)}",
                "ETag": '"two"',
            },
        ),
        Reply(body=OTHER),
    )(replace(asked, number=1 if "Range" in asked.headers else 2)),
    "the whole has another size": lambda asked: in_turn(
        Reply(
            body=OTHER[FIRST:],
            status=206,
            headers={"Content-Range": f"bytes {FIRST}-{len(OTHER) - 1}/{len(OTHER)}"},
        ),
        Reply(body=OTHER),
    )(replace(asked, number=1 if "Range" in asked.headers else 2)),
    "nothing is left": lambda asked: (
        Reply(status=416) if "Range" in asked.headers else Reply(body=OTHER)
    ),
    "the part says nothing of itself": lambda asked: (
        Reply(body=OTHER[9:], status=206) if "Range" in asked.headers else Reply(body=OTHER)
    ),
    "the rest is compressed": lambda asked: in_turn(
        Reply(
            body=OTHER[FIRST:],
            status=206,
            headers={
                "Content-Range": f"bytes {FIRST}-{len(OTHER) - 1}/{len(OTHER)}",
                "Content-Encoding": "gzip",
            },
        ),
        Reply(body=OTHER),
    )(replace(asked, number=1 if "Range" in asked.headers else 2)),
}


@pytest.mark.parametrize("kind", LATER)
def test_a_rest_that_does_not_fit_is_never_put_to_what_is_there(tmp_path, host, big, kind):
    stopped(big, tmp_path)
    host.at["/a.csv"] = LATER[kind]
    assert locate(big, cache=tmp_path).read_bytes() == OTHER
    assert host.asked[1].headers["Range"] == f"bytes={FIRST}-"


def test_a_rest_of_other_bytes_under_the_same_name_fails_its_check_and_is_fetched_anew(
    tmp_path, host, big
):
    """Nothing on the way shows it: the contents do, and what is there is then forgotten."""
    stopped(big, tmp_path)

    def lying(asked):
        true = in_parts(BODY)(asked)
        return replace(true, body=true.body[:-1] + b"?") if true.status == 206 else true

    host.at["/a.csv"] = lying

    def check(path, record):
        if path.read_bytes() != BODY:
            raise SourceError("other bytes")

    assert locate(big, cache=tmp_path, check=check).read_bytes() == BODY
    assert ranges(host) == [None, f"bytes={FIRST}-", None]


@pytest.mark.parametrize("told", ["", "[]", "{", '{"url": 7}', '{"url": "https://other.org"}'])
def test_a_part_of_which_nothing_is_known_is_fetched_anew(tmp_path, host, big, told):
    stopped(big, tmp_path)
    (place,) = tmp_path.rglob("told.json")
    place.write_text(told)
    assert locate(big, cache=tmp_path).read_bytes() == BODY
    assert ranges(host) == [None, None]


@pytest.mark.parametrize("name", ["a\r\nX: b", "é", 7, None, ""])
def test_a_name_that_cannot_be_sent_is_not_sent(tmp_path, host, big, name):
    stopped(big, tmp_path)
    (place,) = tmp_path.rglob("told.json")
    partial.write_told(place.parent, url=f"{host.url}/a.csv", etag=name, total=None)
    assert locate(big, cache=tmp_path).read_bytes() == BODY
    assert ranges(host) == [None, None]


def test_a_part_that_grew_beyond_all_that_is_allowed_is_forgotten(tmp_path, host):
    host.at["/a.csv"] = in_parts(BODY)
    few = replace(QUICK, most_bytes=len(BODY) - 1)
    with pytest.raises(SourceError, match="it takes more than"):
        locate(source(url=f"{host.url}/a.csv"), cache=tmp_path, patience=few)
    assert left(tmp_path) == []


def test_a_part_stays_when_only_time_is_up(tmp_path, host):
    start = b'HTTP/1.1 200 OK\r\nETag: "one"\r\nContent-Length: 107999\r\n\r\n' + BODY[:FIRST]
    host.at["/a.csv"] = Reply(raw=(start, b"x", 0.2))
    short = replace(QUICK, whole_s=0.5)
    with pytest.raises(SourceError, match=r"more than 0\.5 seconds"):
        locate(source(url=f"{host.url}/a.csv"), cache=tmp_path, patience=short)
    assert left(tmp_path) == ["body", "told.json"]


TAKING = """
import sys
from pathlib import Path
from tests.geo.publisher import locate, source
locate(source(url=sys.argv[2]), cache=Path(sys.argv[1]))
"""


def test_a_killed_download_goes_on_where_it_was(tmp_path, host):
    told = f'ETag: "one"\r\nContent-Length: {len(BODY)}\r\n\r\n'.encode()
    host.at["/a.csv"] = Reply(raw=(b"HTTP/1.1 200 OK\r\n" + told, b"x", 0.01))
    command = [sys.executable, "-c", TAKING, str(tmp_path), f"{host.url}/a.csv"]
    with subprocess.Popen(command, cwd=PROJECT) as process:
        until = time.monotonic() + 60
        while not any(body.stat().st_size for body in tmp_path.rglob("body")):
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()
    (body,) = tmp_path.rglob("body")
    had = body.stat().st_size
    body.write_bytes(BODY[:had])
    host.at["/a.csv"] = in_parts(BODY)
    assert locate(source(url=f"{host.url}/a.csv"), cache=tmp_path).read_bytes() == BODY
    assert ranges(host)[-1] == f"bytes={had}-"
