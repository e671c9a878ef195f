"""Pockets from Python: the public names, whatever else stands in the folder one works in.

>>> import pockets
>>> pockets.Choice().rule
'national'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pockets.rooms import load_rooms

if TYPE_CHECKING:
    from boundaries.names import Selection as Selection
    from geo.errors import PocketsError as PocketsError
    from geo.sources import Source as Source
    from layers.borough.assemble import open_borough as open_borough
    from layers.borough.borough import Borough as Borough
    from layers.borough.country import Country as Country
    from layers.files import Files as Files
    from layers.findings.pockets import Choice as Choice
    from layers.layer import Edition as Edition
    from layers.layer import edition as edition
    from maps.page.borough import borough_page as borough_page
    from maps.print.on_axes import draw as draw
    from maps.profiles.single import single_profile as single_profile
    from maps.site.build import Plan as Plan
    from maps.site.build import build_site as build_site
    from maps.site.parts import PARTS as PARTS
    from scripts.sample.write import write_sample as write_sample

PUBLIC = {
    "open_borough": "layers.borough.assemble",
    "Borough": "layers.borough.borough",
    "borough_page": "maps.page.borough",
    "draw": "maps.print.on_axes",
    "single_profile": "maps.profiles.single",
    "build_site": "maps.site.build",
    "Plan": "maps.site.build",
    "PARTS": "maps.site.parts",
    "Files": "layers.files",
    "Country": "layers.borough.country",
    "Selection": "boundaries.names",
    "edition": "layers.layer",
    "Edition": "layers.layer",
    "Source": "geo.sources",
    "Choice": "layers.findings.pockets",
    "write_sample": "scripts.sample.write",
    "PocketsError": "geo.errors",
}
"""The module of each public name, read when the name is first used: `import pockets` is quick."""

__all__ = list(PUBLIC)

load_rooms()

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in PUBLIC:
            raise AttributeError(f"module “pockets” has no public name “{name}”")
        return getattr(import_module(PUBLIC[name]), name)

    def __dir__() -> list[str]:
        return sorted([*globals(), *PUBLIC])
