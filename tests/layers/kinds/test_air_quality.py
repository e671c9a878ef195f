from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from geo.crs import BNG
from geo.errors import CodeError, InputError
from geo.sources import Source
from geo.space.raster import Raster
from geo.space.zonal import area_means, point_means
from layers.catalogue import catalogue
from layers.kinds import air_quality
from layers.layer import edition

CODES = pd.Index(["E01900001", "E01900002", "E01900003"], name="area_code")
SHAPES = [box(0, 0, 1000, 1000), box(500, 0, 1500, 1000), box(1900, 0, 2900, 1000)]
PLACES = gpd.GeoDataFrame(geometry=SHAPES, index=CODES, crs=BNG)
TABLE = "lsoa11,no2_202123_conc,pm25_202123_conc\n{}W01900009,9,9\n"
ROWS = "E01900003,12.5,8.5\nE01900001,10.25,7\nE01900002,11,7.75\n"
EDITION = edition("2019")
ROLES = [role for group in air_quality.grid_roles(EDITION).values() for role in group]


def grid_text(role: str, west: object, east: object) -> str:
    spec = catalogue()[EDITION.sources[role]].grid
    assert spec is not None
    lines = ["line of the publisher"] * spec.header_lines
    return "\n".join(
        [*lines, f"gridcode,x,y,{spec.value}", f"1,500,500,{west}", f"2,1500,500,{east}", ""]
    )


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Write six grids whose cells are 4, 5, 6 and 8, 9, 10 for PM2.5, ten times that for NO2."""
    found = {}
    for role in ROLES:
        _, _, pollutant, year = role.split("_")
        times, later = (10 if pollutant == "no2" else 1), int(year) - 2021
        path = tmp_path / f"{role}.csv"
        path.write_text(grid_text(role, times * (4 + later), times * (8 + later)), encoding="utf-8")
        found[role] = path
    return found


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE.format(ROWS), encoding="utf-8")
    return path


def small(source: Source) -> Source:
    """Return a record that promises no more areas and cells than the files here have."""
    if source.grid is not None:
        return replace(source, grid=replace(source.grid, fewest_cells=2))
    return replace(source, tables={"main": replace(source.tables["main"], rows=3)})


def held(paths: Mapping[str, Path], **others: Source) -> Any:
    """Hold some files as those of an edition are held; ``others`` are records played instead."""
    records = {role: small(catalogue()[EDITION.sources[role]]) for role in (*ROLES, "air_quality")}
    return SimpleNamespace(edition=EDITION, source={**records, **others}.get, find=paths.get)


def never() -> gpd.GeoDataFrame:
    raise AssertionError("the boundaries were read")


def test_an_edition_has_three_grids_for_each_pollutant_in_order_of_year() -> None:
    years = ["2021", "2022", "2023"]
    assert air_quality.grid_roles(EDITION) == {
        name: [f"air_quality_{name}_{year}" for year in years] for name in ("pm25", "no2")
    }


def test_grids_give_the_mean_of_the_years_over_each_area(files: dict[str, Path]) -> None:
    found = air_quality.read(held(files), lambda: PLACES, CODES)
    assert found.values.index.equals(CODES)
    np.testing.assert_allclose(found.values["pm25_2021_23_ugm3"], [5, 7, np.nan], rtol=1e-6)
    np.testing.assert_allclose(found.values["no2_2021_23_ugm3"], [50, 70, np.nan], rtol=1e-6)
    assert found.used == tuple(ROLES)
    (note,) = found.notes
    assert "PM2.5 and NO2 are means over each area of the 1 km grids of Department for" in note
    assert "(2021, 2022, 2023)" in note


def test_areas_without_a_value_are_counted_for_the_quality_report(files: dict[str, Path]) -> None:
    checks = air_quality.read(held(files), lambda: PLACES, CODES).checks
    assert [(check.name, check.expected, check.found, check.ok) for check in checks] == [
        ("PM2.5: areas with a value", "3", "2", None),
        ("NO2: areas with a value", "3", "2", None),
    ]


def test_a_year_without_a_value_leaves_the_area_without_one(files: dict[str, Path]) -> None:
    role = "air_quality_no2_2022"
    files[role].write_text(grid_text(role, "MISSING", 90), encoding="utf-8")
    values = air_quality.read(held(files), lambda: PLACES, CODES).values
    no2 = values["no2_2021_23_ugm3"]
    assert np.isnan(no2["E01900001"])
    assert no2["E01900002"] == pytest.approx((60 + 90 + 80) / 3)
    assert values["pm25_2021_23_ugm3"].notna().sum() == 2


def test_without_grids_the_table_is_used_and_no_boundaries_are_read(table: Path) -> None:
    found = air_quality.read(held({"air_quality": table}), never, CODES)
    assert found.values.index.equals(CODES)
    assert found.values["pm25_2021_23_ugm3"].tolist() == [7, 7.75, 8.5]
    assert found.values["no2_2021_23_ugm3"].tolist() == [10.25, 11, 12.5]
    assert found.used == ("air_quality",)
    assert found.notes == (
        "PM2.5 and NO2 are taken from a table of areas by Friends of the Earth, from Defra's "
        "Pollution Climate Mapping.",
    )
    assert [(check.found, check.ok) for check in found.checks] == [("3", True)] * 2


def test_grids_are_used_all_or_none_and_the_missing_ones_are_named(
    files: dict[str, Path], table: Path
) -> None:
    del files["air_quality_pm25_2022"], files["air_quality_no2_2023"]
    found = air_quality.read(held({**files, "air_quality": table}), never, CODES)
    assert found.values["pm25_2021_23_ugm3"].tolist() == [7, 7.75, 8.5]
    assert found.used == ("air_quality",)
    assert len(found.notes) == 1, "what is lacking is said apart"


DEFRA = "Department for Environment, Food and Rural Affairs, UK-AIR"


@pytest.mark.parametrize(
    ("absent", "named"),
    [
        (ROLES, "grids of PM2.5 (2021, 2022, 2023) and NO2 (2021, 2022, 2023) by"),
        (ROLES[1:2] + ROLES[5:], "grids of PM2.5 (2022) and NO2 (2023) by"),
        (ROLES[3:5], "grids of NO2 (2021, 2022) by"),
        (ROLES[:1], "grid of PM2.5 (2021) by"),
    ],
)
def test_absent_grids_are_named_by_pollutant_and_year(absent: list[str], named: str) -> None:
    (said,) = air_quality.lacking_grids(EDITION, absent, held({}).source)
    were = "was" if len(absent) == 1 else "were"
    assert said == (
        f"The 1 km {named} {DEFRA} {were} not available to this build, so a ready table of areas is"
        " used in place of all grids."
    )


def test_the_record_of_the_file_that_is_used_counts(files: dict[str, Path], table: Path) -> None:
    """Where a role has an alternative, or a file states its day, the edition's record is not it."""
    path = files["air_quality_pm25_2021"]
    path.write_text(path.read_text(encoding="utf-8").replace("pm252021g", "fine"), encoding="utf-8")
    known = held({}).source
    record = known(ROLES[0])
    spec = replace(record.grid, value="fine")
    others = {ROLES[0]: replace(record, id="other_grid", publisher="Another maker", grid=spec)}
    found = air_quality.read(held(files, **others), lambda: PLACES, CODES)
    assert "1 km grids of Another maker (2021, 2022, 2023)" in found.notes[0]
    other = replace(known("air_quality"), id="other_table", publisher="Another maker")
    from_table = air_quality.read(held({"air_quality": table}, air_quality=other), never, CODES)
    assert from_table.notes[0].endswith("a table of areas by Another maker.")
    played = replace(EDITION, alternatives={"air_quality": (other.id,)})
    assert "by Another maker gives them" in air_quality.averaging([other], played)
    assert "by Friends of the Earth" in air_quality.averaging([], played)


