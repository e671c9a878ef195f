"""What a pocket is made of, in words: its domains beside the borough's other deprived small areas.

Nothing is said of why; a difference is never turned into a ratio.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.stats.apart import FEWEST_OTHERS, LESS, MORE, ORDINARY, UNCLEAR
from layers.findings.fingerprint import LEAST_DIFFERENCE, domains
from layers.layer import Edition, Layer
from maps.look.numbers import NO_VALUE, amount, fifth, numeral, suffix_of
from maps.words.sentences import capital, listed, lower

if TYPE_CHECKING:
    from layers.borough.borough import Borough

MOST_NAMED = 4
"""So many domains on which a pocket is ordinary are named; more are counted."""
APART = {MORE: "stands out", LESS: "stands out", UNCLEAR: "could be chance"}
"""What stands beside a difference that matters, by verdict."""


@dataclass(frozen=True, kw_only=True)
class DomainOfPocket:
    """One domain of a pocket: England's percentile, and the ends of its small areas'."""

    layer: Layer
    mean: float
    lowest: float
    highest: float
    difference: float
    apart: str

    @property
    def value(self) -> str:
        """The mean percentile as it is shown."""
        return NO_VALUE if math.isnan(self.mean) else numeral(self.mean)

    @property
    def ends(self) -> str:
        """The percentiles of its least and most deprived small area as they are shown."""
        return NO_VALUE if math.isnan(self.mean) else ends(self.lowest, self.highest)

    @property
    def beside(self) -> str:
        """The difference from the others in points, with its sign, and what it amounts to."""
        if math.isnan(self.difference):
            return "not compared"
        sign = "+" if round(self.difference) > 0 else ""
        said = f"{sign}{numeral(self.difference)}"
        return f"{said} ({self.apart})" if self.apart else said


def made_of(pocket: Mapping[str, Any], edition: Edition) -> list[DomainOfPocket]:
    """Return the domains of a pocket, the most deprived first."""
    said = verdicts(pocket, edition)
    rows = [
        DomainOfPocket(
            layer=layer,
            mean=float(pocket[layer.column("mean_percentile")]),
            lowest=float(pocket[layer.column("percentile_lowest")]),
            highest=float(pocket[layer.column("percentile_highest")]),
            difference=float(pocket[layer.column("percentile_difference")]),
            apart=APART.get(said[layer.id], ""),
        )
        for layer in domains(edition)
    ]
    return sorted(rows, key=lambda row: -row.mean)


def ends(lowest: float, highest: float) -> str:
    """Write the least and the greatest of several percentiles.

    >>> ends(87.2, 99.6), ends(95.1, 95.4)
    ('87 to 100', '95')
    """
    low, high = numeral(lowest), numeral(highest)
    return low if low == high else f"{low} to {high}"


def stands_out(pocket: Mapping[str, Any], borough: Borough) -> str:
    """Say what sets a pocket apart from the borough's other deprived small areas.

    Those are the ones that meet the rule of pockets. With too few of them that is said instead.
    """
    edition, called = borough.edition, borough.called
    others = int(pocket["compared_lsoas"])
    if others < FEWEST_OTHERS:
        few = "none" if not others else f"only {others}"
        return (
            f"What it is made of is not set against other deprived small areas of {called}:"
            f" outside it there {'is' if others == 1 else 'are'} {few}."
        )
    said = verdicts(pocket, edition)
    named = {
        verdict: [lower(layer.short) for layer in domains(edition) if said[layer.id] == verdict]
        for verdict in (MORE, LESS, UNCLEAR, ORDINARY)
    }
    out = [f"as {word} deprived {_on(named[word])}" for word in (MORE, LESS) if named[word]]
    rest = f"it stands out {' and '.join(out)}" if out else "it does not stand out on any domain"
    parts = [f"Against the {numeral(others)} other deprived small areas of {called} {rest}"]
    if named[UNCLEAR]:
        parts.append(f"{_on(named[UNCLEAR])} its difference could be one of chance")
    if named[ORDINARY] and len(parts) + len(out) > 1:
        parts.append(_ordinary(named[ORDINARY]))
    return f"{'; '.join(parts)}."


def verdicts(pocket: Mapping[str, Any], edition: Edition) -> dict[str, str]:
    """Return by domain how a pocket stands to the others (`geo.stats.apart`), empty if unknown."""
    found = {}
    for layer in domains(edition):
        difference = float(pocket[layer.column("percentile_difference")])
        far = UNCLEAR if abs(difference) >= LEAST_DIFFERENCE else ORDINARY
        found[layer.id] = "" if math.isnan(difference) else far
    return (
        found
        | dict.fromkeys(pocket["stands_out"], MORE)
        | dict.fromkeys(pocket["stands_out_less"], LESS)
    )


def _ordinary(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"on the other {len(names)} domains it is ordinary"
    return f"it is ordinary {_on(names)}"


def _on(names: Iterable[str]) -> str:
    return listed([f"on {name}" for name in names])


def spread_of(place: Mapping[str, Any], layer: Layer) -> str:
    """Write the lowest and the highest value of a place's small areas; nothing if not known.

    In fifths where no more is told of small areas.
    """
    names = ("lowest", "highest") if layer.ranks_in_words else ("fifth_worst", "fifth_best")
    found = [place.get(layer.column(name), math.nan) for name in names]
    if any(end != end for end in found):
        return ""
    low, high = (amount(end, layer) if layer.ranks_in_words else fifth(end, layer) for end in found)
    return low if low == high else f"{low.removesuffix(suffix_of(layer))} to {high}"


def key_to_bars(whole: str) -> str:
    """Explain the bars of a fingerprint."""
    return (
        f"Bars: {capital(whole)}’s percentile, from 0 to 100, the most deprived; the mean over its"
        " people. The line through a bar’s end spans its small areas, from the least to the most"
        " deprived."
    )


def how_told() -> str:
    """Explain when a pocket stands out, and what that does not say."""
    return (
        f"“Stands out”: at least {numeral(LEAST_DIFFERENCE)} percentile points from the mean of the"
        " other small areas that meet the rule of pockets, whichever one small area is left out,"
        " and further than all but 5% of groups of as many drawn among them at random, allowing"
        " for seven domains. Neighbours are alike, so a pocket differs from the others more often"
        " than such a group; nothing is said of why."
    )
