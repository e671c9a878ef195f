"""The page that leads to every file of a site: tables, atlases, printed maps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from layers.layer import FRAMES
from maps.files.described import CSVW, PACKAGE_FILE, TOLD
from maps.files.small_areas import OUTLINES, TABLE
from maps.look.folders import folders_of
from maps.look.html import READING_STYLE, environment, policy, stylesheet
from maps.look.numbers import numeral
from maps.words.credits import source_lines, used_sources
from maps.words.reading import superseded
from maps.words.sentences import capital, left_out, listed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

PAGE = "index.html"
STYLE_FILES = (READING_STYLE, "downloads.css")
PICTURES = ("png", "svg")
FILES_EXPLAINED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "For a spreadsheet": (
        "One table a sheet, with notes and a dictionary; or one table a file.",
        {
            "tables.xlsx": "All tables, with cover, notes and dictionary",
            **{f"{name}.csv": told for name, told in TOLD.items() if name != "dictionary"},
        },
    ),
    "For a GIS": (
        "Boundaries and every column, in British National Grid; the GeoJSON in WGS 84.",
        {
            "neighbourhoods.gpkg": "GeoPackage: LSOAs, MSOAs, boroughs, pockets and joined"
            " pockets, styled for QGIS as on the maps",
            "pockets.geojson": "GeoJSON: pockets for a web map",
        },
    ),
    "For a program": (
        "GeoParquet, read by GeoPandas, R and DuckDB.",
        {
            "neighbourhoods.parquet": "Small areas (LSOAs)",
            "msoa.parquet": "Neighbourhoods (MSOAs)",
            "pockets.parquet": "Pockets of deprivation",
            "joined_pockets.parquet": "Joined pockets",
            "districts.parquet": "Boroughs",
        },
    ),
    "What it all means": (
        "Every column explained, and where it came from.",
        {
            "dictionary.csv": TOLD["dictionary"],
            "provenance.json": "Files used with their SHA-256, how columns were made, the settings",
            "README.txt": "This list as a text file",
            PACKAGE_FILE: "Frictionless Data Package: what programs are told of all CSV files",
            **{
                CSVW.format(name=name): f"CSV on the Web: what programs are told of {name}.csv"
                for name in TOLD
            },
        },
    ),
}
"""Headings of the page, what to know of each, and the tables' files with what they hold."""
OF_A_BOROUGH: Mapping[str, str] = {
    TABLE: "Its small areas (LSOAs) as CSV: every layer and both ranks",
    OUTLINES: "Its small areas as GeoJSON for a web map: each layer's value and fifth",
}
"""The files of each borough alone, and what they hold."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A file to download: address on the page, the word that is clicked, its size in words."""

    address: str
    word: str
    size: str


@dataclass(frozen=True, kw_only=True)
class OfBorough:
    """What there is of one borough: its tables, its atlas, and by sheet the pictures of it.

    ``key`` is where on the page it stands; a sheet has a list of pictures a comparison.
    """

    borough: str
    key: str
    tables: Sequence[tuple[Link, str]]
    atlas: Sequence[Link]
    sheets: Sequence[tuple[str, Sequence[Sequence[Link]]]]

    @property
    def offers(self) -> str:
        """Say what there is, in words."""
        kinds = {"tables": self.tables, "atlas": self.atlas, "maps": self.sheets}
        return listed([name for name, found in kinds.items() if found])

    @property
    def any(self) -> bool:
        """Say whether there is anything."""
        return bool(self.tables or self.atlas or self.sheets)


def download_page(
    boroughs: Sequence[Borough],
    sizes: Mapping[str, int],
    *,
    folders: Mapping[str, str] | None = None,
    linked: Collection[str] = (),
    missing: Sequence[str] = (),
) -> str:
    """Return the HTML of the page, which stands in the folder of the tables.

    ``sizes`` gives the bytes of every file there is by its path in the site: only those are led to.
    ``folders`` gives the folder of each borough by its code, ``linked`` names the site's parts to
    link to, ``missing`` the boroughs that could not be built.
    """
    first = boroughs[0]
    ordered = sorted(boroughs, key=lambda borough: borough.name)
    homes = folders or folders_of(boroughs)
    return (
        environment()
        .get_template("downloads.html")
        .render(
            place=capital(first.place),
            edition=first.edition,
            superseded=superseded(first.edition),
            linked=linked,
            policy=policy(scripts=[], styles=[stylesheet(*STYLE_FILES)]),
            style=Markup(stylesheet(*STYLE_FILES)),
            groups=[
                (title, told, found)
                for title, (told, files) in FILES_EXPLAINED.items()
                if (found := _listed(files, sizes))
            ],
            missing=left_out(missing),
            boroughs=[
                own
                for borough in ordered
                if (own := _of_borough(borough, homes[borough.code], sizes)).any
            ],
            credits=source_lines(used_sources(first, years=True, behind=True)),
        )
    )


def sizes_of(folder: Path) -> dict[str, int]:
    """Return the bytes of every file of a site, by its path there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}


def size_in_words(count: int) -> str:
    """Give a size as a reader would, in kB or MB of a thousand and a million bytes.

    >>> size_in_words(812), size_in_words(45_678), size_in_words(6_224_698)
    ('1 kB', '46 kB', '6.2 MB')
    """
    return f"{numeral(count / 1e6, 1)} MB" if count >= 1e6 else f"{numeral(max(1, count / 1e3))} kB"


def _listed(files: Mapping[str, str], sizes: Mapping[str, int]) -> list[tuple[Link, str]]:
    return [
        (link, told) for name, told in files.items() for link in _link(f"data/{name}", name, sizes)
    ]


def _of_borough(borough: Borough, folder: str, sizes: Mapping[str, int]) -> OfBorough:
    stems = [
        (
            layer.title,
            [layer.id if frame == "england" else f"{layer.id}-{frame}" for frame in FRAMES],
        )
        for layer in borough.edition.layers
    ]
    sheets = [
        (title, [_pictures(f"{folder}/maps/{stem}", sizes) for stem in listed])
        for title, listed in [("Pockets of deprivation", ["pockets"]), *stems]
    ]
    tables = [
        (link, told)
        for name, told in OF_A_BOROUGH.items()
        for link in _link(f"data/{folder}/{name}", name, sizes)
    ]
    return OfBorough(
        borough=borough.name,
        key=f"of-{folder}",
        tables=tables,
        atlas=_link(f"{folder}/atlas.pdf", f"Atlas of {borough.called} (PDF)", sizes),
        sheets=[(title, found) for title, found in sheets if any(found)],
    )


def _pictures(stem: str, sizes: Mapping[str, int]) -> list[Link]:
    return [
        link for ending in PICTURES for link in _link(f"{stem}.{ending}", ending.upper(), sizes)
    ]


def _link(path: str, word: str, sizes: Mapping[str, int]) -> list[Link]:
    """Return a link to a file from the folder of the tables; none where there is no such file."""
    if path not in sizes:
        return []
    return [Link(address=f"../{path}", word=word, size=size_in_words(sizes[path]))]
