"""The neighbourhood table: every layer of an edition joined to every LSOA, MSOA and district.

The tables are built for the whole edition (all of England) once and kept, so that ranks in England
never depend on which area is built; a borough is a selection of rows. Values of MSOAs are carried
down to LSOAs for display, with the ranks they have among MSOAs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from boundaries.districts import district_check
from boundaries.ground import LEVELS, Ground, Level
from boundaries.ground_checks import ground_checks
from geo.checks import Check
from geo.errors import some
from geo.files.cache import key_of
from geo.files.store import Store
from geo.join import JoinReport, join_values
from geo.space.apportion import places_of_family
from geo.space.families import Families
from geo.stats.rank import FEWEST_RANKED, fifths, rank_of_ranks, rank_worst_first
from layers.files import Files
from layers.former import former_of
from layers.kinds.carrying import read_kind
from layers.kinds.reading import LayerValues
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer, Native
from layers.table.summaries import denominators, own_values, pooled, with_people_counted
from layers.table.underlying import published_counts
from layers.wards import wards_checks

KEPT_TABLES = ("lsoa", "msoa", "families", "districts", "joins", "checks")
FAMILY_COLUMNS = ("lad_code", "places", "link")


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The tables of an edition, each indexed by ``area_code`` and sorted.

    ``families`` holds the counts of families of former MSOAs that are divided among several: the
    areas of ``msoa`` that are such parts have none. ``places`` are the districts that a family lies
    in, ``lad_code`` the only one or missing, ``link`` its kind. Empty where nothing was carried.
    ``joins`` and ``checks`` are the report of what was matched and compared; ``used`` names, for
    each kind of layer, the roles of the sources that its values came from; ``notes`` what to say of
    them.
    """

    edition: Edition
    lsoa: pd.DataFrame
    msoa: pd.DataFrame
    families: pd.DataFrame
    districts: pd.DataFrame
    joins: pd.DataFrame
    checks: pd.DataFrame
    used: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, tuple[str, ...]]
    key: str

    @property
    def counted(self) -> pd.DataFrame:
        """Return the rows whose counts add up: those of the MSOAs, and of families beside them."""
        return with_families(self.msoa, self.families)


def tables(files: Files, ground: Ground) -> Tables:
    """Return the tables of an edition: from the cache when the same files were joined before."""
    key = _key(files)

    def make(folder: Path) -> None:
        _write(build_tables(files, ground), folder)

    return _load(files.edition, Store(files.cache / "tables").file("tables", key, make=make), key)


def _key(files: Files) -> str:
    """Return a key of all that the tables are made of: the edition, the files, their records."""
    hashes = files.hashes()
    records = {role: asdict(files.source(role)) for role in hashes}
    return key_of(asdict(files.edition), hashes, records)


def build_tables(files: Files, ground: Ground) -> Tables:
    """Read every layer of an edition and join them; the slow way that `tables` keeps."""
    edition = files.edition
    firsts = {layer.kind: layer for layer in reversed(edition.layers)}
    read = {kind: read_kind(kind_of(firsts[kind]), files, ground) for kind in _kinds(edition)}
    places = {level: _places(ground, level) for level in LEVELS}
    joins: list[JoinReport] = []
    for kind, values in read.items():
        level: Level = "lsoa" if firsts[kind].geography == "LSOA" else "msoa"
        places[level], report = join_values(places[level], values.values, name=kind)
        joins.append(report)
    published = published_counts(files, ground.lookup["lad_code"])
    counted = with_people_counted(edition, places["lsoa"], "LSOA", published)
    lsoa, msoa = _ranked_tables(edition, counted, places["msoa"])
    families = _families(files, ground, read.values())
    checks = [check for values in read.values() for check in values.checks]
    checks += ground_checks(ground)
    checks += [
        district_check(ground.lookup, values.districts, title=files.source(values.used[0]).title)
        for values in read.values()
        if values.districts is not None
    ]
    checks += wards_checks(files, ground)
    regions = next(
        (values.regions for values in read.values() if values.regions is not None),
        pd.Series(dtype="str"),
    )
    return Tables(
        edition=edition,
        lsoa=lsoa,
        msoa=msoa,
        families=families,
        districts=_districts(edition, lsoa, with_families(msoa, families), regions),
        joins=pd.DataFrame([report.row() for report in joins]),
        checks=pd.DataFrame([asdict(check) for check in [*checks, *_counts(edition, lsoa, msoa)]]),
        used={kind: values.used for kind, values in read.items()},
        notes={kind: values.notes for kind, values in read.items()},
        key=_key(files),
    )


