"""What a borough's page carries: one plain structure of texts, numbers and nothing else.

The page's script reads only this, so a number on the page is a number of the tables, rounded to the
decimals of its layer. Missing and withheld values are None. What must not be put in words is not
carried at all: the ranks of fuel poverty, and more than fifths of it for single small areas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import numpy as np
import pandas as pd

from geo.stats.rank import FEWEST_RANKED
from layers.findings.overlap import SHARED_INPUTS
from layers.findings.pockets import Choice
from layers.kinds.reading import PEOPLE_BY_AGE
from layers.layer import FRAMES, Frame, Layer
from maps.look import palette
from maps.look.classify import (
    THIRDS_OF_PAIR,
    Classified,
    legend_of,
    overlap_classes,
    pair_classes,
)
from maps.look.numbers import (
    NO_VALUE,
    ONLY_POCKET,
    TOO_FEW_POCKETS,
    TOO_FEW_TO_RANK,
    fifths_of,
    suffix_of,
    tenths_in_words,
)
from maps.look.view import classified, compared_with, ranked, without_withheld
from maps.made_of.fingerprint import spread_of
from maps.page.fingerprint import made_of_pockets
from maps.page.orders import orders
from maps.page.past import past
from maps.page.postcode_index import sectors
from maps.page.rounding import rounded
from maps.page.sure import sure
from maps.page.topology import label_choices, label_points, nearby, topology
from maps.words.across import across_the_line
from maps.words.carried import ESTIMATED, KEY_TO_ESTIMATES, carried_here, marks
from maps.words.people import AGED, age_shares
from maps.words.reading import postcodes_of
from maps.words.rules import on_layers
from maps.words.sentences import against_chance, only_compared

if TYPE_CHECKING:
    from layers.borough.borough import Borough

SPOKEN_CLUSTERS = {
    "high-high": "in a cluster of high values",
    "low-low": "in a cluster of low values",
    "high-low": "high among low neighbours",
    "low-high": "low among high neighbours",
}
"""Clusters that are put in words, and the words; the page numbers them from 1."""

WORDS = {
    "no_value": NO_VALUE,
    "too_few": TOO_FEW_TO_RANK,
    "too_few_pockets": TOO_FEW_POCKETS,
    "only_pocket": ONLY_POCKET,
    "clusters": tuple(SPOKEN_CLUSTERS.values()),
    "estimated": ESTIMATED,
    "estimated_key": KEY_TO_ESTIMATES,
}
"""Words that the page's script puts beside numbers."""

CUTS = (0, 1, 5, 10, 15, 20, 25, 30, 40, 50)
CUTS_BY_FIFTHS = (0, 20, 40, 60)
"""Cut-offs that a reader may choose for the overlap, in per cent of all ranks; 0 leaves it out."""

FEWEST_AGAINST_CHANCE = 3
"""Below this the count of areas can fall where layers coincide, and says nothing."""

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Links:
    """Addresses of other pages, relative to the borough's; an empty one makes no link.

    ``profile`` and ``pocket`` hold ``{code}``, for the code of an MSOA and the id of a pocket;
    ``borough`` is the borough's own profile; ``others`` has the pages of other boroughs by code.
    ``sign`` is a small picture of the site: a page opened from a folder in which it is missing
    stands alone, and turns its links to other files into plain text.
    """

    index: str = ""
    borough: str = ""
    profile: str = ""
    pocket: str = ""
    methods: str = ""
    sources: str = ""
    downloads: str = ""
    atlas: str = ""
    sign: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def absolute(self, page: str) -> Links:
        """Return the links as addresses of the web, of a page that stands at ``page`` there.

        >>> Links(index="../index.html").absolute("https://council.example/ashby/").index
        'https://council.example/index.html'
        """
        own = {name: address for name, address in vars(self).items() if isinstance(address, str)}
        there = {name: urljoin(page, address) for name, address in own.items() if address}
        others = {code: urljoin(page, address) for code, address in self.others.items()}
        return Links(**(there | {"sign": ""}), others=others)

    def of_pocket(self, code: str, pocket_id: str) -> str:
        """Return where a pocket of another borough is shown, or nothing."""
        return f"{self.others[code]}#place={pocket_id}" if code in self.others else ""


