"""Pages on paper: no sheet is blank, nothing is folded, and a sheet says where it is from."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from pypdf import PdfReader

from layers.catalogue import catalogue
from layers.findings.gradients import gradients_of
from layers.indicators import BEHIND
from layers.kinds.reading import OVER_YEARS
from layers.layer import edition
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile
from tests.invented import series_of
from tests.invented_change import invented_change
from tests.maps.profiles.test_behind import with_indicators

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


@pytest.fixture(scope="module")
def profiles(tmp_path_factory):
    """The profiles of a borough of 2025 of which all is known, with all the sources of that."""
    borough = with_indicators(invented_change())
    by_role = edition("2025").sources
    used = {role: (catalogue()[key],) for role, key in by_role.items() if "fuel" not in role}
    years = tuple(catalogue()[f"fuel_poverty_{year}"] for year in range(2012, 2024))
    series = {year: ("LIHC" if year < 2019 else "LILEE", 130, 100) for year in range(2012, 2024)}
    households = borough.lsoa.assign(fuel_poverty_2023_households=500.0)
    msoa = borough.msoa.assign(covid_2020_21_observed=20.0, covid_2020_21_expected=10.0)
    found = gradients_of(borough.edition, households, msoa)
    borough = replace(
        borough,
        sources={**used, OVER_YEARS: years, BEHIND: used.get(BEHIND, ())},
        fuel_series=series_of(borough.code, series),
        gradients=found.indices,
        gradient_parts=found.parts,
    )
    context = context_of(borough, peers_of([borough]))
    folder = tmp_path_factory.mktemp("profiles")
    made = {
        "neighbourhood": msoa_profile(context, str(borough.msoa.index[0])),
        "pocket": pocket_profile(context, str(borough.pockets.index[0])),
        "borough": borough_profile(context),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.mark.parametrize("family", ["", "narrow"])
@pytest.mark.parametrize(("name", "most"), [("neighbourhood", 2), ("pocket", 3), ("borough", 4)])
def test_a_profile_of_2025_takes_few_sheets_and_loses_no_section(
    profiles, visit, name, most, family
):
    page = visit(profiles / f"{name}.html", family=family)
    headings = page.locator("h2").all_inner_texts()
    assert {"Then and now", "What is behind it", "Sources"} <= set(headings)
    texts = sheets(page)
    assert 2 <= len(texts) <= most, texts[-1]
    # a font may join letters ("ff") into one
    printed = unicodedata.normalize("NFKC", " ".join(" ".join(texts).split()))
    assert [heading for heading in headings if heading not in printed] == []
    for source in ("English indices of deprivation 2025", "Land Registry", "OS data"):
        assert (source in printed) == (source in page.content())
    for indicator in ("Burglary", "Patients per GP", "Housing and services"):
        assert indicator in printed
