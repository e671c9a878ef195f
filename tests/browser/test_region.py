"""The page that sets boroughs side by side, in a browser with the network cut off."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def site(sample_site):
    """Open pages of the whole site of the sample instead of invented ones."""
    return sample_site


def unfold(page):
    """Open every table that is folded under its charts."""
    for summary in page.locator("summary").all():
        summary.click()


@pytest.fixture
def compared(visit):
    """Open the page by the link of the index page, since it has no script to say it is ready."""

    def open_page(size="desktop", **options):
        page = visit("index", size=size, **options)
        page.get_by_role("link", name="Compare the boroughs in charts").click()
        page.wait_for_url("**/region.html")
        return page

    return open_page


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_even_in_what_was_folded(compared, violations, size):
    page = compared(size)
    assert violations(page) == []
    unfold(page)
    assert page.get_by_role("table", name="Every MSOA, most deprived first").is_visible()
    assert violations(page) == []


@pytest.mark.browser
def test_nothing_is_wider_than_a_narrow_screen(compared):
    page = compared("narrow")
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(
        "[...document.querySelectorAll('figure svg')].every("
        "picture => picture.getBoundingClientRect().right <= 320)"
    )


@pytest.mark.browser
def test_tables_that_scroll_are_reached_by_keyboard_and_named(compared):
    page = compared("narrow")
    unfold(page)
    regions = page.locator(".scroll")
    names = regions.evaluate_all(
        "found => found.map(each => [each.tabIndex,"
        " document.getElementById(each.getAttribute('aria-labelledby')).textContent])"
    )
    assert len(names) == 10
    assert all(index == 0 and name for index, name in names)
    first = regions.first
    first.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert first.evaluate("each => each.scrollLeft") > 0


@pytest.mark.browser
def test_every_picture_is_named_and_described(compared):
    page = compared()
    pictures = page.get_by_role("img")
    texts = pictures.evaluate_all(
        "found => found.map(each => each.getAttribute('aria-labelledby').split(' ')"
        ".map(id => document.getElementById(id).textContent))"
    )
    assert len(texts) == 9
    assert all(len(title) > 10 and len(description) > 30 for title, description in texts)
    assert len({title for title, _ in texts}) == 9


@pytest.mark.browser
def test_links_lead_to_a_borough_and_to_an_msoa(compared):
    page = compared()
    page.get_by_role("link", name="Northmere", exact=True).first.click()
    assert page.title().startswith("Northmere")
    page.go_back()
    unfold(page)
    page.get_by_role("table", name="The MSOAs numbered in the chart").get_by_role(
        "link"
    ).first.click()
    page.wait_for_url("**/profiles/*.html")


@pytest.mark.browser
def test_pockets_across_the_line_lead_to_each_other(compared):
    page = compared()
    pockets = page.get_by_role("table", name="Joined pockets").get_by_role("link")
    first, second = pockets.all_inner_texts()
    pockets.first.click()
    number, name = re.fullmatch(r"Pocket (\d+) of Northmere \((.*)\)", first).groups()
    assert page.inner_text("#selection-heading").split() == [number, *name.split()]
    page.click(f"#selection a:has-text('{second[1:]}')")
    page.wait_for_url("**/westholt/index.html#*")
    number, name = re.fullmatch(r"Pocket (\d+) of Westholt \((.*)\)", second).groups()
    assert page.inner_text("#selection-heading").split() == [number, *name.split()]


@pytest.mark.browser
def test_print_shows_every_table_in_full(compared):
    page = compared()
    page.emulate_media(media="print")
    cut = page.locator(".scroll").evaluate_all(
        "found => found.filter(each => each.offsetParent)"
        ".map(each => getComputedStyle(each).overflow)"
    )
    assert len(cut) == 9, "all but the table of every MSOA"
    assert set(cut) == {"visible"}
    assert page.locator(".skip").is_hidden()
