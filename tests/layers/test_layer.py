"""Editions and their layers are records; each is a test."""

from __future__ import annotations

import pytest

from geo.errors import AreaError
from layers.layer import EDITIONS_FILE, edition, editions

LAYERS = [(key, layer) for key, known in editions().items() for layer in known.layers]
IDS = [f"{key}-{layer.id}" for key, layer in LAYERS]


@pytest.mark.parametrize(("key", "layer"), LAYERS, ids=IDS)
def test_a_layer_says_everything(key, layer):
    for part in ("title", "short", "question", "explanation", "unit", "period", "caveat"):
        assert getattr(layer, part).strip(), part
    assert layer.question.endswith("?")
    assert layer.value.startswith(f"{layer.id}_")
    assert layer.geography in ("LSOA", "MSOA")
    assert (layer.lower is None) == (layer.upper is None)


@pytest.mark.parametrize(("key", "layer"), LAYERS, ids=IDS)
def test_only_a_score_is_said_to_have_no_unit(key, layer):
    assert ("no unit" in layer.caveat) == (layer.unit == "score")
    if layer.share_of:
        assert f"a share of {layer.share_of}" in layer.caveat.replace("all people", "people")


@pytest.mark.parametrize(
    ("layer_id", "unit", "column_unit", "full_unit", "value", "shown"),
    [
        ("imd_2019", "score", "score", "score", 48.861, "48.9"),
        ("imd_2019_income", "%", "share of people, 0 to 1", "% of people", 0.488, "48.8%"),
        (
            "imd_2019_employment",
            "%",
            "share of people of working age, 0 to 1",
            "% of people of working age",
            0.0285,
            "2.9%",
        ),
        ("fuel_poverty_2020", "%", "%", "%", 15.84, "15.8"),
        ("imd_2019_crime", "score", "score", "score", -0.327, "-0.33"),
    ],
)
def test_a_share_of_people_is_kept_as_published_and_shown_in_per_cent(
    layer_id, unit, column_unit, full_unit, value, shown
):
    layer = edition("2019").layer(layer_id)
    assert (layer.unit, layer.column_unit, layer.full_unit) == (unit, column_unit, full_unit)
    assert layer.form.format(value) == shown


@pytest.mark.parametrize("known", editions().values(), ids=list(editions()))
def test_an_edition_agrees_with_itself(known):
    ids = [layer.id for layer in known.layers]
    assert len(ids) == len(set(ids))
    assert known.overall in ids
    assert {member for members in known.overlap for member in members} <= set(ids)
    assert set(known.optional) <= set(known.sources)
    domains = [layer.id for layer in known.layers if layer.domain]
    assert sorted(known.parameters["weights"]) == sorted(domains)
    assert sum(known.parameters["weights"].values()) == pytest.approx(0.999)


def test_the_indices_are_never_counted_together():
    counts = [
        sum(known.layer(member).kind == "imd" for members in known.overlap for member in members)
        for known in editions().values()
    ]
    assert set(counts) == {1}


def test_the_sample_is_like_2019_but_for_its_own_files():
    sample, official = edition("sample"), edition("2019")
    assert sample.layers == official.layers
    assert sample.fictional
    assert not official.fictional
    assert sample.whole == "the sample"
    assert sample.parameters["weights"] == official.parameters["weights"]
    assert sample.parameters["covid"]["deaths"] == 1000
    assert official.parameters["covid"]["deaths"] == 137_885
    assert all(source.startswith("sample_") for source in sample.sources.values())


def test_columns_are_named_by_frame():
    imd, pm25 = edition("2019").layer("imd_2019"), edition("2019").layer("pm25_2021_23")
    assert imd.rank_column("england") == "imd_2019_rank"
    assert imd.rank_column("borough") == "imd_2019_rank_borough"
    assert pm25.rank_column("england") == "pm25_2021_23_rank_england"
    assert pm25.quintile_column("borough") == "pm25_2021_23_quintile_borough"
    assert pm25.cluster_column("england") == "pm25_2021_23_cluster_england"


def test_unknown_ids_are_answered_with_those_there_are():
    with pytest.raises(AreaError, match=r"no edition “2020”.*2019.*sample"):
        edition("2020")
    with pytest.raises(AreaError, match=r"no layer “imd”.*imd_2019, imd_2019_income"):
        edition("2019").layer("imd")


def test_the_records_are_not_changed_by_reading_them():
    before = EDITIONS_FILE.read_bytes()
    editions.cache_clear()
    assert editions()["sample"] == editions()["sample"]
    assert EDITIONS_FILE.read_bytes() == before
