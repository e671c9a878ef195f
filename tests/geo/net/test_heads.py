"""What is read out of the head of an answer, and which addresses are followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.net.heads import RequestError, head_of, leads_to, require_followed


def answer(status=200, **told):
    headers = {name.replace("_", "-").title(): value for name, value in told.items()}
    headers = {name.replace("Etag", "ETag"): value for name, value in headers.items()}
    return SimpleNamespace(status_code=status, headers=headers, reason="")


def test_a_head_tells_of_the_whole_or_of_a_part():
    whole = head_of(answer(content_length="12", etag='"a"', last_modified="Monday"))
    assert (whole.length, whole.start, whole.total) == (12, 0, 12)
    assert (whole.etag, whole.modified, whole.packed) == ('"a"', "Monday", False)
    part = head_of(answer(206, content_range="bytes 5-11/12", content_length="7"))
    assert (part.length, part.start, part.total) == (7, 5, 12)
    assert head_of(answer(206, content_range="bytes 5-11/*")).total is None


def test_a_length_counts_only_where_it_is_of_the_bytes_that_are_kept():
    assert head_of(answer(content_length="12", content_encoding="gzip")).total is None
    assert head_of(answer(content_length="12", transfer_encoding="chunked")).length is None


@pytest.mark.parametrize(
    ("told", "length"),
    [
        ("", None),
        ("bytes 5-11", None),
        ("bytes 5-10/12", None),
        ("bytes 5-11/12", "9"),
        ("bytes x-11/12", None),
        ("lines 5-11/12", None),
        (f"bytes 5-{'9' * 30}/*", None),
    ],
)
def test_a_part_that_does_not_reach_the_end_is_no_rest(told, length):
    more = {} if length is None else {"content_length": length}
    with pytest.raises(RequestError, match="a part of the file that cannot be used") as caught:
        head_of(answer(206, content_range=told, **more))
    assert (caught.value.status, caught.value.passing) == (206, True)


def in_s(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("told", "least_s", "most_s"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("", 0, 0),
        ("soon", 0, 0),
        ("-5", 0, 0),
        (lambda: in_s(60), 50, 60),
        (lambda: in_s(-60), 0, 0),
        ("9" * 400, float("inf"), float("inf")),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(told, least_s, most_s):
    with pytest.raises(RequestError) as caught:
        head_of(answer(429, retry_after=told() if callable(told) else told))
    assert least_s <= caught.value.after_s <= most_s


def test_an_address_is_followed_from_where_it_was_given():
    moved = answer(302, location=" ../b?c=d ")
    assert leads_to(moved, "https://example.org/x/y/a") == "https://example.org/x/b?c=d"
    assert leads_to(answer(302, location="//other.org/b"), "https://a.org") == "https://other.org/b"
    assert leads_to(answer(200), "https://example.org") is None


def test_https_is_never_left_and_http_only_for_https():
    require_followed("https://www.example.org/a", "https://example.org/")
    require_followed("https://www.example.org/a", "http://example.org/")
    require_followed("http://www.example.org/a", "http://example.org/")
    with pytest.raises(RequestError, match="not http"):
        require_followed("http://example.org/a", "https://example.org/")


def test_a_numbered_host_is_asked_only_where_it_was_the_first():
    require_followed("http://127.0.0.1:80/a", "http://127.0.0.1/")
    for host in ("127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost", "intranet", "a_b.org"):
        with pytest.raises(RequestError):
            require_followed(f"https://{host}/", "https://example.org/")


@given(st.text(), st.sampled_from(["", "http://", "https://", "//", "https://example.org"]))
def test_whatever_a_server_leads_to_is_followed_or_refused(told, start):
    moved = answer(302, location=start + told)
    try:
        place = leads_to(moved, "https://example.org/")
        require_followed(place, "https://example.org/")
    except RequestError:
        return
    assert place.startswith("https://")


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "content_length",
                "content_range",
                "retry_after",
                "etag",
                "content_encoding",
                "last_modified",
                "transfer_encoding",
            ]
        ),
        st.text(),
    ),
    st.integers(100, 999),
)
def test_whatever_a_server_says_of_a_body_is_a_head_or_refused(told, status):
    try:
        head = head_of(answer(status, **told))
    except RequestError:
        return
    assert head.status in {200, 206}
    assert head.length is None or head.length >= 0
