"""The protocol of an ArcGIS feature server: what a layer is, how many rows it has, and its pages.

The server hands out a layer in pages and says so politely: fewer rows than were asked for, a flag
in one of two places, or an error inside an answer that calls itself successful. Nothing here
touches the network, and nothing of an answer is believed that has not been looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from geo.codes import nearest_names
from geo.errors import ChangedError, SourceError, some
from geo.net.answers import found_in
from geo.sources import Source, TableSpec

MOST_COUNTED = 1_000_000
"""Twenty times the rows of the largest layer or table."""
MOST_OF_A_PAGE = 2000
"""The rows that are asked for at once, of a server that would hand out more."""
_FEWEST_OF_A_PAGE = 1000
_POLYGONS = "esriGeometryPolygon"


@dataclass(frozen=True, kw_only=True)
class ServedLayer:
    """What a feature server says of a layer or table.

    ``most`` is how many rows it hands out at once, ``id`` the name of the column of its row
    numbers, ``fields`` the type of each column by its name. ``paged`` is false where the server
    cannot begin in the middle. ``edited`` is when it was last changed, as the server writes it,
    empty where it does not say.
    """

    most: int
    id: str
    fields: Mapping[str, str]
    paged: bool
    edited: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a layer: its condition, and the recorded columns by their names there."""

    where: str
    columns: Mapping[str, str]
    shapes: str = ""
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class RowPage:
    """Rows of a page by their row numbers, and whether the server says that there are more."""

    rows: Mapping[int, Mapping[str, Any]]
    more: bool


def layer_query(url: str) -> str:
    """Return the address at which a layer says what it is."""
    return f"{url}?f=json"


def count_query(url: str, asked: Question) -> str:
    """Return the address of the count of rows."""
    return _query(url, where=asked.where, returnCountOnly="true", f="json")


def page_query(
    url: str, asked: Question, layer: ServedLayer, *, start: int, after: int | None, most: int
) -> str:
    """Return the address of the page that begins at row ``start``, in the order of row numbers.

    Where the server cannot begin there, the page is of the rows with numbers above ``after``.
    """
    bare = {"returnGeometry": "false", "f": "json"}
    form = {"outSR": asked.shapes, "f": "geojson"} if asked.shapes else bare
    told: dict[str, object] = {"where": asked.where, "outFields": "*", "orderByFields": layer.id}
    if layer.paged:
        told |= {"resultOffset": start, "resultRecordCount": most}
    elif after is not None:
        told |= {"where": f"({asked.where}) AND {layer.id} > {after}"}
    return _query(
        url, **told, **(form if asked.shapes else {"returnGeometry": "false", "f": "json"})
    )


def served_layer(answer: dict[str, Any], source: Source) -> ServedLayer:
    """Return what a server says of a layer; raises ``ChangedError`` where it is another thing.

    An answer that says nothing of the kind raises ``SourceError``.
    """
    fields, kind = _fields(answer), answer.get("geometryType")
    if source.vector is not None and kind != _POLYGONS:
        raise _changed("The layer is none of areas", _POLYGONS, kind)
    most, able = answer.get("maxRecordCount"), answer.get("advancedQueryCapabilities")
    edits = answer.get("editingInfo")
    return ServedLayer(
        most=most if type(most) is int and most > 0 else _FEWEST_OF_A_PAGE,
        id=_id(answer, fields),
        fields=fields,
        paged=not isinstance(able, dict) or able.get("supportsPagination") is not False,
        edited=found_in(edits.get("lastEditDate", "")) if isinstance(edits, dict) else "",
    )


def question_of(source: Source, layer: ServedLayer) -> Question:
    """Return what is asked of a layer for a record.

    Raises ``ChangedError`` with the columns that the layer has not; capitals are of no account.
    """
    plain = {name.casefold(): name for name in layer.fields}
    wanted = _wanted(source)
    columns = {name: name for name in wanted if name in layer.fields}
    columns = {name: columns.get(name) or plain.get(name.casefold(), "") for name in wanted}
    lacking = [name for name in wanted if not columns[name]]
    if lacking:
        near = {name: some(nearest_names(name, layer.fields)) or "none" for name in lacking}
        raise _changed(
            "The layer has not the recorded columns",
            some(wanted, most=20),
            "; ".join(f"no column {name} (near: {near[name]})" for name in lacking),
        )
    code, rows, prefixes = _keyed(source)
    return Question(
        where=" OR ".join(f"{columns[code]} LIKE '{prefix}%'" for prefix in prefixes) or "1=1",
        columns=columns,
        shapes=str(source.crs).partition(":")[2] if source.vector is not None else "",
        rows=rows,
    )


