"""Figures that others printed of a kind of layer, and what ours are worked out from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from boundaries.ground import Ground
from boundaries.names import places
from layers.files import Files

PUBLISHED_REGION = "cheshire-merseyside"
"""The place that figures of a region are of."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What published figures are worked out from: an edition's files, ground and tables."""

    files: Files
    ground: Ground
    lsoa: pd.DataFrame
    msoa: pd.DataFrame
    districts: pd.DataFrame

    def of_district(self, name: str, column: str) -> float:
        """Return a district's value in a column, by the district's name."""
        return float(self.districts.loc[self.districts["area_name"] == name, column].iloc[0])

    @property
    def region(self) -> list[str]:
        """Return the codes of the districts of `PUBLISHED_REGION`."""
        return list(places(self.ground.districts)[PUBLISHED_REGION].codes)


@dataclass(frozen=True, kw_only=True)
class Published:
    """Figures of one edition that stand in one publication, the ``source``.

    ``figures`` maps what each of them is to its value as printed; ``ours`` works out the same, in
    the same order and rounded as it was printed. Where the publication leaves open how they were
    made, ours are numbers that lie ``within`` so much of them.
    """

    edition: str
    source: str
    figures: Mapping[str, str]
    ours: Callable[[Evidence], Sequence[str]]
    within: float = 0.0

    def holds(self, printed: str, ours: str) -> bool:
        """Say whether ours is what was printed, or near enough to it."""
        if not self.within:
            return ours == printed
        return abs(float(ours) - float(printed)) <= self.within
