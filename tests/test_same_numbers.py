"""The same numbers in every place where an item appears: pages, profiles, atlas, every data file.

GeoParquet is what the others are held against. A place that shows a number rounded must show it as
the unrounded one is written with the decimals of its layer; a data file must hold it to the last
bit (a spreadsheet to the sixteen digits that are written into it).
"""

from __future__ import annotations

import csv
import functools
import html.parser
import itertools
import json
import math
import random
import re
import shutil
import sqlite3
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pypdf
import pytest

from geo.codes import slug
from layers.layer import Edition, Layer, edition
from maps.files.downloads import GEOPACKAGE_LAYERS, SAVED_TABLES
from tests.sites import ALL_SITES

SEED = 5
FEW = {"neighbourhoods": 25, "msoa": 17, "pockets": 8, "districts": 2}
MISSING = "missing"
SHEET, CLUSTER = "sixteen digits", "cluster"
BLANK = {"", "no value", "–", "[x]", "[z]", "[c]"}
CLUSTERS = ("not", "high-high", "low-low", "high-low", "low-high")
NUMBER = r"−?[\d,]+(?:\.\d+)?"
FIFTHS = {"highest": 1, "2nd": 2, "middle": 3, "4th": 4, "lowest": 5}


class Item(NamedTuple):
    """One place: a row of one of the published tables, and its borough."""

    table: str
    code: str
    borough: str


class Seen(NamedTuple):
    """A number as one place shows it, and the form in which it should stand there."""

    column: str
    form: str
    text: str


@dataclass(frozen=True, eq=False)
class Site:
    """A built site, read as its users read it."""

    folder: Path

    @functools.cached_property
    def tables(self) -> dict[str, gpd.GeoDataFrame]:
        return {
            name: gpd.read_parquet(self.folder / f"data/{name}.parquet") for name in SAVED_TABLES
        }

    @functools.cached_property
    def edition(self) -> Edition:
        mark = json.loads((self.folder / "build.json").read_text(encoding="utf-8"))
        return edition(mark["edition"])

    @property
    def side_by_side(self) -> bool:
        """Say whether there are several boroughs, and so a page that sets them side by side."""
        return len(self.tables["districts"]) > 1

    @property
    def printed(self) -> bool:
        """Say whether there are atlases."""
        return any(self.folder.glob("*/atlas.pdf"))

    def appearances(self, table: str) -> set[str]:
        absent = {"region": not self.side_by_side, "atlas": not self.printed}
        return APPEAR[table] - {place for place, gone in absent.items() if gone}

    @functools.cache  # noqa: B019 -- a site lives as long as its tests
    def csv(self, table: str) -> dict[str, dict[str, str]]:
        with (self.folder / f"data/{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return {next(iter(row.values())): row for row in rows}

    @functools.cache  # noqa: B019
    def geopackage(self, table: str) -> pd.DataFrame:
        path, layer = self.folder / "data/neighbourhoods.gpkg", GEOPACKAGE_LAYERS[table]
        frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False)
        return frame.set_index(frame.columns[0])

    @functools.cached_property
    def geojson(self) -> dict[str, dict[str, object]]:
        text = (self.folder / "data/pockets.geojson").read_text(encoding="utf-8")
        return {each["id"]: each["properties"] for each in json.loads(text)["features"]}

    @functools.cached_property
    def sheets(self) -> dict[str, dict[str, dict[str, object]]]:
        with warnings.catch_warnings():
            # openpyxl on Python 3.12 still asks for the hour in an older way
            warnings.simplefilter("ignore", DeprecationWarning)
            book = openpyxl.load_workbook(self.folder / "data/tables.xlsx")
        columns = dict(row[:2] for row in _cells(book["Dictionary"]))
        found = {}
        for sheet in ("Small areas", "Neighbourhoods", "Pockets", "Pockets by layer", "Boroughs"):
            headings, *rows = _cells(book[sheet])
            names = [columns[re.sub(r"\n\[note \d+\]$", "", heading)] for heading in headings]
            found[sheet] = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
        return found

    @functools.cache  # noqa: B019
    def page(self, borough: str) -> dict:
        text = (self.folder / borough / "index.html").read_text(encoding="utf-8")
        found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
        return json.loads(found[1])

    @functools.cache  # noqa: B019
    def rows(self, path: str) -> list[list[tuple[str, str]]]:
        reader = _Rows()
        reader.feed((self.folder / path).read_text(encoding="utf-8"))
        return reader.rows

    @functools.cache  # noqa: B019
    def words_of_atlas(self, borough: str, title: str) -> str:
        """Return the words of the pages of the atlas with a title, which follow one another."""
        texts = (
            page.extract_text()
            for page in pypdf.PdfReader(self.folder / borough / "atlas.pdf").pages[2:7]
        )
        from_first = itertools.dropwhile(lambda text: title not in text, texts)
        listed = itertools.takewhile(lambda text: title in text, from_first)
        return " ".join(" ".join(listed).split())

    def value(self, item: Item, column: str) -> object:
        return self.tables[item.table].loc[item.code, column]

    def items(self, seed: int = SEED) -> list[Item]:
        """Choose places by chance, the same for a seed."""
        chance = random.Random(seed)
        chosen = []
        for name, count in FEW.items():
            table = self.tables[name]
            codes = chance.sample(sorted(table.index), min(count, len(table)))
            names = table["area_name" if name == "districts" else "lad_name"]
            chosen += [Item(name, code, slug(names[code])) for code in codes]
        return chosen


