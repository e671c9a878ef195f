from __future__ import annotations

import hashlib
import io
import json
import re
import resource
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geo.fetch.errand import Fetched
from layers.borough import country
from layers.borough.country import Country
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from layers.order import Wanted
from layers.stock import Missed
from layers.table.underlying import Underlying
from maps.site.build import BuildStep
from maps.site.parts import PARTS
from maps.site.swap import recover
from scripts import cli, progress
from scripts.cli import app
from tests.sites import REAL, REAL_SITES

ROOT = Path(__file__).resolve().parents[2]
AREAS = {
    "2019": {
        "E06000006": (79, 16),
        "E06000007": (127, 25),
        "E06000049": (234, 51),
        "E06000050": (212, 47),
        "E08000011": (98, 20),
        "E08000012": (298, 61),
        "E08000013": (119, 23),
        "E08000014": (189, 38),
        "E08000015": (206, 42),
    },
    "2025": {
        "E06000006": (80, 16),
        "E06000007": (132, 25),
        "E06000049": (244, 52),
        "E06000050": (222, 47),
        "E08000011": (100, 20),
        "E08000012": (302, 61),
        "E08000013": (121, 24),
        "E08000014": (191, 38),
        "E08000015": (209, 42),
    },
}
"""LSOAs and MSOAs of nine districts, counted in File 7 and the lookups of each edition."""


@pytest.fixture
def sample(warm_cache, monkeypatch):
    """Let the command find the sample that is already written and joined."""
    monkeypatch.setenv("POCKETS_CACHE", str(warm_cache))


@pytest.fixture
def real(england, monkeypatch):
    """Let the command find the official files, and what is already worked out of them."""
    monkeypatch.setenv("POCKETS_MIRROR", str(england.files.mirror))
    monkeypatch.setenv("POCKETS_CACHE", str(england.files.cache))


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_help_fits_a_screen_with_an_example(pockets):
    ended = pockets("--help")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "..." not in ended.out.replace("[ARGS]...", "")
    assert ended.out.index("pockets build Liverpool ") < ended.out.index("pockets build  ")


def test_the_command_alone_shows_its_help(pockets):
    ended = pockets()
    assert "Usage: pockets" in ended.out + ended.err


@pytest.mark.parametrize(
    "command", [command.callback.__name__ for command in app.registered_commands]
)
def test_each_command_is_in_the_help_and_explains_itself(command, pockets):
    assert re.search(rf"^  {command}  +[A-Z].*\.$", pockets("--help").out, re.MULTILINE)
    assert f"Usage: pockets {command}" in pockets(command, "--help").out


def test_the_help_of_build_names_every_part(pockets):
    said = " ".join(pockets("build", "--help").out.split())
    assert all(part in said for part in PARTS)


def test_the_last_lines_of_a_build_say_what_was_made_and_where_to_open_it(
    pockets, sample, tmp_path
):
    out = tmp_path / "my site"
    arguments = ["--edition", "sample", "--only", "index", "--jobs", 1, "--out", out]
    ended = pockets("build", "Westholt", *arguments)
    made, opened = ended.out.splitlines()
    assert ended.code == 0
    assert re.fullmatch(
        rf"Made the site of Westholt, 1 district, in \d+ s: {re.escape(str(out))}", made
    )
    assert opened == f"Open {(out / 'index.html').as_uri()}"
    assert "Looking into boroughs: Westholt (1 of 1)" in ended.err
    assert re.search(r"^  index: \d+\.\d s of processor time$", ended.err, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "count", "said"),
    [
        ("Westholt", 1, "Westholt, 1 district"),
        ("Greater Manchester", 10, "Greater Manchester, 10 districts"),
        ("5 districts", 5, "5 districts"),
    ],
)
def test_a_site_is_said_to_be_of_so_many_districts_once(name, count, said):
    assert cli._whose(name, count) == said


