"""The naive script of the same job, for `bench` to measure: how it is done in an afternoon.

Whole files are read with the readers that pandas and geopandas take by default, every map carries
its own copy of the boundaries, and nothing is kept between runs. It knows nothing of this project
but the clock. It reads the same official files, and its shares, ratios and means are those of the
project's table.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import folium
import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import rasterio
import rasterstats
from numpy.typing import NDArray

from scripts.dev.bench_clock import stage

mpl.use("Agg")

DISTRICTS = [
    "E06000006", "E06000007", "E06000049", "E06000050", "E08000011",
    "E08000012", "E08000013", "E08000014", "E08000015",
]  # fmt: skip

IMD = "imd/File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
MSOA = "boundaries/Middle_layer_Super_Output_Areas_December_2011_Boundaries_EW_BGC.gpkg"
AIR = "air_quality/air-pollution-lsoa11-2021-23.csv"
FUEL = "fuel_poverty/2020_Sub-Regional-Data-LILEE.xlsx"
DEATHS = "covid_mortality/covid-death-map-datadownload.xlsx"
WEEKS = {
    2020: "covid_mortality/publishedweek532020.xlsx",
    2021: "covid_mortality/publishedweek522021.xlsx",
}
POPULATION = "population/SAPE22DT15-mid-2019-msoa-quinary-estimates-unformatted.xlsx"
LONDON = "air_quality/london-mapnox2013.csv"

LAYERS = {
    "Index of Multiple Deprivation (IMD) Score": "Overall deprivation",
    "Income Score (rate)": "Income",
    "Employment Score (rate)": "Employment",
    "Education, Skills and Training Score": "Education",
    "Health Deprivation and Disability Score": "Health",
    "Crime Score": "Crime",
    "Barriers to Housing and Services Score": "Housing and services",
    "Living Environment Score": "Living environment",
    "fuel_poor_pct": "Fuel poverty (%)",
    "pm25_202123_conc": "PM2.5 (µg/m³)",
    "no2_202123_conc": "NO2 (µg/m³)",
    "covid_ratio": "COVID-19 mortality ratio",
}

FIRST_ROW = {"Males": 33, "Females": 55}


def excel(path: Path, sheet: str, header: int | None) -> pd.DataFrame:
    """Read a sheet with the reader that pandas has taken by default."""
    return pd.read_excel(path, sheet_name=sheet, header=header, engine="openpyxl")


def covid_ratios(mirror: Path) -> pd.DataFrame:
    """Work out observed deaths over expected ones for every MSOA of England and Wales."""
    sheet = excel(mirror / DEATHS, "data", None).iloc[9:]
    deaths = sheet.set_index(0)[17].astype(float)
    expected = 0 * deaths
    for sex, first in FIRST_ROW.items():
        people = excel(mirror / POPULATION, f"Mid-2019 {sex}", 4).set_index("MSOA Code")
        people = people.iloc[:, 6:].astype(float)
        ages = weekly_deaths(mirror / WEEKS[2020], first) + weekly_deaths(
            mirror / WEEKS[2021], first
        )
        rates = np.concatenate([[ages[0] + ages[1]], ages[2:]]) / people.sum().to_numpy()
        expected = expected + (people * rates).sum(axis=1)
    return pd.DataFrame({"covid_ratio": deaths / expected * expected.sum() / deaths.sum()})


def weekly_deaths(path: Path, first: int) -> NDArray[np.float64]:
    """Add up the weeks ending 6 March 2020 to 30 April 2021 by age, for the sex in these rows."""
    sheet = excel(path, "Covid-19 - Weekly registrations", None)
    weeks = pd.to_datetime(pd.Series(sheet.iloc[5, 2:]), errors="coerce")
    wanted = weeks[weeks.between(pd.Timestamp(2020, 3, 6), pd.Timestamp(2021, 4, 30))].index
    ages = sheet.loc[first : first + 19, wanted].astype(float)
    return np.asarray(ages.sum(axis=1), dtype=np.float64)


def read_table(mirror: Path) -> pd.DataFrame:
    """Merge every layer on the LSOAs of England."""
    table = pd.read_csv(mirror / IMD)
    table["LSOA11CD"] = table["LSOA code (2011)"]
    table["LAD19CD"] = table["Local Authority District code (2019)"]
    table["MSOA11NM"] = table["LSOA name (2011)"].str[:-1]
    msoas = gpd.read_file(mirror / MSOA)[["MSOA11CD", "MSOA11NM"]]
    table = table.merge(msoas, on="MSOA11NM")
    fuel = excel(mirror / FUEL, "Table 3", 2).dropna()
    fuel["fuel_poor_pct"] = (
        100 * fuel["Number of households in fuel poverty"] / fuel["Number of households"]
    ).astype(float)
    table = table.merge(
        fuel[["LSOA Code", "fuel_poor_pct"]], left_on="LSOA11CD", right_on="LSOA Code"
    )
    air = pd.read_csv(mirror / AIR)[["lsoa11", "pm25_202123_conc", "no2_202123_conc"]]
    table = table.merge(air, left_on="LSOA11CD", right_on="lsoa11")
    return table.merge(covid_ratios(mirror), left_on="MSOA11CD", right_index=True, how="left")


def london_means(mirror: Path, areas: gpd.GeoDataFrame, out: Path) -> pd.DataFrame:
    """Average the grid of London's NOx over London's LSOAs, by every cell they touch."""
    table = pd.read_csv(mirror / LONDON)
    east, north = table["x"].max(), table["y"].max()
    west, south = table["x"].min(), table["y"].min()
    grid = np.full(((north - south) // 1000 + 1, (east - west) // 1000 + 1), -9999.0)
    grid[(north - table["y"]) // 1000, (table["x"] - west) // 1000] = table["nox2013"]
    path = out / "london.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=grid.shape[1], height=grid.shape[0], count=1,
        dtype="float64", nodata=-9999, crs="EPSG:27700",
        transform=rasterio.Affine(1000, 0, west - 500, 0, -1000, north + 500),
    ) as raster:  # fmt: skip
        raster.write(grid, 1)
    indices = pd.read_csv(mirror / IMD)
    in_london = indices["Local Authority District code (2019)"].str.startswith("E09")
    codes = indices.loc[in_london, "LSOA code (2011)"]
    london = areas[areas["LSOA11CD"].isin(codes)].to_crs(27700)
    found = rasterstats.zonal_stats(london, str(path), stats=["mean"], all_touched=True)
    return pd.DataFrame(found, index=london["LSOA11CD"])


def folium_page(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Save one page with a choropleth for every layer."""
    west, south, east, north = areas.total_bounds
    page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=11)
    for column, title in LAYERS.items():
        folium.Choropleth(
            geo_data=areas[["LSOA11CD", "LSOA11NM", "geometry"]],
            data=areas[["LSOA11CD", column]],
            columns=["LSOA11CD", column],
            key_on="feature.properties.LSOA11CD",
            fill_color="YlOrRd",
            legend_name=title,
            name=title,
        ).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    page.save(path)


