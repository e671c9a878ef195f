"""The geography of the sample: two fictional boroughs on an island where the map shows only sea.

Everything here is invented. Northmere and Westholt lie either side of an estuary, in British
National Grid coordinates that fall in open water, with codes from ranges that no real area uses.
Towns are denser than the country around them, so LSOAs are small in town and large outside it, as
real ones are; coast and boundaries wander; neighbours share their edges vertex for vertex; one
LSOA is an islet cut off by water.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi, cKDTree

from geo.crs import BNG

Points = NDArray[np.float64]

ORIGIN_M = (152_000.0, 424_000.0)
"""South-west corner of the place: open water of the Irish Sea. Plans below are in km from it."""

COAST_KM = (
    (2.0, 9.3), (1.2, 11.5), (2.4, 14.5), (4.5, 16.8), (8.5, 17.6), (12.5, 17.0), (16.5, 17.4),
    (19.5, 15.2), (20.6, 11.5), (19.8, 8.0), (20.4, 4.5), (17.8, 1.6), (14.0, 0.8), (10.5, 1.5),
    (7.0, 0.6), (4.0, 1.8), (2.6, 4.2), (3.2, 6.6), (6.0, 6.9), (8.6, 7.6), (10.4, 8.6), (8.4, 8.9),
    (5.6, 8.7),
)  # fmt: skip
ISLET_KM = ((-0.6, 13.6), (-0.2, 14.5), (0.5, 14.3), (0.7, 13.5), (0.0, 13.0))
BORDER_KM = ((0.0, 7.9), (10.4, 8.6), (14.0, 9.6), (17.0, 9.0), (21.0, 9.9))

TOWNS_KM = (  # easting, northing, extra density at the centre, spread
    (11.2, 11.6, 6.0, 1.7),
    (5.0, 13.0, 3.2, 1.2),
    (16.2, 13.4, 1.8, 1.6),
    (7.8, 4.3, 3.6, 1.4),
    (16.0, 5.6, 2.0, 1.5),
)
COUNTRY_DENSITY = 0.22
POPULATION_2015 = 390_000
PIXEL_M = 150.0
VERTEX_SPACING_M = 70.0


@dataclass(frozen=True, kw_only=True)
class FictionalBorough:
    """A fictional borough: how many LSOAs its MSOAs have, and what those are called.

    ``near_km`` gives the names that belong to a certain spot; the others are handed out from
    north to south.
    """

    code: str
    name: str
    msoa_sizes: tuple[int, ...]
    names: tuple[str, ...]
    near_km: Mapping[str, tuple[float, float]]
    postcode_area: str


NORTHMERE = FictionalBorough(
    code="E08900001",
    name="Northmere",
    msoa_sizes=(6,) * 8 + (5,) * 12 + (4,) * 8,
    names=(
        "Vellenby", "Thistlewray", "Wintermoor Edge", "Sallowhythe North", "Sallowhythe South",
        "Tarrowby", "Fennerholt", "Kelderwick", "Oxgarth", "Peverholme", "Mossgarrow",
        "Candlegarth", "Dunmarrow", "Harrowstead", "Lowmarrow's End", "Bramblehythe",
        "Emberhill Fold", "Marrowgate", "Quillan Marsh", "Ironhythe", "Lantern Row",
    ),
    near_km={
        "Northmere Central": (11.2, 11.6),
        "Northmere Quays": (10.6, 9.6),
        "Gallowmere East": (13.4, 11.8),
        "Gallowmere West": (9.2, 12.2),
        "Old Staithe & Ferry Hill": (5.0, 13.0),
        "Ropewalk & Saltpans": (4.0, 11.6),
        "Skarrow Point": (1.8, 13.8),
    },
    postcode_area="QN",
)  # fmt: skip
WESTHOLT = FictionalBorough(
    code="E06900001",
    name="Westholt",
    msoa_sizes=(6,) * 5 + (5,) * 8 + (4,) * 5,
    names=(
        "Stonegarrow", "Ravenwray", "Evenholme", "Cawderby", "Hollingwray", "Larkmarrow",
        "Amberwold", "Saintsmere Green", "Plashett Hill", "Holtmere Park", "Tolverstead",
        "Little Tolver", "Orlestow", "Ashwold Vale", "Greyhythe",
    ),
    near_km={
        "Westholt Town": (7.8, 4.3),
        "Westholt Priory": (6.4, 3.4),
        "Pennamere": (16.0, 5.6),
    },
    postcode_area="QW",
)  # fmt: skip
BOROUGHS = (NORTHMERE, WESTHOLT)
REGION_CODE, REGION_NAME = "E12900001", "Fictional Region"
COUNTY_CODE, COUNTY_NAME = "E11900001", "Mereshire (Met County)"
WHOLE_CODE, WHOLE_NAME = "E92900001", "THE SAMPLE"


@dataclass(frozen=True, kw_only=True)
class Places:
    """LSOAs and MSOAs as frames indexed by ``area_code``, sorted, in EPSG:27700, whole metres.

    ``lsoa`` has area_name, msoa_code, msoa_name, local_name, lad_code, lad_name, easting,
    northing, urban (density of building relative to the densest, 0 to 1) and population; ``msoa``
    has area_name, local_name, lad_code, lad_name, easting, northing.
    """

    lsoa: gpd.GeoDataFrame
    msoa: gpd.GeoDataFrame


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random numbers of one part of the sample, independent of every other part."""
    return np.random.default_rng([seed, *name.encode()])


