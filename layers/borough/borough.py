"""One borough, with everything that its maps, pages and files show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from boundaries.names import in_a_sentence
from geo.errors import some
from geo.notebook import card
from geo.sources import Source
from layers.change.change import EditionChange
from layers.findings.joined import Joined, no_joined
from layers.layer import Edition
from layers.table.neighbourhoods import families_in, no_families, with_families


@dataclass(frozen=True, kw_only=True)
class Borough:
    """What is known of one borough: the only thing that pages and maps read.

    Frames are indexed by code and sorted; geometry is in EPSG:27700.

    - ``lsoa``, ``msoa``: the borough's rows of the tables, with geometry;
    - ``families``: those of former MSOAs that lie in it, in whole or in part (see
      `layers.table.neighbourhoods.Tables`);
    - ``pockets``: one row a pocket (empty, with all columns, where there is none);
    - ``joined``: the joined pockets that hold one of its pockets, with all that they hold
      (`layers.findings.joined.Joined`);
    - ``surroundings``: other districts nearby, for context (lad_name, geometry);
    - ``england``: England's own value of each layer, by layer id;
    - ``people``: how many people there are in all of England, by column (all, by age, counted in
      shares, outside every pocket);
    - ``percentiles``: mean percentiles of all England's small areas on the domains, by column
      (`layers.findings.fingerprint.mean_percentiles`);
    - ``reach``: whom any cut-off would reach in all of England
      (`layers.findings.reach.reach_of_all`), or empty;
    - ``scales``: mean and standard deviation over all MSOAs of the edition, by layer id;
    - ``counts``: how many areas are ranked in England on each layer, by layer id;
    - ``msoa_counts``: how many MSOAs are, whatever the layer is native to;
    - ``pocket_counts``: how many pockets are;
    - ``district``: the borough's row of the districts table;
    - ``district_counts``: how many districts are ranked on each layer, by layer id;
    - ``postcodes``: LSOA code by postcode;
    - ``sources``: the sources used, by layer id and by role of the ground; those of
      ``fuel_series`` under `OVER_YEARS`;
    - ``notes``: sentences to show with a layer, by layer id;
    - ``lacking``: sentences on what files that were not at hand are missed for, by layer id;
    - ``lacking_years``: the same of ``fuel_series``;
    - ``gradients``, ``gradient_parts``: how layers run with deprivation (see
      `layers.findings.gradients.Gradients`);
    - ``moran``, ``chance``: how clustered layers are, and how their overlap compares with chance;
    - ``fuel_series``: fuel poverty by year, of the borough and (lad_code "") of England, or empty;
    - ``behind``: indicators and sub-domains of the Indices, as `layers.findings.behind` pools them,
      of all small areas, neighbourhoods and pockets by code, of the borough by its own, and of
      England by what the edition calls it (`Edition.whole`); empty where files have none;
    - ``lacking_behind``: what these are without, in sentences;
    - ``change``: how it stands to the editions before, or None where the edition names none;
    - ``lacking_change``: what this is without, in sentences;
    - ``lacking_names``: what the names of pockets are without, in sentences;
    - ``settings``: the parameters behind the results, to print with them.
    """

    code: str
    name: str
    place: str
    edition: Edition
    lsoa: gpd.GeoDataFrame
    msoa: gpd.GeoDataFrame
    pockets: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    england: Mapping[str, float]
    people: Mapping[str, float]
    scales: Mapping[str, tuple[float, float]]
    counts: Mapping[str, int]
    district: pd.Series
    district_counts: Mapping[str, int]
    postcodes: pd.Series
    sources: Mapping[str, tuple[Source, ...]]
    notes: Mapping[str, tuple[str, ...]]
    gradients: pd.DataFrame
    gradient_parts: pd.DataFrame
    moran: pd.DataFrame
    chance: pd.DataFrame
    settings: Mapping[str, object]
    percentiles: Mapping[str, float] = field(default_factory=dict)
    fuel_series: pd.DataFrame = field(default_factory=pd.DataFrame)
    reach: pd.DataFrame = field(default_factory=pd.DataFrame)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking_years: tuple[str, ...] = ()
    behind: pd.DataFrame = field(default_factory=pd.DataFrame)
    lacking_behind: tuple[str, ...] = ()
    lacking_change: tuple[str, ...] = ()
    lacking_names: tuple[str, ...] = ()
    msoa_counts: Mapping[str, int] = field(default_factory=dict)
    pocket_counts: Mapping[str, int] = field(default_factory=dict)
    families: pd.DataFrame = field(default_factory=no_families)
    change: EditionChange | None = None
    joined: Joined = field(default_factory=no_joined)

    @property
    def counted(self) -> pd.DataFrame:
        """Return the rows whose counts add up: the MSOAs, and the families that lie in it whole."""
        whole = families_in(self.families, set(self.lsoa["lad_code"]), whole=True)
        return with_families(pd.DataFrame(self.msoa), whole)

    @property
    def called(self) -> str:
        """The name as it stands within a sentence ("the Isle of Wight")."""
        return in_a_sentence(self.name)

    def _repr_html_(self) -> str:
        pockets = self.pockets.sort_values("population", ascending=False)
        told = {
            "Code": self.code,
            "Edition": self.edition.title,
            "Neighbourhoods": f"{len(self.lsoa):,}",
            "People": f"{int(self.lsoa['population'].sum()):,}",
            "Pockets": f"{len(pockets):,}",
            "Largest in people": some(pockets["name"]),
        }
        return card(self.name, told)
