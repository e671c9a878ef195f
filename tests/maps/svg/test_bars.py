from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
import shapely

from maps.svg import bars as charts
from maps.svg.locator import MARGIN, SIZE, locator_of, view_of

SVG = "{http://www.w3.org/2000/svg}"
TOLD = {"key": "k", "title": "A <title>", "description": "d & e"}


def parsed(markup):
    return ElementTree.fromstring(
        str(markup).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def found(image, kind):
    return [element for element in image.iter() if element.get("class") == kind]


@pytest.fixture
def scale():
    values = pd.Series([10.0, 20.0, 20.0, np.nan, 30.0])
    return charts.scale_of(values, borough=22.0, england=5.0, label="{:.0f}")


def test_an_image_has_a_title_and_a_description_that_cannot_break_out(scale):
    image = parsed(charts.range_bar(scale, 20, **TOLD))
    assert image.get("role") == "img"
    ids = image.get("aria-labelledby").split()
    assert [image.find(f"{SVG}title").get("id"), image.find(f"{SVG}desc").get("id")] == ids
    assert image.find(f"{SVG}title").text == "A <title>"
    assert image.find(f"{SVG}desc").text == "d & e"


def test_the_scale_spans_areas_borough_and_england(scale):
    assert (scale.axis.low, scale.axis.high) == (5.0, 30.0)
    assert (scale.least, scale.most) == (10.0, 30.0)
    assert scale.at(5) == charts.EDGE
    assert scale.at(30) == charts.WIDTH - charts.EDGE
    assert scale.at(1_000) == scale.at(30)


def test_each_area_has_a_tick_and_the_value_its_mark_in_the_right_place(scale):
    image = parsed(charts.range_bar(scale, 17.5, **TOLD))
    (ticks,) = found(image, "ticks")
    places = [float(x) for x in re.findall(r"M([\d.]+)", ticks.get("d"))]
    assert places == [scale.at(10), scale.at(20), scale.at(30)]
    (here,) = found(image, "here")
    assert float(here.get("cx")) == charts.WIDTH / 2
    (borough,) = found(image, "borough")
    assert borough.get("d").startswith(f"M{scale.at(22):g} ")
    (england,) = found(image, "england")
    assert england.get("d").startswith(f"M{scale.at(5):g} ")


def test_a_missing_value_has_no_mark_and_no_areas_no_scale(scale):
    assert found(parsed(charts.range_bar(scale, math.nan, **TOLD)), "here") == []
    empty = pd.Series([np.nan, np.nan])
    assert charts.scale_of(empty, borough=1.0, england=1.0, label="{}") is None


def test_limits_inside_the_scale_end_in_bars_and_beyond_it_in_arrows(scale):
    inside = found(parsed(charts.range_bar(scale, 20, limits=(15, 25), **TOLD)), "limits")
    assert (
        inside[0].get("d")
        == f"M{scale.at(15):g} 14H{scale.at(25):g}M{scale.at(15):g} 9v10M{scale.at(25):g} 9v10"
    )
    beyond = found(parsed(charts.range_bar(scale, 20, limits=(15, 99), **TOLD)), "limits")
    assert beyond[0].get("d").endswith("M248 10L254 14L248 18")


def test_one_value_everywhere_is_drawn_in_the_middle():
    flat = charts.scale_of(pd.Series([4.0, 4.0]), borough=4.0, england=4.0, label="{:.1f}")
    assert flat.at(4.0) == charts.WIDTH / 2


def test_numbers_below_zero_are_written_with_a_minus_sign():
    scale = charts.scale_of(pd.Series([-1.5, 2.0]), borough=0.0, england=0.0, label="{:.1f}")
    assert ">−1.5</text>" in scale.backdrop


def test_columns_stand_in_proportion_and_carry_their_values():
    values = pd.Series([5.0, 10.0, np.nan], index=[3, 2, 1])
    image = parsed(charts.column_chart(values, label="{:.1f}", **TOLD))
    tops = [
        float(re.match(r"M[\d.]+ ([\d.]+)h26V(\d+)", column.get("d"))[1])
        for column in found(image, "column")
    ]
    foot = 130
    assert [foot - top for top in tops] == pytest.approx([57, 114])
    texts = [element.text for element in image.iter(f"{SVG}text")]
    assert texts == ["least deprived", "most deprived", "3", "5.0", "2", "10.0", "1"]


def test_a_view_fits_the_longer_side_and_keeps_the_shape():
    view = view_of((0, 0, 2000, 1000))
    assert (view.width, view.height) == (SIZE, (SIZE - 2 * MARGIN) // 2 + 2 * MARGIN)
    assert view.path(shapely.box(0, 0, 2000, 1000)).startswith("M")
    ends = np.array([[0.0, 1000.0], [2000.0, 0.0]])
    expected = [[MARGIN, MARGIN], [SIZE - MARGIN, view.height - MARGIN]]
    assert view.at(ends) == pytest.approx(np.array(expected))


def test_a_path_closes_on_its_shape():
    view = view_of((0, 0, 1000, 1000), margin=0)
    assert view.path(shapely.box(0, 0, 1000, 1000)) in {"M300 300l0 -300 -300 0 0 300z"}


def test_the_locator_marks_msoas_and_pockets(invented_boroughs):
    borough = invented_boroughs["northmere"]
    locator = locator_of(borough.name, borough.lsoa)
    assert set(locator.marks) == {*borough.msoa.index, *borough.pockets.index}
    image = parsed(locator.marked(borough.msoa.index[0], key="w", title="Where"))
    assert [len(found(image, kind)) for kind in ("land", "pockets", "marked")] == [1, 1, 1]


def test_the_detail_fills_and_numbers_its_areas_in_order(invented_boroughs):
    borough = invented_boroughs["northmere"]
    codes = list(borough.lsoa.index[:3])
    fills = {code: f"#00000{order}" for order, code in enumerate(codes)}
    locator = locator_of(borough.name, borough.lsoa)
    image = parsed(locator.detail(codes, fills, **TOLD))
    assert [area.get("fill") for area in found(image, "lsoa")] == ["#000000", "#000001", "#000002"]
    badges = [badge for badge in found(image, "badge") if badge.text]
    assert [badge.text for badge in badges] == ["1", "2", "3"]
    own = borough.lsoa.geometry[codes]
    view = view_of(own.total_bounds, margin=0)
    across = [view.at(shapely.get_coordinates(shape.centroid))[0, 0] for shape in own]
    placed = [float(badge.get("x")) for badge in badges]
    assert np.argsort(placed).tolist() == np.argsort(across).tolist()
