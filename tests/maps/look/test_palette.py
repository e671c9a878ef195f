"""Colours by computation: contrast after WCAG, and classes as the colour-blind see them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Patch

from maps.files.qgis_style import styles
from maps.look import palette
from maps.look.classify import BOROUGH, ENGLAND, FIFTHS_SCHEME, RATIO, overlap_classes, pair_classes
from maps.look.html import stylesheet
from maps.page.borough import borough_page
from maps.print.maps import pockets_sheet
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile
from maps.site.index import index_page

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear red, green and blue.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


MAPS = Path(palette.__file__).parent.parent
COLOUR = re.compile(
    r"(?<![&\w])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b|\b(?:rgba?|hsla?)\("
)
PAGES = dict(re.findall(r"--([\w-]+): (#\w+);", palette.custom_properties()))
"""The colours that pages have, by the name of the custom property."""


def linear(colour: str) -> np.ndarray:
    share = np.array(palette.channels(colour)) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colour: str, blindness: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as someone with this kind of sight sees it."""
    seen = np.clip(np.array(BLINDNESS[blindness]) @ linear(colour), 0, 1)
    xyz = (
        np.array(
            [
                [0.4124564, 0.3575761, 0.1804375],
                [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041],
            ]
        )
        @ seen
    )
    share = xyz / [0.95047, 1.0, 1.08883]
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(first: str, second: str, blindness: str) -> float:
    return float(np.linalg.norm(lab(first, blindness) - lab(second, blindness)))


def test_simulation_keeps_greys_and_confuses_red_with_green():
    assert difference("#777777", "#777777", "protanopia") == 0
    assert difference("#ffffff", "#000000", "tritanopia") == pytest.approx(100, abs=0.5)
    assert difference("#b03030", "#5a5a20", "none") > 2 * difference(
        "#b03030", "#5a5a20", "deuteranopia"
    )


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "ground"),
        ("ink", "focus"),
        ("quiet", "paper"),
        ("quiet", "ground"),
        ("link", "paper"),
        ("link", "ground"),
        ("hovered", "paper"),
        ("paper", "ink"),
        ("paper", "soft"),
    ],
)
def test_text_of_pages_reaches_four_and_a_half(text, ground):
    assert palette.contrast(PAGES[text], PAGES[ground]) >= 4.5


def sources(*endings):
    return [path for path in sorted(MAPS.rglob("*")) if path.suffix in endings]


def test_the_palette_is_the_only_list_of_colours():
    written = {
        path.name: COLOUR.findall(path.read_text(encoding="utf-8"))
        for path in sources(".css", ".js", ".html", ".py")
    }
    assert {name for name, found in written.items() if found} == {"palette.py"}


@pytest.mark.parametrize("text", ["color: #f46a25;", "#fff", "#0b0c0c66", "rgba(0, 0, 0, 0.5)"])
def test_the_guard_of_colours_sees_them(text):
    assert COLOUR.search(text)
    assert not COLOUR.search('<a href="#map">&#8217;</a> #find { } #table')


def test_every_colour_of_pages_is_used_and_none_is_used_that_is_not_there():
    texts = " ".join(path.read_text(encoding="utf-8") for path in sources(".css", ".html"))
    drawn = " ".join(path.read_text(encoding="utf-8") for path in sources(".js"))
    used = {*re.findall(r"var\(--([\w-]+)\)", texts), *re.findall(r"TINT\.(\w+)", drawn)}
    assert used - {"edge"} == set(PAGES)
    (listed,) = re.findall(r"TINT = Object.fromEntries\(\[(.*?)\]", drawn, re.DOTALL)
    assert set(re.findall(r'"(\w+)"', listed)) == set(re.findall(r"TINT\.(\w+)", drawn))


def test_a_style_begins_with_the_colours_of_the_palette(monkeypatch):
    assert stylesheet("base.css").startswith(":root { --ink: #0b0c0c;")
    monkeypatch.setattr(palette, "POCKET", "#00aa55")
    assert "--pocket: #00aa55;" in stylesheet("base.css", "borough.css")
    assert "#f46a25" not in stylesheet("base.css", "borough.css")


def test_another_colour_of_pockets_reaches_pages_printed_maps_and_qgis(
    invented_boroughs, monkeypatch
):
    monkeypatch.setattr(palette, "POCKET", "#00aa55")
    borough = invented_boroughs["northmere"]
    pages = [
        borough_page(borough),
        borough_profile(context_of(borough, peers_of([borough]))),
        index_page([borough], {borough.code: "northmere"}),
    ]
    for page in pages:
        assert "--pocket: #00aa55;" in page
        assert "#f46a25" not in page.lower()
    lines = {to_hex(shape.get_edgecolor()) for shape in pockets_sheet(borough).findobj(Patch)}
    assert "#00aa55" in lines
    assert "#f46a25" not in lines
    areas = {"pockets": borough.pockets, "district": borough.lsoa}
    (style,) = styles(borough.edition, areas, {}, {})["pockets"]
    assert "0,170,85,255" in style.qml
    assert "244,106,37" not in style.qml


def test_contrast_is_that_of_wcag():
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert palette.contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)


@pytest.mark.parametrize("colour", [*palette.SEQUENTIAL, *palette.DIVERGING])
def test_ink_on_a_fill_can_be_read(colour):
    assert palette.contrast(palette.ink_on(colour), colour) >= 4.5


def test_focus_and_pocket_outlines_stand_out():
    assert palette.contrast(PAGES["focus"], PAGES["ink"]) >= 3
    assert palette.contrast(PAGES["pocket"], PAGES["paper"]) >= 3


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize(
    "scheme", [ENGLAND, BOROUGH, FIFTHS_SCHEME], ids=lambda scheme: scheme.labels[0]
)
def test_ranked_classes_darken_evenly_for_every_kind_of_sight(scheme, blindness):
    lightness = [lab(colour, blindness)[0] for colour in scheme.colours]
    assert lightness == sorted(lightness)
    assert min(difference(one, other, blindness) for one, other in pairwise(scheme.colours)) > 9


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_both_arms_of_the_ratio_differ_for_every_kind_of_sight(blindness):
    for one, other in pairwise(RATIO.colours):
        assert difference(one, other, blindness) > 9
    for step in range(3):
        assert difference(RATIO.colours[step], RATIO.colours[-1 - step], blindness) > 9


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_all_nine_cells_of_a_pair_differ_or_are_labelled(blindness):
    cells = [entry for entry in pair_classes(("A", "B")) if entry.pattern == "plain"]
    assert len({entry.label for entry in cells}) == 9
    close = [
        (one.label, other.label)
        for place, one in enumerate(cells)
        for other in cells[place + 1 :]
        if difference(one.colour, other.colour, blindness) < 5
    ]
    assert close == []


def test_every_scheme_labels_each_class_once():
    for classes in (overlap_classes(4), pair_classes(("A", "B"))):
        assert len({entry.label for entry in classes}) == len(classes)
    for scheme in (ENGLAND, BOROUGH, FIFTHS_SCHEME, RATIO):
        assert len(set(scheme.labels)) == len(scheme.labels) == len(set(scheme.colours))


def test_pocket_outline_differs_from_every_fill_for_every_kind_of_sight():
    for blindness in BLINDNESS:
        for colour in (*palette.SEQUENTIAL, *palette.DIVERGING):
            assert difference(palette.POCKET, colour, blindness) > 20
