"""Boroughs of which nothing exists: one on a crooked grid, or two of squares side by side.

`invented` makes a borough of 25 neighbourhoods, with ranks among 1,000 invented neighbourhoods and
200 invented MSOAs, two pockets and three postcodes a neighbourhood. `two_boroughs` makes Northmere
and Westholt, of 24 neighbourhoods each, which are all that is ranked.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.codes import slug
from geo.sources import Address, Source
from geo.space.recurrence import membership
from layers.borough.borough import Borough
from layers.findings.fingerprint import fingerprints, spreads
from layers.findings.joined import JOINED_COLUMNS, MEMBER, Joined
from layers.findings.reach import outside_pockets
from layers.kinds.reading import PEOPLE, PEOPLE_BY_AGE
from layers.layer import FRAMES, edition
from layers.table.summaries import people_of_all, scales_of, with_people_counted

SIZE_M = 500
COUNTS = {"LSOA": 1000, "MSOA": 200, "pocket": 40}
NAMES = ("Alder Bank", "Birch Cross & Mill", "Cedar Dale", "Damson End", "Elder Fold")
PLACES = {"E06900001": "Northmere", "E06900002": "Westholt"}
NASTY = {
    "borough": 'O\'Brien & "Sons" <b>Bold</b>',
    "areas": [
        "<script>window.hurt = 1</script>",
        '"><img src=x onerror="window.hurt=2">',
        '=HYPERLINK("http://x")',
        "+1-2@SUM(A1)",
        "السوق القديم",
        "Fish 🐟 & Chips",
        "</script><script>window.hurt=3</script>",
        "{{ 7 * 7 }}{% raw %}",
    ],
    "pocket": "'; window.hurt = 4; //\u2028<svg onload=window.hurt=5>",
}


def invented(*, edition_id="sample", pockets=True, nasty=False, name="Northmere"):
    """Return a borough of which nothing exists; with ``nasty``, names that try to break a page."""
    known = edition(edition_id)
    lsoa = _crooked(NASTY["borough"] if nasty else name)
    if nasty:
        some = lsoa.index[: len(NASTY["areas"])]
        for column in ("area_name", "msoa_name"):
            lsoa.loc[some, column] = NASTY["areas"]
    msoa = _with_values(_msoas(lsoa), known, "MSOA")
    msoa = with_people_counted(known, msoa, "LSOA")
    lsoa = with_people_counted(known, _with_values(lsoa, known, "LSOA"), "LSOA")
    lsoa = _with_covid(lsoa, msoa)
    names = (NASTY["pocket"],) * 2 if nasty else (NAMES[0], NAMES[3])
    planted = {"E06900001": [[0, 1, 5, 6], [18, 19, 23, 24]]}
    found = _pockets(lsoa, known, planted, of=COUNTS["pocket"]).assign(name=names)
    found = found if pockets else found.iloc[:0]
    lsoa = _marked(lsoa, found)
    counts = {layer.id: COUNTS[layer.geography] for layer in known.layers}
    found = _fingerprinted(found, lsoa, known, counts)
    return _bundle(
        lsoa,
        msoa,
        found,
        known,
        surroundings=_surroundings(lsoa),
        england={layer.id: float(lsoa[layer.value].mean()) * 0.8 for layer in known.layers},
        people=_all_people(known, lsoa, msoa),
        scales=scales_of(known, msoa),
        counts=counts,
        msoa_counts={layer.id: COUNTS["MSOA"] for layer in known.layers},
        pocket_counts={layer.id: COUNTS["pocket"] for layer in known.layers},
        district=_district(lsoa, known, found),
        district_counts={layer.id: 12 for layer in known.layers},
        postcodes=pd.Series(
            {
                f"ZZ{1 + place // 5} {place % 5}{unit}": code
                for place, code in enumerate(lsoa.index)
                for unit in ("AA", "AB", "XY")
            },
            name="area_code",
        ),
        sources={
            layer.id: (_source(layer.source, layer.kind, "Open Licence of Invention"),)
            for layer in known.layers
        },
        notes={"covid_2020_21": ("England and Wales = 1.",)},
        chance=_chance(),
        settings={"rule": "national", "d": 2, "tau": 5.0},
    )


def tables_of_two():
    """Return the tables of two boroughs, of which the first pockets touch across the line."""
    known = edition("sample")
    lsoa = with_people_counted(known, _squares(known), "LSOA")
    msoa = with_people_counted(known, _means(lsoa, known), "LSOA")
    lsoa = _with_covid(lsoa, msoa)
    planted = {"E06900001": [[0, 1, 6, 7], [2, 3]], "E06900002": [[4, 5, 10]]}
    told = {"worst_decile_pct": 40.0, "prominence": np.nan, "recurrence": 0.9}
    pockets = _pockets(lsoa, known, planted, **told)
    pockets["name"] = [f"{lsoa.at[codes[0], 'msoa_name']} & Cross" for codes in pockets.lsoa_codes]
    districts = lsoa.dissolve(by="lad_code")[["lad_name", "geometry"]].rename_axis("area_code")
    districts = districts.rename(columns={"lad_name": "area_name"})
    for people in reversed(_counted(known)):
        districts.insert(1, people, lsoa.groupby("lad_code")[people].sum())
    for layer in known.layers:
        table = msoa if layer.geography == "MSOA" else lsoa
        districts[layer.value] = table.groupby("lad_code")[layer.value].mean()
    lsoa = _marked(lsoa, pockets)
    pockets = _fingerprinted(
        pockets, lsoa, known, dict.fromkeys((each.id for each in known.layers), 48)
    )
    outside = {code: outside_pockets(known, own) for code, own in lsoa.groupby("lad_code")}
    districts = districts.join(pd.DataFrame.from_dict(outside, orient="index"))
    return {
        "neighbourhoods": lsoa,
        "msoa": msoa,
        "districts": districts,
        "pockets": pockets,
        "joined_pockets": joined_of_first(pockets).pockets,
    }


def joined_of_first(pockets):
    """Join the first pockets of two boroughs, and mark both in the table that is given."""
    one, other = sorted(pockets.index[pockets["number"] == 1])
    name = f"joined-{one}"
    pockets["joined_pocket"] = [name if key in (one, other) else "" for key in pockets.index]
    pockets["neighbour_pockets"] = [
        {one: [other], other: [one]}.get(key, []) for key in pockets.index
    ]
    own = pockets.loc[[one, other]]
    counted = [
        name
        for name in JOINED_COLUMNS
        if name in own and JOINED_COLUMNS[name] == "int64" and name != "population_year"
    ]
    row = {
        "pocket_ids": [one, other],
        "members": "; ".join(f"{at.lad_name} {at.number} ({at.name})" for at in own.itertuples()),
        "lad_codes": sorted(own["lad_code"]),
        "boroughs": "; ".join(sorted(own["lad_name"])),
        "pocket_count": 2,
        **own[counted].sum(),
        "worst_decile_pct": 40.0,
        "population_year": int(own["population_year"].iloc[0]),
        "geometry": own.union_all(),
    }
    table = pd.DataFrame.from_dict({name: row}, orient="index").rename_axis("joined_pocket")
    table = table[[*JOINED_COLUMNS, "geometry"]].astype(JOINED_COLUMNS)
    return Joined(
        pockets=gpd.GeoDataFrame(table, geometry="geometry", crs=pockets.crs),
        members=own[list(MEMBER)],
    )


def series_of(code, years):
    """Return fuel poverty over years of a district and of all, of 1,000 households each.

    ``years`` maps a year to its measure and to how many are fuel poor there and in all.
    """
    rows = [
        (place, year, measure, 1000, poor)
        for year, (measure, *counts) in years.items()
        for place, poor in zip((code, ""), counts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["lad_code", "year", "measure", "households", "fuel_poor"])
    return table.assign(pct=table["fuel_poor"] / 10)


def two_boroughs(tables):
    """Return the boroughs that the tables hold, by folder name."""
    known = edition("sample")
    lsoa, msoa, districts, pockets = (
        tables[name] for name in ("neighbourhoods", "msoa", "districts", "pockets")
    )
    ground = ["lsoa", "msoa", "districts", "names", "postcodes"]
    roles = [*ground, *(layer.id for layer in known.layers)]
    found = {}
    for code, name in PLACES.items():
        others = districts.drop(index=code)[["area_name", "geometry"]]
        found[slug(name)] = _bundle(
            *(table[table["lad_code"] == code] for table in (lsoa, msoa, pockets)),
            known,
            joined=joined_of_first(pockets.copy()),
            surroundings=others.rename(columns={"area_name": "lad_name"}).rename_axis("lad_code"),
            england={layer.id: float(lsoa[layer.value].mean()) for layer in known.layers},
            people=_all_people(known, lsoa, msoa),
            scales=scales_of(known, msoa),
            counts={layer.id: 8 if layer.geography == "MSOA" else 48 for layer in known.layers},
            msoa_counts={layer.id: 8 for layer in known.layers},
            pocket_counts={layer.id: 3 for layer in known.layers},
            district=districts.loc[code].drop("geometry"),
            district_counts={layer.id: 2 for layer in known.layers},
            postcodes=pd.Series({"ZZ1 1AA": lsoa.index[0]}, name="area_code"),
            sources={role: (_source(role, role, "OGL-UK-3.0"),) for role in roles},
            settings={"rule": "national", "d": 2, "tau": 5, "permutations": 99, "seed": 1},
        )
    return found


def _counted(known):
    """Name the columns of people of an edition: its denominators and who is counted in shares."""
    return [*PEOPLE, *PEOPLE_BY_AGE, *(layer.people for layer in known.shares)]


def _with_ages(areas):
    """Part the people of areas into ages: children fewer from area to area, the old the rest."""
    population = areas["population"]
    children = (population * (0.26 - 0.004 * np.arange(len(areas)))).round().astype("int64")
    middle = (population * 0.6).round().astype("int64")
    columns = (children, middle, population - children - middle)
    return areas.assign(**dict(zip(PEOPLE_BY_AGE, columns, strict=True)))


def _all_people(known, lsoa, msoa):
    return {**people_of_all(known, lsoa, msoa), **outside_pockets(known, lsoa)}


def spoiled(areas, off_m):
    """Give every second area a corner in the middle of each edge, beside the neighbour's line."""

    def with_middles(shape):
        corners = np.asarray(shape.exterior.coords)
        edges = np.diff(corners, axis=0)
        aside = np.column_stack([edges[:, 1], -edges[:, 0]]) / np.hypot(*edges.T)[:, None]
        middles = corners[:-1] + edges / 2 + aside * off_m
        return shapely.Polygon(np.stack([corners[:-1], middles], axis=1).reshape(-1, 2))

    shapes = [
        with_middles(shape) if place % 2 and shape.geom_type == "Polygon" else shape
        for place, shape in enumerate(areas.geometry)
    ]
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=areas.crs))


