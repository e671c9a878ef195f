"""What the page that sets boroughs side by side is made of: sections, charts, tables and rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from maps.look.numbers import written
from maps.svg.side_by_side import Rows, row_chart
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough

DESCRIBES = "This describes areas; it is neither a cause nor a single person’s risk."
TOO_FEW_FOR_FIFTHS = (
    "There are too few areas to part them into fifths of the people: 20 are needed."
)
ALL_BOROUGHS = "All boroughs here"
"""Their row where the place that they are of is the whole they are compared with."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """What the page is drawn from: boroughs in their order, and all of them as one.

    ``districts`` is `layers.borough.region.districts_table`, ``fuel``
    `layers.borough.region.fuel_poverty_by_year`.
    ``folders`` gives each borough's folder by its code, ``linked`` the parts of the site.
    """

    boroughs: tuple[Borough, ...]
    one: Borough
    districts: pd.DataFrame
    fuel: pd.DataFrame
    folders: Mapping[str, str]
    linked: Collection[str]

    @property
    def name(self) -> str:
        """Return what all boroughs together are called, as a name of a row."""
        place, whole = self.one.place, self.one.edition.whole
        return ALL_BOROUGHS if place == whole else capital(place)

    @property
    def names(self) -> dict[str, str]:
        """Return the boroughs' names by code, in the order of the page."""
        return {borough.code: borough.name for borough in self.boroughs}

    def named(self, column: pd.Series) -> dict[str, float]:
        """Return a column, indexed by code, by the boroughs' names in the order of the page."""
        return {name: float(column[code]) for code, name in self.names.items()}

    def address(self, code: str) -> str:
        """Return where a borough's own page is, or nothing."""
        pages = {"pages": "index.html", "profiles": "profile.html"}
        there = [page for part, page in pages.items() if part in self.linked]
        return f"{self.folders[code]}/{there[0]}" if there else ""

    def address_of_pocket(self, code: str, pocket_id: str) -> str:
        """Return where a pocket is shown, or nothing where its borough is not in the site."""
        if code not in self.folders:
            return ""
        shown = {"pages": f"index.html#place={pocket_id}", "profiles": f"pockets/{pocket_id}.html"}
        there = [page for part, page in shown.items() if part in self.linked]
        return f"{self.folders[code]}/{there[0]}" if there else ""

    def rows(self, cells: Mapping[str, Sequence[str]]) -> list[TableRow]:
        """Return a row a borough, linked to its page, from the cells by its code."""
        return [
            TableRow(name=name, cells=cells[code], address=self.address(code))
            for code, name in self.names.items()
        ]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing with what stands above and beneath it; a ``wide`` one takes the whole width."""

    picture: Markup
    heading: str = ""
    caption: str = ""
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A row of a table: its name, its cells, where it leads; ``foot`` sets it apart.

    ``tones`` shade its cells, each by its place in `maps.look.palette.SEQUENTIAL`.
    """

    name: str
    cells: Sequence[str]
    address: str = ""
    foot: bool = False
    tones: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table beneath charts.

    ``columns`` name the rows' names and their cells; ``groups`` are headings over several of them,
    after the first. The first ``words`` cells of a row are text. A ``folded`` table is shown on
    demand, under that name, as is every table under charts, under its caption; a ``long`` one is
    not printed.
    """

    key: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[TableRow]
    groups: Sequence[tuple[str, int]] = ()
    words: int = 0
    folded: str = ""
    long: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """One subject: charts, then their tables, a list of sentences, notes.

    ``finding`` is its sentence, repeated at the top of the page; ``legend`` names what explains the
    signs of its charts.
    """

    key: str
    title: str
    period: str
    finding: str = ""
    said: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    legend: str = ""
    tables: Sequence[Table] = ()
    listed: Sequence[str] = ()
    notes: Sequence[str] = ()


def rows_chart(rows: Rows, *, key: str, heading: str, place: str) -> Chart:
    """Draw a row chart that describes itself: every value in words."""
    told = "; ".join(f"{name} {written(rows.label, value)}" for name, value in rows.values.items())
    line = f"{rows.line[0]}: {written(rows.label, rows.line[1])}. " if rows.line else ""
    return Chart(
        heading=heading,
        picture=row_chart(
            rows,
            key=key,
            title=f"{heading}, boroughs of {place}",
            description=f"{told}. {rows.together[0]}: {written(rows.label, rows.together[1])}."
            f" {line}".rstrip(),
        ),
    )
