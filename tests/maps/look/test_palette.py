"""Colours by computation: contrast after WCAG, and classes as the colour-blind see them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from maps.look import palette
from maps.look.classify import BOROUGH, ENGLAND, FIFTHS, RATIO, overlap_classes, pair_classes

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
        (palette.INK, palette.PAPER),
        (palette.INK, palette.GROUND),
        (palette.INK, palette.FOCUS),
        (palette.QUIET, palette.PAPER),
        (palette.QUIET, palette.GROUND),
        (palette.LINK, palette.PAPER),
        (palette.LINK, palette.GROUND),
    ],
)
def test_text_reaches_four_and_a_half(text, ground):
    assert palette.contrast(text, ground) >= 4.5


def test_contrast_is_that_of_wcag():
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert palette.contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)


@pytest.mark.parametrize("colour", [*palette.SEQUENTIAL, *palette.DIVERGING])
def test_ink_on_a_fill_can_be_read(colour):
    assert palette.contrast(palette.ink_on(colour), colour) >= 4.5


def test_focus_and_pocket_outlines_stand_out():
    assert palette.contrast(palette.INK, palette.PAPER) >= 3
    assert palette.contrast(palette.FOCUS, palette.INK) >= 3
    assert palette.contrast(palette.POCKET, palette.PAPER) >= 3


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("scheme", [ENGLAND, BOROUGH, FIFTHS], ids=lambda scheme: scheme.labels[0])
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
    for scheme in (ENGLAND, BOROUGH, FIFTHS, RATIO):
        assert len(set(scheme.labels)) == len(scheme.labels) == len(set(scheme.colours))


def test_pocket_outline_differs_from_every_fill_for_every_kind_of_sight():
    for blindness in BLINDNESS:
        for colour in (*palette.SEQUENTIAL, *palette.DIVERGING):
            assert difference(palette.POCKET, colour, blindness) > 20
