"""What the pockets of an edition are called: by places inside them, or as a borough says."""

from __future__ import annotations

import pandas as pd

from geo.space.pocket_names import pocket_names


def names_of(lsoa: pd.DataFrame, wards: pd.Series) -> pd.Series:
    """Name all pockets of an edition, borough by borough; see `geo.space.pocket_names`.

    ``lsoa`` holds all small areas, with area_name, msoa_name, lad_code, population and
    ``pocket_id``; ``wards`` the ward of each, as far as they are known. A borough's names are the
    same whichever are built.
    """
    places = pd.DataFrame(
        {
            "larger": lsoa["msoa_name"],
            "ward": wards.reindex(lsoa.index),
            "own": lsoa["area_name"],
            "population": lsoa["population"],
        }
    )
    pocketed = lsoa.loc[lsoa["pocket_id"].ne("") & lsoa["pocket_id"].notna(), "lad_code"].unique()
    named = [
        pocket_names(lsoa.loc[codes, "pocket_id"], places.loc[codes])
        for borough, codes in lsoa.groupby("lad_code").groups.items()
        if borough in pocketed
    ]
    nothing = pd.Series(index=pd.Index([], dtype="str"), dtype="str", name="name")
    found: pd.Series = pd.concat(named or [nothing])
    return found.rename_axis("pocket_id")
