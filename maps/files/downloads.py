"""The tables as files for analysts: GeoParquet, CSV, GeoPackage, GeoJSON, spreadsheet, provenance.

Every file is made from the same frames, unrounded, so a number is the same in all of them. Whole
numbers (ranks, fifths, counts) are written without a decimal point. In CSV a cell of *text* that
begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end gets a single quote in front, because
spreadsheet programs would run it as a formula; numbers are never touched. Lists (the LSOAs of a
pocket) are lists in GeoParquet and GeoJSON, and joined by a space elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.coverage import dissolved
from geo.crs import BNG, require_crs, to_wgs84
from geo.errors import InputError, some
from geo.files.whole_files import replaced, write_text
from layers.borough.region import behind_by_place, fuel_poverty_table, reach_by_borough
from layers.borough.wholes import england_table, gradients_by_borough
from layers.borough.with_change import change_together
from layers.findings.joined import together
from layers.kinds.registry import KINDS
from layers.layer import Edition
from layers.table.dictionary import dictionary
from maps.files.described import (
    CSVW,
    PACKAGE_FILE,
    TOLD,
    about_all,
    csv_on_the_web,
    data_package,
)
from maps.files.geopackage import write_geopackage
from maps.files.qgis_style import styles
from maps.files.spreadsheet import write_spreadsheet
from maps.look.view import ranked
from maps.words.sentences import capital, left_out

if TYPE_CHECKING:
    from geo.sources import Source
    from layers.borough.borough import Borough

SAVED_TABLES = ("neighbourhoods", "msoa", "districts", "pockets", "joined_pockets")
GEOPACKAGE_LAYERS = {
    "neighbourhoods": "lsoa",
    "msoa": "msoa",
    "districts": "district",
    "pockets": "pockets",
    "joined_pockets": "joined_pockets",
}
BESIDE: Mapping[str, str] = {
    "gradients": "how each layer runs with deprivation in each district",
    "fuel_poverty_by_year": "fuel poverty by district and year: two measures, two series",
    "pockets_before": "what became of each pocket of the edition before",
    "decile_flow": "small areas and people by decile in the edition before and in this one",
    "districts_by_edition": "small areas in the worst tenth and fifth of each edition, by district",
}
"""Tables that are written beside these where what they tell is known, and what they are."""
RANKED = re.compile(r"_(rank|quintile)_(england|borough)(_\w+)?$")
FORMULA = re.compile(r"^[=+\-@\t\r\n]")
DEGREES = 1e-6
README = """\
Tables of {title}, {place}

neighbourhoods.parquet .csv   one row per LSOA, indexed by area_code
msoa.parquet .csv             one row per MSOA
districts.parquet .csv        one row per district
pockets.parquet .csv          one row per pocket of deprivation
joined_pockets.parquet .csv   one row per joined pocket: pockets that touch across a borough's line
england.csv                   {whole}, and all districts of these files together
neighbourhoods.gpkg           all five with boundaries, styled for QGIS
pockets.geojson               the pockets in longitude and latitude (RFC 7946)
(borough)/neighbourhoods.csv  the rows of one borough, and .geojson its outlines with each layer
reach.csv                     whom any cut-off on overall deprivation would reach in each district
tables.xlsx                   the same tables, and pockets by layer, with cover, notes, dictionary
dictionary.csv                what every column means
datapackage.json              the same for programs: a Frictionless Data Package of all CSV files
*.csv-metadata.json           the same of each CSV file: CSV on the Web
provenance.json               which files were used, how every column was made, the settings

All files hold the same unrounded numbers. Boundaries are in British National Grid (EPSG:27700),
those of the GeoJSON in WGS 84. An empty cell is a missing value. CSV is UTF-8 with a byte order
mark, so that Excel reads it right; text that begins with = + - @ or a tab has a single quote in
front of it, so that no spreadsheet program runs it as a formula; numbers are untouched. Lists of
codes are separated by a space in CSV, GeoPackage and the spreadsheet.
"""
README_BEHIND = """
behind.csv holds what is behind the Indices: the indicators that they are made of, one row per
place (column place_kind: lsoa, msoa, pocket, district, whole). They are not ranked. Where the file
of the Indices has sub-domains, it holds who lives in the most deprived tenth by each, and the
published rank and decile of small areas.
"""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What goes out with the tables: the edition, the place in words, sources, settings.

    ``sources`` maps a role or a layer's id to the sources that were used, ``origins`` a source's id
    to the file it was read from (`geo.fetch.origins`); ``counts`` maps ``lsoa`` and ``msoa`` to
    the number of areas ranked in England on each layer, which the styles need. ``england`` is
    `layers.borough.wholes.england_table`; ``reach`` is `layers.borough.region.reach_by_borough`, or
    empty; ``behind`` is `layers.borough.region.behind_by_place`, or empty; ``beside`` are further
    tables by name, each one of `BESIDE`, written as CSV alone; ``missing`` names the boroughs that
    could not be built.
    """

    edition: Edition
    place: str
    sources: Mapping[str, Sequence[Source]]
    origins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    missing: Sequence[str] = ()
    england: pd.DataFrame
    reach: pd.DataFrame = field(default_factory=pd.DataFrame)
    behind: pd.DataFrame = field(default_factory=pd.DataFrame)
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def used(self) -> list[Source]:
        """Return the sources in order, each once."""
        every = [source for role in self.sources.values() for source in role]
        return list({source.id: source for source in every}.values())


