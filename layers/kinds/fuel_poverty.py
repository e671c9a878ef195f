"""Households in fuel poverty, by LSOA.

Caveats. Two measures exist: Low Income High Costs (LIHC) to data year 2018 and Low Income Low
Energy Efficiency (LILEE) from 2019; they are two series, never one line. LSOA values are modelled
from a national survey: they show patterns, they are not counts of a census, and the publisher warns
against reading a trend, or a difference between similar LSOAs, from them. Change is shown for
boroughs and above only.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from boundaries.ground import Ground
from geo.sources import Source
from geo.tables.read import read_table
from layers.files import Files
from layers.kinds.fuel_series import fuel_series, lacking_years, sources_of_years
from layers.kinds.fuel_workbook import COUNTS, NAME, district_checks
from layers.kinds.kind import Counts, Kind
from layers.kinds.published import Evidence, Published
from layers.kinds.reading import LayerValues
from layers.layer import Edition, Layer


def layer_of(edition: Edition) -> Layer:
    """Return the fuel poverty layer of an edition."""
    (layer,) = edition.of_kind(NAME)
    return layer


def of_files(files: Files, _: Ground) -> LayerValues:
    """Read fuel poverty from an edition's files (see `read`)."""
    return read(files.edition, files.source(NAME), files.path(NAME))


def read(edition: Edition, source: Source, path: Path) -> LayerValues:
    """Read fuel poverty for every LSOA, and the workbook's own table of districts beside it."""
    return build(
        edition,
        read_table(path, source, "lsoa"),
        read_table(path, source, "district"),
        source.title,
    )


def build(
    edition: Edition, by_lsoa: pd.DataFrame, by_district: pd.DataFrame, title: str
) -> LayerValues:
    """Work out the share of households in fuel poverty (%), unrounded, and check it.

    Columns ``{id}_households``, ``{id}_fuel_poor`` (counts) and ``{id}_pct``; no share where there
    are no households. ``regions`` holds the region that the workbook puts each district in,
    ``districts`` the district that it puts each LSOA in.
    """
    layer = layer_of(edition)
    households = by_lsoa["households"].astype("float64")
    values = pd.DataFrame(
        {
            layer.column("households"): households,
            layer.column("fuel_poor"): by_lsoa["fuel_poor"].astype("float64"),
            layer.value: 100 * by_lsoa["fuel_poor"] / households.where(households > 0),
        }
    )
    regions = by_lsoa.drop_duplicates("lad_code").set_index("lad_code")["region"].sort_index()
    return LayerValues(
        values=values,
        used=(NAME,),
        checks=tuple(district_checks(by_lsoa, by_district, title=title)),
        regions=regions,
        districts=by_lsoa["lad_code"],
    )


def published_figures(evidence: Evidence) -> list[str]:
    """Return England's share, and the borough of the published region with the highest."""
    (layer,) = evidence.files.edition.of_kind(NAME)
    fuel_poor, households = (evidence.lsoa[name].sum() for name in _COUNTED.columns(layer))
    inside = evidence.districts.loc[evidence.region]
    highest = inside["area_name"].iloc[int(inside[layer.value].argmax())]
    return [f"{_COUNTED.scale * fuel_poor / households:.1f}%", str(highest)]


_COUNTED = Counts(over="fuel_poor", under="households", scale=100)
PUBLISHED_SHARES = tuple(
    Published(
        edition=edition,
        source=f"{source}, Table 2",
        figures={
            f"Households in fuel poverty, England, {year} data": england,
            f"Highest fuel poverty of the nine boroughs, {year} data": "Liverpool",
        },
        ours=published_figures,
    )
    for edition, source, year, england in (
        ("2019", "BEIS, Sub-regional fuel poverty data 2022 (2020 data)", 2020, "13.2%"),
        ("2025", "DESNZ, Sub-regional fuel poverty data 2025 (2023 data)", 2023, "11.4%"),
    )
)
KIND = Kind(
    name=NAME,
    title="Fuel poverty",
    anchor="fuel",
    brief="Households in fuel poverty as a share of all households. Values of LSOAs are modelled:"
    " they are read in fifths, one year at a time.",
    methods=(
        "Households in fuel poverty / households. The measure was Low Income High Costs (LIHC) to"
        " 2018 and has been Low Income Low Energy Efficiency (LILEE) since: two series, never one"
        " line. Small areas are mapped for one year; change is shown for boroughs and above only.",
    ),
    read=of_files,
    needs=(NAME,),
    counts=_COUNTED,
    regions=True,
    whole=COUNTS,
    over_years=fuel_series,
    sources_of_years=sources_of_years,
    lacking_years=lacking_years,
    published=PUBLISHED_SHARES,
    made="Households in fuel poverty / households × 100; larger areas from the sums of both",
    columns={
        "households": {
            "title": "{short}: all households",
            "unit": "households",
            "made": "As published; summed for larger areas",
        },
        "fuel_poor": {
            "title": "{short}: households in fuel poverty",
            "unit": "households",
            "direction": "high is worse",
            "made": "As published; summed for larger areas",
        },
    },
)
