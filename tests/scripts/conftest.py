"""The command as a person meets it: run here, or in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.cli import main
from scripts.sample.write import kept_sample

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "scripts.cli"]


@pytest.fixture(scope="session")
def warm_cache(files, sample_site, tmp_path_factory):
    """Return a folder for POCKETS_CACHE in which the sample is written, joined and assembled."""
    cache = tmp_path_factory.mktemp("pockets")
    (cache / "sample").symlink_to(files.cache)
    kept_sample(files.cache)
    return cache


@pytest.fixture
def pockets(monkeypatch, capsys):
    """Run the command in this process; return its exit code and what it wrote."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["pockets", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return SimpleNamespace(code=ended.value.code or 0, out=out, err=err)

    return run


@pytest.fixture
def spawned(warm_cache):
    """Run the command in another process; with ``until``, send it a signal when it says so."""

    def run(*arguments, until="", send=signal.SIGINT, **settings):
        environment = {**os.environ, "POCKETS_CACHE": str(warm_cache), **settings}
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Tests that run in the background do not hear Ctrl-C, and hand that down.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        said = []
        for line in process.stderr if until else ():
            said.append(line)
            if until in line:
                os.killpg(process.pid, send)
                break
        out, err = process.communicate(timeout=900)
        return SimpleNamespace(code=process.returncode, out=out, err="".join(said) + err)

    return run
