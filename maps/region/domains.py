"""Boroughs by the seven domains: the share of small areas in England's most deprived tenth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.look import palette
from maps.look.classify import WORST_TENTH
from maps.look.numbers import NO_VALUE, percentage
from maps.made_of.matrix import classed
from maps.region.parts import Region, Section, Table, TableRow
from maps.words.of_regions import domain_that_stands_out
from maps.words.sentences import capital

if TYPE_CHECKING:
    import pandas as pd

    from layers.layer import Layer


def by_domain(region: Region) -> Section:
    """Set the domains side by side in a table whose cells are shaded by their share."""
    one, edition = region.one, region.one.edition
    layers = [layer for layer in edition.layers if layer.domain]
    shares = {
        each.code: [_share(each.lsoa, layer) for layer in layers]
        for each in (*region.boroughs, one)
    }
    whole = dict(zip((layer.title for layer in layers), shares[one.code], strict=True))
    known = {title: share for title, share in whole.items() if not math.isnan(share)}
    rows = [
        TableRow(
            name=name,
            cells=[NO_VALUE if math.isnan(share) else percentage(share) for share in shares[code]],
            address=region.address(code) if code else "",
            foot=not code,
            tones=[_tone(share) for share in shares[code]] if code else (),
        )
        for code, name in {**region.names, one.code: region.name}.items()
    ]
    every = TableRow(name=capital(edition.whole), cells=[percentage(10)] * len(layers), foot=True)
    return Section(
        key="domains",
        title="The domains of deprivation",
        period=edition.layer(edition.overall).period,
        finding=domain_that_stands_out(known, edition.whole) if len(known) > 1 else "",
        tables=[
            Table(
                key="domains-table",
                caption="Share of small areas (LSOAs) in the most deprived tenth of"
                f" {edition.whole}, domain by domain; darker is more",
                columns=["Borough", *(layer.short for layer in layers)],
                rows=[*rows, every],
            )
        ],
    )


def _share(lsoa: pd.DataFrame, layer: Layer) -> float:
    """Return the percentage in the worst tenth of those small areas that have a decile."""
    deciles = lsoa[layer.decile].dropna()
    return 100 * float(deciles.eq(1).mean()) if len(deciles) else math.nan


def _tone(share: float) -> int:
    """Return the tone of a cell; one behind the last, which is no colour, without a share."""
    return len(palette.SEQUENTIAL) if math.isnan(share) else classed(share, WORST_TENTH)[1]
