"""Classes: what falls where, on the limits too, and that missing is never a colour of the scale."""

from __future__ import annotations

import math

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.layer import edition
from maps.look.classify import (
    BOROUGH,
    ENGLAND,
    FIFTHS_SCHEME,
    RATIO,
    UNRANKED,
    classify,
    classify_layer,
    classify_overlap,
    classify_pair,
    scheme_of,
)

LAYERS = edition("2019")


def series(*values: float) -> pd.Series:
    return pd.Series(values, index=[f"E0190000{n}" for n in range(len(values))], dtype=float)


def test_ranks_on_a_limit_belong_to_the_worse_class():
    count = 32_844
    ranks = series(1, 328, 329, 3284, 3285, 6568, 6569, 16422, 16423, count)
    found = classify(ranks * 100 / count, ENGLAND, place="England")
    assert found.title == "Rank in England"
    assert found.numbers.to_list() == [0, 0, 1, 2, 3, 3, 4, 4, 5, 5]


@given(st.integers(1, 700))
def test_borough_classes_are_the_ceilings_of_ranks(count):
    ranks = pd.Series(np.arange(1, count + 1, dtype=float))
    found = classify(ranks * 100 / count, BOROUGH)
    fifths = np.ceil(ranks * 5 / count).astype(int)
    tenths = np.ceil(ranks * 10 / count).astype(int)
    assert found.numbers.eq(0).equals(tenths.eq(1))
    assert found.numbers.le(1).equals(fifths.eq(1))
    for fifth in (2, 3, 4, 5):
        assert found.numbers.eq(fifth).equals(fifths.eq(fifth))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_agrees_with_mapclassify(shares):
    reference = mapclassify.UserDefined(shares, bins=[*FIFTHS_SCHEME.limits, 100.0])
    assert classify(pd.Series(shares), FIFTHS_SCHEME).numbers.to_list() == reference.yb.tolist()


def test_ratio_diverges_about_one():
    found = classify(series(2.0, 1.99, 1.1, 1.0, 0.9, 0.89, 0.5, 0.49), RATIO)
    assert found.numbers.to_list() == [0, 1, 2, 3, 3, 4, 5, 6]
    assert found.classes[3].colour == "#f2f2f2"
    assert (found.classes[3].lower, found.classes[3].upper) == (0.9, 1.1)
    assert found.classes[0].upper == math.inf


def test_missing_and_withheld_have_patterns_and_no_colour_of_the_scale():
    values = series(5, np.nan, 50, np.nan)
    withheld = pd.Series([False, False, True], index=values.index[:3])
    found = classify(values, FIFTHS_SCHEME.worded(), withheld=withheld)
    assert found.labels.to_list() == ["Most deprived fifth", "No value", "Withheld", "No value"]
    assert [entry.pattern for entry in found.classes[-2:]] == ["hatched", "dotted"]
    assert not set(found.colours.iloc[1:]) & set(FIFTHS_SCHEME.colours)
    assert [(entry.label, entry.count) for entry in found.legend[-2:]] == [
        ("No value", 2),
        ("Withheld", 1),
    ]


def test_legend_leaves_out_no_data_when_all_is_known_but_keeps_empty_classes():
    found = classify(series(1.0), ENGLAND)
    assert [entry.label for entry in found.legend] == list(ENGLAND.labels)
    assert [entry.count for entry in found.legend] == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("frame", ["england", "borough"])
@pytest.mark.parametrize("layer", LAYERS.layers, ids=lambda layer: layer.id)
def test_every_layer_has_a_scheme_in_both_frames(layer, frame):
    scheme = scheme_of(layer, frame, count=10)
    assert len(scheme.labels) == len(scheme.colours) == len(scheme.limits) + 1
    assert (scheme.of == "values") == (layer.middle is not None and frame == "england")
    assert (scheme.limits == FIFTHS_SCHEME.limits) == (not layer.ranks_in_words)


@pytest.mark.parametrize("layer", LAYERS.layers, ids=lambda layer: layer.id)
def test_a_small_borough_has_fifths_alone_and_a_tiny_one_no_classes(layer):
    deprived = layer.id.startswith("imd")
    ends = ("most deprived", "least deprived") if deprived else ("highest", "lowest")
    fifths, narrow = FIFTHS_SCHEME.worded(ends), BOROUGH.worded(ends)
    finest = narrow if layer.ranks_in_words else fifths
    wanted = {1: UNRANKED, 4: UNRANKED, 5: fifths, 9: fifths, 10: finest, 300: finest}
    assert {count: scheme_of(layer, "borough", count=count) for count in wanted} == wanted
    england = {scheme_of(layer, "england", count=count).title for count in wanted}
    assert england <= {ENGLAND.title, FIFTHS_SCHEME.title, RATIO.title}


