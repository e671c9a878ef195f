"""The sample in the publishers' own file formats: their columns, sheets, titles and notes.

`WRITERS` has a function for every source of the sample; each writes one file and nothing else,
and the same sample gives the same bytes. Every file with room for words says that the place is
fictional.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.crs import to_wgs84
from geo.files.disk import said_by_the_system
from geo.files.stamping import stamped
from geo.sources import Source
from scripts.sample.places import BOROUGHS
from scripts.sample.values import Sample
from scripts.sample.wards import ward_of
from scripts.sample.workbooks import (
    INDICES,
    deaths_sheets,
    fuel_poverty_sheets,
    population_sheets,
    weekly_sheets,
    write_workbook,
)

FICTION = "Fictional sample data: the places do not exist"

UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""The letters that end a postcode."""
POSTCODES = (9, 10, 11, 12, 13)
"""How many postcodes an LSOA has, in turn."""
ENDED_EVERY = 20
"""One postcode that has ended stands beside each so many living ones."""
ABROAD = 6
"""How many postcodes lie in another country."""

Writer = Callable[[Sample, Source, Path], None]


def write_lsoa_boundaries(sample: Sample, source: Source, path: Path) -> None:
    """Write LSOAs as a GeoPackage in longitude and latitude."""
    _write_boundaries(sample.places.lsoa, source, path)


def write_msoa_boundaries(sample: Sample, source: Source, path: Path) -> None:
    """Write MSOAs as a GeoPackage in longitude and latitude."""
    _write_boundaries(sample.places.msoa, source, path)


def write_names(sample: Sample, source: Source, path: Path) -> None:
    """Write the names people use for MSOAs."""
    msoa = sample.places.msoa
    columns = {
        "msoa11cd": msoa.index,
        "msoa11nm": msoa["area_name"],
        "msoa11nmw": msoa["area_name"],
        "msoa11hclnm": msoa["local_name"],
        "msoa11hclnmw": "",
        "Laname": msoa["lad_name"],
    }
    _write_csv(pd.DataFrame(columns), path)


def write_wards(sample: Sample, source: Source, path: Path) -> None:
    """Write the best-fit lookup of wards, as the publisher's table is when it is downloaded."""
    lsoa, wards = sample.places.lsoa, ward_of(sample.places.lsoa)
    columns = {
        "LSOA11CD": lsoa.index,
        "LSOA11NM": lsoa["area_name"],
        "WD19CD": wards["ward_code"],
        "WD19NM": wards["ward_name"],
        "LAD19CD": lsoa["lad_code"],
        "LAD19NM": lsoa["lad_name"],
    }
    _write_csv(pd.DataFrame(columns), path)


def write_postcodes(sample: Sample, source: Source, path: Path) -> None:
    """Write all postcodes as the publisher's csv in an archive: ended ones and others' too."""
    living = living_postcodes(sample)
    ended = living.iloc[::ENDED_EVERY].assign(doterm="199606")
    ended["pcds"] = ended["pcds"].str[:-2] + "CK"
    abroad = living.iloc[:ABROAD].assign(lsoa11cd="N99900001", ladcd="N09900001")
    abroad["pcds"] = "QX" + abroad["pcds"].str[2:]
    rows = pd.concat([living, ended.drop_duplicates("pcds"), abroad]).sort_values("pcds")
    lsoa = sample.places.lsoa.reindex(rows["lsoa11cd"])
    outward, inward = rows["pcds"].str[:-4], rows["pcds"].str[-3:]
    columns = {
        "pcd7": outward.str.ljust(4) + inward,
        "pcd8": outward.str.ljust(5) + inward,
        "pcds": rows["pcds"],
        "dointr": "198001",
        "doterm": rows["doterm"].fillna(""),
        "usertype": "0",
        "oa11cd": rows["lsoa11cd"].str.replace("01", "00", n=1),
        "lsoa11cd": rows["lsoa11cd"],
        "msoa11cd": lsoa["msoa_code"].fillna("N99999999").to_numpy(),
        "ladcd": rows["ladcd"],
        "lsoa11nm": lsoa["area_name"].fillna("").to_numpy(),
        "msoa11nm": lsoa["msoa_name"].fillna("").to_numpy(),
        "ladnm": lsoa["lad_name"].fillna("Elsewhere").to_numpy(),
        "ladnmw": "",
    }
    table = pd.DataFrame(columns)
    text = table.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    member = zipfile.ZipInfo(source.tables["main"].member)
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, text.encode("utf-8"))


def living_postcodes(sample: Sample) -> pd.DataFrame:
    """Return live postcodes, in areas that begin with a letter no real one begins with: QN, QW.

    Sorted, with the publisher's columns pcds, lsoa11cd and ladcd.
    """
    area = {borough.code: borough.postcode_area for borough in BOROUGHS}
    rows = [
        (f"{area[place.lad_code]}{int(place.msoa_name[-3:])} {unit}", place.Index, place.lad_code)
        for place, many in zip(sample.places.lsoa.itertuples(), cycle(POSTCODES), strict=False)
        for unit in _units(place.area_name[-1], many)
    ]
    table = pd.DataFrame(rows, columns=["pcds", "lsoa11cd", "ladcd"])
    return table.sort_values("pcds", ignore_index=True)


def write_indices(sample: Sample, source: Source, path: Path) -> None:
    """Write the Indices as the publisher's File 7, which also says the district of every LSOA."""
    lsoa = sample.places.lsoa
    columns = {
        "LSOA code (2011)": lsoa.index,
        "LSOA name (2011)": lsoa["area_name"],
        "Local Authority District code (2019)": lsoa["lad_code"],
        "Local Authority District name (2019)": lsoa["lad_name"],
        **{heading: sample.indices[column] for column, heading in INDICES.items()},
    }
    _write_csv(pd.DataFrame(columns), path)


