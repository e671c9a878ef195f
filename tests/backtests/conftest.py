"""The official files, read once a session; skipped where they are not at hand."""

from __future__ import annotations

import pytest

from layers.borough.country import Country


@pytest.fixture(scope="session")
def country(official):
    return Country(files=official)


@pytest.fixture(scope="session")
def geography(country):
    return country.geography


@pytest.fixture(scope="session")
def tables(country):
    return country.tables


@pytest.fixture(scope="session")
def found(country):
    return country.findings
