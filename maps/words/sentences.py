"""Sentences that pages generate, from a small set of templates whose conditions are tested.

What no sentence may say: that one place is so many times as deprived as another; that the people of
an area are deprived (areas are); a cause, or a single person's risk; a comparison outside England,
but for the reference of the mortality ratio; a change in score between editions; a trend within one
neighbourhood for fuel poverty; anything about roadside air. Counts of people carry their year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from boundaries.borders import borders
from boundaries.names import in_a_sentence
from geo.codes import join_names
from maps.look.numbers import (
    between,
    counted,
    in_year,
    numeral,
    ordinal,
    share_in_words,
    value_with_limits,
)
from maps.words.rules import nothing_met

if TYPE_CHECKING:
    from layers.borough.borough import Borough

FIRM = 0.9
"""Share of draws in which the pocket with the highest mean keeps that place, to be named."""


def capital(text: str) -> str:
    """Return a text with its first letter as a capital and the rest as it was.

    >>> capital("the sample")
    'The sample'
    """
    return text[:1].upper() + text[1:]


def lower(title: str) -> str:
    """Return a title as it stands within a sentence.

    >>> lower("Housing and services")
    'housing and services'
    """
    return title[:1].lower() + title[1:]


def finding(borough: Borough) -> str:
    """Say how many pockets a borough has, how many of its people live there, and where to look.

    Single small areas are counted beside the pockets. A borough without pockets says what was
    looked for; a fictional place says that it is one.
    """
    return "".join(text for text, _ in finding_parts(borough))


def finding_parts(borough: Borough) -> list[tuple[str, bool]]:
    """Return `finding` in parts, and which of them are strong: its counts and shares."""
    place = capital(borough.called)
    if borough.edition.fictional:
        place = f"{place} (a fictional place)"
    count, alone = len(borough.pockets), _singles(borough)
    if not count:
        rest = f" of deprivation: {nothing_met(borough)}."
        found = [(f"{place} has ", False), ("no pocket", True), (rest, False)]
        return [*found, (" It has ", False), *alone, (".", False)] if alone else found
    share = share_in_words(borough.pockets["population"].sum(), borough.lsoa["population"].sum())
    return [
        (f"{place} has ", False),
        ("one pocket" if count == 1 else counted(count, "pocket"), True),
        (" of deprivation, home to ", False),
        (share, True),
        (in_year(" of its people", borough.edition.population_year), False),
        *([(", and ", False), *alone] if alone else []),
        (f". {where_to_look(borough)}", False),
    ]


def _singles(borough: Borough) -> list[tuple[str, bool]]:
    """Count the small areas that meet the rule alone, with who lives there; nothing without any."""
    single = borough.lsoa.get("single")
    if single is None or not single.any():
        return []
    people = borough.lsoa["population"]
    share = share_in_words(people[single].sum(), people.sum())
    return [(counted(int(single.sum()), "single small area"), True), (f" ({share})", False)]


def where_to_look(borough: Borough) -> str:
    """Name the pocket with most people in the country's worst tenth, and the one of highest mean.

    The second only where it keeps that place in nine of ten draws of weights.
    """
    pockets = borough.pockets.sort_values("number")
    first = pockets["name"].iloc[0]
    if len(pockets) == 1:
        return f"It is around {pocket_in_a_sentence(first)}."
    tenth = f"{in_a_sentence(borough.edition.whole)}’s most deprived tenth"
    most = f"most people in {tenth}" if pockets["worst_decile_people"].iloc[0] else "most people"
    said = f"The pocket with {most} is around {pocket_in_a_sentence(first)}"
    overall = borough.edition.layer(borough.edition.overall)
    highest = pockets.loc[pockets[overall.value].idxmax()]
    if not highest["highest_mean_share"] >= FIRM:
        return f"{said}."
    if highest["name"] == first:
        return f"{said}, which has the highest average score too."
    other = pocket_in_a_sentence(highest["name"])
    return f"{said}; the one with the highest average score, around {other}."


def pocket_in_a_sentence(name: str) -> str:
    """Return the name of a pocket as it stands within a sentence.

    >>> pocket_in_a_sentence("Part of Southdene"), pocket_in_a_sentence("Partington")
    ('part of Southdene', 'Partington')
    """
    return f"p{name[1:]}" if name.startswith("Part of ") else name


def along_borders(districts: Mapping[str, str]) -> list[str]:
    """Say of districts (names by code) along another country that nothing beyond it is seen.

    >>> along_borders({"E06000050": "Cheshire West and Chester", "E08000012": "Liverpool"})
    ['Cheshire West and Chester lies along the border with Wales. Neighbours on the other side are \
not in the data, so clusters and pockets stop there.']
    """
    met: dict[str, list[str]] = {}
    for code, name in districts.items():
        if code in borders():
            met.setdefault(borders()[code], []).append(in_a_sentence(name))
    return [
        f"{capital(listed(names))} {'lies' if len(names) == 1 else 'lie'} along the border with"
        f" {country}. Neighbours on the other side are not in the data, so clusters and pockets"
        " stop there."
        for country, names in met.items()
    ]


def listed(names: Sequence[str]) -> str:
    """Join names as a reader would say them.

    >>> listed(["Kirkdale North", "Kirkdale South", "Vauxhall"])
    'Kirkdale North, Kirkdale South and Vauxhall'
    >>> listed([])
    'none'
    """
    if len(names) < 2:
        return names[0] if names else "none"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def standing(kind: str, places: Sequence[tuple[float, int, str]]) -> str:
    """Say how a place stands on overall deprivation among others of its kind.

    ``kind`` names them ("neighbourhoods"); ``places`` are rank, count and the name of what it is
    ranked in. Says nothing of a place where it has no rank, or is the only one.

    >>> standing("neighbourhoods", [(179, 6791, "England"), (18, 61, "Liverpool")])
    'Overall it is more deprived than 97 in 100 neighbourhoods of England (179th of 6,791, counted \
from the most deprived). In Liverpool it is 18th of 61.'
    >>> standing("pockets", [(1, 1123, "England"), (1, 17, "Liverpool")])
    'Overall it is the most deprived of the 1,123 pockets of England. In Liverpool it is 1st of 17.'
    """
    told = [place for place in places if not math.isnan(place[0]) and place[1] > 1]
    if not told:
        return ""
    first, *others = told
    said = [f"Overall it is {_among(kind, *first)}."]
    said += [
        f"In {name} it is {ordinal(int(rank))} of {numeral(count)}." for rank, count, name in others
    ]
    return " ".join(said)


def _among(kind: str, rank: float, count: int, name: str) -> str:
    """Say of how many in a hundred others a place is more, or less, deprived."""
    if rank == 1:
        return f"the most deprived of the {numeral(count)} {kind} of {name}"
    at = f"({ordinal(int(rank))} of {numeral(count)}, counted from the most deprived)"
    after, before = count - rank, rank - 1
    word, others = ("more", after) if after >= before else ("less", before)
    of = numeral(others)
    part = (
        f"{of} of the other {numeral(count - 1)}"
        if count < 100
        else f"{int(100 * others / count)} in 100"
    )
    return f"{word} deprived than {part} {kind} of {name} {at}"


def too_few(name: str, kind: str, count: int) -> str:
    """Say why places of a borough are not ranked among themselves.

    >>> too_few("City of London", "neighbourhood", 1)
    'City of London has 1 neighbourhood, too few to rank among themselves.'
    """
    return f"{name} has {counted(count, kind)}, too few to rank among themselves."


def worst_fifths_in_words(met: Sequence[str], known: int, counted: int, whole: str) -> str:
    """Say on which of the layers counted together a place is in the worst fifth.

    ``known`` of the ``counted`` layers say whether it is.

    >>> worst_fifths_in_words(["Fuel poverty", "NO2"], 4, 4, "England")
    'It is in the worst fifth of England on 2 of the 4 layers counted together: Fuel poverty; NO2.'
    >>> worst_fifths_in_words([], 4, 4, "England")
    'It is in the worst fifth of England on none of the 4 layers counted together.'
    >>> worst_fifths_in_words(["NO2"], 3, 4, "England")
    'It is in the worst fifth of England on 1 of the 3 layers known here, of 4 counted together: \
NO2.'
    >>> worst_fifths_in_words([], 0, 4, "England")
    'None of the 4 layers counted together is known here.'
    """
    if not known:
        return f"None of the {counted} layers counted together is known here."
    names = f": {'; '.join(met)}" if met else ""
    layers = "layer" if known == 1 else "layers"
    among = "" if known == counted else f"known here, of {counted} "
    of = f"{known} {layers} {among}counted together"
    return f"It is in the worst fifth of {whole} on {len(met) or 'none'} of the {of}{names}."


def on_several(met: int, areas: int, whom: str, *, least: int, layers: int, whole: str) -> str:
    """Say how many of a pocket's areas are in the worst fifth on several layers at once.

    ``whom`` are the people of those that are: on at least ``least`` of ``layers`` counted together.

    >>> on_several(4, 9, "6,123 people (mid-2019)", least=3, layers=4, whole="England")
    '4 of its 9 small areas, with 6,123 people (mid-2019), are in the worst fifth of England on \
at least 3 of the 4 layers counted together.'
    >>> on_several(0, 9, "0 people", least=3, layers=4, whole="England")
    'None of its 9 small areas is known to be in the worst fifth of England on 3 of the 4 layers \
counted together.'
    """
    of = f"{least} of the {layers} layers counted together"
    if not met:
        return (
            f"None of its {areas} small areas is known to be in the worst fifth of {whole} on {of}."
        )
    are = "is" if met == 1 else "are"
    return (
        f"{met} of its {areas} small areas, with {whom}, {are} in the worst fifth of {whole} on at"
        f" least {of}."
    )


def against_chance(counts: Mapping[str, float], met: str, place: str) -> str:
    """Compare the number of areas that several layers meet in with independent layers.

    ``counts`` has areas, expected_areas, lower and upper (see `geo.stats.cooccurrence`); ``met`` is
    `on_layers`, ``place`` what the worst fifth is one of.

    >>> counts = {"areas": 9, "expected_areas": 4.6, "lower": 2, "upper": 8}
    >>> against_chance(counts, "on all 4 layers", "England")
    'If each layer were placed independently, as smooth as it is, we would expect about 5 \
small areas in the worst fifth of England on all 4 layers (95% of arrangements: 2 to 8); there \
are 9.'
    """
    areas, expected = int(counts["areas"]), round(counts["expected_areas"])
    likely = f"about {counted(expected, 'small area')}" if expected else "no small area"
    there = "is" if areas == 1 else "are"
    return (
        f"If each layer were placed independently, as smooth as it is, we would expect {likely} in"
        f" the worst fifth of {place} {met} (95% of arrangements:"
        f" {between(counts['lower'], counts['upper'])}); there {there} {numeral(areas)}."
    )


def only_compared(areas: int) -> str:
    """Say which small areas are compared with chance, where some lack a value.

    >>> only_compared(92)
    'Compared with chance are only the 92 small areas of which every layer is known.'
    """
    return (
        f"Compared with chance are only the {counted(areas, 'small area')} of which every layer"
        " is known."
    )


def mortality(
    observed: float, expected: float, ratio: float, limits: tuple[float, float], *, period: str
) -> str:
    """Say how deaths compare with those expected, and whether chance could explain the difference.

    Says only why there is no ratio where there is none.

    >>> mortality(28, 8.53, 3.28, (2.18, 4.75), period="Deaths registered in 2020")
    'Deaths registered in 2020: 28 due to COVID-19, where 8.5 would be expected at the rates of \
England and Wales for the ages and sexes living here. The ratio is 3.28 (95% limits 2.18 to 4.75): \
more than expected.'
    """
    if math.isnan(ratio):
        return (
            "No COVID-19 mortality ratio is shown: fewer than one death would be expected here,"
            " or figures are missing."
        )
    lower, upper = limits
    verdict = "not clearly different from expected"
    if lower > 1:
        verdict = "more than expected"
    elif upper < 1:
        verdict = "fewer than expected"
    return (
        f"{period}: {numeral(observed)} due to COVID-19, where {numeral(expected, 1)} would be"
        " expected at the rates of England and Wales for the ages and sexes living here. The ratio"
        f" is {value_with_limits(ratio, limits, 2)}: {verdict}."
    )


def former_mortality(ratio: float, limits: tuple[float, float], *, period: str) -> str:
    """Say the mortality ratio of a former neighbourhood, of which the one described is a part.

    >>> former_mortality(1.67, (1.21, 2.26), period="Deaths registered in 2020")
    'Deaths registered in 2020: the ratio of 1.67 (95% limits 1.21 to 2.26) is that of the former \
neighbourhood of which this is a part. Deaths are not known for it alone, so it is neither ranked \
nor tested for clusters.'
    """
    return (
        f"{period}: the ratio of {value_with_limits(ratio, limits, 2)} is that of the former"
        " neighbourhood of which this is a part. Deaths are not known for it alone, so it is"
        " neither ranked nor tested for clusters."
    )


def spread(deciles: Sequence[int], whole: str) -> str:
    """Say between which deciles of overall deprivation the small areas of a place lie.

    >>> spread([3, 1, 1], "England")
    'Its 3 small areas lie between decile 1 (the most deprived tenth) and decile 3 of England on \
overall deprivation.'
    >>> spread([1, 1], "England")
    'Its 2 small areas are all in decile 1 (the most deprived tenth) of England on overall \
deprivation.'
    """
    if not deciles:
        return ""
    worst, best = min(deciles), max(deciles)
    first = f"decile {worst}{' (the most deprived tenth)' if worst == 1 else ''}"
    if len(deciles) == 1:
        return f"Its only small area is in {first} of {whole} on overall deprivation."
    where = f"are all in {first}" if worst == best else f"lie between {first} and decile {best}"
    return f"Its {len(deciles)} small areas {where} of {whole} on overall deprivation."


def reached(pockets: Sequence[str], inside: float, people: float, year: int) -> str:
    """Say which pockets reach into a neighbourhood and what share of its people live in them.

    >>> reached([], 0, 900, 2015)
    'No pocket of deprivation reaches into it.'
    >>> reached(["1, Vauxhall"], 900, 900, 2015)
    'All of its people (mid-2015) live in a pocket of deprivation: 1, Vauxhall.'
    """
    if not pockets:
        return "No pocket of deprivation reaches into it."
    share = share_in_words(inside, people)
    which = "a pocket of deprivation" if len(pockets) == 1 else "pockets of deprivation"
    return (
        f"{in_year(f'{capital(share)} of its people', year)} live in {which}: {'; '.join(pockets)}."
    )


def in_worst_tenth(percent: float, year: int, whole: str) -> str:
    """Say what share of a pocket's people live in small areas of the most deprived tenth.

    >>> in_worst_tenth(0.4, 2015, "England")
    'Less than 1% of its people (mid-2015) live in small areas of the most deprived tenth of \
England.'
    """
    if math.isnan(percent):
        return ""
    share = share_in_words(percent, 100)
    return (
        f"{in_year(f'{capital(share)} of its people', year)} live in small areas of the most"
        f" deprived tenth of {whole}."
    )


def left_out(names: Sequence[str]) -> str:
    """Say which boroughs a build was to hold and does not; nothing where it holds all.

    >>> left_out(["Halton"]), left_out([])
    ('Not in these pages and tables, since it could not be worked out: Halton.', '')
    """
    if not names:
        return ""
    since = "it" if len(names) == 1 else "they"
    return (
        f"Not in these pages and tables, since {since} could not be worked out: "
        f"{join_names(names)}."
    )
