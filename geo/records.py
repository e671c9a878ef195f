"""Reading records of sources: TOML files, and records laid over each other.

`read_catalogue` reads the files, lays a record over the one it is ``like``, and refuses what is
misspelt, missing or of the wrong kind, all at once. These are not inherited: what belongs to the
other record's own file (`NOT_INHERITED`: its ``sha256`` and whether it is ``confirmed``, its
``size_mb``, what is known of its ``copies``), its ``layouts`` and what it is ``superseded_by``; an
``address``, which is never mixed with another's; what the new record lists under ``without``
(``["vector.easting"]``); and a table that it declares empty (``totals = {}``). A record may be
``like`` several, each laid over the one before: what many records share stands once, in a table
``[common.<name>]``, which is no source itself. A table of a file may be ``like`` another table of
the same file. A further layout of a record, ``[<id>.layouts.<name>]``, is laid over the record in
the same way.
"""

from __future__ import annotations

import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from geo.codes import nearest_names
from geo.errors import InputError, SourceError, some
from geo.sources import CODE, Source, TableSpec

COMMON = "common"
"""The table of a file of records in which stands what several of them share."""

NOT_INHERITED = ("sha256", "confirmed", "size_mb", "copies", "layouts", "superseded_by")
_OWN = tuple(key for key in NOT_INHERITED if key != "copies")
"""The keys of a record that no layout of it has."""

_PLAIN: dict[Any, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    bool: (bool,),
    float: (int, float),
}


def read_catalogue(*paths: Path) -> dict[str, Source]:
    """Return the sources that some TOML files describe, by id, in the order of the files.

    Raises ``SourceError`` for a file that is not there, and ``InputError`` with every problem of
    every record.
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
    known = {**common, **records, **_layouts(records, problems)}
    found = {key: _source(known, key, problems) for key in records}
    for source in found.values():
        for form in () if source is None else source.accepted:
            problems.extend(_contradictions(form))
    problems += [
        f"{key}: superseded_by = “{source.superseded_by}” is no record"
        for key, source in found.items()
        if source is not None and source.superseded_by not in {None, *records}
    ]
    problems = list(dict.fromkeys(problems))
    if problems:
        raise InputError(
            f"The records of sources have {len(problems)} problems",
            where=", ".join(path.name for path in paths),
            found=some(problems, most=50),
            do="correct the records; geo/sources.py says what each key means",
        )
    return {key: source for key, source in found.items() if source is not None}


def _layouts(
    records: Mapping[str, dict[str, Any]], problems: list[str]
) -> dict[str, dict[str, Any]]:
    """Return the further layouts of records as records like these: "people.layouts.reduced".

    What belongs to the record's own file stands in none: nothing would ever be held to it.
    """
    found = {}
    for key, record in records.items():
        for name, layout in record.get("layouts", {}).items():
            where = f"{key}.layouts.{name}"
            problems += [f"{where}: {own} belongs to the record" for own in _OWN if own in layout]
            found[where] = {"like": key, **layout}
    return found


def _source(known: Mapping[str, dict[str, Any]], key: str, problems: list[str]) -> Source | None:
    """Return the source that a record describes, in its own layout and in the others."""

    def form(name: str, layout: str) -> Source | None:
        record = {**_inherited(known, name, problems), "id": key, "layout": layout}
        record.pop("layouts", None)
        built: Source | None = _built(Source, _own_tables(record, key, problems), name, problems)
        return built

    source = form(key, "")
    names = known[key].get("layouts", {})
    layouts = [form(f"{key}.layouts.{name}", name) for name in names]
    whole = tuple(layout for layout in layouts if layout is not None)
    return None if source is None or len(whole) < len(names) else replace(source, layouts=whole)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SourceError(
            "A file of records cannot be read",
            where=str(path),
            found=problem.strerror or str(problem),
            do="install the program again",
        ) from problem
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
            base = _over(base, _inherited(records, name, problems, (*above, key)))
    base = _lacking_all(base, (*NOT_INHERITED, *record.pop("without", ()))) if base else base
    return _over(base, record)


def _over(base: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a record over another; an address is one thing, and never mixed with the other's."""
    return laid_over(_lacking(base, ["address"]) if "address" in record else base, record)


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