def write_fuel_poverty(sample: Sample, source: Source, path: Path) -> None:
    """Write the workbook of fuel poverty, with its tables of regions and districts."""
    write_workbook(path, fuel_poverty_sheets(sample))


def write_air_table(sample: Sample, source: Source, path: Path) -> None:
    """Write the ready-made table of air quality by LSOA."""
    lsoa, air = sample.places.lsoa, sample.air
    columns = {
        "": [str(number) for number in range(1, len(lsoa) + 1)],
        "lsoa11": lsoa.index,
        "msoa11_name": lsoa["local_name"],
        "local_authority": lsoa["lad_name"],
        "no2_202123_conc": air["no2"],
        "pm25_202123_conc": air["pm25"],
        "pm25_or_no2_twice_who_202123": ((air["no2"] >= 20) | (air["pm25"] >= 10)).astype(int),
        "schools_all": 0,
        "under_12": sample.indices["children"] * 3 // 4,
        "under_18": sample.indices["children"] * 9 // 8,
        "car_ownership_no_cars_pct": (0.1 + 0.4 * lsoa["urban"]).round(2),
        "imd_income_domain_decile": sample.indices["income_decile"],
    }
    _write_csv(pd.DataFrame(columns), path, quoting=csv.QUOTE_NONNUMERIC)


def write_grid(sample: Sample, source: Source, path: Path) -> None:
    """Write one pollutant's annual means as a list of 1 km cells, MISSING where there is none."""
    assert source.grid is not None
    name, year = source.grid.value, source.period
    pollutant = name.partition(year)[0]
    values = sample.concentrations[f"{pollutant}_{year}"]
    lines = [
        f"{FICTION},,,",
        f"{pollutant.upper()} annual mean,,,",
        f"{year},,,",
        "ug m-3,,,",
        ",,,",
        f"gridcode,x,y,{name}",
    ]
    centres = values.index.to_frame().astype("int64").to_numpy()
    for number, ((x, y), value) in enumerate(zip(centres, values, strict=True), start=1):
        lines.append(f"{number},{x},{y},{source.grid.missing if pd.isna(value) else value}")
    path.write_bytes(("\n".join(lines) + "\n").encode())


def write_deaths(sample: Sample, source: Source, path: Path) -> None:
    """Write the workbook of deaths due to COVID-19 by MSOA and month."""
    write_workbook(path, deaths_sheets(sample))


def write_weekly(sample: Sample, source: Source, path: Path) -> None:
    """Write a year's workbook of weekly deaths involving COVID-19 by age and sex."""
    write_workbook(path, weekly_sheets(sample, 2020 if "2020" in source.id else 2021))


def write_population(sample: Sample, source: Source, path: Path) -> None:
    """Write the workbook of mid-2019 populations of MSOAs by age and sex."""
    write_workbook(path, population_sheets(sample))


WRITERS: Mapping[str, Writer] = {
    "sample_lsoa_boundaries": write_lsoa_boundaries,
    "sample_msoa_boundaries": write_msoa_boundaries,
    "sample_names": write_names,
    "sample_wards": write_wards,
    "sample_postcodes": write_postcodes,
    "sample_imd": write_indices,
    "sample_fuel_poverty": write_fuel_poverty,
    "sample_air_quality": write_air_table,
    **{
        f"sample_pcm_{pollutant}_{year}": write_grid
        for pollutant in ("pm25", "no2")
        for year in (2021, 2022, 2023)
    },
    "sample_covid_deaths": write_deaths,
    "sample_weekly_deaths_2020": write_weekly,
    "sample_weekly_deaths_2021": write_weekly,
    "sample_msoa_population": write_population,
}


def _write_boundaries(areas: gpd.GeoDataFrame, source: Source, path: Path) -> None:
    """Write areas with the portal's fields, moved to WGS 84 by its 7-parameter shift."""
    assert source.vector is not None
    moved = to_wgs84(areas)
    centres = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(areas["easting"], areas["northing"]), crs=areas.crs
    )
    degrees = to_wgs84(centres).geometry
    table = gpd.GeoDataFrame(
        {
            source.vector.code: areas.index,
            source.vector.name: areas["area_name"].to_numpy(),
            "BNG_E": areas["easting"].to_numpy(dtype="int32"),
            "BNG_N": areas["northing"].to_numpy(dtype="int32"),
            "LONG": degrees.x.round(5),
            "LAT": degrees.y.round(5),
        },
        geometry=moved.geometry.to_numpy(),
        crs=moved.crs,
    )
    layer = source.vector.layer or path.stem
    kind = source.vector.geometry
    with stamped(), said_by_the_system():
        pyogrio.write_dataframe(table, path, layer=layer, driver="GPKG", geometry_type=kind)


def _write_csv(table: pd.DataFrame, path: Path, *, quoting: int = csv.QUOTE_MINIMAL) -> None:
    text = table.to_csv(index=False, lineterminator="\n", quoting=quoting)  # type: ignore[call-overload]
    path.write_bytes(text.encode("utf-8"))


def _units(letter: str, many: int) -> list[str]:
    """Return the inward halves of an LSOA's postcodes: one sector for each LSOA of an MSOA."""
    sector = ord(letter) - ord("A") + 1
    numbers = [7 * step % len(UNIT_LETTERS) ** 2 for step in range(many)]
    return [
        f"{sector}{UNIT_LETTERS[n // len(UNIT_LETTERS)]}{UNIT_LETTERS[n % len(UNIT_LETTERS)]}"
        for n in numbers
    ]
