"""Answers in JSON that are what they seem, and those that only look deep or broken."""

from __future__ import annotations

import json

import pytest

from geo.errors import SourceError
from geo.net.answers import answer_of
from geo.net.heads import RequestError


def read(tmp_path, text):
    path = tmp_path / "answer.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return answer_of(path)


def test_brackets_in_texts_are_not_nesting(tmp_path):
    told = {"features": [{"name": "[" * 99 + '"' + "{" * 99 + "\\"}]}
    assert read(tmp_path, json.dumps(told)) == told


def test_letters_of_all_kinds_are_read(tmp_path):
    assert read(tmp_path, '{"a": "\\ud83d\\ude00 Tŷ"}') == {"a": "😀 Tŷ"}
    assert read(tmp_path, b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("told", "passing", "status"),
    [
        ({"code": 500, "message": "a"}, True, 500),
        ({"code": 400, "message": "Cannot perform query."}, True, 400),
        ({"code": 400, "message": "Invalid URL"}, False, 400),
        ({"code": 403, "message": "a"}, False, 403),
        ({"code": "500"}, True, 0),
        ("sorry", True, 0),
        ([1], True, 0),
    ],
)
def test_an_error_that_calls_itself_a_success_is_a_failed_request(tmp_path, told, passing, status):
    with pytest.raises(RequestError) as caught:
        read(tmp_path, json.dumps({"error": told, "features": []}))
    assert (caught.value.passing, caught.value.status) == (passing, status)


@pytest.mark.parametrize("text", ["", "[1]", "7", "null", '{"a": Infinity}', "{} {}", b"\xff{}"])
def test_what_is_no_answer_is_refused(tmp_path, text):
    with pytest.raises(SourceError):
        read(tmp_path, text)


@pytest.mark.parametrize("run", ['\\"', "\\\\", "x"])
def test_five_megabytes_of_a_text_that_never_ends_are_refused(tmp_path, run):
    """What looks at every beginning of the text anew takes hours for it."""
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path, '{"features": "' + run * (5_000_000 // len(run)))


def test_what_is_nested_too_deep_before_a_text_that_never_ends_is_refused(tmp_path):
    with pytest.raises(SourceError, match="nested too deep"):
        read(tmp_path, "[" * 99 + '"' + "]" * 99)
