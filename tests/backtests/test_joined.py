"""Joined pockets on the official files."""

from __future__ import annotations

import pytest

from boundaries.names import places

pytestmark = pytest.mark.real


def test_pockets_that_touch_another_are_those_that_the_methods_state(country):
    members = country.joined_members
    nine = members["lad_code"].isin(places(country.ground.districts)["cheshire-merseyside"].codes)
    assert (len(members), members["joined_pocket"].nunique()) == (111, 35)
    assert (nine.sum(), members.loc[nine, "joined_pocket"].nunique()) == (18, 4)
    assert members.groupby("joined_pocket")["population"].sum()[LARGEST] == 89_801


LARGEST = "joined-E08000012-E01006558"
