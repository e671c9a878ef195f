"""The areas of the census before an edition's, of which some of its sources are, and the way on.

An edition has the small areas of one census. A source whose record has another `vintage` is of the
areas of another; what it holds is carried over the families of areas that share ground (see
`geo.space.families`), and never by laying boundaries over each other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

import pandas as pd

from boundaries.bridge import bridge_of_msoas, build_bridge, districts_before
from boundaries.ground import Ground
from geo.codes import normal_name
from geo.errors import InputError, some
from geo.files.hashes import file_hash
from geo.files.store import Store
from geo.sources import Source
from geo.space.families import Families
from geo.tables.read import read_table
from layers.files import Files
from layers.layer import Edition

LINKS = "lsoa_2011_to_2021"
"""The role of the exact lookup of what changed."""
FORMER_LSOA, FORMER_MSOA = "former_lsoa", "former_msoa"
"""The roles of a table of the former LSOAs (names, districts, people) and of their MSOAs' names."""
WAY = (LINKS, FORMER_LSOA, FORMER_MSOA)
CARRIED = (LINKS, FORMER_LSOA)
"""The roles that stand behind every value that was carried."""

BOUNDARIES = "former_boundaries"
"""The role of the outlines of the areas that earlier editions are of."""
SMALL_AREAS = ("LSOA", "MSOA")
"""The geographies that a census draws anew."""


def lacking_earlier(edition: Edition, absent: Collection[str]) -> list[str]:
    """Say what the comparison with earlier editions is without where some roles are absent."""
    years = sorted(year for year, role in edition.earlier.items() if role in absent)
    told = []
    if years:
        told.append(
            f"What has lasted is told without {some(years)}, of which the Indices were not"
            " available to this build."
        )
    if edition.earlier and BOUNDARIES in absent:
        told.append(
            "What became of the pockets of the edition before is not told: the boundaries of its"
            " areas were not available to this build."
        )
    return told


@dataclass(frozen=True, kw_only=True)
class FormerAreas:
    """The areas of the former census, and the families that lead to the edition's.

    ``vintage`` is the year of that census; ``lsoa`` and ``msoa`` are the families; ``people`` those
    of the former LSOAs, of the year of the Indices that count them; ``districts`` the edition's
    district in which each former LSOA is counted (see `boundaries.bridge.districts_before`).
    """

    vintage: int
    lsoa: Families
    msoa: Families
    people: pd.Series
    districts: pd.Series


def former_of(files: Files, ground: Ground) -> FormerAreas:
    """Return the former areas of an edition, from the cache when they were worked out before."""
    paths = {role: files.path(role) for role in WAY}
    records = [asdict(files.source(role)) for role in WAY]
    hashes = [file_hash(path) for path in paths.values()]

    def make() -> dict[str, pd.DataFrame]:
        links, areas, above = (
            read_table(path, files.source(role), "main") for role, path in paths.items()
        )
        return build_former(links, areas, above, ground.lookup)

    store = Store(files.cache / "converted")
    found = store.frames("former", ground.key(), records, hashes, make=make)
    return FormerAreas(
        vintage=int(files.source(FORMER_LSOA).vintage or 0),
        lsoa=Families(found["lsoa"]),
        msoa=Families(found["msoa"]),
        people=found["areas"]["people"],
        districts=found["areas"]["lad_code"],
    )


def build_former(
    links: pd.DataFrame, areas: pd.DataFrame, above: pd.DataFrame, lookup: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Find the families of both levels; the pure part of `former_of`.

    Returns the links of ``lsoa`` and ``msoa``, and of the former ``areas`` people and lad_code.

    ``links`` is the exact lookup (`boundaries.bridge.build_bridge`); ``areas`` has area_name,
    lad_code and population of the former LSOAs, ``above`` the area_name of the former MSOAs, all by
    code; ``lookup`` places the edition's LSOAs (`msoas_before` those before).
    """
    families = build_bridge(links, old=areas.index, new=lookup.index)
    msoas = msoas_before(areas["area_name"], above)
    districts = districts_before(families, lookup["lad_code"], areas["lad_code"])
    return {
        "lsoa": families.links,
        "msoa": bridge_of_msoas(families, msoas, lookup["msoa_code"]).links,
        "areas": pd.DataFrame({"people": areas["population"], "lad_code": districts}),
    }


def msoas_before(names: pd.Series, above: pd.DataFrame) -> pd.Series:
    """Return the code of the former MSOA of each former LSOA, from the LSOAs' ``names``.

    An LSOA is in the MSOA of ``above`` that has its name without the last letter.
    """
    codes = pd.Series(above.index, index=above["area_name"].map(normal_name).to_numpy())
    return names.str[:-1].map(normal_name).map(codes)


def codes_of(files: Files, ground: Ground, source: Source) -> pd.Index:
    """Return the codes of the LSOAs that a source is of: the edition's, or those before."""
    if source.vintage in (None, files.edition.vintage):
        return ground.lookup.index
    return former_of(files, ground).people.index


def vintage_of(files: Files, roles: Collection[str]) -> int | None:
    """Return the census whose small areas the sources of some roles are of; None of no small areas.

    Raises ``InputError`` where they are of more than one.
    """
    sources = [files.source(role) for role in roles]
    vintages = {source.vintage for source in sources if source.geography in SMALL_AREAS}
    if len(vintages) > 1:
        raise InputError(
            "The sources of a layer are of areas of more than one census",
            where=some(source.title for source in sources),
            expected="one",
            found=some(sorted(map(str, vintages))),
            do="name sources of one vintage in layers/editions.toml",
        )
    return next(iter(vintages), None)
