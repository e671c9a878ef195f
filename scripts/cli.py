"""The command line: it parses, calls one function of the library, and prints or writes."""

from __future__ import annotations

import os
import shlex
import sys
import time
import traceback
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import AbsentError, PocketsError
from layers.commands import DEFAULT_EDITION, command
from scripts.options import (
    Area,
    Basemap,
    CutOption,
    EditionId,
    Jobs,
    MirrorFolder,
    NamesFile,
    Offline,
    Only,
    PublicUrl,
    RuleOption,
    ScaleOption,
    Scheduler,
)
from scripts.streams import open_streams, say, tell

if TYPE_CHECKING:
    from boundaries.names import Selection
    from layers.borough.country import Country
    from layers.files import Files
    from layers.findings.own_names import OwnNames
    from layers.findings.pockets import Choice

app = typer.Typer(
    name="pockets",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SAMPLE = "sample"
FAILED, NOT_TO_BE_HAD = 1, 3
"""Exit codes: something failed, or a check did; files that are needed are not to be had."""
_DEBUG: ContextVar[bool] = ContextVar("debug", default=False)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Find and map pockets of deprivation inside English boroughs.

    \b
    pockets build Liverpool   a real place: downloads what it needs, once
    pockets build             a fictional sample, needs no data
    """  # noqa: D301 -- the \b keeps the lines of the example apart
    _DEBUG.set(debug)
    _require_surroundings()


@app.command()
def build(  # noqa: PLR0913 -- the options of a command are its arguments
    area: Area = SAMPLE,
    edition: EditionId = DEFAULT_EDITION,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("site"),
    mirror: MirrorFolder = None,
    offline: Offline = False,
    only: Only = "",
    rule: RuleOption = "national",
    cut: CutOption = None,
    scale: ScaleOption = 5.0,
    names: NamesFile = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    basemap: Basemap = None,
    public_url: PublicUrl = None,
) -> None:
    """Build the site of an area: pages, maps, tables."""
    from scripts.having import Having

    begun, own_names = time.monotonic(), _own_names(names)
    files = _files(area if _is_sample(area) else edition, mirror, offline)
    having = Having(files, again=["build", area])
    having.require_network()

    # Libraries that take seconds are loaded once it is known that there is something to do.
    from boundaries.names import Selection
    from layers.borough.country import Country
    from maps.site.build import Plan, build_site, require_possible
    from maps.site.parts import PARTS
    from scripts.progress import progress

    country = Country(files=files, choice=_choice(rule, cut, scale), own_names=own_names)
    plan = Plan(
        country=country,
        selection=Selection(area, ()),
        out=out,
        parts=tuple(part.strip() for part in only.split(",")) if only else PARTS,
        jobs=jobs or os.cpu_count() or 1,
        scheduler=scheduler,
        basemap=basemap,
        public_url=public_url,
    )
    require_possible(plan)
    having.have()
    plan = replace(plan, selection=_noted(country.ground.select(area)))
    with progress() as show:
        made = build_site(plan, say=show)
    for part, seconds in made.seconds.items():
        tell(f"  {part}: {seconds:.1f} s of processor time")
    whose, spent = _whose(plan.selection.name, len(made.boroughs)), time.monotonic() - begun
    say(f"Made the site of {whose}, in {spent:.0f} s: {out}")
    page = out / "index.html"
    say(f"Open {(page if page.exists() else out).resolve().as_uri()}")
    for note in having.notes():
        tell(note)
    for name, problem in made.failed.items():
        _tell(f"{name} is not in the site, since it failed. {_paragraph(problem)}")
    raise typer.Exit(int(bool(made.failed)))


@app.command()
def areas(
    text: Annotated[str, typer.Argument(help="Part of a name, or a code; empty for all.")] = "",
    edition: EditionId = DEFAULT_EDITION,
    mirror: MirrorFolder = None,
    offline: Offline = False,
) -> None:
    """Find districts of any year, named places and MSOAs."""
    from boundaries.ground import PLACING, Ground
    from boundaries.names import search, select
    from scripts.progress import working

    files = _files(edition, mirror, offline)
    _have(files, ["areas", *filter(None, [text])], roles=PLACING)
    with working("Reading the names of places"):
        ground = Ground(files)
        found = search(text, ground.districts, ground.msoas())
    rows = list(zip(found["code"], found["name"], found["note"], strict=True))
    if not rows:
        codes = _noted(select(text, ground.districts, whole="")).codes
        rows = [(code, ground.districts[code], "") for code in codes]
    for code, name, note in rows:
        say(f"{code:<24}{name}{note and f' ({note})'}")


@app.command()
def profile(  # noqa: PLR0913 -- the options of a command are its arguments
    place: Annotated[
        str, typer.Argument(help="Code or name of an MSOA, id of a pocket, or a district.")
    ],
    edition: EditionId = DEFAULT_EDITION,
    out: Annotated[
        Path | None, typer.Option("--out", show_default="print it", help="File to write to.")
    ] = None,
    among: Annotated[
        str, typer.Option("--among", help="Area in which to look for comparable places.")
    ] = "",
    rule: RuleOption = "national",
    cut: CutOption = None,
    scale: ScaleOption = 5.0,
    names: NamesFile = None,
    mirror: MirrorFolder = None,
    offline: Offline = False,
) -> None:
    """Write one profile, a page of HTML."""
    from geo.files.whole_files import require_file, write_text
    from maps.profiles.single import single_profile
    from scripts.progress import working

    if out is not None:
        require_file(out)
    choice, own_names = _choice(rule, cut, scale), _own_names(names)
    country = _country(edition, mirror, offline, ["profile", place])
    country = replace(country, choice=choice, own_names=own_names)
    with working("Working out the profile, slow only the first time"):
        region = _noted(country.ground.select(among)) if among else None
        page = single_profile(country, place, among=region, say=_note)
    if out is None:
        say(page.encode())  # as the page itself says, whatever the terminal's letters
    else:
        say(f"Open {write_text(out, page).resolve().as_uri()}")


@app.command()
def sources(edition: EditionId = DEFAULT_EDITION, mirror: MirrorFolder = None) -> None:
    """List sources: edition, age, licence, address, at hand or not."""
    from layers.stock import stock
    from scripts.listing import described, headed
    from scripts.progress import working

    files = _files(edition, mirror, offline=True)
    with working("Looking at the files"):
        found = stock(files)
    for line in headed(files):
        say(line)
    for item in found:
        for line in ("", *described(item)):
            say(line)


@app.command()
def fetch(
    area: Annotated[
        str, typer.Argument(help="Area to be built; the files are the same for every area.")
    ] = "",
    edition: EditionId = DEFAULT_EDITION,
    mirror: MirrorFolder = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be downloaded, from where; ask nobody."),
    ] = False,
) -> None:
    """Download and verify files, nothing else."""
    from layers.stock import verified
    from scripts.having import Having

    files = _files(area if _is_sample(area) else edition, mirror, offline=False)
    having = Having(files, again=["fetch", *filter(None, [area])], everything=True)
    if dry_run:
        for line in (*having.order.lines(), *having.order.addresses()):
            say(line)
        return
    having.have()
    for role, path in verified(
        files, [role for role in files.edition.sources if role not in having.missing]
    ):
        say(f"{role:<24}{path}")
    for note in having.notes():
        tell(note)
    from boundaries.ground import Ground

    name = _noted(Ground(files).select(area)).name if area else "any area"
    say(f"All that a build of {name} needs is here, edition {files.edition.id}")


@app.command()
def pack(
    file: Annotated[Path, typer.Argument(help="File to write, such as england-2025.zip.")],
    edition: EditionId = DEFAULT_EDITION,
    mirror: MirrorFolder = None,
    offline: Offline = False,
) -> None:
    """Put all that an edition needs into one file, to hand over."""
    from geo.files.whole_files import require_file
    from scripts.having import Having

    require_file(file)
    files = _files(edition, mirror, offline)
    having = Having(files, again=["pack", file], everything=True)
    having.require_network()

    from layers.packing import write_pack
    from scripts.progress import working

    having.have()
    with working("Reading, checking and packing the files"):
        write_pack(files, file, say=tell)
    size = file.stat().st_size / 1e6
    say(f"Packed the inputs of edition {files.edition.id} into {file} ({size:.0f} MB)")
    building = command(files.edition, "build", free=f"AREA --mirror {shlex.quote(str(file))}")
    say(f"Build from it, with the network off too: {building}")
    for note in having.notes():
        tell(note)


@app.command()
def check(
    edition: EditionId = DEFAULT_EDITION, mirror: MirrorFolder = None, offline: Offline = False
) -> None:
    """Report on the data; exit 1 if a check fails."""
    from scripts.progress import working

    country = _country(edition, mirror, offline, ["check"])
    with working("Reading the files and joining the tables, slow only the first time"):
        found = country.tables
        checks = [*found.checks.itertuples(), *country.underlying.checks.itertuples()]
    for join in found.joins.itertuples():
        say(f"{join.what}: {join.matched:,} matched, {join.missing} missing, {join.extra} extra")
    for row in checks:
        verdict = "note" if row.ok is None else "ok" if row.ok else "FAILED"
        say(f"{verdict:<8}{row.name}: expected {row.expected}; found {row.found}")
    raise typer.Exit(int(any(row.ok is not None and not row.ok for row in checks)))


@app.command()
def reproduce(
    edition: Annotated[
        str, typer.Option("--edition", help="Release of the Indices; each of them if not given.")
    ] = "",
    mirror: MirrorFolder = None,
    offline: Offline = False,
) -> None:
    """Put published figures beside ours; exit 1 if one differs."""
    from layers.layer import editions
    from scripts.progress import working

    real = [known.id for known in editions().values() if not known.fictional]
    differ = 0
    for each in [edition] if edition else sorted(real, reverse=True):
        country = _country(each, mirror, offline, ["reproduce"])
        with working("Working out the published figures, slow only the first time"):
            figures = country.figures
        for row in figures.itertuples():
            verdict = "same" if row.same else "DIFFERS"
            say(f"{verdict:<8}{row.figure}: published {row.published}, ours {row.ours}")
            say(f"{'':8}{row.source}")
        differ += (~figures["same"]).sum()
    raise typer.Exit(int(differ > 0))


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of a built site.")] = Path("site"),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 for any.")
    ] = 8000,
) -> None:
    """Look at a built site, from this machine only."""
    from scripts.serve import serve_folder

    serve_folder(folder, port=port, say=say)


def main() -> None:
    """Run the command; whatever goes wrong is one paragraph, and the exit code is not 0."""
    open_streams()
    try:
        app(prog_name="pockets")
    except Exception as problem:
        _fail(problem)


def _fail(problem: Exception) -> None:
    if _DEBUG.get():
        traceback.print_exc()
    _tell(_paragraph(problem))
    sys.exit(NOT_TO_BE_HAD if isinstance(problem, AbsentError) else FAILED)


def _paragraph(problem: BaseException) -> str:
    if isinstance(problem, PocketsError):
        return str(problem)
    if isinstance(problem, OSError):
        return f"The system did not do what it was asked to. Found: {problem}."
    return (
        f"This program has failed where it should not: {type(problem).__name__}: {problem}. "
        "What to do: run “pockets --debug …” to see where, and report it."
    )


def _require_surroundings() -> None:
    """Refuse to start without what several libraries need: docstrings, and a home folder."""
    if sys.flags.optimize > 1:
        raise PocketsError(
            "Python was started without docstrings, which libraries of this program need",
            found="-OO, or PYTHONOPTIMIZE=2",
            do="start it with -O, or without",
        )
    try:
        Path.home()
    except RuntimeError as problem:
        raise PocketsError(
            "The system knows no home folder of the user who runs this",
            found=str(problem),
            do="set HOME to a folder that this user may write to",
        ) from problem


def _tell(paragraph: str) -> None:
    tell(f"pockets: {' '.join(paragraph.split())}")


def _noted(selection: Selection) -> Selection:
    """Say how a name or a code of another year was understood, and pass the selection on."""
    for note in selection.notes:
        _note(note)
    return selection


def _note(sentence: str) -> None:
    tell(f"Note: {sentence}.")


def _whose(name: str, count: int) -> str:
    """Say of which area a site is and of how many districts, which may be all of its name."""
    return ", ".join(dict.fromkeys([name, f"{count} district{'' if count == 1 else 's'}"]))


def _is_sample(area: str) -> bool:
    return area.strip().lower() == SAMPLE


def _have(files: Files, again: Sequence[str], *, roles: Sequence[str] | None = None) -> None:
    """Have the files that a command needs; ``again`` is the command, word by word."""
    from scripts.having import Having

    having = Having(files, again=again, roles=roles)
    having.have()
    for note in having.notes():
        tell(note)


def _country(edition_id: str, mirror: Path | None, offline: bool, again: Sequence[str]) -> Country:
    """Open an edition, once its files are at hand; a command's all is handed down from here."""
    files = _files(edition_id, mirror, offline)
    _have(files, again)
    from layers.borough.country import Country

    return Country(files=files)


def _choice(rule: str, cut: int | None, scale: float) -> Choice:
    """Say how pockets are to be found; what cannot be is refused before any work."""
    from layers.findings.pockets import Choice

    return Choice(rule=rule.strip().lower(), limit=cut, tau=scale)


def _own_names(path: Path | None) -> OwnNames | None:
    """Read the file of names, if one is given; what is wrong with it is told before any work."""
    from layers.findings.own_names import read_own_names

    return None if path is None else read_own_names(path)


def _files(edition_id: str, mirror: Path | None, offline: bool) -> Files:
    """Say where to look for an edition's files: given folders, or for the sample its own."""
    from geo.fetch.plan import cache_folder
    from layers.files import Files
    from layers.layer import edition
    from layers.pack import mirror_at

    known = edition(edition_id.strip().lower())
    if not known.fictional:
        cache = cache_folder()
        found = mirror_at(mirror, known, cache)
        return Files(edition=known, cache=cache, mirror=found, offline=offline)
    if mirror:
        raise typer.BadParameter(
            "the sample makes its own files; name an AREA, or leave out --mirror",
            param_hint="--mirror",
        )
    from scripts.sample.write import kept_sample

    cache = cache_folder() / SAMPLE
    return Files(edition=known, cache=cache, mirror=kept_sample(cache), offline=True)


if __name__ == "__main__":
    main()