def make_places(seed: int) -> Places:
    """Make the areas of both boroughs from a seed; the same seed makes the same areas."""
    land = _ring(COAST_KM, stream(seed, "coast"))
    islet = _ring(ISLET_KM, stream(seed, "islet"))
    sites = _sites(land, islet, seed)
    shapes = _cells(land, sites[["easting", "northing"]].to_numpy(), stream(seed, "edges"))
    areas = gpd.GeoDataFrame(sites, geometry=[*shapes, shapely.MultiPolygon([islet])], crs=BNG)
    return _named(areas, stream(seed, "population"))


def density(points: Points) -> NDArray[np.float64]:
    """Return how densely built each point (EPSG:27700) is; the open country has 0.22."""
    km = (points - ORIGIN_M) / 1000
    built = np.full(len(km), COUNTRY_DENSITY)
    for easting, northing, extra, spread in TOWNS_KM:
        apart = (km[:, 0] - easting) ** 2 + (km[:, 1] - northing) ** 2
        built += extra * np.exp(-apart / (2 * spread**2))
    return built


def metres(places_km: object) -> Points:
    """Turn plans in km from the origin into eastings and northings.

    >>> metres([(1, 2)]).tolist()
    [[153000.0, 426000.0]]
    """
    return np.asarray(places_km, dtype=float) * 1000 + ORIGIN_M


def _wandering(start: Points, end: Points, draw: np.random.Generator, most: float) -> Points:
    """Return a line between two points that strays sideways, by midpoint displacement."""
    line = np.array([start, end])
    halvings = max(0, int(np.ceil(np.log2(np.hypot(*(end - start)) / VERTEX_SPACING_M))))
    for _ in range(halvings):
        step = np.diff(line, axis=0)
        aside = np.column_stack([-step[:, 1], step[:, 0]]) * draw.uniform(
            -most, most, (len(step), 1)
        )
        woven = np.empty((2 * len(line) - 1, 2))
        woven[::2], woven[1::2] = line, (line[:-1] + line[1:]) / 2 + aside
        line = woven
    return line


def _ring(corners_km: object, draw: np.random.Generator) -> shapely.Polygon:
    """Return a polygon with a wandering outline through (about) these corners, in whole metres."""
    corners = metres(corners_km)
    sides = zip(corners, np.roll(corners, -1, axis=0), strict=True)
    outline = np.vstack([_wandering(start, end, draw, 0.19)[:-1] for start, end in sides])
    whole = shapely.set_precision(shapely.make_valid(shapely.Polygon(outline)), 1.0)
    return max(shapely.get_parts(whole), key=shapely.area)


def _sites(land: shapely.Polygon, islet: shapely.Polygon, seed: int) -> pd.DataFrame:
    """Place the LSOAs: a centre, a borough and a numbered MSOA for each, the islet's last."""
    west, south, east, north = land.bounds
    grid = np.meshgrid(np.arange(west, east, PIXEL_M), np.arange(south, north, PIXEL_M))
    pixels = np.column_stack([axis.ravel() for axis in grid])
    pixels = pixels[shapely.contains_xy(land.buffer(-40), pixels)]
    border = metres(BORDER_KM)
    northern = pixels[:, 1] > np.interp(pixels[:, 0], border[:, 0], border[:, 1])
    islet_centre = np.array(islet.representative_point().coords[0])
    frames = []
    for borough in BOROUGHS:
        own = pixels[northern if borough is NORTHMERE else ~northern]
        waiting = islet_centre if borough is NORTHMERE else None
        frames.append(_borough_sites(borough, own, stream(seed, borough.name), waiting))
    sites = pd.concat(frames, ignore_index=True)
    return sites.sort_values("islet", kind="stable", ignore_index=True)