def test_a_build_without_a_page_opens_its_folder(pockets, sample, tmp_path):
    arguments = ["--only", "about", "--jobs", 1, "--out", tmp_path / "site"]
    ended = pockets("build", "Sample", *arguments)
    assert ended.out.splitlines()[-1] == f"Open {(tmp_path / 'site').as_uri()}"


def test_areas_are_found_by_a_part_of_their_name(pockets, sample):
    found = pockets("areas", "northm", "--edition", "sample").out.splitlines()
    assert found[0] == f"{'E08900001':<24}Northmere"
    assert all("orthm" in line for line in found)
    assert pockets("areas", "--edition", "sample").out.count("\n") == 2


@pytest.mark.parametrize("text", ["Northmere Borough Council", "the  NORTHMERE", "e0890 0001"])
def test_areas_are_found_as_people_and_councils_write_them(text, pockets, sample):
    found = pockets("areas", text, "--edition", "sample")
    assert found.out == f"{'E08900001':<24}Northmere\n"


def test_several_areas_are_listed_each(pockets, sample):
    found = pockets("areas", "Westholt & Northmere", "--edition", "sample")
    assert [line.split()[0] for line in found.out.splitlines()] == ["E06900001", "E08900001"]


def test_areas_lists_neighbourhoods_with_their_district(pockets, sample, sample_site):
    table = pd.read_parquet(sample_site / "data" / "msoa.parquet")
    first = table.loc["E02900001"]
    found = pockets("areas", first["area_name"].upper(), "--edition", "sample")
    line = f"{'E02900001':<24}{first['area_name']} (neighbourhood in {first['lad_name']})"
    assert line in found.out.splitlines()


def test_a_misspelt_area_is_answered_with_the_nearest_names(pockets, sample):
    found = pockets("areas", "Nothmere", "--edition", "sample")
    assert found.code == 1
    assert "the nearest names are Northmere" in found.err


def test_a_profile_is_that_of_the_site(pockets, sample, sample_site, tmp_path):
    page = (sample_site / "northmere" / "profiles" / "E02900001.html").read_text(encoding="utf-8")
    out = tmp_path / "new" / "profile.html"
    ended = pockets(
        "profile", "e02900001", "--edition", "sample", "--among", "sample", "--out", out
    )
    assert ended.out == f"Open {out.as_uri()}\n"
    assert title(out.read_text(encoding="utf-8")) == title(page)
    assert rows(out.read_text(encoding="utf-8")) == rows(page)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rule", "nearby"], "national, borough, cluster, overlap"),
        (["--cut", "12"], "1 to 9 (tenths of the country)"),
        (["--rule", "overlap", "--cut", "5"], "1 to 4 (layers, at least)"),
        (["--rule", "borough", "--cut", "2"], "none: there is nothing to choose"),
        (["--scale", "0"], "a number above 0, in points of the overall score"),
        (["--scale", "nan"], "a number above 0, in points of the overall score"),
    ],
)
@pytest.mark.parametrize("command", ["build", "profile"])
def test_a_choice_that_cannot_be_is_refused_whole(command, options, said, pockets, tmp_path):
    out = tmp_path / "out"
    ended = pockets(command, "Westholt", "--edition", "sample", "--out", out, *options)
    assert ended.code == 1
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert not out.exists()


def test_pockets_by_another_rule_are_said_to_be_and_kept_apart(pockets, sample, tmp_path):
    site = ["build", "Westholt", "--edition", "sample", "--jobs", 1, "--out", tmp_path / "site"]
    chosen = ["--rule", "overlap", "--cut", "2", "--scale", "8"]
    assert pockets(*site, "--only", "index", *chosen).code == 0
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "on at least 2 of the 4 layers counted together" in index
    refused = pockets(*site, "--only", "about")
    assert refused.code == 1
    assert "rule overlap, d 2, tau 8.0" in refused.err
    assert pockets(*site, "--only", "about", *chosen).code == 0
    methods = (tmp_path / "site" / "about" / "methods.html").read_text(encoding="utf-8")
    assert "“came back” is not worked out for the rule “overlap”." in methods


