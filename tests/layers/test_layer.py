"""Editions and their layers are records; each is a test."""

from __future__ import annotations

import tomllib

import pytest

from geo.errors import AreaError, InputError
from layers.layer import EDITIONS_FILE, edition, editions, read_editions

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
    assert bool(layer.share_of) == bool(layer.counted_as.startswith("people counted as "))
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
    overall = known.layer(known.overall)
    domains = [overall.ending(layer.id) for layer in known.layers if layer.domain]
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


def test_an_edition_that_is_replaced_names_the_year_and_hands_it_to_no_other():
    assert "2025" in edition("2019").superseded_by
    assert edition("sample").superseded_by == ""


def test_columns_are_named_by_frame():
    imd, pm25 = edition("2019").layer("imd_2019"), edition("2019").layer("pm25_2021_23")
    assert imd.rank_column("england") == "imd_2019_rank"
    assert imd.rank_column("borough") == "imd_2019_rank_borough"
    assert pm25.rank_column("england") == "pm25_2021_23_rank_england"
    assert pm25.quintile_column("borough") == "pm25_2021_23_quintile_borough"
    assert pm25.cluster_column("england") == "pm25_2021_23_cluster_england"


def test_a_layer_knows_its_own_columns():
    imd, fuel = edition("2019").layer("imd_2019"), edition("2019").layer("fuel_poverty_2020")
    assert (imd.decile, imd.withheld) == ("imd_2019_decile", "imd_2019_withheld")
    assert imd.own_rank("england") == "imd_2019_rank_england"
    assert imd.rank_end("lowest") == "imd_2019_rank_borough_lowest"
    assert imd.ending("imd_2019_rank_borough_lowest") == "rank_borough_lowest"
    names = ["fuel_poverty_2020_pct", "fuel_poverty_2020_households", "fuel_poverty_2021_pct"]
    assert [fuel.owns(name) for name in names] == [True, True, False]


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


def written():
    """Return the records of editions, as tables that a test may change."""
    return tomllib.loads(EDITIONS_FILE.read_text(encoding="utf-8"))


def test_a_layer_is_added_to_one_edition_alone():
    records = written()
    gardens = {"id": "gardens_2020", "like": "fuel_poverty_2020", "title": "Without a garden"}
    records["sample"]["more_layers"] = [gardens]
    records["sample"]["sources"]["gardens"] = "sample_gardens"
    found = read_editions(records)
    assert found["2019"] == edition("2019")
    assert found["sample"].layers[:-1] == edition("sample").layers
    added = found["sample"].layer("gardens_2020")
    assert (added.title, added.value) == ("Without a garden", "gardens_2020_pct")
    assert added.caveat == edition("2019").layer("fuel_poverty_2020").caveat
    assert found["sample"].sources["gardens"] == "sample_gardens"


def test_a_role_may_be_played_by_several_in_order_of_preference():
    records = written()
    records["sample"]["sources"]["names"] = ["first", "second", "third"]
    found = read_editions(records)["sample"]
    assert found.sources["names"] == "first"
    assert found.alternatives == {"names": ("second", "third")}
    assert edition("sample").sources["names"] == "sample_names"


def test_an_edition_of_its_own_sources_has_no_others_optional_ones():
    records = written()
    del records["sample"]["optional"]
    assert read_editions(records)["sample"].optional == ()
    assert len(edition("2019").optional) == 21


@pytest.mark.parametrize(("like", "where"), [("gardens", "layer imd_2019"), ("imd_2019", "layer")])
def test_a_layer_that_is_like_none_or_like_itself_is_refused(like, where):
    records = written()
    records["2019"]["layers"][0]["like"] = like
    with pytest.raises(InputError, match=rf"like = “{like}” leads nowhere.*{where}"):
        read_editions(records)


def test_an_edition_that_is_like_none_is_refused():
    records = written()
    records["sample"]["like"] = "2020"
    with pytest.raises(InputError, match=r"like = “2020” leads nowhere.*edition sample.*2019"):
        read_editions(records)


def test_a_layer_that_is_like_another_states_only_what_differs():
    entries = {entry["id"]: entry for entry in written()["2019"]["layers"]}
    said_again = [
        (key, name)
        for key, entry in entries.items()
        if "like" in entry
        for name, value in entry.items()
        if entries[entry["like"]].get(name) == value
    ]
    assert said_again == []
