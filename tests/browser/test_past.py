"""Then and now on a borough's page: the view, its toggle, former codes, in a real browser."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from maps.page.borough import borough_page
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import former_profiles
from tests.browser.conftest import LINKS
from tests.invented import series_of
from tests.invented_change import OLD_MSOA, invented_change

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def borough():
    borough = invented_change()
    years = {2018: ("LIHC", 130, 100), 2019: ("LILEE", 165, 120), 2020: ("LILEE", 150, 110)}
    return replace(borough, fuel_series=series_of(borough.code, years))


@pytest.fixture(scope="module", autouse=True)
def page_of_change(site, borough):
    page = borough_page(borough, links=LINKS)
    (site / "past.html").write_text(page, encoding="utf-8", newline="\n")


def counts(page):
    rows = page.locator("#past-counts tr").all()
    cells = [row.locator("th, td").all_inner_texts() for row in rows]
    return {label: int(number) for label, number, _ in cells}


def test_the_view_counts_editions_and_a_year_shows_its_tenths(visit, borough):
    page = visit("past", address="#layer=past")
    assert counts(page) == {"In all 3 editions": 0, "In 2": 3, "In 1": 2, "In none": 20}
    assert "in all 3 editions (2015, 2019 and 2025)" in page.inner_text("#caption")
    page.check("input[name=of][value='2019']", force=True)
    assert page.evaluate("location.hash").endswith("of=2019")
    assert counts(page)["Most deprived tenth"] == 5
    assert sum(counts(page).values()) == len(borough.lsoa)
    assert "of 3, whose boundary has changed, the tenth is an estimate" in page.inner_text(
        "#caption"
    )
    assert "The outlines are the pockets of 2025." in page.inner_text("#caption")
    page.check("input[name=of][value='2025']", force=True)
    assert "outlines" not in page.inner_text("#caption")
    page.go_back()
    page.go_back()
    assert "In none" in counts(page)


def test_the_panel_says_that_a_pocket_has_lasted_beside_how_sure_it_is(visit, borough):
    key = borough.pockets.sort_values("number").index[1]
    page = visit("past", address=f"#place={key}")
    said = page.locator("#selection p").all_inner_texts()
    (at,) = [place for place, text in enumerate(said) if text.startswith("A pocket matching it")]
    assert said[at].startswith("A pocket matching it was there in 2015 and 2019: of the people")
    assert "in a significant cluster" in said[at - 1]
    assert said[at + 1].startswith("“Came back”")


def test_the_comparison_with_the_borough_changes_nothing(visit):
    page = visit("past", address="#layer=past&compare=borough&of=2015")
    assert counts(page)["Most deprived tenth"] == 0
    assert "England" in page.inner_text("#legend")
    assert page.is_checked("input[name=compare][value=england]")
    assert page.is_disabled("input[name=compare][value=borough]")
    assert "compared with England alone" in page.inner_text("#compare-fixed")
    page.check("input[name=layer][value=imd_2025]")
    assert page.is_checked("input[name=compare][value=borough]")
    assert page.is_enabled("input[name=compare][value=england]")
    assert page.is_hidden("#compare-fixed")


def test_the_panel_tells_the_deciles_of_an_area_and_where_a_pocket_comes_from(visit):
    page = visit("past", address="#place=E01900003")
    said = page.inner_text("#selection")
    assert "2015: 4 · 2019: 3 · 2025: 10. Its boundary has changed" in said
    page = visit("past", address="#place=E06900001-E01900404")
    said = page.inner_text("#selection")
    assert "It joins 2 pockets of the edition of 2019" in said
    assert "at least half live in both" in said
    assert "Two pockets are linked where at least half" in said


def test_a_link_to_a_split_area_says_so_and_leads_to_its_parts(visit):
    page = visit("past", address="#place=E01910003")
    message = page.locator("#find-message")
    assert "E01910003 is a code of the census of 2011" in message.inner_text()
    assert "it was split into" in message.inner_text()
    assert page.locator("#selection").is_hidden()
    message.locator("button").first.click()
    assert "(LSOA E01900003)" in page.inner_text("#selection")
    assert page.evaluate("location.hash").endswith("place=E01900003")
    assert message.inner_text() == ""
    page.go_back()
    assert "it was split into" in message.inner_text()
    page.go_forward()
    assert message.inner_text() == ""


def test_a_link_to_a_split_neighbourhood_says_so_and_leads_to_its_parts(visit):
    page = visit("past", address=f"#place={OLD_MSOA}")
    message = page.locator("#find-message")
    assert f"{OLD_MSOA} is a code of the census of 2011" in message.inner_text()
    message.locator("button").first.click()
    assert "(MSOA E02900000)" in page.inner_text("#selection")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_old_link_to_a_profile_lands_on_a_page_that_leads_on(
    visit, violations, borough, size, tmp_path
):
    context = context_of(borough, peers_of([borough]))
    for path, text in former_profiles(context).items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    page = visit(tmp_path / "profiles" / f"{OLD_MSOA}.html", size=size)
    assert "it was split into" in page.inner_text("main")
    assert page.locator("main li a").first.get_attribute("href") == "E02900000.html"
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_code_that_did_not_change_is_selected_as_ever(visit):
    page = visit("past", address="#place=E01900100")
    assert "(LSOA E01900100)" in page.inner_text("#selection")
    assert page.inner_text("#find-message") == ""


def test_a_former_code_is_found_by_the_search(visit):
    page = visit("past")
    page.fill("#find-text", "e01910200")
    page.keyboard.press("Enter")
    assert "became a part of" in page.inner_text("#find-message")
    assert page.evaluate("location.hash").endswith("place=E01910200")
    page.fill("#find-text", "nowhere at all")
    page.keyboard.press("Enter")
    assert "Nothing in Northmere is called" in page.inner_text("#find-message")
    assert "E01910200" not in page.evaluate("location.hash")


def test_what_is_seen_is_downloaded_with_the_deciles_of_each_edition(visit):
    page = visit("past", address="#layer=past")
    with page.expect_download() as waiting:
        page.locator("#table .download").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert waiting.value.suggested_filename == "northmere-past-england.csv"
    marked = [row["area_code"] for row in rows if row["imd_2025_lasting_estimated"] == "true"]
    assert sorted(marked) == ["E01900003", "E01900004", "E01900200"]
    assert {row["decile_2015"] for row in rows} >= {"2", "10"}


def test_the_table_shows_what_the_map_does(visit):
    page = visit("past", address="#layer=past&of=2019")
    assert "Decile in the edition of 2019" in page.inner_text("#headings")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("address", ["#layer=past", "#place=E01910003"])
def test_everybody_can_use_it(visit, violations, size, address):
    page = visit("past", size=size, address=address)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_fuel_poverty_over_the_years_is_drawn_beside_england_with_its_table(
    visit, violations, size
):
    page = visit("past", size=size)
    page.locator("#years summary").click()
    assert page.locator("#years svg").is_visible()
    assert page.locator("#years .run").count() == page.locator("#years .line").count() == 2
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator("#years tr").all()]
    assert rows[0] == ["Data of", "Measure", "Northmere", "England"]
    assert rows[1:] == [
        ["2018", "LIHC", "13.0%", "10.0%"],
        ["2019", "LILEE", "16.5%", "12.0%"],
        ["2020", "LILEE", "15.0%", "11.0%"],
    ]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
