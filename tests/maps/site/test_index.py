"""The page of all boroughs: a map and a table that open each, with the numbers of the tables."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.borough.region import districts_table
from maps.site.index import index_page, summary_columns, worst_tenth
from maps.svg.index_map import index_map
from maps.words.of_regions import pockets_together


@pytest.fixture(scope="module")
def boroughs(invent):
    first = invent()
    moved = {
        name: getattr(first, name).set_geometry(getattr(first, name).translate(xoff=2500))
        for name in ("lsoa", "msoa", "pockets", "surroundings")
    }
    moved["pockets"] = moved["pockets"].iloc[:1]
    district = first.district.copy()
    district["imd_2019_worst_tenth_pct"] = 44.0
    second = dataclasses.replace(
        first,
        **moved,
        code="E06900002",
        name="Westholt",
        district=district,
    )
    return [second, first]


FOLDERS = {"E06900001": "northmere", "E06900002": "westholt"}


@pytest.fixture(scope="module")
def page(boroughs):
    return index_page(boroughs, FOLDERS)


def rows_of(page):
    body = re.search(r'<tbody id="rows">(.*?)</tbody>', page, re.DOTALL)[1]
    return [
        re.findall(r"<t[hd][^>]*>(?:<a[^>]*>)?([^<]*)", row)
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def test_one_row_a_borough_in_the_order_of_names_whatever_the_order_given(page, boroughs):
    assert [row[0] for row in rows_of(page)] == ["Northmere", "Westholt"]
    assert index_page(boroughs[::-1], FOLDERS) == page


def test_cells_are_the_numbers_of_the_tables(page, boroughs):
    columns = [
        column for column in summary_columns(boroughs[0]) if column.key in districts_table(boroughs)
    ]
    row = dict(zip([column.key for column in columns], rows_of(page)[0][1:], strict=True))
    northmere = boroughs[1]
    people = northmere.lsoa["population"].sum()
    inside = northmere.pockets["population"].sum()
    assert row["population"] == f"{people:,}"
    assert row["lsoa_count"] == "25"
    assert row["pockets"] == "2"
    assert row["people_in_pockets"] == f"{inside:,}"
    assert row["people_in_pockets_pct"] == f"{100 * inside / people:.0f}%"
    own = northmere.district
    outside = own["imd_2019_income_people_outside_pockets"]
    assert row["imd_2019_income_people_outside_pockets"] == f"{outside:,.0f}"
    share = 100 * outside / own["imd_2019_income_people"]
    assert row["imd_2019_income_people_outside_pockets_pct"] == f"{share:.0f}%"
    assert row["imd_2019_income_score"] == f"{100 * own['imd_2019_income_score']:.1f}%"
    assert row["imd_2019_worst_tenth_pct"] == "12.0%"
    assert row["imd_2019_extent_pct"] == "31.5%"
    assert row["fuel_poverty_2020_pct"] == f"{northmere.lsoa['fuel_poverty_2020_pct'].mean():.1f}%"
    assert row["covid_2020_21_ratio"] == f"{northmere.lsoa['covid_2020_21_ratio'].mean():.2f}"


def test_england_stands_below_with_its_own_values(page, boroughs):
    foot = re.search(r"<tfoot>(.*?)</tfoot>", page, re.DOTALL)[1]
    assert ">The sample</th>" in foot
    assert "<td>10.0%</td><td>20.0%</td>" in foot
    assert f"<td>{boroughs[0].england['fuel_poverty_2020']:.1f}%</td>" in foot


def test_map_and_table_open_each_borough(page):
    assert page.count('href="northmere/index.html"') == 2
    assert page.count('href="westholt/index.html"') == 2
    assert 'aria-label="Westholt: 40% or more"' in page


def test_map_fills_are_those_of_the_classes(boroughs):
    districts = districts_table(boroughs)
    found = worst_tenth(boroughs[0].edition, districts)
    drawn = index_map(boroughs, FOLDERS, found)
    assert {shape.name: shape.fill for shape in drawn.shapes} == {
        borough.name: found.colours[borough.code] for borough in boroughs
    }
    assert found.labels.to_dict() == {"E06900001": "10% to 20%", "E06900002": "40% or more"}
    assert all(
        0 < shape.at[0] < drawn.width and 0 < shape.at[1] < drawn.height for shape in drawn.shapes
    )


def corners(ring):
    """The corners of a ring of a path, which after the first are written as steps."""
    start, steps = ring.removeprefix("M").split("l")
    numbers = [float(number) for number in f"{start} {steps}".split()]
    return np.cumsum(np.reshape(numbers, (-1, 2)), axis=0)


def test_boroughs_keep_their_places_side_by_side(boroughs):
    drawn = index_map(sorted(boroughs, key=lambda each: each.name), FOLDERS, None)
    rings = [
        [corner for ring in shape.path.split("z")[:-1] for corner in corners(ring)]
        for shape in drawn.shapes
    ]
    assert len(rings[0]) > 4
    assert min(x for x, _ in rings[1]) < max(x for x, _ in rings[0]) + 1


def test_names_on_the_map_do_not_cover_each_other(boroughs):
    drawn = index_map(boroughs, FOLDERS, None)
    boxes = [
        shapely.box(
            shape.at[0] - 4 * len(shape.name),
            shape.at[1] - 9,
            shape.at[0] + 4 * len(shape.name),
            shape.at[1] + 9,
        )
        for shape in drawn.shapes
        if shape.named
    ]
    assert len(boxes) == 2
    assert not boxes[0].intersects(boxes[1])


def test_sentence_counts_pockets_and_people(boroughs):
    districts = districts_table(boroughs)
    people = int(districts["people_in_pockets"].sum())
    assert pockets_together(boroughs, districts) == (
        f"The 2 boroughs have 3 pockets of deprivation, in which {people:,} people live (mid-2015)."
    )
    none = [dataclasses.replace(borough, pockets=borough.pockets.iloc[:0]) for borough in boroughs]
    assert "The 2 boroughs have no pocket of deprivation" in pockets_together(
        none, districts_table(none)
    )


def test_columns_that_are_not_there_yet_are_left_out(boroughs):
    early = [
        dataclasses.replace(borough, district=borough.district.drop("imd_2019_worst_tenth_pct"))
        for borough in boroughs
    ]
    page = index_page(early, FOLDERS)
    assert "In the most deprived tenth" not in page
    assert 'aria-label="Westholt"' in page


def test_missing_values_are_dashes_not_zeros(boroughs):
    district = boroughs[1].district.copy()
    district["fuel_poverty_2020_pct"] = np.nan
    page = index_page([dataclasses.replace(boroughs[1], district=district)], FOLDERS)
    assert '<td data-value="">–</td>' in page
    assert "nan" not in page[page.index("<tbody") : page.index("</tbody>")]


def test_fiction_is_said_and_names_are_texts(page, invent):
    assert "Northmere and Westholt does not exist" in page
    nasty = index_page([invent(nasty=True)], FOLDERS)
    assert "<b>Bold</b>" not in nasty
    assert nasty.count("<script") == 1
    assert "default-src &#39;none&#39;" in nasty


def test_small_areas_in_no_pocket_are_counted_in_the_headline_and_the_rows(boroughs):
    counts = {"single_lsoas": 2, "people_in_single_lsoas": 3076, "hidden_lsoas": 5}
    alone = [
        dataclasses.replace(each, district=pd.concat([each.district, pd.Series(counts)]))
        for each in boroughs
    ]
    page = index_page(alone, FOLDERS)
    assert "people live (mid-2015), and 4 single small areas (6,152 people)." in page
    table = districts_table(alone)
    columns = [column.key for column in summary_columns(alone[0]) if column.key in table]
    row = dict(zip(columns, rows_of(page)[0][1:], strict=True))
    assert (row["single_lsoas"], row["hidden_lsoas"]) == ("2", "5")
    bare = [dataclasses.replace(each, pockets=each.pockets.iloc[:0]) for each in alone]
    assert "They have 4 single small areas (6,152 people)." in index_page(bare, FOLDERS)
    one = pockets_together(alone[1:], districts_table(alone[1:]))
    assert one.endswith("and 2 single small areas (3,076 people).")
