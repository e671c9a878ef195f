"""The earlier editions of the Indices that an edition's record names, as far as they are at hand.

Of an edition before, nothing but the overall index is looked at: its ranks and deciles, and the
score by which pockets are split. Scores are never set against those of another edition.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.sources import Source
from geo.tables.read import read_table
from layers.files import Files
from layers.former import BOUNDARIES, FORMER_MSOA, LINKS, vintage_of
from layers.wards import FORMER_WARDS, ward_sources

LOOKED_AT = ("score", "rank", "decile")


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An edition before: its ``year``, the ``role`` and record of its table, and its overall index.

    ``areas`` has `LOOKED_AT` by code of the areas of that edition's census.
    """

    year: str
    role: str
    source: Source
    areas: pd.DataFrame


def earlier_editions(files: Files) -> list[Earlier]:
    """Read the earlier editions that are at hand, the oldest first; none where none is named.

    Raises ``InputError`` where they are of areas of more than one census.
    """
    roles = roles_at_hand(files)
    vintage_of(files, list(roles.values()))
    return [_read(files, year, role) for year, role in roles.items()]


def roles_at_hand(files: Files) -> dict[str, str]:
    """Return the roles of the earlier editions that are at hand, by year, the oldest first."""
    known = sorted(files.edition.earlier.items())
    return {year: role for year, role in known if files.find(role) is not None}


def earlier_sources(files: Files) -> tuple[Source, ...]:
    """Return the records behind all that is said of earlier editions; none where none is named."""
    roles = list(roles_at_hand(files).values())
    if not roles:
        return ()
    named = [BOUNDARIES, FORMER_MSOA] if files.find(BOUNDARIES) is not None else []
    wards = ward_sources(files, FORMER_WARDS) if named else ()
    return (*(files.source(role) for role in [*roles, LINKS, *named]), *wards)


def _read(files: Files, year: str, role: str) -> Earlier:
    source, path = files.source(role), files.path(role)
    columns = {f"imd_{measure}": measure for measure in LOOKED_AT}
    table = read_table(path, source, "main")[list(columns)].rename(columns=columns)
    return Earlier(year=year, role=role, source=source, areas=table)