class _Rows(html.parser.HTMLParser):
    """Read the rows of a page's tables: the label and the text of each cell; charts left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[tuple[str, str]]] = []
        self.drawing = 0
        self.inside = False

    def handle_starttag(self, tag, attrs):
        self.drawing += tag == "svg"
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.inside = True
            self.rows[-1].append((dict(attrs).get("data-label") or "", ""))

    def handle_endtag(self, tag):
        self.drawing -= tag == "svg"
        self.inside = self.inside and tag not in {"td", "th"}

    def handle_data(self, text):
        if self.inside and not self.drawing:
            label, before = self.rows[-1][-1]
            self.rows[-1][-1] = (label, " ".join(f"{before} {text}".split()))


def _cells(sheet) -> list[list[object]]:
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


# What each place shows


def in_csv(site: Site, item: Item) -> Iterator[Seen]:
    for column in numbers(site, item.table):
        text = site.csv(item.table)[item.code][column]
        yield Seen(column, "{!r}", MISSING if not text else repr(float(text)))


def in_geopackage(site: Site, item: Item) -> Iterator[Seen]:
    yield from exact(site, item, dict(site.geopackage(item.table).loc[item.code]))


def in_geojson(site: Site, item: Item) -> Iterator[Seen]:
    if item.table == "pockets":
        yield from exact(site, item, site.geojson[item.code])


def in_spreadsheet(site: Site, item: Item) -> Iterator[Seen]:
    sheets = dict(zip(FEW, ("Small areas", "Neighbourhoods", "Pockets", "Boroughs"), strict=True))
    row = site.sheets[sheets[item.table]][item.code]
    for column in numbers(site, item.table):
        cell = row[column]
        yield Seen(column, SHEET, MISSING if cell in BLANK else repr(float(cell)))


def in_sheet_by_layer(site: Site, item: Item) -> Iterator[Seen]:
    """Read a pocket's row of the sheet that holds what each is made of."""
    if item.table != "pockets":
        return
    row = site.sheets["Pockets by layer"][item.code]
    for column in [name for name in numbers(site, "pockets") if name in row]:
        cell = row[column]
        yield Seen(column, SHEET, MISSING if cell in BLANK else repr(float(cell)))


