"""One district's postcodes, read without those of the rest; and areas found from points."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries.ground import Ground
from boundaries.ground_checks import ground_checks
from boundaries.postcodes import NEAREST_M, is_points, of_district, placed, read_postcodes
from geo.errors import CodeError
from geo.sources import TableSpec
from layers.catalogue import catalogue

TABLE = pd.DataFrame(
    {
        "pcds": ["ZZ2 1AB", "ZZ1 1AA", "ZZ2 1AA", "ZZ1 1AB"],
        "lsoa11cd": ["E01900003", "E01900001", "E01900003", "E01900002"],
        "ladcd": ["E08900001", "E06900001", "E08900001", "E06900001"],
    }
)
CODES = pd.Index(["E01900001", "E01900002", "E01900003"])


def source(rows=4):
    record = catalogue()["sample_postcodes"]
    spec = dataclasses.replace(record.tables["main"], rows=rows, member="", only={})
    return dataclasses.replace(record, tables={"main": spec}, format="parquet")


def points():
    """Return a record of postcodes with points in place of areas."""
    columns = {"easting": "EA", "northing": "NO"}
    spec = TableSpec(key="PC", prefixes=(), numbers=columns, missing=("0",))
    return dataclasses.replace(source(), tables={"main": spec})


def written(folder, table=TABLE):
    path = folder / "postcodes.parquet"
    table.to_parquet(path)
    return path


def read(path, record=None, codes=CODES):
    def areas():
        pytest.fail("asked for boundaries")

    return read_postcodes(path, record or source(), codes=codes, areas=areas)


def test_postcodes_are_read_in_order(tmp_path):
    table = read(written(tmp_path))
    assert table.index.name == "postcode"
    assert table.index.to_list() == ["ZZ1 1AA", "ZZ1 1AB", "ZZ2 1AA", "ZZ2 1AB"]
    assert table["lad_code"].tolist() == ["E06900001", "E06900001", "E08900001", "E08900001"]
    assert table.loc["ZZ1 1AB", "area_code"] == "E01900002"
    assert table["outside_m"].isna().all()


@pytest.mark.parametrize("code", ["E06900001", "E08900001"])
def test_one_district_is_those_of_all_that_are_in_it(tmp_path, code):
    table = read(written(tmp_path)).iloc[::-1]
    table.to_parquet(tmp_path / "kept.parquet", row_group_size=1)
    chosen = table.loc[table["lad_code"] == code, "area_code"].sort_index()
    pd.testing.assert_series_equal(of_district(tmp_path / "kept.parquet", code), chosen)


def test_a_district_without_postcodes_has_none(tmp_path):
    read(written(tmp_path)).to_parquet(tmp_path / "kept.parquet")
    assert of_district(tmp_path / "kept.parquet", "E06900009").empty


def test_a_postcode_in_two_places_is_refused(tmp_path):
    twice = pd.concat([TABLE, TABLE.iloc[:1]])
    with pytest.raises(CodeError, match=r"1 code more than once \(ZZ2 1AB\)"):
        read(written(tmp_path, twice), source(rows=5))


def test_a_postcode_has_one_spelling(tmp_path):
    loose = TABLE.assign(pcds=["zz2 1ab", "ZZ11AA", "ZZ2  1AA", "ZZ1 1AB"])
    pd.testing.assert_frame_equal(read(written(tmp_path, loose)), read(written(tmp_path)))
    twice = TABLE.assign(pcds=["ZZ2 1AB", "ZZ11AA", "ZZ1 1AA", "ZZ1 1AB"])
    with pytest.raises(CodeError, match=r"1 area codes occur more than once.*ZZ1 1AA"):
        read(written(tmp_path, twice))


def test_what_is_no_postcode_is_refused(tmp_path):
    wrong = TABLE.assign(pcds=["E01900003", "ZZ1 1AA", "ZZ2", "ZZ1 1AB"])
    with pytest.raises(CodeError) as caught:
        read(written(tmp_path, wrong))
    assert caught.value.what == "2 postcodes are none"
    assert caught.value.found == "“E01900003”, “ZZ2”"


def test_postcodes_in_areas_of_another_census_are_refused(tmp_path):
    with pytest.raises(CodeError) as caught:
        read(written(tmp_path), codes=CODES[:2])
    assert caught.value.what == "Postcodes lie in 1 areas that have no boundary"
    assert caught.value.found == "E01900003"


def squares(*codes):
    """Return areas of 100 m in a row from west to east, in the order of these codes."""
    shapes = [
        shapely.box(400_000 + 100 * at, 0, 400_100 + 100 * at, 100) for at in range(len(codes))
    ]
    return gpd.GeoDataFrame(index=pd.Index(codes), geometry=shapes, crs="EPSG:27700")


PLACES = {
    "ZZ1 1AA": (400_050, 50),  # in the first
    "ZZ1 1AB": (400_150, 99),  # in the second
    "ZZ1 1AD": (400_100, 50),  # on the line between them
    "ZZ1 1AE": (400_230, 140),  # 30 m east and 40 m north of the second
    "ZZ1 1AF": (400_050, 100 + NEAREST_M),  # as far as a point may lie
    "ZZ1 1AG": (400_050, 101 + NEAREST_M),  # too far
    "ZZ1 1AH": (np.nan, np.nan),
}


@pytest.mark.parametrize("codes", [("E01900001", "E01900002"), ("E01900002", "E01900001")])
def test_a_point_belongs_to_the_area_that_holds_it_or_is_near(codes):
    table = pd.DataFrame(PLACES.values(), index=PLACES, columns=["easting", "northing"])
    first, second = codes
    found = placed(table, squares(*codes))
    expected = [first, second, "E01900001", second, first, "", ""]
    assert found["area_code"].fillna("").to_list() == expected
    np.testing.assert_allclose(
        found["outside_m"], [0, 0, 0, 50, NEAREST_M, np.nan, np.nan], atol=1e-6
    )
    named = placed(table.rename_axis("area_code"), squares(*codes))
    pd.testing.assert_frame_equal(named, found.rename_axis("area_code"))
    turned = placed(table.iloc[::-1], squares(*codes)).iloc[::-1]
    pd.testing.assert_frame_equal(turned, found)


def test_a_file_of_points_is_read_with_the_boundaries(tmp_path):
    table = pd.DataFrame(
        {"PC": ["ZZ11AB", "ZZ1 1AA", "ZZ1 1AD"], "EA": [400_150, 400_050, 0], "NO": [99, 50, 0]}
    ).astype({"EA": str, "NO": str})
    path = written(tmp_path, table)
    assert is_points(points())
    assert not is_points(source())
    found = read_postcodes(
        path, points(), codes=CODES[:0], areas=lambda: squares("E01900001", "E01900002")
    )
    assert found["area_code"].fillna("").to_dict() == {
        "ZZ1 1AA": "E01900001",
        "ZZ1 1AB": "E01900002",
        "ZZ1 1AD": "",
    }


class OfPoints:
    """The files of the sample, with a point for each area in place of its lookup of postcodes."""

    whole = "the isle"

    def __init__(self, files, folder):
        self.files, self.cache = files, folder
        areas = Ground(files).areas("lsoa")
        at = areas.representative_point()
        rows = {
            "PC": [
                f"ZZ{1 + at // 100} {at // 10 % 10}A{'ABDEFGHJLN'[at % 10]}"
                for at in range(len(areas))
            ],
            "EA": at.x.astype(str).to_numpy(),
            "NO": at.y.astype(str).to_numpy(),
        }
        away = {"PC": ["ZZ9 9AA", "ZZ9 9AB"], "EA": ["0", "9"], "NO": ["0", "9"]}
        self.table = pd.concat([pd.DataFrame(rows), pd.DataFrame(away)])
        self.table.to_parquet(folder / "points.parquet")

    def source(self, role):
        return points() if role == "postcodes" else self.files.source(role)

    def path(self, role):
        return self.cache / "points.parquet" if role == "postcodes" else self.files.path(role)

    def __getattr__(self, name):
        return getattr(self.files, name)


def test_a_ground_of_points_has_the_postcodes_of_every_district(files, ground, tmp_path):
    given = OfPoints(files, tmp_path)
    found = Ground(given)
    areas = ground.areas("lsoa")
    for code in ("E06900001", "E08900001"):
        postcodes = found.postcodes(code)
        assert sorted(postcodes) == sorted(areas.index[areas["lad_code"] == code])
    (check,) = (each for each in ground_checks(found) if "points" in each.name)
    assert check.ok is None
    assert check.found == (
        "0 of 232 given to the nearest; 2 farther out or without coordinates left out"
    )
    assert [each for each in ground_checks(ground) if "points" in each.name] == []