def _borough_sites(
    borough: FictionalBorough, pixels: Points, draw: np.random.Generator, islet: Points | None
) -> pd.DataFrame:
    """Divide a borough's land into MSOAs and those into LSOAs; one MSOA may hold an islet too."""
    group = _divided(pixels, len(borough.msoa_sizes), draw)
    weights = np.bincount(group, weights=density(pixels), minlength=len(borough.msoa_sizes))
    sizes = np.empty(len(weights), dtype=int)
    sizes[np.argsort(-weights, kind="stable")] = sorted(borough.msoa_sizes, reverse=True)
    offshore = -1
    if islet is not None:
        offshore = int(group[cKDTree(pixels).query(islet)[1]])
    centres, msoas = [], []
    for number, size in enumerate(sizes):
        own = pixels[group == number]
        parts = size - (number == offshore)
        part = _divided(own, parts, draw)
        centres += [_heart(own[part == index]) for index in range(parts)]
        msoas += [number] * parts
    if islet is not None:
        centres.append(islet)
        msoas.append(offshore)
    sites = pd.DataFrame(np.array(centres), columns=["easting", "northing"])
    last = np.arange(len(sites)) == len(sites) - 1
    return sites.assign(msoa=msoas, borough=borough.name, islet=last & (islet is not None))


def _divided(pixels: Points, count: int, draw: np.random.Generator) -> NDArray[np.intp]:
    """Divide pixels into ``count`` compact parts of about equal population (k-means).

    Centres follow the square root of the weight in two dimensions, so the weight is density
    squared.
    """
    weight = density(pixels) ** 2
    centres = pixels[draw.choice(len(pixels), count, replace=False, p=weight / weight.sum())]
    part: NDArray[np.intp] = cKDTree(centres).query(pixels)[1]
    for _ in range(25):
        total = np.bincount(part, weights=weight, minlength=count)
        held = total > 0
        for axis in (0, 1):
            pulled = np.bincount(part, weights=weight * pixels[:, axis], minlength=count)
            centres[held, axis] = pulled[held] / total[held]
        part = cKDTree(centres).query(pixels)[1]
    return part


def _heart(pixels: Points) -> Points:
    """Return the pixel nearest to the middle of some, so that a centre is never in the water."""
    apart = ((pixels - pixels.mean(axis=0)) ** 2).sum(axis=1)
    return np.asarray(pixels[np.argmin(apart)])


def _cells(
    land: shapely.Polygon, centres: Points, draw: np.random.Generator
) -> list[shapely.MultiPolygon]:
    """Divide the land among the centres on it (all but the last, the islet's).

    Voronoi cells with wandering edges; everything is noded on whole metres at once, so that
    neighbours share every vertex. What water cuts off from its centre goes to the neighbour it
    shares most with.
    """
    centres = centres[:-1]
    west, south, east, north = land.buffer(20_000).bounds
    far = [[west, south], [west, north], [east, south], [east, north]]
    cells = Voronoi(np.vstack([centres, far]))
    edges = [
        shapely.LineString(_edge(cells, index, draw))
        for index, ends in enumerate(cells.ridge_vertices)
        if -1 not in ends
    ]
    inside = shapely.intersection(shapely.MultiLineString(edges), land.buffer(200))
    lines = shapely.union_all([inside, land.exterior], grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    faces = faces[
        shapely.contains_xy(land, shapely.get_coordinates(shapely.point_on_surface(faces)))
    ]
    return _adopted(faces, shapely.points(centres))


def _edge(cells: Voronoi, index: int, draw: np.random.Generator) -> Points:
    """Let an edge wander, but never near the two centres it divides."""
    start, end = cells.vertices[cells.ridge_vertices[index]]
    first, second = cells.points[cells.ridge_points[index]]
    length = np.hypot(*(end - start))
    room = np.hypot(*(second - first)) / 2
    return _wandering(start, end, draw, min(0.17, 0.2 * room / max(length, 1.0)))


def _adopted(
    faces: NDArray[np.object_], centres: NDArray[np.object_]
) -> list[shapely.MultiPolygon]:
    """Give each face to the centre in it, or to the neighbour it shares most boundary with."""
    owner = np.full(len(faces), -1)
    which, where = shapely.STRtree(faces).query(centres, predicate="intersects")
    owner[where] = which
    while (owner < 0).any():
        orphan = int(np.argmax(owner < 0))
        shared = [
            shapely.length(shapely.intersection(faces[orphan], face)) if own >= 0 else 0.0
            for face, own in zip(faces, owner, strict=True)
        ]
        owner[orphan] = owner[int(np.argmax(shared))]
    return [
        shapely.multipolygons(shapely.get_parts(shapely.union_all(faces[owner == number])))
        for number in range(len(centres))
    ]


def _named(areas: gpd.GeoDataFrame, draw: np.random.Generator) -> Places:
    """Give codes, names and people to the areas."""
    frames = [
        _borough_names(areas[areas["borough"] == borough.name], borough) for borough in BOROUGHS
    ]
    lsoa = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=BNG)
    msoas = lsoa.drop_duplicates("msoa_name").index
    numbers = pd.Series(range(1, len(msoas) + 1), index=lsoa["msoa_name"][msoas])
    lsoa["msoa_code"] = [f"E02900{number:03d}" for number in numbers[lsoa["msoa_name"]]]
    lsoa.index = pd.Index([f"E01900{n:03d}" for n in range(1, len(lsoa) + 1)], name="area_code")
    lsoa["population"] = _people(lsoa, draw)
    built = density(lsoa[["easting", "northing"]].to_numpy(dtype=float))
    lsoa["urban"] = built / built.max()
    return Places(lsoa=lsoa, msoa=_msoas(lsoa))


