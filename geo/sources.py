"""Sources as records: what a file is, who made it, and what must be true of its contents.

A record is a table of a TOML file; nothing about a dataset stands in code. `read_catalogue` reads
the files, lays a record over the one it is ``like``, and refuses what is misspelt, missing or of
the wrong kind, all at once. Three things are not inherited: the other record's ``sha256``, which
belongs to one file's bytes; what the new record lists under ``without`` (``["vector.easting"]``);
and a table that it declares empty (``totals = {}``). A record may be ``like`` several, each laid
over the one before: what many records share stands once, in a table ``[common.<name>]``, which is
no source itself. A table of a file may be ``like`` another table of the same file.
"""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from geo.codes import nearest_names
from geo.errors import InputError, some
from geo.notebook import card

COMMON = "common"
"""The table of a file of records in which stands what several of them share."""

CODE = "area_code"
"""Our name of the column of codes, in every table."""

Format = Literal["csv", "xlsx", "parquet", "vector", "grid"]
UrlKind = Literal["file", "feature-server", "page", "made"]
Direction = Literal["high is worse", "low is worse", "none"]


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """One table of a file: where it stands, which columns are taken, and what they must satisfy.

    ``key`` is the publisher's heading of the code column; ``text`` and ``numbers`` map our column
    names to the publisher's headings, which must agree but for white space. ``at`` gives, for a
    heading that is repeated or stands outside the header row, the cell it stands in (``"R8"``),
    which fixes the column. ``sheet`` names the sheet of a workbook and ``header`` its heading row,
    counted from 1; the table ends after its last code, at the first row without a key or with a
    note alone. No cell of a ``text`` column may be blank.

    ``prefixes`` are the beginnings of codes that the table holds: the source's coverage unless
    given, and an empty list where the key is no area code. ``unique`` is false where a code may be
    repeated. ``rows`` is the count after rows outside the coverage are dropped. ``counts`` names
    the columns that must be whole and not negative, ``ranges`` the least and greatest value of
    others, ``missing`` the texts that the publisher writes for a value it withholds (NaN here, and
    an error anywhere else). ``totals`` are published sums of columns, over the codes that begin
    with one of ``totals_over`` if that is given; ``sums`` says of which columns another is the sum,
    row by row. ``scale`` gives the number by which a column is multiplied to come into our unit.
    """

    key: str
    sheet: str | None = None
    header: int = 1
    rows: int | None = None
    text: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[str, str] = field(default_factory=dict)
    prefixes: tuple[str, ...] | None = None
    unique: bool = True
    counts: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    totals: Mapping[str, float] = field(default_factory=dict)
    totals_over: tuple[str, ...] = ()
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class VectorSpec:
    """Boundaries in a vector file: the layer, its columns and how many areas it must hold.

    ``layer`` and the columns are the recorded ones: `boundaries.layout` finds them under the names
    that other versions of a publisher's file give them. ``easting`` and ``northing`` name the
    columns of the publisher's own centroids, where it gives them. ``extent_m`` is the ground that
    all areas together cover: west, south, east and north on the National Grid, in metres.
    """

    layer: str | None
    code: str
    name: str
    rows: int
    easting: str | None = None
    northing: str | None = None
    geometry: str = "MultiPolygon"
    extent_m: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GridSpec:
    """A grid written as a list of square cells; ``x`` and ``y`` are the columns of their centres.

    ``header_lines`` lines stand above the headings; ``missing`` is written where a cell has no
    value; ``cell_m`` is the side of a cell in metres.
    """

    value: str
    x: str = "x"
    y: str = "y"
    header_lines: int = 0
    missing: str = "MISSING"
    cell_m: float = 1000


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of one publisher, and what is promised of it.

    ``path`` is where the file stands in a mirror folder or the cache. ``url_kind`` says what
    ``url`` leads to: the file itself, an ArcGIS layer that is read in pages, a web page from which
    a person downloads, or nothing (``made``: a file that this program makes). ``url_note`` says
    what is known of the address. ``coverage`` lists the beginnings of the codes that are kept;
    ``sha256`` is given only where the publisher's own bytes are known. ``sheets`` names sheets that
    are no tables, such as a matrix with one column a week, which their layer reads row by row.
    """

    id: str
    title: str
    publisher: str
    page: str
    url: str
    url_kind: UrlKind
    url_note: str
    edition: str
    period: str
    geography: str
    vintage: int | None = None
    coverage: tuple[str, ...]
    crs: str | None = None
    unit: str
    direction: Direction
    licence: str
    attribution: str
    path: str
    sha256: str | None = None
    format: Format
    note: str = ""
    tables: Mapping[str, TableSpec] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    vector: VectorSpec | None = None
    grid: GridSpec | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Return where the file may stand in a mirror: boundaries in any form they are offered in.

        A Shapefile is read from its zip.
        """
        if self.format != "vector":
            return (self.path,)
        stem = self.path.rpartition(".")[0]
        return (self.path, *(f"{stem}{ending}" for ending in (".geojson", ".zip")))

    def _repr_html_(self) -> str:
        told = {
            "Id": self.id,
            "Publisher": self.publisher,
            "Edition": self.edition,
            "Geography": f"{self.geography} {self.vintage or ''}".strip(),
            "Period": self.period,
            "Unit": self.unit,
            "Licence": self.licence,
            "Page": self.page,
        }
        return card(self.title, told)

    @property
    def by_hand(self) -> str:
        """Say how a person comes by the file when this program cannot fetch it."""
        if self.url_kind == "made":
            return "let this program make it: build the area “sample”"
        return f"download it by hand: {self.page}"