def page_data(borough: Borough, *, links: Links, basemap: bool = False) -> Record:
    """Return everything that the script of a borough's page reads."""
    context = nearby(borough.surroundings, borough.lsoa)
    return {
        "borough": _about(borough),
        "words": WORDS,
        "links": {"profile": links.profile, "pocket": links.pocket, "sign": links.sign},
        "basemap": basemap,
        "places": {
            "area": _areas(borough),
            "msoa": _msoas(borough),
            "pocket": _pockets(borough, links),
        },
        "ages": _ages(borough),
        "layers": [_layer(borough, layer) for layer in borough.edition.layers],
        "overlap": _overlap(borough),
        "pair": _pair(borough),
        "past": past(borough),
        "sure": sure(borough),
        "orders": orders(borough),
        "made_of": made_of_pockets(borough),
        "surroundings": {
            "names": context["lad_name"].to_list(),
            "points": label_choices(context),
        },
        "postcodes": sectors(borough.postcodes, borough.lsoa.index),
        "topology": topology(borough.lsoa, context),
    }


def _shown(values: Iterable[float], layer: Layer) -> list[float | None]:
    """Return a layer's values as they are shown: in its unit, with its decimals."""
    return rounded((value * layer.scale for value in values), layer.decimals)


def _about(borough: Borough) -> Record:
    edition = borough.edition
    return {
        "code": borough.code,
        "name": borough.name,
        "called": borough.called,
        "place": borough.place,
        "edition": edition.title,
        "fictional": edition.fictional,
        "whole": edition.whole,
        "year": edition.population_year,
        "overall": edition.overall,
        "postcodes_of": postcodes_of(borough),
        "fewest": FEWEST_RANKED,
        "tenths": f"the most deprived {tenths_in_words(Choice.of(borough.settings).tenths)}",
        "people": int(borough.lsoa["population"].sum()),
    }


def _ages(borough: Borough) -> Record:
    """Return the ages in words, and their shares in per cent of the borough's people and of all."""
    return {
        "words": [AGED[column] for column in PEOPLE_BY_AGE],
        "borough": rounded(age_shares(dict(borough.district)).values(), 1),
        "england": rounded(age_shares(borough.people).values(), 1),
    }


def _people(places: pd.DataFrame) -> Record:
    """Return how many people live in places, in all and of each age, where ages are known."""
    known = {} if not set(PEOPLE_BY_AGE) <= set(places) else {"ages": _counts_of_ages(places)}
    return {"people": rounded(places["population"], 0)} | known


def _counts_of_ages(places: pd.DataFrame) -> list[list[float | None]]:
    return [rounded(places[column], 0) for column in PEOPLE_BY_AGE]


def _areas(borough: Borough) -> Record:
    lsoa = borough.lsoa
    msoa_places = {code: place for place, code in enumerate(borough.msoa.index)}
    pocket_places = {code: place for place, code in enumerate(_by_number(borough).index)}
    return {
        "codes": lsoa.index.to_list(),
        "names": lsoa["area_name"].to_list(),
        **_people(lsoa),
        "msoa": [msoa_places.get(code, -1) for code in lsoa["msoa_code"]],
        "pocket": [pocket_places.get(code, -1) for code in _pocket_ids(borough)],
        "relatively_worst": _flags(lsoa, "relatively_worst"),
        "hidden": _flags(lsoa, "hidden"),
        "single": _flags(lsoa, "single"),
    }


def _msoas(borough: Borough) -> Record:
    return {
        "codes": borough.msoa.index.to_list(),
        "names": borough.msoa["area_name"].to_list(),
        **_people(borough.msoa),
        "points": label_points(borough.msoa),
    }


