"""The built site: boroughs drawn, tables beside them, put in place whole or not at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from boundaries.names import Selection
from geo.carried import Carried
from geo.codes import folder_names
from geo.errors import InputError, OutputError, PocketsError, some
from geo.fetch.plan import cache_folder
from geo.files.disk import disk_error
from geo.work import require_workers, run
from layers.borough.assemble import assemble
from layers.borough.borough import Borough
from layers.borough.country import Country
from layers.findings.clusters import england_cluster, settled
from maps.look.folders import SHARED
from maps.look.html import image_hosts, site_address
from maps.profiles.context import peers_of
from maps.site.mark import Mark, read_mark, write_mark
from maps.site.parts import BOROUGH_PARTS, PARTS, SHARED_PARTS, SiteContext, files_of
from maps.site.swap import rehearse, swapped

Item = TypeVar("Item")
Work = TypeVar("Work", "_Errand", "_Drawing")
Seconds = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to build, of which country, where to, and how.

    ``parts`` names the parts to build (keys of `PARTS`); the other parts of a site that is already
    at ``out`` are kept. ``jobs`` and ``scheduler`` say where the work is done, never what comes
    out.
    """

    country: Country
    selection: Selection
    out: Path
    parts: tuple[str, ...]
    jobs: int = 1
    scheduler: str | None = None
    basemap: str | None = None
    public_url: str | None = None

    @property
    def mark(self) -> Mark:
        """Return the mark that the finished site bears."""
        codes = tuple(sorted(self.selection.codes))
        return Mark(
            edition=self.country.edition.id,
            area=self.selection.name,
            districts=codes,
            choice=self.country.choice,
            own_names=self.country.own_names.sha256 if self.country.own_names else "",
        )

    @property
    def whole(self) -> bool:
        """Say whether all parts are to be built."""
        return set(self.parts) == set(PARTS)


@dataclass(frozen=True, kw_only=True)
class BuildStep:
    """How far a build is: what it does, and how much of it is done of a total (0: not known).

    ``just`` names what was finished last.
    """

    what: str
    done: int = 0
    total: int = 0
    just: str = ""


Say = Callable[[BuildStep], object]


@dataclass
class Made:
    """What a build made: the site's folder, its boroughs (folder by name), CPU seconds by part.

    ``failed`` holds what ended the work on a borough that is therefore not in the site, by name.
    """

    out: Path
    boroughs: dict[str, str] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=dict)
    failed: dict[str, BaseException] = field(default_factory=dict)


def require_possible(plan: Plan) -> None:
    """Find out before any work whether what a plan asks for can be, and change nothing.

    Looks at its parts, the addresses, the place of the site, the scheduler and the limits
    of the system; the districts need not be known yet. Raises ``InputError`` for a part or an
    address that is none, ``OutputError`` where no site can be, and what `require_workers` does.
    """
    _check_parts(plan.parts)
    if plan.basemap is not None:
        image_hosts(plan.basemap)
    if plan.public_url is not None:
        site_address(plan.public_url)
    require_workers(jobs=plan.jobs, scheduler=plan.scheduler)
    rehearse(plan.out, apart=_apart(plan))


def build_site(plan: Plan, *, say: Say = lambda _: None) -> Made:
    """Build a site in a folder beside ``plan.out`` and swap it in; ``say`` is told of each step.

    A borough that fails is left out, and told of in what is returned; with some parts alone to be
    built, what was there of it before stays. A build that fails altogether or is killed leaves the
    site that was there as it was. Raises what `require_possible` does, ``OutputError`` when the
    parts to be kept are another area's, and the error of the boroughs when all fail.
    """
    require_possible(plan)
    made = Made(out=plan.out)
    with swapped(plan.out, apart=_apart(plan)) as folder:
        _keep(plan, folder)
        built = _fill(plan, folder, made, say)
        write_mark(replace(plan.mark, districts=built), folder)
    return made


def _apart(plan: Plan) -> list[Path]:
    """List the folders that no site may hold or lie in."""
    files = plan.country.files
    return [files.cache, cache_folder(), *([files.mirror] if files.mirror else [])]


@dataclass(frozen=True)
class _Errand:
    """One borough to look into, and its folder in the new site."""

    plan: Plan
    code: str
    name: str
    folder: Path

    def __reduce__(self) -> tuple[type[_Errand], tuple[Plan, str, str, Path]]:
        """Return what another process needs to look into the borough itself."""
        return _Errand, (self.plan, self.code, self.name, self.folder)

    @cached_property
    def borough(self) -> Borough:
        """Return the borough, put together once in a process."""
        return assemble(self.plan.country, self.code, place=self.plan.selection.name)


