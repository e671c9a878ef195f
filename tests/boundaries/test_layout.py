"""A boundary file is read whatever its version calls its layer and fields, never by a guess."""

from __future__ import annotations

import shutil

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from boundaries.layout import fields_of, vector_of
from boundaries.read import build_areas, read_areas
from geo.crs import BNG, to_bng
from geo.errors import InputError, SpaceError
from tests.boundaries.test_read import CODES, raw, source, written

PORTAL = {
    "FID": [1, 2, 3],
    "LSOA11NMW": ["", "", ""],
    "GlobalID": ["{a}", "{b}", "{c}"],
    "Shape_Area": [1e6, 1e6, 1e6],
}


@pytest.fixture(scope="module")
def expected():
    return build_areas(raw(), source())


def portal(frame):
    return gpd.GeoDataFrame({**PORTAL, **dict(frame.items())}, crs=frame.crs)


def zipped_shapefile(frame, folder):
    (folder / "shapefile").mkdir()
    frame.to_file(folder / "shapefile" / "LSOA_2011_EW_BGC_V3.shp", engine="pyogrio")
    return shutil.make_archive(str(folder / "areas"), "zip", folder / "shapefile")


def geojson(frame, folder):
    path = folder / "areas.geojson"
    frame.to_file(path, driver="GeoJSON", engine="pyogrio")
    return path


def geopackage(frame, folder):
    path = folder / "areas.gpkg"
    options = {"geometry_name": "SHAPE", "fid": "OBJECTID"}
    pyogrio.write_dataframe(frame, path, layer="LSOA_2011_EW_BGC_V3", layer_options=options)
    return path


@pytest.mark.parametrize("case", [str.upper, str.lower])
@pytest.mark.parametrize("moved", [lambda frame: frame, to_bng], ids=["degrees", "metres"])
@pytest.mark.parametrize("write", [geopackage, geojson, zipped_shapefile])
def test_any_version_of_the_publishers_file_is_the_same_areas(
    tmp_path, expected, write, moved, case
):
    frame = moved(portal(raw())).rename(columns={n: case(n) for n in ("LSOA11CD", "LSOA11NM")})
    found = read_areas(type(tmp_path)(write(frame, tmp_path)), source(layer="recorded"))
    assert found.crs == BNG
    assert found.geometry.geom_equals_exact(expected.geometry, tolerance=0.011).all()
    pd.testing.assert_frame_equal(
        found.drop(columns="geometry"), expected.drop(columns="geometry"), check_dtype=False
    )


def test_a_version_without_centroids_has_those_of_its_shapes():
    found = build_areas(raw().drop(columns=["BNG_E", "BNG_N"]), source())
    assert found["easting"].tolist() == [301_500, 302_500, 300_500]


@pytest.mark.parametrize("given", [["BNG_E", "BNG_N"], ["BNG_E", "BNG_N", "LONG", "LAT"]])
def test_one_point_for_all_areas_is_no_centroid_of_any(given):
    frame = raw().assign(**dict.fromkeys(given, 1.0))
    found = build_areas(frame, source())
    assert found["easting"].tolist() == [301_500, 302_500, 300_500]


def test_two_points_for_three_areas_are_held_to_their_shapes():
    frame = raw().assign(BNG_E=[1.0, 1.0, 2.0], BNG_N=1.0)
    with pytest.raises(SpaceError, match="from their own centroids"):
        build_areas(frame, source())


def test_a_layer_without_shapes_beside_that_of_the_areas_is_of_no_account(tmp_path):
    path = written(tmp_path, raw())
    notes = pd.DataFrame({"LSOA11CD": CODES, "LSOA11NM": CODES})
    pyogrio.write_dataframe(notes, path, layer="notes", append=True)
    assert len(read_areas(path, source(layer="LSOA_2011"))) == 3


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("one", "other"), "has 2 layers that may be meant"),
        (("areas", "other"), None),
    ],
)
def test_of_several_layers_the_recorded_one_is_read_and_none_is_guessed(tmp_path, names, said):
    path = tmp_path / "areas.gpkg"
    for name in names:
        raw().to_file(path, layer=name, engine="pyogrio")
    if said is None:
        assert len(read_areas(path, source())) == 3
        return
    with pytest.raises(InputError, match=said) as caught:
        read_areas(path, source())
    assert caught.value.found == "layers one, other"


def test_layers_of_which_none_has_the_fields_are_named(tmp_path):
    path = tmp_path / "areas.gpkg"
    for name in ("wards", "parks"):
        raw()[["BNG_E", "geometry"]].to_file(path, layer=name, engine="pyogrio")
    with pytest.raises(InputError, match="has no layers that may be meant") as caught:
        read_areas(path, source())
    assert caught.value.expected == "one layer with the fields LSOA11CD and LSOA11NM"
    assert caught.value.found == "layers wards, parks"


def test_a_field_written_both_ways_is_the_recorded_one():
    spec = vector_of(source())
    assert fields_of(["lsoa11cd", "LSOA11CD", "Lsoa11nm"], spec) == {
        "code": "LSOA11CD",
        "name": "Lsoa11nm",
    }


def test_the_ground_of_all_areas_ends_where_the_record_says():
    reach = [300_000, 400_000, 303_000, 401_000]
    assert len(build_areas(raw(), source(extent_m=tuple(reach)))) == 3
    with pytest.raises(SpaceError, match="the areas reach from") as caught:
        build_areas(raw(), source(extent_m=(300_000, 380_000, 303_000, 401_000)))
    assert "axes" not in str(caught.value)