def _pockets(borough: Borough, links: Links) -> Record:
    pockets = _by_number(borough)
    facts = [name for name in ("prominence", "worst_decile_pct") if name in pockets]
    return {
        "codes": pockets.index.to_list(),
        "names": pockets["name"].to_list(),
        "numbers": rounded(pockets["number"], 0),
        **_people(pockets),
        "km2": rounded(pockets["area_km2"], 1),
        "points": label_points(pockets),
        "across": [across_the_line(borough, str(code), links.of_pocket) for code in pockets.index],
    } | {name: rounded(pockets[name], 2) for name in facts}


def _pocket_ids(borough: Borough) -> pd.Series[str]:
    lsoa = borough.lsoa
    return lsoa["pocket_id"] if "pocket_id" in lsoa else pd.Series("", index=lsoa.index)


def _by_number(borough: Borough) -> pd.DataFrame:
    by_number: pd.DataFrame = borough.pockets.sort_values("number")
    return by_number


def _flags(areas: pd.DataFrame, column: str) -> list[int]:
    if column not in areas:
        return []
    return np.flatnonzero(areas[column].eq(True).to_numpy()).tolist()


def _layer(borough: Borough, layer: Layer) -> Record:
    texts = {
        name: getattr(layer, name)
        for name in (
            "id",
            "title",
            "short",
            "question",
            "explanation",
            "unit",
            "decimals",
            "share_of",
        )
    }
    lsoa, msoa, pockets = (
        without_withheld(places, layer)
        for places in (borough.lsoa, borough.msoa, _by_number(borough))
    )
    return texts | {
        "suffix": suffix_of(layer),
        "geography": layer.geography,
        "period": layer.period,
        "caveat": layer.caveat,
        "domain": layer.domain,
        "ranks": layer.ranks_in_words,
        "fifths": fifths_of(layer),
        "middle": layer.middle,
        "lines": dict(layer.lines),
        "sources": [
            {"title": source.title, "publisher": source.publisher, "edition": source.edition}
            for source in borough.sources.get(layer.id, ())
        ],
        "notes": list(borough.notes.get(layer.id, ())),
        "carried": carried_here(borough, layer),
        "england": _shown([borough.england.get(layer.id, np.nan)], layer)[0],
        "borough": _shown([borough.district.get(layer.value, np.nan)], layer)[0],
        "counts": {
            "area": ranked(borough, layer, layer.geography),
            "msoa": ranked(borough, layer, "MSOA"),
            "pocket": ranked(borough, layer, "pocket"),
        },
        "classes": {frame: _classes(classified(borough, layer, frame)) for frame in FRAMES},
        "area": _values(lsoa, layer, value=layer.ranks_in_words)
        | _clusters(lsoa, layer)
        | _marks(lsoa, layer),
        "msoa": _values(msoa, layer) | _marks(msoa, layer) | _spread(msoa, layer),
        "pocket": _values(pockets, layer) | _marks(pockets, layer) | _spread(pockets, layer),
    }


def _spread(places: pd.DataFrame, layer: Layer) -> Record:
    """Return in words how far the small areas of larger ones are apart, where that is known."""
    own = places[[name for name in map(str, places) if layer.owns(name)]]
    rows = [dict(zip(map(str, own), row, strict=True)) for row in own.itertuples(index=False)]
    found = [spread_of(row, layer) for row in rows]
    return {"spread": found} if any(found) else {}


def _marks(places: pd.DataFrame, layer: Layer) -> Record:
    """Return what stands beside estimated values, by position; nothing where none is estimated."""
    found = marks(layer, places)
    at = {str(code): place for place, code in enumerate(places.index)}
    return {"marks": {str(at[code]): mark for code, mark in found.items()}} if found else {}


