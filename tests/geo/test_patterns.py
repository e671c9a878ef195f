"""Patterns that meet what a server sends: none looks at one letter again and again.

A pattern that tries every beginning of a long run takes hours for a few megabytes. Nothing here is
timed: such a pattern would not end within the time that any run of the tests has.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re

import pytest

import geo.fetch
import geo.net

LONG = 1 << 20
PATTERNS = {
    f"{found.name}.{name}": pattern
    for room in (geo.net, geo.fetch)
    for found in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")
    for name, pattern in vars(importlib.import_module(found.name)).items()
    if isinstance(pattern, re.Pattern)
}
RUNS = [
    " ",
    "\t",
    '"',
    '\\"',
    '"\\',
    "\\",
    "a",
    "a.",
    "a-",
    "/",
    "/a",
    "/0",
    "0",
    "(V",
    "\\uD8",
    ")",
]
ENDS = ["", "!", "\n", ")", "\\"]


def test_the_patterns_of_both_rooms_are_found():
    assert {"geo.net.answers._TEXT", "geo.fetch.portal._VERSION"} <= PATTERNS.keys()


def uses(name):
    """Return the ways in which a pattern is used in its own module."""
    module, _, own = name.rpartition(".")
    code = inspect.getsource(importlib.import_module(module))
    return {*re.findall(rf"\b{own}\.(\w+)\(", code)}


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_tries_every_beginning_of_a_long_run(name):
    pattern, ways = PATTERNS[name], uses(name)
    assert ways
    assert ways <= {"fullmatch", "search", "sub"}
    for run in RUNS:
        for end in ENDS:
            text = '"' + run * (LONG // len(run)) + end
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            for way in ways:
                getattr(pattern, way)(*[given[:0]] * (way == "sub"), given)
