"""What no page may say: every text of the sample's site and of invented boroughs is searched."""

from __future__ import annotations

import dataclasses
import html
import json
import re

import pytest

from layers.layer import FRAMES
from maps.page.borough import borough_page
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile
from maps.site.index import index_page
from maps.words.alt_text import alt_text, pockets_alt_text
from maps.words.captions import layer_words
from maps.words.methods_in_brief import methods_in_brief

FORBIDDEN = {
    "a plural of one": r"\b1 (LSOAs|MSOAs|neighbourhoods|boroughs|pockets|people|households)\b",
    "a rank of one": r"\b1st of the 1\b(?!,)",
    "two articles": r"\b[Tt]he (the|England)\b",
    "a minus before nought": r"[−-]0(\.0+)?(?![\d.])\b",
    "a name without its article": r"\b(in|of|with|within|to|from|or) (Isles?|Forest|Vale) of\b",
    "a name that is itself": r"“England” is England",
    "what is not so": r"never shows|can most households|are most people",
    "a share of others that counts its own": r"other (reasonable )?settings",
    "a share of people without a unit": r"Income rate\b|Employment rate\b",
    "a small area under another name": r"\b[Nn]eighbourhoods? \(LSOA|\b[Ll]arger neighbourhood"
    r"|\b[Ll]arger ones|\b([Ss]ingle|[Hh]idden) neighbourhood",
    "good and bad places": r"\b([Bb]etter|[Bb]est)\b(?![- ]fit)|\b[Aa]ffluent",
    "a fifth without a name": r"\b(1st|3rd|5th) fifth",
}


def text_of(page):
    """Return what a reader of a page may read, the texts that its script shows among them."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    carried = " ".join(strings(json.loads(found[1]))) if found else ""
    page = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    return " ".join(f"{html.unescape(page)} {carried}".split())


def strings(value):
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in strings(each)]


def faults(text):
    return [
        f"{name}: …{text[max(0, found.start() - 60) : found.end() + 40]}…"
        for name, pattern in FORBIDDEN.items()
        for found in re.finditer(pattern, text)
    ]


@pytest.fixture(scope="module")
def invented(invent):
    whole = invent(name="Isle of Nowhere")
    alone = dataclasses.replace(
        whole,
        lsoa=whole.lsoa.iloc[:1],
        msoa=whole.msoa.iloc[:1],
        pockets=whole.pockets.iloc[:0],
    )
    one = dataclasses.replace(whole, pockets=whole.pockets.iloc[:1])
    return {
        "whole": whole,
        "2019": invent(name="Isle of Nowhere", edition_id="2019"),
        "bare": invent(name="Isle of Nowhere", pockets=False),
        "one pocket": one,
        "one small area": alone,
    }


@pytest.mark.parametrize("which", ["whole", "2019", "bare", "one pocket", "one small area"])
def test_no_text_of_an_invented_borough_says_what_is_forbidden(invented, which):
    borough = invented[which]
    context = context_of(borough, peers_of([borough]))
    pages = [
        borough_page(borough),
        borough_profile(context),
        index_page([borough], {borough.code: "nowhere"}),
        *(msoa_profile(context, code) for code in borough.msoa.index),
        *(pocket_profile(context, code) for code in borough.pockets.index),
    ]
    words = [text_of(page) for page in pages]
    for layer in borough.edition.layers:
        words += [text for _, text in layer_words(borough, layer)]
        words += [alt_text(borough, layer, frame) for frame in FRAMES]
    words += [pockets_alt_text(borough), *(text for _, text in methods_in_brief(borough))]
    assert [fault for text in words for fault in faults(text)] == []
    assert any("the Isle of Nowhere" in text for text in words)


def test_no_page_of_the_sample_says_what_is_forbidden(sample_site):
    pages = sorted(sample_site.rglob("*.html"))
    found = {
        str(path.relative_to(sample_site)): faults(text_of(path.read_text(encoding="utf-8")))
        for path in pages
    }
    assert len(found) > 30
    assert {path: told for path, told in found.items() if told} == {}


@pytest.mark.parametrize("which", ["whole", "2019", "bare"])
def test_what_is_counted_as_neighbourhoods_is_no_small_areas(invented, which):
    """There are five times as many small areas, so that a count of these would be too high."""
    borough = invented[which]
    page = text_of(borough_page(borough)) + text_of(
        borough_profile(context_of(borough, peers_of([borough])))
    )
    found = {int(each) for each in re.findall(r"(\d+)(?: of (?:them|its))? neighbourhoods\b", page)}
    assert max(found, default=0) <= len(borough.msoa) < len(borough.lsoa)
    small = {int(each) for each in re.findall(r"(\d+)(?: \w+)? small areas\b", page)}
    assert len(borough.lsoa) in small


@pytest.mark.parametrize("name", list(FORBIDDEN))
def test_what_is_forbidden_is_found(name):
    said = {
        "a plural of one": "in 1 LSOAs and 3 MSOAs",
        "a rank of one": "1st of the 1 of Scilly",
        "two articles": "3 are above the England's target",
        "a minus before nought": "a slope of −0.0 to 0.2",
        "a name without its article": "from 12.9% in Isle of Wight",
        "a name that is itself": "“England” is England.",
        "what is not so": "what a national map never shows",
        "a share of others that counts its own": "Stability: share of other settings",
        "a share of people without a unit": "Income rate 0.488",
        "a small area under another name": "1,562 neighbourhoods (LSOAs)",
        "good and bad places": "in the better half of England",
        "a fifth without a name": "in the 3rd fifth",
    }
    assert [fault.split(":")[0] for fault in faults(said[name])] == [name]