def on_page(site: Site, item: Item) -> Iterator[Seen]:
    kind = {"neighbourhoods": "area", "msoa": "msoa", "pockets": "pocket"}.get(item.table)
    if kind is None:
        return
    page = site.page(item.borough)
    place = page["places"][kind]["codes"].index(item.code)
    facts = {"people": ("population", "{:.0f}")}
    if kind == "pocket":
        facts |= {"numbers": ("number", "{:.0f}"), "km2": ("area_km2", "{:.1f}")}
        facts |= {name: (name, "{:.2f}") for name in ("prominence",)}
        facts |= {"worst_decile_pct": ("worst_decile_pct", "{:.2f}")}
    for name, (column, form) in facts.items():
        yield Seen(column, form, shown(page["places"][kind][name][place], form))
    for record, layer in zip(page["layers"], site.edition.layers, strict=True):
        yield from layer_on_page(layer, record[kind], place, item.table)
        yield from ends_of_areas(layer, record[kind].get("spread", {place: ""})[place])
    if kind == "pocket":
        for domain in page["made_of"]["pockets"][place]["domains"]:
            ends = ("mean_percentile", "percentile_lowest", "percentile_highest")
            for end, number in zip(ends, domain["at"], strict=True):
                yield Seen(f"{domain['layer']}_{end}", "{:.1f}", shown(number, "{:.1f}"))


def layer_on_page(layer: Layer, record: dict, place: int, table: str) -> Iterator[Seen]:
    own = layer.rank if layer.rank and table == "neighbourhoods" else f"{layer.id}_rank_england"
    form = layer.form
    columns = (
        {}
        if table == "neighbourhoods" and not layer.ranks_in_words
        else {"value": (layer.value, form)}
    )
    if table != "pockets" and layer.lower:
        columns |= {"lower": (layer.lower, form), "upper": (layer.upper, form)}
    if layer.ranks_in_words:
        columns |= {"rank_england": (own, "{:.0f}")}
        columns |= {"rank_borough": (f"{layer.id}_rank_borough", "{:.0f}")}
    for name, (column, as_) in columns.items():
        yield Seen(column, as_, shown(record[name][place], as_))
    for frame in ("england", "borough"):
        digit = record[f"fifth_{frame}"][place]
        yield Seen(layer.quintile_column(frame), "{:.0f}", MISSING if digit == "0" else digit)
        if f"cluster_{frame}" in record and table == "neighbourhoods":
            cluster = CLUSTERS[int(record[f"cluster_{frame}"][place])]
            yield Seen(layer.cluster_column(frame), CLUSTER, cluster)
    if "rank_span" in record:
        ends = {"range": ("lowest", "highest"), "interval": ("lower", "upper")}
        for name, end in zip(("from", "to"), ends[record["rank_span"]["kind"]], strict=True):
            number = record["rank_span"][name][place]
            yield Seen(f"{layer.id}_rank_borough_{end}", "{:.0f}", shown(number, "{:.0f}"))


def on_profile(site: Site, item: Item) -> Iterator[Seen]:
    """Read the page of a place; an LSOA's line on the page of its MSOA and of its pocket."""
    folders = {"msoa": "profiles", "pockets": "pockets"}
    if item.table == "neighbourhoods":
        pocket, msoa = site.value(item, "pocket_id"), site.value(item, "msoa_code")
        for page in [f"profiles/{msoa}", *([f"pockets/{pocket}"] if pocket else [])]:
            yield from line_on_profile(site, item, f"{item.borough}/{page}.html")
        return
    page = f"{folders[item.table]}/{item.code}" if item.table in folders else "profile"
    # the indicators behind the layers have a value here too, and no rank
    lines = [
        row
        for row in site.rows(f"{item.borough}/{page}.html")
        if "Here" in dict(row) and any(label.startswith("Rank in") for label, _ in row)
    ]
    for layer, row in zip(site.edition.layers, lines, strict=True):
        assert f"{row[0][1]} ".startswith(f"{layer.short} ")
        yield from layer_on_profile(layer, dict(row), item.table)
    if item.table == "pockets":
        yield from domains_on_profile(site, item, f"{item.borough}/{page}.html")


