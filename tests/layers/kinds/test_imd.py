"""The Indices under the names of the layers, held to the publisher's own rule for deciles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from layers.kinds import imd
from layers.kinds.reading import PEOPLE_BY_AGE
from layers.layer import edition

EDITION = edition("2019")
STEMS = (
    "imd", "income", "employment", "education", "health", "crime", "barriers", "living_environment",
)  # fmt: skip


def published(count=10):
    ranks = pd.Series(range(count, 0, -1), index=[f"E0190{n:04d}" for n in range(count)])
    table = pd.DataFrame({"population": range(1000, 1000 + count)}, index=ranks.index)
    table["working_age_population"] = 0.5 * table["population"] + 0.25
    for column, people in zip(PEOPLE_BY_AGE, (200, 550, table["population"] - 750), strict=True):
        table[column] = people
    for step, stem in enumerate(STEMS):
        table[f"{stem}_score"] = 80.0 - ranks + step
        table[f"{stem}_rank"] = ranks
        table[f"{stem}_decile"] = -(-ranks * 10 // count)
    return table.rename_axis("area_code")


def test_there_are_an_overall_index_and_seven_domains():
    layers = EDITION.of_kind("imd")
    assert [layer.domain for layer in layers] == [False] + [True] * 7
    assert [imd._published(EDITION, layer, "score") for layer in layers] == [
        f"{stem}_score" for stem in STEMS
    ]


def test_columns_are_named_after_the_layers():
    found = imd.build(EDITION, published())
    assert found.values.shape == (10, 29)
    assert found.values.loc["E01900009"].filter(like="imd_2019_crime").to_dict() == {
        "imd_2019_crime_score": 84.0,
        "imd_2019_crime_rank": 1,
        "imd_2019_crime_decile": 1,
    }
    assert found.values.loc["E01900009", "population"] == 1009
    assert found.values.loc["E01900009", "working_age_population"] == 504.75
    assert found.used == ("imd",)


def test_deciles_that_follow_from_ranks_are_checked_and_said():
    checks = imd.build(EDITION, published(37)).checks
    assert [check.ok for check in checks] == [True] * 17
    assert checks[0].name == "Overall deprivation (IMD): deciles follow from ranks"
    assert checks[0].found == "0 LSOAs differ"
    assert checks[1].name == "Overall deprivation (IMD): scores are in the order of ranks"


def with_skills(**changes):
    table = published(30)
    ranks = pd.Series(range(1, 31), index=table.index)
    skills = {"rank": ranks, "decile": (ranks + 2) // 3, "score": 1.0} | changes
    return table.assign(**{f"adult_skills_{name}": values for name, values in skills.items()})


def test_sub_domains_are_no_layers_but_their_deciles_are_checked():
    found, without = imd.build(EDITION, with_skills()), imd.build(EDITION, published(30))
    pd.testing.assert_frame_equal(found.values, without.values)
    (more,) = [check for check in found.checks if check not in without.checks]
    assert (more.name, more.ok) == ("Sub-domain: Adult skills: deciles follow from ranks", True)


def test_deciles_of_a_sub_domain_that_do_not_follow_are_refused():
    upside_down = {"decile": [10 - place // 3 for place in range(30)]}
    with pytest.raises(InputError, match="contradict each other in 1 way") as caught:
        imd.build(EDITION, with_skills(**upside_down))
    assert "Sub-domain: Adult skills: deciles follow from ranks: 30 LSOAs" in caught.value.found


def test_ages_that_do_not_add_up_are_told():
    table = published()
    table.loc["E01900003", "population_older"] += 1
    check = imd.build(EDITION, table).checks[-1]
    assert check.name.startswith("Children, people of 16 to 59 and older people add up")
    assert (check.ok, check.found) == (False, "1 LSOAs differ (E01900003)")


def test_ties_share_the_lowest_rank_and_its_decile():
    table = published()
    table.loc["E01900004", ["crime_rank", "crime_decile"]] = [5, 5]
    table.loc["E01900004", "crime_score"] = table.loc["E01900005", "crime_score"]
    assert all(check.ok for check in imd.build(EDITION, table).checks)


def test_equal_scores_may_have_several_ranks():
    table = published()
    table["health_score"] = table["health_score"].round(-1)
    assert all(check.ok for check in imd.build(EDITION, table).checks)


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda scores: scores[::-1].to_numpy(), "10 LSOAs differ"),
        (lambda scores: scores.where(scores.index != "E01900003", 200), "(E01900003)"),
        (lambda scores: scores.where(scores.index != "E01900003", np.nan), "(E01900003)"),
        (lambda scores: scores.sample(frac=1, random_state=1).to_numpy(), "LSOAs differ (E0190"),
    ],
    ids=["upside down", "one out of order", "one missing", "of another file"],
)
def test_scores_out_of_the_order_of_ranks_are_refused_with_codes(stem, spoil, said):
    table = published()
    table[f"{stem}_score"] = spoil(table[f"{stem}_score"])
    with pytest.raises(InputError, match="contradict each other in 1 way") as caught:
        imd.build(EDITION, table)
    assert "scores are in the order of ranks" in caught.value.found
    assert said.replace("10 LSOAs", "9 LSOAs") in caught.value.found


def test_equal_ranks_have_equal_scores():
    table = published()
    table.loc["E01900004", ["crime_rank", "crime_decile"]] = [5, 5]
    with pytest.raises(InputError, match=r"1 LSOAs differ \(E01900004\)"):
        imd.build(EDITION, table)


def test_deciles_that_do_not_follow_are_refused_by_index():
    table = published()
    table.loc["E01900000", "health_decile"] = 1
    table.loc[["E01900000", "E01900001"], "crime_decile"] = 2
    with pytest.raises(InputError) as caught:
        imd.build(EDITION, table)
    assert caught.value.what.endswith("contradict each other in 2 ways")
    assert "Health and disability: deciles follow from ranks: 1 LSOAs differ" in caught.value.found
    assert "Crime: deciles follow from ranks: 2 LSOAs differ" in caught.value.found


def test_a_missing_rank_is_no_decile():
    table = published().astype("float64")
    table.loc["E01900000", "imd_rank"] = np.nan
    with pytest.raises(InputError, match=r"10 LSOAs differ, .* 1 LSOAs differ \(E01900000\)"):
        imd.build(EDITION, table)


def test_a_rank_beyond_the_number_of_areas_is_refused():
    table = published()
    table.loc["E01900000", "imd_rank"] = 11
    with pytest.raises(InputError, match="1 ranks are outside the number of areas"):
        imd.build(EDITION, table)


def test_the_table_is_not_changed():
    table = published()
    before = table.copy()
    imd.build(EDITION, table)
    pd.testing.assert_frame_equal(table, before)
