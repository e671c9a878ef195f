"""What a borough's own profile adds: whom a national map leaves out, and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.summaries import SUMMARIES

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def summaries(borough: Borough) -> list[tuple[str, str, str]]:
    """Return the publisher's summaries of overall deprivation: title, value, meaning of each."""
    overall = borough.edition.layer(borough.edition.overall)
    known = {overall.column(summary.key): summary for summary in SUMMARIES}
    return [
        (
            summary.title,
            summary.words(borough.district[column]),
            summary.meaning.format(whole=borough.edition.whole),
        )
        for column, summary in known.items()
        if column in borough.district
    ]
