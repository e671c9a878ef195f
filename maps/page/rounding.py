"""Numbers as the script of a page reads them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd


def rounded(values: Iterable[float], decimals: int) -> list[float | None]:
    """Round numbers for the page; missing ones become None, whole ones whole, none is −0.

    >>> rounded([1.25, float("nan"), 3.0], 1)
    [1.2, None, 3.0]
    >>> rounded([7.0, float("nan")], 0), rounded([-0.04], 1)
    ([7, None], [0.0])
    """
    kept = (None if pd.isna(value) else float(value) for value in values)
    return [
        value if value is None else round(value, decimals) + 0.0 if decimals else round(value)
        for value in kept
    ]
