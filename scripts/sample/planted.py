"""Which neighbourhoods of the sample are poor: a smooth pattern, and pockets planted in it.

The places of the pockets are a plan (below), their neighbourhoods follow from the areas that the
seed made. A pocket is a worst neighbourhood and those around it, less poor with every step away
from it; no pocket touches another, but for two in Northmere, which meet at their rims, and two
that meet across the line between the boroughs. Together with two single neighbourhoods they are
the worst fifth of the sample, which is what national deciles 1 and 2 are.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from scripts.sample.places import NORTHMERE, WESTHOLT, FictionalBorough, Places, metres, stream

Graph = dict[str, set[str]]


@dataclass(frozen=True, kw_only=True)
class PlantedPocket:
    """A pocket to plant: where its worst neighbourhood is, how many it has and how deep it goes.

    ``size`` None means the worst neighbourhood with all around it in the borough. ``touching``
    names an earlier pocket that it must meet at the rim. ``border`` wants the worst neighbourhood
    on the line between the boroughs.
    """

    name: str
    borough: FictionalBorough
    near_km: tuple[float, float]
    depth: float
    size: int | None = None
    touching: str = ""
    border: bool = False


PLANS = (
    PlantedPocket(name="Old Foundry", borough=NORTHMERE, near_km=(10.4, 12.2), depth=3.1),
    PlantedPocket(
        name="Ropewalk Streets",
        borough=NORTHMERE,
        near_km=(13.0, 12.4),
        depth=3.0,
        touching="Old Foundry",
    ),
    PlantedPocket(
        name="Causeway Estate",
        borough=NORTHMERE,
        near_km=(15.5, 9.6),
        depth=2.5,
        size=6,
        border=True,
    ),
    PlantedPocket(name="Garrow Rise", borough=NORTHMERE, near_km=(16.4, 13.6), depth=2.3, size=5),
    PlantedPocket(
        name="Causeway South",
        borough=WESTHOLT,
        near_km=(15.5, 8.8),
        depth=2.3,
        size=4,
        touching="Causeway Estate",
    ),
    PlantedPocket(name="Priory Fields", borough=WESTHOLT, near_km=(7.8, 4.3), depth=2.6, size=4),
    PlantedPocket(name="Orle Gardens", borough=WESTHOLT, near_km=(16.6, 3.9), depth=2.2, size=4),
    PlantedPocket(name="Old Port", borough=NORTHMERE, near_km=(4.6, 12.8), depth=2.7, size=0),
)
"""In order of planting; the last, with size 0, takes what is left of the worst fifth."""

SINGLES_KM = ((9.0, 16.4), (19.0, 11.6))
"""Poor neighbourhoods with no poor neighbour, in Northmere."""

WORST_SHARE = 0.2
STEP_DOWN = 0.55
SINGLE_DEPTH = 1.9
LEAST_PLANTED, MOST_OTHERWISE = 1.5, 0.3
WESTHOLT_LAG = 35
"""How many neighbourhoods of Northmere outside its pockets are poorer than all of Westholt's."""


def plant(places: Places) -> pd.DataFrame:
    """Choose the neighbourhoods of the planted pockets.

    Returns a frame with columns pocket (its name, empty for a single neighbourhood), area_code,
    steps (from the worst neighbourhood) and depth (how poor it is; see `poverty`), ordered as
    planted.
    """
    areas = places.lsoa
    graph = touching_graph(areas)
    left = round(WORST_SHARE * len(areas)) - len(SINGLES_KM)
    pockets: dict[str, dict[str, int]] = {}
    for plan in PLANS:
        wanted = left if plan.size == 0 else plan.size
        pockets[plan.name] = _pocket(plan, areas, graph, pockets, wanted)
        left -= len(pockets[plan.name])
    rows = [
        (plan.name, code, steps, plan.depth - STEP_DOWN * steps)
        for plan in PLANS
        for code, steps in pockets[plan.name].items()
    ]
    taken = {code for pocket in pockets.values() for code in pocket}
    for spot in SINGLES_KM:
        code = _nearest(areas, _free(areas, NORTHMERE, graph, taken), spot)
        taken.add(code)
        rows.append(("", code, 0, SINGLE_DEPTH))
    return pd.DataFrame(rows, columns=["pocket", "area_code", "steps", "depth"])


def touching_graph(areas: gpd.GeoDataFrame) -> Graph:
    """Return the neighbours of each area: those within 1 m."""
    shapes = areas.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=1.0)
    graph: Graph = {code: set() for code in areas.index}
    for one, other in zip(first, second, strict=True):
        if one != other:
            graph[areas.index[one]].add(areas.index[other])
    return graph


