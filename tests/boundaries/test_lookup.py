"""Every LSOA has its place, and every MSOA the name people use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from boundaries.lookup import build_lookup, district_names
from geo.errors import CodeError

BY_LSOA = pd.DataFrame(
    {
        "area_name": ["Northmere 002A", "Northmere 001A", "Westholt 001A"],
        "msoa_code": ["E02900002", "E02900001", "E02900003"],
        "lad_code": ["E06900002", "E06900002", "E06900001"],
        "lad_name": ["St. Northmere", "St. Northmere", "Westholt, City of"],
    },
    index=pd.Index(["E01900002", "E01900001", "E01900003"], name="area_code"),
)
BY_MSOA = pd.DataFrame(
    {"hcl_name": ["Quay & Priory", "Mill Lane", "Old Port"]},
    index=pd.Index(["E02900001", "E02900002", "E02900003"], name="area_code"),
)


def test_places_and_names_come_together_in_order_of_code():
    lookup = build_lookup(BY_LSOA, BY_MSOA)
    assert lookup.index.tolist() == ["E01900001", "E01900002", "E01900003"]
    assert lookup.loc["E01900001"].to_dict() == {
        "area_name": "Northmere 001A",
        "msoa_code": "E02900001",
        "msoa_name": "Quay & Priory",
        "lad_code": "E06900002",
        "lad_name": "St Northmere",
    }
    assert lookup["lad_name"].tolist() == ["St Northmere", "St Northmere", "Westholt"]


def test_the_order_of_the_files_does_not_matter():
    turned = build_lookup(BY_LSOA.iloc[::-1], BY_MSOA.iloc[[1, 2, 0]])
    pd.testing.assert_frame_equal(turned, build_lookup(BY_LSOA, BY_MSOA))


def test_districts_are_sorted_by_code():
    names = district_names(build_lookup(BY_LSOA, BY_MSOA))
    assert names.to_dict() == {"E06900001": "Westholt", "E06900002": "St Northmere"}
    assert names.index.is_monotonic_increasing


def test_an_msoa_without_a_name_is_refused():
    with pytest.raises(CodeError) as caught:
        build_lookup(BY_LSOA, BY_MSOA.drop("E02900003"))
    assert caught.value.found == "E02900003"
    assert "same year" in caught.value.do


def test_an_msoa_in_two_districts_is_refused():
    broken = BY_LSOA.assign(msoa_code="E02900001")
    with pytest.raises(CodeError, match=r"1 MSOAs lie in more than one district.*E02900001"):
        build_lookup(broken, BY_MSOA)


@pytest.mark.parametrize("column", ["msoa_code", "lad_code", "lad_name"])
def test_an_lsoa_without_its_place_is_refused(column):
    broken = BY_LSOA.copy()
    broken.loc["E01900003", column] = np.nan
    with pytest.raises(CodeError, match=r"1 LSOAs are not placed whole.*gaps at E01900003"):
        build_lookup(broken, BY_MSOA)