def _crooked(name):
    random = np.random.default_rng(11)
    corners = _corners(5, 5, 400_000, 500_000)
    corners = np.round(corners + random.uniform(-90, 90, corners.shape))
    areas = _areas(corners, "E06900001", name, msoas=NAMES, step=100).assign(
        population=lambda areas: 1400 + 17 * np.arange(len(areas)),
        working_age_population=lambda areas: 800 + 11.25 * np.arange(len(areas)),
    )
    return _with_ages(areas)


def _squares(known):
    """Return the neighbourhoods of the two boroughs with their values, the worst in the corners."""
    tables = []
    for half, (code, name) in enumerate(PLACES.items()):
        msoas = [f"{name} {end}" for end in ("Bank", "Cross", "Dale", "End")]
        corners = _corners(6, 4, 300_000 + half * 6 * SIZE_M, 400_000)
        number = np.arange(24)
        column, row = number % 6, number // 6
        tables.append(
            _areas(corners, code, name, msoas=msoas, step=6).assign(
                population=1000 + 10 * number,
                working_age_population=600 + 6.25 * number,
                depth=60 - 7 * (column + row) + 20 * half * (column > 3),
            )
        )
    table = pd.concat([_with_ages(table) for table in tables])
    chance, depth = np.random.default_rng(7), table.pop("depth")
    own = [layer for layer in known.layers if layer.geography == "LSOA"]
    for layer in own:
        values = depth / 7 + chance.normal(size=len(table)).round(3)
        table[layer.value] = values / layer.scale
    table["imd_2019_score"] = depth + 40 + chance.random(len(table)).round(3)
    table["fuel_poverty_2020_households"] = 400.0
    table["fuel_poverty_2020_fuel_poor"] = (depth + 70).round()
    table["fuel_poverty_2020_pct"] = table["fuel_poverty_2020_fuel_poor"] / 4
    for layer in own:
        table = _ranked(table, layer, "LSOA")
    return table


