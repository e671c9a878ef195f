"""The built site: boroughs drawn, tables beside them, put in place whole or not at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pandas as pd

from boundaries.names import Selection
from geo.codes import slug
from geo.errors import InputError, OutputError, some
from geo.work import run
from layers.assemble import assemble, known
from layers.borough import Borough
from layers.clusters import england_cluster
from layers.files import Files
from layers.fuel_series import fuel_series
from layers.geography import Geography
from layers.neighbourhoods import tables
from layers.published import reproduced
from maps.mark import Mark, read_mark, write_mark
from maps.parts import BOROUGH_PARTS, PARTS, SHARED_PARTS, Setting, files_of
from maps.profile import region_of
from maps.swap import swapped

Item = TypeVar("Item")
Result = TypeVar("Result")
Seconds = dict[str, float]


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

    @property
    def mark(self) -> Mark:
        """Return the mark that the finished site bears."""
        codes = tuple(sorted(self.selection.codes))
        return Mark(edition=self.files.edition.id, area=self.selection.name, districts=codes)


@dataclass(frozen=True, kw_only=True)
class Step:
    """How far a build is: what it does, and how much of it is done of a total (0: not known).

    ``just`` names what was finished last.
    """

    what: str
    done: int = 0
    total: int = 0
    just: str = ""


Say = Callable[[Step], object]


@dataclass
class Made:
    """What a build made: the site's folder, its boroughs (folder by name), CPU seconds by part."""

    out: Path
    boroughs: dict[str, str] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=dict)


def build_site(plan: Plan, *, say: Say = lambda _: None) -> Made:
    """Build a site in a folder beside ``plan.out`` and swap it in; ``say`` is told of each step.

    A build that fails or is killed leaves the site that was there as it was. Raises ``InputError``
    for a part that nobody knows, and ``OutputError`` when nothing can be written there, or when the
    folder holds something that is not a site, or parts to be kept that are another area's.
    """
    _check_parts(plan.parts)
    made = Made(out=plan.out)
    with swapped(plan.out) as folder:
        _keep(plan, folder)
        _fill(plan, folder, made, say)
        write_mark(plan.mark, folder)
    return made


@dataclass(frozen=True)
class _Errand:
    """One borough to look into."""

    files: Files
    code: str
    place: str

    def done(self) -> Borough:
        """Return the borough; what is slow about it is kept."""
        return assemble(self.files, self.code, place=self.place)


@dataclass(frozen=True)
class _Drawing:
    """One borough to draw, in which parts, and where."""

    errand: _Errand
    folder: Path
    parts: tuple[str, ...]
    setting: Setting


def _fill(plan: Plan, folder: Path, made: Made, say: Say) -> None:
    """Work everything out and write it into a folder."""
    _share_england(plan, made, say)
    boroughs = _boroughs(plan, made, say)
    made.boroughs = {borough.name: slug(borough.name) for borough in boroughs}
    setting = _setting(plan, folder, boroughs)
    _draw_boroughs(plan, setting, folder, made, say)
    wanted = [part for part in SHARED_PARTS if part in plan.parts]
    for done, part in enumerate(wanted):
        say(Step(what=f"Writing {part}", done=done, total=len(wanted)))
        with _timed(made.seconds, part):
            SHARED_PARTS[part].draw(boroughs, folder, setting)


def _share_england(plan: Plan, made: Made, say: Say) -> None:
    """Work out what all boroughs share before they are shared out, so that it is done once."""
    say(Step(what="Reading the files and joining the tables, slow only the first time"))
    with _timed(made.seconds, "tables"):
        joined = tables(plan.files)
        Geography(plan.files).prepare()
    errands = [(plan.files, layer.id) for layer in joined.edition.layers]
    _do(plan, _find_clusters, errands, made, _told(say, "Finding clusters", len(errands)))
    say(Step(what="Finding pockets"))
    with _timed(made.seconds, "findings"):
        known(plan.files)


