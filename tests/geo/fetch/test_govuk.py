"""Attachments of a page: by file name, then by title, and one only."""

from __future__ import annotations

import pytest

from geo.errors import SourceError
from geo.fetch.govuk import API, attachment_of
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
    """Stands for who asks: answers with a page."""

    def __init__(self, answer):
        self.answer = answer

    def json(self, url):
        assert url == f"{API}government/statistics/people"
        return self.answer


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
