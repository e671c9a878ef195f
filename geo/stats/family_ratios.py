"""Ratios of observed to expected counts, carried from old areas to new ones.

Counts of few are never divided: where a new area is but a part of its family's ground, it shows the
ratio of the whole and has no counts of its own.
"""

from __future__ import annotations

import pandas as pd

from geo.space.apportion import DIVIDED, family_sums, of_family, with_marks
from geo.space.families import Families
from geo.stats.standardise import Prior, ratio_with_limits, smoothed_ratio


def bridge_ratios(
    families: Families, observed: pd.Series, expected: pd.Series, *, prior: Prior
) -> pd.DataFrame:
    """Give each new area the ratio of its family, and its counts where it is all of the family.

    ``observed`` and ``expected`` are of the old areas, ``prior`` where smoothed ratios are drawn to
    (see `geo.stats.standardise`). Columns: ``observed``, ``expected`` (summed where areas merged;
    missing in parts of split and irregular areas), ``ratio``, ``ratio_lower``, ``ratio_upper``,
    ``ratio_smoothed``, and the marks ``link`` and ``estimated``. Where it is estimated the ratio is
    the former area's, or that of all former areas of an irregular family: it is to be shown, and
    neither ranked, tested nor added up. Sums over places are those of `sums_on_families`.
    """
    sums = family_sums(families, pd.DataFrame({"observed": observed, "expected": expected}))
    limits = ratio_with_limits(sums["observed"], sums["expected"])
    smoothed = smoothed_ratio(sums["observed"], sums["expected"], prior=prior)
    by_family = sums.join(limits).assign(ratio_smoothed=smoothed)
    found = with_marks(of_family(families, by_family), families, DIVIDED)
    counts = found[["observed", "expected"]].mask(found["estimated"])
    return found.assign(**{str(name): column for name, column in counts.items()})
