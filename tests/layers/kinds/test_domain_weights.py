"""Ranks under other weights: by hand, in range, and against the official score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CodeError
from geo.stats.rank import rank_of_ranks
from layers.kinds.domain_weights import (
    combined_score,
    deprivation_rank_range,
    drawn_scores,
    transformed,
    weight_draws,
)

# Indices of Deprivation 2019, Technical Report (MHCLG 2019): the weights of the domains.
PUBLISHED_WEIGHTS = pd.Series(
    {
        "Income": 0.225,
        "Employment": 0.225,
        "Education, Skills and Training": 0.135,
        "Health Deprivation and Disability": 0.135,
        "Crime": 0.093,
        "Barriers to Housing and Services": 0.093,
        "Living Environment": 0.093,
    }
)


def invented(count: int = 40, seed: int = 2) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    ranks = {name: random.permutation(count) + 1 for name in ("income", "crime", "homes")}
    return pd.DataFrame(ranks, index=[f"E019{i:05d}" for i in range(count)])


WEIGHTS = pd.Series({"income": 0.5, "crime": 0.3, "homes": 0.2})


def boroughs(ranks: pd.DataFrame) -> pd.Series:
    return pd.Series(
        [f"E0990000{i % 3}" for i in range(len(ranks))], index=ranks.index, name="lad_code"
    )


def test_the_scale_runs_from_a_hundred_down_and_rewards_the_worst() -> None:
    scale = transformed(pd.DataFrame({"a": [1, 100, 1000]}), 1000)["a"]
    assert scale.iloc[0] == pytest.approx(100)
    # The most deprived tenth takes about half of the scale, as the Technical Report intends.
    assert scale.iloc[1] == pytest.approx(50, abs=1)
    assert 0 < scale.iloc[2] < 0.03


def test_weights_are_drawn_evenly_about_their_own_and_keep_their_sum() -> None:
    found = weight_draws(WEIGHTS, draws=4000)
    assert list(found.columns) == list(WEIGHTS.index)
    assert found.sum(axis=1).to_numpy() == pytest.approx(WEIGHTS.sum())
    # before they are brought to one sum, a ratio of two lies between 1/3 and 3 of its own
    ratio = (found["income"] / found["crime"]) / (WEIGHTS["income"] / WEIGHTS["crime"])
    assert 1 / 3 <= ratio.min() < 0.36
    assert 2.8 < ratio.max() <= 3
    # the mean of u / v for u and v even on 0.5 to 1.5 is ln 3
    assert ratio.mean() == pytest.approx(np.log(3), abs=0.03)


def test_draws_hang_on_the_seed_and_not_on_the_order_of_the_domains() -> None:
    turned = weight_draws(WEIGHTS[::-1])
    pd.testing.assert_frame_equal(turned[WEIGHTS.index], weight_draws(WEIGHTS))
    assert (weight_draws(WEIGHTS, seed=1) != weight_draws(WEIGHTS, seed=2)).all(axis=None)


def test_scores_of_draws_are_those_of_their_weights() -> None:
    ranks = invented()
    found = drawn_scores(ranks, WEIGHTS, count=40, draws=3)
    for place, weights in weight_draws(WEIGHTS, draws=3).iterrows():
        by_hand = combined_score(ranks, weights, count=40)
        assert found[:, place] == pytest.approx(by_hand.to_numpy(), abs=1e-8)


def test_a_range_by_hand() -> None:
    # Two areas, each the worst in one of two equal domains: the order is anyone's.
    ranks = pd.DataFrame({"income": [1, 50], "crime": [50, 1]}, index=["a", "b"])
    by = pd.Series("borough", index=["a", "b"])
    found = deprivation_rank_range(
        ranks, pd.Series({"income": 0.5, "crime": 0.5}), count=100, by=by
    )
    assert found.to_numpy().tolist() == [[1, 2], [1, 2]]


def test_a_range_leaves_out_a_fortieth_of_the_draws_at_either_end() -> None:
    ranks = invented()
    by = boroughs(ranks)
    found = deprivation_rank_range(ranks, WEIGHTS, count=40, by=by)
    placed = pd.DataFrame(drawn_scores(ranks, WEIGHTS, count=40), ranks.index)
    placed = placed.groupby(by).rank(ascending=False)
    beyond = [placed.lt(found["lowest"], axis=0), placed.gt(found["highest"], axis=0)]
    assert all(each.mean(axis=1).max() <= 0.025 for each in beyond)
    within = placed.ge(found["lowest"], axis=0) & placed.le(found["highest"], axis=0)
    assert within.mean(axis=1).min() >= 0.95
    assert (placed.min(axis=1) < found["lowest"]).any()


def test_the_worst_in_every_domain_is_first_under_any_weights() -> None:
    ranks = invented()
    ranks.iloc[0] = 1
    found = deprivation_rank_range(ranks, WEIGHTS, count=40, by=boroughs(ranks))
    assert found.iloc[0].tolist() == [1, 1]


@given(st.integers(4, 60), st.integers(0, 1000))
@settings(deadline=None, max_examples=30)
def test_the_range_holds_the_published_rank_and_order_changes_nothing(
    count: int, seed: int
) -> None:
    ranks = invented(count, seed)
    by = boroughs(ranks)
    published = combined_score(ranks, WEIGHTS, count=count).rank(ascending=False)
    found = deprivation_rank_range(ranks, WEIGHTS, count=count, by=by, published=published)
    own = rank_of_ranks(published, by)
    assert (found["lowest"] <= own).all()
    assert (own <= found["highest"]).all()
    turned = ranks.sample(frac=1, random_state=seed)[["homes", "income", "crime"]]
    again = deprivation_rank_range(turned, WEIGHTS[::-1], count=count, by=by, published=published)
    pd.testing.assert_frame_equal(again.sort_index(), found)


def test_the_published_order_stands_for_the_indexs_own_weights() -> None:
    ranks = pd.DataFrame({"income": [1, 2, 3], "crime": [1, 2, 3]}, index=["a", "b", "c"])
    by, published = pd.Series("borough", ranks.index), pd.Series([30, 20, 10], ranks.index)
    weights = pd.Series({"income": 0.5, "crime": 0.5})
    found = deprivation_rank_range(ranks, weights, count=100, by=by, published=published)
    assert found.to_numpy().tolist() == [[1, 3], [2, 2], [1, 3]]


def test_a_borough_has_the_same_ranges_alone() -> None:
    ranks = invented()
    by = boroughs(ranks)
    one = by[by == "E09900001"].index
    together = deprivation_rank_range(ranks, WEIGHTS, count=40, by=by)
    alone = deprivation_rank_range(ranks.loc[one], WEIGHTS, count=40, by=by)
    pd.testing.assert_frame_equal(alone, together.loc[one])


def test_an_area_without_a_domain_or_a_borough_has_no_range() -> None:
    ranks = invented().astype("float64")
    ranks.iloc[3, 1] = np.nan
    by = boroughs(ranks)
    by.iloc[5] = None
    found = deprivation_rank_range(ranks, WEIGHTS, count=40, by=by)
    assert found.index[found.isna().any(axis=1)].tolist() == ["E01900003", "E01900005"]


def test_domains_that_differ_are_refused() -> None:
    with pytest.raises(CodeError, match="homes"):
        combined_score(invented(), pd.Series({"income": 1.0, "crime": 1.0}), count=40)


@pytest.mark.real
def test_the_score_rebuilt_from_domain_ranks_is_the_official_score(official_mirror: Path) -> None:
    [path] = (official_mirror / "imd").glob("File_7_-_All_IoD2019*.csv")
    official = pd.read_csv(path, index_col=0)
    found = {
        domain: [name for name in official if name.startswith(f"{domain} Rank")]
        for domain in PUBLISHED_WEIGHTS.index
    }
    ranks = pd.DataFrame({domain: official[name] for domain, [name] in found.items()})
    [overall] = [name for name in official if name.startswith("Index of") and "Score" in name]
    rebuilt = combined_score(ranks, PUBLISHED_WEIGHTS, count=len(official))
    assert len(official) == 32844
    # Official ranks have ties, which the unrounded domain scores behind the official score do not.
    assert (rebuilt - official[overall]).abs().max() < 0.002
