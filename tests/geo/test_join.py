"""A join tells what was matched, and refuses what does not fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CodeError
from geo.join import join_values

CODES = ["E01900001", "E01900002", "E01900003", "E01900004"]


def areas(codes=CODES):
    return pd.DataFrame({"area_name": [code[-1] for code in codes]}, index=pd.Index(codes))


def values(codes=CODES):
    return pd.DataFrame({"pct": [float(code[-1]) for code in codes]}, index=pd.Index(codes))


def test_values_lie_beside_their_areas_whatever_their_order():
    joined, report = join_values(areas(), values(CODES[::-1]), name="a")
    assert joined["pct"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert joined.index.tolist() == CODES
    assert (report.matched, report.missing, report.extra) == (4, (), ())


def test_what_is_left_over_is_counted_listed_and_missing():
    joined, report = join_values(
        areas(), values([*CODES[:3], "E01900009"]), name="fuel poverty", tolerance=0.25
    )
    assert np.isnan(joined.loc["E01900004", "pct"])
    assert report.row() == {
        "what": "fuel poverty",
        "matched": 3,
        "missing": 1,
        "extra": 1,
        "missing_codes": "E01900004",
        "extra_codes": "E01900009",
    }


@pytest.mark.parametrize(("ours", "theirs"), [(CODES, CODES[:3]), (CODES[:3], CODES)])
def test_one_code_too_many_on_either_side_is_refused(ours, theirs):
    with pytest.raises(CodeError) as caught:
        join_values(areas(ours), values(theirs), name="fuel poverty")
    said = str(caught.value)
    assert "Where: fuel poverty" in said
    assert "E01900004" in said
    assert "LSOA 2011 or LSOA 2021" in said


def test_the_tolerance_is_a_share_of_either_side():
    join_values(areas(), values(CODES[:3]), name="a", tolerance=0.25)
    with pytest.raises(CodeError, match=r"tolerance 24\.0%"):
        join_values(areas(), values(CODES[:3]), name="a", tolerance=0.24)


@pytest.mark.parametrize("side", ["areas", "values"])
def test_repeated_codes_are_refused_on_either_side(side):
    twice = [*CODES, CODES[0]]
    frames = {"areas": areas(), "values": values()}
    frames[side] = (areas if side == "areas" else values)(twice)
    with pytest.raises(CodeError, match=f"more than once.*a, {side}.*E01900001"):
        join_values(frames["areas"], frames["values"], name="a")


def test_a_column_of_both_sides_is_refused():
    with pytest.raises(CodeError, match=r"share columns.*area_name"):
        join_values(areas(), areas(), name="a")


def test_nothing_joined_to_nothing_is_nothing():
    joined, report = join_values(areas([]), values([]), name="a")
    assert list(joined.columns) == ["area_name", "pct"]
    assert report.matched == 0


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(CODES)))
def test_every_code_is_matched_missing_or_extra(ours, theirs):
    joined, report = join_values(
        areas(sorted(ours)), values(sorted(theirs)), name="a", tolerance=1.0
    )
    assert set(report.missing) == ours - theirs
    assert set(report.extra) == theirs - ours
    assert report.matched == len(ours & theirs)
    assert joined["pct"].notna().sum() == report.matched
    assert list(joined.index) == sorted(ours)
