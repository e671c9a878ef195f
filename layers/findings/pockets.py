"""Pockets of every borough, and what is known of each.

Pockets are found for all boroughs of the edition, whichever are built: a borough's pockets are the
same built alone or with others, and neighbours across its line are known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from libpysal.graph import Graph

from boundaries.coverage import outlines
from geo.errors import InputError
from geo.space.groups import share_pct
from geo.space.neighbours import subgraph
from geo.space.pockets import TAU, split, threshold
from geo.space.recurrence import recurrence
from geo.space.rules import DECILES, HIGH_HIGH, candidates, rule_of
from geo.stats.rank import percentiles
from layers.findings.overlap import counted_ranks
from layers.layer import Edition
from layers.table.summaries import denominators

FEWEST = 2
RULE_LIMITS: tuple[tuple[str, int | None], ...] = (
    ("national", 1),
    ("national", 2),
    ("borough", None),
    ("cluster", None),
    ("overlap", None),
)
"""Ways of finding candidates that are compared with one another: a rule, and its limit."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How pockets are found: the rule for candidates, its limit, and τ in points of IMD score.

    Without a limit the rule's usual one holds. Raises ``InputError`` for a rule that there is not,
    a limit that the rule does not have, and a τ that is not above 0.

    >>> Choice().settings(), Choice(rule="borough", tau=8).settings()
    ({'rule': 'national', 'd': 2, 'tau': 5.0}, {'rule': 'borough', 'tau': 8.0})
    """

    rule: str = "national"
    limit: int | None = None
    tau: float = TAU

    def __post_init__(self) -> None:
        """Take the rule's usual limit where none is given, and refuse what cannot be."""
        rule = rule_of(self.rule)
        limit = rule.limit if self.limit is None else self.limit
        if limit is not None and limit not in rule.limits:
            raise InputError(
                f"The rule “{self.rule}” has no cut-off {limit}",
                expected=f"{rule.limits[0]} to {rule.limits[-1]} ({rule.cut})"
                if rule.limits
                else "none: there is nothing to choose",
                do="choose one of these" if rule.limits else "leave the cut-off out",
            )
        if not (self.tau > 0 and math.isfinite(self.tau)):
            raise InputError(
                "The scale of pockets, τ, cannot be this",
                expected="a number above 0, in points of the overall score",
                found=f"{self.tau:g}",
                do=f"choose another; usual is {TAU:g}",
            )
        object.__setattr__(self, "limit", limit)
        object.__setattr__(self, "tau", float(self.tau))

    @property
    def tenths(self) -> int:
        """The country's most deprived tenths that a map of them shows: the rule's, or the usual.

        >>> Choice(limit=1).tenths, Choice(rule="overlap", limit=4).tenths
        (1, 2)
        """
        return self.limit if self.rule == "national" and self.limit else DECILES

    def settings(self) -> dict[str, object]:
        """Return the choice as settings to print with the result."""
        cut = {} if self.limit is None else {"d": self.limit}
        return {"rule": self.rule, **cut, "tau": self.tau}

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> Choice:
        """Return the choice that settings tell of, for what they do not say the usual one.

        >>> Choice.of({"rule": "overlap", "tau": 8.0, "seed": 1})
        Choice(rule='overlap', limit=3, tau=8.0)
        """
        limit = settings.get("d")
        return cls(
            rule=str(settings.get("rule", "national")),
            limit=None if limit is None else int(str(limit)),
            tau=float(str(settings.get("tau", TAU))),
        )


def evidence_of(edition: Edition, lsoa: pd.DataFrame) -> pd.DataFrame:
    """Gather what the rules look at: decile, fifth and cluster of the borough, overlap."""
    overall = edition.layer(edition.overall)
    columns = {
        "decile": lsoa[overall.decile],
        "fifth": lsoa[overall.quintile_column("borough")],
        "overlap": lsoa["overlap_england"],
    }
    cluster = overall.cluster_column("borough")
    if cluster in lsoa:
        columns["cluster"] = lsoa[cluster]
    return pd.DataFrame(columns)


def density_of(edition: Edition, lsoa: pd.DataFrame, rule: str) -> tuple[pd.Series, float | None]:
    """Return a rule's density and, where it is not IMD score, its standard deviation over England.

    The overall score, but for ``overlap`` the mean England percentile of the counted layers.
    """
    if rule != "overlap":
        return lsoa[edition.layer(edition.overall).value], None
    shares = [percentiles(ranks, count) for ranks, count in counted_ranks(edition, lsoa)]
    mean = pd.concat(shares, axis="columns").mean(axis="columns")
    return mean, float(mean.std(ddof=0))


def split_of(
    edition: Edition,
    lsoa: pd.DataFrame,
    graph: Graph,
    choice: Choice,
    *,
    within: pd.Series | None = None,
) -> pd.DataFrame:
    """Split each borough's candidates into pockets: a row a candidate.

    See `geo.space.pockets.split`. ``within`` limits the work to some areas (True); the density's
    spread is over all of ``lsoa``.
    """
    density, spread = density_of(edition, lsoa, choice.rule)
    if within is not None:
        lsoa, density = lsoa[within], density[within]
    candidate = candidates(evidence_of(edition, lsoa), choice.rule, limit=choice.limit)
    chosen = candidate.index[candidate]
    return split(
        candidate,
        density,
        subgraph(graph, chosen, within=lsoa["lad_code"]),
        tau=threshold(choice.tau, spread=spread),
        easting=lsoa["easting"],
        northing=lsoa["northing"],
    )


