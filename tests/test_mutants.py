"""Planted faults: their list is true of the code, their page of the list, verdicts of both."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from geo.errors import InputError
from scripts.dev.write_reliability import END
from tests.mutants import (
    BEGIN,
    KILLED,
    PAGE,
    SURVIVED,
    Mutant,
    copied,
    mutants,
    opened,
    planted,
    result,
    tried,
)

ROOT = Path(__file__).resolve().parent.parent
LISTED = mutants()
ROOMS = {"geo", "boundaries", "layers", "maps", "scripts"}


@pytest.mark.parametrize("mutant", LISTED, ids=lambda mutant: mutant.id)
def test_what_a_fault_replaces_stands_once_in_its_file(mutant):
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.new != mutant.old


@pytest.mark.parametrize("mutant", LISTED, ids=lambda mutant: mutant.id)
def test_the_tests_that_a_fault_names_are_there(mutant):
    assert mutant.tests
    for test in mutant.tests:
        path, _, name = test.partition("::")
        assert path.startswith("tests/")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE), test


def test_faults_differ_and_are_in_every_room():
    assert len({mutant.id for mutant in LISTED}) == len(LISTED) >= 85
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in LISTED}) == len(LISTED)
    there = {mutant.room for mutant in LISTED} | {mutant.room.split("/")[0] for mutant in LISTED}
    assert there >= ROOMS


def test_the_page_tells_of_the_faults_that_there_are():
    """A fault that came or went since the last whole run makes another one due."""
    text = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = re.findall(r"^\| (.+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    alive = re.findall(r"^- `([^`]+)`: ", text, re.MULTILINE)
    told = {room: (int(count), int(caught)) for room, count, caught in rows}
    lives = Counter(mutant.room for mutant in LISTED if mutant.lives)
    rooms = Counter(mutant.room for mutant in LISTED)
    caught = {room: (count, count - lives[room]) for room, count in rooms.items()}
    everything = {"All": (rooms.total(), rooms.total() - lives.total())}
    assert told == caught | everything
    assert alive == [mutant.id for mutant in LISTED if mutant.lives]
    assert len(alive) <= 0.05 * len(LISTED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a small house: one function, and one test of it."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "sums.py").write_text("def more(a, b):\n    return a + b\n", encoding="utf-8")
    text = "from sums import more\n\n\ndef test_more():\n    assert more(2, 2) == 4\n"
    (folder / "test_sums.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def house(folder):
    """Return the copy of a small house, ready."""
    with opened(folder) as copy:
        yield copy


def test_a_copy_has_every_file_that_a_fault_may_be_planted_in(tmp_path):
    source = tmp_path / "source"
    for path in ("site/index.html", ".git/HEAD", *(mutant.file for mutant in LISTED)):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text("", encoding="utf-8")
    copy = copied(tmp_path / "copy", source)
    assert all((copy / mutant.file).exists() for mutant in LISTED)
    assert not (copy / "site").exists()
    assert not (copy / ".git").exists()


def fault(new, *, old="a + b", test="test_sums.py"):
    return Mutant(id=new, file="sums.py", old=old, new=new, fault="Wrong", tests=(test,))


def test_a_fault_is_killed_or_lives_and_is_gone_afterwards(house):
    before = (house.folder / "sums.py").read_text(encoding="utf-8")
    listed = [fault("a - b"), fault("a * b")]
    assert [outcome for _, outcome in tried(listed, [house])] == [KILLED, SURVIVED]
    assert (house.folder / "sums.py").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("old", ["a - b", "a"])
def test_a_list_that_is_not_true_any_more_is_an_error(old, folder):
    with (
        pytest.raises(InputError, match="cannot be planted"),
        planted(fault("a", old=old), folder),
    ):
        pass


def test_tests_that_cannot_be_run_are_no_verdict(house):
    with pytest.raises(InputError, match="could not be run"):
        list(tried([fault("a - b", test="test_nothing.py")], [house]))


def test_the_result_counts_by_room_and_names_what_lives():
    listed = [fault("one"), fault("two")]
    said = result({"one": KILLED, "two": SURVIVED}, listed)
    assert "| . | 2 | 1 |\n| All | 2 | 1 |\n" in said
    assert said.endswith("That survive:\n\n- `two`: Wrong. No reason is known.\n")
