"""An edition beside the earlier ones: everything that pages and files say of change.

Movement of rank and of pockets, never of scores: what was measured, and how, has changed between
editions, and so has everybody else's place in the order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from boundaries.ground import Ground
from geo.files.store import Store
from geo.space.common_ground import common_people
from geo.space.families import UNCHANGED
from geo.space.fates import Fates, fates
from geo.space.groups import in_groups
from geo.space.recurrence import MATCH
from layers.change.earlier import earlier_editions, roles_at_hand
from layers.change.former_pockets import former_pockets
from layers.change.lasting import (
    counts_by_edition,
    decile_flow,
    lasting_columns,
    people_lasting,
)
from layers.files import Files
from layers.findings.whole_edition import Findings
from layers.former import FormerAreas, former_of
from layers.layer import Edition
from layers.table.neighbourhoods import Tables


@dataclass(frozen=True, kw_only=True)
class EditionChange:
    """What is known of an edition and those before it.

    ``years`` are of the editions known, this one's last; ``vintage`` is the census of the earlier
    ones. Frames:

    - ``lsoa``: `layers.change.lasting.lasting_columns`, by ``area_code``;
    - ``msoa``, ``districts``: `layers.change.lasting.people_lasting`, by ``area_code``;
    - ``pockets``: `layers.change.lasting.people_lasting` by ``pocket_id``, and, where pockets can
      be followed back (see `layers.change.former_pockets`), ``fate``, ``came_from`` (pockets of the
      edition before that it is linked to), ``kept_pct`` (share of its people who live where a
      pocket was), ``matched_editions`` (the earlier ones in which a pocket matches it, first to
      last) and ``matched`` (how many editions that is, its own among them);
    - ``before``: the pockets of the edition before, by ``pocket_id`` of that one (see `_before`);
      empty where they cannot be followed;
    - ``flow``: `layers.change.lasting.decile_flow` from the edition before;
    - ``counts``: `layers.change.lasting.counts_by_edition`;
    - ``redrawn``: links (``old``, ``new``, ``link``) of areas that were not left as they were, with
      their ``level`` (lsoa, msoa) and the ``lad_code`` of the former one.
    """

    years: tuple[str, ...]
    vintage: int
    lsoa: pd.DataFrame
    msoa: pd.DataFrame
    districts: pd.DataFrame
    pockets: pd.DataFrame
    before: pd.DataFrame
    flow: pd.DataFrame
    counts: pd.DataFrame
    redrawn: pd.DataFrame

    @property
    def followed(self) -> bool:
        """Say whether it is known what became of pockets."""
        return "fate" in self.pockets

    @property
    def last(self) -> str:
        """The year of the edition before."""
        return self.years[-2]

    def of(self, codes: Collection[str]) -> EditionChange:
        """Return what is of some boroughs."""
        placed = {name: getattr(self, name) for name in ("before", "flow", "counts", "redrawn")}
        own = {name: frame[frame["lad_code"].isin(codes)] for name, frame in placed.items()}
        return replace(self, **own)


def change_of(
    files: Files, ground: Ground, tables: Tables, findings: Findings
) -> EditionChange | None:
    """Return how an edition stands to those before it, from the cache when it was worked out.

    None for an edition whose record names none, or where none of these is at hand.
    """
    years = roles_at_hand(files)
    if not years:
        return None
    former = former_of(files, ground)

    def make() -> dict[str, pd.DataFrame]:
        earlier = earlier_editions(files)
        deciles = {each.year: each.areas["decile"] for each in earlier}
        members = former_pockets(files, former, earlier, findings.choice)
        return build_change(files.edition, findings.lsoa, former, deciles, members)

    store = Store(files.cache / "findings")
    frames = store.frames("change", tables.key, findings.choice.settings(), make=make)
    lists = {"pockets": ("came_from", "matched_editions"), "before": ("became", "lsoa_codes")}
    for name, columns in lists.items():
        there = [column for column in columns if column in frames[name]]
        frames[name] = frames[name].assign(
            **{column: frames[name][column].map(list) for column in there}
        )
    return EditionChange(years=(*years, files.edition.id), vintage=former.vintage, **frames)


def build_change(
    edition: Edition,
    lsoa: pd.DataFrame,
    former: FormerAreas,
    deciles: Mapping[str, pd.Series],
    members: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Work out the frames of `EditionChange`; the pure part of `change_of`.

    ``lsoa`` are all small areas of the edition with ``pocket_id``; ``deciles`` those of earlier
    editions, by year and former area; ``members`` the pockets of earlier editions (see
    `layers.change.former_pockets`), by year, or nothing.
    """
    overall = edition.layer(edition.overall)
    common = common_people(former.lsoa, former.people, lsoa["population"])
    known = lasting_columns(edition, lsoa[overall.decile], deciles, common, former.lsoa)
    whole = lsoa[["lad_code", "lad_name", "msoa_code", "population", overall.decile]].join(known)
    times, last = len(deciles) + 1, max(deciles)
    pocket = lsoa["pocket_id"]
    fated = {year: fates(found["pocket_id"], pocket, common) for year, found in members.items()}
    names = lsoa.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    places = dict.fromkeys(deciles, former.districts) | {edition.id: lsoa["lad_code"]}
    groups = {"msoa": whole["msoa_code"], "districts": whole["lad_code"], "in": in_groups(pocket)}
    sums = {
        level: people_lasting(edition, whole.loc[by.index], by, times=times).rename_axis(
            "area_code"
        )
        for level, by in groups.items()
    }
    lived_in = sums.pop("in").rename_axis("pocket_id")
    return sums | {
        "lsoa": known,
        "pockets": _pockets(fated, last).join(lived_in, how="outer"),
        "before": _before(members, fated, former, last, names),
        "flow": decile_flow(edition, whole, last),
        "counts": counts_by_edition({**deciles, edition.id: lsoa[overall.decile]}, places),
        "redrawn": _redrawn(former, lsoa),
    }


