"""The official files, read once a session; skipped where they are not at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from layers import neighbourhoods
from layers.files import Files
from layers.findings import findings
from layers.geography import Geography
from layers.layer import edition


@pytest.fixture(scope="session")
def official(tmp_path_factory):
    """Return the files of edition 2019, converted in POCKETS_CACHE or in a new folder."""
    mirror = os.environ.get("POCKETS_MIRROR")
    if not mirror:
        pytest.skip("needs the official files: set POCKETS_MIRROR to their folder")
    cache = os.environ.get("POCKETS_CACHE") or tmp_path_factory.mktemp("cache")
    return Files(edition=edition("2019"), cache=Path(cache), mirror=Path(mirror), offline=True)


@pytest.fixture(scope="session")
def geography(official):
    return Geography(official)


@pytest.fixture(scope="session")
def tables(official):
    return neighbourhoods.tables(official)


@pytest.fixture(scope="session")
def found(tables, geography):
    return findings(tables, geography)
