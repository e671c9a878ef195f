"""Arguments and options that several commands share, with what the help says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.errors import some
from geo.space.rules import RULES

Area = Annotated[
    str,
    typer.Argument(
        help="A district's name or code, of this or another year, a named place, several with "
        "commas, england, or sample."
    ),
]
EditionId = Annotated[str, typer.Option("--edition", help="Release of the Indices, or sample.")]
MirrorFolder = Annotated[
    Path | None,
    typer.Option(
        "--mirror",
        exists=True,
        help="Folder of downloaded official files, or a pack; else what POCKETS_MIRROR names.",
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Never use the network.")]
Only = Annotated[
    str,
    typer.Option(
        "--only",
        help="Parts to build, with commas: index, region, data, about, pages, profiles, maps, "
        "atlas. The rest of a site that is there is kept.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, show_default="one a core", help="Processes to work in."),
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", help="Dask scheduler to work on, tcp://…")
]
Basemap = Annotated[
    str | None,
    typer.Option("--basemap", help="Address of map tiles, for readers who may use the network."),
]
PublicUrl = Annotated[
    str | None,
    typer.Option(
        "--public-url",
        help="Where the site will stand on the web, https://…: a borough's page then leads "
        "there, mailed alone too.",
    ),
]
RuleOption = Annotated[
    str,
    typer.Option(
        "--rule",
        help=f"Which small areas make pockets: {some(RULES, most=len(RULES))}.",
    ),
]
CutOption = Annotated[
    int | None,
    typer.Option(
        "--cut",
        show_default="2 tenths, 3 layers",
        help="Cut-off of the rule: tenths of the country (national), layers at least (overlap).",
    ),
]
ScaleOption = Annotated[
    float,
    typer.Option(
        "--scale",
        help="How far a pocket's peak must rise, in points of the overall score; more makes fewer "
        "and larger pockets.",
    ),
]
NamesFile = Annotated[
    Path | None,
    typer.Option(
        "--names", help="File of names that boroughs give pockets themselves (TOML: id = name)."
    ),
]
