"""Up to three places side by side: by mouse, finger, keyboard and link, and on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from layers.layer import edition

pytestmark = pytest.mark.browser

POCKET, AREA, MSOA = "E06900001-E01900000", "E01900101", "E02900004"
THREE = f"#places={POCKET},{AREA},{MSOA}"
CELLS = """() => Object.fromEntries(
    [...document.querySelectorAll('#compared-table tbody tr')].map(row =>
        [row.dataset.layer || row.cells[0].textContent,
         [...row.cells].slice(1).map(cell => cell.innerText)]))"""
FINGER = {"size": "phone", "has_touch": True, "is_mobile": True}
MSOA_NAME = "Elder Fold"
INCOME = edition("sample").layer("imd_2019_income")


def pinned(page):
    return page.evaluate("new URLSearchParams(location.hash.slice(1)).get('places')")


def heads(page):
    found = page.locator("#compared-table thead th").all_inner_texts()
    return [text.split("\n")[0] for text in found]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_link_shows_three_places_the_borough_and_the_whole(visit, size, invented_borough):
    page = visit(address=THREE, size=size)
    assert heads(page) == [
        "Pocket 1, Alder Bank",
        "Northmere 002B",
        MSOA_NAME,
        "Northmere",
        "The sample",
    ]
    cells = page.evaluate(CELLS)
    lsoa, msoa = invented_borough.lsoa.loc[AREA], invented_borough.msoa.loc[MSOA]
    pocket = invented_borough.pockets.loc[POCKET]
    assert cells["What it is"] == [
        "Pocket of 4 small areas",
        f"Small area (LSOA {AREA})",
        f"Neighbourhood (MSOA {MSOA}) of 5 small areas",
        "The borough",
        "The sample",
    ]  # fmt: skip
    assert cells["People (mid-2015)"] == [
        f"{place['population']:,.0f}" for place in (pocket, lsoa, msoa)
    ] + [f"{invented_borough.lsoa['population'].sum():,.0f}", "–"]
    assert set(cells) >= {layer.id for layer in edition("sample").layers}
    income = cells["imd_2019_income"]
    told = [f"{100 * place[INCOME.value]:.1f}%" for place in (pocket, lsoa, msoa)]
    assert [cell.split("\n")[0] for cell in income[:3]] == told
    assert income[4] == f"{100 * invented_borough.england[INCOME.id]:.1f}%"
    rank = int(lsoa["imd_2019_rank_borough"])
    assert f"{rank}" in cells["imd_2019"][1].split(" of 25 in Northmere")[0].split("\n")[-1]
    assert "of 2 pockets in Northmere" in cells["imd_2019"][0]
    low, high = msoa["covid_2020_21_ratio_lower"], msoa["covid_2020_21_ratio_upper"]
    assert f"95% interval {low:.2f} to {high:.2f}" in cells["covid_2020_21"][2]
    assert cells["Pocket"][:2] == ["Pocket 1", "Pocket 1, Alder Bank"]


def test_places_are_taken_from_panel_table_and_find_and_stepped_by_back(visit, until):
    page = visit()
    page.click("#pockets button >> nth=0")
    page.click("#selection .pin")
    assert pinned(page) == POCKET
    assert page.get_attribute("#selection .pin", "aria-pressed") == "true"
    assert page.inner_text("#said") == (
        "Pocket 1, Alder Bank is to be compared. Choose another place to compare it with."
    )
    page.click("#rows tr >> nth=3 >> .pin")
    second = pinned(page).split(",")[1]
    page.fill("#find-text", MSOA_NAME)
    page.press("#find-text", "Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert pinned(page) == f"{POCKET},{second},{MSOA}"
    assert page.inner_text("#said").endswith("3 of 3 places are side by side, above the table.")
    assert page.is_disabled("#rows tr >> nth=8 >> .pin")
    assert len(heads(page)) == 5
    page.go_back()
    until(page, f"!location.hash.includes('{second},')")
    assert len(heads(page)) == 4
    assert page.inner_text("#said").endswith("2 of 3 places are side by side, above the table.")
    page.go_forward()
    until(page, f"location.hash.includes('{second},{MSOA}')")
    assert len(heads(page)) == 5


def test_each_place_is_taken_out_with_the_keyboard_and_the_focus_is_kept(visit):
    page = visit(address=THREE)
    page.click("#tray a")
    assert page.evaluate("document.activeElement.id") == "compared-heading"
    page.focus("#compared-table [data-out] >> nth=1")
    page.keyboard.press("Enter")
    assert pinned(page) == f"{POCKET},{MSOA}"
    assert page.evaluate("document.activeElement.dataset.out") == MSOA
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.out") == POCKET
    page.keyboard.press("Enter")
    assert pinned(page) is None
    assert page.is_hidden("#compared")
    assert page.is_hidden("#tray")
    assert page.evaluate("document.activeElement.id") == "map_borough"
    assert page.inner_text("#said").endswith("No place is compared.")


def test_a_finger_compares_on_a_phone_and_only_the_box_scrolls_sideways(visit):
    page = visit(address=f"#places={POCKET},{AREA}&place={MSOA}", **FINGER)
    page.locator("#selection .pin").tap()
    assert len(heads(page)) == 5
    box = page.locator("#compared .scroll")
    assert box.evaluate("each => [each.tabIndex, each.getAttribute('role')]") == [0, "region"]
    assert box.evaluate("each => each.scrollWidth > each.clientWidth + 100")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box.evaluate("each => { each.scrollLeft = 300 }")
    left = box.bounding_box()["x"]
    assert page.locator("#compared-table tbody th").first.bounding_box()["x"] <= left + 2


@pytest.mark.parametrize(
    ("places", "columns"),
    [("nonsense", 0), (f"{AREA},{AREA},E00", 3), (f"{POCKET},{AREA},{MSOA},E01900000", 5)],
)
def test_what_cannot_be_compared_is_left_out_of_the_address(visit, places, columns):
    assert len(heads(visit(address=f"#places={places}"))) == columns


def test_switching_layers_does_not_touch_the_comparison(visit):
    page = visit(address=THREE)
    page.evaluate(
        """() => {
            window.writes = 0;
            new MutationObserver(seen => { window.writes += seen.length })
                .observe(document.getElementById('compared'),
                    { subtree: true, childList: true, attributes: true, characterData: true });
        }"""
    )
    for layer in ("fuel_poverty_2020", "overlap", "pair"):
        page.check(f"input[value={layer}]")
    page.wait_for_timeout(50)
    assert page.evaluate("window.writes") == 0


def test_the_comparison_is_printed_as_a_table_of_its_own(visit):
    page = visit(address=THREE)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    texts = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(pdf)).pages]
    found = [text for text in texts if "Side by side" in text]
    assert len(found) == 1
    for words in ("Pocket 1, Alder Bank", "Northmere 002B", MSOA_NAME, "COVID-19 mortality ratio"):
        assert words in found[0]
    assert "Take out" not in found[0]
    assert all(len(text.split()) > 4 for text in texts)


@pytest.mark.parametrize("size", ["desktop", "phone", "narrow"])
def test_axe_finds_nothing_in_a_comparison(visit, violations, size):
    assert violations(visit(address=f"{THREE}&place={AREA}", size=size)) == []
