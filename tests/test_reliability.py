"""The page on reliability tells of the faults that the tests inject, and of no others."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from scripts.dev.write_reliability import BEGIN, END, PAGE, families

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = families()
TESTS = [test for one in FAMILIES for test in one["tests"]]


def rows():
    text = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    return re.findall(r"^\| (.+) \| (\d+) \| (\d+) \| (.*)\|$", text, re.MULTILINE)


def test_the_page_has_every_family_with_its_outcome():
    told = [(family, outcome.strip()) for family, _, _, outcome in rows()]
    assert told == [*((one["family"], one["outcome"]) for one in FAMILIES), ("All", "")]


def test_the_sums_are_those_of_the_rows():
    *listed, (_, cases, times, _) = rows()
    assert sum(int(row[1]) for row in listed) == int(cases)
    assert sum(int(row[2]) for row in listed) == int(times) > 200
    assert all(0 < int(row[1]) <= int(row[2]) for row in listed)


@pytest.mark.parametrize("name", TESTS)
def test_every_test_of_a_family_exists_once(name):
    path, function = name.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert TESTS.count(name) == 1


def test_the_cases_are_those_that_were_collected(request):
    """Compare the families whose tests are all part of this run."""
    found = Counter(item.nodeid.split("[")[0] for item in request.session.items)
    told = {family: int(cases) for family, cases, _, _ in rows()}
    counted = {
        one["family"]: sum(found[test] for test in one["tests"])
        for one in FAMILIES
        if all(found[test] for test in one["tests"])
    }
    assert counted == {family: told[family] for family in counted}
