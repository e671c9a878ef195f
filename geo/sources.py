"""Sources as records: what a file is, who made it, and what must be true of its contents.

A record is a table of a TOML file (see `geo.records`); nothing about a dataset stands in code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from geo.notebook import card

CODE = "area_code"
"""Our name of the column of codes, in every table."""

Format = Literal["csv", "xlsx", "parquet", "vector", "grid"]
AddressKind = Literal[
    "file", "zip-member", "feature-layer", "feature-table", "govuk", "page", "made"
]
Direction = Literal["high is worse", "low is worse", "none"]


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """One table of a file: where it stands, which columns are taken, and what they must satisfy.

    ``key`` is the publisher's heading of the code column; ``text`` and ``numbers`` map our column
    names to the publisher's headings, which must agree but for white space. A number of ours may
    be the sum of several columns of theirs: a list of headings. ``at`` gives, for a
    heading that is repeated or stands outside the header row, the cell it stands in (``"R8"``),
    which fixes the column. ``sheet`` names the sheet of a workbook and ``header`` its heading row,
    counted from 1; the table ends after its last code, at the first row without a key or with a
    note alone. No cell of a ``text`` column may be blank. ``member`` names the table's own file
    in an archive, or a pattern of its name (``"*.csv"``); with a folder (``"Data/CSV/*.csv"``) it
    is that of all the files that the table is spread over. ``headings`` are those of a file that
    has none itself, and whose ``header`` is 0. ``only`` keeps the rows in which the cell under a
    heading begins with one of some texts; the empty text stands for a blank cell.

    ``prefixes`` are the beginnings of codes that the table holds: the source's coverage unless
    given, and an empty list where the key is no area code. ``unique`` is false where a code may be
    repeated. ``rows`` is the count after rows outside the coverage are dropped. ``counts`` names
    the columns that must be whole and not negative, ``ranges`` the least and greatest value of
    others, ``missing`` the texts that the publisher writes for a value it withholds (NaN here, and
    an error anywhere else). ``totals`` are published sums of columns, over the codes that begin
    with one of ``totals_over`` if that is given; ``sums`` says of which columns another is the sum,
    row by row. ``scale`` gives the number by which a column is multiplied to come into our unit.

    ``also`` is another heading under which an issue of the file gives a column. ``optional`` names
    groups of number columns of which a file holds all or none: it is whole without a group of which
    it has no heading, and refused with a part of one. ``rests`` says of which columns a number is
    what the first leaves over beside the others, where a file does not state it.
    """

    key: str
    member: str = ""
    headings: tuple[str, ...] = ()
    sheet: str | None = None
    header: int = 1
    rows: int | None = None
    text: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: Mapping[str, str] = field(default_factory=dict)
    prefixes: tuple[str, ...] | None = None
    unique: bool = True
    counts: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    totals: Mapping[str, float] = field(default_factory=dict)
    totals_over: tuple[str, ...] = ()
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def heading(self, column: str) -> str:
        """Return the publisher's heading of a column of ours, as it is named in a message.

        >>> TableSpec(key="code", numbers={"age_0_4": ("0", "1", "2", "3", "4")}).heading("age_0_4")
        '0 + … + 4'
        """
        theirs = self.text.get(column) or self.numbers[column]
        return theirs if isinstance(theirs, str) else f"{theirs[0]} + … + {theirs[-1]}"


@dataclass(frozen=True, kw_only=True)
class VectorSpec:
    """Boundaries in a vector file: the layer, its columns and how many areas it must hold.

    ``layer`` and the columns are the recorded ones: `boundaries.layout` finds them under the names
    that other versions of a publisher's file give them. ``easting`` and ``northing`` name the
    columns of the publisher's own centroids, where it gives them. ``extent_m`` is the ground that
    all areas together cover: west, south, east and north on the National Grid, in metres.
    """

    layer: str | None
    code: str
    name: str
    rows: int
    easting: str | None = None
    northing: str | None = None
    geometry: str = "MultiPolygon"
    extent_m: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GridSpec:
    """A grid written as a list of square cells; ``x`` and ``y`` are the columns of their centres.

    A file holds ``fewest_cells`` or more: one with fewer is a part. ``header_lines`` lines stand
    above the headings; ``missing`` is written where a cell has no value; ``cell_m`` is the side of
    a cell in metres.
    """

    value: str
    fewest_cells: int
    x: str = "x"
    y: str = "y"
    header_lines: int = 0
    missing: str = "MISSING"
    cell_m: float = 1000


@dataclass(frozen=True, kw_only=True)
class DateSpec:
    """The day that a file itself states: eight digits after some words, in a member of an archive.

    ``texts`` are what parts of the record say once the day is known; in them {month} ("May 2025")
    and {year} stand for it.
    """

    member: str
    words: str
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a publisher offers a file, as far as is known; what is found there is checked.

    ``kind`` says what ``url`` leads to: the file itself; an archive of which ``member`` (a name, or
    a pattern of it) is the file; an ArcGIS layer of areas or a table without any, read in pages;
    nothing yet, where only the lists of a GOV.UK page can say it (``govuk``); nothing a program can
    open (``page``: a person downloads from the source's page; ``made``: this program makes the
    file). ``also`` are further addresses of the same file, tried in turn.

    When they fail, GOV.UK's page at ``slug`` lists its attachments, among which the one with the
    file name ``attachment``, or else with the title ``attachment_title``, is meant. A layer that
    is gone is found by its ``item`` of the portal, or else by the item's exact ``title``, without
    its version. ``grade`` says how sure the address is: A, two or more independent programs
    download exactly this, or its bytes were compared; B, one program or author; C, it only follows
    the publisher's pattern. ``note`` says what more is known.
    """

    kind: AddressKind
    url: str = ""
    also: tuple[str, ...] = ()
    member: str = ""
    item: str = ""
    title: str = ""
    slug: str = ""
    attachment: str = ""
    attachment_title: str = ""
    grade: Literal["A", "B", "C", ""] = ""
    note: str = ""

    @property
    def recorded(self) -> tuple[str, ...]:
        """Return all addresses of the file, in the order in which they are tried."""
        return tuple(filter(None, (self.url, *self.also)))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names under which the publisher offers the file, or an archive that holds it.

        >>> Address(kind="file", url="https://example.org/file?uri=/a/b.zip", member="*.csv").names
        ('b.zip',)
        """
        ends = [url.rpartition("/")[2] for url in self.recorded]
        given = [*ends, self.member, self.attachment]
        return tuple(dict.fromkeys(name for name in given if _FILE_NAME.fullmatch(name)))


_FILE_NAME = re.compile(r"[\w .()&+,-]+\.[A-Za-z]\w+")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of one publisher, and what is promised of it.

    ``path`` is where the file stands in a mirror folder or the cache. ``address`` is where the
    publisher offers it, ``size_mb`` about how large the download is. ``coverage`` lists the
    beginnings of the codes that are kept. ``sha256`` is given only where the bytes of a copy are
    known; only where it is ``confirmed``, by a download or by others who have the same bytes, does
    another one refuse the file: else it is told, and the contents decide. ``sheets`` names sheets
    that are no tables, such as a matrix with one column a week, which their layer reads row by row.
    ``superseded_by`` is the id of the record of a newer edition. ``note`` is for readers of the
    pages that are made from the file; ``copies`` tells what files that are not the publisher's own
    are like, and stands on no page. ``dated`` says where a file that
    is issued again and again under one name states its day.

    ``layouts`` are further forms in which the same contents are accepted, such as a reduced copy
    in a mirror, each a record of its own with the same id and the name of its ``layout``.
    """

    id: str
    title: str
    publisher: str
    page: str
    address: Address
    edition: str
    period: str
    geography: str
    vintage: int | None = None
    coverage: tuple[str, ...]
    crs: str | None = None
    unit: str
    direction: Direction
    licence: str
    attribution: str
    path: str
    sha256: str | None = None
    confirmed: bool = False
    size_mb: float | None = None
    superseded_by: str | None = None
    format: Format
    note: str = ""
    copies: str = ""
    layout: str = ""
    tables: Mapping[str, TableSpec] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    vector: VectorSpec | None = None
    grid: GridSpec | None = None
    dated: DateSpec | None = None
    layouts: tuple[Source, ...] = ()

    @property
    def accepted(self) -> tuple[Source, ...]:
        """Return this record in every form in which its contents are accepted, its own first."""
        return (self, *self.layouts)

    def in_layout(self, name: str) -> Source:
        """Return this record in one of its accepted layouts, by its name; "" is its own."""
        return next(form for form in self.accepted if form.layout == name)

    @property
    def own_paths(self) -> tuple[str, ...]:
        """Return where the file belongs in a mirror: boundaries in any form they are offered in.

        A Shapefile is read from its zip.
        """
        if self.format != "vector":
            return (self.path,)
        stem = self.path.rpartition(".")[0]
        return (self.path, *(f"{stem}{ending}" for ending in (".geojson", ".zip")))

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every place in a mirror where the file is looked for, in this order.

        Those of each accepted layout, whichever the file has: what it is, is seen from its
        contents. Then its publisher's own names, in the same folder; then all of these names in the
        mirror itself, which may be a folder of downloads.
        """
        belongs = [path for form in self.accepted for path in form.own_paths]
        folder = PurePosixPath(self.path).parent
        named = [str(folder / name) for name in self.address.names]
        flat = [PurePosixPath(path).name for path in (*belongs, *named)]
        return tuple(dict.fromkeys([*belongs, *named, *flat]))

    def _repr_html_(self) -> str:
        told = {
            "Id": self.id,
            "Publisher": self.publisher,
            "Edition": self.edition,
            "Geography": f"{self.geography} {self.vintage or ''}".strip(),
            "Period": self.period,
            "Unit": self.unit,
            "Licence": self.licence,
            "Page": self.page,
        }
        return card(self.title, told)

    @property
    def by_hand(self) -> str:
        """Say how a person comes by the file when this program cannot fetch it."""
        if self.address.kind == "made":
            return "let this program make it: build the area “sample”"
        file = f" or {self.address.url}" if self.address.kind in {"file", "zip-member"} else ""
        return f"download it by hand: {self.page}{file}"
