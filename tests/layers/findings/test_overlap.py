"""On how many counts a place is among the worst: the Indices once, the air by its worse half."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.borough.country import Country
from layers.findings.overlap import chance_of, counted_ranks, overlap_columns, reaches, worst_fifths
from layers.kinds.air_quality import grid_roles
from layers.layer import edition

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


@pytest.mark.parametrize(
    ("place", "missing", "met", "known"),
    [
        (0, [], 4, 4),
        (0, ["fuel_poverty_2020"], 3, 3),
        (0, ["no2_2021_23"], 4, 4),
        (0, ["pm25_2021_23", "no2_2021_23"], 3, 3),
        (9, ["imd_2019"], 0, 3),
        (9, ["no2_2021_23"], 0, 3),
        (9, ["imd_2019", "pm25_2021_23", "covid_2020_21"], 0, 1),
        (0, COUNTED, np.nan, 0),
        (9, COUNTED, np.nan, 0),
    ],
)
def test_what_is_not_known_is_not_counted_as_not_worst(place, missing, met, known):
    table = lsoa()
    code = table.index[place]
    for layer_id in missing:
        table.loc[code, f"{layer_id}_quintile_england"] = np.nan
    columns = overlap_columns(EDITION, table)
    assert columns.loc[code, "overlap_known_england"] == known
    assert columns.loc[[code], "overlap_england"].equals(
        pd.Series([met], index=[code], dtype=columns["overlap_england"].dtype)
    )
    assert columns["overlap_known_borough"].eq(4).all()
    others = columns.index.drop(code)
    assert columns.loc[others, "overlap_england"].tolist() == [
        4 if other < "E01900002" else 0 for other in others
    ]


@pytest.mark.parametrize(
    ("met", "known", "answer"),
    [
        (3, 3, 1),
        (3, 4, 1),
        (2, 4, 0),
        (2, 3, np.nan),
        (1, 3, 0),
        (1, 2, np.nan),
        (np.nan, 0, np.nan),
    ],
)
def test_whether_three_are_reached_is_open_where_the_unknown_decides(met, known, answer):
    found = reaches(pd.Series([met]), pd.Series([known]), 3, 4)
    assert found.equals(pd.Series([answer], dtype="float64"))


def test_a_third_of_the_grids_without_values_is_said_and_not_taken_for_clean_air(mirror):
    """No borough of the sample may seem less burdened than it is where its air is not known."""
    for role in (role for group in grid_roles(mirror.files.edition).values() for role in group):
        path = mirror.path(role)
        head, cells = path.read_text(encoding="utf-8").split("gridcode", maxsplit=1)
        first, *rows = cells.splitlines()
        split = [row.split(",") for row in rows]
        valued = sorted(int(x) for _, x, _, value in split if value != "MISSING")
        west = valued[len(valued) // 3]
        kept = [[n, x, y, "MISSING" if int(x) <= west else value] for n, x, y, value in split]
        text = "\n".join([f"{head}gridcode{first}", *map(",".join, kept), ""])
        path.write_text(text, encoding="utf-8")
    lacking = Country(files=mirror.files).tables.lsoa
    edition_of = mirror.files.edition
    none = lacking["no2_2021_23_ugm3"].isna()
    assert 0.2 < none.mean() < 0.5
    columns = overlap_columns(edition_of, lacking)
    assert columns.loc[none, "overlap_known_england"].eq(3).all()
    assert columns.loc[~none, "overlap_known_england"].eq(4).all()
    fifths = pd.DataFrame(
        {
            layer_id: lacking[f"{layer_id}_quintile_england"] == 1
            for layer_id in ("imd_2019", "fuel_poverty_2020", "covid_2020_21")
        }
    ).sum(axis=1)
    assert columns.loc[none, "overlap_england"].eq(fifths[none]).all()
    answer = reaches(columns["overlap_england"], columns["overlap_known_england"], 3, 4)
    assert answer[none & fifths.eq(2)].isna().all()
    assert answer[none & fifths.lt(2)].eq(0).all()
    assert (none & fifths.eq(2)).any()


def test_chance_is_asked_only_of_areas_of_which_all_is_known(boroughs, tables, ground):
    borough = boroughs["Westholt"]
    table = borough.lsoa.copy()
    lost = table.index[::3]
    columns = [f"fuel_poverty_2020_quintile_{frame}" for frame in ("england", "borough")]
    table.loc[lost, columns] = np.nan
    graphs = {level: ground.graph(level) for level in ("lsoa", "msoa")}
    found = chance_of(tables.edition, table, borough.msoa, graphs)
    left = borough.lsoa.drop(index=lost)
    assert found["compared"].eq(len(left)).all()
    assert borough.chance["compared"].eq(len(borough.lsoa)).all()
    for frame in ("england", "borough"):
        counts = [int((left[f"overlap_{frame}"] >= number).sum()) for number in (1, 2, 3, 4)]
        assert found.loc[frame, "areas"].tolist() == counts


def test_where_nothing_is_wholly_known_nothing_is_compared(boroughs, tables, ground):
    borough = boroughs["Westholt"]
    columns = [f"covid_2020_21_quintile_{frame}" for frame in ("england", "borough")]
    table = borough.lsoa.assign(**dict.fromkeys(columns, np.nan))
    graphs = {level: ground.graph(level) for level in ("lsoa", "msoa")}
    found = chance_of(tables.edition, table, borough.msoa, graphs)
    assert found[["compared", "areas", "people", "expected_areas"]].eq(0).all(axis=None)


def test_ranks_are_counted_at_the_layers_own_geography():
    counts = [count for _, count in counted_ranks(EDITION, lsoa())]
    assert counts == [10, 10, 10, 5]


def test_the_sample_counts_people_in_both_frames(found, tables):
    for frame in ("england", "borough"):
        overlap = found.lsoa[f"overlap_{frame}"]
        assert overlap.between(0, 4).all()
        worst = worst_fifths(tables.edition, tables.lsoa, frame)
        pd.testing.assert_series_equal(overlap, worst.sum(axis=1), check_names=False)


def test_chance_compares_both_frames_at_each_number_of_counts(boroughs, tables, ground):
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
    graphs = {level: ground.graph(level) for level in ("lsoa", "msoa")}
    turned = chance_of(tables.edition, borough.lsoa.iloc[::-1], borough.msoa.iloc[::-1], graphs)
    pd.testing.assert_frame_equal(turned, borough.chance)


def test_an_unknown_frame_has_no_columns():
    with pytest.raises(KeyError):
        worst_fifths(EDITION, lsoa(), "region")
