"""Where a service has gone: items and titles that are the record's, and those that are not."""

from __future__ import annotations

import pytest

from geo.errors import ChangedError, SourceError
from geo.fetch.lists import PORTAL
from geo.fetch.portal import near_services, service_of_item, service_of_title
from geo.net.heads import RequestError
from tests.geo.publisher import layer

HOST = "https://services1.arcgis.com"
WANTED = layer(HOST, called="Areas (2021) Boundaries", item="0a1b")
PLACE = f"{HOST}/org/arcgis/rest/services/Areas_V5/FeatureServer"


class Portal:
    """Stands for who asks: answers with one thing, whatever is asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def json(self, url):
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    json_once = json


def item(title="Areas (2021) Boundaries (V5)", url=PLACE):
    return {"title": title, "url": url}


@pytest.mark.parametrize(
    "told",
    [item(), item("areas (2021)  Boundaries"), item(url=f"{PLACE}/"), item(url=f"{PLACE}/0")],
)
def test_an_item_leads_to_its_first_layer(told):
    portal = Portal(told)
    assert service_of_item(WANTED, portal) == f"{PLACE}/0"
    assert portal.asked == [f"{PORTAL}/content/items/0a1b?f=json"]


def test_an_item_may_be_of_another_host_of_the_portal():
    other = PLACE.replace("services1", "services2")
    assert service_of_item(WANTED, Portal(item(url=other))) == f"{other}/0"


@pytest.mark.parametrize(
    "told",
    [
        item("Areas (2011) Boundaries (V5)"),
        item("Areas (2021) Boundaries in Nowhere"),
        item(None),
        item(url=None),
        item(url=7),
        item(url="https://[::1"),
        item(url=PLACE.replace("https", "http")),
        item(url=PLACE.replace("services1.arcgis.com", "example.org")),
        item(url=PLACE.replace("services1.arcgis.com", "arcgis.com.example.org")),
        item(url=f"{PLACE}?token=x"),
        item(url=HOST),
        {},
    ],
)
def test_an_item_of_another_thing_is_refused(told):
    with pytest.raises(SourceError):
        service_of_item(WANTED, Portal(told))
    with pytest.raises(SourceError):
        service_of_title(WANTED, Portal({"results": [told]}))


def test_other_things_are_told_apart_from_nothing():
    other = item("Areas (2011) Boundaries (V5)")
    with pytest.raises(ChangedError, match="another thing than the recorded layer") as caught:
        service_of_title(WANTED, Portal({"results": [other, 7, other]}))
    assert caught.value.found == ", ".join(["“Areas (2011) Boundaries (V5)”"] * 2)
    with pytest.raises(SourceError, match="has no recorded layer") as caught:
        service_of_title(WANTED, Portal({"results": []}))
    assert not isinstance(caught.value, ChangedError)


def test_of_several_versions_the_highest_is_taken():
    versions = ["", " (V2)", " (V10)", " (V9)"]
    results = [
        item(f"Areas (2021) Boundaries{version}", PLACE.replace("V5", f"v{number}"))
        for number, version in enumerate(versions)
    ]
    found = service_of_title(WANTED, Portal({"results": results}))
    assert found == PLACE.replace("V5", "v2") + "/0"


@pytest.mark.parametrize("title", [" " * 5_000_000, "a" + " " * 5_000_000 + "(V5"])
def test_five_megabytes_of_spaces_are_another_title(title):
    with pytest.raises(SourceError):
        service_of_item(WANTED, Portal(item(title)))


def test_a_version_is_read_however_it_is_spaced():
    told = item("Areas (2021)  Boundaries \t(V  5) ")
    assert service_of_item(WANTED, Portal(told)) == f"{PLACE}/0"


@pytest.mark.parametrize("answer", [{}, {"results": None}, {"results": [7, None]}])
def test_a_search_that_finds_nothing_is_refused(answer):
    with pytest.raises(SourceError, match="Found: nothing"):
        service_of_title(WANTED, Portal(answer))


def test_near_names_are_told_where_they_can_be_had():
    listed = {"services": [{"name": "Areas_V7"}, {"name": "Wards"}]}
    portal = Portal(listed)
    assert near_services(WANTED, portal) == "services with names near “Areas”: Areas_V7, Wards"
    assert portal.asked == [f"{HOST}/org/arcgis/rest/services?f=json"]
    for answer in ({}, {"services": 7}, RequestError("gone", passing=False)):
        assert near_services(WANTED, Portal(answer)) == ""
