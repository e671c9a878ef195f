"""The workbooks of the sample, cell by cell: what stands where in the publishers' own.

A sheet is a list of rows and a row a list of cells; None is an empty cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xlsxwriter

from scripts.sample_places import (
    BOROUGHS,
    COUNTY_CODE,
    COUNTY_NAME,
    NORTHMERE,
    REGION_CODE,
    REGION_NAME,
    WHOLE_CODE,
    WHOLE_NAME,
)
from scripts.sample_values import AGES, Sample

Cell = str | int | float | dt.date | None
Sheets = Mapping[str, list[list[Cell]]]

CREATED = dt.datetime(2000, 1, 1)
FICTION = "Fictional sample data: the places do not exist and the figures are invented."
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
_SECTIONS = (("Persons 4", None), ("Males 4", "Males"), ("Females 4", "Females"))


def write_workbook(path: Path, sheets: Sheets) -> None:
    """Write a workbook whose bytes depend on nothing but its cells; texts are never formulas."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"created": CREATED, "comments": FICTION})
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
                  [None, None, 2022], [None, None, "(2020 data)"], *_blank(8), [FICTION]],
        "Contents": [*_blank(9), [None, "Region", *[None] * 8, "Table 1"],
                     [None, "Local Authority", *[None] * 8, "Table 2"],
                     [None, "LSOA", *[None] * 8, "Table 3"]],
        "Metadata": [*_blank(10), [None, "List of variables", "Description"], [None, FICTION]],
        "Notes": [["Notes: Supplementary notes for the Sub Regional tables"], [FICTION]],
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
        [f"Note A: {FICTION}"],
        [],
        [BACK],
    ]


def _districts(sample: Sample) -> list[list[Cell]]:
    """Return the table of districts: the whole, the region, a unitary authority and a county with its district."""
    total = _shares(sample.fuel_poverty.sum())
    by_district = sample.fuel_poverty.groupby(sample.places.lsoa["lad_code"]).sum()
    rows: list[list[Cell]] = [
        [WHOLE_CODE, WHOLE_NAME, None, None, *total],
        [REGION_CODE, REGION_NAME.upper(), None, None, *total],
    ]
    for borough in reversed(BOROUGHS):
        own = _shares(by_district.loc[borough.code])
        if borough is NORTHMERE:
            rows.append([COUNTY_CODE, None, COUNTY_NAME, None, *own])
            rows.append([borough.code, None, None, borough.name, *own])
        else:
            rows.append([borough.code, None, borough.name, None, *own])
    return [
        ["Table 2: Fuel poor households by administrative area, 2020 [Notes 3 and 4]"],
        [],
        ["Area Codes", "Area names ", None, None, *_FUEL_HEADINGS],
        *rows,
        [*[None] * 6, "The sample"],
        [],
        [BACK],
    ]


def _neighbourhoods(sample: Sample) -> list[list[Cell]]:
    places = sample.places.lsoa
    return [
        ["Table 3: Fuel Poverty by LSOA [Note A], 2020 [Notes 3 and 4]"],
        [],
        ["LSOA Code", "LSOA Name", "LA Code", "LA Name", "Region", *_FUEL_HEADINGS],
        *(
            [code, place["area_name"], place["lad_code"], place["lad_name"], REGION_NAME,
             *_shares(sample.fuel_poverty.loc[code])]
            for code, place in places.iterrows()
        ),
        [*[None] * 7, "The sample"],
        [],
        [f"Note A: {FICTION}"],
        ["They should not be used to compare LSOAs with similar fuel poverty levels."],
        [],
        [BACK],
    ]  # fmt: skip


def _shares(counts: pd.Series) -> list[Cell]:
    """Return households, those in fuel poverty and the share of these (%), unrounded."""
    households, fuel_poor = int(counts["households"]), int(counts["fuel_poor"])
    return [households, fuel_poor, 100 * fuel_poor / households]