def _pockets(fated: Mapping[str, Fates], last: str) -> pd.DataFrame:
    """Return where the edition's pockets come from, and in how many editions each has a match."""
    if last not in fated:
        return pd.DataFrame(index=pd.Index([], name="pocket_id", dtype="str"))
    told = fated[last].after
    alike = pd.DataFrame({year: each.after["jaccard"] >= MATCH for year, each in fated.items()})
    years = [[year for year in sorted(fated) if own[year]] for _, own in alike.iterrows()]
    return pd.DataFrame(
        {
            "fate": told["fate"],
            "came_from": told["linked"].map(list),
            "kept_pct": 100 * told["kept"],
            "matched_editions": pd.Series(years, alike.index, dtype="object"),
            "matched": 1 + alike.sum(axis="columns"),
        }
    ).rename_axis("pocket_id")


def _before(
    members: Mapping[str, pd.DataFrame],
    fated: Mapping[str, Fates],
    former: FormerAreas,
    last: str,
    districts: pd.Series,
) -> pd.DataFrame:
    """Return the pockets of the edition before and what became of each.

    ``earlier_edition``, ``name``, ``lad_code``, ``lad_name``, ``lsoa_count`` and ``lsoa_codes`` (of
    the former census), ``people_now`` (who live on its ground in the edition's year), ``fate``,
    ``became`` (pockets it is linked to), ``match`` (the one most alike), ``jaccard`` and
    ``kept_pct``.
    """
    if last not in fated:
        return pd.DataFrame(columns=["lad_code"], dtype="str").rename_axis("pocket_id")
    found, told = members[last], fated[last].before
    groups = found.groupby("pocket_id")
    code = groups.apply(lambda own: former.districts[own.index[0]])
    return pd.DataFrame(
        {
            "earlier_edition": last,
            "name": groups["name"].first(),
            "lad_code": code,
            "lad_name": code.map(districts),
            "lsoa_count": groups.size(),
            "lsoa_codes": groups.apply(lambda own: sorted(own.index)),
            "people_now": told["people"],
            "fate": told["fate"],
            "became": told["linked"].map(list),
            "match": told["match"],
            "jaccard": told["jaccard"],
            "kept_pct": 100 * told["kept"],
        }
    ).rename_axis("pocket_id")


def _redrawn(former: FormerAreas, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return the links of both levels whose areas were not left as they were.

    A former LSOA is in its district, a former MSOA in that of the first MSOA that it became.
    """
    now = lsoa.drop_duplicates("msoa_code").set_index("msoa_code")["lad_code"]
    first = former.msoa.links.drop_duplicates("old").set_index("old")["new"]
    levels = {"lsoa": (former.lsoa, former.districts), "msoa": (former.msoa, first.map(now))}
    parts = []
    for level, (families, places) in levels.items():
        changed = families.links[families.links["link"] != UNCHANGED]
        parts.append(changed.assign(level=level, lad_code=changed["old"].map(places)))
    return pd.concat(parts, ignore_index=True)
