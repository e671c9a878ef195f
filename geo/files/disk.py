"""What is wrong with a disk, whoever says it: the system, SQLite or GDAL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


def disk_error(problem: BaseException | None) -> BaseException | None:
    """Return the error of the disk that is, or led to, another one; None where there is none.

    Writers that are closed on a full disk fail once more, each in its own way, and SQLite and GDAL
    never say it as the system does.
    """
    while problem is not None and not isinstance(problem, (OSError, sqlite3.Error, *_gdals())):
        problem = problem.__cause__ or problem.__context__
    return problem


@contextmanager
def said_by_the_system() -> Iterator[None]:
    """Raise ``OSError`` where GDAL cannot write: the disk is full, or read only."""
    try:
        yield
    except _gdals() as problem:
        raise OSError(str(problem)) from problem


def _gdals() -> tuple[type[Exception], ...]:
    # imported late: most that need no geometry need no GDAL
    from pyogrio.errors import DataLayerError, DataSourceError

    return DataSourceError, DataLayerError
