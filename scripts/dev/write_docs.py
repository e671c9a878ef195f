"""The documents that are made from the code: the commands, and the sources of the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer.main

from geo.sources import Source
from layers.catalogue import catalogue
from scripts.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"


def commands_page() -> str:
    """Return docs/cli.md: every command with what it does, its argument and its options."""
    group = typer.main.get_command(app)
    lines = ["# The commands", "", "Made from the program by `make docs`.", ""]
    commands = getattr(group, "commands", {})
    for name in commands:
        lines += _command(name, commands[name])
    return "\n".join(lines).rstrip() + "\n"


def data_page() -> str:
    """Return docs/data.md: every source, from the records that the program reads."""
    lines = [
        "# The data",
        "",
        "Made from the records by `make docs`. None of these files is part of the project: they",
        "are looked for in the cache, then in the folder named with `--mirror` or `POCKETS_MIRROR`",
        "(under the path given here), then at the publisher's address.",
        "",
    ]
    for source in catalogue().values():
        if source.url_kind != "made":
            lines += _source(source)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write both pages."""
    for name, text in (("cli.md", commands_page()), ("data.md", data_page())):
        (DOCS / name).write_text(text, encoding="utf-8")


def _command(name: str, command: object) -> Iterator[str]:
    parameters = getattr(command, "params", [])
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and one.name != "help"]
    usage = " ".join(["pockets", name, *(f"[{one.name.upper()}]" for one in arguments)])
    yield from (f"## `{usage}`", "", str(getattr(command, "help", "")).strip(), "")
    rows = [(f"`{one.name.upper()}`", one.help) for one in arguments]
    rows += [(f"`{one.opts[0]}`", one.help) for one in options]
    if rows:
        yield from ("| | |", "|---|---|")
        yield from (
            f"| {given} | {' '.join(str(meaning or '').split())} |" for given, meaning in rows
        )
        yield ""


def _source(source: Source) -> Iterator[str]:
    yield from (f"## {source.title}", "", f"`{source.id}`", "")
    told = {
        "Publisher": source.publisher,
        "Page": f"<{source.page}>",
        "Address": f"<{source.url}>",
        "Of the address": source.url_note,
        "Edition": source.edition,
        "Period": source.period,
        "Geography": f"{source.geography} {source.vintage or ''}".strip(),
        "Path in a mirror": f"`{source.path}`",
        "Licence": source.licence,
        "Attribution": source.attribution,
        "Checked": _checked(source),
        "Note": source.note,
    }
    yield from ("| | |", "|---|---|")
    yield from (f"| {name} | {' '.join(text.split())} |" for name, text in told.items() if text)
    yield ""


def _checked(source: Source) -> str:
    """Say what is compared with the record when the file is read."""
    checks = ["the publisher's own bytes (SHA-256)"] if source.sha256 else []
    for name, table in source.tables.items():
        rows = f", {table.rows:,} rows" if table.rows else ""
        totals = "".join(f", {column} {total:,.0f}" for column, total in table.totals.items())
        checks.append(f"table “{name}”: columns and codes{rows}{totals}")
    if source.vector:
        checks.append(f"layer, fields, {source.crs}, {source.vector.rows:,} areas")
    if source.grid:
        checks.append(f"columns, cell size, {source.crs}")
    return "; ".join(checks)


if __name__ == "__main__":
    main()
