"""A borough in short, and the publisher's summaries of its deprivation, each with what it answers.

No single summary is "the" measure of a borough, so they stand beside one another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundaries.names import in_a_sentence
from maps.look.numbers import in_year, numeral, ordinal, share_in_words
from maps.words.rules import on_layers
from maps.words.sentences import capital, listed, lower

if TYPE_CHECKING:
    from layers.borough.borough import Borough

FEWEST_DISTRICTS = 20
"""With fewer districts than this a tenth of them is no group to belong to."""
NAMED_IN_SHORT = 3
"""How many domains and neighbourhoods are named at most."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One summary: the end of its column's name, its words, and how its value is written.

    ``meaning`` may hold ``{whole}``; ``whole`` is the value of England, where there is one.
    """

    key: str
    title: str
    meaning: str
    decimals: int = 0
    suffix: str = ""
    whole: float | None = None

    def words(self, value: float) -> str:
        """Write a value of this summary."""
        return f"{numeral(value, self.decimals)}{self.suffix}"


SUMMARIES = (
    Summary(
        key="worst_tenth_pct",
        title="In the most deprived tenth",
        meaning="Share of small areas among the most deprived 10% of {whole}.",
        decimals=1,
        suffix="%",
        whole=10.0,
    ),
    Summary(
        key="worst_fifth_pct",
        title="In the most deprived fifth",
        meaning="Share of small areas among the most deprived 20% of {whole}.",
        decimals=1,
        suffix="%",
        whole=20.0,
    ),
    Summary(
        key="average_score",
        title="Average score",
        meaning="Mean score, weighted by people: very deprived places pull it up.",
        decimals=1,
    ),
    Summary(
        key="average_rank",
        title="Average rank",
        meaning="Mean rank, weighted by people, counted so that more deprived is higher: every"
        " place counts alike, extremes do not.",
    ),
    Summary(
        key="extent_pct",
        title="Extent",
        meaning="Share of people in the most deprived 30% of small areas, those of the worst"
        " tenth in full and the rest less and less.",
        decimals=1,
        suffix="%",
    ),
    Summary(
        key="local_concentration",
        title="Local concentration",
        meaning="Mean rank, counted so that more deprived is higher, of the most deprived"
        " small areas that hold a tenth of the people: how deep the deepest places are.",
    ),
)


def in_short(borough: Borough) -> list[str]:
    """Say where a borough stands, on what it stands out, where layers meet, and what is ordinary.

    A line each; none of what is not known. A borough stands out on the domains on which it is among
    the most deprived tenth of the districts, and is ordinary on those on which it is in the less
    deprived half of them; both need `FEWEST_DISTRICTS`.
    """
    return [line for line in (_stands(borough), *_domains(borough), _meeting(borough)) if line]


def _stands(borough: Borough) -> str:
    overall = borough.edition.layer(borough.edition.overall)
    rank, count = _rank(borough, overall.id)
    share = borough.district.get(overall.column("worst_tenth_pct"), math.nan)
    if not count or math.isnan(rank) or math.isnan(share):
        return ""
    whole = borough.edition.whole
    return (
        f"{capital(borough.called)} stands {ordinal(int(rank))} of the {numeral(count)} districts"
        f" of {whole}, counted from the most deprived by average score;"
        f" {share_in_words(share, 100)}"
        f" of its small areas are in {in_a_sentence(whole)}’s most deprived tenth."
    )


def _domains(borough: Borough) -> list[str]:
    ranks = {
        layer.short: _rank(borough, layer.id) for layer in borough.edition.layers if layer.domain
    }
    known = sorted(
        (rank, name)
        for name, (rank, count) in ranks.items()
        if count >= FEWEST_DISTRICTS and not math.isnan(rank)
    )
    if not known:
        return []
    count = max(count for _, count in ranks.values())
    high = [each for each in known if each[0] <= math.ceil(count / 10)]
    low = [each for each in known if each[0] > count / 2]
    of = f"of the {numeral(count)}"
    if len(low) == len(known) > 1:
        ends = f"nearest to the other on {_placed(low[:1], of)}"
        return [f"On every domain it is in the less deprived half of districts: {ends}."]
    said = (
        f"It is among the most deprived tenth of districts on {_placed(high, of)}."
        if high
        else f"On no domain is it among the most deprived tenth of districts; it is nearest on"
        f" {_placed(known[:1], of)}."
    )
    if not low:
        return [said, "On every domain it is in the more deprived half of districts."]
    return [said, f"It is in the less deprived half on {_placed(low[::-1], of)}."]


def _placed(ranked: Sequence[tuple[float, str]], of: str) -> str:
    """Name domains with the borough's place on each; several over `NAMED_IN_SHORT` as a number."""
    named = [
        f"{lower(name)} ({ordinal(int(rank))}{f' {of}' if not at else ''})"
        for at, (rank, name) in enumerate(ranked)
    ]
    more = len(named) - NAMED_IN_SHORT
    return listed([*named[:NAMED_IN_SHORT], f"{numeral(more)} more"] if more > 1 else named)


def _meeting(borough: Borough) -> str:
    """Say how many small areas are among the worst on every layer counted together, and where."""
    counts, areas = len(borough.edition.overlap), borough.lsoa
    if "overlap_england" not in areas:
        return ""
    whole = in_a_sentence(borough.edition.whole)
    met = areas[areas["overlap_england"].eq(counts)]
    together = f"{whole}’s worst fifth {on_layers(counts, counts)} counted together"
    if met.empty:
        known = areas["overlap_known_england"].eq(counts).all()
        return f"None of its small areas is {'' if known else 'known to be '}in {together}."
    people = in_year(f"{numeral(met['population'].sum())} people", borough.edition.population_year)
    names = borough.msoa["area_name"]
    places = (
        met.groupby("msoa_code")["population"].sum().sort_values(ascending=False, kind="stable")
    )
    where = [str(names[code]) for code in places.index[:NAMED_IN_SHORT] if code in names.index]
    most = ", most people in" if len(places) > NAMED_IN_SHORT else ": in"
    subject = "1 small area, with" if len(met) == 1 else f"{numeral(len(met))} small areas, with"
    are = "is" if len(met) == 1 else "are"
    return f"{subject} {people}, {are} in {together}{most} {listed(where)}."


def _rank(borough: Borough, layer_id: str) -> tuple[float, int]:
    """Return a borough's rank among districts on a layer, and how many are ranked."""
    layer = borough.edition.layer(layer_id)
    rank = float(borough.district.get(layer.own_rank("england"), math.nan))
    return rank, int(borough.district_counts.get(layer_id, 0))