def layer_on_profile(layer: Layer, row: dict[str, str], table: str) -> Iterator[Seen]:
    form = layer.form
    yield Seen(layer.value, form, first_number(row["Here"]))
    here, spread = without_spread(row["Here"])
    yield from ends_of_areas(layer, spread)
    limits = re.findall(r"([\d,.]+) to ([\d,.]+)", here)
    columns = ((layer.lower, layer.upper),) if table != "pockets" and layer.lower else ()
    for pair, ends in zip(columns, limits, strict=True):
        yield from (Seen(column, "{:.2f}", text) for column, text in zip(pair, ends, strict=True))
    frames = [label for label in row if label.startswith("Rank in")]
    for frame, label in zip(("borough", "england")[-len(frames) :], frames, strict=True):
        said = row[label]
        if not layer.ranks_in_words:
            if table != "districts":
                yield Seen(layer.quintile_column(frame), "{:.0f}", in_fifths(said))
            continue
        yield Seen(f"{layer.id}_rank_{frame}", "{:,.0f}", first_number(said))
        yield from ends_of_span(layer, said)


def without_spread(here: str) -> tuple[str, str]:
    """Part what stands in a cell from what it says, in brackets, of the small areas within."""
    found = re.search(r" \(((?!mid-).+?)\)", here)
    return (here.replace(found[0], "", 1), found[1]) if found else (here, "")


def ends_of_areas(layer: Layer, spread: str) -> Iterator[Seen]:
    """Read the lowest and the highest of the small areas of a place, of fuel poverty in fifths."""
    if not spread:
        return
    low, high = (spread.split(" to ") * 2)[:2]
    if not layer.ranks_in_words:
        yield Seen(layer.column("fifth_worst"), "{:.0f}", in_fifths(low))
        yield Seen(layer.column("fifth_best"), "{:.0f}", in_fifths(high))
        return
    for end, text in (("lowest", low), ("highest", high)):
        yield Seen(layer.column(end), layer.form, first_number(text))


def domains_on_profile(site: Site, item: Item, path: str) -> Iterator[Seen]:
    """Read what a pocket is made of: a line a domain."""
    lines = {
        row[0][1]: dict(row) for row in site.rows(path) if "Points from the others" in dict(row)
    }
    named = {layer.short: layer for layer in site.edition.layers if layer.domain}
    assert set(lines) == set(named)
    for name, line in lines.items():
        layer = named[name]
        mean = Seen(layer.column("mean_percentile"), "{:.0f}", line["Mean over its people"])
        low, high = (line["Its small areas"].split(" to ") * 2)[:2]
        yield from (mean, Seen(layer.column("percentile_lowest"), "{:.0f}", low))
        yield Seen(layer.column("percentile_highest"), "{:.0f}", high)
        difference = first_number(line["Points from the others"].lstrip("+"))
        yield Seen(layer.column("percentile_difference"), "{:z.0f}", difference)


def ends_of_span(layer: Layer, said: str) -> Iterator[Seen]:
    found = re.search(r"\((95%: |range )(\d+)–(\d+)\)", said)
    if found:
        ends = ("lower", "upper") if "95" in found[1] else ("lowest", "highest")
        for end, text in zip(ends, found.groups()[1:], strict=True):
            yield Seen(f"{layer.id}_rank_borough_{end}", "{:.0f}", text)


def line_on_profile(site: Site, item: Item, path: str) -> Iterator[Seen]:
    # with earlier editions beside it, the decile has the year of its own
    labels = {"Overall decile", f"Decile {site.edition.id}"}
    (row,) = [
        row for row in map(dict, site.rows(path)) if labels & row.keys() and code_in(row, item)
    ]
    (decile,) = labels & row.keys()
    overall = site.edition.layer(site.edition.overall)
    yield Seen("population", "{:,.0f}", row["People"])
    yield Seen(f"{overall.id}_decile", "{:.0f}", row[decile])
    yield Seen(overall.rank_column("borough"), "{:,.0f}", first_number(row["Overall rank"]))
    yield from ends_of_span(overall, row["Overall rank"])
    for layer in site.edition.layers:
        if layer.short in row and layer.ranks_in_words:
            text = first_number(row[layer.short])
            yield Seen(layer.value, f"{{:,.{layer.decimals}f}}", text)
        elif layer.short in row:
            yield Seen(layer.quintile_column("england"), "{:.0f}", in_fifths(row[layer.short]))