@dataclass(frozen=True)
class _Drawing:
    """One borough to draw, and in which parts."""

    errand: _Errand
    parts: tuple[str, ...]
    setting: SiteContext

    @property
    def name(self) -> str:
        """Return the name of the borough."""
        return self.errand.name


@dataclass(frozen=True)
class _Done:
    """A piece of work: its name, the CPU seconds it took by part, and what ended it early."""

    name: str
    seconds: Seconds
    failed: Carried | None = None


def _fill(plan: Plan, folder: Path, made: Made, say: Say) -> tuple[str, ...]:
    """Work everything out and write it into a folder; return the districts that are there then."""
    _share_england(plan, made, say)
    errands = _errands(plan, folder)
    found = _look_into(plan, errands, made, say)
    found, setting = _draw_boroughs(plan, found, made, say)
    boroughs = [errand.borough for errand in found]
    made.boroughs = {errand.name: errand.folder.name for errand in found}
    wanted = [part for part in SHARED_PARTS if part in plan.parts]
    for done, part in enumerate(wanted):
        say(BuildStep(what=f"Writing {part}", done=done, total=len(wanted)))
        with _timed(made.seconds, part):
            SHARED_PARTS[part].draw(boroughs, folder, setting)
    return tuple(sorted(one.code for one in errands if one in found or one.folder.is_dir()))


def _share_england(plan: Plan, made: Made, say: Say) -> None:
    """Work out what all boroughs share before they are shared out, so that it is done once."""
    say(BuildStep(what="Reading the files and joining the tables, slow only the first time"))
    with _timed(made.seconds, "tables"):
        joined = plan.country.tables
        plan.country.ground.prepare()
    items = [(plan.country, layer.id) for layer in joined.edition.layers]
    _do(plan, _find_clusters, items, made, _told(say, "Finding clusters", len(items)))
    say(BuildStep(what="Finding pockets"))
    with _timed(made.seconds, "findings"):
        _ = plan.country.pocket_names
        _ = plan.country.joined_members
        _ = plan.country.change
        _ = plan.country.fuel_series


def _errands(plan: Plan, folder: Path) -> list[_Errand]:
    districts = plan.country.ground.districts
    names = {code: str(districts[code]) for code in plan.selection.codes}
    folders = folder_names(names, taken=SHARED)
    return [_Errand(plan, code, name, folder / folders[code]) for code, name in names.items()]


def _look_into(plan: Plan, errands: Sequence[_Errand], made: Made, say: Say) -> list[_Errand]:
    """Work out every borough, each kept as it is found; return those that could be."""
    tell = _told(say, "Looking into boroughs", len(errands))
    failed = _do(plan, partial(_tried, _find), errands, made, tell)
    return _without(plan, errands, failed, made)


def _draw_boroughs(
    plan: Plan, errands: Sequence[_Errand], made: Made, say: Say
) -> tuple[list[_Errand], SiteContext]:
    """Draw boroughs; return those that could be drawn, and what all know of each other then.

    Where one fails, what leads to it from the others is drawn again without it.
    """
    found = [*errands]
    parts = tuple(part for part in BOROUGH_PARTS if part in plan.parts)
    while True:
        setting = _setting(plan, found, made)
        drawings = [_Drawing(errand, parts, setting) for errand in found]
        tell = _told(say, "Drawing boroughs", len(drawings))
        failed = _do(plan, partial(_tried, _draw), drawings, made, tell) if parts else {}
        if not failed:
            return found, setting
        found = _without(plan, found, failed, made)
        parts = tuple(part for part in parts if BOROUGH_PARTS[part].names_others)


def _without(
    plan: Plan, errands: Sequence[_Errand], failed: Mapping[int, Carried], made: Made
) -> list[_Errand]:
    """Leave out the boroughs that failed; raises their error where none is left.

    Nothing half made stands for one: where some parts alone are built, all that was there of it
    before stays, and else there is nothing of it.
    """
    errors = {errands[place].name: carried.error() for place, carried in sorted(failed.items())}
    if len(errors) == len(errands):
        raise _all_failed(errors)
    made.failed |= errors
    for place in failed:
        home = errands[place].folder
        before = plan.out / home.name
        shutil.rmtree(home, ignore_errors=True)
        if not plan.whole and before.is_dir():
            shutil.copytree(before, home)
    return [errand for place, errand in enumerate(errands) if place not in failed]


