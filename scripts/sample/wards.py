"""Wards of the sample: bands of small areas from west to east, each cut from south to north."""

from __future__ import annotations

import pandas as pd

from scripts.sample.places import NORTHMERE, WESTHOLT

_BANDS = 3
"""How many wards lie over one another, from south to north."""
NAMES = {
    NORTHMERE.code: (
        "Anchorage", "Beaconside", "Chantry Field", "Drovers End", "Fishergate", "Gorsebank",
        "Harbour", "Kilnbarrow", "Lampwick", "Millrace", "Netherway", "Osierbed",
    ),
    WESTHOLT.code: (
        "Barleymow", "Cloverley", "Duckpool", "Eastgarth", "Furzedown", "Heronsgate",
        "Larchwood", "Meadowside", "Northgarth", "Orchardleigh", "Plumstone", "Quarrybank",
    ),
}  # fmt: skip


def ward_of(lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return ward_code and ward_name of every LSOA, of equal numbers of LSOAs in each borough.

    ``lsoa`` has lad_code, easting and northing.
    """
    found = []
    for number, (borough, names) in enumerate(NAMES.items()):
        own = lsoa[lsoa["lad_code"] == borough]
        across = _share(own["easting"], len(names) // _BANDS)
        up = own["northing"].groupby(across).transform(lambda band: _share(band, _BANDS))
        ward = across * _BANDS + up.astype("int64")
        codes = [f"E05900{100 * number + one + 1:03d}" for one in ward]
        table = {"ward_code": codes, "ward_name": [names[one] for one in ward]}
        found.append(pd.DataFrame(table, index=own.index))
    return pd.concat(found).reindex(lsoa.index)


def _share(along: pd.Series, parts: int) -> pd.Series:
    """Share places out along a line into parts of equal numbers, from 0."""
    return (along.rank(method="first") - 1).astype("int64") * parts // len(along)
