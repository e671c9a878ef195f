"""A folium map that asks for nothing: Leaflet is written into the page, and no other library.

Folium's own pages load eleven files from other hosts and draw nothing without them. Here folium
still makes the map and its options; Leaflet's script and style come from an installed package.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

PACKAGE = "js_lib_leaflet"


@cache
def leaflet_script() -> str:
    """Return Leaflet's script, without the comment that makes browsers look for its source map."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", _static("leaflet.js"))


@cache
def leaflet_style() -> str:
    """Return Leaflet's style sheet, without the pictures of controls that no page of ours has."""
    return re.sub(r"url\((?!data:|#)[^)]*\)", "none", _static("leaflet.css"))


class OfflineMap(folium.Map):
    """A folium map of which a page takes the container and the script, and nothing else."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def parts(self) -> tuple[str, str]:
        """Return the HTML of the container and the script that makes the map."""
        figure: Any = self.get_root()
        self.render()  # type: ignore[no-untyped-call]
        return figure.html.render().strip(), figure.script.render().strip()


class Start(MacroElement):
    """Hand the finished map to the script of the page."""

    _template = Template(
        "{% macro script(this, kwargs) %}start({{ this._parent.get_name() }});{% endmacro %}"
    )


def offline_map(centre: tuple[float, float], *, basemap: str | None = None) -> OfflineMap:
    """Make the map of a page about a point (latitude, longitude).

    It has no controls, keys or tiles of its own: the page adds them. ``basemap`` is the address of
    tiles, as Leaflet writes it, for those who may use the network.
    """
    board = OfflineMap(
        location=centre,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        keyboard=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=120,
        max_bounds_viscosity=1.0,
        track_resize=False,  # the page does, and knows what is kept free
    )
    board._id = "borough"
    if basemap:
        tiles = folium.TileLayer(basemap, attr="basemap", max_zoom=18)
        tiles._id = "basemap"
        tiles.add_to(board)
    start = Start()  # type: ignore[no-untyped-call]
    start._id = "page"
    start.add_to(board)
    return board


def _static(name: str) -> str:
    return files(PACKAGE).joinpath("static", PACKAGE, name).read_text(encoding="utf-8")
