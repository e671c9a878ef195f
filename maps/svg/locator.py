"""Small maps as inline SVG: where in its borough a place lies, and the LSOAs it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from boundaries.coverage import outlines
from boundaries.simplify import simplified
from maps.svg.canvas import Picture, View, image

SIZE, MARGIN = 300, 8
MOST_NUMBERS = 24
DETAIL = 0.15
"""How much of the surroundings a detail map shows, as a share of the place's longer side."""
FINE_M, COARSE_PX = 15.0, 1.2
"""How far outlines are simplified: in metres for detail maps, in px for the borough."""


@dataclass(frozen=True, kw_only=True)
class Locator:
    """A borough ready to be shown small, with any of its places marked.

    ``base`` draws the borough's MSOAs and pockets once for all pages; ``marks`` are the outlines
    of MSOAs and pockets in the same picture, by code. ``lsoa`` and ``pockets`` are simplified
    shapes by code.
    """

    name: str
    view: View
    base: str
    marks: Mapping[str, str]
    lsoa: gpd.GeoSeries
    pockets: gpd.GeoSeries

    def marked(self, place: str, *, key: str, title: str) -> Markup:
        """Draw the borough with one place marked."""
        picture = Picture(kind="locator", width=self.view.width, height=self.view.height)
        return image(
            f'{self.base}<path class="marked" d="{self.marks[place]}"/>',
            picture,
            key=key,
            title=title,
            description="The place is dark; orange lines are pockets of deprivation; pale areas are"
            f" the MSOAs of {self.name}.",
        )

    def detail(
        self,
        codes: Sequence[str],
        fills: Mapping[str, str],
        *,
        key: str,
        title: str,
        description: str,
    ) -> Markup:
        """Draw the LSOAs of a place, filled by their class and numbered in the order given."""
        own = self.lsoa[list(codes)]
        seen = _widened(own.total_bounds, DETAIL)
        view = view_of(seen, margin=0)
        drawn = [f'<path class="beside" d="{_around(self.lsoa, seen, view)}"/>']
        drawn += [
            f'<path class="lsoa" fill="{fills[code]}" d="{view.path(shape)}"/>'
            for code, shape in zip(codes, own, strict=True)
        ]
        drawn.append(f'<path class="pockets" d="{_around(self.pockets, seen, view)}"/>')
        if len(codes) <= MOST_NUMBERS:
            drawn += [_number(view, shape, order) for order, shape in enumerate(own, 1)]
        picture = Picture(kind="locator", width=view.width, height=view.height)
        return image("".join(drawn), picture, key=key, title=title, description=description)


def locator_of(name: str, lsoa: gpd.GeoDataFrame) -> Locator:
    """Prepare a borough's small maps from its LSOAs; their outlines are simplified together."""
    view = view_of(tuple(lsoa.total_bounds))
    columns = lsoa[["geometry", "msoa_code", "pocket_id"]]
    fine = simplified(columns, tolerance_m=FINE_M)
    coarse = simplified(columns, tolerance_m=COARSE_PX / view.scale)
    shapes = [_merged(coarse, "msoa_code"), _merged(coarse, "pocket_id")]
    paths = [{code: view.path(shape) for code, shape in merged.items()} for merged in shapes]
    base = "".join(
        f'<path class="{kind}" d="{"".join(drawn.values())}"/>'
        for kind, drawn in zip(("land", "pockets"), paths, strict=True)
    )
    return Locator(
        name=name,
        view=view,
        base=base,
        marks={str(code): path for drawn in paths for code, path in drawn.items()},
        lsoa=fine.geometry,
        pockets=_merged(fine, "pocket_id"),
    )


def view_of(bounds: Sequence[float], *, margin: int = MARGIN) -> View:
    """Fit bounds in metres into a picture whose longer side is `SIZE` px, a margin included."""
    west, south, east, north = bounds
    scale = (SIZE - 2 * margin) / max(east - west, north - south)
    return View(
        west=west - margin / scale,
        north=north + margin / scale,
        scale=scale,
        width=round((east - west) * scale) + 2 * margin,
        height=round((north - south) * scale) + 2 * margin,
    )


def _merged(areas: gpd.GeoDataFrame, column: str) -> gpd.GeoSeries:
    """Merge areas by a column; those where it is empty belong to none."""
    return outlines(areas, areas[column].where(areas[column] != "")).geometry


def _widened(bounds: Sequence[float], share: float) -> tuple[float, ...]:
    west, south, east, north = bounds
    more = share * max(east - west, north - south)
    return west - more, south - more, east + more, north + more


def _around(shapes: gpd.GeoSeries, seen: tuple[float, ...], view: View) -> str:
    """Write the shapes that are seen as one path, cut a little outside so that no cut is."""
    box = _widened(seen, 0.05)
    near = shapes.array[shapes.sindex.query(shapely.box(*box))]
    return "".join(view.path(shape) for shape in shapely.clip_by_rect(np.asarray(near), *box))


def _number(view: View, shape: shapely.Geometry, order: int) -> str:
    largest = max(shapely.get_parts(shape), key=shapely.area)
    ((x, y),) = view.at(shapely.get_coordinates(largest.point_on_surface()))
    return (
        f'<circle class="badge" cx="{x:.1f}" cy="{y:.1f}" r="7.5"/>'
        f'<text class="badge" x="{x:.1f}" y="{y + 3.5:.1f}">{order}</text>'
    )
