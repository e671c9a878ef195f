"""Profiles: one printable page for a neighbourhood (MSOA), a pocket, or a borough.

A page is one file without scripts. What the pages of a borough share is worked out once (see
`maps.profiles.context`); a page is then a matter of milliseconds. Pages stand in
``<borough>/profiles/`` (an MSOA's by its code, the borough's as index.html) and
``<borough>/pockets/``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import jinja2
from markupsafe import Markup

from layers.borough.borough import Borough
from maps.look.html import READING_STYLE, environment, policy, static_text, stylesheet
from maps.look.numbers import amount, fifth, numeral, or_dash
from maps.made_of.matrix import matrix_of, tones
from maps.profiles.ages import age_rows
from maps.profiles.behind import domains_behind
from maps.profiles.book import (
    Book,
    Record,
    people_of,
    pocket_line,
)
from maps.profiles.comparable import compared_layers, how_compared, nearest
from maps.profiles.context import Context
from maps.profiles.fingerprint import fingerprint_of
from maps.profiles.former import former_places
from maps.profiles.of_borough import summaries
from maps.profiles.rows import (
    number,
)
from maps.profiles.said import said_of_msoa, said_of_pocket
from maps.profiles.then_and_now import borough_then_and_now, then_and_now
from maps.svg.gradients import gradient_figures
from maps.svg.locator import MOST_NUMBERS
from maps.svg.over_years import years_figure
from maps.svg.reach import reach_figure
from maps.words import sentences
from maps.words.across import across_the_line
from maps.words.alone import alone, hidden_in_words
from maps.words.credits import source_lines, used_sources
from maps.words.how_sure import recurrence_in_words
from maps.words.of_change import CANNOT_TELL
from maps.words.people import outside_every_pocket
from maps.words.rules import height_of, pockets_are
from maps.words.summaries import in_short

PROFILE_FOLDERS = {"msoa": "profiles", "pocket": "pockets"}


def msoa_profile(context: Context, code: str) -> str:
    """Return the page of one neighbourhood (MSOA)."""
    borough, book = context.borough, context.book
    place, areas = book.msoa[code], book.areas(code)
    own = _pockets_within(book, areas)
    labels = [f"{pocket['number']}, {pocket['name']}" for pocket in own]
    return _rendered(
        "profile_msoa.html",
        context,
        code=code,
        kind="MSOA",
        name=place["area_name"],
        people=numeral(place["population"]),
        said=said_of_msoa(borough, place, areas, labels),
        rows=[measure.row(place) for measure in context.measures["MSOA"]],
        ages=age_rows(borough, place),
        behind=domains_behind(borough, code, kind="MSOA"),
        change=then_and_now(borough, areas),
        maps=_maps(context, code, name=place["area_name"]),
        pockets=own,
        areas=[context.described[area["area_code"]] for area in areas],
        alike=_alike(context, code, "msoa"),
        against=_read_against(context, code, "msoa"),
        how_compared=how_compared(borough.edition, "MSOAs", context.region.place),
    )


def pocket_profile(context: Context, pocket_id: str) -> str:
    """Return the page of one pocket of deprivation."""
    borough, book = context.borough, context.book
    place, areas = book.pockets[pocket_id], book.areas(pocket_id)
    return _rendered(
        "profile_pocket.html",
        context,
        code=pocket_id,
        kind="pocket",
        name=place["name"],
        place=place,
        people=numeral(place["population"]),
        said=said_of_pocket(borough, place, areas),
        rows=[measure.row(place) for measure in context.measures["pocket"]],
        made=fingerprint_of(borough, place),
        ages=age_rows(borough, place),
        behind=domains_behind(borough, pocket_id, kind="pocket"),
        change=then_and_now(borough, areas, pocket=place),
        maps=_maps(context, pocket_id, name=place["name"]),
        facts=_facts(borough, place),
        msoas=_msoas_of(book, areas),
        across=_across(context, pocket_id),
        areas=[context.described[area["area_code"]] for area in areas],
        alike=_alike(context, pocket_id, "pocket"),
        against=_read_against(context, pocket_id, "pocket"),
        how_compared=how_compared(borough.edition, "pockets", context.region.place),
    )


def former_profiles(context: Context) -> dict[str, str]:
    """Return the pages of places that had one in the edition before, by their path in a borough."""
    return {
        f"{place.folder}/{place.code}.html": _rendered(
            "profile_former.html",
            context,
            code=place.code,
            kind=place.kind,
            name=place.name,
            said=place.said,
            ways=place.ways,
            cannot_tell=CANNOT_TELL,
        )
        for place in former_places(context.borough)
    }


def borough_profile(context: Context) -> str:
    """Return the page of the borough itself, with the lists of its profiles."""
    borough, book = context.borough, context.book
    own = {str(name): value for name, value in borough.district.items()}
    series = years_figure(borough)
    return _rendered(
        "profile_borough.html",
        context,
        code=borough.code,
        kind="borough",
        name=borough.name,
        people=numeral(people_of(book.lsoa.values())),
        said=[
            sentences.finding(borough),
            *in_short(borough),
            *outside_every_pocket(borough),
            *hidden_in_words(borough),
        ],
        rows=[measure.row(own) for measure in context.measures["borough"]],
        ages=age_rows(borough, own),
        reach=reach_figure(borough),
        change=borough_then_and_now(borough, list(book.lsoa.values())),
        behind=domains_behind(borough, borough.code, kind="borough"),
        summaries=summaries(borough),
        came_back=recurrence_in_words(borough.settings),
        pockets=[pocket_line(pocket) for pocket in book.pockets.values()],
        matrix=matrix_of(borough),
        alone=alone(borough),
        msoas=[_msoa_line(borough, msoa) for msoa in book.msoa.values()],
        gradients=gradient_figures(borough),
        series=series,
        years_lacking=" ".join(borough.lacking_years),
        credits=source_lines(used_sources(borough, years=series is not None, behind=True)),
    )


def _maps(context: Context, place: str, *, name: str) -> list[Markup]:
    whole = context.borough.edition.whole
    codes = context.book.members[place]
    tally: dict[str, int] = {}
    for code in codes:
        tally[context.labels[code]] = tally.get(context.labels[code], 0) + 1
    counts = "; ".join(f"{label}: {count}" for label, count in tally.items())
    numbered = (
        " Numbers are those of the table of small areas." if len(codes) <= MOST_NUMBERS else ""
    )
    return [
        context.locator.marked(
            place, key="where", title=f"Where {name} is in {context.borough.called}"
        ),
        context.locator.detail(
            codes,
            context.fills,
            key="detail",
            title=f"The small areas of {name} by overall deprivation, compared with {whole}",
            description=f"Number of small areas in each class of rank – {counts}.{numbered}",
        ),
    ]


def _pockets_within(book: Book, areas: Sequence[Record]) -> list[Record]:
    """Describe the pockets that reach into some LSOAs, with the people and LSOAs they share."""
    shared: dict[str, list[Record]] = {}
    for area in areas:
        if area["pocket_id"]:
            shared.setdefault(area["pocket_id"], []).append(area)
    return [
        pocket_line(pocket)
        | {"lsoas_here": len(shared[key]), "people_here": numeral(people_of(shared[key]))}
        for key, pocket in book.pockets.items()
        if key in shared
    ]


def _facts(borough: Borough, place: Record) -> list[tuple[str, str, str]]:
    """Return what the finding of a pocket rests on: term, value, meaning."""
    line = pocket_line(place)
    height = number(place, "prominence")
    highest = math.isnan(height)
    values = {
        "Area of deprivation": str(place["deprivation_area_id"]),
        "Prominence": "none" if highest else numeral(height, 1),
        "Came back": line["came_back"],
    }
    meanings = _meanings(borough) | ({"Prominence": HIGHEST} if highest else {})
    return [(term, value, meanings[term]) for term, value in values.items()]


def _meanings(borough: Borough) -> dict[str, str]:
    """Explain the terms of `_facts`."""
    return {
        "Area of deprivation": f"All {pockets_are(borough)}; pockets are its parts.",
        "Prominence": "How far its peak stands above the saddle to a higher one, in points of the"
        f" {height_of(borough)}. It sets the scale of reading and is no test of significance.",
        "Came back": f"{sentences.capital(recurrence_in_words(borough.settings))}.",
    }


HIGHEST = (
    "Its peak is the highest of its area of deprivation: there is no higher one to stand above."
)


def _msoas_of(book: Book, areas: Sequence[Record]) -> list[Record]:
    """List the borough's MSOAs that some LSOAs belong to, most people first."""
    people: dict[str, int] = {}
    for area in areas:
        people[area["msoa_code"]] = people.get(area["msoa_code"], 0) + int(area["population"])
    return [
        {"code": code, "name": book.msoa[code]["area_name"], "people": numeral(people[code])}
        for code in sorted(people, key=lambda code: (-people[code], code))
        if code in book.msoa
    ]


