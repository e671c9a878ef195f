"""The list of sources: readable at 80 columns, with everything a record says of itself."""

from __future__ import annotations

import re

import pytest

from geo.fetch.receipts import Receipt
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition, editions
from layers.stock import StockItem, stock
from scripts.listing import described, headed

ADDRESS = re.compile(r" {2}\w+ +https?://\S+$")


def rows(item):
    """Return what is told by name, each text on one line."""
    told, name = {}, ""
    for line in [*described(item)][1:]:
        name = line[2:12].strip() or name
        told[name] = f"{told.get(name, '')} {line[12:].strip()}".strip()
    return told


@pytest.mark.parametrize("key", editions())
def test_no_line_is_wider_than_a_terminal_but_an_address(key, tmp_path):
    files = Files(edition=edition(key), cache=tmp_path, offline=True)
    for item in stock(files):
        for line in described(item):
            assert len(line) <= 80 or ADDRESS.match(line), line
    assert max(map(len, headed(Files(edition=edition(key), cache=tmp_path / "c")))) <= 120


def test_a_source_says_all_that_its_record_says_of_it(tmp_path):
    files = Files(edition=edition("2019"), cache=tmp_path, offline=True)
    for item in stock(files):
        told, source = rows(item), item.source
        assert told["record"] == source.id
        assert (told["edition"], told["period"]) == (source.edition, source.period)
        assert told["licence"] == source.licence
        assert told.get("address", "") == source.address.url
        assert told.get("grade", "") == source.address.grade
        assert told["page"] == source.page
        assert ("newer" in told) == (source.superseded_by is not None)


def test_of_several_newer_records_the_newest_is_named(tmp_path):
    old = catalogue()["fuel_poverty_2011"]
    newest = old
    while newest.superseded_by:
        newest = catalogue()[newest.superseded_by]
    told = rows(StockItem("any", old, "absent", "pockets fetch gets it"))
    assert told["newer"] == f"{newest.id}: {newest.title} ({newest.edition})"
    assert newest.period > "2022"


def test_a_download_says_when_it_was_and_where_it_came_from():
    receipt = Receipt(
        source="imd_2019",
        url="https://example.org/elsewhere.csv",
        how="the publisher's page",
        when="2026-03-03T23:59:59+00:00",
        size=1,
        sha256="",
    )
    item = StockItem("imd", catalogue()["imd_2019"], "cache", "sound: as it was fetched", receipt)
    assert next(described(item)) == f"{'imd':<24}{'cache':<8}sound: as it was fetched"
    assert rows(item)["fetched"] == "3 March 2026, from the publisher's page"
    assert rows(item)["address"] == "https://example.org/elsewhere.csv"


def test_the_head_names_the_folders_and_what_has_replaced_the_edition(tmp_path):
    files = Files(edition=edition("2019"), cache=tmp_path / "cache", mirror=tmp_path / "mirror")
    said = " ".join(headed(files))
    assert "replaced by the Indices of Deprivation 2025" in said
    assert f"until you delete it: {tmp_path / 'cache'}" in said
    assert f"Mirror: {tmp_path / 'mirror'}" in said
    assert "Mirror" not in " ".join(headed(Files(edition=edition("sample"), cache=tmp_path)))
