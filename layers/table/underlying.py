"""What the Indices are made of, small area by small area: read as published, with its denominators.

A blank stays a blank. Counts of people are the publisher's, rounded; what a share of them is of
comes from the Indices' own file, and so do sub-domains, where a copy of it has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

import pandas as pd

from geo.checks import Check
from geo.errors import some
from geo.files.hashes import file_hash
from geo.files.store import Store
from geo.tables.read import read_table
from layers.files import Files
from layers.indicators import INDICATORS, Indicator, indicators, indicators_in, roles_behind

ROUNDED_TO = 5
"""What the publisher rounds counts of people to."""
MEASURE = "score"
"""The end of the name of the column, in the Indices' own file, of the share of a domain."""
WORST = 1
"""The decile of the most deprived tenth of small areas."""
APART_PCT = 1.0
"""How far the sum of rounded counts may be from that of published shares, in per cent."""


class Underlying(NamedTuple):
    """``small``: a row a small area (LSOA); ``checks``: what was compared (see `Check`).

    For each indicator the frame has the published value by its ``column``, or the published count
    by its column of ``people``; and the columns of people whom they are of. For a sub-domain it has
    how many live there by the column of ``people``, all or none, and published ``ranks``. What the
    files at hand lack is not there; the frame is empty where they have nothing.
    """

    small: pd.DataFrame
    checks: pd.DataFrame


def underlying(files: Files, districts: pd.Series) -> Underlying:
    """Read the indicators of an edition; ``districts`` are those of its small areas, by code."""
    known = indicators(files.edition)
    if not known:
        return Underlying(pd.DataFrame(), pd.DataFrame())
    roles = roles_behind(files.edition)
    found = {role: files.find(role) for role in roles}
    paths = {role: path for role, path in found.items() if path is not None}

    def make() -> dict[str, pd.DataFrame]:
        indices = read_table(paths[roles[-1]], files.source(roles[-1]), "main")
        tables = {}
        if INDICATORS in paths:
            path, source = paths[INDICATORS], files.source(INDICATORS)
            tables = {
                table: read_table(path, source, table, codes=indices.index)
                for table in source.tables
            }
        small = beside_people(known, tables, indices)
        checks = [asdict(check) for check in checked(known, small, indices, districts)]
        return {"small": small, "checks": pd.DataFrame(checks)}

    made_of = {role: (file_hash(path), asdict(files.source(role))) for role, path in paths.items()}
    told = [asdict(indicator) for indicator in known.values()]
    store = Store(files.cache / "tables")
    return Underlying(**store.frames("underlying", made_of, told, districts.to_dict(), make=make))


def published_counts(files: Files, districts: pd.Series) -> pd.DataFrame:
    """Return how many people the publisher counts for layers that are shares, where it does.

    A row a small area, blank where the count is withheld; a column a layer (`Layer.people`). Of an
    edition without such a file, or where it is not at hand, an empty frame.
    """
    edition, small = files.edition, underlying(files, districts).small
    overall = edition.layer(edition.overall)
    layers = {f"{overall.ending(layer.id)}_{MEASURE}": layer for layer in edition.shares}
    counts = {
        layers[indicator.share].people: small[indicator.people]
        for indicator in indicators_in(indicators(edition), small.columns).values()
        if indicator.share in layers
    }
    return pd.DataFrame(counts)


def beside_people(
    known: Mapping[str, Indicator], tables: Mapping[str, pd.DataFrame], indices: pd.DataFrame
) -> pd.DataFrame:
    """Put the columns of all tables side by side, in our units, with the people they are of.

    Nothing at all where no table has any.
    """
    columns: dict[str, pd.Series] = {}
    for indicator in known.values():
        if indicator.ranks:
            columns.update(_of_subdomain(indicator, indices))
        elif indicator.id in tables.get(indicator.table, ()):
            values = tables[indicator.table][indicator.id].reindex(indices.index).astype("float64")
            name = indicator.people if indicator.of else indicator.column
            columns[name] = values * indicator.scale
    there = indicators_in(known, columns).values()
    people = dict.fromkeys(indicator.counted for indicator in there)
    return pd.DataFrame({**columns, **{name: indices[name].astype("float64") for name in people}})


def _of_subdomain(indicator: Indicator, indices: pd.DataFrame) -> dict[str, pd.Series]:
    """Return who lives in the most deprived tenth of small areas, and ranks, if there are any."""
    if not set(indicator.published) <= set(indices):
        return {}
    rank, decile = (indices[name].astype("float64") for name in indicator.published)
    people = indices[indicator.counted].astype("float64")
    return {
        indicator.people: people.where(decile == WORST, 0.0),
        **dict(zip(indicator.ranks, (rank, decile), strict=True)),
    }


def checked(
    known: Mapping[str, Indicator],
    small: pd.DataFrame,
    indices: pd.DataFrame,
    districts: pd.Series,
) -> Iterator[Check]:
    """Compare what was read with the Indices' own file, and with what its record says of it."""
    there = indicators_in(known, small.columns)
    if len(there) < len(known):
        yield _absent([one.title for name, one in known.items() if name not in there], len(known))
    for indicator in there.values():
        if indicator.of and not indicator.ranks:
            yield _rounding(indicator, small[indicator.people])
        if indicator.share:
            yield _total(indicator, small, indices)
        if indicator.district:
            yield _one_a_district(indicator, small[indicator.column], districts)


def _absent(titles: Sequence[str], many: int) -> Check:
    """Tell what the files at hand lack: a copy may have been put together without it."""
    return Check(
        name="What is behind the Indices: indicators and sub-domains",
        expected=f"{many} in the publisher's files",
        found=f"{many - len(titles)}; the files of this build lack {some(titles, most=40)}",
        ok=None,
        note="The publisher's own files have them; what a copy lacks is not shown.",
    )


def _rounding(indicator: Indicator, counts: pd.Series) -> Check:
    odd = int((counts.dropna() % ROUNDED_TO != 0).sum())
    blank = int(counts.isna().sum())
    return Check(
        name=f"{indicator.title}: counts of small areas",
        expected=f"multiples of {ROUNDED_TO}, or blank",
        found=f"{odd:,} others; {blank:,} blank of {len(counts):,}",
        ok=odd == 0,
        note="Blank where the publisher withholds a small count; it stays blank.",
    )


def _total(indicator: Indicator, small: pd.DataFrame, indices: pd.DataFrame) -> Check:
    """Hold the sum of the published counts to that of the shares in the Indices' own file."""
    counts = small[indicator.people]
    ours = counts.sum()
    theirs = (indices[indicator.share] * small[indicator.of])[counts.notna()].sum()
    return Check(
        name=f"{indicator.title}: all small areas together",
        expected=f"{theirs:,.0f}, by the shares in the file of the Indices, to within"
        f" {APART_PCT:g}%",
        found=f"{ours:,.0f}",
        ok=bool(abs(ours - theirs) <= theirs * APART_PCT / 100),
    )


def _one_a_district(indicator: Indicator, values: pd.Series, districts: pd.Series) -> Check:
    different = values.groupby(districts.reindex(values.index)).nunique()
    many = int((different > 1).sum())
    return Check(
        name=f"{indicator.title}: one figure a district",
        expected="the same in all small areas of a district",
        found="so" if not many else f"{many:,} districts with several",
        ok=many == 0,
    )