def test_a_profile_by_another_rule_says_it(pockets, sample):
    page = pockets("profile", "Westholt", "--edition", "sample", "--rule", "Borough").out
    assert "in the most deprived fifth of Westholt" in page


@pytest.mark.parametrize("command", ["build", "profile"])
def test_a_file_of_names_that_does_not_hold_is_refused_before_any_work(command, pockets, tmp_path):
    file, out = tmp_path / "names.toml", tmp_path / "out"
    file.write_text('"a" = ""\n"b" = 1\n', encoding="utf-8")
    ended = pockets(command, "Westholt", "--edition", "sample", "--out", out, "--names", file)
    assert ended.code == 1
    assert f"not used, for 2 reasons. Where: {file}." in ended.err
    assert ended.err.count("\n") == 1
    assert not out.exists()


def test_a_boroughs_own_names_stand_wherever_pockets_are_named(pockets, sample, tmp_path):
    key, name = "E06900001-E01900148", "Quay & Old Docks"
    file, out = tmp_path / "our-names.toml", tmp_path / "site"
    file.write_text(f'"{key}" = "{name}"\n', encoding="utf-8")
    site = ["build", "Westholt", "--edition", "sample", "--jobs", 1, "--out", out]
    parts = ["--only", "index,data,about,pages,profiles"]
    assert pockets(*site, *parts, "--names", file).code == 0
    assert (out / "about" / "names.toml").read_bytes() == file.read_bytes()
    told = json.loads((out / "data" / "provenance.json").read_text(encoding="utf-8"))["settings"]
    assert told["own_names"] == 1
    assert told["own_names_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    table = pd.read_parquet(out / "data" / "pockets.parquet")
    assert table["name"].eq(name).to_dict() == {one: one == key for one in table.index}
    for page in ("index.html", "profile.html", f"pockets/{key}.html"):
        assert "Quay &amp; Old Docks" in (out / "westholt" / page).read_text(encoding="utf-8")
    methods = (out / "about" / "methods.html").read_text(encoding="utf-8")
    assert 'The names in <a href="names.toml">' in methods
    asked = ["profile", key, "--edition", "sample"]
    assert "Quay &amp; Old Docks" in pockets(*asked, "--names", file).out
    assert "Quay &amp; Old Docks" not in pockets(*asked).out
    for other in ([], ["--names", file]):
        file.write_text(f'"{key}" = "Quay"\n', encoding="utf-8")
        refused = pockets(*site, "--only", "index", *other)
        assert refused.code == 1
        assert "of another choice" in refused.err


def test_names_for_no_pocket_end_the_build(pockets, sample, tmp_path):
    file, out = tmp_path / "names.toml", tmp_path / "site"
    file.write_text('"E06900001-E01900147" = "A"\n"E08900001-E01900000" = "B"\n', encoding="utf-8")
    ended = pockets(
        "build", "Westholt", "--edition", "sample", "--jobs", 1, "--out", out, "--names", file
    )
    assert ended.code == 1
    assert "no pocket E06900001-E01900147; did you mean E06900001-E01900148?" in ended.err
    assert "no pocket E08900001-E01900000; did you mean E08900001-E0190" in ended.err
    assert not out.exists()


def title(page):
    return re.search("<title>(.*?)</title>", page)[1]


def rows(page):
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells]


def test_a_profile_is_found_by_the_name_of_its_neighbourhood(pockets, sample, sample_site):
    table = pd.read_parquet(sample_site / "data" / "msoa.parquet")
    name, district = table.loc["E02900001", ["area_name", "lad_name"]]
    page = pockets("profile", "e0290 0001", "--edition", "sample").out
    for text in (name, name.upper().replace(" ", "  "), f"{name}, {district}"):
        assert pockets("profile", text, "--edition", "sample").out == page


