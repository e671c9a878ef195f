"""What a borough's page carries of how sure its pockets are: classes of small areas, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.space.recurrence import CORE, DOUBTFUL, EDGE
from maps.look import palette
from maps.look.classify import MapClass, legend_of
from maps.page.rounding import rounded
from maps.words.how_sure import recurrence_in_words, sure_in_words

if TYPE_CHECKING:
    from layers.borough.borough import Borough

CLASSES = {CORE: "Core of its pocket", EDGE: "On its edge", DOUBTFUL: "Doubtful"}
"""Classes of membership, the firmest first; behind them stand those in no pocket."""


def sure(borough: Borough) -> dict[str, Any]:
    """Return what the page says of how sure its pockets are.

    ``numbers`` has the class of every LSOA as a digit and ``shares`` the share of draws in which it
    lies in the pocket that matches its own, in per cent; ``pockets`` has sentences, by number.
    ``drawn`` is false where the rule cannot be drawn: then there are only sentences.
    """
    lsoa = borough.lsoa
    words = lsoa.get("membership", pd.Series("", lsoa.index))
    places = {word: place for place, word in enumerate(CLASSES)}
    return {
        "drawn": bool(words.isin(list(CLASSES)).any()),
        "classes": legend_of(sure_classes()),
        "numbers": "".join(str(places.get(word, len(CLASSES))) for word in words),
        "shares": rounded(100 * lsoa.get("membership_share", words.map(lambda _: np.nan)), 0),
        "pockets": [
            sure_in_words(row.to_dict(), words.reindex(row["lsoa_codes"]).tolist(), borough)
            for _, row in borough.pockets.sort_values("number").iterrows()
        ],
        "words": recurrence_in_words(borough.settings),
    }


def sure_classes() -> tuple[MapClass, ...]:
    """Make the classes of membership, the firmest first."""
    labels = (*CLASSES.values(), "In no pocket")
    return tuple(
        MapClass(label=label, colour=tone, lower=np.nan, upper=np.nan)
        for label, tone in zip(labels, palette.ramp(len(labels)), strict=True)
    )
