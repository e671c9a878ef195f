"""The page on what was carried from areas of another census, from an invented report."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest

from geo.space.apportion import bridge_counts
from geo.space.conservation import conserve
from layers.borough.bridge_report import BridgeReport, links_by_place, links_of
from layers.layer import edition
from maps.site.about import PAGES, About, about_pages
from maps.site.bridge_page import bridge_told, conserved
from tests.invented_families import linked

EDITION = edition("2025")
FAMILIES = linked("u-u s-s1 s-s2 x1-x3 x1-x4 x2-x4")
PEOPLE = pd.Series({"u": 1000, "s": 3000, "x1": 600, "x2": 400})
TODAY = pd.Series({"u": 1500, "s1": 300, "s2": 900, "x3": 100, "x4": 400})
HOME = pd.Series({"u": "A", "s1": "A", "s2": "A", "x3": "A", "x4": "B"})


@pytest.fixture
def report():
    after = bridge_counts(FAMILIES, PEOPLE.to_frame("people"), TODAY)["people"]
    before = pd.Series({"u": "A", "s": "A", "x1": "A", "x2": "B"})
    carried = {"areas": 5, "unchanged": 1, "parts": 4, "merged": 0, "estimated": 4}
    deaths = {"own": 114_819, "families": 1_759, "districts": 116_485, "all": 116_578}
    return BridgeReport(
        vintage=2011,
        year=2015,
        links=links_of(FAMILIES, FAMILIES),
        carried=pd.DataFrame({"pm25_2021_23": carried | {"people_pct": 53.1}}).T,
        people=conserve(FAMILIES, PEOPLE, after, places_before=before, places_after=HOME),
        counts=pd.DataFrame({"covid_2020_21": deaths}).T,
        across=pd.DataFrame(
            {"places": ["Westholt and Northmere"], "covid_2020_21": [93.0]}, index=["E02999999"]
        ),
        districts=links_by_place(FAMILIES, HOME),
        names={"A": "Westholt", "B": "Northmere"},
    )


def test_the_page_tells_what_was_carried_estimated_and_conserved(report):
    about = About(edition=EDITION, place="Westholt", sources=(), bridge=report)
    pages = about_pages(about)
    assert [*pages] == [*PAGES, "bridge"]
    for name, page in pages.items():
        assert "From the areas of 2011" in page
        assert ('href="bridge.html"' in page) == (name != "bridge")
    said = " ".join(re.sub(r"<[^>]+>", " ", pages["bridge"]).split())
    assert "S, one split into several 2 1 2 1" in said
    assert "Fine particles in the air (PM2.5) 5 LSOAs 1 0 4 4 53%" in said
    assert "x1 Westholt 600.00 200.00 −400.00 x1 Northmere 400.00 800.00 +400.00" in said
    assert "E02999999 Westholt and Northmere 93" in said
    assert (
        "Of 116,578 deaths in England, 114,819 are those of MSOAs that have deaths of their own,"
        " and 1,759 of former ones that are divided. Districts hold 116,485; 93 belong to no single"
        " one."
    ) in said


def test_what_is_conserved_is_said_and_what_is_not_is_named(report):
    assert conserved(report, "England") == (
        "The 5,000 people of mid-2015 are 5,000 when they are carried, 80% of them divided by the"
        " people of today between the parts of former areas. Each of 3 families keeps its own, and"
        " so does England; so does every district but those named below."
    )
    families = report.people.families.copy()
    families.loc["s", "difference"] = 1.0
    lost = dataclasses.replace(report.people, families=families)
    said = conserved(dataclasses.replace(report, people=lost), "England")
    assert said.endswith("Not conserved: s.")
    assert "keeps its own" not in said


def test_a_build_of_one_census_has_no_such_page():
    pages = about_pages(About(edition=edition("2019"), place="Westholt", sources=()))
    assert [*pages] == [*PAGES]
    assert not any("bridge.html" in page for page in pages.values())


def test_links_of_every_kind_are_explained(report):
    told = bridge_told(report, EDITION, {})
    assert [row["kind"][0] for row in told["links"]] == ["U", "S", "M", "X"]
    assert told["built"] == []


def test_the_boroughs_of_the_build_are_told_apart_and_together(report):
    told = bridge_told(report, EDITION, {"A": "Westholt", "B": "Northmere"})
    assert [[row[key] for key in ("name", *"USMX")] for row in told["built"]] == [
        ["Westholt", "1", "2", "0", "1"],
        ["Northmere", "0", "0", "0", "2"],
        ["All of these", "1", "2", "0", "3"],
    ]
    assert len(bridge_told(report, EDITION, {"A": "Westholt"})["built"]) == 1
