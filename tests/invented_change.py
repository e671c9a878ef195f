"""An invented borough of edition 2025 beside two editions before it, some areas of it redrawn."""

from __future__ import annotations

import pandas as pd

from geo.space.families import join_families
from layers.borough.with_change import with_change
from layers.change.change import EditionChange, build_change
from layers.former import FormerAreas
from tests.invented import invented

SPLIT, MERGED = "E01910003", ("E01910200", "E01910201")
"""The former area of E01900003 and E01900004, and those of E01900200."""
OLD_MSOA = "E02910001"
"""The former MSOA that was split."""
POCKETS = {
    "Old Alder": ("E01900000", "E01900001", "E01900100"),
    "Gone Hollow": ("E01900202", "E01900203"),
    "Fold North": ("E01900303", "E01900304"),
    "Fold South": ("E01900403", "E01900404"),
}
"""Pockets of 2019 by name: of the two of 2025 one grew from the first, one joins the last two."""


def families(codes):
    own = {code: code for code in codes if code not in {"E01900003", "E01900004", "E01900200"}}
    links = [*own.items(), (SPLIT, "E01900003"), (SPLIT, "E01900004")]
    links += [(old, "E01900200") for old in MERGED]
    return join_families(pd.DataFrame(links, columns=["old", "new"]))


def former_msoas(codes):
    """Return families in which the first two MSOAs were one before."""
    links = [(OLD_MSOA if code in codes[:2] else code, code) for code in codes]
    return join_families(pd.DataFrame(links, columns=["old", "new"]))


def change_of_invented(borough, *, followed=True):
    """Return how an invented borough of edition 2025 stands to 2015 and 2019."""
    lsoa = pd.DataFrame(borough.lsoa.drop(columns="geometry"))
    joined = families(lsoa.index)
    old = joined.old.index
    former = FormerAreas(
        vintage=2011,
        lsoa=joined,
        msoa=former_msoas(lsoa["msoa_code"].unique()),
        people=pd.Series(range(1_000, 1_000 + len(old)), index=old),
        districts=pd.Series(borough.code, index=old),
    )
    now = lsoa[borough.edition.layer(borough.edition.overall).decile]
    same = now.reindex(old).fillna(4).astype("int64")
    deciles = {"2015": same.clip(lower=2), "2019": (same - 1).clip(lower=1)}
    members = {
        code: {"pocket_id": f"{borough.code}-{codes[0]}", "name": name}
        for name, codes in POCKETS.items()
        for code in codes
    }
    before = pd.DataFrame.from_dict(members, orient="index").rename_axis("area_code")
    known = {"2019": before, "2015": before[before["name"] != "Old Alder"]} if followed else {}
    frames = build_change(borough.edition, lsoa, former, deciles, known)
    return EditionChange(years=("2015", "2019", "2025"), vintage=2011, **frames)


def invented_change(*, followed=True, **options):
    """Return an invented borough of edition 2025 with what is known of earlier editions."""
    borough = invented(edition_id="2025", **options)
    return with_change(borough, change_of_invented(borough, followed=followed))
