"""What the publishers would have measured in the sample: invented, related, never identical.

Every table rests on the pattern of poverty in scripts/sample/planted.py. Old towns have more fuel
poverty, traffic more nitrogen dioxide, poor places more deaths of COVID-19, and each has noise of
its own. Totals that a record promises (people, households, deaths) are whole numbers fixed here
and shared out, so they are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.special import ndtri

from scripts.sample.places import ORIGIN_M, Places, make_places, metres, shared_out, stream
from scripts.sample.planted import plant, poverty, smooth

HOUSEHOLDS, FUEL_POOR = 169_000, 25_800
POPULATION_2019 = 398_000
DEATHS_DUE, DEATHS_INVOLVING, DEATHS_INVOLVING_LATER = 900, 1_000, 150

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Domain:
    """A domain of the Indices: how it follows poverty and building, and what its score looks like.

    ``poor`` and ``built`` say how closely it follows poverty and density of building; ``rough``
    and ``noise`` are the sizes of a smooth pattern and of a random part of its own; ``score``
    turns R (rank from the least deprived, as a share of all) into a score on the domain's own
    scale.
    """

    name: str
    weight: float
    _: KW_ONLY
    poor: float = 1
    built: float
    rough: float
    noise: float
    score: Callable[[Floats], Floats]


DOMAINS = (
    Domain(
        "income", 0.225, built=0, rough=0.12, noise=0.14,
        score=lambda r: 0.01 + 0.44 * r**3,
    ),
    Domain(
        "employment", 0.225, built=0, rough=0.14, noise=0.14,
        score=lambda r: 0.01 + 0.33 * r**3,
    ),
    Domain(
        "education", 0.135, built=-0.3, rough=0.22, noise=0.2,
        score=lambda r: 0.3 + 84 * r**3,
    ),
    Domain(
        "health", 0.135, built=0.2, rough=0.2, noise=0.16,
        score=lambda r: 0.85 * ndtri(0.996 * r),
    ),
    Domain(
        "crime", 0.093, built=0.5, rough=0.3, noise=0.25,
        score=lambda r: 0.8 * ndtri(0.995 * r),
    ),
    Domain(
        "barriers", 0.093, poor=0.25, built=-1.5, rough=0.4, noise=0.3,
        score=lambda r: 3 + 47 * r**1.4,
    ),
    Domain(
        "living_environment", 0.093, poor=0.25, built=1.5, rough=0.4, noise=0.3,
        score=lambda r: 1.2 + 65 * r**1.9,
    ),
)  # fmt: skip
AGE_GROUPS = (
    Domain("children", 0, built=0, rough=0.12, noise=0.12, score=lambda r: 0.015 + 0.52 * r**3),
    Domain("older", 0, built=0, rough=0.12, noise=0.12, score=lambda r: 0.03 + 0.5 * r**3),
)
"""The two indices of income deprivation by age, which count for nothing in the overall one."""

AGES = (*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+")
AGE_SHARE = (
    58, 62, 60, 56, 62, 68, 66, 65, 61, 66, 69, 66, 56, 50, 49, 35, 26, 16, 9,
)  # fmt: skip
MALE_SHARE = (
    51, 51, 51, 51, 51, 50, 50, 50, 50, 49, 49, 49, 49, 48, 48, 46, 44, 39, 31,
)  # fmt: skip
DEATH_RISK = (
    0, 0, 0, 0.2, 0.4, 0.8, 1.5, 2.5, 5, 9, 16, 29, 50, 80, 150, 290, 560, 1050, 2000,
)  # fmt: skip
MALE_RISK = 1.6

MONTHS = (4, 25, 11, 4, 1, 0.5, 0.7, 3, 9, 13, 17, 9, 2, 0.8)
"""Deaths due to COVID-19 by month of registration, March 2020 to April 2021, in proportion."""

GRID_KM = (-6, -5, 27, 25)
"""West, south, east and north edges of the 1 km grid of concentrations, in km from the origin."""
TRUNK_ROAD_KM = (
    (3.5, 12.2),
    (7.5, 12.0),
    (11.2, 11.4),
    (12.6, 9.4),
    (12.0, 6.0),
    (16.0, 5.4),
    (20.0, 4.0),
)
YEARS = (2021, 2022, 2023)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Everything the sample says, before it takes the form of any publisher's file.

    ``planted`` is the frame of `plant`; ``indices`` and ``fuel_poverty`` are indexed by LSOA,
    ``people`` by MSOA with columns (sex, age band) and ``deaths`` by MSOA with a column a month;
    ``weekly`` is indexed by (sex, age band of the weekly tables) with a column for each week's end;
    ``concentrations`` is indexed by cell (easting, northing) with columns such as ``no2_2021``;
    ``air`` holds their means by LSOA; ``postcodes`` has the columns of the publisher.
    """

    places: Places
    planted: pd.DataFrame
    indices: pd.DataFrame
    fuel_poverty: pd.DataFrame
    concentrations: pd.DataFrame
    air: pd.DataFrame
    people: pd.DataFrame
    deaths: pd.DataFrame
    weekly: pd.DataFrame


