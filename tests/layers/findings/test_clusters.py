"""Clusters of every layer in both frames, kept by content."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from geo.space.neighbours import islands, ring, subgraph
from geo.stats.clusters import CLUSTERS, QUADRANTS, SPOTS, STEPS_ENGLAND, local_clusters
from layers.findings import clusters
from layers.findings.clusters import (
    borough_clusters,
    england_cluster,
    every_boroughs_cluster,
    moran_of,
    settled,
)

CODES = {"Westholt": "E06900001", "Northmere": "E08900001"}


def test_each_layer_is_tested_at_its_native_geography(tables):
    for layer in tables.edition.layers:
        values = clusters.tested_values(layer, tables)
        assert len(values) == (230 if layer.geography == "LSOA" else 46)
    covid = tables.edition.layer("covid_2020_21")
    assert clusters.tested_values(covid, tables).name == "covid_2020_21_ratio_smoothed"


def test_in_englands_frame_every_area_has_a_label(found, tables, ground):
    (islet,) = islands(ground.graph("lsoa"))
    for layer in tables.edition.layers:
        labels = found.lsoa[f"{layer.id}_cluster_england"]
        assert set(labels) <= set(CLUSTERS)
        if layer.geography == "LSOA":
            lacking = np.isnan(tables.lsoa.loc[islet, layer.value])
            assert labels[islet] == ("no value" if lacking else "island")
        assert set(found.lsoa[f"{layer.id}_gi_star_england"]) <= set(SPOTS)
        tested = labels.isin([*QUADRANTS.values(), "not significant"])
        assert (found.lsoa[f"{layer.id}_gi_star_z_england"].notna() == tested).all()
    assert (found.lsoa["imd_2019_cluster_england"] == "high-high").sum() > 10
    hot = found.lsoa["imd_2019_gi_star_england"] == "hot"
    assert (found.lsoa.loc[hot, "imd_2019_gi_star_z_england"] > 0).all()
    assert hot.sum() > 10


def test_msoa_clusters_are_carried_down(found):
    for measure in ("cluster", "gi_star", "gi_star_z"):
        column = f"covid_2020_21_{measure}_england"
        parents = found.msoa.loc[found.lsoa["msoa_code"], column]
        pd.testing.assert_series_equal(found.lsoa[column], parents, check_index=False)


@pytest.mark.parametrize("name", CODES)
def test_in_a_boroughs_frame_it_is_tested_with_its_ring(tables, ground, name):
    code = CODES[name]
    labels = borough_clusters(tables, ground, code, "lsoa")
    own = tables.lsoa.index[tables.lsoa["lad_code"] == code]
    assert labels.index.tolist() == own.tolist()
    whole = ground.graph("lsoa")
    pool = own.union(ring(whole, own))
    assert len(pool) > len(own)
    layer = tables.edition.layer("fuel_poverty_2020")
    expected = local_clusters(
        tables.lsoa[layer.value].reindex(pool), subgraph(whole, pool), tested=own
    )
    for measure in ("cluster", "gi_star", "gi_star_z"):
        column = labels[f"fuel_poverty_2020_{measure}_borough"]
        pd.testing.assert_series_equal(column, expected[measure], check_names=False)


def test_pages_find_both_frames_on_every_row(boroughs):
    for borough in boroughs.values():
        for layer in borough.edition.layers:
            for frame in ("england", "borough"):
                assert borough.lsoa[layer.cluster_column(frame)].isin(CLUSTERS).all()
                assert borough.lsoa[layer.gi_star_column(frame)].isin(SPOTS).all()
                assert borough.lsoa[layer.gi_star_z_column(frame)].notna().sum() > 3


def test_a_value_copied_to_parts_of_a_former_area_is_not_tested(tables, ground):
    layer = tables.edition.layer("pm25_2021_23")
    own = tables.lsoa.index[tables.lsoa["lad_code"] == CODES["Westholt"]]
    kinds = pd.Series("U", tables.lsoa.index)
    kinds[own[:6]] = ["S", "S", "X", "M", "M", "U"]
    carried = dataclasses.replace(tables, lsoa=tables.lsoa.assign(**{layer.link: kinds}))
    tested = clusters.tested_values(layer, carried)
    lacking = tables.lsoa.index[tables.lsoa[layer.value].isna()]
    assert set(tested.index[tested.isna()]) == {*own[:3], *lacking}
    england = england_cluster(layer, carried, ground)
    assert england.index[england["cluster"] == ""].tolist() == own[:3].tolist()
    assert (england.loc[own[:3], "gi_star"] == "").all()
    assert england.loc[own[:3], "gi_star_z"].isna().all()
    found = local_clusters(tested, ground.graph("lsoa"), steps=STEPS_ENGLAND)
    pd.testing.assert_frame_equal(england.drop(own[:3]), found[england.columns].drop(own[:3]))
    carried = dataclasses.replace(carried, key="carried")
    borough = borough_clusters(carried, ground, CODES["Westholt"], "lsoa")
    assert (borough.loc[own[:3], layer.cluster_column("borough")] == "").all()
    assert borough.loc[own[3:], layer.cluster_column("borough")].isin(CLUSTERS).all()
    assert (
        borough[tables.edition.layer("no2_2021_23").cluster_column("borough")].isin(CLUSTERS).all()
    )
    every = every_boroughs_cluster(layer, carried, ground)
    assert every.index[every == ""].tolist() == own[:3].tolist()


def test_a_result_is_computed_once(tables, ground, found, monkeypatch):
    monkeypatch.setattr(clusters, "local_clusters", lambda *_, **__: pytest.fail("computed again"))
    layer = tables.edition.layer("imd_2019")
    labels = england_cluster(layer, tables, ground)["cluster"]
    assert labels.tolist() == found.lsoa["imd_2019_cluster_england"].tolist()


def test_other_values_are_another_result(tables, ground, found, monkeypatch):
    called = []
    real = clusters.local_clusters

    def counted(*given, **options):
        called.append(options)
        return real(*given, **options)

    monkeypatch.setattr(clusters, "local_clusters", counted)
    raised = tables.lsoa.assign(imd_2019_score=tables.lsoa["imd_2019_score"] + 1)
    other = dataclasses.replace(tables, lsoa=raised)
    england_cluster(tables.edition.layer("imd_2019"), other, ground)
    assert [options["steps"] for options in called] == [STEPS_ENGLAND]


class AgainError(Exception):
    """Something that was kept is worked out again."""


KEPT = {
    "a borough's clusters": lambda *of: borough_clusters(*of, CODES["Westholt"], "lsoa"),
    "Moran's I": lambda *of: moran_of(*of, CODES["Westholt"]),
    "England's clusters": lambda tables, *of: england_cluster(
        tables.edition.layers[0], tables, *of
    ),
    "every borough's clusters": lambda tables, *of: every_boroughs_cluster(
        tables.edition.layers[0], tables, *of
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_other_settings_are_another_result(name, tables, ground, monkeypatch):
    def again(*_, **__):
        raise AgainError

    KEPT[name](tables, ground)
    monkeypatch.setattr(clusters, "local_clusters", again)
    monkeypatch.setattr(clusters, "global_moran", again)
    KEPT[name](tables, ground)
    monkeypatch.setitem(clusters.CLUSTER_SETTINGS, "seed", 4711)
    with pytest.raises(AgainError):
        KEPT[name](tables, ground)


def test_what_was_tested_is_counted_in_both_frames(tables, ground, found, boroughs):
    counted = settled(tables, ground, CODES.values()).set_index(["layer", "frame"])
    assert len(counted) == 2 * len(tables.edition.layers)
    assert counted.columns.tolist() == ["tested", "significant", "unsettled"]
    for layer in tables.edition.layers:
        level = clusters.level_of(layer)
        labels = {
            "england": getattr(found, level)[layer.cluster_column("england")],
            "borough": pd.concat(
                getattr(each, level)[layer.cluster_column("borough")] for each in boroughs.values()
            ),
        }
        for frame, each in labels.items():
            row = counted.loc[(layer.id, frame)]
            assert row["significant"] == each.isin(QUADRANTS.values()).sum()
            assert row["tested"] == row["significant"] + (each == "not significant").sum()
            assert row["unsettled"] <= 0.01 * row["tested"] + 1


def test_global_moran_is_told_of_each_layer(boroughs, tables, ground):
    for name, code in CODES.items():
        found = moran_of(tables, ground, code)
        assert found.index.tolist() == [layer.id for layer in tables.edition.layers]
        assert found.index.name == "layer"
        pd.testing.assert_frame_equal(found, boroughs[name].moran)
    # Air comes from a smooth grid, and deprivation was planted in lumps.
    northmere = boroughs["Northmere"].moran
    assert northmere.loc["no2_2021_23", "moran_i"] > 0.5
    assert northmere.loc["imd_2019", "p"] < 0.01
    assert northmere.loc["imd_2019", "areas"] == 140 - 1
