"""An edition beside the ones before it, on an invented borough."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from layers.borough.with_change import change_together, with_change
from layers.change import change as module
from layers.findings.pockets import Choice
from layers.layer import edition
from tests.invented import invented
from tests.invented_change import invented_change

ALDER, FOLD = "E06900001-E01900000", "E06900001-E01900404"


@pytest.fixture(scope="module")
def borough():
    return invented_change()


def test_a_pocket_says_where_it_comes_from(borough):
    told = borough.pockets[["fate", "came_from", "kept_pct", "matched_editions", "matched"]]
    told = told.to_dict("index")
    assert told[FOLD] == {
        "fate": "merged",
        "came_from": ["E06900001-E01900403", "E06900001-E01900303"],
        "kept_pct": 100.0,
        "matched_editions": ["2015", "2019"],
        "matched": 3,
    }
    assert told[ALDER]["fate"] == "grown"
    assert told[ALDER]["came_from"] == ["E06900001-E01900000"]
    # In 2015 no pocket was there.
    assert told[ALDER]["matched_editions"] == ["2019"]
    assert told[ALDER]["matched"] == 2
    people = borough.lsoa["population"]
    assert told[ALDER]["kept_pct"] == pytest.approx(
        100 * (1 - people["E01900101"] / borough.pockets.loc[ALDER, "population"])
    )


def test_each_former_pocket_has_a_fate_people_and_a_name(borough):
    before = borough.change.before
    told = before.set_index("name")["fate"].to_dict()
    assert told == {
        "Old Alder": "grown",
        "Gone Hollow": "gone",
        "Fold North": "merged",
        "Fold South": "merged",
    }
    gone = before[before["fate"] == "gone"].iloc[0]
    assert (gone["became"], gone["match"], gone["jaccard"], gone["kept_pct"]) == ([], "", 0, 0)
    assert gone["people_now"] == borough.lsoa.loc[gone["lsoa_codes"], "population"].sum()
    assert before["lad_name"].tolist() == ["Northmere"] * 4


def test_larger_areas_count_the_people_where_it_has_lasted(borough):
    lsoa = borough.lsoa
    lasted = lsoa["population"].where(lsoa["imd_2025_lasting_fifth"] == 3, 0)
    column = "imd_2025_lasting_fifth_people"
    assert lasted.sum() > 0
    assert borough.district[column] == lasted.sum()
    assert borough.msoa[column].to_dict() == lasted.groupby(lsoa["msoa_code"]).sum().to_dict()
    inside = lsoa["pocket_id"] != ""
    assert borough.pockets[column].sum() == lasted[inside].sum()


def test_former_areas_that_were_redrawn_lead_to_those_they_became(borough):
    rows = borough.change.redrawn[["level", "old", "new", "link"]].to_numpy().tolist()
    assert rows == [
        ["lsoa", "E01910003", "E01900003", "S"],
        ["lsoa", "E01910003", "E01900004", "S"],
        ["lsoa", "E01910200", "E01900200", "M"],
        ["lsoa", "E01910201", "E01900200", "M"],
        ["msoa", "E02910001", "E02900000", "S"],
        ["msoa", "E02910001", "E02900001", "S"],
    ]
    assert set(borough.change.redrawn["lad_code"]) == {borough.code}


def test_the_settings_name_the_editions_before(borough):
    assert borough.settings["earlier_editions"] == "2015 2019"


def test_where_pockets_cannot_be_followed_the_rest_is_still_known():
    borough = invented_change(followed=False)
    assert not borough.change.followed
    assert "fate" not in borough.pockets
    assert borough.change.before.empty
    assert borough.pockets["imd_2025_lasting_fifth_people"].notna().all()


def test_an_edition_without_earlier_ones_stays_as_it_is():
    borough = invented()
    assert with_change(borough, None) is borough
    assert change_together([borough]) is None


def test_boroughs_together_have_the_rows_of_each(borough):
    both = change_together([borough, borough])
    assert len(both.flow) == 2 * len(borough.change.flow)
    assert both.years == borough.change.years


def test_of_one_borough_are_its_own_rows(borough):
    change = borough.change.of(["E06900009"])
    assert [len(change.flow), len(change.before), len(change.redrawn), len(change.counts)] == [
        0, 0, 0, 0,
    ]  # fmt: skip
    assert isinstance(change.lsoa, pd.DataFrame)
    assert len(change.lsoa) == 25


def files(cache, *, at_hand):
    """Files of edition 2025 of which only some roles are there."""
    return SimpleNamespace(
        edition=edition("2025"), cache=cache, find=lambda role: role if role in at_hand else None
    )


def test_the_years_are_of_what_is_at_hand_and_tables_are_read_once(borough, tmp_path, monkeypatch):
    read = []

    def earlier_editions(files):
        read.append(files)
        return []

    change = borough.change
    frames = {
        name: getattr(change, name)
        for name in ("lsoa", "msoa", "districts", "pockets", "before", "flow", "counts", "redrawn")
    }
    monkeypatch.setattr(module, "former_of", lambda *_: SimpleNamespace(vintage=2011))
    monkeypatch.setattr(module, "former_pockets", lambda *_: {})
    monkeypatch.setattr(module, "earlier_editions", earlier_editions)
    monkeypatch.setattr(module, "build_change", lambda *_: frames)
    found = SimpleNamespace(choice=Choice(), lsoa=None)
    for _ in range(2):
        told = module.change_of(
            files(tmp_path, at_hand=["former_lsoa"]), None, SimpleNamespace(key="a"), found
        )
        assert told.years == ("2019", "2025")
        pd.testing.assert_frame_equal(told.before, change.before)
    assert len(read) == 1


def test_without_any_earlier_edition_at_hand_nothing_is_told(tmp_path):
    assert module.change_of(files(tmp_path, at_hand=[]), None, None, None) is None
