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
from layers.findings.how_sure import DRAWN_RULES
from layers.findings.own_names import OwnNames
from layers.findings.pockets import Choice
from layers.kinds import registry
from layers.kinds.reading import OVER_YEARS, OverYears
from layers.kinds.registry import kind_of, with_years
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
    assert country.lacking_years == (
        "Fuel poverty over the years is not shown: its files were not available to this build.",
    )
    (said,) = country.lacking["no2_2021_23"]
    assert said.startswith("The 1 km grids of PM2.5 (2021, 2022, 2023) and NO2 (2021, 2022, 2023)")
    assert set(country.lacking) == {"no2_2021_23", "pm25_2021_23"}
    assert Country(files=files).absent == ()


def test_sources_of_other_years_stand_apart_where_there_are_any(files, monkeypatch):
    series = pd.DataFrame({"lad_code": [NORTHMERE] * 2, "year": [2020, 2018]})
    layer = with_years(files.edition)
    kind = dataclasses.replace(
        kind_of(layer), sources_of_years=lambda _, years: [f"of {year}" for year in years]
    )
    monkeypatch.setitem(registry.KINDS, layer.kind, kind)
    country = Country(files=files)
    without = country.sources
    assert country.fuel_series.series.empty
    assert OVER_YEARS not in without
    known = Country(files=files)
    known.__dict__["fuel_series"] = OverYears(series, pd.DataFrame())
    assert known.sources == {**without, OVER_YEARS: ("of 2018", "of 2020")}


def test_the_same_files_and_choice_are_opened_once(files):
    here = opened(files, Choice(), None)
    assert opened(dataclasses.replace(files), Choice(), None) is here
    assert opened(files, Choice(tau=8), None) is not here
    assert opened(files, Choice(), OwnNames(names=(), contents=b"")) is not here
    changed = dataclasses.replace(files.edition, population_year=1066)
    assert opened(dataclasses.replace(files, edition=changed), Choice(), None).edition is changed


def test_in_another_process_it_is_what_is_open_there(files, tables):
    own_names = OwnNames(names=(), contents=b"#")
    sent = Country(files=files, choice=Choice(tau=8), own_names=own_names)
    assert len(sent.tables.lsoa) == len(tables.lsoa)
    packed = pickle.dumps(sent)
    assert len(packed) < 100_000
    assert pickle.loads(packed) is opened(files, Choice(tau=8), own_names)


def test_each_thing_is_read_once(files):
    country = Country(files=files)
    for name in ("ground", "tables", "findings", "england", "fuel_series", "figures", "sources"):
        assert getattr(country, name) is getattr(country, name)
    assert country.findings.lsoa["imd_2019_score"].equals(country.tables.lsoa["imd_2019_score"])


@pytest.mark.parametrize("choice", RULES, ids=lambda choice: f"{choice.rule}-{choice.tau}")
def test_findings_and_settings_follow_from_the_choice(files, boroughs, choice):
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
    assert pockets["found_by"].between(0, 4).all()
    assert pockets["recurrence"].notna().all() == (choice.rule in DRAWN_RULES)
    assert (lsoa["membership"] != "").equals(inside & (choice.rule in DRAWN_RULES))
    assert choice.settings().items() <= borough.settings.items()
    assert Choice.of(borough.settings) == choice
    was = boroughs["Northmere"]
    assert lsoa["single"].equals(wanted & ~inside)
    assert not (lsoa["hidden"] & (lsoa["imd_2019_decile"] <= choice.tenths)).any()
    follow = {"pocket_id", "candidate_share", "membership_share", "membership", "single", "hidden"}
    columns = [name for name in was.lsoa if name not in follow]
    pd.testing.assert_frame_equal(pd.DataFrame(lsoa[columns]), pd.DataFrame(was.lsoa[columns]))
