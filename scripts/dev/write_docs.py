"""Write the pages of docs/ that are made from the command, the catalogue and the packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import cleandoc
from pathlib import Path, PurePosixPath
from typing import Any

import typer

from geo.files.whole_files import write_text
from geo.sources import Address, Source
from layers.catalogue import catalogue
from maps.site.about import checked_for
from scripts.cli import app
from scripts.dev.api_page import api_page
from scripts.dev.licences import licences_page

DOCS = Path(__file__).resolve().parents[2] / "docs"

CLI = """\
# The command

Generated from the command line itself by `make docs`; `pockets COMMAND --help` says the same.

    pockets build Liverpool   a real place: downloads what it needs, once
    pockets build             a fictional sample, needs no data

Progress and errors go to the standard error, results to the standard output. An error is one
paragraph: what, where, expected, found, what to do. `pockets --debug COMMAND …` shows where in the
program an error arose. The exit code says how a command ended:

| exit code | meaning |
|--:|---|
| 0 | all went well |
| 1 | something failed, or a check did |
| 2 | a command or an option was misused |
| 3 | files that are needed are not to be had: no network, a host or file that is gone |
| 130 | Ctrl-C |

A command that needs official files downloads those that are not at hand, once, and says before it
does which they are, how large, from where, and in which folder they stay until somebody deletes
them. What a build can do without is downloaded with the rest, and never the reason for a download;
where it could not be had, the pages say so. With `--offline` nothing is asked of any network, and
`pockets sources` never asks it for anything. [The files](files.md) tells of proxies, of machines
without a network and of folders of downloads.

Two variables of the environment say where files are: `POCKETS_CACHE`, the folder for downloads and
conversions, and `POCKETS_MIRROR`, a folder of official files that are already downloaded, or a
pack. A build writes beside the folder it is to replace and swaps when all is done, so a build that
fails or is killed leaves the site that was there. A folder with anything in it that the build did
not make is refused, and what is strange is named: to publish from a folder with `.git`, a `CNAME`
or notes, build beside it and copy. A page of the site that somebody has changed by hand is the
site's, and is replaced. Never replaced are what a link leads to, a mounted disk, the folder one
stands in, and a folder that holds or lies in the mirror or the cache. A borough that fails is left
out, and the exit code is 1; with `--only`, what was there of it before stays.
"""

DATA = """\
# The data

Generated from the catalogue of sources (`boundaries/sources.toml`, `layers/sources.toml`,
`layers/sample.toml`) by `make docs`. A file is looked for in the cache, then in a mirror folder
under the path given here, then at its address. In a mirror it may also stand under its publisher's
own name, and beside the folders rather than in them, as in a folder of downloads. Wherever it came
from, it is checked when it is read.

Some files are accepted in more than one layout: as the publisher offers them today, and as copies
of them have it. Which one a file has is seen from its kind, its sheets and its headings, never from
its name; one that has none of them is refused for what it lacks of the nearest. What a publisher
packs into a zip archive may stay in it.

No address was opened when these records were written, so each is a claim, with a grade: A, two or
more independent public programs download exactly this, or its bytes were compared with those at
hand; B, one program does; C, it only follows the publisher's pattern. What is found there is held
to the record.
"""

SAMPLE = """\
# The sample

Files of a fictional place that the program makes itself, in the form of the official ones.

| id | file | what it is |
|---|---|---|
"""


def cli_page() -> str:
    """Return the page of commands, in the order of the program's own help."""
    # The kind of what this returns differs between versions of typer.
    group: Any = typer.main.get_command(app)
    return "\n".join([CLI, *(_command(name, one) for name, one in group.commands.items())])


def _command(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = [f"{p.name.upper()}" if p.required else f"[{p.name.upper()}]" for p in arguments]
    head = " ".join(["pockets", name, *usage, *(["[OPTIONS]"] if options else [])])
    rows = [
        f"| `{', '.join(p.opts) if p in options else p.name.upper()}` | {p.help} | {_default(p)} |"
        for p in [*arguments, *options]
    ]
    table = "\n".join(["| option | meaning | default |", "|---|---|---|", *rows])
    return f"## {name}\n\n`{head}`\n\n{cleandoc(command.help)}\n\n{table}\n"


def _default(parameter: Any) -> str:
    if isinstance(parameter.show_default, str):
        return parameter.show_default
    given = parameter.default
    return "" if given is None or given is False or given == "" else f"`{given}`"


def data_page() -> str:
    """Return the page of sources: a section for each official file, a table of the sample's."""
    known = catalogue()
    made = [source for source in known.values() if source.address.kind == "made"]
    official = [source for source in known.values() if source.address.kind != "made"]
    rows = [f"| {source.id} | `{source.path}` | {source.title} |\n" for source in made]
    return "\n".join([DATA, *map(_source, official), SAMPLE + "".join(rows)])


def _source(source: Source) -> str:
    told = "\n".join(f"- **{name}**: {text(source)}" for name, text in TOLD.items() if text(source))
    checks = "\n".join(f"  - {check}" for check in checked_for(source))
    note = f"\n{source.note}\n" if source.note else ""
    return f"## {source.id}\n\n{source.title}\n\n{told}\n- **Checked**:\n{checks}\n{note}"


def _address(address: Address) -> str:
    """Name an address, what is meant there, and how sure it is."""
    page = f"looked for on <https://www.gov.uk/{address.slug}>" if address.slug else ""
    told = [
        f"<{address.url}>" if address.url else page,
        f"member `{address.member}`" if address.member else "",
        f"grade {address.grade}" if address.grade else "",
        f"where that fails {page}" if address.url and page else "",
    ]
    return ", ".join(filter(None, told))


def _file(source: Source) -> str:
    return f"`{source.path}` ({source.format})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


TOLD: Mapping[str, Callable[[Source], str]] = {
    "Publisher": lambda source: source.publisher,
    "Page": lambda source: f"<{source.page}>",
    "Address": lambda source: _address(source.address),
    "About the address": lambda source: source.address.note,
    "Edition": lambda source: source.edition,
    "Period": lambda source: source.period,
    "Geography": lambda source: " ".join(
        [source.geography, str(source.vintage or ""), f"({', '.join(source.coverage)})"]
    ).replace("  ", " "),
    "Coordinate system": lambda source: source.crs or "",
    "Unit": lambda source: (
        source.unit if source.direction == "none" else f"{source.unit}; {source.direction}"
    ),
    "Licence": lambda source: source.licence,
    "Attribution": lambda source: source.attribution,
    "File": lambda source: _file(source),
    "Also accepted": lambda source: "; ".join(
        f"layout `{form.layout}`, {_file(form)}: {' '.join(filter(None, (form.note, form.copies)))}"
        for form in source.layouts
    ),
    "Also found as": lambda source: _listed(
        name for name in source.address.names if name != PurePosixPath(source.path).name
    ),
    "Size of the download": lambda source: f"{source.size_mb:g} MB" if source.size_mb else "",
    "Copies": lambda source: source.copies,
    "Newer edition": lambda source: source.superseded_by or "",
}
"""What is told of a source, in this order; nothing where it is empty."""

PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": api_page,
    "cli.md": cli_page,
    "data.md": data_page,
    "licences.md": licences_page,
}


def main() -> None:
    """Write every generated page."""
    for name, page in PAGES.items():
        write_text(DOCS / name, page())


if __name__ == "__main__":
    main()
