"""Finding a place on a borough's page: what is typed, what is chosen, and where the focus goes."""

from __future__ import annotations

from urllib.parse import parse_qs

import pandas as pd
import pytest

from geo.codes import normal_name
from maps.look.html import static_text

pytestmark = pytest.mark.browser

NAMES = "lookups/MSOA_2011_Names_House_of_Commons_Library.csv"
LOOKUP = "lookups/LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv"
NASTY = [
    "",
    "   ",
    "St.Helens",
    "St. Helens",
    "SAINT HELENS",
    "Saint",
    "All Saints",
    "Saint Saint-Denis & Saint",
    "King's Lynn",
    "King’s Lynn",
    "King‘s Lynn",
    "King＇s Lynn",
    "O`Brien´s",
    "ʼn ŉ",
    "Stoke-on-Trent",
    "Stoke–on—Trent",
    "Brighton&Hove",
    "Brighton ＆ Hove",
    "Westward Ho!",
    "Plaistow (Bromley)",
    "Ynys Môn",
    "Ynys Mo\u0302n",
    "İstanbul",
    "STRAßE",
    "Ørsted æ ﬁ",
    "Ｌ３６ ９ＵＸ",
    "Isle\u00a0of\u2009Wight",
    "a\u200bb",
    "a\tb\r\nc",
    "½ ² Ⅳ ℡",
    "Λάρισα ς",
    "👩‍👩‍👧 x",
    "_a_b_",
]
POSTCODES = [
    "ZZ3 2AB",
    "zz32ab",
    "ZZ3-2AB",
    "zz3.2ab",
    " zz3  2ab, Northmere",
    "postcode ZZ3 2AB, please",
    "(ZZ3 2 AB)",
    "ZZ3\u00a02AB",
    "ＺＺ３ ２ＡＢ",
]


def place(page):
    return parse_qs(page.evaluate("location.hash.slice(1)")).get("place", [""])[0]


def options(page):
    return page.locator("#found [role=option]").all_inner_texts()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def active(page):
    """The words of the active option, as the box names it; nothing where it names none."""
    return page.evaluate(
        """(() => {
            const id = document.getElementById('find-text').getAttribute('aria-activedescendant');
            const active = [...document.querySelectorAll('#found [aria-selected=true]')];
            const named = active.length === 1 && active[0].id === id;
            return named ? active[0].textContent : active.length || id ? 'at odds' : '';
        })()"""
    )


def search(page, text):
    page.fill("#find-text", text)
    page.press("#find-text", "Enter")


def plain_names(page, names):
    """What the search makes of names: by the script of the page, whose functions are its own."""
    script = static_text("find.js")
    assert script in page.text_content("script:not([type])")
    return page.evaluate(f"names => {{ {script}; return names.map(plainName); }}", names)


def test_the_page_and_the_commands_bring_names_to_one_form(visit, invented_borough):
    signs = [chr(code) for code in [*range(0x20, 0x3000), *range(0xFB00, 0xFB07)]]
    names = [*NASTY, *invented_borough.msoa["area_name"], *(f"a{sign}B" for sign in signs)]
    found = plain_names(visit(), names)
    assert dict(zip(names, found, strict=True)) == {name: normal_name(name) for name in names}


def test_official_names_have_one_form_too(visit, official_mirror):
    msoas = pd.read_csv(official_mirror / NAMES)
    msoas = msoas.loc[msoas["msoa11cd"].str.startswith("E"), "msoa11hclnm"].tolist()
    districts = pd.read_csv(official_mirror / LOOKUP)["LAD22NM"].unique().tolist()
    found = plain_names(visit(), [*msoas, *districts])
    assert (len(msoas), len(districts)) == (6791, 309)
    assert found == [normal_name(name) for name in [*msoas, *districts]]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_postcode_is_found_whatever_stands_round_it(visit, size, invented_borough):
    page = visit(size=size)
    code = invented_borough.postcodes["ZZ3 2AB"]
    name = invented_borough.lsoa.at[code, "area_name"]
    for text in POSTCODES:
        search(page, text)
        assert place(page) == code, text
        assert page.inner_text("#selection h2") == name
        assert page.inner_text("#said").startswith(f"{name}, in Cedar Dale.")
        assert page.inner_text("#find-message") == ""
        assert focused(page) == "selection-heading"
        assert page.input_value("#find-text") == "ZZ3 2AB"
        page.click("#selection .panel-head button:not(.pin)")
        assert place(page) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("AB1 2CD", "AB1 2CD is not among the postcodes of Northmere that this page holds."),
        ("at ab1-2cd", "AB1 2CD is not among the postcodes of Northmere that this page holds."),
        ("AB1 2CD", "holds. The postcodes are invented, as the places are. Nothing is selected."),
        (" Atlantis ", "Nothing in Northmere is called “Atlantis”, and nothing is selected."),
    ],
)
def test_what_is_not_found_is_named_and_leaves_nothing_selected(visit, text, said):
    page = visit(address="#place=E01900101")
    assert page.is_visible("#selection")
    search(page, text)
    assert said in page.inner_text("#find-message")
    assert "othing is selected" in page.inner_text("#find-message")
    assert page.inner_text("#said") == "Nothing is selected."
    assert place(page) == ""
    assert not page.is_visible("#selection")
    assert focused(page) == "find-text"
    page.go_back()
    assert place(page) == "E01900101"


