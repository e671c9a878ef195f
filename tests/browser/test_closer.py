"""Where pockets fill little of the frame, the page leads closer to them; names never meet."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from maps.page.borough import borough_page

pytestmark = pytest.mark.browser

LABELS = ".name:not([hidden]), .leaflet-names-pane .badge"
NAMES = """labels => [...document.querySelectorAll(labels)].map(each => {
        const { left, top, right, bottom } = each.getBoundingClientRect();
        return [each.textContent, left, top, right, bottom];
    })"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory, invented_borough):
    """Pages of a borough whose pockets are so much of the box around it."""
    folder = tmp_path_factory.mktemp("filled")
    west, south, east, north = invented_borough.lsoa.total_bounds
    box_km2 = (east - west) * (north - south) / 1e6

    def made(share):
        each = share * box_km2 / len(invented_borough.pockets)
        pockets = invented_borough.pockets.assign(area_km2=each)
        path = folder / f"{share}.html"
        page = borough_page(replace(invented_borough, pockets=pockets))
        path.write_text(page, encoding="utf-8", newline="\n")
        return path

    return made


@pytest.mark.parametrize(("share", "shown"), [(0.01, True), (0.04, False)])
def test_the_way_closer_is_there_where_pockets_fill_under_a_fiftieth(visit, filled, share, shown):
    page = visit(filled(share))
    assert page.is_visible("#zoom-pockets") == shown
    assert page.get_by_role("button", name="Zoom to the pockets").count() == 2 * shown


def apart(page):
    """How many pixels there are between the numbers of the two pockets, in sight or not."""
    (_, *one), (_, *other) = page.evaluate(NAMES, ".leaflet-names-pane .badge")
    return math.dist(one[:2], other[:2])


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_it_brings_each_group_of_pockets_closer_in_turn_and_says_which(visit, filled, size, until):
    page = visit(filled(0.01), size=size, reduced_motion="reduce")
    before, seen = apart(page), set()
    for _ in range(2):
        page.click("#zoom-pockets")
        until(page, "location.hash.includes('view=')")
        said = page.inner_text("#said")
        assert said.startswith("Pocket")
        seen |= {number for number in "12" if number in said.split(":")[0]}
        assert apart(page) > 1.3 * before
    assert seen == {"1", "2"}


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("zooms", [0, 1, 2, 4])
def test_names_and_numbers_never_meet_at_any_zoom(visit, sample_site, size, zooms):
    page = visit(sample_site / "northmere" / "index.html", size=size, reduced_motion="reduce")
    for _ in range(zooms):
        page.click("#zoom-in")
        page.wait_for_timeout(60)
    found = page.evaluate(NAMES, LABELS)
    # further in, the middle of the map may lie in one place whose name stands beside it
    assert zooms > 1 or any(text and not text.isdigit() for text, *_ in found)
    for number, (one, left, top, right, bottom) in enumerate(found):
        for other, *box in found[number + 1 :]:
            apart = (
                right <= box[0] + 1
                or left >= box[2] - 1
                or bottom <= box[1] + 2
                or top >= box[3] - 2
            )
            assert apart, (one, other)
