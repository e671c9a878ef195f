"""A workbook of fuel poverty: its LSOAs against its own table of districts."""

from __future__ import annotations

import pandas as pd

from geo.checks import Check

NAME = "fuel_poverty"
"""The kind's name, and the role of the workbook that the layer itself is read from."""

COUNTS = ("households", "fuel_poor")


def district_checks(by_lsoa: pd.DataFrame, by_district: pd.DataFrame, *, title: str) -> list[Check]:
    """Compare the sums of the LSOAs with the workbook's own table of districts.

    One line for all districts that agree, and one for each that does not, so that two districts
    whose rows were swapped (as in the workbook of 2022) are found and named. Some workbooks put
    their LSOAs in districts that were merged by the time of their table of districts: these
    cannot be compared, and are counted in the note.
    """
    sums = by_lsoa.groupby("lad_code")[list(COUNTS)].sum()
    both = sums.join(by_district[list(COUNTS)].add_suffix("_published"), how="inner")
    off = pd.concat(
        [(both[count] - both[f"{count}_published"]).abs() > 1 for count in COUNTS], axis=1
    ).any(axis=1)
    gone = len(sums) - len(both)
    which = "1 is" if gone == 1 else f"{gone} are"
    merged = (
        f" Of the districts that the table of LSOAs names, {which} not in the table of districts,"
        " which is of later boundaries: merged by then, and not compared."
        if gone
        else ""
    )
    agreeing = Check(
        name=f"{title}: sums of LSOAs against the table of districts",
        expected=f"{len(both):,} districts agree",
        found=f"{int((~off).sum()):,} agree",
        ok=not off.any() and len(both) > 0,
        note=f"Counts may differ by one household, from rounding.{merged}",
    )
    names = by_lsoa.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    return [
        agreeing,
        *(_difference(both.loc[code], names[code], title) for code in both.index[off]),
    ]


def _difference(row: pd.Series, name: str, title: str) -> Check:
    published, summed = (
        [f"{row[f'{c}{suffix}']:,.0f}" for c in COUNTS] for suffix in ("_published", "")
    )
    return Check(
        name=f"{title}: {name}",
        expected=f"{published[1]} of {published[0]} households (table of districts)",
        found=f"{summed[1]} of {summed[0]} (sum of LSOAs)",
        ok=False,
        note="The sum of the LSOAs is used.",
    )
