"""Areas, lines and labels drawn into the axes of a map: a printed one, or an analyst's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Transform

from layers.layer import Native
from maps.look import palette
from maps.look.classify import Classified
from maps.print.furniture import HATCHES, Key, put_badge, put_label, put_north, put_scale
from maps.print.ground import BADGE_MM, BaseMap, SheetView
from maps.print.labels import Badge
from maps.print.outlines import Outlines, joined
from maps.print.sheet import POINTS_PER_INCH, millimetres, points, put_axes

VEIL = palette.see_through(palette.PAPER, 0.85)
OUTLINE = (palette.INK, 1.1)
LSOA_LINE = (palette.BETWEEN, 0.3)
MSOA_STROKE = (palette.MSOA_LINE, 0.5)
POCKET_POINTS = 1.7
SINGLE_POINTS = 0.8
HALO_POINTS = 1.8
KEYS = (
    Key("Borough boundary", *OUTLINE),
    Key("MSOA boundaries", *MSOA_STROKE),
    Key("Neighbouring district", palette.PRINTED_AROUND),
    Key("Water or outside the data", palette.PRINTED_BEYOND),
)

Placed = Callable[[Path], tuple[Path, Transform]]
"""Where a path in metres of the grid comes to lie: the path to draw, and how it is carried."""


def draw_view(
    figure: Figure, base: BaseMap, view: SheetView, classified: Classified, geography: Native
) -> Axes:
    """Draw the classes of a borough's areas, and what lies around them, in a box of the page."""
    axes = put_axes(figure, view.box)
    west, south, east, north = view.extent
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.patch.set_facecolor(palette.PRINTED_BEYOND)
    place = _on_page(axes, view)
    _add(axes, place, base.surroundings, fill=palette.PRINTED_AROUND, zorder=0.5)
    _add(axes, place, base.surrounding_lines, pen=(palette.PAPER, 0.9), zorder=0.6)
    for number, shape in draw_areas(axes, place, base.own, classified, geography).items():
        shape.set_gid(f"class-{number + 1}")
    return axes


def draw_areas(
    axes: Axes, place: Placed, own: Outlines, classified: Classified, geography: Native
) -> dict[int, PathPatch]:
    """Fill a borough's areas by their classes, and draw the lines between and around them.

    Return the filled shapes, one for each class in use, by its place in the legend.
    """
    filled = _fill(axes, place, own.areas[geography], classified)
    if geography == "LSOA":
        _add(axes, place, own.meshes["LSOA"], pen=LSOA_LINE, zorder=1.2)
    _add(axes, place, own.meshes["MSOA"], pen=MSOA_STROKE, zorder=1.3)
    _add(axes, place, own.borough, pen=OUTLINE, zorder=1.5)
    return filled


def draw_outlines(axes: Axes, place: Placed, pockets: Sequence[Path]) -> None:
    """Outline pockets over a white halo."""
    halo, rim = (palette.HALO, POCKET_POINTS + HALO_POINTS), (palette.POCKET, POCKET_POINTS)
    for pen, zorder in ((halo, 1.6), (rim, 1.7)):
        for pocket in pockets:
            _add(axes, place, pocket, pen=pen, zorder=zorder)


def draw_pockets(axes: Axes, base: BaseMap, view: SheetView, badges: Sequence[Badge]) -> None:
    """Outline the pockets, and number them; single small areas have a thin outline."""
    place = _on_page(axes, view)
    for single in base.own.singles:
        _add(axes, place, single, pen=(palette.POCKET, SINGLE_POINTS), zorder=1.55)
    draw_outlines(axes, place, base.own.pockets)
    for badge in badges:
        put_badge(_figure(axes), badge, BADGE_MM)


def pocket_keys(own: Outlines) -> tuple[Key, ...]:
    """Return the key of a map on which pockets are outlined, and single small areas if any are."""
    single = Key("Single small area", palette.POCKET, SINGLE_POINTS)
    pocket = Key("Pocket", palette.POCKET, POCKET_POINTS)
    return (
        *((pocket,) if own.pockets else ()),
        *((single,) if own.singles else ()),
        *KEYS,
    )


def draw_names(figure: Figure, base: BaseMap, *, of_areas: bool) -> None:
    """Write the names of neighbouring districts and, if asked, of the borough's own areas."""
    for label in base.districts:
        put_label(figure, label, halo=False)
    for label in base.names if of_areas else ():
        put_label(figure, label)


def draw_scale(figure: Figure, axes: Axes, base: BaseMap) -> None:
    """Draw the scale bar and the arrow to grid north in the corner kept for them."""
    corner = base.corner
    if base.crowded:
        veil = Rectangle((corner.left, corner.top), corner.width, corner.height, fc=VEIL)
        veil.set(transform=millimetres(figure), linewidth=0, zorder=5)
        axes.add_artist(veil)
    put_scale(axes, base.view.metres_per_mm, corner).set_gid("scale-bar")
    put_north(figure, (corner.right - 8, corner.bottom - 3))


def draw_window(axes: Axes, view: SheetView) -> None:
    """Outline on the main map the part that a closer view shows."""
    west, south, east, north = view.extent
    window = Rectangle((west, south), east - west, north - south, facecolor="none")
    window.set(edgecolor=palette.INK, linewidth=0.9, zorder=1.8)
    axes.add_artist(window)


def _fill(
    axes: Axes, place: Placed, areas: Sequence[Path], classified: Classified
) -> dict[int, PathPatch]:
    """Fill all areas of a class as one shape."""
    numbers = classified.numbers.to_numpy()
    filled = {}
    for number, entry in enumerate(classified.classes):
        chosen = [areas[position] for position in (numbers == number).nonzero()[0]]
        if chosen:
            shape = _add(axes, place, joined(chosen), fill=entry.colour, zorder=1)
            shape.set(hatch=HATCHES[entry.pattern], edgecolor=palette.QUIET)
            filled[number] = shape
    return filled


def _on_page(axes: Axes, view: SheetView) -> Placed:
    """Carry paths to points of the page, rounded as print is."""
    figure = _figure(axes)
    height = float(figure.get_size_inches()[1]) * POINTS_PER_INCH
    return lambda path: (view.points_of(path, height), points(figure))


def _add(
    axes: Axes,
    place: Placed,
    path: Path,
    *,
    fill: str = "none",
    pen: tuple[str, float] = ("none", 0.0),
    zorder: float,
) -> PathPatch:
    """Add a path in metres to a map: filled, or drawn with a pen of a colour and so many points."""
    placed, transform = place(path)
    shape = PathPatch(
        placed,
        facecolor=fill,
        edgecolor=pen[0],
        linewidth=pen[1],
        joinstyle="round",
        capstyle="round",
        transform=transform,
        zorder=zorder,
    )
    axes.add_artist(shape)
    return shape


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure
