from __future__ import annotations

import dataclasses
import errno
import getpass
import io
import json
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from boundaries import ground as of_ground
from boundaries.names import Selection
from geo.errors import InputError, OutputError
from layers.borough import country as of_country
from layers.borough.country import Country
from layers.findings.pockets import Choice
from layers.table import neighbourhoods
from maps.site import build as site
from maps.site import swap
from maps.site.build import Plan, build_site
from maps.site.mark import FILE, SIGN, Mark, read_mark, write_mark
from maps.site.parts import BOROUGH_PARTS, PARTS, SHARED_PARTS, Part, files_of

ROOT = Path(__file__).resolve().parents[3]
DATA = {
    "index.html", "README.txt", "dictionary.csv", "provenance.json", "tables.xlsx", "reach.csv",
    "pockets.geojson", "neighbourhoods.gpkg", "datapackage.json", "england.csv", "gradients.csv",
    *(f"{name}.{ending}"
      for name in ("neighbourhoods", "msoa", "districts", "pockets", "joined_pockets")
      for ending in ("parquet", "csv")),
    *(f"{name}/neighbourhoods.{ending}"
      for name in ("northmere", "westholt") for ending in ("csv", "geojson")),
}  # fmt: skip
DATA |= {f"{name}-metadata.json" for name in DATA if name.endswith(".csv") and "/" not in name}
SHARED_WORK = [
    (neighbourhoods, "_key"),
    (neighbourhoods, "_load"),
    (of_ground, "district_names"),
    *(
        (of_country, name)
        for name in ("findings", "every_member", "with_years", "reproduced", "values_of")
    ),
]
"""What a build needs once: where it is, and its name."""
CHEAP = ("index", "region", "about", "data", "pages", "profiles")


@pytest.fixture
def plan(country, sample_site, tmp_path):
    """Return a maker of plans for the sample, whose tables and findings are at hand."""

    def make(*names, out=None, area="sample", **more):
        return Plan(
            country=country,
            selection=country.ground.select(area),
            out=out or tmp_path / "site",
            parts=names or PARTS,
            **more,
        )

    return make


@pytest.fixture
def old_site(sample_site, tmp_path):
    """Return a copy of the built site, with a stale profile in it and an atlas of its own."""
    folder = tmp_path / "site"
    shutil.copytree(sample_site, folder)
    (folder / "northmere" / "profiles" / "E02999999.html").write_text("stale")
    (folder / "northmere" / "atlas.pdf").write_bytes(b"another atlas")
    write_mark(read_mark(folder), folder)
    return folder


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(one, other):
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def names_beside(folder):
    return sorted(path.name for path in folder.parent.iterdir())


def test_a_site_holds_what_the_design_says(sample_site):
    found = set(contents(sample_site))
    pockets = pd.read_parquet(sample_site / "data" / "pockets.parquet")
    msoa = pd.read_parquet(sample_site / "data" / "msoa.parquet")
    homes = {"E06900001": "westholt", "E08900001": "northmere"}
    expected = {"index.html", "region.html", FILE, SIGN} | {f"data/{name}" for name in DATA}
    expected |= {f"about/{name}.html" for name in ("methods", "sources", "quality")}
    for name in homes.values():
        expected |= {f"{name}/index.html", f"{name}/profile.html", f"{name}/atlas.pdf"}
    expected |= {f"{homes[lad]}/profiles/{code}.html" for code, lad in msoa["lad_code"].items()}
    expected |= {f"{homes[lad]}/pockets/{key}.html" for key, lad in pockets["lad_code"].items()}
    drawn = {name for name in found if re.fullmatch(r"(westholt|northmere)/maps/.*", name)}
    assert found - drawn == expected
    assert len(msoa) == 46
    assert len(pockets) == 8
    endings = {Path(name).suffix for name in drawn}
    assert endings == {".png", ".svg"}
    for name in homes.values():
        assert f"{name}/maps/imd_2019.png" in drawn
        assert f"{name}/maps/imd_2019-borough.svg" in drawn


