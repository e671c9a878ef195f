"""Defra's grids of 1 km, in the layout of its files; every value is invented."""

from __future__ import annotations

import re

import numpy as np

MISSING = "MISSING"
NEW_HEADING_YEAR = 2020
"""The first column is called gridcode from then on, and ukgridcode in the years before it."""
EAST_KM, NORTH_KM = (60, 660), (5, 665)
"""West to east and south to north, in km: England and Wales, and some sea around them."""


_NAME = re.compile(r"map((pm25)(20(?:18|19|2[0-4]))g|(no2)(20(?:18|19|2[0-4]))|(nox)(2013))\.csv")


def is_grid(name: str) -> bool:
    """Say whether a grid is called so, such as ``mappm252022g.csv``; those of years there are."""
    return _NAME.fullmatch(name) is not None


def grid_of(name: str) -> bytes:
    """Return the file of a name."""
    found = _NAME.fullmatch(name)
    assert found is not None
    pollutant = found[2] or found[4] or found[6]
    year = int(found[3] or found[5] or found[7])
    return _text(pollutant, year, found[1]).encode("ascii")


def _text(pollutant: str, year: int, column: str) -> str:
    x, y = (part.ravel() for part in np.meshgrid(_centres(EAST_KM), _centres(NORTH_KM)[::-1]))
    level = 7 if pollutant == "pm25" else 9
    value = level * (1 + 0.5 * np.sin(x / 9e4) * np.cos(y / 7e4)) - 0.1 * (year - 2018)
    said = [f"{one:.5f}" for one in value]
    for place in np.flatnonzero((x < 9e4) | (y > 6.6e5)):
        said[place] = MISSING
    code = "gridcode" if year >= NEW_HEADING_YEAR else "ukgridcode"
    lines = [
        f"Invented values in the form of {pollutant} of {year},,,",
        "Annual mean,,,",
        f"{year},,,",
        "ug m-3,,,",
        ",,,",
        f"{code},x,y,{column}",
        *map(
            "{},{},{},{}".format,
            range(1, len(x) + 1),
            x.astype(int).tolist(),
            y.astype(int).tolist(),
            said,
        ),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _centres(km: tuple[int, int]) -> np.ndarray:
    return np.arange(km[0], km[1]) * 1000.0 + 500
