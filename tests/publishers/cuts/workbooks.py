"""Workbooks changed part by part, without being read: fast, and the rest stays as it was."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import xlsxwriter

from layers.catalogue import catalogue

STRINGS = "xl/sharedStrings.xml"


def a_year_on(mirror: Path, path: Path) -> None:
    """Write the workbook of 2024 data: the layout of 2023, and figures that are only like it."""
    of = mirror / "fuel_poverty/Sub-regional_fuel_poverty_statistics_2023.xlsx"
    edited(of, path, {STRINGS: lambda text: re.sub(r"\b2023\b", "2024", text)})


def sheets_of_domains(mirror: Path, path: Path) -> None:
    """Write the indicators behind the Indices of 2025: notes, and a sheet a domain.

    The sheet of the living environment, which no mirror has, is invented.
    """
    of = mirror / "imd/IoD2025_File_8_Underlying_Indicators_flat.csv"
    flat = pd.read_csv(of, dtype=str, keep_default_na=False)
    draw = np.random.default_rng(2025)
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": True}) as book:
        book.add_worksheet("Notes").write(0, 0, "What the columns are")
        for table in catalogue()["imd_2025_indicators"].tables.values():
            headings = [table.key, *table.numbers.values()]
            sheet = book.add_worksheet(table.sheet)
            sheet.write_row(0, 0, headings)
            for heading in (heading for heading in headings if heading not in flat):
                flat[heading] = draw.random(len(flat)).round(3).astype(str)
            for number, row in enumerate(flat[headings].itertuples(index=False), start=1):
                sheet.write_row(number, 0, row)


def edited(of: Path, path: Path, changes: Mapping[str, Callable[[str], str]]) -> None:
    """Write a workbook again with the text of some of its parts changed."""
    with ZipFile(of) as old, ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename in changes:
                content = changes[part.filename](content.decode()).encode()
            entry = zipfile.ZipInfo(part.filename, part.date_time)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
