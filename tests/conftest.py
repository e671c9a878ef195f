"""What tests of several folders share: an invented borough, the sample, its site, forbidden skips.

`invent` makes a borough of 25 neighbourhoods on a crooked grid, with ranks among 1,000 invented
neighbourhoods and 200 invented MSOAs, two pockets and three postcodes a neighbourhood.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.sources import Source
from layers.borough.borough import Borough
from layers.borough.country import Country
from layers.files import Files
from layers.layer import FRAMES, edition
from layers.table.summaries import scales_of
from scripts.sample.write import write_sample

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where official files lie beside the project, if there are any."""

SIDE, SIZE_M = 5, 500
LSOA_COUNT, MSOA_COUNT = 1000, 200
POCKETS = {0: [0, 1, 5, 6], 1: [18, 19, 23, 24]}
NAMES = ("Alder Bank", "Birch Cross & Mill", "Cedar Dale", "Damson End", "Elder Fold")
NASTY = {
    "borough": 'O\'Brien & "Sons" <b>Bold</b>',
    "areas": [
        "<script>window.hurt = 1</script>",
        '"><img src=x onerror="window.hurt=2">',
        '=HYPERLINK("http://x")',
        "+1-2@SUM(A1)",
        "السوق القديم",
        "Fish 🐟 & Chips",
        "</script><script>window.hurt=3</script>",
        "{{ 7 * 7 }}{% raw %}",
    ],
    "pocket": "'; window.hurt = 4; //\u2028<svg onload=window.hurt=5>",
}


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
    """Make an invented borough; see `invented` for the options."""
    return invented


@pytest.fixture(scope="session")
def invented_borough():
    return invented()


