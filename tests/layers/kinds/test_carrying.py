"""Values carried from the areas of another census, on invented families."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.stats.standardise import Prior, ratio_with_limits, smoothed_ratio
from layers.former import CARRIED, FORMER_MSOA, FormerAreas
from layers.kinds import air_quality, carrying, covid_mortality, imd
from layers.kinds.reading import LayerValues
from layers.layer import edition
from tests.invented_families import linked

EDITION = edition("2025")
PM25, NO2 = (EDITION.layer(key) for key in ("pm25_2021_23", "no2_2021_23"))
COVID = EDITION.layer("covid_2020_21")
# Unchanged, split into two, two merged into one, and an irregular two into two.
LSOA = linked("u-u s-s1 s-s2 m1-m m2-m x1-x3 x1-x4 x2-x4")
MSOA = linked("U-U V-V W-W S-S1 S-S2 M1-M M2-M X1-X3 X1-X4 X2-X4")
PEOPLE = pd.Series({"u": 1000, "s": 3000, "m1": 1000, "m2": 3000, "x1": 100, "x2": 300})
FORMER = FormerAreas(
    vintage=2011, lsoa=LSOA, msoa=MSOA, people=PEOPLE, districts=pd.Series("D", PEOPLE.index)
)


def means():
    values = {"u": 7.0, "s": 8.0, "m1": 6.0, "m2": 10.0, "x1": 4.0, "x2": 8.0}
    table = pd.DataFrame({PM25.value: values, NO2.value: values})
    return LayerValues(values=table, used=("air_quality",), notes=("Read.",))


def ratios():
    observed = {"U": 20, "V": 5, "W": 40, "S": 39, "M1": 3, "M2": 4, "X1": 10, "X2": 20}
    expected = {"U": 20.0, "V": 10, "W": 30, "S": 26, "M1": 1, "M2": 9, "X1": 12, "X2": 8}
    counts = pd.DataFrame({"observed": observed, "expected": expected})
    shown = counts.join(ratio_with_limits(counts["observed"], counts["expected"]))
    shown["ratio_smoothed"] = 1.0
    return LayerValues(values=shown.rename(columns=COVID.column), used=covid_mortality.ROLES)


def test_means_are_copied_to_parts_and_weighted_by_former_people_where_merged():
    found = air_quality.carry(EDITION, means(), FORMER)
    assert found.values[PM25.value].to_dict() == {
        "m": 9.0, "s1": 8.0, "s2": 8.0, "u": 7.0, "x3": 7.0, "x4": 7.0,
    }  # fmt: skip
    assert found.values[NO2.link].to_dict() == {
        "m": "M", "s1": "S", "s2": "S", "u": "U", "x3": "X", "x4": "X",
    }  # fmt: skip
    assert found.values.index[~found.values[PM25.estimated]].tolist() == ["u"]
    assert found.families is None
    assert found.notes[0] == "Read."
    assert found.notes[1] == (
        "PM2.5 and NO2 are of the small areas of 2011: parts of one divided by 2021 show its value,"
        " merged ones a mean weighted by people of mid-2015."
    )


def test_a_part_shows_the_ratio_of_the_former_neighbourhood_and_has_no_deaths():
    read = ratios()
    found = covid_mortality.carry(EDITION, read, FORMER)
    table = found.values.rename(columns=COVID.ending)
    for part in ("S1", "S2"):
        for end in ("ratio", "ratio_lower", "ratio_upper"):
            assert table.loc[part, end] == read.values.loc["S", COVID.column(end)]
    assert table.loc["X3", "ratio"] == table.loc["X4", "ratio"] == 30 / 20
    parts = ["S1", "S2", "X3", "X4"]
    assert table.index[table["estimated"]].tolist() == parts
    assert found.notes == (
        "Deaths are of the neighbourhoods of 2011: parts of one divided by 2021 show its ratio,"
        " unranked, and its borough has its deaths.",
    )
    assert found.used == (*covid_mortality.ROLES, FORMER_MSOA)
    assert table.loc[parts, ["observed", "expected", "ratio_smoothed"]].isna().all(axis=None)


def test_deaths_of_merged_neighbourhoods_are_summed_and_none_is_divided_or_lost():
    found = covid_mortality.carry(EDITION, ratios(), FORMER)
    table = found.values.rename(columns=COVID.ending)
    assert table.loc["M", ["observed", "expected", "ratio"]].tolist() == [7, 10, 0.7]
    assert (
        table.loc["M", "ratio_upper"]
        == ratio_with_limits(pd.Series([7]), pd.Series([10.0]))["ratio_upper"].item()
    )
    assert found.families[COVID.column("observed")].to_dict() == {"S": 39, "X1": 30}
    whole = table["observed"].sum() + found.families[COVID.column("observed")].sum()
    assert whole == ratios().values[COVID.column("observed")].sum()


def test_smoothed_ratios_are_drawn_to_the_prior_of_the_areas_with_deaths():
    table = covid_mortality.carry(EDITION, ratios(), FORMER).values.rename(columns=COVID.ending)
    known = table.dropna(subset=["observed"])
    assert known.index.tolist() == ["M", "U", "V", "W"]
    pd.testing.assert_series_equal(
        known["ratio_smoothed"],
        smoothed_ratio(known["observed"], known["expected"]),
        check_names=False,
    )
    other = smoothed_ratio(
        known["observed"], known["expected"], prior=Prior(mean=1.0, variance=0.1)
    )
    assert not np.allclose(other, known["ratio_smoothed"])


def files_of(vintage):
    source = SimpleNamespace(title="The table", vintage=vintage, geography="LSOA")
    return SimpleNamespace(edition=EDITION, source=lambda role: source)


@pytest.fixture
def kind(monkeypatch):
    """A kind that is read as `means` are, with the former areas of these tests."""
    monkeypatch.setattr(carrying, "former_of", lambda files, ground: FORMER)
    return replace(air_quality.KIND, read=lambda files, ground: means())


def test_what_is_of_the_editions_own_census_stays_as_it_was_read(kind):
    found = carrying.read_kind(kind, files_of(2021), None)
    assert found.values.equals(means().values)
    assert found.used == ("air_quality",)


def test_what_is_of_another_census_is_carried_and_names_the_way(kind):
    found = carrying.read_kind(kind, files_of(2011), None)
    assert found.values.index.tolist() == ["m", "s1", "s2", "u", "x3", "x4"]
    assert found.used == ("air_quality", *CARRIED)


def test_a_kind_that_cannot_be_carried_is_refused(kind):
    assert imd.KIND.carry is None
    with pytest.raises(InputError, match=r"Air quality is of the areas of 2011.*cannot be carried"):
        carrying.read_kind(replace(kind, carry=None), files_of(2011), None)
