"""Every kind of page holds its layout with any font: as installed here, far wider, far narrower."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

pytestmark = pytest.mark.browser

FAULTS = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")
SIZES = (320, 390, 768, 1120, 1280, 1920)
FAMILIES = ["", "wide", "narrow"]
KINDS = {
    "index": "index.html",
    "region": "region.html",
    "map": "northmere/index.html",
    "borough": "northmere/profile.html",
    "neighbourhood": "northmere/profiles/*.html",
    "pocket": "northmere/pockets/*.html",
    "methods": "about/methods.html",
    "sources": "about/sources.html",
    "quality": "about/quality.html",
    "downloads": "data/index.html",
}
STATES = [
    "",
    "#layer=overlap&place=E01900000",
    "#layer=pair&place=E06900001-E01900000",
    "#layer=covid_2020_21&compare=borough&place=E02900001",
]
ORDINARY = {"columns": 13, "rows": 15}
"""A table of this size is shown whole on a desk; larger ones may scroll in their box."""
ANY = {"columns": 0, "rows": 15}
"""On a narrow screen any table may scroll sideways in its box, but nothing else."""
A4_PX = {"width": 703, "height": 1000}


def faults(page, *, width):
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate(FAULTS, ORDINARY if width >= 1280 else ANY)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_at_every_width(sample_site, visit, kind, family):
    page = visit(next(iter(sorted(sample_site.glob(KINDS[kind])))), family=family)
    found = {width: faults(page, width=width) for width in SIZES}
    assert {width: said for width, said in found.items() if said} == {}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ["northmere", "nasty", "index"])
def test_a_page_in_any_state_and_with_any_name(visit, name, family):
    page = visit(name, family=family)
    found = {}
    for state in STATES if name != "index" else [""]:
        page.evaluate("hash => { location.hash = hash }", state)
        page.wait_for_timeout(50)
        for width in (320, 1280):
            said = faults(page, width=width)
            found[state, width] = [
                fault for fault in said if name != "nasty" or not fault.startswith("broken")
            ]
    assert {where: said for where, said in found.items() if said} == {}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", ["region", "borough", "neighbourhood", "pocket"])
def test_paper_cuts_nothing(sample_site, visit, kind, family):
    page = visit(next(iter(sorted(sample_site.glob(KINDS[kind])))), family=family)
    page.emulate_media(media="print")
    page.set_viewport_size(A4_PX)
    assert page.evaluate(FAULTS, ORDINARY) == []


def edge(page, box):
    """How light the right edge of a box is, from 0 to 255."""
    picture = Image.open(io.BytesIO(box.screenshot())).convert("L")
    strip = picture.crop((picture.width - 6, 60, picture.width - 2, picture.height - 20))
    return sum(strip.get_flattened_data()) / (strip.width * strip.height)


def test_a_box_that_scrolls_shows_that_it_goes_on(visit):
    page = visit("index")
    box = page.locator(".scroll")
    at_first = edge(page, box)
    box.evaluate("each => { each.scrollLeft = each.scrollWidth }")
    assert edge(page, box) > at_first + 20


def test_faults_would_be_found(visit):
    page = visit()
    page.evaluate(
        """() => {
            const added = (tag, where, text) => {
                const element = document.createElementNS(where.namespaceURI, tag);
                element.textContent = text;
                return where.appendChild(element);
            };
            const narrow = added('p', document.querySelector('.below'), 'Neighbourhoods');
            narrow.style.cssText = 'width: 60px; overflow-wrap: anywhere';
            const cut = added('p', document.querySelector('.below'), 'Neighbourhoods');
            cut.style.cssText = 'width: 60px; overflow: hidden; overflow-wrap: normal';
            const picture = document.querySelector('.zoom svg');
            added('text', picture, 'far too long').setAttribute('y', 9);
            added('div', document.querySelector('.below'), 'wide').style.width = '1400px';
        }"""
    )
    found = page.evaluate(FAULTS, ORDINARY)
    kinds = {fault.split(":")[0] for fault in found}
    assert kinds == {"beside the page", "broken", "outside", "cut"}
