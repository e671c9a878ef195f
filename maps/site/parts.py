"""The parts of a site: what is drawn for each borough, and what is written once for all.

A part is an entry of one of the two dictionaries; another part is one entry more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd

from geo.files.whole_files import write_bytes, write_text
from geo.sources import Source
from layers.borough.borough import Borough
from layers.borough.bridge_report import BridgeReport
from layers.findings.own_names import OwnNames
from layers.layer import FRAMES
from maps.files.downloads import collected, publication_of, published, write_tables
from maps.files.small_areas import write_small_areas
from maps.look.html import site_address
from maps.page.borough import borough_page
from maps.page.borough_data import Links
from maps.print.atlas import write_atlas
from maps.print.maps import write_maps
from maps.profiles.behind import behind_of
from maps.profiles.context import Peers, context_of
from maps.profiles.profile import (
    borough_profile,
    former_profiles,
    msoa_profile,
    pocket_profile,
)
from maps.region.page import comparable, region_page
from maps.site.about import OWN_NAMES, About, write_about
from maps.site.download_page import PAGE, download_page, sizes_of
from maps.site.index import index_page
from maps.site.mark import SIGN
from maps.words.credits import used_sources
from maps.words.reading import done_without

REGION_PAGE = "region.html"


@dataclass(frozen=True, kw_only=True)
class SiteContext:
    """What the drawers must know beside the boroughs themselves.

    ``parts`` are those that the finished site will hold, so that no page links to one that is not
    there; ``missing`` names the boroughs that could not be built. ``origins`` tells of the
    file of each source id. ``joins`` and ``checks`` are the report on the data (see
    `layers.table.neighbourhoods.Tables`), ``figures`` the published figures that were worked out
    again; ``clusters`` counts what was tested (`layers.findings.clusters.settled`).
    ``absent`` are the sources of files that were not at hand and were done without.
    ``public_url`` is where the site will stand on the web, if the pages of boroughs are to name it.
    ``own_names`` are those that boroughs give pockets, where there is a file of them;
    ``bridge`` tells what was carried from areas of another census.
    """

    region: Peers
    parts: Sequence[str]
    missing: Sequence[str] = ()
    basemap: str | None = None
    public_url: str | None = None
    origins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    joins: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    checks: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    figures: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    clusters: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    absent: Sequence[Source] = ()
    own_names: OwnNames | None = None
    bridge: BridgeReport | None = field(default=None, repr=False)


def draw_page(borough: Borough, folder: Path, setting: SiteContext) -> None:
    """Write the planner's page of a borough."""
    others = {code: home for code, home in setting.region.folders.items() if code != borough.code}
    links = links_from_borough(setting.parts, others)
    if setting.public_url:
        home = setting.region.folders[borough.code]
        links = links.absolute(f"{site_address(setting.public_url)}{home}/")
    page = borough_page(borough, links=links, basemap=setting.basemap)
    write_text(folder / "index.html", page)


def draw_maps(borough: Borough, folder: Path, _: SiteContext) -> None:
    """Write the printed maps of a borough, in both comparisons."""
    write_maps(borough, folder / "maps", frames=FRAMES)


def draw_atlas(borough: Borough, folder: Path, _: SiteContext) -> None:
    """Write the atlas of a borough."""
    write_atlas(borough, folder / "atlas.pdf")


def draw_profiles(borough: Borough, folder: Path, setting: SiteContext) -> None:
    """Write the profiles of a borough, of its MSOAs and of its pockets."""
    context = context_of(borough, setting.region, linked=setting.parts)
    write_text(folder / "profile.html", borough_profile(context))
    for path, page in former_profiles(context).items():
        write_text(folder / path, page)
    for code in borough.msoa.index:
        write_text(folder / "profiles" / f"{code}.html", msoa_profile(context, str(code)))
    for pocket_id in borough.pockets.index:
        write_text(
            folder / "pockets" / f"{pocket_id}.html", pocket_profile(context, str(pocket_id))
        )


def write_index(boroughs: Sequence[Borough], folder: Path, setting: SiteContext) -> None:
    """Write the page of all boroughs."""
    compared = "region" in setting.parts and comparable(boroughs)
    page = index_page(
        boroughs,
        setting.region.folders,
        compared=REGION_PAGE if compared else "",
        linked=setting.parts,
        missing=setting.missing,
    )
    write_text(folder / "index.html", page)


def write_region(boroughs: Sequence[Borough], folder: Path, setting: SiteContext) -> None:
    """Write the page that sets the boroughs side by side, where they can be."""
    if comparable(boroughs):
        page = region_page(
            boroughs, setting.region.folders, linked=setting.parts, missing=setting.missing
        )
        write_text(folder / REGION_PAGE, page)