def write_tables(
    tables: Mapping[str, gpd.GeoDataFrame], folder: Path, publication: Publication
) -> list[Path]:
    """Write the five tables in every format into a folder; return the files written.

    ``tables`` has the frames that `SAVED_TABLES` names, with
    geometry in EPSG:27700. Each file is written whole or not at all. Raises ``InputError`` for a
    missing table or one without geometry, for a column nobody can explain, ``SpaceError`` for
    another coordinate system.
    """
    frames = {name: published(table) for name, table in _checked(tables).items()}
    reach = publication.reach.rename_axis("lad_code")
    others = {"england": publication.england, "reach": reach, **publication.beside}
    if len(publication.behind):
        others["behind"] = publication.behind
    words = dictionary(publication.edition, column_names({**frames, **others}), publication.sources)
    written = [
        make(frames[name], folder / f"{name}{ending}")
        for name in SAVED_TABLES
        for ending, make in FORMATS.items()
    ]
    named = {GEOPACKAGE_LAYERS[name]: flat(frames[name]) for name in SAVED_TABLES}
    titles = dict(zip(words.index, words["title"], strict=True))
    looks = styles(publication.edition, named, publication.counts, titles)
    return [
        *written,
        write_geopackage(
            folder / "neighbourhoods.gpkg",
            named,
            aliases=words["title"],
            styles=looks,
            told={layer: TOLD[name] for name, layer in GEOPACKAGE_LAYERS.items()},
            about=about_all(publication.edition, publication.place, publication.used),
        ),
        write_geojson(frames["pockets"], folder / "pockets.geojson"),
        *(write_csv(table, folder / f"{name}.csv") for name, table in others.items()),
        write_csv(words, folder / "dictionary.csv"),
        *_describe({**frames, **others, "dictionary": words}, words, folder, publication),
        write_text(folder / "provenance.json", _json(provenance(publication, words))),
        write_text(folder / "README.txt", _readme(publication)),
        write_spreadsheet(
            folder / "tables.xlsx",
            {name: flat(frame) for name, frame in frames.items()},
            publication.beside.get("gradients", pd.DataFrame()),
            words=words,
            edition=publication.edition,
            about=about_all(publication.edition, publication.place, publication.used),
        ),
    ]


def _describe(
    tables: Mapping[str, pd.DataFrame], words: pd.DataFrame, folder: Path, publication: Publication
) -> list[Path]:
    """Write what programs are told of the tables that stand in a folder as CSV."""
    edition = publication.edition
    used = publication.used
    whole = data_package(edition, publication.place, used, tables, words, folder)
    described = {
        CSVW.format(name=name): csv_on_the_web(name, edition, used, table, words)
        for name, table in tables.items()
    }
    return [
        write_text(folder / name, _json(told, indent=1))
        for name, told in {PACKAGE_FILE: whole, **described}.items()
    ]


def publication_of(
    boroughs: Sequence[Borough],
    *,
    origins: Mapping[str, Mapping[str, Any]] | None = None,
    missing: Sequence[str] = (),
) -> Publication:
    """Gather what goes out with the tables of several boroughs of one build.

    ``origins`` tells of the file that each source, by id, was read from; ``missing``
    names the boroughs that could not be built.
    """
    first = boroughs[0]
    layers = first.edition.layers
    counted = {
        "lsoa": {layer.id: ranked(first, layer, layer.geography)["england"] for layer in layers},
        "msoa": {layer.id: ranked(first, layer, "MSOA")["england"] for layer in layers},
    }
    return Publication(
        edition=first.edition,
        place=first.place,
        sources=first.sources,
        origins=origins or {},
        counts={
            level: {key: count for key, count in counts.items() if count}
            for level, counts in counted.items()
        },
        settings=first.settings,
        missing=missing,
        england=england_table(boroughs),
        reach=reach_by_borough(boroughs),
        behind=behind_by_place(boroughs),
        beside=_beside(boroughs),
    )