@pytest.fixture(scope="session")
def spoiled():
    """Make boundaries that fit badly; see `_spoiled`."""
    return _spoiled


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """Return a folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


def once(folder, make):
    """Return a folder that the first process of the run makes; the others wait until it is whole.

    A process that dies at it lets go of the lock; the next one finds nothing whole and tries again.
    """
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


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
def official_mirror():
    """The folder of the official files; a skip where there is none."""
    mirror = Path(os.environ.get("POCKETS_MIRROR") or OFFICIAL)
    if not mirror.is_dir():
        pytest.skip("needs the official files: set POCKETS_MIRROR to the folder that holds them")
    return mirror


@pytest.fixture(scope="session")
def official(official_mirror, shared):
    """The files of edition 2019, converted in POCKETS_CACHE or once a run."""
    cache = Path(os.environ.get("POCKETS_CACHE") or once(shared / "official", Path.mkdir))
    return Files(edition=edition("2019"), cache=cache, mirror=official_mirror, offline=True)


@pytest.fixture(scope="session")
def england(official, shared):
    """Edition 2019 as a whole; one process of the run works out what all boroughs share."""
    country = Country(files=official)

    def make(folder):
        assert len(country.findings.lsoa)
        folder.mkdir()

    once(shared / "england", make)
    return country


@pytest.fixture(scope="session")
def real_site(request, shared):
    """A site of real boroughs: the one in POCKETS_SITES, or Halton without printed maps."""

    if built("real"):
        return built("real")
    files = request.getfixturevalue("england").files  # skips here where there are none

    def make(folder):
        build(files, "Halton", folder, without=("maps",))

    return once(shared / "real-site", make)


def built(name):
    """Return a site that was built before, in the folder that POCKETS_SITES names."""
    folder = Path(os.environ.get("POCKETS_SITES", "")) / name
    return folder if "POCKETS_SITES" in os.environ and folder.is_dir() else None


def build(files, area, folder, *, without=()):
    # imported late, since most tests need no maps
    from maps.site.build import Plan, build_site
    from maps.site.parts import PARTS

    country, jobs = Country(files=files), os.cpu_count() or 1
    selection = country.ground.select(area)
    parts = tuple(part for part in PARTS if part not in without)
    build_site(Plan(country=country, selection=selection, out=folder, parts=parts, jobs=jobs))
    return folder


def invented(*, edition_id="sample", pockets=True, nasty=False, name="Northmere"):
    """Return a borough of which nothing exists; with ``nasty``, names that try to break a page."""
    known = edition(edition_id)
    name = NASTY["borough"] if nasty else name
    lsoa = _with_layers(_lsoa(name, nasty), known, LSOA_COUNT, "LSOA")
    msoa = _with_layers(_msoa(lsoa, name), known, MSOA_COUNT, "MSOA")
    covid = [column for column in msoa if column.startswith("covid")]
    lsoa = lsoa.join(msoa[covid], on="msoa_code")
    found = _pockets(lsoa, known, name, NASTY["pocket"] if nasty else "")
    lsoa["pocket_id"] = ""
    for pocket_id, codes in found["lsoa_codes"].items() if pockets else ():
        lsoa.loc[codes, "pocket_id"] = pocket_id
    overall = known.layer(known.overall)
    return Borough(
        code="E06900001",
        name=name,
        place="Northmere and Westholt",
        edition=known,
        lsoa=lsoa,
        msoa=msoa,
        pockets=found if pockets else found.iloc[:0],
        surroundings=_surroundings(lsoa),
        england={layer.id: _england(lsoa, layer) for layer in known.layers},
        scales=scales_of(known, msoa),
        counts={
            layer.id: LSOA_COUNT if layer.geography == "LSOA" else MSOA_COUNT
            for layer in known.layers
        },
        district=_district(lsoa, known, found if pockets else found.iloc[:0], overall),
        district_counts={layer.id: 12 for layer in known.layers},
        postcodes=_postcodes(lsoa),
        sources={layer.id: (_source(layer.source, layer.kind),) for layer in known.layers},
        notes={"covid_2020_21": ("England and Wales = 1.",)},
        gradients=pd.DataFrame(),
        gradient_parts=pd.DataFrame(),
        moran=pd.DataFrame(),
        chance=_chance(),
        settings={"rule": "national", "d": 2, "tau": 5.0},
    )


def _lsoa(name, nasty):
    random = np.random.default_rng(11)
    corner = random.uniform(-90, 90, (SIDE + 1, SIDE + 1, 2)) + SIZE_M * np.moveaxis(
        np.indices((SIDE + 1, SIDE + 1))[::-1], 0, -1
    )
    corner = np.round(corner + np.array([400_000, 500_000]))
    rows = []
    for place in range(SIDE * SIDE):
        row, column = divmod(place, SIDE)
        ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        shape = shapely.Polygon([corner[at] for at in ring])
        text = NASTY["areas"][place] if nasty and place < len(NASTY["areas"]) else ""
        rows.append(
            {
                "area_code": f"E0190{row:02d}{column:02d}",
                "area_name": text or f"Northmere {row + 1:03d}{'ABCDE'[column]}",
                "msoa_code": f"E02900{row:03d}",
                "msoa_name": text or NAMES[row],
                "lad_code": "E06900001",
                "lad_name": name,
                "population": 1400 + 17 * place,
                "working_age_population": 800 + 11.25 * place,
                "easting": round(shape.centroid.x),
                "northing": round(shape.centroid.y),
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, crs="EPSG:27700").set_index("area_code")


def _msoa(lsoa, name):
    groups = lsoa.groupby("msoa_code")
    shapes = lsoa[["msoa_code", "geometry"]].dissolve(by="msoa_code")
    return shapes.assign(
        area_name=groups["msoa_name"].first(),
        lad_code="E06900001",
        lad_name=name,
        population=groups["population"].sum(),
        working_age_population=groups["working_age_population"].sum(),
        easting=groups["easting"].mean(),
        northing=groups["northing"].mean(),
        lsoa_count=groups.size(),
    ).rename_axis("area_code")


def _spoiled(areas, off_m):
    """Give every second area a corner in the middle of each edge, beside the neighbour's line."""

    def with_middles(shape):
        corners = np.asarray(shape.exterior.coords)
        edges = np.diff(corners, axis=0)
        aside = np.column_stack([edges[:, 1], -edges[:, 0]]) / np.hypot(*edges.T)[:, None]
        middles = corners[:-1] + edges / 2 + aside * off_m
        return shapely.Polygon(np.stack([corners[:-1], middles], axis=1).reshape(-1, 2))

    shapes = [
        with_middles(shape) if place % 2 and shape.geom_type == "Polygon" else shape
        for place, shape in enumerate(areas.geometry)
    ]
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=areas.crs))


def _with_layers(areas, known, count, geography):
    """Give each layer values and ranks, the worst near the pockets that `POCKETS` plants."""
    areas = areas.copy()
    centre = areas.geometry.centroid
    for number, layer in enumerate(known.layers):
        if geography == "LSOA" and layer.geography == "MSOA":
            continue
        random = np.random.default_rng(100 + number)
        west = np.hypot(centre.x - 400_400, centre.y - 500_400)
        east = np.hypot(centre.x - 402_300, centre.y - 502_100)
        depth = np.exp(-(np.minimum(west, east) / 900)) + random.uniform(0, 0.15, len(areas))
        values = pd.Series((depth * 40 + number).round(layer.decimals + 2), index=areas.index)
        values = (values / layer.scale).round(6)
        if layer.kind == "covid_mortality":
            values = (depth * 2.4 + 0.3).round(4)
        if layer.id == "no2_2021_23" and geography == "LSOA":
            values.iloc[12] = np.nan
        areas[layer.value] = values
        areas = _ranked(areas, layer, count, geography)
    return areas