def test_a_site_of_one_borough_sets_nothing_side_by_side(lone_site):
    found = contents(lone_site)
    assert {name.split("/")[0] for name in found} == {
        "index.html", "about", "data", "westholt", FILE, SIGN
    }  # fmt: skip
    assert read_mark(lone_site).districts == ("E06900001",)
    text = found["index.html"].decode()
    assert "region.html" not in text
    assert "northmere/" not in text


def test_a_site_bears_its_mark(sample_site):
    assert read_mark(sample_site) == Mark(
        edition="sample", area="the sample", districts=("E06900001", "E08900001")
    )


def test_every_file_of_a_site_belongs_to_one_part(sample_site):
    owners = {name: [] for name in contents(sample_site) if name not in (FILE, SIGN)}
    for part in PARTS:
        for path in files_of(part, sample_site):
            inside = [path, *path.rglob("*")]
            for one in inside:
                name = one.relative_to(sample_site).as_posix()
                if name in owners:
                    owners[name].append(part)
    assert {name: found for name, found in owners.items() if len(found) != 1} == {}


def test_building_a_part_makes_it_anew_and_keeps_the_others(plan, old_site, sample_site):
    made = build_site(plan("profiles"))
    assert differing(contents(old_site), contents(sample_site)) == ["northmere/atlas.pdf"]
    assert (old_site / "northmere" / "atlas.pdf").read_bytes() == b"another atlas"
    assert made.boroughs == {"Northmere": "northmere", "Westholt": "westholt"}
    assert made.seconds["profiles"] > 0
    assert "pages" not in made.seconds


def test_pages_link_to_no_part_that_is_not_there(plan, tmp_path):
    build_site(plan("pages", "profiles"))
    pages = [*(tmp_path / "site").rglob("*.html")]
    assert len(pages) == 2 + 2 + 46 + 8
    for page in pages:
        for address in re.findall(r'<a [^>]*href="([^"#]+)"', page.read_text(encoding="utf-8")):
            if not address.startswith(("http", "mailto:", "data:", "blob:")):
                assert (page.parent / address).exists(), (page, address)
    text = (tmp_path / "site" / "westholt" / "index.html").read_text(encoding="utf-8")
    assert "atlas.pdf" not in text
    assert "../about/" not in text


def test_steps_are_told_in_order_with_their_counts(plan):
    steps = []
    build_site(plan("index"), say=steps.append)
    told = [(step.what, step.done, step.total, step.just) for step in steps]
    assert ("Looking into boroughs", 2, 2, "Northmere") in told
    assert ("Finding clusters", 12, 12, "COVID-19 mortality ratio") in told
    assert told[-1] == ("Writing index", 0, 1, "")
    assert "Drawing boroughs" not in {step.what for step in steps}


def test_a_build_asks_once_for_what_all_boroughs_share(plan, country, files, monkeypatch):
    """Count how often a build in one process enters what reads, or works out, what is shared."""
    assert len(country.findings.lsoa) == 230  # at hand from here on
    planned = plan("index", "region", "about", "data")
    entered = Counter()
    for place, name in SHARED_WORK:
        work = getattr(place, name)

        def counting(*given, name=name, work=work):
            entered[name] += 1
            return work(*given)

        monkeypatch.setattr(place, name, counting)
    own = Country(files=files)
    build_site(dataclasses.replace(planned, country=own))
    assert entered == {name: 1 for _, name in SHARED_WORK}


def test_what_is_kept_for_all_boroughs_is_there_before_one_is_looked_into(plan, files, monkeypatch):
    def look(plan, *_):
        known.update(vars(plan.country))
        raise InputError("Far enough")

    known = {}
    monkeypatch.setattr(site, "_look_into", look)
    with pytest.raises(InputError, match="Far enough"):
        build_site(dataclasses.replace(plan("pages"), country=Country(files=files)))
    kept = {"tables", "findings", "pocket_names", "joined_members", "change", "fuel_series"}
    assert known.keys() >= kept


def test_a_build_in_one_process_puts_each_borough_together_once(plan, tmp_path, monkeypatch):
    found, assemble = Counter(), site.assemble

    def counting(country, code, **options):
        found[code] += 1
        return assemble(country, code, **options)

    monkeypatch.setattr(site, "assemble", counting)
    monkeypatch.setitem(BOROUGH_PARTS, "pages", Part(lambda *_: None, ("*/index.html",)))
    build_site(plan("index", "pages"))
    assert found == {"E06900001": 1, "E08900001": 1}


