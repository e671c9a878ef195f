"""What GDAL says of a disk, said as the system would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def said_by_the_system() -> Iterator[None]:
    """Raise ``OSError`` where GDAL cannot write: the disk is full, or read only."""
    # imported late: most that need no geometry need no GDAL
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        yield
    except (DataSourceError, DataLayerError) as problem:
        raise OSError(str(problem)) from problem
