"""The tables of an edition: every layer joined to every area, ranked in both frames."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from boundaries.ground import Ground
from geo.errors import CodeError
from geo.files.cache import key_of
from geo.stats.rank import rank_worst_first
from layers.layer import edition
from layers.table import neighbourhoods
from layers.table.neighbourhoods import (
    below,
    build_tables,
    carried_down,
    families_in,
    framed,
    placed_families,
    with_families,
)
from tests.invented_families import linked

PLACES = [
    "area_name", "msoa_code", "msoa_name", "lad_code", "lad_name", "population", "easting",
    "northing",
]  # fmt: skip


LAYERS = edition("2019").layers


def ranked_layers(tables, native):
    return [layer for layer in tables.edition.layers if layer.geography == native]


def test_the_tables_have_a_row_an_area_in_order(tables):
    sizes = {"lsoa": 230, "msoa": 46, "districts": 2}
    for name, size in sizes.items():
        table = getattr(tables, name)
        assert len(table) == size
        assert table.index.name == "area_code"
        assert table.index.is_monotonic_increasing
        assert table.index.is_unique


def test_the_columns_that_others_rely_on_are_there(tables):
    assert set(PLACES) <= set(tables.lsoa.columns)
    assert {"population", "lsoa_count"} <= set(tables.msoa.columns)
    for layer in tables.edition.layers:
        for column in (
            layer.value,
            layer.rank_column("england"),
            layer.rank_column("borough"),
            layer.quintile_column("england"),
            layer.quintile_column("borough"),
        ):
            assert column in tables.lsoa, column
    assert "imd_2019_rank_england" not in tables.lsoa
    assert "imd_2019_decile" not in tables.msoa
    assert not [column for column in tables.lsoa if column.endswith(("_x", "_y"))]


def test_the_publishers_own_rank_is_the_rank_in_england(tables):
    for layer in tables.edition.layers:
        if layer.kind == "imd":
            rank = tables.lsoa[layer.rank]
            made = np.ceil(rank * 10 / 230)
            np.testing.assert_array_equal(made, tables.lsoa[f"{layer.id}_decile"])
            fifth = tables.lsoa[layer.quintile_column("england")]
            np.testing.assert_array_equal(fifth, np.ceil(rank * 5 / 230))


@pytest.mark.parametrize("frame", ["england", "borough"])
def test_layers_without_an_official_rank_are_ranked_on_the_value(tables, frame):
    for layer in ranked_layers(tables, "LSOA"):
        if layer.rank is None:
            by = tables.lsoa["lad_code"] if frame == "borough" else None
            expected = rank_worst_first(tables.lsoa[layer.value], by)
            found = tables.lsoa[layer.rank_column(frame)]
            pd.testing.assert_series_equal(found, expected, check_names=False)


def test_ranks_in_a_borough_start_at_one_and_end_at_its_size(tables):
    for layer in ranked_layers(tables, "LSOA"):
        groups = tables.lsoa.groupby("lad_code")[layer.rank_column("borough")]
        assert groups.min().tolist() == [1.0, 1.0]
        assert (groups.max() <= groups.count()).all()


def test_what_is_in_the_boroughs_frame_is_not_carried_into_another_borough(tables):
    """By the end of a column's name: what a layer is called says nothing of a frame."""
    layers = tuple(
        dataclasses.replace(layer, id="in_borough_covid", value="in_borough_covid_ratio")
        for layer in tables.edition.layers
        if layer.geography == "MSOA"
    )
    msoa = pd.DataFrame(
        {"in_borough_covid_ratio": [1.5], "in_borough_covid_rank_borough_lower": [2.0]},
        index=["E02900001"],
    )
    lsoa = pd.DataFrame(
        {"msoa_code": "E02900001", "lad_code": ["E08900001", "E06900001"]}, index=["a", "b"]
    )
    home = pd.Series({"E02900001": "E08900001"})
    found = below(dataclasses.replace(tables.edition, layers=layers), lsoa, msoa, home)
    assert found["in_borough_covid_ratio"].tolist() == [1.5, 1.5]
    assert found["in_borough_covid_rank_borough_lower"].isna().tolist() == [False, True]


