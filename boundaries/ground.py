"""The ground of an edition: areas, outlines, neighbours, postcodes, converted once and kept.

Everything is kept as Parquet in order of district, so that one borough is read without the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import geopandas as gpd
import pandas as pd
import shapely
from libpysal.graph import Graph

from boundaries import postcodes, read
from boundaries.coverage import outlines
from boundaries.lookup import district_names, msoas_of, read_lookup
from boundaries.names import Selection, select
from geo.files.cache import key_of
from geo.files.hashes import file_hash
from geo.files.store import Store
from geo.join import join_values
from geo.sources import Source
from geo.space.neighbours import Contiguity, neighbours

Level = Literal["lsoa", "msoa"]
LEVELS: tuple[Level, ...] = ("lsoa", "msoa")
PLACING = ("lsoa", "msoa", "districts", "names")
"""The roles of the files by which every LSOA is placed."""


class GroundFiles(Protocol):
    """What a ground is made from: a verified file and its record for each role, and a cache.

    The roles are ``lsoa`` and ``msoa`` (boundaries), ``districts`` (a table that says the district
    of every LSOA), ``names`` (of MSOAs) and ``postcodes``; ``whole`` is the word for all areas
    together ("England"), ``district_year`` the year whose districts are wanted.
    """

    @property
    def cache(self) -> Path:
        """Return the folder in which conversions are kept."""

    @property
    def whole(self) -> str:
        """Return the word for all areas together."""

    @property
    def district_year(self) -> int:
        """Return the year whose districts are wanted."""

    def source(self, role: str, /) -> Source:
        """Return the record of the source that plays a role."""

    def path(self, role: str, /) -> Path:
        """Return the verified file for a role."""


@dataclass(frozen=True)
class Ground:
    """The places of an edition: frames indexed by code and sorted, geometry in EPSG:27700."""

    files: GroundFiles

    @cached_property
    def lookup(self) -> pd.DataFrame:
        """Return where every LSOA is placed (see `boundaries.lookup.read_lookup`)."""

        def make() -> pd.DataFrame:
            lsoa, msoa, districts, names = (
                (self.files.path(role), self.files.source(role)) for role in PLACING
            )
            return read_lookup(lsoa, msoa, districts, names, district_year=self.files.district_year)

        return self._store.frame("lookup", self.key(), make=make)

    @cached_property
    def districts(self) -> pd.Series:
        """Return the names of the edition's districts by code."""
        return district_names(self.lookup)

    def select(self, text: str) -> Selection:
        """Find the districts that a text asks for (see `boundaries.names.select`)."""
        return select(text, self.districts, whole=self.files.whole)

    def msoas(self) -> pd.DataFrame:
        """Return the MSOAs with their names and districts (see `boundaries.lookup.msoas_of`)."""
        return msoas_of(self.lookup)

    def areas(self, level: Level, districts: Sequence[str] | None = None) -> gpd.GeoDataFrame:
        """Return the areas of some districts, or all: lad_code, easting, northing and geometry."""
        only = None if districts is None else [("lad_code", "in", list(districts))]
        areas = gpd.read_parquet(self._areas_file(level), filters=only)
        return areas.drop(columns="mended_m2").sort_index()

    def mended(self, level: Level) -> pd.Series:
        """Return by how many square metres mending changed each area's shape; NaN: not mended."""
        return pd.read_parquet(self._areas_file(level), columns=["mended_m2"])["mended_m2"]

    def outlines(self) -> gpd.GeoDataFrame:
        """Return the outlines of all districts, dissolved from LSOAs: index lad_code; lad_name."""

        def make(path: Path) -> None:
            areas = self.areas("lsoa")
            found = outlines(areas, areas["lad_code"])
            found.insert(0, "lad_name", self.districts.reindex(found.index))
            found.to_parquet(path)

        return gpd.read_parquet(self._store.file("districts.parquet", self.key("lsoa"), make=make))

    def surroundings(self, code: str, *, within_m: float | None = None) -> gpd.GeoDataFrame:
        """Return the other districts near one, for context on its maps.

        Near is within ``within_m`` of its bounds; without it, within the longer side of these, so
        that the frame of any map is filled.
        """
        districts = self.outlines()
        west, south, east, north = districts.loc[[code]].total_bounds
        reach = max(east - west, north - south) if within_m is None else within_m
        box = shapely.box(west, south, east, north).buffer(reach)
        others = districts.drop(index=code)
        return others[others.intersects(box)]

    def graph(self, level: Level, contiguity: Contiguity = "queen") -> Graph:
        """Return the graph of neighbours over all areas of the edition, islands kept."""
        pairs = self._pairs(level, contiguity)
        weights = pairs.set_index(["focal", "neighbor"])["weight"]
        return Graph(weights, is_sorted=True)

    def prepare(self) -> None:
        """Convert what is not converted yet, so that several processes find it done."""
        self.outlines()
        for level in LEVELS:
            self._pairs(level, "queen")
        self._pairs("lsoa", "rook")
        self._postcodes_file()

    def postcodes(self, code: str) -> pd.Series:
        """Return a district's postcodes: LSOA code by postcode."""
        return postcodes.of_district(self._postcodes_file(), code)

    def outside_m(self) -> pd.Series:
        """Return how far each postcode's point lies outside its LSOA, in metres.

        NaN for those in none, and for all where the file gives no points.
        """
        return pd.read_parquet(self._postcodes_file(), columns=["outside_m"])["outside_m"]

    def postcode_districts(self) -> pd.Series | None:
        """Return the districts that the file of postcodes says: codes by LSOA; None of points."""
        path = self._postcodes_file()
        if postcodes.is_points(self.files.source("postcodes")):
            return None
        table = pd.read_parquet(path, columns=["area_code", "told_lad_code"])
        return table.drop_duplicates().set_index("area_code")["told_lad_code"].sort_index()

    def _postcodes_file(self) -> Path:
        def make(path: Path) -> None:
            table = postcodes.read_postcodes(
                self.files.path("postcodes"),
                self.files.source("postcodes"),
                codes=self.lookup.index,
                areas=lambda: self.areas("lsoa"),
            ).rename(columns={"lad_code": "told_lad_code"})
            placed = table.join(self.lookup["lad_code"], on="area_code")
            placed.sort_values("lad_code", kind="stable").to_parquet(path, row_group_size=20_000)

        return self._store.file("postcodes.parquet", self.key("postcodes", "lsoa"), make=make)

    def _areas_file(self, level: Level) -> Path:
        def make(path: Path) -> None:
            areas = read.read_areas(self.files.path(level), self.files.source(level))
            place = self.lookup if level == "lsoa" else self.msoas()
            joined, _ = join_values(
                areas.drop(columns="area_name"), place[["lad_code"]], name=f"{level} boundaries"
            )
            joined.sort_values("lad_code", kind="stable").to_parquet(path, row_group_size=500)

        return self._store.file(f"{level}.parquet", self.key(level), make=make)

    def _pairs(self, level: Level, contiguity: Contiguity) -> pd.DataFrame:
        def make() -> pd.DataFrame:
            graph = neighbours(self.areas(level), contiguity=contiguity)
            return pd.DataFrame(graph.adjacency.sort_index().reset_index())

        return self._store.frame(f"{level}-{contiguity}", self.key(level), make=make)

    def key(self, *roles: str) -> str:
        """Return a key of what the ground of some roles is made from."""
        named = dict.fromkeys((*PLACING, *roles))
        hashes = [file_hash(self.files.path(role)) for role in named]
        records = [asdict(self.files.source(role)) for role in named]
        return key_of(hashes, records, self.files.district_year)

    @property
    def _store(self) -> Store:
        return Store(self.files.cache / "converted")
