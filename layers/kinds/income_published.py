"""How clustered income deprivation is within districts: as ONS printed it, and worked out here.

The published figures are of 316 districts, by neighbours that may be other than ours: of an LSOA,
all of its district that share a boundary or a corner with it, counted alike. Ours lie within 0.015
of nine of nine.
"""

from __future__ import annotations

from geo.stats.clusters import global_moran
from layers.kinds.published import Evidence, Published

_WITHIN = 0.015
_PRINTED = {
    "Cheshire East": "0.28",
    "Cheshire West and Chester": "0.38",
    "Halton": "0.31",
    "Knowsley": "0.44",
    "Liverpool": "0.65",
    "Sefton": "0.68",
    "St Helens": "0.36",
    "Warrington": "0.53",
    "Wirral": "0.63",
}


def _ours(evidence: Evidence) -> list[str]:
    lsoa, graph = evidence.lsoa, evidence.ground.graph("lsoa")
    shares = {
        name: lsoa.loc[lsoa["lad_name"] == name, "imd_2019_income_score"] for name in _PRINTED
    }
    found = (global_moran(own, graph)["moran_i"] for own in shares.values())
    return [f"{moran:.3f}" for moran in found]


INCOME_MORAN_2019 = Published(
    edition="2019",
    source="ONS, Exploring local income deprivation (2021): Moran's I of 316 local authorities,"
    f" data of 2019; ours of LSOAs that touch, held to within {_WITHIN}",
    figures={
        f"Moran's I of income deprivation, {name}": printed for name, printed in _PRINTED.items()
    },
    ours=_ours,
    within=_WITHIN,
)
