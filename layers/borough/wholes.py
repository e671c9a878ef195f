"""What is published beside the rows of areas: England and a build's boroughs as one, gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from layers.borough.region import as_one
from layers.findings.reach import outside_pockets
from layers.kinds.reading import PEOPLE_BY_AGE
from layers.table.summaries import people_of_all, values_of

if TYPE_CHECKING:
    from layers.borough.borough import Borough

WITH_CODE = "England"
"""What an edition of all of England calls the whole; that of a sample has no code."""
CODE_OF_ENGLAND = "E92000001"
GRADIENT_NAMES: Mapping[str, str] = {
    "layer": "layer",
    "layer_title": "layer_title",
    "unit": "slope_unit",
    "areas": "areas_with_value",
    "missing": "areas_without_value",
    "population": "people_in_areas_with_value",
    "circular": "circular",
    "fitted_least": "fitted_least_deprived",
    "fitted_most": "fitted_most_deprived",
    "slope": "slope_index",
    "slope_lower": "slope_index_lower",
    "slope_upper": "slope_index_upper",
    "relative": "relative_index",
    "relative_lower": "relative_index_lower",
    "relative_upper": "relative_index_upper",
    "slope_lower_hc3": "slope_index_lower_hc3",
    "slope_upper_hc3": "slope_index_upper_hc3",
    "relative_lower_hc3": "relative_index_lower_hc3",
    "relative_upper_hc3": "relative_index_upper_hc3",
    "parts": "parts",
    "least": "least_deprived_part",
    "most": "most_deprived_part",
    "gap": "part_gap",
    "ratio": "part_ratio",
}
"""The columns of `layers.findings.gradients.Gradients`, and what they are called in a file."""


def england_table(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return England, and several boroughs of a build together, as rows like those of districts.

    Indexed by ``place_kind``: *together* where there is more than one borough, then *whole*.
    ``area_code`` is England's, empty of other places; ``area_name``; ``population`` and the other
    counts of people with ``population_year``; and each layer's value, a mean over the people whom
    it is of or one sum of counts over another (`layers.table.summaries.values_of`).
    """
    first, edition = boroughs[0], boroughs[0].edition
    values = {layer.value: first.england[layer.id] for layer in edition.layers}
    code = CODE_OF_ENGLAND if edition.whole == WITH_CODE else ""
    rows = {"whole": {"area_code": code, "area_name": edition.whole, **first.people, **values}}
    if len(boroughs) > 1:
        rows = {"together": {"area_code": "", **_together(boroughs)}} | rows
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("place_kind")
    table.insert(2, "population_year", edition.population_year)
    return table.astype(dict.fromkeys(["population", *PEOPLE_BY_AGE], "int64"))


def _together(boroughs: Sequence[Borough]) -> dict[str, object]:
    """Return the row of several boroughs as one, under the name of the build's place."""
    one = as_one(boroughs)
    edition, values = one.edition, values_of(one.edition, one.lsoa, one.counted)
    return {
        "area_name": one.name,
        **people_of_all(edition, one.lsoa, one.msoa),
        **outside_pockets(edition, one.lsoa),
        **{layer.value: values[layer.id] for layer in edition.layers},
    }


def gradients_by_borough(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return how each layer runs with deprivation in each borough, under the names of a file.

    Indexed by ``lad_code``: ``lad_name`` and the columns of `GRADIENT_NAMES`, a row a layer. What a
    circular layer cannot have (limits, ratios) is missing. Empty without any.
    """
    titles = {layer.id: layer.title for layer in boroughs[0].edition.layers}
    parts = [
        borough.gradients.reset_index().assign(lad_code=borough.code, lad_name=borough.name)
        for borough in sorted(boroughs, key=lambda borough: borough.code)
        if len(borough.gradients)
    ]
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts)
    table = table.assign(layer_title=table["layer"].map(titles)).set_index("lad_code")
    return table[["lad_name", *GRADIENT_NAMES]].rename(columns=GRADIENT_NAMES)
