"""What can be pressed on the map, with a mouse and with a finger: it selects, and only once."""

from __future__ import annotations

import re

import pytest
import shapely

pytestmark = pytest.mark.browser

WATCH = """() => {
    if (window.heard) { window.heard.length = 0; return; }
    window.heard = [];
    new MutationObserver(() => window.heard.push(document.getElementById('said').textContent))
        .observe(document.getElementById('said'), { childList: true, characterData: true });
}"""

AT_REST = """() => new Promise(resolve => {
    let [last, still] = [window.scrollY, 0];
    const look = () => {
        still = window.scrollY === last ? still + 1 : 0;
        last = window.scrollY;
        return still > 10 ? resolve() : requestAnimationFrame(look);
    };
    look();
})"""
"""Waits until the page no longer moves, as it does to keep what was pressed clear of the sheet."""

ON_ITS_LINE = """pocket => {
    const line = document.querySelectorAll('path.rim')[pocket];
    const matrix = line.getScreenCTM();
    for (let share = 0; share < 1; share += 0.01) {
        const on = line.getPointAtLength(share * line.getTotalLength());
        const { x, y } = on.matrixTransform(matrix);
        if (document.elementFromPoint(x, y) === line) return [x, y];
    }
}"""

OUTSIDE = """() => {
    const map = document.getElementById('map_borough').getBoundingClientRect();
    for (let across = 20; across < map.width; across += 20) {
        const [x, y] = [map.left + across, map.top + map.height / 2];
        const there = document.elementFromPoint(x, y);
        if (there.id === 'map_borough' || there.closest('.leaflet-overlay-pane')?.contains(there)
            && !there.matches('.area, .rim')) return [x, y];
    }
}"""


def places(page):
    """The pockets' codes and numbers, as the page holds them."""
    return page.evaluate(
        "(({ codes, numbers, names }) => codes.map((code, at) => [code, numbers[at], names[at]]))"
        "(JSON.parse(document.getElementById('data').textContent).places.pocket)"
    )


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn(page, kind):
    """The lines of each path of a kind, as they lie on the screen: a list of lines a path."""
    paths = page.evaluate(
        "kind => [...document.querySelectorAll(kind)].map(path => path.getAttribute('d'))", kind
    )
    point = re.compile(r"(-?[\d.]+)[ ,](-?[\d.]+)")
    return [
        [[(float(x), float(y)) for x, y in point.findall(line)] for line in path.split("M")[1:]]
        for path in paths
    ]


def test_a_pocket_is_drawn_by_the_border_around_it_and_no_line_inside(visit, invented_borough):
    """Lines on the screen are rounded to pixels, and thinned by as much."""
    borough, page = invented_borough, visit()
    areas = [
        shapely.MultiPolygon([(ring, []) for ring in path]) for path in drawn(page, "path.area")
    ]
    own = dict(zip(borough.lsoa.index, areas, strict=True))
    firm, broken = (
        [shapely.MultiLineString(path) for path in drawn(page, f"path.rim{part}")]
        for part in (":not(.broken)", ".broken")
    )
    rims = [one.union(other) for one, other in zip(firm, broken, strict=True)]
    assert len(rims) == len(borough.pockets) == 2
    for code, rim in zip([code for code, *_ in places(page)], rims, strict=True):
        inside = borough.lsoa.index[borough.lsoa["pocket_id"] == code]
        assert len(inside) == 4
        around = shapely.union_all([own[area].buffer(1) for area in inside]).buffer(-1).boundary
        assert rim.buffer(2.5).covers(around)
        assert around.buffer(2.5).covers(rim)


@pytest.fixture(params=["mouse", "finger"])
def pressing(request, visit):
    """A page and how to press a point of it: with the mouse on a desk, with a finger on a phone."""
    if request.param == "mouse":
        page = visit()
        return page, page.mouse.click
    page = visit(size="phone", has_touch=True, is_mobile=True)
    return page, page.touchscreen.tap


def assert_selected_once(page, code, words, entries):
    assert f"place={code}" in page.evaluate("location.hash")
    assert page.evaluate("history.length") == entries + 1
    heard = page.evaluate("window.heard")
    assert len(heard) == 1, heard
    assert heard[0].startswith(words)
    assert page.is_visible("#selection")


