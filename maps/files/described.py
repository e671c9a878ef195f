"""What programs are told of the tables in CSV: a Data Package and CSV on the Web.

Both say of every column what the dictionary says: its kind, title, unit and how it was made; of
every table what tells its rows apart; and of all of them the edition, the sources, their licences.
They follow https://specs.frictionlessdata.io/tabular-data-package/ and
https://www.w3.org/TR/tabular-metadata/, so that programs that know either read the tables typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.codes import slug
from geo.files.hashes import file_hash
from layers.layer import Edition

if TYPE_CHECKING:
    from geo.sources import Source

PACKAGE_FILE = "datapackage.json"
CSVW = "{name}.csv-metadata.json"
"""The names that the two specifications look for beside the tables."""
TOLD: Mapping[str, str] = {
    "neighbourhoods": "Small areas (LSOAs): every layer and both ranks",
    "msoa": "Neighbourhoods (MSOAs): every layer and both ranks",
    "pockets": "Pockets of deprivation",
    "joined_pockets": "Joined pockets: those that touch across the line between boroughs, with"
    " their people and boroughs",
    "districts": "Boroughs: every layer in summary",
    "england": "The whole country, and the boroughs together: every layer and the people",
    "gradients": "Boroughs: how each layer runs with deprivation",
    "reach": "Whom any cut-off on overall deprivation would reach in each borough",
    "behind": "What is behind the Indices: the indicators and sub-domains that they are made of,"
    " for every small area, neighbourhood, pocket and borough",
    "fuel_poverty_by_year": "Boroughs and the whole: households in fuel poverty by year, in two"
    " measures that are two series",
    "districts_by_edition": "Boroughs: LSOAs in the most deprived tenth and fifth of each edition"
    " of the Indices",
    "decile_flow": "Boroughs: LSOAs and people by decile in the edition before and now",
    "pockets_before": "What became of each pocket of the edition before",
    "dictionary": "Dictionary of all columns: title, unit, source, caveat",
}
"""What each table in CSV holds, in the order in which they are listed."""
BESIDE_THE_INDEX: Mapping[str, tuple[str, ...]] = {
    "gradients": ("layer",),
    "reach": ("cut_off_rank",),
    "fuel_poverty_by_year": ("year", "measure"),
    "districts_by_edition": ("edition",),
    "decile_flow": ("decile_before", "decile_now"),
}
"""What, with its first column, tells the rows of a table apart where that alone does not."""
LEADS_TO: Mapping[str, str] = {
    "msoa_code": "msoa",
    "lad_code": "districts",
    "pocket_id": "pockets",
    "joined_pocket": "joined_pockets",
}
"""Columns that hold the first column of another table; empty where there is nothing to lead to."""
OF_ANOTHER_TIME = {"pockets_before"}
"""Tables whose pockets are not those of the table of pockets."""
KINDS_OF_CELLS: Mapping[str, str] = {
    "boolean": "boolean",
    "integer": "integer",
    "floating": "number",
    "mixed-integer-float": "number",
}
USUAL_LICENCES: Mapping[str, tuple[str, str]] = {
    "Open Government Licence v3.0": (
        "OGL-UK-3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "Open Parliament Licence v3.0": (
        "Open-Parliament-3.0",
        "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
    ),
}
"""The usual licences of sources: a name without spaces, and where the licence stands."""

Description = dict[str, object]


def data_package(
    edition: Edition,
    place: str,
    sources: Iterable[Source],
    tables: Mapping[str, pd.DataFrame],
    words: pd.DataFrame,
    folder: Path,
) -> Description:
    """Describe the tables that stand in a folder as CSV, as one Data Package.

    ``words`` is the column dictionary; ``tables`` holds it too. A column leads to another table
    only where every code in it is found there. No hour is told, so that the same tables give the
    same description; ``version`` is the program's.
    """
    return {
        "profile": "tabular-data-package",
        **about_all(edition, place, sources),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": f"{name}.csv",
                "title": TOLD[name],
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": (folder / f"{name}.csv").stat().st_size,
                "hash": f"sha256:{file_hash(folder / f'{name}.csv')}",
                "schema": {
                    "fields": [_field(*column, words) for column in _columns(tables[name])],
                    "primaryKey": _key(name, tables[name]),
                    "foreignKeys": _leading(name, tables),
                },
            }
            for name in TOLD
            if name in tables
        ],
    }


def about_all(edition: Edition, place: str, sources: Iterable[Source]) -> Description:
    """Say what all files of a build are, under the names that a Data Package gives to it."""
    used = list({source.id: source for source in sources}.values())
    return {
        "name": f"pockets-of-deprivation-{edition.id}-{slug(place)}",
        "title": f"Pockets of deprivation: {place}",
        "description": _about(edition),
        "version": metadata.version("deprivation-pockets"),
        "edition": edition.title,
        "licenses": _licences(used),
        "sources": [
            {"title": f"{source.publisher}: {source.title} ({source.edition})"}
            | ({"path": source.page} if source.page.startswith("https://") else {})
            for source in used
        ],
    }


def csv_on_the_web(
    name: str, edition: Edition, sources: Iterable[Source], table: pd.DataFrame, words: pd.DataFrame
) -> Description:
    """Describe one table that stands as CSV, as CSV on the Web has it; its keys are its own."""
    used = list({source.id: source for source in sources}.values())
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{name}.csv",
        "dc:title": TOLD[name],
        "dc:description": _about(edition),
        "dc:hasVersion": metadata.version("deprivation-pockets"),
        "dc:license": [
            {"@id": found["path"]} if "path" in found else found["title"]
            for found in _licences(used)
        ],
        "dc:source": [f"{source.publisher}: {source.title} ({source.edition})" for source in used],
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(*column, words) for column in _columns(table)],
            "primaryKey": _key(name, table),
        },
    }


def _about(edition: Edition) -> str:
    fictional = " Every place in it is fictional." if edition.fictional else ""
    return (
        f"{edition.title}; areas of {edition.vintage}, population of"
        f" mid-{edition.population_year}.{fictional}"
    )


def _licences(sources: Sequence[Source]) -> list[dict[str, str]]:
    found = []
    for text in dict.fromkeys(source.licence for source in sources):
        bare = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")
        name, path = USUAL_LICENCES.get(text, (bare, ""))
        found.append({"name": name, "title": text} | ({"path": path} if path else {}))
    return found


def _columns(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the columns of a table as they stand in CSV, each with the kind of its cells."""
    flat = table.drop(columns="geometry", errors="ignore").reset_index()
    kinds = {str(name): pd.api.types.infer_dtype(flat[name], skipna=True) for name in flat}
    return [(name, KINDS_OF_CELLS.get(kind, "string")) for name, kind in kinds.items()]


