"""Two invented boroughs, Northmere and Westholt, of 24 square LSOAs each; nothing here exists."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.codes import slug
from layers.borough.borough import Borough
from layers.layer import FRAMES, edition
from layers.table.summaries import scales_of

COLUMNS, ROWS, SIDE = 6, 4, 500
PLACES = {"E06900001": "Northmere", "E06900002": "Westholt"}


def invented_source(key):
    return SimpleNamespace(
        id=key,
        title=f"Table of {key}",
        publisher="Office of Invention",
        edition="1",
        period="2018",
        licence="OGL-UK-3.0",
        attribution="Invented for tests",
        page=f"https://example.org/{key}",
        url=f"https://example.org/{key}.csv",
        url_kind="file",
        url_note="",
        path=f"folder/{key}.csv",
        sha256="ab" * 32,
        geography="LSOA",
        unit="",
        crs=None,
        tables={},
        vector=None,
        grid=None,
    )


def square(column, row):
    left, bottom = 300_000 + column * SIDE, 400_000 + row * SIDE
    return shapely.box(left, bottom, left + SIDE, bottom + SIDE)


def ranked(table, layer):
    """Add a layer's ranks and fifths in both frames, 1 the worst."""
    england = table[layer.value].rank(ascending=False, method="min")
    borough = table.groupby("lad_code")[layer.value].rank(ascending=False, method="min")
    sizes = table.groupby("lad_code")[layer.value].transform("count")
    columns = {f"{layer.id}_rank_england": england, f"{layer.id}_rank_borough": borough}
    columns[f"{layer.id}_quintile_england"] = np.ceil(england * 5 / england.count())
    columns[f"{layer.id}_quintile_borough"] = np.ceil(borough * 5 / sizes)
    return table.assign(**columns)


def lsoa_table(known):
    chance = np.random.default_rng(7)
    rows = []
    for half, (lad, name) in enumerate(PLACES.items()):
        for number in range(COLUMNS * ROWS):
            column, row = number % COLUMNS, number // COLUMNS
            place = square(column + half * COLUMNS, row)
            rows.append(
                {
                    "area_code": f"E019{half}{number:04d}",
                    "area_name": f"{name} {row + 1:03d}{'ABCDEF'[column]}",
                    "msoa_code": f"E029{half}{row:04d}",
                    "msoa_name": f"{name} {('Bank', 'Cross', 'Dale', 'End')[row]}",
                    "lad_code": lad,
                    "lad_name": name,
                    "population": 1000 + 10 * number,
                    "working_age_population": 600 + 6.25 * number,
                    "easting": int(place.centroid.x),
                    "northing": int(place.centroid.y),
                    "depth": 60 - 7 * (column + row) + 20 * half * (column > 3),
                    "geometry": place,
                }
            )
    table = gpd.GeoDataFrame(rows, crs="EPSG:27700").set_index("area_code").sort_index()
    depth = table.pop("depth")
    for layer in known.layers:
        if layer.geography == "LSOA":
            values = depth / 7 + chance.normal(size=len(table)).round(3)
            table[layer.value] = values / layer.scale
    table["imd_2019_score"] = depth + 40 + chance.random(len(table)).round(3)
    table["fuel_poverty_2020_households"] = 400.0
    table["fuel_poverty_2020_fuel_poor"] = (depth + 70).round()
    table["fuel_poverty_2020_pct"] = table["fuel_poverty_2020_fuel_poor"] / 4
    for layer in known.layers:
        if layer.geography == "LSOA":
            table = ranked(table, layer)
            if layer.rank:
                table[layer.rank] = table.pop(f"{layer.id}_rank_england").astype(int)
                table[f"{layer.id}_decile"] = np.ceil(table[layer.rank] * 10 / len(table))
    return table


def msoa_table(known, lsoa):
    weights = lsoa["population"]
    names = {"area_name": "msoa_name", "lad_code": "lad_code", "lad_name": "lad_name"}
    by = lsoa["msoa_code"]
    table = pd.DataFrame({new: lsoa.groupby(by)[old].first() for new, old in names.items()})
    table["population"] = weights.groupby(by).sum()
    table["working_age_population"] = lsoa["working_age_population"].groupby(by).sum()
    table[["easting", "northing"]] = lsoa.groupby(by)[["easting", "northing"]].mean()
    table["lsoa_count"] = by.value_counts()
    for layer in known.layers:
        if layer.geography == "LSOA":
            table[layer.value] = (lsoa[layer.value] * weights).groupby(by).sum() / table[
                "population"
            ]
    table["covid_2020_21_observed"] = np.arange(3.0, 3 + len(table) * 3, 3)
    table["covid_2020_21_expected"] = 10.5
    table["covid_2020_21_ratio"] = table["covid_2020_21_observed"] / 10.5
    table["covid_2020_21_ratio_lower"] = table["covid_2020_21_ratio"] * 0.6
    table["covid_2020_21_ratio_upper"] = table["covid_2020_21_ratio"] * 1.6
    table["covid_2020_21_ratio_smoothed"] = table["covid_2020_21_ratio"] * 0.5 + 0.5
    covid = [name for name in table if name.startswith("covid")]
    table.loc[table.index[-1], covid[2:]] = np.nan
    for layer in known.layers:
        table = ranked(table, layer)
    shapes = lsoa.dissolve(by="msoa_code")["geometry"]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=lsoa.crs).rename_axis("area_code")


