"""A layer on an analyst's own axes: the fills and outlines of the printed map, and no more."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from geo.errors import AreaError, InputError
from maps.look import palette
from maps.look.view import mapped
from maps.print.on_axes import draw

OVERALL, COVID = "imd_2019", "covid_2020_21"


@pytest.fixture
def northmere(invented_boroughs):
    return invented_boroughs["northmere"]


@pytest.fixture
def axes():
    return Figure(figsize=(6, 6)).subplots()


def fills(axes):
    """Return how many areas each colour fills; a class's areas are one shape."""
    return {
        to_hex(shape.get_facecolor()): shape.get_path().codes.tolist().count(Path.MOVETO)
        for shape in axes.patches
        if shape.get_facecolor()[3]
    }


def lines(axes):
    """Return the colour and the width of each line over the fills, the lowest first."""
    shapes = [shape for shape in axes.patches if not shape.get_facecolor()[3]]
    ordered = sorted(shapes, key=lambda shape: shape.get_zorder())
    return [(to_hex(shape.get_edgecolor()), round(shape.get_linewidth(), 1)) for shape in ordered]


@pytest.mark.parametrize("frame", ["england", "borough"])
@pytest.mark.parametrize("layer_id", [OVERALL, COVID])
def test_areas_have_the_colours_of_their_classes(northmere, axes, layer_id, frame):
    layer = northmere.edition.layer(layer_id)
    assert draw(northmere, layer_id, ax=axes, frame=frame) is axes
    expected = mapped(northmere, layer, frame).colours.value_counts().to_dict()
    assert fills(axes) == expected
    assert sum(fills(axes).values()) == len(
        northmere.lsoa if layer_id == OVERALL else northmere.msoa
    )


def test_lines_are_those_of_the_printed_map(northmere, axes):
    draw(northmere, OVERALL, ax=axes)
    pockets = len(northmere.pockets)
    assert pockets
    assert lines(axes) == [
        (palette.BETWEEN, 0.3),
        ("#6f777b", 0.5),
        (palette.INK, 1.1),
        *[(palette.HALO, 3.5)] * pockets,
        *[(palette.POCKET, 1.7)] * pockets,
    ]
    bare = Figure().subplots()
    draw(northmere, OVERALL, ax=bare, pockets=False)
    assert lines(bare) == lines(axes)[:3]
    of_msoas = Figure().subplots()
    draw(northmere, COVID, ax=of_msoas, pockets=False)
    assert lines(of_msoas) == lines(axes)[1:3]


def test_a_pocket_lies_where_it_is_in_metres_of_the_grid(northmere, axes):
    draw(northmere, OVERALL, ax=axes)
    (west, south), (east, north) = axes.transData.inverted().transform(
        axes.patches[-1].get_window_extent()
    )
    half = axes.patches[-1].get_linewidth()  # the extent holds the pen's width
    bounds = northmere.pockets.geometry.iloc[-1].bounds
    slack = half * (axes.get_xlim()[1] - axes.get_xlim()[0]) / 100
    assert np.allclose([west, south, east, north], bounds, atol=slack)
    assert axes.get_aspect() == 1.0
    left, lower, right, upper = northmere.lsoa.total_bounds
    assert axes.get_xlim()[0] <= left < right <= axes.get_xlim()[1]
    assert axes.get_ylim()[0] <= lower < upper <= axes.get_ylim()[1]


def test_what_the_axes_hold_already_is_left_alone(northmere, axes):
    own = axes.plot([300_000, 301_000], [400_000, 401_000], color="green", label="A walk")[0]
    axes.set_title("My own")
    axes.set_xlabel("East")
    legend = axes.legend()
    draw(northmere, OVERALL, ax=axes)
    assert list(axes.lines) == [own]
    assert own.get_color() == "green"
    assert own.get_xdata().tolist() == [300_000, 301_000]
    assert (axes.get_title(), axes.get_xlabel()) == ("My own", "East")
    assert axes.get_legend() is legend
    assert all(isinstance(shape, PathPatch) and shape.get_gid() is None for shape in axes.patches)
    assert list(axes.figure.axes) == [axes]
    assert not axes.figure.texts


def test_a_legend_holds_the_classes(northmere, axes):
    draw(northmere, OVERALL, ax=axes, frame="borough", legend=True)
    found = mapped(northmere, northmere.edition.layer(OVERALL), "borough")
    legend = axes.get_legend()
    assert legend.get_title().get_text() == "Rank in Northmere"
    assert [text.get_text() for text in legend.get_texts()] == [one.label for one in found.legend]
    assert [to_hex(one.get_facecolor()) for one in legend.get_patches()] == [
        one.colour for one in found.legend
    ]


def test_missing_values_are_hatched(northmere, axes):
    layer = northmere.edition.layer(OVERALL)
    gone = [layer.value, *(layer.rank_column(frame) for frame in ("england", "borough"))]
    lsoa = northmere.lsoa.assign(**dict.fromkeys(gone, np.nan))
    draw(dataclasses.replace(northmere, lsoa=lsoa), layer, ax=axes, pockets=False)
    (shape,) = [one for one in axes.patches if one.get_facecolor()[3]]
    assert to_hex(shape.get_facecolor()) == palette.MISSING
    assert shape.get_hatch() == "//////"


def test_another_layer_or_frame_is_refused_with_those_there_are(northmere, axes):
    with pytest.raises(AreaError, match="no layer “imd”"):
        draw(northmere, "imd", ax=axes)
    with pytest.raises(InputError, match="cannot be compared with “London”"):
        draw(northmere, OVERALL, ax=axes, frame="London")
    assert not axes.patches
