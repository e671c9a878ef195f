"""The standard streams, however a program is started: closed, full, or of few letters."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

import typer

from geo.errors import OutputError


def open_streams() -> None:
    """Give the program those of its standard streams that it was started without.

    Else the next file that it opens would stand in for one, and get what is meant for people. A
    letter that a terminal cannot show is written as its number.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdout = sys.stdout or _nowhere(1)
    sys.stderr = sys.stderr or _nowhere(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str | bytes) -> None:
    """Write a result to the standard output.

    Raises ``OutputError`` where that cannot be written; a reader that has left ends the command
    without a word.
    """
    try:
        typer.echo(text)
    except BrokenPipeError:
        raise
    except OSError as problem:
        _drop(sys.stdout)
        raise OutputError(
            "What was found could not be written to the standard output",
            found=str(problem),
            do="make room, or send it elsewhere; files that were to be written are there",
        ) from problem


def tell(text: str) -> None:
    """Write to the standard error, for people; where nobody can be told, nothing else fails."""
    try:
        typer.echo(text, err=True)
    except OSError:
        _drop(sys.stderr)


def _nowhere(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)


def _drop(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, so that the end of the program is quiet."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()
