"""Two commits side by side: the sites they build, compared byte by byte.

    python -m scripts.dev.same_bytes v0.1.0 HEAD sample cheshire-merseyside

Each commit is checked out beside the others and builds each area in this environment, with a cache
of its own; a site that ``--keep`` holds already is not built again. Official files are found as by
any build (see POCKETS_MIRROR). The exit code is 1 where any file differs, is new or is gone. Text
files that differ are told with their first differing line.
"""

from __future__ import annotations

import argparse
import filecmp
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from scripts.cli import main
if __name__ == "__main__":
    main()
"""
WORDS = {".css", ".csv", ".geojson", ".html", ".js", ".json", ".md", ".qml", ".svg", ".txt"}
TOLD = 200
"""Characters of a differing line that are printed."""


def commit_of(name: str) -> str:
    """Return the full id of a commit."""
    command = ["git", "rev-parse", "--verify", f"{name}^{{commit}}"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.strip()


def built(commit: str, area: str, keep: Path, options: Sequence[str]) -> Path:
    """Return the site of an area as a commit builds it, built first where it is not kept."""
    site = keep / commit / area
    if site.exists():
        return site
    code = keep / commit / "code"
    if not code.exists():
        command = ["git", "worktree", "add", "--force", "--detach", str(code), commit]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    own = {"POCKETS_CACHE": str(keep / commit / "cache")}
    command = [sys.executable, "-P", "-c", RUN, str(code), "build", area, "--out", str(site)]
    print(f"{commit[:12]}: building {area}", file=sys.stderr, flush=True)
    subprocess.run([*command, *options], cwd=code, env=os.environ | own, check=True)
    return site


def files_of(site: Path) -> set[str]:
    """Return the paths of a site's files in its folder."""
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def differences(before: Path, after: Path) -> Iterator[str]:
    """Yield a line for each file of two sites that is not the same in both."""
    names = [files_of(before), files_of(after)]
    yield from (f"gone: {name}" for name in sorted(names[0] - names[1]))
    yield from (f"new: {name}" for name in sorted(names[1] - names[0]))
    for name in sorted(names[0] & names[1]):
        pair = before / name, after / name
        if not filecmp.cmp(*pair, shallow=False):
            yield f"differs: {name}{_first_line(*pair)}"


def _first_line(before: Path, after: Path) -> str:
    if before.suffix not in WORDS:
        return ""
    lines = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
    for number, (old, new) in enumerate(itertools.zip_longest(*lines, fillvalue=""), start=1):
        if old != new:
            same = sum(
                1
                for _ in itertools.takewhile(
                    lambda two: two[0] == two[1], zip(old, new, strict=False)
                )
            )
            at = max(same - 20, 0)
            return f", line {number}:\n  - {old[at : at + TOLD]}\n  + {new[at : at + TOLD]}"
    return ", in its line ends alone"


def main() -> int:
    """Build what is not built yet, print every difference, and say by the exit code if any is."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("before", help="a commit")
    parser.add_argument("after", help="another commit")
    parser.add_argument("areas", nargs="+", help="as for pockets build")
    parser.add_argument("--only", help="parts to build, with commas; all without it")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the sites that were built")
    given = parser.parse_args()
    options = ["--only", given.only] if given.only else []
    with tempfile.TemporaryDirectory() as own:
        keep = (given.keep or Path(own)).resolve()
        commits = [commit_of(name) for name in (given.before, given.after)]
        found = {
            area: list(differences(*(built(commit, area, keep, options) for commit in commits)))
            for area in given.areas
        }
    subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)
    for area, lines in found.items():
        print(f"{area}: {len(lines)} differences", *lines, sep="\n")
    return int(any(found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
