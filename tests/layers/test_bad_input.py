"""Spoilt files, from the file to the tables: one clear paragraph, and nothing half-written.

Each case spoils one file of the sample and asks for the tables of the edition.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries.ground import Ground
from geo.crs import to_bng
from geo.errors import AbsentError, CodeError, InputError, SourceError, SpaceError
from layers.layer import edition
from layers.table import neighbourhoods

SCORE = "Index of Multiple Deprivation (IMD) Score"
DECILE = "Crime Decile (where 1 is most deprived 10% of LSOAs)"
POPULATION = "Total population: mid 2015 (excluding prisoners)"
CODE = "LSOA code (2011)"
DISTRICT = "Local Authority District name (2019)"
SPIKED = "E01900001"
WEEKLY = "Covid-19 - Weekly registrations"


def refused(mirror, kind, *parts):
    with pytest.raises(kind) as caught:
        neighbourhoods.tables(mirror.files, Ground(mirror.files))
    said = str(caught.value)
    assert type(caught.value) is kind
    assert "\n" not in said
    for part in parts:
        assert part in said
    assert mirror.left_behind() == []
    return caught.value


def rows_of(sheets, name, code):
    return next(row for row in sheets[name] if row[0] == code)


def spoil_areas(mirror, role, change, *, layer=None):
    path = mirror.path(role)
    areas = change(gpd.read_file(path, engine="pyogrio"))
    path.unlink()
    layer = layer or mirror.files.source(role).vector.layer
    areas.to_file(path, layer=layer, engine="pyogrio")


# --- files that are not what they should be


def test_a_truncated_workbook(mirror):
    path = mirror.path("fuel_poverty")
    path.write_bytes(path.read_bytes()[:-500])
    error = refused(mirror, SourceError, "a workbook that is cut short or damaged")
    assert error.where == str(path)


def test_a_web_page_saved_as_a_workbook(mirror):
    path = mirror.path("covid_population")
    path.write_text("<!DOCTYPE html><html><title>404 Not Found</title></html>")
    refused(mirror, SourceError, "a web page, which begins “<!DOCTYPE html>", path.name)


def test_a_missing_file_and_no_network(mirror):
    mirror.path("covid_deaths").unlink()
    error = refused(
        mirror, AbsentError, "(sample_covid_deaths) is not here, and this run is offline"
    )
    assert str(mirror.folder) in error.where
    assert str(mirror.files.cache) in error.where


def test_an_official_file_that_is_missing_says_how_to_get_it(mirror):
    official = dataclasses.replace(mirror.files, edition=edition("2019"), _found={})
    with pytest.raises(SourceError) as caught:
        official.path("imd")
    assert "File_7_-_All_IoD2019" in caught.value.where
    assert "run again without --offline" in caught.value.do
    assert "--mirror" in caught.value.do


def test_a_table_cut_off_in_the_middle(mirror):
    path = mirror.path("imd")
    path.write_bytes(path.read_bytes()[:20_000])
    refused(mirror, CodeError, "rows instead of 230")


# --- columns and sheets


def test_a_renamed_column(mirror):
    mirror.csv("imd", lambda table: table.rename(columns={SCORE: "IMD Score (total)"}))
    refused(mirror, InputError, f"row 1 has no column “{SCORE}”", "the nearest is")


def test_a_renamed_sheet(mirror):
    mirror.workbook("fuel_poverty", lambda s: {k.replace("Table 3", "Table 4"): s[k] for k in s})
    refused(mirror, InputError, "a sheet “Table 3”", "“Table 2”, “Table 4”")


def test_a_renamed_sheet_of_weeks(mirror):
    mirror.workbook("covid_weekly_2021", lambda s: {k.lower(): s[k] for k in s})
    refused(mirror, InputError, f"a sheet “{WEEKLY}”", "covid-19 - weekly registrations")


# --- codes


def test_a_code_that_occurs_twice(mirror):
    mirror.csv("imd", lambda table: table.replace({CODE: {"E01900002": "E01900001"}}))
    refused(mirror, CodeError, "1 code more than once (E01900001)")


def test_a_code_that_nobody_knows(mirror):
    mirror.csv("imd", lambda table: table.replace({CODE: {"E01900002": "E01900999"}}))
    refused(
        mirror,
        CodeError,
        "sample_indices.csv",
        "without a row in the table of districts: 1 (E01900002)",
        "of the table of districts without a boundary: 1 (E01900999)",
        "of the year of the others",
    )


def test_rows_that_are_missing(mirror):
    mirror.csv("imd", lambda table: table.iloc[:-3])
    refused(mirror, CodeError, "227 rows instead of 230", "LSOA 2011")


def test_msoas_in_the_place_of_lsoas(mirror):
    mirror.csv("imd", lambda t: t.assign(**{CODE: t[CODE].str.replace("E019", "E029")}))
    refused(mirror, CodeError, "of another kind", "expected beginnings: E019")


def test_deaths_and_populations_of_other_msoas(mirror):
    def change(sheets):
        for name in ("Mid-2019 Persons", "Mid-2019 Males", "Mid-2019 Females"):
            rows_of(sheets, name, "E02900007")[0] = "E02900077"

    mirror.workbook("covid_population", change)
    refused(mirror, CodeError, "not of the same MSOAs", "E02900007, E02900077")


# --- numbers


def test_a_negative_count(mirror):
    def change(sheets):
        rows_of(sheets, "Table 3", "E01900002")[5] = -947

    mirror.workbook("fuel_poverty", change)
    refused(
        mirror,
        InputError,
        "“Number of households” has 1 value not zero or more (-947 at E01900002)",
    )


def test_text_in_a_column_of_numbers(mirror):
    mirror.csv("imd", lambda table: table.assign(**{SCORE: ["unknown", *table[SCORE][1:]]}))
    refused(mirror, InputError, f"“{SCORE}” holds 1 cell without a number (“unknown” in row 2)")


def test_a_total_that_is_not_the_published_one(mirror):
    def change(sheets):
        rows_of(sheets, "Table 3", "E01900002")[5] += 10

    mirror.workbook("fuel_poverty", change)
    refused(mirror, InputError, "adds up to 169,010, published 169,000")


def test_deciles_that_do_not_follow_from_ranks(mirror):
    mirror.csv("imd", lambda table: table.assign(**{DECILE: table[DECILE].iloc[::-1].to_numpy()}))
    refused(mirror, InputError, "contradict each other in 1 way", "Crime: deciles follow")


def test_scores_of_another_file_beside_the_ranks(mirror):
    mirror.csv("imd", lambda table: table.assign(**{SCORE: table[SCORE].iloc[::-1].to_numpy()}))
    refused(mirror, InputError, "Overall deprivation (IMD): scores are in the order of ranks")


@pytest.mark.parametrize(("role", "column"), [("names", "msoa11hclnm"), ("districts", DISTRICT)])
def test_a_blank_name(mirror, role, column):
    mirror.csv(role, lambda table: table.assign(**{column: ["  ", *table[column][1:]]}))
    refused(mirror, InputError, f"“{column}” is blank in 1 row (E0")


def test_weekly_deaths_that_are_no_counts(mirror):
    def change(sheets):
        place = next(n for n, row in enumerate(sheets[WEEKLY]) if str(row[1]).startswith("Males"))
        sheets[WEEKLY][place + 2][20] = -3
        sheets[WEEKLY][place + 3][21] = "x"

    mirror.workbook("covid_weekly_2020", change)
    refused(mirror, InputError, "2 weekly counts are not whole numbers", "-3", "'x'")


def test_all_problems_of_a_file_at_once(mirror):
    def change(table):
        table = table.replace({CODE: {"E01900002": "E01900001"}})
        return table.assign(**{POPULATION: ["-5", *table[POPULATION][1:]]})

    mirror.csv("imd", change)
    refused(
        mirror, CodeError, "E01900001", "-5", "is not the sum of its 3 parts", "published 390,000"
    )


# --- boundaries


def test_boundaries_without_a_coordinate_system(mirror):
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        spoil_areas(mirror, "lsoa", lambda areas: areas.set_crs(None, allow_override=True))
    refused(mirror, SpaceError, "no coordinate system", "set_crs('EPSG:4326')")


def test_boundaries_in_another_coordinate_system(mirror):
    spoil_areas(mirror, "lsoa", lambda areas: areas.to_crs("EPSG:3857"))
    refused(mirror, SpaceError, "the coordinate system EPSG:3857")


def test_boundaries_with_numbers_under_a_false_label(mirror):
    spoil_areas(
        mirror, "lsoa", lambda a: a.to_crs("EPSG:27700").set_crs("EPSG:4326", allow_override=True)
    )
    refused(mirror, SpaceError, "the numbers look like British National Grid (EPSG:27700)")


def test_boundaries_of_another_version_are_read_and_the_report_says_so(mirror, tables):
    def change(areas):
        moved = to_bng(areas).rename(columns=str.lower).drop(columns=["bng_e", "bng_n"])
        corners = list(moved.geometry[0].geoms[0].exterior.coords)
        corners.insert(1, (corners[0][0] + 900, corners[0][1] + 700))
        corners.insert(2, corners[0])
        moved.loc[0, "geometry"] = shapely.Polygon(corners)
        return moved

    spoil_areas(mirror, "lsoa", change, layer="LSOA_2011_EW_BGC_V3")
    found = neighbourhoods.tables(mirror.files, Ground(mirror.files))
    checks = found.checks.set_index("name")
    told = checks.loc[checks.index.str.startswith("Boundaries of LSOAs")]
    assert told["found"].tolist() == [
        f"1 of 230 ({SPIKED})",
        "EPSG:27700",
        "the file has none that tell them apart: those of the shapes",
    ]
    assert told["ok"].isna().all()
    own = tables.checks.set_index("name").loc[told.index[0]]
    assert (own["found"], own["ok"]) == ("0 of 230", True)


def test_boundaries_of_another_year(mirror):
    names = {"LSOA11CD": "LSOA21CD", "LSOA11NM": "LSOA21NM"}
    spoil_areas(mirror, "lsoa", lambda areas: areas.rename(columns=names))
    refused(mirror, SpaceError, "no field “LSOA11CD” (the nearest is LSOA21CD)")


def test_boundaries_of_other_areas(mirror):
    change = {"LSOA11CD": {"E01900001": "E01900555"}}
    spoil_areas(mirror, "lsoa", lambda areas: areas.replace(change))
    refused(
        mirror,
        CodeError,
        "sample_lsoa_boundaries.gpkg",
        "without a row in the table of districts: 1 (E01900555)",
        "of the table of districts without a boundary: 1 (E01900001)",
    )


def test_msoa_boundaries_of_other_areas(mirror):
    change = {"MSOA11CD": {"E02900001": "E02900555"}}
    spoil_areas(mirror, "msoa", lambda areas: areas.replace(change))
    refused(mirror, CodeError, "MSOAs without a name that people use: 1 (E02900555)")


def test_neighbourhoods_of_no_larger_one(mirror):
    change = {"LSOA11NM": {"Northmere 001A": "Northmere 099A"}}
    spoil_areas(mirror, "lsoa", lambda areas: areas.replace(change))
    error = refused(mirror, CodeError, "is no MSOA's: 1 (E0", "“Northmere 099A”")
    assert "sample_msoa_boundaries.gpkg" in error.where


def test_districts_of_a_later_year(mirror):
    later = {"Local Authority District code (2019)": {"E06900001": "E06000063"}}
    mirror.csv("districts", lambda table: table.replace(later))
    refused(mirror, CodeError, "districts made after 2022", "(E06000063 Westholt)")


def test_boundaries_that_are_missing_twice_or_no_polygons(mirror):
    def change(areas):
        areas.loc[0, "geometry"] = None
        areas.loc[1, "LSOA11CD"] = areas.loc[2, "LSOA11CD"]
        return areas

    spoil_areas(mirror, "lsoa", change)
    refused(mirror, SpaceError, "2 problems", "empty or broken shape", "codes more than once")


def test_a_repaired_file_is_read_after_all(mirror, tables):
    path = mirror.path("fuel_poverty")
    content = path.read_bytes()
    path.write_bytes(content[:-500])
    refused(mirror, SourceError, "cut short")
    path.write_bytes(content)
    again = neighbourhoods.tables(mirror.files, Ground(mirror.files))
    pd.testing.assert_frame_equal(again.lsoa, tables.lsoa)
