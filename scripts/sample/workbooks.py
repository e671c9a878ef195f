"""The workbooks of the sample, cell by cell: what stands where in the publishers' own.

A sheet is a list of rows and a row a list of cells; None is an empty cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from numpy.typing import NDArray

from scripts.sample.places import (
    BOROUGHS,
    COUNTY_CODE,
    COUNTY_NAME,
    NORTHMERE,
    REGION_CODE,
    REGION_NAME,
    WESTHOLT,
    WHOLE_CODE,
    WHOLE_NAME,
)
from scripts.sample.values import AGES, Sample

Cell = str | int | float | dt.date | None
Sheets = Mapping[str, list[list[Cell]]]

CREATED = dt.datetime(2000, 1, 1)
FICTION_NOTE = "Fictional sample data: the places do not exist and the figures are invented."
BACK = "Back to contents"

_NAMES = {
    "imd": ("Index of Multiple Deprivation (IMD)", ""),
    "income": ("Income", " (rate)"),
    "employment": ("Employment", " (rate)"),
    "education": ("Education, Skills and Training", ""),
    "health": ("Health Deprivation and Disability", ""),
    "crime": ("Crime", ""),
    "barriers": ("Barriers to Housing and Services", ""),
    "living_environment": ("Living Environment", ""),
    "children": ("Income Deprivation Affecting Children Index (IDACI)", " (rate)"),
    "older": ("Income Deprivation Affecting Older People (IDAOPI)", " (rate)"),
}
_RANK = " Rank (where 1 is most deprived)"
_DECILE = " Decile (where 1 is most deprived 10% of LSOAs)"
INDICES: Mapping[str, str] = {
    column: heading
    for key, (name, unit) in _NAMES.items()
    for column, heading in (
        (f"{key}_score", f"{name} Score{unit}"),
        (f"{key}_rank", f"{name}{_RANK}"),
        (f"{key}_decile", f"{name}{_DECILE}"),
    )
} | {
    "population": "Total population: mid 2015 (excluding prisoners)",
    "children": "Dependent Children aged 0-15: mid 2015 (excluding prisoners)",
    "adults": "Population aged 16-59: mid 2015 (excluding prisoners)",
    "older": "Older population aged 60 and over: mid 2015 (excluding prisoners)",
    "working_age": (
        "Working age population 18-59/64: for use with Employment Deprivation Domain "
        "(excluding prisoners)"
    ),
}
"""Our columns and the headings of the publisher's File 7, in its order."""

_FUEL_HEADINGS: list[Cell] = [
    "Number of households",
    "Number of households in fuel poverty",
    "Proportion of households fuel poor (%)",
]
_MONTHS = (
    "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "January", "February", "March", "April ",
)  # fmt: skip