def in_atlas(site: Site, item: Item) -> Iterator[Seen]:
    """Find a pocket's line in the atlas's list, and its row where it says what each is made of."""
    if item.table != "pockets" or not site.printed:
        return
    overall = site.edition.layer(site.edition.overall)
    columns = {
        "lsoa_count": "{:,}",
        "population": "{:,}",
        "area_km2": "{:.1f}",
        overall.value: overall.form,
        overall.column("lowest"): overall.form,
        overall.column("highest"): overall.form,
        f"{overall.id}_rank_england": "{:,.0f}",
        "worst_decile_pct": "{:.0f}%",
        "recurrence": "{:.0%}",
    }
    number, name = site.value(item, "number"), re.escape(site.value(item, "name"))
    listed = site.words_of_atlas(item.borough, "List of pockets")
    cells = rf"(\S+) (\S+) (\S+) ({NUMBER}) ({NUMBER})(?: to ({NUMBER}))? (\S+) (\S+) (\S+)"
    found = re.search(rf" {number} {name} {cells} ", f"{listed} ")
    yield Seen("number", "{:.0f}", str(number) if found else "not listed")
    texts = with_second_end(found.groups(), 5) if found else ()
    for (column, form), text in zip(columns.items(), texts, strict=found is not None):
        yield Seen(column, form, text.removesuffix("%") if form.endswith("%}") else text)
    yield from in_matrix_of_atlas(site, item)


def in_matrix_of_atlas(site: Site, item: Item) -> Iterator[Seen]:
    """Read a pocket's row: a mean and its ends a layer, of fuel poverty fifths."""
    text = site.words_of_atlas(item.borough, "What each pocket is made of")
    name = f" {site.value(item, 'number')} {site.value(item, 'name')} "
    assert name in text
    rest = text.partition(name)[2]
    layers = [layer for layer in site.edition.layers if layer.domain or not layer.rank]
    for layer in layers:
        end, unit = (NUMBER, rf"(?: {re.escape(layer.unit)})?")
        if layer.domain:
            names = ("mean_percentile", "percentile_lowest", "percentile_highest")
            columns, form, unit = [layer.column(each) for each in names], "{:.0f}", ""
        elif layer.ranks_in_words:
            names = ("lowest", "highest")
            columns, form = [layer.value, *map(layer.column, names)], layer.form
        else:
            names = ("fifth_worst", "fifth_best")
            columns = [layer.quintile_column("england"), *map(layer.column, names)]
            form, unit, end = "{:.0f}", "", r"\w+ fifth"
        found = re.match(rf"({end}){unit} ({end})(?: to ({end}))?{unit} |no value ", rest)
        assert found, (layer.id, rest[:60])
        rest = rest[found.end() :]
        if found[1] is None:
            yield Seen(layer.value, form, MISSING)
            continue
        for column, text in zip(columns, with_second_end(found.groups(), 2), strict=True):
            shown_as = in_fifths(text.lower()) if "fifth" in text else text.replace("−", "-")
            yield Seen(column, form, shown_as)


def with_second_end(texts: tuple[str | None, ...], second: int) -> tuple[str, ...]:
    """Return texts of which the second of two ends is the first, where only one is written."""
    return tuple(
        str(texts[at - 1] if at == second and text is None else text)
        for at, text in enumerate(texts)
    )


