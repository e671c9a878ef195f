"""The methods of an atlas in a page of short paragraphs, with the parameters that were used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.kinds.kind import worded
from layers.kinds.registry import kinds_of
from maps.words.captions import rule_in_words
from maps.words.how_sure import MEMBERSHIP_IN_WORDS, NO_ERROR, recurrence_in_words
from maps.words.rules import height_of, rise_in_words
from maps.words.sentences import along_borders

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def methods_in_brief(borough: Borough) -> list[tuple[str, str]]:
    """Return headings, each with a paragraph, for a borough's layers and findings."""
    edition, settings = borough.edition, borough.settings
    used = [source for layer in edition.layers for source in borough.sources.get(layer.id, ())]
    words = [
        (
            "Areas",
            f"Small areas (LSOAs) hold about 1,500 people, neighbourhoods (MSOAs) about 8,000;"
            f" boundaries of {edition.vintage}. People are those of the Indices’ own denominators,"
            f" mid-{edition.population_year}."
            " What an atlas shows describes areas, not everyone who lives in them."
            f"{''.join(f' {said}' for said in along_borders({borough.code: borough.name}))}",
        ),
        (
            "Ranks and classes",
            "Rank 1 is the most deprived, or the highest. Each layer is compared with"
            f" {edition.whole} and with {borough.called}. A class such as “1% to 5%” holds the"
            " areas whose rank lies in that share of all ranks; for the Indices the rank is"
            " the publisher’s. Deciles and fifths: 1 is the most deprived, or the highest.",
        ),
        (
            "Pockets",
            f"{rule_in_words(borough)}. {_splitting(rise_in_words(borough), height_of(borough))}",
        ),
        (
            "How sure",
            f"“Came back” is {recurrence_in_words(settings)}. {MEMBERSHIP_IN_WORDS} {NO_ERROR}",
        ),
    ]
    layers = [(kind.title, worded(kind.brief, edition, used)) for kind in kinds_of(edition)]
    return [*words, *layers, _TESTING]


def _splitting(rise: str, height: str) -> str:
    return (
        "Candidates that touch form an area of deprivation, which is split into pockets where a"
        f" peak of the {height} stands at least {rise} above the saddle to a higher"
        " peak; every candidate belongs to the peak it climbs to. A pocket has two small areas or"
        " more. The height of splitting sets the scale of reading and is no test of significance."
    )


_TESTING = (
    "Clusters",
    "Local Moran’s I, two-sided, at a false discovery rate of 5%, at each layer’s"
    " own geography. The comparison is with values placed at random; layers that are modelled or"
    " gridded are smooth by construction.",
)