def _people(lsoa: gpd.GeoDataFrame, draw: np.random.Generator) -> NDArray[np.int64]:
    """Share the people of the sample out: about 1,700 to an LSOA, fewest on the islet."""
    share = np.exp(np.clip(draw.normal(0, 0.16, len(lsoa)), -0.35, 0.4))
    return shared_out(POPULATION_2015, np.where(lsoa["islet"], share.min() * 0.95, share))


def shared_out(total: int, shares: object) -> NDArray[np.int64]:
    """Share a whole number out in proportion, in whole numbers: by largest remainders.

    >>> shared_out(10, [1, 1, 1]).tolist()
    [4, 3, 3]
    """
    weight = np.asarray(shares, dtype=float)
    exact = total * weight / weight.sum()
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole


def _borough_names(areas: gpd.GeoDataFrame, borough: FictionalBorough) -> gpd.GeoDataFrame:
    """Name the MSOAs of a borough, numbered from north to south, and their LSOAs, by letter."""
    middles = areas.groupby("msoa")[["easting", "northing"]].mean()
    order = list(middles.sort_values("northing", ascending=False).index)
    local = _local_names(middles, borough, order)
    number = areas["msoa"].map({msoa: place for place, msoa in enumerate(order, start=1)})
    listed = areas.assign(number=number, local_name=areas["msoa"].map(local)).sort_values(
        ["number", "northing"], ascending=[True, False]
    )
    letter = [chr(ord("A") + place) for place in listed.groupby("number").cumcount()]
    listed["msoa_name"] = [f"{borough.name} {number:03d}" for number in listed["number"]]
    listed["area_name"] = listed["msoa_name"] + letter
    listed["easting"] = listed["easting"].round().astype("int64")
    listed["northing"] = listed["northing"].round().astype("int64")
    kept = listed.drop(columns=["msoa", "number", "borough"])
    return kept.assign(lad_code=borough.code, lad_name=borough.name)


def _local_names(
    middles: pd.DataFrame, borough: FictionalBorough, order: list[int]
) -> dict[int, str]:
    """Name each MSOA: first the names that belong to a spot, then the rest from north to south."""
    local: dict[int, str] = {}
    for name, place in borough.near_km.items():
        apart = np.hypot(*(middles.loc[order] - metres([place])[0]).to_numpy().T)
        apart[[msoa in local for msoa in order]] = np.inf
        local[order[int(np.argmin(apart))]] = name
    others = [msoa for msoa in order if msoa not in local]
    return {**local, **dict(zip(others, borough.names, strict=True))}


def _msoas(lsoa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Unite the LSOAs of each MSOA."""
    columns = ["msoa_name", "local_name", "lad_code", "lad_name"]
    msoa = lsoa.groupby("msoa_code")[columns].first().rename(columns={"msoa_name": "area_name"})
    shapes = lsoa.geometry.groupby(lsoa["msoa_code"]).agg(
        lambda parts: shapely.multipolygons(
            shapely.get_parts(shapely.coverage_union_all(parts.to_numpy()))
        )
    )
    areas = gpd.GeoDataFrame(msoa, geometry=shapes.to_numpy(), crs=BNG).rename_axis("area_code")
    inside = areas.representative_point()
    return areas.assign(
        easting=inside.x.round().astype("int64"), northing=inside.y.round().astype("int64")
    )