def on_index(site: Site, item: Item) -> Iterator[Seen]:
    if item.table != "districts":
        return
    (row,) = [
        [text for _, text in row]
        for row in site.rows("index.html")
        if row and row[0][1] == site.value(item, "area_name") and len(row) > 10
    ]
    overall, one = site.edition.overall, "{:,.1f}"
    columns = {
        1: ("population", "{:,.0f}"),
        2: ("lsoa_count", "{:,.0f}"),
        3: ("pockets", "{:,.0f}"),
    }
    columns |= {4: ("people_in_pockets", "{:,.0f}"), 6: ("single_lsoas", "{:,.0f}")}
    columns |= {7: ("hidden_lsoas", "{:,.0f}"), 8: (f"{overall}_worst_tenth_pct", one + "%")}
    columns |= {9: (f"{overall}_worst_fifth_pct", one + "%"), 10: (f"{overall}_average_score", one)}
    columns |= {11: (f"{overall}_average_rank", "{:,.0f}")}
    columns |= {12: (f"{overall}_extent_pct", one + "%")}
    columns |= {13: (f"{overall}_local_concentration", "{:,.0f}")}
    for place, (column, form) in columns.items():
        yield Seen(column, form, row[place])
    shares = site.edition.shares
    for layer, text in zip(shares, row[14:], strict=False):
        yield Seen(layer.value, f"{{:,.{layer.decimals}%}}", text.removesuffix("%"))
    first, rest = shares[0], 14 + len(shares)
    yield Seen(first.people_outside, "{:,.0f}", row[rest])
    yield Seen(first.outside_pct, "{:,.0f}%", row[rest + 1])
    layers = [layer for layer in site.edition.layers if not layer.rank]
    for layer, text in zip(layers, row[rest + 2 :], strict=True):
        form = f"{{:,.{layer.decimals}f}}" + ("%" if layer.unit == "%" else "")
        yield Seen(layer.value, form, text)


def on_region(site: Site, item: Item) -> Iterator[Seen]:
    """Read the lines of a borough, or of an MSOA, on the page that sets boroughs side by side."""
    if item.table not in {"districts", "msoa"} or not site.side_by_side:
        return
    name, overall = site.value(item, "area_name"), site.edition.overall
    lines = [[text for _, text in row] for row in site.rows("region.html")]
    found = [line for line in lines if line and line[0] == name]
    covid = next(layer for layer in site.edition.layers if layer.kind == "covid_mortality")
    if item.table == "districts":
        first, domains, second = found[:3]
        yield from (Seen("population", "{:,}", first[1]), Seen("lsoa_count", "{:,}", first[2]))
        yield Seen(f"{overall}_average_score", "{:.1f}", first[3])
        yield Seen(f"{overall}_worst_tenth_pct", "{:.1f}%", first[5])
        names = [layer.id for layer in site.edition.layers if layer.domain]
        for domain, text in zip(names, domains[1:], strict=True):
            yield Seen(f"{domain}_worst_tenth_pct", "{:.0f}%", text)
        yield from (
            Seen("pockets", "{:,}", second[1]),
            Seen("people_in_pockets", "{:,}", second[2]),
            Seen("single_lsoas", "{:,}", second[5]),
            Seen("hidden_lsoas", "{:,}", second[6]),
        )
        return
    (line,) = [line for line in found if line[1] == site.value(item, "lad_name")]
    yield Seen("population", "{:,}", line[2])
    yield Seen(f"{overall}_score", "{:.1f}", line[3])
    yield Seen(covid.value, "{:.2f}", line[4])
    for column, text in zip((covid.lower, covid.upper), line[5].split(" to "), strict=True):
        yield Seen(column, "{:.2f}", text)


PLACES: dict[str, Callable[[Site, Item], Iterator[Seen]]] = {
    "csv": in_csv,
    "geopackage": in_geopackage,
    "geojson": in_geojson,
    "spreadsheet": in_spreadsheet,
    "sheet by layer": in_sheet_by_layer,
    "page": on_page,
    "profile": on_profile,
    "atlas": in_atlas,
    "index": on_index,
    "region": on_region,
}
APPEAR = {
    "neighbourhoods": {"csv", "geopackage", "spreadsheet", "page", "profile"},
    "msoa": {"csv", "geopackage", "spreadsheet", "page", "profile", "region"},
    "pockets": {
        *("csv", "geopackage", "geojson", "spreadsheet", "sheet by layer"),
        *("page", "profile", "atlas"),
    },
    "districts": {"csv", "geopackage", "spreadsheet", "profile", "index", "region"},
}


