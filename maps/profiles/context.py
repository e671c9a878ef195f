"""What the profiles of one borough share, worked out once, and the places of a whole build."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from layers.borough.borough import Borough
from layers.layer import Layer
from maps.look.folders import folders_of
from maps.look.view import classified
from maps.profiles.behind import caveats_behind
from maps.profiles.book import Book, Record, book_of, records, shown_layers
from maps.profiles.comparable import compared_layers, standardised
from maps.profiles.rows import (
    Measured,
    Neighbourhood,
    measured,
    neighbourhoods,
    spans_explained,
    values_explained,
)
from maps.svg.bars import Scale, scale_of
from maps.svg.locator import Locator, locator_of
from maps.words import sentences
from maps.words.credits import source_lines, used_sources
from maps.words.reading import done_without, superseded
from maps.words.rules import nothing_met, pockets_are, settings_in_words


@dataclass(frozen=True, kw_only=True)
class Peers:
    """The places of a whole build, among which comparable ones are looked for.

    ``boroughs`` maps a district's code to its name, ``folders`` to its folder in the site; ``msoa``
    and ``pockets`` hold ``name``, ``lad_code`` and the layers' values, by code.
    """

    place: str
    boroughs: Mapping[str, str]
    folders: Mapping[str, str]
    msoa: pd.DataFrame
    pockets: pd.DataFrame

    @cached_property
    def rows(self) -> dict[str, Record]:
        """Return the MSOAs and pockets as records, by code."""
        listed = [records(table.rename_axis("code")) for table in (self.msoa, self.pockets)]
        return {row["code"]: row for rows in listed for row in rows}


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the profiles of one borough share, worked out once."""

    borough: Borough
    region: Peers
    book: Book
    locator: Locator
    measures: Mapping[str, Sequence[Measured]]
    scores: Mapping[str, pd.DataFrame]
    described: Mapping[str, Neighbourhood]
    fills: Mapping[str, str]
    labels: Mapping[str, str]
    shared: Record = field(repr=False)


def peers_of(boroughs: Sequence[Borough], folders: Mapping[str, str] | None = None) -> Peers:
    """Put together the places of the boroughs of a build, and say in which folders they are."""
    values = [layer.value for layer in boroughs[0].edition.layers]
    columns = ["name", "lad_code", *values]
    msoa = [borough.msoa.rename(columns={"area_name": "name"})[columns] for borough in boroughs]
    pockets = [borough.pockets for borough in boroughs if len(borough.pockets)]
    shown = [pd.DataFrame(table[columns]) for table in pockets]
    return Peers(
        place=boroughs[0].place,
        boroughs={borough.code: borough.name for borough in boroughs},
        folders=folders or folders_of(boroughs),
        msoa=pd.concat([pd.DataFrame(table) for table in msoa]),
        pockets=pd.concat(shown) if shown else pd.DataFrame(columns=columns),
    )


def context_of(
    borough: Borough,
    region: Peers,
    *,
    linked: Collection[str] = ("index", "pages", "about"),
) -> Context:
    """Work out what the profiles of a borough share.

    ``linked`` names the parts of the site beside the profiles: only to those do the pages link.
    """
    edition = borough.edition
    found = classified(borough, edition.layer(edition.overall), "england")
    book = book_of(borough)
    labels = {key: str(pocket["number"]) for key, pocket in book.pockets.items()}
    more = shown_layers(edition.layers)
    areas = list(book.lsoa.values())
    return Context(
        borough=borough,
        region=region,
        book=book,
        locator=locator_of(borough.called, borough.lsoa),
        measures={kind: _measures(borough, kind) for kind in ("MSOA", "pocket", "borough")},
        scores={
            kind: standardised(table, edition, borough.scales)
            for kind, table in (("msoa", region.msoa), ("pocket", region.pockets))
        },
        described=neighbourhoods(areas, borough, more=more, pockets=labels),
        fills={str(code): colour for code, colour in found.colours.items()},
        labels={str(code): label for code, label in found.labels.items()},
        shared=_shared(borough, found.legend) | {"linked": linked},
    )


def _measures(borough: Borough, kind: str) -> list[Measured]:
    """Prepare the layers for one kind of place, each with its scale."""
    scales: dict[str, Scale | None] = {}
    for layer in borough.edition.layers:
        of_lsoa = kind == "pocket" and layer.geography == "LSOA"
        scales[layer.id] = scale_of(
            (borough.lsoa if of_lsoa else borough.msoa)[layer.value],
            borough=float(borough.district.get(layer.value, math.nan)),
            england=borough.england.get(layer.id, math.nan),
            label=layer.form,
        )
    return measured(borough, scales, kind)


def _shared(borough: Borough, legend: Sequence[object]) -> Record:
    edition = borough.edition
    notes = [note for said in borough.notes.values() for note in said]
    return {
        "borough": borough,
        "edition": edition,
        "superseded": superseded(edition),
        "legend": legend,
        "year": edition.population_year,
        "settings": settings_in_words(borough.settings),
        "credits": source_lines(used_sources(borough, behind=True)),
        "pockets_are": pockets_are(borough),
        "nothing_met": nothing_met(borough),
        "caveats": _caveats(edition.layers),
        "borders": sentences.along_borders({borough.code: borough.name}),
        "notes": list(dict.fromkeys([*notes, *done_without(borough)])),
        "shown": shown_layers(edition.layers),
        "fuel": next((layer for layer in edition.layers if not layer.ranks_in_words), None),
        "compared": compared_layers(edition),
        "explained": spans_explained,
        "behind_caveats": caveats_behind(borough),
        "behind_lacking": " ".join(borough.lacking_behind),
        "keyed": values_explained,
    }


def _caveats(layers: Sequence[Layer]) -> list[tuple[str, str]]:
    """Gather caveats, each once, with the layers it belongs to."""
    told: dict[str, list[str]] = {}
    for layer in layers:
        told.setdefault(layer.caveat, []).append(layer.short)
    return [(sentences.listed(names), caveat) for caveat, names in told.items()]