def make_sample(seed: int) -> Sample:
    """Invent the whole sample from a seed."""
    places = make_places(seed)
    planted = plant(places)
    poor = poverty(places, planted, seed)
    concentrations = air_grid(places, seed)
    people = people_by_age(places, poor, seed)
    return Sample(
        places=places,
        planted=planted,
        indices=indices(places, poor, seed),
        fuel_poverty=households_in_fuel_poverty(places, poor, seed),
        concentrations=concentrations,
        air=air_means(places.lsoa, concentrations),
        people=people,
        deaths=deaths_by_month(places, poor, people, seed),
        weekly=invented_weekly_deaths(people, seed),
    )


def indices(places: Places, poor: pd.Series, seed: int) -> pd.DataFrame:
    """Make the Indices: scores, ranks and deciles, overall and by domain, by the publisher's rules.

    The overall score adds up the domains' ranks on the Indices' transformed scale with their
    weights, which are not renormalised; rank 1 is the most deprived; decile = ceil(rank × 10 /
    n).
    """
    columns: dict[str, pd.Series] = {}
    overall = pd.Series(0.0, index=poor.index)
    for domain in (*DOMAINS, *AGE_GROUPS):
        rank = _domain_rank(domain, places.lsoa, poor, seed)
        share = (len(rank) + 1 - rank) / len(rank)
        overall = overall + domain.weight * on_exponential_scale(share)
        columns[f"{domain.name}_score"] = pd.Series(
            domain.score(share.to_numpy()), index=rank.index
        ).round(3)
        columns[f"{domain.name}_rank"] = rank
    columns["imd_score"] = overall.round(3)
    columns["imd_rank"] = overall.rank(method="min", ascending=False).astype("int64")
    for name in [name for name in columns if name.endswith("_rank")]:
        decile = -(-columns[name] * 10 // len(poor))
        columns[name.replace("_rank", "_decile")] = decile
    return pd.DataFrame(columns).join(_denominators(places.lsoa, seed))


def on_exponential_scale(share: pd.Series) -> pd.Series:
    """Put R, the rank from the least deprived as a share of all, on the Indices' exponential scale.

    X = −23 ln(1 − R(1 − e^(−100/23))): 100 for the most deprived, about 36 at the worst fifth.

    >>> on_exponential_scale(pd.Series([1.0, 0.8])).round(1).tolist()
    [100.0, 35.9]
    """
    return pd.Series(-23 * np.log(1 - share * (1 - np.exp(-100 / 23))))


def _domain_rank(domain: Domain, areas: gpd.GeoDataFrame, poor: pd.Series, seed: int) -> pd.Series:
    draw = stream(seed, f"domain {domain.name}")
    own = domain.rough * smooth(areas, draw, spread_km=2.2)
    level = (
        domain.poor * poor
        + domain.built * areas["urban"]
        + own.clip(-2 * domain.rough, 2 * domain.rough)
        + domain.noise * np.clip(draw.normal(0, 1, len(areas)), -2, 2)
    )
    return pd.Series(level).rank(method="first", ascending=False).astype("int64")


def _denominators(areas: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Split people into children, those of 16 to 59 and older ones."""
    draw = stream(seed, "denominators")
    children = (areas["population"] * draw.uniform(0.14, 0.24, len(areas))).astype("int64")
    older = (areas["population"] * draw.uniform(0.15, 0.30, len(areas))).astype("int64")
    adults = areas["population"] - children - older
    return pd.DataFrame(
        {
            "population": areas["population"],
            "children": children,
            "adults": adults,
            "older": older,
            "working_age": (adults * 1.04 * 4).round() / 4,
        }
    )


def households_in_fuel_poverty(places: Places, poor: pd.Series, seed: int) -> pd.DataFrame:
    """Make households and those in fuel poverty: more in old inner streets and in poor places."""
    areas, draw = places.lsoa, stream(seed, "fuel poverty")
    households = shared_out(HOUSEHOLDS, areas["population"] * draw.uniform(0.92, 1.08, len(areas)))
    rate = np.exp(
        0.14 * poor
        + 0.5 * areas["urban"]
        + 0.16 * smooth(areas, draw, spread_km=2.0)
        + 0.17 * np.clip(draw.normal(0, 1, len(areas)), -2, 2)
    )
    fuel_poor = shared_out(FUEL_POOR, households * rate)
    return pd.DataFrame({"households": households, "fuel_poor": fuel_poor}, index=areas.index)


def air_grid(places: Places, seed: int) -> pd.DataFrame:
    """Make annual means of PM2.5 and NO2 (µg/m³) in 1 km cells; NaN where there is no mainland.

    The islet is left out, as small ones are in models, so its neighbourhood has no value.
    """
    west, south, east, north = GRID_KM
    axes = np.meshgrid(np.arange(west, east) + 0.5, np.arange(north, south, -1) - 0.5)
    centres = metres(np.column_stack([axis.ravel() for axis in axes]))
    cells = shapely.box(*(centres - 500).T, *(centres + 500).T)
    mainland = shapely.union_all(places.lsoa.geometry[~places.lsoa["islet"]].to_numpy())
    modelled = shapely.intersects(cells, mainland)
    table = pd.DataFrame(
        index=pd.MultiIndex.from_arrays(list(centres.T), names=["easting", "northing"])
    )
    draw = stream(seed, "air")
    for pollutant, made in _concentrations(centres).items():
        for year, level in zip(YEARS, (1.03, 1.0, 0.95), strict=True):
            value = made * level * draw.uniform(0.985, 1.015, len(centres))
            table[f"{pollutant}_{year}"] = np.where(modelled, value.round(5), np.nan)
    return table


def _concentrations(centres: Floats) -> dict[str, Floats]:
    """Return mean levels: both rise towards towns; NO2 also along the trunk road, PM2.5 inland."""
    road = shapely.LineString(metres(TRUNK_ROAD_KM))
    from_road = shapely.distance(shapely.points(centres), road) / 1000
    km = (centres - ORIGIN_M) / 1000
    town = sum(
        size * np.exp(-((km[:, 0] - x) ** 2 + (km[:, 1] - y) ** 2) / (2 * 1.9**2))
        for x, y, size in ((11.2, 11.6, 1.0), (5.0, 13.0, 0.55), (7.8, 4.3, 0.6), (16.2, 9.0, 0.45))
    )
    return {
        "pm25": 5.2 + 0.06 * km[:, 0] + 2.1 * np.asarray(town) + 0.4 * np.exp(-from_road / 0.8),
        "no2": 4.6 + 9.5 * np.asarray(town) + 5.0 * np.exp(-from_road / 0.7),
    }


def air_means(areas: gpd.GeoDataFrame, concentrations: pd.DataFrame) -> pd.DataFrame:
    """Average the grid over areas and years from whatever cells there are, as a ready table does.

    An area with no modelled cell gets the value of the nearest one. Columns pm25 and no2.
    """
    known = concentrations.dropna()
    centres = known.index.to_frame().to_numpy(dtype=float)
    cells = shapely.box(*(centres - 500).T, *(centres + 500).T)
    shapes = areas.geometry.to_numpy()
    area, cell = shapely.STRtree(cells).query(shapes)
    weight = shapely.area(shapely.intersection(shapes[area], cells[cell]))
    covered = np.bincount(area, weights=weight, minlength=len(areas))
    nearest = shapely.STRtree(cells).nearest(shapes)
    means = {}
    for pollutant in ("pm25", "no2"):
        level = known[[f"{pollutant}_{year}" for year in YEARS]].mean(axis=1).to_numpy()
        total = np.bincount(area, weights=weight * level[cell], minlength=len(areas))
        means[pollutant] = np.where(covered > 0, total / np.maximum(covered, 1), level[nearest])
    return pd.DataFrame(means, index=areas.index).round(2)


def people_by_age(places: Places, poor: pd.Series, seed: int) -> pd.DataFrame:
    """Make mid-2019 populations of MSOAs by sex and age; poorer ones are younger."""
    draw = stream(seed, "people")
    population = places.lsoa["population"].groupby(places.lsoa["msoa_code"]).sum()
    total = shared_out(POPULATION_2019, population * draw.uniform(0.97, 1.05, len(population)))
    younger = poor.groupby(places.lsoa["msoa_code"]).mean().to_numpy()
    age = np.arange(len(AGES)) / len(AGES) - 0.45
    noise = draw.uniform(0.93, 1.07, (len(total), len(AGES)))
    shares = np.array(AGE_SHARE) * np.exp(-0.35 * younger[:, None] * age) * noise
    bands = np.array(
        [shared_out(number, share) for number, share in zip(total, shares, strict=True)]
    )
    males = np.round(bands * np.array(MALE_SHARE) / 100).astype("int64")
    columns = pd.MultiIndex.from_product([["Males", "Females"], AGES], names=["sex", "age"])
    return pd.DataFrame(np.hstack([males, bands - males]), index=population.index, columns=columns)


def _risk() -> Floats:
    """Return the risk of death by sex and age, in the order of the columns of `people_by_age`."""
    return np.outer([MALE_RISK, 1.0], DEATH_RISK).ravel()


def deaths_by_month(
    places: Places, poor: pd.Series, people: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Make deaths due to COVID-19 by MSOA and month, from age, sex and how poor the place is."""
    draw = stream(seed, "deaths")
    level = poor.groupby(places.lsoa["msoa_code"]).mean().to_numpy()
    risk = np.exp(0.14 * level + 0.16 * draw.normal(0, 1, len(level)))
    expected = people.to_numpy() @ _risk() * risk
    shares = np.outer(expected, MONTHS) / (expected.sum() * sum(MONTHS))
    counts = draw.multinomial(DEATHS_DUE, shares.ravel()).reshape(shares.shape)
    return pd.DataFrame(counts, index=people.index)


def invented_weekly_deaths(people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Make weekly deaths involving COVID-19 by sex and age, for the weeks of 2020 and 2021.

    A thousand of them are in the 61 weeks from 6 March 2020 to 30 April 2021; before there are
    none.
    """
    draw = stream(seed, "weekly deaths")
    weeks = pd.date_range("2020-01-03", "2021-12-31", freq="7D")
    day = (weeks - weeks[0]).days.to_numpy()
    waves = (
        sum(
            size * np.exp(-((day - middle) ** 2) / (2 * width**2))
            for middle, width, size in ((105, 20, 1.0), (378, 30, 1.0), (650, 70, 0.12))
        )
        + 0.002
    )
    first, last = pd.Timestamp("2020-03-06"), pd.Timestamp("2021-04-30")
    inside = (weeks >= first) & (weeks <= last)
    by_age = people.sum().to_numpy() * _risk()
    counts = np.zeros((len(by_age), len(weeks)), dtype="int64")
    for total, when in ((DEATHS_INVOLVING, inside), (DEATHS_INVOLVING_LATER, weeks > last)):
        shares = np.outer(by_age, np.where(when, waves, 0.0))
        counts += draw.multinomial(total, shares.ravel() / shares.sum()).reshape(shares.shape)
    return pd.DataFrame(counts, index=people.columns, columns=weeks)
