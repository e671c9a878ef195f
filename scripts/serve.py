"""Serving a built site on this machine, to look at it."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from geo.errors import OutputError
from maps.site.mark import FILE, read_mark
from maps.site.swap import recover
from scripts.streams import tell

HOST = "127.0.0.1"
ASK_S = 10.0
"""Seconds in which a client must have asked, and must take each piece of the answer."""


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder; only what goes wrong is written to the standard error."""

    timeout = ASK_S

    def handle(self) -> None:
        """Answer one question; a client that does not ask it in time is sent away."""
        self.late = threading.Timer(ASK_S, self.hang_up)
        self.late.daemon = True
        self.late.start()
        try:
            super().handle()
        finally:
            self.late.cancel()

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send the head of an answer; what is no file of the folder is not found, links neither."""
        self.late.cancel()
        if self.is_own(self.translate_path(self.path)):
            return super().send_head()
        self.send_error(HTTPStatus.NOT_FOUND, "File not found")
        return None

    def is_own(self, name: str) -> bool:
        """Say whether a path leads to something in the folder, and over no link."""
        try:
            found = Path(name)
            page = any((found / name).is_symlink() for name in ("index.html", "index.htm"))
            return found == found.resolve(strict=True) and not page
        except (OSError, ValueError):
            return False

    def hang_up(self) -> None:
        """End the connection under whoever reads from it or writes to it."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Keep quiet about what was answered."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has
        """Tell of what went wrong in a line."""
        tell(ascii(format % args)[1:-1])


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Tell in a line of an answer that failed; a client that has left needs no word."""
        problem = sys.exception()
        if not isinstance(problem, ConnectionError | TimeoutError):
            tell(f"An answer failed: {type(problem).__name__}: {problem}")


def server_of(folder: Path, *, port: int) -> ThreadingHTTPServer:
    """Return a server of a site on the loopback address; port 0 is any free one.

    Raises ``OutputError`` where there is no site, or the port cannot be used.
    """
    recover(folder)
    if read_mark(folder) is None or not (folder / "index.html").is_file():
        raise OutputError(
            "There is no site to serve",
            where=str(folder),
            expected=f"a folder with an index.html and the {FILE} of a build",
            do="build one first with “pockets build”, or name another folder",
        )
    try:
        return _Server((HOST, port), partial(_Handler, directory=str(folder.resolve())))
    except OSError as problem:
        raise OutputError(
            "The port cannot be used",
            where=f"{HOST}:{port}",
            found=str(problem),
            do="give another --port, or 0 for any that is free",
        ) from problem


def serve_folder(folder: Path, *, port: int, say: Callable[[str], object]) -> None:
    """Serve a site until interrupted; raises what `server_of` raises."""
    with server_of(folder, port=port) as server:
        say(f"Serving {folder} at http://{HOST}:{server.server_port}/ (Ctrl+C to stop)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("Stopped")
