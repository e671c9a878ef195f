"""What the packages import is what the project declares, no more and no less."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from maps.page.leaflet import PACKAGE as LEAFLET

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
ROOMS = ("geo", "boundaries", "layers", "maps", "scripts", "pockets")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(lines: list[str]) -> set[str]:
    return {plain(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines}


def imported_by(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - set(ROOMS)


def imported() -> set[str]:
    """Return the distributions that hold what the installed packages import."""
    owners = metadata.packages_distributions()
    modules = {
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "dev" not in path.parts
        for name in imported_by(path)
    }
    return {plain(owner) for name in {*modules, LEAFLET} for owner in owners[name]}


def test_what_is_imported_is_declared_and_the_reverse() -> None:
    optional = declared(PROJECT["optional-dependencies"]["cluster"])
    assert imported() - optional == declared(PROJECT["dependencies"])
    assert optional == {"distributed"}


def test_every_range_has_a_lower_end() -> None:
    assert [line for line in PROJECT["dependencies"] if not re.search(r">=\d", line)] == []


def test_the_pins_hold_the_declared_packages_and_not_the_clusters() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = {plain(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    assert declared(PROJECT["dependencies"]) <= pinned
    assert "distributed" not in pinned


def test_the_versions_of_python_are_those_that_the_readme_names() -> None:
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "Python 3.11 to 3.13" in (ROOT / "README.md").read_text(encoding="utf-8")