@pytest.mark.parametrize("place", ["E06900001", "westholt", "Westholt District Council"])
def test_a_profile_of_a_district_is_printed(place, pockets, sample):
    ended = pockets("profile", place, "--edition", "sample")
    assert "Westholt" in title(ended.out)


def test_a_profile_of_a_pocket_is_named_after_it(pockets, sample, sample_site):
    table = pd.read_parquet(sample_site / "data" / "pockets.parquet")
    for text in (table.index[0], f" {table.index[0].lower().replace('-', ' – ')} "):
        ended = pockets("profile", text, "--edition", "sample")
        assert table["name"].iloc[0] in title(ended.out)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("E02999999", "No district, neighbourhood or pocket is called “E02999999”"),
        ("Northmeer", "the nearest names are Northmere"),
        ("E06900001-E01999999", "Westholt has no pocket “E06900001-E01999999”"),
        ("sample", "2 districts, and a profile is of one place"),
    ],
)
def test_a_profile_of_nothing_is_refused(place, said, pockets, sample):
    ended = pockets("profile", place, "--edition", "sample")
    assert ended.code == 1
    assert said in ended.err
    assert ended.out == ""


def test_sources_of_the_sample_are_all_at_hand(pockets, sample):
    found = pockets("sources", "--edition", "sample").out.splitlines()
    states = [line for line in found if re.match(r"\w+ +(cache|mirror|absent) ", line)]
    assert len(states) == len(edition("sample").sources) == 19
    assert all(re.search(r"mirror  contents are checked when read$", line) for line in states)


def test_fetching_the_sample_needs_nothing(pockets, sample):
    ended = pockets("fetch", "sample")
    assert ended.code == 0
    assert (
        ended.out.splitlines()[-1] == "All that a build of the sample needs is here, edition sample"
    )
    assert len(ended.out.splitlines()) == 20


def test_fetching_tells_of_every_file_that_is_missing(
    pockets, sample, files, tmp_path, monkeypatch
):
    mirror = tmp_path / "mirror"
    shutil.copytree(files.mirror, mirror)
    for role in ("imd", "names"):
        (mirror / files.source(role).path).unlink()
    own = Files(edition=files.edition, cache=tmp_path, mirror=mirror, offline=True)
    monkeypatch.setattr(cli, "_files", lambda *_, **__: own)
    ended = pockets("fetch")
    assert ended.code == 3
    assert ended.out == ""
    assert "2 files that are needed could not be had" in ended.err
    assert "nobody but this program makes sample_imd, sample_names" in ended.err
    assert "affected: all places; Indices of Deprivation." in ended.err
    assert ended.err.count("let this program make it: build the area “sample”") == 1
    assert ended.err.count("\n") == 1


def test_a_check_reports_joins_and_checks(pockets, sample):
    ended = pockets("check", "--edition", "sample")
    assert ended.code == 0
    assert "imd: 230 matched, 0 missing, 0 extra" in ended.out
    assert "\nnote    " in ended.out
    assert "\nok      " in ended.out


def test_a_check_that_fails_is_the_exit_code(pockets, sample, monkeypatch):
    found = country.tables

    def failing(files, geography):
        tables = found(files, geography)
        checks = tables.checks.assign(ok=[False, *tables.checks["ok"].iloc[1:]])
        return type(tables)(**{**vars(tables), "checks": checks})

    monkeypatch.setattr(country, "tables", failing)
    ended = pockets("check", "--edition", "sample")
    assert ended.code == 1
    assert ended.out.count("\nFAILED  ") == 1


def test_a_check_of_what_is_behind_the_indices_is_told_with_the_others(
    pockets, sample, monkeypatch
):
    row = {"name": "Counts", "expected": "multiples of 5", "found": "3 others", "ok": False}
    wrong = Underlying(pd.DataFrame(), pd.DataFrame([row]))
    monkeypatch.setattr(Country, "underlying", wrong)
    ended = pockets("check", "--edition", "sample")
    assert ended.code == 1
    assert "\nFAILED  Counts: expected multiples of 5; found 3 others\n" in ended.out


