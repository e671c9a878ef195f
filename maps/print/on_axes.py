"""One layer of a borough on an analyst's own axes, drawn as on the printed maps.

    figure, ax = plt.subplots()
    pockets.draw(pockets.open_borough("Liverpool"), "imd_2019", ax=ax, legend=True)

Coordinates are metres of the National Grid (EPSG:27700), so whatever is in that system can be drawn
over or under the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from geo.errors import InputError, some
from layers.layer import FRAMES, Frame, Layer
from maps.look import palette
from maps.look.classify import Classified
from maps.look.view import mapped
from maps.print.drawing import draw_areas, draw_outlines
from maps.print.furniture import HATCHES
from maps.print.outlines import outlines_of

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def draw(
    borough: Borough,
    layer: Layer | str,
    *,
    ax: Axes,
    frame: Frame = "england",
    pockets: bool = True,
    legend: bool = False,
) -> Axes:
    """Draw one layer, or the layer of this id, with the outlines of the pockets; return the axes.

    Areas are those that the layer is measured for, their classes those of comparison with England
    or, with ``frame="borough"``, with the borough. ``legend`` explains the classes in place of a
    legend that the axes have. Both axes get one scale, and limits that hold the borough; nothing
    else of the axes is touched: no title, no ticks, nothing that is drawn on them already. Raises
    ``AreaError`` for an id that the edition does not have, ``InputError`` for another frame.
    """
    if frame not in FRAMES:
        raise InputError(
            f"A map cannot be compared with “{frame}”",
            expected=f"frame is one of {some(FRAMES)}",
            do="leave frame out for England",
        )
    shown = layer if isinstance(layer, Layer) else borough.edition.layer(layer)
    classified, own = mapped(borough, shown, frame), outlines_of(borough)
    draw_areas(ax, lambda path: (path, ax.transData), own, classified, shown.geography)
    if pockets:
        draw_outlines(ax, lambda path: (path, ax.transData), own.pockets)
    west, south, east, north = borough.lsoa.total_bounds
    ax.update_datalim([(west, south), (east, north)])
    ax.set_aspect("equal")
    ax.autoscale_view()
    if legend:
        ax.legend(handles=_swatches(classified), title=classified.title)
    return ax


def _swatches(classified: Classified) -> list[Patch]:
    return [
        Patch(
            facecolor=entry.colour,
            edgecolor=palette.QUIET,
            hatch=HATCHES[entry.pattern],
            label=entry.label,
        )
        for entry in classified.legend
    ]
