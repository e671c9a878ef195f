"""The house itself: which way imports point, whose the packages are, what its files promise."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.metadata
import re
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from layers.kinds.registry import KINDS
from scripts.dev.house import lengths, trees, twice

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("geo", "boundaries", "layers", "maps", "scripts", "pockets")
DISTRIBUTION = "deprivation-pockets"
LONGEST_BODY = 60
MOST_MODULES = 16
FLOORS = {
    "geo": (
        ("geo",),
        ("geo.files", "geo.space"),
        ("geo.net", "geo.stats", "geo.tables"),
        ("geo.fetch",),
    ),
    "boundaries": (("boundaries",),),
    "layers": (
        ("layers",),
        ("layers.kinds",),
        ("layers.table",),
        ("layers.findings",),
        ("layers.change",),
        ("layers.borough",),
    ),
    "maps": (
        ("maps",),
        ("maps.look",),
        ("maps.words",),
        ("maps.svg", "maps.made_of"),
        ("maps.page", "maps.profiles", "maps.region", "maps.print", "maps.files"),
        ("maps.site",),
    ),
    "scripts": (("scripts.sample",), ("scripts",), ("scripts.dev",)),
    "pockets": (("pockets",),),
}
"""The floors of each room, the lowest first: what is on one imports nothing above or beside it."""

ONE_MEANING = {
    "KIND": "the record of a kind of layer",
    "NAME": "the name of that kind",
    "COUNTS": "the columns that a kind counts",
    "build": "values of a kind from its tables; at the command line the command",
    "carry": "what brings the values of a kind to the areas of another census",
    "layer_of": "the layer of a kind",
    "of_files": "the reader of a kind",
    "read": "values of a kind from its files",
    "Item": "a type variable",
    "Result": "a type variable",
    "Record": "plain data of a page",
}
"""The names that several modules define, each with what it means in all of them."""


def modules(room: str) -> Iterator[Path]:
    yield from sorted((ROOT / room).rglob("*.py"))


def imported_rooms(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names & {*ROOMS, "tests"}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_left(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    wrong = {}
    for path in modules(room):
        # A tool that looks at the public names writes their page; it is not installed.
        told = {"pockets"} if path == ROOT / "scripts" / "dev" / "api_page.py" else set()
        if over := imported_rooms(path) - allowed - told:
            wrong[path.relative_to(ROOT).as_posix()] = sorted(over)
    assert wrong == {}


def test_the_guard_sees_an_import_that_points_right(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from maps.site import build_site\n    import layers.imd\n")
    assert imported_rooms(wrong) == {"maps", "layers"}


def named(path: Path, root: Path = ROOT) -> str:
    """Return the dotted name of a module."""
    dotted = ".".join(path.relative_to(root).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


def imported(path: Path, known: set[str]) -> set[str]:
    """Return which of the known modules and packages a module imports, wherever in its text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (parts & known) or {node.module}
    return names & known


@functools.cache
def house() -> dict[str, tuple[str, set[str]]]:
    """Return each module's package and the modules that it imports."""
    paths = {named(path): path for room in ROOMS for path in modules(room)}
    return {
        name: (package_of(path), imported(path, set(paths)) - {name})
        for name, path in paths.items()
    }


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


def on_wrong_floors(room: str, found: dict[str, tuple[str, set[str]]]) -> list[str]:
    """List the imports of a room that run back, or across to another package of the same floor."""
    floor = {package: level for level, row in enumerate(FLOORS[room]) for package in row}
    return sorted(
        f"{name} imports {other}"
        for name, (package, others) in found.items()
        for other in others
        if package in floor and found[other][0] in floor
        if package != found[other][0] and floor[found[other][0]] >= floor[package]
    )


@pytest.mark.parametrize("room", ROOMS)
def test_no_import_of_a_room_runs_back_to_a_higher_floor(room: str) -> None:
    assert on_wrong_floors(room, house()) == []


def test_every_package_has_its_floor() -> None:
    packages = {package for package, _ in house().values()}
    assert packages == {package for floors in FLOORS.values() for row in floors for package in row}


def test_the_guard_of_floors_sees_arrows_back_and_across() -> None:
    found = {
        "maps.look.html": ("maps.look", {"maps.words.reading"}),
        "maps.words.reading": ("maps.words", {"maps.look.html"}),
        "maps.page.borough": ("maps.page", {"maps.region.page", "maps.words.reading"}),
        "maps.region.page": ("maps.region", set()),
    }
    assert on_wrong_floors("maps", found) == [
        "maps.look.html imports maps.words.reading",
        "maps.page.borough imports maps.region.page",
    ]


def circle(found: dict[str, tuple[str, set[str]]]) -> list[str]:
    """Return the modules that import one another in a circle, or lead into one alone."""
    left = {name: set(others) for name, (_, others) in found.items()}
    while free := {name for name, others in left.items() if not others}:
        left = {name: others - free for name, others in left.items() if name not in free}
    return sorted(left)


def test_modules_import_one_another_in_no_circle() -> None:
    assert circle(house()) == []
    assert circle({"a": ("", {"b"}), "b": ("", {"a"}), "c": ("", set())}) == ["a", "b"]


