"""A tiny England: the fictional sample under the names of files that the official mirror has.

Its codes begin as England's do, so records of the official files fit it but for their counts,
totals and ranges.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyogrio

from layers.catalogue import catalogue
from scripts.sample.files import WRITERS, living_postcodes
from scripts.sample.values import Sample, make_sample
from scripts.sample.workbooks import Cell, fuel_poverty_sheets, write_workbook

SEED = 2019
LSOA_11 = "boundaries/Lower_layer_Super_Output_Areas_December_2011_Boundaries_EW_BGC.gpkg"
MSOA_11 = "boundaries/Middle_layer_Super_Output_Areas_December_2011_Boundaries_EW_BGC.gpkg"
FILE_7 = "imd/File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
OFFICIAL = {
    "sample_lsoa_boundaries": LSOA_11,
    "sample_msoa_boundaries": MSOA_11,
    "sample_names": "lookups/MSOA_2011_Names_House_of_Commons_Library.csv",
    "sample_imd": FILE_7,
    "sample_fuel_poverty": "fuel_poverty/2020_Sub-Regional-Data-LILEE.xlsx",
    "sample_air_quality": "air_quality/air-pollution-lsoa11-2021-23.csv",
    "sample_pcm_pm25_2021": "air_quality/mappm252021g.csv",
    "sample_pcm_pm25_2022": "air_quality/mappm252022g.csv",
    "sample_pcm_pm25_2023": "air_quality/mappm252023g.csv",
    "sample_pcm_no2_2021": "air_quality/mapno22021.csv",
    "sample_pcm_no2_2022": "air_quality/mapno22022.csv",
    "sample_pcm_no2_2023": "air_quality/mapno22023.csv",
    "sample_covid_deaths": "covid_mortality/covid-death-map-datadownload.xlsx",
    "sample_weekly_deaths_2020": "covid_mortality/publishedweek532020.xlsx",
    "sample_weekly_deaths_2021": "covid_mortality/publishedweek522021.xlsx",
    "sample_msoa_population": (
        "population/SAPE22DT15-mid-2019-msoa-quinary-estimates-unformatted.xlsx"
    ),
}
"""Which file of the official mirror each file of the sample stands for."""
POSTCODES = "lookups/postcode_lsoa11_england_live_may22.parquet"
OTHER_YEARS = {
    "2011_Sub-Regional-Data-LIHC.xlsx", "2012_Sub-Regional-Data-LIHC.xlsx",
    "2013_Sub-Regional-Data-LIHC.xlsx", "2014_Sub-Regional-Data-LIHC.xlsx",
    "2015_Sub-Regional-Data-LIHC.xlsx", "2016_Sub-Regional-Data-LIHC.xlsx",
    "2017_Sub-Regional-Data-LIHC.xlsx", "2018_Sub-Regional-Data-LIHC.xlsx",
    "2019_Sub-Regional-Data-LILEE.xlsx", "2021_Sub-Regional-Data-LILEE.xlsx",
    "2022_Sub-Regional-Data-LILEE.xlsx",
}  # fmt: skip
"""Workbooks of fuel poverty that are here the same as that of 2020 data."""
HEADINGS_2025 = {
    "(2011)": "(2021)",
    "(2019)": "(2024)",
    "mid 2015 (excluding prisoners)": "mid 2022",
    "Working age population 18-59/64: for use with Employment Deprivation Domain "
    "(excluding prisoners)": "Working age population 18-66 (for use with Employment Deprivation "
    "Domain): mid 2022",
}


def write_tiny(folder: Path) -> None:
    """Write the mirror of the tiny England."""
    sample = make_sample(SEED)
    for source_id, name in OFFICIAL.items():
        _write(sample, source_id, folder / name)
    living_postcodes(sample).to_parquet(folder / POSTCODES, index=False)
    for write in (_boundaries_2021, _lookups, _wards, _change, _indices_2025, _fuel_2023, _points):
        write(sample, folder)
    for name in OTHER_YEARS:
        workbook = (folder / OFFICIAL["sample_fuel_poverty"]).read_bytes()
        (folder / "fuel_poverty" / name).write_bytes(workbook)
    for path in (folder / "air_quality").glob("map*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _write(sample: Sample, source_id: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[source_id](sample, catalogue()[source_id], path)


def _boundaries_2021(sample: Sample, folder: Path) -> None:
    for name in (LSOA_11, MSOA_11):
        areas = pyogrio.read_dataframe(folder / name)
        areas = areas.drop(columns=["BNG_E", "BNG_N", "LONG", "LAT"])
        areas = areas.rename(columns=lambda column: column.replace("11", "21"))
        path = folder / name.replace("2011", "2021")
        pyogrio.write_dataframe(areas, path, layer=path.stem, geometry_type="MultiPolygon")


def _areas(sample: Sample, headings: Mapping[str, str]) -> pd.DataFrame:
    lsoa = sample.places.lsoa.rename_axis("code").reset_index()
    return pd.DataFrame({heading: lsoa[column] for heading, column in headings.items()})


def _table(sample: Sample, path: Path, headings: Mapping[str, str]) -> None:
    _areas(sample, headings).to_csv(path, index=False, lineterminator="\n")


def _lookups(sample: Sample, folder: Path) -> None:
    places = folder / "lookups"
    of_2011 = {
        "LSOA11CD": "code", "LSOA11NM": "area_name", "MSOA11CD": "msoa_code",
        "MSOA11NM": "msoa_name", "LAD22CD": "lad_code", "LAD22NM": "lad_name",
        "MSOA11HCLNM": "local_name",
    }  # fmt: skip
    of_2021 = {
        "LSOA21CD": "code", "LSOA21NM": "area_name", "MSOA21NM": "msoa_name",
        "MSOA21CD": "msoa_code", "LAD22CD": "lad_code", "LAD22NM": "lad_name",
        "LAD24CD": "lad_code", "LAD24NM": "lad_name", "MSOA21HCLNM": "local_name",
    }  # fmt: skip
    _table(sample, places / "LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv", of_2011)
    _table(sample, places / "LSOA_2021_to_MSOA_2021_to_LAD_2024_Lookup_EN.csv", of_2021)
    names = {
        "MSOA21CD": "msoa_code", "MSOA21NM": "msoa_name", "MSOA21HCLNM": "local_name",
        "LADCD_ACTIVE": "lad_code", "LADNM_ACTIVE": "lad_name",
    }  # fmt: skip
    table = _areas(sample, names).drop_duplicates("MSOA21CD")
    path = places / "MSOA_2021_Names_House_of_Commons_Library.csv"
    table.to_csv(path, index=False, lineterminator="\n")


def _wards(sample: Sample, folder: Path) -> None:
    """Write wards that are the MSOAs under other codes."""
    for year, of, ending in ((11, 19, "Ward_2019"), (21, 24, "Ward_2024_to_LAD_2024")):
        table = _areas(
            sample,
            {
                f"LSOA{year}CD": "code", f"LSOA{year}NM": "area_name", f"WD{of}CD": "msoa_code",
                f"WD{of}NM": "local_name", f"LAD{of}CD": "lad_code", f"LAD{of}NM": "lad_name",
            },
        )  # fmt: skip
        table[f"WD{of}CD"] = "E05" + table[f"WD{of}CD"].str[3:]
        name = f"LSOA_20{year}_to_{ending}_Best_Fit_Lookup_EN.csv"
        table.to_csv(folder / "lookups" / name, index=False, lineterminator="\n")


def _change(sample: Sample, folder: Path) -> None:
    """Write that nothing changed."""
    table = _areas(
        sample,
        {
            "LSOA11CD": "code", "LSOA11NM": "area_name", "LSOA21CD": "code",
            "LSOA21NM": "area_name", "LAD22CD": "lad_code", "LAD22NM": "lad_name",
        },
    )  # fmt: skip
    table.insert(4, "CHGIND", "U")
    path = folder / "lookups/LSOA_2011_to_LSOA_2021_to_LAD_2022_Lookup_EW.csv"
    table.to_csv(path, index=False, lineterminator="\n")


def _indices_2025(sample: Sample, folder: Path) -> None:
    def heading(text: str) -> str:
        for old, new in reversed(HEADINGS_2025.items()):
            text = text.replace(old, new)
        return text

    table = pd.read_csv(folder / FILE_7, dtype=str, keep_default_na=False)
    table = table[[name for name in table.columns if "Income Deprivation Affecting" not in name]]
    name = "imd/File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
    table.rename(columns=heading).to_csv(folder / name, index=False, lineterminator="\n")


def _fuel_2023(sample: Sample, folder: Path) -> None:
    """Write the workbook of 2023 data, whose tables have other numbers and headings."""
    sheets = dict(fuel_poverty_sheets(sample))
    districts, areas = sheets.pop("Table 2"), sheets.pop("Table 3")
    names: dict[Cell, Cell] = {"LA Code": "Local Authority Code", "LA Name": "Local Authority Name"}
    of_districts = [
        "Local Authority code", "Nation or Region", "County or Unitary Authority",
        "Local Authority District", *districts[2][4:],
    ]  # fmt: skip
    sheets["Table 2"] = [*districts[:2], of_districts, *districts[3:]]
    sheets["Table 4"] = [*areas[:2], [names.get(cell, cell) for cell in areas[2]], *areas[3:]]
    write_workbook(folder / "fuel_poverty/Sub-regional_fuel_poverty_statistics_2023.xlsx", sheets)


def _points(sample: Sample, folder: Path) -> None:
    """Write an archive of points of postcodes, each at the middle of its neighbourhood."""
    postcodes = living_postcodes(sample)
    lsoa = sample.places.lsoa.loc[postcodes["lsoa11cd"]]
    path = folder / "postcodes/codepo_gb.zip"
    path.parent.mkdir()
    lines = pd.Series(
        [
            f'"{pcds}",10,{east:.0f},{north:.0f},"E92000001","","","","{lad}","E05999999"'
            for pcds, east, north, lad in zip(
                postcodes["pcds"], lsoa["easting"], lsoa["northing"], lsoa["lad_code"], strict=True
            )
        ]
    )
    headings = (
        "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n"
        "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,"
        "NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\n"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", headings)
        for area, found in lines.groupby(postcodes["pcds"].str[:2].str.lower()):
            archive.writestr(f"Data/CSV/{area}.csv", "".join(f"{line}\n" for line in found))