def numbers(site: Site, table: str) -> list[str]:
    return list(site.tables[table].select_dtypes("number"))


def exact(site: Site, item: Item, row: dict[str, object]) -> Iterator[Seen]:
    for column in numbers(site, item.table):
        yield Seen(column, "{!r}", MISSING if pd.isna(row[column]) else repr(float(row[column])))


def shown(value: float | None, form: str) -> str:
    """Write a number of a page as it is, without rounding it: more decimals are a fault."""
    if value is None:
        return MISSING
    form = form.replace("%}", "f}")  # a share is carried in per cent
    decimals = int(form[form.index(".") + 1])
    return form.format(value) if round(value, decimals) == value else repr(value)


def first_number(said: str) -> str:
    found = re.match(r"\s*−?[\d,]+(?:\.\d+)?", said)
    return found[0].strip().replace("−", "-") if found else MISSING


def in_fifths(said: str) -> str:
    return str(FIFTHS[said.split()[0]]) if "fifth" in said else MISSING


def code_in(row: dict[str, str], item: Item) -> bool:
    return any(item.code in text for text in row.values())


def expected(value: object, form: str) -> str:
    """Write a value of the tables as a place should show it."""
    if form == CLUSTER:
        return str(value) if value in CLUSTERS else "not"
    if pd.isna(value):
        return MISSING
    number = float(value)
    if form.endswith("%}"):
        return form.format(number).removesuffix("%")
    if form == SHEET:
        return repr(float(f"{number:.16g}"))
    return form.format(int(number) if form.startswith("{:,}") else number)


def disagreements(site: Site, items: list[Item]) -> list[str]:
    """List the numbers that a place shows otherwise than the tables hold them."""
    return [
        f"{place}, {item.code}, {seen.column}: {seen.text}, not {wanted}"
        for item in items
        for place, read in PLACES.items()
        for seen in read(site, item)
        if seen.text != (wanted := expected(site.value(item, seen.column), seen.form))
    ]


@pytest.fixture(params=ALL_SITES)
def site(request):
    return Site(request.getfixturevalue(request.param))


def test_fifty_places_show_the_same_numbers_wherever_they_appear(site):
    items = site.items()
    assert Counter(item.table for item in items if item.table != "districts").total() >= 40
    assert disagreements(site, items) == []


def test_every_place_is_looked_at_for_every_item_that_appears_there(site):
    layers = site.edition.layers
    for item in site.items():
        counts = {place: len(list(read(site, item))) for place, read in PLACES.items()}
        appearances = site.appearances(item.table)
        assert {place for place, count in counts.items() if count} == appearances, item
        for place in appearances & {"csv", "geopackage", "geojson", "spreadsheet"}:
            assert counts[place] == len(numbers(site, item.table)) > 2 * len(layers)
        if item.table in {"neighbourhoods", "msoa", "pockets"}:
            assert counts["page"] > 4 * len(layers)


@pytest.fixture(scope="module")
def sample(sample_site):
    return Site(sample_site)


@pytest.fixture
def copy(sample, tmp_path):
    """A copy of the sample's site that a test may spoil, without what no number is read from."""
    ignored = shutil.ignore_patterns("maps", "about")
    return Site(shutil.copytree(sample.folder, tmp_path / "site", ignore=ignored))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def spoil_csv(site: Site, item: Item) -> None:
    value = repr(float(site.value(item, "imd_2019_score")))
    row = site.csv(item.table)[item.code]
    line = ",".join(row.values())[: len(item.code)]
    text = (site.folder / f"data/{item.table}.csv").read_text(encoding="utf-8")
    start = text.index(f"\n{line},")
    changed = text[:start] + text[start:].replace(value, repr(math.nextafter(float(value), 0)), 1)
    (site.folder / f"data/{item.table}.csv").write_text(changed, encoding="utf-8")


