"""Values of a kind on an edition's own areas: as they were read, or carried from another census's.

Which is so is said by the vintage in the record of the source that was read, not by the edition.
Means are carried family by family; ratios of counts are worked out of each family's sums. Where an
area has but a part of its family's ground it shows the former area's ratio and has no counts, so
that deaths are never divided: sums over larger places are those of families.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from boundaries.ground import Ground
from geo.errors import InputError
from geo.space.apportion import DIVIDED, bridge_means, family_sums
from geo.stats.family_ratios import bridge_ratios
from geo.stats.standardise import estimate_prior
from layers.files import Files
from layers.former import CARRIED, FORMER_MSOA, FormerAreas, former_of, vintage_of
from layers.kinds.kind import Counts, Kind
from layers.kinds.reading import LayerValues
from layers.layer import Edition, Layer


def read_kind(kind: Kind, files: Files, ground: Ground) -> LayerValues:
    """Read the values of a kind on the areas of the edition, carried there where need be.

    Raises ``InputError`` for values of another census of a kind that has no way to carry them.
    """
    values = kind.read(files, ground)
    vintage = vintage_of(files, values.used)
    if vintage in (None, files.edition.vintage):
        return values
    if kind.carry is None:
        raise InputError(
            f"{kind.title} is of the areas of {vintage}, and of a kind that cannot be carried",
            where=f"edition {files.edition.id}",
            expected=f"a source of the areas of {files.edition.vintage}",
            do="name another source in layers/editions.toml, or write how it is carried",
        )
    carried = kind.carry(files.edition, values, former_of(files, ground))
    return replace(carried, used=(*values.used, *CARRIED))


def carried_means(
    layers: Iterable[Layer], edition: Edition, values: LayerValues, former: FormerAreas
) -> LayerValues:
    """Carry means of LSOAs: copied, and in merged areas weighted by the people of the former ones.

    Each layer has its value, ``{id}_link`` and ``{id}_estimated`` (see `geo.space.apportion`).
    """
    known = list(layers)
    means = values.values[[layer.value for layer in known]]
    found = bridge_means(former.lsoa, means, former.people)
    marks = [_marked(layer, found) for layer in known]
    names = " and ".join(layer.short for layer in known)
    year = edition.parameters["former"]["population_year"]
    note = (
        f"{names} are of the small areas of {former.vintage}: parts of one divided by"
        f" {edition.vintage} show its value, merged ones a mean weighted by people of mid-{year}."
    )
    return replace(
        values,
        values=pd.concat([found[means.columns], *marks], axis="columns"),
        notes=(*values.notes, note),
    )


def carried_ratios(
    layer: Layer, counts: Counts, edition: Edition, values: LayerValues, former: FormerAreas
) -> LayerValues:
    """Carry ratios of MSOAs: the counts of a family are summed, and its ratio follows from them.

    A part of a family's ground shows the ratio and the limits of all of it, and has neither counts
    nor a smoothed ratio, by which it could be ranked or tested. ``families`` of the result are
    those that lie in such parts, with their counts. The smoothed ratio is drawn to the
    prior of all areas that have counts. The table by which MSOAs are known from LSOAs is among the
    roles ``used``.
    """
    observed, expected = (values.values[name] for name in counts.columns(layer))
    sums = family_sums(former.msoa, pd.DataFrame({counts.over: observed, counts.under: expected}))
    divided = former.msoa.kinds.isin(DIVIDED)
    prior = estimate_prior(*(sums.loc[~divided, name] for name in (counts.over, counts.under)))
    found = bridge_ratios(former.msoa, observed, expected, prior=prior)
    found["ratio_smoothed"] = found["ratio_smoothed"].mask(found["estimated"])
    columns = [name for name in values.values if layer.ending(str(name)) in found]
    own = found.rename(columns=layer.column)[columns]
    parts = sums[divided].rename(columns=layer.column)
    note = (
        f"Deaths are of the neighbourhoods of {former.vintage}: parts of one divided by"
        f" {edition.vintage} show its ratio, unranked, and its borough has its deaths."
    )
    return replace(
        values,
        values=pd.concat([own, _marked(layer, found)], axis="columns"),
        used=(*values.used, FORMER_MSOA),
        notes=(*values.notes, note),
        families=parts,
    )


def _marked(layer: Layer, found: pd.DataFrame) -> pd.DataFrame:
    marks = found[["link", "estimated"]]
    return marks.set_axis([layer.link, layer.estimated], axis="columns")
