"""A proxy that is every host behind it: it takes ``CONNECT host:443`` and goes on as that host.

Each host has a certificate of an authority of the tests' own, so whoever trusts that authority
meets real names and real https addresses, and needs no other way in. Hosts that are not played are
refused. What is asked, when, and over how many connections at once, is written down.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from http.client import responses
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import trustme

from tests.publishers.wire import OWN, Answer, Asked, ready

PIECE_BYTES = 1 << 14


@cache
def authority() -> trustme.CA:
    """Return the authority of this process, which no machine trusts by itself."""
    return trustme.CA()


@cache
def _context(host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(host).configure_cert(context)
    return context


_LINKS = Path("/proc/net/tcp")
"""Every connection of this machine and its state, where the system (Linux) tells of them."""
_ESTABLISHED = "01"


@dataclass(kw_only=True)
class Seen:
    """A request and its answer: ``began`` and ``ended`` in seconds of `time.monotonic`.

    ``connections`` is how many were open to that host when it came, ``at_once`` how many requests
    of it were being answered, this one with them. ``sent`` counts bytes of the body so far.
    """

    asked: Asked
    began: float
    connections: int
    at_once: int
    ended: float | None = None
    status: int = 0
    sent: int = 0


class Record:
    """What happened, put down by many threads: a request as soon as it has come."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.refused: list[str] = []
        """What was asked for in vain: ``host:port`` of a host that is not played or refuses."""
        self.plain: list[str] = []
        """Addresses that were asked for without encryption."""
        self.faults: list[Exception] = []
        """What went wrong in the hosts themselves."""
        self.opened: Counter[str] = Counter()
        """How many connections a host has had."""
        self.most_open: Counter[str] = Counter()
        """The most connections that were open to a host at once."""
        self._open: dict[str, list[socket.socket]] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def connection(self, host: str, one: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.setdefault(host, []).append(one)
            self.opened[host] += 1
            self.most_open[host] = max(self.most_open[host], self._alive(host))
        try:
            yield
        finally:
            with self._lock:
                self._open[host].remove(one)

    @contextlib.contextmanager
    def request(self, asked: Asked) -> Iterator[Seen]:
        with self._lock:
            others = [one for one in self.requests if one.asked.host == asked.host]
            at_once = 1 + sum(one.ended is None for one in others)
            alive = self._alive(asked.host)
            seen = Seen(asked=asked, began=time.monotonic(), connections=alive, at_once=at_once)
            self.requests.append(seen)
        try:
            yield seen
        finally:
            seen.ended = time.monotonic()

    def _alive(self, host: str) -> int:
        """Count the connections that the other side has not closed, seen or unseen by us.

        On a busy machine a close may take a moment to arrive. The other side's own end, which is on
        this machine too, is closed at once: of several, those count that are open at both ends.
        """
        there = [one for one in self._open[host] if not _left(one)]
        if len(there) < 2:
            return len(there)
        ends = _established()
        return len(there) if ends is None else sum(_other_end(one) in ends for one in there)


def _left(one: socket.socket) -> bool:
    """Say whether it has arrived here that the other side of a connection is gone."""
    if one.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(one, getattr(select, "POLLRDHUP", select.POLLHUP))
    return bool(poll.poll(0))


def _other_end(one: socket.socket) -> int | None:
    """Return the port at the other side of a connection; None where it is closed by now."""
    with contextlib.suppress(OSError):
        return int(one.getpeername()[1])
    return None


def _established() -> set[int | None] | None:
    """Return the ports of this machine's ends that are open, or None where it does not tell."""
    if not _LINKS.exists():
        return None
    rows = [line.split() for line in _LINKS.read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == _ESTABLISHED}


class Proxy(socketserver.ThreadingTCPServer):
    """Plays hosts: ``answer`` is asked for every answer, ``admits`` for every connection."""

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, *, answer: Callable[[Asked], Answer], admits: Callable[[str], bool]) -> None:
        self.answer, self.admits = answer, admits
        self.record = Record()
        self.closing = threading.Event()
        self._sockets: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        """End what is at work and wait until it has ended."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        for one in list(self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def held(self, one: socket.socket) -> None:
        self._sockets.add(one)

    def shutdown_request(self, request: Any) -> None:
        self._sockets.discard(request)
        with contextlib.suppress(OSError):
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over connections that the other side broke; anything else is a fault of ours."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Tunnel(BaseHTTPRequestHandler):
    """One connection: a proxy until ``CONNECT``, the host that was asked for from then on."""

    protocol_version = "HTTP/1.1"
    server: Proxy
    host = ""

    def handle(self) -> None:
        self.server.held(self.connection)
        super().handle()

    def do_CONNECT(self) -> None:
        host, _, port = self.path.partition(":")
        if port != "443" or not self.server.admits(host):
            self.server.record.refused.append(self.path)
            self.send_error(403 if port != "443" else 502, "Not played here")
            self.close_connection = True
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._play(host)
        self.close_connection = True

    def _play(self, host: str) -> None:
        self.host = host
        plain = self.connection
        # what was made for the plain connection stays with it, and is closed with it
        with (
            contextlib.suppress(OSError),
            _context(host).wrap_socket(plain, server_side=True) as self.connection,
            self.server.record.connection(host, self.connection),
        ):
            self.server.held(self.connection)
            self.rfile, old = self.connection.makefile("rb"), self.rfile
            old.close()
            self.close_connection = False
            while not self.close_connection and not self.server.closing.is_set():
                self.handle_one_request()
            self.rfile.close()
        self.server.shutdown_request(self.connection)

    def do_GET(self) -> None:
        if not self.host:
            self.server.record.plain.append(self.path)
            self.close_connection = True
            self.send_error(403, "Nothing is served without encryption")
            return
        size = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            host=self.host,
            target=self.path,
            method=self.command,
            headers={name.lower(): value for name, value in self.headers.items()},
            form=self.rfile.read(size).decode() if size else "",
        )
        with self.server.record.request(asked) as seen:
            self._send(self._answer(asked), seen)

    def _answer(self, asked: Asked) -> Answer:
        try:
            return ready(self.server.answer(asked), asked)
        except Exception as fault:
            self.server.record.faults.append(fault)
            return Answer(status=500, body=repr(fault).encode(), kind="text/plain")

    do_HEAD = do_POST = do_GET  # noqa: N815

    def _send(self, answer: Answer, seen: Seen) -> None:
        if answer.silent:
            self.close_connection = True
            return self._wait()
        if not answer.status:
            return self._reset()
        seen.status = answer.status
        head, body = self._head(answer), b"" if self.command == "HEAD" else answer.body
        if answer.pause_s or not body:
            self.connection.sendall(head)
            head = b""
        for piece in _pieces(body[: round(len(body) * answer.share)]):
            if answer.pause_s and self.server.closing.wait(answer.pause_s):
                break
            self.connection.sendall(head + piece)
            head, seen.sent = b"", seen.sent + len(piece)
        if head:
            self.connection.sendall(head)
        if answer.ends == "resets":
            self._reset()
        elif answer.ends == "hangs":
            self._wait()
        return None

    def _head(self, answer: Answer) -> bytes:
        self.close_connection |= answer.ends != "stays" or answer.length is None
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"Content-Type: {answer.kind}"] if answer.kind else []
        if answer.length is not None:
            size = len(answer.body) if answer.length == OWN else answer.length
            lines.append(f"Content-Length: {size}")
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines += ["Connection: close"] if self.close_connection else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _wait(self) -> None:
        """Say nothing until the other side has gone."""
        while not self.server.closing.is_set():
            if select.select([self.connection], [], [], 0.05)[0]:
                return

    def _reset(self) -> None:
        """Break the connection off, so that the other side is told of it as an error."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.rfile.close()
        os.close(self.connection.detach())
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


def _pieces(body: bytes) -> Any:
    return (body[start : start + PIECE_BYTES] for start in range(0, len(body), PIECE_BYTES))
