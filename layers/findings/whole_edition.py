"""What the whole edition shows: overlap, hidden neighbourhoods, pockets, clusters in England.

Everything here is over all areas of the edition and kept, so that no borough's result depends on
which others are built.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from boundaries.ground import Ground
from geo.files.store import Store
from geo.space.groups import touching
from geo.space.recurrence import membership
from geo.space.rules import hidden, relatively_worst
from layers.findings.clusters import england_clusters, every_boroughs_cluster
from layers.findings.how_sure import CONTIGUITIES, how_sure, settings_of
from layers.findings.overlap import overlap_columns
from layers.findings.pocket_values import ranked_values
from layers.findings.pockets import Choice, members_of, split_of
from layers.findings.ranges import rank_ranges_of
from layers.table.neighbourhoods import Tables, below


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The tables with what was found beside them, and the candidates split into pockets.

    ``lsoa`` and ``msoa`` have all columns of the tables and those of the findings; ``parts`` has
    one row a candidate (see `geo.space.pockets.split`); ``neighbouring`` lists the pockets that
    touch each pocket across its borough's line; ``pockets`` has what each is like and how it ranks
    among pockets (see `layers.findings.pocket_values`); ``sure`` has for each its ``recurrence``
    and ``highest_mean_share`` (see `layers.findings.how_sure`).
    """

    lsoa: pd.DataFrame
    msoa: pd.DataFrame
    parts: pd.DataFrame
    neighbouring: pd.Series
    pockets: pd.DataFrame
    sure: pd.DataFrame
    choice: Choice


def findings(tables: Tables, ground: Ground, choice: Choice | None = None) -> Findings:
    """Return the findings of an edition, from the cache when they were worked out before."""
    chosen = choice or Choice()
    added = Store(ground.files.cache / "findings").frames(
        "findings",
        tables.key,
        chosen.settings(),
        settings_of(chosen),
        make=lambda: _found(tables, ground, chosen),
    )
    return Findings(
        lsoa=tables.lsoa.join(added["lsoa"]),
        msoa=tables.msoa.join(added["msoa"]),
        parts=added["parts"],
        neighbouring=added["neighbouring"]["neighbour_pockets"].map(list),
        pockets=added["pockets"],
        sure=added["sure"],
        choice=chosen,
    )


def _found(tables: Tables, ground: Ground, choice: Choice) -> dict[str, pd.DataFrame]:
    """Return the columns to add to each table, and the split of the candidates."""
    edition, lsoa = tables.edition, tables.lsoa
    overall = edition.layer(edition.overall)
    fifths = lsoa[overall.quintile_column("borough")]
    added = overlap_columns(edition, lsoa).assign(
        relatively_worst=relatively_worst(fifths),
        hidden=hidden(fifths, lsoa[overall.decile], choice.tenths),
    )
    evidence = lsoa.join(added)
    if choice.rule == "cluster":
        evidence[overall.cluster_column("borough")] = every_boroughs_cluster(
            overall, tables, ground
        )
    parts = split_of(edition, evidence, ground.graph("lsoa"), choice)
    added["pocket_id"] = members_of(parts, lsoa)
    added["single"] = lsoa.index.isin(parts.index) & added["pocket_id"].eq("")
    graphs = {kind: ground.graph("lsoa", kind) for kind in CONTIGUITIES}
    sure = how_sure(edition, evidence.join(added[["pocket_id"]]), graphs, choice)
    shares = sure.found.areas.reindex(lsoa.index)
    added = added.join(sure.candidates).assign(
        membership_share=shares, membership=membership(shares)
    )
    added = added.join(rank_ranges_of(edition, lsoa, "LSOA"))
    added = added.join(england_clusters(tables, ground, "lsoa"))
    own = rank_ranges_of(edition, tables.msoa, "MSOA").join(
        england_clusters(tables, ground, "msoa")
    )
    across = touching(added["pocket_id"], ground.graph("lsoa"), across=lsoa["lad_code"])
    return {
        "lsoa": added.join(below(edition, lsoa, own, tables.msoa["lad_code"])),
        "msoa": own,
        "parts": parts,
        "neighbouring": across.rename("neighbour_pockets").to_frame(),
        "pockets": ranked_values(edition, evidence.join(added[["pocket_id"]])),
        "sure": sure.found.groups.to_frame().join(sure.highest),
    }
