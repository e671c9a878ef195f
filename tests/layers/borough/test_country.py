"""What all boroughs share: opened once, the same in every process, following from the choice."""

from __future__ import annotations

import dataclasses
import pickle

import pandas as pd
import pytest

from geo.space.rules import HIGH_HIGH
from layers.borough.assemble import assemble
from layers.borough.country import Country, opened
from layers.files import Files
from layers.findings.pockets import Choice
from layers.layer import edition

NORTHMERE = "E08900001"
RULES = [
    Choice(),
    Choice(limit=1, tau=8),
    Choice(rule="borough", limit=None),
    Choice(rule="cluster", limit=None),
    Choice(rule="overlap", limit=3),
]


def test_optional_files_that_are_not_there_are_missed_by_name(files, tmp_path):
    bare = Files(edition=edition("2019"), cache=tmp_path, mirror=files.mirror, offline=True)
    country = Country(files=bare)
    assert country.absent == bare.edition.optional
    assert country.lacking["fuel_poverty_2020"] == (
        "Fuel poverty over the years is not shown: the files of no year are at hand.",
    )
    (said,) = country.lacking["no2_2021_23"]
    assert said.startswith("PM2.5 and NO2: none of the 6 grids")
    assert "imd_2019" not in country.lacking
    assert Country(files=files).absent == ()


def test_the_same_files_and_choice_are_opened_once(files):
    here = opened(files, Choice())
    assert opened(dataclasses.replace(files), Choice()) is here
    assert opened(files, Choice(tau=8)) is not here
    changed = dataclasses.replace(files.edition, population_year=1066)
    assert opened(dataclasses.replace(files, edition=changed), Choice()).edition is changed


def test_in_another_process_it_is_what_is_open_there(files, tables):
    sent = Country(files=files, choice=Choice(tau=8))
    assert len(sent.tables.lsoa) == len(tables.lsoa)
    packed = pickle.dumps(sent)
    assert len(packed) < 100_000
    assert pickle.loads(packed) is opened(files, Choice(tau=8))


def test_each_thing_is_read_once(files):
    country = Country(files=files)
    for name in ("ground", "tables", "findings", "england", "fuel_series", "figures", "sources"):
        assert getattr(country, name) is getattr(country, name)
    assert country.findings.lsoa["imd_2019_score"].equals(country.tables.lsoa["imd_2019_score"])


@pytest.mark.parametrize("choice", RULES, ids=lambda choice: f"{choice.rule}-{choice.tau}")
def test_findings_stability_and_settings_follow_from_the_choice(files, boroughs, choice):
    borough = assemble(Country(files=files, choice=choice), NORTHMERE, place="the sample")
    lsoa, pockets = borough.lsoa, borough.pockets
    wanted = {
        "national": lsoa["imd_2019_decile"] <= (choice.limit or 0),
        "borough": lsoa["imd_2019_quintile_borough"] == 1,
        "cluster": lsoa["imd_2019_cluster_borough"] == HIGH_HIGH,
        "overlap": lsoa["overlap_england"] >= (choice.limit or 0),
    }[choice.rule]
    inside = lsoa["pocket_id"] != ""
    assert inside.any()
    assert wanted[inside].all()
    assert sorted(pockets.index) == sorted(lsoa.loc[inside, "pocket_id"].unique())
    assert set(pockets["rule"]) == {choice.rule}
    assert pockets["stability"].between(0, 1).all()
    assert choice.settings().items() <= borough.settings.items()
    assert Choice.of(borough.settings) == choice
    was = boroughs["Northmere"]
    columns = [name for name in was.lsoa if name != "pocket_id"]
    pd.testing.assert_frame_equal(pd.DataFrame(lsoa[columns]), pd.DataFrame(was.lsoa[columns]))
