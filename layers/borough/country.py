"""An edition as a whole: what all its boroughs share, opened once in a process and handed down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import pandas as pd

from boundaries.ground import Ground
from geo.files.store import Store
from geo.sources import Source
from layers.borough.bridge_report import BridgeReport, bridge_report
from layers.borough.reproduce import reproduced
from layers.change.change import EditionChange, change_of
from layers.change.earlier import earlier_sources
from layers.files import Files
from layers.findings.behind import pooled_indicators
from layers.findings.fingerprint import mean_percentiles
from layers.findings.joined import every_member
from layers.findings.names import names_of
from layers.findings.own_names import OwnNames
from layers.findings.pockets import Choice
from layers.findings.reach import outside_pockets, reach_of_all
from layers.findings.whole_edition import Findings, findings
from layers.former import lacking_earlier
from layers.indicators import BEHIND, indicators, lacking_indicators, roles_behind
from layers.kinds.kind import Kind
from layers.kinds.reading import OVER_YEARS, OverYears
from layers.kinds.registry import kind_of, with_years
from layers.layer import Edition, Layer
from layers.table import underlying
from layers.table.dictionary import EARLIER_EDITIONS
from layers.table.neighbourhoods import Tables, tables
from layers.table.summaries import counts_of, own_values, people_of_all, scales_of, values_of
from layers.wards import WARDS, lacking_names, ward_names, ward_sources

GROUND_ROLES = {
    "boundaries": "lsoa",
    "msoa": "msoa",
    "districts": "districts",
    "names": "names",
    "postcodes": "postcodes",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Country:
    """What is known of an edition, each part read or worked out when it is first asked for.

    ``choice`` is how pockets are found: findings, and how sure they are, follow from it.
    ``own_names`` are what boroughs call pockets themselves, where there is a file of it. A country
    that is sent to another process arrives there as the one which that process has open (see
    `opened`).
    """

    files: Files
    choice: Choice = field(default_factory=Choice)
    own_names: OwnNames | None = None

    def __reduce__(self) -> tuple[Callable[..., Country], tuple[Files, Choice, OwnNames | None]]:
        """Return what another process is to open."""
        return opened, (self.files, self.choice, self.own_names)

    @property
    def edition(self) -> Edition:
        """Return the edition of the files."""
        return self.files.edition

    @cached_property
    def ground(self) -> Ground:
        """Return the areas, outlines, neighbours and postcodes of the edition."""
        return Ground(self.files)

    @cached_property
    def tables(self) -> Tables:
        """Return the tables of all neighbourhoods and districts."""
        return tables(self.files, self.ground)

    @cached_property
    def findings(self) -> Findings:
        """Return what was found in the tables, pockets by the choice among it."""
        return findings(self.tables, self.ground, self.choice)

    @cached_property
    def pocket_names(self) -> pd.Series:
        """Return the names of all pockets by id, a borough's own ones among them.

        Raises ``InputError`` where one of these is for no pocket, or is another's (`OwnNames`).
        """
        lsoa = self.findings.lsoa

        def make() -> pd.DataFrame:
            return names_of(lsoa, ward_names(self.files)).to_frame()

        store = Store(self.files.cache / "findings")
        of = (self.tables.key, self.choice.settings())
        made = store.frame("pocket-names", *of, make=make)["name"]
        return made if self.own_names is None else self.own_names.over(made)

    @cached_property
    def joined_members(self) -> pd.DataFrame:
        """Return every pocket of the edition that touches one across its borough's line."""
        return every_member(self.tables, self.ground, self.findings, self.pocket_names)

    @cached_property
    def change(self) -> EditionChange | None:
        """Return how the edition stands to those before it; None where it names none."""
        return change_of(self.files, self.ground, self.tables, self.findings)

    @cached_property
    def england(self) -> Mapping[str, float]:
        """Return England's own value of each layer, by layer id."""
        return values_of(self.edition, self.tables.lsoa, self.tables.counted)

    @cached_property
    def people(self) -> Mapping[str, float]:
        """Return how many people there are in all of England, by column.

        All and by age, those whom shares of people are, and of these who live outside every pocket.
        """
        counted = people_of_all(self.edition, self.tables.lsoa, self.tables.msoa)
        return {**counted, **outside_pockets(self.edition, self.findings.lsoa)}

    @cached_property
    def percentiles(self) -> Mapping[str, float]:
        """Return the mean percentiles of England's own small areas on the domains, by column."""
        lsoa, whole = self.tables.lsoa, self.edition.whole
        everywhere = pd.Series(whole, lsoa.index)
        row = mean_percentiles(self.edition, lsoa, everywhere, self.counts).iloc[0]
        return {str(name): float(row[name]) for name in row.index}

    @cached_property
    def reach(self) -> pd.DataFrame:
        """Return whom any cut-off on overall deprivation would reach in all of England."""
        return reach_of_all(self.edition, self.tables.lsoa, self.counts[self.edition.overall])

    @cached_property
    def scales(self) -> Mapping[str, tuple[float, float]]:
        """Return mean and standard deviation over all MSOAs, by layer id."""
        return scales_of(self.edition, self.tables.msoa)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return how many areas are ranked on each layer, by layer id."""
        return counts_of(self.edition, self.tables.lsoa, self.tables.msoa)

    @cached_property
    def msoa_counts(self) -> Mapping[str, int]:
        """Return how many MSOAs are ranked on each layer, by layer id."""
        msoa = self.tables.msoa
        return {layer.id: int(own_values(layer, msoa).count()) for layer in self.edition.layers}

    @cached_property
    def pocket_counts(self) -> Mapping[str, int]:
        """Return how many pockets are ranked on each layer, by layer id."""
        pockets = self.findings.pockets
        return {layer.id: int(pockets[layer.value].count()) for layer in self.edition.layers}

    @cached_property
    def district_counts(self) -> Mapping[str, int]:
        """Return how many districts are ranked on each layer, by layer id."""
        districts = self.tables.districts
        return {layer.id: int(districts[layer.value].count()) for layer in self.edition.layers}

    @cached_property
    def fuel_series(self) -> OverYears:
        """Return fuel poverty of all districts by year, and the checks made of it; or nothing."""
        kind = self._kind_with_years
        read = None if kind is None else kind.over_years
        nothing = OverYears(pd.DataFrame(columns=["lad_code"]), pd.DataFrame())
        return nothing if read is None else read(self.files, self.ground)

    @cached_property
    def underlying(self) -> underlying.Underlying:
        """Return the indicators behind the Indices in all small areas, and the checks made."""
        return underlying.underlying(self.files, self.ground.lookup["lad_code"])

    @cached_property
    def behind(self) -> pd.DataFrame:
        """Return the indicators of all MSOAs, districts and England (`Borough.behind`)."""
        small, lookup = self.underlying.small, self.ground.lookup
        if small.empty:
            return small
        whole = pd.Series(self.edition.whole, index=lookup.index)
        known, groupings = (
            indicators(self.edition),
            (lookup["msoa_code"], lookup["lad_code"], whole),
        )
        return pd.concat([pooled_indicators(known, small, places) for places in groupings])

    @cached_property
    def lacking_behind(self) -> tuple[str, ...]:
        """Return what the indicators behind the Indices are without, in sentences."""
        return tuple(lacking_indicators(self.edition, self.absent))

    @cached_property
    def lacking_change(self) -> tuple[str, ...]:
        """Return what the comparison with the editions before is without, in sentences."""
        return tuple(lacking_earlier(self.edition, self.absent))

    @cached_property
    def lacking_names(self) -> tuple[str, ...]:
        """Return what the names of pockets are without, in sentences."""
        return tuple(lacking_names(self.edition, self.absent))

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """Return the optional roles that all of this is made without."""
        return self.files.absent()

    @cached_property
    def lacking(self) -> Mapping[str, tuple[str, ...]]:
        """Return what is not as it could be without those roles, in sentences by layer id."""
        told = {layer.id: kind_of(layer).lacking for layer in self.edition.layers}
        return {
            layer_id: tuple(lacking(self.edition, self.absent, self.files.source))
            for layer_id, lacking in told.items()
            if lacking is not None
        }

    @cached_property
    def lacking_years(self) -> tuple[str, ...]:
        """Return what values of other years are without, in sentences."""
        kind = self._kind_with_years
        lacking = None if kind is None else kind.lacking_years
        return (
            () if lacking is None else tuple(lacking(self.edition, self.absent, self.files.source))
        )

    @cached_property
    def bridge(self) -> BridgeReport | None:
        """Return what was carried from areas of another census; None where nothing was."""
        return bridge_report(self.files, self.ground, self.tables)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Return published figures beside ours; none for an edition that they are not of."""
        return reproduced(self.files, self.tables, self.ground)

    @cached_property
    def sources(self) -> Mapping[str, tuple[Source, ...]]:
        """Return the sources that were used, by layer id and by role of the ground.

        Those of values of other years stand under `OVER_YEARS`, those of what is behind the Indices
        under `BEHIND`, those of earlier editions under `EARLIER_EDITIONS`, and the lookup of wards
        under `WARDS`, where there are any.
        """
        files, used = self.files, self.tables.used
        layers = {
            layer.id: tuple(files.source(role) for role in _behind(layer, used[layer.kind]))
            for layer in self.edition.layers
        }
        ground = {name: (files.source(role),) for name, role in GROUND_ROLES.items()}
        others = {
            OVER_YEARS: self._sources_of_years,
            BEHIND: self._sources_of_behind,
            EARLIER_EDITIONS: earlier_sources(files),
            WARDS: ward_sources(files),
        }
        return layers | ground | {role: named for role, named in others.items() if named}

    @cached_property
    def _kind_with_years(self) -> Kind | None:
        layer = with_years(self.edition)
        return None if layer is None else kind_of(layer)

    @property
    def _sources_of_behind(self) -> tuple[Source, ...]:
        roles = () if self.underlying.small.empty else roles_behind(self.edition, self.absent)
        return tuple(map(self.files.source, roles))

    @property
    def _sources_of_years(self) -> tuple[Source, ...]:
        kind, series = self._kind_with_years, self.fuel_series.series
        named = None if kind is None else kind.sources_of_years
        if named is None or series.empty:
            return ()
        return tuple(named(self.files, sorted(map(int, series["year"].unique()))))


@lru_cache(maxsize=2)
def opened(files: Files, choice: Choice, own_names: OwnNames | None, /) -> Country:
    """Return the country as this process has it open: the same one for the same of everything.

    The door for work that is sent to a process and for one borough after another from Python; all
    else has its country handed to it.
    """
    return Country(files=files, choice=choice, own_names=own_names)


def _behind(layer: Layer, used: Sequence[str]) -> Sequence[str]:
    """Return the roles of a kind's sources that stand behind one of its layers."""
    own = kind_of(layer).roles_of
    return used if own is None else own(layer, used)
