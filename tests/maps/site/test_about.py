from __future__ import annotations

import re
from dataclasses import asdict, replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from markupsafe import escape

from geo.checks import Check
from geo.join import JoinReport
from layers.catalogue import catalogue
from layers.layer import edition, editions
from maps.site import about
from maps.site.about import About, about_pages, checked_for

CHECKS = [
    Check(name="Sum of districts", expected="309 agree", found="309 agree", ok=True),
    Check(name="Areas without a value", expected="none", found="3", ok=None, note="At the edge"),
    Check(name="Sefton", expected="1,234", found="999", ok=False, note="Rows swapped"),
]


class Tables(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in {"td", "th"}

    def handle_data(self, text):
        if self.inside:
            self.rows[-1][-1] += text


@pytest.fixture(scope="module")
def build():
    known = edition("2019")
    found = catalogue()
    joins = JoinReport(name="air_quality", matched=32_840, missing=("E01000001",), extra=())
    return About(
        edition=known,
        place="Cheshire and Merseyside",
        sources=[found[key] for key in ("imd_2019", "lsoa_2011_boundaries", "imd_2019")],
        origins={
            "imd_2019": {"file": "File_7.csv", "sha256": "ab" * 32},
            "lsoa_2011_boundaries": {
                "file": "areas.gpkg",
                "sha256": "cd" * 32,
                "fetched": {
                    "from": "https://example.org/areas",
                    "how": "the recorded address",
                    "when": "2026-11-30T08:00:00+00:00",
                },
            },
        },
        settings={"tau": 5, "rule": "national"},
        joins=pd.DataFrame([joins.row()]),
        checks=pd.DataFrame([asdict(check) for check in CHECKS]),
        clusters=pd.DataFrame(
            [
                ("imd_2019", "england", 32_843, 4_962, 1),
                ("imd_2019", "borough", 1_562, 221, 0),
            ],
            columns=["layer", "frame", "tested", "significant", "unsettled"],
        ),
        figures=pd.DataFrame(
            [("Slope", "0.0171", "0.0172", False, "Earlier analysis")],
            columns=["figure", "published", "ours", "same", "source"],
        ),
    )


@pytest.fixture(scope="module")
def pages(build):
    return about_pages(build)


def test_labels_that_rounding_decides_are_counted(pages):
    rows = Tables(pages["quality"]).rows
    assert ["Overall deprivation (IMD)", "England", "32,843", "4,962", "1 (0.003%)"] in rows
    assert [
        "Overall deprivation (IMD)",
        "each borough built, together",
        "1,562",
        "221",
        "0 (0.000%)",
    ] in rows
    assert "no permutations are drawn" in pages["quality"]


def test_a_build_without_clusters_says_so(build):
    page = about_pages(replace(build, clusters=pd.DataFrame()))["quality"]
    assert "None were looked for." in page


def test_each_page_is_whole_and_leads_to_the_others(pages):
    assert tuple(pages) == tuple(about.PAGES)
    for name, text in pages.items():
        assert '<html lang="en-GB">' in text
        assert len(re.findall("<h1>", text)) == 1
        assert re.search(r"<title>[^<]+Cheshire and Merseyside</title>", text)
        links = set(re.findall(r'href="([^"#]+)"', text))
        others = {f"{other}.html" for other in pages if other != name}
        assert {"../index.html", *others} <= links
        assert not re.search(r"<script|<img|style=", text)
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert text.count("<caption>") == text.count("<table")
        assert "Open Government Licence" in text


def test_methods_name_every_layer_and_the_settings(pages, build):
    rows = {row[0]: row[1:] for row in Tables(pages["methods"]).rows}
    for layer in build.edition.layers:
        assert rows[layer.title][1:] == [layer.full_unit, f"{layer.geography}s", layer.period]
    assert rows["Least rise of a peak"] == ["5"]
    assert rows["Rule of pockets"] == ["national"]


def test_methods_hold_for_every_edition(build):
    for known in editions().values():
        text = about_pages(About(edition=known, place="X", sources=[]))["methods"]
        assert ("does not exist" in text) == known.fictional
        assert f"mid-{known.population_year}" in text


def test_a_source_is_shown_once_with_its_file_and_checks(pages, build):
    text = pages["sources"]
    assert text.count('id="imd_2019"') == 1
    assert f"SHA-256 {'ab' * 32}" in text
    assert "File_7.csv" in text
    assert "fetched 2026-11-30 from https://example.org/areas" in text
    assert "32,844 areas, each with a name and a polygon" in text
    assert "<dd>File_7.csv <span" in text


def test_sums_rows_left_out_and_unconfirmed_bytes_are_told_as_what_they_are():
    record = catalogue()["msoa_population_2019"]
    assert record.sha256 is None
    table = replace(record.tables["persons"], only={"ended": ("",), "code": ("E01", "E02")})
    told = checked_for(replace(record, tables={"main": table}, sha256="ab"))
    assert "sheet “Mid-2019 Persons”: 94 columns under their published names" in " ".join(told)
    assert "sheet “Mid-2019 Persons”: 90 of them numbers that are added up to 18" in told
    assert "sheet “Mid-2019 Persons”: only the rows with ended empty" in told
    assert (
        "sheet “Mid-2019 Persons”: only the rows with code beginning with E01 or beginning with E02"
        in told
    )
    assert [line for line in told if "SHA-256" in line] == []
    confirmed = replace(record, sha256="ab", confirmed=True)
    assert checked_for(confirmed)[0] == "that its bytes are the publisher's (SHA-256 ab)"


def test_every_source_says_what_it_is_checked_for():
    forms = [form for source in catalogue().values() for form in source.accepted]
    assert [form.id for form in forms if not checked_for(form)] == []


def test_a_source_is_told_in_the_layout_that_its_file_had(build):
    """The quinary workbook has no single years to add up, and says so of itself."""
    record = catalogue()["msoa_population_2019"]

    def page(**origin):
        told = {record.id: {"file": "people.xlsx", "sha256": "ef" * 32, **origin}}
        return about_pages(replace(build, sources=[record], origins=told))["sources"]

    assert "90 of them numbers that are added up to 18" in page()
    assert "Single years of age" in page()
    assert "added up to" not in page(layout="quinary")
    assert "Five-year bands of age" in page(layout="quinary")


def test_no_page_tells_of_copies_that_are_not_the_publishers(build):
    """What was read is told by its name and its SHA-256; the rest is for docs/data.md."""
    told = [source for source in catalogue().values() if source.copies]
    text = about_pages(replace(build, sources=told))["sources"]
    assert len(told) > 5
    assert [source.id for source in told if escape(source.copies) in text] == []
    shown = [form.note for source in catalogue().values() for form in source.accepted]
    assert [note for note in shown if re.search("mirror|at hand|record|bytes", note)] == []


def test_checks_come_from_the_record():
    source = catalogue()["imd_2019"]
    (table,) = source.tables.values()
    told = " ".join(checked_for(source))
    assert f"{table.rows:,} rows" in told
    assert "codes beginning with E01, each once" in told
    assert (source.sha256 is None) or source.sha256 in told


def test_quality_says_in_a_sentence_how_the_checks_went(build):
    rows = [("a", None), ("b", None), ("c", True), ("d", False), ("e", True), ("f", True)]
    checks = pd.DataFrame(
        [{"name": n, "expected": "1", "found": "1", "ok": ok, "note": ""} for n, ok in rows],
    ).astype({"ok": object})
    page = about_pages(replace(build, checks=checks))["quality"]
    said = "Of 4 checks against published figures 1 differs; 2 more findings to know."
    assert said in page
    assert page.index(said) < page.index("What was compared")
    assert page.index("<em>To know</em>") < page.index("What was compared")
    alike = about_pages(replace(build, checks=checks[checks["ok"].eq(True)]))["quality"]
    assert "Of 3 checks against published figures none differ; 0 more" in alike


def test_quality_puts_what_differs_first(pages):
    rows = Tables(pages["quality"]).rows
    names = [row[0] for row in rows]
    assert (
        names.index("Sefton")
        < names.index("Areas without a value")
        < names.index("Sum of districts")
    )
    by_name = {row[0]: row for row in rows}
    assert by_name["Sefton"][1:] == ["1,234", "999", "differs", "Rows swapped"]
    assert by_name["Areas without a value"][3] == "to know"
    assert by_name["air quality"][1:] == ["32,840", "1", "0", "E01000001"]
    assert by_name["Slope"][1:] == ["0.0171", "0.0172", "differs", "Earlier analysis"]


def test_pages_without_anything_to_report_say_so():
    text = about_pages(About(edition=edition("sample"), place="Northmere", sources=[]), linked=())
    assert "No checks were made." in text["quality"]
    assert "../index.html" not in text["quality"]
    assert "Northmere does not exist." in text["quality"]


def test_files_that_were_done_without_are_listed_with_what_they_are_missed_for(build):
    absent = [catalogue()["fuel_poverty_2015"], catalogue()["pcm_no2_2021"]]
    changed = replace(build, absent=absent, lacking=["Years are missing.", "The table is used."])
    page = about_pages(changed)["quality"]
    part = page[page.index('<h2 id="without">') :]
    for text in ("<p>Years are missing.</p>", "<p>The table is used.</p>"):
        assert text in part
    for source in absent:
        assert f"<li>{source.title} ({source.edition}), {source.publisher}</li>" in part
    assert "None: every file of this edition was available." in about_pages(build)["quality"]


def test_pages_are_written_with_the_same_bytes(build, tmp_path):
    first = [path.read_bytes() for path in about.write_about(build, tmp_path / "a")]
    second = [path.read_bytes() for path in about.write_about(build, tmp_path / "b")]
    assert first == second
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "methods.html",
        "quality.html",
        "sources.html",
    ]
