"""What a pocket is made of, as its profile shows it: a sentence, and a bar a domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from maps.made_of.fingerprint import DomainOfPocket, how_told, key_to_bars, made_of, stands_out
from maps.profiles.rows import Place
from maps.svg.bars import percentile_bar

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """A pocket's domains, the most deprived first, each with its bar, and what is said of them."""

    said: str
    rows: tuple[DomainOfPocket, ...]
    bars: tuple[Markup, ...]
    key: str
    how: str


def fingerprint_of(borough: Borough, pocket: Place) -> Fingerprint:
    """Describe what a pocket is made of."""
    rows = tuple(made_of(pocket, borough.edition))
    bars = tuple(
        percentile_bar(
            row.mean,
            row.lowest,
            row.highest,
            key=f"made-{row.layer.id}",
            title=f"{row.layer.title}: percentile in {borough.edition.whole}, from 0 to 100",
            description=f"Mean {row.value}; its small areas {row.ends}. 100 is the most deprived.",
        )
        for row in rows
    )
    return Fingerprint(
        said=stands_out(pocket, borough),
        rows=rows,
        bars=bars,
        key=key_to_bars(borough.edition.whole),
        how=how_told(),
    )
