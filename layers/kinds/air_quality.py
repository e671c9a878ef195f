"""Background air quality, PM2.5 and NO2, by LSOA.

Caveats. The concentrations are modelled for 1 km cells, as annual means of the background air: they
do not describe a kerb, a school gate or a day. Neighbouring areas that share a cell are alike by
construction. There are two ways in: Defra's grids, one for each pollutant and year, averaged over
areas here; and, where any of the grids is not at hand, the table per LSOA that Friends of the Earth
made from the same grids. What was used is said with the result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import escape

from boundaries.ground import Ground
from geo.checks import Check
from geo.errors import some
from geo.sources import Source
from geo.space.raster import Raster
from geo.space.zonal import area_means
from geo.tables.read import read_table
from layers.catalogue import catalogue
from layers.files import Files
from layers.former import FormerAreas, codes_of
from layers.kinds.carrying import carried_means
from layers.kinds.kind import Kind, Records
from layers.kinds.reading import LayerValues
from layers.layer import Edition, Layer
from layers.pcm_grid import read_grid

NAME = "air_quality"
TABLE_ROLE = NAME

_GRID_ROLE = re.compile(rf"{TABLE_ROLE}_(?P<pollutant>[a-z0-9]+)_(?P<year>\d{{4}})")

Average = Callable[[Raster], pd.DataFrame]
"""From a grid to ``mean`` and ``coverage`` by ``area_code``: a partial of `geo.space.zonal`."""


def averaging(sources: Iterable[Source], edition: Edition) -> str:
    """Say how the values of areas came from the cells of the grid, by the sources that were used.

    ``sources`` may hold others too; without any, the table is the one that is preferred.
    """
    used = {source.id: source for source in sources}
    if any(source.grid is not None for source in used.values()):
        return "averaged over each area by the share of every cell inside it"
    ids = edition.records(TABLE_ROLE)
    table = next((used[key] for key in ids if key in used), catalogue()[ids[0]])
    return (
        f"as a table of areas by {table.publisher} gives them, which does not say how it averages"
    )


def layers_of(edition: Edition) -> dict[str, Layer]:
    """Return the air quality layers of an edition by pollutant (``pm25``, ``no2``)."""
    return {layer.id.split("_")[0]: layer for layer in edition.of_kind(NAME)}


def grid_roles(edition: Edition) -> dict[str, list[str]]:
    """Return, per pollutant, the roles of its grids in the order of their years."""
    matches = [match for role in sorted(edition.sources) if (match := _GRID_ROLE.fullmatch(role))]
    return {
        pollutant: [match[0] for match in matches if match["pollutant"] == pollutant]
        for pollutant in layers_of(edition)
    }


def of_files(files: Files, ground: Ground) -> LayerValues:
    """Read air quality from an edition's files (see `read`)."""
    codes = codes_of(files, ground, files.source(TABLE_ROLE))
    return read(files, lambda: ground.areas("lsoa"), codes)


def carry(edition: Edition, values: LayerValues, former: FormerAreas) -> LayerValues:
    """Carry the table of the former areas to the edition's (see `carried_means`)."""
    return carried_means(edition.of_kind(NAME), edition, values, former)


def read(files: Files, areas: Callable[[], gpd.GeoDataFrame], codes: pd.Index[str]) -> LayerValues:
    """Read air quality for every LSOA: from all the grids where all are at hand, or else the table.

    ``areas`` is called, for the boundaries in British National Grid, only when grids are used.
    """
    edition = files.edition
    roles = [role for group in grid_roles(edition).values() for role in group]
    found = {role: path for role in roles if (path := files.find(role)) is not None}
    if roles and len(found) == len(roles):
        rasters = {role: _read_grid(files.source(role), path) for role, path in found.items()}
        means = grid_means(edition, rasters, partial(area_means, areas()))
        note = _grid_note(edition, files.source(roles[0]))
        return build(edition, means, means.index, used=roles, notes=[note])
    path = files.find(TABLE_ROLE)
    assert path is not None
    table = files.source(TABLE_ROLE)
    means = read_table(path, table, "main", codes=codes)
    return build(edition, means, codes, used=[TABLE_ROLE], notes=[_table_note(edition, table)])


def grid_means(edition: Edition, rasters: Mapping[str, Raster], average: Average) -> pd.DataFrame:
    """Average grids (by role) over areas, and the years of each pollutant; one column a pollutant.

    ``average`` says how: by coverage (`geo.space.zonal.area_means` of some areas) or by people
    (`geo.space.zonal.point_means` of some postcodes or output areas). The result is the plain mean
    of the annual means in µg/m³, NaN where any of the years has no value.
    """
    annual = {role: average(raster)["mean"] for role, raster in rasters.items()}
    return pd.DataFrame(
        {
            pollutant: pd.DataFrame({role: annual[role] for role in roles}).mean(
                axis=1, skipna=False
            )
            for pollutant, roles in grid_roles(edition).items()
        }
    )


