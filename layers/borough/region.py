"""Several boroughs as one region: what can only be said of all of them together.

Mortality by part of the population, a line through all MSOAs, the overlap of layers by borough,
fuel poverty by borough and year. Pure: frames in, frames out. All of it describes areas; none of it
is a cause or a single person's risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.stats.inequality import AREAS_FOR_SLOPE, gradient
from geo.stats.means import share_in_part, weighted_mean
from geo.stats.standardise import overdispersion, ratio_with_limits
from layers.borough.with_change import change_together
from layers.findings.gradients import gradients_of
from layers.findings.joined import together
from layers.findings.overlap import overlap_columns, reaches
from layers.findings.reach import counted_in_areas, outside_pockets, reach_of
from layers.indicators import indicators, indicators_in
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer
from layers.table.summaries import own_values, summed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

AT_LEAST = 3
"""Of the layers counted together: on how many a neighbourhood must be worst to be listed."""
MOST_OUTLIERS = 5
FAR_OUT = 2.0
"""In standardised residuals: nothing nearer the line than this is called an outlier."""
TOGETHER, WHOLE = "region", ""
"""Columns of `fuel_poverty_by_year` beside the boroughs: the region, and all of the edition."""


def as_one(boroughs: Sequence[Borough]) -> Borough:
    """Return several boroughs as if they were one, so that what is drawn of one can be of all.

    Its name is the build's place; LSOAs, MSOAs, pockets and postcodes are those of all boroughs,
    and gradients are worked out over all. Ranks in the borough stay those in each area's own
    borough. What has no meaning for several (surroundings, tests within a borough) is empty.
    """
    first = boroughs[0]
    lsoa = _stacked([borough.lsoa for borough in boroughs])
    msoa = _stacked([borough.msoa for borough in boroughs])
    families = pd.concat([borough.families for borough in boroughs])
    found = gradients_of(first.edition, lsoa, msoa)
    with_pockets = [borough.pockets for borough in boroughs if len(borough.pockets)]
    return replace(
        first,
        code="",
        name=first.place,
        lsoa=lsoa,
        msoa=msoa,
        families=families[~families.index.duplicated()].sort_index(),
        pockets=_stacked(with_pockets) if with_pockets else first.pockets,
        joined=together([borough.joined for borough in boroughs]),
        surroundings=first.surroundings.iloc[:0],
        district=_summary(first.edition, lsoa),
        postcodes=pd.concat([borough.postcodes for borough in boroughs]).sort_index(),
        gradients=found.indices,
        gradient_parts=found.parts,
        moran=pd.DataFrame(),
        chance=pd.DataFrame(),
        fuel_series=pd.DataFrame(),
        behind=pd.DataFrame(),
        change=change_together(boroughs),
    )


NAMED = ("area_name", "lad_code", "lad_name")
"""The columns that say what a place is called, and in which district it is."""


def districts_table(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Gather the boroughs' rows of the districts table, with the share of people in pockets.

    Indexed by code; one column a summary.
    """
    rows = {borough.code: borough.district for borough in boroughs}
    table = pd.DataFrame.from_dict(rows, orient="index")
    counted = {
        "pockets": pd.Series({borough.code: len(borough.pockets) for borough in boroughs}),
        "people_in_pockets": pd.Series(
            {borough.code: int(borough.pockets["population"].sum()) for borough in boroughs}
        ),
        "population": pd.Series(
            {borough.code: int(borough.lsoa["population"].sum()) for borough in boroughs}
        ),
        "lsoa_count": pd.Series({borough.code: len(borough.lsoa) for borough in boroughs}),
    }
    share = 100 * counted["people_in_pockets"] / counted["population"]
    return table.assign(**counted, people_in_pockets_pct=share)