def _values(places: pd.DataFrame, layer: Layer, *, value: bool = True) -> Record:
    """Return a layer's columns at one geography, its ranks the publisher's where it has them."""
    columns = {"lower": layer.lower, "upper": layer.upper} | (
        {"value": layer.value} if value else {}
    )
    record: Record = {
        name: _shown(places[column], layer) for name, column in columns.items() if column in places
    }
    if layer.share_of and layer.people in places:
        record["people"] = rounded(places[layer.people], 0)
    own = layer.own_rank("england")
    published = layer.rank_column("england")
    names = {
        "england": published if published in places else own,
        "borough": layer.rank_column("borough"),
    }
    for frame in FRAMES:
        if layer.ranks_in_words and names[frame] in places:
            record[f"rank_{frame}"] = rounded(places[names[frame]], 0)
        record[f"fifth_{frame}"] = _digits(places.get(layer.quintile_column(frame)))
    return record | _ranges(places, layer)


def _ranges(places: pd.DataFrame, layer: Layer) -> Record:
    """Return how far a borough rank may move, where that has been worked out."""
    for kind, *named in (("range", "lowest", "highest"), ("interval", "lower", "upper")):
        low, high = map(layer.rank_end, named)
        if low in places and high in places:
            ends = {"from": rounded(places[low], 0), "to": rounded(places[high], 0)}
            return {"rank_span": ends | {"kind": kind}}
    return {}


def _clusters(areas: pd.DataFrame, layer: Layer) -> Record:
    numbers = {name: place for place, name in enumerate(SPOKEN_CLUSTERS, start=1)}
    return {
        f"cluster_{frame}": "".join(str(numbers.get(name, 0)) for name in areas[column])
        for frame in FRAMES
        if (column := layer.cluster_column(frame)) in areas
    }


def _digits(fifths: pd.Series[float] | None) -> str:
    if fifths is None:
        return ""
    return "".join(str(int(fifth)) for fifth in fifths.fillna(0))


def _classes(found: Classified) -> Record:
    """Return classes for the page; ``worst`` of ranks are, from the first, the worst fifth."""
    return {
        "title": found.title,
        "worst": sum(entry.pattern == "plain" and entry.upper <= 20 for entry in found.classes),
        "classes": legend_of(found.classes),
        "numbers": "".join(map(str, found.numbers)),
    }


def _overlap(borough: Borough) -> Record:
    edition = borough.edition
    members = [[edition.layer(layer_id) for layer_id in entry] for entry in edition.overlap]
    return {
        "members": [
            {
                "layers": [layer.id for layer in layers],
                "title": " or ".join(layer.short for layer in layers),
                "cuts": CUTS if all(layer.ranks_in_words for layer in layers) else CUTS_BY_FIFTHS,
            }
            for layers in members
        ],
        "classes": legend_of(overlap_classes(len(members))),
        "chance": chance_in_words(borough),
        "shared": SHARED_INPUTS,
    }


def chance_in_words(borough: Borough) -> dict[Frame, list[str]]:
    """Compare the overlap with chance in a sentence for each number of layers from three up.

    Empty where the comparison has not been made. The counts are those of worst fifths, whatever
    cut-offs a reader sets.
    """
    found: dict[Frame, list[str]] = {"england": [], "borough": []}
    for row in borough.chance.reset_index().to_dict("records"):
        frame, least = row["frame"], row["at_least"]
        if least >= FEWEST_AGAINST_CHANCE and row["areas"]:
            if not found[frame] and row.get("compared", len(borough.lsoa)) < len(borough.lsoa):
                found[frame].append(only_compared(int(row["compared"])))
            met = on_layers(least, len(borough.edition.overlap))
            counts = {str(name): row[name] for name in borough.chance}
            found[frame].append(against_chance(counts, met, compared_with(borough, frame)))
    return found


def _pair(borough: Borough) -> Record:
    edition = borough.edition
    others = [entry[0] for entry in edition.overlap if entry[0] != edition.overall]
    return {
        "start": [edition.overall, others[0] if others else edition.overall],
        "classes": [
            entry | {"ink": palette.ink_on(entry["colour"])}
            for entry in legend_of(pair_classes(("", "")))
        ],
        "words": list(THIRDS_OF_PAIR),
    }
