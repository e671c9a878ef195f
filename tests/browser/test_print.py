"""Pages on paper: no sheet is blank, nothing is folded, and a sheet says where it is from."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

SELECTED = {
    "nothing": "",
    "small area": "#place=E01900000",
    "neighbourhood": "#place=E02900001",
    "pocket": "#layer=covid_2020_21&compare=borough&place=E06900001-E01900000",
    "overlap": "#layer=overlap&place=E01900101",
    "pair": "#layer=pair&place=E01900404",
}


def sheets(page):
    """Print a page: the text of each sheet, in the order of its file."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert re.findall(rb"/MediaBox ?\[0 0 (59\d(?:\.\d+)?) (84\d(?:\.\d+)?)\]", pdf)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("name", ["northmere", "nasty", "none"])
def test_no_sheet_is_blank_whatever_is_selected(visit, name):
    page = visit(name)
    for selected, address in SELECTED.items():
        page.evaluate("hash => { location.hash = hash }", address)
        texts = sheets(page)
        assert 1 <= len(texts) <= 4
        assert [len(text.split()) > 4 for text in texts] == [True] * len(texts), selected


def test_selection_begins_the_second_sheet_and_is_not_folded(visit):
    page = visit(address="#place=E01900000")
    first, second, *_ = sheets(page)
    assert "Alder Bank" in first
    assert "Pockets" in first
    assert "Northmere 001A" in second
    assert "Its domains" in second
    assert "Education and skills" in second
    assert page.locator("#selection details").first.get_attribute("open") is None


def test_paper_says_view_edition_day_and_address(visit):
    page = visit(address="#layer=no2_2021_23&compare=borough&place=E01900101")
    assert page.is_hidden("#printed")
    first = " ".join(sheets(page)[0].split())
    assert "NO2" in first
    assert "compared with Northmere. " in first
    assert re.search(
        r"Printed on \d{1,2} [A-Z][a-z]+ 20\d\d from [^ ]+/ ?northmere.html"
        r"#layer=no2_2021_23&compare=borough&place=E01900101",
        first,
    )


def test_print_shows_map_legend_pockets_and_sources(visit):
    page = visit(address="#place=E01900000")
    before = page.locator("#map_borough").bounding_box()
    sheets(page)
    assert page.locator("#map_borough").bounding_box() == before
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for seen in ("#map_borough", "#legend", "#pockets", "#sources-heading", "#selection h2"):
        assert page.is_visible(seen), seen
    for unseen in ("#find", ".zoom", "#table", "#how"):
        assert page.is_hidden(unseen), unseen