def poverty(places: Places, planted: pd.DataFrame, seed: int) -> pd.Series:
    """Return how poor each neighbourhood is, on a scale of about −3 to 3 that nobody publishes.

    Smooth over the map and higher in towns outside the pockets, where it is at most 0.3; at least
    1.5 in them. Westholt is better off, so its worst neighbourhoods outside the pockets are
    middling in the sample.
    """
    areas = places.lsoa
    ground = smooth(areas, stream(seed, "poverty"), spread_km=2.6) + 1.2 * areas["urban"]
    near = pd.Series(
        [len(touched & set(planted["area_code"])) for touched in touching_graph(areas).values()]
    )
    ground = ground + 0.12 * near.clip(upper=3).to_numpy()
    other = ~areas.index.isin(planted["area_code"])
    western = areas["lad_code"] == WESTHOLT.code
    ground[western] -= _lag(ground[other & western], ground[other & ~western])
    level = ground - ground[other].max() + MOST_OTHERWISE
    planted_at = planted.set_index("area_code")["depth"]
    jitter = stream(seed, "depth").uniform(-0.1, 0.1, len(planted_at))
    raised = (planted_at + jitter).clip(lower=LEAST_PLANTED)
    return pd.Series(level).where(other, raised.reindex(level.index)).rename("poverty")


def smooth(
    areas: gpd.GeoDataFrame, draw: np.random.Generator, *, spread_km: float, bumps: int = 40
) -> pd.Series:
    """Return a smooth random pattern over the map with mean 0 and standard deviation 1."""
    corner, extent = metres([(-1, 0)])[0], np.array([22_000, 18_000])
    centres = corner + extent * draw.uniform(0, 1, (bumps, 2))
    heights = draw.normal(0, 1, bumps)
    here = areas[["easting", "northing"]].to_numpy(dtype=float)
    apart = ((here[:, None, :] - centres) ** 2).sum(axis=2)
    height = np.exp(-apart / (2 * (spread_km * 1000) ** 2)) @ heights
    return pd.Series((height - height.mean()) / height.std(), index=areas.index)


def _lag(western: pd.Series, northern: pd.Series) -> float:
    """Return by how much to lower Westholt, so that much of Northmere is poorer than all of it."""
    standing = northern.sort_values(ascending=False).iloc[WESTHOLT_LAG]
    return float(western.max() - standing)


def _pocket(
    plan: PlantedPocket,
    areas: gpd.GeoDataFrame,
    graph: Graph,
    pockets: dict[str, dict[str, int]],
    wanted: int | None,
) -> dict[str, int]:
    """Return the neighbourhoods of a pocket with their steps from the worst one, worst first."""
    mate = set(pockets.get(plan.touching, ()))
    others = {code for pocket in pockets.values() for code in pocket} - mate
    free = _free(areas, plan.borough, graph, others) - mate
    peak = _nearest(areas, _peaks(plan, areas, graph, pockets, free), plan.near_km)
    if wanted is None:
        return {peak: 0} | dict.fromkeys(sorted(graph[peak] & free), 1)
    pocket = {peak: 0}
    steps = 0
    while len(pocket) < wanted:
        steps += 1
        rim = {code for inside in pocket for code in graph[inside]} & free - set(pocket)
        if not rim:
            break
        by_distance = sorted(rim, key=lambda code: _apart(areas, code, peak))
        pocket |= dict.fromkeys(by_distance[: wanted - len(pocket)], steps)
    return pocket


def _peaks(
    plan: PlantedPocket,
    areas: gpd.GeoDataFrame,
    graph: Graph,
    pockets: dict[str, dict[str, int]],
    free: set[str],
) -> set[str]:
    """Return where the worst neighbourhood of a pocket may be."""
    borough = areas["lad_code"]
    if plan.border:
        return {
            code for code in free if any(borough[near] != borough[code] for near in graph[code])
        }
    if not plan.touching:
        return free
    mate = pockets[plan.touching]
    other_peak = next(iter(mate))
    if borough[other_peak] != plan.borough.code:
        return free & graph[other_peak]
    beside = {code for inside in mate for code in graph[inside]} & free - set(mate)
    inner = {code for near in graph[other_peak] for code in graph[near]}
    return {code for code in free - beside - inner if graph[code] & beside}


def _free(
    areas: gpd.GeoDataFrame, borough: FictionalBorough, graph: Graph, taken: set[str]
) -> set[str]:
    """Return the mainland areas of a borough that neither are taken nor touch a taken one of it."""
    own = set(areas.index[(areas["lad_code"] == borough.code) & ~areas["islet"]])
    beside = {near for code in taken & own for near in graph[code]}
    return own - taken - beside


def _nearest(areas: gpd.GeoDataFrame, codes: set[str], spot_km: tuple[float, float]) -> str:
    """Return the one of some areas whose centre is nearest to a spot of the plan."""
    spot = metres([spot_km])[0]
    here = areas.loc[sorted(codes), ["easting", "northing"]]
    apart: NDArray[np.float64] = np.hypot(*(here - spot).to_numpy(dtype=float).T)
    return str(here.index[int(np.argmin(apart))])


def _apart(areas: gpd.GeoDataFrame, one: str, other: str) -> tuple[float, str]:
    place = areas[["easting", "northing"]]
    return float(np.hypot(*(place.loc[one] - place.loc[other]))), one
