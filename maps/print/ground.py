"""What is the same on every printed map of a borough: the page, the frame, the outlines, the names.

It is worked out once and used for every layer. The frame is filled to its edges, so neighbouring
districts show around the borough; what lies beyond them is water or outside the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from boundaries.coverage import dissolved
from maps.look import palette
from maps.print.labels import Badge, Label, place_badges, place_names
from maps.print.lettering import Face
from maps.print.outlines import Outlines, closed_paths, joined, line_path, mesh, outlines_of
from maps.print.sheet import Box

if TYPE_CHECKING:
    from layers.borough.borough import Borough

TALL = 1.1
EDGE = 0.03
BADGE_MM = 2.5
NAME_FACE = Face(6.0)
DISTRICT = Face(7.5, colour=palette.QUIET)
CORNER_MM = (58.0, 15.0)
INSET_MM = (58.0, 50.0)
POINTS_PER_MM = 72 / 25.4
INSET_GAIN = 2.0
"""An enlarged map is drawn where it is at least this many times the scale of the main one."""


@dataclass(frozen=True, kw_only=True)
class SheetLayout:
    """The parts of a sheet: the map, its key below, what stands beside it, and the foot."""

    landscape: bool
    map: Box
    key: Box
    aside: Box
    foot: Box


LANDSCAPE = SheetLayout(
    landscape=True,
    map=Box(12, 35, 189, 143),
    key=Box(12, 179.5, 189, 4),
    aside=Box(209, 35, 76, 149),
    foot=Box(12, 187, 273, 18),
)
PORTRAIT = SheetLayout(
    landscape=False,
    map=Box(12, 35, 186, 162),
    key=Box(12, 198.5, 186, 4),
    aside=Box(12, 207, 186, 63),
    foot=Box(12, 271.5, 186, 20),
)


@dataclass(frozen=True)
class SheetView:
    """A part of the country in a box of the page.

    ``extent`` is (west, south, east, north) in metres of the National Grid and fills the box.
    """

    box: Box
    extent: tuple[float, float, float, float]

    @property
    def metres_per_mm(self) -> float:
        """Metres on the ground for a millimetre on the page."""
        return (self.extent[2] - self.extent[0]) / self.box.width

    @property
    def window(self) -> BaseGeometry:
        """The extent as a shape, in metres."""
        return shapely.box(*self.extent)

    def on_page(self, shape: BaseGeometry) -> BaseGeometry:
        """Carry a shape from metres of the grid to millimetres of the page."""
        west, _, _, north = self.extent
        scale, corner = 1 / self.metres_per_mm, np.array([self.box.left, self.box.top])
        return shapely.transform(
            shape, lambda points: corner + (points - (west, north)) * (scale, -scale)
        )

    def points_of(self, path: Path, page_height: float) -> Path:
        """Carry a path to points of the page, up and right from the bottom left corner.

        Places are rounded to a tenth of a point (35 µm), which is finer than print and keeps
        files small; a point that falls on the one before it is left out.
        """
        west, _, _, north = self.extent
        scale = POINTS_PER_MM / self.metres_per_mm
        corner = np.array(
            [self.box.left * POINTS_PER_MM, page_height - self.box.top * POINTS_PER_MM]
        )
        metres = np.asarray(path.vertices, dtype=float)
        places = np.round(corner + (metres - (west, north)) * scale, 1)
        moved = np.ones(len(places), dtype=bool)
        moved[1:] = (np.diff(places, axis=0) != 0).any(axis=1)
        if path.codes is None:
            return Path(places[moved])
        kept = moved | (path.codes != Path.LINETO)
        return Path(places[kept], np.asarray(path.codes)[kept])


@dataclass(frozen=True, kw_only=True)
class BaseMap:
    """The drawing of a borough before any layer is on it.

    ``own`` is what lies within the borough, ``surroundings`` what lies around it. ``names``,
    ``districts`` and ``badges`` have their places. ``corner`` is kept for the scale bar;
    ``crowded`` says that the borough reaches into it.
    """

    layout: SheetLayout
    view: SheetView
    own: Outlines
    surroundings: Path
    surrounding_lines: Path
    badges: Sequence[Badge]
    names: Sequence[Label]
    districts: Sequence[Label]
    corner: Box
    crowded: bool


def ground(borough: Borough) -> BaseMap:
    """Work out the page, frame, outlines and labels of a borough."""
    layout = layout_for(borough)
    view = SheetView(layout.map, frame(borough.lsoa.total_bounds, layout.map))
    near = _clipped(borough.surroundings.geometry.to_numpy(), view)
    whole = dissolved(borough.lsoa.geometry)
    corner = free_corner(view.on_page(whole), layout.map, CORNER_MM)
    return BaseMap(
        layout=layout,
        view=view,
        own=outlines_of(borough),
        surroundings=joined(closed_paths(near)),
        surrounding_lines=line_path(mesh(near)),
        badges=badges(borough, view, rectangle(corner)),
        names=_names(borough, view, corner),
        districts=_districts(borough, view, corner),
        corner=corner,
        crowded=_covered(view.on_page(whole), corner) > 0.5,
    )


def layout_for(borough: Borough) -> SheetLayout:
    """Choose a portrait sheet for a borough clearly taller than wide, else a landscape one."""
    west, south, east, north = borough.lsoa.total_bounds
    return PORTRAIT if (north - south) > TALL * (east - west) else LANDSCAPE


def frame(bounds: NDArray[np.float64], box: Box) -> tuple[float, float, float, float]:
    """Widen bounds (m) by a margin and to the shape of a box, around the same centre.

    >>> frame(np.array([0.0, 0.0, 940.0, 470.0]), Box(0, 0, 100, 100))
    (-30.0, -265.0, 970.0, 735.0)
    """
    west, south, east, north = map(float, bounds)
    share = 1 - 2 * EDGE
    metres_per_mm = max((east - west) / (box.width * share), (north - south) / (box.height * share))
    across, up = metres_per_mm * box.width / 2, metres_per_mm * box.height / 2
    middle = (west + east) / 2, (south + north) / 2
    return (
        round(middle[0] - across, 3),
        round(middle[1] - up, 3),
        round(middle[0] + across, 3),
        round(middle[1] + up, 3),
    )


def badges(borough: Borough, view: SheetView, taken: BaseGeometry) -> list[Badge]:
    """Find places for the numbers of a borough's pockets in a view, clear of what is taken."""
    shapes = [view.on_page(shape) for shape in borough.pockets.geometry]
    room = shapely.difference(rectangle(view.box), taken)
    return place_badges(shapes, [int(n) for n in borough.pockets["number"]], BADGE_MM, room)


def inset_view(borough: Borough, base: BaseMap, box: Box) -> SheetView | None:
    """Return a closer view of the pockets for a box, where that tells them apart better.

    None where at least half of the numbers fit inside their pockets on the main map, or where the
    pockets lie too far apart to be enlarged `INSET_GAIN` times.
    """
    outside = [badge for badge in base.badges if badge.anchor is not None]
    if not outside or len(outside) < len(base.badges) / 2:
        return None
    bounds = shapely.buffer(shapely.box(*borough.pockets.total_bounds), 300).bounds
    view = SheetView(box, frame(np.array(bounds), box))
    return view if base.view.metres_per_mm >= INSET_GAIN * view.metres_per_mm else None


def inset_corner(borough: Borough, base: BaseMap) -> Box | None:
    """Return a corner of the main map that has room for a closer view, if there is one."""
    whole = base.view.on_page(dissolved(borough.lsoa.geometry))
    seen = shapely.union(whole, rectangle(base.corner))
    corner = free_corner(seen, base.layout.map, INSET_MM)
    return corner if _covered(seen, corner) < 0.5 else None


def free_corner(shape: BaseGeometry, box: Box, size: tuple[float, float]) -> Box:
    """Return the corner of a box that a shape covers least, lower left first."""
    width, height = size
    corners = [
        Box(left, top, width, height)
        for top in (box.bottom - height, box.top)
        for left in (box.left, box.right - width)
    ]
    return min(corners, key=lambda corner: round(_covered(shape, corner), 3))


def rectangle(box: Box) -> BaseGeometry:
    """Return a box as a shape in millimetres."""
    return shapely.box(box.left, box.top, box.right, box.bottom)


def _covered(shape: BaseGeometry, corner: Box) -> float:
    return float(shapely.intersection(shape, rectangle(corner)).area)


def _clipped(shapes: NDArray[np.object_], view: SheetView) -> NDArray[np.object_]:
    """Cut shapes to more than a view shows, so that the cut is not seen in one of another shape."""
    west, south, east, north = view.extent
    wider = shapely.Point((west + east) / 2, (south + north) / 2).buffer(
        max(east - west, north - south) * 0.52, cap_style="square"
    )
    near = shapes[shapely.intersects(shapes, wider)]
    cut = shapely.intersection(shapely.make_valid(near), wider)
    parts: NDArray[np.object_] = shapely.get_parts(cut)
    seen: NDArray[np.bool_] = shapely.area(parts) > 0
    return parts[seen]


def _names(borough: Borough, view: SheetView, corner: Box) -> list[Label]:
    shapes = [view.on_page(shape) for shape in borough.msoa.geometry]
    names = [str(name) for name in borough.msoa["area_name"]]
    return place_names(shapes, names, NAME_FACE, taken=[corner])


def _districts(borough: Borough, view: SheetView, corner: Box) -> list[Label]:
    """Name neighbouring districts where enough of them is seen."""
    seen = shapely.difference(shapely.buffer(rectangle(view.box), -1.0), rectangle(corner))
    shapes = shapely.make_valid(borough.surroundings.geometry.to_numpy())
    parts = [shapely.intersection(view.on_page(shape), seen) for shape in shapes]
    names = borough.surroundings["lad_name"]
    shown = [(part, str(name)) for part, name in zip(parts, names, strict=True) if part.area > 0]
    return place_names([part for part, _ in shown], [name for _, name in shown], DISTRICT)
