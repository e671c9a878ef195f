from __future__ import annotations

import pandas as pd

from layers.kinds.mortality_published import said_of


def test_the_figures_of_a_region_are_those_worked_out_by_hand():
    """Ten MSOAs of one person each, so that each is a tenth: a ratio of 0.5 + 0.1 × score."""
    score = pd.Series(range(1, 11), dtype="float64")
    region = pd.DataFrame(
        {"score": score, "population": 1, "observed": 5 + score, "expected": 10.0}
    ).assign(ratio=0.5 + 0.1 * score)
    assert said_of(region) == [
        "0.1000", "0.5000", "1.00", f"{15 / 6:.2f}", f"{105 / 100:.2f}", "the 4 least deprived",
    ]  # fmt: skip
