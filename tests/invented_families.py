"""Invented families of linked areas of two vintages, for tests and for Hypothesis."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from geo.space.families import Families, join_families

OLD, NEW = "E0190{:04d}", "E0191{:04d}"
SHAPES = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=6)


def linked(text: str) -> Families:
    """Read links such as "a-a b-c b-d" into families."""
    pairs = [link.split("-") for link in text.split()]
    return join_families(pd.DataFrame(pairs, columns=["old", "new"]))


def chain(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Link areas of two sides to and fro, so that they are one family."""
    longest = max(len(old), len(new))
    return [
        (old[min(step + more, len(old) - 1)], new[min(step, len(new) - 1)])
        for step in range(longest)
        for more in (0, 1)
    ]


@st.composite
def drawn_links(draw: st.DrawFn) -> pd.DataFrame:
    """Draw links of a few families of any shape, in any order, with more links than they need."""
    pairs: set[tuple[str, str]] = set()
    for number, (olds, news) in enumerate(draw(SHAPES)):
        old = [OLD.format(10 * number + place) for place in range(olds)]
        new = [NEW.format(10 * number + place) for place in range(news)]
        if olds == news == 1:
            new = old
        every = st.tuples(st.sampled_from(old), st.sampled_from(new))
        pairs |= {*chain(old, new), *draw(st.lists(every, max_size=3))}
    return pd.DataFrame(draw(st.permutations(sorted(pairs))), columns=["old", "new"])


@st.composite
def drawn_families(draw: st.DrawFn) -> Families:
    return join_families(draw(drawn_links()))


def drawn_numbers(draw: st.DrawFn, areas: pd.Index, lowest: int = 0) -> pd.Series:
    """Draw a whole number for each area, in any order."""
    count = len(areas)
    numbers = draw(st.lists(st.integers(lowest, 9_999), min_size=count, max_size=count))
    return pd.Series(numbers, index=draw(st.permutations(list(areas))), dtype="int64")
