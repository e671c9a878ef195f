"""A page under a finger: a press is answered where it was, and the map lets the page scroll."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FINGER = {"size": "phone", "has_touch": True, "is_mobile": True}
POCKET = "E06900001-E01900000"
BOX = "each => { const { top, bottom } = each.getBoundingClientRect(); return [top, bottom]; }"
FREE = """place => {
    const path = document.querySelectorAll('path.area')[place];
    const box = path.getBoundingClientRect();
    for (let step = 0; step < 81; step += 1) {
        const [x, y] = [box.left + (1 + step % 9) * box.width / 10,
                        box.top + (1 + Math.floor(step / 9)) * box.height / 10];
        if (document.elementFromPoint(x, y) === path) return [x, y];
    }
}"""


def above_sheet(page, what):
    """Whether an element is in the window and the sheet does not lie on it."""
    top, bottom = page.locator(what).first.evaluate(BOX)
    return top >= 0 and bottom <= page.locator("#sheet").evaluate(BOX)[0] + 1


def scrolled(page):
    return page.evaluate("Math.round(window.scrollY)")


def test_a_tap_on_the_map_is_answered_in_sight_and_not_on_the_map(visit, invented_borough, until):
    page = visit(reduced_motion="reduce", **FINGER)
    page.touchscreen.tap(*page.evaluate(FREE, 12))
    code = invented_borough.lsoa.index[12]
    sheet = page.locator("#sheet")
    assert sheet.locator("h2").inner_text() == invented_borough.lsoa.at[code, "area_name"]
    legend = page.locator("#legend .legend-label").all_inner_texts()
    assert sheet.locator(".sheet-class").inner_text().strip() in legend
    rank = int(invented_borough.lsoa.at[code, "imd_2019_rank"])
    assert f"{rank}" in sheet.locator("p.quiet").inner_text()
    until(
        page, "document.getElementById('sheet').getBoundingClientRect().bottom <= innerHeight + 1"
    )
    assert above_sheet(page, ".map-frame")
    assert page.locator("#map-label").is_hidden()


def test_a_pocket_in_the_list_is_answered_beside_it_and_leads_there_and_back(visit):
    page = visit(reduced_motion="reduce", **FINGER)
    button = page.locator("#pockets button").nth(1)
    button.scroll_into_view_if_needed()
    button.tap()
    assert page.locator("#sheet h2").inner_text().endswith("Damson End")
    assert above_sheet(page, "#pockets button >> nth=1")
    before = scrolled(page)
    page.get_by_role("button", name="Details").tap()
    assert page.locator("#sheet").is_hidden()
    assert page.evaluate("document.activeElement.id") == "selection-heading"
    top, _ = page.locator("#selection-heading").evaluate(BOX)
    assert 0 <= top < 300
    assert page.inner_text("#way-back") == "Back to the list"
    page.locator("#way-back").tap()
    assert abs(scrolled(page) - before) <= 2
    assert page.evaluate("document.activeElement.value") == "1"
    assert page.locator("#way-back").is_hidden()


def test_from_a_row_of_the_table_to_the_map_and_back(visit):
    page = visit(reduced_motion="reduce", **FINGER)
    row = page.locator("#rows th .as-link").nth(4)
    row.scroll_into_view_if_needed()
    row.tap()
    assert above_sheet(page, "#rows tr.chosen")
    before = scrolled(page)
    page.get_by_role("button", name="On the map").tap()
    assert page.evaluate("document.activeElement.id") == "map_borough"
    assert 0 <= page.locator(".map-frame").evaluate(BOX)[0] < 200
    page.locator("#way-back").tap()
    assert abs(scrolled(page) - before) <= 2


def test_on_a_desk_the_sheet_answers_only_where_the_panel_is_out_of_sight(visit):
    page = visit(reduced_motion="reduce")
    page.click("#pockets button >> nth=0")
    assert page.locator("#sheet").is_hidden()
    page.click("#rows th .as-link >> nth=9")
    assert page.locator("#sheet").is_visible()
    assert above_sheet(page, "#rows tr.chosen")
    assert page.inner_text("#sheet h2") == page.inner_text("#rows tr.chosen .as-link")


def test_keys_lead_into_the_sheet_and_escape_leads_back(visit):
    page = visit(reduced_motion="reduce")
    page.focus("#rows .as-link[tabindex='0']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sheet-heading"
    name = page.inner_text("#sheet h2")
    assert page.inner_text("#said").startswith(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Details"
    page.keyboard.press("Escape")
    assert page.locator("#sheet").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == name
    assert "place=" in page.evaluate("location.hash")


def test_the_sheet_follows_the_view_and_goes_with_the_selection(visit, until):
    page = visit(reduced_motion="reduce", **FINGER)
    page.touchscreen.tap(*page.evaluate(FREE, 12))
    page.evaluate("location.hash = location.hash.replace(/layer=\\w+/, 'layer=fuel_poverty_2020')")
    until(page, "document.getElementById('sheet').textContent.includes('Fuel poverty:')")
    page.go_back()
    page.go_back()
    until(page, "document.getElementById('sheet').hidden")


@pytest.mark.parametrize("size", ["desktop", "phone", "narrow"])
def test_axe_finds_nothing_with_the_sheet_open(visit, violations, size):
    page = visit(size=size, reduced_motion="reduce")
    page.locator("#rows th .as-link").nth(3).click()
    assert page.locator("#sheet").is_visible()
    assert violations(page) == []


def touch(session, kind, *points):
    session.send(
        "Input.dispatchTouchEvent",
        {
            "type": kind,
            "touchPoints": [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)],
        },
    )


def drag(page, *fingers, by):
    """Move fingers over the screen together, as a hand does."""
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", *fingers)
    for step in range(1, 11):
        moved = [(x, y + by * step / 10) for x, y in fingers]
        touch(session, "touchMove", *moved)
        page.wait_for_timeout(16)
    touch(session, "touchEnd")
    page.wait_for_timeout(400)


def test_one_finger_on_the_map_scrolls_the_page_and_says_how_the_map_is_moved(visit):
    page = visit(**FINGER)
    box = page.locator("#map_borough").bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8)
    drag(page, at, by=-250)
    assert scrolled(page) > 100
    assert "view=" not in page.evaluate("location.hash")
    assert page.inner_text("#map-hint") == "Two fingers move the map"


def test_two_fingers_move_the_map_and_not_the_page(visit, until):
    page = visit(**FINGER)
    box = page.locator("#map_borough").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.locator("path.area").nth(12).bounding_box()
    drag(page, (x - 40, y), (x + 40, y), by=90)
    until(page, "location.hash.includes('view=')")
    after = page.locator("path.area").nth(12).bounding_box()
    assert after["y"] - before["y"] == pytest.approx(90, abs=25)
    assert scrolled(page) == 0


def turn(page, by):
    box = page.locator("#map_borough").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, by)
    page.wait_for_timeout(500)


def test_the_wheel_scrolls_the_page_and_with_ctrl_it_zooms_the_map(visit, until):
    page = visit(reduced_motion="reduce")
    turn(page, 200)
    assert scrolled(page) == 200
    assert "view=" not in page.evaluate("location.hash")
    assert page.inner_text("#map-hint") == "Hold Ctrl (or ⌘) and turn the wheel to zoom the map"
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.down("Control")
    turn(page, -300)
    page.keyboard.up("Control")
    until(page, "location.hash.includes('view=')")
    assert scrolled(page) == 0
    assert page.evaluate("devicePixelRatio") == 1
