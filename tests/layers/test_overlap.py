"""On how many counts a place is among the worst: the Indices once, the air by its worse half."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.layer import edition
from layers.overlap import chance_of, counted_ranks, overlap_columns, worst_fifths

EDITION = edition("2019")
COUNTED = ["imd_2019", "fuel_poverty_2020", "pm25_2021_23", "no2_2021_23", "covid_2020_21"]


def lsoa():
    """Return ten LSOAs, two to an MSOA, whose ranks run 1 to 10 on every layer but one."""
    index = pd.Index([f"E0190000{n}" for n in range(10)], name="area_code")
    table = pd.DataFrame({"msoa_code": [f"E0290000{n // 2}" for n in range(10)]}, index=index)
    for layer in (EDITION.layer(layer_id) for layer_id in COUNTED):
        rank = np.arange(1.0, 11) if layer.geography == "LSOA" else np.arange(10) // 2 + 1.0
        table[layer.rank_column("england")] = rank
        for frame in ("england", "borough"):
            table[layer.quintile_column(frame)] = np.ceil(rank * 5 / rank.max())
    return table


def test_each_count_is_one_however_many_layers_it_has():
    found = worst_fifths(EDITION, lsoa(), "england")
    assert list(found.columns) == [
        "imd_2019", "fuel_poverty_2020", "pm25_2021_23+no2_2021_23", "covid_2020_21",
    ]  # fmt: skip
    columns = overlap_columns(EDITION, lsoa())
    assert columns["overlap_england"].tolist() == [4, 4, *[0] * 8]
    assert columns["overlap_borough"].tolist() == [4, 4, *[0] * 8]


def test_the_worse_of_two_pollutants_decides():
    table = lsoa()
    table["no2_2021_23_quintile_england"] = table["no2_2021_23_quintile_england"].to_numpy()[::-1]
    air = worst_fifths(EDITION, table, "england")["pm25_2021_23+no2_2021_23"]
    assert air[air].index.tolist() == ["E01900000", "E01900001", "E01900008", "E01900009"]
    ranks, _ = list(
        counted_ranks(EDITION, table.assign(no2_2021_23_rank_england=range(10, 0, -1)))
    )[2]
    assert ranks.tolist() == [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]


def test_a_layer_without_a_value_does_not_count():
    table = lsoa()
    table.loc["E01900000", "fuel_poverty_2020_quintile_england"] = np.nan
    columns = overlap_columns(EDITION, table)
    assert columns.loc["E01900000", "overlap_england"] == 3
    assert columns["overlap_england"].dtype == "int64"


def test_ranks_are_counted_at_the_layers_own_geography():
    counts = [count for _, count in counted_ranks(EDITION, lsoa())]
    assert counts == [10, 10, 10, 5]


def test_the_sample_counts_people_in_both_frames(found, tables):
    for frame in ("england", "borough"):
        overlap = found.lsoa[f"overlap_{frame}"]
        assert overlap.between(0, 4).all()
        worst = worst_fifths(tables.edition, tables.lsoa, frame)
        pd.testing.assert_series_equal(overlap, worst.sum(axis=1), check_names=False)


def test_chance_compares_both_frames_at_each_number_of_counts(boroughs, tables, geography):
    borough = boroughs["Westholt"]
    assert borough.chance.index.names == ["frame", "at_least"]
    assert borough.chance.index.tolist() == [
        (frame, number) for frame in ("england", "borough") for number in (1, 2, 3, 4)
    ]
    for frame in ("england", "borough"):
        rows = borough.chance.loc[frame]
        counts = [(borough.lsoa[f"overlap_{frame}"] >= number).sum() for number in (1, 2, 3, 4)]
        assert rows["areas"].tolist() == counts
        people = borough.lsoa["population"][borough.lsoa[f"overlap_{frame}"] >= 1].sum()
        assert rows.loc[1, "people"] == people
        assert (rows["lower"] <= rows["upper"]).all()
        assert rows["p"].between(0.001, 1).all()
    graphs = {level: geography.graph(level) for level in ("lsoa", "msoa")}
    turned = chance_of(tables.edition, borough.lsoa.iloc[::-1], borough.msoa.iloc[::-1], graphs)
    pd.testing.assert_frame_equal(turned, borough.chance)


def test_an_unknown_frame_has_no_columns():
    with pytest.raises(KeyError):
        worst_fifths(EDITION, lsoa(), "region")
