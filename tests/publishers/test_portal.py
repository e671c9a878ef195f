"""The portal knows where a service has gone: by its item, or by the search for its title."""

from __future__ import annotations

import requests

PORTAL = "https://www.arcgis.com/sharing/rest"
SVC = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
LSOA = "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5"
ITEM = "68515293204e43ca8ab56fa13ae8a547"
TITLE = "Lower layer Super Output Areas (December 2021) Boundaries EW BGC"


def ask(url, **query):
    return requests.get(url, params={"f": "json", **query}, timeout=10).json()


def item(number=ITEM):
    return ask(f"{PORTAL}/content/items/{number}")


def search(title, organisation="ESMARspQHYMw9BZ9"):
    query = f'orgid:{organisation} AND title:"{title}"'
    return ask(f"{PORTAL}/search", q=query, num=100)["results"]


def there(name):
    return "error" not in ask(f"{SVC}/{name}/FeatureServer/0")


def test_an_item_leads_to_its_service(publishers):
    assert item()["url"] == f"{SVC}/{LSOA}/FeatureServer"
    assert item()["title"] == f"{TITLE} (V5)"
    assert item("0" * 32)["error"]["code"] == 400


def test_a_search_finds_the_item_among_near_ones(publishers):
    found = search(TITLE)
    assert [one["title"].removeprefix(TITLE) for one in found] == [
        " (V1)", " (V5)", " (V5)", " in Nowhere (V9)",
    ]  # fmt: skip
    assert [one["type"] for one in found].count("Feature Service") == 3
    assert [there(one["url"].split("/")[-2]) for one in found if one["url"]] == [False, True, False]
    assert search(TITLE, organisation="another") == []
    assert search("Lower layer Areas") == []


def test_a_search_comes_in_pages(publishers):
    first = ask(f"{PORTAL}/search", q=f'title:"{TITLE}"', num=3)
    assert (first["total"], first["num"], first["nextStart"]) == (4, 3, 4)
    rest = ask(f"{PORTAL}/search", q=f'title:"{TITLE}"', num=3, start=4)
    assert (rest["num"], rest["nextStart"]) == (1, -1)
    assert len(ask(f"{PORTAL}/search", q='title:"Boundaries"')["results"]) == 10


def test_a_service_that_was_renamed_is_found_by_its_item(publishers):
    publishers.rename(LSOA, "LSOA_2021_EW_BGC_V6", version=6)
    assert not there(LSOA)
    assert item()["url"] == f"{SVC}/LSOA_2021_EW_BGC_V6/FeatureServer"
    assert there("LSOA_2021_EW_BGC_V6")


def test_a_service_that_was_issued_anew_is_found_by_the_search_alone(publishers):
    publishers.reissue(LSOA, "LSOA_2021_EW_BGC_V6", version=6)
    assert not there(LSOA)
    assert "error" in item()
    best = max(one["title"] for one in search(TITLE) if "Nowhere" not in one["title"])
    assert best == f"{TITLE} (V6)"
    assert there("LSOA_2021_EW_BGC_V6")


def test_a_service_that_was_taken_down_is_found_by_nothing(publishers):
    publishers.take_down(LSOA)
    assert not there(LSOA)
    assert "error" in item()
    assert search(TITLE) == []
    publishers.behave()
    assert there(LSOA)
    assert item()["title"] == f"{TITLE} (V5)"