def spoil_geopackage(site: Site, item: Item) -> None:
    with closing(sqlite3.connect(site.folder / "data/neighbourhoods.gpkg")) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='msoa'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(
            "UPDATE msoa SET pm25_2021_23_ugm3 = round(pm25_2021_23_ugm3, 3) WHERE area_code = ?",
            (item.code,),
        )


def spoil_geojson(site: Site, item: Item) -> None:
    people = site.value(item, "population")
    path = site.folder / "data/pockets.geojson"
    replace_in(path, f'"population": {people},', f'"population": {people + 1},')


def spoil_spreadsheet(site: Site, item: Item) -> None:
    book = openpyxl.load_workbook(site.folder / "data/tables.xlsx")
    for row in book["Neighbourhoods"].iter_rows():
        if row[0].value == item.code:
            people = next(cell for cell in row if isinstance(cell.value, int))
            people.value += 1
    book.save(site.folder / "data/tables.xlsx")


def spoil_page(site: Site, item: Item) -> None:
    value = site.page(item.borough)["layers"][0]["area"]["value"]
    place = site.page(item.borough)["places"]["area"]["codes"].index(item.code)
    before = json.dumps(value, separators=(",", ":"))
    value[place] = float(site.value(item, "imd_2019_score"))
    path = site.folder / item.borough / "index.html"
    replace_in(path, before, json.dumps(value, separators=(",", ":")))


def spoil_profile(site: Site, item: Item) -> None:
    said = f">{site.value(item, 'imd_2019_score'):.1f} <"
    path = site.folder / item.borough / f"profiles/{item.code}.html"
    replace_in(path, said, f">{site.value(item, 'imd_2019_score') + 0.1:.1f} <")


def spoil_index(site: Site, item: Item) -> None:
    people = site.value(item, "population")
    replace_in(site.folder / "index.html", f">{people:,}<", f">{people - 1:,}<")


def spoil_region(site: Site, item: Item) -> None:
    said = f"{site.value(item, 'imd_2019_average_score'):.1f}"
    path = site.folder / "region.html"
    before, row, after = path.read_text(encoding="utf-8").partition(f"<td>{said}</td>")
    path.write_text(f"{before}{row.replace('.', '.0')}{after}", encoding="utf-8")


def spoil_atlas(site: Site, item: Item) -> None:
    """Take the list of pockets away: what stands in a page is glyphs, not easily changed."""
    path = site.folder / item.borough / "atlas.pdf"
    writer = pypdf.PdfWriter(clone_from=path)
    writer.remove_page(2)
    writer.write(path)


SPOILT = {
    "csv": ("neighbourhoods", "northmere", spoil_csv),
    "page": ("neighbourhoods", "westholt", spoil_page),
    "geopackage": ("msoa", "northmere", spoil_geopackage),
    "spreadsheet": ("msoa", "northmere", spoil_spreadsheet),
    "profile": ("msoa", "westholt", spoil_profile),
    "geojson": ("pockets", "northmere", spoil_geojson),
    "atlas": ("pockets", "westholt", spoil_atlas),
    "index": ("districts", "westholt", spoil_index),
    "region": ("districts", "northmere", spoil_region),
}


def test_one_number_that_differs_in_one_place_is_found(copy):
    left = copy.items()
    chosen = {}
    for place, (table, borough, spoil) in SPOILT.items():
        chosen[place] = next(item for item in left if item[::2] == (table, borough))
        left.remove(chosen[place])
        spoil(copy, chosen[place])
    found = disagreements(Site(copy.folder), list(chosen.values()))
    assert sorted(line.split(", ")[:2] for line in found) == sorted(
        [place, item.code] for place, item in chosen.items()
    ), found


def test_a_shifted_column_is_found(sample, monkeypatch):
    item = sample.items()[0]
    table = sample.tables["neighbourhoods"]
    shifted = table.assign(population=table["population"].to_numpy()[[-1, *range(len(table) - 1)]])
    monkeypatch.setitem(sample.tables, "neighbourhoods", shifted)
    found = {line.split(", ")[0] for line in disagreements(sample, [item])}
    assert found == APPEAR["neighbourhoods"]
