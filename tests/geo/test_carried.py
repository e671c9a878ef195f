"""Errors that come from another process with all that led to them."""

from __future__ import annotations

import errno
import os
import pickle
import zlib

import pytest

from geo.carried import Carried
from geo.errors import InputError


class UnsendableError(Exception):
    """An error that cannot be written down."""

    def __reduce__(self):
        raise TypeError("a lock in it")


def full():
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def while_closing():
    try:
        full()
    finally:
        zlib.decompress(b"never")


def with_a_cause():
    try:
        full()
    except OSError as problem:
        raise InputError("A refusal", where="a file") from problem


def that_cannot_be_sent():
    try:
        full()
    finally:
        raise UnsendableError("never sent")


def carried(make):
    try:
        make()
    except Exception as problem:
        return pickle.loads(pickle.dumps(Carried.of(problem))).error()


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (while_closing, zlib.error, "Error -3"),
        (with_a_cause, InputError, "A refusal. Where: a file."),
        (that_cannot_be_sent, RuntimeError, "UnsendableError: never sent"),
    ],
)
def test_a_cause_crosses_with_its_error(make, kind, said):
    error = carried(make)
    assert type(error) is kind
    assert str(error).startswith(said)
    assert isinstance(error.__cause__, OSError)
    assert error.__cause__.errno == errno.ENOSPC
    assert make.__name__ in "".join(error.__notes__)