def test_a_borough_goes_to_no_other_process(plan, tmp_path):
    """What is sent is who it is: it is put together there, from what is kept."""
    errand = site._Errand(plan("index"), "E06900001", "Westholt", tmp_path / "westholt")
    assert errand.borough.name == "Westholt"
    there = pickle.loads(pickle.dumps(errand))
    assert (there.code, there.name, there.folder) == (errand.code, errand.name, errand.folder)
    assert "borough" in vars(errand)
    assert "borough" not in vars(there)


def test_same_inputs_give_the_same_bytes(sample_site, old_site, warm, tmp_path):
    """Build once more: in other processes, another cache, another order of hashes, another zone.

    The parts that are quick to make are built from nothing by one job, where the first site was
    built by as many as there are cores; the atlas of one borough and some of its maps, among them
    those of a layer of MSOAs, are drawn again.
    """
    elsewhere = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8"}
    shutil.rmtree(old_site)
    shutil.copytree(sample_site, old_site)
    for part in CHEAP:
        for path in files_of(part, old_site):
            path.unlink() if path.is_file() else shutil.rmtree(path)
    cold = {**os.environ, **elsewhere, "POCKETS_CACHE": str(tmp_path / "cold")}
    command = [sys.executable, "-m", "scripts.cli", "build", "--jobs", "1", "--out", str(old_site)]
    built = subprocess.Popen([*command, "--only", ",".join(CHEAP)], cwd=ROOT, env=cold)
    places = map(str, (warm.cache, warm.mirror, tmp_path / "drawn"))
    drawn = subprocess.run(
        [sys.executable, "-c", DRAW, *places, *DRAWN],
        cwd=ROOT,
        env={**os.environ, **elsewhere},
        check=False,
    )
    assert (built.wait(timeout=300), drawn.returncode) == (0, 0)
    expected, again = contents(sample_site), contents(old_site)
    assert differing(expected, again) == []
    maps = contents(tmp_path / "drawn")
    assert len(maps) == 1 + 2 * (2 * len(DRAWN) + 1)
    assert {f"westholt/{name}" for name in maps} <= expected.keys()
    assert [name for name in maps if maps[name] != expected[f"westholt/{name}"]] == []


DRAWN = ("imd_2019", "covid_2020_21")
DRAW = """
import dataclasses, sys
from pathlib import Path
from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.findings.pockets import Choice
from layers.files import Files
from layers.layer import edition
from maps.site.parts import draw_atlas, draw_maps
cache, mirror, out = map(Path, sys.argv[1:4])
files = Files(edition=edition("sample"), cache=cache, mirror=mirror, offline=True)
borough = assemble(Country(files=files), "E06900001", place="the sample")
draw_atlas(borough, out, None)
few = tuple(borough.edition.layer(layer) for layer in sys.argv[4:])
few = dataclasses.replace(borough.edition, layers=few)
draw_maps(dataclasses.replace(borough, edition=few), out, None)
"""


@pytest.fixture
def warm(files, sample_site):
    """Return the sample's files, after a build that left everything at hand."""
    return files


def unpacked(name, content):
    """Return the bytes of a file, and those packed into it."""
    yield content
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            yield from map(book.read, book.namelist())
    if name.endswith(".pdf"):
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            try:
                yield zlib.decompressobj().decompress(stream)
            except zlib.error:
                continue


def test_no_file_tells_of_the_machine_or_the_day(sample_site, files):
    today = date.today()
    secrets = {str(files.cache), str(files.mirror), str(ROOT), str(Path.home()), str(sample_site)}
    secrets |= {
        f"{tempfile.gettempdir()}/",
        f"{today:%Y-%m-%d}",
        f"{today:%Y%m%d}",
        f"{today:%d %B %Y}",
    }
    secrets |= {name for name in (socket.gethostname(), getpass.getuser()) if len(name) > 5}
    told = [
        (name, secret)
        for name, content in contents(sample_site).items()
        for piece in unpacked(name, content)
        for secret in secrets
        if secret.encode() in piece
    ]
    assert told == []


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_only(*_, **__):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def writes_then_fails(borough, folder, _):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("half")
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


