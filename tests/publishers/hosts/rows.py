"""The rows of a layer or table, and the little of SQL that a query of them may say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from geo.crs import to_bng, to_wgs84

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|<>|<=|>=|[=<>(),]|\w+(?:\.\d+)?|-?\d+(?:\.\d+)?)")


class QueryError(Exception):
    """A query that the server does not understand; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """All rows in the order of their object ids; ``shapes`` in longitude and latitude, or None."""

    table: pd.DataFrame
    shapes: gpd.GeoSeries | None
    id: str

    def where(self, clause: str) -> NDArray[np.int64]:
        """Return the places of the rows that a clause is true of."""
        found = _Clause(clause, self.table).whole()
        return np.flatnonzero(found)

    def ordered(self, places: NDArray[np.int64], by: str, start: int) -> NDArray[np.int64]:
        """Return places in an order: ``A, B DESC``; by their object ids where none is asked for.

        Rows that the order does not tell apart come as it pleases the server, which is another way
        for every page: who orders by what repeats loses rows between pages.
        """
        keys = [part.split() for part in by.split(",") if part.strip()] or [[self.id]]
        names = [self._name(key[0]) for key in keys]
        rows = self.table.iloc[places][names]
        whim = (places * 2_654_435_761 + start * 40_503) % 65_521
        rising = ["desc" not in [word.lower() for word in key[1:]] for key in keys]
        order = rows.assign(_whim=whim).sort_values([*names, "_whim"], ascending=[*rising, True])
        return order.index.to_numpy()

    def fields(self, asked: str) -> list[str]:
        """Return the fields that are asked for, ``*`` for all of them."""
        if asked.strip() == "*":
            return [*self.table.columns]
        return [self._name(name.strip()) for name in asked.split(",") if name.strip()]

    def _name(self, asked: str) -> str:
        for name in self.table.columns:
            if name.lower() == asked.lower():
                return str(name)
        raise QueryError(f"'Invalid field: {asked}' parameter is invalid")


class _Clause:
    """A clause being read, of tokens from left to right."""

    def __init__(self, text: str, table: pd.DataFrame) -> None:
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text):
            raise QueryError("'where' parameter is invalid")
        self.table = table
        self.columns = {name.lower(): name for name in table.columns}

    def whole(self) -> Any:
        found = self._either()
        if self.tokens:
            raise QueryError("'where' parameter is invalid")
        return found

    def _either(self) -> Any:
        found = self._both()
        while self._takes("or"):
            found = found | self._both()
        return found

    def _both(self) -> Any:
        found = self._one()
        while self._takes("and"):
            found = found & self._one()
        return found

    def _one(self) -> Any:
        if self._takes("("):
            found = self._either()
            self._must(")")
            return found
        name = self._next()
        if name.isdecimal():
            self._must("=")
            return np.full(len(self.table), name == self._next())
        if name.lower() not in self.columns:
            raise QueryError(f"'Invalid field: {name}' parameter is invalid")
        return self._compared(self.table[self.columns[name.lower()]]).to_numpy()

    def _compared(self, column: pd.Series) -> pd.Series:
        how = self._next().lower()
        if how == "like":
            pattern = "".join(
                ".*" if sign == "%" else "." if sign == "_" else re.escape(sign)
                for sign in str(self._value())
            )
            return column.astype(str).str.fullmatch(pattern)
        if how == "in":
            self._must("(")
            values = [self._value()]
            while self._takes(","):
                values.append(self._value())
            self._must(")")
            return column.isin(values)
        if how == "is":
            refused = self._takes("not")
            self._must("null")
            return column.notna() if refused else column.isna()
        if how not in _COMPARED:
            raise QueryError("'where' parameter is invalid")
        return _COMPARED[how](column, self._value())

    def _value(self) -> str | float:
        token = self._next()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        return float(token)

    def _takes(self, word: str) -> bool:
        if self.tokens and self.tokens[0].lower() == word:
            self.tokens.pop(0)
            return True
        return False

    def _must(self, word: str) -> None:
        if not self._takes(word):
            raise QueryError("'where' parameter is invalid")

    def _next(self) -> str:
        if not self.tokens:
            raise QueryError("'where' parameter is invalid")
        return str(self.tokens.pop(0))


_COMPARED = {
    "=": lambda column, value: column == value,
    "<>": lambda column, value: column != value,
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
}


@cache
def rows_of(path: Path, name: str) -> Rows:
    """Read the rows of a file of areas or of a table, and put Wales to them."""
    if path.suffix == ".csv":
        table = pd.read_csv(path, dtype=str, keep_default_na=False).drop(
            columns="FID", errors="ignore"
        )
        return Rows(table=_numbered(_with_wales(table), name), shapes=None, id=name)
    areas = pyogrio.read_dataframe(path)
    table = _with_wales(pd.DataFrame(areas.drop(columns="geometry")))
    wales = [_square(n) for n in range(len(table) - len(areas))]
    shapes = gpd.GeoSeries([*areas.geometry, *wales], crs=areas.crs)
    table["Shape__Area"] = shapely.area(to_bng(shapes.to_frame("geometry")).geometry.to_numpy())
    return Rows(table=_numbered(table, name), shapes=shapes, id=name)


def _numbered(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Put the object id first: the rows stand in no order that anything else has."""
    table = table.reset_index(drop=True)
    table.insert(0, name, np.arange(1, len(table) + 1))
    return table


WELSH = 3
"""How many invented areas of Wales each layer and table has."""


def _with_wales(table: pd.DataFrame) -> pd.DataFrame:
    """Put invented areas of Wales after the others."""
    codes = {name for name in table.columns if name.endswith("CD")}
    letters = {"LSOA": "W01", "MSOA": "W02", "WD": "W05", "LAD": "W06"}
    welsh = table.iloc[-WELSH:].copy()
    for name in table.columns:
        if name in codes:
            start = next(said for kind, said in letters.items() if name.startswith(kind))
            welsh[name] = [f"{start}99900{n}" for n in range(1, WELSH + 1)]
        elif name.endswith("NM"):
            welsh[name] = [f"Nowhere 00{n}A" for n in range(1, WELSH + 1)]
    welsh_name = next(name for name in table.columns if name.endswith("NM"))
    table = pd.concat([table, welsh], ignore_index=True)
    return table.assign(**{f"{welsh_name}W": table[welsh_name]})


def _square(number: int) -> shapely.Geometry:
    """Return a square in the sea west of Wales, its ring the way the portal runs rings."""
    west = -5.5 + 0.02 * number
    return shapely.Polygon([(west, 52), (west, 52.01), (west + 0.01, 52.01), (west + 0.01, 52)])


def moved(shapes: gpd.GeoSeries, wkid: int) -> gpd.GeoSeries:
    """Return shapes in one of the two systems that the portal is asked for here."""
    if wkid == 4326:
        return (
            to_wgs84(shapes.to_frame("geometry")).geometry
            if shapes.crs.to_epsg() == 27700
            else shapes
        )
    if wkid == 27700:
        return to_bng(shapes.to_frame("geometry")).geometry
    raise QueryError("'outSR' parameter is invalid")
