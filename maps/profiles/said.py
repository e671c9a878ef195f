"""The sentences of a profile: which templates are said of a place, and with which numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.space.rules import rule_of
from geo.stats.rank import FEWEST_RANKED
from layers.kinds.registry import with_limits
from maps.look.numbers import AREAS_CALLED, in_year, numeral
from maps.look.view import compared_with, ranked
from maps.profiles.ages import age_sentence
from maps.profiles.book import Record, people_of
from maps.profiles.rows import number
from maps.words import sentences
from maps.words.how_sure import sure_in_words

if TYPE_CHECKING:
    from layers.borough.borough import Borough

MET = rule_of("overlap").limit or 1
"""On how many of the layers counted together an area is in the worst fifth, to be spoken of."""


def said_of_msoa(
    borough: Borough, place: Record, areas: Sequence[Record], pockets: Sequence[str]
) -> list[str]:
    """Return the sentences about a neighbourhood (MSOA).

    ``areas`` are its LSOAs, ``pockets`` the labels of the pockets that reach into it.
    """
    edition = borough.edition
    inside = people_of(area for area in areas if area["pocket_id"])
    said = [
        _standing(borough, place, "MSOA"),
        sentences.spread(_deciles(borough, areas), edition.whole),
        sentences.reached(pockets, inside, place["population"], edition.population_year),
        _worst(borough, place),
        age_sentence(borough, place),
        *_mortality(borough, place),
    ]
    return [sentence for sentence in said if sentence]


def said_of_pocket(borough: Borough, place: Record, areas: Sequence[Record]) -> list[str]:
    """Return the sentences about a pocket, of which ``areas`` are the LSOAs."""
    edition = borough.edition
    said = [
        sentences.spread(_deciles(borough, areas), edition.whole),
        sentences.in_worst_tenth(
            number(place, "worst_decile_pct"), int(place["population_year"]), edition.whole
        ),
        _standing(borough, place, "pocket"),
        _on_several(borough, areas),
        age_sentence(borough, place),
        " ".join(
            sure_in_words(place, [str(area.get("membership", "")) for area in areas], borough)
        ),
    ]
    return [sentence for sentence in said if sentence]


def _deciles(borough: Borough, areas: Sequence[Record]) -> list[int]:
    column = borough.edition.layer(borough.edition.overall).decile
    return [int(area[column]) for area in areas if area[column] == area[column]]


def _standing(borough: Borough, place: Record, kind: str) -> str:
    overall = borough.edition.layer(borough.edition.overall)
    counts = ranked(borough, overall, kind)
    fewest = FEWEST_RANKED if kind != "pocket" else 0
    few = counts["borough"] is not None and counts["borough"] < fewest
    places = [
        (number(place, overall.own_rank(frame)), count, compared_with(borough, frame))
        for frame, count in counts.items()
        if count and not (few and frame == "borough")
    ]
    one, many = AREAS_CALLED.get(kind, (kind, f"{kind}s"))
    said = sentences.standing(many, places)
    if said and few:
        return f"{said} {sentences.too_few(borough.name, one, counts['borough'] or 0)}"
    return said


def _worst(borough: Borough, place: Record) -> str:
    edition = borough.edition
    met, known = [], 0
    for members in edition.overlap:
        layers = [edition.layer(member) for member in members]
        fifths = {layer.short: number(place, layer.quintile_column("england")) for layer in layers}
        worst = [name for name, fifth in fifths.items() if fifth == 1]
        met += [" and ".join(worst)] if worst else []
        known += bool(worst) or all(fifth == fifth for fifth in fifths.values())
    return sentences.worst_fifths_in_words(met, known, len(edition.overlap), edition.whole)


def _on_several(borough: Borough, areas: Sequence[Record]) -> str:
    """Say how many of a pocket's areas are in the worst fifth on most of the layers counted."""
    edition = borough.edition
    met = [area for area in areas if area.get("overlap_england", 0) >= MET]
    return sentences.on_several(
        len(met),
        len(areas),
        in_year(f"{numeral(people_of(met))} people", edition.population_year),
        least=MET,
        layers=len(edition.overlap),
        whole=edition.whole,
    )


def _mortality(borough: Borough, place: Record) -> list[str]:
    layer = with_limits(borough.edition)
    if layer is None or layer.lower is None or layer.upper is None:
        return []
    ratio = number(place, layer.value)
    limits = number(place, layer.lower), number(place, layer.upper)
    observed, expected = (number(place, layer.column(end)) for end in ("observed", "expected"))
    if place.get(layer.estimated) is True and observed != observed:
        return [sentences.former_mortality(ratio, limits, period=layer.period)]
    return [sentences.mortality(observed, expected, ratio, limits, period=layer.period)]
