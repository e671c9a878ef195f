"""The house in numbers: how large its rooms and functions are, and where one thing has two homes.

    python -m scripts.dev.house [FOLDER…]

Counts of the checkout in each FOLDER (this one without any), side by side: modules and the largest
folder, lengths of functions, imports that point right, circles, public names that two modules
define, and literal names of a kind of layer outside ``layers/kinds``. Reads the code; runs none.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("geo", "boundaries", "layers", "maps", "scripts")
KINDS = ("imd", "fuel_poverty", "air_quality", "covid_mortality")

Trees = Mapping[str, ast.Module]


def trees(root: Path) -> Trees:
    """Parse every module of the five rooms but the tools of development, by its dotted name."""
    paths = (path for room in ROOMS for path in sorted((root / room).rglob("*.py")))
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in paths
        if "dev" not in path.parts
    }


def imports(found: Trees) -> dict[str, set[str]]:
    """Return the modules of the house that each module imports."""
    arrows: dict[str, set[str]] = {name: set() for name in found}
    for name, tree in found.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                arrows[name] |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                arrows[name] |= {f"{node.module}.{alias.name}" for alias in node.names}
                arrows[name].add(node.module)
    return {name: (others & set(found)) - {name} for name, others in arrows.items()}


def in_circles(arrows: Mapping[str, set[str]]) -> set[str]:
    """Return the modules that lead back to themselves: what is left when all ends are taken off."""
    left = {name: set(others) for name, others in arrows.items()}
    while ends := {name for name, others in left.items() if not others}:
        left = {name: others - ends for name, others in left.items() if name not in ends}
    return set(left)


def lengths(found: Trees) -> list[int]:
    """Return the lines of every function's body, without its docstring."""
    bodies = []
    for node in (node for tree in found.values() for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = ast.get_docstring(node) is not None and len(node.body) > 1
            first = node.body[1] if told else node.body[0]
            bodies.append((node.end_lineno or first.lineno) - first.lineno + 1)
    return bodies


def public(tree: ast.Module) -> Iterator[str]:
    """Yield the public names that a module defines."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            continue
        yield from (name for name in names if not name.startswith("_"))


def twice(found: Trees) -> dict[str, list[str]]:
    """Return the public names that several modules define, with these modules."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module, tree in found.items():
        for name in public(tree):
            homes[name].append(module)
    return {name: where for name, where in sorted(homes.items()) if len(where) > 1}


def kinds_named(found: Trees) -> list[str]:
    """Return a line for each literal name of a kind of layer that stands outside layers/kinds."""
    return [
        f"{module}:{node.lineno} {node.value}"
        for module, tree in found.items()
        if not module.startswith(("layers.kinds", "scripts.sample"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in KINDS
    ]


def counts(root: Path) -> dict[str, object]:
    """Return every count of a checkout, by what is counted."""
    found = trees(root)
    arrows, bodies = imports(found), lengths(found)
    folders = Counter(name.rpartition(".")[0] for name in found if "." in name)
    order = {room: place for place, room in enumerate(ROOMS)}
    right = [
        f"{name} → {other}"
        for name, others in arrows.items()
        for other in others
        if order[other.split(".")[0]] > order[name.split(".")[0]]
    ]
    largest, modules = folders.most_common(1)[0]
    return {
        "modules": sum(folders.values()),
        "folders": len(folders),
        "modules in the largest folder": f"{modules} ({largest})",
        "imports": sum(map(len, arrows.values())),
        "imports that point right": len(right),
        "modules in circles": len(in_circles(arrows)),
        "functions": len(bodies),
        "lines of a body, median": median(bodies),
        "lines of a body, 90%": quantiles(bodies, n=10)[-1],
        "lines of a body, longest": max(bodies),
        "public names of several modules": len(twice(found)),
        "kinds named outside layers/kinds": len(kinds_named(found)),
    }


def main() -> int:
    """Print the counts of the checkouts side by side, and what two of them count of the last."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT])
    given = parser.parse_args().folders
    columns = [counts(folder) for folder in given]
    for what in columns[0]:
        print(f"{what:36}", *(f"{column[what]!s:>24}" for column in columns))
    last = trees(given[-1])
    print("", *(f"{name}: {', '.join(where)}" for name, where in twice(last).items()), sep="\n")
    print("", *kinds_named(last), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
