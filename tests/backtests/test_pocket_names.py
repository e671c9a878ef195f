"""Names of all pockets of England, in both editions, against who lives where."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.tables.read import read_table
from layers.borough.country import Country
from layers.findings.names import names_of
from layers.findings.overlap import overlap_columns
from layers.findings.pockets import Choice, members_of, split_of
from layers.wards import ward_names, wards
from tests.named import END, require_true_names

NINE = (
    "E06000006", "E06000007", "E06000049", "E06000050", "E08000011", "E08000012", "E08000013",
    "E08000014", "E08000015",
)  # fmt: skip
EDITIONS = [
    pytest.param("official", 1104, 72, marks=pytest.mark.real),
    pytest.param("official_2025", 1123, 71, marks=pytest.mark.real),
]
KNOWN = {
    "E08000011-E01006436": "Part of Knowsley Village & Southdene / part of Kirkby South East"
    " (Northwood ward)",
    "E08000011-E01006417": "Part of Knowsley Village & Southdene / part of Kirkby South East"
    " (Cherryfield ward)",
    "E08000011-E01006413": "Stockbridge Village",
    "E06000049-E01018445": "Part of Crewe Gresty Road / part of Crewe Mill Street & College",
}
"""Of edition 2019, found by hand in the lookups of MSOAs and wards."""


@pytest.mark.parametrize(("files", "pockets", "nine"), EDITIONS)
def test_all_pockets_of_england(files, pockets, nine, request):
    country = Country(files=request.getfixturevalue(files))
    edition, lsoa = country.edition, country.tables.lsoa
    seen = lsoa.join(overlap_columns(edition, lsoa))
    parts = split_of(edition, seen, country.ground.graph("lsoa"), Choice())
    lsoa = lsoa.assign(pocket_id=members_of(parts, lsoa))
    names = names_of(lsoa, ward_names(country.files))
    assert (len(names), int(names.index.str[:9].isin(NINE).sum())) == (pockets, nine)
    require_true_names(names, lsoa)
    told = names.str.extract(END)["ward"].dropna()
    ward = wards(country.files)["ward_name"].reindex(lsoa.index)
    assert len(told) > 20
    for pocket, name in told.items():
        assert name in set(ward[lsoa["pocket_id"] == pocket])
    if edition.id == "2019":
        assert names[[*KNOWN]].to_dict() == KNOWN


@pytest.mark.real
def test_names_of_msoas_can_be_joined(official_file):
    for key in ("msoa_2011_names", "msoa_2021_names"):
        names: pd.Series = read_table(*official_file(key), "main")["hcl_name"]
        assert not names.str.contains("/").any()
        assert not names.str.lower().str.startswith("part of ").any()
        assert names.str.contains(" & ").any()