def _field(name: str, kind: str, words: pd.DataFrame) -> Description:
    return {"name": name, "type": kind, **_said(name, words)}


def _column(name: str, kind: str, words: pd.DataFrame) -> Description:
    said = _said(name, words)
    more = {"description": "dc:description", "unit": "schema:unitText", "period": "dc:temporal"}
    told = {key: said[own] for own, key in more.items() if own in said}
    type_of = {"base": "boolean", "format": "True|False"} if kind == "boolean" else kind
    return {"name": name, "titles": [name, said["title"]], "datatype": type_of, **told}


def _said(name: str, words: pd.DataFrame) -> dict[str, str]:
    """Return what the dictionary says of a column; a column of its own is its own title."""
    if name not in words.index:
        return {"title": name.capitalize()}
    row = words.loc[name]
    texts = {
        "title": row["title"],
        "description": ". ".join(str(text).rstrip(".") for text in row[["made", "caveat"]] if text),
        "unit": row["unit"],
        "period": row["period"],
        "source": row["source"],
    }
    return {key: str(text) for key, text in texts.items() if text}


def _key(name: str, table: pd.DataFrame) -> list[str]:
    return [str(table.index.name), *BESIDE_THE_INDEX.get(name, ())]


def _leading(name: str, tables: Mapping[str, pd.DataFrame]) -> list[Description]:
    own = [] if name in OF_ANOTHER_TIME else _columns(tables[name])
    flat = tables[name].reset_index()
    return [
        {
            "fields": [column],
            "reference": {
                "resource": LEADS_TO[column],
                "fields": [str(tables[LEADS_TO[column]].index.name)],
            },
        }
        for column, _ in own
        if LEADS_TO.get(column, name) != name
        and set(flat[column].dropna()) - {""} <= set(tables[LEADS_TO[column]].index)
    ]
