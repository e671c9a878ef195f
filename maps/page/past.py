"""What a borough's page carries of the editions before: how often, then and now, former codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from maps.look import palette
from maps.look.classify import MISSING_CLASSES, MapClass, legend_of
from maps.words.of_change import (
    CANNOT_TELL,
    LINKED_MEANS,
    became,
    came_from,
    how_often,
)

if TYPE_CHECKING:
    from layers.borough.borough import Borough
    from layers.change.change import EditionChange

KINDS_OF_PLACE = {"lsoa": "area", "msoa": "msoa"}
"""What the page calls the places of each level."""
DECILE_CLASSES = {
    "Most deprived tenth": 1,
    "2nd tenth": 2,
    "3rd and 4th": 4,
    "5th and 6th": 6,
    "7th and 8th": 8,
    "9th and 10th": 10,
}
"""Classes of deciles, worst first, each with its last decile."""


def past(borough: Borough) -> dict[str, Any] | None:
    """Return what the page says of earlier editions; None where the edition names none.

    ``times`` is in how many editions each LSOA was in the most deprived tenth, ``deciles`` its
    decile by year (the edition's own last); classes and their numbers follow. ``estimated`` lists
    the places of LSOAs whose earlier deciles are estimates. ``pockets`` has a sentence a pocket,
    ``former`` by code of an area that was redrawn what became of it and the places of those it did.
    """
    change = borough.change
    if change is None:
        return None
    lsoa, overall = borough.lsoa, borough.edition.layer(borough.edition.overall)
    columns = [*map(overall.decile_of, change.years[:-1]), overall.decile]
    deciles = dict(zip(change.years, columns, strict=True))
    return {
        "years": list(change.years),
        "vintage": change.vintage,
        "times": _whole(lsoa[overall.lasting("tenth")]),
        "deciles": {year: _whole(lsoa[column]) for year, column in deciles.items()},
        "estimated": np.flatnonzero(lsoa[overall.lasting("estimated")].to_numpy()).tolist(),
        "limits": list(DECILE_CLASSES.values()),
        "classes": {
            "times": legend_of(times_classes(len(change.years))),
            "deciles": legend_of(decile_classes()),
        },
        "caution": CANNOT_TELL,
        "pockets": _pockets(borough, change),
        "linked": LINKED_MEANS,
        "former": _former(borough, change),
    }


def times_classes(of: int) -> tuple[MapClass, ...]:
    """Make the classes of how often an area was in the most deprived tenth, every time first."""
    every, *others = how_often(of)
    return _plain([f"{every} editions", *others], palette.ramp(of + 1)) + MISSING_CLASSES


def decile_classes() -> tuple[MapClass, ...]:
    """Make the classes of deciles, the same for every edition."""
    return _plain(list(DECILE_CLASSES), palette.SEQUENTIAL) + MISSING_CLASSES


def _plain(labels: list[str], tones: tuple[str, ...]) -> tuple[MapClass, ...]:
    return tuple(
        MapClass(label=label, colour=tone, lower=np.nan, upper=np.nan)
        for label, tone in zip(labels, tones, strict=True)
    )


def _whole(numbers: pd.Series) -> list[int | None]:
    return [None if pd.isna(number) else int(number) for number in numbers]


def _pockets(borough: Borough, change: EditionChange) -> list[str]:
    """Return where each pocket comes from, by number; nothing where that is not known."""
    if not change.followed:
        return []
    year = borough.edition.population_year
    return [
        came_from(pocket, change, year)
        for _, pocket in borough.pockets.sort_values("number").iterrows()
    ]


def _former(borough: Borough, change: EditionChange) -> dict[str, dict[str, Any]]:
    """Return what became of each area of the former census that was redrawn, by its code.

    ``words`` say what happened, ``areas`` are the places of those here that it became, which are of
    a ``kind``, and ``others`` the codes of those that are in another borough.
    """
    known = {
        level: {str(code): place for place, code in enumerate(getattr(borough, level).index)}
        for level in KINDS_OF_PLACE
    }
    found: dict[str, dict[str, Any]] = {}
    for old, own in change.redrawn.groupby("old"):
        level = str(own["level"].iloc[0])
        codes, places = own["new"].tolist(), known[level]
        found[str(old)] = {
            "kind": KINDS_OF_PLACE[level],
            "words": became(str(own["link"].iloc[0])),
            "areas": [places[code] for code in codes if code in places],
            "others": [code for code in codes if code not in places],
        }
    return found
