"""The command with streams that are closed, full, left, or of few letters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = f"{sys.executable} -m scripts.cli"


SOURCES = "pockets sources --edition sample"
"""What tells of its progress and writes a result without the slowest libraries."""


@pytest.fixture
def listed(warm_cache, pockets, monkeypatch):
    """Return what `SOURCES` writes where all is well."""
    monkeypatch.setenv("POCKETS_CACHE", str(warm_cache))
    ended = pockets(*SOURCES.split()[1:])
    assert "Looking at the files" in ended.err
    return ended.out.encode()


@pytest.fixture
def shell(warm_cache):
    """Run a line of the shell in which ``pockets`` is the command; return how it ended."""

    def run(line, **settings):
        return subprocess.run(
            ["bash", "-c", f"set -o pipefail; {line.replace('pockets', COMMAND, 1)}"],
            cwd=ROOT,
            env={**os.environ, "POCKETS_CACHE": str(warm_cache), **settings},
            capture_output=True,
            check=False,
            timeout=120,
        )

    return run


AREAS = "pockets areas --edition sample"
NAMES = b"E08900001               Northmere\nE06900001               Westholt\n"


@pytest.mark.parametrize("closed", ["2>&-", "0<&- 2>&-", "2>/dev/full", "2> >(exit 0)"])
def test_where_nobody_can_be_told_the_result_is_the_same(closed, shell, listed):
    ended = shell(f"{SOURCES} {closed}")
    assert ended.stdout == listed
    assert ended.returncode == 0


def test_an_error_with_a_closed_stream_still_is_the_exit_code(shell):
    assert shell("pockets sources --edition nowhere 2>&-").returncode == 1


@pytest.mark.parametrize("command", ["sources --edition sample", "--help", "build --help"])
def test_a_full_device_is_one_paragraph(command, shell):
    ended = shell(f"pockets {command} >/dev/full")
    said = ended.stderr.decode().splitlines()
    assert ended.returncode == 1
    assert said[-1].startswith("pockets: ")
    assert "No space left on device" in said[-1]
    assert "failed where it should not" not in said[-1]
    assert "Traceback" not in ended.stderr.decode()


def test_a_reader_that_leaves_ends_the_command_without_a_word(shell):
    ended = shell("pockets profile westholt --edition sample | head -c 10")
    assert len(ended.stdout) == 10
    assert b"Traceback" not in ended.stderr
    assert b"pockets: " not in ended.stderr


@pytest.mark.parametrize("letters", ["ascii", "latin-1", "utf-8"])
def test_letters_that_a_terminal_lacks_end_nothing(letters, shell):
    ended = shell("pockets sources --edition nowhere", PYTHONIOENCODING=letters, LC_ALL="C")
    assert ended.returncode == 1
    assert b"There is no edition" in ended.stderr
    assert b"nowhere" in ended.stderr
    assert b"What to do: " in ended.stderr
    assert b"failed where" not in ended.stderr


def test_a_page_is_written_as_it_says_whatever_the_letters_of_a_terminal(
    shell, pockets, warm_cache, monkeypatch
):
    monkeypatch.setenv("POCKETS_CACHE", str(warm_cache))
    plain = pockets("profile", "westholt", "--edition", "sample").out
    few = shell("pockets profile westholt --edition sample", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert "–" in plain
    assert few.stdout.decode("utf-8") == plain


def test_the_command_needs_no_assertions(shell):
    ended = shell(AREAS, PYTHONOPTIMIZE="1")
    assert ended.returncode == 0
    assert sorted(ended.stdout.splitlines()) == sorted(NAMES.splitlines())


def test_a_python_without_docstrings_is_refused_in_a_paragraph(shell):
    """Some libraries cannot be imported then."""
    ended = shell(AREAS, PYTHONOPTIMIZE="2")
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"pockets: Python was started without docstrings")
    assert b"What to do: start it with -O" in ended.stderr
    assert ended.stderr.count(b"\n") == 1


def test_a_user_without_a_home_is_told_to_name_one(shell):
    """Run as a user of whom the system knows nothing."""
    line = "import pwd; pwd.getpwuid = lambda _: {}[0]; "
    line += "import sys; sys.argv = ['pockets', 'areas']; from scripts.cli import main; main()"
    ended = shell(f'unset HOME; {sys.executable} -c "{line}"')
    assert ended.returncode == 1
    assert b"knows no home folder" in ended.stderr
    assert b"set HOME" in ended.stderr
    assert b"Traceback" not in ended.stderr
