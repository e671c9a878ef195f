"""The Indices of Deprivation: the overall index and its seven domains.

Caveats. Scores have no unit and are not comparable between editions: ranks and deciles are. An
index describes areas, not everyone who lives in them. Official ranks have ties. Published domain
scores are rounded, so ranks within a borough order the official ranks. Income and employment are
rates (shares of people). The file holds neither the sub-domains nor, for 2019, the scores for
children and older people.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.errors import InputError, some
from geo.files.tables import read_table
from geo.sources import Source
from geo.stats.rank import tenths
from layers.kinds.reading import Check, LayerValues
from layers.layer import Edition, Layer

MEASURES = ("score", "rank", "decile")
PEOPLE = ("population", "working_age_population")
"""The publisher's denominators: of most domains, and of the employment domain."""


def layers_of(edition: Edition) -> list[Layer]:
    """Return the layers of an edition that are Indices: the overall one first, then the domains."""
    return [layer for layer in edition.layers if layer.kind == "imd"]


def read(edition: Edition, source: Source, path: Path) -> LayerValues:
    """Read the Indices for every LSOA of an edition, with the people they count."""
    return build(edition, read_table(path, source, "main"))


def build(edition: Edition, table: pd.DataFrame) -> LayerValues:
    """Name the columns of the published table after the layers, and check its own rules.

    The result has ``{id}_score``, ``{id}_rank`` and ``{id}_decile`` for each layer and
    the `PEOPLE`, indexed by ``area_code``. Raises ``InputError`` when the published ranks break
    the publisher's own rule for deciles, ceil(rank × 10 / n).
    """
    columns = {people: table[people] for people in PEOPLE}
    for layer in layers_of(edition):
        for measure in MEASURES:
            columns[f"{layer.id}_{measure}"] = table[f"{_stem(edition, layer)}_{measure}"]
    values = pd.DataFrame(columns)
    layers = layers_of(edition)
    checks = [make(values, layer) for layer in layers for make in (_decile_check, _order_check)]
    failed = [f"{check.name}: {check.found}" for check in checks if not check.ok]
    if failed:
        raise InputError(
            "The published scores, ranks and deciles contradict each other in "
            f"{len(failed)} way{'' if len(failed) == 1 else 's'}",
            where="Indices of Deprivation",
            expected="decile = ceil(rank × 10 / number of LSOAs), and no score below that of a "
            "less deprived LSOA",
            found=some(failed, most=len(checks)),
            do="fetch the file again: values of another year or area may have been mixed in",
        )
    return LayerValues(values=values, used=("imd",), checks=tuple(checks))


def _stem(edition: Edition, layer: Layer) -> str:
    """Name the columns of a layer in the source's record: ``imd`` or the domain's own name."""
    return "imd" if layer.id == edition.overall else layer.id.removeprefix(f"{edition.overall}_")


def _decile_check(values: pd.DataFrame, layer: Layer) -> Check:
    made = tenths(values[f"{layer.id}_rank"])
    differing = int((made != values[f"{layer.id}_decile"]).sum())
    return Check(
        name=f"{layer.short}: deciles follow from ranks",
        expected="0 LSOAs differ",
        found=f"{differing:,} LSOAs differ",
        ok=differing == 0,
    )


def _order_check(values: pd.DataFrame, layer: Layer) -> Check:
    """Hold the order of scores to that of ranks: by both, the same area stands in each place."""
    score, rank = values[f"{layer.id}_score"], values[f"{layer.id}_rank"]
    least = score.groupby(rank).min().cummin().shift()
    above = rank.map(least)
    apart = score != rank.map(score.groupby(rank).max())
    off = values.index[(score > above) | apart]
    return Check(
        name=f"{layer.short}: scores are in the order of ranks",
        expected="0 LSOAs differ",
        found=f"{len(off):,} LSOAs differ{f' ({some(off)})' if len(off) else ''}",
        ok=len(off) == 0,
    )