def pocket_table(known, lsoa):
    groups = {
        "E06900001-E01900000": [0, 1, 6, 7],
        "E06900001-E01900003": [2, 3],
        "E06900002-E01910004": [4, 5, 10],
    }
    rows = []
    for key, members in groups.items():
        own = lsoa[lsoa["lad_code"] == key[:9]].iloc[members]
        means = {
            layer.value: (own[layer.value] * own["population"]).sum() / own["population"].sum()
            for layer in known.layers
        }
        rows.append(
            {
                "pocket_id": key,
                "number": 1 + sum(entry["lad_code"] == key[:9] for entry in rows),
                "name": f"{own['msoa_name'].iloc[0]} & {'Cross'}",
                "lad_code": key[:9],
                "lad_name": PLACES[key[:9]],
                "deprivation_area_id": f"{key[:9]}-A1",
                "lsoa_codes": list(own.index),
                "lsoa_count": len(own),
                "population": int(own["population"].sum()),
                "working_age_population": float(own["working_age_population"].sum()),
                "population_year": known.population_year,
                "area_km2": len(own) * 0.25,
                "rule": "national",
                **means,
                "worst_decile_pct": 40.0,
                "prominence": np.nan,
                "cluster_lsoas": 2,
                "neighbour_pockets": [],
                "stability": 0.9,
                "geometry": own.union_all(),
            }
        )
    table = gpd.GeoDataFrame(rows, crs=lsoa.crs).set_index("pocket_id")
    for layer in known.layers:
        for frame in FRAMES:
            pool = {
                key: lsoa if frame == "england" else lsoa[lsoa["lad_code"] == key[:9]]
                for key in groups
            }
            stands = [
                1 + int((pool[key][layer.value] > table.at[key, layer.value]).sum())
                for key in groups
            ]
            sizes = [pool[key][layer.value].count() for key in groups]
            table[f"{layer.id}_rank_{frame}"] = stands
            table[f"{layer.id}_quintile_{frame}"] = [
                -(-min(rank, size) * 5 // size) for rank, size in zip(stands, sizes, strict=True)
            ]
    return table


@pytest.fixture(scope="session")
def invented_tables():
    """The four tables of two invented boroughs: neighbourhoods, msoa, districts, pockets."""
    known = edition("sample")
    lsoa = lsoa_table(known)
    msoa = msoa_table(known, lsoa)
    carried = [name for name in msoa if name.startswith("covid")]
    lsoa = lsoa.join(msoa[carried], on="msoa_code")
    pockets = pocket_table(known, lsoa)
    lsoa["pocket_id"] = ""
    for key, codes in pockets["lsoa_codes"].items():
        lsoa.loc[codes, "pocket_id"] = key
    for layer in known.layers:
        for frame in FRAMES:
            lsoa[layer.cluster_column(frame)] = "not significant"
    districts = lsoa.dissolve(by="lad_code")[["lad_name", "geometry"]].rename_axis("area_code")
    districts = districts.rename(columns={"lad_name": "area_name"})
    for people in ("working_age_population", "population"):
        districts.insert(1, people, lsoa.groupby("lad_code")[people].sum())
    for layer in known.layers:
        table = msoa if layer.geography == "MSOA" else lsoa
        districts[layer.value] = table.groupby("lad_code")[layer.value].mean()
    return {
        "neighbourhoods": lsoa.rename_axis("area_code"),
        "msoa": msoa,
        "districts": districts,
        "pockets": pockets,
    }


@pytest.fixture(scope="session")
def invented_boroughs(invented_tables):
    """The two invented boroughs as bundles, by folder name."""
    known = edition("sample")
    lsoa, msoa, districts, pockets = (
        invented_tables[name] for name in ("neighbourhoods", "msoa", "districts", "pockets")
    )
    roles = ["lsoa", "msoa", "lookup", "names", "postcodes", *(layer.id for layer in known.layers)]
    found = {}
    for code, name in PLACES.items():
        others = districts.drop(index=code)[["area_name", "geometry"]]
        found[slug(name)] = Borough(
            code=code,
            name=name,
            place="Northmere and Westholt",
            edition=known,
            lsoa=lsoa[lsoa["lad_code"] == code],
            msoa=msoa[msoa["lad_code"] == code],
            pockets=pockets[pockets["lad_code"] == code],
            surroundings=others.rename(columns={"area_name": "lad_name"}).rename_axis("lad_code"),
            england={layer.id: float(lsoa[layer.value].mean()) for layer in known.layers},
            scales=scales_of(known, msoa),
            counts={layer.id: 8 if layer.geography == "MSOA" else 48 for layer in known.layers},
            district=districts.loc[code].drop("geometry"),
            district_counts={layer.id: 2 for layer in known.layers},
            postcodes=pd.Series({"ZZ1 1AA": lsoa.index[0]}, name="area_code"),
            sources={role: (invented_source(role),) for role in roles},
            notes={},
            gradients=pd.DataFrame(),
            gradient_parts=pd.DataFrame(),
            moran=pd.DataFrame(),
            chance=pd.DataFrame(),
            settings={"rule": "national", "d": 2, "tau": 5, "permutations": 99, "seed": 1},
        )
    return found