def write_workbook(path: Path, sheets: Sheets) -> None:
    """Write a workbook whose bytes depend on nothing but its cells; texts are never formulas."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"created": CREATED, "comments": FICTION_NOTE})
    dates = book.add_format({"num_format": "dd-mmm-yy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, cell, dates)
                elif cell is not None:
                    sheet.write_number(row, column, cell)
    book.close()


def fuel_poverty_sheets(sample: Sample) -> Sheets:
    """Return the workbook of fuel poverty; Table 2 adds up what Table 3 lists."""
    return {
        "Title": [*_blank(8), [None, None, "Sub-regional Fuel Poverty"], [None, None, "The sample"],
                  [None, None, 2022], [None, None, "(2020 data)"], *_blank(8), [FICTION_NOTE]],
        "Contents": [*_blank(9), [None, "Region", *[None] * 8, "Table 1"],
                     [None, "Local Authority", *[None] * 8, "Table 2"],
                     [None, "LSOA", *[None] * 8, "Table 3"]],
        "Metadata": [*_blank(10), [None, "List of variables", "Description"], [None, FICTION_NOTE]],
        "Notes": [["Notes: Supplementary notes for the Sub Regional tables"], [FICTION_NOTE]],
        "Table 1": _regions(sample),
        "Table 2": _districts(sample),
        "Table 3": _neighbourhoods(sample),
    }  # fmt: skip


def _regions(sample: Sample) -> list[list[Cell]]:
    return [
        ["Table 1: Fuel Poverty by Region [Note A], 2020"],
        [],
        ["Region", *_FUEL_HEADINGS],
        [REGION_NAME, *_shares(sample.fuel_poverty.sum())],
        [None, None, None, "The sample"],
        [],
        [f"Note A: {FICTION_NOTE}"],
        [],
        [BACK],
    ]


def _districts(sample: Sample) -> list[list[Cell]]:
    """Return the table of districts, and of the wholes they are in."""
    total = _shares(sample.fuel_poverty.sum())
    of_borough = {
        borough.code: _shares(
            sample.fuel_poverty[sample.places.lsoa["lad_code"] == borough.code].sum()
        )
        for borough in BOROUGHS
    }
    return [
        ["Table 2: Fuel poor households by administrative area, 2020 [Notes 3 and 4]"],
        [],
        ["Area Codes", "Area names ", None, None, *_FUEL_HEADINGS],
        [WHOLE_CODE, WHOLE_NAME, None, None, *total],
        [REGION_CODE, REGION_NAME.upper(), None, None, *total],
        [WESTHOLT.code, None, WESTHOLT.name, None, *of_borough[WESTHOLT.code]],
        [COUNTY_CODE, None, COUNTY_NAME, None, *of_borough[NORTHMERE.code]],
        [NORTHMERE.code, None, None, NORTHMERE.name, *of_borough[NORTHMERE.code]],
        [*[None] * 6, "The sample"],
        [],
        [BACK],
    ]


def _neighbourhoods(sample: Sample) -> list[list[Cell]]:
    names = _cells(sample.places.lsoa[["area_name", "lad_code", "lad_name"]])
    shares = [_shares(counts) for _, counts in sample.fuel_poverty.iterrows()]
    return [
        ["Table 3: Fuel Poverty by LSOA [Note A], 2020 [Notes 3 and 4]"],
        [],
        ["LSOA Code", "LSOA Name", "LA Code", "LA Name", "Region", *_FUEL_HEADINGS],
        *([*name, REGION_NAME, *share] for name, share in zip(names, shares, strict=True)),
        [*[None] * 7, "The sample"],
        [],
        [f"Note A: {FICTION_NOTE}"],
        ["They should not be used to compare LSOAs with similar fuel poverty levels."],
        [],
        [BACK],
    ]


def _shares(counts: pd.Series) -> list[Cell]:
    """Return households, those in fuel poverty and the share of these (%), unrounded."""
    households, fuel_poor = int(counts["households"]), int(counts["fuel_poor"])
    return [households, fuel_poor, 100 * fuel_poor / households]


def deaths_sheets(sample: Sample) -> Sheets:
    """Return the workbook of deaths due to COVID-19; the total's heading is one row higher."""
    title = "deaths due to COVID-19, MSOAs of the sample, March 2020 to April 2021"
    table = sample.places.msoa[["area_name", "local_name"]].join(sample.deaths)
    total = "Total (March 2020 to April 2021)"
    heading: list[Cell] = ["MSOA code", "ONS geography MSOA name"]
    return {
        "data": [
            [f"Figure 3: Number of {title}"],
            [f"Number of {title}"],
            [],
            ["Notes", FICTION_NOTE],
            ["Unit", "Number of deaths"],
            [],
            [None, None, None, "Deaths due to COVID-19, registered in:"],
            [None, None, None, 2020, *[None] * 9, 2021, *[None] * 3, total],
            [*heading, "House of Commons Library MSOA Names", *_MONTHS],
            *_cells(table.assign(total=sample.deaths.sum(axis=1))),
            [],
            [f"Source: {FICTION_NOTE}"],
        ]
    }


