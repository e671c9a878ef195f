"""What tests of several folders share: `tests.invented`, the sample, its site, forbidden skips."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.fetch.errand import Errand
from geo.fetch.locate import locate
from layers.borough.country import Country
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from scripts.sample.write import write_sample
from tests import invented
from tests.once import once

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where official files lie beside the project, if there are any."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure where POCKETS_NO_SKIP is set."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("POCKETS_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped where no skip is allowed: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.skipped and os.environ.get("POCKETS_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped where no skip is allowed: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def invent():
    """Make an invented borough; see `tests.invented` for the options."""
    return invented.invented


@pytest.fixture(scope="session")
def invented_borough():
    return invented.invented()


@pytest.fixture(scope="session")
def spoiled():
    """Make boundaries that fit badly; see `tests.invented`."""
    return invented.spoiled


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """Return a folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def sample_mirror(shared):
    return once(shared / "mirror", write_sample)


@pytest.fixture(scope="session")
def files(sample_mirror, shared):
    cache = once(shared / "cache", Path.mkdir)
    return Files(edition=edition("sample"), cache=cache, mirror=sample_mirror, offline=True)


@pytest.fixture(scope="session")
def country(files):
    """The sample as a whole, opened once a session."""
    return Country(files=files)


@pytest.fixture(scope="session")
def ground(country):
    return country.ground


@pytest.fixture(scope="session")
def sample_site(request, shared):
    """The whole site of the sample: the one in POCKETS_SITES, or built once a run."""

    def make(folder):
        build(request.getfixturevalue("files"), "sample", folder)

    return built("sample") or once(shared / "sample-site", make)


@pytest.fixture(scope="session")
def lone_site(request, shared):
    """The site of one borough alone, without what is printed."""

    def make(folder):
        build(request.getfixturevalue("files"), "Westholt", folder, without=("maps", "atlas"))

    return once(shared / "lone-site", make)


@pytest.fixture(scope="session")
def tiny_mirror(shared):
    """A mirror with the names of the official one, of an England of two hundred neighbourhoods."""
    from tests.publishers import write_tiny

    return once(shared / "tiny-england", write_tiny)


@pytest.fixture
def publishers(tiny_mirror, shared, monkeypatch):
    """The publishers of the tiny England; this process reaches them and no other host."""
    from tests.publishers import serving

    with serving(tiny_mirror, shared / "published") as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def official_publishers(official_mirror, shared, monkeypatch):
    """The publishers of the official files; this process reaches them and no other host."""
    from tests.publishers import serving

    with serving(official_mirror, shared / "published") as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture(scope="session")
def official_mirror():
    """The folder of the official files; a skip where there is none."""
    mirror = Path(os.environ.get("POCKETS_MIRROR") or OFFICIAL)
    if not mirror.is_dir():
        pytest.skip("needs the official files: set POCKETS_MIRROR to the folder that holds them")
    return mirror


@pytest.fixture(scope="session")
def official(official_mirror, shared):
    """The files of edition 2019, converted in POCKETS_CACHE or once a run."""
    return official_files("2019", official_mirror, shared)


@pytest.fixture(scope="session")
def official_2025(official_mirror, shared):
    """The files of edition 2025, converted in POCKETS_CACHE or once a run."""
    return official_files("2025", official_mirror, shared)


def official_files(key, mirror, shared):
    cache = Path(os.environ.get("POCKETS_CACHE") or once(shared / "official", Path.mkdir))
    return Files(edition=edition(key), cache=cache, mirror=mirror, offline=True)


@pytest.fixture(scope="session")
def official_file(official):
    """Return the place of an official file, and its record, by the record's id."""

    def found(key):
        source = catalogue()[key]
        errand = Errand(cache=official.cache, mirror=official.mirror, offline=True)
        return locate(source, errand), source

    return found


@pytest.fixture(scope="session")
def england(official, shared):
    """Edition 2019 as a whole; one process of the run works out what all boroughs share."""
    country = Country(files=official)
    return prepared(country, shared / "england", lambda: country.findings.lsoa)


@pytest.fixture(scope="session")
def england_2025(official_2025, shared):
    """Edition 2025 as a whole; one process of the run joins its tables."""
    country = Country(files=official_2025)
    return prepared(country, shared / "england-2025", lambda: country.tables.lsoa)


def prepared(country, folder, work_out):
    """Return a country of which one process of the run has worked out something before."""

    def make(place):
        assert len(work_out())
        place.mkdir()

    once(folder, make)
    return country


@pytest.fixture(scope="session")
def real_2019_site(request, shared):
    """A site of real boroughs, edition 2019; see `real_site`."""
    return real_site("2019", "england", request, shared)


@pytest.fixture(scope="session")
def real_2025_site(request, shared):
    """A site of real boroughs, edition 2025; see `real_site`."""
    return real_site("2025", "england_2025", request, shared)


def real_site(key, whole, request, shared):
    """Return the site of an edition in POCKETS_SITES, or Halton's without printed maps."""
    if built(key):
        return built(key)
    files = request.getfixturevalue(whole).files  # skips here where there are none

    def make(folder):
        build(files, "Halton", folder, without=("maps",))

    return once(shared / f"real-site-{key}", make)


def built(name):
    """Return a site that was built before, in the folder that POCKETS_SITES names."""
    folder = Path(os.environ.get("POCKETS_SITES", "")) / name
    return folder if "POCKETS_SITES" in os.environ and folder.is_dir() else None


def build(files, area, folder, *, without=()):
    # imported late, since most tests need no maps
    from maps.site.build import Plan, build_site
    from maps.site.parts import PARTS

    country = Country(files=files)
    selection = country.ground.select(area)
    # other processes load libraries anew, which a single borough does not repay
    jobs = 1 if len(selection.codes) == 1 else os.cpu_count() or 1
    parts = tuple(part for part in PARTS if part not in without)
    build_site(Plan(country=country, selection=selection, out=folder, parts=parts, jobs=jobs))
    return folder
