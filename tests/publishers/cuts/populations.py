"""Populations by single year of age (SAPE22DT4), from the bands of five years (SAPE22DT15).

How a band divides into its years is invented: as evenly as whole numbers allow, so that the years
of a band add up to it and males and females to persons, in every area.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import python_calamine
import xlsxwriter

MEMBER = "SAPE22DT4-mid-2019-msoa-syoa-estimates-unformatted.xlsx"
HEADER = 5
_OF = "population/SAPE22DT15-mid-2019-msoa-quinary-estimates-unformatted.xlsx"
_TITLE = (
    "Table SAPE22DT4: Mid-2019 Population Estimates for Middle Layer Super Output Areas by Single "
    "Year of Age and Sex, {sex}. Single years are invented."
)


def single_years(mirror: Path, path: Path) -> None:
    """Write the archive with the workbook of single years of age."""
    book = python_calamine.CalamineWorkbook.from_path(mirror / _OF)
    found = {}
    for sex in ("Males", "Females", "Persons"):
        rows = book.get_sheet_by_name(f"Mid-2019 {sex}").to_python()
        found[sex] = pd.DataFrame(rows[HEADER:], columns=rows[HEADER - 1])
    first = next(n for n, name in enumerate(found["Persons"].columns) if name == "0-4")
    years = {sex: _years(table.iloc[:, first:]) for sex, table in found.items() if sex != "Persons"}
    years["Persons"] = years["Males"] + years["Females"]
    _require_bands(years["Persons"], found["Persons"].iloc[:, first:])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        workbook = _workbook({sex: found[sex].iloc[:, :first] for sex in found}, years)
        archive.writestr(zipfile.ZipInfo(MEMBER, (2020, 9, 11, 9, 30, 0)), workbook)


def _years(bands: pd.DataFrame) -> np.ndarray:
    """Divide bands of five years into their years; the last, 90+, stays whole."""
    counts = bands.to_numpy(dtype="int64")
    each, over = np.divmod(counts[:, :-1], 5)
    years = each[:, :, None] + (np.arange(5) < over[:, :, None])
    return np.hstack([years.reshape(len(counts), -1), counts[:, -1:]])


def _require_bands(years: np.ndarray, bands: pd.DataFrame) -> None:
    again = np.add.reduceat(years, [*range(0, 90, 5), 90], axis=1)
    assert (again == bands.to_numpy(dtype="int64")).all(), "males and females are not all persons"


def _workbook(places: dict[str, pd.DataFrame], years: dict[str, np.ndarray]) -> bytes:
    """Write the three sheets; ages are numbers in the headings but for the last."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    for name in ("Contents", "Terms and conditions", "Notes and definitions"):
        book.add_worksheet(name).write_string(0, 0, name)
    for sex in ("Persons", "Males", "Females"):
        sheet = book.add_worksheet(f"Mid-2019 {sex}")
        sheet.write_string(0, 0, "Contents")
        sheet.write_string(2, 0, _TITLE.format(sex=sex))
        headings = [*places[sex].columns, *range(90), "90+"]
        sheet.write_row(HEADER - 1, 0, headings)
        rows = zip(places[sex].to_numpy().tolist(), years[sex].tolist(), strict=True)
        for number, (place, ages) in enumerate(rows, start=HEADER):
            sheet.write_row(number, 0, [*place, *ages])
    book.close()
    return stream.getvalue()
