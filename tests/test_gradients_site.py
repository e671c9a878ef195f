"""Gradients on the pages of a built site: every sentence is held to the numbers it quotes."""

from __future__ import annotations

import csv
import html
import itertools
import re
from decimal import Decimal

import openpyxl
import pypdf
import pytest

from tests.sites import SITES

FIGURE = r"(−?[\d,]+(?:\.\d+)?)(%| µg/m³)?"
SENTENCE = re.compile(
    rf": {FIGURE} in the least deprived (?:tenth|fifth) of [^.:]+ by population,"
    rf" {FIGURE} in the most deprived: ([^.]+(?:\.\d[^.]*)?)\."
)
INDEX = re.compile(
    r"Slope index: (−?[\d.]+) (percentage points|µg/m³|in the ratio)"
    r"(?: \(95% limits (−?[\d.]+) to (−?[\d.]+)\))?\."
)
GAP = re.compile(r"([\d.]+)( percentage points| µg/m³)? (more|less)")
SCALE = re.compile(r"[\d.]+ k?m ")
NOUGHT = re.compile(r"−0(?:\.0+)?(?![.\d])")
BARE_NOUGHT = re.compile(r"[\[,:]-0(?:\.0+)?[\],}]")
UNITS = {"%": " percentage points", " µg/m³": " µg/m³", None: None}


@pytest.fixture(params=SITES)
def site(request):
    return request.getfixturevalue(request.param)


def number(text):
    return Decimal(text.replace("−", "-").replace(",", ""))


def captions(path):
    """Return the texts of a page's captions, without markup."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", text, flags=re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", one)).split()) for one in found]


def test_every_sentence_agrees_with_the_numbers_it_quotes(site):
    profiles = sorted(site.glob("*/profile.html"))
    pages = [*profiles, *site.glob("*.html")]
    said = [caption for path in pages for caption in captions(path) if "least deprived" in caption]
    assert len(said) >= 3 * len(profiles) > 0
    for caption in said:
        least, unit, most, other, verdict = SENTENCE.search(caption).groups()
        assert unit == other
        apart = number(most) - number(least)
        if verdict.startswith("no clear gradient"):
            assert not re.search(r"\b(more|less)\b", verdict), caption
        else:
            size, in_unit, way = GAP.fullmatch(verdict).groups()
            assert (number(size), in_unit) == (abs(apart), UNITS[unit]), caption
            assert way == ("more" if apart > 0 else "less"), caption


def test_no_direction_is_said_where_the_limits_take_in_nought(site):
    for path in sorted(site.glob("*/profile.html")):
        for caption in captions(path):
            index = INDEX.search(caption)
            if "least deprived" not in caption:
                continue
            slope, _, lower, upper = index.groups()
            if "no clear gradient" not in caption:
                ends = {number(end).compare(0) for end in (lower, slope, upper)} - {Decimal(0)}
                assert len(ends) == 1, caption
                assert (ends == {Decimal(1)}) == (" more." in caption), caption


def after_the_maps(path):
    """Return the words of an atlas's last pages: maps, which begin with a scale, read slowly."""
    pages = reversed(pypdf.PdfReader(path).pages)
    texts = (" ".join(page.extract_text().split()) for page in pages)
    return " ".join(itertools.takewhile(lambda text: not SCALE.match(text), texts))


def test_the_atlas_says_what_the_profile_says(site):
    for path in sorted(site.glob("*/atlas.pdf")):
        text = after_the_maps(path)
        for caption in captions(path.with_name("profile.html")):
            if "least deprived" in caption:
                sentence = caption[: SENTENCE.search(caption).end()]
                assert sentence in text, (path.parent.name, sentence)


def test_no_number_anywhere_is_a_nought_with_a_sign(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not NOUGHT.search(text), (path.name, NOUGHT.search(text))
        assert not BARE_NOUGHT.search(text), (path.name, BARE_NOUGHT.search(text))
    for path in site.glob("data/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row}
        assert not {cell for cell in cells if re.fullmatch(r"-0(\.0*)?", cell)}, path.name
    book = openpyxl.load_workbook(site / "data/tables.xlsx", read_only=True)
    for sheet in book.worksheets:
        cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
        assert "-0.0" not in cells, sheet.title
