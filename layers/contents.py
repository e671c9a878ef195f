"""Whether a file holds what its record promises: everything that its readers would refuse."""

from __future__ import annotations

from pathlib import Path

from geo.sources import Source


def require_contents(path: Path, source: Source) -> None:
    """Read a file as all its readers do, and keep nothing.

    Each table is read, so its columns, codes, counts and totals are as recorded, each sheet that is
    no table, in the form that its layer reads, the boundaries or the grid. Raises what the
    reader that refuses it raises.
    """
    # imported late: who finds all files at hand needs no geometry for it
    from boundaries.read import read_areas
    from geo.tables.read import read_rows, read_table
    from layers.pcm_grid import read_grid
    from layers.weekly_deaths import REGISTRATIONS, weekly_deaths

    for table in source.tables:
        read_table(path, source, table)
    for name, sheet in source.sheets.items():
        rows = read_rows(path, source, sheet)
        if name == REGISTRATIONS:
            weekly_deaths(rows, where=str(path))
    if source.vector is not None:
        read_areas(path, source)
    if source.grid is not None:
        read_grid(path, source.grid)
