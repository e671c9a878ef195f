"""The built site: boroughs drawn, tables beside them, put in place whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from boundaries.names import Selection
from geo.codes import slug
from geo.errors import InputError, OutputError, PocketsError, some
from geo.work import run
from layers.assemble import assemble, known
from layers.borough import Borough
from layers.clusters import england_cluster
from layers.files import Files
from layers.geography import Geography
from layers.neighbourhoods import tables
from maps.parts import BOROUGH_PARTS, PARTS, SHARED_PARTS, Setting
from maps.profile import region_of
from maps.writing import write_text

MARK = "build.json"
"""A folder that holds this file is a site, and may be replaced by another."""

Say = Callable[[str], None]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to build, from which files, where to, and how.

    ``parts`` names the parts to build (keys of `PARTS`); the other parts of a site that is already
    at ``out`` are kept. ``jobs`` and ``scheduler`` say where the work is done, never what comes
    out.
    """

    files: Files
    selection: Selection
    out: Path
    parts: tuple[str, ...]
    jobs: int = 1
    scheduler: str | None = None
    basemap: str | None = None


@dataclass
class Made:
    """What a build made: the site's folder, its boroughs (folder by name), CPU seconds by part."""

    out: Path
    boroughs: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)


def build_site(plan: Plan, *, say: Say = lambda _: None) -> Made:
    """Build a site in a folder beside ``plan.out`` and swap it in; ``say`` is told of each step.

    A build that fails or is killed leaves the site that was there as it was. Raises ``OutputError``
    when nothing can be written there, or when the folder holds something that is not a site.
    """
    _check_parts(plan.parts)
    _check_target(plan.out)
    made = Made(out=plan.out, boroughs={})
    with _beside(plan.out) as folder:
        if plan.out.exists() and set(plan.parts) != set(PARTS):
            shutil.copytree(plan.out, folder, dirs_exist_ok=True)
        _fill(plan, folder, made, say)
        mark = {"edition": plan.files.edition.id, "area": plan.selection.name}
        write_text(folder / MARK, json.dumps(mark, sort_keys=True) + "\n")
        _swap(folder, plan.out)
    return made


@dataclass(frozen=True)
class _Errand:
    """One borough to look into, and to draw where there is a folder to draw into."""

    files: Files
    code: str
    place: str
    folder: Path | None = None
    parts: tuple[str, ...] = ()
    setting: Setting | None = None


def _boroughs(plan: Plan, made: Made, say: Say) -> list[Borough]:
    """Work out every borough, each kept as it is found, then read them all."""
    place = plan.selection.name
    errands = [_Errand(plan.files, code, place) for code in plan.selection.codes]
    for done, (_, (name, seconds)) in enumerate(_run(plan, _find, errands), start=1):
        _add(made.seconds, seconds)
        say(f"{name}: found ({done} of {len(errands)})")
    return [assemble(plan.files, code, place=place) for code in plan.selection.codes]


def _find(errand: _Errand) -> tuple[str, dict[str, float]]:
    seconds: dict[str, float] = {}
    with _timed(seconds, "findings"):
        borough = assemble(errand.files, errand.code, place=errand.place)
    return borough.name, seconds


def _draw(errand: _Errand) -> tuple[str, dict[str, float]]:
    """Draw every part of one borough; return its name and the CPU seconds of each part."""
    seconds: dict[str, float] = {}
    assert errand.folder is not None
    assert errand.setting is not None
    borough = assemble(errand.files, errand.code, place=errand.place)
    for part, drawer in BOROUGH_PARTS.items():
        if part in errand.parts:
            with _timed(seconds, part):
                drawer(borough, errand.folder / slug(borough.name), errand.setting)
    return borough.name, seconds


