"""How sure the pockets of two real boroughs are, worked out a second time in another way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from gudhi.clustering.tomato import Tomato

from layers.findings.how_sure import draws_of
from layers.findings.pockets import Choice
from layers.kinds.domain_weights import weight_draws

pytestmark = pytest.mark.real

WEIGHTS = {
    "income": 0.225, "employment": 0.225, "education": 0.135, "health": 0.135, "crime": 0.093,
    "barriers": 0.093, "living_environment": 0.093,
}  # fmt: skip
COUNT = 32_844


def scores_of(lsoa, weights):
    """Combine ranks as the Technical Report prints it, a domain after the other."""
    total = np.zeros(len(lsoa))
    for domain, weight in weights.items():
        share = (COUNT + 1 - lsoa[f"imd_2019_{domain}_rank"].to_numpy()) / COUNT
        total += weight * -23 * np.log(1 - share * (1 - np.exp(-100 / 23)))
    return total


def pockets_by_gudhi(heights, beside, tau):
    """Split candidates by ToMATo as gudhi computes it; groups of two and more, as sets."""
    order = sorted(heights, key=lambda code: -heights[code])
    places = {code: place for place, code in enumerate(order)}
    links = [[places[other] for other in beside[code] if other in places] for code in order]
    strict = [heights[code] - 1e-9 * place for place, code in enumerate(order)]
    found = Tomato(graph_type="manual", density_type="manual", merge_threshold=tau)
    found.fit(links, weights=np.array(strict))
    groups = {}
    for code, label in zip(order, found.labels_, strict=True):
        groups.setdefault(label, set()).add(code)
    return [group for group in groups.values() if len(group) > 1]


@pytest.mark.parametrize("borough", ["E06000006", "E08000011"])
def test_recurrence_and_membership_are_those_of_another_implementation(found, ground, borough):
    lsoa = found.lsoa
    own = lsoa[lsoa["lad_code"] == borough]
    people = own["population"].to_dict()
    beside = {}
    for kind in ("queen", "rook"):
        graph = ground.graph("lsoa", kind)
        beside[kind] = {code: [*graph[code].index] for code in own.index}
    pockets = own[own["pocket_id"] != ""].groupby("pocket_id").groups
    pockets = {key: set(codes) for key, codes in pockets.items()}
    matched, inside, candidate = Counter(), Counter(), Counter()
    draws = draws_of(Choice())
    for draw, (_, weights) in zip(draws, weight_draws(pd.Series(WEIGHTS)).iterrows(), strict=True):
        scores = scores_of(lsoa, weights)
        cut = np.sort(scores)[::-1][int(draw.share * COUNT) - 1]
        heights = dict(zip(lsoa.index, scores, strict=True))
        heights = {code: heights[code] for code in own.index if heights[code] >= cut - 1e-9}
        candidate.update(heights.keys())
        groups = pockets_by_gudhi(heights, beside[draw.contiguity], draw.tau)
        for key, codes in pockets.items():
            for group in groups:
                shared = sum(people[code] for code in codes & group)
                if shared and shared / sum(people[code] for code in codes | group) >= 0.5:
                    matched[key] += 1
                    inside.update(codes & group)
    assert len(draws) == 200
    ours = found.sure.loc[list(pockets), "recurrence"]
    assert ours.to_dict() == pytest.approx({key: matched[key] / 200 for key in pockets})
    members = own.loc[own["pocket_id"] != "", "membership_share"]
    assert members.to_dict() == pytest.approx({code: inside[code] / 200 for code in members.index})
    shares = own["candidate_share"].to_dict()
    assert shares == pytest.approx({code: candidate[code] / 200 for code in own.index})


def test_most_of_the_seventy_two_pockets_come_back(found, tables):
    own = found.sure["recurrence"]
    names = tables.districts["area_name"].to_dict()
    nine = {
        "Halton", "Warrington", "Cheshire East", "Cheshire West and Chester", "Knowsley",
        "Liverpool", "St Helens", "Sefton", "Wirral",
    }  # fmt: skip
    own = own[[names[key.split("-")[0]] in nine for key in own.index]]
    assert len(own) == 72
    assert (own >= 0.9).sum() == pytest.approx(53, abs=2)
    assert own.min() == pytest.approx(0.495, abs=0.05)