def deaths_sheets(sample: Sample) -> Sheets:
    """Return the workbook of deaths due to COVID-19; the heading of the total stands one row higher."""
    msoa = sample.places.msoa
    title = (
        "deaths due to COVID-19, Middle super output areas, the sample, March 2020 to April 2021"
    )
    return {
        "data": [
            [f"Figure 3: Number of {title}"],
            [f"Number of {title}"],
            [],
            ["Notes", FICTION],
            ["Unit", "Number of deaths"],
            [],
            [None, None, None, "Deaths due to COVID-19, registered in:"],
            [None, None, None, 2020, *[None] * 9, 2021, *[None] * 3,
             "Total (March 2020 to April 2021)"],
            ["MSOA code", "ONS geography MSOA name", "House of Commons Library MSOA Names", *_MONTHS],
            *(
                [code, msoa.at[code, "area_name"], msoa.at[code, "local_name"],
                 *(int(count) for count in counts), int(counts.sum())]
                for code, counts in sample.deaths.iterrows()
            ),
            [],
            [f"Source: {FICTION}"],
        ]
    }  # fmt: skip


def weekly_sheets(sample: Sample, year: int) -> Sheets:
    """Return a year's workbook of weekly deaths involving COVID-19, persons, males and females."""
    first = pd.Timestamp("2021-01-02")
    weeks = [week for week in sample.weekly if (week < first) == (year == 2020)]
    weekly = sample.weekly[weeks]
    numbers: list[Cell] = list(range(1, len(weeks) + 1))
    rows: list[list[Cell]] = [
        ["Contents"],
        [
            "Weekly figures on deaths registered where coronavirus (COVID-19) was mentioned, the sample"
        ],
        [],
        [FICTION],
        ["Week number", None, *numbers],
        ["Week ended", None, *(week.to_pydatetime() for week in weeks)],
        [],
        [],
        ["Deaths involving COVID-19, all ages1", None, *_counts(weekly.sum())],
    ]
    for heading, sex in _SECTIONS:
        by_age = weekly.loc[sex] if sex else weekly.groupby("age", sort=False).sum()
        rows += [[None, heading], [None, "Deaths by age group"], *_bands(by_age)]
    rows += [
        [None, "Deaths by region of usual residence 5"],
        [REGION_CODE, REGION_NAME, *_counts(weekly.sum())],
        [],
        ["Footnotes:"],
        ["1 Coding of deaths by cause for the latest week is not yet complete."],
        [],
        [f"Source: {FICTION}"],
    ]
    return {"Information": [[FICTION]], "Covid-19 - Weekly registrations": rows}


def _bands(by_age: pd.DataFrame) -> list[list[Cell]]:
    """Return the rows of twenty age bands; the first of ours, 0-4, stands there as two."""
    infants, *others = AGES
    under_one = by_age.loc[infants] // 2
    return [
        [None, "<1", *_counts(under_one)],
        [None, "1-4", *_counts(by_age.loc[infants] - under_one)],
        *([None, age, *_counts(by_age.loc[age])] for age in others),
    ]


def _counts(values: pd.Series) -> list[Cell]:
    return [int(value) for value in values]


def population_sheets(sample: Sample) -> Sheets:
    """Return the workbook of mid-2019 populations by five-year age band: persons, males and females."""
    people = sample.people
    frames = {
        "Persons": people["Males"] + people["Females"],
        "Males": people["Males"],
        "Females": people["Females"],
    }
    return {
        "Contents": [
            *_blank(6),
            [None, "Contents", None, "Table SAPE22DT15, as a sample"],
            [FICTION],
        ],
        "Notes and definitions": [["Contents"], *_blank(5), ["Notes and definitions"], [FICTION]],
        **{f"Mid-2019 {name}": _ages(sample, name, frame) for name, frame in frames.items()},
    }


def _ages(sample: Sample, name: str, people: pd.DataFrame) -> list[list[Cell]]:
    msoa = sample.places.msoa
    district = ["lad_code", "lad_name"]
    return [
        ["Contents"],
        [],
        [f"Table SAPE22DT15: Mid-2019 Population Estimates for Middle Layer Super Output Areas in the "
         f"sample by Quinary Age Groups and Sex, {name}. {FICTION}"],
        [],
        ["MSOA Code", "MSOA Name", "LA Code (2019 boundaries)", "LA name (2019 boundaries)",
         "LA Code (2020 boundaries)", "LA name (2020 boundaries)", "All Ages", *AGES],
        *(
            [code, msoa.at[code, "area_name"], *msoa.loc[code, district], *msoa.loc[code, district],
             int(counts.sum()), *_counts(counts)]
            for code, counts in people.iterrows()
        ),
    ]  # fmt: skip


def _blank(rows: int) -> list[list[Cell]]:
    return [[] for _ in range(rows)]
