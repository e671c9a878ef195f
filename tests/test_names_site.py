"""Names of pockets in built sites: each place named holds people of the pocket, most first."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.named import require_true_names
from tests.sites import SITES


@pytest.mark.parametrize("site", SITES)
def test_every_pocket_is_named_after_who_lives_in_it(site, request):
    data = request.getfixturevalue(site) / "data"
    pockets = pd.read_parquet(data / "pockets.parquet")
    assert len(pockets)
    require_true_names(pockets["name"], pd.read_parquet(data / "neighbourhoods.parquet"))
