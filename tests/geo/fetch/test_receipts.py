"""Receipts and stamps stand beside a file, and are believed only of the contents they are of."""

from __future__ import annotations

import json

import pytest

from geo.fetch.receipts import (
    Receipt,
    check_key,
    has_passed,
    put_receipt,
    receipt_of,
    remember_passed,
)
from geo.files.hashes import file_hash

GIVEN = {
    "source": "people",
    "url": "https://example.org/people.csv",
    "how": "the recorded address",
    "when": "2026-11-30T10:00:00+00:00",
    "size": 12,
    "etag": '"a"',
}


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("code,n\n")
    put_receipt(path, Receipt(**GIVEN, sha256=file_hash(path)))
    return path


def test_a_receipt_comes_back_as_it_was_written(kept):
    assert receipt_of(kept) == Receipt(**GIVEN, sha256=file_hash(kept))
    assert receipt_of(kept).rows is None
    assert receipt_of(kept).modified == ""


def test_a_receipt_of_other_contents_is_none(kept):
    kept.write_text("code,m\n")
    assert receipt_of(kept) is None


SPOILED = {
    "absent": None,
    "empty": "",
    "a list": "[]",
    "a number": "1",
    "deep": "[" * 100_000,
    "large": " " * 100_000,
    "not text": b"\xff\xfe",
    "without the size": {"size": ...},
    "a size of text": {"size": "12"},
    "a time of nonsense": {"when": "yesterday"},
    "another key": {"colour": "red"},
}


@pytest.mark.parametrize("damage", SPOILED)
def test_a_damaged_receipt_is_none(kept, damage):
    told, spoilt = kept.with_name("people.csv.receipt.json"), SPOILED[damage]
    if spoilt is None:
        told.unlink()
    elif isinstance(spoilt, dict):
        changed = {**json.loads(told.read_text()), **spoilt}
        told.write_text(json.dumps({k: v for k, v in changed.items() if v is not ...}))
    else:
        told.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    assert receipt_of(kept) is None


def test_a_check_is_remembered_of_the_contents_the_record_and_the_check(kept):
    key = check_key(kept, "a record", check_key)
    assert not has_passed(kept, key)
    remember_passed(kept, key)
    assert has_passed(kept, key)
    assert not has_passed(kept, check_key(kept, "another record", check_key))
    assert not has_passed(kept, check_key(kept, "a record", has_passed))
    kept.write_text("other,n\n")
    assert not has_passed(kept, check_key(kept, "a record", check_key))
    assert [path.name for path in kept.parent.iterdir() if path.is_dir()] == []


def test_where_nothing_can_be_remembered_nothing_is(tmp_path):
    (tmp_path / "none").write_text("in the way")
    remember_passed(tmp_path / "none" / "people.csv", "key")
    assert not has_passed(tmp_path / "none" / "people.csv", "key")
