"""How sure the pockets are: whether they come back when the choices behind them change.

Choices are changed in draws: the weight of each domain, the cut-off of the candidates, the scale of
reading and what counts as touching, all at once. Each draw finds pockets anew in every borough,
from ranks over the whole country. It says what hangs on choices, nothing of chance: the Indices
publish no sampling error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray

from geo.space.neighbours import Contiguity, subgraph
from geo.space.pockets import split
from geo.space.recurrence import Recurrence, recurrence
from geo.space.rules import rule_of
from layers.findings.pockets import FEWEST, Choice
from layers.kinds.domain_weights import WEIGHT_DRAWS, WEIGHT_SEED, domain_ranks, drawn_scores
from layers.layer import Edition

CONTIGUITIES: tuple[Contiguity, ...] = ("queen", "rook")
DRAWN_RULES = ("national", "borough")
"""The rules whose candidates follow from the overall score: the others cannot be drawn."""
CUT_BETWEEN = (0.75, 1.25)
"""What the usual cut-off is multiplied by in a draw: evenly drawn between these (15% to 25%)."""
SCALE_BETWEEN = (0.6, 1.6)
"""The same for the scale of reading, τ (3 to 8 points)."""


@dataclass(frozen=True, kw_only=True)
class OtherChoices:
    """One set of choices: the share of areas that are candidates, τ in points, and contiguity."""

    share: float
    tau: float
    contiguity: Contiguity


class HowSure(NamedTuple):
    """What the draws give: the share in which each area is a candidate, and what came back.

    ``highest`` is the share of draws in which each pocket has the highest mean of its borough.
    """

    candidates: pd.Series
    found: Recurrence
    highest: pd.Series


def draws_of(
    choice: Choice, *, draws: int = WEIGHT_DRAWS, seed: int = WEIGHT_SEED
) -> list[OtherChoices]:
    """Draw other choices around one; weights are drawn by `layers.kinds.domain_weights`.

    Nothing for a rule that cannot be drawn (see `DRAWN_RULES`).

    >>> found = draws_of(Choice())
    >>> len(found), all(0.15 <= one.share <= 0.25 and 3 <= one.tau <= 8 for one in found)
    (200, True)
    >>> draws_of(Choice(rule="overlap"))
    []
    """
    if choice.rule not in DRAWN_RULES:
        return []
    usual = 0.2 if choice.limit is None else choice.limit / 10
    # not the stream of the weights, whose first numbers would come again
    stream = np.random.default_rng([seed, 1])
    shares, taus = (stream.uniform(*ends, size=draws) for ends in (CUT_BETWEEN, SCALE_BETWEEN))
    kinds = stream.integers(len(CONTIGUITIES), size=draws)
    return [
        OtherChoices(share=usual * share, tau=choice.tau * tau, contiguity=CONTIGUITIES[kind])
        for share, tau, kind in zip(shares, taus, kinds, strict=True)
    ]


def settings_of(choice: Choice) -> dict[str, object]:
    """Return what the draws hang on, as settings to keep a result by."""
    return {"seed": WEIGHT_SEED, "draws": [asdict(draw) for draw in draws_of(choice)]}


def how_sure(
    edition: Edition, lsoa: pd.DataFrame, graphs: Mapping[Contiguity, Graph], choice: Choice
) -> HowSure:
    """Look for the pockets of every borough in each draw, and compare them with those of a choice.

    ``lsoa`` holds all small areas of the edition with their ``pocket_id``; ``graphs`` both graphs
    of them. ``candidates`` is by small area, the rest by pocket and its members; all NaN for a rule
    that cannot be drawn.
    """
    drawn = draws_of(choice)
    ranks, weights = domain_ranks(edition, lsoa)
    scores = drawn_scores(ranks, weights, count=len(lsoa), draws=len(drawn))
    chosen = np.zeros((len(lsoa), len(drawn)), dtype=bool)
    for at, draw in enumerate(drawn):
        chosen[:, at] = _chosen(scores[:, at], draw, lsoa["lad_code"], choice)
    # nothing but an area that is a candidate in some draw can be in a pocket of one
    ever = chosen.any(axis=1)
    there = lsoa[ever]
    boroughs = {
        kind: subgraph(graph, there.index, within=lsoa["lad_code"])
        for kind, graph in graphs.items()
    }

    def ways() -> Iterator[pd.Series]:
        for at, draw in enumerate(drawn):
            parts = split(
                pd.Series(chosen[ever, at], there.index),
                pd.Series(scores[ever, at], there.index),
                boroughs[draw.contiguity],
                tau=draw.tau,
                easting=there["easting"],
                northing=there["northing"],
            )
            yield parts.loc[parts["members"] >= FEWEST, "peak"]

    share = chosen.mean(axis=1) if drawn else np.nan
    return HowSure(
        candidates=pd.Series(share, lsoa.index, name="candidate_share"),
        found=recurrence(lsoa["pocket_id"], ways(), lsoa["population"]),
        highest=_highest(lsoa, scores),
    )


def _chosen(
    scores: NDArray[np.float64], draw: OtherChoices, boroughs: pd.Series, choice: Choice
) -> NDArray[np.bool_]:
    """Say which areas are candidates in a draw: the most deprived share of all, or of a borough."""
    drawn = pd.Series(scores, boroughs.index)
    if rule_of(choice.rule).limit is not None:
        ranks = drawn.rank(ascending=False, method="min")
        return (ranks <= draw.share * drawn.count()).to_numpy()
    grouped = drawn.groupby(boroughs)
    ranks = grouped.rank(ascending=False, method="min")
    return (ranks <= draw.share * grouped.transform("count")).to_numpy()


def _highest(lsoa: pd.DataFrame, scores: NDArray[np.float64]) -> pd.Series:
    """Return the share of draws in which each pocket has the highest mean score of its borough."""
    inside = (lsoa["pocket_id"] != "").to_numpy()
    members, people = lsoa.loc[inside, "pocket_id"], lsoa.loc[inside, "population"]
    weighted = pd.DataFrame(scores[inside], members.index).mul(people, axis=0).groupby(members)
    means = weighted.sum().div(people.groupby(members).sum(), axis=0)
    boroughs = lsoa.loc[inside, "lad_code"].groupby(members).first()
    best = means.eq(means.groupby(boroughs).transform("max"))
    return best.mean(axis="columns").rename("highest_mean_share")