def write_data(boroughs: Sequence[Borough], folder: Path, setting: SiteContext) -> None:
    """Write the tables of all boroughs and of each, and the page that leads to all files."""
    publication = publication_of(boroughs, origins=setting.origins, missing=setting.missing)
    tables = collected(boroughs)
    write_tables(tables, folder / "data", publication)
    small = published(tables["neighbourhoods"])
    for borough in boroughs:
        home = folder / "data" / setting.region.folders[borough.code]
        write_small_areas(small[small["lad_code"] == borough.code], home, borough.edition)
    page = download_page(
        boroughs,
        sizes_of(folder),
        folders=setting.region.folders,
        linked=setting.parts,
        missing=setting.missing,
    )
    write_text(folder / "data" / PAGE, page)


def write_words(boroughs: Sequence[Borough], folder: Path, setting: SiteContext) -> None:
    """Write the pages about the methods, the sources and the data's quality."""
    first = boroughs[0]
    about = About(
        edition=first.edition,
        place=first.place,
        sources=used_sources(first, years=True, behind=True),
        origins=setting.origins,
        settings=first.settings,
        joins=setting.joins,
        checks=setting.checks,
        figures=setting.figures,
        behind=list(behind_of(first)),
        clusters=setting.clusters,
        absent=setting.absent,
        lacking=[
            *done_without(first),
            *first.lacking_years,
            *first.lacking_behind,
            *first.lacking_change,
            *first.lacking_names,
        ],
        bridge=setting.bridge,
        boroughs=setting.region.boroughs,
    )
    write_about(about, folder / "about", linked=setting.parts)
    if setting.own_names is not None:
        write_bytes(folder / "about" / OWN_NAMES, setting.own_names.contents)


BoroughDrawer = Callable[[Borough, Path, SiteContext], None]
SharedWriter = Callable[[Sequence[Borough], Path, SiteContext], None]
Draw = TypeVar("Draw")


@dataclass(frozen=True)
class Part(Generic[Draw]):
    """One part of a site: how it is drawn, and which files it makes.

    ``files`` names the files and folders that the part writes: in a borough's folder, or, for a
    part that is written once, in the site's. ``names_others`` says whether what is drawn of a
    borough leads to others.
    """

    draw: Draw
    files: tuple[str, ...]
    names_others: bool = False


BOROUGH_PARTS: Mapping[str, Part[BoroughDrawer]] = {
    "pages": Part(draw_page, ("index.html",), names_others=True),
    "profiles": Part(draw_profiles, ("profile.html", "profiles", "pockets"), names_others=True),
    "maps": Part(draw_maps, ("maps",)),
    "atlas": Part(draw_atlas, ("atlas.pdf",)),
}
SHARED_PARTS: Mapping[str, Part[SharedWriter]] = {
    "index": Part(write_index, ("index.html",)),
    "region": Part(write_region, (REGION_PAGE,)),
    "about": Part(write_words, ("about",)),
    # Last, since its page states the sizes of the other files.
    "data": Part(write_data, ("data",)),
}
PARTS = (*SHARED_PARTS, *BOROUGH_PARTS)


def files_of(part: str, folder: Path) -> list[Path]:
    """List the files and folders of a part that stand in a site's folder."""
    homes, known = [folder], SHARED_PARTS.get(part) or BOROUGH_PARTS[part]
    if part in BOROUGH_PARTS:
        shared = {name for one in SHARED_PARTS.values() for name in one.files}
        homes = sorted(home for home in folder.glob("*/") if home.name not in shared)
    found = (home / name for home in homes for name in known.files)
    return [path for path in found if path.exists()]


def links_from_borough(parts: Sequence[str], others: Mapping[str, str] | None = None) -> Links:
    """Return the addresses of other pages as seen from a borough's, for the parts there are.

    ``others`` gives the folders of other boroughs by code.
    """
    offered = {
        "index": {"index": "../index.html"},
        "profiles": {
            "borough": "profile.html",
            "profile": "profiles/{code}.html",
            "pocket": "pockets/{code}.html",
        },
        "atlas": {"atlas": "atlas.pdf"},
        "data": {"downloads": f"../data/{PAGE}"},
        "about": {"methods": "../about/methods.html", "sources": "../about/sources.html"},
    }
    there = {part: addresses for part, addresses in offered.items() if part in parts}
    pages = {code: f"../{home}/index.html" for code, home in (others or {}).items()}
    return Links(
        **{name: address for one in there.values() for name, address in one.items()},
        sign=f"../{SIGN}",
        others=pages if "pages" in parts else {},
    )
