from __future__ import annotations

import re

from maps.site.download_page import FILES_EXPLAINED, download_page

MAPS = {"northmere/maps/imd_2019.png": 700_000, "northmere/maps/imd_2019-borough.svg": 1_500_000}


def addresses(page):
    return re.findall(r'<a href="(\.\./[^"]+)"', page)


def test_every_file_there_is_is_led_to_with_its_size_and_no_other(invented_boroughs):
    tables = {f"data/{name}": 2_000 for _, files in FILES_EXPLAINED.values() for name in files}
    sizes = tables | MAPS | {"westholt/atlas.pdf": 3_400_000, "westholt/index.html": 5}
    page = download_page(list(invented_boroughs.values()), sizes)
    wanted = [*tables, *sorted(MAPS, reverse=True), "westholt/atlas.pdf"]
    assert addresses(page) == [f"../{path}" for path in wanted]
    assert page.count("2 kB") == len(tables)
    assert "PNG</a> 700 kB" in page
    assert "SVG</a> 1.5 MB" in page
    assert "Atlas of Westholt (PDF)</a>, 3.4 MB" in page
    assert 'aria-label="Overall deprivation (Index of Multiple Deprivation), compared with' in page


def test_parts_that_are_not_there_are_not_linked(invented_boroughs):
    boroughs = list(invented_boroughs.values())
    assert addresses(download_page(boroughs, {})) == []
    assert addresses(download_page(boroughs, {}, linked=("index", "about"))) == [
        "../index.html",
        "../about/methods.html",
        "../about/sources.html",
        "../about/quality.html",
    ]


def test_the_same_boroughs_give_the_same_page_whatever_their_order(invented_boroughs):
    boroughs = list(invented_boroughs.values())
    assert download_page(boroughs, MAPS) == download_page(boroughs[::-1], MAPS)