_PLAIN: dict[Any, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    bool: (bool,),
    float: (int, float),
}


def read_catalogue(*paths: Path) -> dict[str, Source]:
    """Return the sources that some TOML files describe, by id, in the order of the files.

    Raises ``InputError`` with every problem of every record.
    """
    records: dict[str, dict[str, Any]] = {}
    common: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for path in paths:
        read = _read(path)
        common.update(read.pop(COMMON, {}))
        for key, record in read.items():
            if key in records:
                problems.append(f"{key} is described twice, the second time in {path.name}")
            records[key] = record
    known = {**common, **records}
    whole = {key: _own_tables(_inherited(known, key, problems), key, problems) for key in records}
    found = {key: _built(Source, {**whole[key], "id": key}, key, problems) for key in records}
    for source in found.values():
        if isinstance(source, Source):
            problems.extend(_contradictions(source))
    if problems:
        raise InputError(
            f"The records of sources have {len(problems)} problems",
            where=", ".join(path.name for path in paths),
            found=some(problems, most=50),
            do="correct the records; geo/sources.py says what each key means",
        )
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise InputError(
            "A file of records is not valid TOML", where=str(path), found=str(problem)
        ) from problem


def _inherited(
    records: Mapping[str, dict[str, Any]],
    key: str,
    problems: list[str],
    above: tuple[str, ...] = (),
) -> dict[str, Any]:
    record = dict(records[key])
    like = record.pop("like", [])
    base: dict[str, Any] = {}
    for name in [like] if isinstance(like, str) else like:
        if name in (*above, key) or name not in records:
            nearest = some(nearest_names(str(name), records))
            problems.append(f"{key}: like = “{name}” leads nowhere (known and near: {nearest})")
        else:
            base = laid_over(base, _inherited(records, name, problems, (*above, key)))
    for path in ("sha256", *record.pop("without", ())) if base else ():
        base = _lacking(base, path.split("."))
    return laid_over(base, record)


def _own_tables(record: dict[str, Any], key: str, problems: list[str]) -> dict[str, Any]:
    """Lay each table of a record that is ``like`` another table of it over that one."""
    tables = record.get("tables", {})
    found = {}
    for name, table in tables.items():
        own = dict(table) if isinstance(table, dict) else table
        like = own.pop("like", None) if isinstance(own, dict) else None
        if like is not None and like not in tables:
            problems.append(f"{key}.tables.{name}: like = “{like}” is no table of this record")
        found[name] = own if like not in tables else laid_over(tables[like], own)
    return {**record, "tables": found} if found else record