def test_values_of_msoas_are_carried_down_with_their_own_ranks(tables):
    down = carried_down(tables.edition, tables.msoa.columns)
    assert down
    assert all(column.startswith("covid_2020_21_") for column in down)
    parents = tables.msoa.loc[tables.lsoa["msoa_code"], down]
    pd.testing.assert_frame_equal(tables.lsoa[down], parents.set_axis(tables.lsoa.index))
    assert tables.lsoa["covid_2020_21_rank_england"].max() <= 46


def test_msoas_hold_population_weighted_means_of_scores(tables):
    code = "E02900001"
    own = tables.lsoa[tables.lsoa["msoa_code"] == code]
    mean = np.average(own["imd_2019_score"], weights=own["population"])
    assert tables.msoa.loc[code, "imd_2019_score"] == pytest.approx(mean)
    assert tables.msoa.loc[code, "lsoa_count"] == len(own)
    pooled = own["fuel_poverty_2020_fuel_poor"].sum() / own["fuel_poverty_2020_households"].sum()
    assert tables.msoa.loc[code, "fuel_poverty_2020_pct"] == pytest.approx(100 * pooled)


def test_people_households_and_deaths_add_up_at_every_level(tables):
    people = tables.lsoa["population"].sum()
    workers = tables.lsoa["working_age_population"].sum()
    for table in (tables.msoa, tables.districts):
        assert table["working_age_population"].sum() == workers < people
    assert people == 390_000
    assert tables.msoa["population"].sum() == tables.districts["population"].sum() == people
    for table in (tables.lsoa, tables.msoa, tables.districts):
        assert table["fuel_poverty_2020_households"].sum() == 169_000
        assert table["fuel_poverty_2020_fuel_poor"].sum() == 25_800
    for table in (tables.msoa, tables.districts):
        assert table["covid_2020_21_observed"].sum() == 900
        assert table["covid_2020_21_expected"].sum() == pytest.approx(900)
    for name in ("population_children", "population_16_to_59", "population_older"):
        assert tables.msoa[name].sum() == tables.districts[name].sum() == tables.lsoa[name].sum()
    for layer in tables.edition.shares:
        counted = (tables.lsoa[layer.value] * tables.lsoa[layer.weight]).sum()
        for table in (tables.lsoa, tables.msoa, tables.districts):
            assert table[layer.people].sum() == pytest.approx(counted, rel=1e-12)
    assert tables.districts["lsoa_count"].tolist() == [90, 140]
    assert tables.districts["msoa_count"].tolist() == [18, 28]


def test_the_islet_without_air_has_no_rank_and_no_fifth(tables):
    (islet,) = tables.lsoa.index[tables.lsoa["no2_2021_23_ugm3"].isna()]
    row = tables.lsoa.loc[islet]
    for column in ("no2_2021_23_rank_england", "no2_2021_23_quintile_borough"):
        assert np.isnan(row[column])
    assert row["imd_2019_score"] > 0
    assert tables.lsoa["no2_2021_23_rank_england"].max() == 229
    assert not np.isnan(tables.msoa.loc[row["msoa_code"], "no2_2021_23_ugm3"])
    (check,) = tables.checks.loc[tables.checks["name"] == "Areas without a value", "found"]
    assert check == "PM2.5: 1, NO2: 1"


def test_joins_and_checks_are_reported(tables):
    assert tables.joins["matched"].tolist() == [230, 230, 230, 46]
    assert tables.joins["what"].tolist() == [
        "imd",
        "fuel_poverty",
        "air_quality",
        "covid_mortality",
    ]
    assert (tables.joins[["missing", "extra"]] == 0).all(axis=None)
    assert not tables.checks["ok"].eq(False).any()
    assert tables.used["imd"] == ("imd",)
    assert set(tables.used) == set(tables.notes) == set(tables.joins["what"])


def test_kept_tables_are_those_that_were_built(files, ground, tables):
    made = build_tables(files, ground)
    assert made.key == tables.key
    for name in neighbourhoods.KEPT_TABLES:
        pd.testing.assert_frame_equal(getattr(made, name), getattr(tables, name))
    assert (made.used, made.notes) == (tables.used, tables.notes)