def _fill(plan: Plan, folder: Path, made: Made, say: Say) -> None:
    """Work everything out and write it into a folder."""
    _share_england(plan, made, say)
    boroughs = _boroughs(plan, made, say)
    made.boroughs = {borough.name: slug(borough.name) for borough in boroughs}
    kept = [part for part in PARTS if part in plan.parts or _holds(folder, part)]
    hashes = {plan.files.source(role).id: found for role, found in plan.files.hashes().items()}
    setting = Setting(region=region_of(boroughs), parts=kept, basemap=plan.basemap, hashes=hashes)
    drawn = [part for part in BOROUGH_PARTS if part in plan.parts]
    errands = [
        _Errand(plan.files, borough.code, borough.place, folder, tuple(drawn), setting)
        for borough in boroughs
    ]
    for done, (_, (name, seconds)) in enumerate(_run(plan, _draw, errands if drawn else [])):
        _add(made.seconds, seconds)
        say(f"{name}: drawn ({done + 1} of {len(errands)})")
    for part, writer in SHARED_PARTS.items():
        if part in plan.parts:
            say(f"{part}: writing")
            with _timed(made.seconds, part):
                writer(boroughs, folder, setting)


def _share_england(plan: Plan, made: Made, say: Say) -> None:
    """Work out what all boroughs share before they are shared out, so that it is done once."""
    say("Reading the files and comparing all areas; the first time this takes a minute or two")
    with _timed(made.seconds, "tables"):
        joined = tables(plan.files)
        geography = Geography(plan.files)
        geography.prepare()
    errands = [(plan.files, layer.id) for layer in joined.edition.layers]
    for _, seconds in _run(plan, _find_clusters, errands):
        _add(made.seconds, seconds)
    with _timed(made.seconds, "findings"):
        known(plan.files)


def _find_clusters(errand: tuple[Files, str]) -> dict[str, float]:
    """Find England's clusters on one layer, which are kept; return the CPU seconds."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "clusters"):
        files, layer_id = errand
        england_cluster(files.edition.layer(layer_id), tables(files), Geography(files))
    return seconds


def _run(
    plan: Plan, task: Callable[[Item], Result], items: Sequence[Item]
) -> Iterator[tuple[int, Result]]:
    return run(task, items, jobs=plan.jobs, scheduler=plan.scheduler)


def _holds(folder: Path, part: str) -> bool:
    """Say whether a site that is kept already holds a part."""
    marks = {"index": "index.html", "data": "data/provenance.json", "pages": "*/index.html"}
    marks |= {"profiles": "*/profiles", "maps": "*/maps", "atlas": "*/atlas.pdf"}
    return any(folder.glob(marks[part]))


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Yield a new folder beside the target, removed if it is still there at the end."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
        folder.chmod(0o755)
    except OSError as problem:
        raise _unwritable(out, problem) from problem
    try:
        yield folder
    except OSError as problem:
        if isinstance(problem, PocketsError):
            raise
        raise _unwritable(out, problem) from problem
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _swap(folder: Path, out: Path) -> None:
    """Put the new folder in the old one's place; the old one goes last."""
    old = folder.with_suffix(".old")
    if out.exists():
        out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _unwritable(out: Path, problem: OSError) -> OutputError:
    return OutputError(
        "The site could not be written; what was there before is unchanged",
        where=str(out),
        found=problem.strerror or str(problem),
        do="make room, or choose with --out a folder that you may write to",
    )


def _check_target(out: Path) -> None:
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / MARK).exists()):
        raise OutputError(
            "The output folder holds something that is not a site, and would be replaced",
            where=str(out),
            expected=f"an empty or new folder, or one with a {MARK}",
            do="choose another folder with --out, or empty this one",
        )


def _check_parts(parts: Sequence[str]) -> None:
    unknown = [part for part in parts if part not in PARTS]
    if unknown or not parts:
        raise InputError(
            f"There is no part called {some(f'“{part}”' for part in unknown)}"
            if unknown
            else "No part is to be built",
            expected=some(PARTS, most=len(PARTS)),
            do="give one or several of these with --only, with commas",
        )


@contextmanager
def _timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    _add(seconds, {part: time.process_time() - begun})


def _add(seconds: dict[str, float], more: Mapping[str, float]) -> None:
    for part, spent in more.items():
        seconds[part] = seconds.get(part, 0.0) + spent