def _lacking(record: Mapping[str, Any], path: list[str]) -> dict[str, Any]:
    """Return a table without the key at a path, if it is there."""
    first, *rest = path
    if not rest or not isinstance(record.get(first), dict):
        return {key: value for key, value in record.items() if key != first}
    return {**record, first: _lacking(record[first], rest)}


def laid_over(base: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one table over another, table by table; an empty table clears the one below it."""
    laid = dict(base)
    for key, value in record.items():
        below = laid.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        laid[key] = laid_over(below, value) if both and value else value  # type: ignore[arg-type]
    return laid


def _built(kind: type, record: Any, where: str, problems: list[str]) -> Any:
    """Return a dataclass made from a table, or None after noting what is wrong with it."""
    if not isinstance(record, dict):
        problems.append(f"{where} should be a table")
        return None
    known = {entry.name: entry for entry in fields(kind)}
    for key in sorted(record.keys() - known.keys()):
        nearest = some(nearest_names(key, known)) or "none"
        problems.append(f"{where}: unknown key “{key}” (near: {nearest})")
    needed = {
        name
        for name, entry in known.items()
        if entry.default is MISSING and entry.default_factory is MISSING
    }
    missing = sorted(needed - record.keys())
    if missing:
        problems.append(f"{where}: without {some(missing, most=30)}")
    hints = get_type_hints(kind)
    values = {
        name: _value(hints[name], record[name], f"{where}.{name}", problems)
        for name in record.keys() & known.keys()
    }
    return None if missing else kind(**values)


def _value(hint: Any, value: Any, where: str, problems: list[str]) -> Any:
    """Convert a TOML value to what a type hint asks for, noting a value of another kind."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(parts[0], value, where, problems)
    if is_dataclass(hint):
        return _built(hint, value, where, problems)  # type: ignore[arg-type]
    if origin is Literal:
        return _checked(value in parts, value, f"one of {some(parts)}", where, problems)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(parts[0], item, where, problems) for item in value)
    if isinstance(value, dict) and parts and origin is not tuple:
        return {
            key: _value(parts[1], item, f"{where}.{key}", problems) for key, item in value.items()
        }
    plain = _PLAIN.get(hint)
    right = plain is not None and isinstance(value, plain)
    right = right and (hint is bool or not isinstance(value, bool))
    return _checked(right, value, getattr(hint, "__name__", str(hint)), where, problems)


def _checked(right: bool, value: Any, expected: str, where: str, problems: list[str]) -> Any:
    if not right:
        problems.append(f"{where} is {value!r}, expected {expected}")
    return value


def _contradictions(source: Source) -> list[str]:
    """List what the keys of one record say against each other."""
    vector, grid = source.format == "vector", source.format == "grid"
    found = []
    if vector != (source.vector is not None):
        found.append(f"{source.id}: format “vector” and a vector table go together")
    if grid != (source.grid is not None):
        found.append(f"{source.id}: format “grid” and a grid table go together")
    if (vector or grid) and source.crs is None:
        found.append(f"{source.id}: without crs")
    if source.url_kind == "feature-server" and not vector:
        found.append(f"{source.id}: only a vector file can come from a feature server")
    built = {name: table for name, table in source.tables.items() if table}
    for name, table in built.items():
        found.extend(f"{source.id}.tables.{name}: {text}" for text in _table_problems(table))
    return found


def _table_problems(table: TableSpec) -> list[str]:
    columns = {*table.text, *table.numbers}
    numeric = {*table.counts, *table.ranges, *table.totals, *table.sums, *table.scale}
    numeric.update(part for parts in table.sums.values() for part in parts)
    found = [f"{name} is no number column" for name in sorted(numeric - table.numbers.keys())]
    found += [
        f"{name} is both text and number" for name in sorted({*table.text} & {*table.numbers})
    ]
    found += [f"at.{name} is no column" for name in sorted(table.at.keys() - columns - {CODE})]
    return found + [
        f"ranges.{name} needs two numbers" for name, r in table.ranges.items() if len(r) != 2
    ]