def test_six_areas_are_in_fifths_and_three_are_not_ranked():
    layer = LAYERS.layer("imd_2019")
    areas = pd.DataFrame({layer.value: series(9, 8, 7, 6, 5, 4)})
    areas[layer.rank_column("borough")] = areas[layer.value].rank(ascending=False)
    found = classify_layer(areas, layer, "borough", count=6, place="City")
    assert found.labels.tolist() == [
        "Most deprived fifth", "2nd fifth", "Middle fifth",
        "4th fifth", "Least deprived fifth", "Least deprived fifth",
    ]  # fmt: skip
    few = areas.iloc[:4].assign(**{layer.rank_column("borough"): np.nan})
    few.iloc[0, 0] = np.nan
    found = classify_layer(few, layer, "borough", count=3, place="Scilly")
    assert found.title == "No ranks in Scilly: fewer than five areas"
    assert [(entry.label, entry.count) for entry in found.legend] == [
        ("Too few areas to rank here", 3),
        ("No value", 1),
    ]


def test_fuel_poverty_is_classed_by_fifths_and_never_by_finer_ranks():
    layer = LAYERS.layer("fuel_poverty_2020")
    areas = pd.DataFrame({layer.quintile_column("england"): [1.0, 5.0, np.nan]})
    found = classify_layer(areas, layer, "england", count=32_844, place="England")
    assert found.title == "Fifths of England"
    assert found.labels.to_list() == ["Highest fifth", "Lowest fifth", "No value"]


def test_the_indices_use_the_publishers_rank_in_england_and_ours_in_the_borough():
    layer = LAYERS.layer("imd_2019")
    areas = pd.DataFrame({"imd_2019_rank": [1, 32_844], "imd_2019_rank_borough": [100, 1]})
    england = classify_layer(areas, layer, "england", count=32_844, place="England")
    borough = classify_layer(areas, layer, "borough", count=100, place="Northmere")
    assert england.labels.to_list() == ["Most deprived 1%", "Least deprived half"]
    assert borough.labels.to_list() == ["Least deprived fifth", "Most deprived 10%"]
    assert borough.title == "Rank in Northmere"


def test_withheld_column_of_a_layer_is_honoured():
    layer = LAYERS.layer("imd_2019")
    areas = pd.DataFrame({"imd_2019_rank": [1, 2], "imd_2019_withheld": [True, False]})
    found = classify_layer(areas, layer, "england", count=10, place="England")
    assert found.labels.to_list() == ["Withheld", "10% to 20%"]


def test_overlap_counts_are_their_own_classes():
    found = classify_overlap(series(0, 1, 4, np.nan), of=4, place="England")
    assert found.labels.to_list() == ["On none", "On 1", "On all 4", "No value"]
    assert [entry.label for entry in found.legend][:5] == [
        "On all 4",
        "On 3",
        "On 2",
        "On 1",
        "On none",
    ]


def test_overlap_that_is_known_in_part_has_classes_and_stripes_of_its_own():
    found = classify_overlap(
        series(2, 3, 2, 1, 0, np.nan), of=4, place="England", known=series(4, 3, 2, 1, 3, 0)
    )
    assert found.labels.to_list() == [
        "On 2",
        "On at least 3",
        "On at least 2",
        "On at least 1",
        "On none of those known",
        "No value",
    ]
    striped = [entry for entry in found.classes if entry.pattern == "striped"]
    plain = [entry for entry in found.classes if entry.pattern == "plain"]
    assert [entry.colour for entry in striped] == [entry.colour for entry in plain[1:]]
    assert sum(entry.count for entry in found.classes) == 6
    assert [entry.label for entry in found.legend if entry.pattern == "striped"] == [
        entry.label for entry in striped
    ]


def test_two_layers_make_nine_classes_worst_on_both_first():
    first, second = series(1, 1, 2, 3, 4, 5, np.nan), series(1, 5, 2, 4, 3, 5, 1)
    found = classify_pair(first, second, titles=("IMD", "NO2"))
    assert found.numbers.to_list() == [0, 2, 4, 5, 7, 8, 9]
    assert found.classes[0].label == "IMD: worst fifth; NO2: worst fifth"
    assert len({entry.colour for entry in found.classes[:9]}) == 9


@given(st.lists(st.one_of(st.floats(0.001, 100), st.just(float("nan"))), max_size=50))
def test_classes_partition_the_areas(shares):
    found = classify(pd.Series(shares, dtype=float), ENGLAND)
    assert sum(entry.count for entry in found.classes) == len(shares)
    assert found.numbers.between(0, 7).all()