def _all_failed(errors: Mapping[str, BaseException]) -> BaseException:
    """Return the one error of all boroughs, or an error that tells of the first few."""
    if len({str(error) for error in errors.values()}) == 1:
        return next(iter(errors.values()))
    told = (f"{name}: {str(error).rstrip('.')}" for name, error in errors.items())
    return PocketsError("None of the boroughs could be built", found=some(told))


def _setting(plan: Plan, errands: Sequence[_Errand], made: Made) -> SiteContext:
    """Gather what the drawers must know beside the boroughs."""
    country, folder = plan.country, errands[0].folder.parent
    files, joined = country.files, country.tables
    parts = (joined.checks, country.fuel_series.checks, country.underlying.checks)
    compared = [row for checks in parts for row in checks.to_dict("records")]
    folders = {errand.code: errand.folder.name for errand in errands}
    return SiteContext(
        region=peers_of([errand.borough for errand in errands], folders),
        parts=[part for part in PARTS if part in plan.parts or files_of(part, folder)],
        missing=sorted(made.failed),
        basemap=plan.basemap,
        public_url=plan.public_url,
        origins=files.origins(),
        joins=joined.joins,
        checks=pd.DataFrame(compared),
        figures=country.figures,
        clusters=settled(joined, country.ground, folders),
        bridge=country.bridge,
        absent=[files.source(role) for role in country.absent],
        own_names=country.own_names,
    )


def _find_clusters(item: tuple[Country, str]) -> _Done:
    """Find England's clusters on one layer, which are kept."""
    seconds: Seconds = {}
    country, layer_id = item
    layer = country.edition.layer(layer_id)
    with _timed(seconds, "clusters"):
        england_cluster(layer, country.tables, country.ground)
    return _Done(layer.short, seconds)


def _find(errand: _Errand) -> Seconds:
    """Work out one borough, which is kept."""
    seconds: Seconds = {}
    with _timed(seconds, "findings"):
        _ = errand.borough
    return seconds


def _draw(drawing: _Drawing) -> Seconds:
    """Draw the wanted parts of one borough."""
    seconds: Seconds = {}
    borough = drawing.errand.borough
    for part in drawing.parts:
        with _timed(seconds, part):
            BOROUGH_PARTS[part].draw(borough, drawing.errand.folder, drawing.setting)
    return seconds


def _tried(task: Callable[[Work], Seconds], item: Work) -> _Done:
    """Do a task for a borough; what ends it early ends that borough alone.

    But for what would end the others too: a disk or a file that fails, memory that is spent.
    """
    try:
        return _Done(item.name, task(item))
    except Exception as problem:
        known = isinstance(problem, PocketsError)
        of_all = isinstance(problem, OSError) if known else disk_error(problem) is not None
        if of_all or isinstance(problem, MemoryError):
            raise
        return _Done(item.name, {}, Carried.of(problem))


def _do(
    plan: Plan,
    task: Callable[[Item], _Done],
    items: Sequence[Item],
    made: Made,
    tell: Callable[[int, str], None],
) -> dict[int, Carried]:
    """Do a task for each item, and tell of each; return what ended some early, by their place."""
    tell(0, "")
    failed: dict[int, Carried] = {}
    with closing(run(task, items, jobs=plan.jobs, scheduler=plan.scheduler)) as finished:
        for count, (place, done) in enumerate(finished, start=1):
            for part, spent in done.seconds.items():
                made.seconds[part] = made.seconds.get(part, 0.0) + spent
            if done.failed:
                failed[place] = done.failed
            tell(count, done.name)
    return failed


def _told(say: Say, what: str, total: int) -> Callable[[int, str], None]:
    def tell(done: int, just: str) -> None:
        say(BuildStep(what=what, done=done, total=total, just=just))

    return tell


def _keep(plan: Plan, folder: Path) -> None:
    """Copy the parts that are not built anew from the site that is there, if there is one."""
    parts = [part for part in PARTS if part not in plan.parts]
    kept = [path for part in parts for path in files_of(part, plan.out)]
    there = read_mark(plan.out) if kept else None
    if there is not None and there != plan.mark:
        raise OutputError(
            "Only some parts are to be built, and the others that are there are another area's"
            " or of another choice",
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
