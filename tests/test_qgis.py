"""The GeoPackage in a real QGIS: its layers open styled, and legends are those of the pages.

A machine without QGIS can say nothing of it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from PIL import Image

from layers.layer import FRAMES, edition
from maps.look import palette
from maps.look.classify import FORMER_CLASS, MISSING_CLASSES, scheme_of
from tests.sites import SITES

pytestmark = pytest.mark.skipif(
    "POCKETS_QGIS" not in os.environ,
    reason="needs a QGIS: run `make qgis`, then set POCKETS_QGIS=1",
)

ROOT = Path(__file__).resolve().parent.parent
PYTHON = os.environ.get("POCKETS_QGIS_PYTHON", "/usr/bin/python3")
SECONDS = 900
AREAS = {"lsoa": "neighbourhoods", "msoa": "msoa", "district": "districts", "pockets": "pockets"}


@pytest.fixture(scope="module", params=SITES)
def site(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def looks(site, tmp_path_factory):
    """What QGIS reports of a site's GeoPackage, and the folder of its pictures."""
    folder = tmp_path_factory.mktemp("looks")
    path = site / "data/neighbourhoods.gpkg"
    command = [PYTHON, str(ROOT / "scripts/dev/qgis_look.py"), str(path), str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "may only be partially supported" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def report(looks):
    return json.loads((looks / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def known(site):
    return edition(json.loads((site / "build.json").read_text(encoding="utf-8"))["edition"])


@pytest.fixture(scope="module")
def tables(site):
    return {layer: gpd.read_parquet(site / f"data/{name}.parquet") for layer, name in AREAS.items()}


def styles_of(known):
    """Yield the name that a style should bear, its layer and its frame, in order."""
    for layer in known.layers:
        for frame, place in zip(FRAMES, (known.whole, "the borough"), strict=True):
            yield f"{layer.short}, compared with {place}", layer, frame


def shows_former(measure, table):
    """Say whether areas show the ratio of a former one: with a value, and without deaths."""
    observed = measure.column("observed")
    return observed in table and bool((table[measure.value].notna() & table[observed].isna()).any())


def classes_on_pages(site, place, frame):
    """Return the class of every LSOA on the pages, by code; ``place`` is the layer's position."""
    found = {}
    for path in site.glob("*/profile.html"):
        text = path.with_name("index.html").read_text(encoding="utf-8")
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
        page = json.loads(data[1])
        classes = page["layers"][place]["classes"][frame]
        labels = [entry["label"] for entry in classes["classes"]]
        numbers = zip(page["places"]["area"]["codes"], classes["numbers"], strict=True)
        found |= {code: [labels[int(number)]] for code, number in numbers}
    return found


def test_every_layer_is_valid_and_in_the_national_grid(report, tables):
    assert list(report["layers"]) == list(AREAS)
    for name, layer in report["layers"].items():
        assert layer["valid"], name
        assert layer["crs"] == "EPSG:27700", name
        assert layer["features"] == len(tables[name]), name
        assert layer["invalid_shapes"] == 0, name


def test_every_field_has_its_title(report, tables, site):
    words = pd.read_csv(site / "data/dictionary.csv", index_col=0)["title"]
    for name, layer in report["layers"].items():
        columns = [str(tables[name].index.name), *tables[name].columns.drop("geometry")]
        found = {field: alias for field, alias in layer["aliases"].items() if field != "fid"}
        assert found == {column: words[column] for column in columns}, name


@pytest.mark.parametrize("name", ["lsoa", "msoa"])
def test_legends_are_the_classes_and_colours_of_the_pages(report, known, tables, name):
    layer = report["layers"][name]
    assert list(layer["styles"]) == [title for title, _, _ in styles_of(known)]
    for title, measure, frame in styles_of(known):
        scheme = scheme_of(measure, frame, count=100)
        missing = MISSING_CLASSES[:1]
        if scheme.of == "ranks" and shows_former(measure, tables[name]):
            missing += (FORMER_CLASS,)
        assert [
            (entry["label"], entry["colours"][0]) for entry in layer["styles"][title]["legend"]
        ] == [
            *zip(scheme.labels, scheme.colours, strict=True),
            *((entry.label, entry.colour) for entry in missing),
        ], title
    assert layer["opened_with"] == layer["styles"][next(iter(layer["styles"]))]


def test_qgis_puts_every_neighbourhood_in_the_class_it_has_on_its_page(report, known, site):
    for at, (title, measure, frame) in enumerate(styles_of(known)):
        found = report["layers"]["lsoa"]["styles"][title]["classes"]
        wanted = classes_on_pages(site, at // len(FRAMES), frame)
        assert len(found) > 20
        assert found == wanted, (measure.id, frame)


def test_every_msoa_is_in_one_class(report, known):
    for style in report["layers"]["msoa"]["styles"].values():
        assert {len(classes) for classes in style["classes"].values()} == {1}


def test_outlines_are_labelled_and_pockets_orange(report):
    layers = report["layers"]
    assert layers["pockets"]["opened_with"]["labels"] == "number"
    assert layers["pockets"]["opened_with"]["legend"] == [
        {"label": "Pockets of deprivation", "colours": [palette.HALO, palette.POCKET]}
    ]
    assert layers["district"]["opened_with"]["labels"] == "area_name"


def test_every_style_is_drawn_in_its_colours(looks, report):
    for name, layer in report["layers"].items():
        for number, style in enumerate(layer["styles"].values(), start=1):
            with Image.open(looks / f"{name}-{number:02d}.png") as picture:
                counted = picture.convert("RGB").getcolors(maxcolors=2**24)
            drawn = {colour for count, colour in counted if count > 20}
            used = {label for labels in style["classes"].values() for label in labels}
            wanted = {
                palette.channels(entry["colours"][-1])
                for entry in style["legend"]
                if entry["label"] in used
            }
            assert wanted <= drawn, (name, number)
