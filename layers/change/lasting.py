"""What has lasted: in how many editions each small area was in the most deprived parts of England.

An area of the edition was in a part in an earlier edition if at least half of its people live on
ground that was (`geo.space.common_ground`). Deciles are those of each edition; nothing is
subtracted. All of it is about areas: nobody knows whether the same people lived there.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.space.common_ground import part_held
from geo.space.families import UNCHANGED, Families
from layers.layer import Edition

MOST_DEPRIVED: Mapping[str, int] = {"tenth": 1, "fifth": 2}
"""The most deprived parts that are looked at: the end of a column, and the last decile within."""


def lasting_columns(
    edition: Edition,
    deciles: pd.Series,
    earlier: Mapping[str, pd.Series],
    common: pd.DataFrame,
    families: Families,
) -> pd.DataFrame:
    """Return what has lasted, by area of the edition.

    ``deciles`` are the edition's own, ``earlier`` those of the former areas by year; ``common`` is
    the frame of `geo.space.common_ground.common_people`. Columns of the overall layer: the decile
    in each earlier year; ``lasting_tenth`` and ``lasting_fifth``, in how many editions (its own
    among them) the area was within; ``lasting_link``, the letter of its family, and
    ``lasting_estimated``, whether what is said of earlier editions is of other ground than its own.
    """
    overall = edition.layer(edition.overall)
    before = {year: part_held(values, common) for year, values in earlier.items()}
    every = pd.DataFrame({**before, edition.id: deciles.astype("float64")})
    link = families.link_of_new.reindex(deciles.index)
    columns = {overall.decile_of(year): _whole(every[year]) for year in before} | {
        overall.lasting(part): _whole((every <= last).sum(axis=1).where(every.notna().all(axis=1)))
        for part, last in MOST_DEPRIVED.items()
    }
    columns[overall.lasting("link")] = link
    columns[overall.lasting("estimated")] = link != UNCHANGED
    return pd.DataFrame(columns).reindex(deciles.index).rename_axis("area_code")


def lasting_in(
    edition: Edition, lsoa: pd.DataFrame, *, times: int, part: str = "tenth"
) -> pd.Series:
    """Say which small areas were in the most deprived ``part`` in all ``times`` editions."""
    every: pd.Series = lsoa[edition.layer(edition.overall).lasting(part)].eq(times)
    return every


def people_lasting(
    edition: Edition, lsoa: pd.DataFrame, by: pd.Series, *, times: int
) -> pd.DataFrame:
    """Count the people of groups of areas who live where it has lasted: in all ``times`` editions.

    ``lsoa`` has ``population`` and the columns of `lasting_columns`. Columns of the overall layer:
    ``lasting_tenth_people`` and ``lasting_fifth_people``.
    """
    overall = edition.layer(edition.overall)
    counts = {
        overall.lasting(f"{part}_people"): lsoa["population"].where(
            lasting_in(edition, lsoa, times=times, part=part), 0
        )
        for part in MOST_DEPRIVED
    }
    return pd.DataFrame(counts).groupby(by).sum()


def decile_flow(edition: Edition, lsoa: pd.DataFrame, year: str) -> pd.DataFrame:
    """Count small areas and their people by decile in an earlier edition and in this one.

    Columns ``lad_code``, ``lad_name``, ``earlier_edition``, ``decile_before``, ``decile_now``,
    ``lsoa_count`` and ``population``, a row for each pair of deciles that a borough has.
    """
    overall = edition.layer(edition.overall)
    known = pd.DataFrame(
        {
            "lad_code": lsoa["lad_code"],
            "lad_name": lsoa["lad_name"],
            "decile_before": lsoa[overall.decile_of(year)],
            "decile_now": lsoa[overall.decile],
            "population": lsoa["population"],
        }
    ).dropna()
    known = known.astype({"decile_before": "int64", "decile_now": "int64"})
    groups = known.groupby(["lad_code", "lad_name", "decile_before", "decile_now"])["population"]
    found = groups.agg(lsoa_count="size", population="sum").reset_index()
    found.insert(2, "earlier_edition", year)
    return found


def counts_by_edition(
    deciles: Mapping[str, pd.Series], places: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """Count small areas in each edition as its own census drew them, nothing carried.

    ``deciles`` are by year and area, ``places`` the district of the areas of each year. Columns
    ``lad_code``, ``edition``, ``lsoa_count``, ``worst_tenth_lsoas`` and ``worst_fifth_lsoas``.
    """
    parts = []
    for year, values in deciles.items():
        within = {f"worst_{part}_lsoas": values <= last for part, last in MOST_DEPRIVED.items()}
        each = pd.DataFrame({"lsoa_count": values.notna(), **within})
        counts = each.groupby(places[year].reindex(values.index)).sum().rename_axis("lad_code")
        counts.insert(0, "edition", year)
        parts.append(counts.reset_index())
    return pd.concat(parts, ignore_index=True).sort_values(
        ["lad_code", "edition"], ignore_index=True
    )


def _whole(numbers: pd.Series) -> pd.Series:
    """Return numbers as whole ones, where none is missing."""
    return numbers.astype("int64") if numbers.notna().all() else numbers
