"""A neighbourhood is found by what people type for it, and never by guess."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.msoa_names import find_msoa
from geo.errors import AreaError

MSOAS = pd.DataFrame(
    [
        ("E02001352", "Kirkdale North", "Liverpool"),
        ("E02001400", "St Paul's", "Wirral"),
        ("E02002000", "Victoria Park", "Leicester"),
        ("E02002001", "Victoria Park", "Manchester"),
        ("E02002002", "Croft, Manor & Dene", "Halton"),
    ],
    columns=["area_code", "area_name", "lad_name"],
).set_index("area_code")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("E02001352", "E02001352"),
        (" e0200 1352\t", "E02001352"),
        ("kirkdale  NORTH", "E02001352"),
        ("Kirkdale-North", "E02001352"),
        ("Kirkdale North, Liverpool", "E02001352"),
        ("Saint Paul’s", "E02001400"),
        ("st. pauls", "E02001400"),
        ("Victoria Park, Manchester", "E02002001"),
        ("croft manor and dene", "E02002002"),
    ],
)
def test_a_neighbourhood_is_found_by_code_or_name(text, code):
    assert find_msoa(text, MSOAS) == code


@pytest.mark.parametrize("text", ["", "Kirkdale", "Kirkdale Nort", "Kirkdale North, Wirral", "E02"])
def test_a_part_of_a_name_or_another_district_finds_none(text):
    assert find_msoa(text, MSOAS) is None


def test_a_name_of_several_is_refused_with_each():
    with pytest.raises(
        AreaError, match="“victoria park” is the name of 2 neighbourhoods"
    ) as caught:
        find_msoa("victoria park", MSOAS)
    assert caught.value.found == "Leicester (E02002000), Manchester (E02002001)"
    assert "the district after the name" in caught.value.do
