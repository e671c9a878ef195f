"""What pockets are like on each layer, and how they rank among pockets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.findings.pocket_values import ranked_values
from layers.layer import FRAMES

SIZES = {"E06900001": 6, "E06900002": 4, "E06900003": 1}
"""How many pockets of two small areas each borough has."""


@pytest.fixture(scope="module")
def whole(found, boroughs):
    """Return small areas of three boroughs, two to a pocket, with those of the sample's layers."""
    names = [f"{code}-P{number}" for code, count in SIZES.items() for number in range(count)]
    lsoa = pd.DataFrame(found.lsoa).iloc[: 2 * len(names) + 3].copy()
    pockets = pd.Series([*np.repeat(names, 2), "", "", ""], lsoa.index)
    return lsoa.assign(pocket_id=pockets, lad_code=pockets.str[:9].replace("", "E06900001"))


def test_pockets_rank_among_those_of_england_and_of_their_borough(whole, boroughs):
    edition = boroughs["Northmere"].edition
    found = ranked_values(edition, whole)
    assert len(found) == sum(SIZES.values())
    assert found["lad_code"].value_counts().to_dict() == SIZES
    for layer in edition.layers:
        values = found[layer.ranking].where(found[layer.value].notna()).to_dict()
        for pocket, row in found.iterrows():
            own = [value for key, value in values.items() if key[:9] == pocket[:9]]
            pools = {"england": list(values.values()), "borough": own}
            for frame in FRAMES:
                worse = sum(value > row[layer.ranking] for value in pools[frame])
                known = sum(value == value for value in pools[frame])
                rank, fifth = (row[f"{layer.id}_{one}_{frame}"] for one in ("rank", "quintile"))
                if row[layer.value] != row[layer.value] or known < 2:
                    assert np.isnan(rank), (layer.id, pocket, frame)
                else:
                    assert rank == worse + 1, (layer.id, pocket, frame)
                if known >= 5 and rank == rank:
                    assert fifth == np.ceil(rank * 5 / known), (layer.id, pocket, frame)
                else:
                    assert np.isnan(fifth), (layer.id, pocket, frame)


def test_the_most_deprived_pocket_is_the_first_of_all(whole, boroughs):
    edition = boroughs["Northmere"].edition
    worst = whole["pocket_id"].eq("E06900001-P3")
    found = ranked_values(edition, whole.assign(imd_2019_score=np.where(worst, 99.0, 10.0)))
    row = found.loc["E06900001-P3"]
    assert row["imd_2019_rank_england"] == row["imd_2019_rank_borough"] == 1
    others = found.drop(index="E06900001-P3")["imd_2019_rank_england"]
    assert others.eq(2).all()


def test_a_pocket_without_a_value_on_a_layer_has_none_and_no_rank(whole, boroughs):
    edition = boroughs["Northmere"].edition
    none = whole["pocket_id"].eq("E06900001-P0")
    found = ranked_values(
        edition, whole.assign(no2_2021_23_ugm3=whole["no2_2021_23_ugm3"].mask(none))
    )
    row = found.loc["E06900001-P0"]
    own = ["no2_2021_23_ugm3", "no2_2021_23_rank_england", "no2_2021_23_quintile_borough"]
    assert row[own].isna().all()
    assert row["imd_2019_rank_england"] >= 1
    others = found.drop(index="E06900001-P0")
    assert others["no2_2021_23_rank_england"].max() <= sum(SIZES.values()) - 1


def test_no_pocket_anywhere_is_an_empty_table_with_all_columns(whole, boroughs):
    edition = boroughs["Northmere"].edition
    full, none = (ranked_values(edition, table) for table in (whole, whole.assign(pocket_id="")))
    assert len(none) == 0
    assert list(none) == list(full)


def test_a_boroughs_pockets_are_ranked_among_all_of_england(found, boroughs):
    northmere = boroughs["Northmere"]
    overall = northmere.edition.overall
    assert len(found.pockets) > len(northmere.pockets)
    assert northmere.pocket_counts[overall] == len(found.pockets)
    ranks = northmere.pockets.sort_values("imd_2019_score", ascending=False)
    assert ranks["imd_2019_rank_borough"].tolist() == list(range(1, len(ranks) + 1))
    worse = [
        (found.pockets["imd_2019_score"] > score).sum() + 1 for score in ranks["imd_2019_score"]
    ]
    assert ranks["imd_2019_rank_england"].tolist() == worse
