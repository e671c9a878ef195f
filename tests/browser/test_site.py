"""Pages of whole sites in a browser: the sample’s, and real ones where the files are."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from boundaries.ground import Ground
from layers.layer import Layer, edition
from maps.look.numbers import fifth, written
from tests.sites import REAL, REAL_SITES, SITES

pytestmark = pytest.mark.browser


@pytest.fixture(params=SITES)
def built_site(request):
    """A site's folder, its edition, and its table of neighbourhoods as anyone may download it."""
    folder = request.getfixturevalue(request.param)
    table = gpd.read_parquet(folder / "data" / "neighbourhoods.parquet")
    return folder, edition(REAL.get(request.param, "sample")), table


def pages_of(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*/index.html"))
    return [path for path in found if 'id="map_borough"' in path.read_text(encoding="utf-8")]


def in_the_panel(layer: Layer, value: float, row: pd.Series) -> str:
    """Write a value of the table as the panel begins it: what is modelled, as a fifth alone."""
    if np.isnan(value):
        return "No value"
    if not layer.ranks_in_words:
        return fifth(row[layer.quintile_column("england")], layer).capitalize()
    return written(layer.form, value)


def test_every_borough_page_is_small_and_draws_its_neighbourhoods(built_site, visit):
    folder, _, table = built_site
    pages = pages_of(folder)
    assert pages
    for path in pages:
        assert path.stat().st_size < 800_000, path.parent.name
        page = visit(path)
        own = table[table["lad_name"] == page.inner_text("h1")]
        if own.empty:
            own = table[table["lad_name"].str.replace(".", "") == page.inner_text("h1")]
        assert page.locator("path.area").count() == len(own) > 0
        page.close()


def test_numbers_of_a_page_are_those_of_the_download(built_site, visit):
    folder, known, table = built_site
    path = pages_of(folder)[0]
    page = visit(path)
    codes = page.evaluate(
        "JSON.parse(document.getElementById('data').textContent).places.area.codes"
    )
    for code in codes[:: max(1, len(codes) // 8)]:
        page.evaluate("code => { location.hash = `place=${code}` }", code)
        page.locator(f"#selection >> text={code}").wait_for()
        for layer in known.layers:
            fact = page.locator(f"#selection .fact[data-layer='{layer.id}']")
            value = table.at[code, layer.value]
            shown = fact.locator(".fact-value").text_content()
            assert shown.startswith(in_the_panel(layer, value, table.loc[code]))
            if not layer.ranks_in_words or np.isnan(value):
                continue
            rank = table.at[code, layer.rank_column("england")]
            ranks = fact.locator("[data-frame=england]")
            if pd.isna(rank):
                # the ratio of a former neighbourhood, of which this one is a part
                assert table.at[code, layer.estimated]
                assert "Of the former MSOA, not ranked" in fact.text_content()
                assert ranks.count() == 0
            else:
                assert ranks.text_content().startswith(f"{int(rank):,}")


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_the_map_of_all_boroughs_fills_its_frame(built_site, visit, width):
    folder, _, _ = built_site
    page = visit(folder / "index.html")
    page.set_viewport_size({"width": width, "height": 800})
    box = page.locator(".overview > svg").bounding_box()
    drawn = page.get_attribute(".overview > svg", "viewBox").split()
    assert box["width"] / box["height"] == pytest.approx(
        float(drawn[2]) / float(drawn[3]), abs=0.01
    )


def test_every_view_of_a_site_passes_axe(built_site, visit, violations):
    folder, _, _ = built_site
    page = visit(pages_of(folder)[0], address="#layer=overlap&compare=borough")
    assert violations(page, without="#table") == []
    assert violations(visit(folder / "index.html")) == []


@pytest.mark.parametrize("name", REAL_SITES)
def test_a_real_postcode_leads_to_its_neighbourhood(name, request, visit):
    known = request.getfixturevalue({"2019": "official", "2025": "official_2025"}[REAL[name]])
    postcodes = Ground(known).postcodes("E06000006")
    page = visit(request.getfixturevalue(name) / "halton" / "index.html")
    for postcode in list(postcodes.index)[:: len(postcodes) // 6]:
        page.fill("#find-text", postcode.lower().replace(" ", ""))
        page.press("#find-text", "Enter")
        assert postcodes[postcode] in page.text_content("#selection")
        assert postcodes[postcode] in page.evaluate("location.hash")


def test_the_first_screen_shows_the_ways_on_and_that_the_page_goes_on(sample_site, visit):
    page = visit(sample_site / "northmere" / "index.html")
    ways = page.locator(".ways a")
    told = dict(
        zip(ways.all_inner_texts(), ways.evaluate_all("all => all.map(a => a.href)"), strict=True)
    )
    assert list(told)[:3] == ["Table", "Pockets by layer", "Profile"]
    for text, address in told.items():
        path, _, part = address.removeprefix("file://").partition("#")
        assert Path(path).is_file(), text
        assert not part or page.locator(f"#{part}").count() == 1
    height = page.viewport_size["height"]
    assert all(0 <= each["y"] < height for each in (way.bounding_box() for way in ways.all()))
    board = page.locator(".board").bounding_box()
    assert 30 <= height - board["y"] - board["height"] <= 80
    glance, how = (page.locator(part).bounding_box() for part in (".summary-table", "#how"))
    assert glance["y"] < how["y"]
    assert page.locator(".short").bounding_box()["y"] < height / 2
    assert glance["y"] < height
