"""The tables as a workbook after the Analysis Function's guidance: cover, notes, a table a sheet.

gptables lays the sheets out; three things are seen to here. A text that begins with ``=`` stays
text (the workbook is told not to make formulas or links of strings). A missing value is a
shorthand that the sheet explains: ``[c]`` withheld, ``[x]`` not available, ``[z]`` not
applicable. Shares of people are shown as per cent and stay the numbers they are, from 0 to 1. And
the file carries no hour, so that the same tables give the same bytes. Excel keeps
15 digits of a number; the other formats keep all.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from geo.files.whole_files import replaced
from layers.kinds.registry import units_counted
from layers.layer import Edition
from maps.files.pockets_by_layer import pockets_by_layer
from maps.look.numbers import numeral

with warnings.catch_warnings():
    # gptables leaves the file of its theme open when it is imported
    warnings.simplefilter("ignore", ResourceWarning)
    import gptables

MOST_ROWS = 5_000
WITHHELD, ABSENT, NOT_APPLICABLE = "[c]", "[x]", "[z]"
LEGEND = [
    "Shorthand: [c] withheld to protect confidentiality; [x] not available; [z] not applicable."
]
INAPPLICABLE = {
    "pocket_id",
    "pocket_number",
    "pocket_name",
    "joined_pocket",
    "neighbour_pockets",
    "prominence",
    "membership",
    "membership_share",
    "stands_out",
    "stands_out_less",
}
REAL_UNITS = re.compile(r"^(%.*|people|LSOAs|MSOAs|km²|m,.*|µg/m³|percentile, 0 to 100)$")
SHARES = re.compile(r"^share of (.*), 0 to 1$")
"""Units of columns that keep a publisher's scale: their cells are numbers of it, shown as %."""
PER_CENT = "0.0%"
NO_SENSE = ("slope_index_", "relative_index", "part_ratio")
"""Beginnings of the columns that a gradient of the Indices against the Indices has nothing in."""
WORKBOOK_DATE = datetime(2000, 1, 1)
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHEETS = {
    "districts": ("Boroughs", "Boroughs: every layer in summary"),
    "pockets": ("Pockets", "Pockets of deprivation, by people in the worst tenth of all"),
    "pockets_by_layer": ("Pockets by layer", "Pockets by layer: what each is made of"),
    "joined_pockets": ("Joined pockets", "Pockets that touch across the line between boroughs"),
    "neighbourhoods": ("Small areas", "Small areas (LSOAs): every layer and both ranks"),
    "msoa": ("Neighbourhoods", "Neighbourhoods (MSOAs): every layer and both ranks"),
}


def write_spreadsheet(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    gradients: pd.DataFrame,
    *,
    words: pd.DataFrame,
    edition: Edition,
    about: Mapping[str, Any],
) -> Path:
    """Write the workbook, whole or not at all.

    ``tables`` are those of `SHEETS`, without lists, but for the one of pockets by layer, which is
    made here; ``gradients`` is
    `layers.borough.wholes.gradients_by_borough`, or empty; ``words`` is the column dictionary,
    whose titles are the headings; ``about`` is told of the whole on the cover
    (`maps.files.described.about_all`). A table of more than `MOST_ROWS` rows is left to the CSV,
    and the cover says so.
    """
    pockets = tables["pockets"].sort_values(["lad_name", "number"])
    by_layer = pockets_by_layer(pockets, edition)
    tables = {**tables, "pockets": pockets, "pockets_by_layer": by_layer}
    kept = {name: table for name, table in tables.items() if len(table) <= MOST_ROWS}
    notes = _notes(kept, words, edition)
    sheets = {
        "Dictionary": _dictionary_sheet(words),
        **{
            SHEETS[name][0]: _table_sheet(
                kept[name], name, words=words, notes=notes, edition=edition
            )
            for name in SHEETS
            if name in kept and len(kept[name])
        },
    }
    if len(gradients):
        sheets["Gradients"] = _gradients_sheet(gradients, words)
    left = [SHEETS[name][0] for name in tables if name not in kept]
    empty = [SHEETS[name][0] for name in kept if not len(kept[name])]
    with replaced(path) as temporary:
        cover = _cover(about, edition, left=left, empty=empty)
        _finish(_workbook(temporary, sheets, cover, notes), sheets, str(about["title"]))
    return path


