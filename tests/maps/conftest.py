"""Two invented boroughs, Northmere and Westholt, of 24 square LSOAs each; nothing here exists."""

from __future__ import annotations

import pytest

from tests.invented import tables_of_two, two_boroughs


@pytest.fixture(scope="session")
def invented_tables():
    """The tables of two invented boroughs, by name."""
    return tables_of_two()


@pytest.fixture(scope="session")
def invented_boroughs(invented_tables):
    """The two invented boroughs as bundles, by folder name."""
    return two_boroughs(invented_tables)
