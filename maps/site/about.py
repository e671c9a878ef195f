"""The pages about a build: its methods, what its sources were checked for, its data's quality.

The words on methods live in a template of the package and hold for any edition; parameters,
sources, joins, checks and reproduced figures are those of the build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from boundaries.shapes import CENTROID_WITHIN_M, EXTENT_WITHIN_M, MOST_MENDED_SHARE
from geo.crs import BNG, WGS84
from geo.files.whole_files import write_text
from layers.borough.bridge_report import BridgeReport
from layers.findings.pockets import Choice
from layers.indicators import Indicator
from layers.kinds.kind import Kind, worded
from layers.kinds.registry import kinds_of
from layers.layer import Edition
from maps.look.html import READING_STYLE, environment, policy, stylesheet
from maps.look.numbers import counted, numeral, percentage, tenths_in_words, trimmed
from maps.profiles.comparable import how_compared
from maps.site.bridge_page import bridge_told
from maps.words.credits import source_lines
from maps.words.how_sure import MEMBERSHIP_IN_WORDS, NO_ERROR, recurrence_in_words
from maps.words.reading import superseded
from maps.words.rules import every_rule, settings_in_words
from maps.words.sentences import capital

if TYPE_CHECKING:
    from geo.sources import GridSpec, Source, TableSpec, VectorSpec

PAGES = {"methods": "Methods", "sources": "Sources", "quality": "Data quality"}
OWN_NAMES = "names.toml"
"""The copy of the file of names that boroughs give pockets, of a build that was given one."""
BRIDGE_PAGE = "bridge"
"""The page on what was carried from areas of another census, of a build in which anything was."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What there is to say about a build.

    ``sources`` are all that were used; ``origins`` tells of the file each, by id, was read from
    (`geo.fetch.origins`). ``joins`` has a row a join (`geo.join.JoinReport.row`); ``checks`` a row
    a `geo.checks.Check`; ``figures`` a row a published figure (figure, published, ours,
    same, source); ``clusters`` a row a layer and frame (`layers.findings.clusters.settled`).
    ``absent`` are the sources of the files that were not at hand and were done without,
    ``lacking`` what they are missed for, in sentences; ``behind`` are the indicators and
    sub-domains behind the Indices that the profiles show. ``bridge`` tells what was carried
    from areas of another census, ``boroughs`` the names of those that were built, by code.
    """

    edition: Edition
    place: str
    sources: Sequence[Source]
    origins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    joins: pd.DataFrame = field(default_factory=pd.DataFrame)
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    behind: Sequence[Indicator] = ()
    clusters: pd.DataFrame = field(default_factory=pd.DataFrame)
    absent: Sequence[Source] = ()
    lacking: Sequence[str] = ()
    bridge: BridgeReport | None = None
    boroughs: Mapping[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, str]:
        """Return the titles of the pages by name, in the order of their links."""
        if self.bridge is None:
            return PAGES
        return {**PAGES, BRIDGE_PAGE: f"From the areas of {self.bridge.vintage}"}


def write_about(about: About, folder: Path, *, linked: Iterable[str] = ("index",)) -> list[Path]:
    """Write the pages into a folder (``about/``); ``linked`` names the site's parts to link to."""
    pages = about_pages(about, linked=linked)
    return [write_text(folder / f"{name}.html", page) for name, page in pages.items()]


def about_pages(about: About, *, linked: Iterable[str] = ("index",)) -> dict[str, str]:
    """Return the pages by name: those of `About.pages`."""
    told = {
        "about": about,
        "edition": about.edition,
        "superseded": superseded(about.edition),
        "linked": set(linked),
        "style": Markup(stylesheet(READING_STYLE)),
        "policy": policy(scripts=[], styles=[stylesheet(READING_STYLE)]),
        "indicators": about.behind,
        "own_names": OWN_NAMES,
        "settings": about.settings,
        "settings_told": settings_in_words(about.settings),
        "capital": capital,
        "kinds": _explained(about),
        "rules": every_rule(about.edition),
        "came_back": recurrence_in_words(about.settings),
        "tenths": tenths_in_words(Choice.of(about.settings).tenths),
        "membership": MEMBERSHIP_IN_WORDS,
        "no_error": NO_ERROR,
        "how_compared": how_compared(about.edition, "MSOAs", "the build"),
        "sources": [(form, checked_for(form)) for form in _as_read(about)],
        "credits": source_lines(_unique(about.sources)),
        "checks": _ordered(about.checks),
        "verdicts": _in_one_sentence(about.checks),
        "joins": about.joins.to_dict("records"),
        "figures": about.figures.to_dict("records"),
        "clusters": _clusters(about),
        **(
            {} if about.bridge is None else bridge_told(about.bridge, about.edition, about.boroughs)
        ),
    }
    return {
        name: environment().get_template(f"about_{name}.html").render(**told, page=name)
        for name in about.pages
    }


def _explained(about: About) -> list[tuple[Kind, list[Markup]]]:
    """Return the kinds that have methods of their own to explain, each with its paragraphs."""
    return [
        (kind, [Markup(worded(words, about.edition, about.sources)) for words in kind.methods])
        for kind in kinds_of(about.edition)
        if kind.methods
    ]


def _clusters(about: About) -> list[dict[str, object]]:
    """Return the rows on clusters with their layers and frames in words."""
    frames = {"england": about.edition.whole, "borough": "each borough built, together"}
    return [
        {
            **row,
            "layer": about.edition.layer(row["layer"]).short,
            "frame": frames[row["frame"]],
            "unsettled_pct": percentage(100 * row["unsettled"] / max(1, row["tested"]), decimals=3),
        }
        for row in _rows(about.clusters)
    ]


