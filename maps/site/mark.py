"""The mark of a site: a small file that says what its folder holds, and which files are the site's.

Only a folder in which every file is on its mark's list is ever replaced, and only a site of the
same districts, edition and choice keeps its other parts when one part is built.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from geo.errors import some
from geo.files.whole_files import write_text
from layers.findings.pockets import Choice

FILE = "build.json"
SIGN = "site.svg"
"""A small picture beside the mark, by which a page opened from a folder sees its site is there."""
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
FORMAT = "deprivation-pockets site 1"
"""What the mark calls itself: no other program's build.json is taken for one."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a site was built of: the edition, the area's name, its districts' codes, the choice.

    ``choice`` is how its pockets were found; a mark that does not say it is of the usual one.
    ``own_names`` is the SHA-256 of a file of names that boroughs give pockets, or empty.
    ``files`` are the files of the site but for the mark itself, as paths in its folder.
    """

    edition: str
    area: str
    districts: tuple[str, ...]
    choice: Choice = field(default_factory=Choice)
    own_names: str = ""
    files: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """Return the mark in words."""
        found = ", ".join(f"{name} {value}" for name, value in self.choice.settings().items())
        named = f"; names {self.own_names[:8]}" if self.own_names else ""
        return f"{self.area} (edition {self.edition}; {some(self.districts)}; {found}{named})"


def write_mark(mark: Mark, folder: Path) -> Path:
    """Write the mark of a site and its sign into its folder, with a list of the files there."""
    write_text(folder / SIGN, DRAWN)
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    files = {path.relative_to(folder).as_posix() for path in paths} - {FILE}
    written = asdict(mark) | {
        "choice": mark.choice.settings(),
        "files": sorted(files),
        "format": FORMAT,
    }
    return write_text(folder / FILE, json.dumps(written, indent=2, sort_keys=True) + "\n")


def read_mark(folder: Path) -> Mark | None:
    """Return the mark of a folder, or None where there is none that this program wrote."""
    path = folder / FILE
    if path.is_symlink() or not path.is_file():
        return None
    try:
        found = json.loads(path.read_bytes())
        listed = {name: tuple(map(str, found[name])) for name in ("districts", "files")}
        known = found["format"] == FORMAT
        choice = Choice.of(found.get("choice", {}))
        named = str(found.get("own_names", ""))
        mark = Mark(
            edition=found["edition"], area=found["area"], choice=choice, own_names=named, **listed
        )
        return mark if known else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def strangers(folder: Path) -> Iterator[str]:
    """Yield what is in a folder and is not its site's, as paths there; a folder is told of once.

    Links and disks mounted there are no site's, whatever their names, nor is anything in a folder
    without a mark. A file of the site that somebody has changed still is the site's.
    """
    mark = read_mark(folder)
    files = {FILE, *mark.files} if mark else set()
    folders = {str(above) for name in files for above in PurePosixPath(name).parents}
    for place, inside, names in os.walk(folder, onerror=_unread):
        here = Path(place)
        for name in sorted(names):
            path = here / name
            known = path.relative_to(folder).as_posix() in files
            if path.is_symlink() or not (known and path.is_file()):
                yield path.relative_to(folder).as_posix()
        for name in sorted(inside):
            path = here / name
            known = path.relative_to(folder).as_posix() in folders
            if path.is_symlink() or path.is_mount() or not known:
                inside.remove(name)
                yield f"{path.relative_to(folder).as_posix()}/"


def _unread(problem: OSError) -> None:
    raise problem
