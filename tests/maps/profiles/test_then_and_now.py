"""The section of profiles on the editions before, on an invented borough."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

import pytest

from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import (
    borough_profile,
    former_profiles,
    msoa_profile,
    pocket_profile,
)
from maps.profiles.then_and_now import borough_then_and_now, then_and_now
from maps.words.of_change import BOUNDARY, CANNOT_TELL
from tests.invented import invented
from tests.invented_change import OLD_MSOA, invented_change


@pytest.fixture(scope="module")
def context():
    borough = invented_change()
    return context_of(borough, peers_of([borough], {borough.code: "northmere"}))


@pytest.fixture(scope="module")
def told(context):
    return borough_then_and_now(context.borough, list(context.book.lsoa.values()))


def section(page):
    """Return the section of a page on then and now, without its marks."""
    (found,) = re.findall(r'<section aria-labelledby="then">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def areas_of(page):
    """Return the cells of each row of the table of small areas, their number left out."""
    (table,) = re.findall(r'<table class="areas.*?</table>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)[1:] for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_a_borough_counts_each_edition_in_its_own_census(told):
    # The invented deciles of 2015 are never 1, and those of 2019 one less than today's.
    assert told.editions == [
        ("2015 (LSOAs of 2011)", "25", "0 (0%)", "5 (20%)"),
        ("2019 (LSOAs of 2011)", "25", "5 (20%)", "8 (32%)"),
        ("2025 (LSOAs of 2021)", "25", "3 (12%)", "5 (20%)"),
    ]


def test_rows_of_each_number_of_editions_add_up(told, context):
    assert [words for words, *_ in told.times] == ["In all 3", "In 2", "In 1", "In none"]
    counts = [int(areas.split(" ")[0]) for _, areas, _ in told.times]
    assert counts == [0, 3, 2, 20]
    people = [int(words.split(" ")[0].replace(",", "")) for *_, words in told.times]
    assert sum(people) == context.borough.lsoa["population"].sum()


def test_the_pockets_of_before_say_what_became_of_them(told):
    rows = [(pocket.name, pocket.fate, pocket.kept) for pocket in told.former]
    assert sorted(rows) == [
        ("Fold North", "Was merged", "all"),
        ("Fold South", "Was merged", "all"),
        ("Gone Hollow", "Is gone", "none"),
        ("Old Alder", "Grew", "all"),
    ]
    linked = {pocket.name: pocket.became for pocket in told.former}
    assert linked["Gone Hollow"] == []
    assert linked["Old Alder"] == [("E06900001-E01900000", "1, Alder Bank")]


def test_the_flow_counts_every_small_area(told):
    assert sum(int(row[1]) for row in told.flow_rows) == 25
    assert told.flow.count('class="cell"') == 100
    drawn = re.findall(r'<text class="count[^>]*>(\d+)</text>', told.flow)
    assert sum(map(int, drawn)) == 25
    assert told.flow.count('class="kept"') == 10


def test_the_pages_say_that_the_data_cannot_tell_why(context):
    pocket = context.borough.pockets.index[1]
    pages = [borough_profile(context), pocket_profile(context, pocket)]
    pages += [msoa_profile(context, code) for code in context.borough.msoa.index]
    for page in pages:
        assert CANNOT_TELL in section(page)
        assert "2019" in section(page)


def test_a_pocket_says_where_it_comes_from_and_that_it_is_a_boundary(context):
    grown, merged = (section(pocket_profile(context, key)) for key in context.borough.pockets.index)
    assert (
        "It follows one pocket of the edition of 2019 and takes in more people: Old Alder." in grown
    )
    assert BOUNDARY not in grown
    assert "It joins 2 pockets of the edition of 2019: Fold South; Fold North." in merged
    assert BOUNDARY in merged


def test_an_area_that_was_redrawn_is_marked_as_estimated(context):
    code = context.borough.lsoa.loc["E01900003", "msoa_code"]
    whole = msoa_profile(context, code)
    page, table = section(whole), areas_of(whole)
    for earlier in (2, 3):
        marked = {row[0].split()[-1] for row in table if row[earlier].endswith("[e]")}
        assert marked == {"E01900003", "E01900004"}
    assert "[e] an estimate, carried from areas of another census." in whole
    assert "The boundaries of 2 of its 5 small areas have changed since the census of 2011" in page
    others = context.borough.lsoa.loc["E01900300", "msoa_code"]
    assert "[e]" not in msoa_profile(context, others)


def test_the_areas_of_a_place_have_their_deciles_of_every_edition(context):
    own = context.borough.lsoa
    code = own.loc["E01900300", "msoa_code"]
    page = msoa_profile(context, code)
    assert re.findall(r">Decile (20\d\d)[^<]*</th>", page) == ["2015", "2019", "2025"]
    for row in areas_of(page):
        area = own.loc[row[0].split()[-1]]
        names = [f"imd_2025_decile_{year}" for year in (2015, 2019)] + ["imd_2025_decile"]
        assert row[2:5] == [str(int(area[name])) for name in names]


def test_where_pockets_cannot_be_followed_it_says_so():
    borough = invented_change(followed=False)
    context = context_of(borough, peers_of([borough], {borough.code: "northmere"}))
    page = section(borough_profile(context))
    assert "What became of the pockets of the edition of 2019 is not known here" in page
    assert "What became of the pockets of the edition of 2019, by people" not in page
    assert "pocket" not in section(pocket_profile(context, borough.pockets.index[0]))


def test_what_the_comparison_is_without_is_said_in_every_profile(context):
    said = "What has lasted is told without 2015."
    borough = replace(context.borough, lacking_change=(said,))
    told = context_of(borough, peers_of([borough], {borough.code: "northmere"}))
    first, pocket = str(borough.msoa.index[0]), str(borough.pockets.index[0])
    pages = [borough_profile(told), msoa_profile(told, first), pocket_profile(told, pocket)]
    assert [section(page).count(said) for page in pages] == [1, 1, 1]
    assert said not in section(borough_profile(context))


def test_a_borough_of_an_edition_without_earlier_ones_has_no_such_section():
    borough = invented()
    context = context_of(borough, peers_of([borough], {borough.code: "northmere"}))
    assert 'id="then"' not in borough_profile(context)
    assert then_and_now(borough, context.book.areas(borough.msoa.index[0])) is None


def test_a_page_stands_where_a_former_neighbourhood_or_pocket_had_one(context):
    pages = former_profiles(context)
    gone = [
        key
        for key in context.borough.change.before.index
        if key not in context.borough.pockets.index
    ]
    assert set(pages) == {f"profiles/{OLD_MSOA}.html", *(f"pockets/{key}.html" for key in gone)}
    split = pages[f"profiles/{OLD_MSOA}.html"]
    assert "census of 2011, whose boundary has changed: it was split into" in split
    names = context.borough.msoa["area_name"].iloc[:2]
    for code, name in names.items():
        assert f'<li><a href="{code}.html">{escape(name)}</a></li>' in split
    hollow = pages["pockets/E06900001-E01900202.html"]
    assert "by 2025 it is gone." in hollow
    assert "No pocket of" in hollow
    merged = pages["pockets/E06900001-E01900303.html"]
    assert "was merged" in merged
    assert 'href="E06900001-E01900404.html"' in merged
    for page in pages.values():
        assert CANNOT_TELL in page


def test_former_pages_are_led_to_from_the_borough_and_told_from_those_of_today(context):
    said, pages = borough_profile(context), former_profiles(context)
    for path in pages:
        assert f'href="{path}"' in said
    # Old Alder is under its id still, and its page is today's
    assert '<th scope="row">Old Alder</th>' in said
    assert "<h1>Former pocket Gone Hollow (2019)</h1>" in pages["pockets/E06900001-E01900202.html"]
    titles = [re.search("<title>(.*)</title>", page)[1] for page in pages.values()]
    assert f"Former neighbourhood {OLD_MSOA}, Northmere: profile" in titles
    assert len(set(titles)) == len(titles)


def test_an_edition_without_earlier_ones_has_no_such_pages():
    borough = invented()
    assert former_profiles(context_of(borough, peers_of([borough]))) == {}
