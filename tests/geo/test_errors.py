"""Refusals speak in one paragraph, are builtins too, and survive the way to another process."""

from __future__ import annotations

import pickle

import pytest

from geo import errors
from geo.errors import (
    AbsentError,
    AreaError,
    CacheError,
    ChangedError,
    CodeError,
    InputError,
    OutputError,
    PocketsError,
    SourceError,
    SpaceError,
    some,
)

PARTS = {
    "where": "a.xlsx, sheet “Table 3”",
    "expected": "each code once",
    "found": "E01990001",
    "do": "fetch the file again",
}
KINDS = (
    PocketsError,
    InputError,
    CodeError,
    SpaceError,
    AreaError,
    SourceError,
    AbsentError,
    ChangedError,
    OutputError,
    CacheError,
)


def test_the_parts_stand_in_order_in_one_paragraph():
    assert str(InputError("2 codes occur twice", **PARTS)) == (
        "2 codes occur twice. Where: a.xlsx, sheet “Table 3”. Expected: each code once. "
        "Found: E01990001. What to do: fetch the file again."
    )


def test_empty_parts_are_left_out_and_a_stop_is_not_doubled():
    assert str(PocketsError("No file.", do="make it.")) == "No file. What to do: make it."
    assert str(PocketsError("No file")) == "No file."


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickling_with_its_parts(kind):
    error = kind("2 codes occur twice", **PARTS)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert {part: getattr(again, part) for part in PARTS} == PARTS
    assert again.what == "2 codes occur twice"


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (InputError, ValueError),
        (CodeError, ValueError),
        (SpaceError, ValueError),
        (AreaError, ValueError),
        (SourceError, OSError),
        (OutputError, OSError),
        (CacheError, OSError),
    ],
)
def test_each_kind_is_a_builtin_too(kind, builtin):
    assert issubclass(kind, builtin)
    assert issubclass(kind, PocketsError)


def test_these_are_all_the_kinds_there_are():
    found = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, PocketsError)
    }
    assert found == set(KINDS)


def test_some_lists_the_first_and_counts_the_rest():
    assert some([]) == ""
    assert some(["a", 2]) == "a, 2"
    assert some(iter("abcde")) == "a, b, c, d, e"
    assert some(range(1200), most=1) == "0 and 1,199 more"
