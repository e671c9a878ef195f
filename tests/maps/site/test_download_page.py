from __future__ import annotations

import re

from maps.site.download_page import FILES_EXPLAINED, download_page

MAPS = {"northmere/maps/imd_2019.png": 700_000, "northmere/maps/imd_2019-borough.svg": 1_500_000}


def addresses(page):
    return re.findall(r'<a href="(\.\./[^"]+)"', page)


def test_every_file_there_is_is_led_to_with_its_size_and_no_other(invented_boroughs):
    tables = {f"data/{name}": 2_000 for _, files in FILES_EXPLAINED.values() for name in files}
    own = {"data/northmere/neighbourhoods.csv": 9_000, "data/northmere/neighbourhoods.geojson": 1e4}
    sizes = tables | own | MAPS | {"westholt/atlas.pdf": 3_400_000, "westholt/index.html": 5}
    page = download_page(list(invented_boroughs.values()), sizes)
    wanted = [*tables, *own, *sorted(MAPS, reverse=True), "westholt/atlas.pdf"]
    assert addresses(page) == [f"../{path}" for path in wanted]
    assert 'aria-label="neighbourhoods.csv of Northmere">neighbourhoods.csv</a>' in page
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


def jumps(page):
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', page)


def test_a_list_at_the_top_leads_to_each_part_and_each_borough(invented_boroughs):
    sizes = {"data/tables.xlsx": 9, "data/README.txt": 9, "westholt/atlas.pdf": 9} | MAPS
    page = download_page(list(invented_boroughs.values()), sizes)
    assert jumps(page) == [
        ("files-1", "For a spreadsheet"),
        ("files-2", "What it all means"),
        ("of-northmere", "Northmere"),
        ("of-westholt", "Westholt"),
    ]
    for key, _ in jumps(page):
        assert page.count(f'id="{key}"') == 1
    assert re.findall(r"<summary>([^<]+)</summary>", page) == ["Northmere: maps", "Westholt: atlas"]
    assert "<details open>" not in page


def test_a_borough_alone_stands_open(invented_boroughs):
    page = download_page([invented_boroughs["westholt"]], {"westholt/atlas.pdf": 9})
    assert page.count("<details open>") == 1
    assert ("of-westholt", "Westholt") in jumps(page)