def _lacking_all(record: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return a table without the keys at some paths ("vector.easting")."""
    lacking = dict(record)
    for path in paths:
        lacking = _lacking(lacking, path.split("."))
    return lacking


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
        listed = [part for part in parts if isinstance(value, list) and get_origin(part) is tuple]
        return _value((listed or parts)[0], value, where, problems)
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
    """List what the keys of one record, in one layout, say against each other."""
    where = f"{source.id}.layouts.{source.layout}" if source.layout else source.id
    vector, grid = source.format == "vector", source.format == "grid"
    found = []
    if vector != (source.vector is not None):
        found.append(f"{where}: format “vector” and a vector table go together")
    if grid != (source.grid is not None):
        found.append(f"{where}: format “grid” and a grid table go together")
    if (vector or grid) and source.crs is None:
        found.append(f"{where}: without crs")
    if source.confirmed and source.sha256 is None:
        found.append(f"{where}: confirmed without sha256")
    texts = {} if source.dated is None else source.dated.texts
    found += [
        f"{where}.dated.texts: {name} is no text of the record"
        for name in texts
        if not isinstance(getattr(source, name, None), str)
    ]
    found.extend(f"{where}.address: {text}" for text in _address_problems(source))
    built = {name: table for name, table in source.tables.items() if table}
    for name, table in built.items():
        found.extend(f"{where}.tables.{name}: {text}" for text in _table_problems(table))
    return found


def _address_problems(source: Source) -> list[str]:
    """List what an address lacks, or cannot lead to."""
    address, found = source.address, []
    reachable = address.kind not in {"page", "made", "govuk"}
    if reachable != bool(address.url):
        found.append(f"kind “{address.kind}” {'needs' if reachable else 'has no'} url")
    if address.kind == "feature-layer" and source.vector is None:
        found.append("only boundaries come from a feature layer")
    if address.kind == "feature-table" and not source.tables:
        found.append("the columns of a feature table are those of a table of the record")
    if address.kind == "zip-member" and not address.member:
        found.append("a member of an archive needs member")
    if bool(address.slug) != bool(address.attachment):
        found.append("slug and attachment go together")
    if address.kind == "govuk" and not address.slug:
        found.append("kind “govuk” needs slug and attachment")
    return found


def _table_problems(table: TableSpec) -> list[str]:
    columns = {*table.text, *table.numbers}
    numeric = {*table.counts, *table.ranges, *table.totals, *table.sums, *table.scale}
    numeric.update(part for parts in table.sums.values() for part in parts)
    groups = [*table.optional.values(), *table.rests.values(), tuple(table.rests)]
    numeric.update(name for group in groups for name in group)
    found = [f"{name} is no number column" for name in sorted(numeric - table.numbers.keys())]
    found += [f"also.{name} is no column" for name in sorted(table.also.keys() - columns)]
    found += [
        f"{name} is both text and number" for name in sorted({*table.text} & {*table.numbers})
    ]
    if bool(table.headings) != (table.header == 0):
        found.append("headings go together with header = 0")
    found += [f"at.{name} is no column" for name in sorted(table.at.keys() - columns - {CODE})]
    found += [
        f"at.{name} is the cell of one heading, not of a sum"
        for name in table.at
        if isinstance(table.numbers.get(name), tuple)
    ]
    found += [
        f"{where} lists nothing"
        for where, listed in {
            **{f"only.{heading}": listed for heading, listed in table.only.items()},
            **{f"numbers.{ours}": theirs for ours, theirs in table.numbers.items()},
        }.items()
        if not listed
    ]
    return found + [
        f"ranges.{name} needs two numbers" for name, r in table.ranges.items() if len(r) != 2
    ]
