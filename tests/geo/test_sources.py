"""Records as objects: where a file may stand, and under which names."""

from __future__ import annotations

import pytest

from geo.fetch.plan import plan
from geo.sources import Address, TableSpec
from tests.geo.tables.test_read import source

ONS = "https://example.org/file?uri=/people/datasets/years/"
ZIPPED = Address(
    kind="zip-member",
    url=f"{ONS}mid2019years.zip",
    also=(f"{ONS}mid2019years.zip", "https://example.org/items/e7824b14/data"),
    member="SAPE22DT4-mid-2019 (unformatted).xlsx",
    slug="government/statistics/people",
    attachment="People.xlsx",
)


def test_the_publishers_names_are_those_of_files():
    assert ZIPPED.names == (
        "mid2019years.zip",
        "SAPE22DT4-mid-2019 (unformatted).xlsx",
        "People.xlsx",
    )
    layer = "https://example.org/arcgis/rest/services/LSOA_2011/FeatureServer/0"
    assert Address(kind="feature-layer", url=layer).names == ()
    pattern = Address(kind="zip-member", url="https://example.org/a?b=c&redirect", member="*.csv")
    assert pattern.names == ()


def people():
    other = source(path="people/bands.xlsx", layout="bands")
    return source(path="people/years.xlsx", address=ZIPPED, layouts=(other,))


def test_a_file_may_stand_under_the_name_of_any_layout_or_its_publishers_and_in_no_folder():
    assert people().own_paths == ("people/years.xlsx",)
    assert people().paths == (
        "people/years.xlsx",
        "people/bands.xlsx",
        "people/mid2019years.zip",
        "people/SAPE22DT4-mid-2019 (unformatted).xlsx",
        "people/People.xlsx",
        "years.xlsx",
        "bands.xlsx",
        "mid2019years.zip",
        "SAPE22DT4-mid-2019 (unformatted).xlsx",
        "People.xlsx",
    )


@pytest.mark.parametrize("name", people().paths)
def test_a_mirror_is_searched_for_each_of_them(tmp_path, name):
    path = tmp_path / "mirror" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    decided = plan(people(), cache=tmp_path / "cache", mirror=tmp_path / "mirror")
    assert (decided.step, decided.path) == ("use", path)


def test_boundaries_belong_where_any_of_their_forms_does():
    areas = source(kind="vector", path="boundaries/areas.gpkg")
    assert areas.own_paths == (
        "boundaries/areas.gpkg",
        "boundaries/areas.geojson",
        "boundaries/areas.zip",
    )
    assert areas.paths[3:] == (
        "boundaries/fuel.xlsx",
        "areas.gpkg",
        "areas.geojson",
        "areas.zip",
        "fuel.xlsx",
    )


def test_a_column_that_is_a_sum_is_named_by_its_ends():
    spec = TableSpec(key="code", text={"name": "Name"}, numbers={"young": ("0", "1"), "all": "All"})
    assert [spec.heading(ours) for ours in ("name", "young", "all")] == ["Name", "0 + … + 1", "All"]
