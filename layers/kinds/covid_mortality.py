"""COVID-19 mortality: observed deaths against those expected from age and sex, by MSOA.

Caveats. Deaths *due to* COVID-19 *registered* March 2020 – April 2021; figures are provisional, and
to protect confidentiality a small number of deaths were moved between neighbouring MSOAs. The
reference rates come from deaths *involving* COVID-19, since deaths due to it are not published by
age and sex for the period. Each ratio compares an area with England and Wales, not areas with each
other; care homes are not adjusted for.

Two versions. ``matched`` (default): expected deaths are rescaled so that England and Wales observed
= expected, which assumes one due-to / involving share at all ages. ``as_published``: not rescaled,
as in an earlier published analysis, in which England itself scores 0.90.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from boundaries.ground import Ground
from geo.checks import Check
from geo.errors import CodeError, InputError, some
from geo.sources import Source
from geo.stats.standardise import (
    estimate_prior,
    expected_counts,
    overdispersion,
    rank_ranges,
    ratio_with_limits,
    reference_rates,
    smoothed_ratio,
)
from geo.tables.read import read_rows, read_table
from layers.files import Files
from layers.former import FormerAreas
from layers.kinds.carrying import carried_ratios
from layers.kinds.kind import Counts, Kind
from layers.kinds.mortality_published import published_mortality
from layers.kinds.reading import LayerValues
from layers.layer import Edition, Layer
from layers.weekly_deaths import BANDS, REGISTRATIONS, SEXES, weekly_deaths

NAME = "covid_mortality"
Version = Literal["matched", "as_published"]
ROLES = ("covid_deaths", "covid_weekly_2020", "covid_weekly_2021", "covid_population")
ENGLAND_PREFIX = "E"
AS_PUBLISHED = ("observed", "expected", "ratio")
RANGE_SEED = 20210430
"""Of the simulation of ranks."""


def layer_of(edition: Edition) -> Layer:
    """Return the COVID-19 layer of an edition."""
    (layer,) = edition.of_kind(NAME)
    return layer


def of_files(files: Files, _: Ground) -> LayerValues:
    """Read COVID-19 mortality from an edition's files (see `read`)."""
    return read(files.edition, *_of_roles(files))


def as_published(files: Files) -> pd.DataFrame:
    """Read observed, expected and ratio of MSOAs, expected deaths not rescaled."""
    inputs = read_inputs(*_of_roles(files))
    values = build(files.edition, *inputs, version="as_published").values
    layer = layer_of(files.edition)
    return pd.DataFrame({end: values[layer.column(end)] for end in AS_PUBLISHED})


def carry(edition: Edition, values: LayerValues, former: FormerAreas) -> LayerValues:
    """Carry the ratios of the former MSOAs to the edition's (see `carried_ratios`)."""
    return carried_ratios(layer_of(edition), COUNTS, edition, values, former)


def _of_roles(files: Files) -> tuple[dict[str, Source], dict[str, Path]]:
    return {role: files.source(role) for role in ROLES}, {role: files.path(role) for role in ROLES}


def read(edition: Edition, sources: Mapping[str, Source], paths: Mapping[str, Path]) -> LayerValues:
    """Read observed deaths, weekly deaths by age and sex, and populations; work out the ratios.

    ``sources`` maps the roles covid_deaths, covid_weekly_2020, covid_weekly_2021 and
    covid_population.
    """
    return build(edition, *read_inputs(sources, paths))


def read_inputs(
    sources: Mapping[str, Source], paths: Mapping[str, Path]
) -> tuple[pd.Series, dict[str, pd.DataFrame], list[pd.DataFrame]]:
    """Read what `build` needs: observed deaths, populations by sex, weekly deaths of both years."""
    deaths = read_table(paths["covid_deaths"], sources["covid_deaths"], "msoa")
    populations = {
        sex: read_table(paths["covid_population"], sources["covid_population"], sex)
        for sex in SEXES
    }
    weekly = [
        weekly_deaths(
            read_rows(paths[role], sources[role], sources[role].sheets[REGISTRATIONS]),
            where=sources[role].title,
        )
        for role in ROLES[1:3]
    ]
    return deaths["total"], populations, weekly


def build(
    edition: Edition,
    observed: pd.Series,
    populations: Mapping[str, pd.DataFrame],
    weekly: Sequence[pd.DataFrame],
    *,
    version: Version = "matched",
) -> LayerValues:
    """Work out observed, expected, ratio, limits and smoothed ratio for the edition's MSOAs.

    ``observed`` are deaths of all MSOAs of England and Wales, ``populations`` the same areas by
    band for each sex, ``weekly`` the frames of `weekly_deaths`. The reference is all of them; the
    result holds England's alone. The prior of the smoothed ratio comes from all of England's MSOAs.
    """
    deaths = deaths_in_period(edition, weekly)
    people = pd.concat(
        {sex: table[list(BANDS)] for sex, table in populations.items()}, axis="columns"
    )
    expected = expected_counts(people, reference_rates(deaths, people.sum())).sort_index()
    observed = observed.sort_index()
    _require_same_areas(observed.index, expected.index)
    if version == "matched":
        expected = expected * (observed.sum() / expected.sum())
    inside = observed.index.str.startswith(ENGLAND_PREFIX)
    observed, expected = observed[inside], expected[inside]
    limits = ratio_with_limits(observed, expected)
    columns = {"observed": observed, "expected": expected, **dict(limits.items())}
    columns["ratio_smoothed"] = smoothed_ratio(observed, expected)
    values = pd.DataFrame(columns).rename(columns=layer_of(edition).column)
    return LayerValues(
        values=values,
        used=ROLES,
        checks=_checks(observed, expected, deaths),
        notes=(difference_stated(version),),
    )


def difference_stated(version: Version) -> str:
    """Say what the expected deaths rest on; the sentence goes wherever a ratio is shown."""
    common = (
        "Expected deaths rest on rates of deaths involving COVID-19, since deaths due to it are "
        "not published by age and sex for the period"
    )
    if version == "matched":
        return f"{common}; they are rescaled so that England and Wales together score 1."
    return f"{common}; they are not rescaled, so England and Wales together score below 1."


def deaths_in_period(edition: Edition, weekly: Sequence[pd.DataFrame]) -> pd.Series:
    """Add up the weeks of the layer's period by (sex, band), as the record says."""
    promised = edition.parameters["covid"]
    every = pd.concat(weekly, axis="columns")
    inside = [week for week in every if promised["first_week"] <= week <= promised["last_week"]]
    deaths = every[inside].sum(axis="columns")
    if len(inside) != promised["weeks"] or deaths.sum() != promised["deaths"]:
        raise InputError(
            "Weekly deaths are not those of the record",
            where="reference rates of COVID-19 mortality",
            expected=f"{promised['deaths']:,} deaths in {promised['weeks']} weeks",
            found=f"{deaths.sum():,.0f} deaths in {len(inside)} weeks",
            do="use the workbooks of the last week of 2020 and of 2021",
        )
    return deaths


def _require_same_areas(observed: pd.Index, expected: pd.Index) -> None:
    if not observed.equals(expected):
        raise CodeError(
            "Deaths and populations are not of the same MSOAs",
            where="COVID-19 mortality",
            expected="the same codes in both workbooks",
            found=f"only one has {some(observed.symmetric_difference(expected))}",
            do="use workbooks of one vintage (MSOA 2011)",
        )


def smoothed_in_districts(layer: Layer, msoa: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return the ratio of districts, smoothed by the prior of all of them."""
    counts = msoa[list(COUNTS.columns(layer))].dropna()
    sums = counts.groupby(by.reindex(counts.index)).sum()
    smoothed = smoothed_ratio(sums.iloc[:, 0], sums.iloc[:, 1])
    return smoothed.rename(layer.column("ratio_smoothed")).to_frame()


def ranks_by_chance(_: Edition, layer: Layer, msoa: pd.DataFrame) -> pd.DataFrame:
    """Return ``lower`` and ``upper`` ends of the 95% interval of each MSOA's rank in its borough.

    The prior is that of all MSOAs with counts, as for the smoothed ratio. NaN without a rank.
    """
    known = msoa[list(COUNTS.columns(layer))].dropna()
    observed, expected = known.iloc[:, 0], known.iloc[:, 1]
    prior = estimate_prior(observed, expected)
    ranges = rank_ranges(observed, expected, prior=prior, by=msoa["lad_code"], seed=RANGE_SEED)
    return ranges.reindex(msoa.index)


def _checks(observed: pd.Series, expected: pd.Series, deaths: pd.Series) -> tuple[Check, ...]:
    prior = estimate_prior(observed, expected)
    return (
        Check(
            name="COVID-19: England's own ratio",
            expected="close to 1 (the reference is England and Wales)",
            found=f"{observed.sum() / expected.sum():.3f}",
            ok=None,
        ),
        Check(
            name="COVID-19: overdispersion of MSOA ratios in England",
            expected="1 where chance alone makes areas differ",
            found=f"{overdispersion(observed, expected):.1f}",
            ok=None,
            note="Above 1, intervals that allow for chance alone are too narrow. "
            f"Smoothing uses a prior with mean {prior.mean:.3f} and variance {prior.variance:.4f}.",
        ),
        Check(
            name="COVID-19: deaths behind the reference rates",
            expected="as the weekly workbooks say",
            found=f"{deaths.sum():,.0f}",
            ok=None,
        ),
    )


COUNTS = Counts(over="observed", under="expected", limits=ratio_with_limits)
KIND = Kind(
    name=NAME,
    title="COVID-19 mortality ratio",
    anchor="mortality",
    brief="Deaths due to COVID-19 divided by those expected from England and Wales death rates by"
    " age and sex. The rates come from deaths involving COVID-19, scaled so that England and Wales"
    " is 1. Each ratio compares one area with England and Wales, not areas with each other.",
    methods=(
        "Expected deaths = the sum over age bands and sexes of the death rate of England and Wales"
        " × the MSOA's population of mid-2019. Ratio = observed / expected. Observed are deaths"
        " <em>due to</em> COVID-19; the rates come from deaths <em>involving</em> it, which alone"
        " are published by age and sex for the period. Expected deaths are rescaled so that England"
        " and Wales as a whole is 1.00, which assumes one share of due to / involving at all ages."
        " Limits of 95% are exact (chi-square) below ten deaths and Byar's approximation from ten."
        " There is no ratio where less than one death is expected. A smoothed ratio (empirical"
        " Bayes, Marshall's global estimator) stands beside the raw one: ranks and fifths are made"
        " of it, and clusters are tested on it.",
        "<strong>It cannot say</strong> that one area is worse than another: each ratio compares an"
        " area with England and Wales. Care homes are not adjusted for, figures are provisional,"
        " and a few deaths were moved between neighbouring MSOAs to protect confidentiality.",
    ),
    read=of_files,
    carry=carry,
    needs=ROLES,
    counts=COUNTS,
    of_districts=smoothed_in_districts,
    whole=("observed",),
    ranges=ranks_by_chance,
    published=(published_mortality(as_published),),
    made="Deaths observed / deaths expected for the age and sex of the MSOA's people; LSOAs show"
    " the ratio of their MSOA; districts from the sums of both; pockets: population-weighted mean"
    " of their LSOAs' ratios",
    columns={
        "observed": {
            "title": "{title}: deaths observed",
            "unit": "deaths",
            "made": "Sum of the months as published; LSOAs show the deaths of their MSOA",
        },
        "expected": {
            "title": "{title}: deaths expected",
            "unit": "deaths",
            "made": "Sum over age bands and sexes of the death rate of England and Wales × the"
            " MSOA's mid-2019 population",
        },
        "ratio_lower": {
            "title": "{title}: lower 95% limit",
            "unit": "ratio",
            "made": "Exact Poisson limits below ten deaths, Byar's approximation from ten",
        },
        "ratio_upper": {
            "title": "{title}: upper 95% limit",
            "unit": "ratio",
            "made": "Exact Poisson limits below ten deaths, Byar's approximation from ten",
        },
        "ratio_smoothed": {
            "title": "{title}, smoothed",
            "unit": "ratio",
            "direction": "high is worse",
            "made": "Empirical Bayes, Marshall's global estimator, prior from all MSOAs of {whole},"
            " for districts from all districts; pockets: population-weighted mean of their LSOAs;"
            " ranks and fifths are made of it",
        },
        "rank_borough_lower": {
            "title": "{title}: lower end of the 95% interval of the rank in the borough",
            "unit": "rank",
            "direction": "1 is the worst",
            "made": "Simulated from each MSOA's gamma posterior",
        },
        "rank_borough_upper": {
            "title": "{title}: upper end of the 95% interval of the rank in the borough",
            "unit": "rank",
            "direction": "1 is the worst",
            "made": "Simulated from each MSOA's gamma posterior",
        },
    },
)
