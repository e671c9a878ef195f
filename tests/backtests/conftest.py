"""The official files, read once a session; skipped where they are not at hand."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def country(england):
    return england


@pytest.fixture(scope="session")
def ground(country):
    return country.ground


@pytest.fixture(scope="session")
def tables(country):
    return country.tables


@pytest.fixture(scope="session")
def found(country):
    return country.findings
