"""What a layer's reader returns: values of all areas, where they came from, what was noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.checks import Check

Locate = Callable[[str], Path | None]
"""From a role of the edition (``"imd"``) to the verified file, or None where it is optional."""

PEOPLE = ("population", "working_age_population")
"""The Indices' denominators: of most domains, and of the employment domain. Means of areas are
weighted by one or the other."""


@dataclass(frozen=True, kw_only=True)
class LayerValues:
    """The values of one family of layers at their native geography.

    ``values`` is indexed by ``area_code`` (all areas of the edition); ``used`` names the roles of
    the sources that the values came from; ``notes`` are sentences for the reader; ``checks`` feed
    the quality report; ``regions`` names the region of each district, where a file says it.
    """

    values: pd.DataFrame
    used: tuple[str, ...]
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    regions: pd.Series | None = None
