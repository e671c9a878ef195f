"""What a profile says of a place, as records for its template: rows of layers, neighbourhoods.

Every number is taken from the tables and formatted here once. Ranks are given where the layer
allows them in words; fuel poverty is given in fifths.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from geo.stats.rank import FEWEST_RANKED
from layers.layer import Frame, Layer
from maps.look.numbers import (
    NO_VALUE,
    ONLY_POCKET,
    TOO_FEW_POCKETS,
    TOO_FEW_TO_RANK,
    amount,
    between,
    fifth,
    numeral,
    ordinal,
    people_counted,
)
from maps.look.view import ranked
from maps.made_of.fingerprint import spread_of
from maps.svg.bars import Scale, range_bar
from maps.words.carried import ESTIMATED, KEY_TO_ESTIMATES, mark_of, share_estimated

if TYPE_CHECKING:
    from layers.borough.borough import Borough

Place = Mapping[str, Any]
NOT_RANKED = "not ranked"


@dataclass(frozen=True, kw_only=True)
class LayerRow:
    """One layer of a place, in words."""

    layer: Layer
    value: str
    people: str
    spread: str
    limits: str
    mark: str
    borough: str
    england: str
    borough_rank: str
    england_rank: str
    bar: Markup


@dataclass(frozen=True, kw_only=True)
class Neighbourhood:
    """One LSOA of a place, in words; ``earlier`` are its deciles in the editions before."""

    code: str
    name: str
    people: str
    earlier: tuple[str, ...]
    decile: str
    rank: str
    fuel: str
    values: tuple[str, ...]
    pocket: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One layer as all profiles of one kind in a borough see it.

    ``kind`` is ``MSOA``, ``pocket`` or ``borough``. ``scale`` is that of the areas whose range is
    shown, those of the layer's own geography for a pocket and MSOAs otherwise; ``counts`` says how
    many places of the kind are ranked.
    """

    layer: Layer
    kind: str
    name: str
    whole: str
    scale: Scale | None
    counts: Mapping[Any, int | None]
    year: int
    borough: str
    england: str

    @property
    def areas(self) -> str:
        """Name the kind of areas whose range is shown."""
        return f"{self.layer.geography}s" if self.kind == "pocket" else "MSOAs"

    def row(self, place: Place) -> LayerRow:
        """Describe a place on this layer."""
        value = number(place, self.layer.value)
        limits = None if self.kind == "pocket" else limits_of(place, self.layer)
        carried = self.kind == "pocket" and self.layer.geography == "MSOA"
        return LayerRow(
            layer=self.layer,
            value=amount(value, self.layer),
            people=self._people(place),
            spread=spread_of(place, self.layer),
            limits="" if limits is None else between(*limits, 2),
            mark="; ".join(
                filter(None, ["mean of MSOA values" if carried else "", self._mark(place)])
            ),
            borough=self.borough,
            england=self.england,
            borough_rank=self._in_borough(place),
            england_rank=self._in_england(place),
            bar=self._bar(value, limits),
        )

    def _mark(self, place: Place) -> str:
        """Say of what areas the value is, where it was carried from those of another census."""
        if place.get(self.layer.estimated) is True:
            return mark_of(self.layer, str(place[self.layer.link]))
        return share_estimated(number(place, self.layer.estimated_pct))

    def _people(self, place: Place) -> str:
        if not self.layer.share_of:
            return ""
        return people_counted(number(place, self.layer.people), self.layer, self.year)

    def _in_borough(self, place: Place) -> str:
        if self.kind == "borough":
            return ""
        if self.kind == "pocket":
            return rank_among_pockets(place, self.layer, "borough", self.counts["borough"])
        return rank_in_words(place, self.layer, "borough", self.counts["borough"]) + span(
            place, self.layer
        )

    def _in_england(self, place: Place) -> str:
        """Say how a place stands in England; a borough stands among districts."""
        if self.kind == "pocket":
            return rank_among_pockets(place, self.layer, "england", self.counts["england"])
        if self.kind != "borough":
            return rank_in_words(place, self.layer, "england", self.counts["england"])
        rank = number(place, self.layer.own_rank("england"))
        if not self.layer.ranks_in_words or math.isnan(rank):
            return NOT_RANKED
        return f"{ordinal(int(rank))} of {numeral(self.counts['england'] or 0)}"

    def _bar(self, value: float, limits: tuple[float, float] | None) -> Markup:
        if self.scale is None:
            return Markup(NO_VALUE)
        interval = "" if limits is None else f" (95% limits {between(*limits, 2)})"
        ends = (amount(end, self.layer) for end in (self.scale.least, self.scale.most))
        told = (
            f"Here {amount(value, self.layer)}{interval}; {self.name} {self.borough};"
            f" {self.whole} {self.england}; {self.areas} of {self.name} from {' to '.join(ends)}."
            " Further right is worse."
        )
        return range_bar(
            self.scale,
            value,
            key=f"bar-{self.layer.id}",
            title=f"{self.layer.title} within the range of {self.name}",
            description=told,
            limits=limits,
        )


