"""Plain texts that pages share: how to read a map, cautions, how a page was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from layers.catalogue import catalogue
from maps.words.rules import pockets_are, settings_in_words
from maps.words.sentences import along_borders

if TYPE_CHECKING:
    from layers.borough.borough import Borough
    from layers.layer import Edition


def superseded(edition: Edition) -> str:
    """Say what has replaced an edition, to stand under every title; nothing where nothing has."""
    newer = edition.superseded_by
    return f"The {newer} have replaced the {edition.title} shown here." if newer else ""


def postcodes_of(borough: Borough) -> str:
    """Say of when the postcodes are that a borough can be searched by.

    Nothing without any, or where their file states no day.
    """
    if borough.edition.fictional:
        return "The postcodes are invented, as the places are."
    used = borough.sources.get("postcodes", ())
    periods = dict.fromkeys(
        source.period
        for source in used
        if source.dated is None or source.period != catalogue()[source.id].period
    )
    return f"Postcodes of {', '.join(periods)}: newer ones are not known." if periods else ""


def how_to_read(borough: Borough) -> list[str]:
    """Explain the map in three sentences to someone who has never seen one like it."""
    whole = borough.edition.whole
    return [
        "Each patch is a small area of about 1,500 people (statisticians call it an LSOA); the"
        f" darker it is, the worse it stands among those of {whole}.",
        f"An orange outline with a number is a pocket: {pockets_are(borough)}. Where it is broken,"
        " the small area inside hangs on the choices made. A thin one without a number is a"
        " single small area that meets the same rule.",
        f"Choose what to show and whether to compare with {whole} or {borough.called}, then select"
        " a small area to read all that is known of it.",
    ]


def cautions(borough: Borough) -> list[str]:
    """Return the caveats of all layers, the notes on their values and what is missed, each once."""
    caveats = [layer.caveat for layer in borough.edition.layers]
    notes = [note for layer in borough.edition.layers for note in borough.notes.get(layer.id, ())]
    boundaries = (
        f"Boundaries are those of {borough.edition.boundary_year}; people are counted in"
        f" mid-{borough.edition.population_year}, the year of the Indices’ own denominators. Land"
        f" outside {borough.edition.whole} is left blank."
    )
    names = borough.lsoa.groupby("lad_code")["lad_name"].first().to_dict()
    told = [boundaries, *along_borders(names), *caveats, *notes, *done_without(borough)]
    return list(dict.fromkeys(told))


def done_without(borough: Borough) -> list[str]:
    """Say what files that were not at hand are missed for, each sentence once."""
    told = (sentence for said in borough.lacking.values() for sentence in said)
    return list(dict.fromkeys(told))


def how_made(borough: Borough, hosts: Iterable[str]) -> list[str]:
    """Say by which settings the results were made, and whether the page uses the network."""
    settings = "; ".join(
        f"{name} {value}" for name, value in settings_in_words(borough.settings).items()
    )
    lines = [
        "Pockets are split at a prominence that sets the scale of reading; it is no test of"
        " significance.",
        *([f"Settings: {settings}."] if settings else []),
    ]
    used = ", ".join(hosts)
    return [*lines, f"The background map comes from {used}." if used else _OFFLINE]


_OFFLINE = "This page is one file: it asks for nothing from the network and sends nothing."