@pytest.mark.parametrize(("same", "code"), [(True, 0), (False, 1)])
def test_a_figure_that_is_not_reproduced_is_the_exit_code(same, code, pockets, monkeypatch):
    row = {"figure": "Share", "published": "1%", "ours": "2%", "same": same, "source": "A report"}
    monkeypatch.setattr(Country, "figures", pd.DataFrame([row]))
    monkeypatch.setattr(cli, "_have", lambda *_, **__: None)
    verdict = "same   " if same else "DIFFERS"
    line = f"{verdict} Share: published 1%, ours 2%\n        A report\n"
    for arguments, out in (["--edition", "2019"], line), ([], 2 * line):
        ended = pockets("reproduce", *arguments)
        assert ended.code == code
        assert ended.out == out


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_a_bar_on_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.progress() as say:
        say(BuildStep(what="Reading"))
        say(BuildStep(what="Drawing boroughs", done=1, total=2, just="Northmere"))
    with progress.working("Looking"):
        pass
    shown = terminal.getvalue()
    assert "Drawing boroughs: Northmere" in shown
    assert "1/2" in shown
    assert "Looking" in shown


def test_progress_is_plain_lines_elsewhere(capsys):
    with progress.progress() as say:
        say(BuildStep(what="Reading"))
        say(BuildStep(what="Drawing boroughs", done=1, total=2, just="Northmere"))
    with progress.working("Looking"):
        pass
    expected = "Reading\nDrawing boroughs: Northmere (1 of 2)\nLooking\n"
    assert capsys.readouterr() == ("", expected)


def come(done, total=None, unit="bytes"):
    return Fetched(source="imd_2019", done=done, total=total, unit=unit)


def wanted(source_id="imd_2019", *, needed=True):
    source = catalogue()[source_id]
    return Wanted(source=source, roles=("imd",), needed=needed, by_program=True)


def test_downloads_are_a_bar_a_file_and_one_for_all_on_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.downloads(2) as (watch, ended):
        watch(come(3_340_000, 6_680_000))
        time.sleep(0.2)  # a bar is drawn ten times a second
        watch(come(6_680_000, 6_680_000))
        ended(wanted(), come(6_680_000, 6_680_000), None)
        time.sleep(0.2)
    shown = terminal.getvalue()
    for text in ("0 of 2", "3.3 MB of 6.7 MB", "imd_2019: 6.7 MB, done", "1 of 2"):
        assert text in shown, text


def test_the_bar_of_a_file_that_failed_goes_with_the_one_that_came_in_its_place(monkeypatch):
    removed = []
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(progress.Progress, "remove_task", lambda _, task: removed.append(task))
    with progress.downloads(2) as (watch, ended):
        for source in ("imd_2019", "msoa_2011_names"):
            watch(replace(come(1, 2), source=source))
        ended(wanted("msoa_2011_names"), replace(come(2, 2), source="msoa_2011_names"), None)
        assert len(set(removed)) == 2
        watch(come(1, 2))
        ended(wanted(), come(2, 2), None)
    assert len(set(removed)) == 3


def test_downloads_are_a_line_each_elsewhere(capsys):
    lost = Missed(wanted=wanted("pcm_no2_2021", needed=False), cause="no answer")
    with progress.downloads(4) as (watch, ended):
        watch(come(3_340_000, 6_680_000))
        ended(wanted(), come(6_680_000, 6_680_000), None)
        ended(wanted("lsoa_2011_boundaries"), come(34_753, unit="rows"), None)
        ended(wanted(), None, Missed(wanted=wanted(), cause="changed"))
        ended(lost.wanted, None, lost)
    assert capsys.readouterr() == (
        "",
        "imd_2019: 6.7 MB, done\n"
        "lsoa_2011_boundaries: 34,753 rows, done\n"
        "imd_2019: could not be had\n"
        "pcm_no2_2021: could not be had, and can be done without\n",
    )


