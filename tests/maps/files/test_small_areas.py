from __future__ import annotations

import json

import pandas as pd
import pytest

from layers.layer import edition
from maps.files.downloads import published, write_csv
from maps.files.small_areas import write_small_areas


@pytest.fixture(scope="module")
def areas(invented_tables):
    return published(invented_tables["neighbourhoods"])


def test_the_table_of_a_borough_is_its_rows_of_the_table_of_all(areas, tmp_path):
    write_csv(areas, tmp_path / "all.csv")
    own = areas[areas["lad_code"] == "E06900002"]
    write_small_areas(own, tmp_path / "westholt", edition("sample"))
    rows = (tmp_path / "westholt/neighbourhoods.csv").read_bytes().split(b"\r\n")
    whole = (tmp_path / "all.csv").read_bytes().split(b"\r\n")
    assert rows[0] == whole[0]
    assert rows[1:-1] == [row for row in whole if b"E06900002" in row]
    assert len(rows) == 24 + 2


def test_outlines_tell_of_each_layer_what_a_map_shows(areas, tmp_path):
    write_small_areas(areas, tmp_path, edition("sample"))
    found = json.loads((tmp_path / "neighbourhoods.geojson").read_text(encoding="utf-8"))
    assert [feature["id"] for feature in found["features"]] == list(areas.index)
    first = found["features"][0]["properties"]
    for layer in edition("sample").layers:
        value = areas[layer.value].iloc[0]
        assert first[layer.value] == (None if pd.isna(value) else value)
        assert first[layer.quintile_column("england")] in {1, 2, 3, 4, 5, None}
    assert {"area_name", "lad_name", "population", "pocket_id"} <= set(first)
    assert not [name for name in first if "rank" in name or name.endswith("_borough")]
    west, south = found["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert (-4 < west < -3, 53 < south < 54) == (True, True)
