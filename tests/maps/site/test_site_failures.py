"""A borough that fails: left out, told of, and no harm to the others."""

from __future__ import annotations

import dataclasses
import re

import pytest

from geo.codes import folder_names
from geo.errors import InputError, PocketsError
from maps.look.folders import SHARED
from maps.site import build as site
from maps.site.build import Plan, build_site
from maps.site.mark import read_mark
from maps.site.parts import BOROUGH_PARTS, PARTS, SHARED_PARTS
from scripts import cli

PARTS_BUILT = ("index", "pages", "profiles")


@pytest.fixture
def plan(country, tmp_path):
    """Return a maker of plans for the sample; a whole build is of the parts that are quick."""

    def make(*names, out=None):
        selection = country.ground.select("sample")
        out = out or tmp_path / "site"
        return Plan(country=country, selection=selection, out=out, parts=names or PARTS)

    return make


@pytest.fixture
def quick(monkeypatch):
    """Let the slow parts of a site make nothing."""
    for known in (BOROUGH_PARTS, SHARED_PARTS):
        for name in [*known]:
            if name not in PARTS_BUILT:
                quiet = dataclasses.replace(known[name], draw=lambda *_: None)
                monkeypatch.setitem(known, name, quiet)


def failing_to_find(monkeypatch, *codes):
    assemble = site.assemble

    def failing(country, code, **options):
        if code in codes:
            raise InputError("A shape cannot be read", where=code)
        return assemble(country, code, **options)

    monkeypatch.setattr(site, "assemble", failing)


def failing_to_draw(monkeypatch, *codes, part="pages"):
    draw = BOROUGH_PARTS[part].draw

    def failing(borough, folder, setting):
        draw(borough, folder, setting)
        if borough.code in codes:
            raise ZeroDivisionError("half a page was written")

    whole = dataclasses.replace(BOROUGH_PARTS[part], draw=failing)
    monkeypatch.setitem(BOROUGH_PARTS, part, whole)


FAILURES = {"found": failing_to_find, "drawn": failing_to_draw}
NORTHMERE, WESTHOLT = "E08900001", "E06900001"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.html")
    }


@pytest.mark.parametrize("way", FAILURES)
def test_a_borough_that_fails_is_left_out_and_the_others_are_there(
    way, plan, quick, monkeypatch, tmp_path
):
    FAILURES[way](monkeypatch, NORTHMERE)
    made = build_site(plan())
    assert made.boroughs == {"Westholt": "westholt"}
    assert [*made.failed] == ["Northmere"]
    assert isinstance(made.failed["Northmere"], InputError | ZeroDivisionError)
    assert names(tmp_path / "site") == ["build.json", "index.html", "site.svg", "westholt"]
    assert read_mark(tmp_path / "site").districts == (WESTHOLT,)
    pages = texts(tmp_path / "site")
    assert "could not be worked out: Northmere." in pages["index.html"]
    told = {name for name, page in pages.items() if re.search("href=[^>]*northmere", page)}
    assert told == set()


@pytest.mark.parametrize("way", FAILURES)
def test_what_was_there_of_a_borough_that_fails_stays_when_parts_are_built(
    way, plan, quick, monkeypatch, tmp_path
):
    build_site(plan(*PARTS_BUILT))
    page = tmp_path / "site" / "northmere" / "index.html"
    before, other = page.read_bytes(), tmp_path / "site" / "westholt" / "index.html"
    before_other = other.stat().st_mtime_ns
    FAILURES[way](monkeypatch, NORTHMERE)
    made = build_site(plan("pages"))
    assert [*made.failed] == ["Northmere"]
    assert page.read_bytes() == before
    assert other.stat().st_mtime_ns > before_other
    assert read_mark(tmp_path / "site").districts == (WESTHOLT, NORTHMERE)


@pytest.mark.parametrize("way", FAILURES)
def test_where_all_fail_the_old_site_stays_and_their_error_is_raised(
    way, plan, quick, monkeypatch, tmp_path
):
    build_site(plan("pages"))
    before = texts(tmp_path / "site")
    FAILURES[way](monkeypatch, NORTHMERE, WESTHOLT)
    with pytest.raises(PocketsError if way == "found" else ZeroDivisionError) as raised:
        build_site(plan("pages"))
    if way == "found":
        assert raised.value.what == "None of the boroughs could be built"
        assert NORTHMERE in raised.value.found
        assert WESTHOLT in raised.value.found
    assert texts(tmp_path / "site") == before
    assert names(tmp_path) == ["site"]


def test_a_failed_borough_is_a_paragraph_at_the_end_and_the_exit_code(
    monkeypatch, files, quick, capsys, tmp_path
):
    failing_to_find(monkeypatch, NORTHMERE)
    monkeypatch.setattr(cli, "_files", lambda *_: files)
    out = tmp_path / "site"
    monkeypatch.setattr(
        "sys.argv", ["pockets", "build", "--only", "index", "--jobs", "1", "--out", str(out)]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.out.startswith("Made the site of the sample, 1 district, in ")
    assert said.err.splitlines()[-1] == (
        "pockets: Northmere is not in the site, since it failed. "
        f"A shape cannot be read. Where: {NORTHMERE}."
    )


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        (["Ely", "Halton"], ["ely", "halton"]),
        (["St. Ives", "St Ives"], ["st-ives-a1", "st-ives-b2"]),
        (["日本", "…"], ["a1", "b2"]),
        (["Data", "About"], ["data-a1", "about-b2"]),
        (["DATA", "Westholt"], ["data-a1", "westholt"]),
    ],
)
def test_no_two_boroughs_and_no_part_share_a_folder(names, folders):
    found = folder_names(dict(zip(["A1", "B2"], names, strict=True)), taken=SHARED)
    assert [*found.values()] == folders


def test_the_folders_that_are_taken_are_those_of_the_shared_parts():
    written = {name for part in SHARED_PARTS.values() for name in part.files if "." not in name}
    assert written == set(SHARED)
