"""The page of all boroughs of a build, side by side: a map that opens each, and a table.

No single summary of the Indices is "the" measure of a borough, so several stand beside one another,
each with a sentence on what it answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from layers.borough.region import districts_table
from layers.findings.reach import counted_in_areas
from layers.layer import Edition
from maps.look.classify import WORST_TENTH, Classified, classify
from maps.look.html import environment, policy, scripts, stylesheet
from maps.look.numbers import DASH, in_year, numeral, people_in
from maps.svg.index_map import index_map
from maps.words.credits import all_sources, sources_by_publisher
from maps.words.of_regions import pockets_together
from maps.words.reading import superseded
from maps.words.rules import THEIR_BOROUGH, pockets_are
from maps.words.sentences import capital, left_out
from maps.words.summaries import SUMMARIES

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the table: its place in the districts' frame, and how it is written.

    ``whole`` is the value of England, where there is one, ``scale`` what values are multiplied by
    to be read. ``explanation`` says what it answers.
    """

    key: str
    title: str
    group: str
    decimals: int = 0
    suffix: str = ""
    whole: float | None = None
    explanation: str = ""
    scale: float = 1.0

    def words(self, value: float | None) -> str:
        """Write a value of this column; a dash where there is none."""
        if value is None or pd.isna(value):
            return DASH
        return f"{numeral(value * self.scale, self.decimals)}{self.suffix}"


def index_page(
    boroughs: Sequence[Borough],
    folders: Mapping[str, str],
    *,
    compared: str = "",
    linked: Collection[str] = (),
    missing: Sequence[str] = (),
) -> str:
    """Return the HTML of the page of all boroughs.

    ``folders`` gives the folder of each borough's page by its code, relative to this page;
    ``compared`` is the address of the page that sets them side by side in charts, if there is one.
    ``linked`` names the site's parts whose pages to link to, ``data`` and ``about``; ``missing``
    the boroughs that could not be built. The same boroughs give the same bytes, in any order.
    """
    ordered = sorted(boroughs, key=lambda borough: borough.name)
    first = ordered[0]
    districts = districts_table(ordered)
    columns = [column for column in summary_columns(first) if column.key in districts]
    style = stylesheet("base.css", "index.css")
    script = scripts(("index.js",))
    found = worst_tenth(first.edition, districts)
    return (
        environment()
        .get_template("index.html")
        .render(
            place=capital(first.place),
            edition=first.edition,
            superseded=superseded(first.edition),
            whole=capital(first.edition.whole),
            sentence=pockets_together(ordered, districts),
            compared=compared,
            linked=linked,
            missing=left_out(missing),
            policy=policy(scripts=[script], styles=[style]),
            style=Markup(style),
            script=Markup(script),
            groups=_groups(columns),
            columns=columns,
            rows=[_row(borough, districts, columns, folders) for borough in ordered],
            legend=found.legend if found else (),
            legend_title=found.title if found else "",
            map=index_map(ordered, folders, found),
            sources=sources_by_publisher(all_sources(ordered)),
        )
    )


def summary_columns(borough: Borough) -> list[Column]:
    """Return the columns of the table of an edition, in the order they are read."""
    edition = borough.edition
    overall = edition.layer(edition.overall)
    deprivation = [
        Column(
            key=overall.column(summary.key),
            title=summary.title,
            group=overall.short,
            decimals=summary.decimals,
            suffix=summary.suffix,
            whole=summary.whole,
            explanation=summary.meaning.format(whole=edition.whole),
        )
        for summary in SUMMARIES
    ]
    layers = [
        Column(
            key=layer.value,
            title=layer.short + ("" if layer.unit in {"%", "ratio"} else f", {layer.unit}"),
            group="Other layers",
            decimals=layer.decimals,
            suffix="%" if layer.unit == "%" else "",
            whole=borough.england.get(layer.id),
            explanation=layer.explanation,
        )
        for layer in edition.layers
        if not layer.rank
    ]
    people = Column(key="population", title=people_in(edition), group="Size")
    inside = Column(
        key="people_in_pockets",
        title=in_year("People in them", edition.population_year),
        group="Pockets",
    )
    several = pockets_are(borough, place=THEIR_BOROUGH)
    pockets = Column(
        key="pockets", title="Pockets", group="Pockets", explanation=f"Groups of {several}."
    )
    return [
        people,
        *SIZE,
        pockets,
        inside,
        SHARE,
        *_alone(borough),
        *deprivation,
        *_people_counted(borough),
        *layers,
    ]


def _alone(borough: Borough) -> list[Column]:
    """Return the counts of small areas that are in no pocket and are looked for all the same."""
    told = {
        "single": "Small areas that meet the rule of pockets, and belong to none.",
        "hidden": "Small areas in the most deprived fifth of their borough that a map of"
        f" {borough.edition.whole}’s most deprived leaves out.",
    }
    return [
        Column(
            key=f"{kind}_lsoas",
            title=f"{capital(kind)} neighbour\u00adhoods",
            group="Pockets",
            explanation=explanation,
        )
        for kind, explanation in told.items()
    ]


def _people_counted(borough: Borough) -> list[Column]:
    """Return the shares of people, and those of the first who live outside every pocket."""
    edition, group = borough.edition, "People counted"
    shares = [
        Column(
            key=layer.value,
            title=layer.title,
            group=group,
            decimals=layer.decimals,
            suffix="%",
            whole=borough.england.get(layer.id),
            explanation=layer.explanation,
            scale=layer.scale,
        )
        for layer in edition.shares
    ]
    outside = [
        column
        for layer in counted_in_areas(edition)[:1]
        for column in (
            Column(
                key=layer.people_outside,
                title=f"{capital(layer.counted_as)} outside every pocket",
                group=group,
                whole=borough.people.get(layer.people_outside),
                explanation="They live in a small area that belongs to no pocket. They are"
                f" {layer.counted_as} in {edition.title}.",
            ),
            Column(
                key=layer.outside_pct,
                title="Share of these",
                group=group,
                suffix="%",
                whole=borough.people.get(layer.outside_pct),
                explanation=f"Of all {layer.counted_as} in the borough, how many live outside every"
                " pocket.",
            ),
        )
    ]
    return [*shares, *outside]


SIZE = (
    Column(
        key="lsoa_count",
        title="Small areas",
        group="Size",
        explanation="Small areas of about 1,500 people (LSOAs).",
    ),
)
SHARE = Column(key="people_in_pockets_pct", title="Share of people", group="Pockets", suffix="%")


def worst_tenth(edition: Edition, districts: pd.DataFrame) -> Classified | None:
    """Class the boroughs by their share of small areas in England's most deprived tenth.

    None where the districts table does not hold it.
    """
    key = edition.layer(edition.overall).column("worst_tenth_pct")
    if key not in districts:
        return None
    return classify(districts[key].astype(float), WORST_TENTH, place=edition.whole)


def _groups(columns: Sequence[Column]) -> list[tuple[str, int]]:
    names = [column.group for column in columns]
    return [(name, names.count(name)) for name in dict.fromkeys(names)]


def _row(
    borough: Borough,
    districts: pd.DataFrame,
    columns: Sequence[Column],
    folders: Mapping[str, str],
) -> dict[str, object]:
    values = {column.key: float(districts[column.key][borough.code]) for column in columns}
    cells = [(column.words(values[column.key]), _sorting(values[column.key])) for column in columns]
    return {
        "name": borough.name,
        "address": f"{folders[borough.code]}/index.html",
        "cells": cells,
    }


def _sorting(value: float) -> str:
    return "" if pd.isna(value) else repr(float(value))
