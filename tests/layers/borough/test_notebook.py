"""What a notebook shows of a borough, an edition and a source: their facts, and no markup."""

from __future__ import annotations

import dataclasses
import re

import pytest

from geo.notebook import card
from layers.catalogue import catalogue
from layers.layer import edition

NASTY = '<script>alert("1")</script> & Sons'
SAFE = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Sons"


def rows(page):
    return dict(re.findall(r"<tr><th>(.*?)</th><td>(.*?)</td></tr>", page))


def test_a_borough_is_shown_with_its_people_and_pockets(invented_borough):
    shown = rows(invented_borough._repr_html_())
    assert shown["Code"] == invented_borough.code
    assert shown["Edition"] == invented_borough.edition.title
    assert shown["Neighbourhoods"] == str(len(invented_borough.lsoa))
    assert int(shown["People"].replace(",", "")) == invented_borough.lsoa["population"].sum()
    assert shown["Pockets"] == str(len(invented_borough.pockets))
    largest = invented_borough.pockets.sort_values("population")["name"].iloc[-1]
    assert shown["Largest in people"].startswith(largest)


def test_a_borough_without_pockets_says_so(invent):
    shown = rows(invent(pockets=False)._repr_html_())
    assert shown["Pockets"] == "0"
    assert "Largest in people" not in shown


def test_an_edition_lists_its_layers_with_their_units():
    known = edition("2019")
    shown = rows(known._repr_html_())
    assert shown["Areas"] == "LSOA and MSOA 2011, districts of 2022"
    assert [layer.id for layer in known.layers] == list(shown)[2:]
    assert shown["fuel_poverty_2020"].endswith("(%)")


@pytest.mark.parametrize("source", catalogue().values(), ids=lambda source: source.id)
def test_a_source_is_shown_with_publisher_and_licence(source):
    shown = rows(source._repr_html_())
    assert (shown["Id"], shown["Licence"]) == (source.id, source.licence.replace("'", "&#x27;"))
    assert "None" not in shown.values()


def test_no_name_is_taken_for_markup(invent):
    borough = invent(nasty=True)
    pockets = borough.pockets.assign(name=NASTY)
    spoiled = dataclasses.replace(borough, name=NASTY, pockets=pockets)
    source = dataclasses.replace(next(iter(catalogue().values())), title=NASTY, publisher=NASTY)
    known = dataclasses.replace(edition("2019"), title=NASTY, id=NASTY)
    for shown in (spoiled, source, known):
        page = shown._repr_html_()
        assert "<script" not in page
        assert SAFE in page
    assert card(NASTY, {NASTY: NASTY}).count(SAFE) == 3
