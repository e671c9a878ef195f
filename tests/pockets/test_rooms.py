"""The package for notebooks finds the program's own packages, whatever stands beside them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import pockets
from pockets.rooms import HOME, ROOMS, load_rooms

USE = """\
import pockets, maps.look.palette
from geo.codes import slug
from pockets import Source, edition
print(edition("2019").id, Source.__module__, maps.look.palette.__name__, slug("St. Helens"))
"""
SAID = "2019 geo.sources maps.look.palette st-helens"
POOL = """\
import pockets
if __name__ == "__main__":
    from geo.codes import slug
    from geo.work import run
    print(sorted(run(slug, ["St. Helens", "Halton"], jobs=2)))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an analyst's folder, in which every name of the program's packages is taken."""
    for name in ("geo", "maps"):
        (tmp_path / f"{name}.py").write_text("OWN = 1\n")
    for name in ("layers", "scripts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("OWN = 1\n")
    (tmp_path / "boundaries").mkdir()
    (tmp_path / "boundaries" / "notes.txt").write_text("a folder that is no package\n")
    return tmp_path


def python(folder: Path, code: str, way: str) -> subprocess.CompletedProcess[str]:
    """Run code as a notebook does, the folder first on the path, or as a script of the folder."""
    (folder / "analysis.py").write_text(code)
    how = ["-c", code] if way == "notebook" else ["analysis.py"]
    return subprocess.run(
        [sys.executable, *how], cwd=folder, capture_output=True, text=True, check=False
    )


WAYS = pytest.mark.parametrize("way", ["notebook", "script"])


@WAYS
def test_pockets_works_beside_files_of_the_names_of_its_packages(folder: Path, way: str) -> None:
    done = python(folder, USE, way)
    assert (done.stdout.strip(), done.stderr) == (SAID, "")


@WAYS
def test_processes_of_a_pool_find_the_same_packages(folder: Path, way: str) -> None:
    done = python(folder, POOL, way)
    assert (done.stdout.strip(), done.stderr) == ("[(0, 'st-helens'), (1, 'halton')]", "")


def test_a_name_means_the_programs_package_from_then_on(folder: Path) -> None:
    done = python(folder, "import pockets, maps; print(maps.__path__[0])", "notebook")
    assert done.stdout.strip() == str(HOME / "maps")


@pytest.mark.parametrize(("name", "place"), [("maps", "maps.py"), ("layers", "layers")])
def test_what_was_imported_first_is_named_in_one_paragraph(
    folder: Path, name: str, place: str
) -> None:
    code = f"""\
import sys, {name}
try:
    import pockets
except ImportError as problem:
    print(problem)
    print("geo" in sys.modules, getattr({name}, "OWN", 1))
"""
    said, after = python(folder, code, "notebook").stdout.splitlines()
    assert said == (
        f"Pockets has a package of the name “{name}”, and something else has been imported under "
        f"it. Where: {folder / place}. Expected: {HOME / name}, or nothing yet. What to do: import "
        "pockets before it, or, to use both, give that file or folder another name; then start "
        "Python anew."
    )
    assert after == "False 1"


def test_a_folder_that_is_no_package_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ModuleType("maps")
    folder.__path__ = [str(tmp_path / "maps")]
    monkeypatch.setitem(sys.modules, "maps", folder)
    with pytest.raises(ImportError, match=re.escape(f"Where: {tmp_path / 'maps'}. Expected: ")):
        load_rooms()


def test_the_packages_are_those_that_a_direct_import_gives(tmp_path: Path) -> None:
    code = "import maps.look.palette as before; import pockets, maps.look.palette as after; "
    done = python(tmp_path, code + "print(before is after)", "notebook")
    assert done.stdout.strip() == "True", done.stderr


def test_importing_it_loads_no_library(tmp_path: Path) -> None:
    code = "import sys, pockets; print({'numpy', 'pandas', 'matplotlib'} & set(sys.modules))"
    assert python(tmp_path, code, "notebook").stdout.strip() == "set()"


@pytest.mark.parametrize("name", pockets.PUBLIC)
def test_each_public_name_is_there_and_is_named_once_more_for_checkers_of_types(name: str) -> None:
    found = getattr(pockets, name)
    assert name in dir(pockets)
    assert getattr(found, "__module__", pockets.PUBLIC[name]) == pockets.PUBLIC[name]
    line = f"    from {pockets.PUBLIC[name]} import {name} as {name}\n"
    assert line in Path(str(pockets.__file__)).read_text(encoding="utf-8")


def test_a_name_that_is_not_there_is_said_so() -> None:
    with pytest.raises(AttributeError, match="no public name “utils”"):
        _ = pockets.utils


def test_the_rooms_are_the_packages_beside_this_one() -> None:
    assert {path.parent.name for path in HOME.glob("*/__init__.py")} - {"tests"} == {
        *ROOMS,
        "pockets",
    }