def count_of(answer: dict[str, Any], asked: Question) -> int:
    """Return how many rows a server counts; raises ``SourceError`` for what is no credible count.

    Where the record knows how many there must be, no others are asked for, and another number
    raises ``ChangedError``.
    """
    count = answer.get("count")
    if type(count) is not int or not 0 <= count <= MOST_COUNTED:
        raise _other("The server's answer is no count of rows", "a whole number", answer)
    if asked.rows not in {None, count}:
        raise _changed("The layer has another number of rows", f"{asked.rows:,}", f"{count:,}")
    return count


def page_of(answer: dict[str, Any], layer: ServedLayer) -> RowPage:
    """Return the rows of a page by their numbers; raises ``SourceError`` where it is none."""
    listed = answer.get("features")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise _other("The server's answer is no page of rows", "a list of features", listed)
    rows: dict[int, Mapping[str, Any]] = {}
    for row in listed:
        number = told_by(row).get(layer.id)
        if type(number) is not int:
            raise _other("A row has no number", f"a whole number under {layer.id}", row)
        if number in rows:
            raise _other("A page holds a row twice", "each row once", f"{layer.id} {number}")
        rows[number] = row
    return RowPage(rows=rows, more=_more(answer))


def told_by(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a row says, in either of the two forms."""
    told = row.get("properties", row.get("attributes"))
    if not isinstance(told, dict):
        raise _other("A row says nothing", "properties or attributes", row)
    return told


def _more(answer: dict[str, Any]) -> bool:
    """Say whether the server has more rows, by its flag in either of the two places."""
    inside = answer.get("properties")
    flags = [answer.get("exceededTransferLimit")]
    flags += [inside.get("exceededTransferLimit")] if isinstance(inside, dict) else []
    return any(flag is True or flag == "true" for flag in flags)


def _fields(answer: dict[str, Any]) -> dict[str, str]:
    listed = answer.get("fields")
    fields = {}
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            fields[each["name"]] = str(each.get("type"))
    if not fields:
        raise _other("The server's answer is no layer", "its fields", listed)
    return fields


def _id(answer: dict[str, Any], fields: Mapping[str, str]) -> str:
    named = [answer.get("objectIdField"), *(n for n, k in fields.items() if k.endswith("TypeOID"))]
    for name in named:
        if isinstance(name, str) and name in fields:
            return name
    raise _other("The layer has no row numbers", "a field of object ids", some(fields, most=20))


def _wanted(source: Source) -> list[str]:
    """Return the columns without which a layer or table is another one."""
    if source.vector is not None:
        return [source.vector.code, source.vector.name]
    return [*dict.fromkeys(name for table in source.tables.values() for name in _headings(table))]


def _headings(table: TableSpec) -> Iterator[str]:
    yield table.key
    yield from table.text.values()
    for theirs in table.numbers.values():
        yield from [theirs] if isinstance(theirs, str) else theirs
    yield from table.only


def _keyed(source: Source) -> tuple[str, int | None, tuple[str, ...]]:
    """Return the column of codes, how many rows there are of it, and how the codes begin."""
    if source.vector is not None:
        return source.vector.code, source.vector.rows, source.coverage
    table, *others = source.tables.values()
    prefixes = source.coverage if table.prefixes is None else table.prefixes
    if others:
        return table.key, None, ()
    return table.key, None if table.only else table.rows, prefixes


def _other(what: str, expected: str, found: object) -> SourceError:
    return SourceError(what, expected=expected, found=found_in(found) or "nothing")


def _changed(what: str, expected: str, found: object) -> ChangedError:
    return ChangedError(what, expected=expected, found=found_in(found) or "nothing")


def _query(url: str, **told: object) -> str:
    return f"{url}/query?{urlencode(told)}"
