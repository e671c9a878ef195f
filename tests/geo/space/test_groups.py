"""Groups of areas: weighted means and totals by hand, and which groups touch."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from geo.space.groups import (
    hanging_together,
    in_groups,
    share_pct,
    summarise,
    totals,
    touching,
)

MEMBERS = pd.Series({"d": "P2", "a": "P1", "b": "P1", "c": "", "e": None})
PEOPLE = pd.Series({"a": 100, "b": 300, "c": 50, "d": 200, "e": 10})


def graph(links: dict[str, list[str]]) -> Graph:
    return Graph.from_dicts({one: dict.fromkeys(others, 1) for one, others in links.items()})


def test_areas_without_a_group_are_left_out() -> None:
    assert in_groups(MEMBERS).to_dict() == {"a": "P1", "b": "P1", "d": "P2"}
    assert in_groups(pd.Series({"a": "", "b": None}, dtype="object")).empty


def test_means_are_weighted_by_people_and_leave_out_what_is_missing() -> None:
    values = pd.DataFrame(
        {"pct": [10.0, 20.0, 99.0, 7.0], "score": [4.0, np.nan, 1.0, np.nan]}, index=list("abcd")
    )
    found = summarise(MEMBERS, values, PEOPLE)
    assert found["pct"].to_dict() == {"P1": 17.5, "P2": 7.0}
    assert found.loc["P1", "score"] == 4.0
    assert np.isnan(found.loc["P2", "score"])


def test_a_group_where_nobody_lives_has_no_mean() -> None:
    values = pd.DataFrame({"pct": [10.0]}, index=["a"])
    assert summarise(pd.Series({"a": "P1"}), values, pd.Series({"a": 0}))["pct"].isna().all()


def test_means_do_not_depend_on_order_or_index_of_the_rest() -> None:
    values = pd.DataFrame({"pct": [10.0, 20.0, 7.0]}, index=list("abd"))
    found = summarise(MEMBERS, values, PEOPLE)
    pd.testing.assert_frame_equal(summarise(MEMBERS[::-1], values[::-1], PEOPLE[::-1]), found)


def test_totals_are_missing_where_a_count_is() -> None:
    counts = pd.DataFrame({"homes": [1.0, 2.0, np.nan], "deaths": [1, 1, 5]}, index=list("abd"))
    found = totals(MEMBERS, counts)
    assert found.loc["P1"].tolist() == [3.0, 2.0]
    assert np.isnan(found.loc["P2", "homes"])


def test_the_share_of_people_in_the_worst_tenth() -> None:
    worst = pd.Series({"a": True, "b": False, "d": True})
    assert share_pct(MEMBERS, worst, PEOPLE).to_dict() == {"P1": 25.0, "P2": 100.0}


def test_groups_touch_through_any_two_areas_and_name_each_other() -> None:
    links = graph({"a": ["b"], "b": ["a", "c", "d"], "c": ["b"], "d": ["b"], "e": []})
    assert touching(MEMBERS, links).to_dict() == {"P1": ["P2"], "P2": ["P1"]}


def test_only_neighbours_across_the_line_count_where_asked() -> None:
    members = pd.Series({"a": "P1", "b": "P2", "c": "P3"})
    links = graph({"a": ["b"], "b": ["a", "c"], "c": ["b"]})
    borough = pd.Series({"a": "north", "b": "north", "c": "south"})
    found = touching(members, links, across=borough)
    assert found.to_dict() == {"P1": [], "P2": ["P3"], "P3": ["P2"]}


def test_no_groups_touch_nothing() -> None:
    nothing = pd.Series({"a": "", "b": ""})
    assert touching(nothing, graph({"a": ["b"], "b": ["a"]})).empty
    assert summarise(nothing, pd.DataFrame({"pct": [1.0, 2.0]}, index=["a", "b"]), PEOPLE).empty


def test_an_area_of_a_group_that_the_graph_does_not_hold_touches_nothing() -> None:
    found = touching(MEMBERS, graph({"a": ["b"], "b": ["a"]}))
    assert found.to_dict() == {"P1": [], "P2": []}


def test_groups_hang_together_through_any_number_of_others() -> None:
    ring = {"P1": ["P4"], "P2": ["P3"], "P3": ["P2", "P5"], "P4": ["P1"], "P5": ["P3"], "P6": []}
    found = hanging_together(pd.Series(dict(reversed(ring.items()))))
    assert found.to_dict() == {"P1": "P1", "P4": "P1", "P2": "P2", "P3": "P2", "P5": "P2"}
    assert hanging_together(pd.Series({"P1": []}, dtype="object")).empty
