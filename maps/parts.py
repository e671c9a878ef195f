"""The parts of a site: what is drawn for each borough, and what is written once for all.

A part is an entry of one of the two dictionaries; another part is one entry more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from geo.codes import slug
from layers.borough import Borough
from layers.layer import FRAMES
from maps.atlas import write_atlas
from maps.downloads import Publication, collected, write_tables
from maps.index import index_page
from maps.interactive import borough_page
from maps.page_data import Links
from maps.profile import Region, borough_profile, context_of, msoa_profile, pocket_profile
from maps.static import write_maps
from maps.writing import write_text


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the drawers must know beside the borough itself.

    ``parts`` are those that the finished site will hold, so that no page links to one that is not
    there; ``hashes`` holds the SHA-256 of the file of each source id.
    """

    region: Region
    parts: Sequence[str]
    basemap: str | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)


def draw_page(borough: Borough, folder: Path, setting: Setting) -> None:
    """Write the planner's page of a borough."""
    page = borough_page(borough, links=links_from_borough(setting.parts), basemap=setting.basemap)
    write_text(folder / "index.html", page)


def draw_maps(borough: Borough, folder: Path, _: Setting) -> None:
    """Write the printed maps of a borough, in both comparisons."""
    write_maps(borough, folder / "maps", frames=FRAMES)


def draw_atlas(borough: Borough, folder: Path, _: Setting) -> None:
    """Write the atlas of a borough."""
    write_atlas(borough, folder / "atlas.pdf")


def draw_profiles(borough: Borough, folder: Path, setting: Setting) -> None:
    """Write the profiles of a borough, of its MSOAs and of its pockets."""
    series = borough.fuel_series
    own = series[series["lad_code"] == borough.code] if len(series) else None
    context = context_of(borough, setting.region, fuel_series=own)
    write_text(folder / "profile.html", borough_profile(context))
    for code in borough.msoa.index:
        write_text(folder / "profiles" / f"{code}.html", msoa_profile(context, str(code)))
    for pocket_id in borough.pockets.index:
        write_text(
            folder / "pockets" / f"{pocket_id}.html", pocket_profile(context, str(pocket_id))
        )


def write_index(boroughs: Sequence[Borough], folder: Path, setting: Setting) -> None:
    """Write the page of all boroughs."""
    write_text(
        folder / "index.html", index_page(boroughs, {b.code: slug(b.name) for b in boroughs})
    )


def write_data(boroughs: Sequence[Borough], folder: Path, setting: Setting) -> None:
    """Write the tables of all boroughs, in every format."""
    first = boroughs[0]
    levels = {"lsoa": "LSOA", "msoa": "MSOA"}
    counts = {
        level: {
            layer.id: first.counts[layer.id]
            for layer in first.edition.layers
            if layer.geography == geography
        }
        for level, geography in levels.items()
    }
    gradients = pd.concat(
        {borough.name: borough.gradients for borough in boroughs}, names=["borough"]
    )
    publication = Publication(
        edition=first.edition,
        place=first.place,
        sources=first.sources,
        hashes=setting.hashes,
        counts=counts,
        settings=first.settings,
        gradients=gradients.reset_index(),
    )
    write_tables(collected(boroughs), folder / "data", publication)


BoroughDrawer = Callable[[Borough, Path, Setting], None]
SharedWriter = Callable[[Sequence[Borough], Path, Setting], None]

BOROUGH_PARTS: Mapping[str, BoroughDrawer] = {
    "pages": draw_page,
    "profiles": draw_profiles,
    "maps": draw_maps,
    "atlas": draw_atlas,
}
SHARED_PARTS: Mapping[str, SharedWriter] = {"index": write_index, "data": write_data}
PARTS = (*SHARED_PARTS, *BOROUGH_PARTS)


def links_from_borough(parts: Sequence[str]) -> Links:
    """Return the addresses of other pages as seen from a borough's, for the parts there are."""
    offered = {
        "index": {"index": "../index.html"},
        "profiles": {"profile": "profiles/{code}.html", "pocket": "pockets/{code}.html"},
        "atlas": {"atlas": "atlas.pdf"},
        "data": {"downloads": "../data/README.txt"},
    }
    there = {part: addresses for part, addresses in offered.items() if part in parts}
    return Links(**{name: address for one in there.values() for name, address in one.items()})
