"""What a borough's own profile adds: whom a national map leaves out, and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.summaries import SUMMARIES

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def hidden_in_words(borough: Borough) -> list[str]:
    """Say how many LSOAs stand out here and not on a national map, where there are some."""
    if "hidden" not in borough.lsoa:
        return []
    count = int(borough.lsoa["hidden"].eq(True).sum())
    if not count:
        return []
    many = "LSOA is" if count == 1 else "LSOAs are"
    return [
        f"{count} {many} in the worst fifth of {borough.called} and only in decile 4 or 5 of"
        f" {borough.edition.whole}: a map of its most deprived neighbourhoods leaves"
        f" {'it' if count == 1 else 'them'} out."
    ]


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
