"""What a borough's page carries of what its pockets are made of: sentences and a bar a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maps.made_of.fingerprint import how_told, key_to_bars, made_of, stands_out
from maps.page.rounding import rounded

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def made_of_pockets(borough: Borough) -> dict[str, Any]:
    """Return what the page says of what each pocket is made of, by number.

    Each has a sentence and its domains, the most deprived first: the layer's id, its mean
    percentile with the lowest and highest of its small areas, and what is said of the last two.
    """
    pockets = borough.pockets.sort_values("number").to_dict("records")
    return {
        "key": key_to_bars(borough.edition.whole),
        "how": how_told(),
        "pockets": [
            {
                "said": stands_out(pocket, borough),
                "domains": [
                    {
                        "layer": row.layer.id,
                        "name": row.layer.short,
                        "at": rounded((row.mean, row.lowest, row.highest), 1),
                        "value": row.value,
                        "ends": row.ends,
                    }
                    for row in made_of(pocket, borough.edition)
                ],
            }
            for pocket in pockets
        ],
    }