def measured(borough: Borough, scales: Mapping[str, Scale | None], kind: str) -> list[Measured]:
    """Prepare the rows of all layers for the places of one kind; ``scales`` is by layer id."""
    own: Place = {str(name): value for name, value in borough.district.items()}
    return [
        Measured(
            layer=layer,
            kind=kind,
            name=borough.called,
            whole=borough.edition.whole,
            scale=scales[layer.id],
            counts={"england": borough.district_counts[layer.id]}
            if kind == "borough"
            else ranked(borough, layer, kind),
            year=borough.edition.population_year,
            borough=amount(number(own, layer.value), layer),
            england=amount(borough.england.get(layer.id, math.nan), layer),
        )
        for layer in borough.edition.layers
    ]


def limits_of(place: Place, layer: Layer) -> tuple[float, float] | None:
    """Return the 95% limits of a place's value, or None where the layer or the place has none."""
    if layer.lower is None or layer.upper is None:
        return None
    lower, upper = number(place, layer.lower), number(place, layer.upper)
    return None if math.isnan(lower) or math.isnan(upper) else (lower, upper)


def rank_in_words(place: Place, layer: Layer, frame: Frame, count: int | None) -> str:
    """Say a rank, with the decile in England, or a fifth where ranks must not be said.

    Among too few areas of a borough neither is said, but why.
    """
    if frame == "borough" and count is not None and count < FEWEST_RANKED:
        return NO_VALUE if math.isnan(number(place, layer.value)) else f"{TOO_FEW_TO_RANK} here"
    if not layer.ranks_in_words:
        return fifth(number(place, layer.quintile_column(frame)), layer)
    rank = number(place, layer.own_rank(frame))
    if math.isnan(rank) or not count:
        return NO_VALUE if math.isnan(number(place, layer.value)) else NOT_RANKED
    said = f"{numeral(rank)} of {numeral(count)}"
    return f"{said} (decile {decile(rank, count)})" if frame == "england" else said


def rank_among_pockets(place: Place, layer: Layer, frame: Frame, count: int | None) -> str:
    """Say how a pocket ranks among pockets, or in which fifth of them where no rank is said.

    ``count`` is how many pockets there are. Where it is the only one, or they are too few to be cut
    into fifths, that is said.
    """
    if math.isnan(number(place, layer.value)):
        return NO_VALUE
    if not layer.ranks_in_words:
        part = number(place, layer.quintile_column(frame))
        return TOO_FEW_POCKETS if math.isnan(part) else f"{fifth(part, layer)} of pockets"
    rank = number(place, layer.own_rank(frame))
    return ONLY_POCKET if math.isnan(rank) else f"{numeral(rank)} of {numeral(count or 0)}"


