"""Serving a built site on this machine, to look at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from geo.errors import OutputError
from maps.mark import FILE

HOST = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder; only what goes wrong is written to the standard error."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Keep quiet about what was answered."""


def server_of(folder: Path, *, port: int) -> ThreadingHTTPServer:
    """Return a server of a site on the loopback address; port 0 is any free one.

    Raises ``OutputError`` where there is no site, or the port cannot be used.
    """
    if not ((folder / FILE).is_file() and (folder / "index.html").is_file()):
        raise OutputError(
            "There is no site to serve",
            where=str(folder),
            expected=f"a folder with an index.html and a {FILE}",
            do="build one first with “pockets build”, or name another folder",
        )
    try:
        return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))
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
