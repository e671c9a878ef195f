"""One district's postcodes, read without those of the rest."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from boundaries.postcodes import of_district, read_postcodes
from geo.errors import CodeError
from layers.catalogue import catalogue

TABLE = pd.DataFrame(
    {
        "pcds": ["ZZ2 1AB", "ZZ1 1AA", "ZZ2 1AA", "ZZ1 1AB"],
        "lsoa11cd": ["E01900003", "E01900001", "E01900003", "E01900002"],
        "ladcd": ["E08900001", "E06900001", "E08900001", "E06900001"],
    }
)


def source(rows=4):
    record = catalogue()["sample_postcodes"]
    spec = dataclasses.replace(record.tables["main"], rows=rows)
    return dataclasses.replace(record, tables={"main": spec})


def written(folder, table=TABLE):
    path = folder / "postcodes.parquet"
    table.to_parquet(path)
    return path


def test_postcodes_are_read_in_order_of_district(tmp_path):
    table = read_postcodes(written(tmp_path), source())
    assert table.index.name == "postcode"
    assert table["lad_code"].tolist() == ["E06900001", "E06900001", "E08900001", "E08900001"]
    assert table.loc["ZZ1 1AB", "area_code"] == "E01900002"


@pytest.mark.parametrize("code", ["E06900001", "E08900001"])
def test_one_district_is_those_of_all_that_are_in_it(tmp_path, code):
    table = read_postcodes(written(tmp_path), source())
    table.to_parquet(tmp_path / "kept.parquet", row_group_size=1)
    chosen = table.loc[table["lad_code"] == code, "area_code"].sort_index()
    pd.testing.assert_series_equal(of_district(tmp_path / "kept.parquet", code), chosen)


def test_a_district_without_postcodes_has_none(tmp_path):
    read_postcodes(written(tmp_path), source()).to_parquet(tmp_path / "kept.parquet")
    assert of_district(tmp_path / "kept.parquet", "E06900009").empty


def test_a_postcode_in_two_places_is_refused(tmp_path):
    twice = pd.concat([TABLE, TABLE.iloc[:1]])
    with pytest.raises(CodeError, match=r"1 code more than once \(ZZ2 1AB\)"):
        read_postcodes(written(tmp_path, twice), source(rows=5))
