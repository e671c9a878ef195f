"""The printed matrix of pockets: its numbers, its sentences, what can be read, many pages."""

from __future__ import annotations

import dataclasses
import re

import geopandas as gpd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from layers.layer import edition
from maps.look import palette
from maps.print.ground import LANDSCAPE, PORTRAIT, ground
from maps.print.lettering import Face, width_mm
from maps.print.pocket_matrix import matrix_pages
from maps.print.sheet import style

DOMAINS = [layer.id for layer in edition("sample").layers if layer.domain]
FIFTHS = ("highest fifth", "2nd fifth", "middle fifth", "4th fifth", "lowest fifth")
LONG = "Invented North East {} / part of Invented South East"


@pytest.fixture(scope="module")
def northmere(invented_boroughs):
    borough = invented_boroughs["northmere"]
    names = ["Northmere Bank", "Northmere Cross"]
    return dataclasses.replace(borough, pockets=borough.pockets.assign(name=names))


def many(borough, count=40):
    one = borough.pockets.iloc[[0]]
    rows = {key: list(one[key]) * count for key in one} | {"number": range(1, count + 1)}
    names = [LONG.format(f"{number:02d}") for number in range(count)]
    pockets = gpd.GeoDataFrame(
        rows | {"name": names}, index=[f"P{number:02d}" for number in range(count)], crs=one.crs
    )
    return dataclasses.replace(borough, pockets=pockets)


def pages_of(borough, layout=LANDSCAPE):
    with style():
        base = dataclasses.replace(ground(borough), layout=layout)
        return [(page.title, page.draw()) for page in matrix_pages(borough, base)]


def words_of(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_each_pocket_has_its_percentiles_with_ends_and_its_sentence(northmere):
    ((title, figure),) = pages_of(northmere)
    words = words_of(figure)
    assert title == "What each pocket is made of"
    for _, pocket in northmere.pockets.iterrows():
        start = words.index(pocket["name"])
        assert words[start - 1] == str(pocket["number"])
        shares = [
            text
            for layer in DOMAINS
            for text in (
                f"{pocket[f'{layer}_mean_percentile']:.0f}",
                f"{pocket[f'{layer}_percentile_lowest']:.0f} to"
                f" {pocket[f'{layer}_percentile_highest']:.0f}",
            )
        ]
        assert words[start + 1 : start + 15] == shares
    said = " ".join(words)
    counts = sorted(northmere.pockets["compared_lsoas"])
    for count in counts:
        assert f"outside it there are only {count}." in said


def test_what_a_pocket_stands_out_on_is_said_in_a_sentence(northmere):
    told = {"stands_out": [["imd_2019_crime"], []], "stands_out_less": [[], []]}
    pockets = northmere.pockets.assign(**told, compared_lsoas=9)
    for layer in DOMAINS:
        pockets[f"{layer}_percentile_difference"] = 0.0
    pockets["imd_2019_crime_percentile_difference"] = [14.0, 0.0]
    ((_, figure),) = pages_of(dataclasses.replace(northmere, pockets=pockets))
    said = " ".join(words_of(figure))
    others = "Against the 9 other deprived small areas of Northmere"
    assert f"{others} it stands out as more deprived on crime; on the other 6 domains" in said
    assert f"{others} it does not stand out on any domain." in said
    assert "at least 10 percentile points from the mean" in said


def test_fuel_poverty_stands_in_fifths_alone(northmere):
    ((_, figure),) = pages_of(northmere)
    words = words_of(figure)
    assert not [text for text in words if re.fullmatch(r"[\d.]+%", text)]
    for _, pocket in northmere.pockets.iterrows():
        at = words.index(pocket["name"]) + 15
        assert words[at].lower() == FIFTHS[int(pocket["fuel_poverty_2020_quintile_england"]) - 1]
    assert "Fuel poverty stands in fifths alone" in " ".join(words)


def test_the_borough_and_the_whole_stand_beneath_without_a_fill(northmere):
    ((_, figure),) = pages_of(northmere)
    words = words_of(figure)
    ends = [words.index(name, 5) for name in ("Northmere", "The sample")]
    assert ends == sorted(ends)
    assert ends[0] > words.index(northmere.pockets["name"].iloc[-1])
    assert f"{northmere.district['no2_2021_23_ugm3']:.1f} µg/m³" in words[ends[0] : ends[1]]
    fills = [block for block in figure.findobj(Rectangle) if block.get_height() > 5]
    assert len([b for b in fills if to_hex(b.get_facecolor()) in palette.SEQUENTIAL]) == 2 * 11


def test_words_can_be_read_on_every_fill(northmere):
    ((_, figure),) = pages_of(northmere)
    blocks = [
        block for block in figure.findobj(Rectangle) if to_hex(block.get_facecolor()) != "#ffffff"
    ]
    contrasts = [
        palette.contrast(to_hex(text.get_color()), to_hex(block.get_facecolor()))
        for block in blocks
        for text in figure.findobj(Text)
        if text.get_text()
        and block.get_x() <= text.get_position()[0] <= block.get_x() + block.get_width()
        and block.get_y() <= text.get_position()[1] <= block.get_y() + block.get_height()
    ]
    assert len(contrasts) >= 2 * 2 * 11 + 11
    assert min(contrasts) >= 4.5


@pytest.mark.parametrize("layout", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_many_pockets_take_several_pages_and_every_word_stays_on_them(northmere, layout):
    borough = many(northmere)
    pages = pages_of(borough, layout)
    assert len(pages) > 2
    titles = [title for title, _ in pages]
    assert titles[0] == f"What each pocket is made of (1 of {len(pages)})"
    numbers = []
    for _, figure in pages:
        width, height = (side * 25.4 for side in figure.get_size_inches())
        texts = [text for text in figure.findobj(Text) if text.get_text()]
        assert max(text.get_position()[1] for text in texts) < height - 12
        for text in texts:
            assert "…" not in text.get_text()
            face = Face(text.get_fontsize(), text.get_fontweight() == "bold")
            end = 0 if text.get_ha() == "right" else width_mm(text.get_text(), face)
            assert text.get_position()[0] + end < width - 11.5
        words = words_of(figure)
        assert "Pocket" in words
        numbers += [text for text in words if re.match(r"(Invented )?(North )?East \d\d", text)]
    found = [re.search(r"\d\d", text)[0] for text in numbers]
    assert found == [f"{number:02d}" for number in range(40)]


def test_without_pockets_there_is_no_such_page(northmere):
    none = dataclasses.replace(northmere, pockets=northmere.pockets.iloc[:0])
    assert pages_of(none) == []
