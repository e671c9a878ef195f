"""What the bridge between two censuses did for an edition: links, estimates, what was conserved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from boundaries.ground import Ground
from geo.space.apportion import bridge_counts
from geo.space.conservation import Conservation, conserve
from geo.space.families import Families
from layers.files import Files
from layers.former import FormerAreas, former_of
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer
from layers.table.neighbourhoods import Tables


@dataclass(frozen=True, kw_only=True)
class BridgeReport:
    """What was carried from the areas of one census to those of another.

    ``links`` has a row a letter, of LSOAs and MSOAs: ``lsoa_links``, ``lsoa_families``,
    ``msoa_links``, ``msoa_families``. ``carried`` has a row a carried layer (by id): ``areas``,
    and how many are ``unchanged``, ``parts``, ``merged`` and have an ``estimated`` value, with the
    share of the people who live there (``people_pct``). ``people`` are those of the former LSOAs,
    carried as any count would be, by family, district and in all. ``counts`` has a row a layer
    that is made of counts, by id: how much is counted in MSOAs (``own``), in ``families`` that are
    divided, in ``districts`` and in ``all``. ``across`` are the families of MSOAs
    that lie in several districts, with the names of these in ``places`` and a column a layer.
    ``districts`` counts, by code, the links of a district's LSOAs by letter. ``names`` are those of
    districts.
    """

    vintage: int
    year: int
    links: pd.DataFrame
    carried: pd.DataFrame
    people: Conservation
    counts: pd.DataFrame
    across: pd.DataFrame
    districts: pd.DataFrame
    names: Mapping[str, str]


def bridge_report(files: Files, ground: Ground, tables: Tables) -> BridgeReport | None:
    """Report what was carried into the tables of an edition; None where nothing was."""
    edition = files.edition
    layers = [layer for layer in edition.layers if layer.link in _native(layer, tables)]
    if not layers:
        return None
    former = former_of(files, ground)
    names = {str(code): str(name) for code, name in ground.districts.items()}
    return BridgeReport(
        vintage=former.vintage,
        year=int(edition.parameters["former"]["population_year"]),
        links=links_of(former.lsoa, former.msoa),
        carried=pd.DataFrame(
            {layer.id: carried_of(layer, _native(layer, tables)) for layer in layers}
        ).T,
        people=_people(former, tables),
        counts=_counts(edition, tables),
        across=_across(edition, tables, names),
        districts=links_by_place(former.lsoa, tables.lsoa["lad_code"]),
        names=names,
    )


def links_of(lsoa: Families, msoa: Families) -> pd.DataFrame:
    """Count links and families of both levels by letter, U first."""
    counts = {
        f"{level}_{what}": found.value_counts()
        for level, families in {"lsoa": lsoa, "msoa": msoa}.items()
        for what, found in {"links": families.links["link"], "families": families.kinds}.items()
    }
    return pd.DataFrame(counts, index=pd.Index(list("USMX"), name="link")).fillna(0).astype("int64")


def links_by_place(families: Families, places: pd.Series) -> pd.DataFrame:
    """Count the links of each place's new areas by letter: a row a place, a column a letter."""
    links = families.links
    found = pd.crosstab(links["new"].map(places), links["link"])
    return found.reindex(columns=list("USMX"), fill_value=0).rename_axis(
        index="place", columns=None
    )


def carried_of(layer: Layer, areas: pd.DataFrame) -> dict[str, float]:
    """Count the areas that a layer was carried to by what became of them, and what is estimated."""
    known = areas[areas[layer.value].notna()]
    links = known[layer.link]
    estimated = known[layer.estimated].eq(True)
    people = known["population"]
    return {
        "areas": len(known),
        "unchanged": int((links == "U").sum()),
        "parts": int(links.isin(["S", "X"]).sum()),
        "merged": int((links == "M").sum()),
        "estimated": int(estimated.sum()),
        "people_pct": float(100 * people[estimated].sum() / people.sum()),
    }


def _native(layer: Layer, tables: Tables) -> pd.DataFrame:
    return tables.lsoa if layer.geography == "LSOA" else tables.msoa


def _people(former: FormerAreas, tables: Tables) -> Conservation:
    """Carry the people of the former areas by those of today's, and compare the two."""
    lsoa, people = tables.lsoa, former.people
    after = bridge_counts(former.lsoa, people.to_frame("people"), lsoa["population"])["people"]
    return conserve(
        former.lsoa,
        people,
        after,
        places_before=former.districts,
        places_after=lsoa["lad_code"],
    )


def _counted(edition: Edition, tables: Tables) -> Iterator[tuple[Layer, str]]:
    """Yield the layers whose counts are summed on families, with the column that is counted."""
    for layer in edition.layers:
        counts = kind_of(layer).counts
        if counts is not None and counts.columns(layer)[0] in tables.families:
            yield layer, counts.columns(layer)[0]


def _counts(edition: Edition, tables: Tables) -> pd.DataFrame:
    rows = {
        layer.id: {
            "own": tables.msoa[column].sum(),
            "families": tables.families[column].sum(),
            "districts": tables.districts[column].sum(),
            "all": tables.counted[column].sum(),
        }
        for layer, column in _counted(edition, tables)
    }
    return pd.DataFrame(rows).T


def _across(edition: Edition, tables: Tables, names: Mapping[str, str]) -> pd.DataFrame:
    across = tables.families[tables.families["lad_code"].isna()]
    places = [" and ".join(names[code] for code in row.split()) for row in across["places"]]
    counts = {layer.id: across[column] for layer, column in _counted(edition, tables)}
    return pd.DataFrame({"places": places, **counts}, index=across.index)
