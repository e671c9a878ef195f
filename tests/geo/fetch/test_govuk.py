"""Attachments of a page: by file name, then by title, and one only."""

from __future__ import annotations

import pytest

from geo.errors import ChangedError, SourceError
from geo.fetch.govuk import attachment_of
from geo.fetch.lists import GOVUK
from tests.geo.publisher import source

ASSETS = "https://assets.publishing.service.gov.uk/media"
WANTED = source(
    kind="govuk",
    url="",
    slug="government/statistics/people",
    attachment="People_2023.xlsx",
    attachment_title="People: 2023 data",
)


class Page:
    """Stands for who asks: answers with a page, and with another one where that leads on to."""

    def __init__(self, answer, **others):
        self.answers = {f"{GOVUK}government/statistics/people": answer}
        self.answers |= {f"{GOVUK}{slug}": told for slug, told in others.items()}

    def json(self, url):
        return self.answers.pop(url)


def found(*attached):
    return attachment_of(WANTED, Page({"details": {"attachments": list(attached)}}))


def attached(name, title="", url=ASSETS):
    return {"url": f"{url}/1a/{name}", "title": title}


def test_a_file_name_comes_before_a_title():
    named, titled = attached("people_2023.XLSX"), attached("b.xlsx", "people:  2023 Data")
    assert found(titled, named) == named["url"]
    assert found(attached("a.xlsx"), titled) == titled["url"]


def test_a_name_may_be_written_for_addresses():
    spaced = attached("People%5F2023.xlsx?x=1")
    assert found(spaced) == spaced["url"]


def test_an_address_without_a_host_is_gov_uks_own():
    assert found({"url": "/media/People_2023.xlsx"}) == "https://www.gov.uk/media/People_2023.xlsx"


def test_the_same_file_listed_twice_is_one():
    named = attached("People_2023.xlsx")
    assert found(named, named) == named["url"]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "no file"),
        ([attached("People_2022.xlsx")], "1 others"),
        (
            [attached("People_2023.xlsx"), attached("People_2023.xlsx", url=f"{ASSETS}/other")],
            "several of that name",
        ),
        ([attached("People_2023.xlsx", url="https://example.org")], "no file"),
        ([attached("People_2023.xlsx", url=ASSETS.replace("https", "http"))], "no file"),
        ([attached("People_2023.xlsx", url="https://gov.uk.example.org")], "no file"),
        ([None, 7, {}, {"url": 7}, {"url": "https://[::1"}], "no file"),
    ],
)
def test_a_page_without_the_one_file_is_refused(listed, said):
    with pytest.raises(SourceError, match=said) as caught:
        found(*listed)
    assert "People_2023.xlsx or titled “People: 2023 data”" in caught.value.expected


@pytest.mark.parametrize("answer", [{}, {"details": None}, {"details": {"attachments": {}}}])
def test_a_page_that_lists_nothing_is_refused(answer):
    with pytest.raises(SourceError, match="lists no attachments"):
        attachment_of(WANTED, Page(answer))


SHEETS = source(
    kind="govuk",
    url="",
    slug="government/statistics/people",
    attachment="People_2023.xlsx",
    format="xlsx",
)


def test_the_only_file_of_the_recorded_format_is_taken_under_any_name():
    """It was named anew; whether it is the same thing, its contents say."""
    new = attached("people-2023-corrected.xlsx")
    page = {"details": {"attachments": [attached("notes.pdf"), new, attached("people.ods")]}}
    assert attachment_of(SHEETS, Page(page)) == new["url"]
    page["details"]["attachments"].append(attached("people-2024.xlsx"))
    with pytest.raises(ChangedError, match="4 others"):
        attachment_of(SHEETS, Page(page))


MOVED = {"document_type": "redirect", "redirects": [{"destination": "/guidance#people"}]}


@pytest.mark.parametrize(
    "told",
    [
        MOVED,
        {**MOVED, "redirects": [7, {"destination": 7}, {"destination": "/guidance"}]},
        {**MOVED, "redirects": None, "base_path": "/guidance"},
    ],
)
def test_a_page_that_has_moved_is_followed(told):
    named = attached("People_2023.xlsx")
    there = {"details": {"attachments": [named]}}
    assert attachment_of(WANTED, Page(told, guidance=there)) == named["url"]


@pytest.mark.parametrize(
    "place",
    ["https://example.org/guidance", "/government/statistics/people", "//["],
)
def test_a_page_is_followed_to_another_one_of_the_same_host_alone(place):
    """Nobody else is asked: the page is read as it is."""
    told = {**MOVED, "redirects": [{"destination": place}]}
    with pytest.raises(SourceError, match="lists no attachments"):
        attachment_of(WANTED, Page(told))


def test_a_page_is_followed_once():
    with pytest.raises(SourceError, match="lists no attachments"):
        attachment_of(WANTED, Page(MOVED, guidance={**MOVED, "base_path": "/elsewhere"}))
