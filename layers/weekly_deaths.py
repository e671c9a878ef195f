"""Reading weekly deaths: a sheet with one column a week, a section a sex, a row an age band."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from geo.errors import InputError, some

REGISTRATIONS = "registrations"
"""What records call such a sheet."""

SEXES = {"males": "Males", "females": "Females"}
PUBLISHED_BANDS = (*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+")
BANDS = tuple(f"age_{band.replace('-', '_').replace('+', '_plus')}" for band in PUBLISHED_BANDS)

_WEEK_ENDED_ROW = 5
_WEEKLY_BANDS = ["<1", "1-4", *PUBLISHED_BANDS[1:]]
_AGAIN = "fetch the workbook again"


def weekly_deaths(rows: list[list[object]], *, where: str) -> pd.DataFrame:
    """Read the matrix of weekly deaths: index (sex, age band), columns week-ended dates.

    The bands “<1” and “1-4” are added up to 0–4. Raises ``InputError`` when a section or a band is
    missing, a cell is not a whole number of deaths, or the two sexes do not add up to the persons
    of a week.
    """
    weeks = _weeks(rows, where)
    sections = {key: _section(rows, title, weeks, where) for key, title in SEXES.items()}
    persons = _section(rows, "Persons", weeks, where)
    deaths = pd.concat(sections)
    both = deaths.groupby(level=1).sum()
    if not both.sum().equals(persons.sum()):
        raise InputError(
            "Weekly deaths of males and females do not add up to those of persons",
            where=where,
            expected=f"{persons.to_numpy().sum():,.0f} deaths",
            found=f"{both.to_numpy().sum():,.0f}",
            do=_AGAIN,
        )
    return deaths


def _weeks(rows: list[list[object]], where: str) -> dict[int, dt.date]:
    """Return the date in which the week of each column ended, by the column's position."""
    cells = rows[_WEEK_ENDED_ROW] if len(rows) > _WEEK_ENDED_ROW else []
    dates = {column: _date(cell) for column, cell in enumerate(cells)}
    weeks = {column: date for column, date in dates.items() if date is not None}
    if not weeks:
        raise InputError(
            "Weekly deaths have no dates",
            where=where,
            expected=f"the dates on which weeks ended in row {_WEEK_ENDED_ROW + 1}",
            found=some(cell for cell in cells if cell != "") or "an empty row",
            do=_AGAIN,
        )
    return weeks


def _section(
    rows: list[list[object]], title: str, weeks: dict[int, dt.date], where: str
) -> pd.DataFrame:
    names = [str(row[1]).strip() if len(row) > 1 else "" for row in rows]
    start = next((n for n, name in enumerate(names) if name.startswith(title)), None)
    if start is None:
        raise InputError(f"Weekly deaths have no section “{title}”", where=where, do=_AGAIN)
    inside = slice(start + 2, start + 2 + len(_WEEKLY_BANDS))
    wanted, found = rows[inside], names[inside]
    if found != _WEEKLY_BANDS:
        raise InputError(
            f"The age bands of section “{title}” are not the expected ones",
            where=where,
            expected=some(_WEEKLY_BANDS, most=30),
            found=some(found, most=30),
            do=_AGAIN,
        )
    cells = pd.DataFrame([[row[column] for column in weeks] for row in wanted])
    _require_counts(cells.set_axis(found), title, where)
    table = cells.astype("float64").set_axis(list(weeks.values()), axis="columns")
    return table.set_axis([BANDS[0], *BANDS]).groupby(level=0, sort=False).sum()


def _require_counts(cells: pd.DataFrame, title: str, where: str) -> None:
    """Refuse cells that are no whole number of deaths, all of a section at once."""
    wrong = [
        f"{cell!r} at {title}, {band}, week {column + 1}"
        for band, row in cells.iterrows()
        for column, cell in enumerate(row)
        if not (isinstance(cell, int | float) and cell >= 0 and float(cell).is_integer())
    ]
    if wrong:
        raise InputError(
            f"{len(wrong)} weekly counts are not whole numbers of deaths",
            where=where,
            expected="whole numbers, 0 or more",
            found=some(wrong),
            do=_AGAIN,
        )


def _date(cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else None
