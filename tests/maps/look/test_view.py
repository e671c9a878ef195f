"""Facts of a view: one count, one frame and one set of classes for pages, maps and files."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from layers.layer import FRAMES
from maps.look.view import (
    classified,
    compared_with,
    mapped,
    own_areas,
    ranked,
    without_withheld,
)


@pytest.fixture
def northmere(invented_boroughs):
    return invented_boroughs["northmere"]


def test_a_layer_is_mapped_by_the_areas_that_it_is_measured_for(northmere):
    layers = {layer.geography: layer for layer in northmere.edition.layers}
    assert own_areas(northmere, layers["MSOA"]) is northmere.msoa
    assert own_areas(northmere, layers["LSOA"]) is northmere.lsoa
    for layer in layers.values():
        assert mapped(northmere, layer, "england").numbers.index.equals(
            own_areas(northmere, layer).index
        )
        assert classified(northmere, layer, "england").numbers.index.equals(northmere.lsoa.index)


def test_frames_are_named_alike_everywhere(northmere):
    assert [compared_with(northmere, frame) for frame in FRAMES] == ["the sample", "Northmere"]
    title = classified(northmere, northmere.edition.layer("imd_2019"), "borough").title
    assert title == "Rank in Northmere"


def test_an_lsoa_has_the_class_of_the_msoa_it_lies_in(northmere):
    layer = next(one for one in northmere.edition.layers if one.geography == "MSOA")
    for frame in FRAMES:
        inside, own = (make(northmere, layer, frame).labels for make in (classified, mapped))
        expected = northmere.lsoa["msoa_code"].map(own)
        assert inside.to_list() == expected.to_list()


def test_only_areas_with_a_value_are_counted(northmere):
    overall = northmere.edition.layer("imd_2019")
    lsoa = northmere.lsoa.assign(
        **{overall.value: northmere.lsoa[overall.value].where(np.arange(len(northmere.lsoa)) > 1)}
    )
    borough = dataclasses.replace(northmere, lsoa=lsoa)
    england = northmere.counts["imd_2019"]
    assert ranked(borough, overall, "LSOA") == {"england": england, "borough": len(lsoa) - 2}
    unknown = dataclasses.replace(borough, counts={})
    assert ranked(unknown, overall, "LSOA") == {"england": None, "borough": len(lsoa) - 2}
    assert ranked(unknown, overall, "MSOA")["borough"] == len(northmere.msoa)


def test_nothing_of_a_withheld_value_is_left(northmere):
    layer = northmere.edition.layer("imd_2019")
    places = northmere.lsoa.assign(imd_2019_withheld=[True] + [False] * (len(northmere.lsoa) - 1))
    kept = without_withheld(places, layer)
    own = [name for name in places if name.startswith("imd_2019_") and name in kept]
    gone = [name for name in own if name != "imd_2019_withheld"]
    assert {layer.value, "imd_2019_rank_borough", "imd_2019_quintile_borough"} <= set(gone)
    assert kept[gone].iloc[0].isna().all()
    pd.testing.assert_frame_equal(kept[gone].iloc[1:], places[gone].iloc[1:], check_dtype=False)
    assert places[layer.value].notna().all()
    assert without_withheld(northmere.lsoa, layer) is northmere.lsoa
