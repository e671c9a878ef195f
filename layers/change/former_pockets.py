"""Pockets of earlier editions, found by the same rule on the areas of their own census.

They are found for all boroughs, within the districts of the edition, so that a change of districts
is not taken for one of pockets. Only rules that look at the overall index alone can be followed
back: of the other layers earlier editions are not read.
"""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from boundaries.read import read_areas
from geo.files.hashes import file_hash
from geo.files.store import Store
from geo.space.groups import in_groups
from geo.space.neighbours import neighbours
from geo.stats.rank import FEWEST_RANKED, fifths, rank_of_ranks
from geo.tables.read import read_table
from layers.change.earlier import Earlier
from layers.files import Files
from layers.findings.names import names_of
from layers.findings.pockets import Choice, members_of, split_of
from layers.former import BOUNDARIES, FORMER_LSOA, FORMER_MSOA, FormerAreas, msoas_before
from layers.layer import Edition
from layers.wards import FORMER_WARDS, ward_names, ward_sources

RULES_BACK = ("national", "borough")
"""The rules that need nothing but the overall index."""


def former_pockets(
    files: Files, former: FormerAreas, earlier: list[Earlier], choice: Choice
) -> dict[str, pd.DataFrame]:
    """Return the pockets of each earlier edition, by its year: ``pocket_id`` and ``name``.

    One row an area of the former census that is in a pocket, by code. Nothing where the rule looks
    at more than the overall index, or where the outlines of the areas are not at hand. Kept.
    """
    path = files.find(BOUNDARIES) if BOUNDARIES in files.edition.sources else None
    if path is None or choice.rule not in RULES_BACK or not earlier:
        return {}
    source = files.source(BOUNDARIES)

    def make() -> dict[str, pd.DataFrame]:
        areas = read_areas(path, source)
        graph = neighbours(areas)
        wards = ward_names(files, FORMER_WARDS)
        called = _called(files).assign(population=former.people)
        placed = pd.DataFrame(areas[["easting", "northing"]]).assign(lad_code=former.districts)
        found = {}
        for each in earlier:
            lsoa = _as_now(files.edition, placed, each.areas)
            parts = split_of(files.edition, lsoa, graph, choice)
            members = members_of(parts, lsoa)
            names = names_of(lsoa.join(called).assign(pocket_id=members), wards)
            pocket = in_groups(members).rename("pocket_id")
            found[each.year] = pocket.to_frame().assign(name=pocket.map(names))
        return found

    named = [FORMER_WARDS] if ward_sources(files, FORMER_WARDS) else []
    always = (BOUNDARIES, FORMER_LSOA, FORMER_MSOA)
    roles = dict.fromkeys([*always, *named, *(one.role for one in earlier)])
    return Store(files.cache / "findings").frames(
        "former-pockets",
        files.edition.id,
        choice.settings(),
        [(file_hash(files.path(role)), asdict(files.source(role))) for role in roles],
        former.districts.to_dict(),
        make=make,
    )


def _as_now(edition: Edition, placed: pd.DataFrame, index: pd.DataFrame) -> pd.DataFrame:
    """Lay an earlier index out as the edition's own overall layer, so that its rules read it."""
    overall = edition.layer(edition.overall)
    index = index.reindex(placed.index)
    ranks = rank_of_ranks(index["rank"], placed["lad_code"], fewest=FEWEST_RANKED)
    columns = pd.DataFrame(
        {
            overall.value: index["score"],
            overall.decile: index["decile"],
            overall.quintile_column("borough"): fifths(ranks, by=placed["lad_code"]),
        }
    )
    return placed.join(columns).assign(overlap_england=float("nan"))


def _called(files: Files) -> pd.DataFrame:
    """Return area_name of each former LSOA, and msoa_name, the name that people use."""
    areas, above = (
        read_table(files.path(role), files.source(role), "main")
        for role in (FORMER_LSOA, FORMER_MSOA)
    )
    names = areas["area_name"]
    return pd.DataFrame(
        {"area_name": names, "msoa_name": msoas_before(names, above).map(above["hcl_name"])}
    )
