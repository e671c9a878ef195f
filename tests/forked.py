"""Run tests of the folder that this process stands in, time and again, libraries loaded once.

Each line of standard input is a list of pytest's arguments in JSON. A fork of this process loads
the project and runs them; a line of JSON says how it ended and the last that it said. Most of the
time of a few small tests goes into loading libraries. Nothing of the project may be loaded here:
every fork would have it as it was.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

LIBRARIES = (
    *("pytest", "jinja2", "typer", "xlsxwriter", "matplotlib.figure", "scipy.optimize"),
    *("sklearn.neighbors", "esda.moran", "libpysal.graph", "geopandas", "fiona", "rasterio"),
)
"""The slowest to load of those that tests need."""
LONGEST_S = 600
"""How long one run may take before it is ended, which no exit code stands for."""


class FirstFailure:
    """A plugin: Hypothesis draws the same examples every time, and makes no failing one smaller."""

    @staticmethod
    def pytest_configure() -> None:
        """Say so before tests are collected."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("first", phases=phases, deadline=None, derandomize=True)
        settings.load_profile("first")


def run(arguments: list[str], said: int) -> int:
    """Run tests in a fork that writes into a file; return its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST_S)
        for stream in (1, 2):
            os.dup2(said, stream)
        sys.path[0] = str(Path.cwd())
        import pytest

        code = int(pytest.main(arguments, plugins=[FirstFailure()]))
        sys.stdout.flush()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Answer each line of standard input by one."""
    for library in LIBRARIES:
        importlib.import_module(library)
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            code = run(json.loads(line), said.fileno())
            said.seek(0)
            print(json.dumps([code, said.read().splitlines()[-3:]]), flush=True)


if __name__ == "__main__":
    main()
