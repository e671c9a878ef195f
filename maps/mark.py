"""The mark of a site: a small file that says what its folder holds.

Only a folder with a mark is ever replaced, and only a site of the same districts and edition keeps
its other parts when one part is built.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from geo.errors import OutputError, some
from maps.writing import write_text

FILE = "build.json"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a site was built of: the edition, what the area is called, its districts' codes."""

    edition: str
    area: str
    districts: tuple[str, ...]

    def __str__(self) -> str:
        """Return the mark in words."""
        return f"{self.area} (edition {self.edition}; {some(self.districts)})"


def write_mark(mark: Mark, folder: Path) -> Path:
    """Write the mark of a site into its folder."""
    return write_text(folder / FILE, json.dumps(asdict(mark), indent=2, sort_keys=True) + "\n")


def read_mark(folder: Path) -> Mark | None:
    """Return the mark of a folder, or None where there is none.

    Raises ``OutputError`` when there is one that nobody can read.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Mark(**found | {"districts": tuple(found["districts"])})
    except (ValueError, TypeError, KeyError) as problem:
        raise OutputError(
            "The mark of a site cannot be read",
            where=str(path),
            expected="the file that a build wrote",
            found=f"{type(problem).__name__}: {problem}",
            do="remove that folder, or choose another with --out",
        ) from problem
