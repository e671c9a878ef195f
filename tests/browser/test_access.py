"""The page without a mouse, without sight, without colour, enlarged and still: WCAG 2.2 AA."""

from __future__ import annotations

from itertools import pairwise

import pytest

from layers.layer import edition

pytestmark = pytest.mark.browser

LAYERS = [layer.id for layer in edition("sample").layers]
POCKET = "place=E06900001-E01900000"
SIZES = {"desktop": (1280, 800), "phone": (390, 844), "narrow": (320, 640)}
SHOWN = "layer => document.querySelector('input[name=layer]:checked').value === layer"

FOCUS = """() => {
    const element = document.activeElement;
    const unseen = element.closest('label') && getComputedStyle(element).opacity === '0';
    const shown = unseen ? element.closest('label') : element;
    const style = getComputedStyle(shown);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        && style.outlineColor !== 'rgba(0, 0, 0, 0)';
    const box = shown.getBoundingClientRect();
    return {
        what: element.id || element.name || element.textContent.trim().slice(0, 24),
        visible: outline || style.boxShadow !== 'none',
        inSight: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    };
}"""


def tab_walk(page, most=140):
    """Press Tab from the top of the page to its end; what had the focus on the way."""
    stops = []
    page.evaluate("document.body.focus()")
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops.append(page.evaluate(FOCUS))
    return stops


def test_axe_finds_nothing_in_any_layer(visit, violations, until):
    page = visit()
    found = {}
    for layer in [*LAYERS, "overlap", "pair"]:
        address = f"layer={layer}&compare=borough&place=E01900101"
        page.evaluate("hash => { location.hash = hash }", address)
        until(page, SHOWN, layer)
        found[layer] = violations(page, without="#table")
    assert {layer: broken for layer, broken in found.items() if broken} == {}


@pytest.mark.parametrize(
    "address", ["", "#layer=overlap", f"#layer=pair&{POCKET}", "#place=E02900001"]
)
def test_axe_finds_nothing_at_any_size(visit, violations, address):
    assert at_sizes(visit(address=address), violations, SIZES) == {}


def at_sizes(page, violations, sizes):
    """Run axe on screens of several sizes, the page loaded anew for each."""
    found = {}
    for size in sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        found[size] = violations(page)
    return {size: broken for size, broken in found.items() if broken}


def test_axe_finds_nothing_when_a_message_or_matches_are_shown(visit, violations):
    page = visit()
    page.fill("#find-text", "Atlantis")
    page.press("#find-text", "Enter")
    assert page.inner_text("#find-message")
    assert violations(page) == []
    page.fill("#find-text", "northmere")
    assert page.locator("#found [role=option]").count() == 8
    assert violations(page) == []


def test_axe_finds_nothing_when_everything_is_open(visit, violations):
    page = visit(address="#place=E01900000")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.click("#headings button >> nth=1")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["none", "nasty", "real", "index"])
def test_axe_finds_nothing_on_other_pages(visit, violations, name):
    assert violations(visit(name)) == []


@pytest.mark.parametrize(
    "kind",
    [
        "northmere/profile.html",
        "northmere/profiles/*.html",
        "northmere/pockets/*.html",
        "about/methods.html",
        "about/sources.html",
        "about/quality.html",
        "data/index.html",
    ],
)
def test_axe_finds_nothing_on_pages_to_read(sample_site, visit, violations, kind):
    page = visit(next(iter(sorted(sample_site.glob(kind)))))
    assert at_sizes(page, violations, ("desktop", "narrow")) == {}


def test_axe_would_find_something(visit, violations):
    page = visit()
    page.evaluate("document.getElementById('zoom-in').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.finding').style.color = '#ddd'")
    assert {rule for rule, _ in violations(page)} >= {"color-contrast"}


def test_tab_reaches_every_control_and_focus_is_seen(visit):
    page = visit(address="#layer=overlap&place=E01900101")
    stops = tab_walk(page)
    seen = [stop["what"] for stop in stops]
    for wanted in (
        "map_borough", "zoom-in", "zoom-out", "zoom-whole", "find-text", "Find", "compare", "layer",
        "Seven domains of the ind", "cut-0", "cut-1", "cut-2", "cut-3", "1Alder Bank3,564",
        "2Damson End4,315", "Clear", "How to read this map", "Download what is seen (C",
        "Profile of Birch Cross &", "Small area",
    ):  # fmt: skip
        assert wanted in seen, wanted
    assert seen.count("map_borough") == 1
    assert [stop["what"] for stop in stops if not (stop["visible"] and stop["inSight"])] == []


def test_focus_stands_out_by_three_to_one(visit):
    page = visit()
    page.focus("#find-text")
    page.keyboard.press("Tab")
    style = page.evaluate(
        """(() => {
            const style = getComputedStyle(document.activeElement);
            return [style.outlineColor, style.boxShadow];
        })()"""
    )
    assert style[0] == "rgb(255, 221, 0)"
    assert "rgb(11, 12, 12)" in style[1]


def selected(page):
    return page.evaluate("new URLSearchParams(location.hash.slice(1)).get('place')")


def test_arrows_go_to_the_neighbour_on_that_side(visit):
    page = visit(address="#place=E01900202")
    page.focus("#map_borough")
    for key, code in (
        ("ArrowUp", "E01900302"),
        ("ArrowRight", "E01900303"),
        ("ArrowDown", "E01900203"),
        ("ArrowLeft", "E01900202"),
    ):
        page.keyboard.press(key)
        assert selected(page) == code
    said = page.inner_text("#said")
    assert said.startswith("Northmere 003C, in Cedar Dale. Overall deprivation (IMD): ")
    assert " of 1,000 in the sample, class: " in said


