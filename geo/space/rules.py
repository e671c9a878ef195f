"""The rules of pockets: which areas are candidates, and all that is said of it.

Quick to import: the command names the rules before it needs a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import InputError, some

if TYPE_CHECKING:
    import pandas as pd

DECILES = 2
FEWEST_LAYERS = 3
MOST_LAYERS = 4
HIGH_HIGH = "high-high"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way of saying which areas are candidates, and all that is said of it.

    ``column`` is what it looks at (a column of the evidence, see `candidates`) and ``holds`` the
    test, given that column and the rule's limit. ``limit`` is the usual limit and ``limits`` those
    that may be chosen, called ``cut``; a rule without any has None. ``words`` are what the areas
    that meet it are, after “areas”: they may hold ``{tenths}``, ``{layers}`` (the limit in words),
    ``{whole}`` and ``{place}``. ``height`` is what candidates are split by, and ``scale`` how much
    of it a peak must rise by, with ``{tau}`` or ``{deviations}``.
    """

    column: str
    holds: Callable[[pd.Series, float], pd.Series]
    words: str
    limit: int | None = None
    limits: range = range(0)
    cut: str = ""
    height: str = "score of overall deprivation"
    scale: str = "{tau} points"


def _at_most(numbers: pd.Series, limit: float) -> pd.Series:
    return numbers.astype("float64") <= limit


def _at_least(numbers: pd.Series, limit: float) -> pd.Series:
    return numbers.astype("float64") >= limit


def _in_worst_fifth(fifths: pd.Series, _: float) -> pd.Series:
    return fifths.astype("float64") == 1


def _among_high_neighbours(labels: pd.Series, _: float) -> pd.Series:
    return labels.eq(HIGH_HIGH).fillna(value=False).astype(bool)


RULES: Mapping[str, Rule] = {
    "national": Rule(
        column="decile",
        holds=_at_most,
        words="in the most deprived {tenths} of {whole}",
        limit=DECILES,
        limits=range(1, 10),
        cut="tenths of the country",
    ),
    "borough": Rule(
        column="fifth",
        holds=_in_worst_fifth,
        words="in the most deprived fifth of {place}",
    ),
    "cluster": Rule(
        column="cluster",
        holds=_among_high_neighbours,
        words="in a significant cluster of deprivation within {place} and its surroundings",
    ),
    "overlap": Rule(
        column="overlap",
        holds=_at_least,
        words="in the worst fifth of {whole} {layers} counted together",
        limit=FEWEST_LAYERS,
        limits=range(1, MOST_LAYERS + 1),
        cut="layers, at least",
        height="mean percentile of the layers counted together",
        scale="{deviations} standard deviations",
    ),
}


def rule_of(name: str) -> Rule:
    """Return a rule by its name; raises ``InputError`` for one that there is not."""
    if name not in RULES:
        raise InputError(
            f"There is no rule “{name}” for pockets", expected=some(RULES), do="use one of these"
        )
    return RULES[name]


def candidates(evidence: pd.DataFrame, rule: str, *, limit: int | None = None) -> pd.Series:
    """Say which areas are candidates by one of the `RULES`.

    ``evidence`` is indexed by area and holds at least the rule's column: ``decile`` (of the
    country, 1 = worst), ``fifth`` (of the borough, 1 = worst), ``cluster`` (the label of the
    local cluster in the borough's frame), ``overlap`` (on how many layers the area is in the
    worst fifth). ``limit`` is the highest decile of ``national`` (2) or the fewest layers of
    ``overlap`` (3). An area without a value is no candidate. Raises ``InputError`` for an unknown
    rule or a missing column.

    >>> import pandas as pd
    >>> evidence = pd.DataFrame({"decile": [1, 2, 3, None]}, index=list("abcd"))
    >>> candidates(evidence, "national").tolist()
    [True, True, False, False]
    """
    chosen = rule_of(rule)
    if chosen.column not in evidence:
        raise InputError(
            f"The rule “{rule}” has nothing to look at",
            where="the pockets of a borough",
            expected=f"a column “{chosen.column}”",
            found=some(evidence.columns) or "no columns",
        )
    bound = float(limit if limit is not None else chosen.limit or 0)
    return chosen.holds(evidence[chosen.column], bound).rename("candidate")


def relatively_worst(fifths: pd.Series) -> pd.Series:
    """Say which areas are the worst fifth of their borough: *relatively worst here*.

    >>> import pandas as pd
    >>> relatively_worst(pd.Series([1.0, 2.0, None])).tolist()
    [True, False, False]
    """
    return _in_worst_fifth(fifths, 0).rename("relatively_worst")


def hidden(fifths: pd.Series, deciles: pd.Series, limit: int = DECILES) -> pd.Series:
    """Say which areas a map of the country's most deprived leaves out, though they stand out here.

    Worst fifth of the borough, and outside the country's ``limit`` most deprived tenths. An area
    without a decile is not known to be.

    >>> import pandas as pd
    >>> hidden(pd.Series([1, 1, 1, 1, 2]), pd.Series([2, 3, 6, None, 4])).tolist()
    [False, True, True, False, False]
    """
    return (_in_worst_fifth(fifths, 0) & (deciles.astype("float64") > limit)).rename("hidden")
