"""The canvas of pictures: places, texts, marks and outlines come out as they are read."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from maps.svg.canvas import Axis, Picture, View, image, level_lines, outline, path, point, text


def test_a_scale_without_length_puts_everything_in_its_middle():
    flat = Axis(3.0, 3.0, 8, 252)
    assert (flat.at(3.0), flat.at(99.0)) == (130.0, 130.0)
    assert Axis(0.0, 4.0, 100, 0).at(1.0) == 75.0


def test_words_cannot_end_their_element():
    said = "</text><script>"
    drawn = image(
        text(1, 2, said),
        Picture(kind="bar", width=3, height=4),
        key="k",
        title=said,
        description=said,
    )
    assert "<script>" not in drawn
    assert drawn.count("&lt;script&gt;") == 3
    assert 'viewBox="0 0 3 4" aria-labelledby="k-t k-d"' in drawn


def test_marks_of_two_series_differ_in_shape():
    assert point(1, 2, 0, 3.5) == '<circle class="point" cx="1" cy="2" r="3.5"/>'
    assert point(1, 2, 1, 3.5) == '<path class="point" d="M-2.5 -1.5h7v7h-7z"/>'


def test_lines_stop_where_a_value_is_missing():
    up = Axis(0.0, 10.0, 100, 0)
    assert path([(1, float("nan")), (2, 5.0), (3, float("nan"))], up) == "M2 50"
    assert level_lines(up, 10, 90, most=2).count('class="grid"') == 3


def test_an_outline_has_its_parts_and_its_holes():
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    assert outline(ring).count("M") == outline(ring).count("z") == 2
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    assert outline(parts).count("z") == 2
    assert outline(shapely.Point(0, 0)) == ""
    assert outline(shapely.box(0, 0, 0.04, 0.04)) == ""


@pytest.mark.parametrize("seed", range(5))
def test_an_outline_is_true_to_a_twentieth_of_a_px_in_any_ring(seed):
    """Steps are differences of rounded places, so that no error adds up along a ring."""
    turns = np.sort(np.random.default_rng(seed).uniform(0, 2 * np.pi, 400))
    corners = np.column_stack([300 + 200 * np.cos(turns), 300 + 200 * np.sin(turns)])
    numbers = [
        float(number) for number in re.findall(r"-?[\d.]+", outline(shapely.Polygon(corners)))
    ]
    drawn = np.cumsum(np.reshape(numbers, (-1, 2)), axis=0)
    apart = shapely.distance(shapely.points(drawn), shapely.MultiPoint(corners))
    assert apart.max() < 0.071


def test_north_is_up_in_a_view():
    view = View(west=1000.0, north=5000.0, scale=0.1, width=100, height=50)
    assert view.at(np.array([[1000.0, 5000.0], [1100.0, 4900.0]])).tolist() == [[0, 0], [10, 10]]
    assert view.path(shapely.box(1000, 4900, 1100, 5000)) == "M10 10l0 -10 -10 0 0 10z"
