"""Published figures beside ours: what others printed, and what the same method gives here.

Each kind of layer hands its own (see `layers.kinds.published`). A figure is reproduced when ours,
rounded as it was published, is the same, or as near as the publication allows.
"""

from __future__ import annotations

import pandas as pd

from boundaries.ground import Ground
from geo.files.store import Store
from layers.files import Files
from layers.kinds.published import Evidence, Published
from layers.kinds.registry import kinds_of
from layers.layer import Edition
from layers.table.neighbourhoods import Tables

FIGURE_COLUMNS = ["figure", "published", "ours", "same", "source"]


def published_of(edition: Edition) -> list[Published]:
    """Return what was published of an edition, kind by kind; nothing of most editions."""
    found = [published for kind in kinds_of(edition) for published in kind.published]
    return [published for published in found if published.edition == edition.id]


def reproduced(files: Files, joined: Tables, ground: Ground) -> pd.DataFrame:
    """Work out every published figure: columns figure, published, ours, same and source.

    They are kept once worked out.
    """
    known = published_of(files.edition)
    if not known:
        return pd.DataFrame(columns=FIGURE_COLUMNS)

    def make() -> pd.DataFrame:
        evidence = Evidence(
            files=files,
            ground=ground,
            lsoa=joined.lsoa,
            msoa=joined.msoa,
            districts=joined.districts,
        )
        return pd.concat([compared(each, evidence) for each in known], ignore_index=True)

    return Store(files.cache / "tables").frame("published", joined.key, make=make)


def compared(published: Published, evidence: Evidence) -> pd.DataFrame:
    """Put the figures of a publication beside ours: `FIGURE_COLUMNS`."""
    pairs = zip(published.figures.items(), published.ours(evidence), strict=True)
    rows = [
        (figure, printed, ours, published.holds(printed, ours), published.source)
        for (figure, printed), ours in pairs
    ]
    return pd.DataFrame(rows, columns=FIGURE_COLUMNS)