def test_tables_are_made_once(files, ground, tables, monkeypatch):
    monkeypatch.setattr(neighbourhoods, "build_tables", lambda *_: pytest.fail("built again"))
    assert neighbourhoods.tables(files, ground).key == tables.key


def test_the_key_follows_every_file_and_every_record(mirror, tables, monkeypatch):
    assert neighbourhoods._key(mirror.files) == tables.key
    record = mirror.files.source("imd")
    other = dataclasses.replace(record, coverage=("E01",))
    with monkeypatch.context() as patch:
        patch.setattr(type(mirror.files), "source", lambda self, role: other)
        assert neighbourhoods._key(mirror.files) != tables.key
    corrected = dataclasses.replace(mirror.files.edition, population_year=1066)
    changed = dataclasses.replace(mirror.files, edition=corrected)
    assert neighbourhoods._key(changed) != tables.key
    path = mirror.path("covid_population")
    path.write_bytes(path.read_bytes() + b"\0")
    assert neighbourhoods._key(mirror.files) not in (tables.key, key_of())


def test_the_order_of_rows_and_features_changes_nothing(mirror, tables, ground):
    for role in ("imd", "names"):
        mirror.csv(role, lambda table: table.sample(frac=1, random_state=3))
    for level in ("lsoa", "msoa"):
        path = mirror.path(level)
        source = mirror.files.source(level)
        areas = gpd.read_file(path, engine="pyogrio").sample(frac=1, random_state=4)
        path.unlink()
        areas.to_file(path, layer=source.vector.layer, engine="pyogrio")
    made = build_tables(mirror.files, Ground(mirror.files))
    for name in ("lsoa", "msoa", "districts", "joins", "checks"):
        pd.testing.assert_frame_equal(getattr(made, name), getattr(tables, name))
    for level in ("lsoa", "msoa"):
        turned = Ground(mirror.files)
        pd.testing.assert_frame_equal(turned.areas(level), ground.areas(level))
        adjacency = ground.graph(level).adjacency
        pd.testing.assert_series_equal(turned.graph(level).adjacency, adjacency)


def test_ranks_on_the_value_and_on_the_official_rank():
    imd = edition("2019").layer("imd_2019_income")
    table = pd.DataFrame(
        {
            "imd_2019_income_score": [0.3, 0.3, 0.1, np.nan, 0.09, 0.08, 0.07],
            "imd_2019_income_rank": [2.0, 1.0, 3.0, np.nan, 4.0, 5.0, 6.0],
            "lad_code": ["x", "x", "x", "x", "x", "x", "y"],
        }
    )
    official = framed(imd, table, official=True)
    assert list(official.columns) == [
        "imd_2019_income_quintile_england",
        "imd_2019_income_rank_borough",
        "imd_2019_income_quintile_borough",
    ]
    assert official["imd_2019_income_rank_borough"].tolist()[:3] == [2.0, 1.0, 3.0]
    own = framed(imd, table, official=False)
    assert own["imd_2019_income_rank_england"].tolist()[:3] == [1.0, 1.0, 3.0]
    assert own["imd_2019_income_quintile_england"].tolist()[:3] == [1.0, 1.0, 3.0]
    assert own["imd_2019_income_rank_borough"].tolist()[:3] == [1.0, 1.0, 3.0]
    assert own.loc[3].isna().all()


