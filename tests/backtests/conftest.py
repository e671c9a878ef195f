"""The official files, read once a session; skipped where they are not at hand."""

from __future__ import annotations

import pytest

from layers.findings.whole_edition import findings
from layers.table import neighbourhoods
from layers.table.geography import Geography


@pytest.fixture(scope="session")
def geography(official):
    return Geography(official)


@pytest.fixture(scope="session")
def tables(official):
    return neighbourhoods.tables(official)


@pytest.fixture(scope="session")
def found(tables, geography):
    return findings(tables, geography)
