"""What sets a group of areas apart from the others of a pool, on several measures at once.

The group's weighted mean is set beside that of all others of the pool, and asked is whether a
handful of as many areas drawn from the pool at random would differ as much. It tells that a group
is unlike the others, not why.

Caveat. A handful is drawn without regard to place. Neighbouring areas are alike, so groups of
neighbours differ from the rest more often than handfuls do: what is found says that a group
differs, not that it is unusual for groups of neighbours to differ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.stats.clusters import ALPHA, SEED

HANDFULS = 9_999

FEWEST_OTHERS = 5
"""With fewer other areas than this in the pool there is nothing to set a group against."""
MORE, LESS, ORDINARY, UNCLEAR = "more", "less", "ordinary", "unclear"
_NEAR = 1e-9


def set_apart(
    values: pd.DataFrame,
    weights: pd.DataFrame,
    groups: pd.Series,
    *,
    least: float,
    draws: int = HANDFULS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Compare each group's mean on every measure with that of all other areas of the pool.

    ``values`` holds the pool, a row an area and a column a measure, ``weights`` with the same rows
    and columns what each counts for, ``groups`` the group of every area ("" for none). Values are
    complete.

    One row a group and measure: ``mean``, ``others`` (the mean of the rest), ``difference``, ``p``
    and ``verdict``. p = (1 + handfuls that differ from their rest as much or more) / (1 + draws),
    two-sided, then Holm's over the measures of a group, so that where nothing sets it apart one of
    20 groups at most is said to differ on anything. The verdict is ``more`` or ``less`` where the
    difference is at least ``least``, p at most 0.05, and the difference at least ``least`` without
    any single area of the group too; ``ordinary`` where it is less than ``least``; else
    ``unclear``. Where fewer than five others are left p is missing and the verdict empty.

    The draws depend on the codes of the pool alone, not on the order of its rows.

    >>> pool = pd.DataFrame({"health": [90.0] * 4 + [50.0] * 12}, index=list("abcdefghijklmnop"))
    >>> ones = pd.DataFrame(1.0, pool.index, pool.columns)
    >>> found = set_apart(pool, ones, pd.Series(["P1"] * 4 + [""] * 12, pool.index), least=10)
    >>> found["difference"].to_list(), found["verdict"].to_list()
    ([40.0], ['more'])
    """
    values, weights = values.sort_index().astype("float64"), weights.sort_index().astype("float64")
    groups = groups.reindex(values.index)
    names = sorted(set(groups) - {""})
    index = pd.MultiIndex.from_product([names, values.columns], names=["group", "measure"])
    if not names:
        return pd.DataFrame(
            {"mean": 0.0, "others": 0.0, "difference": 0.0, "p": 0.0, "verdict": ""}, index
        )
    handfuls = _Handfuls(values.to_numpy(), weights.to_numpy(), draws, seed)
    rows = [handfuls.compared(groups.eq(name).to_numpy(), least) for name in names]
    return pd.DataFrame([row for several in rows for row in several], index)


class _Handfuls:
    """Random orders of a pool; the first areas of an order are a handful, of any size."""

    def __init__(
        self, values: NDArray[np.float64], weights: NDArray[np.float64], draws: int, seed: int
    ) -> None:
        self.values, self.weights = values, weights
        self.orders = np.random.default_rng(seed).random((draws, len(values))).argsort(axis=1)

    def compared(self, inside: NDArray[np.bool_], least: float) -> list[dict[str, object]]:
        """Compare one group: a record a measure."""
        means, others = self._means(inside), self._means(~inside)
        differences, few = means - others, int((~inside).sum()) < FEWEST_OTHERS
        count = len(differences)
        p = np.full(count, np.nan) if few else holm(self._p(inside, differences))
        firm = self._without_any(inside, np.sign(differences)) >= least - _NEAR
        return [
            {
                "mean": means[at],
                "others": others[at],
                "difference": differences[at],
                "p": p[at],
                "verdict": "" if few else _verdict(differences[at], p[at], least, firm[at]),
            }
            for at in range(count)
        ]

    def _means(self, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        if not inside.any():
            return np.full(self.values.shape[1], np.nan)
        weights = self.weights[inside]
        means: NDArray[np.float64] = (self.values[inside] * weights).sum(0) / weights.sum(0)
        return means

    def _p(
        self, inside: NDArray[np.bool_], differences: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        chosen = self.orders[:, : int(inside.sum())]
        found = []
        for at, difference in enumerate(differences):
            weights, values = self.weights[:, at], self.values[:, at]
            held, summed = weights[chosen].sum(1), (weights * values)[chosen].sum(1)
            rest = (float(weights @ values) - summed) / (float(weights.sum()) - held)
            as_far = np.abs(summed / held - rest) >= abs(difference) - _NEAR
            found.append((1 + int(as_far.sum())) / (1 + len(self.orders)))
        return np.array(found)

    def _without_any(
        self, inside: NDArray[np.bool_], ways: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the least difference, the way it points, with one area of the group left out."""
        left = []
        for area in np.flatnonzero(inside):
            fewer = inside.copy()
            fewer[area] = False
            left.append((self._means(fewer) - self._means(~inside)) * ways)
        least: NDArray[np.float64] = np.min(left, axis=0)
        return least


def holm(p: NDArray[np.float64] | Sequence[float]) -> NDArray[np.float64]:
    """Adjust several p-values for their number (Holm 1979), in the order given.

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    known = np.asarray(p, dtype="float64")
    order = known.argsort(kind="stable")
    steps = known[order] * np.arange(len(known), 0, -1)
    adjusted = np.empty(len(known))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def _verdict(difference: float, p: float, least: float, firm: bool) -> str:
    if abs(difference) < least:
        return ORDINARY
    if p > ALPHA or not firm:
        return UNCLEAR
    return MORE if difference > 0 else LESS
