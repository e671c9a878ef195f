"""The generated pages of docs/ say what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers.catalogue import catalogue
from scripts.cli import app
from scripts.dev.write_docs import DOCS, PAGES, cli_page, data_page

OFFICIAL = [source for source in catalogue().values() if source.address.kind != "made"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_on_disk_is_what_is_generated(name):
    found = (DOCS / name).read_text(encoding="utf-8")
    assert found == PAGES[name](), "run make docs"


@pytest.mark.parametrize("command", [one.callback.__name__ for one in app.registered_commands])
def test_every_command_is_in_the_page_of_commands(command):
    assert f"\n## {command}\n\n`pockets {command}" in cli_page()


def test_no_option_is_without_a_meaning():
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \|", cli_page(), re.MULTILINE)
    assert len(rows) > 30
    assert [name for name, meaning in rows if len(meaning) < 10 or meaning == "None"] == []


def test_nothing_of_this_machine_is_in_the_pages():
    for page in (cli_page(), data_page()):
        assert str(Path.home()) not in page
        assert str(DOCS.parent) not in page


@pytest.mark.parametrize("source", OFFICIAL, ids=lambda source: source.id)
def test_every_official_source_has_a_section(source):
    section = data_page().split(f"\n## {source.id}\n")[1].split("\n## ")[0]
    address = source.address
    told = (source.title, source.publisher, source.page, address.url, address.note, address.member)
    told += (source.edition, source.period, source.geography, source.licence, source.attribution)
    assert [text for text in told if text not in section] == []
    assert str(source.vintage or "") in section
    assert f", grade {address.grade}" in section or not address.grade
    assert re.search(r"- \*\*Checked\*\*:\n  - \S", section)


def test_every_layout_is_told_with_its_file():
    page = data_page()
    told = [
        f"layout `{form.layout}`, `{form.path}` ({form.format}): {form.note}"
        for source in OFFICIAL
        for form in source.layouts
    ]
    assert len(told) >= 2
    assert [text for text in told if text not in page] == []


def test_every_file_of_the_sample_is_in_its_table():
    table = data_page().split("# The sample")[1]
    made = [source for source in catalogue().values() if source.address.kind == "made"]
    assert len(re.findall(r"^\| sample_", table, re.MULTILINE)) == len(made)