def fails_while_closing(*_):
    try:
        full_disk()
    finally:
        zlib.decompress(b"never")


POINTS = {
    "making the folder": (swap, "workspace", read_only),
    "copying what is kept": (site.shutil, "copytree", full_disk),
    "writing the mark": (site, "write_mark", full_disk),
    "moving the new site": (swap, "_exchange", read_only),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_disk_that_fails_leaves_the_old_site(point, plan, old_site, monkeypatch):
    before, beside = contents(old_site), names_beside(old_site)
    monkeypatch.setattr(*POINTS[point])
    with pytest.raises(OutputError, match="could not be written; what was there before") as raised:
        build_site(plan("index"))
    monkeypatch.undo()
    assert raised.value.where == str(old_site)
    assert re.search("Read-only file system|No space left", raised.value.found)
    assert differing(before, contents(old_site)) == []
    assert names_beside(old_site) == beside


@pytest.mark.parametrize("drawer", [full_disk, writes_then_fails, fails_while_closing])
@pytest.mark.parametrize("part", ["pages", "index"])
def test_a_drawer_that_finds_the_disk_full_leaves_the_old_site(
    part, drawer, plan, old_site, monkeypatch
):
    shared = part in SHARED_PARTS
    failing = drawer if not shared or drawer is not writes_then_fails else full_disk
    monkeypatch.setitem(SHARED_PARTS if shared else BOROUGH_PARTS, part, Part(failing, ("x",)))
    before, beside = contents(old_site), names_beside(old_site)
    with pytest.raises(OutputError, match=r"No space|quota"):
        build_site(plan(part))
    assert differing(before, contents(old_site)) == []
    assert names_beside(old_site) == beside


@pytest.mark.parametrize(
    "error", [InputError("A refusal"), ZeroDivisionError(), KeyboardInterrupt()]
)
def test_a_drawer_that_fails_leaves_the_old_site(error, plan, old_site, monkeypatch):
    def draw(borough, folder, _):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text("half")
        raise error

    monkeypatch.setitem(BOROUGH_PARTS, "pages", Part(draw, ("*/index.html",)))
    before, beside = contents(old_site), names_beside(old_site)
    with pytest.raises(type(error)):
        build_site(plan("pages"))
    assert differing(before, contents(old_site)) == []
    assert names_beside(old_site) == beside


def test_a_failed_first_build_leaves_nothing(plan, tmp_path, monkeypatch):
    monkeypatch.setitem(BOROUGH_PARTS, "pages", Part(full_disk, ("*/index.html",)))
    (tmp_path / "here").mkdir()
    with pytest.raises(OutputError):
        build_site(plan("pages", out=tmp_path / "here" / "a" / "b" / "site"))
    assert [*(tmp_path / "here").iterdir()] == []


def test_a_site_goes_into_folders_that_are_made_for_it(plan, tmp_path):
    made = build_site(plan("index", out=tmp_path / "a" / "b" / "site"))
    assert names_beside(made.out) == ["site"]
    assert sorted(contents(made.out)) == [FILE, "index.html", SIGN]
    assert made.out.stat().st_mode & 0o777 == 0o755


def test_a_folder_below_a_file_cannot_be_written(plan, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="could not be written"):
        build_site(plan("index", out=tmp_path / "file" / "site"))


def test_a_folder_that_is_empty_becomes_a_site(plan, tmp_path):
    (tmp_path / "site").mkdir()
    build_site(plan("index"))
    assert (tmp_path / "site" / "index.html").is_file()


def test_parts_of_two_areas_are_never_mixed(plan, old_site):
    before = contents(old_site)
    with pytest.raises(OutputError, match="another area's") as raised:
        build_site(plan("index", area="Westholt"))
    assert (
        "Westholt (edition sample; E06900001; rule national, d 2, tau 5.0)" in raised.value.expected
    )
    assert "the sample" in raised.value.found
    assert differing(before, contents(old_site)) == []


def test_a_mark_tells_the_choice_and_one_that_does_not_is_of_the_usual_one(tmp_path):
    other = Mark(edition="sample", area="x", districts=(), choice=Choice(rule="overlap", tau=8))
    write_mark(other, tmp_path)
    assert read_mark(tmp_path) == other
    told = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    (tmp_path / FILE).write_text(json.dumps({**told, "choice": {"rule": "none such"}}))
    assert read_mark(tmp_path) is None
    del told["choice"], told["own_names"]
    (tmp_path / FILE).write_text(json.dumps(told))
    assert read_mark(tmp_path).choice == Choice()
    assert read_mark(tmp_path).own_names == ""
    write_mark(dataclasses.replace(other, own_names="ab" * 32), tmp_path)
    assert read_mark(tmp_path).own_names == "ab" * 32
    assert str(read_mark(tmp_path)).endswith("tau 8.0; names abababab)")


def test_parts_of_two_choices_are_never_mixed(plan, old_site, country):
    before = contents(old_site)
    asked = plan("index")
    other = dataclasses.replace(asked, country=Country(files=country.files, choice=Choice(tau=8)))
    with pytest.raises(OutputError, match="or of another choice") as raised:
        build_site(other)
    assert "tau 8.0" in raised.value.expected
    assert "tau 5.0" in raised.value.found
    assert differing(before, contents(old_site)) == []


def test_a_whole_build_may_replace_the_site_of_another_area(plan, tmp_path, monkeypatch):
    for known in (BOROUGH_PARTS, SHARED_PARTS):
        for name in [*known]:
            if name not in {"index", "pages"}:
                quiet = Part(lambda *_: None, known[name].files)
                monkeypatch.setitem(known, name, quiet)
    build_site(plan())
    assert (tmp_path / "site" / "northmere").exists()
    build_site(plan(area="Westholt"))
    assert sorted(contents(tmp_path / "site")) == [FILE, "index.html", SIGN, "westholt/index.html"]
    assert read_mark(tmp_path / "site").districts == ("E06900001",)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [(("maps", "posters", "films"), "“posters”, “films”"), (("",), "“”"), ((), "No part")],
)
def test_unknown_parts_are_named(wanted, said, country, tmp_path):
    plan = Plan(country=country, selection=Selection("x", ()), out=tmp_path / "site", parts=wanted)
    with pytest.raises(InputError, match=said) as raised:
        build_site(plan)
    assert raised.value.expected == ", ".join(PARTS)
    assert [*tmp_path.iterdir()] == []


