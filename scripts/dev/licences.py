"""The licences of what the program runs with and is tested with, as its packages state them.

A package under the GPL or the AGPL may not be loaded by a build: the program is under MIT. The LGPL
(of GEOS, which comes inside the wheels of the packages for geometry, as a library of its own) and
the MPL let a program of another licence use what is theirs, and are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]

REVIEWED: Mapping[str, str] = {
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "exactextract": "Apache-2.0",
    "gudhi": "MIT, with modules under GPL v3 that are loaded with it",
}
"""Packages whose metadata states no licence, or that are installed on other systems only: what the
texts of their licences say, read by a person."""

NOT_FOR_A_BUILD = re.compile(r"\bA?GPL|Affero|GNU General Public", re.IGNORECASE)
"""Matches neither the LGPL nor its name in full, GNU Lesser General Public License."""

PAGE = """\
# Licences

Generated from the packages themselves by `make docs`. The program is under MIT (`LICENSE`). No
build loads anything under the GPL or the AGPL; a test lists what one has loaded. Wheels for
geometry and rasters (shapely, fiona, pyogrio, rasterio, exactextract) hold GEOS, under the LGPL, as
a library of its own, which is allowed, as is the MPL. Licences of the data stand in
[data.md](data.md).

gudhi is MIT, and so is its ToMATo, but importing it loads others of its modules, which it marks
GPL v3 since they use CGAL (bottleneck distance, cover, Delaunay, tangential and witness complexes).
It is therefore no part of the program: tests compare with it, and nobody is given it.

pulp, which spopt asks for, is MIT, and its wheel holds the solver CBC as a program of its own,
under the Eclipse Public License. Tests compare with spopt's SKATER, which solves nothing by it.
"""


def pinned(name: str) -> list[str]:
    """Return the packages that a file of requirements pins, by name."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^([\w.-]+)==", text, re.MULTILINE)


def stated(package: str) -> list[str]:
    """Return what a package's metadata states: its expression, classifiers, and licence in short.

    Nothing where it states none, or is not installed.
    """
    try:
        known = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return []
    classes = [
        line.rpartition(" :: ")[2]
        for line in known.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    short = [line.partition("\n")[0].strip() for line in known.get_all("License") or []]
    named = [text for text in short if len(text) <= 40 and not text.startswith(("Copyright", "="))]
    return [
        text for text in (*(known.get_all("License-Expression") or []), *classes, *named) if text
    ]


def licence_of(package: str) -> str:
    """Return a package's licence in words, or nothing where it is neither stated nor reviewed."""
    return next(iter(stated(package)), REVIEWED.get(package, ""))


def packages_of(modules: Iterable[ModuleType]) -> Iterator[tuple[str, str]]:
    """Yield the packages of modules that are installed, each with the licence a module marks.

    Most modules mark none.
    """
    owners = metadata.packages_distributions()
    for module in modules:
        for owner in owners.get(module.__name__.partition(".")[0], ()):
            yield owner.lower(), str(getattr(module, "__license__", ""))


def licences_page() -> str:
    """Return the page of licences: what a build runs with, then what tests and checks use."""
    runs = pinned("requirements.txt")
    tests = [name for name in pinned("requirements-dev.txt") if name not in runs]
    parts = {
        "The program runs with": runs,
        "It is installed by": pinned("requirements-build.txt"),
        "Tests and checks use": tests,
    }
    tables = (
        "\n".join([f"\n## {title}\n", "| package | licence |", "|---|---|", *_rows(names)])
        for title, names in parts.items()
    )
    return PAGE + "\n".join(tables) + "\n"


def _rows(names: Iterable[str]) -> Iterator[str]:
    return (f"| {name} | {licence_of(name)} |" for name in sorted(set(names)))
