"""In which orders the page lists its pockets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from maps.page.orders import orders


def ordered(borough, **columns):
    """Return the orders of a borough of three pockets that have some figures, by id."""
    pockets = borough.pockets.iloc[[0, 1, 0]].assign(number=[1, 2, 3], **columns)
    return {order["id"]: order for order in orders(replace(borough, pockets=pockets))}


def test_the_highest_comes_first_and_what_is_not_known_last(invented_borough):
    found = ordered(
        invented_borough,
        worst_decile_people=[900, 500, 500],
        population=[1000, 5000, 3000],
        imd_2019_score=[30.0, 60.25, 60.25],
        recurrence=[0.5, np.nan, 0.965],
    )
    assert {name: order["places"] for name, order in found.items()} == {
        "worst": [0, 1, 2],
        "people": [1, 2, 0],
        "mean": [1, 2, 0],
        "sure": [2, 0, 1],
    }
    assert found["worst"]["texts"] == ["900", "500", "500"]
    assert found["people"]["texts"] == ["1,000", "5,000", "3,000"]
    assert found["mean"]["texts"][:1] == ["30.0"]
    assert found["sure"]["texts"] == ["50%", "–", "96%"]


def test_an_order_by_what_is_known_of_no_pocket_is_left_out(invented_borough):
    found = ordered(invented_borough, recurrence=np.nan)
    assert list(found) == ["worst", "people", "mean"]
    none = replace(invented_borough, pockets=invented_borough.pockets.iloc[:0])
    assert orders(none) == []


def test_pockets_may_come_in_any_order(invented_borough):
    turned = replace(invented_borough, pockets=invented_borough.pockets.iloc[::-1])
    assert orders(turned) == orders(invented_borough)
