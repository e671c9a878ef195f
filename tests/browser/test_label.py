"""The label beside the pointer or beside the area that the keys have reached (WCAG 1.4.13)."""

from __future__ import annotations

import pytest

from tests.browser.test_phone import FREE

pytestmark = pytest.mark.browser

SHOWN = "!document.getElementById('map-label').hidden"


def test_the_pointer_shows_name_class_and_value(visit, until, invented_borough):
    page = visit(reduced_motion="reduce")
    x, y = page.evaluate(FREE, 12)
    page.mouse.move(x, y)
    until(page, SHOWN)
    row = invented_borough.lsoa.iloc[12]
    lines = page.inner_text("#map-label").split("\n")
    assert lines[0] == row["area_name"]
    assert lines[1].strip() in page.locator(".legend-label").all_inner_texts()
    assert lines[2] == f"Overall deprivation (IMD): {row['imd_2019_score']:.1f}"
    box = page.locator("#map-label").bounding_box()
    assert min(abs(box["y"] + box["height"] - y), abs(box["y"] - y)) < 40
    assert "place=" not in page.evaluate("location.hash")


def test_the_label_can_be_pointed_at_pressed_and_put_away(visit, until, invented_borough):
    page = visit(reduced_motion="reduce")
    point = page.evaluate(FREE, 12)
    page.mouse.move(*point)
    until(page, SHOWN)
    box = page.locator("#map-label").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(600)
    assert page.is_visible("#map-label")
    assert page.inner_text("#map-label").startswith(invented_borough.lsoa.iloc[12]["area_name"])
    page.keyboard.press("Escape")
    assert page.is_hidden("#map-label")
    page.mouse.move(*point)
    until(page, SHOWN)
    page.click("#map-label")
    assert f"place={invented_borough.lsoa.index[12]}" in page.evaluate("location.hash")
    page.mouse.move(5, 5)
    until(page, f"!({SHOWN})")


def test_keys_show_the_label_of_the_area_they_reach(visit, until):
    page = visit(address="#place=E01900202", reduced_motion="reduce")
    page.focus("#map_borough")
    page.keyboard.press("ArrowUp")
    until(page, SHOWN)
    name = page.inner_text("#selection h2")
    assert page.inner_text("#map-label").startswith(name)
    page.keyboard.press("ArrowRight")
    until(page, SHOWN)
    assert page.inner_text("#map-label").startswith(page.inner_text("#selection h2"))
    page.keyboard.press("Enter")
    assert page.is_hidden("#map-label")


def test_axe_finds_nothing_with_the_label(visit, until, violations):
    page = visit(reduced_motion="reduce")
    page.mouse.move(*page.evaluate(FREE, 12))
    until(page, SHOWN)
    assert violations(page, without="#table") == []
