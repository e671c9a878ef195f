"""Joining values to areas by code: nothing is dropped silently and nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.codes import require_unique
from geo.errors import CodeError, some


@dataclass(frozen=True, kw_only=True)
class JoinReport:
    """What happened when a frame of values met the areas: counts, and the codes left over.

    ``missing`` are areas without a row of values, ``extra`` rows of values without an area.
    """

    name: str
    matched: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """Return the report as one row of a table."""
        return {
            "what": self.name,
            "matched": self.matched,
            "missing": len(self.missing),
            "extra": len(self.extra),
            "missing_codes": some(self.missing),
            "extra_codes": some(self.extra),
        }


def join_values(
    areas: pd.DataFrame, values: pd.DataFrame, *, name: str, tolerance: float = 0.0
) -> tuple[pd.DataFrame, JoinReport]:
    """Lay the columns of ``values`` beside ``areas``, both indexed by ``area_code``.

    Areas without values get NaN. ``tolerance`` is the greatest share of codes, of either side, that
    may be unmatched; beyond it ``CodeError`` is raised, as it is for repeated codes or for columns
    that both sides have.

    >>> areas = pd.DataFrame({"area_name": ["a"]}, index=["E01000001"])
    >>> joined, report = join_values(areas, pd.DataFrame({"v": [3]}, index=["E01000001"]), name="v")
    >>> int(joined.loc["E01000001", "v"]), report.matched
    (3, 1)
    """
    for side, frame in (("areas", areas), ("values", values)):
        require_unique(frame.index, where=f"{name}, {side}")
    common = areas.columns.intersection(values.columns)
    if len(common):
        raise CodeError("Two sides of a join share columns", where=name, found=some(common))
    matched = areas.index.intersection(values.index)
    report = JoinReport(
        name=name,
        matched=len(matched),
        missing=tuple(areas.index.difference(values.index)),
        extra=tuple(values.index.difference(areas.index)),
    )
    _refuse_beyond(report, areas, values, tolerance)
    return areas.join(values), report


def _refuse_beyond(
    report: JoinReport, areas: pd.DataFrame, values: pd.DataFrame, tolerance: float
) -> None:
    too_many = len(report.missing) > tolerance * len(areas)
    if not too_many and len(report.extra) <= tolerance * len(values):
        return
    raise CodeError(
        f"{len(report.missing):,} areas have no values, {len(report.extra):,} values no area",
        where=report.name,
        expected=f"all {len(areas):,} codes to match (tolerance {tolerance:.1%})",
        found=f"missing: {some(report.missing) or 'none'}; extra: {some(report.extra) or 'none'}",
        do="check that the file and the boundaries are of the same year (LSOA 2011 or LSOA 2021)",
    )