def pictures(areas: gpd.GeoDataFrame, folder: Path) -> None:
    """Save a PNG of 300 dots per inch for every layer."""
    from matplotlib import pyplot

    for number, (column, title) in enumerate(LAYERS.items()):
        figure, axes = pyplot.subplots(figsize=(8.27, 11.69))
        areas.plot(column=column, scheme="quantiles", cmap="YlOrRd", legend=True, ax=axes)
        axes.set_title(title)
        axes.set_axis_off()
        figure.savefig(folder / f"{number}.png", dpi=300)
        pyplot.close(figure)


def main() -> None:
    """Do the whole job, stage by stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("mirror", "geojson", "out", "log"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--no-pictures", action="store_true")
    wanted = parser.parse_args()
    mirror, out, timed = wanted.mirror, wanted.out, partial(stage, log=wanted.log)
    with timed("read boundaries"):
        areas = gpd.read_file(wanted.geojson)
    with timed("read and merge tables"):
        table = areas.merge(read_table(mirror), on="LSOA11CD")
    with timed("grid over London"):
        london_means(mirror, areas, out)
    boroughs = {code: table[table["LAD19CD"] == code] for code in DISTRICTS}
    with timed("borough pages"):
        for code, borough in boroughs.items():
            folium_page(borough, out / f"{code}.html")
    with timed("region page"):
        folium_page(table[table["LAD19CD"].isin(DISTRICTS)], out / "region.html")
    if not wanted.no_pictures:
        with timed("pictures"):
            for code, borough in boroughs.items():
                (out / code).mkdir()
                pictures(borough.to_crs(27700), out / code)
    columns = ["LSOA11CD", "LAD19CD", *LAYERS]
    table.loc[table["LAD19CD"].isin(DISTRICTS), columns].to_csv(out / "values.csv", index=False)


if __name__ == "__main__":
    main()