def members_of(parts: pd.DataFrame, lsoa: pd.DataFrame) -> pd.Series:
    """Return the pocket of every area: borough and peak (“E08000012-E01006755”), or empty."""
    grouped = parts[parts["members"] >= FEWEST]
    names = lsoa["lad_code"].reindex(grouped.index).str.cat(grouped["peak"], sep="-")
    return names.reindex(lsoa.index).fillna("").rename("pocket_id")


def other_rules(choice: Choice) -> list[Choice]:
    """Return the other ways of finding candidates that a choice is compared with.

    They are those of `RULE_LIMITS` but its own, which for a cut-off that is not among them is the
    nearest of its rule: four for each of these rules. All have the usual scale of reading.

    >>> [(one.rule, one.limit) for one in other_rules(Choice(limit=3))]
    [('national', 1), ('borough', None), ('cluster', None), ('overlap', 3)]
    """
    own = min(
        (way for way in RULE_LIMITS if way[0] == choice.rule),
        key=lambda way: abs((way[1] or 0) - (choice.limit or 0)),
        default=None,
    )
    return [Choice(rule=rule, limit=limit) for rule, limit in RULE_LIMITS if (rule, limit) != own]


def found_by_others(
    edition: Edition, lsoa: pd.DataFrame, graph: Graph, code: str, choice: Choice
) -> pd.Series:
    """Count the `other_rules` that find each pocket of one borough too, 0 to 4, by pocket.

    ``lsoa`` holds all small areas of the edition, the borough's with their own clusters.
    """
    within = lsoa["lad_code"] == code
    own = lsoa[within]
    part = subgraph(graph, own.index)
    found = [
        members_of(split_of(edition, lsoa, part, other, within=within), own)
        for other in other_rules(choice)
    ]
    shares = recurrence(own["pocket_id"], found, own["population"]).groups
    return (shares * len(found)).round().astype("int64").rename("found_by")


def describe(
    edition: Edition,
    lsoa: gpd.GeoDataFrame,
    parts: pd.DataFrame,
    among: pd.DataFrame,
    neighbouring: pd.Series,
) -> gpd.GeoDataFrame:
    """Describe the pockets of one borough: one row a pocket, indexed by ``pocket_id``, in order.

    They are numbered by the people who live in the country's most deprived tenth in them, then by
    all their people: a mean punishes large pockets and rewards slivers.

    ``lsoa`` is the borough's, with geometry and ``pocket_id``; ``among`` has the values of every
    pocket of England, ranked (see `layers.findings.pocket_values`); ``neighbouring`` lists, for
    each of them, those that touch it across its borough's line. A borough without pockets has no
    rows and all columns.
    """
    members = lsoa["pocket_id"].where(lsoa["pocket_id"] != "")
    shapes = outlines(lsoa, members)
    index = shapes.index
    told = pd.concat(
        [
            facts_of(edition, lsoa, parts).reindex(index),
            among.drop(columns="lad_code").reindex(index),
            neighbouring.reindex(index).rename("neighbour_pockets"),
        ],
        axis="columns",
    )
    told = told.assign(population_year=edition.population_year, area_km2=shapes.area / 1e6)
    return shapes.join(told).sort_values("number").rename_axis("pocket_id")


def facts_of(edition: Edition, lsoa: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return who and where each pocket of one borough is: its number, areas and people."""
    members = lsoa["pocket_id"]
    overall = edition.layer(edition.overall)
    inside = lsoa[members != ""]
    groups = inside.groupby("pocket_id")
    places = groups[["lad_code", "lad_name"]].first()
    peak = parts["peak"].reindex(inside.index).groupby(inside["pocket_id"]).first()
    clustered = (lsoa[overall.cluster_column("england")] == HIGH_HIGH).astype("float64")
    facts = places.assign(
        deprivation_area_id=places["lad_code"].str.cat(peak.map(parts["component"]), sep="-"),
        lsoa_codes=inside.index.to_series().groupby(inside["pocket_id"]).agg(list).astype("object"),
        **counted_people(edition, lsoa, members),
        prominence=peak.map(parts["prominence"]).astype("float64"),
        cluster_lsoas=clustered[inside.index].groupby(inside["pocket_id"]).sum().astype("int64"),
        cluster_people_pct=share_pct(members, clustered, lsoa["population"]),
    )
    people = ["worst_decile_people", "population"]
    ordered = facts.sort_index().sort_values(people, ascending=False, kind="stable").index
    return facts.assign(number=pd.Series(range(1, len(ordered) + 1), ordered, dtype="int64"))


def counted_people(edition: Edition, lsoa: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Count small areas and people by group, and those in the country's most deprived tenth.

    ``groups`` gives the group of each small area, or an empty text.
    """
    decile = lsoa[edition.layer(edition.overall).decile]
    in_worst = decile.eq(1).astype("float64").where(decile.notna())
    inside = lsoa[groups != ""]
    by = groups[inside.index]
    worst = inside["population"].where(in_worst[inside.index].eq(1), 0)
    return pd.DataFrame(
        {
            "lsoa_count": by.groupby(by).size(),
            **denominators(inside, by),
            "worst_decile_pct": share_pct(groups, in_worst, lsoa["population"]),
            "worst_decile_people": worst.groupby(by).sum().astype("int64"),
        }
    )