def _across(context: Context, pocket_id: str) -> list[tuple[str, str]]:
    """Say what a pocket touches across the line; a pocket outside the build has no page."""

    def address(lad_code: str, other: str) -> str:
        there = lad_code in context.region.folders
        return _address(context, "pocket", other, lad_code) if there else ""

    return across_the_line(context.borough, pocket_id, address)


def _alike(context: Context, code: str, kind: str) -> list[Record]:
    """Describe the places of other boroughs that are most like one."""
    table = context.region.msoa if kind == "msoa" else context.region.pockets
    others = table.index[table["lad_code"] != context.borough.code]
    found = nearest(context.scores[kind], code, among=others)
    layers = compared_layers(context.borough.edition)
    rows = [context.region.rows[str(other)] for other in found.index]
    return [
        {
            "name": row["name"],
            "borough": context.region.boroughs[row["lad_code"]],
            "address": _address(context, kind, row["code"], row["lad_code"]),
            "distance": numeral(distance, 2),
            "amounts": [amount(row[layer.value], layer) for layer in layers],
        }
        for row, distance in zip(rows, found, strict=True)
    ]


def _read_against(context: Context, code: str, kind: str) -> list[Record]:
    """Describe what the places most like one are read against: itself, its borough and England."""
    borough = context.borough
    measures = context.measures["MSOA" if kind == "msoa" else kind]
    compared = [each for each in measures if each.layer in compared_layers(borough.edition)]
    own = context.region.rows[code]
    values = [amount(own[each.layer.value], each.layer) for each in compared]
    rows = [
        (f"{own['name']} (this place)", borough.name, values),
        (sentences.capital(borough.called), "–", [each.borough for each in compared]),
        (sentences.capital(borough.edition.whole), "–", [each.england for each in compared]),
    ]
    return [dict(zip(("name", "borough", "amounts"), row, strict=True)) for row in rows]


def _address(context: Context, kind: str, code: str, lad_code: str) -> str:
    return f"../../{context.region.folders[lad_code]}/{PROFILE_FOLDERS[kind]}/{code}.html"


def _msoa_line(borough: Borough, place: Record) -> Record:
    overall = borough.edition.layer(borough.edition.overall)
    rank = number(place, overall.rank_column("borough"))
    return {
        "code": place["area_code"],
        "name": place["area_name"],
        "people": numeral(place["population"]),
        "rank": or_dash(numeral(rank), rank),
        "fifth": fifth(number(place, overall.quintile_column("england")), overall),
    }


@cache
def _template(name: str) -> jinja2.Template:
    return environment().get_template(name)


@cache
def _security(style: str) -> str:
    return policy(scripts=[], styles=[style])


def _rendered(template: str, context: Context, **told: object) -> str:
    style = stylesheet(READING_STYLE)
    if told["kind"] == "borough":
        style += static_text("matrix.css") + tones()
    return _template(template).render(
        **{**context.shared, **told},
        home="" if told["kind"] == "borough" else "../",
        style=Markup(style),
        policy=_security(style),
    )
