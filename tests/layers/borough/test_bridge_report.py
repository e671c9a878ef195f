"""What was carried from areas of another census: counted by kind of link, on invented areas."""

from __future__ import annotations

import pandas as pd

from layers.borough.bridge_report import carried_of, links_by_place, links_of
from layers.layer import edition
from tests.invented_families import linked

PM25 = edition("2025").layer("pm25_2021_23")


def test_links_and_families_are_counted_by_letter():
    lsoa = linked("u-u v-v s-s1 s-s2 m1-m m2-m x1-x3 x1-x4 x2-x4")
    msoa = linked("a-a b-b1 b-b2")
    found = links_of(lsoa, msoa)
    assert found.index.tolist() == ["U", "S", "M", "X"]
    assert found["lsoa_links"].tolist() == [2, 2, 2, 3]
    assert found["lsoa_families"].tolist() == [2, 1, 1, 1]
    assert found["msoa_links"].tolist() == [1, 2, 0, 0]
    assert found["msoa_families"].tolist() == [1, 1, 0, 0]


def test_links_are_counted_where_their_new_areas_lie():
    places = pd.Series({"u": "A", "s1": "A", "s2": "B", "m": "B"})
    found = links_by_place(linked("u-u s-s1 s-s2 m1-m m2-m"), places)
    assert found.to_dict("index") == {
        "A": {"U": 1, "S": 1, "M": 0, "X": 0},
        "B": {"U": 0, "S": 1, "M": 2, "X": 0},
    }


def test_estimates_are_of_the_areas_with_a_value_and_of_the_people_there():
    areas = pd.DataFrame(
        {
            PM25.value: [7.0, 8.0, 8.0, 9.0, None],
            PM25.link: ["U", "S", "S", "M", "S"],
            PM25.estimated: [False, True, True, True, True],
            "population": [500, 200, 200, 100, 700],
        }
    )
    assert carried_of(PM25, areas) == {
        "areas": 4,
        "unchanged": 1,
        "parts": 2,
        "merged": 1,
        "estimated": 3,
        "people_pct": 50.0,
    }


def test_an_edition_of_one_census_has_no_bridge_to_report(country):
    assert country.bridge is None