def test_marks_are_json_in_a_fixed_order(tmp_path, sample_site):
    text = (sample_site / FILE).read_text(encoding="utf-8")
    assert [*json.loads(text)] == [
        "area",
        "choice",
        "districts",
        "edition",
        "files",
        "format",
        "own_names",
    ]
    assert json.loads(text)["choice"] == {"rule": "national", "d": 2, "tau": 5.0}


def test_pages_of_a_site_with_a_public_address_lead_there(plan):
    made = build_site(plan("index", "pages", "about", public_url="https://council.example/pockets"))
    homes = [made.out / home / "index.html" for home in made.boroughs.values()]
    pages = [path.read_text(encoding="utf-8") for path in homes]
    assert len(pages) == 2
    for page in pages:
        links = re.findall(r'<a[^>]* href="([^"]*)"', page[: page.index("<script")])
        abroad = [link for link in links if not link.startswith("#")]
        assert len(set(abroad)) >= 3
        assert all(link.startswith("https://council.example/pockets/") for link in abroad)
        told = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
        across = [address for parts in told["places"]["pocket"]["across"] for _, address in parts]
        assert all(link.startswith("https://council.") for link in across if link)
        assert told["links"]["sign"] == ""


@pytest.mark.parametrize(
    "address",
    ["council.example", "ftp://council.example/", "https://council.example/?q=1",
     "https://council.example/#a", 'https://council.example/"', "https://u:p@council.example/",
     "https://council.example/a b", "javascript:alert(1)", ""],
)  # fmt: skip
def test_a_public_address_that_is_none_is_refused_before_the_work(address, plan):
    asked = plan("pages", public_url=address)
    with pytest.raises(InputError, match="public address of the site cannot be used"):
        build_site(asked)
    assert not asked.out.exists()