def test_arrows_alone_reach_every_area(visit, invented_borough, until):
    page = visit(address="#place=E01900202")
    page.focus("#map_borough")
    reached, waiting = {"E01900202"}, ["E01900202"]
    while waiting:
        start = waiting.pop()
        for key in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
            page.evaluate("code => { location.hash = `place=${code}` }", start)
            until(
                page,
                "name => document.querySelector('#selection h2')?.textContent === name",
                invented_borough.lsoa.at[start, "area_name"],
            )
            page.keyboard.press(key)
            if selected(page) not in reached:
                reached.add(selected(page))
                waiting.append(selected(page))
    assert reached == set(invented_borough.lsoa.index)


def test_page_keys_go_through_all_areas_worst_first(visit, invented_borough):
    page = visit()
    page.focus("#map_borough")
    visited = []
    for _ in range(25):
        page.keyboard.press("PageDown")
        visited.append(selected(page))
    assert visited == invented_borough.lsoa.sort_values("imd_2019_rank").index.to_list()
    page.keyboard.press("PageUp")
    assert selected(page) == visited[-2]


def test_keys_of_the_map_open_the_panel_zoom_clear_and_lead_to_the_table(visit, until):
    page = visit()
    page.focus("#map_borough")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "selection-heading"
    page.focus("#map_borough")
    page.keyboard.press("+")
    until(page, "location.hash.includes('view=')")
    page.keyboard.press("Home")
    until(page, "!location.hash.includes('view=')")
    page.keyboard.press("Escape")
    assert selected(page) is None
    assert page.inner_text("#said") == "Nothing is selected."
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.id") == "table-heading"


def test_rows_of_the_table_are_one_tab_stop_with_arrows(visit):
    page = visit()
    assert page.locator("#rows .as-link[tabindex='0']").count() == 1
    page.focus("#rows .as-link[tabindex='0']")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert page.inner_text("#selection h2") == page.locator("#rows th .as-link").last.inner_text()


def test_live_regions_say_what_changed(visit):
    page = visit()
    assert page.get_attribute("#said", "role") == "status"
    assert page.inner_text("#said") == ""
    page.check("input[value=fuel_poverty_2020]")
    assert page.inner_text("#said").startswith(
        "Households in fuel poverty, compared with the sample. 4 of Northmere’s 25 small areas"
    ) or page.inner_text("#said").startswith(
        "Households in fuel poverty, compared with the sample."
    )
    page.check("input[name=compare][value=borough]", force=True)
    assert page.inner_text("#said").startswith(
        "Households in fuel poverty, compared with Northmere."
    )
    page.click("#pockets button >> nth=0")
    assert page.inner_text("#said").startswith("Pocket 1, Alder Bank. Fuel poverty:")


def test_map_has_a_text_alternative_that_names_each_class(visit):
    page = visit()
    words = page.text_content("#map-words")
    for label, count in page.evaluate(
        """[...document.querySelectorAll('#legend li')].map(li => [
            li.querySelector('.legend-label').textContent,
            parseInt(li.querySelector('.legend-count').textContent, 10)])"""
    ):
        assert not count or f"{label}: {count}" in words
    described = page.evaluate(
        "document.getElementById('map_borough').getAttribute('aria-describedby')"
    )
    assert "map-words" in described
    assert page.get_attribute("#map_borough", "tabindex") == "0"


def test_targets_are_large_enough(visit):
    page = visit(size="phone", address="#place=E01900000")
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, input[type=range], summary')]
            .filter(e => e.offsetParent && !e.classList.contains('as-link'))
            .filter(e => e.getBoundingClientRect().height < 24)
            .map(e => e.textContent.slice(0, 30))"""
    )
    assert small == []


def test_forced_colours_keep_classes_choice_and_focus(visit):
    page = visit(address="#place=E01900000", forced_colors="active")
    fills = page.evaluate(
        """[...document.querySelectorAll('path.area')]
            .map(path => getComputedStyle(path).fill)"""
    )
    assert len(set(fills)) >= 5
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.swatch')).forcedColorAdjust")
        == "none"
    )
    chosen, other = page.evaluate(
        """[...document.querySelectorAll('.compare label')]
            .map(label => getComputedStyle(label).backgroundColor)"""
    )
    assert chosen != other
    stops = tab_walk(page, most=12)
    assert all(stop["visible"] for stop in stops)


def test_reduced_motion_moves_at_once(visit):
    at_once = "document.getElementById('zoom-in').click(), location.hash.includes('view=')"
    assert visit(reduced_motion="reduce").evaluate(at_once) is True
    assert visit(reduced_motion="no-preference").evaluate(at_once) is False


def test_how_to_read_is_open_at_the_first_visit_only(visit, until):
    page = visit()
    assert page.locator("#how").get_attribute("open") == ""
    assert page.locator("#how li").count() == 3
    page.click("#how summary")
    until(page, "localStorage.getItem('pockets-how-read') === 'yes'")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator("#how").get_attribute("open") is None


def test_language_titles_and_headings(visit):
    page = visit(address="#place=E01900000")
    assert page.get_attribute("html", "lang") == "en-GB"
    levels = page.evaluate(
        """[...document.querySelectorAll('h1,h2,h3')]
            .filter(heading => heading.offsetParent).map(heading => +heading.tagName[1])"""
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