def decile(rank: float, count: int) -> int:
    """Return the tenth a rank falls in, 1 the worst; a place beyond the last stays in the tenth.

    >>> decile(1, 100), decile(10, 100), decile(11, 100), decile(101, 100)
    (1, 1, 2, 10)
    """
    return min(10, math.ceil(rank * 10 / count))


def span(place: Place, layer: Layer) -> str:
    """Say how far the rank in the borough could go, where that has been worked out."""
    for low, high, word in (("lower", "upper", "95%: "), ("lowest", "highest", "range ")):
        ends = number(place, layer.rank_end(low)), number(place, layer.rank_end(high))
        if layer.ranks_in_words and not any(map(math.isnan, ends)):
            return f" ({word}{numeral(ends[0])}–{numeral(ends[1])})"
    return ""


SPANS = {
    "range": "A range beside a rank holds it in 95% of 200 draws of other weights of the domains (×"
    " 0.5 to 1.5): it is no interval of chance.",
    "95%": "95% beside a rank is an interval of chance, simulated from the deaths of each MSOA.",
}


def spans_explained(ranks: Iterable[str]) -> list[str]:
    """Explain what stands in brackets behind ranks, where any has it."""
    said = " ".join(ranks)
    return [words for mark, words in SPANS.items() if f"({mark}" in said]


def neighbourhoods(
    areas: Sequence[Place], borough: Borough, *, more: Sequence[Layer], pockets: Mapping[str, str]
) -> dict[str, Neighbourhood]:
    """Describe LSOAs, by code; ``more`` are layers shown by value.

    ``pockets`` gives a pocket's label by its id.
    """
    overall = borough.edition.layer(borough.edition.overall)
    count = ranked(borough, overall, "LSOA")["borough"]
    fuel = next((layer for layer in borough.edition.layers if not layer.ranks_in_words), None)
    return {
        str(area["area_code"]): Neighbourhood(
            code=str(area["area_code"]),
            name=str(area["area_name"]),
            people=numeral(area["population"]),
            earlier=_earlier(area, borough),
            decile=_whole(number(area, overall.decile)),
            rank=rank_in_words(area, overall, "borough", count) + span(area, overall),
            fuel=rank_in_words(area, fuel, "england", None) if fuel else "",
            values=tuple(_marked(area, layer) for layer in more),
            pocket=pockets.get(str(area["pocket_id"]), "none"),
        )
        for area in areas
    }


def _earlier(area: Place, borough: Borough) -> tuple[str, ...]:
    """Return an area's deciles in the editions before, marked where its boundary has changed."""
    if borough.change is None:
        return ()
    overall = borough.edition.layer(borough.edition.overall)
    deciles = [number(area, overall.decile_of(year)) for year in borough.change.years[:-1]]
    estimated = area.get(overall.lasting("estimated")) is True
    return tuple(f"{_whole(decile)}{f' {ESTIMATED}' * estimated}" for decile in deciles)


def _marked(area: Place, layer: Layer) -> str:
    """Return an area's value, marked where it was carried from areas of another census."""
    value = amount(number(area, layer.value), layer)
    return f"{value} {ESTIMATED}" if area.get(layer.estimated) is True else value


def values_explained(areas: Iterable[Neighbourhood]) -> str:
    """Explain the mark behind values of areas, where any has it."""
    said = " ".join(value for area in areas for value in (*area.earlier, *area.values))
    return KEY_TO_ESTIMATES if ESTIMATED in said else ""


def number(place: Place, column: str) -> float:
    """Return a number of a place, NaN where it is missing or there is no such column.

    >>> number({"a": 1}, "a"), number({}, "a")
    (1.0, nan)
    """
    value = place.get(column)
    try:
        return math.nan if value is None else float(value)
    except TypeError:  # pandas' own missing value is no number
        return math.nan


def _whole(value: float) -> str:
    return NO_VALUE if math.isnan(value) else numeral(value)
