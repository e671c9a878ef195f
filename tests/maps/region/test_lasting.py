"""Boroughs side by side over the editions, on an invented borough beside another."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from layers.borough.with_change import change_together
from maps.region.lasting import lasting_section
from maps.region.page import SECTIONS
from maps.region.parts import Region
from maps.words.of_change import CANNOT_TELL
from tests.invented import invented
from tests.invented_change import invented_change


@pytest.fixture(scope="module")
def boroughs():
    first = invented_change()
    lsoa = first.lsoa.assign(imd_2025_lasting_tenth=3)
    second = dataclasses.replace(
        first,
        code="E06900002",
        name="Westholt",
        lsoa=lsoa.set_axis([code.replace("E0190", "E0191") for code in lsoa.index]).assign(
            lad_code="E06900002"
        ),
        change=dataclasses.replace(
            first.change, counts=first.change.counts.assign(lad_code="E06900002")
        ),
    )
    return [first, second]


def region(boroughs):
    """Put boroughs side by side, as far as this section looks at them."""
    one = dataclasses.replace(
        boroughs[0],
        lsoa=pd.concat([borough.lsoa for borough in boroughs]),
        change=change_together(boroughs),
    )
    return Region(
        boroughs=tuple(boroughs),
        one=one,
        districts=pd.DataFrame(),
        fuel=pd.DataFrame(),
        folders={borough.code: borough.name.lower() for borough in boroughs},
        linked=("pages",),
    )


def test_each_borough_has_its_counts_and_all_together_their_sum(boroughs):
    section = lasting_section(region(boroughs))
    rows = {row.name: list(row.cells) for row in section.tables[0].rows}
    people = f"{boroughs[1].lsoa['population'].sum():,}"
    assert rows["Northmere"] == ["0", "5", "3", "0", "0", "0.0%"]
    assert rows["Westholt"] == ["0", "5", "3", "25", people, "100.0%"]
    assert rows["Northmere and Westholt"] == ["0", "10", "6", "25", people, "50.0%"]
    assert section.finding.startswith(f"{people} people (mid-2022), 50% of all, live in")
    assert CANNOT_TELL in section.notes
    assert len(section.charts) == 1


def test_where_nothing_has_lasted_there_is_nothing_to_draw(boroughs):
    section = lasting_section(region(boroughs[:1]))
    assert section.charts == []
    assert section.finding.startswith("None of their small areas (LSOAs) was in the most")


def test_it_is_a_section_of_the_page_and_not_of_an_edition_without_earlier_ones():
    assert lasting_section in SECTIONS
    assert lasting_section(region([invented()])) is None