def test_the_age_of_postcodes_is_told_once_at_a_time(visit):
    page = visit()
    assert page.inner_text("#find").count("The postcodes are invented") == 1
    search(page, "AB1 2CD")
    assert page.inner_text("#find").count("The postcodes are invented") == 1


def test_an_empty_search_asks_for_a_text_and_leaves_the_selection(visit):
    page = visit(address="#place=E01900101")
    search(page, "  ")
    assert page.inner_text("#find-message") == "Type a postcode or a name."
    assert place(page) == "E01900101"


def test_the_one_match_is_taken(visit):
    page = visit()
    page.fill("#find-text", "birch cross and")
    assert page.inner_text("#find-message") == "1 match"
    page.press("#find-text", "Enter")
    assert place(page) == "E02900001"
    assert page.input_value("#find-text") == "Birch Cross & Mill"
    assert focused(page) == "selection-heading"


@pytest.mark.parametrize("press", ["Enter", "Find"])
def test_of_several_matches_none_is_taken_before_one_is_chosen(visit, press):
    page = visit(address="#place=E02900001")
    page.fill("#find-text", "damson")
    page.press("#find-text", "Escape")
    assert options(page) == []
    if press == "Enter":
        page.press("#find-text", "Enter")
    else:
        page.click("#find .button")
    found = options(page)
    assert found[0] == "Pocket 2, Damson End"
    assert len(found) > 1
    assert page.inner_text("#find-message") == f"{len(found)} matches. Choose one of them."
    assert place(page) == "E02900001"
    assert focused(page) == "find-text"
    page.click("#found [role=option] >> nth=0")
    assert place(page) == "E06900001-E01900404"
    assert focused(page) == "selection-heading"
    assert options(page) == []


def test_a_whole_name_is_taken_among_others_that_contain_it(visit, invented_borough):
    page = visit()
    code, name = next(
        (code, name)
        for code, name in invented_borough.lsoa["area_name"].items()
        if name not in set(invented_borough.msoa["area_name"])
    )
    search(page, name.upper())
    assert place(page) == code
    search(page, code.lower())
    assert page.inner_text("#selection h2") == name


def test_arrows_home_and_end_go_through_the_list(visit):
    page = visit()
    box = page.locator("#find-text")
    page.fill("#find-text", "northmere")
    found = options(page)
    assert len(found) == 8
    assert "the first 8 listed" in page.inner_text("#find-message")
    assert (box.get_attribute("aria-expanded"), active(page)) == ("true", "")
    for key, number in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("End", 7),
        ("ArrowDown", 0),
        ("ArrowUp", 7),
        ("Home", 0),
        ("ArrowDown", 1),
    ):
        box.press(key)
        assert active(page) == found[number], key
    assert focused(page) == "find-text"
    box.press("Enter")
    assert page.inner_text("#selection h2") == found[1].split(", in ")[0]
    assert focused(page) == "selection-heading"
    assert box.get_attribute("aria-expanded") == "false"


def test_escape_closes_the_list_then_empties_the_box(visit):
    page = visit(address="#place=E01900101")
    page.fill("#find-text", "northmere")
    page.press("#find-text", "ArrowUp")
    assert active(page) == options(page)[-1]
    page.press("#find-text", "Escape")
    assert (options(page), active(page)) == ([], "")
    assert page.input_value("#find-text") == "northmere"
    page.press("#find-text", "ArrowDown")
    assert active(page) == options(page)[0]
    page.press("#find-text", "Escape")
    page.press("#find-text", "Escape")
    assert page.input_value("#find-text") == ""
    assert place(page) == "E01900101"


def test_leaving_the_box_closes_the_list(visit):
    page = visit()
    page.fill("#find-text", "northmere")
    page.keyboard.press("Tab")
    assert len(options(page)) == 8
    page.keyboard.press("Tab")
    assert options(page) == []


@pytest.mark.parametrize("size", ["desktop", "phone", "narrow"])
@pytest.mark.parametrize("font", ["inherit", "monospace"])
def test_the_list_lies_over_the_page_and_inside_it(visit, size, font, nasty_borough):
    page = visit(name="nasty", size=size)
    page.evaluate(f"document.body.style.fontFamily = '{font}'")
    where = "document.querySelector('input[name=compare]').getBoundingClientRect().top"
    page.locator("#find-text").scroll_into_view_if_needed()
    before = page.evaluate(where)
    page.fill("#find-text", nasty_borough.lsoa["area_name"].iloc[0][:9])
    assert options(page)
    assert "match" in page.inner_text("#find-message")
    assert page.evaluate(where) == before
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(".answer").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate(
        "(() => { const list = document.getElementById('found');"
        " return list.scrollWidth <= list.clientWidth; })()"
    )


@pytest.mark.parametrize("size", ["desktop", "narrow"])
def test_axe_finds_nothing_in_the_open_list(visit, violations, size):
    page = visit(size=size)
    page.fill("#find-text", "northmere")
    page.press("#find-text", "ArrowDown")
    assert violations(page) == []