def no_families() -> pd.DataFrame:
    """Return the table of families of an edition of which nothing was carried."""
    return pd.DataFrame(columns=list(FAMILY_COLUMNS), dtype="str").rename_axis("area_code")


def families_in(
    families: pd.DataFrame, districts: Set[str], *, whole: bool = False
) -> pd.DataFrame:
    """Return the families that lie in some districts: any part of them, or only all of them."""
    lying = [set(str(places).split()) for places in families["places"]]
    found = [places <= districts if whole else not districts.isdisjoint(places) for places in lying]
    return families.loc[pd.Series(found, families.index, dtype="bool")]


def with_families(msoa: pd.DataFrame, families: pd.DataFrame) -> pd.DataFrame:
    """Lay families under MSOAs, so that their counts are added up with those of the others.

    A family is named after a former area, and has the same code as none of the edition's.
    """
    return msoa if families.empty else pd.concat([msoa, families.drop(columns="link")])


def carried_down(edition: Edition, columns: pd.Index) -> list[str]:
    """Name the columns of an MSOA table that belong to layers native to MSOAs."""
    native = [layer for layer in edition.layers if layer.geography == "MSOA"]
    return [column for column in columns if any(layer.owns(column) for layer in native)]


def below(
    edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame, home: pd.Series
) -> pd.DataFrame:
    """Carry the layers native to MSOAs down to the LSOAs, for display.

    ``home`` holds the district of each MSOA. What a layer has in the frame of the borough is left
    out for an LSOA that lies in another district than its MSOA is counted in.
    """
    own = msoa[carried_down(edition, msoa.columns)]
    found = own.reindex(lsoa["msoa_code"]).set_axis(lsoa.index)
    elsewhere = lsoa["msoa_code"].map(home) != lsoa["lad_code"]
    framed_there = [column for column in own.columns if _of_borough(edition, column)]
    found[framed_there] = found[framed_there].mask(elsewhere)
    return found


def _of_borough(edition: Edition, column: str) -> bool:
    """Say whether a layer's column is in the frame of the borough, by the end of its name."""
    owners = [layer for layer in edition.layers if layer.owns(column)]
    return any("borough" in layer.ending(column).split("_") for layer in owners)


def framed(layer: Layer, table: pd.DataFrame, *, official: bool) -> pd.DataFrame:
    """Return a layer's ranks and fifths in both frames: England and the area's own borough.

    With ``official`` the publisher's rank is the rank in England and orders the borough too;
    otherwise areas are ranked on the unrounded value, or on what the layer's record says. A
    borough with fewer than `FEWEST_RANKED` areas that have a value has no ranks and no fifths.
    """
    rank = table[layer.rank] if official and layer.rank else _in_order(layer, table)
    borough = rank_of_ranks(rank, table["lad_code"], fewest=FEWEST_RANKED)
    columns = {} if official and layer.rank else {layer.own_rank("england"): rank}
    columns[layer.quintile_column("england")] = fifths(rank)
    columns[layer.rank_column("borough")] = borough
    columns[layer.quintile_column("borough")] = fifths(borough, by=table["lad_code"])
    return pd.DataFrame(columns)


def _in_order(layer: Layer, table: pd.DataFrame) -> pd.Series:
    return rank_worst_first(table[layer.ranking].where(own_values(layer, table).notna()))


def _kinds(edition: Edition) -> list[str]:
    return list(dict.fromkeys(layer.kind for layer in edition.layers))


def _places(ground: Ground, level: Level) -> pd.DataFrame:
    """Return the areas of the lookup with their centroids; both sides must hold the same codes."""
    named = ground.lookup if level == "lsoa" else ground.msoas()
    centroids = pd.DataFrame(ground.areas(level)[["easting", "northing"]])
    places, _ = join_values(named, centroids, name=f"{level} boundaries")
    return places


def _families(files: Files, ground: Ground, read: Iterable[LayerValues]) -> pd.DataFrame:
    """Gather the families whose counts stand beside the MSOAs (see `placed_families`)."""
    counts = [values.families for values in read if values.families is not None]
    if not counts:
        return no_families()
    return placed_families(counts, former_of(files, ground).msoa, ground.msoas()["lad_code"])


