"""A publisher on loopback: answers by path, one after another, and a feature server among them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from geo.fetch.errand import Errand, Patience
from geo.fetch.locate import locate as locate_publicly
from geo.sources import Address, Source, TableSpec, VectorSpec

CONTENT = b"code,n\nE01990001,1\n"
HASH = hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(attempts=3, pause_s=0.01, connect_s=2, read_s=0.5)
ETAG = '"one"'
SERVICE = "/org/arcgis/rest/services/Areas/FeatureServer/0"


@dataclass(frozen=True)
class Asked:
    """A request: its path, its query, its headers, and the how-many-eth of that path it is."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    number: int


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is sent: ``length`` is announced, None for no length and own for the true one.

    ``cut`` is after how many bytes the connection ends; ``raw`` is sent as it is, again and again
    every ``pause_s`` seconds if there is a pause, in place of all else.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: str | None = "own"
    cut: int | None = None
    wait_s: float = 0
    raw: tuple[bytes, bytes, float] | None = None


Answer = Callable[[Asked], Reply]


def said(answer: object, **more: Any) -> Reply:
    """Reply with JSON; a text is sent as it is."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return Reply(body=text.encode(), **more)


def leads(place: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": place})


def in_turn(*replies: Reply) -> Answer:
    """Give one reply after another, and the last one from then on."""
    return lambda asked: replies[min(asked.number, len(replies)) - 1]


def in_parts(content: bytes, *, etag: str = ETAG, modified: str = "") -> Answer:
    """Answer with a file, or with the rest of it where that is asked for of the same bytes."""

    def answer(asked: Asked) -> Reply:
        named = {"ETag": etag} if etag else {}
        named |= {"Last-Modified": modified} if modified else {}
        begins = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("Range", ""))
        if begins is None or asked.headers.get("If-Range") not in {etag, modified}:
            return Reply(body=content, headers=named)
        start = int(begins[1])
        if start >= len(content):
            return Reply(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
        told = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}", **named}
        return Reply(body=content[start:], status=206, headers=told)

    return answer


class Host:
    """A host on loopback: what it answers ``at`` which path, and what it was ``asked``."""

    def __init__(self) -> None:
        self.at: dict[str, Reply | Answer] = {}
        self.asked: list[Asked] = []
        self.open = self.most_open = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (_Handler,), {"host": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextlib.contextmanager
    def serving(self) -> Iterator[Host]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def times(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    def take(self, handler: BaseHTTPRequestHandler) -> Reply:
        parts = urlsplit(handler.path)
        with self._lock:
            asked = Asked(
                path=parts.path,
                query=dict(parse_qsl(parts.query)),
                headers=dict(handler.headers),
                number=self.times(parts.path) + 1,
            )
            self.asked.append(asked)
        found = self.at.get(parts.path, Reply(status=404, body=b"none"))
        return found if isinstance(found, Reply) else found(asked)

    @contextlib.contextmanager
    def connected(self) -> Iterator[None]:
        with self._lock:
            self.open += 1
            self.most_open = max(self.open, self.most_open)
        try:
            yield
        finally:
            with self._lock:
                self.open -= 1


class _Handler(BaseHTTPRequestHandler):
    host: Host

    def handle(self) -> None:
        with self.host.connected(), contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        reply = self.host.take(self)
        time.sleep(reply.wait_s)
        if reply.raw:
            return self._send_on(*reply.raw)
        self.send_response(reply.status)
        for name, told in reply.headers.items():
            self.send_header(name, told)
        if reply.length is not None:
            own = reply.length == "own"
            self.send_header("Content-Length", str(len(reply.body)) if own else reply.length)
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut])
        return None

    def _send_on(self, start: bytes, piece: bytes, pause_s: float) -> None:
        """Send without end; whoever asks goes away some time."""
        until = time.monotonic() + 5
        self.wfile.write(start)
        while piece and time.monotonic() < until:
            self.wfile.write(piece)
            time.sleep(pause_s)

    def log_message(self, *args: object) -> None:
        pass


def square(number: int) -> dict[str, Any]:
    """Return half a square metre of ground, its own for each number."""
    corner = [[number, 0], [number + 1, 0], [number + 1, 1], [number, 0]]
    return {"type": "Polygon", "coordinates": [corner]}


@dataclass
class Areas:
    """A feature server of some areas, or a table of them; ``change`` spoils an answer.

    A change is given what was asked for ("layer", "count" or "page"), the answer and the request.
    """

    many: int = 5
    most: int = 2
    table: bool = False
    fields: tuple[str, ...] = ("OBJECTID", "CODE", "NAME")
    told: Mapping[str, Any] = field(default_factory=dict)
    change: Callable[[str, Any, Asked], Any] = lambda kind, answer, asked: answer

    def at(self, path: str) -> dict[str, Answer]:
        return {path: self.layer, f"{path}/query": self.query}

    def layer(self, asked: Asked) -> Reply:
        kinds = {"OBJECTID": "esriFieldTypeOID"}
        fields = [
            {"name": name, "type": kinds.get(name, "esriFieldTypeString")} for name in self.fields
        ]
        told = {
            "type": "Table" if self.table else "Feature Layer",
            "objectIdField": "OBJECTID",
            "fields": fields,
            "maxRecordCount": self.most,
            "advancedQueryCapabilities": {"supportsPagination": True},
            "editingInfo": {"lastEditDate": 1_700_000_000_000},
            **({} if self.table else {"geometryType": "esriGeometryPolygon"}),
            **self.told,
        }
        return self._spoilt("layer", told, asked)

    def query(self, asked: Asked) -> Reply:
        query = asked.query
        beyond = re.fullmatch(r"\(CODE LIKE 'E01%'\) AND OBJECTID > (\d+)", query["where"])
        assert beyond or query["where"] == "CODE LIKE 'E01%'"
        if "returnCountOnly" in query:
            return self._spoilt("count", {"count": self.many}, asked)
        assert query["orderByFields"] == "OBJECTID"
        assert len(asked.path) + len(str(query)) < 1000
        start = int(beyond[1]) if beyond else int(query.get("resultOffset", 0))
        most = min(self.most, int(query.get("resultRecordCount", self.most)))
        stop = min(start + most, self.many)
        rows = [self.row(number) for number in range(start, stop)]
        more = {"exceededTransferLimit": True} if stop < self.many else {}
        if self.table:
            assert (query["f"], query["returnGeometry"]) == ("json", "false")
            return self._spoilt("page", {**more, "features": rows}, asked)
        assert (query["f"], query["outSR"]) == ("geojson", "27700")
        page = {"type": "FeatureCollection", "properties": more, "features": rows}
        return self._spoilt("page", page, asked)

    def row(self, number: int) -> dict[str, Any]:
        """Return a row; codes fall while row numbers rise."""
        code = f"E0199{self.many - 1 - number:04d}"
        told = dict(zip(self.fields, (number + 1, code, f"Area {number}"), strict=True))
        if self.table:
            return {"attributes": told}
        return {"type": "Feature", "properties": told, "geometry": square(number)}

    def _spoilt(self, kind: str, answer: Any, asked: Asked) -> Reply:
        spoilt = self.change(kind, answer, asked)
        return spoilt if isinstance(spoilt, Reply) else said(spoilt)


OF_ADDRESSES = {"also", "member", "item", "slug", "attachment", "attachment_title"}


def source(
    *, url: str = "https://example.org/people.csv", kind: str = "file", **changes: Any
) -> Source:
    """Return a record; some keys are its address's, and ``called`` is that one's title."""
    own = {key: changes.pop(key) for key in [*changes] if key in OF_ADDRESSES}
    record = {
        "id": "people",
        "title": "People",
        "publisher": "Nobody",
        "page": "https://example.org/page",
        "address": Address(kind=kind, url=url, title=changes.pop("called", ""), **own),
        "confirmed": changes.get("sha256") is not None,
        "edition": "1",
        "period": "2019",
        "geography": "LSOA",
        "coverage": ("E01",),
        "unit": "people",
        "direction": "none",
        "licence": "OGL",
        "attribution": "Nobody",
        "path": "people/people.csv",
        "format": "csv",
    }
    return Source(**{**record, **changes})


def layer(url: str, *, rows: int = 5, **changes: Any) -> Source:
    """Return the record of a feature layer."""
    spec = VectorSpec(layer="Areas", code="CODE", name="NAME", rows=rows)
    record = {
        "url": f"{url}/org/arcgis/rest/services/Areas/FeatureServer/0",
        "kind": "feature-layer",
        "path": "areas.gpkg",
        "format": "vector",
        "crs": "EPSG:27700",
        "vector": spec,
    }
    return source(**{**record, **changes})


def table(url: str, *, rows: int = 5, **changes: Any) -> Source:
    """Return the record of a feature table."""
    spec = TableSpec(key="CODE", rows=rows, text={"area_name": "NAME"})
    record = {
        "url": f"{url}/org/arcgis/rest/services/Areas/FeatureServer/0",
        "kind": "feature-table",
        "tables": {"main": spec},
    }
    return source(**{**record, **changes})


def locate(source: Source, **how: Any) -> Any:
    return locate_publicly(source, Errand(**{"patience": QUICK, **how}))


def left(folder: Any) -> list[str]:
    """List the files in a folder and below it, but for the locks that nobody minds."""
    files = [path.name for path in folder.rglob("*") if path.is_file()]
    return sorted(name for name in files if name != ".lock")
