"""The official files in their publishers' layouts: counts of areas, codes and people."""

from __future__ import annotations

import csv
import io
import zipfile

import pandas as pd
import pytest
import python_calamine
import requests

from tests.publishers.test_features import CHANGE, LSOA, SVC, WARDS, ask
from tests.publishers.test_files import POPULATION, POSTCODES, POSTCODES_2026, member

pytestmark = pytest.mark.real

MSOA = f"{SVC}/MSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3_2022/FeatureServer/0"
LSOA_21 = f"{SVC}/Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5/FeatureServer/0"
MSOA_21 = (
    f"{SVC}/Middle_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V3/FeatureServer/0"
)


@pytest.mark.parametrize(
    ("url", "code", "count"),
    [
        (LSOA, "LSOA11CD LIKE 'E01%'", 32_844),
        (MSOA, "MSOA11CD LIKE 'E02%'", 6_791),
        (LSOA_21, "LSOA21CD LIKE 'E01%'", 33_755),
        (MSOA_21, "MSOA21CD LIKE 'E02%'", 6_856),
        (CHANGE, "LSOA11CD LIKE 'E01%'", 33_855),
        (WARDS, "LSOA21CD LIKE 'E01%'", 33_755),
    ],
)
def test_layers_have_englands_areas(official_publishers, url, code, count):
    assert ask(f"{url}/query", where=code, returnCountOnly="true") == {"count": count}
    page = ask(f"{url}/query", where=code, outFields="*", resultRecordCount=5000, f="geojson")
    assert len(page["features"]) == ask(url)["maxRecordCount"]
    assert page["properties"]["exceededTransferLimit"] is True


def test_postcodes_tell_all_areas_and_are_read_as_a_stream(official_publishers):
    archive = zipfile.ZipFile(io.BytesIO(requests.get(POSTCODES, timeout=300).content))
    living, areas = 0, {}
    with archive.open("PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv") as stream:
        for row in csv.DictReader(io.TextIOWrapper(stream, "utf-8", newline="")):
            if row["lsoa11cd"].startswith("E01"):
                living += row["doterm"] == ""
                areas[row["lsoa11cd"]] = row["ladcd"]
    assert (living, len(areas), len({*areas.values()})) == (1_474_061, 32_844, 309)


def test_postcodes_of_2026_tell_all_areas_of_2021(official_publishers):
    _, content = member(requests.get(POSTCODES_2026, timeout=300).content)
    found = pd.read_csv(io.BytesIO(content), usecols=["lsoa21cd"])["lsoa21cd"].drop_duplicates()
    assert found.str.startswith("E01").sum() == 33_755


def test_single_years_are_all_people(official_publishers):
    _, workbook = member(requests.get(POPULATION, timeout=300).content)
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    rows = sheet.get_sheet_by_name("Mid-2019 Persons").to_python()
    assert len(rows) == 5 + 7201
    assert sum(sum(row[7:]) for row in rows[5:]) == 59_439_840
