"""Bad input through the command: one clear paragraph, exit code 1, and nothing written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import warnings
import zipfile

import geopandas as gpd
import pytest

from geo.files.owned import LOCK
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from scripts import cli

PARTS = "index,pages"


@pytest.fixture
def spoilt(files, tmp_path, monkeypatch):
    """Return a function that gives a role's file to spoil, in a copy of the sample's files.

    The command reads that copy instead of the sample that it makes itself. What is kept of the
    sample is kept by content, so nothing of a spoilt file is at hand.
    """
    mirror = tmp_path / "mirror"
    shutil.copytree(files.mirror, mirror, copy_function=os.link)

    def own_files(*_):
        return Files(edition=files.edition, cache=files.cache, mirror=mirror, offline=True)

    monkeypatch.setattr(cli, "_files", own_files)

    def copied(role):
        path = mirror / catalogue()[edition("sample").sources[role]].path
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        return path

    return copied


def gone(path):
    path.unlink()


def truncated(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def web_page(path):
    path.write_text("<!DOCTYPE html>\n<html><title>Service unavailable</title></html>")


def replaced(old, new, *, times=1):
    def spoil(path):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, times), encoding="utf-8")

    return spoil


def cell(column, value, *, row=5):
    """Put a value into one cell of a csv file; a function is given what stands in row 6."""

    def spoil(path):
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        place = next(n for n, name in enumerate(lines[0].split(",")) if name.startswith(column))
        cells, below = lines[row].split(","), lines[row + 1].split(",")
        cells[place] = value(below[place]) if callable(value) else value
        lines[row] = ",".join(cells)
        path.write_text("\n".join(lines), encoding="utf-8")

    return spoil


def in_workbook(member, old, new):
    """Replace a text in one member of a workbook."""

    def spoil(path):
        with zipfile.ZipFile(path) as book:
            members = {name: book.read(name) for name in book.namelist()}
        assert old.encode() in members[member]
        members[member] = members[member].replace(old.encode(), new.encode())
        with zipfile.ZipFile(path, "w") as book:
            for name, content in members.items():
                book.writestr(name, content)

    return spoil


def without_crs(path):
    with sqlite3.connect(path) as base:
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            base.execute(f"UPDATE {table} SET srs_id = -1")
    base.close()


def in_mercator(path):
    areas = gpd.read_file(path).to_crs(3857)
    path.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        areas.to_file(path, layer=path.stem, driver="GPKG")


SCORE = "Index of Multiple Deprivation (IMD) Score"
CODE = "LSOA code (2011)"
DAMAGES = {
    "missing": (
        "imd",
        gone,
        ["nobody but this program makes sample_imd", "build the area “sample”"],
    ),
    "truncated workbook": (
        "fuel_poverty",
        truncated,
        ["an Excel workbook", "cut short or damaged"],
    ),
    "web page as workbook": ("fuel_poverty", web_page, ["a web page", "<!DOCTYPE html>"]),
    "renamed column": ("imd", replaced(SCORE, "IMD points"), [SCORE, "column"]),
    "renamed sheet": (
        "fuel_poverty",
        in_workbook("xl/workbook.xml", 'name="Table 3"', 'name="Tabelle 3"'),
        ["Table 3", "Tabelle 3"],
    ),
    "duplicated code": ("imd", cell(CODE, lambda below: below), ["E019", "more than once"]),
    "unknown code": ("imd", cell(CODE, "E01999999"), ["table of districts", "E01999999"]),
    "wrong vintage": ("imd", cell(CODE, "E01033768"), ["E01033768", "E019", "year"]),
    "negative count": ("imd", cell("Total population", "-7"), ["population", "-7"]),
    "text for a number": ("imd", cell(SCORE, "about 20"), ["about 20"]),
    "no coordinate system": ("lsoa", without_crs, ["EPSG:4326", "coordinate"]),
    "another coordinate system": ("lsoa", in_mercator, ["EPSG:4326", "EPSG:3857"]),
}


def paragraph(ended):
    """Return the one paragraph that the command wrote beside its progress."""
    said = [line for line in ended.err.splitlines() if line.startswith("pockets: ")]
    assert len(said) == 1, ended.err
    assert ended.err.endswith(f"{said[0]}\n")
    assert "Traceback" not in ended.err
    return said[0]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_spoilt_file_is_one_paragraph_and_no_site(damage, pockets, spoilt, tmp_path):
    role, spoil, expected = DAMAGES[damage]
    path = spoilt(role)
    spoil(path)
    ended = pockets("build", "--out", tmp_path / "out" / "site", "--only", PARTS, "--jobs", 1)
    said = paragraph(ended)
    assert ended.code == (3 if damage == "missing" else 1)
    assert ended.out == ""
    assert damage == "missing" or path.name in said
    assert "What to do:" in said
    assert damage == "missing" or ("Expected:" in said and "Found:" in said)
    assert [word for word in expected if word not in said] == [], said
    assert not (tmp_path / "out").exists()


def test_every_problem_of_a_file_is_in_the_paragraph(pockets, spoilt, tmp_path):
    path = spoilt("imd")
    cell(SCORE, "about 20")(path)
    cell("Total population", "-7", row=9)(path)
    said = paragraph(pockets("build", "--out", tmp_path / "site", "--jobs", 1))
    assert "about 20" in said
    assert "-7" in said


def test_an_undamaged_copy_is_built(pockets, spoilt, tmp_path):
    arguments = ["--out", tmp_path / "site", "--only", "index", "--jobs", 1]
    ended = pockets("build", "Westholt", *arguments)
    assert ended.code == 0, ended.err
    assert (tmp_path / "site" / "index.html").is_file()


def test_an_unknown_area_is_answered_with_the_nearest_names(pockets, spoilt, tmp_path):
    ended = pockets("build", "Westhollt", "--out", tmp_path / "site")
    assert ended.code == 1
    assert "No district or place is called “Westhollt”" in paragraph(ended)
    assert "Westholt." in paragraph(ended)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("command", ["build Leeds --offline", "areas", "sources", "check"])
def test_an_unknown_edition_is_answered_with_the_known_ones(command, pockets, tmp_path):
    ended = pockets(*command.split(), "--edition", "2018")
    assert ended.code == 1
    assert "There is no edition “2018”. Expected: 2019, " in paragraph(ended)


def test_missing_official_files_say_how_to_come_by_them(pockets, monkeypatch, tmp_path):
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POCKETS_MIRROR", raising=False)
    out = tmp_path / "site"
    said = paragraph(pockets("build", "Leeds", "--offline", "--out", out))
    assert "files that are needed, and " in said
    assert " that can be done without, are not here, and this run is offline" in said
    assert "--mirror" in said
    assert not out.exists()


def test_a_mirror_in_the_environment_must_be_there(pockets, monkeypatch, tmp_path):
    monkeypatch.setenv("POCKETS_MIRROR", str(tmp_path / "nowhere"))
    said = paragraph(pockets("areas", "liverp"))
    assert "The mirror does not exist" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--mirror", "nowhere"],
        ["build", "sample", "--mirror", "."],
        ["build", "--jobs", "0"],
        ["build", "--no-such-option"],
        ["serve", "--port", "65536"],
        ["nonsense"],
        ["profile"],
    ],
)
def test_a_misused_option_is_answered_with_the_usage(arguments, pockets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = pockets(*arguments)
    assert ended.code == 2
    assert ended.err.startswith("Usage: pockets")
    assert "Error: " in ended.err
    assert [*tmp_path.iterdir()] == []


def test_an_error_nobody_foresaw_is_one_paragraph_too(pockets, monkeypatch):
    def wrong(*_):
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli, "_files", wrong)
    said = paragraph(pockets("areas"))
    assert "ZeroDivisionError: division by zero" in said
    assert "--debug" in said
    ended = pockets("--debug", "areas")
    assert ended.code == 1
    assert "Traceback" in ended.err
    assert 'raise ZeroDivisionError("division' in ended.err


def test_a_refusal_shows_its_traceback_with_debug_only(pockets):
    assert "Traceback" in pockets("--debug", "areas", "--edition", "2018").err
    assert "Traceback" not in pockets("areas", "--edition", "2018").err


def test_an_error_in_another_process_is_the_same_paragraph(
    pockets, files, sample_site, tmp_path, monkeypatch
):
    """Leave no way to keep what only the processes that look into a borough make."""
    cache, out = tmp_path / "cache", tmp_path / "out" / "site"
    arguments = ["build", "--only", PARTS, "--out", out]
    working = shutil.ignore_patterns(".*")  # what other processes are making just now
    shutil.copytree(files.cache, cache, copy_function=os.link, symlinks=True, ignore=working)
    own = Files(edition=files.edition, cache=cache, mirror=files.mirror, offline=True)
    monkeypatch.setattr(cli, "_files", lambda *_: own)
    assert pockets(*arguments, "--jobs", 1).code == 0
    before = (out / "index.html").read_bytes()
    for path in (cache / "clusters").glob("moran-*"):
        path.unlink()
    (cache / "clusters" / LOCK).unlink(missing_ok=True)
    (cache / "clusters" / LOCK).mkdir()
    ended = pockets(*arguments, "--jobs", 2)
    assert ended.code == 1
    said = paragraph(ended)
    assert f"The cache cannot be written. Where: {cache / 'clusters'}" in said
    assert "POCKETS_CACHE" in said
    assert "--out" not in said
    assert (out / "index.html").read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["site"]
