"""What has lasted, on invented families of areas: deciles, counts, people, flow."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.space.common_ground import common_people, lasting
from layers.change.lasting import (
    MOST_DEPRIVED,
    counts_by_edition,
    decile_flow,
    lasting_columns,
    people_lasting,
)
from layers.layer import edition
from tests.invented_families import linked

NOW = edition("2025")
FAMILIES = linked("a-a b-c b-d e-g f-g h-j h-k i-k")
LIVED = pd.Series({"a": 50, "b": 99, "e": 30, "f": 90, "h": 60, "i": 40})
LIVES = pd.Series({"a": 70, "c": 30, "d": 10, "g": 200, "j": 100, "k": 100})
DECILES = pd.Series({"a": 1, "c": 1, "d": 3, "g": 2, "j": 1, "k": 2})
EARLIER = {
    "2015": pd.Series({"a": 1, "b": 1, "e": 1, "f": 4, "h": 2, "i": 1}),
    "2019": pd.Series({"a": 2, "b": 1, "e": 9, "f": 2, "h": 1, "i": 5}),
}


@pytest.fixture(scope="module")
def common():
    return common_people(FAMILIES, LIVED, LIVES)


@pytest.fixture(scope="module")
def found(common):
    return lasting_columns(NOW, DECILES, EARLIER, common, FAMILIES)


def test_an_area_has_the_decile_of_the_ground_that_most_of_its_people_live_on(found):
    # Of g a quarter lived in e; of k a fifth in h (60% of both, of whom most went to j).
    assert found["imd_2025_decile_2015"].to_dict() == {
        "a": 1, "c": 1, "d": 1, "g": 4, "j": 2, "k": 1,
    }  # fmt: skip
    assert found["imd_2025_decile_2019"].to_dict() == {
        "a": 2, "c": 1, "d": 1, "g": 2, "j": 1, "k": 5,
    }  # fmt: skip


def test_it_is_counted_in_how_many_editions_an_area_was_within(found):
    assert found["imd_2025_lasting_tenth"].to_dict() == {
        "a": 2, "c": 3, "d": 2, "g": 0, "j": 2, "k": 1,
    }  # fmt: skip
    assert found["imd_2025_lasting_fifth"].to_dict() == {
        "a": 3, "c": 3, "d": 2, "g": 2, "j": 3, "k": 2,
    }  # fmt: skip


def test_what_was_carried_is_marked(found):
    assert "".join(found["imd_2025_lasting_link"]) == "USSMXX"
    assert found["imd_2025_lasting_estimated"].tolist() == [False, *[True] * 5]


def test_counts_agree_with_those_of_shares_of_people(common, found):
    for part, last in MOST_DEPRIVED.items():
        before = {year: deciles <= last for year, deciles in EARLIER.items()}
        times = lasting(before, {"2025": last >= DECILES}, common)["times"]
        assert found[f"imd_2025_lasting_{part}"].to_dict() == times.to_dict()


def test_what_is_not_known_in_one_edition_is_not_counted(common):
    unknown = EARLIER | {"2019": EARLIER["2019"].where(EARLIER["2019"].index != "e")}
    found = lasting_columns(NOW, DECILES, unknown, common, FAMILIES)
    assert found.index[found["imd_2025_lasting_tenth"].isna()].tolist() == ["g"]
    assert found.loc["c", "imd_2025_lasting_tenth"] == 3


def placed(found):
    """Two boroughs of the invented areas."""
    return found.assign(
        lad_code=["E1", "E1", "E1", "E2", "E2", "E2"],
        lad_name=["One", "One", "One", "Two", "Two", "Two"],
        population=LIVES,
        imd_2025_decile=DECILES,
    )


def test_people_are_counted_where_it_has_lasted_in_all_editions(found):
    lsoa = placed(found)
    people = people_lasting(NOW, lsoa, lsoa["lad_code"], times=3)
    assert people["imd_2025_lasting_tenth_people"].to_dict() == {"E1": 30, "E2": 0}
    assert people["imd_2025_lasting_fifth_people"].to_dict() == {"E1": 100, "E2": 100}


def test_the_flow_counts_every_area_and_its_people_once(found):
    flow = decile_flow(NOW, placed(found), "2019")
    rows = ["lad_code", "decile_before", "decile_now", "lsoa_count", "population"]
    assert flow[rows].to_numpy().tolist() == [
        ["E1", 1, 1, 1, 30],
        ["E1", 1, 3, 1, 10],
        ["E1", 2, 1, 1, 70],
        ["E2", 1, 1, 1, 100],
        ["E2", 2, 2, 1, 200],
        ["E2", 5, 2, 1, 100],
    ]
    assert set(flow["earlier_edition"]) == {"2019"}


def test_each_edition_counts_the_areas_of_its_own_census():
    before = pd.Series({"a": "E1", "b": "E1", "e": "E2", "f": "E2", "h": "E2", "i": "E2"})
    now = pd.Series({"a": "E1", "c": "E1", "d": "E1", "g": "E2", "j": "E2", "k": "E2"})
    found = counts_by_edition(
        {"2019": EARLIER["2019"], "2025": DECILES}, {"2019": before, "2025": now}
    )
    assert found.to_numpy().tolist() == [
        ["E1", "2019", 2, 1, 2],
        ["E1", "2025", 3, 2, 2],
        ["E2", "2019", 4, 1, 2],
        ["E2", "2025", 3, 1, 3],
    ]
