"""Boundary files are looked at before they are loaded, and every fault is told at once."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries import read
from boundaries.read import build_areas, read_areas, read_names
from geo.crs import BNG, to_wgs84
from geo.errors import CodeError, InputError, SpaceError
from layers.catalogue import catalogue

CODES = ["E01900003", "E01900001", "E01900002"]


def source(**vector):
    record = catalogue()["sample_lsoa_boundaries"]
    spec = dataclasses.replace(record.vector, **{"rows": 3, "layer": "areas", **vector})
    return dataclasses.replace(record, vector=spec)


def raw(codes=CODES):
    """Return a row of squares, 1 km each, in the publisher's columns and coordinates."""
    squares = [shapely.box(e, 400_000, e + 1000, 401_000) for e in range(300_000, 303_000, 1000)]
    frame = gpd.GeoDataFrame(
        {
            "LSOA11CD": codes,
            "LSOA11NM": [f"Northmere 00{code[-1]}A" for code in codes],
            "BNG_E": [300_500, 301_500, 302_500],
            "BNG_N": [400_500] * 3,
        },
        geometry=squares,
        crs=BNG,
    )
    return to_wgs84(frame)


def written(folder, frame, name="areas.gpkg"):
    path = folder / name
    frame.to_file(path, layer="areas", engine="pyogrio")
    return path


def refusal(path, record=None, kind=SpaceError):
    with pytest.raises(kind) as caught:
        read_areas(path, record or source())
    return caught.value


def test_areas_are_in_order_of_code_on_the_national_grid(tmp_path):
    areas = read_areas(written(tmp_path, raw()), source())
    assert areas.index.tolist() == sorted(CODES)
    assert areas.index.name == "area_code"
    assert list(areas.columns) == [
        "area_name", "easting", "northing", "mended_m2", "geometry",
    ]  # fmt: skip
    assert areas.crs == BNG
    assert areas.loc["E01900003", ["area_name", "easting"]].tolist() == ["Northmere 003A", 300_500]
    assert areas.area.tolist() == pytest.approx([1e6] * 3, abs=20)


@pytest.mark.parametrize("kind", ["int32", "int64", "float64"])
def test_areas_are_the_same_in_whatever_type_their_file_has_the_centroids(tmp_path, kind):
    given = raw().astype({"BNG_E": kind, "BNG_N": kind})
    areas = read_areas(written(tmp_path, given), source())
    assert areas.dtypes[["easting", "northing"]].tolist() == ["int32", "int32"]
    assert areas["easting"].tolist() == [301_500, 302_500, 300_500]


def test_corners_shared_by_two_areas_are_equal_to_the_last_digit(tmp_path):
    areas = read_areas(written(tmp_path, raw()), source())
    corners = shapely.get_coordinates(areas.geometry.to_numpy())
    assert len(np.unique(corners, axis=0)) == 8
    np.testing.assert_array_equal(corners, corners.round(2))


def test_without_the_publishers_centroids_the_geometrys_own_are_taken():
    areas = build_areas(raw(), source(easting=None, northing=None))
    assert areas["easting"].tolist() == [301_500, 302_500, 300_500]
    assert areas["northing"].tolist() == [400_500] * 3


def test_the_order_of_the_file_does_not_matter():
    one, other = build_areas(raw(), source()), build_areas(raw().iloc[[2, 0, 1]], source())
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_areas_of_another_nation_are_dropped_before_counting(tmp_path):
    frame = raw(["E01900001", "W01900001", "E01900002"])
    path = written(tmp_path, frame)
    assert read_areas(path, source(rows=2)).index.tolist() == ["E01900001", "E01900002"]


# --- faults


def test_no_coordinate_system_is_refused(tmp_path):
    path = tmp_path / "areas.gpkg"
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        raw().set_crs(None, allow_override=True).to_file(path, layer="areas", engine="pyogrio")
    error = refusal(path)
    assert "no coordinate system (the record says EPSG:4326" in error.found
    assert "set_crs('EPSG:4326')" in error.found
    assert "look like longitude and latitude (EPSG:4326)" in error.found
    assert error.where == str(path)


def test_a_coordinate_system_that_is_not_read_here_is_refused(tmp_path):
    error = refusal(written(tmp_path, raw().to_crs("EPSG:3857")))
    assert "the coordinate system EPSG:3857, where EPSG:4326 and EPSG:27700 are read" in error.found