def test_with_all_grids_the_table_is_not_asked_for(files: dict[str, Path]) -> None:
    asked: list[str] = []

    def find(role: str) -> Path | None:
        asked.append(role)
        return files[role]

    own = held(files)
    own.find = find
    air_quality.read(own, lambda: PLACES, CODES)
    assert sorted(asked) == sorted(ROLES)


def test_a_grid_of_another_pollutant_is_refused(files: dict[str, Path]) -> None:
    files["air_quality_pm25_2021"] = files["air_quality_no2_2021"]
    with pytest.raises(InputError, match="pm252021g"):
        air_quality.read(held(files), lambda: PLACES, CODES)


def test_a_table_of_other_areas_is_refused(table: Path) -> None:
    table.write_text(TABLE.format(ROWS.replace("E01900002", "E01900007")), encoding="utf-8")
    with pytest.raises(CodeError, match="E01900007"):
        air_quality.read(held({"air_quality": table}), never, CODES)


POINTS = gpd.GeoDataFrame(
    geometry=gpd.points_from_xy([900, 1100], [10, 10]), index=["E01900002"] * 2, crs=BNG
)
PEOPLE = pd.Series([300.0, 100.0], index=POINTS.index)


@pytest.mark.parametrize(
    ("average", "expected"),
    [
        (partial(area_means, PLACES.loc[["E01900002"]]), 6.0),
        (partial(point_means, POINTS, PEOPLE), (300 * 4 + 100 * 8) / 400),
    ],
    ids=["by coverage", "by people"],
)
def test_the_same_years_are_averaged_by_coverage_or_by_people(
    average: Callable[[Raster], pd.DataFrame], expected: float
) -> None:
    raster = Raster(values=np.array([[4.0, 8.0]]), west=0, north=1000)
    means = air_quality.grid_means(EDITION, dict.fromkeys(ROLES, raster), average)
    assert list(means) == ["pm25", "no2"]
    np.testing.assert_allclose(means.loc["E01900002"], expected, rtol=1e-6)
