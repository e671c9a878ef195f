"""Write a table of docs/reliability.md from a run of the tests named in tests/faults.toml."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from geo.files.whole_files import write_text

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ROOT / "tests" / "faults.toml"
PAGE = ROOT / "docs" / "reliability.md"

BEGIN, END = "<!-- made by make reliability -->\n", "<!-- end -->\n"
HEAD = "| fault | cases | times injected | outcome |\n|---|--:|--:|---|\n"


@dataclass(eq=False)
class Faults:
    """What a run of tests met: cases and faults of each test that passed, by its name."""

    cases: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test that passed, and as many faults as it says it injected, or one."""
        if report.when == "call" and report.passed:
            test = report.nodeid.split("[")[0]
            self.cases[test] += 1
            self.times[test] += int(str(dict(report.user_properties).get("times", 1)))


def families() -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = tomllib.loads(FAMILIES.read_text(encoding="utf-8"))["fault"]
    return found


def table(listed: Sequence[Mapping[str, Any]], found: Faults) -> str:
    rows = [
        f"| {one['family']} | {sum(found.cases[test] for test in one['tests'])} "
        f"| {sum(found.times[test] for test in one['tests'])} | {one['outcome']} |\n"
        for one in listed
    ]
    total = f"| All | {found.cases.total()} | {found.times.total()} | |\n"
    return HEAD + "".join([*rows, total])


def with_table(text: str, made: str, *, begin: str = BEGIN) -> str:
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{made}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    listed, found = families(), Faults()
    tests = [str(ROOT / test) for one in listed for test in one["tests"]]
    code = pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[found])
    if code == 0:
        write_text(PAGE, with_table(PAGE.read_text(encoding="utf-8"), table(listed, found)))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