def test_no_folder_holds_more_modules_than_one_can_overlook() -> None:
    held: dict[str, int] = {}
    for name, (package, _) in house().items():
        held[package] = held.get(package, 0) + (name != package)
    assert {package: count for package, count in held.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_each_package_is_this_checkout_and_of_this_distribution_alone(room: str) -> None:
    found = Path(str(importlib.import_module(room).__file__)).resolve().parent
    owners = set(importlib.metadata.packages_distributions()[room])
    assert found == ROOT / room
    assert owners == {DISTRIBUTION}


def test_packages_are_listed_by_hand_and_tests_are_not_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["setuptools"]["packages"]
    there = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for room in ROOMS
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert sorted(listed) == sorted(there - {"scripts.dev"})


def test_the_network_is_touched_in_named_modules_alone() -> None:
    networked = {"requests", "urllib3", "urllib", "http", "socket"}
    users = set()
    for room in ROOMS:
        for path in modules(room):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            roots = {
                name.split(".")[0]
                for node in ast.walk(tree)
                for name in (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                if name != "urllib.parse"
            }
            if roots & networked:
                users.add(path.relative_to(ROOT).as_posix())
    assert users - {"scripts/serve.py"} == {"geo/net/network.py", "geo/net/reach.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_no_function_is_longer_than_a_screen(room: str) -> None:
    long = []
    for path in modules(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                first = (
                    node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                )
                if node.end_lineno - first.lineno + 1 > LONGEST_BODY:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


def test_all_that_make_installs_is_pinned_and_hashed() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = [line for line in text.splitlines() if "pip install" in line]
    own = [line for line in installs if line.endswith(" -e .")]
    assert len(own) == 1
    assert "--no-deps" in own[0]
    assert "--no-build-isolation" in own[0]
    assert all("--require-hashes" in line for line in installs if line not in own)
    assert any("requirements-build.txt" in line for line in installs)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    pins = (ROOT / "requirements-build.txt").read_text(encoding="utf-8")
    assert all(f"{re.split('[<>=]', name)[0]}==" in pins for name in wanted["requires"])


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-build.txt", "requirements-dev.txt"]
)
def test_pins_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in line and line.endswith("\\") for line in pins)
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pins)


def test_official_data_is_not_in_the_project() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    endings = {".xlsx", ".gpkg", ".parquet", ".csv"}
    assert [name for name in listed if Path(name).suffix in endings] == []


OF_A_KIND = {"layers.kinds", "scripts.sample"}
"""Where kinds are named: their own modules, and the sample, which imitates publishers."""


def kinds_named(path: Path) -> list[str]:
    """List the kinds that a module names or imports, with their lines."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("layers.kinds"):
            names = [alias.name for alias in node.names] + [str(node.module).split(".")[-1]]
        found += [f"{path.name}:{node.lineno} {name}" for name in names if name in KINDS]  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_kind_of_layer_is_named_in_its_own_module_alone(room: str) -> None:
    elsewhere = []
    for path in modules(room):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if "dev" not in path.parts:
            own = any(name.startswith(f"{folder}.") for folder in OF_A_KIND)
            elsewhere += [] if own else kinds_named(path)
    assert elsewhere == []


def test_the_guard_sees_a_kind_that_is_named_elsewhere(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text('from layers.kinds import imd\nif kind == "air_quality": pass\n')
    assert kinds_named(wrong) == ["wrong.py:1 imd", "wrong.py:2 air_quality"]


def columns_named(path: Path) -> list[str]:
    """List the f-strings that put a layer's id before an underscore: names of columns."""
    return [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for first, second in pairwise(node.values)
        if isinstance(first, ast.FormattedValue) and isinstance(second, ast.Constant)
        if re.search(r"(^|[._])(id|overall)$", ast.unparse(first.value))
        if str(second.value).startswith("_")
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_names_of_columns_are_made_by_their_layer(room: str) -> None:
    made = [found for path in modules(room) for found in columns_named(path)]
    own = [found for found in made if found.startswith("layer.py:")]
    assert (len(own), made) == (int(room == "layers"), own)


def test_the_guard_sees_a_name_of_a_column_made_elsewhere(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text('a = f"{layer.id}_rank"\nb = f"{overall}_decile"\nc = f"{code}_of_a_file"\n')
    assert [line.split()[0] for line in columns_named(wrong)] == ["wrong.py:1", "wrong.py:2"]


def test_no_public_name_means_two_things() -> None:
    assert sorted(twice(trees(ROOT))) == sorted(ONE_MEANING)


def test_the_guard_sees_a_name_of_two_modules() -> None:
    found = {"geo.a": ast.parse("LINE = 1\n_OWN = 2"), "maps.b": ast.parse("def LINE(): _OWN = 3")}
    assert twice(found) == {"LINE": ["geo.a", "maps.b"]}


def test_functions_stay_small() -> None:
    bodies = sorted(lengths(trees(ROOT)))
    assert bodies[len(bodies) // 2] <= 7
    assert bodies[len(bodies) * 9 // 10] <= 17
