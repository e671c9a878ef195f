from __future__ import annotations

import re
from dataclasses import replace

import pytest

from layers.borough.assemble import assemble
from maps.look.folders import folders_of
from maps.page.borough_data import Links
from maps.profiles.context import peers_of
from maps.site.parts import (
    BOROUGH_PARTS,
    PARTS,
    SHARED_PARTS,
    SiteContext,
    draw_page,
    draw_profiles,
    files_of,
    links_from_borough,
)

FILES = (
    "index.html",
    "region.html",
    "about/methods.html",
    "data/index.html",
    "data/tables.xlsx",
    "northmere/index.html",
    "northmere/profile.html",
    "northmere/profiles/E02900001.html",
    "northmere/maps/imd.png",
    "westholt/index.html",
)


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_part_is_of_one_kind():
    assert set(BOROUGH_PARTS) & set(SHARED_PARTS) == set()
    assert set(PARTS) == set(BOROUGH_PARTS) | set(SHARED_PARTS)


def test_no_two_parts_write_the_same_file():
    for kind in (BOROUGH_PARTS, SHARED_PARTS):
        names = [name for part in kind.values() for name in part.files]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("part", "files"),
    [
        ("index", ["index.html"]),
        ("data", ["data"]),
        ("about", ["about"]),
        ("pages", ["northmere/index.html", "westholt/index.html"]),
        ("profiles", ["northmere/profile.html", "northmere/profiles"]),
        ("maps", ["northmere/maps"]),
        ("atlas", []),
    ],
)
def test_the_files_of_a_part_are_those_it_writes(part, files, folder):
    assert [path.relative_to(folder).as_posix() for path in files_of(part, folder)] == files


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_that_is_not_there_has_no_part(part, tmp_path):
    assert files_of(part, tmp_path / "nowhere") == []


def test_the_page_of_files_is_written_when_the_others_are_there():
    assert [*SHARED_PARTS][-1] == "data"


def test_links_lead_to_the_parts_there_are():
    assert links_from_borough(("pages",)) == Links(sign="../site.svg")
    found = links_from_borough(PARTS)
    assert found.index == "../index.html"
    assert found.borough == "profile.html"
    assert found.pocket == "pockets/{code}.html"
    assert found.methods == "../about/methods.html"
    assert links_from_borough(("atlas",)) == Links(atlas="atlas.pdf", sign="../site.svg")


def test_a_pocket_of_another_borough_is_led_to_where_its_page_is():
    others = {"E06900002": "westholt"}
    links = links_from_borough(("pages",), others)
    assert links.of_pocket("E06900002", "E06900002-E01910004") == (
        "../westholt/index.html#place=E06900002-E01910004"
    )
    assert links.of_pocket("E06900003", "E06900003-E01910004") == ""
    assert links_from_borough(("profiles",), others).of_pocket("E06900002", "x") == ""


def test_folders_are_names_that_an_address_can_hold(invent):
    borough = invent(name="St. Helen's & Moor")
    assert re.fullmatch(r"[a-z0-9-]+", folders_of([borough])[borough.code])


def test_every_page_of_a_replaced_edition_says_so_under_its_title(country, tmp_path):
    old = replace(country.edition, superseded_by="Indices of 2031 (June 2031)")
    found = [assemble(country, code, place="the sample") for code in country.ground.districts.index]
    boroughs = [replace(borough, edition=old) for borough in found]
    homes = folders_of(boroughs)
    setting = SiteContext(region=peers_of(boroughs, homes), parts=PARTS)
    for borough in boroughs:
        for part in ("pages", "profiles"):
            BOROUGH_PARTS[part].draw(borough, tmp_path / homes[borough.code], setting)
    for part in SHARED_PARTS.values():
        part.draw(boroughs, tmp_path, setting)
    said = f"The Indices of 2031 (June 2031) have replaced the {old.title} shown here."
    pages = [*tmp_path.rglob("*.html")]
    assert {"index.html", "region.html", "profile.html", "quality.html"} <= {p.name for p in pages}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.count(said) == 1, page
        assert re.search(rf'</h1>\s*<p class="superseded">{re.escape(said)}</p>', text), page


@pytest.mark.parametrize("parts", [("pages", "profiles"), PARTS])
def test_a_borough_is_drawn_into_its_folder_with_links_to_what_there_is(
    parts, invented_borough, tmp_path
):
    setting = SiteContext(region=peers_of([invented_borough]), parts=parts)
    draw_page(invented_borough, tmp_path, setting)
    draw_profiles(invented_borough, tmp_path, setting)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    expected = {"index.html", "profile.html"}
    expected |= {f"profiles/{code}.html" for code in invented_borough.msoa.index}
    expected |= {f"pockets/{code}.html" for code in invented_borough.pockets.index}
    assert found == expected
    linked = "about" in parts
    assert ("../about/methods.html" in (tmp_path / "index.html").read_text("utf-8")) is linked
    assert ("about/methods.html" in (tmp_path / "profile.html").read_text("utf-8")) is linked
