"""The sheet of weekly deaths: what is read of it, and every other form that it may come in."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from geo.errors import InputError
from layers.weekly_deaths import PUBLISHED_BANDS, weekly_deaths

WEEKS = [dt.date(2020, 3, 6), dt.date(2020, 3, 13), dt.date(2020, 3, 20)]
TITLES = ("Persons", "Males", "Females")
PUBLISHED = ["<1", "1-4", *PUBLISHED_BANDS[1:]]


def sheet(deaths=None):
    """Return a sheet of weekly deaths: in each week, of each sex, by band as given."""
    counted = deaths or {"<1": 1, "1-4": 1, "90+": 4}
    rows = [["" for _ in range(5)] for _ in range(5)]
    rows.append(["Week ended", "", *WEEKS])
    for title in TITLES:
        times = 2 if title == "Persons" else 1
        rows += [[""] * 5, ["", f"{title} 4", "", "", ""], ["", "Deaths by age group", "", "", ""]]
        rows += [["", band, *[times * counted.get(band, 0)] * 3] for band in PUBLISHED]
    return rows


def test_weeks_are_read_by_sex_and_band_with_the_youngest_two_added():
    table = weekly_deaths(sheet(), where="a workbook")
    assert table.shape == (38, 3)
    assert list(table.columns) == WEEKS
    assert table.loc[("males", "age_0_4")].tolist() == [2, 2, 2]
    assert table.loc[("females", "age_90_plus")].tolist() == [4, 4, 4]
    assert table.to_numpy().sum() == 36


def test_no_section_no_bands_and_no_dates_are_refused():
    lacking = [row for row in sheet() if row[1] != "Males 4"]
    with pytest.raises(InputError, match=r"no section “Males”.*Where: a workbook"):
        weekly_deaths(lacking, where="a workbook")
    merged = [["", "0-4", *row[2:]] if row[1] == "1-4" else row for row in sheet()]
    with pytest.raises(InputError, match=r"age bands of section “Males”.*Found: <1, 0-4, 5-9"):
        weekly_deaths(merged, where="a workbook")
    undated = sheet()
    undated[5] = ["Week ended", "", "March", "", ""]
    with pytest.raises(InputError, match=r"no dates.*row 6.*Found: Week ended, March"):
        weekly_deaths(undated, where="a workbook")
    with pytest.raises(InputError, match=r"no dates.*an empty row"):
        weekly_deaths([], where="a workbook")
    with pytest.raises(InputError, match="age bands"):
        weekly_deaths(sheet()[:40], where="a workbook")


@pytest.mark.parametrize("cell", [-1, 1.5, "", "x", np.nan])
def test_cells_that_are_no_counts_are_refused_together(cell):
    rows = sheet()
    place = next(n for n, row in enumerate(rows) if row[1] == "Males 4") + 2
    rows[place][2] = rows[place + 3][4] = cell
    with pytest.raises(InputError) as caught:
        weekly_deaths(rows, where="a workbook")
    assert caught.value.what == "2 weekly counts are not whole numbers of deaths"
    assert f"{cell!r} at Males, <1, week 1" in caught.value.found
    assert "at Males, 10-14, week 3" in caught.value.found


def test_sexes_that_do_not_add_up_to_persons_are_refused():
    rows = sheet()
    place = next(n for n, row in enumerate(rows) if row[1] == "Females 4") + 2
    rows[place][2] += 1
    with pytest.raises(InputError, match=r"do not add up.*Expected: 36 deaths.*Found: 37"):
        weekly_deaths(rows, where="a workbook")


def test_dates_with_a_time_are_dates():
    rows = sheet()
    rows[5] = ["Week ended", "", *(dt.datetime.combine(week, dt.time()) for week in WEEKS)]
    assert list(weekly_deaths(rows, where="a workbook").columns) == WEEKS
