"""The kinds of layer that there are; another is one entry more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geo.errors import InputError, some
from layers.catalogue import catalogue
from layers.former import SMALL_AREAS, WAY, lacking_earlier
from layers.indicators import lacking_indicators
from layers.kinds import air_quality, covid_mortality, fuel_poverty, imd
from layers.kinds.kind import Kind
from layers.layer import Edition, Layer
from layers.wards import lacking_names

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (imd.KIND, fuel_poverty.KIND, covid_mortality.KIND, air_quality.KIND)
}


def kind_of(layer: Layer) -> Kind:
    """Return the kind of a layer; raises ``InputError`` naming the known ones when there is none.

    >>> from layers.layer import edition
    >>> kind_of(edition("2019").layer("fuel_poverty_2020")).counts.under
    'households'
    """
    if layer.kind not in KINDS:
        raise InputError(
            f"There is no kind of layer “{layer.kind}”",
            where=f"layer {layer.id}",
            expected=some(KINDS, most=20),
            do="correct the layer's record, or add the kind to layers/kinds/registry.py",
        )
    return KINDS[layer.kind]


def kinds_of(edition: Edition) -> list[Kind]:
    """Return the kinds that an edition has layers of, in the order of `KINDS`."""
    there = [kind_of(layer) for layer in edition.layers]
    return [kind for kind in KINDS.values() if kind in there]


def affected(edition: Edition, roles: Iterable[str]) -> list[str]:
    """Say what the files of some roles are needed or missed for, in phrases.

    No file is looked for: each role is taken to be played by the first of its records.
    """
    missing = set(roles)
    needed = missing.difference(edition.optional)
    kinds = kinds_of(edition)
    needs = {kind.name: {*kind.needs, *_way(edition, kind)} for kind in kinds}
    places = needed.difference(*needs.values())
    told = [kind.title for kind in kinds if needed.intersection(needs[kind.name])]
    texts = (
        text.rstrip(".")
        for kind in kinds
        for said in (kind.lacking, kind.lacking_years)
        if said is not None
        for text in said(edition, missing, lambda role: catalogue()[edition.sources[role]])
    )
    beside = (
        text.rstrip(".")
        for said in (lacking_indicators, lacking_earlier, lacking_names)
        for text in said(edition, missing)
    )
    return [*(["all places"] if places else []), *told, *texts, *beside]


def _way(edition: Edition, kind: Kind) -> tuple[str, ...]:
    """Return the roles by which a kind's values are carried, where they are of another census."""
    records = [catalogue()[edition.sources[role]] for role in kind.needs]
    census = {record.vintage for record in records if record.geography in SMALL_AREAS}
    return WAY if census - {None, edition.vintage} else ()


def units_counted() -> set[str]:
    """Name what the kinds count: households, deaths."""
    return {
        kind.columns[end]["unit"]
        for kind in KINDS.values()
        if kind.counts is not None
        for end in (kind.counts.over, kind.counts.under)
    }


def with_years(edition: Edition) -> Layer | None:
    """Return the layer of an edition whose districts are known over the years, if any."""
    return next((layer for layer in edition.layers if kind_of(layer).over_years), None)


def with_limits(edition: Edition) -> Layer | None:
    """Return the layer of an edition that sets what happened against what was expected, if any.

    Its counts have limits of chance: it is the one whose rates of larger areas can be told apart.
    """
    for layer in edition.layers:
        counts = kind_of(layer).counts
        if counts is not None and counts.limits is not None:
            return layer
    return None