def _beside(boroughs: Sequence[Borough]) -> dict[str, pd.DataFrame]:
    """Return gradients and the tables of other years and earlier editions, where there are any."""
    change = change_together(boroughs)
    tables = {
        "gradients": gradients_by_borough(boroughs),
        "fuel_poverty_by_year": fuel_poverty_table(boroughs),
    }
    found = {name: table for name, table in tables.items() if len(table)}
    if change is None:
        return found
    if change.followed:
        found["pockets_before"] = change.before
    return found | {
        "decile_flow": change.flow.set_index("lad_code"),
        "districts_by_edition": change.counts.set_index("lad_code"),
    }


def collected(boroughs: Sequence[Borough]) -> dict[str, gpd.GeoDataFrame]:
    """Put the tables of several boroughs together; dissolve their outlines from LSOAs."""
    pockets = _stacked([borough.pockets for borough in boroughs])
    lsoa = with_pockets(_stacked([borough.lsoa for borough in boroughs]), pockets)
    rows = pd.DataFrame([borough.district for borough in boroughs])
    rows.index = pd.Index([borough.code for borough in boroughs], name="area_code")
    shapes = gpd.GeoSeries(
        [dissolved(borough.lsoa.geometry) for borough in boroughs], index=rows.index, crs=BNG
    )
    return {
        "neighbourhoods": lsoa,
        "msoa": _stacked([borough.msoa for borough in boroughs]),
        "districts": gpd.GeoDataFrame(rows.infer_objects(), geometry=shapes, crs=BNG),
        "pockets": pockets,
        "joined_pockets": together([borough.joined for borough in boroughs]).pockets,
    }


