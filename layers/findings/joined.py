"""Joined pockets: pockets of neighbouring boroughs that touch across the line between them.

Found among all pockets of the edition, so that neither a joined pocket nor its id depends on which
boroughs are built. Pockets of one borough that touch each other stay the pockets that they are:
they are joined where both hang together with one of another borough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from boundaries.coverage import outlines
from boundaries.ground import Ground
from geo.crs import BNG
from geo.files.store import Store
from geo.space.groups import hanging_together
from layers.findings.pockets import counted_people, facts_of
from layers.findings.whole_edition import Findings
from layers.kinds.reading import PEOPLE, PEOPLE_BY_AGE
from layers.layer import Edition
from layers.table.neighbourhoods import Tables

MEMBER = ("joined_pocket", "number", "name", "lad_code", "lad_name", "population")

JOINED_COLUMNS = {
    **dict.fromkeys(("pocket_ids", "members", "lad_codes", "boroughs"), "object"),
    **dict.fromkeys(("pocket_count", "lsoa_count", *PEOPLE, *PEOPLE_BY_AGE), "int64"),
    "worst_decile_pct": "float64",
    **dict.fromkeys(("worst_decile_people", "population_year"), "int64"),
}
"""What is told of a joined pocket beside its outline, and the kinds of its columns."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Joined pockets and the pockets that they are made of.

    ``pockets`` has a row a joined pocket, by its id ``joined_pocket``: ``pocket_ids`` and
    ``lad_codes`` (lists), ``members`` and ``boroughs`` in words, ``pocket_count``, its small areas
    and people as for a pocket, and its outline. ``members`` has the columns `MEMBER` of each pocket
    of one, by ``pocket_id``.
    """

    pockets: gpd.GeoDataFrame
    members: pd.DataFrame


def no_joined() -> Joined:
    """Return what is known where no pockets touch across a line."""
    members = pd.DataFrame(columns=list(MEMBER), index=pd.Index([], name="pocket_id"))
    columns = {name: pd.Series([], dtype=kind) for name, kind in JOINED_COLUMNS.items()}
    pockets = gpd.GeoDataFrame(columns, geometry=[], crs=BNG)
    pockets.index = pd.Index([], name="joined_pocket", dtype=object)
    return Joined(pockets=pockets, members=members)


def every_member(tables: Tables, ground: Ground, found: Findings, names: pd.Series) -> pd.DataFrame:
    """Return every pocket of the edition that touches one across its borough's line (`MEMBER`).

    A joined pocket bears the id of the first of its pockets, in order of id; ``names`` are those of
    every pocket. What is found is kept in the cache.
    """
    unnamed = [column for column in MEMBER if column != "name"]

    def make() -> pd.DataFrame:
        first, lsoa = hanging_together(found.neighbouring), found.lsoa
        codes = lsoa.loc[lsoa["pocket_id"].isin(first.index), "lad_code"].unique()
        facts = [
            facts_of(tables.edition, own, found.parts)
            for _, own in lsoa[lsoa["lad_code"].isin(codes)].groupby("lad_code")
        ]
        if not facts:
            return no_joined().members[unnamed]
        told = pd.concat(facts).loc[first.index].assign(joined_pocket="joined-" + first)
        return told[unnamed].rename_axis("pocket_id")

    store = Store(ground.files.cache / "findings")
    members = store.frame("joined", tables.key, found.choice.settings(), make=make)
    return members.assign(name=names.reindex(members.index))[list(MEMBER)]


def joined_of(
    edition: Edition, members: pd.DataFrame, ground: Ground, found: Findings, code: str
) -> Joined:
    """Return the joined pockets that hold a pocket of one borough, with all that they hold.

    ``members`` are those of the whole edition, see `every_member`.
    """
    ids = members.loc[members["lad_code"] == code, "joined_pocket"].unique()
    own = members[members["joined_pocket"].isin(ids)]
    if own.empty:
        return no_joined()
    groups = found.lsoa["pocket_id"].map(own["joined_pocket"]).fillna("")
    lsoa = found.lsoa[groups != ""]
    groups = groups[lsoa.index].rename("joined_pocket")
    areas = ground.areas("lsoa", sorted(lsoa["lad_code"].unique())).loc[lsoa.index]
    by = own.reset_index().groupby("joined_pocket")
    told = pd.DataFrame(
        {
            "pocket_ids": by["pocket_id"].agg(lambda ids: sorted(ids)),
            "members": by[["lad_name", "number", "name"]].apply(_in_words),
            "lad_codes": by["lad_code"].agg(lambda codes: sorted(set(codes))),
            "boroughs": by["lad_name"].agg(lambda names: "; ".join(sorted(set(names)))),
            "pocket_count": by.size(),
            **counted_people(edition, lsoa, groups),
        }
    ).assign(population_year=edition.population_year)
    shapes = outlines(areas, groups)
    return Joined(pockets=shapes.join(told[list(JOINED_COLUMNS)]).sort_index(), members=own)


def together(parts: Sequence[Joined]) -> Joined:
    """Put the joined pockets of several boroughs together, each once."""
    filled = [part for part in parts if len(part.members)] or list(parts[:1])
    pockets = pd.concat([part.pockets for part in filled])
    members = pd.concat([part.members for part in filled])
    return Joined(
        pockets=gpd.GeoDataFrame(pockets[~pockets.index.duplicated()].sort_index(), crs=BNG),
        members=members[~members.index.duplicated()].sort_index(),
    )


def _in_words(members: pd.DataFrame) -> str:
    """Name the pockets of one joined pocket, by borough and number."""
    ordered = members.sort_values(["lad_name", "number"])
    return "; ".join(
        f"{lad_name} {number} ({name})"
        for lad_name, number, name in zip(
            ordered["lad_name"], ordered["number"], ordered["name"], strict=True
        )
    )