@pytest.mark.parametrize("official", [True, False])
def test_fifths_are_of_the_ranks_in_the_same_frame(official):
    """Every area of x is worse than any of y, so that the frames have no fifth in common."""
    imd = edition("2019").layer("imd_2019_income")
    table = pd.DataFrame({"lad_code": [*"xxxxxyyyyy"], imd.rank: np.arange(1.0, 11)})
    table[imd.value] = 1 / table[imd.rank]
    found = framed(imd, table, official=official)
    assert found[imd.quintile_column("england")].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert found[imd.rank_column("borough")].tolist() == [1, 2, 3, 4, 5] * 2
    assert found[imd.quintile_column("borough")].tolist() == [1, 2, 3, 4, 5] * 2


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
@pytest.mark.parametrize("official", [True, False])
def test_fewer_than_five_areas_are_not_ranked_among_themselves(layer, official):
    # Five with a value in x; in y five of which one has none; one area in z.
    count = 11
    table = pd.DataFrame({"lad_code": [*"xxxxxyyyyyz"]})
    values = pd.Series(np.arange(count, 0.0, -1)).where(table.index != 5)
    for column in {layer.value, layer.ranking}:
        table[column] = values
    if layer.rank:
        table[layer.rank] = values.rank(ascending=False)
    found = framed(layer, table, official=official)
    ours = [name for name in found if name.endswith("_borough")]
    assert len(ours) == 2
    assert found.loc[table["lad_code"] == "x", ours].notna().all(axis=None)
    assert found.loc[table["lad_code"] != "x", ours].isna().all(axis=None)
    assert found[layer.quintile_column("england")].count() == count - 1


def test_a_layer_is_ranked_on_the_column_its_record_names():
    covid = edition("2019").layer("covid_2020_21")
    table = pd.DataFrame(
        {
            "covid_2020_21_ratio": [3.0, 2.0, 1.0, 0.5, 0.2, np.nan],
            "covid_2020_21_ratio_smoothed": [1.1, 1.9, 1.0, 0.6, 0.7, 2.5],
            "lad_code": "x",
        }
    )
    found = framed(covid, table, official=False)
    for column in ("covid_2020_21_rank_england", "covid_2020_21_rank_borough"):
        assert found[column].tolist()[:5] == [2.0, 1.0, 3.0, 5.0, 4.0]
        assert np.isnan(found[column][5])


def test_deaths_are_ranked_on_the_smoothed_ratio_at_every_level(tables):
    for table in (tables.msoa, tables.districts):
        smoothed = table["covid_2020_21_ratio_smoothed"]
        ranks = smoothed.rank(ascending=False, method="min")
        assert table["covid_2020_21_rank_england"].tolist() == ranks.tolist()
    raw = tables.msoa["covid_2020_21_ratio"].rank(ascending=False, method="min")
    assert (tables.msoa["covid_2020_21_rank_england"] != raw).any()


def test_indices_and_boundaries_of_other_places_are_refused(mirror):
    def renamed(table):
        return table.replace({"LSOA code (2011)": {"E01900001": "E01900999"}})

    mirror.csv("districts", renamed)
    with pytest.raises(CodeError, match=r"row in the table of districts: 1 \(E01900001\)"):
        build_tables(mirror.files, Ground(mirror.files))


def test_families_are_told_with_the_districts_they_lie_in():
    families = linked("u-u s-s1 s-s2 x1-x3 x1-x4 x2-x4")
    home = pd.Series({"u": "A", "s1": "A", "s2": "A", "x3": "A", "x4": "B"})
    counts = pd.DataFrame({"deaths": [39.0, 30.0]}, index=["s", "x1"])
    found = placed_families([counts], families, home)
    assert found.index.tolist() == ["s", "x1"]
    assert found["places"].tolist() == ["A", "A B"]
    assert found["lad_code"].isna().tolist() == [False, True]
    assert found.loc["s", ["lad_code", "link", "deaths"]].tolist() == ["A", "S", 39.0]
    assert families_in(found, {"B"}).index.tolist() == ["x1"]
    assert families_in(found, {"B"}, whole=True).empty
    assert families_in(found, {"A"}, whole=True).index.tolist() == ["s"]
    assert families_in(found, {"A", "B"}, whole=True).index.tolist() == ["s", "x1"]


def test_an_edition_of_one_census_has_no_families_and_no_marks(tables):
    assert tables.families.empty
    assert tables.counted is tables.msoa
    assert families_in(tables.families, {"E06900001"}).empty
    assert with_families(tables.msoa, tables.families) is tables.msoa
    for table in (tables.lsoa, tables.msoa, tables.districts):
        marks = ("_link", "_estimated", "_estimated_pct")
        assert not [name for name in table if name.endswith(marks)]
