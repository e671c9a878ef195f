"""How sure the sample's pockets are: what the draws are, what comes back, and what it hangs on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.findings.how_sure import CONTIGUITIES, draws_of, how_sure
from layers.findings.pockets import Choice


@pytest.fixture(scope="module")
def graphs(ground):
    return {kind: ground.graph("lsoa", kind) for kind in CONTIGUITIES}


def test_choices_are_drawn_evenly_around_the_usual_ones():
    draws = draws_of(Choice(), draws=4000)
    shares, taus = (np.array([getattr(one, name) for one in draws]) for name in ("share", "tau"))
    assert (shares.min(), shares.max()) == (
        pytest.approx(0.15, abs=0.001),
        pytest.approx(0.25, abs=0.001),
    )
    assert (taus.min(), taus.max()) == (pytest.approx(3, abs=0.01), pytest.approx(8, abs=0.01))
    assert shares.mean() == pytest.approx(0.2, abs=0.002)
    assert taus.mean() == pytest.approx(5.5, abs=0.1)
    assert np.mean([one.contiguity == "rook" for one in draws]) == pytest.approx(0.5, abs=0.03)
    assert abs(np.corrcoef(shares, taus)[0, 1]) < 0.05
    assert draws_of(Choice()) == draws_of(Choice())


def test_draws_follow_the_choice():
    fewer = draws_of(Choice(limit=1, tau=10))
    assert all(0.075 <= one.share <= 0.125 and 6 <= one.tau <= 16 for one in fewer)
    own = draws_of(Choice(rule="borough"))
    assert all(0.15 <= one.share <= 0.25 for one in own)
    assert draws_of(Choice(rule="cluster")) == draws_of(Choice(rule="overlap")) == []


def test_planted_pockets_come_back_and_the_plain_has_no_candidates(found):
    assert found.sure["recurrence"].between(0, 1).all()
    assert (found.sure["recurrence"] >= 0.9).mean() >= 0.75
    assert set(found.sure.index) == set(found.lsoa["pocket_id"]) - {""}
    inside = found.lsoa["pocket_id"] != ""
    assert found.lsoa["membership_share"].notna().equals(inside)
    assert found.lsoa.loc[inside, "membership"].isin(["core", "edge", "doubtful"]).all()
    assert (found.lsoa["candidate_share"] == 0).any()
    # no area comes back more often than it is a candidate
    own = found.lsoa[inside]
    assert (own["membership_share"] <= own["candidate_share"] + 1e-12).all()


def test_one_pocket_of_a_borough_leads_in_every_draw(found):
    boroughs = found.sure.index.str.split("-").str[0]
    # ties apart, the shares of a borough add up to all draws
    assert (found.sure["highest_mean_share"].groupby(boroughs).sum() >= 1 - 1e-12).all()


def test_the_order_of_the_rows_changes_nothing(found, tables, graphs):
    shuffled = found.lsoa.sample(frac=1, random_state=3)
    again = how_sure(tables.edition, shuffled, graphs, Choice())
    expected = found.sure["recurrence"].sort_index()
    pd.testing.assert_series_equal(again.found.groups.sort_index(), expected, check_names=False)
    shares = again.candidates.reindex(found.lsoa.index)
    pd.testing.assert_series_equal(shares, found.lsoa["candidate_share"], check_names=False)


def test_a_rule_that_looks_at_one_borough_is_drawn_within_it(found, tables, graphs):
    lsoa = found.lsoa
    again = how_sure(tables.edition, lsoa, graphs, Choice(rule="borough"))
    chosen = again.candidates.groupby(lsoa["lad_code"]).sum() / lsoa.groupby("lad_code").size()
    assert chosen.between(0.15, 0.25).all()
