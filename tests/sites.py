"""The built sites that tests look at: the sample's, and real ones of each edition."""

from __future__ import annotations

import pytest

REAL = {"real_2019_site": "2019", "real_2025_site": "2025"}
"""The fixtures of real sites, and their editions."""

REAL_SITES = [pytest.param(name, marks=pytest.mark.real) for name in REAL]
SITES = ["sample_site", *REAL_SITES]
ALL_SITES = ["sample_site", "lone_site", *REAL_SITES]
