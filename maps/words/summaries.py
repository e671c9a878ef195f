"""The publisher's summaries of overall deprivation for a district, each with what it answers.

No single one is "the" measure of a borough, so they stand beside one another.
"""

from __future__ import annotations

from dataclasses import dataclass

from maps.look.numbers import numeral


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