def weekly_sheets(sample: Sample, year: int) -> Sheets:
    """Return a year's workbook of weekly deaths involving COVID-19: persons, males, females.

    The last week of 2020 ended on 1 January 2021.
    """
    weeks = pd.DatetimeIndex(sample.weekly.columns)
    inside = (weeks < pd.Timestamp("2021-01-02")) == (year == 2020)
    males, females = (_twenty_bands(sample.weekly, sex, inside) for sex in ("Males", "Females"))
    every: list[Cell] = [int(count) for count in (males + females).sum()]
    rows: list[list[Cell]] = [
        ["Contents"],
        ["Weekly figures on deaths registered where COVID-19 was mentioned, the sample"],
        [],
        [FICTION_NOTE],
        ["Week number", None, *range(1, len(every) + 1)],
        ["Week ended", None, *(week.date() for week in weeks[inside])],
        [],
        [],
        ["Deaths involving COVID-19, all ages1", None, *every],
    ]
    for heading, deaths in (
        ("Persons 4", males + females), ("Males 4", males), ("Females 4", females)
    ):  # fmt: skip
        rows += [[None, heading], [None, "Deaths by age group"]]
        rows += [[None, *cells] for cells in _cells(deaths)]
    rows += [
        [None, "Deaths by region of usual residence 5"],
        [REGION_CODE, REGION_NAME, *every],
        [],
        ["Footnotes:"],
        ["1 Coding of deaths by cause for the latest week is not yet complete."],
        [],
        [f"Source: {FICTION_NOTE}"],
    ]
    return {"Information": [[FICTION_NOTE]], "Covid-19 - Weekly registrations": rows}


def _twenty_bands(weekly: pd.DataFrame, sex: str, inside: NDArray[np.bool_]) -> pd.DataFrame:
    """Return some weeks by age as published: our first band, 0-4, stands there as two."""
    by_age = weekly.loc[weekly.index.get_level_values("sex") == sex, inside].to_numpy()
    under_one = by_age[:1] // 2
    bands = np.vstack([under_one, by_age[:1] - under_one, by_age[1:]])
    return pd.DataFrame(bands, index=pd.Index(["<1", "1-4", *AGES[1:]]))


def population_sheets(sample: Sample) -> Sheets:
    """Return the workbook of mid-2019 populations by five-year age band and sex."""
    males, females = (pd.DataFrame(sample.people[sex]) for sex in ("Males", "Females"))
    return {
        "Contents": [
            *_blank(6),
            [None, "Contents", None, "SAPE22DT15, as a sample"],
            [FICTION_NOTE],
        ],
        "Notes and definitions": [
            ["Contents"],
            *_blank(5),
            ["Notes and definitions"],
            [FICTION_NOTE],
        ],
        "Mid-2019 Persons": _ages(sample, "Persons", males + females),
        "Mid-2019 Males": _ages(sample, "Males", males),
        "Mid-2019 Females": _ages(sample, "Females", females),
    }


def _ages(sample: Sample, name: str, people: pd.DataFrame) -> list[list[Cell]]:
    districts = [
        f"LA {part} ({year} boundaries)" for year in (2019, 2020) for part in ("Code", "name")
    ]
    msoa = sample.places.msoa[["area_name", *["lad_code", "lad_name"] * 2]]
    counts = people.assign(total=people.sum(axis=1))[["total", *people.columns]]
    return [
        ["Contents"],
        [],
        [f"Table SAPE22DT15: Mid-2019 Population Estimates by Age and Sex, {name}. {FICTION_NOTE}"],
        [],
        ["MSOA Code", "MSOA Name", *districts, "All Ages", *AGES],
        *(
            [*place, *numbers[1:]]
            for place, numbers in zip(_cells(msoa), _cells(counts), strict=True)
        ),
    ]


def _cells(table: pd.DataFrame) -> list[list[Cell]]:
    """Return the rows of a frame with its index first."""
    return [list(row) for row in table.itertuples(name=None)]


def _blank(rows: int) -> list[list[Cell]]:
    return [[] for _ in range(rows)]
