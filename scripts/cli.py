"""The command line: it parses, calls one function of the library, and prints or writes."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import PocketsError

if TYPE_CHECKING:
    from layers.files import Files

app = typer.Typer(
    name="pockets",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find and map pockets of deprivation inside English boroughs.\n\n"
    "Example: pockets build Liverpool --mirror folder-of-official-files",
    epilog="The built-in sample needs no data: pockets build",
)

SAMPLE = "sample"
CORES = os.cpu_count() or 1
Area = Annotated[
    str,
    typer.Argument(
        help="A district's name or code, a named place, several with commas, england, or sample."
    ),
]
EditionId = Annotated[str, typer.Option("--edition", help="Release of the Indices: 2019.")]
MirrorFolder = Annotated[
    Path | None,
    typer.Option("--mirror", help="Folder of downloaded official files (or POCKETS_MIRROR)."),
]
Offline = Annotated[bool, typer.Option("--offline", help="Never use the network.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder to write the site to.")]
Only = Annotated[
    str, typer.Option("--only", help="Parts to build, with commas; the rest of the site is kept.")
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Processes to work in.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", help="Dask scheduler to work on, tcp://…")
]
Basemap = Annotated[
    str | None,
    typer.Option("--basemap", help="Address of map tiles, for readers who may use the network."),
]


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Find and map pockets of deprivation inside English boroughs."""
    os.environ["POCKETS_DEBUG"] = "1" if debug else ""


@app.command()
def build(  # noqa: PLR0913 -- the options of a command are its arguments
    area: Area = SAMPLE,
    edition: EditionId = "2019",
    out: OutFolder = Path("site"),
    mirror: MirrorFolder = None,
    offline: Offline = False,
    only: Only = "",
    jobs: Jobs = CORES,
    scheduler: Scheduler = None,
    basemap: Basemap = None,
) -> None:
    """Build the site of an area: pages, maps, profiles and tables."""
    from layers.geography import Geography
    from maps.site import PARTS, Plan, build_site

    files = _files(SAMPLE if area == SAMPLE else edition, mirror, offline)
    plan = Plan(
        files=files,
        selection=Geography(files).select(area),
        out=out,
        parts=tuple(part.strip() for part in only.split(",")) if only else tuple(PARTS),
        jobs=jobs,
        scheduler=scheduler,
        basemap=basemap,
    )
    made = build_site(plan, say=_say)
    for part, seconds in made.seconds.items():
        _say(f"  {part}: {seconds:.1f} s of processor time")
    typer.echo(f"Made {len(made.boroughs)} boroughs of {plan.selection.name} in {made.out}")
    typer.echo(f"Open {(made.out / 'index.html').resolve().as_uri()}")


@app.command()
def areas(
    text: Annotated[str, typer.Argument(help="Part of a name, or a code; empty for all.")] = "",
    edition: EditionId = "2019",
    mirror: MirrorFolder = None,
    offline: Offline = False,
) -> None:
    """Find districts and named places."""
    from boundaries.names import search
    from layers.geography import Geography

    districts = Geography(_files(edition, mirror, offline)).districts
    found = search(text, districts)
    if found.empty:
        from boundaries.names import select

        select(text, districts, whole="")
    for row in found.itertuples():
        several = f" ({row.districts} districts)" if row.kind == "place" else ""
        typer.echo(f"{row.code:<24}{row.name}{several}")


@app.command()
def sources(edition: EditionId = "2019", mirror: MirrorFolder = None) -> None:
    """List what is known of every source of an edition, and whether its file is at hand."""
    files = _files(edition, mirror, True)
    for role, source_id in files.edition.sources.items():
        source = files.source(role)
        state = "at hand" if files.at_hand(role) else "not here"
        typer.echo(f"{state:<10}{role:<24}{source_id}\n{'':10}{source.title}\n{'':10}{source.page}")


@app.command()
def fetch(edition: EditionId = "2019", mirror: MirrorFolder = None) -> None:
    """Download and verify every file of an edition that is not at hand, and nothing else."""
    files = _files(edition, mirror, False)
    for role in files.edition.sources:
        typer.echo(f"{role:<24}{files.path(role)}")


@app.command()
def check(
    edition: EditionId = "2019", mirror: MirrorFolder = None, offline: Offline = False
) -> None:
    """Report on the quality of the data; exit 1 when a check fails."""
    from layers.neighbourhoods import tables

    found = tables(_files(edition, mirror, offline))
    for join in found.joins.itertuples():
        typer.echo(
            f"{join.what}: {join.matched:,} matched, {join.missing} missing, {join.extra} extra"
        )
    for row in found.checks.itertuples():
        verdict = {True: "ok", False: "FAILED"}.get(row.ok, "note")
        typer.echo(f"{verdict:<8}{row.name}: expected {row.expected}; found {row.found}")
    raise typer.Exit(int(found.checks["ok"].eq(False).any()))


@app.command()
def reproduce(mirror: MirrorFolder = None, offline: Offline = False) -> None:
    """Put published figures beside ours, with their source; exit 1 when one is not reproduced."""
    from layers.published import reproduced

    figures = reproduced(_files("2019", mirror, offline))
    for row in figures.itertuples():
        verdict = "same" if row.same else "DIFFERS"
        typer.echo(f"{verdict:<8}{row.figure}: published {row.published}, ours {row.ours}")
        typer.echo(f"{'':8}{row.source}")
    raise typer.Exit(int(not figures["same"].all()))


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of a built site.")] = Path("site"),
    port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8000,
) -> None:
    """Look at a built site in a browser, from this machine only."""
    from scripts.serve import serve_folder

    serve_folder(folder, port=port, say=typer.echo)


def main() -> None:
    """Run the command; an error of ours is one paragraph, and the exit code is not 0."""
    try:
        app()
    except PocketsError as problem:
        if os.environ.get("POCKETS_DEBUG"):
            traceback.print_exc()
        typer.echo(f"pockets: {problem}", err=True)
        sys.exit(1)


def _files(edition_id: str, mirror: Path | None, offline: bool) -> Files:
    from geo.fetch import cache_folder, mirror_folder
    from layers.files import Files
    from layers.layer import edition

    known = edition(edition_id)
    cache = cache_folder()
    if known.fictional:
        from scripts.sample import SAMPLE_VERSION, write_sample

        # A cache of its own: another version of the sample leaves nothing behind in it.
        cache = cache / f"sample-{SAMPLE_VERSION}"
        mirror = cache / "mirror"
        if not mirror.exists():
            write_sample(mirror)
    return Files(
        edition=known,
        cache=cache,
        mirror=mirror or mirror_folder(),
        offline=offline or known.fictional,
    )


def _say(text: str) -> None:
    typer.echo(text, err=True)


if __name__ == "__main__":
    main()