def _boroughs(plan: Plan, made: Made, say: Say) -> list[Borough]:
    """Work out every borough, each kept as it is found, then read them all."""
    errands = _errands(plan)
    _do(plan, _find, errands, made, _told(say, "Looking into boroughs", len(errands)))
    return [errand.done() for errand in errands]


def _errands(plan: Plan) -> list[_Errand]:
    selection = plan.selection
    return [_Errand(plan.files, code, selection.name) for code in selection.codes]


def _setting(plan: Plan, folder: Path, boroughs: Sequence[Borough]) -> Setting:
    """Gather what the drawers must know beside the boroughs."""
    files = plan.files
    joined, (_, series_checks) = tables(files), fuel_series(files, Geography(files))
    checks = [*joined.checks.to_dict("records"), *series_checks.to_dict("records")]
    return Setting(
        region=region_of(boroughs),
        parts=[part for part in PARTS if part in plan.parts or files_of(part, folder)],
        basemap=plan.basemap,
        hashes={files.source(role).id: found for role, found in files.hashes().items()},
        joins=joined.joins,
        checks=pd.DataFrame(checks),
        figures=reproduced(files),
    )


def _draw_boroughs(plan: Plan, setting: Setting, folder: Path, made: Made, say: Say) -> None:
    parts = tuple(part for part in BOROUGH_PARTS if part in plan.parts)
    if parts:
        drawings = [_Drawing(errand, folder, parts, setting) for errand in _errands(plan)]
        _do(plan, _draw, drawings, made, _told(say, "Drawing boroughs", len(drawings)))


def _find_clusters(errand: tuple[Files, str]) -> tuple[str, Seconds]:
    """Find England's clusters on one layer, which are kept."""
    seconds: Seconds = {}
    files, layer_id = errand
    layer = files.edition.layer(layer_id)
    with _timed(seconds, "clusters"):
        england_cluster(layer, tables(files), Geography(files))
    return layer.short, seconds


def _find(errand: _Errand) -> tuple[str, Seconds]:
    """Work out one borough, which is kept."""
    seconds: Seconds = {}
    with _timed(seconds, "findings"):
        borough = errand.done()
    return borough.name, seconds


def _draw(drawing: _Drawing) -> tuple[str, Seconds]:
    """Draw the wanted parts of one borough."""
    seconds: Seconds = {}
    borough = drawing.errand.done()
    for part in drawing.parts:
        with _timed(seconds, part):
            BOROUGH_PARTS[part].draw(borough, drawing.folder / slug(borough.name), drawing.setting)
    return borough.name, seconds


def _do(
    plan: Plan,
    task: Callable[[Item], tuple[str, Seconds]],
    items: Sequence[Item],
    made: Made,
    tell: Callable[[int, str], None],
) -> None:
    """Do a task for each item; it returns a name, which is told, and the CPU seconds it took."""
    tell(0, "")
    finished = run(task, items, jobs=plan.jobs, scheduler=plan.scheduler)
    for done, (_, (name, seconds)) in enumerate(finished, start=1):
        for part, spent in seconds.items():
            made.seconds[part] = made.seconds.get(part, 0.0) + spent
        tell(done, name)


def _told(say: Say, what: str, total: int) -> Callable[[int, str], None]:
    def tell(done: int, just: str) -> None:
        say(Step(what=what, done=done, total=total, just=just))

    return tell


def _keep(plan: Plan, folder: Path) -> None:
    """Copy the parts that are not built anew from the site that is there, if there is one."""
    parts = [part for part in PARTS if part not in plan.parts]
    kept = [path for part in parts for path in files_of(part, plan.out)]
    there = read_mark(plan.out) if kept else None
    if there is not None and there != plan.mark:
        raise OutputError(
            "Only some parts are to be built, and the others that are there are another area's",
            where=str(plan.out),
            expected=f"a site of {plan.mark}",
            found=f"a site of {there}",
            do="build all parts (leave out --only), or choose another folder with --out",
        )
    for path in kept:
        copy = folder / path.relative_to(plan.out)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, copy)
        else:
            shutil.copy2(path, copy)


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
def _timed(seconds: Seconds, part: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    seconds[part] = seconds.get(part, 0.0) + time.process_time() - begun
