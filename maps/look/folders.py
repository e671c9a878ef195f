"""The folders of a site: one for each borough, beside those that are written once for all."""

from __future__ import annotations

from collections.abc import Sequence

from geo.codes import folder_names
from layers.borough.borough import Borough

SHARED = ("about", "data")
"""Folders of the parts that are written once; no borough has one of these, whatever its name."""


def folders_of(boroughs: Sequence[Borough]) -> dict[str, str]:
    """Return each borough's folder in the site, by its code; no two have the same."""
    return folder_names({borough.code: borough.name for borough in boroughs}, taken=SHARED)