def shown(table: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Return a table as cells: plain numbers and texts, a shorthand where a value is missing."""
    plain = table.drop(columns="geometry", errors="ignore").reset_index()
    return pd.DataFrame(
        {name: pd.Series(_cells(plain, str(name), edition), dtype=object) for name in plain}
    )


def headings(columns: Iterable[str], words: pd.DataFrame) -> dict[str, str]:
    """Give every column its heading, its title and unit; no two are the same."""
    found: dict[str, str] = {}
    titles, units = words["title"].to_dict(), words["unit"].to_dict()
    counted = units_counted()
    for column in columns:
        title, unit = str(titles[column]), SHARES.sub(r"% of \1", str(units[column]))
        heading = f"{title}, {unit}" if REAL_UNITS.match(unit) or unit in counted else title
        found[column] = heading if heading not in found.values() else f"{heading} ({column})"
    return found


def plain_text(text: str) -> str:
    """Keep a text from being read as a note or a link by gptables, or as nothing at all.

    >>> plain_text("[a](b) $$c$$")
    '[a] (b) $ $c$ $'
    >>> plain_text("=")
    '= (sign only)'
    """
    kept = text.replace("](", "] (").replace("$$", "$ $")
    return kept if re.search(r"[a-zA-Z0-9]", kept) else f"{kept} (sign only)"


def _cells(table: pd.DataFrame, name: str, edition: Edition) -> list[object]:
    withheld = _withheld(table, name, edition)
    absent = NOT_APPLICABLE if name in INAPPLICABLE else ABSENT
    column = table[name]
    missing = column.isna() | (column.astype(object) == "")
    return [
        (WITHHELD if hidden else absent)
        if gone
        else plain_text(cell)
        if isinstance(cell, str)
        else cell
        for cell, gone, hidden in zip(column.tolist(), missing, withheld, strict=True)
    ]


def _withheld(table: pd.DataFrame, name: str, edition: Edition) -> list[bool]:
    for layer in edition.layers:
        flag = layer.withheld
        if flag in table and layer.owns(name):
            return table[flag].astype(bool).tolist()
    return [False] * len(table)


def _notes(
    tables: Mapping[str, pd.DataFrame], words: pd.DataFrame, edition: Edition
) -> pd.DataFrame:
    """Collect the caveats of the columns that carry a note, each once."""
    columns = list(
        dict.fromkeys(name for table in tables.values() for name in _noted(table, words, edition))
    )
    caveats = words.loc[columns, "caveat"].drop_duplicates()
    keys = [f"note{order}" for order in range(len(caveats))]
    return pd.DataFrame({"key": keys, "Note text": caveats.tolist()})


def _noted(table: pd.DataFrame, words: pd.DataFrame, edition: Edition) -> list[str]:
    """List the columns whose heading carries a note: values, and plain columns with a caveat."""
    if table.empty:
        return []
    caveats = words["caveat"].to_dict()
    values = {layer.value for layer in edition.layers}
    ids = tuple(layer.column("") for layer in edition.layers)
    return [
        str(name)
        for name in table
        if caveats.get(name)
        and name != "geometry"
        and (name in values or not str(name).startswith(ids))
    ]


def _table_sheet(
    table: pd.DataFrame, name: str, *, words: pd.DataFrame, notes: pd.DataFrame, edition: Edition
) -> gptables.GPTable:
    cells = shown(table, edition)
    named = headings(map(str, cells), words)
    keys = dict(zip(notes["Note text"], notes["key"], strict=True))
    caveats, units = words["caveat"].to_dict(), words["unit"].to_dict()
    shares = [at for at, name in enumerate(cells) if SHARES.match(str(units[str(name)]))]
    noted = {
        named[column]: f"$${keys[str(caveats[column])]}$$"
        for column in _noted(table, words, edition)
    }
    return gptables.GPTable(
        table=cells.rename(columns=named),
        table_name=name,
        title=SHEETS[name][1],
        scope=_scope(edition),
        source="See the Dictionary sheet for the source of every column",
        instructions="This worksheet contains one table. Notes are on the Notes sheet.",
        legend=list(LEGEND),
        table_notes=noted,
        additional_formatting=[{"column": {"columns": shares, "format": {"num_format": PER_CENT}}}],
        index_columns={2: 0},
    )


def _scope(edition: Edition) -> str:
    ranks = "Rank 1, fifth 1 and decile 1 are the most deprived, or the highest."
    if edition.whole == "England":
        return ranks
    return f"{ranks} “England” in a heading stands for {edition.whole}."


def _dictionary_sheet(words: pd.DataFrame) -> gptables.GPTable:
    named = {"column": "Column in the data files", "heading": "Heading in this workbook"}
    told = words.assign(heading=pd.Series(headings(words.index, words))).reset_index()
    order = ["heading", "column", *words.columns]
    cells = told[order].map(lambda text: plain_text(text) if text else NOT_APPLICABLE)
    return _sheet(
        cells.rename(columns=lambda name: named.get(name, str(name).capitalize())),
        "dictionary",
        "Dictionary: what every column means",
    )


def _gradients_sheet(gradients: pd.DataFrame, words: pd.DataFrame) -> gptables.GPTable:
    table = gradients.reset_index()
    named = headings(map(str, table), words)
    circular = table["circular"].astype(bool)
    cells = {
        named[str(name)]: pd.Series(
            _gradient_cells(table[name], circular & str(name).startswith(NO_SENSE)), dtype=object
        )
        for name in table
    }
    return _sheet(pd.DataFrame(cells), "gradients", "Gradients by deprivation")


def _gradient_cells(column: pd.Series, senseless: pd.Series) -> list[object]:
    """Return the cells of a column; what a circular row cannot have is not applicable to it."""
    return [
        (NOT_APPLICABLE if never else ABSENT)
        if gone
        else plain_text(cell)
        if isinstance(cell, str)
        else cell
        for cell, gone, never in zip(column.tolist(), column.isna(), senseless, strict=True)
    ]


def _sheet(cells: pd.DataFrame, name: str, title: str) -> gptables.GPTable:
    return gptables.GPTable(
        table=cells.reset_index(drop=True).astype(object),
        table_name=name,
        title=title,
        instructions="This worksheet contains one table.",
        legend=list(LEGEND),
        index_columns={2: 0},
    )


def _cover(
    about: Mapping[str, Any], edition: Edition, *, left: list[str], empty: list[str]
) -> gptables.Cover:
    """Say what the workbook is, of what time its numbers are, and under which licences."""
    periods: dict[str, list[str]] = {}
    for layer in edition.layers:
        periods.setdefault(layer.period, []).append(layer.short)
    licences = [plain_text(one["title"]) for one in about["licenses"]]
    fictional = ["Every place in this workbook is fictional."] if edition.fictional else []
    gone = [
        f"{sheet}: more than {numeral(MOST_ROWS)} rows; see the CSV or GeoParquet file."
        for sheet in left
    ]
    none = [f"{sheet}: there are none, so there is no sheet." for sheet in empty]
    return gptables.Cover(
        title=about["title"],
        intro=[
            f"{edition.title}; {edition.vintage} geography;"
            f" population of mid-{edition.population_year}.",
            *fictional,
            *(f"{', '.join(shorts)}: {period}." for period, shorts in periods.items()),
            f"Licences of the data: {'; '.join(licences)}. The Dictionary names the sources.",
            f"Made by Pockets {about['version']}.",
            *gone,
            *none,
        ],
        about=[
            "Each sheet holds one table. The Dictionary explains every column;"
            " the Notes say what to keep in mind.",
            *LEGEND,
            "The numbers are those of the maps and of the other data files, to the 15 digits that a"
            " spreadsheet keeps. Nothing in this workbook is calculated.",
        ],
        width=90,
    )


def _workbook(
    path: Path,
    sheets: dict[str, gptables.GPTable],
    cover: gptables.Cover,
    notes: pd.DataFrame,
) -> gptables.GPWorkbook:
    with warnings.catch_warnings():
        # gptables itself uses ways of pandas that are on their way out
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        return gptables.produce_workbook(
            str(path),
            sheets,
            cover=cover,
            notes_table=notes,
            auto_width=False,
            workbook_options=OPTIONS,
        )


def _finish(
    workbook: gptables.GPWorkbook, sheets: Mapping[str, gptables.GPTable], title: str
) -> None:
    """Set widths, keep headings in sight, fix the date, close."""
    for label, sheet in sheets.items():
        page = workbook.get_worksheet_by_name(label)
        for position, column in enumerate(sheet.table):
            page.set_column(position, position, _width(column, sheet.table[column]))
        page.freeze_panes(sheet.data_range[0] + 1, 1)
        page.set_row(sheet.data_range[0], 75)
    for label, widths in {"Contents": (22, 75), "Notes": (14, 110)}.items():
        page = workbook.get_worksheet_by_name(label)
        for position, width in enumerate(widths):
            page.set_column(position, position, width)
    workbook.set_properties({"title": title, "created": WORKBOOK_DATE})
    workbook.close()


def _width(heading: str, cells: pd.Series) -> int:
    """Choose a width in characters: that of the longest cell, room for headings on four lines."""
    longest = max((len(str(cell)) for cell in cells), default=0)
    return min(60, max(longest + 2, len(heading) // 4 + 8, 10))