def _corners(columns, rows, west, south):
    across = np.moveaxis(np.indices((rows + 1, columns + 1))[::-1], 0, -1)
    return np.array([west, south]) + SIZE_M * across


def _areas(corners, code, name, *, msoas, step):
    """Return the areas between the corners; ``step`` is how far codes go on from row to row."""
    half = list(PLACES).index(code)
    rows = []
    for row, column in np.ndindex(corners.shape[0] - 1, corners.shape[1] - 1):
        ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        shape = shapely.Polygon([corners[at] for at in ring])
        rows.append(
            {
                "area_code": f"E019{half}{row * step + column:04d}",
                "area_name": f"{PLACES[code]} {row + 1:03d}{'ABCDEF'[column]}",
                "msoa_code": f"E029{half}{row:04d}",
                "msoa_name": msoas[row],
                "lad_code": code,
                "lad_name": name,
                "easting": round(shape.centroid.x),
                "northing": round(shape.centroid.y),
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, crs="EPSG:27700").set_index("area_code")


def _msoas(lsoa):
    groups = lsoa.groupby("msoa_code")
    names = groups[["msoa_name", "lad_code", "lad_name"]].first()
    return (
        lsoa[["msoa_code", "geometry"]]
        .dissolve(by="msoa_code")
        .join(names.rename(columns={"msoa_name": "area_name"}))
        .join(groups[[*PEOPLE, *PEOPLE_BY_AGE]].sum())
        .join(groups[["easting", "northing"]].mean())
        .assign(lsoa_count=groups.size())
        .rename_axis("area_code")
    )


def _means(lsoa, known):
    """Return the MSOAs with the means of their neighbourhoods; the last has no mortality."""
    table = _msoas(lsoa)
    for layer in known.layers:
        if layer.geography == "LSOA":
            weighted = lsoa[layer.value] * lsoa["population"]
            table[layer.value] = weighted.groupby(lsoa["msoa_code"]).sum() / table["population"]
    table["covid_2020_21_observed"] = np.arange(3.0, 3 + len(table) * 3, 3)
    table["covid_2020_21_expected"] = 10.5
    ratio = table["covid_2020_21_observed"] / 10.5
    ratio.iloc[-1] = np.nan
    table["covid_2020_21_ratio"] = ratio
    table["covid_2020_21_ratio_lower"] = ratio * 0.6
    table["covid_2020_21_ratio_upper"] = ratio * 1.6
    table["covid_2020_21_ratio_smoothed"] = ratio * 0.5 + 0.5
    for layer in known.layers:
        table = _ranked(table, layer, "MSOA")
    return table


def _with_values(areas, known, geography):
    """Give each layer values and ranks, the worst near the pockets that are planted."""
    areas = areas.copy()
    centre = areas.geometry.centroid
    west = np.hypot(centre.x - 400_400, centre.y - 500_400)
    east = np.hypot(centre.x - 402_300, centre.y - 502_100)
    for number, layer in enumerate(known.layers):
        if geography == "LSOA" and layer.geography == "MSOA":
            continue
        random = np.random.default_rng(100 + number)
        depth = np.exp(-(np.minimum(west, east) / 900)) + random.uniform(0, 0.15, len(areas))
        values = ((depth * 40 + number).round(layer.decimals + 2) / layer.scale).round(6)
        if layer.kind == "covid_mortality":
            values = (depth * 2.4 + 0.3).round(4)
        if layer.id == "no2_2021_23" and geography == "LSOA":
            values.iloc[12] = np.nan
        areas[layer.value] = values
        if layer.lower and layer.upper:
            areas = areas.assign(**{layer.lower: values * 0.8, layer.upper: values * 1.3})
        areas = _ranked(areas, layer, geography, of=COUNTS[geography])
    return areas


def _ranked(areas, layer, geography, *, of=None):
    """Add ranks, fifths, tenths and clusters: among ``of`` areas of England, or among these."""
    values = areas[layer.value]
    boroughs = values.groupby(areas["lad_code"])
    borough = boroughs.rank(ascending=False, method="min")
    count = of or values.count()
    england = _spread(values.rank(ascending=False, method="min"), len(areas), of)
    official = geography == "LSOA" and layer.rank
    columns = {
        official or f"{layer.id}_rank_england": england,
        f"{layer.id}_rank_borough": borough,
        f"{layer.id}_quintile_england": np.ceil(england * 5 / count),
        f"{layer.id}_quintile_borough": np.ceil(borough * 5 / boroughs.transform("count")),
    }
    if official:
        columns[official] = england.astype(int)
        columns[f"{layer.id}_decile"] = np.ceil(england * 10 / count)
    for frame in FRAMES:
        columns[layer.cluster_column(frame)] = np.where(
            borough <= 2, "high-high", "not significant"
        )
        columns[layer.gi_star_column(frame)] = np.where(borough <= 2, "hot", "not significant")
        columns[layer.gi_star_z_column(frame)] = 3.0 - borough
    return areas.assign(**columns).copy()  # in one piece: so many columns warn otherwise


def _spread(ranks, ranked, of):
    """Return ranks among ``ranked`` areas as ranks among ``of``, with others between them."""
    return 5 + (ranks - 1) * (of // ranked) if of else ranks


def _with_covid(lsoa, msoa):
    return lsoa.join(msoa.filter(regex="^covid"), on="msoa_code")


def _marked(lsoa, pockets):
    inside = {code: key for key, codes in pockets["lsoa_codes"].items() for code in codes}
    pocket = [inside.get(code, "") for code in lsoa.index]
    shares = [
        (1.0, 0.95, 0.6, 0.3)[place % 4] if key else np.nan for place, key in enumerate(pocket)
    ]
    found = pd.Series(shares, lsoa.index)
    return lsoa.assign(pocket_id=pocket, membership_share=found, membership=membership(found))


def _fingerprinted(pockets, lsoa, known, counts):
    """Add what pockets are made of, set against the small areas outside them in decile 1 or 2."""
    poor = lsoa[f"{known.overall}_decile"].le(2)
    pool = lsoa.assign(single=lsoa["pocket_id"].eq("") & poor)
    made = [fingerprints(known, own, counts) for _, own in pool.groupby("lad_code")]
    ends = spreads(known.layers, lsoa, lsoa["pocket_id"])
    return pockets.join([pd.concat(made), ends])


def _pockets(lsoa, known, planted, *, of=None, **told):
    """Return the pockets at places of each borough, ranked with `_spread` among ``of`` pockets.

    What is ``told`` of all of them stands in place of what is invented here.
    """
    rows = {}
    for lad, groups in planted.items():
        borough = lsoa[lsoa["lad_code"] == lad]
        for number, places in enumerate(groups):
            own = borough.iloc[places]
            peak = own[known.layer(known.overall).value].idxmax()
            row = rows[f"{lad}-{peak}"] = {
                "number": number + 1,
                "name": "",
                "lad_code": lad,
                "lad_name": own["lad_name"].iloc[0],
                "deprivation_area_id": f"{lad}-A{number}",
                "lsoa_codes": list(own.index),
                "lsoa_count": len(own),
                **own[_counted(known)].sum(),
                "population": int(own["population"].sum()),
                "population_year": known.population_year,
                "area_km2": own.area.sum() / 1e6,
                "rule": "national",
                "worst_decile_pct": 61.4,
                "worst_decile_people": round(0.614 * int(own["population"].sum())),
                "prominence": 9.5,
                "cluster_lsoas": 2,
                "neighbour_pockets": [],
                "joined_pocket": "",
                "recurrence": 0.87,
                "highest_mean_share": 0.6,
                "found_by": 3,
                "cluster_people_pct": 41.3,
                "geometry": own.union_all(),
                **told,
            }
            for layer in known.layers:
                row[layer.value] = float(np.average(own[layer.value], weights=own[layer.weight]))
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("pocket_id")
    for layer in known.layers:
        values, size = table[layer.value], of or len(table)
        england = _spread(values.rank(ascending=False, method="min"), len(table), of)
        groups = values.groupby(table["lad_code"])
        borough = groups.rank(ascending=False, method="min")
        table[f"{layer.id}_rank_england"] = england
        table[f"{layer.id}_quintile_england"] = np.ceil(england * 5 / size)
        table[f"{layer.id}_rank_borough"] = borough.where(groups.transform("count") > 1)
        table[f"{layer.id}_quintile_borough"] = np.nan
    return gpd.GeoDataFrame(table, geometry="geometry", crs=lsoa.crs)


def _surroundings(lsoa):
    own = lsoa.union_all()
    west, south, east, north = own.bounds
    boxes = {
        "E06900002": shapely.box(west - 3000, south - 3000, (west + east) / 2, north + 3000),
        "E06900003": shapely.box((west + east) / 2, south - 3000, east + 3000, north + 3000),
    }
    shapes = [box.difference(own) for box in boxes.values()]
    names = ["Westholt", "Eastholt"]
    return gpd.GeoDataFrame(
        {"lad_name": names}, geometry=shapes, index=pd.Index(boxes, name="lad_code"), crs=lsoa.crs
    )


def _district(lsoa, known, pockets):
    means = {layer.value: lsoa[layer.value].mean() for layer in known.layers}
    overall = known.overall
    deciles = lsoa[f"{overall}_decile"]
    return pd.Series(
        {
            **means,
            f"{overall}_worst_tenth_pct": 100 * deciles.le(1).mean(),
            f"{overall}_worst_fifth_pct": 100 * deciles.le(2).mean(),
            f"{overall}_average_score": means[known.layer(overall).value],
            f"{overall}_average_rank": 640.0,
            f"{overall}_extent_pct": 31.5,
            f"{overall}_local_concentration": 991.0,
            **lsoa[_counted(known)].sum(),
            **outside_pockets(known, lsoa),
            "pockets": len(pockets),
            "people_in_pockets": int(pockets["population"].sum()),
        }
    )


def _source(source_id, title, licence):
    return Source(
        id=source_id,
        title=f"Table of {title}",
        publisher="Office of Invention",
        page="https://example.org/",
        address=Address(kind="file", url="https://example.org/table.csv"),
        edition="1",
        period="2018",
        geography="LSOA",
        coverage=("E019",),
        unit="score",
        direction="high is worse",
        licence=licence,
        attribution="Invented for tests",
        path=f"folder/{source_id}.csv",
        sha256="ab" * 32,
        format="csv",
    )


def _chance():
    rows = [
        ("england", 1, 12, 14.2, 10.0, 18.0),
        ("england", 2, 9, 9.6, 2.0, 13.0),
        ("england", 3, 4, 1.2, 0.0, 3.0),
        ("england", 4, 1, 0.2, 0.0, 1.0),
        ("borough", 2, 5, 3.1, 1.0, 6.0),
    ]
    columns = ["frame", "at_least", "areas", "expected_areas", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns).set_index(["frame", "at_least"])


def _bundle(lsoa, msoa, pockets, known, **own):
    bare = dict.fromkeys(("gradients", "gradient_parts", "moran", "chance"), pd.DataFrame())
    common = {
        "code": lsoa["lad_code"].iloc[0],
        "name": lsoa["lad_name"].iloc[0],
        "place": "Northmere and Westholt",
        "edition": known,
        "notes": {},
    }
    return Borough(lsoa=lsoa, msoa=msoa, pockets=pockets, **bare | common | own)


def carried(borough):
    """Return a borough as if its air and mortality had come from areas of another census.

    Of the LSOAs two are parts of one that was split and one is merged from several; of the MSOAs
    the second is a part, with the ratio of the former one and without deaths.
    """
    pm25, covid = (borough.edition.layer(key) for key in ("pm25_2021_23", "covid_2020_21"))
    links = pd.Series("U", borough.lsoa.index)
    links.iloc[:3] = ["S", "S", "M"]
    lsoa = borough.lsoa.assign(**{pm25.link: links, pm25.estimated: links != "U"})
    msoa = borough.msoa.copy()
    part = msoa.index[1]
    kinds = pd.Series("U", msoa.index).mask(msoa.index == part, "S")
    msoa = msoa.assign(**{covid.link: kinds, covid.estimated: kinds != "U"})
    for name, value in {"observed": 20.0, "expected": 10.0}.items():
        column = covid.column(name)
        msoa[column] = msoa[column].astype(float) if column in msoa else value
    unknown = [covid.column(end) for end in ("observed", "expected")]
    unknown += [covid.own_rank(frame) for frame in FRAMES]
    unknown += [covid.quintile_column(frame) for frame in FRAMES]
    msoa.loc[part, unknown] = np.nan
    msoa[pm25.estimated_pct] = [40.0, *[0.0] * (len(msoa) - 1)]
    own = msoa.filter(regex="^covid")
    lsoa = lsoa.drop(columns=[name for name in own if name in lsoa]).join(own, on="msoa_code")
    return dataclasses.replace(borough, lsoa=lsoa, msoa=msoa)