def reach_by_borough(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return whom any cut-off would reach in each borough: `layers.findings.reach.reach_of`.

    Indexed by ``lad_code``, a row a borough and cut-off, in order; England's own hundredths
    (`layers.findings.reach.reach_of_all`) come last, without a code, where they are known.
    """
    curves = {
        (borough.code, borough.name): reach_of(
            borough.edition, borough.lsoa, borough.counts[borough.edition.overall]
        )
        for borough in sorted(boroughs, key=lambda borough: borough.code)
    }
    known = boroughs[0]
    if len(known.reach):
        curves[WHOLE, known.edition.whole] = known.reach
    parts = [
        curve.reset_index().assign(lad_code=code, lad_name=name)
        for (code, name), curve in curves.items()
    ]
    whole = dict.fromkeys(["cut_off_rank", "lsoa_count", "population"], "int64")
    table = pd.concat(parts).set_index("lad_code").astype(whole)
    first = ["lad_name", "cut_off_rank", "cut_off_pct"]
    return table[[*first, *(name for name in table if name not in first)]]


def behind_by_place(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return the indicators behind the Indices of all places of some boroughs, and of England.

    Indexed by ``area_code`` (of pockets their ids): ``place_kind``, names, and the columns of each
    indicator; counts are whole numbers. Empty where a borough has none.
    """
    if any(borough.behind.empty for borough in boroughs):
        return pd.DataFrame()
    whole = boroughs[0].edition.whole
    parts = [
        table.assign(place_kind=kind)[["place_kind", *NAMED]].join(borough.behind)
        for borough in sorted(boroughs, key=lambda borough: borough.code)
        for kind, table in _places_of(borough).items()
    ]
    last = (
        boroughs[0]
        .behind.loc[[whole]]
        .assign(place_kind="whole", area_name=whole, lad_code="", lad_name="")
    )
    table = pd.concat([*parts, last]).rename_axis("area_code")
    known = indicators_in(indicators(boroughs[0].edition), table.columns).values()
    counts = [name for one in known if one.of for name in (one.people, *one.ranks)]
    return table.astype(dict.fromkeys(counts, "Int64"))


def _places_of(borough: Borough) -> dict[str, pd.DataFrame]:
    """Return the places of a borough by their kind, each with its name and district."""
    own = pd.DataFrame(
        {"area_name": borough.name, "lad_code": borough.code, "lad_name": borough.name},
        index=[borough.code],
    )
    tables = {
        "lsoa": borough.lsoa,
        "msoa": borough.msoa,
        "pocket": borough.pockets.rename(columns={"name": "area_name"}),
    }
    named = {kind: pd.DataFrame(table)[[*NAMED]] for kind, table in tables.items()}
    return {**named, "district": own}


def _stacked(tables: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return cast("gpd.GeoDataFrame", pd.concat(list(tables)).sort_index())


def _summary(edition: Edition, lsoa: pd.DataFrame) -> pd.Series:
    """Sum up overall deprivation as for a district: average score and share of the worst tenth."""
    overall = edition.layer(edition.overall)
    together = pd.Series(0, lsoa.index)
    return pd.Series(
        {
            overall.column("average_score"): weighted_mean(
                lsoa[overall.value], lsoa[overall.weight], together
            )[0],
            overall.column("worst_tenth_pct"): share_in_part(
                lsoa[overall.column("decile")], together
            )[0],
            **outside_pockets(edition, lsoa),
            **lsoa[[layer.people for layer in counted_in_areas(edition)]].sum(skipna=False),
        }
    )


def mortality_by_part(region: Borough, layer: Layer) -> pd.DataFrame:
    """Return deaths and their ratio in equal parts of the population, 1 the most deprived.

    MSOAs stand in order of overall deprivation, as in `geo.stats.inequality.gradient`: tenths from
    50 MSOAs, fifths from 20, none (an empty frame) below. Columns areas, population, observed and
    expected (both summed over the part's MSOAs), ratio, ratio_lower and ratio_upper (95%, see
    `geo.stats.standardise.ratio_with_limits`). MSOAs without a ratio are left out.
    """
    msoa = region.msoa
    known = msoa[own_values(layer, msoa).notna()]
    deprivation = known[region.edition.layer(region.edition.overall).value]
    # The mean over areas, each counting once, times their number is their sum.
    once = pd.Series(1.0, known.index)
    groups = {
        count: gradient(
            known[layer.column(count)], deprivation, known["population"], pooled_by=once
        ).groups
        for count in ("observed", "expected")
    }
    sums = pd.DataFrame(
        {count: (found["value"] * found["areas"]).fillna(0.0) for count, found in groups.items()}
    )
    sums["observed"] = sums["observed"].round()
    sizes = groups["observed"][["areas", "population"]]
    if sums.empty:
        return sizes.join(sums.reindex(columns=[*sums, "ratio", "ratio_lower", "ratio_upper"]))
    return sizes.join(sums).join(ratio_with_limits(sums["observed"], sums["expected"]))


def mortality_of(region: Borough, layer: Layer) -> pd.Series:
    """Return deaths and their ratio with limits over the whole region.

    Entries observed, expected, ratio, ratio_lower and ratio_upper.
    """
    counts = kind_of(layer).counts
    assert counts is not None
    areas = region.counted
    sums = summed(layer, counts, areas, pd.Series(TOGETHER, areas.index))
    return sums.rename(columns=layer.ending).iloc[0]


def spread_beyond_chance(region: Borough, layer: Layer) -> float:
    """Return the overdispersion of the MSOAs' deaths (`geo.stats.standardise.overdispersion`)."""
    counts = region.msoa[[layer.column("observed"), layer.column("expected")]].dropna()
    return overdispersion(counts.iloc[:, 0], counts.iloc[:, 1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A straight line through areas: value = intercept + slope × deprivation.

    ``r_squared`` is the share of the values' variance that lies along the line. ``points`` is
    indexed by ``area_code``: deprivation, value, fitted and residual, the distance from the line
    in standard errors of that distance (internally studentised: e / (s √(1 − h)), h the leverage).
    """

    slope: float
    intercept: float
    r_squared: float
    points: pd.DataFrame

    def outliers(self, most: int = MOST_OUTLIERS) -> pd.DataFrame:
        """Return the points farthest from the line, at least `FAR_OUT` of it, farthest first."""
        distance = self.points["residual"].abs().rename("distance")
        order = distance[distance >= FAR_OUT].rename_axis("area_code").reset_index()
        order = order.sort_values(["distance", "area_code"], ascending=[False, True])
        return self.points.loc[order["area_code"].head(most)]


def line_of(region: Borough, layer: Layer) -> Line | None:
    """Fit a line to a layer over overall deprivation, MSOA by MSOA, by ordinary least squares.

    Every MSOA counts once. None for fewer than three MSOAs with both values, or where one of the
    two is the same everywhere.
    """
    overall = region.edition.layer(region.edition.overall)
    points = pd.DataFrame(
        {"deprivation": region.msoa[overall.value], "value": own_values(layer, region.msoa)}
    ).dropna()
    if len(points) < AREAS_FOR_SLOPE or (points.nunique() < 2).any():
        return None
    across, up = points["deprivation"], points["value"]
    apart = across - across.mean()
    slope = float((apart * up).sum() / (apart**2).sum())
    intercept = float(up.mean() - slope * across.mean())
    fitted = intercept + slope * across
    left = up - fitted
    error = np.sqrt((left**2).sum() / (len(points) - 2))
    leverage = 1 / len(points) + apart**2 / (apart**2).sum()
    scale = (error * np.sqrt((1 - leverage).clip(lower=0))).where(lambda found: found > 1e-9)
    return Line(
        slope=slope,
        intercept=intercept,
        r_squared=float(1 - (left**2).sum() / ((up - up.mean()) ** 2).sum()),
        points=points.assign(fitted=fitted, residual=left / scale),
    )


def overlap_by_borough(region: Borough, *, at_least: int = AT_LEAST) -> pd.DataFrame:
    """Count neighbourhoods, and the people there, that are worst on several layers at once.

    Worst: in the worst fifth of the whole edition, on at least ``at_least`` of the layers counted
    together. Indexed by ``lad_code``: lsoas, people; lsoas_known and people_known, of which it is
    known whether they are; lsoas_pct and people_pct, of these.
    """
    lsoa, by, edition = region.lsoa, region.lsoa["lad_code"], region.edition
    columns = overlap_columns(edition, lsoa)
    met = reaches(
        columns["overlap_england"],
        columns["overlap_known_england"],
        at_least,
        len(edition.overlap),
    )
    each = pd.DataFrame(
        {
            "lsoas": met.eq(1),
            "people": lsoa["population"].where(met.eq(1), 0),
            "lsoas_known": met.notna(),
            "people_known": lsoa["population"].where(met.notna(), 0),
        }
    )
    sums = each.groupby(by).sum().astype("int64")
    shares = {
        f"{of}_pct": 100 * sums[of] / sums[f"{of}_known"].where(sums[f"{of}_known"] > 0)
        for of in ("lsoas", "people")
    }
    return sums.assign(**shares)


def fuel_poverty_rows(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return the series of the boroughs and of all the edition under one another, each year once.

    Columns of `layers.kinds.reading.OverYears`; empty without any.
    """
    series = [borough.fuel_series for borough in boroughs if len(borough.fuel_series)]
    if not series:
        return pd.DataFrame()
    return pd.concat(series).drop_duplicates(["lad_code", "year"])


def fuel_poverty_table(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return fuel poverty by district, measure and year, as it is published; empty without any.

    Indexed by ``lad_code``: ``lad_name``, ``year``, ``measure``, ``households``, ``fuel_poor`` and
    ``fuel_poor_pct``. All the edition comes last, without a code, under its name.
    """
    rows = fuel_poverty_rows(boroughs)
    if rows.empty:
        return rows
    names = {borough.code: borough.name for borough in boroughs}
    names[WHOLE] = boroughs[0].edition.whole
    rows = rows.assign(
        lad_name=rows["lad_code"].map(names), last=rows["lad_code"].eq(WHOLE)
    ).rename(columns={"pct": "fuel_poor_pct"})
    rows = rows.sort_values(["last", "lad_code", "year"]).set_index("lad_code")
    columns = ["lad_name", "year", "measure", "households", "fuel_poor", "fuel_poor_pct"]
    return rows[columns].astype(dict.fromkeys(["year", "households", "fuel_poor"], "int64"))


def fuel_poverty_by_year(boroughs: Sequence[Borough]) -> pd.DataFrame:
    """Return the share of households in fuel poverty (%) by measure and year, empty without any.

    Indexed by ``measure`` and ``year``, in order; a column a borough (its code), one of the
    boroughs together (`TOGETHER`: their fuel-poor households over their households) and one of all
    the edition (`WHOLE`). The measures are two series: nothing may join them.
    """
    rows = fuel_poverty_rows(boroughs)
    if rows.empty:
        return rows
    by = ["year", "measure"]
    shares = rows.pivot(index=by, columns="lad_code", values="pct")
    codes = [borough.code for borough in boroughs]
    sums = rows[rows["lad_code"].isin(codes)].groupby(by)[["fuel_poor", "households"]].sum()
    shares[TOGETHER] = 100 * sums["fuel_poor"] / sums["households"]
    wanted = [*codes, TOGETHER, WHOLE]
    return shares.sort_index().reindex(columns=wanted).rename_axis(columns=None).swaplevel()
