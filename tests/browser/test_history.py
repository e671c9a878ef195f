"""Back and Forward: the state they bring back is shown, and said, like any other change of it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

POCKET = "place=E06900001-E01900000"
STATES = {
    "layer": (
        "layer=fuel_poverty_2020",
        "Households in fuel poverty, compared with the sample.",
        "Overall deprivation (Index of Multiple Deprivation), compared with the sample.",
    ),
    "compare": (
        "compare=borough",
        "Overall deprivation (Index of Multiple Deprivation), compared with Northmere.",
        "Overall deprivation (Index of Multiple Deprivation), compared with the sample.",
    ),
    "small area": (
        "place=E01900202",
        "Northmere 003C, in Cedar Dale. Overall deprivation (IMD):",
        "Nothing is selected.",
    ),
    "neighbourhood": (
        "place=E02900001",
        "Birch Cross & Mill. Overall deprivation (IMD):",
        "Nothing is selected.",
    ),
    "pocket": (POCKET, "Pocket 1, Alder Bank. Overall deprivation", "Nothing is selected."),
    "cut-offs": (
        "layer=overlap&worst=10,20,20,20",
        "How many layers overlap, compared with the sample.",
        "Overall deprivation (Index of Multiple Deprivation), compared with the sample.",
    ),
    "pair": (
        "layer=pair&pair=no2_2021_23,pm25_2021_23",
        "NO2 and PM2.5, compared with the sample.",
        "Overall deprivation (Index of Multiple Deprivation), compared with the sample.",
    ),
}


def said(page, until, words):
    until(page, "words => document.getElementById('said').textContent.startsWith(words)", words)
    return page.text_content("#said")


@pytest.mark.parametrize("changed", STATES)
def test_back_and_forward_say_what_they_bring(visit, until, changed):
    address, there, here = STATES[changed]
    page = visit()
    page.evaluate("hash => { location.hash = hash }", address)
    forward = said(page, until, there)
    page.go_back()
    said(page, until, here)
    page.go_forward()
    assert said(page, until, there) == forward


def test_back_over_two_changes_at_once_says_both(visit, until):
    page = visit(address=f"#layer=fuel_poverty_2020&{POCKET}")
    page.evaluate("() => { location.hash = '' }")
    assert said(page, until, "Overall").endswith("Nothing is selected.")
    page.go_back()
    assert "Pocket 1, Alder Bank. Fuel poverty" in said(page, until, "Households in fuel poverty")


def test_back_does_not_lose_the_focus_with_the_panel(visit, until):
    page = visit()
    page.click("#pockets button >> nth=0")
    page.focus("#selection button >> nth=0")
    page.go_back()
    said(page, until, "Nothing is selected.")
    assert page.evaluate("document.activeElement.id") == "map_borough"
    page.go_forward()
    page.click("#pockets button >> nth=1")
    page.focus("#selection button >> nth=0")
    page.go_back()
    said(page, until, "Pocket 1")
    assert page.evaluate("document.activeElement.id") == "selection-heading"
