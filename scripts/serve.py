"""Serving a built site on this machine, to look at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from geo.errors import OutputError

HOST = "127.0.0.1"


def serve_folder(folder: Path, *, port: int, say: Callable[[str], object]) -> None:
    """Serve a site on the loopback address until interrupted; ``OutputError`` if it is none."""
    if not (folder / "index.html").is_file():
        raise OutputError(
            "There is no site to serve",
            where=str(folder),
            expected="a folder with an index.html",
            do="build one first with “pockets build”, or name another folder",
        )
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    try:
        server = ThreadingHTTPServer((HOST, port), handler)
    except OSError as problem:
        raise OutputError(
            "The port cannot be used",
            where=f"{HOST}:{port}",
            found=str(problem),
            do="give another --port",
        ) from problem
    with server:
        say(f"Serving {folder} at http://{HOST}:{port}/ (Ctrl+C to stop)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("Stopped")
