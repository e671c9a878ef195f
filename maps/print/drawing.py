"""Areas, lines and labels drawn into the axes of a printed map."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from layers.layer import Native
from maps.look import palette
from maps.look.classify import Classified
from maps.print.furniture import HATCHES, Key, put_badge, put_label, put_north, put_scale
from maps.print.ground import BADGE_MM, Ground, View
from maps.print.labels import Badge
from maps.print.outlines import joined
from maps.print.sheet import POINTS_PER_INCH, millimetres, points, put_axes

LAND = "#e2e4e5"
BEYOND = "#f7f8f8"
WHITE_VEIL = "#ffffffd9"
OUTLINE = (palette.INK, 1.1)
LSOA_LINE = (palette.BETWEEN, 0.3)
MSOA_LINE = ("#6f777b", 0.5)
POCKET_LINE = (palette.POCKET, 1.7)
HALO_POINTS = 1.8
KEYS = (
    Key("Borough boundary", *OUTLINE),
    Key("MSOA boundaries", *MSOA_LINE),
    Key("Neighbouring district", LAND),
    Key("Water or outside the data", BEYOND),
)
POCKET_KEYS = (Key("Pocket", *POCKET_LINE), *KEYS)


def draw_view(
    figure: Figure, base: Ground, view: View, classified: Classified, geography: Native
) -> Axes:
    """Draw the classes of a borough's areas, and what lies around them, in a box of the page."""
    axes = put_axes(figure, view.box)
    west, south, east, north = view.extent
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.patch.set_facecolor(BEYOND)
    _add(axes, view, base.surroundings, fill=LAND, zorder=0.5)
    _add(axes, view, base.surrounding_lines, pen=(palette.PAPER, 0.9), zorder=0.6)
    _fill(axes, view, base.areas[geography], classified)
    if geography == "LSOA":
        _add(axes, view, base.meshes["LSOA"], pen=LSOA_LINE, zorder=1.2)
    _add(axes, view, base.meshes["MSOA"], pen=MSOA_LINE, zorder=1.3)
    _add(axes, view, base.outline, pen=OUTLINE, zorder=1.5)
    return axes


def draw_pockets(axes: Axes, base: Ground, view: View, badges: Sequence[Badge]) -> None:
    """Outline the pockets over a white halo, and number them."""
    colour, points = POCKET_LINE
    for pen, zorder in (((palette.HALO, points + HALO_POINTS), 1.6), ((colour, points), 1.7)):
        for pocket in base.pockets:
            _add(axes, view, pocket, pen=pen, zorder=zorder)
    for badge in badges:
        put_badge(_figure(axes), badge, BADGE_MM)


def draw_names(figure: Figure, base: Ground, *, of_areas: bool) -> None:
    """Write the names of neighbouring districts and, if asked, of the borough's own areas."""
    for label in base.districts:
        put_label(figure, label, halo=False)
    for label in base.names if of_areas else ():
        put_label(figure, label)


def draw_scale(figure: Figure, axes: Axes, base: Ground) -> None:
    """Draw the scale bar and the arrow to grid north in the corner kept for them."""
    corner = base.corner
    if base.crowded:
        veil = Rectangle((corner.left, corner.top), corner.width, corner.height, fc=WHITE_VEIL)
        veil.set(transform=millimetres(figure), linewidth=0, zorder=5)
        axes.add_artist(veil)
    put_scale(axes, base.view.metres_per_mm, corner).set_gid("scale-bar")
    put_north(figure, (corner.right - 8, corner.bottom - 3))


def draw_window(axes: Axes, view: View) -> None:
    """Outline on the main map the part that a closer view shows."""
    west, south, east, north = view.extent
    window = Rectangle((west, south), east - west, north - south, facecolor="none")
    window.set(edgecolor=palette.INK, linewidth=0.9, zorder=1.8)
    axes.add_artist(window)


def _fill(axes: Axes, view: View, areas: Sequence[Path], classified: Classified) -> None:
    """Fill all areas of a class as one shape, named after its place in the legend in an SVG."""
    numbers = classified.numbers.to_numpy()
    for number, entry in enumerate(classified.classes):
        chosen = [areas[place] for place in (numbers == number).nonzero()[0]]
        if chosen:
            shape = _add(axes, view, joined(chosen), fill=entry.colour, zorder=1)
            shape.set(hatch=HATCHES[entry.pattern], edgecolor=palette.QUIET)
            shape.set_gid(f"class-{number + 1}")


def _add(
    axes: Axes,
    view: View,
    path: Path,
    *,
    fill: str = "none",
    pen: tuple[str, float] = ("none", 0.0),
    zorder: float,
) -> PathPatch:
    """Add a path in metres to a map: filled, or drawn with a pen of a colour and so many points."""
    figure = _figure(axes)
    height = float(figure.get_size_inches()[1]) * POINTS_PER_INCH
    shape = PathPatch(
        view.points_of(path, height),
        facecolor=fill,
        edgecolor=pen[0],
        linewidth=pen[1],
        joinstyle="round",
        capstyle="round",
        transform=points(figure),
        zorder=zorder,
    )
    axes.add_artist(shape)
    return shape


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure
