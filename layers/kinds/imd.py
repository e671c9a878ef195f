"""The Indices of Deprivation: the overall index and its seven domains.

Caveats. Scores have no unit and are not comparable between editions: ranks and deciles are. An
index describes areas, not everyone who lives in them. Official ranks have ties. Published domain
scores are rounded, so ranks within a borough order the official ranks. Income and employment are
rates (shares of people). A copy of the file may lack the sub-domains and, for 2019, the scores for
children and older people. Sub-domains are no layers: only their deciles are checked here.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from boundaries.ground import Ground
from geo.checks import Check
from geo.errors import InputError, some
from geo.sources import Source
from geo.stats.rank import tenths
from geo.tables.read import read_table
from layers.files import Files
from layers.indicators import subdomains
from layers.kinds.district_indices import SUMMARIES_2019, SUMMARIES_2025, district_indices
from layers.kinds.domain_weights import deprivation_rank_range, domain_ranks
from layers.kinds.income_published import INCOME_MORAN_2019
from layers.kinds.kind import Kind
from layers.kinds.reading import PEOPLE, PEOPLE_BY_AGE, LayerValues
from layers.layer import Edition, Layer

NAME = "imd"
MEASURES = ("score", "rank", "decile")


def of_files(files: Files, _: Ground) -> LayerValues:
    """Read the Indices from an edition's files (see `read`)."""
    return read(files.edition, files.source(NAME), files.path(NAME))


def read(edition: Edition, source: Source, path: Path) -> LayerValues:
    """Read the Indices for every LSOA of an edition, with the people they count."""
    return build(edition, read_table(path, source, "main"))


def build(edition: Edition, table: pd.DataFrame) -> LayerValues:
    """Name the columns of the published table after the layers, and check its own rules.

    The result has ``{id}_score``, ``{id}_rank`` and ``{id}_decile`` for each layer and the `PEOPLE`
    and `PEOPLE_BY_AGE`, indexed by ``area_code``. Raises ``InputError`` when the published ranks
    break the publisher's own rule for deciles, ceil(rank × 10 / n).
    """
    columns = {people: table[people] for people in (*PEOPLE, *PEOPLE_BY_AGE)}
    for layer in edition.of_kind(NAME):
        for measure in MEASURES:
            columns[layer.column(measure)] = table[_published(edition, layer, measure)]
    values = pd.DataFrame(columns)
    layers = edition.of_kind(NAME)
    checks = [make(values, layer) for layer in layers for make in (_layer_check, _order_check)]
    checks += _subdomain_checks(edition, table)
    ages = _age_check(values)
    failed = [f"{check.name}: {check.found}" for check in checks if not check.ok]
    if failed:
        raise InputError(
            "The published scores, ranks and deciles contradict each other in "
            f"{len(failed)} way{'' if len(failed) == 1 else 's'}",
            where="Indices of Deprivation",
            expected="decile = ceil(rank × 10 / number of LSOAs), and no score below that of a "
            "less deprived LSOA",
            found=some(failed, most=len(checks)),
            do="fetch the file again: values of another year or area may have been mixed in",
        )
    return LayerValues(values=values, used=(NAME,), checks=(*checks, ages))


def _published(edition: Edition, layer: Layer, measure: str) -> str:
    """Name a column of a layer in the source's record: of ``imd``, or of the domain's own name."""
    overall = edition.layer(edition.overall)
    stem = NAME if layer.id == overall.id else overall.ending(layer.id)
    return "_".join((stem, measure))


def _layer_check(values: pd.DataFrame, layer: Layer) -> Check:
    return _decile_check(layer.short, values[layer.column("rank")], values[str(layer.decile)])


def _subdomain_checks(edition: Edition, table: pd.DataFrame) -> list[Check]:
    """Check the deciles of the sub-domains that a copy of the file has."""
    return [
        _decile_check(one.title, *(table[name] for name in one.published))
        for one in subdomains(edition).values()
        if set(one.published) <= set(table)
    ]


def _decile_check(name: str, ranks: pd.Series, deciles: pd.Series) -> Check:
    differing = int((tenths(ranks) != deciles).sum())
    return Check(
        name=f"{name}: deciles follow from ranks",
        expected="0 LSOAs differ",
        found=f"{differing:,} LSOAs differ",
        ok=differing == 0,
    )


def _order_check(values: pd.DataFrame, layer: Layer) -> Check:
    """Hold the order of scores to that of ranks: by both, the same area stands in each place."""
    score, rank = values[layer.value], values[layer.column("rank")]
    least = score.groupby(rank).min().cummin().shift()
    above = rank.map(least)
    apart = score != rank.map(score.groupby(rank).max())
    off = values.index[(score > above) | apart]
    return Check(
        name=f"{layer.short}: scores are in the order of ranks",
        expected="0 LSOAs differ",
        found=f"{len(off):,} LSOAs differ{f' ({some(off)})' if len(off) else ''}",
        ok=len(off) == 0,
    )


def _age_check(values: pd.DataFrame) -> Check:
    off = values.index[values[list(PEOPLE_BY_AGE)].sum(axis="columns") != values["population"]]
    return Check(
        name="Children, people of 16 to 59 and older people add up to the population",
        expected="0 LSOAs differ",
        found=f"{len(off):,} LSOAs differ{f' ({some(off)})' if len(off) else ''}",
        ok=len(off) == 0,
    )


def deprivation_ranges(edition: Edition, layer: Layer, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Return ``{overall}_rank_borough_lowest`` and ``_highest`` in 95% of draws of other weights.

    Nothing for a domain, which has no weights of its own. NaN where there is no rank.
    """
    if layer.id != edition.overall:
        return lsoa[[]]
    ranks, weights = domain_ranks(edition, lsoa)
    return deprivation_rank_range(
        ranks, weights, count=len(lsoa), by=lsoa["lad_code"], published=lsoa[str(layer.rank)]
    )


KIND = Kind(
    name=NAME,
    title="Indices of Deprivation",
    brief="The overall index combines seven domains into a score without a unit: scores are"
    " compared by rank, never as ratios, and never subtracted between editions. MSOA and borough"
    " scores are means of LSOA scores, weighted by people.",
    read=of_files,
    needs=(NAME,),
    circular=True,
    of_districts=district_indices,
    whole=("rank", "decile"),
    ranges=deprivation_ranges,
    published=(SUMMARIES_2019, SUMMARIES_2025, INCOME_MORAN_2019),
    made="LSOAs as published; MSOAs, districts and pockets: mean of their LSOAs, weighted by"
    " {weight}",
    columns={
        "decile": {
            "title": "{title}: decile in {whole}",
            "unit": "1 to 10",
            "direction": "1 is the worst",
            "made": "As published",
        },
        "rank_borough_lowest": {
            "title": "{title}: lowest rank in the borough in the middle 95% of draws of weights",
            "unit": "rank",
            "direction": "1 is the worst",
            "made": "200 draws, each domain's weight × 0.5 to 1.5; a range over weights, not an"
            " interval of chance",
        },
        "rank_borough_highest": {
            "title": "{title}: highest rank in the borough in the middle 95% of draws of weights",
            "unit": "rank",
            "direction": "1 is the worst",
            "made": "200 draws, each domain's weight × 0.5 to 1.5; a range over weights, not an"
            " interval of chance",
        },
        "average_score": {
            "geography": "district",
            "title": "{title}: average score of the district",
            "unit": "{unit}",
            "direction": "high is worse",
            "made": "Mean of the LSOAs' scores, weighted by {weight}",
        },
        "average_rank": {
            "geography": "district",
            "title": "{title}: average rank of the district",
            "unit": "rank, reversed so that the worst LSOA has the highest",
            "direction": "high is worse",
            "made": "Mean of the LSOAs' reversed ranks, weighted by {weight}",
        },
        "worst_tenth_pct": {
            "geography": "district",
            "title": "{title}: share of the district's LSOAs in the worst tenth of {whole}",
            "unit": "%",
            "direction": "high is worse",
            "made": "100 × LSOAs of decile 1 / LSOAs",
        },
        "worst_fifth_pct": {
            "geography": "district",
            "title": "{title}: share of the district's LSOAs in the worst fifth of {whole}",
            "unit": "%",
            "direction": "high is worse",
            "made": "100 × LSOAs of the worst fifth / LSOAs",
        },
        "extent_pct": {
            "geography": "district",
            "title": "{title}: extent in the district",
            "unit": "%",
            "direction": "high is worse",
            "made": "Share of people ({weight}) in the worst LSOAs of {whole}: weight 1 to the 10th"
            " percentile, then from 0.95 at the 11th falling evenly to 0.05 at the 30th",
        },
        "local_concentration": {
            "geography": "district",
            "title": "{title}: local concentration in the district",
            "unit": "rank, reversed so that the worst LSOA has the highest",
            "direction": "high is worse",
            "made": "Mean reversed rank of the worst LSOAs that hold exactly a tenth of the"
            " district's people ({weight}), the last one in part",
        },
    },
)