def with_pockets(lsoa: gpd.GeoDataFrame, pockets: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return small areas with the number and the name of the pocket that each is in, if any."""
    told = lsoa.copy()
    own, at = told["pocket_id"], told.columns.get_loc("pocket_id") + 1
    told.insert(at, "pocket_name", own.map(pockets["name"]).astype(object).fillna(""))
    told.insert(at, "pocket_number", own.map(pockets["number"]).astype("Int64"))
    return told


def column_names(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """List the columns of each table, the index's name first."""
    return {name: [str(table.index.name), *map(str, table)] for name, table in tables.items()}


def published(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table as it is published: sorted by code, ranks and counts as whole numbers.

    Whole numbers with gaps become ``Int64``; lists become plain lists of text.
    """
    columns = {name: _typed(table[name]) for name in table if name != table.geometry.name}
    frame = pd.DataFrame(columns, index=table.index).assign(geometry=table.geometry)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=table.crs).sort_index()


def flat(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table whose lists are texts, joined by a space."""
    lists = {name: table[name].map(" ".join) for name in table if _holds_lists(table[name])}
    return table.assign(**lists)


def formula_safe(text: object) -> object:
    """Put a single quote before a text that a spreadsheet program would take for a formula.

    >>> formula_safe("=1+1"), formula_safe("Anfield"), formula_safe(-1.5)
    ("'=1+1", 'Anfield', -1.5)
    """
    return f"'{text}" if isinstance(text, str) and FORMULA.match(text) else text


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write a table without its geometry as CSV; numbers read back as the same numbers.

    In UTF-8 with a mark at its beginning, without which Excel takes it for an older encoding, and
    with the line ends of RFC 4180, as the page's own download.
    """
    plain = table.drop(columns="geometry", errors="ignore")
    texts = {str(name): plain[name].map(_cell) for name in plain if _is_text(plain[name])}
    codes = pd.Index(plain.index.map(formula_safe), name=plain.index.name)
    with replaced(path) as temporary:
        plain.assign(**texts).set_axis(codes).to_csv(
            temporary, lineterminator="\r\n", encoding="utf-8-sig"
        )
    return path


def write_parquet(table: gpd.GeoDataFrame, path: Path) -> Path:
    """Write a table as GeoParquet in EPSG:27700, its code as the index."""
    with replaced(path) as temporary:
        table.to_parquet(temporary)
    return path


FORMATS: Mapping[str, Callable[[gpd.GeoDataFrame, Path], Path]] = {
    ".parquet": write_parquet,
    ".csv": write_csv,
}


def write_geojson(table: gpd.GeoDataFrame, path: Path) -> Path:
    """Write areas as GeoJSON after RFC 7946: WGS 84, six decimals, outer rings anticlockwise."""
    placed = to_wgs84(table)
    shapes = shapely.orient_polygons(shapely.set_precision(placed.geometry.to_numpy(), DEGREES))
    plain = table.drop(columns="geometry")
    features = [
        {
            "type": "Feature",
            "id": str(code),
            "properties": {str(table.index.name): str(code), **row},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, row, shape in zip(table.index, _records(plain), shapes, strict=True)
    ]
    return write_text(path, _json({"type": "FeatureCollection", "features": features}, indent=None))


def provenance(publication: Publication, words: pd.DataFrame) -> dict[str, object]:
    """Say what everything was made from: sources with their files, columns, settings."""
    roles: dict[str, list[str]] = {}
    by_id: dict[str, Source] = {}
    for role, used in publication.sources.items():
        for source in used:
            by_id[source.id] = source
            roles.setdefault(source.id, []).append(role)
    return {
        "edition": publication.edition.id,
        "place": publication.place,
        "settings": dict(sorted(publication.settings.items())),
        "sources": {
            key: _source(by_id[key], publication.origins) | {"used_for": sorted(roles[key])}
            for key in sorted(by_id)
        },
        "columns": words[["tables", "title", "source", "made"]].to_dict("index"),
    }


def _source(source: Source, origins: Mapping[str, Mapping[str, Any]]) -> dict[str, object]:
    told = ("publisher", "title", "edition", "period", "licence", "attribution", "page")
    return {name: getattr(source, name) for name in told} | {
        "url": source.address.url,
        "file": Path(source.path).name,
        "sha256": source.sha256,
        **origins.get(source.id, {}),
    }


def _stacked(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put rows under one another; a frame without rows must not decide the kinds of columns."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    return gpd.GeoDataFrame(pd.concat(filled), crs=BNG).sort_index()


def _checked(tables: Mapping[str, gpd.GeoDataFrame]) -> Mapping[str, gpd.GeoDataFrame]:
    bare = [name for name in SAVED_TABLES if not isinstance(tables.get(name), gpd.GeoDataFrame)]
    if bare:
        raise InputError(
            "Tables cannot be published without their boundaries",
            expected=f"{some(SAVED_TABLES)}, each a frame with geometry",
            found=f"missing, or without geometry: {some(bare)}",
            do="join the boundaries before writing",
        )
    for name in SAVED_TABLES:
        require_crs(tables[name], BNG, where=f"table {name}")
    return {name: tables[name] for name in SAVED_TABLES}


def _typed(column: pd.Series) -> pd.Series:
    if _holds_lists(column):
        return column.map(lambda listed: [str(item) for item in listed])
    ends = tuple(f"_{end}" for kind in KINDS.values() for end in kind.whole)
    name = str(column.name)
    if (RANKED.search(name) or name.endswith(ends)) and pd.api.types.is_float_dtype(column):
        whole = column.dropna()
        return column.astype("Int64") if (whole == whole.round()).all() else column
    return column


def _holds_lists(column: pd.Series) -> bool:
    if column.dtype != object:
        return False
    return bool(column.map(lambda cell: isinstance(cell, list | tuple | np.ndarray)).any())


def _is_text(column: pd.Series) -> bool:
    return column.dtype == object or pd.api.types.is_string_dtype(column)


def _cell(cell: object) -> object:
    """Make one cell of a text column ready for CSV."""
    if isinstance(cell, list | tuple | np.ndarray):
        cell = " ".join(map(str, cell))
    safe = formula_safe(cell)
    # a lone carriage return would end the row for many readers, quoted or not
    return re.sub(r"\r\n?", "\n", safe) if isinstance(safe, str) else safe


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return rows as plain Python values, None where missing."""
    columns = {str(name): _plain(table[name]) for name in table}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(column: pd.Series) -> list[object]:
    if _holds_lists(column):
        return column.tolist()
    return [
        None if missing else cell
        for cell, missing in zip(column.tolist(), column.isna(), strict=True)
    ]


def _json(content: object, *, indent: int | None = 2) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent) + "\n"


def _readme(publication: Publication) -> str:
    told = README.format(
        title=publication.edition.title,
        place=publication.place,
        whole=capital(publication.edition.whole),
    )
    last = "dictionary.csv  "
    lines = [f"{f'{name}.csv':29} {BESIDE[name]}\n" for name in publication.beside]
    told = told.replace(last, "".join(lines) + last)
    told += README_BEHIND if len(publication.behind) else ""
    return f"{told}\n{left_out(publication.missing)}\n" if publication.missing else told