def placed_families(
    counts: Sequence[pd.DataFrame], families: Families, home: pd.Series
) -> pd.DataFrame:
    """Lay counts of families side by side, with the districts that each family lies in.

    ``home`` holds the district of each MSOA of the
    edition. The result has `FAMILY_COLUMNS` (see `Tables`) and the counts.
    """
    lying = places_of_family(families, home).groupby("family")["place"]
    places = lying.agg(" ".join)
    sums = pd.concat(list(counts), axis="columns")
    table = pd.DataFrame(
        {
            "lad_code": places.where(lying.size() == 1),
            "places": places,
            "link": families.kinds,
        }
    )
    return table.loc[sums.index].join(sums).sort_index().rename_axis("area_code")


def _ranked_tables(
    edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    by = lsoa["msoa_code"]
    means = pooled(edition, lsoa, by, "LSOA")
    sizes = denominators(lsoa, by).assign(lsoa_count=by.value_counts())
    msoa = with_people_counted(edition, msoa.join(sizes).join(means), "MSOA")
    native = {layer.id for layer in edition.layers if layer.geography == "MSOA"}
    msoa = pd.concat(
        [msoa, *(framed(layer, msoa, official=False) for layer in edition.layers)], axis="columns"
    )
    own = [layer for layer in edition.layers if layer.id not in native]
    lsoa = pd.concat([lsoa, *(framed(layer, lsoa, official=True) for layer in own)], axis="columns")
    carried = below(edition, lsoa, msoa, msoa["lad_code"])
    return lsoa.join(carried).rename_axis("area_code"), msoa.rename_axis("area_code")


def _districts(
    edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame, regions: pd.Series
) -> pd.DataFrame:
    """Sum up areas by district; ``msoa`` holds families too, whose counts are added up."""
    by = lsoa["lad_code"]
    table = pd.DataFrame(
        {
            "area_name": lsoa.groupby("lad_code")["lad_name"].first(),
            "region_name": regions.reindex(by.unique()).sort_index(),
            **denominators(lsoa, by),
            "lsoa_count": by.value_counts(),
            "msoa_count": msoa.loc[msoa["area_name"].notna(), "lad_code"].value_counts(),
        }
    )
    parts = [*_of_districts(edition, lsoa, "LSOA"), *_of_districts(edition, msoa, "MSOA")]
    table = pd.concat([table, *parts], axis="columns")
    ranks = {layer.own_rank("england"): _in_order(layer, table) for layer in edition.layers}
    return table.assign(**ranks).rename_axis("area_code").sort_index()


def _of_districts(edition: Edition, areas: pd.DataFrame, native: Native) -> Iterator[pd.DataFrame]:
    """Yield what layers amount to in districts, and what their kinds work out beside it."""
    by = areas["lad_code"]
    yield pooled(edition, areas, by, native)
    for layer in edition.layers:
        more = kind_of(layer).of_districts
        if layer.geography == native and more is not None:
            yield more(layer, areas, by)


def _counts(edition: Edition, lsoa: pd.DataFrame, msoa: pd.DataFrame) -> list[Check]:
    missing = {
        layer.short: int((lsoa if layer.geography == "LSOA" else msoa)[layer.value].isna().sum())
        for layer in edition.layers
    }
    empty = [f"{name}: {count:,}" for name, count in missing.items() if count]
    return [
        Check(
            name="Areas without a value",
            expected="none, or shown as “no data”",
            found=some(empty) or "none",
            ok=None,
        )
    ]


def _write(tables: Tables, folder: Path) -> None:
    folder.mkdir()
    for name in KEPT_TABLES:
        getattr(tables, name).to_parquet(folder / f"{name}.parquet")
    words = {"used": dict(tables.used), "notes": dict(tables.notes)}
    (folder / "words.json").write_text(json.dumps(words, sort_keys=True), encoding="utf-8")


def _load(edition: Edition, folder: Path, key: str) -> Tables:
    frames: dict[str, Any] = {
        name: pd.read_parquet(folder / f"{name}.parquet") for name in KEPT_TABLES
    }
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    spoken: dict[str, Any] = {
        name: {kind: tuple(entries) for kind, entries in words[name].items()} for name in words
    }
    return Tables(edition=edition, key=key, **spoken, **frames)