@pytest.mark.parametrize(
    ("send", "code", "left"), [(signal.SIGINT, 130, 0), (signal.SIGKILL, -signal.SIGKILL, 1)]
)
def test_a_build_that_is_stopped_leaves_the_old_site(
    send, code, left, spawned, sample_site, tmp_path
):
    out = tmp_path / "site"
    shutil.copytree(sample_site, out)
    before = contents(out)
    arguments = ["build", "--only", "pages,maps", "--jobs", 1, "--out", out]
    ended = spawned(*arguments, until="Drawing boroughs", send=send)
    assert ended.code == code
    assert "Traceback" not in ended.err
    assert contents(out) == before
    assert len([*tmp_path.glob(".site.*.part")]) == left
    recover(out)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert contents(out) == before
    assert ended.out == ""


def test_a_full_disk_is_one_paragraph_and_leaves_nothing(spawned, tmp_path):
    """Bound the size of files, which those that write them meet as they meet a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, before[1]))
    try:
        ended = spawned("build", "--only", "data", "--jobs", 1, "--out", tmp_path / "a" / "site")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = ended.err.splitlines()
    assert ended.code == 1
    assert said[-1].startswith("pockets: ")
    assert "could not be written" in said[-1]
    assert "make room" in said[-1]
    assert "Traceback" not in ended.err
    assert [*tmp_path.iterdir()] == []


@pytest.mark.real
def test_areas_finds_liverpool(pockets, real):
    assert pockets("areas", "liverp", "--offline").out.startswith(f"{'E08000012':<24}Liverpool\n")
    former = f"{'E06000063':<24}Cumberland (Cumberland was made on 1 April 2023 of Allerdale,"
    assert former in pockets("areas", "cumberland", "--offline", "--edition", "2019").out
    refused = pockets("areas", "Liverpol", "--offline")
    assert refused.code == 1
    assert "Liverpool" in refused.err


@pytest.mark.real
@pytest.mark.parametrize(
    ("area", "edition_id", "folder", "lsoas"),
    [("city of london", "2025", "city-of-london", 6), ("E06000006", "2019", "halton", 79)],
)
def test_any_district_is_built(area, edition_id, folder, lsoas, pockets, real, tmp_path):
    """From one with a single MSOA; every district is looked at by `make soak`."""
    parts = ["--only", "index,data,pages,profiles", "--jobs", 1, "--edition", edition_id]
    ended = pockets("build", area, "--offline", *parts, "--out", tmp_path / "site")
    assert ended.code == 0, ended.err
    table = pd.read_parquet(tmp_path / "site" / "data" / "neighbourhoods.parquet")
    districts = pd.read_parquet(tmp_path / "site" / "data" / "districts.parquet")
    [name] = table["lad_name"].unique()
    assert f"Made the site of {name}, 1 district" in ended.out
    assert len(table) == lsoas
    assert table.index.is_unique
    assert districts["lsoa_count"].to_list() == [lsoas]
    made = tmp_path / "site" / folder
    assert {path.stem for path in (made / "profiles").iterdir()} == set(table["msoa_code"])
    assert name in title((made / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("site", REAL_SITES)
def test_a_real_site_has_the_neighbourhoods_of_its_boroughs(site, request):
    data = request.getfixturevalue(site) / "data"
    lsoas = pd.read_parquet(data / "neighbourhoods.parquet")["lad_code"].value_counts()
    msoas = pd.read_parquet(data / "msoa.parquet")["lad_code"].value_counts()
    assert len(lsoas) >= 1
    for code, count in lsoas.items():
        assert (count, msoas[code]) == AREAS[REAL[site]][code]
