"""Fuel poverty of districts over the years: what each year is read from, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from layers.catalogue import catalogue
from layers.kinds import fuel_series as module
from layers.kinds.fuel_series import BRIDGE, fuel_series, sources_of_years
from layers.layer import edition
from scripts.sample.workbooks import write_workbook

LSOAS = ("E01900001", "E01900002")
WEST, NORTH = "E06900001", "E08900001"
KNOWN = edition("2019")
YEARS = {"LIHC": [2018], "LILEE": [2020, 2021]}
GROUND = SimpleNamespace(
    lookup=pd.DataFrame(
        {"lad_code": [WEST, NORTH], "lad_name": ["Westholt", "Northmere"]}, index=list(LSOAS)
    ),
    key=lambda: "the same ground",
)


@dataclass
class Held:
    """Two neighbourhoods' workbooks and lookup in a folder, held as an edition's files are."""

    folder: Path
    lacking: tuple[str, ...] = ()
    cache: Path | None = None

    def __post_init__(self):
        self.cache = self.cache or self.folder / "cache"
        self.edition = replace(KNOWN, parameters={**KNOWN.parameters, "fuel_series": YEARS})

    def source(self, role):
        source = catalogue()[KNOWN.sources[role]]
        tables = {
            name: replace(table, rows=2, totals={}, totals_over=())
            for name, table in source.tables.items()
        }
        return replace(source, tables=tables, sha256=None)

    def path(self, role):
        return self.folder / f"{role}.{self.source(role).format}"

    def at_hand(self, role):
        return role not in self.lacking

    def write_year(self, year, poor):
        source = self.source(f"fuel_poverty_{year}")
        areas, districts = (Rows(source.tables[name]) for name in ("lsoa", "district"))
        rows = zip(LSOAS, (WEST, NORTH), poor, strict=True)
        for code, district, count in rows:
            values = {"households": 100, "fuel_poor": count, "published_pct": float(count)}
            areas.add({**values, "area_code": code, "lad_code": district})
            districts.add({**values, "area_code": district})
        write_workbook(
            self.path(f"fuel_poverty_{year}"),
            {areas.spec.sheet: areas.rows, districts.spec.sheet: districts.rows},
        )

    def write_lookup(self, *districts):
        spec = self.source(BRIDGE).tables["main"]
        columns = {
            "LSOA11CD": LSOAS, "LSOA11NM": LSOAS, "LSOA21CD": LSOAS, "LSOA21NM": LSOAS,
            "CHGIND": ("U", "U"), "LAD22CD": districts, "LAD22NM": districts,
        }  # fmt: skip
        assert {spec.key, *spec.text.values()} == set(columns)
        pd.DataFrame(columns).to_csv(self.path(BRIDGE), index=False)


class Rows:
    """Rows of a sheet under the headings of a record."""

    def __init__(self, spec):
        self.spec, self.names = spec, {"area_code": spec.key, **spec.text, **spec.numbers}
        self.rows = [["Invented"], ["Not of any place"], [*self.names.values()]]

    def add(self, values):
        self.rows.append([values.get(name, "Westholt") for name in self.names])


@pytest.fixture
def held(tmp_path):
    made = Held(tmp_path)
    made.write_year(2018, (10, 20))
    made.write_year(2020, (30, 40))
    made.write_year(2021, (50, 60))
    made.write_lookup(WEST, NORTH)
    return made


def shares(held):
    series = fuel_series(held, GROUND).series
    return series.set_index(["lad_code", "year"])["pct"]


def test_years_stand_by_district_and_measure_with_englands_own(held):
    found = fuel_series(held, GROUND).series
    assert found["measure"].tolist() == ["LIHC", "LILEE", "LILEE"] * 3
    assert shares(held).to_dict() == {
        ("", 2018): 15, ("", 2020): 35, ("", 2021): 55,
        (WEST, 2018): 10, (WEST, 2020): 30, (WEST, 2021): 50,
        (NORTH, 2018): 20, (NORTH, 2020): 40, (NORTH, 2021): 60,
    }  # fmt: skip


def test_a_year_without_its_workbook_or_the_lookup_it_needs_is_left_out(held):
    short = Held(held.folder, lacking=("fuel_poverty_2018",))
    assert sorted({year for _, year in shares(short).index}) == [2020, 2021]
    unbridged = Held(held.folder, lacking=(BRIDGE,))
    assert sorted({year for _, year in shares(unbridged).index}) == [2018, 2020]


def test_years_of_areas_before_the_editions_are_counted_where_their_ground_is(held, monkeypatch):
    later = Held(held.folder)
    later.edition = replace(later.edition, vintage=2021)
    asked = []

    def former(files, ground):
        asked.append((files, ground))
        return SimpleNamespace(districts=pd.Series({LSOAS[0]: NORTH, LSOAS[1]: NORTH}))

    monkeypatch.setattr(module, "former_of", former)
    monkeypatch.setattr(module, "CARRIED", (BRIDGE,))
    assert shares(later).to_dict() == {
        ("", 2018): 15, ("", 2020): 35, ("", 2021): 55,
        (NORTH, 2018): 15, (NORTH, 2020): 35,
        (WEST, 2021): 50, (NORTH, 2021): 60,
    }  # fmt: skip
    assert asked == [(later, GROUND)] * 2


def test_another_lookup_gives_another_series(held):
    """What is kept is kept by all that it is made of, the way between vintages too."""
    assert shares(held)[WEST, 2021] == 50
    held.write_lookup(NORTH, WEST)
    assert shares(held)[WEST, 2021] == 60
    assert shares(held)[WEST, 2020] == 30


def test_the_layers_own_workbook_is_not_checked_twice(held):
    """The layer checks it, and the page on quality shows the checks of both."""
    own = held.source("fuel_poverty")
    assert own.id == "fuel_poverty_2020"
    names = fuel_series(held, GROUND).checks["name"]
    assert names.is_unique
    for year in (2018, 2021):
        assert names.str.startswith(held.source(f"fuel_poverty_{year}").title).any()
    assert not names.str.startswith(own.title).any()
    assert shares(held)[WEST, 2020] == 30


def test_another_workbook_or_record_gives_another_series(held):
    before = shares(held)
    held.write_year(2020, (70, 80))
    assert shares(held)[WEST, 2020] == 70
    measured = Held(held.folder)
    turned = {"LIHC": [2018, 2020], "LILEE": [2021]}
    measured.edition = replace(measured.edition, parameters={"fuel_series": turned})
    measures = fuel_series(measured, GROUND).series["measure"].tolist()
    assert measures[:3] == ["LIHC", "LIHC", "LILEE"]
    renamed = Held(held.folder)
    titled = replace(held.source("fuel_poverty_2018"), title="Another title")
    renamed.source = lambda role: titled if role.endswith("2018") else Held.source(held, role)
    names = fuel_series(renamed, GROUND).checks["name"]
    assert names.str.startswith("Another title").any()
    assert len(before) == 9


def test_the_sources_of_years_are_those_of_their_files_and_the_way_between_vintages(held):
    one = [source.id for source in sources_of_years(held, [2018, 2020])]
    assert one == ["fuel_poverty_2018", "fuel_poverty_2020"]
    two = [source.id for source in sources_of_years(held, [2020, 2021])]
    assert two == ["fuel_poverty_2020", "fuel_poverty_2021", BRIDGE]
    other = replace(held.source("fuel_poverty_2020"), id="another", vintage=2021)
    played = Held(held.folder)
    played.source = lambda role: other if role.endswith("2020") else Held.source(held, role)
    assert [source.id for source in sources_of_years(played, [2020])] == ["another", BRIDGE]