def test_a_file_of_another_year_is_refused_by_its_fields(tmp_path):
    frame = raw().rename(columns={"LSOA11CD": "LSOA21CD", "LSOA11NM": "LSOA21NM"})
    error = refusal(written(tmp_path, frame))
    assert "no field “LSOA11CD” (the nearest is LSOA21CD)" in error.found
    assert "no field “LSOA11NM” (the nearest is LSOA21NM)" in error.found


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    frame = raw(["E01900001", "E01900001", "E01900002"]).drop(columns="LSOA11NM")
    frame.loc[1, "geometry"] = None
    frame.loc[2, "geometry"] = shapely.Point(0, 0)
    frame["BNG_E"] += 5_000
    error = refusal(written(tmp_path, frame), source(rows=4))
    assert error.what == "A boundary file has 6 problems"
    for fault in (
        "no field “LSOA11NM”",
        "codes more than once (E01900001)",
        "3 areas where 4 are expected",
        "1 area (E01900001) with an empty or broken shape",
        "1 area (E01900002) with a Point in place of a polygon",
        "1 area (E01900001) over 1 km from their own centroids (BNG_E and BNG_N)",
    ):
        assert fault in error.found


def test_an_enormous_shape_is_refused_before_it_is_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MOST_VERTICES", 20)
    monkeypatch.setattr(read.pyogrio, "read_dataframe", lambda *_, **__: pytest.fail("loaded"))
    frame = raw(["E01900003", "E01900001", "E01900001"]).rename(columns={"LSOA11NM": "name"})
    frame.loc[1, "geometry"] = frame.loc[1, "geometry"].segmentize(0.001)
    error = refusal(written(tmp_path, frame))
    assert "no field “LSOA11NM”" in error.found
    assert "codes more than once (E01900001)" in error.found
    assert "E01900001 has 51 vertices" in error.found


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_areas_without_a_name_are_refused(blank):
    with pytest.raises(SpaceError, match=r"areas without a name \(E01900001\)"):
        build_areas(raw().assign(LSOA11NM=["a", blank, "c"]), source())


@pytest.mark.parametrize(
    "content", [b"", b"<html>not found</html>", b"SQLite format 3\0 and no more"]
)
def test_what_is_no_vector_file_is_refused(tmp_path, content):
    path = tmp_path / "areas.gpkg"
    path.write_bytes(content)
    error = refusal(path, kind=InputError)
    assert "cannot be opened as vector data" in error.what
    assert error.where == str(path)


def test_a_truncated_geopackage_is_refused(tmp_path):
    path = written(tmp_path, raw())
    path.write_bytes(path.read_bytes()[:20_000])
    assert "cannot be opened as vector data" in refusal(path, kind=InputError).what


def test_a_frame_with_repeated_or_too_few_codes_is_refused():
    with pytest.raises(CodeError, match=r"more than once.*E01900001"):
        build_areas(raw(["E01900001", "E01900001", "E01900002"]), source())
    with pytest.raises(CodeError, match=r"Expected: 4\. Found: 3"):
        build_areas(raw(), source(rows=4))
    with pytest.raises(CodeError, match=r"Expected: 3\. Found: 2"):
        build_areas(raw().assign(LSOA11CD=[None, *CODES[1:]]), source())


def test_a_source_of_another_kind_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"sample_imd.*is not a boundary file"):
        read_areas(tmp_path / "x", catalogue()["sample_imd"])


# --- names alone


def test_names_are_those_of_the_areas_in_order_of_code(tmp_path):
    path = written(tmp_path, raw(["E01900003", "W01900001", "E01900001"]))
    names = read_names(path, source(rows=2))
    pd.testing.assert_series_equal(names, read_areas(path, source(rows=2))["area_name"])
    assert names.to_dict() == {"E01900001": "Northmere 001A", "E01900003": "Northmere 003A"}


def test_shapes_that_nobody_could_draw_do_not_matter_for_names(tmp_path):
    frame = raw().set_geometry([shapely.Point(0, 52)] * 3, crs="EPSG:4326")
    path = written(tmp_path, frame)
    assert len(read_names(path, source())) == 3
    refusal(path)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (raw().rename(columns={"LSOA11NM": "LSOA21NM"}), "no field “LSOA11NM”"),
        (raw(["E01900001", "E01900001", "E01900002"]), "codes more than once (E01900001)"),
        (raw(["E01900001", "W01900001", "E01900002"]), "2 areas where 3 are expected"),
        (raw().assign(LSOA11NM=["Northmere 001A", " ", "Northmere 003A"]), "without a name"),
        (raw().to_crs("EPSG:3857"), "the coordinate system EPSG:3857"),
    ],
)
def test_a_file_without_good_names_is_refused_with_its_shapes(tmp_path, spoilt, said):
    path = written(tmp_path, spoilt)
    with pytest.raises(SpaceError) as caught:
        read_names(path, source())
    assert said in str(caught.value)
    assert str(caught.value) == str(refusal(path))


def test_all_problems_of_a_file_are_told_with_those_of_its_shapes(tmp_path):
    frame = raw(["E01900001", "E01900001", "E01900002"])
    frame.loc[2, "geometry"] = None
    with pytest.raises(SpaceError, match=r"2 problems.*empty or broken shape"):
        read_names(written(tmp_path, frame), source())