def build(
    edition: Edition,
    means: pd.DataFrame,
    codes: pd.Index[str],
    *,
    used: Sequence[str],
    notes: Sequence[str] = (),
) -> LayerValues:
    """Name the columns of means (one a pollutant, µg/m³) after the layers, and count the areas.

    Rows keep their codes, sorted; whether they are the codes of the edition is for the join to say.
    """
    layers = layers_of(edition)
    values = pd.DataFrame(
        {layer.value: means[pollutant].astype("float64") for pollutant, layer in layers.items()}
    ).sort_index()
    return LayerValues(
        values=values.rename_axis("area_code"),
        used=tuple(used),
        notes=tuple(notes),
        checks=tuple(
            _count(layer, values, codes, of_grid=TABLE_ROLE not in used)
            for layer in layers.values()
        ),
    )


def _read_grid(source: Source, path: Path) -> Raster:
    assert source.grid is not None
    return read_grid(path, source.grid)


def _count(layer: Layer, values: pd.DataFrame, codes: pd.Index[str], *, of_grid: bool) -> Check:
    known = int(values[layer.value].reindex(codes).notna().sum())
    return Check(
        name=f"{layer.short}: areas with a value",
        expected=f"{len(codes):,}",
        found=f"{known:,}",
        ok=True if known == len(codes) else None,
        note="An area has no value where less than half of it lies in cells with a value."
        if of_grid
        else "",
    )


def _grid_note(edition: Edition, source: Source) -> str:
    years = [_year(role) for role in next(iter(grid_roles(edition).values()))]
    return (
        f"{_pollutants(edition)} are means over each area of the 1 km grids of {source.publisher} "
        f"({some(years)}), each cell weighted by the share of it inside the area."
    )


def _table_note(edition: Edition, source: Source) -> str:
    return f"{_pollutants(edition)} are taken from a table of areas by {source.publisher}."


def lacking_grids(edition: Edition, absent: Collection[str], records: Records) -> list[str]:
    """Say that the table is used, where grids are absent that would replace it."""
    layers = layers_of(edition)
    missing = {
        layers[pollutant].short: [role for role in roles if role in absent]
        for pollutant, roles in grid_roles(edition).items()
    }
    gone = [role for roles in missing.values() for role in roles]
    if not gone:
        return []
    named = (f"{name} ({some(map(_year, roles))})" for name, roles in missing.items() if roles)
    these = "grid" if len(gone) == 1 else "grids"
    were = "was" if len(gone) == 1 else "were"
    return [
        f"The 1 km {these} of {' and '.join(named)} by {records(gone[0]).publisher} {were} not"
        " available to this build, so a ready table of areas is used in place of all grids."
    ]


def _pollutants(edition: Edition) -> str:
    return " and ".join(layer.short for layer in layers_of(edition).values())


def _year(role: str) -> str:
    return role.rsplit("_", 1)[1]


def _of_pollutant(layer: Layer, used: Sequence[str]) -> Sequence[str]:
    """Keep, of several grids, those of the layer's own pollutant."""
    own = [role for role in used if f"_{layer.id.split('_')[0]}_" in role]
    return own or used


def _brief(edition: Edition, sources: Iterable[Source]) -> str:
    how = averaging(sources, edition)
    return f"Modelled annual means of background air on a 1 km grid, {how}. Not roadside."


def _methods(edition: Edition, sources: Iterable[Source]) -> str:
    used = list(sources)
    formula = (
        " Mean of an area = Σ value × coverage / Σ coverage over cells with a value, coverage being"
        " the share of the cell inside the area; an area covered to less than half has no value."
    )
    of_grid = any(source.grid is not None for source in used)
    return (
        "Annual mean background concentration on a 1 km grid,"
        f" {escape(averaging(used, edition))}.{formula if of_grid else ''}"
        " <strong>It cannot say</strong> what is breathed at a roadside, and neighbours share"
        " cells, so they are alike by construction."
    )


def _made(_: Edition, sources: Iterable[Source]) -> str:
    larger = "larger areas: population-weighted mean of their LSOAs"
    if any(source.grid is not None for source in sources):
        return (
            "Mean over the LSOA of the cells of a 1 km grid, weighted by the part of each inside"
            f" it; {larger}"
        )
    return (
        "From the publisher's table of LSOAs, which does not say how it averages the cells of the"
        f" 1 km grid; {larger}"
    )


KIND = Kind(
    name=NAME,
    title="Air quality",
    anchor="air",
    read=of_files,
    carry=carry,
    needs=(TABLE_ROLE,),
    made=_made,
    brief=_brief,
    roles_of=_of_pollutant,
    lacking=lacking_grids,
    methods=(_methods,),
)