def test_each_badge_on_the_map_selects_its_pocket_once(pressing):
    page, press = pressing
    badges = page.locator(".leaflet-names-pane .badge")
    for place, (code, number, name) in enumerate(places(page)):
        page.evaluate(AT_REST)
        page.evaluate(WATCH)
        entries = page.evaluate("history.length")
        press(*middle(badges.nth(place).bounding_box()))
        assert_selected_once(page, code, f"Pocket {number}, {name}.", entries)


def test_each_outline_selects_its_pocket_once(pressing):
    page, press = pressing
    for place, (code, number, name) in enumerate(places(page)):
        page.evaluate(AT_REST)
        point = page.evaluate(ON_ITS_LINE, place)
        page.evaluate(WATCH)
        entries = page.evaluate("history.length")
        press(*point)
        assert_selected_once(page, code, f"Pocket {number}, {name}.", entries)


def test_a_press_beside_the_borough_selects_nothing(pressing):
    page, press = pressing
    press(*middle(page.locator(".leaflet-names-pane .badge").first.bounding_box()))
    page.evaluate(WATCH)
    entries = page.evaluate("history.length")
    press(*page.evaluate(OUTSIDE))
    assert "place=" not in page.evaluate("location.hash")
    assert page.evaluate("history.length") == entries + 1
    assert page.evaluate("window.heard") == ["Nothing is selected."]
    assert page.is_hidden("#selection")


@pytest.mark.parametrize("name", ["northmere", "nasty"])
def test_nothing_that_can_be_pressed_lets_the_map_take_the_click_too(visit, name):
    page = visit(name)
    kept = page.evaluate(
        """[...document.querySelectorAll('#map_borough :is(.badge, .area, .rim)')].map(each => {
            const before = location.hash;
            each.dispatchEvent(new MouseEvent('click', { bubbles: true }));
            return location.hash !== before && location.hash.includes('place=');
        })"""
    )
    # two badges, 25 areas, and two outlines, each of a firm and a broken part
    assert kept == [True] * (2 + 25 + 2 * 2)


BADGES = """() => [...document.querySelectorAll('.leaflet-names-pane .badge')].map(badge => {
    const { x, y } = badge.getBoundingClientRect();
    return [x, y];
})"""
CHOICES = """() => [...document.querySelectorAll('input[name=layer]')].map(input => input.value)"""
DESKTOPS = [(1280, 900), (1366, 768), (1440, 900), (1920, 1080)]


@pytest.mark.parametrize(("width", "height"), DESKTOPS)
@pytest.mark.parametrize("name", ["northmere", "nasty"])
def test_the_map_stays_where_it_is_whatever_is_shown(visit, name, width, height):
    page = visit(name, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(400)
    before = page.evaluate(BADGES)
    assert before
    for layer in page.evaluate(CHOICES):
        for frame in ("england", "borough"):
            page.evaluate(f"location.hash = 'layer={layer}&compare={frame}'")
            page.wait_for_function(f"location.hash.includes('layer={layer}')")
            page.wait_for_timeout(60)
            assert page.evaluate(BADGES) == before, (layer, frame)


@pytest.mark.parametrize(
    ("width", "height"), [*DESKTOPS, (1120, 620), (1280, 640), (390, 844), (320, 568)]
)
def test_nothing_lies_on_what_was_found(sample_site, visit, width, height):
    """The outline of a pocket that was chosen from the list is all in sight, on any screen."""
    page = visit(sample_site / "northmere/index.html", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(400)
    buttons = page.locator("#pockets button")
    for place in range(buttons.count()):
        buttons.nth(place).click()
        page.wait_for_timeout(60)
        left, top, right, bottom = page.evaluate(CHOSEN)
        assert right - left > 30 or bottom - top > 30
        room = page.locator("#map_borough").bounding_box()
        assert room["x"] - 4 <= left < right <= room["x"] + room["width"] + 4, place
        assert room["y"] - 4 <= top < bottom <= room["y"] + room["height"] + 4, place
        for other in ("#legend", ".zoom"):
            box = page.locator(other).bounding_box()
            apart = (
                right <= box["x"]
                or left >= box["x"] + box["width"]
                or bottom <= box["y"]
                or top >= box["y"] + box["height"]
            )
            assert apart, (place, other)


CHOSEN = """() => {
    const lines = [...document.querySelectorAll("path")].filter(path =>
        path.getAttribute("stroke-width") === "6.5");
    const { left, top, right, bottom } = lines[0].getBoundingClientRect();
    return [left, top, right, bottom];
}"""
