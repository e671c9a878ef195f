"""The edition of the tiny England: official addresses and layouts, the sample's counts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from geo.fetch.errand import Patience
from layers.catalogue import catalogue
from layers.layer import edition, editions
from tests.publishers.cuts.grids import is_grid
from tests.publishers.edition import PATIENCE, tiny_england
from tests.publishers.stock import known, spelt


@pytest.fixture(scope="module", autouse=True)
def tiny(tmp_path_factory):
    with tiny_england(tmp_path_factory.mktemp("records")):
        yield


def test_each_source_is_the_official_one_but_for_what_its_file_holds():
    for source_id in edition("tiny").sources.values():
        tiny = catalogue()[source_id]
        [official] = [one for one in catalogue().values() if one.id != source_id
                      and (one.title, one.path) == (tiny.title, tiny.path)]  # fmt: skip
        assert tiny.address == official.address
        assert [form.path for form in tiny.accepted][:1] == [official.path]
        for name, table in tiny.tables.items():
            assert table.key == official.tables[name].key
            assert table.rows in {None, 230, 46, 2530, 5}


def test_each_address_of_every_record_is_played():
    played = {spelt(url) for file in known()["file"] for url in (file.url, file.by, file.also)}
    services = {service.name for service in known()["service"]}
    pages = {page.slug for page in known()["page"]}
    for source in catalogue().values():
        address = source.address
        if address.kind.startswith("feature-"):
            assert address.url.split("/")[-3] in services
        elif "uk-air" in address.url:
            assert is_grid(address.url.rpartition("/")[2])
        else:
            assert {spelt(url) for url in (address.url, *address.also) if url} <= played
        assert address.slug in {"", *pages}


def test_this_process_is_less_patient():
    assert Patience() == Patience(**PATIENCE)


def test_nobody_else_knows_of_it(tmp_path):
    said = "from layers.layer import editions; print('tiny' in editions())"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
    assert "tiny" in editions()


def test_the_command_knows_it_as_a_module(tmp_path):
    command = [sys.executable, "-m", "tests.publishers.edition", "sources", "--edition", "tiny"]
    settings = {**os.environ, "POCKETS_CACHE": str(tmp_path), "POCKETS_MIRROR": ""}
    ran = subprocess.run(command, capture_output=True, text=True, env=settings, check=False)
    assert (ran.returncode, ran.stdout.count("absent")) == (0, len(edition("tiny").sources))