def _as_read(about: About) -> list[Source]:
    """Return the records of the sources in the layouts that their files had."""
    return [
        source.in_layout(str(about.origins.get(source.id, {}).get("layout", "")))
        for source in _unique(about.sources)
    ]


def checked_for(source: Source) -> list[str]:
    """Say what a source's file is checked for each time it is read, from its record.

    A record that promises nothing of a kind is silent on it.
    """
    sha256 = source.sha256 if source.confirmed else None
    told = [f"that its bytes are the publisher's (SHA-256 {sha256})"] if sha256 else []
    for name, table in source.tables.items():
        told += _of_table(name, table, source)
    if source.vector is not None:
        told += _of_vector(source.vector, source)
    if source.grid is not None:
        told += _of_grid(source.grid)
    return [*told, *(_of_sheet(sheet) for sheet in source.sheets.values())]


def _of_table(name: str, table: TableSpec, source: Source) -> list[str]:
    where = f"sheet “{table.sheet}”" if table.sheet else f"table “{name}”"
    sums = [theirs for theirs in table.numbers.values() if isinstance(theirs, tuple)]
    added = sum(map(len, sums))
    optional = [theirs for group in table.optional.values() for theirs in group]
    needed = {*table.text, *table.numbers} - {*optional, *table.rests}
    columns = len(needed) + 1 + added - len(sums)
    prefixes = source.coverage if table.prefixes is None else table.prefixes
    told = [f"{where}: {counted(columns, 'column')} under their published names"]
    if optional:
        told.append(f"{where}: {len(optional)} more, or whole groups of them absent")
    if table.rests:
        told.append(f"{where}: {', '.join(table.rests)} worked out where absent")
    if sums:
        told.append(f"{where}: {added} of them numbers that are added up to {len(sums)}")
    for heading, listed in table.only.items():
        kept = " or ".join(f"beginning with {text}" if text else "empty" for text in listed)
        told.append(f"{where}: only the rows with {heading} {kept}")
    if table.rows is not None:
        told.append(f"{where}: {numeral(table.rows)} rows")
    if prefixes:
        once = ", each once" if table.unique else ""
        told.append(f"{where}: codes beginning with {' or '.join(prefixes)}{once}")
    if table.text:
        told.append(f"{where}: {', '.join(table.text)} nowhere blank")
    if table.counts:
        told.append(f"{where}: {', '.join(table.counts)} whole and not negative")
    told += [
        f"{where}: {column} from {trimmed(low)} to {trimmed(high)}"
        for column, (low, high) in table.ranges.items()
    ]
    told += [
        f"{where}: {column} adds up to {trimmed(total)}" for column, total in table.totals.items()
    ]
    told += [
        f"{where}: {whole} is the sum of its {len(parts)} parts"
        for whole, parts in table.sums.items()
    ]
    return told


def _of_sheet(sheet: str) -> str:
    return f"sheet “{sheet}”: there, and in the form in which its layer reads it row by row"


def _of_vector(vector: VectorSpec, source: Source) -> list[str]:
    told = [
        f"{numeral(vector.rows)} areas, each with a name and a polygon",
        f"codes beginning with {' or '.join(source.coverage)}, each once",
        f"the layer and its fields {vector.code} and {vector.name}, whatever the layer is called",
        f"coordinates in {' or '.join(sorted({BNG, WGS84}))}, as the file declares, finite and "
        "inside Great Britain",
        f"shapes within {trimmed(CENTROID_WITHIN_M / 1000)} km of the centroids that the file"
        " gives, and none on top of another",
        "valid shapes; one that crosses itself is mended where that changes its area by at most "
        f"{percentage(100 * MOST_MENDED_SHARE)}, and counted",
    ]
    if vector.extent_m:
        corners = ", ".join(numeral(metres) for metres in vector.extent_m)
        told.append(
            f"the ground they cover (west, south, east, north: {corners} m) to within "
            f"{trimmed(EXTENT_WITHIN_M / 1000)} km"
        )
    return told


def _of_grid(grid: GridSpec) -> list[str]:
    return [
        f"{numeral(grid.fewest_cells)} cells or more, the last row with its line's end",
        f"centres of square cells of {numeral(grid.cell_m)} m, each cell once",
        f"“{grid.missing}” for cells without a value, numbers elsewhere",
    ]


def _unique(sources: Iterable[Source]) -> list[Source]:
    return list({source.id: source for source in sources}.values())


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _in_one_sentence(checks: pd.DataFrame) -> str:
    """Say how the checks went: how many agree, differ, or have nothing to be held against."""
    counts = Counter(row["verdict"] for row in _ordered(checks))
    if not counts:
        return ""
    compared = counts["agrees"] + counts["differs"]
    differ = counts["differs"] or "none"
    said = f"Of {counted(compared, 'check')} against published figures {differ} differ"
    return (
        f"{said}{'s' if differ == 1 else ''}; {counted(counts['to know'], 'more finding')} to know."
    )


def _ordered(checks: pd.DataFrame) -> list[dict[str, Any]]:
    """Put the checks that failed first, then findings without a verdict, then the rest."""
    rows = _rows(checks)
    for row in rows:
        known = row["ok"] is not None and row["ok"] == row["ok"]
        row["verdict"] = ("agrees" if row["ok"] else "differs") if known else "to know"
    order = {"differs": 0, "to know": 1, "agrees": 2}
    return sorted(rows, key=lambda row: order[str(row["verdict"])])