def _ranked(areas, layer, count, geography):
    borough = areas[layer.value].rank(ascending=False, method="min")
    england = (5 + (borough - 1) * (count // len(areas))).where(borough.notna())
    own = f"{layer.id}_rank_england"
    rank = layer.rank if geography == "LSOA" and layer.rank else own
    columns = {
        rank: england,
        f"{layer.id}_rank_borough": borough,
        f"{layer.id}_quintile_england": np.ceil(england * 5 / count),
        f"{layer.id}_quintile_borough": np.ceil(borough * 5 / borough.count()),
    }
    if layer.rank and geography == "LSOA":
        columns[f"{layer.id}_decile"] = np.ceil(england * 10 / count)
    if layer.lower and layer.upper:
        columns |= {layer.lower: areas[layer.value] * 0.8, layer.upper: areas[layer.value] * 1.3}
    for frame in FRAMES:
        columns[layer.cluster_column(frame)] = np.where(
            borough <= 2, "high-high", "not significant"
        )
    return areas.assign(**columns)


def _pockets(lsoa, known, name, nasty):
    rows = {}
    for number, places in POCKETS.items():
        own = lsoa.iloc[places]
        overall = known.layer(known.overall)
        peak = own[overall.value].idxmax()
        people = own["population"]
        row = {
            "number": number + 1,
            "name": nasty or (NAMES[0] if number == 0 else NAMES[3]),
            "lad_code": "E06900001",
            "lad_name": name,
            "deprivation_area_id": f"E06900001-A{number}",
            "lsoa_codes": list(own.index),
            "lsoa_count": len(own),
            "population": int(people.sum()),
            "working_age_population": float(own["working_age_population"].sum()),
            "population_year": known.population_year,
            "area_km2": own.area.sum() / 1e6,
            "rule": "national",
            "worst_decile_pct": 61.4,
            "prominence": 9.5,
            "cluster_lsoas": 2,
            "neighbour_pockets": [],
            "stability": 0.87,
            "geometry": own.union_all(),
        }
        for layer in known.layers:
            weight = own[layer.weight]
            row[layer.value] = float((own[layer.value] * weight).sum() / weight.sum())
            for frame in FRAMES:
                row[f"{layer.id}_rank_{frame}"] = number + 3
                row[f"{layer.id}_quintile_{frame}"] = 1
        rows[f"E06900001-{peak}"] = row
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("pocket_id")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=lsoa.crs)


def _surroundings(lsoa):
    own = shapely.union_all(lsoa.geometry.to_numpy())
    west, south, east, north = own.bounds
    boxes = {
        "E06900002": shapely.box(west - 3000, south - 3000, (west + east) / 2, north + 3000),
        "E06900003": shapely.box((west + east) / 2, south - 3000, east + 3000, north + 3000),
    }
    shapes = [box.difference(own) for box in boxes.values()]
    names = ["Westholt", "Eastholt"]
    return gpd.GeoDataFrame(
        {"lad_name": names}, geometry=shapes, index=pd.Index(boxes, name="lad_code"), crs=lsoa.crs
    )


def _england(lsoa, layer):
    return float(lsoa[layer.value].mean()) * 0.8


def _district(lsoa, known, pockets, overall):
    means = {layer.value: lsoa[layer.value].mean() for layer in known.layers}
    deciles = lsoa[f"{overall.id}_decile"]
    return pd.Series(
        {
            **means,
            f"{overall.id}_worst_tenth_pct": 100 * deciles.le(1).mean(),
            f"{overall.id}_worst_fifth_pct": 100 * deciles.le(2).mean(),
            f"{overall.id}_average_score": means[overall.value],
            f"{overall.id}_average_rank": 640.0,
            f"{overall.id}_extent_pct": 31.5,
            f"{overall.id}_local_concentration": 991.0,
            "population": int(lsoa["population"].sum()),
            "working_age_population": float(lsoa["working_age_population"].sum()),
            "pockets": len(pockets),
            "people_in_pockets": int(pockets["population"].sum()),
        }
    )


def _postcodes(lsoa):
    found = {
        f"ZZ{1 + place // SIDE} {place % SIDE}{unit}": code
        for place, code in enumerate(lsoa.index)
        for unit in ("AA", "AB", "XY")
    }
    return pd.Series(found, name="area_code")


def _source(source_id, kind):
    return Source(
        id=source_id,
        title=f"Table of {kind}",
        publisher="Office of Invention",
        page="https://example.org/",
        url="https://example.org/table.csv",
        url_kind="file",
        url_note="",
        edition="first",
        period="2018",
        geography="LSOA",
        coverage=("E019",),
        unit="score",
        direction="high is worse",
        licence="Open Licence of Invention",
        attribution="Invented for tests",
        path=f"{source_id}.csv",
        format="csv",
    )


def _chance():
    rows = [
        ("england", 1, 12, 14.2, 10.0, 18.0),
        ("england", 2, 9, 9.6, 2.0, 13.0),
        ("england", 3, 4, 1.2, 0.0, 3.0),
        ("england", 4, 1, 0.2, 0.0, 1.0),
        ("borough", 2, 5, 3.1, 1.0, 6.0),
    ]
    columns = ["frame", "at_least", "areas", "expected_areas", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns).set_index(["frame", "at_least"])
