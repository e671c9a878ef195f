"""How sure the pockets are, on a borough's page: broken outlines, the view, the panel."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from maps.page.borough import borough_page
from tests.browser.conftest import LINKS

pytestmark = pytest.mark.browser


def test_an_outline_is_broken_along_small_areas_that_hang_on_choices(visit, invented_borough):
    page = visit()
    drawn = page.evaluate(
        "[...document.querySelectorAll('path.rim')].map(line =>"
        " [line.classList.contains('broken'), line.getAttribute('stroke-dasharray'),"
        " line.getTotalLength() > 20])"
    )
    count = len(invented_borough.pockets)
    assert [broken for broken, _, _ in drawn] == [False] * count + [True] * count
    assert {dashes for broken, dashes, _ in drawn if broken} == {"8 5"}
    assert {dashes for broken, dashes, _ in drawn if not broken} == {None}
    memberships = invented_borough.lsoa.groupby("pocket_id")["membership"].agg(set)
    for pocket, (_, _, long) in zip(
        invented_borough.pockets.sort_values("number").index, drawn[count:], strict=True
    ):
        assert long == bool(memberships[pocket] & {"edge", "doubtful"})


def test_the_view_says_which_neighbourhoods_are_core(visit, invented_borough):
    page = visit()
    page.check("input[name=layer][value=sure]")
    words = invented_borough.lsoa["membership"]
    shown = {
        row.locator(".legend-label").inner_text(): int(
            row.locator(".legend-count").inner_text().split()[0]
        )
        for row in page.locator("#legend .classes li").all()
    }
    assert shown == {
        "Core of its pocket": (words == "core").sum(),
        "On its edge": (words == "edge").sum(),
        "Doubtful": (words == "doubtful").sum(),
        "In no pocket": (words == "").sum(),
    }
    assert "are core" in page.inner_text("#caption")
    assert page.is_disabled("input[name=compare][value=borough]")
    assert page.inner_text("#compare-fixed").startswith("How sure the pockets are is counted over")
    assert page.evaluate("location.hash").startswith("#layer=sure")
    with page.expect_download() as saved:
        page.click("#table .download")
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    shares = invented_borough.lsoa["membership_share"]
    for row in rows:
        share = shares[row["area_code"]]
        said = row["share_of_ways_in_its_pocket_pct"]
        assert said == ("" if share != share else str(round(100 * share)))


def test_the_panel_says_three_kinds_of_evidence_apart(visit, invented_borough):
    key = invented_borough.pockets.sort_values("number").index[0]
    page = visit(address=f"#place={key}")
    text = page.inner_text("#selection")
    assert "It came back in 87% of 200 reasonable ways of counting" in text
    assert "3 of 4 other rules find it too." in text
    assert "with 41% of its people, lie in a significant cluster" in text
    code = invented_borough.lsoa.index[invented_borough.lsoa["membership"] == "doubtful"][0]
    page = visit(address=f"#place={code}")
    assert "Doubtful: with it in 30% of reasonable ways" in page.inner_text("#selection")


def test_a_single_neighbourhood_is_outlined_and_chosen_from_its_list(visit, site, invented_borough):
    lsoa = invented_borough.lsoa
    code = lsoa.index[lsoa["pocket_id"] == ""][0]
    borough = replace(invented_borough, lsoa=lsoa.assign(single=lsoa.index == code))
    page = borough_page(borough, links=LINKS)
    (site / "single.html").write_text(page, encoding="utf-8", newline="\n")
    page = visit("single")
    assert page.locator("path.single").count() == 1
    page.click(f".alone button[value={code}]")
    assert f"place={code}" in page.evaluate("location.hash")
    assert "it meets the rule of pockets, and belongs to none" in page.inner_text("#selection")
