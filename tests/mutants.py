"""Plant the faults of tests/mutants.toml one at a time, and see which of them no test catches.

Everything happens in copies of the code, never in the checkout. A fault is killed where a test that
its entry names fails; it survives where all pass. `make mutants` plants them all and writes the
result into docs/testing.md; `python -m tests.mutants ID…` plants those named, and writes
nothing.
"""

from __future__ import annotations

import compileall
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo.errors import InputError, some
from geo.files.whole_files import write_text
from scripts.dev.write_reliability import with_table

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "tests" / "mutants.toml"
PAGE = ROOT / "docs" / "testing.md"

BEGIN = "<!-- made by make mutants -->\n"
HEAD = "| room | planted | killed |\n|---|--:|--:|\n"
KILLED, SURVIVED = "killed", "survived"
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=line")
_LEFT_BEHIND = ("__pycache__", ".git", ".venv", ".ci", ".hypothesis", ".mypy_cache", ".ruff_cache")
_LEFT_OUT = ("POCKETS_MIRROR", "POCKETS_NO_SKIP", "POCKETS_SITES")
"""Tests of the official files are skipped, and a test that is skipped has caught nothing."""
_MADE_HERE = ("build", "dist", "site", "shared")
"""Left behind where they stand beside the code, not within it."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A fault: in ``file`` stands ``new`` where ``old`` should; one of ``tests`` should fail.

    ``fault`` says what it stands for, ``lives`` why it is allowed to survive.
    """

    id: str
    file: str
    old: str
    new: str
    fault: str
    tests: tuple[str, ...]
    lives: str = ""

    @property
    def room(self) -> str:
        """Return the folder of its file."""
        return str(Path(self.file).parent)


def mutants(path: Path = LISTED) -> list[Mutant]:
    """Return the faults of a list, in its order."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**entry | {"tests": tuple(entry["tests"])}) for entry in entries]


@contextmanager
def planted(mutant: Mutant, folder: Path) -> Iterator[None]:
    """Let a fault stand in a copy of the code for a while.

    Raises ``InputError`` where what it replaces is not there exactly once.
    """
    path = folder / mutant.file
    right = path.read_text(encoding="utf-8")
    if right.count(mutant.old) != 1:
        raise InputError(
            f"The fault “{mutant.id}” cannot be planted",
            where=mutant.file,
            expected=f"once: {mutant.old}",
            found=f"{right.count(mutant.old)} times",
            do="bring its entry in the list up to date with the code",
        )
    path.write_text(right.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(right, encoding="utf-8")


@dataclass(frozen=True)
class Copy:
    """A copy of the code, and the process that runs its tests (see `tests.forked`)."""

    folder: Path
    process: subprocess.Popen[str]

    def run(self, arguments: Sequence[str]) -> tuple[int, list[str]]:
        """Run pytest; return its exit code and the last lines that it said."""
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(f"{json.dumps(arguments)}\n")
        asked.flush()
        code, said = json.loads(answers.readline())
        return code, said


@contextmanager
def opened(folder: Path) -> Iterator[Copy]:
    """Stand ready to run the tests of a copy of the code."""
    settings = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT} | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "POCKETS_CACHE": str(folder.with_name(f"{folder.name}-cache")),
    }
    with subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "forked.py")],
        cwd=folder,
        env=settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Copy(folder, process)


def verdict(tests: Sequence[str], copy: Copy) -> str:
    """Run tests in a copy of the code and say whether one of them failed.

    Tests that do not come to an end have noticed something too. Raises ``InputError`` where they
    could not be run, with the last that pytest said.
    """
    code, said = copy.run([*OPTIONS, *tests])
    if code not in (0, 1, -signal.SIGALRM):
        raise InputError(
            "The tests could not be run",
            where=", ".join(tests),
            found=some(said),
            do="see that each of them is there, and that the fault leaves the code whole",
        )
    return KILLED if code else SURVIVED


def tried(listed: Sequence[Mutant], copies: Sequence[Copy]) -> Iterator[tuple[Mutant, str]]:
    """Plant faults, as many at a time as there are copies of the code; yield each as it ends."""
    free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def outcome(mutant: Mutant) -> str:
        copy = free.get()
        try:
            with planted(mutant, copy.folder):
                return verdict(mutant.tests, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from zip(listed, pool.map(outcome, listed), strict=True)


def copied(folder: Path, source: Path = ROOT) -> Path:
    """Copy the code and its tests into a folder, the code compiled.

    A file in which a fault is planted is newer, so that what was compiled of it is not used.
    """

    def left(path: str, names: list[str]) -> set[str]:
        made = _MADE_HERE if Path(path) == source else ()
        return {*_LEFT_BEHIND, *made} & set(names)

    shutil.copytree(source, folder, ignore=left)
    compileall.compile_dir(folder, quiet=1)
    return folder


def result(outcomes: Mapping[str, str], listed: Sequence[Mutant]) -> str:
    """Write what came of all faults: a table by room, and those that survive with their reason."""
    planted_in = Counter(mutant.room for mutant in listed)
    caught = Counter(mutant.room for mutant in listed if outcomes[mutant.id] == KILLED)
    rows = [f"| {room} | {planted_in[room]} | {caught[room]} |\n" for room in sorted(planted_in)]
    total = f"| All | {planted_in.total()} | {caught.total()} |\n"
    alive = [
        f"- `{mutant.id}`: {mutant.fault}. {mutant.lives or 'No reason is known.'}\n"
        for mutant in listed
        if outcomes[mutant.id] == SURVIVED
    ]
    told = ["\nThat survive:\n\n", *alive] if alive else ["\nNone survives.\n"]
    return "".join([HEAD, *rows, total, *told])


def main(chosen: Sequence[str]) -> int:
    """Try the faults named, or all; return 0 where none survives that must not."""
    everything = mutants()
    listed = [mutant for mutant in everything if not chosen or mutant.id in chosen]
    outcomes: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as above, ExitStack() as stack:
        folders = [copied(Path(above) / f"copy-{one}") for one in range(os.cpu_count() or 1)]
        copies = [stack.enter_context(opened(folder)) for folder in folders]
        named = list(dict.fromkeys(test for mutant in listed for test in mutant.tests))
        if verdict(named, copies[0]) == KILLED:
            print("The tests fail without any fault: run them, and mend what they say")
            return 2
        for mutant, outcome in tried(listed, copies):
            outcomes[mutant.id] = outcome
            print(f"{outcome:<9}{mutant.id}: {mutant.fault}", flush=True)
    if listed == everything:
        made = result(outcomes, listed)
        write_text(PAGE, with_table(PAGE.read_text(encoding="utf-8"), made, begin=BEGIN))
    lost = [one.id for one in listed if outcomes[one.id] == SURVIVED and not one.lives]
    caught = Counter(outcomes.values())[KILLED]
    print(f"{caught} of {len(listed)} killed; survive without a reason: {some(lost) or 'none'}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
