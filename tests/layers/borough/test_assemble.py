"""A borough with everything its pages show, the same whichever others are built."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from geo.crs import BNG
from layers.borough import assemble as module
from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.files import Files

FRAMES = (
    "lsoa",
    "msoa",
    "pockets",
    "surroundings",
    "gradients",
    "gradient_parts",
    "moran",
    "chance",
)


@pytest.mark.parametrize(("name", "sizes"), [("Northmere", (140, 28)), ("Westholt", (90, 18))])
def test_a_borough_has_its_rows_with_geometry(boroughs, name, sizes):
    borough = boroughs[name]
    assert borough.name == name
    assert borough.place == "the sample"
    assert (len(borough.lsoa), len(borough.msoa)) == sizes
    for table in (borough.lsoa, borough.msoa):
        assert isinstance(table, gpd.GeoDataFrame)
        assert table.crs == BNG
        assert table.index.is_monotonic_increasing
        assert set(table["lad_code"]) == {borough.code}
        assert table.geometry.notna().all()
        assert table.columns.is_unique
    assert borough.surroundings["lad_name"].tolist() == [next(iter({*boroughs} - {name}))]


def test_the_district_is_its_row_of_the_table_and_its_pockets(boroughs, tables):
    borough = boroughs["Northmere"]
    district = borough.district
    assert district.name == borough.code
    assert district["population"] == borough.lsoa["population"].sum()
    assert district["pockets"] == len(borough.pockets) == 5
    assert district["people_in_pockets"] == borough.pockets["population"].sum()
    income = borough.lsoa["imd_2019_income_people"]
    outside = income[borough.lsoa["pocket_id"] == ""].sum()
    assert district["imd_2019_income_people"] == pytest.approx(income.sum())
    assert district["imd_2019_income_people_outside_pockets"] == pytest.approx(outside)
    assert 0 < district["imd_2019_income_people_outside_pockets_pct"] < 100
    row = tables.districts.loc[borough.code]
    assert district[tables.districts.columns].tolist() == row.tolist()


def test_sources_are_told_by_layer_and_by_role(country, boroughs):
    sources = boroughs["Northmere"].sources
    assert {"boundaries", "msoa", "districts", "names", "postcodes"} <= set(sources)
    assert sources["districts"] == sources["imd_2019"]
    assert [source.id for source in sources["imd_2019_crime"]] == ["sample_imd"]
    assert [source.id for source in sources["pm25_2021_23"]] == [
        f"sample_pcm_pm25_{year}" for year in (2021, 2022, 2023)
    ]
    assert len(sources["covid_2020_21"]) == 4
    assert sources == country.sources


def test_settings_are_printed_with_the_result(boroughs):
    assert boroughs["Northmere"].settings == {
        "rule": "national",
        "d": 2,
        "tau": 5.0,
        "steps_borough": 8_192,
        "steps_england": 32_768,
        "permutations": 999,
        "seed": 20210430,
        "false_discovery_rate": 0.05,
    }


def test_every_layer_says_what_its_values_rest_on(boroughs):
    notes = boroughs["Northmere"].notes
    assert "rescaled so that England and Wales together score 1" in notes["covid_2020_21"][0]
    assert set(notes) == {layer.id for layer in boroughs["Northmere"].edition.layers}


def test_a_borough_says_what_is_missed_without_a_file(mirror, country):
    mirror.path("air_quality_pm25_2022").unlink()
    without = Country(files=mirror.files)
    borough = assemble(without, "E08900001", place="the sample")
    (said,) = borough.lacking["pm25_2021_23"]
    assert said.startswith("The 1 km grid of PM2.5 (2022) by ")
    whole = assemble(country, "E08900001", place="the sample")
    assert all(texts == () for texts in whole.lacking.values())


def test_a_borough_is_the_same_built_alone(files, boroughs, tmp_path):
    alone = Files(edition=files.edition, cache=tmp_path, mirror=files.mirror, offline=True)
    made = assemble(Country(files=alone), "E06900001", place="the sample")
    for name in FRAMES:
        one, other = getattr(made, name), getattr(boroughs["Westholt"], name)
        pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
    pd.testing.assert_series_equal(made.district, boroughs["Westholt"].district)
    pd.testing.assert_series_equal(made.postcodes, boroughs["Westholt"].postcodes)
    assert (made.england, made.counts) == (
        boroughs["Westholt"].england,
        boroughs["Westholt"].counts,
    )


def test_other_declared_rules_are_compared_anew(files, boroughs, monkeypatch):
    class AgainError(Exception):
        """What was kept is worked out again."""

    def again(*_):
        raise AgainError

    monkeypatch.setattr(module, "found_by_others", again)
    kept = assemble(Country(files=files), boroughs["Westholt"].code, place="the sample")
    assert kept.pockets["found_by"].equals(boroughs["Westholt"].pockets["found_by"])
    monkeypatch.setattr(module, "RULE_LIMITS", module.RULE_LIMITS[1:])
    with pytest.raises(AgainError):
        assemble(Country(files=files), boroughs["Westholt"].code, place="the sample")
